//! The line above the raster: whether changes are drawn, of which span, and how many there were.

use egui::{Rect, RichText, Sense, Ui, Vec2, vec2};

use super::pencil::Pencil;
use super::{model, pencil};
use crate::engine::Frame;
use crate::gui::action::{Action, WindowAction};
use crate::gui::state::{ViewContext, watched};
use crate::gui::theme::{self, Marks};
use crate::gui::widgets::{note, spans};
use crate::text;

/// Wide enough for switch, spans and numbers in one line.
const ONE_LINE: f32 = 720.0;
/// Wide enough for the legend, too.
const WITH_LEGEND: f32 = 880.0;

/// A painted symbol of the legend.
#[derive(Clone, Copy)]
enum LegendMark {
    Shifted,
    Created,
    Removed,
    Target,
    Hit,
}

/// The panel's state that the toolbar changes.
pub struct ToolbarState<'a> {
    /// Whether changes are drawn.
    pub changes: &'a mut bool,
    pub pencil: &'a mut Pencil,
}

pub fn show(ui: &mut Ui, cx: ViewContext, frame: &Frame, state: ToolbarState, actions: &mut Vec<Action>) {
    let width = ui.available_width();
    ui.horizontal_wrapped(|ui| {
        ui.checkbox(state.changes, "Changes").on_hover_text("Draws the changes made by the updates of the chosen span");
        spans::show(ui, cx, actions);
        pencil_button(ui, cx, frame, actions);
        if width >= ONE_LINE {
            ui.add_space(4.0);
            summary(ui, cx, frame);
        }
        if width >= WITH_LEGEND && watched::rings(frame).is_some() {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                entry(ui, cx, LegendMark::Hit, "hit", "An output spike at its target step");
                entry(ui, cx, LegendMark::Target, "target", "Where an output spike should be");
            });
        }
    });
    if cx.choices.pencil && pencil::impossible(frame).is_none() {
        return state.pencil.toolbar(ui, cx.theme, frame, actions);
    }
    let caption = model::caption(frame);
    if width < ONE_LINE {
        ui.horizontal(|ui| {
            summary(ui, cx, frame);
            ui.add_space(4.0);
            note::caption(ui, cx, caption);
        });
    } else {
        note::caption(ui, cx, caption);
    }
}

/// Switches pencil mode on and off.
fn pencil_button(ui: &mut Ui, cx: ViewContext, frame: &Frame, actions: &mut Vec<Action>) {
    let why = pencil::impossible(frame);
    let on = cx.choices.pencil && why.is_none();
    let button = egui::Button::selectable(on, "     Draw").min_size(vec2(0.0, 20.0));
    let response = ui.add_enabled(why.is_none(), button);
    let colour = ui.style().interact_selectable(&response, on).fg_stroke.color;
    let at = Rect::from_center_size(response.rect.left_center() + vec2(14.0, 0.0), vec2(14.0, 14.0));
    pencil::symbol(ui.painter(), at, if why.is_none() { colour } else { cx.theme.faint });
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, why.is_none(), on, "Draw targets"));
    let hint = "Draws target spikes with the mouse, in the output band, while the network trains (E)";
    let response = response.on_hover_text(hint).on_disabled_hover_text(why.unwrap_or_default());
    if response.clicked() {
        actions.push(WindowAction::Pencil(!on).into());
    }
}

/// As in "update 120 to 121: 3 shifted, 1 created, 0 removed", each with its mark.
fn summary(ui: &mut Ui, cx: ViewContext, frame: &Frame) {
    let span = model::span(cx.choices.span, frame);
    let tally = span.changes.total();
    ui.label(RichText::new(model::between(span, frame)).font(theme::small()).color(cx.theme.faint));
    let numbers = [
        (LegendMark::Shifted, tally.shifted, "shifted", "Spikes that moved, all layers together"),
        (LegendMark::Created, tally.created, "created", "Spikes that did not exist before, all layers together"),
        (LegendMark::Removed, tally.removed, "removed", "Spikes that no longer exist, all layers together"),
    ];
    for (mark, n, name, hint) in numbers {
        entry(ui, cx, mark, &format!("{} {name}", text::whole(n.into())), hint);
    }
}

fn entry(ui: &mut Ui, cx: ViewContext, mark: LegendMark, text: &str, hint: &str) {
    let right_to_left = ui.layout().prefer_right_to_left();
    let label = |ui: &mut Ui| {
        ui.label(RichText::new(text).font(theme::small())).on_hover_text(hint);
    };
    if right_to_left {
        label(ui);
    }
    let width = if matches!(mark, LegendMark::Shifted) { 18.0 } else { 12.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(width, 14.0), Sense::hover());
    response.on_hover_text(hint);
    paint(ui, cx, mark, rect);
    if !right_to_left {
        label(ui);
    }
}

fn paint(ui: &Ui, cx: ViewContext, mark: LegendMark, rect: Rect) {
    let (theme, c) = (cx.theme, rect.center());
    let mut mesh = egui::Mesh::default();
    match mark {
        LegendMark::Shifted => {
            mesh.bar(c - vec2(8.0, 0.0), vec2(2.0, 10.0), theme.shifted.gamma_multiply(0.4));
            mesh.arrow(c - vec2(8.0, 0.0), c + vec2(7.0, 0.0), theme.shifted);
            mesh.bar(c + vec2(8.0, 0.0), vec2(2.0, 10.0), theme.ink);
        }
        LegendMark::Created => mesh.triangle(c, 4.5, theme.created),
        LegendMark::Removed => mesh.cross(c, 4.0, theme.removed),
        LegendMark::Target => mesh.ring(c, 5.0, theme.target),
        LegendMark::Hit => {
            mesh.ring(c, 5.0, theme.target);
            mesh.bar(c, Vec2::new(2.0, 7.0), theme.ink);
        }
    }
    ui.painter().add(mesh);
}
