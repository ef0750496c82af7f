//! One value of all compared runs over what it has cost: updates, seconds, or spikes.

mod model;
mod paint;

use egui::{Button, Ui, WidgetInfo};

use self::model::{ComparedAxis, ComparedCurve};
use self::paint::{ComparedDrawing, ComparedLine};
use crate::gui::state::ViewContext;
use crate::gui::widgets::painted::PaintedItem;
use crate::gui::widgets::plot::{self, AxisScale};
use crate::gui::widgets::{note, run_style};
use crate::text;

/// The state of the panel's own view.
#[derive(Default)]
pub struct CompareCurvesPanel {
    kind: ComparedCurve,
    axis: ComparedAxis,
    log: bool,
}

const NOTHING: &str = "Nothing is compared yet: press \"Three rules, one seed\" in the panel \"Compared runs\"";
const NO_UPDATE: &str = "No updates yet: press \"Run all\" or \"Step all\" in the panel \"Compared runs\"";
/// Points of a curve.
const MOST_POINTS: usize = 700;

impl CompareCurvesPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext) {
        let runs = &cx.compare.runs;
        if runs.is_empty() {
            return note::empty(ui, cx, NOTHING);
        }
        self.chips(ui, cx);
        let line = |(n, run): (usize, &crate::gui::state::ComparedRun)| ComparedLine {
            name: run.name.clone(),
            colour: run_style::colour(cx.theme, cx.compare, n),
            dashes: run_style::dashes(n),
            points: model::curve(run, self.kind, self.axis, MOST_POINTS),
        };
        let lines: Vec<ComparedLine> = runs.iter().enumerate().map(line).collect();
        if lines.iter().all(|line| line.points.is_empty()) {
            let epochs = self.kind == ComparedCurve::Accuracy;
            return note::empty(ui, cx, if epochs { "No epoch has ended yet" } else { NO_UPDATE });
        }
        self.plot(ui, cx, lines);
    }

    fn plot(&self, ui: &mut Ui, cx: ViewContext, lines: Vec<ComparedLine>) {
        let y = if self.log { AxisScale::Log } else { AxisScale::REAL };
        let x = match self.axis {
            ComparedAxis::Updates => AxisScale::Updates,
            ComparedAxis::Seconds => AxisScale::Named { name: "seconds", least: 0.0 },
            ComparedAxis::Spikes => AxisScale::Named { name: "spikes used", least: 1.0 },
        };
        let (kind, axis) = (self.kind, self.axis);
        let told: Vec<_> = lines.iter().map(|line| (line.name.clone(), line.points.clone())).collect();
        let plot = plot::base(&format!("compared {kind:?} {axis:?} {}", self.log), cx.theme, x, y);
        let plot = plot.set_margin_fraction(egui::vec2(0.0, 0.08)).label_formatter(move |at| {
            let x = plot::pointed(at);
            let mut words = axis.words(x);
            for (name, points) in &told {
                let value = model::value_at(points, x, 0.75).map_or("no counterpart".into(), text::value);
                words += &format!("\n{name} {value}");
            }
            Some(words)
        });
        let width = ui.available_width() - 40.0;
        let mut drawing = ComparedDrawing { lines, log: self.log, theme: cx.theme.clone(), width, hover: None };
        let shown = plot.show(ui, |plot| {
            plot::wheel(plot);
            drawing.hover = plot.response().hover_pos().map(|pos| plot.plot_from_screen(pos).x);
            plot.add(PaintedItem::new("compared curves", drawing));
        });
        let name = format!("Plot of {} of all runs {}", kind.label().to_lowercase(), axis.label());
        shown.response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, &name));
    }

    fn chips(&mut self, ui: &mut Ui, cx: ViewContext) {
        let labelled = cx.compare.runs.iter().any(|run| run.view.frame.as_ref().is_some_and(|f| f.task.labelled));
        if !labelled && self.kind == ComparedCurve::Accuracy {
            self.kind = ComparedCurve::Loss;
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 3.0;
            for one in ComparedCurve::ALL.into_iter().filter(|one| labelled || *one != ComparedCurve::Accuracy) {
                if ui.add(Button::selectable(one == self.kind, one.label())).on_hover_text(one.hint()).clicked() {
                    self.kind = one;
                }
            }
            ui.add_space(8.0);
            for one in ComparedAxis::ALL {
                if ui.add(Button::selectable(one == self.axis, one.label())).on_hover_text(one.hint()).clicked() {
                    self.axis = one;
                }
            }
            ui.add_space(8.0);
            let hint = "Logarithmic axis: equal distances are equal factors. Zeros are not shown on it.";
            let toggle = ui.add(Button::selectable(self.log, "log")).on_hover_text(hint);
            let log = self.log;
            toggle
                .widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, true, log, "Logarithmic axis for all runs"));
            if toggle.clicked() {
                self.log = !self.log;
            }
        });
    }
}
