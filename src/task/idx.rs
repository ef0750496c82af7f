//! IDX, the format of MNIST and its kin: a mark, the sizes, then one byte a value; gzipped or not.
//!
//! Bytes are counted from 0, in a gzipped file those of the unpacked data. What a header promises is compared with the
//! size of the file before memory is asked for, and unpacking stops where the promise ends.

use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::file::{self, Progress, ReadError};

/// The most values that a file may hold; the largest set known (EMNIST by class) has a quarter of it.
const LIMIT: u64 = 2 << 30;
/// Deflate packs at most 258 bytes into two bits.
const LARGEST_RATIO: u64 = 1032;
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What a file is expected to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Grey images: number, height, width.
    Images,
    /// Labels: number.
    Labels,
}

/// An array of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx {
    /// Number of items first; for images followed by height and width.
    pub sizes: Vec<usize>,
    /// Values, the last size running fastest.
    pub values: Vec<u8>,
}

impl Idx {
    /// Reads a file; whether it is gzipped is seen from its first bytes, not from its name. `progress` counts the bytes of
    /// the file as it is, packed or not.
    pub fn open(path: &Path, kind: Kind, progress: &Progress) -> Result<Self, ReadError> {
        let (file, size) = file::open(path)?;
        progress.expect(size);
        let reader = BufReader::new(progress.reader(file));
        progress.judge(Self::read(&path.display().to_string(), reader, size, kind))
    }

    /// Reads `size` bytes from `reader`; `name` is what messages call them.
    pub fn read(name: &str, mut reader: impl BufRead, size: u64, kind: Kind) -> Result<Self, String> {
        let mut mark = Vec::new();
        reader.by_ref().take(2).read_to_end(&mut mark).map_err(|e| Unread::of(name, 0).because(&e))?;
        let gzipped = mark == GZIP;
        let whole = Cursor::new(mark).chain(reader);
        if gzipped {
            let most = size.saturating_mul(LARGEST_RATIO);
            unpacked(name, &mut MultiGzDecoder::new(whole), Size::AtMost(most), kind)
        } else {
            let mut whole = whole;
            unpacked(name, &mut whole, Size::Exactly(size), kind)
        }
    }
}

/// What is known of a file's size before it is read.
enum Size {
    Exactly(u64),
    AtMost(u64),
}

fn unpacked(name: &str, reader: &mut dyn Read, size: Size, kind: Kind) -> Result<Idx, String> {
    let sizes = header(name, reader, kind)?;
    let start = 4 + 4 * sizes.len() as u64;
    let promised = product(&sizes).filter(|&p| p <= LIMIT).ok_or_else(|| {
        format!(
            "{name}, byte 4: the sizes {} make more than {LIMIT} values, which is the most that is read.",
            by(&sizes)
        )
    })?;
    check_size(name, &sizes, start + promised, size)?;

    // the size is checked, and yet a gzipped file may lie by a factor of a thousand: a large one has to prove itself
    let mut values = Vec::with_capacity(promised.min(64 << 20) as usize);
    let read = reader.take(promised + 1).read_to_end(&mut values);
    let end = start + values.len() as u64;
    read.map_err(|error| Unread::of(name, end).because(&error))?;
    match (values.len() as u64).cmp(&promised) {
        std::cmp::Ordering::Less => Err(too_short(name, &sizes, start + promised, end)),
        std::cmp::Ordering::Greater => Err(too_long(name, &sizes, start + promised)),
        std::cmp::Ordering::Equal => {
            let sizes = sizes.iter().map(|&n| n as usize).collect();
            Ok(Idx { sizes, values })
        }
    }
}

