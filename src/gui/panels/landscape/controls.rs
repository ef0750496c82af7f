//! What can be chosen about the landscape, and how far its measurement is.

use std::time::Duration;

use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Button, Label, PopupCloseBehavior, RichText, Role, Ui, WidgetInfo, vec2};

use super::looks;
use crate::gui::action::Action;
use crate::gui::bar::choose;
use crate::gui::format::{seconds, whole};
use crate::gui::latest::AnswerProgress;
use crate::gui::state::Look;
use crate::gui::survey::Measured;
use crate::gui::survey::choices::LandscapeChoices;
use crate::gui::theme::small;

/// A measurement that takes longer offers to be stopped.
const SOON: Duration = Duration::from_millis(500);
const RANGES: [f32; 7] = [0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0];

/// The row of controls.
pub fn row(ui: &mut Ui, look: Look, roomy: bool, actions: &mut Vec<Action>) {
    let mut choices = look.choices.clone();
    let chosen = &mut choices.landscape;
    let narrow = ui.available_width() < super::NARROW;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        range(ui, chosen);
        if chosen.plane.is_drawn(chosen.second) {
            new_directions(ui, chosen, narrow);
        }
        follow(ui, chosen);
        ask(ui, look, actions);
        if !roomy {
            let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
            let (button, _) = MenuButton::new("Show").config(config).ui(ui, |ui| looks::show(ui, look, true, chosen));
            button.on_hover_text("How the landscape is drawn: surface, colours, level lines, arrows");
        }
    });
    if roomy {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            looks::show(ui, look, false, chosen);
        });
    }
    choose(look.choices, choices, actions);
}

/// How far the grid reaches.
pub fn range(ui: &mut Ui, chosen: &mut LandscapeChoices) {
    let combo = egui::ComboBox::from_id_salt("range").width(58.0).selected_text(range_text(chosen.range));
    let range = combo.show_ui(ui, |ui| {
        for range in RANGES {
            ui.selectable_value(&mut chosen.range, range, range_text(range));
        }
    });
    range.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Range"));
    range.response.on_hover_text(
        "Range: how far the grid reaches along both directions; 1 is as far as the weights are long. A small range \
         shows the steps that the loss is made of, a large one the whole valley",
    );
}

/// Draws the random directions again.
pub fn new_directions(ui: &mut Ui, chosen: &mut LandscapeChoices, narrow: bool) {
    let hint = "Measures along other random directions (the next seed)";
    let response = ui.button(if narrow { "New plane" } else { "New directions" }).on_hover_text(hint);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "New directions"));
    if response.clicked() {
        chosen.seed = chosen.seed.wrapping_add(1);
    }
}

/// Whether the landscape goes along with the run.
pub fn follow(ui: &mut Ui, chosen: &mut LandscapeChoices) {
    ui.checkbox(&mut chosen.follow, "Follow").on_hover_text(
        "Measures again and again while the training goes on. The picture in view stays until the next is whole",
    );
}

/// Stop, or what begins again.
pub fn ask(ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
    let shown = look.landscape.shown();
    // what is done in a moment needs no Stop, and a button that changes all the time cannot be hit
    if look.landscape.progress().is_some_and(|p| p.took > SOON || shown.is_none()) {
        let hint = "Stops measuring and keeps what is in view; also switches Follow off, which would begin again";
        if ui.add(Button::new("Stop").min_size(vec2(60.0, 0.0))).on_hover_text(hint).clicked() {
            actions.push(Action::StopSurvey);
        }
        return;
    }
    let hint = "Measures the loss around the weights as they are now";
    let button = Button::new("Refresh").min_size(vec2(60.0, 0.0));
    if ui.add_enabled(look.frame().is_some(), button).on_hover_text(hint).clicked() {
        actions.push(Action::Survey);
    }
    if look.landscape.stopped().is_some() {
        let hint = "Goes on where it was stopped: only what is missing is measured";
        if ui.button("Resume").on_hover_text(hint).clicked() {
            actions.push(Action::ResumeSurvey);
        }
    }
}

