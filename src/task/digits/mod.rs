//! Digits that the program writes itself: 28 × 28 grey images, no two alike, as many as wanted, without any file.

use crate::spike::Sample;

use super::seed::{Purpose, Stream};
use super::source::put_label;
use super::{Image, LatencyCode, Source, Split, View};

mod forms;
mod hand;
mod ink;

use hand::Hand;

/// Width and height of an image in pixels.
pub const SIDE: usize = 28;

/// Digits of one part of the set that a seed stands for. Each is drawn when it is asked for.
#[derive(Clone, Debug)]
pub struct Digits {
    seed: u64,
    part: Split,
    number: u32,
    /// How grey values become spikes.
    pub code: LatencyCode,
}

impl Digits {
    /// `number` digits; the first ones are the same for any number.
    pub fn new(seed: u64, part: Split, number: u32, code: LatencyCode) -> Self {
        Self { seed, part, number, code }
    }

    /// Grey values of digit `index`, row by row.
    pub fn pixels(&self, index: usize) -> [u8; SIDE * SIDE] {
        let mut stream = Stream::item(self.seed, Purpose::Digits, self.part, self.checked(index));
        let hand = Hand::new(self.label(index), &mut stream);
        ink::draw(hand.pieces(), hand.half_width, hand.pressure)
    }

    fn checked(&self, index: usize) -> u32 {
        assert!(index < self.len(), "digit {index} of {}", self.number);
        index as u32
    }
}

impl Source for Digits {
    fn len(&self) -> usize {
        self.number as usize
    }

    fn classes(&self) -> usize {
        10
    }

    fn input_shape(&self) -> Vec<usize> {
        vec![1, SIDE, SIDE]
    }

    /// Of every ten digits in a row each is one.
    fn label(&self, index: usize) -> usize {
        let index = self.checked(index);
        Stream::item(self.seed, Purpose::DigitLabels, self.part, index / 10).permutation::<10>()[index as usize % 10]
    }

    fn read(&self, index: usize, steps: usize, sample: &mut Sample) -> Result<(), String> {
        put_label(&mut sample.target, 10, steps, self.label(index));
        self.code.encode(&self.pixels(index), steps, &mut sample.input)
    }

    fn view(&self, index: usize) -> Result<View, String> {
        Ok(View::Image(Image { width: SIDE, height: SIDE, grey: self.pixels(index).to_vec() }))
    }
}

#[cfg(test)]
pub(crate) mod tests;
