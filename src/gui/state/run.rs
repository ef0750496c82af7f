//! One run, as its news and frames tell it.

use std::sync::Arc;

use crate::engine::{Event, Frame, Speed};
use crate::record::Curves;
use crate::record::log::Intervention;
use crate::rule::Rule;
use crate::session::SessionRun;
use crate::train::settings::{LiveChange, Value};
use crate::train::{EpochReport, Halt, Readout, Settings};

/// One run, as its news and frames tell it.
#[derive(Clone)]
pub struct RunView {
    /// Rises with every start; frames of another start are not shown.
    pub start: u32,
    /// The run whose past it shares, and until which update.
    pub parent: Option<(u32, u64)>,
    /// Where it began: 0, unless it goes on from a checkpoint.
    pub oldest: u64,
    /// Updates that it had when it began or was opened.
    had: u64,
    /// Why it cannot go on, where its session was opened without its data.
    pub without_data: Option<Arc<str>>,
    pub playing: bool,
    pub speed: Speed,
    /// As the worker has them.
    pub settings: Arc<Settings>,
    /// The rule that the run began with.
    pub first_rule: Rule,
    /// The frame that all views draw.
    pub frame: Option<Arc<Frame>>,
    /// The newest one.
    pub live: Option<Arc<Frame>>,
    /// Whether the newest one is drawn; else a moment of the past is.
    pub follows: bool,
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
            parent: None,
            oldest: 0,
            had: 0,
            without_data: None,
            playing: false,
            speed: Speed::PerSecond(10.0),
            first_rule: settings.rule.rule,
            settings: Arc::new(settings),
            frame: None,
            live: None,
            follows: true,
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

    /// Updates made at the moment that is drawn.
    pub fn update(&self) -> u64 {
        self.frame.as_ref().map_or(0, |f| f.update)
    }

    /// Updates made, as far as the window knows.
    pub fn newest(&self) -> u64 {
        let reported = self.curves.created.buckets().last().map_or(0, |bucket| bucket.last);
        self.live.as_ref().map_or(self.had, |f| f.update).max(reported)
    }

    /// A letter for each run, in the order of their starts.
    pub fn letter(&self) -> String {
        letter(self.start)
    }

    /// Draws this frame of the past.
    pub fn look_at(&mut self, frame: Arc<Frame>) {
        (self.frame, self.follows) = (Some(frame), false);
    }

    /// Draws the newest frame, and those that come.
    pub fn follow(&mut self) {
        self.follows = true;
        self.frame.clone_from(&self.live);
    }

    /// Takes in a piece of news. Asking for a log is answered elsewhere.
    pub fn on_event(&mut self, event: &Event) {
        match event {
            Event::Started { start, settings, epochs, parent, update } => {
                let old = std::mem::replace(self, Self::new(Settings::clone(settings)));
                (self.start, self.playing, self.speed, self.oldest) = (*start, old.playing, old.speed, *update);
                self.had = *update;
                if let Some(parent) = parent.filter(|parent| *parent == old.start) {
                    self.share_past(old, (parent, *update));
                }
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
                self.mark_drawn(*update);
            }
            Event::Reports(reports) => self.curves.extend(reports),
            Event::Thinned(curves) => self.curves.append(curves),
            Event::Changed { update, changes } => {
                let settings = Arc::make_mut(&mut self.settings);
                changes.iter().for_each(|change| change.apply(settings));
                changes.iter().for_each(|change| self.mark_change(*update, change));
            }
            Event::Halted(halt) => self.halted = Some(halt.clone()),
            // what they bring is not a part of this run
            Event::Switched(_) | Event::GivenUp(_) => {}
            Event::NotChanged { .. } | Event::Refused(_) | Event::Log(_) | Event::Checkpoint(_) | Event::Past(_) => {}
            Event::Handed(_) | Event::Runs(_) | Event::TakenOver | Event::Adopted(_) | Event::Reached(_) => {}
        }
    }

    /// A run as a session tells of it, paused; nothing of it is to be seen yet.
    pub fn of_session(run: &SessionRun, curves: Curves) -> Self {
        let settings = run.now.as_ref().map_or_else(|| run.log.start.clone(), |now| now.settings.clone());
        let readout = Readout::of(&settings.loss);
        let mut view = Self::new(settings);
        (view.start, view.parent, view.first_rule) = (run.start, run.parent, run.log.start.rule.rule);
        view.oldest = run.moments.first().map_or(0, |moment| moment.update);
        view.had = run.newest();
        view.curves = curves;
        if let Some(now) = &run.now {
            // the curves have them already
            (view.epochs, view.best_epoch) = (now.epochs.clone(), best(&now.epochs, readout));
        }
        for entry in &run.log.entries {
            match &entry.what {
                Intervention::Setting(change) => view.mark_change(entry.update, change),
                Intervention::Target(_) => view.mark_drawn(entry.update),
            }
        }
        view
    }

    fn mark_change(&mut self, update: u64, change: &LiveChange) {
        // which sample is looked at changes nothing that is learnt
        if change.field().table() != "run" {
            self.marks.push(RunMark::of(update, change));
        }
    }

    fn mark_drawn(&mut self, update: u64) {
        // a stroke of the pencil is many edits, and one mark
        let drawn = |m: &RunMark| m.update == update && m.text == TARGET_DRAWN;
        if !self.marks.last().is_some_and(drawn) {
            self.marks.push(RunMark { update, text: TARGET_DRAWN.to_owned(), rule: None });
        }
    }

    /// Until `update` this run is the old one.
    fn share_past(&mut self, old: Self, (parent, update): (u32, u64)) {
        self.parent = Some((parent, update));
        (self.oldest, self.first_rule) = (old.oldest, old.first_rule);
        (self.curves, self.marks) = (old.curves, old.marks);
        self.curves.truncate(update);
        self.marks.retain(|mark| mark.update <= update);
    }

    /// It has just begun where `past` was left, and goes on with that.
    pub fn continue_from(&mut self, past: Self) {
        (self.oldest, self.first_rule) = (past.oldest, past.first_rule);
        (self.curves, self.marks) = (past.curves, past.marks);
        self.validating = past.validating;
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
        self.between = self.live.as_ref().map_or(0, |live| frame.update.saturating_sub(live.update));
        let (since, update) = self.meter;
        if now - since > 0.5 || update > frame.update {
            self.rate = (frame.update.saturating_sub(update)) as f64 / (now - since).max(1e-3);
            self.meter = (now, frame.update);
        }
        if self.follows {
            self.frame = Some(Arc::clone(&frame));
        }
        self.live = Some(frame);
    }
}

/// a, b, … z, aa, ab … by the number of the start, from 1.
pub fn letter(start: u32) -> String {
    let (mut rest, mut letters) = (start, Vec::new());
    while rest > 0 {
        letters.insert(0, char::from(b'a' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn runs_have_letters() {
        assert_eq!([1, 2, 26, 27, 52, 53, 703].map(letter), ["a", "b", "z", "aa", "az", "ba", "aaa"]);
    }
}
