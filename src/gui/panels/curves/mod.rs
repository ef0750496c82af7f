//! The run so far: loss, spikes, changes, distance and learning rate over the updates.

mod model;
mod paint;

use egui::{Button, RichText, Ui, WidgetInfo};
use egui_plot::PlotTransform;

use crate::gui::action::{Action, choose};
use crate::gui::names::no_accuracy;
use crate::gui::state::{CurveKind, ViewContext};
use crate::gui::theme;
use crate::gui::widgets::note;
use crate::gui::widgets::painted::PaintedItem;
use crate::gui::widgets::plot::{self, AxisScale};
use crate::text;
use paint::CurveDrawing;

/// Marks closer than this are drawn as one, in points.
const MARK_GAP: f64 = 5.0;
/// Panels lower than this do without the line of explanation.
const LOW: f32 = 120.0;

const NO_UPDATE: &str = "No updates yet: press Run (space), or Step (right arrow) for a single one";

#[derive(Default)]
pub struct CurvesPanel {
    /// Which kinds have a logarithmic axis.
    log: [bool; CurveKind::ALL.len()],
    /// The view of the last frame, and of which start.
    view: Option<(PlotTransform, u32)>,
    /// Whether the user has moved away from the whole.
    moved: bool,
}

impl CurvesPanel {
    /// Whether this kind has a logarithmic axis.
    pub fn is_log(&self, kind: CurveKind) -> bool {
        self.log[kind as usize]
    }

    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let kind = kind(cx);
        if self.view.is_some_and(|(_, start)| start != cx.run.start) {
            self.view = None;
        }
        let low = ui.available_height() < LOW;
        let mut whole = self.chips(ui, cx, kind, actions);
        let log = self.log[kind as usize];
        let tracks = model::tracks(&cx.run.curves, kind, cx.layers());
        self.explain(ui, cx, kind, &tracks, low);
        if tracks.iter().all(|t| t.series.buckets().is_empty()) {
            let accuracy = cx.frame().filter(|_| kind == CurveKind::Accuracy);
            let text = accuracy.map_or_else(|| NO_UPDATE.to_owned(), |f| no_accuracy(&f.task, f.batches));
            note::empty(ui, cx, &text);
            return;
        }

