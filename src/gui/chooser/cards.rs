//! The cards of the chooser: one for each kind of task.

use egui::{Align2, FontId, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, vec2};

use super::{needs, thumbnail};
use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::task::TaskKind;

/// Most cards side by side.
const ACROSS: usize = 4;
/// The least width of a card: its line then takes no more than two.
const NARROWEST: f32 = 180.0;
/// Points between two cards.
const GAP: f32 = 8.0;
/// Height of a thumbnail.
const PICTURE: f32 = 92.0;
/// Height of a card.
const HEIGHT: f32 = PICTURE + 52.0;

/// A card that was picked or started.
pub enum CardAction {
    Picked(TaskKind),
    /// Twice in a row: that one, and at once.
    Started(TaskKind),
}

/// Draws the cards over the whole width.
pub fn show(ui: &mut Ui, cx: ViewContext, chosen: TaskKind) -> Option<CardAction> {
    let across = ((ui.available_width() / NARROWEST) as usize).clamp(1, ACROSS);
    let width = (ui.available_width() - GAP * (across - 1) as f32) / across as f32;
    let rows = (TaskKind::ALL.len() + 1).div_ceil(across);
    let size = vec2(ui.available_width(), rows as f32 * (HEIGHT + GAP) - GAP);
    let (area, _) = ui.allocate_exact_size(size, Sense::hover());
    let place = |n: usize| {
        let corner = vec2((n % across) as f32 * (width + GAP), (n / across) as f32 * (HEIGHT + GAP));
        Rect::from_min_size(area.min + corner, vec2(width, HEIGHT))
    };
    let mut touched = None;
    for (n, kind) in TaskKind::ALL.into_iter().enumerate() {
        touched = card(ui, cx, place(n), kind, kind == chosen).or(touched);
    }
    hint(ui, cx, place(TaskKind::ALL.len()));
    touched
}

fn card(ui: &mut Ui, cx: ViewContext, rect: Rect, kind: TaskKind, chosen: bool) -> Option<CardAction> {
    let theme = cx.theme;
    let response = ui.interact(rect, ui.scope_id().with(kind.key()), Sense::click());
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, chosen, needs::name(kind)));
    let stroke = match (chosen, response.hovered() || response.has_focus()) {
        (true, _) => Stroke::new(2.0, theme.focus),
        (_, true) => Stroke::new(1.0, theme.faint),
        _ => Stroke::new(1.0, theme.line),
    };
    let painter = ui.painter();
    let fill = if chosen { theme.focus.gamma_multiply(0.12) } else { theme.panel };
    painter.rect(rect, 5.0, fill, stroke, StrokeKind::Inside);
    let picture = Rect::from_min_size(rect.min, vec2(rect.width(), PICTURE)).shrink(4.0);
    thumbnail::paint(painter, picture, kind, theme);
    let text = rect.left_top() + vec2(9.0, PICTURE + 2.0);
    let room = rect.width() - 18.0;
    let name = FontId::proportional(theme::TEXT);
    painter.text(text, Align2::LEFT_TOP, needs::name(kind), name, theme.ink);
    let line = painter.layout(needs::line(kind).to_owned(), theme::small(), theme.faint, room);
    painter.galley(text + vec2(0.0, 16.0), line, theme.faint);
    let response = response.on_hover_text(needs::about(kind));
    if response.double_clicked() {
        return Some(CardAction::Started(kind));
    }
    response.clicked().then_some(CardAction::Picked(kind))
}

/// The text in the free place next to the cards.
fn hint(ui: &Ui, cx: ViewContext, rect: Rect) {
    let painter = ui.painter();
    let outline = rect.shrink(1.0);
    let corners = [outline.left_top(), outline.right_top(), outline.right_bottom(), outline.left_bottom()];
    for k in 0..4 {
        let side = [corners[k], corners[(k + 1) % 4]];
        painter.add(egui::Shape::dashed_line(&side, Stroke::new(1.0, cx.theme.line), 4.0, 4.0));
    }
    let text = "Or drop it anywhere on the window: a folder with a data set, spike trains (.npz, .csv), a picture or \
                settings (.toml)";
    let galley = painter.layout(text.to_owned(), theme::small(), cx.theme.faint, rect.width() - 18.0);
    let corner = rect.center() - Vec2::new(galley.size().x, galley.size().y) / 2.0;
    painter.galley(corner, galley, cx.theme.faint);
}
