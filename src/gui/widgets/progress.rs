//! How far an answer of the explorer is, and the buttons that ask for it and stop it.

use std::time::Duration;

use egui::{Button, Label, Response, RichText, Sense, Ui, vec2};

use crate::gui::state::{AnswerProgress, ViewContext};
use crate::gui::theme::small;
use crate::text::{seconds, whole};

/// An answer that takes longer offers to be stopped: what is done in a moment needs no Stop, and a button that changes
/// all the time cannot be hit.
const SOON: Duration = Duration::from_millis(500);
/// An answer that takes less than this says nothing of itself but by its bar: its numbers could not be read.
const READABLE: Duration = Duration::from_secs(1);

/// Which of the two buttons was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskButton {
    Ask,
    Stop,
}

/// Whether an answer is long enough under way to be stopped; `shown`: whether something is in view meanwhile.
pub fn can_stop(progress: Option<AnswerProgress>, shown: bool) -> bool {
    progress.is_some_and(|p| p.took > SOON || !shown)
}

/// Stop where `stop` says what it does, else the button that asks: its text and what that does. Its place is at least
/// `width` wide, so that what follows does not move.
pub fn ask_or_stop(
    ui: &mut Ui,
    width: f32,
    stop: Option<&str>,
    can_ask: bool,
    [ask, hint]: [&str; 2],
) -> Option<AskButton> {
    let (text, hint, pressed) = match stop {
        Some(stop) => ("Stop", stop, AskButton::Stop),
        None => (ask, hint, AskButton::Ask),
    };
    let button = Button::new(text).min_size(vec2(width, 0.0));
    ui.add_enabled(stop.is_some() || can_ask, button).on_hover_text(hint).clicked().then_some(pressed)
}

/// A line of small text, and a thin bar below it that shows how much of an answer is there.
pub fn status(ui: &mut Ui, cx: ViewContext, text: RichText, progress: Option<AnswerProgress>) -> Response {
    let label = ui.add(Label::new(text.font(small())).truncate());
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 2.0), Sense::hover());
    if let Some(AnswerProgress { done, of, .. }) = progress {
        ui.painter().rect_filled(bar, 0.0, cx.theme.line);
        let part = bar.with_max_x(bar.left() + bar.width() * done as f32 / of.max(1) as f32);
        ui.painter().rect_filled(part, 0.0, cx.theme.focus);
    }
    label
}

/// As in "1,204 of 2,601 points, 3.0 s left".
pub fn progress_text(p: AnswerProgress, what: &str) -> String {
    let left = p.left().map_or(String::new(), |left| format!(", {} left", seconds(left)));
    format!("{} of {} {what}{left}", whole(p.done as u64), whole(p.of as u64))
}

/// The same of points, with what is in view meanwhile, that of update `shown`; none where the answer in view stays and
/// the next is there before one has read how far it is.
pub fn under_way(p: AnswerProgress, shown: u64) -> Option<String> {
    let brief = p.left().is_none_or(|left| left + p.took < READABLE);
    match (p.behind, brief) {
        (true, true) => None,
        (true, false) => Some(format!("{}; update {} shown", progress_text(p, "points"), whole(shown))),
        (false, _) => Some(progress_text(p, "points")),
    }
}
