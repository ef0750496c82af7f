//! A band as an image with a texel for every pixel of the screen: as many spikes as there are cost no more than that.
//!
//! Where rows and steps are a pixel or more the bars in it are those that triangles would draw, to the pixel. Where
//! they are less, spikes share pixels, and the more share one, the closer it comes to the ink.

use std::sync::Arc;

use egui::{Color32, ColorImage, Rangef, Rect, pos2};

use super::layout::BandPlace;
use super::sizes::{MarkSizes, steps_in_view};
use crate::gui::widgets::time_axis::TimeAxis;
use crate::spike::Raster;

/// The pixels of a band that can be seen, and where its bars stand among them.
pub struct PixelGrid<'a> {
    axis: &'a TimeAxis,
    place: &'a BandPlace,
    pixels_per_point: f32,
    sizes: MarkSizes,
    /// In pixels of the screen.
    left: i32,
    top: i32,
    width: usize,
    height: usize,
}

/// A range of pixels along one side, within the image.
type PixelRange = std::ops::Range<usize>;

impl<'a> PixelGrid<'a> {
    /// `seen` is the height that can be seen, in points.
    pub fn new(
        axis: &'a TimeAxis,
        place: &'a BandPlace,
        sizes: MarkSizes,
        seen: Rangef,
        pixels_per_point: f32,
    ) -> Self {
        let (y, x) = (place.y.intersection(seen), axis.x);
        let first = |points: f32| (points * pixels_per_point).floor() as i32;
        let end = |points: f32| (points * pixels_per_point).ceil() as i32;
        let (left, top) = (first(x.min), first(y.min));
        let (width, height) = (end(x.max) - left, end(y.max) - top);
        let [width, height] = [width, height].map(|n| n.max(1) as usize);
        Self { axis, place, pixels_per_point, sizes, left, top, width, height }
    }

    /// Where the image stands on the screen, in points.
    pub fn rect(&self) -> Rect {
        let points = |pixels: i32| pixels as f32 / self.pixels_per_point;
        let (right, bottom) = (self.left + self.width as i32, self.top + self.height as i32);
        Rect::from_min_max(pos2(points(self.left), points(self.top)), pos2(points(right), points(bottom)))
    }

    /// Whether spikes share pixels.
    pub fn shares(&self) -> bool {
        self.axis.per_step().min(self.place.row()) * self.pixels_per_point < 1.0
    }

    fn columns(&self, step: u32) -> PixelRange {
        let left = self.axis.x_of(step) - self.sizes.bar.x / 2.0;
        self.pixels(left, self.sizes.bar.x, self.left, self.width)
    }

    fn rows(&self, unit: u32, height: f32) -> PixelRange {
        self.pixels(self.place.y_of(unit) - height / 2.0, height, self.top, self.height)
    }

    /// The pixels of a stretch that begins at `from` and is `long`, both in points.
    fn pixels(&self, from: f32, long: f32, origin: i32, most: usize) -> PixelRange {
        let from = (from * self.pixels_per_point).round() as i32 - origin;
        let long = ((long * self.pixels_per_point).round() as i32).max(1);
        let inside = |at: i32| at.clamp(0, most as i32) as usize;
        inside(from)..inside(from + long)
    }

    /// The spikes in view, in the memory of an image that is no longer needed.
    pub fn image(&self, spikes: &Raster, ink: Color32, old: Option<Arc<ColorImage>>) -> ColorImage {
        let counts = self.counts(spikes);
        let most = if self.shares() { counts.iter().copied().max().unwrap_or(0) } else { 1 };
        // few pixels have many
        let shades: Vec<Color32> = (0..=most.min(255)).map(|n| shade(n, most, ink)).collect();
        let colour = |&n: &u32| shades.get(n as usize).copied().unwrap_or_else(|| shade(n.min(most), most, ink));
        let mut pixels = old.and_then(Arc::into_inner).map(|image| image.pixels).unwrap_or_default();
        pixels.clear();
        pixels.extend(counts.iter().map(colour));
        ColorImage::new([self.width, self.height], pixels)
    }

    /// How many spikes each pixel shows, row by row.
    fn counts(&self, spikes: &Raster) -> Vec<u32> {
        let mut counts = vec![0u32; self.width * self.height];
        let rows = (0..spikes.units() as u32).map(|unit| self.rows(unit, self.sizes.bar.y));
        if self.sizes.bar.y * self.pixels_per_point < 1.5 {
            let rows: Vec<u32> = rows.map(|r| if r.is_empty() { self.height } else { r.start } as u32).collect();
            self.count_low(spikes, &rows, &mut counts);
            return counts;
        }
        let rows: Vec<PixelRange> = rows.collect();
        for step in steps_in_view(spikes, self.axis) {
            let columns = self.columns(step as u32);
            for row in spikes.at(step).iter().flat_map(|&unit| rows[unit as usize].clone()) {
                counts[row * self.width..][columns.clone()].iter_mut().for_each(|n| *n += 1);
            }
        }
        counts
    }

