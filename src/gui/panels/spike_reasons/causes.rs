//! The weights that changed a potential, and the neurons that asked for it; each can be picked.

use egui::{Button, Grid, RichText, Ui, vec2};

use super::model;
use crate::engine::{Frame, SpikeReasons};
use crate::explain::cause::{Request, SpikeCause, SynapseCause};
use crate::gui::names::{layer_name, neuron_name};
use crate::gui::state::{Choices, ViewContext};
use crate::gui::theme::small;
use crate::gui::widgets::note;
use crate::text::{signed, value};

/// Weights and neurons that are listed.
const MOST: usize = 8;
/// Input spikes that are listed.
const MOST_ARRIVALS: usize = 6;

/// What the last update changed here, weight by weight.
pub fn weights(ui: &mut Ui, cx: ViewContext, frame: &Frame, cause: &SpikeCause, choices: &mut Choices) {
    let number = |v: f32| signed(format!("{v:.3}"));
    let after = cause.after.map_or("not run".into(), number);
    let text = format!(
        "At step {}: v {} before the last update, {} with its new weights, {after} with what comes in now. Its weights, \
         by what their change does to v there:",
        cause.step,
        number(cause.before),
        number(cause.alone)
    );
    ui.add(egui::Label::new(text).wrap());
    let small_text = |text: String| RichText::new(text).font(small());
    Grid::new("causes").num_columns(5).spacing(vec2(10.0, 1.0)).striped(true).show(ui, |ui| {
        for (title, hint) in [
            ("from", "The input of the weight; click to look at that neuron"),
            ("δv", "What the change of this weight does to the potential here"),
            ("weight", "Before the update and after it; click to turn it in \"Along a weight\""),
            ("input spikes", "Since the neuron's last reset"),
        ] {
            ui.label(small_text(title.into()).color(cx.theme.faint)).on_hover_text(hint);
        }
        ui.end_row();
        for synapse in cause.synapses.iter().take(MOST) {
            weight(ui, frame, cause, synapse, choices);
            ui.end_row();
        }
    });
    if cause.synapses.len() > MOST {
        let rest: f32 = cause.synapses[MOST..].iter().map(|synapse| synapse.delta_v).sum();
        let others = cause.synapses.len() - MOST;
        let others = if others == 1 { "1 other".into() } else { format!("{others} others together") };
        note::faint(ui, cx, format!("{others}: {}", signed(format!("{rest:+.4}"))));
    }
}

fn weight(ui: &mut Ui, frame: &Frame, cause: &SpikeCause, synapse: &SynapseCause, choices: &mut Choices) {
    let small_text = |text: String| RichText::new(text).font(small());
    let (layer, unit) = (cause.neuron.layer, cause.neuron.unit as usize);
    match (synapse.input, layer.checked_sub(1)) {
        (None, _) => drop(ui.label(small_text("bias".into()))),
        (Some(input), None) => drop(ui.label(small_text(format!("input {input}")))),
        (Some(input), Some(below)) => {
            let name = format!("{} {input}", layer_name(below, frame.net.layers.len(), &frame.net.layers));
            let hint = "Looks at this neuron, at its last spike that came in here";
            if ui.add(Button::new(small_text(name)).small()).on_hover_text(hint).clicked() {
                choices.neuron = Some((below, input as usize));
                choices.inside.step = synapse.arrivals.last().copied().or(choices.inside.step);
            }
        }
    }
    ui.label(small_text(signed(format!("{:+.4}", synapse.delta_v))));
    let [before, after] = synapse.weight.map(|w| signed(value(f64::from(w))));
    let button = Button::new(small_text(format!("{before} to {after}"))).small();
    if ui.add(button).on_hover_text("Picks this weight: \"Along a weight\" turns it").clicked() {
        choices.inside.synapse = Some((layer, unit, synapse.input));
    }
    ui.label(small_text(arrivals(&synapse.arrivals)));
}

/// As in "12, 30, 31".
fn arrivals(steps: &[u32]) -> String {
    let skipped = steps.len().saturating_sub(MOST_ARRIVALS);
    let list: Vec<String> = steps[skipped..].iter().map(u32::to_string).collect();
    match skipped {
        0 => list.join(", "),
        _ => format!("… {}", list.join(", ")),
    }
}

/// Who asked for a change of the potential, before the last update.
pub fn asked(ui: &mut Ui, cx: ViewContext, frame: &Frame, request: &Request, choices: &mut Choices) {
    if request.asked.is_empty() {
        return;
    }
    let text = format!("Before the last update {}; it comes from:", model::sight(request.rule, request.g_v));
    ui.add(egui::Label::new(text).wrap());
    ui.horizontal_wrapped(|ui| {
        for by in request.asked.iter().take(MOST) {
            let name = neuron_name(frame, by.neuron.layer, by.neuron.unit as usize);
            let part = signed(value(f64::from(by.g_v)));
            let text = RichText::new(format!("{name} at {} ({part})", by.step)).font(small());
            let hint = "Looks at this neuron, at the step at which its potential asks for most of it";
            if ui.add(Button::new(text).small()).on_hover_text(hint).clicked() {
                choices.neuron = Some((by.neuron.layer, by.neuron.unit as usize));
                choices.inside.step = Some(by.step);
            }
        }
        if request.asked.len() > MOST {
            note::faint(ui, cx, format!("and {} others", request.asked.len() - MOST));
        }
    });
}

/// What each rule asks of the potential here, as things stand.
pub fn sight(ui: &mut Ui, cx: ViewContext, reasons: &SpikeReasons) {
    if reasons.sight.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.label("Now:");
        for request in &reasons.sight {
            let text = RichText::new(model::sight(request.rule, request.g_v)).color(cx.theme.rule(request.rule));
            ui.label(text).on_hover_text("dL/dv at these weights, for a step against the gradient");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::arrivals;

    #[test]
    fn of_many_input_spikes_the_last_are_listed() {
        assert_eq!(arrivals(&[]), "");
        assert_eq!(arrivals(&[3, 40]), "3, 40");
        assert_eq!(arrivals(&[1, 2, 3, 4, 5, 6, 7, 8]), "… 3, 4, 5, 6, 7, 8");
    }
}
