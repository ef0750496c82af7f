//! Runs that are compared: several in step with one another, each as its news and frames tell it.

use std::sync::Arc;

use super::RunView;
use crate::engine::{Agreement, Event, Frame, KeptRun, Speed};
use crate::record::Series;
use crate::rule::Rule;
use crate::train::settings::{FIELDS, Field};

/// The most runs that are compared at a time.
pub const MOST_COMPARED: usize = 4;

/// What is compared, and what is to be.
#[derive(Default)]
pub struct CompareState {
    /// In step with one another; empty where nothing is compared.
    pub runs: Vec<ComparedRun>,
    /// As they were asked to go.
    pub speed: Option<Speed>,
    /// Runs of the session that are chosen, by the numbers of their starts.
    pub chosen: Vec<u32>,
    /// What is compared as soon as the run's worker has handed it out.
    pub awaited: Option<AwaitedRuns>,
    agreements: Vec<Arc<Agreement>>,
    /// The question for where the rules agree that is being answered.
    pub measuring: Option<u64>,
}

/// Runs that are being handed out.
#[derive(Clone, Debug)]
pub enum AwaitedRuns {
    /// The run at work, for whose settings and data the three rules are compared.
    Rules,
    /// Runs of the session, as far as they were handed out.
    Session { wanted: Vec<u32>, handed: Vec<KeptRun> },
}

/// One of the runs that are compared.
pub struct ComparedRun {
    pub name: String,
    pub view: RunView,
    /// What it had done before it was compared.
    past: Option<RunView>,
    /// Seconds that it had computed for after so many updates.
    clock: Vec<(u64, f64)>,
    /// Why it could not begin, or does not go on.
    pub problem: Option<String>,
}

/// Times that are remembered of a run; then every second is dropped.
const MOST_TIMES: usize = 2000;
/// Measurements of agreement that are remembered; then every second is dropped.
const MOST_AGREEMENTS: usize = 1200;

impl CompareState {
    /// Begins to compare runs with these names.
    pub fn begin(&mut self, runs: Vec<ComparedRun>) {
        let (chosen, speed) = (std::mem::take(&mut self.chosen), self.speed);
        *self = Self { runs, chosen, speed, ..Self::default() };
    }

    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    pub fn playing(&self) -> bool {
        self.runs.iter().any(|run| run.view.playing)
    }

    /// The frames in view; none before each run has one.
    pub fn frames(&self) -> Option<Vec<Arc<Frame>>> {
        let frames: Option<Vec<_>> = self.runs.iter().map(|run| run.view.frame.clone()).collect();
        frames.filter(|frames| !frames.is_empty())
    }

    /// The fewest and the most updates that any of them has made.
    pub fn updates(&self) -> (u64, u64) {
        let updates = || self.runs.iter().map(|run| run.view.update());
        (updates().min().unwrap_or(0), updates().max().unwrap_or(0))
    }

    /// Settings in which the runs differ, and the value of each run.
    pub fn differences(&self) -> Vec<(&'static Field, Vec<String>)> {
        let texts = |field: &Field| -> Vec<String> {
            self.runs.iter().map(|run| field.get(&run.view.settings).to_text()).collect()
        };
        let differ = |(_, texts): &(&Field, Vec<String>)| texts.windows(2).any(|pair| pair[0] != pair[1]);
        FIELDS.iter().map(|field| (field, texts(field))).filter(differ).collect()
    }

    /// Where the rules agreed, update by update.
    pub fn agreements(&self) -> &[Arc<Agreement>] {
        &self.agreements
    }

    /// Whether it is known where the rules agree at the frames in view.
    pub fn knows_agreement(&self) -> bool {
        let updates = self.runs.iter().map(|run| run.view.update());
        self.agreements.last().is_some_and(|last| updates.eq(last.updates.iter().copied()))
    }

    /// Takes in where the rules agree.
    pub fn take_agreement(&mut self, agreement: Arc<Agreement>) {
        self.measuring = None;
        if agreement.updates.len() != self.runs.len() {
            return;
        }
        if self.agreements.last().is_some_and(|last| last.updates == agreement.updates) {
            self.agreements.pop();
        }
        self.agreements.push(agreement);
        thin(&mut self.agreements, MOST_AGREEMENTS);
    }
}

/// Drops every second of more than `most`.
fn thin<T>(values: &mut Vec<T>, most: usize) {
    if values.len() > most {
        let mut n = 0;
        values.retain(|_| {
            n += 1;
            n % 2 == 1
        });
    }
}

