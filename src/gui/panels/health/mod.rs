//! What is ill with the network in view, why it matters, and what to try.

mod examples;

use egui::{Button, Label, RichText, ScrollArea, Ui, WidgetInfo};

use crate::explain::health::{Finding, Illness};
use crate::gui::action::{Action, SettingsAction, choose};
use crate::gui::names::{layer_name, neuron_name};
use crate::gui::state::ViewContext;
use crate::gui::theme::small;
use crate::gui::widgets::{ill_mark, note};
use crate::text;
use crate::train::settings::{Change, Value};

/// The state of the panel's own view.
#[derive(Default)]
pub struct HealthPanel;

/// Neurons of a finding that are named; the rest is counted.
const MOST_NAMED: usize = 24;

impl HealthPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        note::caption(ui, cx, "The network in view, examined on its batch");
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            match cx.health.diagnosis() {
                None => drop(ui.label("The network is being examined.")),
                Some(diagnosis) => {
                    let at = text::whole(diagnosis.update);
                    let said = match diagnosis.findings.len() as u64 {
                        0 => format!("Nothing is ill after update {at}."),
                        n => format!(
                            "After update {at}, {} found, the worst first:",
                            if n == 1 { "1 illness was".into() } else { format!("{n} illnesses were") }
                        ),
                    };
                    ui.add(Label::new(RichText::new(said).color(cx.theme.faint)).wrap());
                    for (n, finding) in diagnosis.findings.iter().enumerate() {
                        ui.push_id(n, |ui| show(ui, cx, finding, actions));
                    }
                }
            }
            ui.add_space(8.0);
            examples::show(ui, cx, actions);
        });
    }
}

fn show(ui: &mut Ui, cx: ViewContext, finding: &Finding, actions: &mut Vec<Action>) {
    ui.add_space(6.0);
    ui.separator();
    ui.horizontal(|ui| {
        ill_mark::show(ui, cx.theme.warning);
        let layer = finding.layer.filter(|_| finding.illness != Illness::OutputsSilent);
        let name = |layer| format!(", {}", layer_name(layer, cx.layers().len(), cx.layers()));
        let layer = layer.map_or(String::new(), name);
        let title = format!("{}{layer}", finding.illness.label());
        let label = ui.label(RichText::new(&title).strong());
        label.widget_info(|| WidgetInfo::labeled(egui::Role::Heading, true, &title));
    });
    ui.add(Label::new(&finding.found).wrap());
    remedy(ui, finding, actions);
    ui.add(Label::new(RichText::new(finding.why).color(cx.theme.faint)).wrap());
    neurons(ui, cx, finding, actions);
}

/// The neurons as buttons that pick them.
fn neurons(ui: &mut Ui, cx: ViewContext, finding: &Finding, actions: &mut Vec<Action>) {
    let (Some(layer), Some(frame)) = (finding.layer, cx.frame()) else { return };
    let known = frame.spikes.get(layer).map_or(0, |spikes| spikes.units());
    let mut choices = cx.choices.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(2.0, 1.0);
        for unit in finding.neurons.iter().map(|unit| *unit as usize).filter(|unit| *unit < known).take(MOST_NAMED) {
            let picked = choices.neuron == Some((layer, unit));
            let name = neuron_name(frame, layer, unit);
            let button = ui.add(Button::selectable(picked, RichText::new(unit.to_string()).font(small())).small());
            button.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, picked, format!("Pick {name}")));
            if button.on_hover_text(format!("Picks {name} in all panels")).clicked() {
                choices.neuron = (!picked).then_some((layer, unit));
            }
        }
        if let Some(more) = finding.neurons.len().checked_sub(MOST_NAMED + 1) {
            note::faint(ui, cx, format!("and {} more", text::whole(more as u64 + 1)));
        }
    });
    choose(cx.choices, choices, actions);
}

/// What helps, and the button that does it.
fn remedy(ui: &mut Ui, finding: &Finding, actions: &mut Vec<Action>) {
    let remedy = &finding.remedy;
    if remedy.changes.is_empty() {
        return drop(ui.add(Label::new(remedy.words).wrap()));
    }
    let what: Vec<String> = remedy.changes.iter().map(told).collect();
    let restart = if remedy.restarts() { " and restart" } else { "" };
    let button = ui.add(Button::new(format!("Try: {}{restart}", what.join(", "))).wrap());
    let kept = if remedy.restarts() { "The run until now is kept. " } else { "" };
    let hint = format!("{} Sets {}. {kept}Ctrl+Z takes the change of settings back.", remedy.words, remedy.text());
    let name = format!("Try against {}", finding.illness.label().to_lowercase());
    button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &name));
    if button.on_hover_text(hint).clicked() {
        actions.push(SettingsAction::Change(remedy.changes.clone()).into());
        if remedy.restarts() {
            actions.push(SettingsAction::Restart.into());
        }
    }
    ui.add(Label::new(remedy.words).wrap());
}

/// As in "Initial gain 2" or "Silent-neuron penalty on".
fn told(change: &Change) -> String {
    match change.value {
        Value::Switch(on) => format!("{} {}", change.field.label, if on { "on" } else { "off" }),
        _ => format!("{} {}", change.field.label, change.value.to_text()),
    }
}