        let per_point = self.view.as_ref().map_or(1.0, |(t, _)| t.dvalue_dpos()[0].abs());
        let marks = &cx.run.marks;
        let clusters = model::clusters(marks, MARK_GAP * per_point);
        let near = clusters.clone();
        let mut drawing = CurveDrawing::new(cx, kind, log, clusters, ui.available_width() - 40.0);
        let rule = (kind == CurveKind::Loss).then_some((cx.run.first_rule, &marks[..]));
        let y = if log { AxisScale::Log } else { AxisScale::REAL };
        // each kind and scale has a view of its own
        let name = format!("curve {kind:?} {log} {}", cx.run.start);
        let plot = plot::base(&name, cx.theme, AxisScale::Updates, y).set_margin_fraction(egui::vec2(0.0, 0.08));
        let plot = plot.label_formatter(move |at| {
            let x = plot::pointed(at);
            let mut text = model::readout(&tracks, x, rule)?;
            let gap = MARK_GAP * per_point;
            for cluster in near.iter().filter(|c| (c.update as f64 + 0.5 - x).abs() <= gap) {
                text += "\n";
                text += &model::cluster_text(cluster, marks);
            }
            Some(text)
        });
        let shown = plot.show(ui, |plot| {
            plot::wheel(plot);
            if whole {
                plot.set_auto_bounds(true);
            }
            drawing.hover = plot.response().hover_pos().map(|pos| plot.plot_from_screen(pos).x);
            plot.add(PaintedItem::new("curves", drawing));
            !plot.auto_bounds().x || !plot.auto_bounds().y
        });
        whole |= shown.response.double_clicked();
        self.moved = shown.inner && !whole;
        self.view = Some((shown.transform, cx.run.start));
        shown.response.widget_info(|| {
            WidgetInfo::labeled(egui::Role::Image, true, format!("Plot of {}", kind.label().to_lowercase()))
        });
    }

    /// The kinds of curves and their axis. True when the whole run is asked for.
    fn chips(&mut self, ui: &mut Ui, cx: ViewContext, kind: CurveKind, actions: &mut Vec<Action>) -> bool {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 3.0;
            let mut choices = cx.choices.clone();
            for one in CurveKind::ALL.into_iter().filter(|one| *one != CurveKind::Accuracy || labelled(cx)) {
                let chip = ui.add(Button::selectable(one == kind, one.label())).on_hover_text(one.hint());
                if chip.clicked() {
                    choices.curve = one;
                }
            }
            choose(cx.choices, choices, actions);
            ui.add_space(6.0);
            let log = &mut self.log[kind as usize];
            let hint = "Logarithmic axis: equal distances are equal factors. Zeros are not shown on it.";
            let toggle = ui.add(Button::selectable(*log, "log")).on_hover_text(hint);
            toggle.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, true, *log, "Logarithmic axis"));
            if toggle.clicked() {
                *log = !*log;
            }
            let hint = "Shows every update and follows the run again (double click in the plot)";
            self.moved && ui.button("Show all").on_hover_text(hint).clicked()
        })
        .inner
    }

    /// A line of small text: what cannot be seen, what a point stands for, what one sees.
    fn explain(&self, ui: &mut Ui, cx: ViewContext, kind: CurveKind, tracks: &[model::CurveTrack], low: bool) {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(model::note(tracks, self.log[kind as usize]).map(str::to_owned));
        let updates = self.updates_per_point(tracks);
        if updates > 1 {
            parts.push(format!("each point: {} updates; band: minimum to maximum", text::whole(updates)));
        }
        if cx.choices.captions && !low {
            parts.push(kind.caption(cx.frame().is_some_and(|f| f.batches > 1)).to_owned());
        }
        if !parts.is_empty() {
            let text = RichText::new(parts.join(" · ")).font(theme::small()).color(cx.theme.faint);
            ui.add(egui::Label::new(text).truncate());
        }
    }

    /// As the last frame drew them.
    fn updates_per_point(&self, tracks: &[model::CurveTrack]) -> u64 {
        let (Some((view, _)), Some(track)) = (&self.view, tracks.first()) else { return 1 };
        let updates = view.bounds().range_x();
        let columns = paint::columns(view.frame());
        let group = model::group(track.series.buckets(), *updates.start(), *updates.end(), columns);
        track.series.width() * group as u64
    }
}

/// The kind that is chosen, where this task has such a curve.
fn kind(cx: ViewContext) -> CurveKind {
    match cx.choices.curve {
        CurveKind::Accuracy if !labelled(cx) => CurveKind::Loss,
        kind => kind,
    }
}

/// Whether samples have classes, so that there is an accuracy.
fn labelled(cx: ViewContext) -> bool {
    cx.frame().is_some_and(|f| f.task.labelled)
}

impl CurveKind {
    fn label(self) -> &'static str {
        match self {
            Self::Loss => "Loss",
            Self::Spikes => "Spikes",
            Self::Changes => "Changes per update",
            Self::Distance => "Target distance",
            Self::LearningRate => "Learning rate",
            Self::Accuracy => "Accuracy",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Loss => {
                "The quantity that training minimises: how far the output is from the target, over the updates"
            }
            Self::Spikes => "Number of spikes of each layer on the watched sample, over the updates",
            Self::Changes => {
                "Number of spikes of the watched sample that each update shifted, created and removed, all layers \
                 together"
            }
            Self::Distance => {
                "Cost of turning the output spikes into the target: 1 to create or remove a spike, q per step to move \
                 one"
            }
            Self::LearningRate => "η, the step size of the optimiser at each update",
            Self::Accuracy => {
                "Validation accuracy at the end of every epoch, by the first output spike and by the number of output \
                 spikes"
            }
        }
    }

    /// `batched`: training goes by mini-batches.
    fn caption(self, batched: bool) -> &'static str {
        match self {
            Self::Loss if batched => "Loss of each batch before its update, in the colour of the active rule",
            Self::Loss => "Loss after each update, in the colour of the active rule",
            Self::Spikes => "Spikes of each layer on the watched sample",
            Self::Changes => "Spikes shifted, created and removed by each update, all layers together",
            Self::Distance => {
                "Cost of turning the output into the target: 1 to create or remove a spike, q per step to move one"
            }
            Self::LearningRate => "Step size of the optimiser",
            Self::Accuracy => "Validation accuracy at the end of each epoch; the best is marked",
        }
    }
}
