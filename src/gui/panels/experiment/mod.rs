//! All settings, made from the one table of them. A value that cannot be is answered at its field, and the last good
//! one stays.

mod controls;
mod number;
mod ready_made;
mod surrogate;
mod written;

use std::collections::HashMap;

use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Button, CollapsingHeader, FontId, Label, Layout, Response, RichText, ScrollArea, Sense, Ui, vec2};

use crate::gui::action::{Action, SettingsAction, TaskAction};
use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::gui::widgets::{note, ring};
use crate::lesson::Control;
use crate::text;
use crate::train::settings::fields::Section;
use crate::train::settings::{Change, Field, SECTIONS, Value, ValueKind};
use controls::Wanted;
use number::{CONTROL, Number};
use written::WrittenSettings;

/// The state of the form.
#[derive(Default)]
pub struct ExperimentPanel {
    /// By key: why the text typed there last cannot be read.
    refused: HashMap<&'static str, String>,
    written: WrittenSettings,
    /// Decays shown as time constants in ms.
    as_tau: bool,
}

impl ExperimentPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        note::caption(ui, cx, "Hover over a name to see what it does");
        if cx.lesson.chooses_settings() {
            return self.chosen_settings(ui, cx, actions);
        }
        let choose = Button::new("Choose task…").min_size(vec2(ui.available_width(), 24.0));
        if ui.add(choose).on_hover_text("Chooses what is learnt, and from which files (T)").clicked() {
            actions.push(TaskAction::Choose(None).into());
        }
        ready_made::presets(ui, cx, actions);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            // the scroll bar floats: it must not lie over the values
            ui.set_max_width(ui.available_width() - 8.0);
            for section in SECTIONS {
                let heading = RichText::new(section.label).color(cx.theme.faint);
                CollapsingHeader::new(heading)
                    .default_open(true)
                    .show_unindented(ui, |ui| self.section(ui, cx, section, actions));
            }
            let size = format!("A run with these settings takes about {} of memory", text::bytes(cx.need_of_form));
            ui.add_space(6.0);
            ui.label(RichText::new(size).font(theme::small()).color(cx.theme.faint));
        });
    }

    /// The settings alone that the lesson needs.
    fn chosen_settings(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width() - 8.0);
            for section in SECTIONS {
                for field in section.fields.iter().filter(|field| cx.lesson.shows(Control::Setting(field))) {
                    self.row(ui, cx, field, actions);
                }
            }
        });
    }

    fn section(&mut self, ui: &mut Ui, cx: ViewContext, section: &'static Section, actions: &mut Vec<Action>) {
        if section.key == "neuron" {
            ready_made::neurons(ui, cx, actions);
            self.decays_as(ui);
        }
        // what belongs to other tasks would only be in the way
        let here = |f: &&Field| section.key != "task" || f.applies(cx.form.settings());
        for field in section.fields.iter().filter(here) {
            self.row(ui, cx, field, actions);
            if field.key == "rule.surrogate_beta" && field.applies(cx.form.settings()) {
                surrogate::show(ui, cx);
            }
        }
    }

    fn decays_as(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            ui.label("Decays as");
            ui.selectable_value(&mut self.as_tau, false, "α")
                .on_hover_text("Fraction that remains after a step, 0 to 1");
            let hint = "Time constant in ms, τ = −dt / ln α; inf for no decay";
            ui.selectable_value(&mut self.as_tau, true, "τ (ms)").on_hover_text(hint);
        });
    }

    fn row(&mut self, ui: &mut Ui, cx: ViewContext, field: &'static Field, actions: &mut Vec<Action>) {
        let applies = field.applies(cx.form.settings());
        let mut wanted = None;
        // what is written takes a line of its own, and so does every control where there is no room next to the name
        let (wide, stacked) = (written::wide(&field.kind), ui.available_width() < STACKED);
        let mut add = |form: &mut Self, ui: &mut Ui, name: &Response| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_enabled_ui(applies, |ui| wanted = form.control(ui, cx, field, name, actions));
            });
        };
        let name = ui.horizontal(|ui| {
            ui.set_min_height(20.0);
            let name = self.name(ui, cx, field, applies, if wide || stacked { 0.0 } else { CONTROL });
            ring::around(ui, cx, Control::Setting(field), name.rect);
            if !wide && !stacked {
                add(self, ui, &name);
            }
            name
        });
        if stacked && !wide {
            ui.horizontal(|ui| add(self, ui, &name.inner));
        } else if wide {
            ui.add_enabled_ui(applies, |ui| wanted = self.written.show(ui, cx, field, name.inner.id, actions));
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
            let text = format!("{why} The value stays {}.", field.get(cx.form.settings()).to_text());
            ui.label(RichText::new(text).font(theme::small()).color(cx.theme.warning));
        }
    }

    /// Label and symbol; the tooltip says the rest. The `control` next to it takes that much of the width.
    fn name(&self, ui: &mut Ui, cx: ViewContext, field: &'static Field, applies: bool, control: f32) -> Response {
        let waiting = cx.form.waiting().contains(&field);
        let colour = match (waiting, applies) {
            (true, _) => cx.theme.warning,
            (_, true) => cx.theme.ink,
            _ => cx.theme.faint,
        };
        let hint = hint(field);
        let mut text = LayoutJob::default();
        text.append(field.label, 0.0, TextFormat::simple(FontId::proportional(theme::TEXT), colour));
        let waits = if waiting { "after restart".to_owned() } else { self.symbol_and_unit(field) };
        let small = if waiting { cx.theme.warning } else { cx.theme.faint };
        text.append(&waits, 6.0, TextFormat::simple(theme::small(), small));
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
        let symbol = if tau { field.symbol.replace('α', "τ") } else { field.symbol_to_add().to_owned() };
        let unit = if tau { "ms" } else { field.unit };
        let comma = if symbol.is_empty() || unit.is_empty() { "" } else { ", " };
        format!("{symbol}{comma}{unit}")
    }

    fn tau_of(&self, field: &Field) -> bool {
        self.as_tau && matches!(field.key, "neuron.alpha_i" | "neuron.alpha_v")
    }

    /// The control of a field; from right to left.
    fn control(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        field: &'static Field,
        name: &Response,
        actions: &mut Vec<Action>,
    ) -> Wanted {
        match (field.kind, field.get(cx.form.settings())) {
            (ValueKind::Switch, Value::Switch(on)) => controls::switch(ui, on, name),
            (ValueKind::Choice(choices), Value::Choice(now)) => controls::choice(ui, field, choices, now, name),
            (ValueKind::Real { .. }, Value::Real(x)) if self.tau_of(field) => {
                controls::time_constant(ui, field, cx.form.settings(), x, name)
            }
            (ValueKind::Real { min, max, log, step }, Value::Real(x)) => {
                let speed = if log { (x.abs() * step * 0.1).max(1e-9) } else { step * 0.2 };
                controls::real(ui, field, Number { value: x, min, max, speed }, name)
            }
            (ValueKind::Whole { min, max }, Value::Whole(n)) => controls::whole(ui, field, [min, max], n, name),
            (ValueKind::Layers { .. } | ValueKind::Shape { .. } | ValueKind::Path, _) => {
                self.written.show(ui, cx, field, name.id, actions)
            }
            // a value of another kind: fields have none
            _ => None,
        }
    }
}

/// A form narrower than this has its controls below their names.
const STACKED: f32 = 190.0;

/// All that is known of a setting.
fn hint(field: &Field) -> String {
    let change = if field.live { "Takes effect at once." } else { "Takes effect after a restart." };
    let when = field.when.words();
    let when = if when.is_empty() { when } else { format!("\nOnly has an effect when {when}.") };
    format!("{}\n{}: {}\n{change}{when}", field.help, field.key, field.allowed())
}
