//! The boxes with ready-made experiments and neurons.

use std::sync::LazyLock;

use egui::{ComboBox, Ui};

use crate::gui::action::{Action, SettingsAction};
use crate::gui::state::ViewContext;
use crate::rule::Rule;
use crate::spike::Price;
use crate::task::Split;
use crate::train::Settings;
use crate::train::settings::{NEURONS, PRESETS, Preset};

/// Every preset with its settings, without what a preset leaves open.
static BARE: LazyLock<Vec<(&'static Preset, Settings)>> =
    LazyLock::new(|| PRESETS.iter().map(|preset| (preset, bare((preset.make)()))).collect());

/// Settings without what a preset leaves open: seed and rule, the watched sample and how its spikes are compared, and where
/// files are.
fn bare(mut s: Settings) -> Settings {
    (s.run.seed, s.rule.rule) = (0, Rule::Antlr);
    (s.run.probe, s.run.probe_part, s.run.shift_cost) = (0, Split::Train, Price::default());
    (s.task.data, s.task.target) = (String::new(), String::new());
    s
}

/// The preset that the form shows, where it is one.
fn shown(form: &Settings) -> Option<&'static Preset> {
    let form = bare(form.clone());
    BARE.iter().find(|(_, settings)| *settings == form).map(|(preset, _)| *preset)
}

/// The settings of a preset, with what the form has of that which presets leave open.
fn onto(preset: &Preset, form: &Settings) -> Settings {
    let mut settings = (preset.make)();
    (settings.run.seed, settings.rule.rule) = (form.run.seed, form.rule.rule);
    if settings.task.kind == form.task.kind {
        settings.task.data.clone_from(&form.task.data);
        settings.task.target.clone_from(&form.task.target);
    }
    settings
}

pub(super) fn presets(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let name = ui.label("Preset");
        let now = shown(cx.form.settings());
        let text = now.map_or("Custom", |preset| preset.label);
        let combo = ComboBox::from_id_salt("preset").selected_text(text).width(ui.available_width() - 8.0);
        let combo = combo.truncate().show_ui(ui, |ui| {
            for preset in PRESETS {
                let chosen = now.is_some_and(|p| p.key == preset.key);
                if ui.selectable_label(chosen, preset.label).on_hover_text(preset.help).clicked() {
                    actions.push(SettingsAction::TakeOn(Box::new(onto(preset, cx.form.settings()))).into());
                }
            }
        });
        combo.response.labelled_by(name.id).on_hover_text("Ready-made experiments. The seed and the rule are kept.");
    });
}

/// The neurons that have a name: the decays make one of them or a custom one.
pub(super) fn neurons(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let name = ui.label("Type");
        let now = NEURONS.iter().find(|n| n.is_of(cx.form.settings()));
        let text = now.map_or("Custom", |neuron| neuron.label);
        let combo = ComboBox::from_id_salt("neuron").selected_text(text).width(ui.available_width() - 8.0);
        let combo = combo.truncate().show_ui(ui, |ui| {
            for neuron in NEURONS {
                let chosen = now.is_some_and(|n| n.key == neuron.key);
                if ui.selectable_label(chosen, neuron.label).on_hover_text(neuron.help).clicked() {
                    actions.push(SettingsAction::Change(neuron.changes()).into());
                }
            }
        });
        combo.response.labelled_by(name.id).on_hover_text("Named neurons: sets both decays, with automatic scaling");
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_is_recognised_whatever_it_leaves_open() {
        for preset in PRESETS {
            let mut form = Settings::default();
            (form.run.seed, form.rule.rule) = (7, Rule::Timing);
            let mut form = onto(preset, &form);
            assert_eq!((form.run.seed, form.rule.rule), (7, Rule::Timing));
            (form.run.probe, form.task.data) = (3, "somewhere".into());
            assert_eq!(shown(&form).map(|p| p.key), Some(preset.key));
            form.neuron.alpha_i = 0.123;
            assert!(shown(&form).is_none(), "{}", preset.key);
        }
    }

    #[test]
    fn files_stay_where_the_task_does() {
        let mut form = onto(crate::train::settings::preset("mnist").unwrap(), &Settings::default());
        form.task.data = "sets/mnist".into();
        assert_eq!(onto(crate::train::settings::preset("mnist").unwrap(), &form).task.data, "sets/mnist");
        assert_eq!(onto(crate::train::settings::preset("nmnist").unwrap(), &form).task.data, "");
    }
}