impl ComparedRun {
    /// One that begins at update 0.
    pub fn new(name: String, view: RunView) -> Self {
        Self { name, view, past: None, clock: Vec::new(), problem: None }
    }

    /// One that goes on from where `past` was left.
    pub fn going_on(name: String, past: RunView) -> Self {
        let view = RunView::new(crate::train::Settings::clone(&past.settings));
        Self { past: Some(past), ..Self::new(name, view) }
    }

    /// The rule that it learns by.
    pub fn rule(&self) -> Rule {
        self.view.settings.rule.rule
    }

    pub fn on_event(&mut self, event: &Event) {
        if let Event::Refused(problem) = event {
            self.problem = Some(problem.clone());
        }
        self.view.on_event(event);
        if let (Event::Started { .. }, Some(past)) = (event, self.past.take()) {
            self.view.continue_from(past);
        }
    }

    pub fn show(&mut self, frame: Arc<Frame>, now: f64) {
        if self.clock.last().is_none_or(|(update, _)| *update < frame.update) {
            self.clock.push((frame.update, frame.seconds));
            thin(&mut self.clock, MOST_TIMES);
        }
        self.view.show(frame, now);
    }

    /// Seconds that it had computed for, since it was begun here, after so many updates; rising.
    pub fn seconds(&self) -> &[(u64, f64)] {
        &self.clock
    }

    /// Spikes of the watched sample, of all neurons and of all updates until then, after so many updates; rising.
    pub fn spikes_used(&self) -> Vec<(u64, f64)> {
        let layers = &self.view.curves.spikes;
        let Some(first) = layers.first().and_then(|series| series.buckets().first()) else { return Vec::new() };
        let (mut used, mut table) = (0.0, vec![(first.first, 0.0)]);
        let length = layers.iter().map(|series| series.buckets().len()).min().unwrap_or(0);
        for n in 0..length {
            used += layers.iter().map(|series| series.buckets()[n].sum).sum::<f64>();
            table.push((layers[0].buckets()[n].last + 1, used));
        }
        table
    }

    /// Spikes that all updates together created, removed and shifted.
    pub fn changes(&self) -> [f64; 3] {
        let curves = &self.view.curves;
        let sum = |series: &Series| series.buckets().iter().map(|bucket| bucket.sum).sum();
        [sum(&curves.created), sum(&curves.removed), sum(&curves.shifted)]
    }

    /// Output targets that are hit, and all; none where the loss does not ask when spikes come.
    pub fn hits(&self) -> Option<(usize, usize)> {
        let frame = self.view.frame.as_ref()?;
        let (rings, output) = (super::watched::rings(frame)?, frame.spikes.last()?);
        let hit = |t: usize| rings.at(t).iter().filter(|unit| output.contains(t, **unit)).count();
        Some(((0..rings.steps()).map(hit).sum(), rings.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::fixtures::frame;
    use crate::train::Settings;

    fn run(name: &str, settings: Settings) -> ComparedRun {
        ComparedRun::new(name.into(), RunView::new(settings))
    }

    #[test]
    fn only_settings_that_differ_are_named() {
        let mut settings = Settings::default();
        settings.rule.rule = Rule::Timing;
        let mut state = CompareState::default();
        state.begin(vec![run("a", Settings::default()), run("b", settings)]);
        let found = state.differences();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].0.key, &found[0].1[..]), ("rule.rule", &["antlr".to_owned(), "timing".to_owned()][..]));
        state.begin(vec![run("a", Settings::default()), run("b", Settings::default())]);
        assert!(state.differences().is_empty());
    }

    #[test]
    fn hits_are_counted_and_time_only_rises() {
        let first = frame(Settings::default());
        let mut one = run("a", Settings::default());
        one.view.start = first.start;
        assert_eq!(one.hits(), None, "it has no frame yet");
        one.show(Arc::clone(&first), 0.0);
        one.show(Arc::new(Frame { seconds: 2.0, update: 9, ..Frame::clone(&first) }), 0.1);
        one.show(Arc::new(Frame { seconds: 2.0, ..Frame::clone(&first) }), 0.2);
        assert_eq!(one.seconds(), [(0, 0.0), (9, 2.0)]);
        let (hits, targets) = one.hits().unwrap();
        assert!(hits <= targets && targets == 10, "two for each output");
        assert!(one.spikes_used().is_empty());
    }
}
