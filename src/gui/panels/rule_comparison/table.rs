//! The three rules in a table, with what their figures depend on.

use egui::{Align, Button, FontId, Label, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use super::model;
use crate::gui::action::{Action, choose};
use crate::gui::state::ViewContext;
use crate::gui::state::landscape_choices::RuleFigure;
use crate::gui::theme::{SMALL, small};
use crate::landscape::Comparison;

const ROW: f32 = 19.0;
/// Room for the name of a rule.
const NAME: f32 = 78.0;

/// Draws the table. A click on the name of a figure chooses the curve below.
pub fn show(ui: &mut Ui, cx: ViewContext, comparison: &Comparison, actions: &mut Vec<Action>) {
    let mut choices = cx.choices.clone();
    ui.spacing_mut().item_spacing.y = 0.0;
    let width = ui.available_width();
    let column = ((width - NAME) / 4.0).min(110.0);
    let cells = |row: Rect| {
        [0, 1, 2, 3].map(|n| {
            let left = row.left() + NAME + n as f32 * column;
            Rect::from_min_size(pos2(left, row.top()), vec2(column, row.height()))
        })
    };
    let (head, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    for (figure, cell) in RuleFigure::ALL.into_iter().zip(cells(head)) {
        within(ui, cell, |ui| {
            let chosen = choices.landscape.figure == figure;
            let text = RichText::new(figure.title()).font(small());
            let hint = format!("{}. A click shows it over training", figure.hint());
            let button = ui.add(Button::selectable(chosen, text).small().truncate()).on_hover_text(hint);
            if button.clicked() {
                choices.landscape.figure = figure;
            }
        });
    }
    ui.painter().hline(head.x_range(), head.bottom(), egui::Stroke::new(1.0, cx.theme.line));
    for rule in &comparison.rules {
        let (row, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
        let name = rule.rule.label();
        let sentence = model::sentence(name, rule);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
        response.on_hover_text(&sentence);
        let colour = cx.theme.rule(rule.rule);
        ui.painter().text(
            row.left_center(),
            egui::Align2::LEFT_CENTER,
            name,
            FontId::proportional(SMALL + 1.0),
            colour,
        );
        for (figure, cell) in RuleFigure::ALL.into_iter().zip(cells(row)) {
            within(ui, cell, |ui| {
                let text = RichText::new(figure.text(rule)).font(FontId::monospace(SMALL + 1.0));
                ui.label(text).on_hover_text(figure.hint());
            });
        }
    }
    ui.add_space(3.0);
    let text = RichText::new(model::conditions(comparison)).font(small()).color(cx.theme.faint);
    ui.add(Label::new(text).truncate()).on_hover_text(
        "All figures depend on range and resolution: the slope is the difference of the loss between two points of the \
         grid, and where it is zero there is nothing to compare with",
    );
    choose(cx.choices, choices, actions);
}

fn within<R>(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = Layout::right_to_left(Align::Center);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), add).inner
}
