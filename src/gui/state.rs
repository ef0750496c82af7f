//! What the window knows: the story of each run, and what a person chose to look at.

use std::sync::Arc;

use crate::engine::{Event, Frame, Speed};
pub use crate::record::Curves;
use crate::rule::Rule;
use crate::snn::Layer;
use crate::task::{Split, Task};
use crate::train::settings::{LiveChange, Value};
use crate::train::{EpochReport, Halt, Readout, Settings};

use super::app::Past;
pub use super::exam::ExamView;
use super::form::SettingsForm;
pub use super::map_view::MapView;
pub use super::survey::LandscapeView;
pub use super::survey::choices::LandscapeChoices;
use super::theme::Theme;

/// Everything that a panel is handed. Read only: wishes go back as actions.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub run: &'a RunView,
    pub landscape: &'a LandscapeView,
    pub map: &'a MapView,
    /// What the samples are taken for.
    pub exam: &'a ExamView,
    pub choices: &'a Choices,
    pub theme: &'a Theme,
    /// The settings in the form: the run's, or ahead of them by what waits for a restart.
    pub form: &'a Settings,
    /// What waits for a restart, and which values were refused.
    pub edits: &'a SettingsForm,
    /// Whether a task is being opened, or why the last wish was refused.
    pub reading: Reading<'a>,
    /// What undo would go back to.
    pub undo: Option<&'a Past>,
}

impl<'a> Look<'a> {
    /// The frame to be drawn, if there is one yet.
    pub fn frame(&self) -> Option<&'a Arc<Frame>> {
        self.run.frame.as_ref()
    }

    /// The layers of the network, as far as they are known.
    pub fn layers(&self) -> &'a [Layer] {
        self.frame().map_or(&[], |frame| &frame.net.layers)
    }
}

/// The task that is to come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Reading<'a> {
    #[default]
    None,
    /// It is being opened; how far that is, from 0 to 1, where it is known.
    Busy(Option<f32>),
    /// Why the last one, or another wish, was refused; until the person has read it.
    Refused(&'a str),
}

/// What a person chose to see, the same in all panels.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Choices {
    pub time_unit: TimeUnit,
    pub span: SpanChoice,
    pub curve: CurveKind,
    /// How many updates back the middle span reaches.
    pub look_back: u64,
    /// Whether every panel says in a line what one sees.
    pub captions: bool,
    /// The neuron whose potential is shown: layer (0 is the first hidden one), unit.
    pub neuron: Option<(usize, usize)>,
    pub landscape: LandscapeChoices,
    /// Whether targets are drawn with the mouse; a mode that does not come back at the next start.
    #[serde(skip)]
    pub pencil: bool,
    pub map: MapChoices,
    pub exam: ExamChoices,
}

/// Which samples are looked at, and when.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct ExamChoices {
    /// See [`ExamChoices::part_of`].
    #[serde(with = "SplitName")]
    pub part: Split,
    /// Asks again as soon as the last answers are whole and the run has gone on.
    pub follow: bool,
}

/// Puts a [`Split`] down by its name.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(remote = "Split")]
enum SplitName {
    Train,
    Validation,
    Test,
}

impl ExamChoices {
    /// The part that was chosen; of a task that has no samples for it, the training samples.
    pub fn part_of(&self, task: &Task) -> Split {
        if task.len(self.part) > 0 { self.part } else { Split::Train }
    }
}

impl Default for ExamChoices {
    fn default() -> Self {
        Self { part: Split::Validation, follow: false }
    }
}

/// How the decision map is looked at.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct MapChoices {
    /// Points along each side, an odd number.
    pub points: usize,
    /// Asks again as soon as the last answer is whole and the run has gone on.
    pub follow: bool,
    pub marks: MapMarks,
}

impl Default for MapChoices {
    fn default() -> Self {
        Self { points: 61, follow: true, marks: MapMarks::None }
    }
}

/// Which samples are marked on the decision map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum MapMarks {
    #[default]
    None,
    Train,
    Validation,
    Test,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            time_unit: TimeUnit::Steps,
            span: SpanChoice::Last,
            curve: CurveKind::Loss,
            look_back: 100,
            captions: true,
            neuron: None,
            landscape: LandscapeChoices::default(),
            pencil: false,
            map: MapChoices::default(),
            exam: ExamChoices::default(),
        }
    }
}

/// What time axes count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum TimeUnit {
    #[default]
    Steps,
    Ms,
}

/// Between which moments the changes of spikes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum SpanChoice {
    #[default]
    Last,
    Back,
    Start,
}

/// What the curves show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum CurveKind {
    #[default]
    Loss,
    Spikes,
    Changes,
    Distance,
    LearningRate,
    Accuracy,
}

impl CurveKind {
    pub const ALL: [Self; 6] =
        [Self::Loss, Self::Spikes, Self::Changes, Self::Distance, Self::LearningRate, Self::Accuracy];
}

