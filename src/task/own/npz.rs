//! NumPy's archives (`.npz`): a zip file with one `.npy` for each array.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::npy::NpyHeader;

/// Deflate packs at most 258 bytes into two bits.
const LARGEST_RATIO: u64 = 1032;

/// An archive that is open for reading.
pub struct NpzReader<R> {
    name: String,
    zip: ZipArchive<R>,
}

impl<R: Read + Seek> NpzReader<R> {
    /// `name` is what messages call the file.
    pub fn new(name: &str, reader: R) -> Result<Self, String> {
        let zip = ZipArchive::new(reader)
            .map_err(|e| format!("{name} is not an archive that numpy.savez wrote, or it is damaged ({e})."))?;
        Ok(Self { name: name.into(), zip })
    }

    /// Names of all arrays, without `.npy`.
    pub fn arrays(&self) -> Vec<String> {
        let names = self.zip.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned());
        names.filter_map(|name| name.strip_suffix(".npy").map(str::to_owned)).collect()
    }

    pub fn has(&self, array: &str) -> bool {
        self.zip.index_for_name_raw(format!("{array}.npy").as_bytes()).is_some()
    }

    /// The name of an array in messages.
    pub fn called(&self, array: &str) -> String {
        format!("{}, array {array}", self.name)
    }

    /// Reads an array: its header goes to `start`, then each value, in the order of the file, to what that returned.
    pub fn read<F: FnMut(f64) -> Result<(), String>>(
        &mut self,
        array: &str,
        start: impl FnOnce(&NpyHeader) -> Result<F, String>,
    ) -> Result<NpyHeader, String> {
        let name = self.called(array);
        let failed = |e: zip::result::ZipError| format!("{name}: it cannot be read from the archive: {e}.");
        let index = self.zip.index_for_name_raw(format!("{array}.npy").as_bytes());
        let index = index.ok_or_else(|| format!("{name}: there is no such array, {}.", self.listed()))?;
        let mut entry = self.zip.by_index(index).map_err(failed)?;
        let size = entry.size();
        if size > entry.compressed_size().saturating_mul(LARGEST_RATIO) {
            let packed = entry.compressed_size();
            return Err(format!("{name}: {size} bytes cannot be packed into {packed}; the file is damaged."));
        }
        let header = NpyHeader::read(&name, &mut entry, size)?;
        let use_value = start(&header)?;
        header.values(&name, &mut entry, use_value)?;
        Ok(header)
    }

    /// Reads an array of one dimension and at most `most` entries; an error of `convert` names no place.
    pub fn vector<T>(
        &mut self,
        array: &str,
        most: u64,
        convert: impl Fn(f64) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let name = self.called(array);
        let mut values = Vec::new();
        self.read(array, |header| {
            let [entries] = *header.shape() else {
                return Err(format!(
                    "{name}: it should have one dimension, but its shape is {}.",
                    header.shown_shape()
                ));
            };
            if entries > most {
                let need = crate::text::bytes(entries.saturating_mul(8));
                return Err(format!(
                    "{name}: it has {entries} entries, which take {need} of memory; at most {most} are read with what \
                     is available."
                ));
            }
            // the size is known and was compared with the file's: no more than this is taken, and nothing copied
            let room = usize::try_from(entries).is_ok_and(|n| values.try_reserve_exact(n).is_ok());
            if !room {
                return Err(format!("{name}: there is no memory for its {entries} entries; split the file."));
            }
            Ok(|value| {
                let value = convert(value).map_err(|what| format!("{name}, entry {}: {what}", values.len()))?;
                values.push(value);
                Ok(())
            })
        })?;
        Ok(values)
    }

    /// All arrays, for a message.
    pub fn listed(&self) -> String {
        match self.arrays() {
            none if none.is_empty() => "the archive holds no array".into(),
            some => format!("the archive holds {}", some.iter().take(20).cloned().collect::<Vec<_>>().join(", ")),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::npy::tests::npy;
    use super::*;
    use std::io::{Cursor, Write};

    /// An archive of arrays.
    pub fn npz(arrays: &[(&str, Vec<u8>)], packed: bool) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let method = if packed { zip::CompressionMethod::Deflated } else { zip::CompressionMethod::Stored };
        for (name, bytes) in arrays {
            let options = zip::write::SimpleFileOptions::default().compression_method(method);
            writer.start_file(format!("{name}.npy"), options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// An array of one dimension.
    pub fn vector(values: &[f64]) -> Vec<u8> {
        let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        npy("<f8", false, &format!("({},)", values.len()), &bytes)
    }

    #[test]
    fn arrays_are_found_by_name() {
        for packed in [false, true] {
            let bytes = npz(&[("a", vector(&[1.0, 2.0])), ("b", npy("|u1", false, "(1, 1)", &[3]))], packed);
            let mut npz = NpzReader::new("f", Cursor::new(&bytes)).unwrap();
            assert_eq!(npz.arrays(), ["a", "b"]);
            assert!(npz.has("a") && !npz.has("c"));
            assert_eq!(npz.vector("a", 2, Ok).unwrap(), [1.0, 2.0]);
            let long = npz.vector("a", 1, Ok).unwrap_err();
            assert_eq!(
                long,
                "f, array a: it has 2 entries, which take 16 bytes of memory; at most 1 are read with what is available."
            );
            assert_eq!(
                npz.vector("b", 9, Ok).unwrap_err(),
                "f, array b: it should have one dimension, but its shape is (1, 1)."
            );
            assert_eq!(
                npz.vector("c", 9, Ok).unwrap_err(),
                "f, array c: there is no such array, the archive holds a, b."
            );
            let odd = npz.vector("a", 9, |v| if v < 2.0 { Ok(v) } else { Err("too much.".into()) });
            assert_eq!(odd.unwrap_err(), "f, array a, entry 1: too much.");
        }
        assert!(NpzReader::new("f", Cursor::new(b"text")).err().unwrap().starts_with("f is not an archive"));
    }

    #[test]
    fn damaged_values_are_noticed() {
        let mut bytes = npz(&[("a", vector(&[1.0, 2.0]))], false);
        let at = bytes.windows(8).position(|w| w == 2.0f64.to_le_bytes()).unwrap();
        bytes[at] ^= 1;
        let message = NpzReader::new("f", Cursor::new(&bytes)).unwrap().vector("a", 9, Ok).unwrap_err();
        assert!(message.starts_with("f, array a: its values are damaged"), "{message}");
    }
}
