//! Arrays for NumPy: a zip archive (`.npz`) with one `.npy` (version 1.0, little-endian, row-major) for each.

use std::io::{Cursor, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Values of an array.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    F64(Vec<f64>),
    F32(Vec<f32>),
    I64(Vec<i64>),
    U8(Vec<u8>),
}

/// A named array.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub name: String,
    pub shape: Vec<usize>,
    /// Row-major, as many as the shape says.
    pub values: Values,
}

impl Array {
    pub fn new(name: &str, shape: &[usize], values: Values) -> Self {
        let array = Self { name: name.to_owned(), shape: shape.to_vec(), values };
        debug_assert_eq!(array.values.len(), shape.iter().product::<usize>(), "{name}");
        array
    }

    fn npy(&self) -> Vec<u8> {
        let shape = match &self.shape[..] {
            [one] => format!("({one},)"),
            all => format!("({})", all.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")),
        };
        let (kind, bytes) = self.values.bytes();
        let head = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}");
        // the values begin at a multiple of 64 bytes, the header ends in a new line
        let length = (10 + head.len() + 1).next_multiple_of(64) - 10;
        let mut npy = b"\x93NUMPY\x01\x00".to_vec();
        npy.extend((length as u16).to_le_bytes());
        npy.extend(format!("{head:width$}\n", width = length - 1).into_bytes());
        npy.extend(bytes);
        npy
    }
}

impl Values {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::F64(v) => v.len(),
            Self::F32(v) => v.len(),
            Self::I64(v) => v.len(),
            Self::U8(v) => v.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// NumPy's word for the sort of number, and the bytes.
    fn bytes(&self) -> (&'static str, Vec<u8>) {
        match self {
            Self::F64(v) => ("<f8", v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Self::F32(v) => ("<f4", v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Self::I64(v) => ("<i8", v.iter().flat_map(|x| x.to_le_bytes()).collect()),
            Self::U8(v) => ("|u1", v.clone()),
        }
    }
}

/// The whole archive, packed. The same arrays give the same bytes.
pub fn archive(arrays: &[Array]) -> Result<Vec<u8>, ZipError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for array in arrays {
        writer.start_file(format!("{}.npy", array.name), options)?;
        writer.write_all(&array.npy())?;
    }
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_numpys() {
        // np.save of np.array([[1, 2, 3]], dtype="i8")
        let npy = Array::new("x", &[1, 3], Values::I64(vec![1, 2, 3])).npy();
        assert_eq!(npy.len(), 128 + 24);
        assert_eq!(&npy[..10], b"\x93NUMPY\x01\x00v\x00");
        let head = std::str::from_utf8(&npy[10..128]).unwrap();
        assert_eq!(head.trim_end_matches([' ', '\n']), "{'descr': '<i8', 'fortran_order': False, 'shape': (1, 3), }");
        assert!(head.ends_with(" \n"));
        assert_eq!(npy[128..136], [1, 0, 0, 0, 0, 0, 0, 0]);
        let one = Array::new("x", &[2], Values::U8(vec![7, 8])).npy();
        assert!(String::from_utf8_lossy(&one).contains("'shape': (2,)") && one.ends_with(&[7, 8]));
    }

    #[test]
    fn the_same_arrays_give_the_same_bytes() {
        let arrays =
            [Array::new("a", &[2], Values::F32(vec![0.5, f32::NAN])), Array::new("b", &[0], Values::F64(vec![]))];
        assert_eq!(archive(&arrays).unwrap(), archive(&arrays).unwrap());
    }
}
