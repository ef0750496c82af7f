//! The arithmetic of the timeline: which updates stand where, and what a column of pixels stands for.

use egui::Rect;

use crate::gui::state::ViewContext;
use crate::record::{Curves, Series};
use crate::text;

/// A stretch of updates, from its left edge to its right edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub from: f64,
    pub to: f64,
}

/// Width that the names of the rows take, in points.
pub const NAMES: f32 = 58.0;
/// The fewest updates that one can zoom to.
const LEAST: f64 = 8.0;

impl Window {
    /// The whole run; a young one has some room to the right.
    pub fn whole(oldest: u64, newest: u64) -> Self {
        let from = oldest as f64;
        Self { from, to: (newest as f64).max(from + 10.0) }
    }

    pub fn length(self) -> f64 {
        self.to - self.from
    }

    pub fn within(self, whole: Self) -> bool {
        self.from >= whole.from && self.to <= whole.to
    }

    /// As far left or right as the run reaches.
    pub fn moved_into(self, whole: Self) -> Self {
        let length = self.length().min(whole.length());
        let from = self.from.clamp(whole.from, (whole.to - length).max(whole.from));
        Self { from, to: from + length }
    }

    pub fn moved(self, updates: f64) -> Self {
        Self { from: self.from + updates, to: self.to + updates }
    }

    /// As long, with `update` in its middle.
    pub fn around(self, update: f64) -> Self {
        let half = self.length() / 2.0;
        Self { from: update - half, to: update + half }
    }

    /// Longer or shorter by `factor`, with `update` where it is.
    pub fn zoomed(self, update: f64, factor: f64) -> Self {
        let factor = factor.max(LEAST / self.length());
        Self { from: update + (self.from - update) * factor, to: update + (self.to - update) * factor }
    }

    /// Updates for each point of `area`'s width.
    pub fn per_point(self, area: Rect) -> f64 {
        self.length() / f64::from(area.width().max(1.0))
    }

    pub fn update_at(self, area: Rect, x: f32) -> f64 {
        self.from + f64::from(x - area.left()) * self.per_point(area)
    }

    pub fn x_of(self, area: Rect, update: f64) -> f32 {
        area.left() + ((update - self.from) / self.per_point(area)) as f32
    }

    /// The nearest update that is as round as two points of the screen allow.
    pub fn snapped(self, area: Rect, update: f64) -> u64 {
        let reach = 2.0 * self.per_point(area);
        let step = if reach < 1.0 { 1.0 } else { 10f64.powf(reach.log10().floor()) };
        let round = (update / step).round() * step;
        round.clamp(self.from.ceil(), self.to.floor().max(self.from.ceil())).max(0.0) as u64
    }
}

/// The extremes of what a column of pixels stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Column {
    /// The least and the greatest loss, where there is one.
    pub loss: Option<(f64, f64)>,
    /// The most that one update created, removed and shifted.
    pub changes: [f64; 3],
}

/// A column for each pixel. Nothing is left out: each holds the extremes of all values that fall on it.
pub fn columns(curves: &Curves, window: Window, width: usize) -> Vec<Column> {
    let mut columns = vec![Column::default(); width];
    each(&curves.loss, window, width, |range, min, max| {
        for column in &mut columns[range] {
            let (low, high) = column.loss.unwrap_or((min, max));
            column.loss = Some((low.min(min), high.max(max)));
        }
    });
    for (k, series) in [&curves.created, &curves.removed, &curves.shifted].into_iter().enumerate() {
        each(series, window, width, |range, _, max| {
            columns[range].iter_mut().for_each(|column| column.changes[k] = column.changes[k].max(max));
        });
    }
    columns
}

/// The columns that each bucket of a series covers, with its extremes.
fn each(series: &Series, window: Window, width: usize, mut take: impl FnMut(std::ops::Range<usize>, f64, f64)) {
    let column = |update: f64| (update - window.from) / window.length() * width as f64;
    for bucket in series.buckets() {
        let (from, to) = (column(bucket.first as f64), column(bucket.last as f64 + 1.0));
        if to <= 0.0 || from >= width as f64 || !bucket.max.is_finite() {
            continue;
        }
        let from = from.max(0.0) as usize;
        let to = (to.ceil() as usize).clamp(from + 1, width);
        take(from..to, bucket.min, bucket.max);
    }
}

