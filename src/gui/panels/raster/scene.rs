//! The bands as they stand on the screen, and what is drawn of each below and over its spikes.

use std::sync::Arc;

use egui::{Align2, Painter, Rangef, Rect, Response, Stroke, pos2, vec2};

use super::layout::{self, BandPlace};
use super::model::{self, RasterBand};
use crate::engine::Frame;
use crate::gui::action::{Action, TimeAction, WindowAction, choose};
use crate::gui::layout::Workspace;
use crate::gui::names::neuron_name;
use crate::gui::state::{ViewContext, watched};
use crate::gui::theme::{self, Palette};
use crate::gui::widgets::time_axis::TimeAxis;

/// Rows of at least this height get their number.
const NUMBERED_ROW: f32 = 11.0;

/// Everything that the parts of a picture need, put together once per frame.
pub struct RasterScene<'a> {
    pub cx: ViewContext<'a>,
    pub frame: &'a Arc<Frame>,
    pub axis: TimeAxis,
    pub bands: Vec<RasterBand<'a>>,
    /// On the screen.
    pub places: Vec<BandPlace>,
    pub picked: Option<(usize, usize)>,
}

/// A neuron at a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RasterSpot {
    /// Among the bands; 0 is the inputs.
    pub band: usize,
    pub unit: u32,
    pub step: u32,
}