/// The sizes, checked for being what `kind` needs.
fn header(name: &str, reader: &mut dyn Read, kind: Kind) -> Result<Vec<u32>, String> {
    let (what, number) = match kind {
        Kind::Images => ("images", 3u8),
        Kind::Labels => ("labels", 1),
    };
    let mut bytes = Vec::new();
    let wanted = 4 + 4 * u64::from(number);
    let read = reader.take(wanted).read_to_end(&mut bytes);
    read.map_err(|error| Unread::of(name, bytes.len() as u64).because(&error))?;
    let expected = [0, 0, 8, number];
    if let Some(at) = bytes.iter().zip(expected).position(|(&b, e)| b != e) {
        let found = bytes.iter().take(4).map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(" ");
        let mixed = match (kind, &bytes[..]) {
            (Kind::Images, [0, 0, 8, 1, ..]) => " These are labels: were the files exchanged?",
            (Kind::Labels, [0, 0, 8, 3, ..]) => " These are images: were the files exchanged?",
            _ => "",
        };
        return Err(format!(
            "{name}, byte {at}: an IDX file of {what} begins with 00 00 08 {number:02x}, this one with {found}.{mixed}"
        ));
    }
    if (bytes.len() as u64) < wanted {
        let found = bytes.len();
        return Err(format!("{name}, byte {found}: the file ends within its header, which takes {wanted} bytes."));
    }
    let sizes: Vec<u32> = bytes[4..].as_chunks().0.iter().map(|&b| u32::from_be_bytes(b)).collect();
    if let Some(i) = sizes.iter().position(|&n| n == 0) {
        let at = 4 + 4 * i;
        return Err(format!("{name}, byte {at}: there are no {what} in it, its size is {}.", by(&sizes)));
    }
    Ok(sizes)
}

fn check_size(name: &str, sizes: &[u32], promised: u64, size: Size) -> Result<(), String> {
    match size {
        Size::Exactly(size) if size < promised => Err(too_short(name, sizes, promised, size)),
        Size::Exactly(size) if size > promised => Err(too_long(name, sizes, promised)),
        Size::AtMost(most) if most < promised => Err(format!(
            "{name}, byte 4: the header promises {} values, {promised} bytes with the header, and so many cannot come \
             out of a gzipped file of {} bytes; the file is cut off or damaged.",
            by(sizes),
            most / LARGEST_RATIO
        )),
        _ => Ok(()),
    }
}

fn too_short(name: &str, sizes: &[u32], promised: u64, end: u64) -> String {
    format!(
        "{name}, byte {end}: the file ends here, {} values need {promised} bytes; it is cut off, get it again.",
        by(sizes)
    )
}

fn too_long(name: &str, sizes: &[u32], promised: u64) -> String {
    format!("{name}, byte {promised}: {} values end here, but the file goes on; get it again.", by(sizes))
}

fn product(sizes: &[u32]) -> Option<u64> {
    sizes.iter().try_fold(1u64, |p, &n| p.checked_mul(u64::from(n)))
}

fn by(sizes: &[u32]) -> String {
    sizes.iter().map(u32::to_string).collect::<Vec<_>>().join(" × ")
}

/// A place at which reading broke off.
struct Unread<'a> {
    name: &'a str,
    byte: u64,
}

impl<'a> Unread<'a> {
    fn of(name: &'a str, byte: u64) -> Self {
        Self { name, byte }
    }

    fn because(&self, error: &io::Error) -> String {
        let Self { name, byte } = self;
        let what = match error.kind() {
            ErrorKind::UnexpectedEof => "the gzipped data end early; the file is cut off, get it again.".into(),
            ErrorKind::InvalidData | ErrorKind::InvalidInput => {
                format!("the gzipped data are damaged here or shortly after ({error}); get the file again.")
            }
            _ => format!("the file cannot be read on: {error}."),
        };
        format!("{name}, byte {byte}: {what}")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::file::test_folder::TestFolder;
    use crate::task::mutation::try_many;
    use std::io::Write;

    pub fn idx(sizes: &[u32], values: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, sizes.len() as u8];
        sizes.iter().for_each(|n| bytes.extend(n.to_be_bytes()));
        bytes.extend(values);
        bytes
    }