/// The least and the greatest loss of all columns.
pub fn extent(columns: &[Column]) -> Option<(f64, f64)> {
    let losses = columns.iter().filter_map(|column| column.loss);
    losses.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// What is under the pointer, in words.
pub fn readout(cx: ViewContext, window: Window, area: Rect, x: f32) -> String {
    let (at, run) = (window.update_at(area, x).round().max(0.0) as u64, cx.run);
    let reach = (3.0 * window.per_point(area)).max(0.5);
    let mut lines = vec![format!("Update {}", text::whole(at))];
    let bucket = |series: &Series| {
        let buckets = series.buckets();
        let next = buckets.partition_point(|bucket| bucket.last < at);
        buckets.get(next).copied().filter(|bucket| bucket.first <= at)
    };
    if let Some(loss) = bucket(&run.curves.loss) {
        lines.push(match loss.min == loss.max {
            true => format!("loss {}", text::value(loss.min)),
            false => format!(
                "loss {} to {} (updates {} to {})",
                text::value(loss.min),
                text::value(loss.max),
                text::whole(loss.first),
                text::whole(loss.last)
            ),
        });
    }
    let changes =
        [("created", &run.curves.created), ("removed", &run.curves.removed), ("shifted", &run.curves.shifted)];
    for (name, series) in changes {
        if let Some(bucket) = bucket(series).filter(|bucket| bucket.max > 0.0) {
            let most = if bucket.count > 1 { "at most " } else { "" };
            lines.push(format!("{name} {most}{}", text::value(bucket.max)));
        }
    }
    let near = |update: u64| (update as f64 - at as f64).abs() <= reach;
    lines.extend(run.marks.iter().filter(|mark| near(mark.update)).map(|mark| mark.text.clone()));
    lines.extend(cx.time.pins.iter().filter(|pin| pin.start == run.start && near(pin.update)).map(|p| p.name.clone()));
    if let Some((parent, _)) = run.parent.filter(|(_, update)| near(*update)) {
        lines.push(format!("goes on from run {}", crate::gui::state::letter(parent)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_update_that_stands_out_is_seen_in_a_hundred_thousand() {
        let mut curves = Curves::default();
        for update in 0..100_000 {
            curves.loss.push(update, 1.0);
            curves.created.push(update, if update == 31_337 { 9.0 } else { 0.0 });
        }
        let columns = columns(&curves, Window::whole(0, 100_000), 500);
        let seen: Vec<usize> = (0..500).filter(|c| columns[*c].changes[0] == 9.0).collect();
        assert!(!seen.is_empty() && seen.len() <= 2, "{seen:?}");
        assert!(seen.contains(&(31_337 * 500 / 100_000)), "{seen:?}");
        assert!(columns.iter().all(|column| column.loss == Some((1.0, 1.0))));
    }

    #[test]
    fn a_window_is_zoomed_where_the_pointer_is_and_stays_within_the_run() {
        let (whole, area) =
            (Window::whole(0, 1000), Rect::from_min_size(egui::pos2(50.0, 0.0), egui::vec2(500.0, 9.0)));
        let zoomed = whole.zoomed(300.0, 0.1);
        assert_eq!((zoomed.from, zoomed.to), (270.0, 370.0));
        assert_eq!(zoomed.update_at(area, zoomed.x_of(area, 300.0)), 300.0);
        assert_eq!(zoomed.moved(-500.0).moved_into(whole), Window { from: 0.0, to: 100.0 });
        assert_eq!(zoomed.zoomed(300.0, 1e-9).length(), LEAST);
        assert_eq!((whole.snapped(area, 333.4), zoomed.snapped(area, 333.4)), (333, 333));
        assert_eq!(Window::whole(0, 100_000).snapped(area, 33_333.0), 33_300);
    }
}