impl RasterScene<'_> {
    /// A click picks the neuron under the pointer, or lets go of it.
    ///
    /// A double click shows all of the time axis, so it takes back what its first click picked: that is in `before`.
    pub fn pick(
        &self,
        plot: &Response,
        spot: Option<RasterSpot>,
        before: &mut Option<(usize, usize)>,
        actions: &mut Vec<Action>,
    ) {
        let mut choices = self.cx.choices.clone();
        if plot.double_clicked() {
            choices.neuron = *before;
        } else if let Some(spot) = spot.filter(|_| plot.clicked()) {
            *before = choices.neuron;
            let Some(layer) = self.bands[spot.band].layer else { return };
            let neuron = (layer, spot.unit as usize);
            // another spike of the same neuron is picked, and the neuron stays
            let again = choices.neuron == Some(neuron) && choices.inside.step == Some(spot.step);
            choices.neuron = (!again).then_some(neuron);
            choices.inside.step = Some(spot.step);
        }
        choose(self.cx.choices, choices, actions);
    }

    /// The menu of the neuron under the pointer.
    pub fn menu(
        &self,
        plot: &Response,
        spot: Option<RasterSpot>,
        of: &mut Option<RasterSpot>,
        actions: &mut Vec<Action>,
    ) {
        if plot.secondary_clicked() {
            *of = spot;
        }
        let Some((spot, layer)) = of.and_then(|spot| Some((spot, self.bands.get(spot.band)?.layer?))) else { return };
        plot.context_menu(|ui| {
            let neuron = (layer, spot.unit as usize);
            let name = neuron_name(self.frame, layer, spot.unit as usize);
            let hint = "What carried its potential, what each rule asks of it, and why it spikes (I)";
            if ui.button(format!("Look inside {name}")).on_hover_text(hint).clicked() {
                let mut choices = self.cx.choices.clone();
                (choices.neuron, choices.inside.step) = (Some(neuron), Some(spot.step));
                choose(self.cx.choices, choices, actions);
                actions.push(WindowAction::Workspace(Workspace::Inside).into());
            }
            if self.bands[spot.band].spikes.contains(spot.step as usize, spot.unit) {
                let hint =
                    "When this spike was created, by which rule, how it has moved since, and when it was removed";
                if ui.button("Story of this spike").on_hover_text(hint).clicked() {
                    actions.push(TimeAction::Story { layer, unit: spot.unit, step: spot.step }.into());
                }
            }
        });
    }

    /// Shades the steps after an early stop.
    pub fn not_run(&self, painter: &Painter, rect: Rect, name: bool) {
        if self.frame.steps >= self.axis.steps {
            return;
        }
        let from = self.axis.x_at(self.frame.steps as f64).max(rect.left());
        let shade = Rect::from_x_y_ranges(from..=rect.right().max(from), rect.y_range());
        let theme = self.cx.theme;
        painter.rect_filled(shade, 0.0, theme.line.gamma_multiply(0.6));
        if name && shade.width() > 40.0 {
            let at = pos2(shade.left() + 4.0, shade.top() + 2.0);
            painter.text(at, Align2::LEFT_TOP, "not computed", theme::small(), theme.faint);
        }
    }

    /// The row of the output that should spike first.
    pub fn label_row(&self, painter: &Painter, band: &RasterBand, place: &BandPlace) {
        if let Some(unit) = model::label(self.frame).filter(|_| band.output) {
            let row = Rect::from_x_y_ranges(self.axis.x, self.row(place, unit as u32));
            painter.rect_filled(row, 0.0, self.cx.theme.target.gamma_multiply(0.16));
        }
    }

    pub fn label_text(&self, painter: &Painter, band: &RasterBand, place: &BandPlace) {
        if let Some(unit) = model::label(self.frame).filter(|_| band.output) {
            let at = pos2(self.axis.x.max - 4.0, place.y_of(unit as u32));
            let theme = self.cx.theme;
            plate(painter, theme, at, Align2::RIGHT_CENTER, "should be first", theme.target);
        }
    }

    pub fn row(&self, place: &BandPlace, unit: u32) -> Rangef {
        let y = place.y_of(unit);
        Rangef::new(y - place.row() / 2.0, y + place.row() / 2.0)
    }

    /// Numbers of the rows, the row picked, the row under the pointer, and the counts.
    pub fn rows(&self, painter: &Painter, band: &RasterBand, place: &BandPlace, spot: Option<RasterSpot>) {
        let theme = self.cx.theme;
        let pointed = spot.filter(|s| self.bands[s.band].layer == band.layer).map(|s| s.unit);
        let picked = self.picked.filter(|p| band.layer == Some(p.0)).map(|p| p.1 as u32);
        if let Some(unit) = pointed {
            let row = Rect::from_x_y_ranges(self.axis.x, self.row(place, unit));
            painter.rect_filled(row, 0.0, theme.focus.gamma_multiply(0.14));
        }
        let number = |unit: u32, colour| {
            let at = pos2(self.axis.x.min - 6.0, place.y_of(unit));
            painter.text(at, Align2::RIGHT_CENTER, unit.to_string(), theme::small(), colour);
        };
        if let Some(unit) = picked {
            let y = self.row(place, unit);
            let rect = Rect::from_x_y_ranges(self.axis.x, y);
            painter.rect_filled(rect, 0.0, theme.focus.gamma_multiply(0.16));
            let stroke = Stroke::new(1.0, theme.focus);
            if place.row() >= 5.0 {
                painter.hline(self.axis.x, painter.round_to_pixel_center(y.min), stroke);
            }
            painter.hline(self.axis.x, painter.round_to_pixel_center(y.max), stroke);
            number(unit, theme.focus);
            // the step that is explained
            if let Some(step) = self.cx.choices.inside.step.filter(|step| (*step as usize) < self.axis.steps) {
                let x = painter.round_to_pixel_center(self.axis.x_of(step));
                if self.axis.x.contains(x) {
                    painter.vline(x, y.expand(4.0), Stroke::new(1.5, theme.focus));
                }
            }
        }
        if place.row() >= NUMBERED_ROW {
            // a number that would stand on the band's name is left out
            let under_name = |unit: u32| place.units > 99 && place.y_of(unit) < place.y.min + layout::FOLDED;
            for unit in (0..place.units as u32).filter(|&u| Some(u) != picked && !under_name(u)) {
                let colour = if Some(unit) == pointed { theme.ink } else { theme.faint };
                number(unit, colour);
            }
        } else if let Some(unit) = pointed.filter(|u| Some(*u) != picked) {
            number(unit, theme.ink);
        }
        if band.output && watched::counts(self.frame) && place.row() >= NUMBERED_ROW - 3.0 {
            for unit in 0..place.units as u32 {
                let (is, wanted) = model::count(self.frame, unit);
                let colour = if is == wanted { theme.faint } else { theme.ink };
                let at = pos2(self.axis.x.max + 6.0, place.y_of(unit));
                painter.text(at, Align2::LEFT_CENTER, format!("{is} of {wanted}"), theme::small(), colour);
            }
        }
    }
}

/// Text over a plot, on a ground of its own.
pub fn plate(painter: &Painter, theme: &Palette, at: egui::Pos2, anchor: Align2, text: &str, colour: egui::Color32) {
    let galley = painter.layout_no_wrap(text.to_owned(), theme::small(), colour);
    let rect = anchor.anchor_size(at, galley.size());
    painter.rect_filled(rect.expand2(vec2(3.0, 0.0)), 2.0, theme.ground.gamma_multiply(0.85));
    painter.galley(rect.min, galley, colour);
}
