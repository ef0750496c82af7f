//! The controls of the map, and how far it is.

use std::time::Duration;

use egui::{RichText, Role, Ui, WidgetInfo};

use crate::gui::action::{Action, DecisionMapAction, choose};
use crate::gui::state::decision_map::DecisionMap;
use crate::gui::state::{AnswerProgress, ViewContext};
use crate::gui::widgets::progress::{AskButton, ask_or_stop, can_stop, status, under_way};
use crate::task::Split;
use crate::text::{seconds, whole};

/// Points along each side; odd, so that the middle is one of them.
const POINTS: [usize; 3] = [31, 61, 121];
const MARKS: [(Option<Split>, &str); 4] = [
    (None, "no samples"),
    (Some(Split::Train), "training"),
    (Some(Split::Validation), "validation"),
    (Some(Split::Test), "test"),
];

/// The row of controls.
pub fn row(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let mut choices = cx.choices.clone();
    let chosen = &mut choices.decision_map;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        let combo = egui::ComboBox::from_id_salt("points").width(72.0).selected_text(points_text(chosen.points));
        let points = combo.show_ui(ui, |ui| {
            for points in POINTS {
                ui.selectable_value(&mut chosen.points, points, points_text(points));
            }
        });
        points.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Points"));
        points.response.on_hover_text("Points of the map; more of them show finer borders but take longer");
        let name = |marks| MARKS.iter().find(|(m, _)| *m == marks).map_or("", |(_, name)| name);
        let combo = egui::ComboBox::from_id_salt("samples").width(82.0).selected_text(name(chosen.marks));
        let marks = combo.show_ui(ui, |ui| {
            for (marks, name) in MARKS {
                ui.selectable_value(&mut chosen.marks, marks, name);
            }
        });
        marks.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Samples on the map"));
        marks
            .response
            .on_hover_text("Marks the samples of a split at their positions; click one to watch it in the raster");
        ui.checkbox(&mut chosen.follow, "Follow").on_hover_text(
            "Computes the map repeatedly while training continues. The map shown stays until the next one is complete.",
        );
        let stops = can_stop(cx.decision_map.progress(), cx.decision_map.shown().is_some());
        let stop = "Stops and keeps what is shown; also switches Follow off, which would start again";
        let refresh = ["Refresh", "Computes how the network divides the plane with its current weights"];
        match ask_or_stop(ui, 60.0, stops.then_some(stop), true, refresh) {
            Some(AskButton::Stop) => {
                chosen.follow = false;
                actions.push(DecisionMapAction::Stop.into());
            }
            Some(AskButton::Ask) => actions.push(DecisionMapAction::Ask.into()),
            None => {}
        }
    });
    choose(cx.choices, choices, actions);
}

fn points_text(points: usize) -> String {
    format!("{points} × {points}")
}

/// How far the map is, or what is in view, and a thin bar below.
pub fn show_status(ui: &mut Ui, cx: ViewContext, m: &DecisionMap) {
    let progress = cx.decision_map.progress();
    let ago = cx.run.update().saturating_sub(m.update());
    let text = status_text(m.update(), ago, (m.done, m.cells.len(), m.took), progress);
    let text = RichText::new(text).color(cx.theme.faint);
    status(ui, cx, text, progress);
}

fn status_text(update: u64, ago: u64, known: (usize, usize, Duration), progress: Option<AnswerProgress>) -> String {
    let (done, of, took) = known;
    if let Some(text) = progress.and_then(|p| under_way(p, update)) {
        return text;
    }
    let ago = match ago {
        0 => String::new(),
        n => format!(" ({} ago)", whole(n)),
    };
    let points = if done >= of {
        format!("{} points in {}", whole(of as u64), seconds(took))
    } else {
        format!("stopped at {} of {} points", whole(done as u64), whole(of as u64))
    };
    format!("update {}{ago}; {points}", whole(update))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_says_what_is_in_view_and_what_is_coming() {
        let took = Duration::from_millis(900);
        let text = |ago, done, progress| status_text(1200, ago, (done, 3721, took), progress);
        assert_eq!(text(0, 3721, None), "update 1,200; 3,721 points in 0.90 s");
        assert_eq!(text(30, 3721, None), "update 1,200 (30 ago); 3,721 points in 0.90 s");
        assert_eq!(text(0, 500, None), "update 1,200; stopped at 500 of 3,721 points");
        let progress =
            |millis, behind| Some(AnswerProgress { done: 1861, of: 3721, took: Duration::from_millis(millis), behind });
        assert_eq!(text(0, 1861, progress(3000, false)), "1,861 of 3,721 points, 3.0 s left");
        assert_eq!(text(9, 3721, progress(3000, true)), "1,861 of 3,721 points, 3.0 s left; update 1,200 shown");
        assert!(text(9, 3721, progress(300, true)).starts_with("update 1,200 (9 ago)"));
    }
}