    /// The same for bars that are a pixel high, in the row `rows[unit]`; the row after the last is out of sight.
    fn count_low(&self, spikes: &Raster, rows: &[u32], counts: &mut [u32]) {
        // neighbours fall on the same row: four sums, so that an addition need not wait for the one before it
        let mut sums = vec![[0u32; 4]; self.height + 1];
        for step in steps_in_view(spikes, self.axis) {
            let columns = self.columns(step as u32);
            for units in spikes.at(step).chunks(4) {
                for (lane, &unit) in units.iter().enumerate() {
                    sums[rows[unit as usize] as usize][lane] += 1;
                }
            }
            for (row, sum) in counts.chunks_exact_mut(self.width).zip(&mut sums) {
                let n: u32 = std::mem::take(sum).iter().sum();
                row[columns.clone()].iter_mut().for_each(|count| *count += n);
            }
        }
    }

    /// Draws a bar over what is there.
    pub fn bar(&self, image: &mut ColorImage, step: u32, unit: u32, colour: Color32) {
        self.fill(image, self.columns(step), self.rows(unit, self.sizes.bar.y), colour);
    }

    /// Draws a line in the row of a unit, from the middle of one step to that of another.
    pub fn line(&self, image: &mut ColorImage, unit: u32, from: u32, to: u32, colour: Color32) {
        let (from, to) = (self.axis.x_of(from.min(to)), self.axis.x_of(from.max(to)));
        self.fill(image, self.pixels(from, to - from, self.left, self.width), self.rows(unit, 1.0), colour);
    }

    fn fill(&self, image: &mut ColorImage, columns: PixelRange, rows: PixelRange, colour: Color32) {
        for row in rows {
            image.pixels[row * self.width..][columns.clone()].fill(colour);
        }
    }
}

/// The colour of a pixel that shows `n` spikes, where none shows more than `most`.
fn shade(n: u32, most: u32, ink: Color32) -> Color32 {
    match n {
        0 => Color32::TRANSPARENT,
        _ if n >= most => ink,
        _ => ink.gamma_multiply(0.15 + 0.85 * n as f32 / most as f32),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::TimeUnit;

    fn axis(width: f32, steps: usize) -> TimeAxis {
        let x = Rangef::new(0.0, width);
        TimeAxis { x, from: 0.0, to: steps as f64, steps, unit: TimeUnit::Steps, dt: 1.0 }
    }

    fn image(spikes: &Raster, width: f32, height: f32, pixels: f32) -> ColorImage {
        let axis = axis(width, spikes.steps());
        let place = BandPlace { y: Rangef::new(0.0, height), units: spikes.units(), folded: false };
        let sizes = MarkSizes::new(place.row(), axis.per_step(), pixels, false);
        PixelGrid::new(&axis, &place, sizes, Rangef::new(0.0, 1e4), pixels).image(spikes, Color32::WHITE, None)
    }

    #[test]
    fn spikes_that_share_a_pixel_are_counted() {
        let spikes = Raster::from_events(4, 8, vec![(0, 0), (1, 0), (7, 3)]);
        let image = image(&spikes, 4.0, 2.0, 1.0);
        assert_eq!(image.size, [4, 2]);
        let inked = |x: usize, y: usize| image.pixels[y * 4 + x].a();
        assert_eq!((inked(0, 0), inked(1, 0), inked(3, 0)), (255, 0, 0));
        assert!(inked(3, 1) > 0 && inked(3, 1) < 255);
    }

    #[test]
    fn bars_with_room_are_whole_and_apart() {
        let spikes = Raster::from_events(4, 10, vec![(0, 0), (0, 1), (4, 1), (9, 3)]);
        for pixels in [1.0, 1.25, 2.0] {
            let image = image(&spikes, 100.0, 40.0, pixels);
            // 3 × 8 points each, in whole pixels
            let inked = image.pixels.iter().filter(|c| c.a() > 0).count();
            assert_eq!(inked, 4 * (3.0 * pixels).round() as usize * (8.0 * pixels).round() as usize);
            assert!(image.pixels.iter().all(|c| [0, 255].contains(&c.a())), "nothing between ink and ground");
        }
    }

    #[test]
    fn what_is_out_of_sight_has_no_pixels() {
        let spikes = Raster::from_events(1000, 10, vec![(0, 0), (5, 500), (9, 999)]);
        let (axis, place) =
            (axis(100.0, 10), BandPlace { y: Rangef::new(-4000.0, 4000.0), units: 1000, folded: false });
        let sizes = MarkSizes::new(place.row(), axis.per_step(), 1.0, false);
        let grid = PixelGrid::new(&axis, &place, sizes, Rangef::new(0.0, 50.0), 1.0);
        let mut image = grid.image(&spikes, Color32::WHITE, None);
        assert_eq!((image.size, grid.rect()), ([100, 50], Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 50.0))));
        assert_eq!(image.pixels.iter().filter(|c| c.a() > 0).count(), (sizes.bar.x * sizes.bar.y) as usize);
        grid.bar(&mut image, 0, 0, Color32::WHITE);
        grid.line(&mut image, 501, 0, 9, Color32::RED);
        let red: Vec<usize> = (0..5000).filter(|&at| image.pixels[at] == Color32::RED).collect();
        assert!(red.iter().all(|at| at / 100 == 12) && red.len() == 90, "{red:?}");
    }
}
