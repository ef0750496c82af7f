//! What can be chosen about the map, and how far it is.

use std::time::Duration;

use egui::{Button, Label, RichText, Role, Ui, WidgetInfo, vec2};

use crate::gui::action::Action;
use crate::gui::bar::choose;
use crate::gui::format::{seconds, whole};
use crate::gui::latest::AnswerProgress;
use crate::gui::map_view::DecisionMap;
use crate::gui::state::{Look, MapMarks};
use crate::gui::theme::small;

/// A map that takes longer offers to be stopped.
const SOON: Duration = Duration::from_millis(500);
/// Points along each side; odd, so that the middle is one of them.
const POINTS: [usize; 3] = [31, 61, 121];
const MARKS: [(MapMarks, &str); 4] = [
    (MapMarks::None, "no samples"),
    (MapMarks::Train, "training"),
    (MapMarks::Validation, "validation"),
    (MapMarks::Test, "test"),
];

/// The row of controls.
pub fn row(ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
    let mut choices = look.choices.clone();
    let chosen = &mut choices.map;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        let combo = egui::ComboBox::from_id_salt("points").width(72.0).selected_text(points_text(chosen.points));
        let points = combo.show_ui(ui, |ui| {
            for points in POINTS {
                ui.selectable_value(&mut chosen.points, points, points_text(points));
            }
        });
        points.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Points"));
        points.response.on_hover_text("Points of the map: more show finer borders and take longer");
        let name = |marks| MARKS.iter().find(|(m, _)| *m == marks).map_or("", |(_, name)| name);
        let combo = egui::ComboBox::from_id_salt("samples").width(82.0).selected_text(name(chosen.marks));
        let marks = combo.show_ui(ui, |ui| {
            for (marks, name) in MARKS {
                ui.selectable_value(&mut chosen.marks, marks, name);
            }
        });
        marks.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Samples on the map"));
        marks.response.on_hover_text("Marks the samples of a part where they lie; click one to watch it in the raster");
        ui.checkbox(&mut chosen.follow, "Follow").on_hover_text(
            "Asks again and again while the training goes on. The map in view stays until the next is whole",
        );
        // what is done in a moment needs no Stop, and a button that changes all the time cannot be hit
        if look.map.progress().is_some_and(|p| p.took > SOON || look.map.shown().is_none()) {
            let hint = "Stops and keeps what is in view; also switches Follow off, which would begin again";
            if ui.add(Button::new("Stop").min_size(vec2(60.0, 0.0))).on_hover_text(hint).clicked() {
                chosen.follow = false;
                actions.push(Action::StopMap);
            }
        } else {
            let hint = "Asks how the network as it is now divides the plane";
            if ui.add(Button::new("Refresh").min_size(vec2(60.0, 0.0))).on_hover_text(hint).clicked() {
                actions.push(Action::AskMap);
            }
        }
    });
    choose(look.choices, choices, actions);
}

fn points_text(points: usize) -> String {
    format!("{points} × {points}")
}

/// How far the map is, or what is in view, and a thin bar below.
pub fn status(ui: &mut Ui, look: Look, m: &DecisionMap) {
    let progress = look.map.progress();
    let ago = look.run.update().saturating_sub(m.update());
    let text = status_text(m.update(), ago, (m.done, m.cells.len(), m.took), progress);
    ui.add(Label::new(RichText::new(text).font(small()).color(look.theme.faint)).truncate());
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 2.0), egui::Sense::hover());
    if let Some(p) = progress {
        ui.painter().rect_filled(bar, 0.0, look.theme.line);
        let done = bar.with_max_x(bar.left() + bar.width() * p.done as f32 / p.of.max(1) as f32);
        ui.painter().rect_filled(done, 0.0, look.theme.focus);
    }
}

/// A map that takes less than this says nothing of itself but by its bar: its numbers could not be read.
const READABLE: Duration = Duration::from_secs(1);

fn status_text(update: u64, ago: u64, known: (usize, usize, Duration), progress: Option<AnswerProgress>) -> String {
    let (done, of, took) = known;
    if let Some(p) = progress {
        let brief = p.left().is_none_or(|left| left + p.took < READABLE);
        if !(p.behind && brief) {
            let left = p.left().map_or(String::new(), |left| format!(", {} left", seconds(left)));
            let shown = if p.behind { format!("; update {} in view", whole(update)) } else { String::new() };
            return format!("{} of {} points{left}{shown}", whole(p.done as u64), whole(p.of as u64));
        }
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
        assert_eq!(text(9, 3721, progress(3000, true)), "1,861 of 3,721 points, 3.0 s left; update 1,200 in view");
        assert!(text(9, 3721, progress(300, true)).starts_with("update 1,200 (9 ago)"));
    }
}
