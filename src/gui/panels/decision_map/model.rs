//! The parts of the map: brightness for times, where the true classes meet, what lies under the pointer.

use crate::gui::state::decision_map::DecisionMap;
pub use crate::task::yin_yang::outlines;
use crate::task::yin_yang::{self, CLASSES, class_of};
use crate::task::{Split, Task, TimeUnit, View};
use crate::text::whole;

/// Which times of the first spike the brightness tells apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LatencyScale {
    first: u32,
    last: u32,
}

/// The share of its strength that the latest colour keeps, so that its class can be told.
const WEAKEST: f32 = 0.42;

impl LatencyScale {
    /// From the first to the last spike of a map; that of the map `before` where it nearly fits, so that colours do not
    /// change all the time.
    pub fn new(m: &DecisionMap, before: Option<Self>) -> Self {
        let steps = || m.cells.iter().flatten().filter(|c| c.class.is_some()).map(|c| c.first_step);
        let (first, last) = (steps().min().unwrap_or(0), steps().max().unwrap_or(0));
        let fits = |b: &Self| b.first <= first && last <= b.last && 4 * (last - first) >= 3 * (b.last - b.first);
        before.filter(fits).unwrap_or(Self { first, last })
    }

    /// From step `first` to step `last`.
    pub fn of_ends(first: u32, last: u32) -> Self {
        Self { first, last }
    }

    /// The strength of a colour, 1 for the earliest.
    pub fn strength(self, step: u32) -> f32 {
        let span = (self.last - self.first).max(1) as f32;
        let late = (step.saturating_sub(self.first) as f32 / span).min(1.0);
        (1.0 - late) + late * WEAKEST
    }

    /// The earliest and the latest step.
    pub fn ends(self) -> [u32; 2] {
        [self.first, self.last]
    }
}

/// The number of the cell in which a point of the plane lies, of `points` × `points`.
pub fn cell_at([x, y]: [f64; 2], points: usize) -> Option<usize> {
    let line = |c: f64| (0.0..1.0).contains(&c).then_some((c * points as f64) as usize);
    Some(line(y)? * points + line(x)?)
}

/// Where a sample lies in the plane, if it is a point of one.
pub fn place(task: &Task, part: Split, index: usize) -> Option<[f64; 2]> {
    let set = task.set(part);
    match set.source().view(set.origin(index)) {
        Ok(View::Point(point)) => Some(point),
        _ => None,
    }
}

/// Where the samples of a part lie, with their classes.
pub fn places(task: &Task, part: Split) -> impl Iterator<Item = ([f64; 2], usize)> {
    let set = task.set(part);
    (0..set.len()).filter_map(move |index| Some((place(task, part, index)?, set.label(index))))
}

