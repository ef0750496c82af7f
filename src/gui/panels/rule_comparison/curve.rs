//! A figure of the comparison over training, a line for each rule.

use egui::{Role, Ui, WidgetInfo};
use egui_plot::{Line, LineStyle, PlotPoints};

use crate::gui::state::ViewContext;
use crate::gui::widgets::note;
use crate::gui::widgets::plot::{self, AxisScale};

/// Lines are told apart by their dashes, too.
pub const STYLES: [LineStyle; 3] =
    [LineStyle::Solid, LineStyle::Dashed { length: 8.0 }, LineStyle::Dotted { spacing: 5.0 }];

pub fn show(ui: &mut Ui, cx: ViewContext, height: f32) {
    let (comparisons, figure) = (cx.landscape.comparisons(), cx.choices.landscape.figure);
    if comparisons.len() < 2 {
        let text = "Run with Follow on to see how these figures change over training";
        note::faint(ui, cx, text);
        return;
    }
    let unit = if figure.is_share() { 100.0 } else { 1.0 };
    let scale = AxisScale::Linear { least: 0.0, unit };
    let name = format!("{} over training", figure.title());
    let lines = (0..3).map(|n| {
        let rule = comparisons[0].1.rules[n].rule;
        let known = comparisons.iter().filter_map(|(update, c)| Some([*update as f64, figure.of(&c.rules[n])?]));
        let points: PlotPoints = known.collect::<Vec<_>>().into();
        Line::new(rule.label(), points).color(cx.theme.rule(rule)).style(STYLES[n]).width(1.5)
    });
    let plot =
        plot::base(&name, cx.theme, AxisScale::Updates, scale).height(height).allow_drag(false).allow_zoom(false);
    let plot = plot.label_formatter(|_| None);
    let shown = plot.show(ui, |plot| lines.for_each(|line| plot.line(line)));
    shown.response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("Curve of {name}")));
    let unit = if figure.is_share() { ", %" } else { "" };
    shown.response.on_hover_text(format!("{}{unit}: solid Activation, dashed Timing, dotted ANTLR", figure.title()));
}
