//! The three rules in a table, with what their figures depend on.

use egui::{Align, Button, FontId, Label, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::model;
use crate::gui::action::{Action, choose};
use crate::gui::state::ViewContext;
use crate::gui::state::landscape_choices::RuleFigure;
use crate::gui::theme::{SMALL, small};
use crate::gui::widgets::relief::words::SHARES;
use crate::landscape::{CircleWalk, Comparison};
use crate::text;

const ROW: f32 = 19.0;
/// Room for the name of a rule.
const NAME: f32 = 78.0;

/// Draws the table. A click on the name of a figure chooses the curve below.
pub fn show(ui: &mut Ui, cx: ViewContext, comparison: &Comparison, actions: &mut Vec<Action>) {
    let mut choices = cx.choices.clone();
    ui.spacing_mut().item_spacing.y = 0.0;
    let width = ui.available_width();
    // the integral around the circle, where there is one
    let walk = cx.choices.landscape.circle.and(cx.landscape.walk.as_deref());
    let columns = RuleFigure::ALL.len() + usize::from(walk.is_some());
    let column = ((width - NAME) / columns as f32).min(110.0);
    let cells = |row: Rect| {
        (0..columns).map(move |n| {
            let left = row.left() + NAME + n as f32 * column;
            Rect::from_min_size(pos2(left, row.top()), vec2(column, row.height()))
        })
    };
    let (head, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    for (figure, cell) in RuleFigure::ALL.into_iter().zip(cells(head)) {
        within(ui, cell, |ui| {
            let chosen = choices.landscape.figure == figure;
            let text = RichText::new(figure.title()).font(small());
            let more = if figure.is_turn() { format!(". {SHARES}") } else { String::new() };
            let hint = format!("{}. A click shows it over training{more}", figure.hint());
            let button = ui.add(Button::selectable(chosen, text).small().truncate()).on_hover_text(hint);
            if button.clicked() {
                choices.landscape.figure = figure;
            }
        });
    }
    ui.painter().hline(head.x_range(), head.bottom(), egui::Stroke::new(1.0, cx.theme.line));
    if let (Some(walk), Some(cell)) = (walk, cells(head).next_back()) {
        within(ui, cell, |ui| {
            let text = RichText::new("around circle").font(small()).color(cx.theme.faint);
            ui.add(Label::new(text).truncate()).on_hover_text(format!("{AROUND} {SHARES}"));
        });
        truth(ui, cx, walk, width, column);
    }
    for (n, rule) in comparison.rules.iter().enumerate() {
        let (row, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
        let name = rule.rule.label();
        let around = walk.map_or(String::new(), |walk| format!("; around the circle {}", model::around(walk, n)));
        let sentence = model::sentence(name, rule) + &around;
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
        response.on_hover_text(&sentence);
        named(ui, row, name, cx.theme.rule(rule.rule));
        let mut texts: Vec<(String, &str)> = RuleFigure::ALL.iter().map(|f| (f.text(rule), f.hint())).collect();
        texts.extend(walk.map(|walk| (model::around(walk, n), AROUND)));
        for ((text, hint), cell) in texts.into_iter().zip(cells(row)) {
            within(ui, cell, |ui| {
                ui.label(RichText::new(text).font(FontId::monospace(SMALL + 1.0))).on_hover_text(hint);
            });
        }
    }
    ui.add_space(3.0);
    let text = RichText::new(model::conditions(comparison)).font(small()).color(cx.theme.faint);
    ui.add(Label::new(text).truncate()).on_hover_text(
        "All figures depend on range and resolution: the slope is the difference of the loss between two points of the \
         grid, and where it is zero there is nothing to compare with",
    );
    let [short, long] = model::DOWNHILL;
    let text = RichText::new(short).font(small()).color(cx.theme.ink);
    ui.add(Label::new(text).truncate()).on_hover_text(long);
    choose(cx.choices, choices, actions);
}

const AROUND: &str = "The rule's gradient integrated around the circle on the map: 0 for the slope of a surface. The true loss \
                      comes back to exactly 0.";

/// The row of the true loss, which comes back to where it was.
fn truth(ui: &mut Ui, cx: ViewContext, walk: &CircleWalk, width: f32, column: f32) {
    let (row, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    let text = text::value(walk.loss.last().copied().unwrap_or(0.0));
    let sentence = format!("true loss: around the circle {text}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
    response.on_hover_text(&sentence);
    named(ui, row, "true loss", cx.theme.ink);
    let left = row.left() + NAME + RuleFigure::ALL.len() as f32 * column;
    within(ui, Rect::from_min_size(pos2(left, row.top()), vec2(column, ROW)), |ui| {
        ui.label(RichText::new(text).font(FontId::monospace(SMALL + 1.0))).on_hover_text(AROUND);
    });
}

/// The name of a row.
fn named(ui: &Ui, row: Rect, name: &str, colour: egui::Color32) {
    let font = FontId::proportional(SMALL + 1.0);
    ui.painter().text(row.left_center(), egui::Align2::LEFT_CENTER, name, font, colour);
}

fn within<R>(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), add).inner
}
