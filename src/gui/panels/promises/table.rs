//! The spikes of the neuron picked, one by one.

use egui::{Grid, RichText, Ui, vec2};

use super::model;
use crate::engine::InsideUpdate;
use crate::explain::line::NeuronAt;
use crate::gui::action::{Action, choose};
use crate::gui::names::neuron_name;
use crate::gui::state::ViewContext;
use crate::gui::theme::small;
use crate::text::count;

/// The titles of the columns, and what stands in them.
const COLUMNS: [(&str, &str); 5] = [
    ("spike at", "Where the spike was before the update; click to explain it"),
    ("promised", "By the update's own arithmetic, to first order: −δv/v′ steps; negative is earlier"),
    ("its weights", "By the neuron's own new weights, with the same spikes coming in"),
    ("its inputs", "By what came in after the update, on top of that"),
    (
        "verdict on its weights",
        "Whether its own weights moved the spike as promised; its inputs count as nobody's promise",
    ),
];

pub fn show(ui: &mut Ui, cx: ViewContext, update: &InsideUpdate, neuron: NeuronAt, actions: &mut Vec<Action>) {
    let Some(layer) = model::of_neuron(update, neuron) else { return };
    let spikes = layer.of_unit(neuron.unit);
    let mut choices = cx.choices.clone();
    let name = neuron_name(&update.at.frame, neuron.layer, neuron.unit as usize);
    let text = |text: String| RichText::new(text).font(small());
    ui.label(text(format!("{name}: {} before the update", count(spikes.len() as u64, "spike"))));
    Grid::new("promised spikes").num_columns(5).spacing(vec2(12.0, 2.0)).striped(true).show(ui, |ui| {
        for (title, hint) in COLUMNS {
            ui.label(text(title.into()).color(cx.theme.faint)).on_hover_text(hint);
        }
        ui.end_row();
        for spike in spikes {
            let here = cx.choices.inside.step.is_some_and(|step| [Some(spike.step), spike.after].contains(&Some(step)));
            let button = ui.selectable_label(here, text(spike.step.to_string())).on_hover_text("Explains this spike");
            if button.clicked() {
                choices.inside.step = Some(spike.after.unwrap_or(spike.step));
            }
            ui.label(text(model::promised(spike)));
            ui.label(text(model::steps(spike.by_weights())));
            let by_inputs = if spike.alone.is_none() { "–".into() } else { model::steps(spike.by_inputs()) };
            ui.label(text(by_inputs));
            let colour = if spike.verdict().is_broken() { cx.theme.removed } else { cx.theme.ink };
            ui.label(text(model::verdict(spike.verdict()).into()).color(colour));
            ui.end_row();
        }
    });
    for spike in layer.created.iter().filter(|spike| spike.unit == neuron.unit) {
        ui.label(text(model::created_text(update, layer, spike)).color(cx.theme.created));
    }
    choose(cx.choices, choices, actions);
}
