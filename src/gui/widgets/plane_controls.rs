//! Controls that the landscape and the form of its plane share.

use egui::{Role, Ui, WidgetInfo};

use crate::gui::state::LandscapeChoices;

const RANGES: [f32; 7] = [0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0];

/// How far the grid reaches.
pub fn range(ui: &mut Ui, chosen: &mut LandscapeChoices) {
    let combo = egui::ComboBox::from_id_salt("range").width(58.0).selected_text(range_text(chosen.range));
    let range = combo.show_ui(ui, |ui| {
        for range in RANGES {
            ui.selectable_value(&mut chosen.range, range, range_text(range));
        }
    });
    range.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Range"));
    range.response.on_hover_text(
        "Range: how far the grid reaches along both directions, where 1 is the norm of the weights. A small range \
         shows the steps that the loss consists of, a large one the whole valley.",
    );
}

/// Draws the random directions again.
pub fn new_directions(ui: &mut Ui, chosen: &mut LandscapeChoices, narrow: bool) {
    let hint = "Measures along new random directions (the next seed)";
    let response = ui.button(if narrow { "New plane" } else { "New directions" }).on_hover_text(hint);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "New directions"));
    if response.clicked() {
        chosen.seed = chosen.seed.wrapping_add(1);
    }
}

fn range_text(range: f32) -> String {
    format!("± {range}")
}
