//! All settings, made from the one table of them. A value that cannot be is answered at its field, and the last good
//! one stays.

mod written;

use std::cell::RefCell;
use std::collections::HashMap;

use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, Button, CollapsingHeader, ComboBox, DragValue, FontId, Label, Layout, Response, RichText, ScrollArea, Sense,
    Ui, vec2,
};

use crate::snn::neuron::{alpha, tau};
use crate::train::Settings;
use crate::train::settings::{Change, FIELDS, Field, Kind, NEURONS, PRESETS, Value, memory};

use super::super::action::Action;
use super::super::state::Look;
use super::super::theme;

/// Width of every control, in points.
const CONTROL: f32 = 84.0;

/// What the form remembers.
#[derive(Default)]
pub struct ExperimentPanel {
    /// By key: why what was typed there last cannot be read.
    refused: HashMap<&'static str, String>,
    /// By key: text that is being edited.
    texts: HashMap<&'static str, String>,
    /// Decays shown as time constants in ms.
    as_tau: bool,
}

impl ExperimentPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
        super::caption(ui, look, "hover a name for what it does");
        let choose = Button::new("Choose task…").min_size(vec2(ui.available_width(), 24.0));
        if ui.add(choose).on_hover_text("What is learnt, and from which files (T)").clicked() {
            actions.push(Action::ChooseTask(None));
        }
        presets(ui, look, actions);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            // the scroll bar floats: it must not lie over the values
            ui.set_max_width(ui.available_width() - 8.0);
            let mut sections: Vec<&str> = FIELDS.iter().map(|f| f.section).collect();
            sections.dedup();
            for section in sections {
                CollapsingHeader::new(RichText::new(section).color(look.theme.faint))
                    .default_open(true)
                    .show_unindented(ui, |ui| {
                        if section == "Neuron" {
                            neurons(ui, look, actions);
                            self.decays_as(ui);
                        }
                        // what belongs to other tasks would only be in the way
                        let here = |f: &&Field| f.section == section && (section != "Task" || f.applies(look.form));
                        for field in FIELDS.iter().filter(here) {
                            self.row(ui, look, field, actions);
                        }
                    });
            }
            let size = format!(
                "a run of these settings takes about {} of memory",
                memory::bytes(crate::engine::need(look.form))
            );
            ui.add_space(6.0);
            ui.label(RichText::new(size).font(theme::small()).color(look.theme.faint));
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

    fn row(&mut self, ui: &mut Ui, look: Look, field: &'static Field, actions: &mut Vec<Action>) {
        let applies = field.applies(look.form);
        let (mut wanted, mut below) = (None, None);
        ui.horizontal(|ui| {
            ui.set_min_height(20.0);
            let name = self.name(ui, look, field, applies);
            if written::wide(&field.kind) {
                below = Some(name.id);
                return;
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_enabled_ui(applies, |ui| wanted = self.control(ui, look, field, &name, actions));
            });
        });
        if let Some(name) = below {
            ui.add_enabled_ui(applies, |ui| wanted = self.written(ui, look, field, name, actions));
        }
        match wanted {
            Some(Ok(value)) => {
                self.refused.clear();
                actions.push(Action::Edit(Change { field, value }));
            }
            Some(Err(why)) => drop(self.refused.insert(field.key, why)),
            None => {}
        }
        if let Some(why) = self.refused.get(field.key).or_else(|| look.edits.refused().get(field.key)) {
            let text = format!("{why} {} stays", field.get(look.form).to_text());
            ui.label(RichText::new(text).font(theme::small()).color(look.theme.warning));
        }
    }

    /// Label and symbol; the tooltip says the rest.
    fn name(&self, ui: &mut Ui, look: Look, field: &'static Field, applies: bool) -> Response {
        let waiting = look.edits.waiting().contains(&field);
        let colour = match (waiting, applies) {
            (true, _) => look.theme.warning,
            (_, true) => look.theme.ink,
            _ => look.theme.faint,
        };
        let change = if field.live { "Changes at once" } else { "Needs a restart" };
        let when =
            if field.when.text.is_empty() { String::new() } else { format!("\nHas an effect {}", field.when.text) };
        let hint = format!("{}\n{}: {}\n{change}{when}", field.help, field.key, field.allowed());
        let mut text = LayoutJob::default();
        text.append(field.label, 0.0, TextFormat::simple(FontId::proportional(theme::TEXT), colour));
        let waits = if waiting { "after restart".to_owned() } else { self.symbol_and_unit(field) };
        let small = if waiting { look.theme.warning } else { look.theme.faint };
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

    /// The control of a field; from right to left. `Some(Err(why))`: what the person wrote cannot be, as a sentence.
    fn control(
        &mut self,
        ui: &mut Ui,
        look: Look,
        field: &'static Field,
        name: &Response,
        actions: &mut Vec<Action>,
    ) -> Option<Result<Value, String>> {
        let refuse = |text: String| field.refuse(&text).message;
        match (field.kind, field.get(look.form)) {
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
                let dt = look.form.task.dt_ms;
                let number = Number { value: tau(x, dt), min: 0.0, max: f64::INFINITY, speed: 0.2 };
                number.show(ui, name).map(|new| new.map(|ms| Value::Real(alpha(ms, dt))).map_err(refuse))
            }
            (Kind::Real { min, max, log, step }, Value::Real(x)) => {
                let speed = if log { (x.abs() * step * 0.1).max(1e-9) } else { step * 0.2 };
                let number = Number { value: x, min, max, speed };
                number.show(ui, name).map(|new| new.map(Value::Real).map_err(refuse))
            }
            (Kind::Whole { min, max }, Value::Whole(n)) => {
                let speed = (n as f64 * 0.01).clamp(0.05, 10.0);
                let number = Number { value: n as f64, min: min as f64, max: max as f64, speed };
                let whole =
                    |x: f64| if x.fract() == 0.0 && x >= 0.0 { Ok(Value::Whole(x as u64)) } else { Err(x.to_string()) };
                number.show_whole(ui, name).map(|new| new.and_then(whole).map_err(refuse))
            }
            (Kind::Layers { .. } | Kind::Shape { .. } | Kind::Path, _) => {
                self.written(ui, look, field, name.id, actions)
            }
            (_, now) => {
                ui.label(now.to_text());
                None
            }
        }
    }
}

