//! The settings in the form: those of the run, with the user's changes ahead of it.

use std::collections::{BTreeMap, VecDeque};

use crate::record::memory;
use crate::text;
use crate::train::Settings;
use crate::train::settings::{Change, FIELDS, Field, LiveChange, Problem};

/// Every change that the user makes is checked here, and here alone.
#[derive(Clone, Debug)]
pub struct SettingsForm {
    settings: Settings,
    /// Settings that wait for a restart, in the order of [`FIELDS`]: the run has other values.
    waiting: Vec<&'static Field>,
    /// Settings whose changes were sent to the run and are not answered yet, the oldest first.
    sent: VecDeque<Vec<&'static Field>>,
    /// By key: why a value that was entered in the form cannot be, until one can.
    refused: BTreeMap<&'static str, String>,
}

/// The consequences of changes that were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangesMade {
    /// To be sent to the run.
    pub live: Vec<LiveChange>,
    /// The changes that take them back; empty where nothing has changed.
    pub back: Vec<Change>,
}

impl SettingsForm {
    pub fn new(settings: Settings) -> Self {
        Self { settings, waiting: Vec::new(), sent: VecDeque::new(), refused: BTreeMap::new() }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The settings that wait for a restart.
    pub fn waiting(&self) -> &[&'static Field] {
        &self.waiting
    }

    /// By key: why a value that was entered in the form cannot be.
    pub fn refused(&self) -> &BTreeMap<&'static str, String> {
        &self.refused
    }

    /// A run begins with these settings.
    pub fn begin(&mut self, settings: Settings) {
        self.settings = settings;
        self.waiting.clear();
        self.refused.clear();
    }

    /// Makes changes, one after the other, to a run that has the settings `run`. They take effect at once if they can; a
    /// change that needs a restart waits for it with all that are made with it, so that a run never has half of a preset or
    /// of another task. An error says what is wrong with the settings that they lead to; then nothing has changed.
    pub fn change(&mut self, changes: &[Change], run: &Settings) -> Result<ChangesMade, Vec<Problem>> {
        let mut next = self.settings.clone();
        let mut back = Vec::new();
        for change in changes {
            back.splice(0..0, change.make(&mut next).map_err(|problem| vec![problem])?);
        }
        if back.is_empty() {
            return Ok(ChangesMade::default());
        }
        memory::check(&next)?;
        let mut fields: Vec<&'static Field> = back.iter().map(|change| change.field).collect();
        fields.sort_by_key(|field| FIELDS.iter().position(|other| other == *field));
        fields.dedup();
        let live = fields.iter().map(|field| LiveChange::try_from(Change::of(field, &next)).ok());
        let live = live.collect::<Option<Vec<_>>>().filter(|live| self.fits_now(live, run)).unwrap_or_default();
        self.settings = next;
        self.refused.clear();
        if live.is_empty() {
            self.wait(fields, run);
        } else {
            self.waiting.retain(|field| !fields.contains(field));
            self.sent.push_back(fields);
        }
        Ok(ChangesMade { live, back })
    }

    /// The same with one value that was entered in the form; why it cannot be is kept for its place there.
    pub fn edit(&mut self, change: &Change, run: &Settings) -> ChangesMade {
        self.change(std::slice::from_ref(change), run).unwrap_or_else(|problems| {
            let why = problems.into_iter().next().map_or_else(String::new, |problem| problem.message);
            self.refused.insert(change.field.key, why);
            ChangesMade::default()
        })
    }

    /// Whether the run as it is can take these on. Where nothing waits it is what the form says, which was checked.
    fn fits_now(&self, live: &[LiveChange], run: &Settings) -> bool {
        let mut next = run.clone();
        live.iter().for_each(|change| change.apply(&mut next));
        self.waiting.is_empty() || memory::check(&next).is_ok()
    }

    fn wait(&mut self, fields: Vec<&'static Field>, run: &Settings) {
        self.waiting.extend(fields);
        self.waiting.sort_by_key(|field| FIELDS.iter().position(|other| other == *field));
        self.waiting.dedup();
        let on_their_way: Vec<_> = self.sent.iter().flatten().copied().collect();
        let differs = |field: &&Field| field.get(&self.settings) != field.get(run);
        self.waiting.retain(|field| differs(field) || on_their_way.contains(field));
    }

    /// The run has answered the oldest changes that were sent to it, and has the settings `run` by now: the form shows
    /// what it has, where no later change is ahead of it.
    pub fn answered(&mut self, run: &Settings) {
        for field in self.sent.pop_front().into_iter().flatten() {
            if !self.waiting.contains(&field) && !self.sent.iter().flatten().any(|ahead| *ahead == field) {
                // what a run has is in its range
                let _ = field.set(&mut self.settings, field.get(run));
            }
        }
    }

    /// The changes after which nothing waits any more.
    pub fn discarding(&self, run: &Settings) -> Vec<Change> {
        self.waiting.iter().map(|field| Change::of(field, run)).collect()
    }
}