/// One run, as its news and frames tell it.
pub struct RunView {
    /// Rises with every start; frames of another start are not shown.
    pub start: u32,
    pub playing: bool,
    pub speed: Speed,
    /// As the worker has them.
    pub settings: Arc<Settings>,
    /// The rule that the run began with.
    pub first_rule: Rule,
    pub frame: Option<Arc<Frame>>,
    pub curves: Curves,
    pub marks: Vec<Mark>,
    pub halted: Option<Halt>,
    /// Whole epochs with what validation said.
    pub epochs: Vec<EpochReport>,
    /// The best of them, from 1.
    pub best_epoch: Option<u64>,
    /// Validation samples answered so far and all of them, while a validation is under way.
    pub validating: Option<(usize, usize)>,
    /// Updates a second, measured.
    pub rate: f64,
    /// Updates between the two newest frames.
    pub between: u64,
    meter: (f64, u64),
}

/// Something that was done to the run, marked on its curves.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub update: u64,
    /// As in `rule → timing`.
    pub text: String,
    /// The rule that was switched to, where that is what was done.
    pub rule: Option<Rule>,
}

impl Mark {
    /// That a setting was changed.
    fn of(update: u64, change: &LiveChange) -> Self {
        let (field, value) = (change.field(), change.value());
        let chosen = |rule: &Rule| field.key == "rule.rule" && *value == Value::Choice(rule.key());
        let rule = Rule::ALL.into_iter().find(chosen);
        Self { update, text: format!("{} = {}", field.name(), value.to_text()), rule }
    }
}

/// The first epoch with the highest accuracy.
fn best(epochs: &[EpochReport], readout: Readout) -> Option<u64> {
    let accuracies = epochs.iter().filter_map(|e| Some((e.epoch, e.valid?.accuracy(readout))));
    accuracies.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(epoch, _)| epoch)
}

/// What a mark says where targets were drawn.
const TARGET_DRAWN: &str = "targets drawn";

impl RunView {
    pub fn new(settings: Settings) -> Self {
        Self {
            start: 0,
            playing: false,
            speed: Speed::PerSecond(10.0),
            first_rule: settings.rule.rule,
            settings: Arc::new(settings),
            frame: None,
            curves: Curves::default(),
            marks: Vec::new(),
            halted: None,
            epochs: Vec::new(),
            best_epoch: None,
            validating: None,
            rate: 0.0,
            between: 0,
            meter: (0.0, 0),
        }
    }

    /// Updates made, as far as the window knows.
    pub fn update(&self) -> u64 {
        self.frame.as_ref().map_or(0, |f| f.update)
    }

    /// Takes in a piece of news. Asking for a log is answered elsewhere.
    pub fn hear(&mut self, event: &Event) {
        match event {
            Event::Started { start, settings, epochs, .. } => {
                let (playing, speed) = (self.playing, self.speed);
                *self = Self::new(Settings::clone(settings));
                (self.start, self.playing, self.speed) = (*start, playing, speed);
                epochs.iter().for_each(|report| self.end_epoch(report));
                self.best_epoch = best(epochs, Readout::of(&settings.loss));
            }
            Event::Playing(playing) => {
                self.playing = *playing;
                self.halted = self.halted.take().filter(|_| !playing);
            }
            Event::Validating(done, of) => self.validating = Some((*done, *of)),
            Event::Epoch(report, best) => {
                self.end_epoch(report);
                if *best {
                    self.best_epoch = Some(report.epoch);
                }
            }
            Event::Drawn { update, .. } => {
                // a stroke of the pencil is many edits, and one mark
                let drawn = |m: &Mark| m.update == *update && m.text == TARGET_DRAWN;
                if !self.marks.last().is_some_and(drawn) {
                    self.marks.push(Mark { update: *update, text: TARGET_DRAWN.to_owned(), rule: None });
                }
            }
            Event::Reports(reports) => self.curves.extend(reports),
            Event::Thinned(curves) => self.curves.append(curves),
            Event::Changed { update, changes } => {
                let settings = Arc::make_mut(&mut self.settings);
                changes.iter().for_each(|change| change.apply(settings));
                // which sample is looked at changes nothing that is learnt
                let learnt = changes.iter().filter(|change| change.field().table() != "run");
                self.marks.extend(learnt.map(|change| Mark::of(*update, change)));
            }
            Event::Halted(halt) => self.halted = Some(halt.clone()),
            Event::NotChanged { .. } | Event::Refused(_) | Event::Log(_) | Event::Checkpoint(_) | Event::Past(_) => {}
        }
    }

    fn end_epoch(&mut self, report: &EpochReport) {
        self.validating = None;
        self.curves.push_epoch(report);
        self.epochs.push(*report);
    }

    /// Shows a frame, unless it belongs to an earlier start. `now` in seconds.
    pub fn show(&mut self, frame: Arc<Frame>, now: f64) {
        if frame.start != self.start {
            return;
        }
        self.between = frame.update.saturating_sub(self.update());
        let (since, update) = self.meter;
        if now - since > 0.5 || update > frame.update {
            self.rate = (frame.update.saturating_sub(update)) as f64 / (now - since).max(1e-3);
            self.meter = (now, frame.update);
        }
        self.frame = Some(frame);
    }
}
