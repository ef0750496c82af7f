//! The runs that are compared: how a comparison begins, how all of them go on, their figures, and how their settings differ.

mod figures;
mod session;

use egui::{Button, DragValue, Label, RichText, ScrollArea, Ui, WidgetInfo};

use crate::engine::Speed;
use crate::gui::action::{Action, CompareAction};
use crate::gui::state::ViewContext;
use crate::gui::theme::small;
use crate::gui::widgets::note;
use crate::text;

/// The state of the panel's own view.
#[derive(Default)]
pub struct CompareRunsPanel {
    /// The update that is to be run to, once the user has set it.
    goal: Option<u64>,
}

/// Characters of a value that are shown; all of it is in its tooltip.
const LONGEST: usize = 22;
/// Updates to run on for, unless the user says otherwise.
const FURTHER: u64 = 100;

impl CompareRunsPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            begin(ui, cx, actions);
            if !cx.compare.is_empty() {
                self.transport(ui, cx, actions);
                ui.add_space(2.0);
                figures::show(ui, cx, actions);
                ui.add_space(4.0);
                differences(ui, cx);
            }
            ui.add_space(4.0);
            session::show(ui, cx, actions);
        });
    }

    /// Run, step, run to, speed: all of them act on all runs.
    fn transport(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let mut wish = |action: CompareAction| actions.push(action.into());
        let (least, most) = cx.compare.updates();
        ui.horizontal_wrapped(|ui| {
            let playing = cx.compare.playing();
            let (name, action) =
                if playing { ("Pause all", CompareAction::Pause) } else { ("Run all", CompareAction::Play) };
            if ui
                .button(name)
                .on_hover_text("Runs or pauses all compared runs, in step with one another (space)")
                .clicked()
            {
                wish(action);
            }
            if ui
                .button("Step all")
                .on_hover_text("Makes one update of each run; one that is behind goes first (right arrow)")
                .clicked()
            {
                wish(CompareAction::Step);
            }
            let mut goal = self.goal.unwrap_or(most + FURTHER).max(least);
            let go = ui
                .button("Run all to")
                .on_hover_text("Runs all as fast as they go until each has made this number of updates");
            let field = ui.add(DragValue::new(&mut goal).range(least..=u64::MAX / 4).speed(10.0));
            field.widget_info(|| {
                let label = Some("Update to run all to".to_owned());
                WidgetInfo { label, ..WidgetInfo::drag_value(true, goal as f64) }
            });
            if field.on_hover_text("Number of updates that each run is to have made").changed() {
                self.goal = Some(goal);
            }
            if go.clicked() {
                self.goal = None;
                wish(CompareAction::RunTo(goal));
            }
            if let Some(speed) = speed(ui, cx.compare.speed) {
                wish(CompareAction::Speed(speed));
            }
            if ui.button("End").on_hover_text("Ends the comparison and lets go of its runs").clicked() {
                wish(CompareAction::End);
            }
        });
        let at = if least == most {
            format!("all after update {}", text::whole(most))
        } else {
            format!("updates {} to {}: those ahead wait for the others", text::whole(least), text::whole(most))
        };
        note::faint(ui, cx, at);
    }
}

/// The way in.
fn begin(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    ui.horizontal_wrapped(|ui| {
        let waiting = cx.compare.awaited.is_some();
        let seed = cx.run.settings.run.seed;
        let hint = format!(
            "Starts Activation, Timing and ANTLR from the same initial weights (seed {seed}) on the same data, with all \
             other settings of the run in view, which is paused"
        );
        let button = ui.add_enabled(!waiting, Button::new("Three rules, one seed"));
        if button.on_hover_text(&hint).on_disabled_hover_text("The runs are being prepared").clicked() {
            actions.push(CompareAction::Rules.into());
        }
        if waiting {
            ui.spinner();
        }
        if cx.compare.is_empty() {
            note::caption(ui, cx, format!("the three rules from seed {seed}, in step with one another"));
        }
    });
}

/// The speed that was chosen by the user.
fn speed(ui: &mut Ui, now: Option<Speed>) -> Option<Speed> {
    let now = now.unwrap_or(Speed::PerSecond(10.0));
    let mut chosen = now;
    let name = |speed: Speed| match speed {
        Speed::PerSecond(n) => format!("{n:.0}/s"),
        Speed::Unlimited => "unlimited".into(),
    };
    let choices = [Speed::PerSecond(1.0), Speed::PerSecond(10.0), Speed::PerSecond(100.0), Speed::Unlimited];
    let combo = egui::ComboBox::from_id_salt("speed of all").selected_text(name(now)).width(74.0);
    let response = combo.show_ui(ui, |ui| {
        for one in choices {
            ui.selectable_value(&mut chosen, one, name(one));
        }
    });
    response.response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, "Speed of all runs"));
    response.response.on_hover_text("Updates of each run per second");
    (chosen != now).then_some(chosen)
}

/// The settings in which the runs differ, and nothing else.
fn differences(ui: &mut Ui, cx: ViewContext) {
    let found = cx.compare.differences();
    if found.is_empty() {
        note::faint(ui, cx, "These runs have the same settings");
        return;
    }
    note::faint(ui, cx, "Settings that differ");
    egui::Grid::new("differences").num_columns(cx.compare.runs.len() + 1).striped(false).show(ui, |ui| {
        for (field, values) in found {
            ui.label(RichText::new(field.label).font(small()).color(cx.theme.faint)).on_hover_text(field.key);
            for value in values {
                let short: String = value.chars().take(LONGEST).collect();
                let whole = short.len() == value.len();
                let text = if whole { short } else { format!("{short} …") };
                ui.add(Label::new(RichText::new(text).font(small()))).on_hover_text(value);
            }
            ui.end_row();
        }
    });
}
