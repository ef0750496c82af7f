//! All settings, made from the one table of them. A value that cannot be is answered at its field, and the last good
//! one stays.

mod written;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, Button, CollapsingHeader, ComboBox, DragValue, FontId, Label, Layout, Response, RichText, ScrollArea, Sense,
    Ui, vec2,
};

use crate::gui::action::{Action, SettingsAction, TaskAction};
use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::gui::widgets::note;
use crate::rule::Rule;
use crate::snn::neuron::{alpha, tau};
use crate::task::Split;
use crate::text;
use crate::train::Settings;
use crate::train::settings::{Change, FIELDS, Field, Kind, NEURONS, PRESETS, Value};

/// Width of every control, in points.
const CONTROL: f32 = 84.0;

/// The state of the form.
#[derive(Default)]
pub struct ExperimentPanel {
    /// By key: why the text typed there last cannot be read.
    refused: HashMap<&'static str, String>,
    /// By key: text that is being edited.
    texts: HashMap<&'static str, String>,
    /// Decays shown as time constants in ms.
    as_tau: bool,
}

impl ExperimentPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        note::caption(ui, cx, "hover a name for what it does");
        let choose = Button::new("Choose task…").min_size(vec2(ui.available_width(), 24.0));
        if ui.add(choose).on_hover_text("What is learnt, and from which files (T)").clicked() {
            actions.push(TaskAction::Choose(None).into());
        }
        presets(ui, cx, actions);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            // the scroll bar floats: it must not lie over the values
            ui.set_max_width(ui.available_width() - 8.0);
            let mut sections: Vec<&str> = FIELDS.iter().map(|f| f.section).collect();
            sections.dedup();
            for section in sections {
                CollapsingHeader::new(RichText::new(section).color(cx.theme.faint)).default_open(true).show_unindented(
                    ui,
                    |ui| {
                        if section == "Neuron" {
                            neurons(ui, cx, actions);
                            self.decays_as(ui);
                        }
                        // what belongs to other tasks would only be in the way
                        let here =
                            |f: &&Field| f.section == section && (section != "Task" || f.applies(cx.form.settings()));
                        for field in FIELDS.iter().filter(here) {
                            self.row(ui, cx, field, actions);
                        }
                    },
                );
            }
            let size = format!("a run of these settings takes about {} of memory", text::bytes(cx.need_of_form));
            ui.add_space(6.0);
            ui.label(RichText::new(size).font(theme::small()).color(cx.theme.faint));
        });
    }

    fn decays_as(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.label("Decays as");
            ui.selectable_value(&mut self.as_tau, false, "α").on_hover_text("Share that is left after a step, 0 to 1");
            let hint = "Time constant in ms, τ = −dt / ln α: infinite for no decay";
            ui.selectable_value(&mut self.as_tau, true, "τ (ms)").on_hover_text(hint);
        });
    }

    fn row(&mut self, ui: &mut Ui, cx: ViewContext, field: &'static Field, actions: &mut Vec<Action>) {
        let applies = field.applies(cx.form.settings());
        let (mut wanted, mut below) = (None, None);
        ui.horizontal(|ui| {
            ui.set_min_height(20.0);
            let name = self.name(ui, cx, field, applies);
            if written::wide(&field.kind) {
                below = Some(name.id);
                return;
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_enabled_ui(applies, |ui| wanted = self.control(ui, cx, field, &name, actions));
            });
        });
        if let Some(name) = below {
            ui.add_enabled_ui(applies, |ui| wanted = self.written(ui, cx, field, name, actions));
        }
        match wanted {
            Some(Ok(value)) => {
                self.refused.clear();
                actions.push(SettingsAction::Edit(Change { field, value }).into());
            }
            Some(Err(why)) => drop(self.refused.insert(field.key, why)),
            None => {}
        }
        if let Some(why) = self.refused.get(field.key).or_else(|| cx.form.refused().get(field.key)) {
            let text = format!("{why} {} stays", field.get(cx.form.settings()).to_text());
            ui.label(RichText::new(text).font(theme::small()).color(cx.theme.warning));
        }
    }

    /// Label and symbol; the tooltip says the rest.
    fn name(&self, ui: &mut Ui, cx: ViewContext, field: &'static Field, applies: bool) -> Response {
        let waiting = cx.form.waiting().contains(&field);
        let colour = match (waiting, applies) {
            (true, _) => cx.theme.warning,
            (_, true) => cx.theme.ink,
            _ => cx.theme.faint,
        };
        let change = if field.live { "Changes at once" } else { "Needs a restart" };
        let when =
            if field.when.text.is_empty() { String::new() } else { format!("\nHas an effect {}", field.when.text) };
        let hint = format!("{}\n{}: {}\n{change}{when}", field.help, field.key, field.allowed());
        let mut text = LayoutJob::default();
        text.append(field.label, 0.0, TextFormat::simple(FontId::proportional(theme::TEXT), colour));
        let waits = if waiting { "after restart".to_owned() } else { self.symbol_and_unit(field) };
        let small = if waiting { cx.theme.warning } else { cx.theme.faint };
        text.append(&waits, 6.0, TextFormat::simple(theme::small(), small));
        let control = if written::wide(&field.kind) { 0.0 } else { CONTROL };
        let room = (ui.available_width() - control - ui.spacing().item_spacing.x).max(0.0);
        let response = ui.allocate_ui_with_layout(vec2(room, 20.0), Layout::left_to_right(Align::Center), |ui| {
            ui.add(Label::new(text).truncate().show_tooltip_when_elided(false).sense(Sense::hover()))
        });
        let response = response.inner.on_hover_text(hint);
        // what a screen reader calls the control
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, field.label));
        response
    }

    fn symbol_and_unit(&self, field: &Field) -> String {
        let tau = self.tau_of(field);
        let symbol = if tau { field.symbol.replace('α', "τ") } else { field.symbol.to_owned() };
        let unit = if tau { "ms" } else { field.unit };
        let comma = if symbol.is_empty() || unit.is_empty() { "" } else { ", " };
        format!("{symbol}{comma}{unit}")
    }

    fn tau_of(&self, field: &Field) -> bool {
        self.as_tau && matches!(field.key, "neuron.alpha_i" | "neuron.alpha_v")
    }

    /// The control of a field; from right to left. `Some(Err(why))`: what the user wrote cannot be, as a sentence.
    fn control(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        field: &'static Field,
        name: &Response,
        actions: &mut Vec<Action>,
    ) -> Option<Result<Value, String>> {
        let refuse = |text: String| field.refuse(&text).message;
        match (field.kind, field.get(cx.form.settings())) {
            (Kind::Switch, Value::Switch(mut on)) => {
                let changed = ui.checkbox(&mut on, "").labelled_by(name.id).changed();
                changed.then_some(Ok(Value::Switch(on)))
            }
            (Kind::Choice(choices), Value::Choice(now)) => {
                let mut picked = now;
                let shown = choices.iter().find(|c| c.key == now).map_or(now, |c| c.label);
                let combo = ComboBox::from_id_salt(field.key).selected_text(shown).width(CONTROL).truncate().show_ui(
                    ui,
                    |ui| {
                        for choice in choices {
                            ui.selectable_value(&mut picked, choice.key, choice.label).on_hover_text(choice.help);
                        }
                    },
                );
                combo.response.labelled_by(name.id);
                (picked != now).then_some(Ok(Value::Choice(picked)))
            }
            (Kind::Real { min, max, log, step }, Value::Real(x)) if self.tau_of(field) => {
                let _ = (min, max, log, step);
                let dt = cx.form.settings().task.dt_ms;
                let number = NumberField { value: tau(x, dt), min: 0.0, max: f64::INFINITY, speed: 0.2 };
                number.show(ui, name).map(|new| new.map(|ms| Value::Real(alpha(ms, dt))).map_err(refuse))
            }
            (Kind::Real { min, max, log, step }, Value::Real(x)) => {
                let speed = if log { (x.abs() * step * 0.1).max(1e-9) } else { step * 0.2 };
                let number = NumberField { value: x, min, max, speed };
                number.show(ui, name).map(|new| new.map(Value::Real).map_err(refuse))
            }
            (Kind::Whole { min, max }, Value::Whole(n)) => {
                let speed = (n as f64 * 0.01).clamp(0.05, 10.0);
                let number = NumberField { value: n as f64, min: min as f64, max: max as f64, speed };
                let whole =
                    |x: f64| if x.fract() == 0.0 && x >= 0.0 { Ok(Value::Whole(x as u64)) } else { Err(x.to_string()) };
                number.show_whole(ui, name).map(|new| new.and_then(whole).map_err(refuse))
            }
            (Kind::Layers { .. } | Kind::Shape { .. } | Kind::Path, _) => self.written(ui, cx, field, name.id, actions),
            (_, now) => {
                ui.label(now.to_text());
                None
            }
        }
    }
}

