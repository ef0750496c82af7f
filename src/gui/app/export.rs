//! Figures and films of what is shown: gathered here, made on a thread.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use crate::engine::{Command, Frame};
use crate::figure::{
    FigureAnswers, FigureCells, FigureCurve, FigureFormat, FigureLandscape, FigureOptions, FigureScene, FigureSpan,
    FigureWishes, FilmFormat, FilmSpec,
};
use crate::gui::action::ExportAction;
use crate::gui::export::ExportSubject;
use crate::gui::state::{CurveKind, SpanChoice};
use crate::record::Log;

/// Frames of a film, unless the user wants others.
const FRAMES: u64 = 200;

impl App {
    pub(super) fn apply_to_export(&mut self, action: ExportAction, now: f64) {
        match action {
            ExportAction::View(view) => {
                let format = FigureFormat::Svg;
                self.ask_export(ExportSubject::View { view, format }, false);
            }
            ExportAction::Panel(Some(panel)) => match panel.figure() {
                Some(view) => self.apply_to_export(ExportAction::View(view), now),
                None => self.notify(&format!("The panel {} has no figure to export.", panel.title()), now),
            },
            ExportAction::Panel(None) => {
                self.notify("Point at a panel to export its figure: raster, curves, landscape …", now);
            }
            ExportAction::Copy(view) => {
                let format = FigureFormat::Png;
                self.ask_export(ExportSubject::View { view, format }, true);
            }
            ExportAction::Everything => self.ask_export(ExportSubject::Everything, false),
            ExportAction::Film(view) => {
                let to = self.view.newest();
                let spec = FilmSpec { view, from: 0, to, every: (to / FRAMES).max(1), rate: 20 };
                self.ask_export(ExportSubject::Film { spec, format: FilmFormat::Gif }, false);
            }
            ExportAction::Style(style) => self.exports.style = style.within(),
        }
    }

    /// What is exported needs the log of the run, which the worker has.
    fn ask_export(&mut self, subject: ExportSubject, copy: bool) {
        self.exports.await_log(subject, copy);
        self.run.send(Command::Log);
    }

    /// The log is there: for what is to be exported, if something is, or for the user.
    pub(super) fn on_log(&mut self, log: &Log) {
        let Some((subject, copy)) = self.exports.awaited() else { return self.files.save_log(log.to_toml()) };
        let (Some(scene), Some(wishes)) = (self.figure_scene(log), self.figure_wishes()) else { return };
        if copy {
            self.files.aside(self.exports.copy(subject, scene, wishes));
        } else {
            self.exports.open(subject, scene, wishes);
        }
    }

    /// Begins what the sheet was asked for.
    pub(super) fn export(&mut self) {
        if let Some(job) = self.exports.begin() {
            self.files.aside(job);
        }
        if self.exports.is_busy() {
            self.ctx.request_repaint_after(Duration::from_millis(100));
        }
    }

    /// All that is known of the moment in view. A run that goes on is shown until that moment.
    fn figure_scene(&self, log: &Log) -> Option<FigureScene> {
        let frame = Arc::clone(self.view.frame.as_ref()?);
        let (mut log, mut curves) = (log.clone(), self.view.curves.clone());
        if log.end.is_none_or(|end| end.update != self.view.newest()) {
            log.end = None;
            log.entries.retain(|entry| entry.update <= frame.update);
            curves.truncate(frame.update);
        }
        Some(FigureScene {
            landscape: self.figure_landscape(),
            answers: self.figure_answers(&frame),
            cells: self.figure_cells(),
            log: Arc::new(log),
            curves: Arc::new(curves),
            frame,
        })
    }

    fn figure_landscape(&self) -> Option<Arc<FigureLandscape>> {
        let shown = self.landscape.shown().filter(|shown| shown.is_whole())?;
        Some(Arc::new(FigureLandscape {
            at: shown.question.frame.update,
            update: shown.update,
            spec: shown.question.what.place(),
            landscape: shown.landscape.clone(),
            path: shown.paths.first().cloned().unwrap_or_default(),
            measurement: Arc::clone(&shown.measurement),
        }))
    }

    fn figure_answers(&self, frame: &Frame) -> Option<Arc<FigureAnswers>> {
        let split = self.choices.evaluation.part_of(&frame.task);
        let whole = self.evaluation.is_whole(split) && frame.task.labelled;
        let update = self.evaluation.update(split).filter(|_| whole)?;
        Some(Arc::new(FigureAnswers { update, split, evaluation: self.evaluation.evaluation(split) }))
    }

    fn figure_cells(&self) -> Option<Arc<FigureCells>> {
        let shown = self.decision_map.shown().filter(|shown| shown.is_whole())?;
        let cells = shown.cells.iter().flatten().copied().collect();
        Some(Arc::new(FigureCells { update: shown.update(), points: shown.points(), cells }))
    }

    /// What the panels show of it.
    fn figure_wishes(&self) -> Option<FigureWishes> {
        let (choices, panels) = (&self.choices, &self.panels);
        let frame = self.view.frame.as_ref()?;
        let options = FigureOptions {
            time_unit: choices.time_unit,
            changes: panels.raster.shows_changes(),
            span: match choices.span {
                SpanChoice::Last => FigureSpan::Last,
                SpanChoice::Back => FigureSpan::Back,
                SpanChoice::Start => FigureSpan::Start,
            },
            look_back: choices.look_back,
            neuron: choices.neuron,
            layer: panels.changes.layer(),
            curve: match choices.curve {
                CurveKind::Loss => FigureCurve::Loss,
                CurveKind::Spikes => FigureCurve::Spikes,
                CurveKind::Changes => FigureCurve::Changes,
                CurveKind::Distance => FigureCurve::Distance,
                CurveKind::LearningRate => FigureCurve::LearningRate,
                CurveKind::Accuracy => FigureCurve::Accuracy,
            },
            log_curve: panels.curves.is_log(choices.curve),
            log_colours: choices.landscape.log,
            colour: choices.landscape.colour,
            circle: choices.landscape.circle.map(|circle| circle.within(choices.landscape.grid()).circle()),
            levels: choices.landscape.contours,
            surface: choices.landscape.solid.then(|| panels.landscape.viewpoint()),
            split: choices.evaluation.part_of(&frame.task),
            wrong_first: panels.samples.shows_wrong_first(),
        };
        let landscape = self.landscape_question()?.what.place();
        Some(FigureWishes { options, landscape, centre: None, points: choices.decision_map.points })
    }
}