/// The sample of a part that is nearest to a point, if it is not farther away than `reach`.
pub fn nearest(task: &Task, part: Split, [x, y]: [f64; 2], reach: f64) -> Option<usize> {
    let square = |[a, b]: [f64; 2]| (a - x) * (a - x) + (b - y) * (b - y);
    let far = places(task, part).map(|(place, _)| square(place)).enumerate();
    far.filter(|(_, far)| *far <= reach * reach).min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

/// The text at the pointer at a point of the plane, with the sample that it points at; nothing outside of the map.
pub fn readout(
    m: &DecisionMap,
    task: &Task,
    at: [f64; 2],
    sample: Option<(Split, usize)>,
    when: impl Fn(u32) -> String,
) -> Option<String> {
    let number = cell_at(at, m.points())?;
    let [x, y] = yin_yang::cell_centre(number, m.points());
    let truth = class_of(x, y).map_or("outside the disc", |class| CLASSES[class]);
    let mut text = format!("x {x:.3}, y {y:.3}\n");
    text += &match m.cell(number) {
        None => "not known yet".to_owned(),
        Some(cell) => match cell.class {
            Some(class) => {
                format!("classified as {}, first spike at {}", CLASSES[usize::from(class)], when(cell.first_step))
            }
            None => "all outputs are silent".to_owned(),
        },
    };
    text += &format!("\ntruth: {truth}");
    if let Some((part, index)) = sample {
        let label = task.set(part).label(index);
        text += &format!("\n{} sample {}: {}; click to watch it", part.key(), whole(index as u64), CLASSES[label]);
    }
    Some(text)
}

/// A step, in the unit that the user chose for times.
pub fn when(step: u32, unit: TimeUnit, dt_ms: f64) -> String {
    match unit {
        TimeUnit::Steps => format!("step {}", whole(step.into())),
        TimeUnit::Ms => {
            let ms = format!("{:.2}", f64::from(step) * dt_ms);
            format!("{} ms", ms.trim_end_matches('0').trim_end_matches('.'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::MapCell;
    use crate::gui::state::fixtures::{frame, map, settings};

    fn divided(points: usize, cell: impl Fn(usize) -> (Option<u8>, u32)) -> DecisionMap {
        let cells: Vec<Option<MapCell>> = (0..points * points)
            .map(|n| {
                let (class, first_step) = cell(n);
                Some(MapCell { number: n as u32, class, first_step })
            })
            .collect();
        map(points, cells)
    }

    #[test]
    fn the_outlines_lie_where_the_classes_meet() {
        // a hair to both sides of a point of a line the class is another one
        for line in outlines() {
            for pair in line.windows(2) {
                let [[ax, ay], [bx, by]] = [pair[0], pair[1]];
                let (x, y) = ((ax + bx) / 2.0, (ay + by) / 2.0);
                let length = libm::hypot(bx - ax, by - ay);
                // at the tips of bulges three lines meet, and a step to the side may leave all of them
                let tip = [(0.0, 0.5), (0.5, 0.5), (1.0, 0.5)];
                if length < 1e-9 || tip.iter().any(|(tx, ty)| libm::hypot(x - tx, y - ty) < 0.02) {
                    continue;
                }
                let (nx, ny) = (-(by - ay) / length * 2e-3, (bx - ax) / length * 2e-3);
                assert_ne!(class_of(x + nx, y + ny), class_of(x - nx, y - ny), "{x} {y}");
            }
        }
    }

    #[test]
    fn every_change_of_class_lies_on_an_outline() {
        const N: usize = 200;
        let lines = outlines();
        let near = |x: f64, y: f64| lines.iter().flatten().any(|p| libm::hypot(p[0] - x, p[1] - y) < 0.03);
        for number in 0..N * N {
            let [x, y] = yin_yang::cell_centre(number, N);
            for [dx, dy] in [[1.0 / N as f64, 0.0], [0.0, 1.0 / N as f64]] {
                if class_of(x, y) != class_of(x + dx, y + dy) {
                    assert!(near(x, y), "{x} {y}");
                }
            }
        }
    }

    #[test]
    fn earlier_is_brighter_and_the_scale_stays_while_it_fits() {
        let m = divided(3, |n| (if n == 0 { None } else { Some(1) }, if n == 0 { 40 } else { 10 + n as u32 }));
        let scale = LatencyScale::new(&m, None);
        assert_eq!(scale.ends(), [11, 18], "a silent cell has no time");
        assert_eq!((scale.strength(11), scale.strength(3), scale.strength(40)), (1.0, 1.0, WEAKEST));
        assert!((12..=18).all(|step| scale.strength(step) < scale.strength(step - 1)));
        let wider = LatencyScale { first: 10, last: 19 };
        assert_eq!(LatencyScale::new(&m, Some(wider)), wider);
        for other in [LatencyScale { first: 12, last: 30 }, LatencyScale { first: 0, last: 40 }] {
            assert_eq!(LatencyScale::new(&m, Some(other)), scale);
        }
        let silent = LatencyScale::new(&divided(3, |_| (None, 40)), None);
        assert_eq!((silent.ends(), silent.strength(0)), ([0, 0], 1.0));
    }

    #[test]
    fn the_pointer_reads_cell_truth_and_sample() {
        let m = divided(31, |n| if n == 0 { (None, 40) } else { (Some((n % 3) as u8), 7) });
        let task = &m.frame().task;
        let read = |at, sample| readout(&m, task, at, sample, |step| when(step, TimeUnit::Steps, 1.0));
        assert_eq!(read([1.2, 0.5], None), None);
        assert_eq!(
            read([0.0, 0.0], None).unwrap(),
            "x 0.016, y 0.016\nall outputs are silent\ntruth: outside the disc"
        );
        // cell (7, 15), number 472: the left dot
        assert_eq!(cell_at([0.25, 0.5], 31), Some(472));
        let text = read([0.25, 0.5], Some((Split::Test, 5))).unwrap();
        assert!(
            text.starts_with("x 0.242, y 0.500\nclassified as yang, first spike at step 7\ntruth: dot\n"),
            "{text}"
        );
        assert!(text.contains("test sample 5: "), "{text}");
        assert_eq!([when(12, TimeUnit::Ms, 0.5), when(3, TimeUnit::Ms, 0.25)], ["6 ms", "0.75 ms"]);
    }

    #[test]
    fn a_sample_is_found_where_it_lies() {
        let frame = frame(settings());
        let task = &frame.task;
        for (index, (place, label)) in places(task, Split::Train).enumerate() {
            assert_eq!(nearest(task, Split::Train, place, 1e-9), Some(index));
            assert_eq!(class_of(place[0], place[1]), Some(label));
        }
        assert_eq!(places(task, Split::Train).count(), 24);
        assert_eq!(nearest(task, Split::Train, [2.0, 2.0], 0.1), None);
    }
}
