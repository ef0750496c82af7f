//! The style of all plots: quiet axes, ticks at round numbers, the wheel that zooms at the pointer.

use crate::picture::ticks;
use std::ops::RangeInclusive;

use egui::{Rangef, Vec2, vec2};
use egui_plot::{AxisHints, GridInput, GridMark, HoverPosition, Plot, PlotUi};

use crate::gui::theme::{self, Palette};

/// Points between two ticks of the x axis, and of the y axis, at least.
const TICK_SPACING: [f32; 2] = [72.0, 22.0];

/// Points next to a plot that the text of its last tick may take.
const MARGIN: f64 = 6.0;

/// How an axis turns its positions into text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AxisScale {
    Linear {
        /// No ticks closer than this, as 1 where positions are whole.
        least: f64,
        /// The factor that a position is multiplied by before it is written.
        unit: f64,
    },
    /// Positions are numbers of updates.
    Updates,
    /// Positions on an x axis that begins at 0, where its name stands; none closer than `least`.
    Named { name: &'static str, least: f64 },
    /// Positions are logarithms to base 10.
    Log,
}

impl AxisScale {
    /// Positions are whole numbers.
    pub const WHOLE: Self = Self::Linear { least: 1.0, unit: 1.0 };
    pub const REAL: Self = Self::Linear { least: 0.0, unit: 1.0 };

    fn marks(self, input: &GridInput, spacing: f32) -> Vec<GridMark> {
        // the grid's spacing is 1 point (below), so this is the length of the axis in points
        let (min, max) = input.bounds;
        let most = ((max - min) / input.base_step_size / f64::from(spacing)).max(2.0);
        let ticks = match self {
            Self::Updates => ticks::linear(min, max, most, 1.0),
            Self::Linear { least, unit } => ticks::linear(min * unit, max * unit, most, least * unit)
                .into_iter()
                .map(|(value, step)| (value / unit, step / unit))
                .collect(),
            Self::Named { least, .. } => ticks::linear(min, max, most, least),
            Self::Log => ticks::log(min, max, most),
        };
        let marks = ticks.into_iter().map(|(value, step_size)| GridMark { value, step_size });
        let across = matches!(self, Self::Updates | Self::Named { .. });
        marks.filter(|mark| !across || self.fits(*mark, input)).collect()
    }

    /// Whether the text at a tick of the x axis, which stands in the middle below it, ends before the panel does.
    fn fits(self, mark: GridMark, input: &GridInput) -> bool {
        let half = 3.3 * self.text(mark).chars().count() as f64;
        (input.bounds.1 - mark.value) / input.base_step_size + MARGIN >= half
    }

    fn text(self, mark: GridMark) -> String {
        match self {
            Self::Linear { unit, .. } => ticks::label(mark.value * unit, mark.step_size * unit),
            // the axis is named where it begins, which costs no height
            Self::Updates if mark.value == 0.0 => "update 0".into(),
            Self::Named { name, .. } if mark.value == 0.0 => format!("{name} 0"),
            Self::Updates | Self::Named { .. } => ticks::label(mark.value, mark.step_size),
            Self::Log => ticks::power(mark.value),
        }
    }
}

/// An empty plot that fills the space at hand, in the colours of the theme. The wheel is left to [`wheel`].
pub fn base<'a>(name: &str, theme: &Palette, x: AxisScale, y: AxisScale) -> Plot<'a> {
    let point = Rangef::new(1.0, 2.0);
    let dress = |hints: AxisHints<'a>, scale: AxisScale| {
        hints
            .tick_label_color(theme.faint)
            .tick_label_font(theme::small())
            .label_spacing(point)
            .formatter(move |mark, _: &RangeInclusive<f64>| scale.text(mark))
    };
    Plot::new(name.to_owned())
        .custom_x_axes(vec![dress(AxisHints::new_x(), x)])
        .custom_y_axes(vec![dress(AxisHints::new_y(), y).min_thickness(34.0)])
        .x_grid_spacer(move |input| x.marks(&input, TICK_SPACING[0]))
        .y_grid_spacer(move |input| y.marks(&input, TICK_SPACING[1]))
        .grid_spacing(point)
        .grid_color(theme.line.gamma_multiply(0.6))
        .show_crosshair(false)
        .allow_boxed_zoom(false)
        .allow_scroll(false)
}

/// Lets the wheel zoom at the pointer; with shift, only along x.
pub fn wheel(plot: &mut PlotUi) {
    if !plot.response().contains_pointer() {
        return;
    }
    let turned = plot.ctx().input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta));
    let factor = |points: f32| (points / 200.0).exp();
    let zoom = vec2(factor(turned.y + turned.x), factor(turned.y));
    if zoom != Vec2::splat(1.0) {
        plot.zoom_bounds_around_hovered(zoom);
    }
}

/// Where along x the pointer is.
pub fn pointed(at: &HoverPosition) -> f64 {
    match at {
        HoverPosition::NearDataPoint { position, .. } | HoverPosition::Elsewhere { position } => position.x,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_its_name_where_it_begins_and_no_text_that_is_cut() {
        let scale = AxisScale::Named { name: "spikes", least: 1.0 };
        let input = |most: f64| GridInput { bounds: (0.0, most), base_step_size: most / 400.0 };
        let texts = |most: f64| -> Vec<String> {
            scale.marks(&input(most), TICK_SPACING[0]).into_iter().map(|mark| scale.text(mark)).collect()
        };
        assert_eq!(texts(60_000.0), ["spikes 0", "20,000", "40,000"]);
        assert_eq!(texts(65_000.0), ["spikes 0", "20,000", "40,000", "60,000"]);
    }
}
