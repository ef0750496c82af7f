//! The sheet that says what the program is, and how to cite it.

use egui::{Context, RichText, vec2};

use crate::about;
use crate::gui::theme::{Palette, small};

/// Draws the sheet.
pub fn show(ctx: &Context, theme: &Palette, open: &mut bool) {
    let window = egui::Window::new(format!("About {}", about::NAME)).open(open).resizable(false).collapsible(false);
    window.anchor(egui::Align2::CENTER_CENTER, vec2(0.0, 0.0)).show(ctx, |ui| {
        ui.set_max_width(560.0);
        ui.label(about::SUMMARY);
        let height = ui.ctx().content_rect().height() - 120.0;
        egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
            for (name, fact) in about::facts() {
                ui.add_space(6.0);
                ui.horizontal(|ui| {
                    ui.label(RichText::new(name).font(small()).color(theme.faint));
                    let hint = format!("Copies this to the clipboard: {}", name.to_lowercase());
                    let copy = ui.small_button("Copy").on_hover_text(&hint);
                    copy.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Copy {name}")));
                    if copy.clicked() {
                        ui.ctx().copy_text(fact.clone());
                    }
                });
                let text = RichText::new(&fact);
                ui.label(if fact.contains('\n') { text.monospace().size(small().size) } else { text });
            }
        });
    });
}
