//! Changes of the spikes between two moments: counts for each layer, and how far those moved that did.

mod histogram;
mod model;
mod table;

use std::sync::Arc;

use egui::{Align, Button, DragValue, Layout, RichText, ScrollArea, Ui, WidgetInfo};

use crate::engine::Frame;
use crate::gui::action::{Action, SettingsAction, WindowAction, choose};
use crate::gui::layout::Panel;
use crate::gui::state::{CurveKind, SpanChoice, ViewContext};
use crate::gui::theme;
use crate::gui::widgets::note;
use crate::loss::LossKind;
use crate::spike::stats::class_by_first_spike;
use crate::text;
use crate::train::settings::{Change, Value};
use model::ChangeDigest;

/// Panels lower than this do without the caption.
const LOW: f32 = 220.0;
/// Panels wider than this have spans and q in one row.
const WIDE: f32 = 320.0;

#[derive(Default)]
pub struct ChangesPanel {
    /// The layer whose shifts are shown; `None` for all.
    layer: Option<usize>,
    digest: Option<ChangeDigest>,
    /// q while it is being dragged.
    q: Option<f64>,
}

impl ChangesPanel {
    /// The layer whose shifts are shown; `None` for all.
    pub fn layer(&self) -> Option<usize> {
        self.layer
    }

    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        if ui.available_height() > LOW {
            note::caption(ui, cx, "Spikes before and after, aligned neuron by neuron at the lowest cost");
        }
        let height = ui.available_height();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let top = ui.cursor().top();
            let wide = ui.available_width() > WIDE;
            self.controls(ui, cx, wide, actions);
            let Some(frame) = cx.frame() else {
                note::empty(ui, cx, "The first frame of the run is being computed");
                return;
            };
            let span = cx.choices.span;
            let changes = model::of(frame, span);
            ui.horizontal(|ui| {
                if !wide {
                    self.price(ui, cx, actions);
                }
                let text = model::between(changes, frame.update, span, cx.choices.look_back);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    over_training(ui, cx, actions);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| note::faint(ui, cx, text));
                });
            });
            if frame.update == 0 {
                let text = "No updates yet: press Run (space), or Step (right arrow) for a single one";
                histogram::empty(ui, cx, text, (height + top - ui.cursor().top()).max(40.0));
                return;
            }
            self.table(ui, cx, frame, height + top);
        });
    }

    /// Counts layer by layer, what became of the targets, and the histogram; down to `bottom`.
    fn table(&mut self, ui: &mut Ui, cx: ViewContext, frame: &Arc<Frame>, bottom: f32) {
        let span = cx.choices.span;
        let layers = model::of(frame, span).changes.layers.len();
        self.layer = self.layer.filter(|l| *l < layers);
        if !self.digest.as_ref().is_some_and(|d| d.is_of(frame, span, self.layer)) {
            self.digest = Some(ChangeDigest::new(frame, span, self.layer));
        }
        let Some(digest) = &self.digest else { return };
        let last = digest.rows.len() - 1;
        let mut chosen = digest.rows.iter().position(|r| r.layer == self.layer).unwrap_or(last);
        ui.scope(|ui| table::show(ui, cx, &digest.rows, frame.settings.run.shift_cost.q(), &mut chosen));
        targets(ui, cx, frame, digest);
        let row = &digest.rows[chosen.min(last)];
        let rest = (bottom - ui.cursor().top() - 4.0).max(histogram::LEAST_HEIGHT);
        if digest.shifts.is_empty() {
            histogram::empty(ui, cx, "No spike moved in this span", rest);
        } else {
            let mean = model::mean_shift(&row.tally).unwrap_or_default();
            histogram::show(ui, cx, &digest.shifts, mean, frame.settings.task.dt_ms, rest);
        }
        self.layer = digest.rows.get(chosen).and_then(|r| r.layer);
    }

    /// The three spans; and q, where there is room for it.
    fn controls(&mut self, ui: &mut Ui, cx: ViewContext, wide: bool, actions: &mut Vec<Action>) {
        let mut choices = cx.choices.clone();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 3.0;
            let chip = |ui: &mut Ui, choice: &mut SpanChoice, span, text: &str, hint: &str| {
                if ui.add(Button::selectable(*choice == span, text)).on_hover_text(hint).clicked() {
                    *choice = span;
                }
            };
            let last = "Changes made by the last update, as in the raster";
            chip(ui, &mut choices.span, SpanChoice::Last, "Last update", last);
            chip(ui, &mut choices.span, SpanChoice::Back, "Last", "Changes made by the last N updates together");
            let drag = DragValue::new(&mut choices.look_back).range(2..=1000).speed(1.0).update_while_editing(false);
            let response =
                ui.add(drag).on_hover_text("Number of updates to look back, from 2 to 1,000. Drag, or click to type.");
            response.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, "Updates to look back"));
            if response.changed() {
                choices.span = SpanChoice::Back;
            }
            let start = "Changes made by all updates since the start of the run";
            chip(ui, &mut choices.span, SpanChoice::Start, "Since start", start);
            if wide {
                ui.add_space(6.0);
                self.price(ui, cx, actions);
            }
        });
        choose(cx.choices, choices, actions);
    }

    fn price(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let mut q = self.q.unwrap_or(cx.form.settings().run.shift_cost.q());
        let reach =
            if q > 0.0 { format!("up to {} steps apart", text::value(2.0 / q)) } else { "at any distance".into() };
        let hint = format!(
            "Shift cost q: the cost of moving a spike by one step, where creating or removing one costs 1. Spikes up \
             to 2/q steps apart can form a pair: now {reach}. With a higher q, long moves become a removed and a \
             created spike. Drag, or click to type."
        );
        ui.label("q").on_hover_text(&hint);
        let speed = (q * 0.02).max(0.002);
        let drag = DragValue::new(&mut q).range(0.0..=10.0).speed(speed).max_decimals(4);
        let response = ui.add(drag.update_while_editing(false)).on_hover_text(hint);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, "Shift cost q"));
        if response.changed() {
            self.q = Some(q);
        }
        // one change of the settings for a drag, not one for every point of it
        if let Some(q) = self.q.filter(|_| !response.dragged()) {
            self.q = None;
            actions.push(SettingsAction::Change(vec![Change::to("run.q", Value::Real(q))]).into());
        }
    }
}

