//! That something is ill, for whoever looks at something else.

use egui::{Button, RichText, Ui, WidgetInfo};

use crate::gui::action::{Action, WindowAction};
use crate::gui::layout::Panel;
use crate::gui::state::ViewContext;
use crate::gui::widgets::ill_mark;

/// Draws the mark with the worst of what was found; nothing where nothing is ill.
pub fn show(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    // it may be the answer to the question of a lesson
    if cx.lesson.asks() {
        return;
    }
    let findings = cx.health.findings();
    let Some(worst) = findings.first() else { return };
    ui.separator();
    ill_mark::show(ui, cx.theme.warning);
    let more = if findings.len() > 1 { format!(" and {} more", findings.len() - 1) } else { String::new() };
    let text = format!("Ill: {}{more}", worst.illness.label().to_lowercase());
    let button = ui.add(Button::new(RichText::new(&text).color(cx.theme.warning)).frame(false));
    button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &text));
    let found: Vec<&str> = findings.iter().map(|finding| finding.found.as_str()).collect();
    let hint =
        format!("{}\nA click opens the panel Health, which says why this matters and what to try", found.join("\n"));
    if button.on_hover_text(hint).clicked() {
        actions.push(WindowAction::OpenPanel(Panel::Health).into());
    }
}
