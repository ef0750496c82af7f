//! The sentence below the bars: what is under way, what went wrong, what waits for a restart, or what the rule sees.

use egui::{Align, Layout, RichText, Sense, Ui, vec2};

use super::meter::CostMeter;
use crate::gui::action::{Action, SettingsAction};
use crate::gui::state::{OpeningState, ViewContext};
use crate::gui::widgets::opening;
use crate::lesson::Control;
use crate::text;

/// Settings that are named as waiting for a restart; the others are in the tooltip.
const MOST_WAITING: usize = 5;

/// The sentence, and at the right the cost of the window.
pub fn show(ui: &mut Ui, cx: ViewContext, notice: Option<&str>, meter: CostMeter, actions: &mut Vec<Action>) {
    if let OpeningState::Refused(why) = cx.opening {
        return opening::refused(ui, cx, why, actions);
    }
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            meter.show(ui, cx);
            ui.add_space(8.0);
            sentence(ui, cx, notice, actions);
        });
    });
}

fn sentence(ui: &mut Ui, cx: ViewContext, notice: Option<&str>, actions: &mut Vec<Action>) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        if let OpeningState::Busy(fraction) = cx.opening {
            return opening::busy(ui, fraction, actions);
        }
        if let Some(halt) = &cx.run.halted {
            ui.label(RichText::new(halt.to_string()).color(cx.theme.warning));
            return;
        }
        let waiting: Vec<&str> = cx.form.waiting().iter().map(|field| field.label).collect();
        if !waiting.is_empty() {
            // another task changes many settings, and the buttons must stay in sight
            let more = waiting.len().saturating_sub(MOST_WAITING);
            let names = waiting[..waiting.len() - more].join(", ");
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let text = format!("Waiting for a restart: {names}{more}");
            ui.label(RichText::new(text).color(cx.theme.warning)).on_hover_text(waiting.join(", "));
            let need = text::bytes(cx.need_of_form);
            let hint = format!(
                "Ends this run and starts a new one from update 0 with these settings (R). With its history it takes \
                 about {need} of memory."
            );
            if ui.button("Restart now").on_hover_text(hint).clicked() {
                actions.push(SettingsAction::Restart.into());
            }
            if ui.button("Discard").on_hover_text("Reverts to the settings of the run").clicked() {
                actions.push(SettingsAction::Discard.into());
            }
            return;
        }
        if let Some(text) = notice {
            ui.add(egui::Label::new(text).truncate());
            return;
        }
        // a lesson that is not about rules does not speak of them, and one that asks does not answer
        if !cx.lesson.shows(Control::Rules) || cx.lesson.asks() {
            return;
        }
        let rule = cx.run.settings.rule.rule;
        let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
        ui.painter().circle_filled(dot.center(), 4.0, cx.theme.rule(rule));
        let text = RichText::new(rule.help()).color(cx.theme.faint);
        ui.add(egui::Label::new(text).truncate());
    });
}
