//! Random streams: one for each purpose, all from the run's one seed, by a generator that is named (ChaCha with 8
//! rounds), so that the same seed means the same numbers on every machine and in every version.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::source::Split;

/// The use of a stream. The numbers are part of the file formats: never reuse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    Input = 1,
    Target = 2,
    Label = 3,
    Weights = 4,
    Directions = 5,
    Digits = 6,
    DigitLabels = 7,
    Points = 8,
    PointLabels = 9,
    Split = 10,
    Shuffle = 11,
    /// The samples for validation of a labelled set of the user's own, whose samples for the test are drawn with `Split`.
    OwnValidation = 12,
}

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Stream {
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(purpose as u64);
        Self(rng)
    }

    /// The stream of one item of a data set, so that any item can be made without those before it. No two parts share
    /// a stream, nor an item one with [`Stream::new`].
    pub fn item(seed: u64, purpose: Purpose, part: Split, index: u32) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(u64::from(index) << 32 | (part as u64) << 16 | purpose as u64);
        Self(rng)
    }

    /// The `n`-th stream of one purpose, as one for each epoch.
    pub fn nth(seed: u64, purpose: Purpose, n: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        // no part has this number: an item never shares the stream
        rng.set_stream(n << 32 | 0xff << 16 | purpose as u64);
        Self(rng)
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform in 0..n, for n of at least 1.
    pub fn below(&mut self, n: usize) -> usize {
        // the product's upper half; the bias, n / 2⁶⁴, is below anything that could be seen
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// The numbers below `N`, in random order.
    pub fn permutation<const N: usize>(&mut self) -> [usize; N] {
        let mut order = std::array::from_fn(|i| i);
        self.shuffle(&mut order);
        order
    }

    /// Puts the items in random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// Standard normal, by Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.unit()));
        radius * libm::cos(2.0 * std::f64::consts::PI * self.unit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_differ_and_repeat() {
        let take = |seed, purpose| {
            let mut s = Stream::new(seed, purpose);
            (0..4).map(|_| s.unit()).collect::<Vec<_>>()
        };
        assert_eq!(take(7, Purpose::Input), take(7, Purpose::Input));
        assert_ne!(take(7, Purpose::Input), take(8, Purpose::Input));
        assert_ne!(take(7, Purpose::Input), take(7, Purpose::Target));
    }

    #[test]
    fn every_item_has_a_stream_of_its_own() {
        let first = |part, index| Stream::item(7, Purpose::Digits, part, index).unit();
        let all = [first(Split::Train, 0), first(Split::Train, 1), first(Split::Test, 0), first(Split::Validation, 1)];
        let others = [Stream::new(7, Purpose::Digits).unit(), Stream::item(8, Purpose::Digits, Split::Train, 0).unit()];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().chain(&others).all(|b| a != b));
        }
        assert_eq!(all[1], first(Split::Train, 1));
    }

    #[test]
    fn permutations_are_complete_and_differ() {
        let mut s = Stream::new(3, Purpose::Label);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let order = s.permutation::<3>();
            assert_eq!(order.iter().sum::<usize>(), 3);
            seen.insert(order);
        }
        assert_eq!(seen.len(), 6);
    }

    #[test]
    fn moments_are_those_of_the_distributions() {
        let mut s = Stream::new(1, Purpose::Weights);
        let n = 100_000;
        let mean = |f: &mut dyn FnMut() -> f64| (0..n).map(|_| f()).sum::<f64>() / f64::from(n);
        assert!((mean(&mut || s.unit()) - 0.5).abs() < 0.005);
        assert!(mean(&mut || s.normal()).abs() < 0.015);
        assert!((mean(&mut || s.normal().powi(2)) - 1.0).abs() < 0.02);
        assert!((mean(&mut || s.below(10) as f64) - 4.5).abs() < 0.05);
    }
}
