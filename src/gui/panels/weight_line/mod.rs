//! Spike times along a weight: where each spike of the outputs is as one weight is turned, and the loss under it.
//!
//! `model` makes lines of steps, `paint` draws them.

mod model;
mod paint;

use egui::{Button, DragValue, Rangef, Rect, Sense, Ui, pos2, vec2};

use self::model::synapse_name;
use self::paint::{LINE_LEFT, LinePicture};
use crate::engine::{LinePart, Synapse};
use crate::gui::action::{Action, choose};
use crate::gui::names::neuron_name;
use crate::gui::state::{AnswerProgress, ViewContext, watched};
use crate::gui::widgets::{note, progress};

/// The state of the panel's own view.
#[derive(Default)]
pub struct WeightLinePanel {
    /// The value of a that is looked at, and of which weight.
    turned: Option<(Synapse, f32)>,
}

const CAPTION: &str =
    "Each line is a spike; where it begins or ends it is created or removed. Dashed: as the timing rule expects";
/// Least and greatest range.
const RANGES: std::ops::RangeInclusive<f32> = 1e-3..=100.0;
/// Share of the height that the loss takes.
const LOSS: f32 = 0.24;

impl WeightLinePanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let Some(part) = cx.inside.line.shown() else {
            let why = cx.inside.line.problem().unwrap_or("The spike times along the weight are on their way");
            return note::empty(ui, cx, why);
        };
        if self.turned.is_some_and(|(of, a)| of != part.synapse || a.abs() > part.line.scale.range) {
            self.turned = None;
        }
        controls(ui, cx, part, &mut self.turned, actions);
        let a = self.turned.map_or(0.0, |(_, a)| a);
        ui.add(egui::Label::new(model::what_if(part, a)).wrap());
        let whole = ui.available_rect_before_wrap();
        if whole.height() < 60.0 {
            return;
        }
        let x = Rangef::new(whole.left() + LINE_LEFT, whole.right() - 10.0);
        let bottom = whole.bottom() - 18.0;
        let split = bottom - (bottom - whole.top()) * LOSS;
        let rect = Rect::from_x_y_ranges(x, Rangef::new(whole.top(), bottom));
        let plot = ui.allocate_rect(rect, Sense::click_and_drag());
        plot.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Spike times along a weight"));
        let own = watched::neuron(cx.choices, &part.frame);
        let picture = LinePicture {
            cx,
            part,
            x,
            spikes: Rangef::new(whole.top(), split - 4.0),
            loss: Rangef::new(split, bottom),
            own,
            turned: a,
        };
        picture.paint(ui.painter());
        if plot.double_clicked() {
            self.turned = None;
        } else if let Some(pointer) = plot.interact_pointer_pos().filter(|_| plot.dragged() || plot.clicked()) {
            self.turned = Some((part.synapse, picture.a_at(pointer.x)));
        }
        ui.advance_cursor_after_rect(Rect::from_min_size(pos2(whole.left(), rect.bottom()), vec2(whole.width(), 18.0)));
        if let Some(pointer) = plot.hover_pos().filter(|_| !plot.dragged()) {
            plot.on_hover_text_at_pointer(model::point_text(part, picture.a_at(pointer.x)));
        }
    }
}

/// Which weight, and how far it is turned.
fn controls(
    ui: &mut Ui,
    cx: ViewContext,
    part: &LinePart,
    turned: &mut Option<(Synapse, f32)>,
    actions: &mut Vec<Action>,
) {
    let mut choices = cx.choices.clone();
    let (frame, synapse) = (&part.frame, part.synapse);
    let neuron = (synapse.neuron.layer, synapse.neuron.unit as usize);
    ui.horizontal_wrapped(|ui| {
        ui.label(format!("{} into", synapse_name(part)));
        let name = neuron_name(frame, neuron.0, neuron.1);
        if ui.small_button(&name).on_hover_text("Looks at this neuron").clicked() {
            choices.neuron = Some(neuron);
        }
        let inputs = frame.net.layers[neuron.0].inputs as u32;
        let mut input = synapse.input.unwrap_or(0);
        let drag = ui.add(DragValue::new(&mut input).range(0..=inputs.saturating_sub(1)).prefix("input "));
        drag.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Input of the weight"));
        if drag.on_hover_text("The unit of the layer below from which the weight comes").changed() {
            choices.inside.synapse = Some((neuron.0, neuron.1, Some(input)));
        }
        let bias = ui.add(Button::selectable(synapse.input.is_none(), "Bias").small());
        if bias.on_hover_text("Turns the bias of the neuron").clicked() {
            choices.inside.synapse = Some((neuron.0, neuron.1, None));
        }
        let range = DragValue::new(&mut choices.inside.range).range(RANGES).speed(0.01).prefix("± ");
        let range = ui.add(range);
        range.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, "Range of the weight"));
        range
            .on_hover_text("How far the weight is turned to either side; a larger range shows more with coarser steps");
        if turned.is_some() && ui.small_button("Back").on_hover_text("Lets go of the what-if").clicked() {
            *turned = None;
        }
        if cx.inside.line.running() && !part.line.is_whole() {
            let of = part.line.scale.points;
            let state = AnswerProgress { done: part.done, of, took: std::time::Duration::ZERO, behind: false };
            note::faint(ui, cx, progress::progress_text(AnswerProgress { done: state.done, ..state }, "points"));
        }
    });
    note::caption(ui, cx, CAPTION);
    choose(cx.choices, choices, actions);
}
