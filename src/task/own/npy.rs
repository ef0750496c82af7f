//! One NumPy array (`.npy`): a header in Python's notation, then the values.
//!
//! Values are handed on one by one, so that an array takes no memory here, whatever size its header claims.
//!
//! The header is read by our own code. The crates that read it (npyz 0.9, ndarray-npy 0.10) parse it with py_literal 0.4,
//! whose grammar takes twice as long for every further `[`: a header of 20 of them takes 4 s, one of 30 an hour, and a file
//! from elsewhere may have thousands. They also bring a dozen packages and know no place to name in a message.

use std::io::Read;

/// The most bytes that a header may have; that of a plain array has 118.
const LONGEST_HEADER: usize = 4096;
/// Bytes that are read at a time; every size of a value divides it.
const CHUNK: usize = 1 << 14;

/// Type and shape of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NpyHeader {
    number: NumberType,
    fortran_order: bool,
    shape: Vec<u64>,
}

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct NumberType {
    kind: NumberKind,
    bytes: usize,
    big_endian: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberKind {
    Bool,
    Signed,
    Unsigned,
    Float,
}

impl NpyHeader {
    /// Reads the header of an array that has `size` bytes in total; `name` is what messages call it.
    pub fn read(name: &str, reader: &mut dyn Read, size: u64) -> Result<Self, String> {
        let start = take(name, reader, 10, 0)?;
        if start[..6] != *b"\x93NUMPY" {
            return Err(format!("{name}, byte 0: an array of NumPy begins with \\x93NUMPY, this does not."));
        }
        let (length, end) = match start[6] {
            1 => (usize::from(u16::from_le_bytes([start[8], start[9]])), 10),
            2 | 3 => {
                let rest = take(name, reader, 2, 10)?;
                (u32::from_le_bytes([start[8], start[9], rest[0], rest[1]]) as usize, 12)
            }
            version => {
                return Err(format!("{name}, byte 6: version {version} of the format is not known; 1, 2 and 3 are."));
            }
        };
        if length > LONGEST_HEADER {
            return Err(format!("{name}, byte 8: its header has {length} bytes; at most {LONGEST_HEADER} are read."));
        }
        let text = take(name, reader, length, end)?;
        let header =
            HeaderParser::new(&text).header().map_err(|(at, what)| format!("{name}, byte {}: {what}", end + at))?;
        let found = size.saturating_sub((end + length) as u64);
        match header.len().and_then(|n| n.checked_mul(header.number.bytes as u64)) {
            Some(promised) if promised == found => Ok(header),
            promised => Err(format!(
                "{name}, byte {end}: its shape {} needs {} bytes of values, but {found} are there; write the file again.",
                header.shown_shape(),
                promised.map_or("more than 2⁶⁴".into(), |p| p.to_string())
            )),
        }
    }

    pub fn shape(&self) -> &[u64] {
        &self.shape
    }

    /// Whether the first index runs fastest, as in Fortran, and not the last.
    pub fn fortran_order(&self) -> bool {
        self.fortran_order
    }

    /// Number of values, if it fits into 64 bits.
    fn len(&self) -> Option<u64> {
        self.shape.iter().try_fold(1u64, |product, &n| product.checked_mul(n))
    }

    /// The shape in Python's notation.
    pub fn shown_shape(&self) -> String {
        shown_shape(&self.shape)
    }

    /// Reads the values and gives each to `use_value`, in the order of the file.
    ///
    /// Whole numbers beyond 2⁵³ are rounded; nothing here has a use for them.
    pub fn values(
        &self,
        name: &str,
        reader: &mut dyn Read,
        mut use_value: impl FnMut(f64) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut left = self.len().unwrap_or(0).saturating_mul(self.number.bytes as u64);
        let mut chunk = [0; CHUNK];
        while left > 0 {
            let now = &mut chunk[..left.min(CHUNK as u64) as usize];
            reader.read_exact(now).map_err(|e| format!("{name}: its values cannot be read to the end: {e}."))?;
            now.chunks_exact(self.number.bytes).try_for_each(|bytes| use_value(self.number.value(bytes)))?;
            left -= now.len() as u64;
        }
        // the archive compares its checksum where the data end
        match reader.read(&mut chunk[..1]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(format!("{name}: it goes on after its last value; write the file again.")),
            Err(e) => Err(format!("{name}: its values are damaged: {e}.")),
        }
    }
}

/// A shape in Python's notation.
pub fn shown_shape(shape: &[u64]) -> String {
    match shape {
        [one] => format!("({one},)"),
        all => format!("({})", all.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")),
    }
}

impl NumberType {
    fn value(&self, bytes: &[u8]) -> f64 {
        let mut wide = [0; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        if self.big_endian {
            wide[..bytes.len()].reverse();
        }
        let bits = u64::from_le_bytes(wide);
        let unused = 64 - 8 * bytes.len();
        match self.kind {
            NumberKind::Bool => f64::from(u8::from(bits != 0)),
            NumberKind::Unsigned => bits as f64,
            NumberKind::Signed => (((bits << unused) as i64) >> unused) as f64,
            NumberKind::Float if bytes.len() == 2 => half::f16::from_bits(bits as u16).into(),
            NumberKind::Float if bytes.len() == 4 => f64::from(f32::from_bits(bits as u32)),
            NumberKind::Float => f64::from_bits(bits),
        }
    }
}

fn take(name: &str, reader: &mut dyn Read, wanted: usize, at: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    reader
        .take(wanted as u64)
        .read_to_end(&mut bytes)
        .map_err(|e| format!("{name}, byte {}: it cannot be read on: {e}.", at + bytes.len()))?;
    if bytes.len() < wanted {
        return Err(format!("{name}, byte {}: the array ends within its header.", at + bytes.len()));
    }
    Ok(bytes)
}

/// Reads `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`; an error has its place and a sentence.
struct HeaderParser<'a> {
    text: &'a [u8],
    at: usize,
}

type Parsed<T> = Result<T, (usize, String)>;

impl<'a> HeaderParser<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    fn header(&mut self) -> Parsed<NpyHeader> {
        let (mut descr, mut order, mut shape) = (None, None, None);
        self.expect(b'{')?;
        while !self.skip(b'}') {
            let at = self.at;
            let key = self.string()?;
            self.expect(b':')?;
            match key {
                b"descr" => descr = Some(self.descr()?),
                b"fortran_order" => order = Some(self.truth()?),
                b"shape" => shape = Some(self.shape()?),
                _ => return Err((at, "the header has a key besides descr, fortran_order and shape.".into())),
            }
            if !self.skip(b',') {
                self.expect(b'}')?;
                break;
            }
        }
        let (Some(number), Some(fortran_order), Some(shape)) = (descr, order, shape) else {
            return Err((0, "the header lacks one of descr, fortran_order and shape.".into()));
        };
        Ok(NpyHeader { number, fortran_order, shape })
    }

    fn descr(&mut self) -> Parsed<NumberType> {
        self.spaces();
        let at = self.at;
        let refusal = |found: &str| {
            let what = "is not supported: bool, whole numbers of 8 to 64 bits and floats of 16 to 64 bits are";
            (at, format!("the array's type {found} {what}; convert it with astype."))
        };
        if self.text.get(at) != Some(&b'\'') {
            return Err(refusal("with several fields"));
        }
        let text = self.string()?;
        let found = || refusal(&format!("'{}'", String::from_utf8_lossy(text)));
        let [order @ (b'<' | b'>' | b'|' | b'='), kind, size] = text else { return Err(found()) };
        let (kind, bytes) = match (kind, size) {
            (b'b', b'1') => (NumberKind::Bool, 1),
            (b'i', b'1' | b'2' | b'4' | b'8') => (NumberKind::Signed, usize::from(size - b'0')),
            (b'u', b'1' | b'2' | b'4' | b'8') => (NumberKind::Unsigned, usize::from(size - b'0')),
            (b'f', b'2' | b'4' | b'8') => (NumberKind::Float, usize::from(size - b'0')),
            _ => return Err(found()),
        };
        Ok(NumberType { kind, bytes, big_endian: *order == b'>' })
    }

    fn truth(&mut self) -> Parsed<bool> {
        self.spaces();
        for (word, value) in [(&b"True"[..], true), (b"False", false)] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err((self.at, "the header should say True or False here.".into()))
    }

    fn shape(&mut self) -> Parsed<Vec<u64>> {
        let mut shape = Vec::new();
        self.expect(b'(')?;
        while !self.skip(b')') {
            self.spaces();
            let digits = self.text[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
            let number = std::str::from_utf8(&self.text[self.at..self.at + digits]).ok().and_then(|n| n.parse().ok());
            shape.push(number.ok_or((self.at, "the header should have a size here.".into()))?);
            self.at += digits;
            if !self.skip(b',') {
                self.expect(b')')?;
                break;
            }
        }
        Ok(shape)
    }

    fn string(&mut self) -> Parsed<&'a [u8]> {
        self.expect(b'\'')?;
        let start = self.at;
        let length = self.text[start..].iter().position(|&b| b == b'\'');
        let length = length.ok_or((start, "a text in the header does not end.".to_owned()))?;
        self.at = start + length + 1;
        Ok(&self.text[start..start + length])
    }

    fn spaces(&mut self) {
        self.at += self.text[self.at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
    }

    fn skip(&mut self, wanted: u8) -> bool {
        self.spaces();
        let found = self.text.get(self.at) == Some(&wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, wanted: u8) -> Parsed<()> {
        match self.skip(wanted) {
            true => Ok(()),
            false => Err((self.at, format!("the header should have the character {} here.", char::from(wanted)))),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::task::mutation::try_many;

    /// The bytes of an array; `descr` and `shape` as in Python.
    pub fn npy(descr: &str, fortran: bool, shape: &str, values: &[u8]) -> Vec<u8> {
        let order = if fortran { "True" } else { "False" };
        let mut text = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
        text += &" ".repeat((64 - (11 + text.len()) % 64) % 64);
        text.push('\n');
        let length = (text.len() as u16).to_le_bytes();
        [b"\x93NUMPY\x01\x00", &length[..], text.as_bytes(), values].concat()
    }

    fn read(bytes: &[u8]) -> Result<(NpyHeader, Vec<f64>), String> {
        let mut reader = bytes;
        let header = NpyHeader::read("a", &mut reader, bytes.len() as u64)?;
        let mut values = Vec::new();
        header.values("a", &mut reader, |v| {
            values.push(v);
            Ok(())
        })?;
        Ok((header, values))
    }

    #[test]
    fn every_type_is_read() {
        let values = |descr, bytes: &[u8], shape| read(&npy(descr, false, shape, bytes)).unwrap().1;
        assert_eq!(values("|b1", &[0, 1, 7], "(3,)"), [0.0, 1.0, 1.0]);
        assert_eq!(values("|i1", &[255, 1], "(2,)"), [-1.0, 1.0]);
        assert_eq!(values("<u2", &[1, 2], "(1,)"), [513.0]);
        assert_eq!(values(">i4", &[255, 255, 255, 254], "()"), [-2.0]);
        assert_eq!(values("<i8", &(-5i64).to_le_bytes(), "(1, 1)"), [-5.0]);
        assert_eq!(values("<f8", &0.1f64.to_le_bytes(), "(1,)"), [0.1]);
        assert_eq!(values(">f4", &1.5f32.to_be_bytes(), "(1,)"), [1.5]);
        let halves = [0x3c00u16, 0xc000, 0x0001, 0x7c00, 0x3555].map(u16::to_le_bytes);
        let found = values("<f2", halves.as_flattened(), "(5,)");
        assert_eq!(found, [1.0, -2.0, libm::ldexp(1.0, -24), f64::INFINITY, 0.333_251_953_125]);
        assert!(values("<f8", &[], "(0,)").is_empty());
    }

    #[test]
    fn headers_are_checked_against_the_size() {
        let refusal = |bytes: &[u8]| read(bytes).unwrap_err();
        let lie = refusal(&npy("<f4", false, "(1000000000000,)", &[0; 8]));
        assert!(
            lie.starts_with("a, byte 10: its shape (1000000000000,) needs 4000000000000 bytes of values, but 8 are")
        );
        assert!(refusal(&npy("<f4", false, "(4294967296, 4294967296)", &[])).contains("more than 2⁶⁴"));
        assert!(refusal(&npy("<c8", false, "(1,)", &[0; 8])).contains("type '<c8' is not supported"));
        assert!(refusal(&npy("O", false, "(1,)", &[0; 8])).contains("type 'O' is not supported"));
        assert!(refusal(b"PK").contains("byte 2: the array ends within its header"));
        assert!(refusal(b"0123456789abcdef").contains("begins with \\x93NUMPY"));
        assert!(refusal(&npy("<f4", false, "(-1,)", &[])).contains("should have a size here"));
        assert!(refusal(b"\x93NUMPY\x02\x00\xff\xff\xff\xff").contains("at most 4096 are read"));
        let fields = b"\x93NUMPY\x01\x00\x1a\x00{'descr': [('x', '<f4')],  ";
        assert!(refusal(fields).contains("with several fields"), "{}", refusal(fields));
    }

    #[test]
    fn any_bytes_are_answered() {
        let seeds = [
            npy("<f4", false, "(2, 3)", &[1; 24]),
            npy(">i8", true, "(2,)", &[1; 16]),
            npy("|b1", false, "(5,)", &[1; 5]),
        ];
        try_many(&seeds, |bytes| read(bytes).map(|(_, values)| assert!(values.len() <= bytes.len())));
    }
}
