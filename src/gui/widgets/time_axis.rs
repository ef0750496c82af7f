//! The time axis that raster and potential share: which part is in view, where a step stands, what wheel and pointer
//! do.

use egui::{Align2, Painter, Rangef, Rect, Response, Ui, pos2};

use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::picture::ticks;
use crate::task::TimeUnit;
use crate::text;

/// Width left of the plots, for names and numbers; the same in both panels, so that their axes line up.
pub const GUTTER: f32 = 92.0;
/// Width right of the plots, for the scroll bar.
pub const MARGIN: f32 = 12.0;
/// The same where it holds the counts of the count loss, too.
pub const MARGIN_WITH_COUNTS: f32 = 58.0;
/// Height of ticks and numbers below a plot.
pub const AXIS: f32 = 20.0;
/// The least part that zooming leaves in view, in steps.
const LEAST: f64 = 2.0;

/// The part of the time axis in view, in steps; `None`: all of it. Step t reaches from t to t + 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeView {
    pub range: Option<(f64, f64)>,
    /// The step under the pointer, shown in both panels.
    pub hover: Option<f64>,
}

impl TimeView {
    /// The steps in view of a run of `steps` steps.
    pub fn of(&self, steps: usize) -> (f64, f64) {
        let all = steps.max(1) as f64;
        let (from, to) = self.range.unwrap_or((0.0, all));
        let width = (to - from).clamp(LEAST.min(all), all);
        let from = from.clamp(0.0, all - width);
        (from, from + width)
    }

    /// Shows `1 / factor` as much, with the step `about` where it is.
    pub fn zoom(&mut self, steps: usize, about: f64, factor: f64) {
        let (from, to) = self.of(steps);
        let all = steps.max(1) as f64;
        let width = ((to - from) / factor).clamp(LEAST.min(all), all);
        let share = (about - from) / (to - from);
        self.show(steps, about - share * width, width);
    }

    /// Moves the view by `by` steps.
    pub fn pan(&mut self, steps: usize, by: f64) {
        let (from, to) = self.of(steps);
        self.show(steps, from + by, to - from);
    }

    fn show(&mut self, steps: usize, from: f64, width: f64) {
        let all = steps.max(1) as f64;
        let from = from.clamp(0.0, all - width);
        self.range = (width < all).then_some((from, from + width));
    }
}

/// A time axis as it stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeAxis {
    pub x: Rangef,
    pub from: f64,
    pub to: f64,
    /// T.
    pub steps: usize,
    pub unit: TimeUnit,
    pub dt: f64,
}

impl TimeAxis {
    pub fn new(cx: ViewContext, view: &TimeView, x: Rangef, task: &crate::task::TaskSettings) -> Self {
        let (from, to) = view.of(task.steps);
        Self { x, from, to, steps: task.steps, unit: cx.choices.time_unit, dt: task.dt_ms }
    }

    /// Points that a step is wide.
    pub fn per_step(&self) -> f32 {
        self.x.span() / (self.to - self.from) as f32
    }

    /// Where the moment `time` (in steps) stands.
    pub fn x_at(&self, time: f64) -> f32 {
        self.x.min + (time - self.from) as f32 * self.per_step()
    }

    /// Where the middle of a step stands.
    pub fn x_of(&self, step: u32) -> f32 {
        self.x_at(f64::from(step) + 0.5)
    }

    /// The moment at `x`.
    pub fn time_at(&self, x: f32) -> f64 {
        self.from + f64::from((x - self.x.min) / self.per_step())
    }

    /// The step at `x`.
    pub fn step_at(&self, x: f32) -> u32 {
        self.time_at(x).clamp(0.0, self.steps.saturating_sub(1) as f64) as u32
    }

    /// The steps of which anything is in view.
    pub fn visible(&self) -> std::ops::Range<usize> {
        self.from as usize..(self.to.ceil() as usize).min(self.steps)
    }

    /// `step` in the chosen unit, without its name.
    pub fn number(&self, step: f64) -> String {
        match self.unit {
            TimeUnit::Steps => text::whole(step as u64),
            TimeUnit::Ms => text::trimmed(step * self.dt),
        }
    }

    /// `step` in both units.
    pub fn words(&self, step: u32) -> String {
        let ms = text::trimmed(f64::from(step) * self.dt);
        match self.unit {
            TimeUnit::Steps => format!("step {} ({ms} ms)", text::whole(step.into())),
            TimeUnit::Ms => format!("{ms} ms (step {})", text::whole(step.into())),
        }
    }

    /// The steps that get a number, at least `apart` points from each other.
    pub fn ticks(&self, apart: f32) -> Vec<f64> {
        let unit = if self.unit == TimeUnit::Ms { self.dt } else { 1.0 };
        let most = f64::from(self.x.span() / apart);
        let ticks = ticks::linear(self.from * unit, (self.to - 1e-9) * unit, most, unit);
        ticks.into_iter().map(|(time, _)| time / unit).collect()
    }

    /// Draws ticks, numbers and the name of the axis below `top`.
    pub fn paint(&self, painter: &Painter, cx: ViewContext, top: f32) {
        let theme = cx.theme;
        let stroke = egui::Stroke::new(1.0, theme.line);
        painter.hline(self.x, painter.round_to_pixel_center(top), stroke);
        for step in self.ticks(46.0) {
            let x = painter.round_to_pixel_center(self.x_at(step + 0.5));
            if x < self.x.min - 1.0 || x > self.x.max + 1.0 {
                continue;
            }
            painter.vline(x, Rangef::new(top, top + 4.0), stroke);
            painter.text(pos2(x, top + 5.0), Align2::CENTER_TOP, self.number(step), theme::small(), theme.faint);
        }
        let name = if self.unit == TimeUnit::Ms { "time (ms)" } else { "time (steps)" };
        let at = pos2(self.x.min - 8.0, top + 5.0);
        painter.text(at, Align2::RIGHT_TOP, name, theme::small(), theme.faint);
    }