/// How far the measurement is, or what is in view, and a thin bar below.
pub fn status(ui: &mut Ui, look: Look, m: &Measured) {
    let progress = look.landscape.progress();
    let ago = look.run.update().saturating_sub(m.question.frame.update);
    let text = status_text(m, progress, ago, ui.available_width() < super::NARROW);
    let label = Label::new(RichText::new(text).font(small()).color(look.theme.faint)).truncate();
    ui.add(label).on_hover_text(hint(m, progress));
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 2.0), egui::Sense::hover());
    if let Some(p) = progress {
        ui.painter().rect_filled(bar, 0.0, look.theme.line);
        let done = bar.with_max_x(bar.left() + bar.width() * p.done as f32 / p.of.max(1) as f32);
        ui.painter().rect_filled(done, 0.0, look.theme.focus);
    }
}

/// A measurement that takes less than this says nothing of itself but by its bar: its numbers could not be read.
const READABLE: Duration = Duration::from_secs(1);

fn status_text(m: &Measured, progress: Option<AnswerProgress>, ago: u64, narrow: bool) -> String {
    if let Some(p) = progress {
        let brief = p.left().is_none_or(|left| left + p.took < READABLE);
        if !(p.behind && brief) {
            let shown = if p.behind { format!("; update {} in view", whole(m.update)) } else { String::new() };
            return format!("{}{shown}", progress_text(p));
        }
    }
    let ago = match ago {
        0 => String::new(),
        1 => ", 1 update ago".into(),
        n if narrow => format!(" ({} ago)", whole(n)),
        n => format!(", {} updates ago", whole(n)),
    };
    let at = if narrow { "update" } else { "centre at update" };
    let points = if m.is_whole() {
        format!("{} points in {}", whole(m.done() as u64), seconds(m.took))
    } else {
        format!("stopped at {} of {} points", whole(m.done() as u64), whole(m.grid().len() as u64))
    };
    format!("{at} {}{ago}; {points}", whole(m.update))
}

fn progress_text(p: AnswerProgress) -> String {
    let left = p.left().map_or(String::new(), |left| format!(", {} left", seconds(left)));
    format!("{} of {} points{left}", whole(p.done as u64), whole(p.of as u64))
}

fn hint(m: &Measured, progress: Option<AnswerProgress>) -> String {
    let settled = format!(
        "The loss at {} of {} points around the weights after update {}, measured in {}",
        whole(m.done() as u64),
        whole(m.grid().len() as u64),
        whole(m.update),
        seconds(m.took)
    );
    progress.map_or(settled.clone(), |p| format!("{settled}. Under way: {}", progress_text(p)))
}

fn range_text(range: f32) -> String {
    format!("± {range}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::panels::landscape::tests::measured as of_points;

    fn measured(done: usize) -> Measured {
        let mut m = of_points(51, |_, _| 0.5);
        m.update = 120;
        m.took = Duration::from_millis(210);
        if done < m.done() {
            let points: Vec<_> = (0..done as u32).map(|k| (k, m.landscape.points[k as usize].unwrap())).collect();
            m.landscape = crate::landscape::Landscape::new(m.grid());
            m.landscape.take(&points, &[]);
        }
        m
    }

    fn progress(done: usize, millis: u64, behind: bool) -> Option<AnswerProgress> {
        Some(AnswerProgress { done, of: 2601, took: Duration::from_millis(millis), behind })
    }

    #[test]
    fn the_status_says_what_is_in_view_and_what_is_coming() {
        let whole = measured(2601);
        assert_eq!(status_text(&whole, None, 0, false), "centre at update 120; 2,601 points in 0.21 s");
        assert_eq!(
            status_text(&whole, None, 12, false),
            "centre at update 120, 12 updates ago; 2,601 points in 0.21 s"
        );
        assert_eq!(status_text(&whole, None, 12, true), "update 120 (12 ago); 2,601 points in 0.21 s");
        let part = measured(640);
        assert_eq!(status_text(&part, None, 0, false), "centre at update 120; stopped at 640 of 2,601 points");
        assert_eq!(status_text(&part, progress(1204, 260, false), 0, false), "1,204 of 2,601 points, 0.30 s left");
        // while following, a quick measurement leaves the text alone, a slow one says how long it will be
        assert!(status_text(&whole, progress(1204, 260, true), 12, false).starts_with("centre at update 120"));
        let slow = status_text(&whole, progress(1204, 2600, true), 12, false);
        assert_eq!(slow, "1,204 of 2,601 points, 3.0 s left; update 120 in view");
    }
}
