//! The words of a record: separated by single spaces, numbers as the shortest text that reads back to the same bits.

use std::fmt::{Display, Write};
use std::str::FromStr;

/// Stands for a number that is not there.
const NOTHING: &str = "-";

/// Words on their way into a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(String);

impl Words {
    /// A word without a space in it.
    pub fn put(&mut self, word: impl Display) {
        self.next();
        let _ = write!(self.0, "{word}");
    }

    pub fn real(&mut self, x: f64) {
        self.next();
        let _ = write!(self.0, "{x:?}");
    }

    pub fn single(&mut self, x: f32) {
        self.next();
        let _ = write!(self.0, "{x:?}");
    }

    pub fn option(&mut self, x: Option<f64>) {
        match x {
            Some(x) => self.real(x),
            None => self.put(NOTHING),
        }
    }

    /// Sixteen hexadecimal digits.
    pub fn bits(&mut self, x: u64) {
        self.next();
        let _ = write!(self.0, "{x:016x}");
    }

    /// A text of any kind, which has to come last; on one line.
    pub fn rest(&mut self, text: &str) {
        self.next();
        self.0.push_str(&text.replace(['\n', '\r'], " "));
    }

    fn next(&mut self) {
        if !self.0.is_empty() {
            self.0.push(' ');
        }
    }

    pub fn text(self) -> String {
        self.0
    }
}

/// The words of a record, one after the other. Each is `None` where there is none of its kind.
#[derive(Clone, Debug)]
pub struct WordReader<'a>(&'a str);

impl<'a> WordReader<'a> {
    pub fn new(text: &'a str) -> Self {
        Self(text)
    }

    pub fn word(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let (word, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
        self.0 = rest;
        Some(word)
    }

    pub fn read<T: FromStr>(&mut self) -> Option<T> {
        self.word()?.parse().ok()
    }

    pub fn option(&mut self) -> Option<Option<f64>> {
        match self.word()? {
            NOTHING => Some(None),
            word => word.parse().ok().map(Some),
        }
    }

    pub fn bits(&mut self) -> Option<u64> {
        u64::from_str_radix(self.word()?, 16).ok()
    }

    /// Everything that is left.
    pub fn rest(&mut self) -> &'a str {
        std::mem::take(&mut self.0)
    }

    /// `value`, if nothing is left.
    pub fn end<T>(self, value: T) -> Option<T> {
        self.0.is_empty().then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_to_the_same_bits() {
        let mut words = Words::default();
        let reals = [0.1 + 0.2, -0.0, f64::MIN_POSITIVE / 8.0, 1e300, f64::INFINITY];
        reals.iter().for_each(|x| words.real(*x));
        words.single(0.1);
        words.option(None);
        words.option(Some(2.5));
        words.bits(7);
        words.put(12);
        words.rest("Two words,\nand a line.");
        let text = words.text();
        let mut reader = WordReader::new(&text);
        for x in reals {
            assert_eq!(reader.read::<f64>().map(f64::to_bits), Some(x.to_bits()));
        }
        assert_eq!(reader.read::<f32>(), Some(0.1));
        assert_eq!((reader.option(), reader.option()), (Some(None), Some(Some(2.5))));
        assert_eq!((reader.bits(), reader.read::<u8>()), (Some(7), Some(12)));
        assert_eq!(reader.rest(), "Two words, and a line.");
        assert_eq!((reader.word(), reader.end(3)), (None, Some(3)));
    }

    #[test]
    fn what_is_missing_or_left_over_is_noticed() {
        assert_eq!(WordReader::new("1 2").end(()), None);
        assert_eq!(WordReader::new("x").read::<u32>(), None);
        assert_eq!(WordReader::new("").option(), None);
    }
}