/// A number to be dragged or typed.
struct NumberField {
    value: f64,
    min: f64,
    max: f64,
    speed: f64,
}

impl NumberField {
    fn show(self, ui: &mut Ui, name: &Response) -> Option<Result<f64, String>> {
        self.field(ui, name, |x| {
            let plain = format!("{x:.4}");
            let plain = plain.trim_end_matches('0').trim_end_matches('.');
            if x == 0.0 || (1e-3..1e5).contains(&x.abs()) { plain.to_owned() } else { format!("{x:e}") }
        })
    }

    fn show_whole(self, ui: &mut Ui, name: &Response) -> Option<Result<f64, String>> {
        let new = self.field(ui, name, |x| format!("{x:.0}"));
        new.map(|x| x.map(|x| if x.fract().abs() < 1e-9 { x.round() } else { x }))
    }

    /// Dragging stays within the range; what is typed outside of it, or is no number, is refused in words.
    fn field(self, ui: &mut Ui, name: &Response, text: impl Fn(f64) -> String) -> Option<Result<f64, String>> {
        let unread = RefCell::new(None);
        let mut value = self.value;
        let shown = text(self.value);
        let parser = |s: &str| {
            // digits that the field does not show are not lost by looking at it
            if s == shown {
                return Some(self.value);
            }
            let number = s.trim().replace(',', ".").parse().ok();
            if number.is_none() {
                *unread.borrow_mut() = Some(s.to_owned());
            }
            number
        };
        let drag = DragValue::new(&mut value).speed(self.speed).update_while_editing(false);
        let drag = drag.custom_parser(parser).custom_formatter(|x, _| text(x));
        let response = ui.add_sized(vec2(CONTROL, 20.0), drag).labelled_by(name.id);
        if let Some(text) = unread.take() {
            return Some(Err(text));
        }
        if !response.changed() || value == self.value {
            return None;
        }
        Some(Ok(if response.dragged() { value.clamp(self.min, self.max) } else { value }))
    }
}

