//! The mark of something that is ill: a triangle with a stroke and a dot in it, painted, as the fonts lack it.

use egui::{Color32, Response, Sense, Shape, Stroke, Ui, pos2, vec2};

/// Draws it in the line at hand.
pub fn show(ui: &mut Ui, colour: Color32) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(15.0, 14.0), Sense::hover());
    let (c, ground) = (rect.center(), ui.visuals().panel_fill);
    let corners = [vec2(0.0, -6.5), vec2(7.5, 6.0), vec2(-7.5, 6.0)].map(|v| c + v);
    let painter = ui.painter();
    painter.add(Shape::convex_polygon(corners.to_vec(), colour, Stroke::NONE));
    painter.line_segment([pos2(c.x, c.y - 2.5), pos2(c.x, c.y + 1.5)], Stroke::new(1.6, ground));
    painter.circle_filled(pos2(c.x, c.y + 4.0), 0.9, ground);
    response
}
