//! Yin-Yang (Kriener, Göltz & Petrovici, arXiv 2102.08211): points in the plane, three classes that no line parts.

use crate::spike::{Raster, Sample};

use super::seed::{Purpose, Stream};
use super::source::put_label;
use super::{Source, Split, View};

/// Radius of the two dots.
pub const R_SMALL: f64 = 0.1;
/// Radius of the disc, which fills the unit square.
pub const R_BIG: f64 = 0.5;
/// What the classes are called.
pub const CLASSES: [&str; 3] = ["yin", "yang", "dot"];

/// x, y, 1 − x, 1 − y and the bias.
pub const INPUTS: usize = 5;

/// The class of a point, `None` outside of the disc.
pub fn class_of(x: f64, y: f64) -> Option<usize> {
    let distance = |centre_x: f64| libm::sqrt((x - centre_x) * (x - centre_x) + (y - R_BIG) * (y - R_BIG));
    // a NaN is outside too
    if x.is_nan() || y.is_nan() || distance(R_BIG) > R_BIG {
        return None;
    }
    let (left, right) = (distance(0.5 * R_BIG), distance(1.5 * R_BIG));
    if left < R_SMALL || right < R_SMALL {
        return Some(2);
    }
    // the half disc of the upper side, with the left bulge and without the right one; the sides are numbered as in the
    // authors' program
    let left_bulge = left <= 0.5 * R_BIG;
    let upper = y > R_BIG && right > 0.5 * R_BIG;
    Some(usize::from(left_bulge || upper))
}

/// Lines at which the true classes meet, on the unit square.
pub fn outlines() -> Vec<Vec<[f64; 2]>> {
    // turns, from the right and against the clock
    let arc = |x: f64, radius: f64, from: f64, to: f64| -> Vec<[f64; 2]> {
        const SIDES: usize = 96;
        let point = |k: usize| {
            let angle = std::f64::consts::TAU * (from + (to - from) * k as f64 / SIDES as f64);
            [x + radius * libm::cos(angle), R_BIG + radius * libm::sin(angle)]
        };
        (0..=SIDES).map(point).collect()
    };
    let [left, right] = [0.5 * R_BIG, 1.5 * R_BIG];
    // the line between yin and yang: below the left bulge, above the right one
    let mut between = arc(left, 0.5 * R_BIG, 0.5, 1.0);
    between.extend(arc(right, 0.5 * R_BIG, 0.5, 0.0));
    vec![arc(R_BIG, R_BIG, 0.0, 1.0), between, arc(left, R_SMALL, 0.0, 1.0), arc(right, R_SMALL, 0.0, 1.0)]
}

/// The middle of a cell of the unit square, of `points` × `points`; numbers count from the lower left corner, x running
/// fastest.
pub fn cell_centre(number: usize, points: usize) -> [f64; 2] {
    [number % points, number / points].map(|k| (k as f64 + 0.5) / points as f64)
}

/// When the inputs spike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointCode {
    /// Step of the coordinate 0.
    pub earliest: usize,
    /// Step of the coordinate 1.
    pub latest: usize,
    /// Step of the bias spike.
    pub bias: usize,
}

impl Default for PointCode {
    /// The bias between the coordinates' steps, at the share of the way at which the authors put it.
    fn default() -> Self {
        Self { earliest: 0, latest: 40, bias: 16 }
    }
}

impl PointCode {
    /// Five inputs, x, y, 1 − x, 1 − y and the bias, of one spike each; a coordinate is rounded to the nearest step.
    ///
    /// The point has to lie in the unit square. `raster` takes the code; an error says that it does not fit into `steps`.
    pub fn encode(&self, x: f64, y: f64, steps: usize, raster: &mut Raster) -> Result<(), String> {
        self.check(steps)?;
        let span = (self.latest - self.earliest) as f64;
        let step = |c: f64| self.earliest + libm::round(span * c.clamp(0.0, 1.0)) as usize;
        let spikes = [step(x), step(y), step(1.0 - x), step(1.0 - y), self.bias];
        raster.refill(INPUTS, steps, spikes.into_iter().zip(0..));
        Ok(())
    }

    /// A sample of a point; where it lies outside of the disc its label means nothing.
    pub fn sample(&self, x: f64, y: f64, steps: usize) -> Result<Sample, String> {
        let mut sample = Sample::default();
        self.read(x, y, steps, &mut sample)?;
        Ok(sample)
    }

    /// The same in the memory that is there.
    fn read(&self, x: f64, y: f64, steps: usize, sample: &mut Sample) -> Result<(), String> {
        put_label(&mut sample.target, CLASSES.len(), steps, class_of(x, y).unwrap_or(0));
        self.encode(x, y, steps, &mut sample.input)
    }

    /// Says what is wrong where the code does not fit into `steps` steps.
    pub fn check(&self, steps: usize) -> Result<(), String> {
        let Self { earliest, latest, bias } = *self;
        if earliest > latest {
            return Err(format!(
                "The earliest step of a coordinate, {earliest}, lies behind the latest, {latest}; exchange them."
            ));
        }
        match latest.max(bias) {
            last if last >= steps => Err(format!(
                "The inputs spike until step {last}, which must lie before the end of a sample of {steps} steps; \
                 choose earlier steps or a longer sample."
            )),
            _ => Ok(()),
        }
    }
}

