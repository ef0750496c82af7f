//! Which spikes of a band are in view, and how large its marks are.

use egui::vec2;

use crate::gui::widgets::time_axis::TimeAxis;
use crate::spike::Raster;

/// The widest bar, in points.
const WIDEST_BAR: f32 = 3.0;

/// Number of the spikes of which anything is in view.
pub fn spikes_in_view(spikes: &Raster, axis: &TimeAxis) -> usize {
    let steps = steps_in_view(spikes, axis);
    let start = |step: usize| if step < spikes.steps() { spikes.start(step) } else { spikes.len() };
    start(steps.end) - start(steps.start)
}

/// Sizes of the marks in rows of this height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkSizes {
    /// Of a bar, in whole pixels.
    pub bar: egui::Vec2,
    pub ring: f32,
    pub triangle: f32,
    pub cross: f32,
}

impl MarkSizes {
    pub fn new(row: f32, per_step: f32, pixels_per_point: f32, ringed: bool) -> Self {
        let ring = (0.42 * row).clamp(3.0, 7.5);
        let gap = if row >= 5.0 {
            2.0
        } else if row >= 3.0 {
            1.0
        } else {
            0.0
        };
        // a bar stands inside its ring, so that a hit is a shape of its own
        let height = if ringed { (1.5 * ring).min(row) } else { row - gap };
        let whole = |x: f32| (x * pixels_per_point).round().max(1.0) / pixels_per_point;
        Self {
            bar: vec2(whole((0.55 * per_step).min(WIDEST_BAR)), whole(height)),
            ring,
            triangle: (0.34 * row).clamp(3.2, 5.0),
            cross: (0.3 * row).clamp(2.8, 4.5),
        }
    }
}

/// The steps of a raster of which anything is in view.
pub fn steps_in_view(spikes: &Raster, axis: &TimeAxis) -> std::ops::Range<usize> {
    let visible = axis.visible();
    visible.start.min(spikes.steps())..visible.end.min(spikes.steps())
}

/// Their spikes, as `(step, unit)`.
pub fn in_view<'a>(spikes: &'a Raster, axis: &TimeAxis) -> impl Iterator<Item = (u32, u32)> + use<'a> {
    steps_in_view(spikes, axis).flat_map(|t| spikes.at(t).iter().map(move |&u| (t as u32, u)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::TimeUnit;
    use egui::Rangef;

    fn axis(steps: usize) -> TimeAxis {
        TimeAxis { x: Rangef::new(0.0, 100.0), from: 0.0, to: steps as f64, steps, unit: TimeUnit::Steps, dt: 1.0 }
    }

    #[test]
    fn bars_are_whole_pixels_and_stand_inside_their_rings() {
        for pixels in [1.0, 1.25, 1.5, 2.0] {
            for (row, per_step) in [(0.3, 0.1), (2.4, 5.0), (8.0, 5.0), (18.0, 5.0), (40.0, 50.0)] {
                let s = MarkSizes::new(row, per_step, pixels, true);
                for side in [s.bar.x, s.bar.y] {
                    let in_pixels = side * pixels;
                    assert!(in_pixels >= 1.0 && (in_pixels - in_pixels.round()).abs() < 1e-3);
                }
                assert!(s.bar.y <= 2.0 * s.ring && s.bar.x <= WIDEST_BAR + 0.5);
            }
        }
    }

    #[test]
    fn only_what_is_in_view_counts() {
        let spikes = Raster::from_events(3, 10, vec![(0, 0), (4, 1), (5, 2), (9, 0)]);
        let mut a = axis(10);
        assert_eq!(spikes_in_view(&spikes, &a), 4);
        (a.from, a.to) = (4.5, 9.0);
        assert_eq!(spikes_in_view(&spikes, &a), 2);
        assert_eq!(in_view(&spikes, &a).collect::<Vec<_>>(), [(4, 1), (5, 2)]);
        let stopped = Raster::from_events(3, 5, vec![(0, 0), (4, 1)]);
        assert_eq!(spikes_in_view(&stopped, &a), 1);
        assert_eq!(spikes_in_view(&stopped, &axis(10)), 2);
    }
}
