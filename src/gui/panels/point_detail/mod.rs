//! The spikes at one point of the landscape next to those at another, what changed between them, and which way the
//! rules go.
//!
//! `words` tells the changes, `paint` draws the spikes.

mod paint;
mod words;

use std::sync::Arc;

use egui::{Button, Label, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use crate::gui::action::{Action, LandscapeAction, WindowAction, choose};
use crate::gui::state::ViewContext;
use crate::gui::state::landscape::{GridCell, InspectedPoint, MeasuredLandscape};
use crate::gui::state::landscape_choices::ComparedWith;
use crate::gui::widgets::note;
use crate::gui::widgets::relief::words::{place_text, slope, step_text, verdict};
use crate::landscape::Look as Spikes;
use crate::landscape::cliffs;
use crate::rule::Rule;
use crate::text::value;

/// The state of the panel's own view.
#[derive(Default)]
pub struct PointDetailPanel {
    /// Whether hidden layers are told and drawn, too.
    hidden: bool,
}

const CAPTION: &str = "The spikes that cause the cliff, and the direction that each rule would take";

impl PointDetailPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        note::caption(ui, cx, CAPTION);
        let Some(m) = cx.landscape.shown() else {
            return note::empty(ui, cx, "Nothing measured yet: the landscape is measured first");
        };
        self.controls(ui, cx, m, actions);
        let Some(cell) = cx.landscape.cell() else {
            let text = "Point at a cell of the landscape, click it to pin it, or press Nearest cliff";
            return note::empty(ui, cx, text);
        };
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            // those of the last cell stay until the next are there
            let Some((point, spikes)) = cx.landscape.spikes() else {
                ui.label(RichText::new("The spikes are being computed").color(cx.theme.faint));
                return rules(ui, cx, m, cell);
            };
            self.changes(ui, cx, m, point, spikes);
            rules(ui, cx, m, cell);
            self.picture(ui, cx, m, point, spikes);
        });
    }

    fn controls(&mut self, ui: &mut Ui, cx: ViewContext, m: &MeasuredLandscape, actions: &mut Vec<Action>) {
        let mut choices = cx.choices.clone();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let mut pin = |ui: &mut Ui, name, hint, find: fn(&_) -> Option<cliffs::Cliff>| {
                if ui.button(name).on_hover_text(hint).clicked() {
                    match find(&m.landscape) {
                        Some(cliff) => {
                            actions.push(LandscapeAction::PinCliff { above: cliff.high, below: cliff.low }.into());
                            choices.landscape.compared_with = ComparedWith::Cliff;
                        }
                        None => actions.push(
                            WindowAction::Notify("The loss is the same at all points: choose a larger range".into())
                                .into(),
                        ),
                    }
                }
            };
            let hint = "Pins the cell above the jump of the loss that is closest to the centre";
            pin(ui, "Nearest cliff", hint, cliffs::nearest);
            let hint = "Pins the cell above the largest jump of the loss between two neighbouring points";
            pin(ui, "Steepest cliff", hint, cliffs::steepest);
            let beside = &mut choices.landscape.compared_with;
            for (one, name, hint) in [
                (ComparedWith::Centre, "from the centre", "Changes on the way from the centre to this point"),
                (
                    ComparedWith::Cliff,
                    "across the cliff",
                    "Changes between this point and its neighbour across the largest jump",
                ),
            ] {
                if ui.add(Button::selectable(*beside == one, name)).on_hover_text(hint).clicked() {
                    *beside = one;
                }
            }
            ui.checkbox(&mut self.hidden, "Hidden").on_hover_text("Shows hidden layers, too, not only the outputs");
        });
        choose(cx.choices, choices, actions);
    }

    fn changes(
        &self,
        ui: &mut Ui,
        cx: ViewContext,
        m: &MeasuredLandscape,
        point: InspectedPoint,
        spikes: &Arc<Spikes>,
    ) {
        let loss = |(i, j): GridCell| m.loss(i, j).map_or("–".into(), value);
        let line = if point.cell == point.beside {
            format!("{}: loss {}", name(m, point.cell), loss(point.cell))
        } else {
            let (from, to) = (name(m, point.beside), name(m, point.cell));
            format!("from {from} to {to}: loss {} to {}", loss(point.beside), loss(point.cell))
        };
        ui.add(Label::new(line).truncate());
        note::faint(ui, cx, beside(m, point.cell));
        let layers = &m.survey.objective.net.layers;
        let first = self.first(m);
        let changes = words::changes(&spikes.changes, layers, first);
        for line in changes.lines.iter().take(words::MOST) {
            ui.add(Label::new(line).truncate());
        }
        if changes.lines.len() > words::MOST {
            note::faint(ui, cx, format!("… and {} more", changes.lines.len() - words::MOST));
        }
        if let Some(rest) = changes.rest {
            note::faint(ui, cx, rest);
        }
    }

    fn picture(
        &self,
        ui: &mut Ui,
        cx: ViewContext,
        m: &MeasuredLandscape,
        point: InspectedPoint,
        spikes: &Arc<Spikes>,
    ) {
        let first = self.first(m);
        ui.add_space(3.0);
        let height = paint::height(&spikes.spikes[first..]);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Spikes before and at the point"));
        let names = [name(m, point.beside), name(m, point.cell)];
        paint::show(ui, cx, m, spikes, first, rect, names);
        response.on_hover_text(
            "Left: before; right: at the point. An arrow is a spike that moved, a triangle one that was created, a \
             cross one that was removed. Rings are where output spikes should be.",
        );
    }

    /// The first layer that is told and drawn.
    fn first(&self, m: &MeasuredLandscape) -> usize {
        if self.hidden { 0 } else { m.survey.objective.net.layers.len() - 1 }
    }
}

