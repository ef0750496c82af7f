//! The shape of what flows between two layers.

use std::fmt;

/// One dimension, or an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `[n]`
    Flat(usize),
    /// `[channel, height, width]`; units are numbered row-major, so that flattening renumbers nothing.
    Grid([usize; 3]),
}

impl Shape {
    /// The shape with these dimensions, where there is one.
    pub fn of(dims: &[usize]) -> Option<Self> {
        match *dims {
            [n] => Some(Self::Flat(n)),
            [c, h, w] => Some(Self::Grid([c, h, w])),
            _ => None,
        }
    }

    /// The dimensions, as in the shape of a tensor.
    pub fn dims(&self) -> &[usize] {
        match self {
            Self::Flat(n) => std::slice::from_ref(n),
            Self::Grid(dims) => dims,
        }
    }

    /// How many units there are; `None` where no `usize` holds that.
    pub fn checked_units(&self) -> Option<usize> {
        self.dims().iter().try_fold(1usize, |n, d| n.checked_mul(*d))
    }

    /// How many units there are.
    pub fn units(&self) -> usize {
        self.dims().iter().product()
    }

    /// How many channels; units that share no position are channels of a single one.
    pub fn channels(&self) -> usize {
        self.dims()[0]
    }

    /// How many positions each channel has.
    pub fn positions(&self) -> usize {
        self.dims()[1..].iter().product()
    }

    /// Height and width; 1 × 1 where it is flat.
    pub fn image(&self) -> [usize; 2] {
        match *self {
            Self::Flat(_) => [1, 1],
            Self::Grid([_, h, w]) => [h, w],
        }
    }
}

impl Shape {
    /// Reads what is written, spaces around the numbers allowed; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            if digits { text.parse().ok() } else { None }
        };
        let dims: Option<Vec<usize>> = text.split('x').map(|d| number(d.trim())).collect();
        Self::of(&dims?)
    }
}

/// As in `784` or `2x34x34`.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Flat(n) => write!(f, "{n}"),
            Self::Grid([c, h, w]) => write!(f, "{c}x{h}x{w}"),
        }
    }
}
