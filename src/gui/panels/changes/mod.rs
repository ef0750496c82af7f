//! What became of the spikes between two moments: counts for each layer, and how far those moved that did.

mod histogram;
mod model;
mod table;

use egui::{Align, Button, DragValue, Label, Layout, RichText, ScrollArea, Ui, WidgetInfo};

use super::super::action::Action;
use super::super::bar;
use super::super::format;
use super::super::layout::Panel;
use super::super::state::{CurveKind, Look, SpanChoice};
use super::super::theme;
use crate::loss::LossKind;
use crate::spike::stats::class_by_first_spike;
use crate::train::settings::{Change, Value};
use model::Digest;

/// Panels lower than this do without the caption.
const LOW: f32 = 220.0;
/// Panels wider than this have spans and q in one row.
const WIDE: f32 = 320.0;

#[derive(Default)]
pub struct ChangesPanel {
    /// The layer whose shifts are shown; `None` for all.
    layer: Option<usize>,
    digest: Option<Digest>,
    /// q while it is being dragged.
    q: Option<f64>,
}

impl ChangesPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
        if ui.available_height() > LOW {
            super::caption(ui, look, "spikes before and after, aligned neuron by neuron at least cost");
        }
        let height = ui.available_height();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let top = ui.cursor().top();
            let wide = ui.available_width() > WIDE;
            self.controls(ui, look, wide, actions);
            let Some(frame) = look.frame() else {
                super::empty(ui, look, "The first picture of the run is being made");
                return;
            };
            let span = look.choices.span;
            let changes = model::of(frame, span);
            ui.horizontal(|ui| {
                if !wide {
                    self.price(ui, look, actions);
                }
                let text = model::between(changes, frame.update, span, look.choices.look_back);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    over_training(ui, look, actions);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| small(ui, look, &text));
                });
            });
            if frame.update == 0 {
                let text = "No update was made yet: press Run (space), or Step (right arrow) for one";
                histogram::empty(ui, look, text, (height - (ui.cursor().top() - top)).max(40.0));
                return;
            }
            let layers = changes.changes.layers.len();
            self.layer = self.layer.filter(|l| *l < layers);
            if !self.digest.as_ref().is_some_and(|d| d.is_of(frame, span, self.layer)) {
                self.digest = Some(Digest::new(frame, span, self.layer));
            }
            let Some(digest) = &self.digest else { return };
            let q = frame.settings.run.q;
            let last = digest.rows.len() - 1;
            let mut chosen = digest.rows.iter().position(|r| r.layer == self.layer).unwrap_or(last);
            ui.scope(|ui| table::show(ui, look, &digest.rows, q, &mut chosen));
            if frame.settings.loss.kind == LossKind::Latency {
                let label = frame.sample().target.label;
                let first = frame.spikes.last().and_then(class_by_first_spike);
                let first = first.map_or("none".into(), |o| format!("output {o}"));
                let hint = "The latency loss wants the output of the sample's label to be the first that spikes";
                small(ui, look, &format!("first to spike: {first}, wanted: output {label}")).on_hover_text(hint);
            } else if let Some(hits) = digest.hits {
                let distance = model::distance(hits.distance, q);
                let [met, of] = [u64::from(hits.hits), hits.targets as u64].map(format::whole);
                let met = if hits.hits == 1 { format!("{met} hit") } else { format!("{met} hits") };
                let text = format!("output to target: distance {distance} ({met} of {of} targets)");
                let hint = "What it would cost to turn the output spikes, as they are now, into the target; \
                            a hit is a spike at the very step of its target";
                small(ui, look, &text).on_hover_text(hint);
            }
            let row = &digest.rows[chosen.min(last)];
            let rest = (height - (ui.cursor().top() - top) - 4.0).max(histogram::LEAST_HEIGHT);
            if digest.shifts.is_empty() {
                histogram::empty(ui, look, "No spike moved in this span", rest);
            } else {
                let mean = model::mean_shift(&row.tally).unwrap_or_default();
                histogram::show(ui, look, &digest.shifts, mean, frame.settings.task.dt_ms, rest);
            }
            self.layer = digest.rows.get(chosen).and_then(|r| r.layer);
        });
    }

    /// The three spans; and q, where there is room for it.
    fn controls(&mut self, ui: &mut Ui, look: Look, wide: bool, actions: &mut Vec<Action>) {
        let mut choices = look.choices.clone();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 3.0;
            let chip = |ui: &mut Ui, choice: &mut SpanChoice, span, text: &str, hint: &str| {
                if ui.add(Button::selectable(*choice == span, text)).on_hover_text(hint).clicked() {
                    *choice = span;
                }
            };
            let last = "What the last update did to the spikes; the raster shows the same";
            chip(ui, &mut choices.span, SpanChoice::Last, "Last update", last);
            chip(ui, &mut choices.span, SpanChoice::Back, "Last", "What the last so many updates did together");
            let drag = DragValue::new(&mut choices.look_back).range(2..=1000).speed(1.0).update_while_editing(false);
            let response = ui.add(drag).on_hover_text("How many updates back, from 2 to 1,000. Drag, or click to type");
            response.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, "Updates to look back"));
            if response.changed() {
                choices.span = SpanChoice::Back;
            }
            let start = "What all updates together did since the start of the run";
            chip(ui, &mut choices.span, SpanChoice::Start, "Since start", start);
            if wide {
                ui.add_space(6.0);
                self.price(ui, look, actions);
            }
        });
        bar::choose(look.choices, choices, actions);
    }

    fn price(&mut self, ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
        let mut q = self.q.unwrap_or(look.form.run.q);
        let reach = if q > 0.0 { format!("up to {} steps apart", format::value(2.0 / q)) } else { "any".into() };
        let hint = format!(
            "q: price of moving a spike by one step, where creating or removing one costs 1. \
             Spikes up to 2/q steps apart can be a pair: now {reach}. Turned up, far moves become a removed and a \
             created spike. Drag, or click to type"
        );
        ui.label("q").on_hover_text(&hint);
        let speed = (q * 0.02).max(0.002);
        let drag = DragValue::new(&mut q).range(0.0..=10.0).speed(speed).max_decimals(4);
        let response = ui.add(drag.update_while_editing(false)).on_hover_text(hint);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, "q, price of a move"));
        if response.changed() {
            self.q = Some(q);
        }
        // one change of the settings for a drag, not one for every point of it
        if let Some(q) = self.q.filter(|_| !response.dragged()) {
            self.q = None;
            actions.push(Action::Change(vec![Change::to("run.q", Value::Real(q))]));
        }
    }
}

/// Opens the curves of the changes, so that one sees them over the run.
fn over_training(ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
    let hint = "Shows what each update of the run did, in the panel of curves";
    if ui.add(Button::new(RichText::new("Over training").font(theme::small())).small()).on_hover_text(hint).clicked() {
        let mut choices = look.choices.clone();
        choices.curve = CurveKind::Changes;
        bar::choose(look.choices, choices, actions);
        actions.push(Action::OpenPanel(Panel::Curves));
    }
}

fn small(ui: &mut Ui, look: Look, text: &str) -> egui::Response {
    ui.add(Label::new(RichText::new(text).font(theme::small()).color(look.theme.faint)).truncate())
}