/// A number to be dragged or typed.
struct Number {
    value: f64,
    min: f64,
    max: f64,
    speed: f64,
}

impl Number {
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

fn presets(ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let name = ui.label("Preset");
        let bare = |settings: &Settings| {
            let mut s = settings.clone();
            (s.run.seed, s.rule.rule) = (0, crate::rule::Rule::Antlr);
            // … nor which sample one looks at
            (s.run.probe, s.run.probe_part, s.run.q) = (0, crate::task::Split::Train, 0.1);
            // a preset does not know where a person's files lie
            (s.task.data, s.task.target) = (String::new(), String::new());
            s
        };
        let now = PRESETS.iter().find(|p| bare(&(p.make)()) == bare(look.form));
        let shown = now.map_or("own settings", |p| p.label);
        let combo = ComboBox::from_id_salt("preset").selected_text(shown).width(ui.available_width() - 8.0);
        let combo = combo.truncate().show_ui(ui, |ui| {
            for preset in PRESETS {
                let chosen = now.is_some_and(|p| p.key == preset.key);
                if ui.selectable_label(chosen, preset.label).on_hover_text(preset.help).clicked() {
                    let mut settings = (preset.make)();
                    (settings.run.seed, settings.rule.rule) = (look.form.run.seed, look.form.rule.rule);
                    if settings.task.kind == look.form.task.kind {
                        settings.task.data.clone_from(&look.form.task.data);
                        settings.task.target.clone_from(&look.form.task.target);
                    }
                    actions.push(Action::TakeOn(Box::new(settings)));
                }
            }
        });
        combo.response.labelled_by(name.id).on_hover_text("Ready-made experiments. Seed and rule stay as they are");
    });
}

/// The neurons that have a name: what the decays make of one.
fn neurons(ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let name = ui.label("Type");
        let now = NEURONS.iter().find(|n| n.is_of(look.form));
        let shown = now.map_or("own decays", |n| n.label);
        let combo = ComboBox::from_id_salt("neuron").selected_text(shown).width(ui.available_width() - 8.0);
        let combo = combo.truncate().show_ui(ui, |ui| {
            for neuron in NEURONS {
                let chosen = now.is_some_and(|n| n.key == neuron.key);
                if ui.selectable_label(chosen, neuron.label).on_hover_text(neuron.help).clicked() {
                    actions.push(Action::Change(neuron.changes()));
                }
            }
        });
        combo
            .response
            .labelled_by(name.id)
            .on_hover_text("Neurons with a name: sets both decays, scaled automatically");
    });
}