/// Why settings cannot be, a line for each reason.
pub fn sentences(problems: &[Problem]) -> String {
    text::visible(&problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::settings::{Value, preset};

    fn alpha(x: f64) -> Change {
        Change::to("neuron.alpha_i", Value::Real(x))
    }

    fn steps(n: u64) -> Change {
        Change::to("task.steps", Value::Whole(n))
    }

    fn keys(form: &SettingsForm) -> Vec<&str> {
        form.waiting().iter().map(|field| field.key).collect()
    }

    /// A form and what the run has.
    fn start() -> (SettingsForm, Settings) {
        (SettingsForm::new(Settings::default()), Settings::default())
    }

    /// Has the run take on what was sent.
    fn take_on(form: &mut SettingsForm, run: &mut Settings, made: &ChangesMade) {
        made.live.iter().for_each(|change| change.apply(run));
        form.answered(run);
    }

    #[test]
    fn what_can_change_under_way_is_sent_and_the_rest_waits() {
        let (mut form, mut run) = start();
        let made = form.change(&[alpha(0.5)], &run).unwrap();
        assert_eq!(
            made,
            ChangesMade { live: vec![LiveChange::try_from(alpha(0.5)).unwrap()], back: vec![alpha(0.95)] }
        );
        assert!(keys(&form).is_empty(), "what is on its way does not wait");
        take_on(&mut form, &mut run, &made);
        assert_eq!((form.settings(), run.neuron.alpha_i), (&run, 0.5));
        let made = form.change(&[steps(80)], &run).unwrap();
        assert_eq!(made, ChangesMade { live: vec![], back: vec![steps(100)] });
        assert_eq!(keys(&form), ["task.steps"]);
        form.change(&made.back, &run).unwrap();
        assert!(keys(&form).is_empty() && *form.settings() == run);
        assert_eq!(form.change(&[alpha(0.5), steps(100)], &run), Ok(ChangesMade::default()), "that is what there is");
    }

    #[test]
    fn a_preset_waits_as_a_whole_and_a_live_change_of_it_takes_effect_alone() {
        let (mut form, mut run) = start();
        let changes = Change::between(form.settings(), &(preset("trains-long").unwrap().make)());
        let made = form.change(&changes, &run).unwrap();
        assert!(made.live.is_empty() && keys(&form).contains(&"neuron.alpha_i"));
        let made = form.change(&[alpha(0.9)], &run).unwrap();
        assert_eq!(made.live.len(), 1);
        take_on(&mut form, &mut run, &made);
        assert!(!keys(&form).contains(&"neuron.alpha_i") && keys(&form).contains(&"task.steps"));
        form.change(&form.discarding(&run), &run).unwrap();
        assert!(keys(&form).is_empty() && *form.settings() == run && run.neuron.alpha_i == 0.9);
    }

    #[test]
    fn the_form_shows_the_newest_while_answers_to_older_changes_come() {
        let (mut form, mut run) = start();
        let made = [0.1, 0.2, 0.3].map(|x| form.change(&[alpha(x)], &run).unwrap());
        for made in &made {
            take_on(&mut form, &mut run, made);
            assert_eq!(form.settings().neuron.alpha_i, 0.3);
        }
        // the last one is refused: the form goes back to what the run has
        form.change(&[alpha(0.4)], &run).unwrap();
        form.answered(&run);
        assert_eq!(form.settings().neuron.alpha_i, 0.3);
        // a run that began meanwhile did not have the change, but has it once it is made
        let made = form.change(&[alpha(0.6)], &run).unwrap();
        form.begin(run.clone());
        assert_eq!(form.settings().neuron.alpha_i, 0.3);
        take_on(&mut form, &mut run, &made);
        assert_eq!(form.settings().neuron.alpha_i, 0.6);
    }

    #[test]
    fn what_cannot_be_is_answered_and_changes_nothing() {
        let (mut form, run) = start();
        let said = |problems: Vec<Problem>| sentences(&problems);
        let pair = Change::to("run.probe", Value::Whole(3));
        assert!(said(form.change(std::slice::from_ref(&pair), &run).unwrap_err()).contains("there is 1 pair"));
        let wide = Value::Layers(crate::snn::text::parse_hidden("100000 - 100000 - 100000 - 100000").unwrap());
        let wide = Change::to("network.hidden", wide);
        let why = said(form.change(&[alpha(0.5), wide.clone()], &run).unwrap_err());
        assert!(why.contains("memory"), "{why}");
        assert_eq!((form.settings(), keys(&form).len()), (&run, 0));
        assert_eq!(form.edit(&wide, &run), ChangesMade::default());
        assert!(form.refused()["network.hidden"].contains("memory"));
        assert!(!form.edit(&alpha(0.5), &run).live.is_empty() && form.refused().is_empty());
    }

    #[test]
    fn what_only_the_next_run_can_have_waits_for_it() {
        let (mut form, run) = start();
        form.change(&[Change::to("task.pairs", Value::Whole(4))], &run).unwrap();
        let made = form.change(&[Change::to("run.probe", Value::Whole(3))], &run).unwrap();
        assert!(made.live.is_empty());
        assert_eq!(keys(&form), ["task.pairs", "run.probe"]);
    }
}
