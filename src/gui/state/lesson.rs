//! The lesson that is open, and how far the reader came in each.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui_tiles::Tree;

use super::{Choices, RunView};
use crate::engine::{Event, Speed};
use crate::gui::layout::{Panel, Workspace};
use crate::lesson::observed::{BenchSeen, LayerSeen, Observed, hits};
use crate::lesson::walk::LessonProgress;
use crate::lesson::{Control, Lesson, LessonStep, LessonWalk};
use crate::loss::LossKind;
use crate::train::{Readout, Settings};

/// The lesson that is open, if one is, and the progress in all of them.
#[derive(Default)]
pub struct LessonState {
    pub open: Option<OpenLesson>,
    /// By the id of the lesson.
    pub progress: BTreeMap<String, LessonProgress>,
    /// Whether the first start invites to the first lesson.
    pub invites: bool,
    /// What updates did to the spikes of each layer, over all that were seen.
    changes: Vec<LayerSeen>,
    runs: u64,
    drawn: u64,
}

/// A lesson in the window.
pub struct OpenLesson {
    pub lesson: Arc<Lesson>,
    pub walk: LessonWalk,
    /// Whether all controls are shown, also those that the lesson does not need.
    pub all_controls: bool,
    /// The run that a step begins, until it is there.
    pub setting_up: Option<LessonSetup>,
    pub before: BeforeLesson,
    /// As it was observed in this frame.
    pub now: Observed,
    /// Whether the panels are those of the lesson.
    pub own_panels: bool,
}

/// A run on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonSetup {
    /// The start of the run that was in view before.
    pub before: u32,
    pub updates: u64,
    /// Whether the updates were asked for.
    pub sent: bool,
}

/// The window as it was before the lesson.
pub struct BeforeLesson {
    pub layout: Tree<Panel>,
    pub workspace: Workspace,
    pub choices: Choices,
    pub run: RunBeforeLesson,
}

/// The user's own run, which comes back after the lesson.
pub struct RunBeforeLesson {
    /// The number of its start.
    pub start: u32,
    pub settings: Arc<Settings>,
    pub speed: Speed,
}

impl RunBeforeLesson {
    pub fn of(run: &RunView) -> Self {
        Self { start: run.start, settings: Arc::clone(&run.settings), speed: run.speed }
    }
}

impl OpenLesson {
    /// The step in view.
    pub fn step(&self) -> Option<&LessonStep> {
        self.lesson.steps.get(self.walk.at())
    }

    /// Whether the step in view asks for an answer before anything may run.
    pub fn asks(&self) -> bool {
        self.step().is_some_and(|step| self.walk.asks(step))
    }
}

impl LessonState {
    /// With the progress that was kept.
    pub fn of(progress: BTreeMap<String, LessonProgress>) -> Self {
        Self { progress, ..Self::default() }
    }

    /// Whether a control is shown: all are where no lesson hides them.
    pub fn shows(&self, control: Control) -> bool {
        self.open.as_ref().is_none_or(|open| open.all_controls || open.lesson.shows(control))
    }

    /// Whether a lesson shows some settings and hides the others.
    pub fn chooses_settings(&self) -> bool {
        let chooses = |open: &OpenLesson| {
            let mut controls = open.lesson.experiment.controls.iter();
            !open.all_controls && controls.any(|control| matches!(control, Control::Setting(_)))
        };
        self.open.as_ref().is_some_and(chooses)
    }

    /// Whether a question is open: what answers it is hidden.
    pub fn asks(&self) -> bool {
        self.open.as_ref().is_some_and(OpenLesson::asks)
    }

    /// Whether the bench would answer it.
    pub fn asks_about_bench(&self) -> bool {
        self.asks() && self.open.as_ref().and_then(OpenLesson::step).is_some_and(LessonStep::is_judged_on_bench)
    }

    /// Whether the step in view points at a control.
    pub fn points_at(&self, control: Control) -> bool {
        let step = self.open.as_ref().and_then(OpenLesson::step);
        step.and_then(|step| step.point) == Some(control)
    }

    /// The same of a panel.
    pub fn points_at_panel(&self, panel: Panel) -> bool {
        self.points_at(Control::Panel(panel.key()))
    }

    /// Takes note of what happened to the run.
    pub fn on_event(&mut self, event: &Event) {
        match event {
            Event::Started { .. } => self.runs += 1,
            Event::Drawn { edits, .. } => self.drawn += *edits as u64,
            Event::Reports(reports) => {
                for (_, layers) in reports.iter() {
                    self.changes.resize(layers.len(), LayerSeen::default());
                    self.changes.iter_mut().zip(layers).for_each(|(seen, report)| seen.add(report.changes));
                }
            }
            _ => {}
        }
    }

    /// Everything that a lesson can speak of, at this moment.
    pub fn observed(&self, seen: ObservedFrom) -> Observed {
        let ObservedFrom { run, choices, workspace, pinned, past, bench } = seen;
        let live = run.live.as_ref();
        let mut layers = self.changes.clone();
        let (mut targets, mut loss) = (None, None);
        if let Some(frame) = live {
            layers.resize(frame.spikes.len(), LayerSeen::default());
            layers.iter_mut().zip(&frame.spikes).for_each(|(seen, spikes)| seen.look(spikes));
            let target = &frame.sample.target.spikes;
            let output = frame.spikes.last().filter(|output| output.units() == target.units());
            let timed = frame.settings.loss.kind == LossKind::SpikeTrain;
            targets = output.filter(|_| timed).map(|output| hits(output, target));
            loss = Some(frame.loss);
        }
        let readout = Readout::of(&run.settings.loss);
        Observed {
            settings: Arc::clone(&run.settings),
            updates: live.map_or(0, |frame| frame.update),
            runs: self.runs,
            playing: run.playing,
            past,
            loss,
            layers,
            targets,
            accuracy: run.epochs.last().and_then(|epoch| Some(epoch.valid?.accuracy(readout))),
            sample_spikes: run.epochs.last().and_then(|epoch| Some(epoch.valid?.spikes)),
            epochs: run.epochs.len() as u64,
            selected: choices.neuron,
            workspace: workspace.title().to_lowercase(),
            pinned,
            drawn: self.drawn,
            bench: Some(bench),
        }
    }
}

/// The parts of the window that are observed.
pub struct ObservedFrom<'a> {
    pub run: &'a RunView,
    pub choices: &'a Choices,
    pub workspace: Workspace,
    pub pinned: bool,
    pub past: bool,
    pub bench: BenchSeen,
}
