//! The circle around which the rules' gradients are integrated: its middle and its rim can be dragged.

use egui::{Color32, CursorIcon, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};

use crate::gui::action::{Action, choose};
use crate::gui::state::ViewContext;
use crate::gui::state::landscape_choices::CircleChoice;
use crate::gui::widgets::relief::map::PlaneMap;
use crate::gui::widgets::relief::paint::TONES;
use crate::landscape::{CircleWalk, Grid};

/// Points across of what can be grabbed.
const HANDLE: f32 = 16.0;
/// The least radius, in cells.
const LEAST: f32 = 1.0;

/// Draws it where it is chosen, and takes in where it is dragged to.
pub fn show(ui: &Ui, cx: ViewContext, map: &PlaneMap, grid: Grid, actions: &mut Vec<Action>) {
    let Some(circle) = cx.choices.landscape.circle.map(|circle| circle.within(grid)) else { return };
    let middle = map.pos(f64::from(circle.a), f64::from(circle.b));
    let rim = map.pos(f64::from(circle.a + circle.radius), f64::from(circle.b));
    let painter = ui.painter().with_clip_rect(map.rect);
    for (colour, more) in TONES {
        painter.circle_stroke(middle, middle.distance(rim), Stroke::new(1.4 + 2.0 * more, colour));
    }
    let moved = handle(ui, map, middle, "Middle of the circle", "Drag to move the circle");
    let turned = handle(ui, map, rim, "Rim of the circle", "Drag to make the circle larger or smaller");
    let mut next = circle;
    if let Some(to) = moved.interact_pointer_pos().filter(|_| moved.dragged()) {
        let ((a, b), most) = (map.point(to), grid.range - circle.radius);
        (next.a, next.b) = ((a as f32).clamp(-most, most), (b as f32).clamp(-most, most));
    }
    if let Some(to) = turned.interact_pointer_pos().filter(|_| turned.dragged()) {
        let (a, b) = map.point(to);
        let away = (a - f64::from(circle.a)).hypot(b - f64::from(circle.b)) as f32;
        // where its middle is, it reaches no farther than the plane
        let most = grid.range - circle.a.abs().max(circle.b.abs());
        next.radius = away.min(most).max(LEAST * grid.spacing());
    }
    let next = next.within(grid);
    let mut choices = cx.choices.clone();
    choices.landscape.circle = Some(next);
    choose(cx.choices, choices, actions);
}

/// A dot that can be grabbed.
fn handle(ui: &Ui, map: &PlaneMap, at: Pos2, name: &str, hint: &str) -> Response {
    let rect = Rect::from_center_size(at, vec2(HANDLE, HANDLE)).intersect(map.rect);
    let response = ui.interact(rect, ui.scope_id().with(name), Sense::drag());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Slider, true, name));
    let painter = ui.painter().with_clip_rect(map.rect);
    let radius = if response.hovered() || response.dragged() { 5.5 } else { 4.0 };
    for (colour, more) in TONES {
        painter.add(Shape::circle_filled(at, radius + more, colour));
    }
    painter.add(Shape::circle_stroke(at, radius, Stroke::new(1.0, Color32::BLACK)));
    response.on_hover_cursor(CursorIcon::Grab).on_hover_text(hint)
}

/// What was measured around it, as a note.
pub fn note(circle: CircleChoice, walk: Option<&CircleWalk>) -> String {
    let Some(walk) = walk else { return "around the circle: being measured".into() };
    let now = CircleChoice::of(walk.circle) == circle;
    let behind = if now { "" } else { " (of the circle before)" };
    format!("around the circle{behind}: {}", walk.note())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_tells_all_four_integrals() {
        let choice = CircleChoice { a: 0.0, b: 0.5, radius: 0.25 };
        let rules = [vec![0.0, 0.5], vec![0.0, -0.25], vec![0.0, 0.0]];
        let walk = CircleWalk { circle: choice.circle(), loss: vec![0.0, 0.0], rules, lengths: [1.0, 0.5, 0.0] };
        let text = note(choice, Some(&walk));
        assert_eq!(
            text,
            "around the circle: true loss 0, Activation 0.5000 (50 %), Timing −0.2500 (50 %), ANTLR 0 (0 %)"
        );
        assert!(note(CircleChoice { a: 1.0, ..choice }, Some(&walk)).contains("of the circle before"));
        assert!(note(choice, None).contains("being measured"));
    }
}
