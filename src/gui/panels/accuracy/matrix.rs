//! The confusion matrix: counts on shades, with the sum of every row and how much of it is right.

use egui::{Align2, Pos2, Rect, Sense, Ui, WidgetInfo, vec2};

use super::model::{self, AnswerSummary, ConfusionMatrix};
use crate::gui::names::readout_name;
use crate::gui::state::ViewContext;
use crate::gui::theme::small;
use crate::text::{percent, whole};
use crate::train::Readout;

/// Height of a row.
const ROW: f32 = 17.0;
/// Width of the names of rows, of their sums, and of the shares that are right.
const NAMES: f32 = 32.0;
const SUM: f32 = 32.0;
const RIGHT: f32 = 42.0;
/// Widths that a cell may have.
const CELL: std::ops::RangeInclusive<f32> = 15.0..=46.0;

/// Where things stand.
struct MatrixLayout {
    corner: Pos2,
    cell: f32,
    classes: usize,
}

impl MatrixLayout {
    fn new(corner: Pos2, width: f32, classes: usize) -> Self {
        let cell = (width - NAMES - SUM - RIGHT) / (classes + 1) as f32;
        Self { corner, cell: cell.clamp(*CELL.start(), *CELL.end()).floor(), classes }
    }

    fn cell(&self, row: usize, column: usize) -> Rect {
        let at = vec2(NAMES + self.cell * column as f32, ROW * (row + 1) as f32);
        Rect::from_min_size(self.corner + at, vec2(self.cell, ROW))
    }

    fn size(&self) -> egui::Vec2 {
        vec2(NAMES + self.cell * (self.classes + 1) as f32 + SUM + RIGHT, ROW * (self.classes + 1) as f32 + 2.0)
    }

    /// The cell under a point.
    fn at(&self, pos: Pos2) -> Option<(usize, usize)> {
        let from = pos - self.corner - vec2(NAMES, ROW);
        let (row, column) = ((from.y / ROW).floor(), (from.x / self.cell).floor());
        let inside = row >= 0.0 && column >= 0.0 && (row as usize) < self.classes && column as usize <= self.classes;
        inside.then_some((row as usize, column as usize))
    }
}

pub fn show(ui: &mut Ui, cx: ViewContext, summary: &AnswerSummary, readout: Readout) {
    let (theme, m) = (cx.theme, summary.matrix(readout));
    let place = MatrixLayout::new(Pos2::ZERO, ui.available_width(), m.classes);
    let (rect, response) = ui.allocate_exact_size(place.size(), Sense::hover());
    let place = MatrixLayout { corner: rect.min, ..place };
    let name = format!("Confusion matrix by {}, {} samples", readout_name(readout), whole(m.sum().into()));
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, &name));
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let text = |at: Pos2, anchor: Align2, text: &str, colour| painter.text(at, anchor, text, small(), colour);
    for row in 0..m.classes {
        let first = place.cell(row, 0);
        text(first.left_center() - vec2(5.0, 0.0), Align2::RIGHT_CENTER, &summary.classes[row], theme.faint);
        for column in 0..=m.classes {
            cell(&painter, cx, m, &place, row, column);
        }
        let sum = place.cell(row, m.classes).right_center() + vec2(SUM, 0.0);
        text(sum, Align2::RIGHT_CENTER, &whole(m.row(row).into()), theme.faint);
        let right = percent(m.right(row).unwrap_or(f64::NAN), 1);
        text(sum + vec2(RIGHT, 0.0), Align2::RIGHT_CENTER, &right, theme.ink);
    }
    for (column, name) in summary.classes.iter().map(String::as_str).chain(["none"]).enumerate() {
        let head = place.cell(0, column).center_top() - vec2(0.0, 1.0);
        let fits = name.chars().count() as f32 * 6.0 <= place.cell + 4.0;
        text(head, Align2::CENTER_BOTTOM, if fits { name } else { "–" }, theme.faint);
    }
    let last = place.cell(0, m.classes).right_top() + vec2(SUM, -1.0);
    text(last, Align2::RIGHT_BOTTOM, "total", theme.faint);
    text(last + vec2(RIGHT, 0.0), Align2::RIGHT_BOTTOM, "correct", theme.faint);
    if let Some((row, column)) = response.hover_pos().and_then(|pos| place.at(pos)) {
        let stroke = egui::Stroke::new(1.5, theme.ink);
        painter.rect_stroke(place.cell(row, column), 0.0, stroke, egui::StrokeKind::Inside);
        response.on_hover_text_at_pointer(cell_text(summary, m, row, column));
    }
}

fn cell(
    painter: &egui::Painter,
    cx: ViewContext,
    m: &ConfusionMatrix,
    place: &MatrixLayout,
    row: usize,
    column: usize,
) {
    let (rect, count) = (place.cell(row, column).shrink(0.5), m.count(row, column));
    let ground = model::shade(cx.theme, m.share(row, column), row == column);
    painter.rect_filled(rect, 0.0, ground);
    if count > 0 {
        let galley = painter.layout_no_wrap(count.to_string(), small(), model::text_on(ground));
        // a number that does not fit is read by the pointer
        if galley.size().x <= rect.width() {
            painter.galley(rect.center() - galley.size() / 2.0, galley, cx.theme.ink);
        }
    }
}

/// The text at the pointer.
fn cell_text(summary: &AnswerSummary, m: &ConfusionMatrix, row: usize, column: usize) -> String {
    let (count, of) = (m.count(row, column), m.row(row));
    let what = match summary.classes.get(column) {
        Some(name) if column == row => format!("classified correctly as {name}"),
        Some(name) => format!("classified as {name}"),
        None => format!("without an output spike, counted as {}", summary.classes[0]),
    };
    let share = percent(m.share(row, column), 1);
    format!(
        "{} of {} samples of class {} ({share}): {what}",
        whole(count.into()),
        whole(of.into()),
        summary.classes[row]
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::{Split, TaskKind};
    use crate::train::{Answer, Evaluation};
    use egui::pos2;

    #[test]
    fn the_pointer_finds_its_cell() {
        let place = MatrixLayout::new(pos2(10.0, 20.0), 340.0, 10);
        for (row, column) in [(0, 0), (9, 10), (3, 7)] {
            assert_eq!(place.at(place.cell(row, column).center()), Some((row, column)));
        }
        assert_eq!(place.at(pos2(10.0, 20.0)), None, "the names");
        assert_eq!(place.at(place.cell(0, 10).right_center() + vec2(5.0, 0.0)), None, "the sums");
        assert!(place.size().x <= 340.0, "{:?}", place.size());
        assert_eq!(MatrixLayout::new(pos2(0.0, 0.0), 340.0, 47).cell, *CELL.start(), "many classes are scrolled to");
    }

    #[test]
    fn a_cell_is_said_in_words() {
        let answer = |label, by_first| Answer { label, by_first, ..Answer::default() };
        let answers = vec![answer(1, Some(1)), answer(1, Some(1)), answer(1, Some(0)), answer(1, None)];
        let s = AnswerSummary::of(&Evaluation { answers }, Split::Test, 3, TaskKind::YinYang);
        let cell_text = |column| cell_text(&s, s.matrix(Readout::First), 1, column);
        assert_eq!(cell_text(1), "2 of 4 samples of class yang (50.0 %): classified correctly as yang");
        assert_eq!(cell_text(0), "1 of 4 samples of class yang (25.0 %): classified as yin");
        assert_eq!(cell_text(3), "1 of 4 samples of class yang (25.0 %): without an output spike, counted as yin");
    }
}
