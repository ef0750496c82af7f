//! One run, as its news and frames tell it.

use std::sync::Arc;

use crate::engine::{Event, Frame, Speed};
use crate::record::Curves;
use crate::rule::Rule;
use crate::train::settings::{LiveChange, Value};
use crate::train::{EpochReport, Halt, Readout, Settings};

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
    pub marks: Vec<RunMark>,
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
pub struct RunMark {
    pub update: u64,
    /// As in `rule → timing`.
    pub text: String,
    /// The rule that was switched to, where that is what was done.
    pub rule: Option<Rule>,
}

impl RunMark {
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

/// The text of a mark where targets were drawn.
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
    pub fn on_event(&mut self, event: &Event) {
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
                let drawn = |m: &RunMark| m.update == *update && m.text == TARGET_DRAWN;
                if !self.marks.last().is_some_and(drawn) {
                    self.marks.push(RunMark { update: *update, text: TARGET_DRAWN.to_owned(), rule: None });
                }
            }
            Event::Reports(reports) => self.curves.extend(reports),
            Event::Thinned(curves) => self.curves.append(curves),
            Event::Changed { update, changes } => {
                let settings = Arc::make_mut(&mut self.settings);
                changes.iter().for_each(|change| change.apply(settings));
                // which sample is looked at changes nothing that is learnt
                let learnt = changes.iter().filter(|change| change.field().table() != "run");
                self.marks.extend(learnt.map(|change| RunMark::of(*update, change)));
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