/// How far the output is from what it should be, as the loss sees it.
fn targets(ui: &mut Ui, cx: ViewContext, frame: &Frame, digest: &ChangeDigest) {
    if frame.settings.loss.kind == LossKind::Latency {
        let label = frame.sample().target.label;
        let first = frame.spikes.last().and_then(class_by_first_spike);
        let first = first.map_or("none".into(), |o| format!("output {o}"));
        let hint = "With the latency loss, the output of the sample's class should be the first to spike";
        note::faint(ui, cx, format!("first to spike: {first}, wanted: output {label}")).on_hover_text(hint);
    } else if let Some(hits) = digest.hits {
        let distance = model::distance(hits.distance, frame.settings.run.shift_cost.q());
        let (met, of) = (text::count(hits.hits.into(), "hit"), text::whole(hits.targets as u64));
        let text = format!("output to target: distance {distance} ({met} of {of} targets)");
        let hint = "Cost of turning the current output spikes into the target; a hit is a spike at exactly the \
                            step of its target";
        note::faint(ui, cx, text).on_hover_text(hint);
    }
}

/// Opens the curves of the changes, so that one sees them over the run.
fn over_training(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let hint = "Shows the changes made by each update of the run, in the Curves panel";
    if ui.add(Button::new(RichText::new("Over training").font(theme::small())).small()).on_hover_text(hint).clicked() {
        let mut choices = cx.choices.clone();
        choices.curve = CurveKind::Changes;
        choose(cx.choices, choices, actions);
        actions.push(WindowAction::OpenPanel(Panel::Curves).into());
    }
}
