//! How the landscape is drawn: the switches for surface, colours, level lines, arrows and the edge of a spike.

use egui::{Button, ComboBox, DragValue, RichText, Role, Ui, WidgetInfo};

use crate::gui::state::ViewContext;
use crate::gui::state::landscape_choices::{ArrowSource, CellColour, CircleChoice, LandscapeChoices};
use crate::gui::theme::small;

/// The switches, one after the other; in a menu lists lie open, as a list that opens would close it.
pub fn show(ui: &mut Ui, cx: ViewContext, menu: bool, chosen: &mut LandscapeChoices) {
    for (solid, name, hint) in [
        (false, "Map", "Seen from above, one square per point"),
        (true, "Surface", "In three dimensions: drag to turn, wheel to zoom, double click to reset the view"),
    ] {
        if ui.add(Button::selectable(chosen.solid == solid, name)).on_hover_text(hint).clicked() {
            chosen.solid = solid;
        }
    }
    colour(ui, menu, chosen);
    let hint = "Colours and heights on a logarithmic scale; 0 has the lowest colour";
    let log = ui.add(Button::selectable(chosen.log, "log")).on_hover_text(hint);
    log.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, chosen.log, "Logarithmic colours"));
    if log.clicked() {
        chosen.log = !chosen.log;
    }
    // what follows is drawn on the map alone
    if chosen.solid {
        ui.disable();
    }
    let hint = "Level lines at the numbers of the colour bar. They run along the sides of cells, because the loss is \
                constant within each.";
    ui.checkbox(&mut chosen.contours, "Levels").on_hover_text(hint).on_disabled_hover_text(MAP_ALONE);
    arrows(ui, menu, chosen);
    edge(ui, cx, chosen);
    circle(ui, chosen);
}

/// Whether there is a circle around which the rules' gradients are integrated.
fn circle(ui: &mut Ui, chosen: &mut LandscapeChoices) {
    let mut on = chosen.circle.is_some();
    let hint = "A circle that can be dragged: each rule's gradient is integrated around it, next to the true loss, which \
                comes back to exactly 0. A rule whose integral is not 0 descends no surface.";
    if ui.checkbox(&mut on, "Circle").on_hover_text(hint).on_disabled_hover_text(MAP_ALONE).changed() {
        let range = chosen.range;
        chosen.circle = on.then_some(CircleChoice { a: 0.0, b: 0.0, radius: range / 2.0 });
    }
}

const MAP_ALONE: &str = "Lines and arrows are drawn on the map, not on the surface";

fn colour(ui: &mut Ui, menu: bool, chosen: &mut LandscapeChoices) {
    let hint = format!("Colour by. {}", chosen.colour.hint());
    list(ui, menu, "Colour by", &hint, chosen.colour.title(), |ui| {
        for colour in CellColour::ALL {
            ui.selectable_value(&mut chosen.colour, colour, colour.title()).on_hover_text(colour.hint());
        }
    });
}

fn arrows(ui: &mut Ui, menu: bool, chosen: &mut LandscapeChoices) {
    let hint = "Arrows point downhill, by the true slope at the spacing of the grid or as a rule sees it. A dot marks \
                a point where there is nothing to see.";
    list(ui, menu, "Arrows", hint, chosen.arrows.title(), |ui| {
        for arrows in ArrowSource::ALL {
            ui.selectable_value(&mut chosen.arrows, arrows, arrows.title());
        }
    });
}

fn list(ui: &mut Ui, menu: bool, name: &str, hint: &str, text: &str, add: impl FnOnce(&mut Ui)) {
    if menu {
        ui.label(RichText::new(name).font(small())).on_hover_text(hint);
        ui.indent(name, add);
        return;
    }
    let shown = ComboBox::from_id_salt(name).width(86.0).selected_text(text).show_ui(ui, add);
    shown.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
    shown.response.on_hover_text(hint);
}

/// Which spike's edge is drawn.
fn edge(ui: &mut Ui, cx: ViewContext, chosen: &mut LandscapeChoices) {
    let outputs = cx.layers().last().map_or(1, |layer| layer.outputs);
    let mut on = chosen.edge.is_some();
    let hint = "Draws where the chosen spike of an output appears or vanishes (thick line) and where it moves by a \
                step or more (thin line)";
    if ui.checkbox(&mut on, "Edge of").on_hover_text(hint).changed() {
        chosen.edge = on.then_some([0, 0]);
    }
    let Some([output, spike]) = &mut chosen.edge else { return };
    let mut number = *spike + 1;
    let drag = DragValue::new(&mut number).range(1..=99).speed(0.05).prefix("spike ");
    let drag = ui.add(drag).on_hover_text("The spike of that output, counted from its first");
    drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Spike whose edge is drawn"));
    *spike = number.max(1) - 1;
    let drag = DragValue::new(output).range(0..=outputs - 1).speed(0.05).prefix("of output ");
    let drag = ui.add(drag).on_hover_text("The output");
    drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Output whose edge is drawn"));
}