/// Points drawn at random from the disc, as many of each class.
#[derive(Clone, Debug)]
pub struct YinYang {
    points: Vec<[f64; 2]>,
    labels: Vec<u8>,
    /// How points become spikes.
    pub code: PointCode,
}

impl YinYang {
    /// As many points as published: 5,000 for training, 1,000 for validation, 1,000 for the test.
    pub fn published(seed: u64, part: Split, code: PointCode) -> Self {
        Self::new(seed, part, if part == Split::Train { 5000 } else { 1000 }, code)
    }

    /// `number` points of the part of the set that `seed` stands for; the first ones are the same for any number.
    pub fn new(seed: u64, part: Split, number: u32, code: PointCode) -> Self {
        let labels: Vec<u8> = (0..number).map(|i| label(seed, part, i)).collect();
        let points = labels.iter().zip(0..).map(|(&l, i)| point(seed, part, i, usize::from(l))).collect();
        Self { points, labels, code }
    }

    /// Where sample `index` lies.
    pub fn point(&self, index: usize) -> [f64; 2] {
        self.points[index]
    }
}

/// Of every three points in a row one is of each class.
fn label(seed: u64, part: Split, index: u32) -> u8 {
    Stream::item(seed, Purpose::PointLabels, part, index / 3).permutation::<3>()[index as usize % 3] as u8
}

/// Draws from the unit square until a point is of the class wanted.
fn point(seed: u64, part: Split, index: u32, class: usize) -> [f64; 2] {
    let mut stream = Stream::item(seed, Purpose::Points, part, index);
    loop {
        let [x, y] = [stream.unit(), stream.unit()];
        if class_of(x, y) == Some(class) {
            return [x, y];
        }
    }
}

impl Source for YinYang {
    fn len(&self) -> usize {
        self.labels.len()
    }

    fn classes(&self) -> usize {
        CLASSES.len()
    }

    fn input_shape(&self) -> Vec<usize> {
        vec![INPUTS]
    }

    fn label(&self, index: usize) -> usize {
        usize::from(self.labels[index])
    }

    fn read(&self, index: usize, steps: usize, sample: &mut Sample) -> Result<(), String> {
        let [x, y] = self.points[index];
        self.code.read(x, y, steps, sample)
    }

    fn view(&self, index: usize) -> Result<View, String> {
        Ok(View::Point(self.point(index)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_lie_where_they_are_drawn() {
        let named = |x, y| class_of(x, y).map(|c| CLASSES[c]);
        assert_eq!(named(0.25, 0.5), Some("dot"));
        assert_eq!(named(0.75, 0.41), Some("dot"));
        assert_eq!(named(0.5, 0.9), Some("yang"));
        assert_eq!(named(0.5, 0.1), Some("yin"));
        // the bulges: below the middle on the left, above it on the right
        assert_eq!(named(0.25, 0.3), Some("yang"));
        assert_eq!(named(0.75, 0.7), Some("yin"));
        assert_eq!((named(0.05, 0.05), named(f64::NAN, 0.5)), (None, None));
        // turned by half a turn, yin becomes yang
        for i in 0..1000 {
            let mut s = Stream::item(1, Purpose::Points, Split::Train, i);
            let [x, y] = [s.unit(), s.unit()];
            let turned = class_of(1.0 - x, 1.0 - y).map(|c| [1, 0, 2][c]);
            assert_eq!(class_of(x, y), turned, "{x} {y}");
        }
    }

    #[test]
    fn sets_are_balanced_and_their_parts_differ() {
        let code = PointCode::default();
        let [train, valid, test] =
            [Split::Train, Split::Validation, Split::Test].map(|p| YinYang::published(4, p, code));
        assert_eq!([train.len(), valid.len(), test.len()], [5000, 1000, 1000]);
        let of_class = |set: &YinYang, c| (0..set.len()).filter(|&i| set.label(i) == c).count();
        assert_eq!([0, 1, 2].map(|c| of_class(&train, c) / 10), [166; 3]);
        assert!((0..1000).all(|i| {
            let [x, y] = valid.point(i);
            class_of(x, y) == Some(valid.label(i))
                && valid.point(i) != test.point(i)
                && valid.point(i) != train.point(i)
        }));
        assert_eq!(YinYang::new(4, Split::Test, 10, code).points, test.points[..10]);
        assert_ne!(YinYang::new(5, Split::Test, 10, code).points, test.points[..10]);
    }

    #[test]
    fn every_input_spikes_once() {
        let code = PointCode { earliest: 10, latest: 50, bias: 20 };
        let mut raster = Raster::silent(9, 7);
        code.encode(0.25, 1.0, 60, &mut raster).unwrap();
        assert_eq!(raster.iter().collect::<Vec<_>>(), [(10, 3), (20, 0), (20, 4), (40, 2), (50, 1)]);
        assert!(code.encode(0.0, 0.0, 50, &mut raster).unwrap_err().contains("until step 50"));
        assert!(PointCode { earliest: 51, ..code }.check(100).unwrap_err().contains("exchange"));
        super::super::source::tests::used_memory_leaves_no_mark(&YinYang::new(1, Split::Train, 30, code), 60);
        let set = YinYang::new(0, Split::Train, 3, code);
        assert_eq!(set.view(2), Ok(View::Point(set.points[2])));
        let sample = set.sample(2, 100).unwrap();
        assert_eq!((sample.input.len(), sample.input.steps(), sample.target.spikes.units()), (5, 100, 3));
    }
}
