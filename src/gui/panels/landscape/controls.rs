//! The controls of the landscape, and how far its measurement is.

use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{PopupCloseBehavior, RichText, Ui};

use super::looks;
use crate::gui::action::{Action, LandscapeAction, choose};
use crate::gui::state::landscape::MeasuredLandscape;
use crate::gui::state::landscape_choices::LandscapeChoices;
use crate::gui::state::{AnswerProgress, ViewContext};
use crate::gui::widgets::plane_controls::{new_directions, range};
use crate::gui::widgets::progress::{AskButton, ask_or_stop, can_stop, progress_text, status, under_way};
use crate::text::{count, seconds, whole};

/// In a panel narrower than this, texts are shorter.
const NARROW: f32 = 320.0;

/// The row of controls.
pub fn row(ui: &mut Ui, cx: ViewContext, roomy: bool, actions: &mut Vec<Action>) {
    let mut choices = cx.choices.clone();
    let chosen = &mut choices.landscape;
    let narrow = ui.available_width() < NARROW;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        range(ui, chosen);
        if chosen.plane.is_drawn(chosen.second) {
            new_directions(ui, chosen, narrow);
        }
        follow(ui, chosen);
        ask(ui, cx, actions);
        if !roomy {
            let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
            let (button, _) = MenuButton::new("Show").config(config).ui(ui, |ui| looks::show(ui, cx, true, chosen));
            button.on_hover_text("How the landscape is drawn: surface, colours, level lines, arrows");
        }
    });
    if roomy {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            looks::show(ui, cx, false, chosen);
        });
    }
    choose(cx.choices, choices, actions);
}

/// Whether the landscape goes along with the run.
pub fn follow(ui: &mut Ui, chosen: &mut LandscapeChoices) {
    ui.checkbox(&mut chosen.follow, "Follow").on_hover_text(
        "Measures repeatedly while training continues. The landscape shown stays until the next one is complete.",
    );
}

/// Stop, or what begins again.
pub fn ask(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let stops = can_stop(cx.landscape.latest().progress(), cx.landscape.shown().is_some());
    let stop = "Stops measuring and keeps what is shown; also switches Follow off, which would start again";
    let refresh = ["Refresh", "Measures the loss around the current weights"];
    match ask_or_stop(ui, 60.0, stops.then_some(stop), cx.frame().is_some(), refresh) {
        Some(AskButton::Stop) => actions.push(LandscapeAction::Stop.into()),
        Some(AskButton::Ask) => actions.push(LandscapeAction::Measure.into()),
        None => {}
    }
    if !stops && cx.landscape.latest().stopped().is_some() {
        let hint = "Continues where it was stopped: only the missing points are measured";
        if ui.button("Resume").on_hover_text(hint).clicked() {
            actions.push(LandscapeAction::Resume.into());
        }
    }
}

/// How far the measurement is, or what is in view, and a thin bar below.
pub fn show_status(ui: &mut Ui, cx: ViewContext, m: &MeasuredLandscape) {
    let progress = cx.landscape.latest().progress();
    let text = status_text(m, progress, cx.run.update(), ui.available_width() < NARROW);
    let text = RichText::new(text).color(cx.theme.faint);
    status(ui, cx, text, progress).on_hover_text(hint(m, progress));
}

/// `now` is the update of the moment shown: the centre may be one of long before, and in the past also one of after it.
fn status_text(m: &MeasuredLandscape, progress: Option<AnswerProgress>, now: u64, narrow: bool) -> String {
    if let Some(text) = progress.and_then(|p| under_way(p, m.update)) {
        return text;
    }
    let ago = match (now.abs_diff(m.update), now < m.update) {
        (0, _) => String::new(),
        (n, true) if narrow => format!(" ({} after that shown)", whole(n)),
        (n, true) => format!(", {} after the moment shown", count(n, "update")),
        (1, false) => ", 1 update ago".into(),
        (n, false) if narrow => format!(" ({} ago)", whole(n)),
        (n, false) => format!(", {} updates ago", whole(n)),
    };
    let at = if narrow { "update" } else { "centre at update" };
    let points = if m.is_whole() {
        format!("{} points in {}", whole(m.done() as u64), seconds(m.took))
    } else {
        format!("stopped at {} of {} points", whole(m.done() as u64), whole(m.grid().len() as u64))
    };
    format!("{at} {}{ago}; {points}", whole(m.update))
}

fn hint(m: &MeasuredLandscape, progress: Option<AnswerProgress>) -> String {
    let settled = format!(
        "The loss at {} of {} points around the weights after update {}, measured in {}",
        whole(m.done() as u64),
        whole(m.grid().len() as u64),
        whole(m.update),
        seconds(m.took)
    );
    progress.map_or(settled.clone(), |p| format!("{settled}. In progress: {}", progress_text(p, "points")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::gui::state::landscape::fixtures::measured as of_points;

    fn measured(done: usize) -> MeasuredLandscape {
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
        assert_eq!(status_text(&whole, None, 120, false), "centre at update 120; 2,601 points in 0.21 s");
        assert_eq!(
            status_text(&whole, None, 132, false),
            "centre at update 120, 12 updates ago; 2,601 points in 0.21 s"
        );
        assert_eq!(status_text(&whole, None, 132, true), "update 120 (12 ago); 2,601 points in 0.21 s");
        // back in the past of the run
        assert_eq!(
            status_text(&whole, None, 119, false),
            "centre at update 120, 1 update after the moment shown; 2,601 points in 0.21 s"
        );
        assert_eq!(status_text(&whole, None, 90, true), "update 120 (30 after that shown); 2,601 points in 0.21 s");
        let part = measured(640);
        assert_eq!(status_text(&part, None, 120, false), "centre at update 120; stopped at 640 of 2,601 points");
        assert_eq!(status_text(&part, progress(1204, 260, false), 120, false), "1,204 of 2,601 points, 0.30 s left");
        // while following, a quick measurement leaves the text alone, a slow one says how long it will be
        assert!(status_text(&whole, progress(1204, 260, true), 132, false).starts_with("centre at update 120"));
        let slow = status_text(&whole, progress(1204, 2600, true), 132, false);
        assert_eq!(slow, "1,204 of 2,601 points, 3.0 s left; update 120 shown");
    }
}
