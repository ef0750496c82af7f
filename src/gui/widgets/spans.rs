//! Of which updates the changes of spikes are shown.

use egui::{DragValue, Ui};

use crate::gui::action::{Action, choose};
use crate::gui::state::{SpanChoice, ViewContext};

/// Draws the choice.
pub fn show(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let mut choices = cx.choices.clone();
    let mut option = |ui: &mut Ui, span, text: &str, hint: &str| {
        ui.selectable_value(&mut choices.span, span, text).on_hover_text(hint);
    };
    option(ui, SpanChoice::Last, "Last update", "Changes made by the last update");
    option(ui, SpanChoice::Back, "Last", "Changes made by the last few updates together");
    let number = DragValue::new(&mut choices.look_back).range(2..=1000).suffix(" updates");
    let number = ui.add(number).on_hover_text("Number of updates that the middle span looks back");
    let n = cx.choices.look_back as f64;
    number.widget_info(|| {
        let label = Some("Updates to look back".to_owned());
        egui::WidgetInfo { label, ..egui::WidgetInfo::drag_value(true, n) }
    });
    if number.clicked() || choices.look_back != cx.choices.look_back {
        choices.span = SpanChoice::Back;
    }
    let hint = "Changes made by all updates since the start of this run";
    ui.selectable_value(&mut choices.span, SpanChoice::Start, "Since start").on_hover_text(hint);
    choose(cx.choices, choices, actions);
}
