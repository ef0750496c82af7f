//! Why the neuron picked spikes at the step picked, or does not: what the last update changed, weight by weight, who asked for
//! it, and which targets are missed.
//!
//! [`model`] says it in words, `causes` lists weights and neurons.

mod causes;
pub mod model;

use egui::{RichText, ScrollArea, Ui};

use crate::engine::SpikeReasons;
use crate::gui::action::{Action, TimeAction, WindowAction, choose};
use crate::gui::layout::Panel;
use crate::gui::state::inside::InsideView;
use crate::gui::state::{Choices, ViewContext, watched};
use crate::gui::widgets::note;

/// The panel keeps nothing of its own.
#[derive(Default)]
pub struct SpikeReasonsPanel;

impl SpikeReasonsPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let Some(view) = cx.inside.moment.shown() else {
            let why = cx.inside.moment.problem().unwrap_or("The gradients of the three rules are on their way");
            return note::empty(ui, cx, why);
        };
        let mut choices = cx.choices.clone();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            header(ui, cx, view, &mut choices, actions);
            if let Some(problem) = cx.inside.reasons.problem() {
                note::problem(ui, cx, problem);
            }
            let neuron = watched::neuron(cx.choices, &view.now.at.frame);
            let wanted = cx.choices.inside.step.map(|step| (neuron, step));
            match cx.inside.reasons.shown().filter(|reasons| Some((reasons.neuron, reasons.step)) == wanted) {
                Some(reasons) => explained(ui, cx, view, reasons, &mut choices),
                None if wanted.is_none() => {
                    note::faint(ui, cx, "Click a spike in the raster or in the potential, or a target below");
                }
                None => drop(note::faint(ui, cx, "The reasons are on their way")),
            }
            missed(ui, cx, view, &mut choices);
        });
        if choices.inside.synapse != cx.choices.inside.synapse {
            actions.push(WindowAction::OpenPanel(Panel::WeightLine).into());
        }
        choose(cx.choices, choices, actions);
    }
}

/// The neuron and the step, with the way to its other spikes.
fn header(ui: &mut Ui, cx: ViewContext, view: &InsideView, choices: &mut Choices, actions: &mut Vec<Action>) {
    let frame = &view.now.at.frame;
    let neuron = watched::neuron(cx.choices, frame);
    let spikes = model::train(view, neuron);
    let step = cx.choices.inside.step;
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(model::place(cx, frame, neuron, step)).strong());
        let earlier = spikes.iter().copied().rfind(|spike| step.is_none_or(|step| *spike < step));
        let later = spikes.iter().copied().find(|spike| step.is_none_or(|step| *spike > step));
        for (to, name, hint) in [
            (earlier, "Earlier spike", "Explains the spike of this neuron before this step"),
            (later, "Later spike", "Explains the spike of this neuron after this step"),
        ] {
            if ui.add_enabled(to.is_some(), egui::Button::new(name).small()).on_hover_text(hint).clicked() {
                choices.inside.step = to;
            }
        }
        let Some(step) = step.filter(|step| spikes.contains(step)) else { return };
        let hint =
            "Goes back to the update since which this neuron spikes at this step: what it did is then explained here";
        if ui.small_button("Find its update").on_hover_text(hint).clicked() {
            let neuron = (neuron.layer, neuron.unit as usize);
            actions.push(TimeAction::SearchOrigin { neuron, step }.into());
        }
    });
}

fn explained(ui: &mut Ui, cx: ViewContext, view: &InsideView, reasons: &SpikeReasons, choices: &mut Choices) {
    let frame = &view.now.at.frame;
    ui.add(egui::Label::new(model::here(reasons)).wrap());
    if let Some(update) = view.update() {
        ui.add(egui::Label::new(model::origin(update, reasons)).wrap());
    }
    if let Some(cause) = &reasons.cause {
        causes::weights(ui, cx, frame, cause, choices);
    }
    if let Some(demand) = &reasons.demand {
        ui.add(egui::Label::new(model::demand(demand, reasons.step)).wrap());
    }
    if let Some(asked) = reasons.asked.as_ref().filter(|_| reasons.cause.is_some()) {
        causes::asked(ui, cx, frame, asked, choices);
    }
    causes::sight(ui, cx, reasons);
}

/// The targets that are missed; each can be picked.
fn missed(ui: &mut Ui, cx: ViewContext, view: &InsideView, choices: &mut Choices) {
    let update = view.update();
    let missed = update.map_or(&view.now.missed, |update| &update.missed);
    if missed.is_empty() {
        return;
    }
    ui.separator();
    let frame = &view.now.at.frame;
    note::faint(ui, cx, format!("Missed targets: {}", missed.len()));
    for target in missed {
        let here = cx.choices.inside.step == Some(target.step)
            && watched::neuron(cx.choices, frame).unit == target.unit
            && watched::neuron(cx.choices, frame).layer + 1 == frame.net.layers.len();
        let text = RichText::new(target.sentence()).font(crate::gui::theme::small());
        let button = ui.add(egui::Button::selectable(here, text).wrap());
        if button.on_hover_text(model::mend(target, update.is_some())).clicked() {
            choices.neuron = Some((frame.net.layers.len() - 1, target.unit as usize));
            choices.inside.step = Some(target.step);
        }
    }
}
