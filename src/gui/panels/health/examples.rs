//! Settings that show an illness each.

use egui::{Button, Ui, WidgetInfo};

use crate::explain::health::examples::EXAMPLES;
use crate::gui::action::{Action, TaskAction};
use crate::gui::state::ViewContext;
use crate::gui::widgets::note;

/// Draws a button for each.
pub fn show(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    ui.separator();
    note::faint(ui, cx, "Examples: each starts a small run that falls ill");
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(3.0, 3.0);
        for example in EXAMPLES {
            let title = example.illness.label();
            let shown = match example.updates[0] {
                0 => "It shows at once.".to_owned(),
                n => format!("It shows after {n} updates."),
            };
            let hint = format!("{} {shown} The run in view is kept; Ctrl+Z takes the settings back.", example.help);
            let button = ui.add(Button::new(title).small()).on_hover_text(hint);
            button.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Example: {title}")));
            if button.clicked() {
                actions.push(TaskAction::Start(Box::new((example.make)())).into());
            }
        }
    });
}
