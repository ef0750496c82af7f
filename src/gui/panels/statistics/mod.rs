//! Statistics of the spikes in view, with the line of Python that prints each of them.

mod model;

use std::sync::Arc;

use egui::{Button, FontId, Label, Rect, RichText, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use self::model::{NeuronFigure, ToldStatistic, TrainsInView};
use crate::engine::Frame;
use crate::gui::action::{Action, WindowAction, choose};
use crate::gui::names::layer_name;
use crate::gui::state::{ViewContext, watched};
use crate::gui::theme::{SMALL, small};
use crate::gui::widgets::note;
use crate::gui::widgets::time_axis::TimeView;
use crate::spike::statistics::Undefined;
use crate::text;

/// The state of the panel's own view.
#[derive(Default)]
pub struct StatisticsPanel {
    /// The layer that is shown, 0 being the inputs; none: that of the neuron picked.
    layer: Option<usize>,
    trains: Option<TrainsInView>,
}

const ROW: f32 = 17.0;
/// Width of the names of neurons.
const NAME: f32 = 46.0;
/// Width of a figure.
const FIGURE: f32 = 74.0;
/// Characters of a line of Python that a tooltip shows.
const MOST_PYTHON: usize = 420;

impl StatisticsPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, time: &TimeView, actions: &mut Vec<Action>) {
        let Some(frame) = cx.frame() else {
            return note::empty(ui, cx, "No spikes yet: the first pass through the network is in progress");
        };
        let (from, to) = time.of(frame.settings.task.steps);
        let range = [from as u32, (to.ceil() as u32).min(frame.steps as u32).max(from as u32)];
        let (layer, trains) = ui
            .horizontal_wrapped(|ui| {
                let layer = self.layer(ui, cx, frame);
                let trains = TrainsInView::of(self.trains.take(), frame, layer, range);
                whole(ui, cx, &trains, actions);
                (layer, trains)
            })
            .inner;
        let all = range == [0, frame.settings.task.steps as u32];
        let part = if all { "all steps".to_owned() } else { format!("steps {} to {}", range[0], range[1]) };
        let caption = "of the watched sample; times in steps; hover for the line of Python, click to copy it";
        note::caption(ui, cx, format!("{part} {caption}"));
        table(ui, cx, layer, &trains, actions);
        self.trains = Some(trains);
    }

    /// Which layer is shown; none is the inputs.
    fn layer(&mut self, ui: &mut Ui, cx: ViewContext, frame: &Arc<Frame>) -> Option<usize> {
        let layers = frame.spikes.len();
        let shown = self.layer.filter(|n| *n <= layers).unwrap_or_else(|| watched::watched(cx.choices, frame).0 + 1);
        for n in 0..=layers {
            let name = n.checked_sub(1).map_or("input".into(), |l| layer_name(l, layers, &frame.net.layers));
            let button = ui.add(Button::selectable(n == shown, &name)).on_hover_text("Shows the neurons of this layer");
            let told = format!("Statistics of {name}");
            button.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, n == shown, &told));
            if button.clicked() {
                self.layer = Some(n);
            }
        }
        shown.checked_sub(1)
    }
}

/// The layer as a whole.
fn whole(ui: &mut Ui, cx: ViewContext, trains: &TrainsInView, actions: &mut Vec<Action>) {
    let counted =
        format!("{} neurons, {} spikes", text::whole(trains.neurons() as u64), text::whole(trains.spikes() as u64));
    ui.label(RichText::new(counted).font(small()).color(cx.theme.faint));
    let rate = "Spikes per neuron and step, on average over the layer.";
    let fano = "Fano factor: variance of the neurons' spike counts over their mean. 0 where all spike equally often, 1 as by chance.";
    for (name, help, told) in [("mean rate", rate, trains.rate()), ("Fano factor", fano, trains.fano())] {
        ui.label(RichText::new(name).font(small()).color(cx.theme.faint));
        number(ui, &format!("{name} of the layer"), help, &told, actions);
    }
}

/// A row for each neuron; a click on its number picks it.
fn table(ui: &mut Ui, cx: ViewContext, layer: Option<usize>, trains: &TrainsInView, actions: &mut Vec<Action>) {
    let figures = NeuronFigure::all(trains.has_targets());
    let width = (NAME + FIGURE * figures.len() as f32).max(ui.available_width());
    let column = ((ui.available_width() - NAME - 12.0) / figures.len() as f32).clamp(FIGURE, 110.0);
    let cell = |row: Rect, n: usize| {
        Rect::from_min_size(pos2(row.left() + NAME + n as f32 * column, row.top()), vec2(column, ROW))
    };
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::horizontal().auto_shrink(false).show(ui, |ui| {
        let (head, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
        for (n, figure) in figures.iter().enumerate() {
            within(ui, cell(head, n), |ui| {
                let name = RichText::new(figure.label()).font(small()).color(cx.theme.faint);
                ui.add(Label::new(name)).on_hover_text(figure.help());
            });
        }
        ui.painter().hline(head.x_range(), head.bottom(), egui::Stroke::new(1.0, cx.theme.line));
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW, trains.neurons(), |ui, rows| {
            for unit in rows {
                let (row, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
                pick(ui, cx, layer, unit, row, actions);
                for (n, figure) in figures.iter().enumerate() {
                    within(ui, cell(row, n), |ui| {
                        let name = format!("{} of neuron {unit}", figure.label());
                        number(ui, &name, &figure.help(), &trains.neuron(*figure, unit), actions);
                    });
                }
            }
        });
    });
}

fn pick(ui: &mut Ui, cx: ViewContext, layer: Option<usize>, unit: usize, row: Rect, actions: &mut Vec<Action>) {
    let place = Rect::from_min_size(row.min, vec2(NAME, ROW));
    let mut choices = cx.choices.clone();
    ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
        let text = RichText::new(unit.to_string()).font(small());
        let Some(layer) = layer else { return drop(ui.label(text)) };
        let picked = choices.neuron == Some((layer, unit));
        if ui.add(Button::selectable(picked, text).small()).on_hover_text("Picks this neuron in all panels").clicked() {
            choices.neuron = (!picked).then_some((layer, unit));
        }
    });
    choose(cx.choices, choices, actions);
}

fn within<R>(ui: &mut Ui, rect: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    ui.scope_builder(egui::UiBuilder::new().max_rect(rect).layout(layout), add).inner
}

/// A number, or a dash with the reason why there is none.
fn number(ui: &mut Ui, name: &str, help: &str, told: &ToldStatistic, actions: &mut Vec<Action>) {
    let shown = told.value.map_or("–".into(), text::value);
    let label = Label::new(RichText::new(&shown).font(FontId::monospace(SMALL))).sense(Sense::click());
    let response = ui.add(label);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, format!("{name}: {shown}")));
    if response.clicked() {
        ui.ctx().copy_text(told.python.clone());
        actions.push(WindowAction::Notify("The line of Python is in the clipboard.".into()).into());
    }
    response.on_hover_ui(|ui| {
        ui.set_max_width(460.0);
        ui.label(help);
        ui.label(match told.value {
            Ok(value) => format!("{value:?}"),
            Err(why) => Undefined::to_string(&why),
        });
        let mut python: String = told.python.chars().take(MOST_PYTHON).collect();
        if python.len() < told.python.len() {
            python += " …";
        }
        ui.label(RichText::new(python).font(FontId::monospace(SMALL)));
        ui.label(RichText::new("A click copies this line").font(small()));
    });
}