/// Settings without the parts that a preset leaves alone: seed, rule, watched sample, and the places of the user's
/// files.
fn bare(settings: &Settings) -> Settings {
    let mut s = settings.clone();
    (s.run.seed, s.rule.rule) = (0, Rule::Antlr);
    (s.run.probe, s.run.probe_part, s.run.q) = (0, Split::Train, 0.1);
    (s.task.data, s.task.target) = (String::new(), String::new());
    s
}

/// The presets as the form is compared with them, in their order.
static BARE_PRESETS: LazyLock<Vec<Settings>> = LazyLock::new(|| PRESETS.iter().map(|p| bare(&(p.make)())).collect());

fn presets(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let name = ui.label("Preset");
        let old = cx.form.settings();
        let form = bare(old);
        let now = BARE_PRESETS.iter().position(|bare| *bare == form).map(|n| &PRESETS[n]);
        let shown = now.map_or("own settings", |p| p.label);
        let combo = ComboBox::from_id_salt("preset").selected_text(shown).width(ui.available_width() - 8.0);
        let combo = combo.truncate().show_ui(ui, |ui| {
            for preset in PRESETS {
                let chosen = now.is_some_and(|p| p.key == preset.key);
                if ui.selectable_label(chosen, preset.label).on_hover_text(preset.help).clicked() {
                    let mut settings = (preset.make)();
                    (settings.run.seed, settings.rule.rule) = (old.run.seed, old.rule.rule);
                    if settings.task.kind == old.task.kind {
                        settings.task.data.clone_from(&old.task.data);
                        settings.task.target.clone_from(&old.task.target);
                    }
                    actions.push(SettingsAction::TakeOn(Box::new(settings)).into());
                }
            }
        });
        combo.response.labelled_by(name.id).on_hover_text("Ready-made experiments. Seed and rule stay as they are");
    });
}

/// The neurons that have a name: what the decays make of one.
fn neurons(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let name = ui.label("Type");
        let now = NEURONS.iter().find(|n| n.is_of(cx.form.settings()));
        let shown = now.map_or("own decays", |n| n.label);
        let combo = ComboBox::from_id_salt("neuron").selected_text(shown).width(ui.available_width() - 8.0);
        let combo = combo.truncate().show_ui(ui, |ui| {
            for neuron in NEURONS {
                let chosen = now.is_some_and(|n| n.key == neuron.key);
                if ui.selectable_label(chosen, neuron.label).on_hover_text(neuron.help).clicked() {
                    actions.push(SettingsAction::Change(neuron.changes()).into());
                }
            }
        });
        combo
            .response
            .labelled_by(name.id)
            .on_hover_text("Neurons with a name: sets both decays, scaled automatically");
    });
}