/// The name of a cell.
fn name(m: &MeasuredLandscape, cell: GridCell) -> String {
    match m.at(cell) {
        [0.0, 0.0] => "the centre".to_owned(),
        _ => place_text(m, cell),
    }
}

/// The loss of the four neighbours of a cell, so that a jump in another direction is not overlooked.
fn beside(m: &MeasuredLandscape, (i, j): GridCell) -> String {
    // where there is none, the index wraps far beyond the grid
    let ways = [("−a", (i.wrapping_sub(1), j)), ("+a", (i + 1, j)), ("−b", (i, j.wrapping_sub(1))), ("+b", (i, j + 1))];
    let on_grid = |(_, (i, j)): &(_, GridCell)| (*i).max(*j) < m.grid().points;
    let changes = ways.into_iter().filter(on_grid).map(|(way, (k, l))| match m.loss(k, l) {
        None => format!("{way} not known yet"),
        there if there == m.loss(i, j) => format!("{way} the same"),
        Some(there) => format!("{way} {}", value(there)),
    });
    format!("loss of its neighbours: {}", changes.collect::<Vec<_>>().join(", "))
}

/// Which way each rule points at this cell.
fn rules(ui: &mut Ui, cx: ViewContext, m: &MeasuredLandscape, cell: GridCell) {
    let Some(point) = m.landscape.at(cell.0, cell.1) else { return };
    let here = m.views.as_ref().and_then(|views| views.slope[m.index(cell)]);
    let hint = "The difference of the loss across this point, between its two neighbours in each direction, per unit \
                of length. The loss consists of steps, so this number depends on the spacing of the points: a finer \
                grid gives a different one.";
    let spacing = step_text(m);
    ui.add(Label::new(format!("True slope over ± {spacing}: {}", slope(here))).truncate()).on_hover_text(hint);
    for (n, rule) in Rule::ALL.into_iter().enumerate() {
        let text = format!("{} points {}", rule.label(), verdict(point.fields[n], here));
        let text = text.replace("points sees", "sees").replace("points no", "– no").replace("points not", "was not");
        let label = Label::new(RichText::new(text).color(cx.theme.rule(rule))).truncate();
        ui.add(label)
            .on_hover_text("Whether a small step along this rule's arrow lowers the loss, as far as the grid can tell");
    }
}