    pub fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8], kind: Kind) -> Result<Idx, String> {
        Idx::read("f", bytes, bytes.len() as u64, kind)
    }

    fn refusal(bytes: &[u8], kind: Kind) -> String {
        read(bytes, kind).unwrap_err()
    }

    #[test]
    fn plain_and_gzipped_files_are_the_same() {
        let bytes = idx(&[2, 1, 3], &[1, 2, 3, 4, 5, 6]);
        let images = read(&bytes, Kind::Images).unwrap();
        assert_eq!(images, Idx { sizes: vec![2, 1, 3], values: vec![1, 2, 3, 4, 5, 6] });
        assert_eq!(read(&gzip(&bytes), Kind::Images).unwrap(), images);
        assert_eq!(read(&idx(&[3], &[7, 8, 9]), Kind::Labels).unwrap().values, [7, 8, 9]);
    }

    #[test]
    fn reading_is_counted_and_can_be_stopped() {
        let folder = TestFolder::new();
        // random enough that it cannot be packed
        let values: Vec<u8> = (0..100_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let packed = gzip(&idx(&[100_000], &values));
        folder.put("a.gz", &packed);
        let (path, progress) = (folder.join("a.gz"), Progress::default());
        assert_eq!(Idx::open(&path, Kind::Labels, &progress).unwrap().values, values);
        assert_eq!((progress.done(), progress.of()), (packed.len() as u64, packed.len() as u64));
        progress.stop();
        assert_eq!(Idx::open(&path, Kind::Labels, &progress).unwrap_err(), ReadError::Stopped);
    }

    #[test]
    fn wrong_marks_are_named() {
        let labels = idx(&[3], &[7, 8, 9]);
        let message = refusal(&labels, Kind::Images);
        assert_eq!(
            message,
            "f, byte 3: an IDX file of images begins with 00 00 08 03, this one with 00 00 08 01. These are labels: \
             were the files exchanged?"
        );
        assert!(refusal(b"<html>", Kind::Labels).starts_with("f, byte 0: an IDX file of labels"));
        assert!(refusal(&[], Kind::Labels).contains("byte 0: the file ends within its header"));
        assert!(refusal(&labels[..6], Kind::Labels).contains("byte 6: the file ends within its header"));
        assert!(refusal(&idx(&[0], &[]), Kind::Labels).contains("there are no labels"));
    }

    #[test]
    fn lengths_must_be_those_promised() {
        let bytes = idx(&[2, 2, 2], &[1; 8]);
        let cut = &bytes[..bytes.len() - 1];
        let long = [&bytes[..], &[0]].concat();
        for (cut, long) in [(cut.to_vec(), long.clone()), (gzip(cut), gzip(&long))] {
            assert_eq!(
                refusal(&cut, Kind::Images),
                "f, byte 23: the file ends here, 2 × 2 × 2 values need 24 bytes; it is cut off, get it again."
            );
            assert_eq!(
                refusal(&long, Kind::Images),
                "f, byte 24: 2 × 2 × 2 values end here, but the file goes on; get it again."
            );
        }
    }

    #[test]
    fn what_a_header_promises_is_not_believed() {
        assert!(refusal(&idx(&[u32::MAX; 3], &[1; 8]), Kind::Images).contains("make more than 2147483648 values"));
        let huge = idx(&[60_000, 28, 28], &[1; 8]);
        assert!(refusal(&huge, Kind::Images).contains("byte 24: the file ends here"));
        assert!(refusal(&gzip(&huge), Kind::Images).contains("cannot come out of a gzipped file of"));
    }

    #[test]
    fn unpacking_stops_at_the_promise() {
        // ten million zeroes, of which four are promised
        let bomb = gzip(&[idx(&[4], &[0; 4]), vec![0; 10_000_000]].concat());
        assert!(refusal(&bomb, Kind::Labels).contains("byte 12: 4 values end here"));
    }

    #[test]
    fn damaged_gzip_is_told_from_a_cut_one() {
        let good = gzip(&idx(&[300], &(0..300).map(|i| (i * i % 251) as u8).collect::<Vec<_>>()));
        assert!(refusal(&good[..good.len() - 1], Kind::Labels).contains("cut off"));
        assert!(refusal(&good[..50], Kind::Labels).contains("the gzipped data end early"));
        let mut sum = good.clone();
        *sum.iter_mut().nth_back(6).unwrap() ^= 1;
        assert!(refusal(&sum, Kind::Labels).contains("damaged"), "{}", refusal(&sum, Kind::Labels));
        assert!(refusal(&[&good[..], b"rest"].concat(), Kind::Labels).starts_with("f, byte 308: the gzipped data"));
    }

    #[test]
    fn any_bytes_are_answered() {
        let images = idx(&[3, 4, 5], &[9; 60]);
        let labels = idx(&[5], &[1, 2, 3, 4, 5]);
        let seeds = [images.clone(), gzip(&images), labels.clone(), gzip(&labels)];
        try_many(&seeds, |bytes| {
            let images = read(bytes, Kind::Images).map(|i| assert!(i.values.capacity() <= 1100 * bytes.len() + 64));
            let labels = read(bytes, Kind::Labels).map(|i| assert!(i.values.capacity() <= 1100 * bytes.len() + 64));
            images.or(labels)
        });
    }
}