    /// Changes the view by wheel, drag and double click over a plot.
    pub fn navigate(&self, ui: &Ui, plot: &Response, view: &mut TimeView) {
        if plot.double_clicked() {
            view.range = None;
        }
        if plot.dragged_by(egui::PointerButton::Primary) {
            view.pan(self.steps, -f64::from(plot.drag_delta().x / self.per_step()));
        }
        self.wheel(ui, plot, view);
    }

    /// Changes the view by the wheel alone.
    pub fn wheel(&self, ui: &Ui, plot: &Response, view: &mut TimeView) {
        let Some(at) = plot.hover_pos() else { return };
        let (wheel, pinch) = ui.input_mut(|i| (std::mem::take(&mut i.smooth_scroll_delta), i.zoom_delta()));
        let factor = f64::from((wheel.y / 240.0).exp() * pinch);
        if factor != 1.0 {
            view.zoom(self.steps, self.time_at(at.x), factor);
        }
        if wheel.x != 0.0 {
            view.pan(self.steps, -f64::from(wheel.x / self.per_step()));
        }
    }

    /// Draws the line at the step under the pointer, whichever panel that is over.
    pub fn crosshair(&self, painter: &Painter, cx: ViewContext, view: &TimeView, y: Rangef) {
        if let Some(step) = view.hover {
            let x = painter.round_to_pixel_center(self.x_at(step + 0.5));
            if self.x.contains(x) {
                painter.vline(x, y, egui::Stroke::new(1.0, cx.theme.focus.gamma_multiply(0.7)));
            }
        }
    }
}

/// Keeps the step under the pointer for both panels: each clears only what it has set itself.
pub fn share_hover(ui: &Ui, view: &mut TimeView, own: &mut bool, step: Option<u32>) {
    let before = view.hover;
    match step {
        Some(step) => (view.hover, *own) = (Some(f64::from(step)), true),
        None if *own => (view.hover, *own) = (None, false),
        None => {}
    }
    if view.hover != before {
        ui.request_repaint();
    }
}

/// Where the plot of a panel lies between its gutter and its margin.
pub fn plot_range(rect: Rect, counts: bool) -> Rangef {
    let right = rect.right() - if counts { MARGIN_WITH_COUNTS } else { MARGIN };
    Rangef::new(rect.left() + GUTTER, right.max(rect.left() + GUTTER + 20.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(from: f64, to: f64, unit: TimeUnit, dt: f64) -> TimeAxis {
        TimeAxis { x: Rangef::new(100.0, 600.0), from, to, steps: 100, unit, dt }
    }

    #[test]
    fn steps_have_places_and_places_have_steps() {
        let a = axis(0.0, 100.0, TimeUnit::Steps, 1.0);
        assert_eq!((a.x_of(0), a.x_of(34), a.x_of(99)), (102.5, 272.5, 597.5));
        for step in 0..100 {
            assert_eq!(a.step_at(a.x_of(step)), step);
        }
        assert_eq!((a.step_at(0.0), a.step_at(9999.0)), (0, 99));
        let a = axis(20.5, 30.5, TimeUnit::Steps, 1.0);
        assert_eq!((a.x_at(20.5), a.x_of(25), a.step_at(350.0)), (100.0, 350.0, 25));
        assert_eq!(a.visible(), 20..31);
    }

    #[test]
    fn zoom_keeps_what_is_under_the_pointer_and_its_bounds() {
        let mut view = TimeView::default();
        view.zoom(100, 25.0, 2.0);
        assert_eq!(view.range, Some((12.5, 62.5)));
        view.zoom(100, 25.0, 1e9);
        let (from, to) = view.range.unwrap();
        assert_eq!(to - from, 2.0);
        assert!(from < 25.0 && 25.0 < to);
        view.zoom(100, 25.0, 1e-9);
        assert_eq!(view.range, None);
        view.pan(100, 30.0);
        assert_eq!(view.range, None, "all of it does not move");
        view.range = Some((10.0, 30.0));
        view.pan(100, -15.0);
        assert_eq!(view.range, Some((0.0, 20.0)));
        view.range = Some((80.0, 100.0));
        assert_eq!(view.of(50), (30.0, 50.0), "a shorter run after a restart");
        assert_eq!(TimeView::default().of(0), (0.0, 1.0));
    }

    #[test]
    fn ticks_are_round_in_the_unit_shown() {
        assert_eq!(
            axis(0.0, 100.0, TimeUnit::Steps, 1.0).ticks(46.0),
            (0..10).map(|k| 10.0 * f64::from(k)).collect::<Vec<_>>()
        );
        assert_eq!(axis(10.0, 13.0, TimeUnit::Steps, 1.0).ticks(46.0), [10.0, 11.0, 12.0]);
        let half = axis(0.0, 100.0, TimeUnit::Ms, 0.5);
        assert_eq!(half.ticks(46.0), (0..10).map(|k| 10.0 * f64::from(k)).collect::<Vec<_>>());
        assert_eq!((half.number(10.0), half.words(3)), ("5".into(), "1.5 ms (step 3)".into()));
    }
}
