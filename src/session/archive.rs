//! A session file: a zip archive of its parts. The same session gives the same bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::path::Path;

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::Session;
use super::parts::{put_together, take_apart};
use crate::file;
use crate::machine;

/// From here on a part needs the longer fields of a zip archive.
const LARGE: usize = 1 << 31;

/// Weights of more bytes are stored as they are.
const SMALL: usize = 1 << 18;

/// The whole file.
pub fn to_bytes(session: &Session) -> Result<Vec<u8>, String> {
    pack(session).map_err(|e| format!("The session cannot be made: {e}."))
}

fn pack(session: &Session) -> Result<Vec<u8>, String> {
    let failed = |e: ZipError| e.to_string();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in take_apart(session, |_| false)? {
        let bytes = bytes.unwrap_or_default();
        // many weights hardly become smaller; of few, the settings that stand beside them do
        let weights = name.ends_with(".safetensors") && !name.ends_with("curves.safetensors");
        let stored = weights && bytes.len() > SMALL;
        let method = if stored { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        let options = SimpleFileOptions::default().compression_method(method).large_file(bytes.len() >= LARGE);
        writer.start_file(name, options).map_err(failed)?;
        writer.write_all(&bytes).map_err(|e| e.to_string())?;
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}

/// Writes the file whole or not at all; a sentence says why it could not be.
pub fn save(path: &Path, session: &Session) -> Result<(), String> {
    file::save(path, &to_bytes(session)?)
}

/// Reads a file.
pub fn open(path: &Path) -> Result<Session, String> {
    from_bytes(&path.display().to_string(), &file::read(path, file::TENSOR_LIMIT)?)
}

/// Reads the bytes of a file; `name` is what messages call it.
pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Session, String> {
    let mut parts = unpack(bytes, machine::memory() / 2)
        .map_err(|what| format!("{name} is not a whole session of Spikescape: {what}. Use a whole copy."))?;
    put_together(name, &mut parts)
}

/// The parts of an archive, at most `most` bytes of them.
fn unpack(bytes: &[u8], most: u64) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let failed = |e: ZipError| file::excerpt(&e.to_string(), 100).trim_end_matches('.').to_owned();
    // the archive's list stands at its end, which a file that was cut off does not have
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| "it is cut off, or no session at all".to_owned())?;
    let (mut parts, mut left) = (BTreeMap::new(), most);
    for n in 0..archive.len() {
        let entry = archive.by_index(n).map_err(failed)?;
        let name = entry.name().map_err(failed)?.into_owned();
        let mut part = Vec::new();
        let shown = file::excerpt(&name, 60);
        entry.take(left + 1).read_to_end(&mut part).map_err(|e| format!("{shown} in it cannot be read ({e})"))?;
        left = left
            .checked_sub(part.len() as u64)
            .ok_or_else(|| format!("unpacked, it has more than the {most} bytes that this machine has room for"))?;
        parts.insert(name, part);
    }
    Ok(parts)
}
