//! Lessons: files that set up an experiment, ask, let the reader try, and tick what the run itself proves.
//!
//! A [`Lesson`] is read from TOML ([`Lesson::read`]); its conditions ([`Condition`]) speak of a closed list of [`Fact`]s,
//! which whoever runs it observes ([`Observed`]): the window, or a [`Simulation`] without one. A [`LessonWalk`] is one reader's
//! way through it. Every [`Claim`] of a lesson is a sentence that can be measured, and [`check`] measures it.
//!
//! No thread, no file, no window: files are read by whoever has their text.

pub mod builtin;
pub mod check;
pub mod claim;
pub mod code;
pub mod condition;
pub mod control;
pub mod fact;
pub mod glossary;
mod measure;
pub mod moves;
pub mod observed;
pub mod pages;
mod read;
pub mod simulation;
pub mod text;
pub mod walk;

use crate::train::Settings;

pub use claim::Claim;
pub use condition::Condition;
pub use control::Control;
pub use fact::Fact;
pub use moves::LessonMove;
pub use observed::Observed;
pub use read::{FORMAT, is_lesson};
pub use simulation::Simulation;
pub use walk::LessonWalk;

/// A lesson, as its file describes it. Texts are Markdown.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// A word that no other lesson has, under which progress is kept.
    pub id: String,
    pub title: String,
    /// Of its text, as in `en`.
    pub language: String,
    pub minutes: u64,
    pub goals: Vec<String>,
    /// Prior knowledge; empty where there is none.
    pub before: String,
    pub experiment: Experiment,
    /// Other settings that claims speak of, by name.
    pub runs: Vec<(String, Settings)>,
    pub steps: Vec<LessonStep>,
    pub claims: Vec<Claim>,
    /// For whoever teaches it: time, what goes wrong, answers.
    pub notes: String,
}

/// The experiment of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    pub settings: Settings,
    /// Updates made before the reader sees it.
    pub updates: u64,
    /// Updates per second while it runs.
    pub speed: f64,
    /// The range of the plane that the landscape panel measures; none for the window's own.
    pub range: Option<f64>,
    /// Columns of panels from the left, each from above; panels by key ([`control::PANELS`]).
    pub panels: Vec<Vec<&'static str>>,
    /// Controls that are shown; the others come back on request.
    pub controls: Vec<Control>,
}

/// A step of a lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonStep {
    pub text: String,
    pub kind: StepKind,
    /// The control that is pointed at.
    pub point: Option<Control>,
    /// The settings of a run that begins with this step, and the updates made before the reader sees it.
    pub begins: Option<(Settings, u64)>,
    /// The line of the file at which it begins, from 1.
    pub line: usize,
}

/// What a step asks of the reader.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// Something is to be done, and is ticked when the condition holds.
    Do {
        until: Condition,
        hint: String,
        solution: Vec<LessonMove>,
    },
    /// One of several answers, given before the run goes on; the first whose condition then holds is the right one.
    Choose {
        choices: Vec<Choice>,
        run: u64,
        why: String,
    },
    /// A number, given before the run goes on.
    Guess {
        fact: Fact,
        tolerance: f64,
        run: u64,
        why: String,
    },
    /// Something to be seen, and the condition that proves it.
    See {
        proof: Option<Condition>,
    },
    Read,
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub text: String,
    /// When it is right.
    pub when: RightWhen,
}

/// When an answer is right.
#[derive(Clone, Debug, PartialEq)]
pub enum RightWhen {
    Always,
    Never,
    /// The run says so.
    Fact(Condition),
}

impl LessonStep {
    /// A word for its kind, as in the file.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            StepKind::Do { .. } => "do",
            StepKind::Choose { .. } | StepKind::Guess { .. } => "predict",
            StepKind::See { .. } => "see",
            StepKind::Read => "read",
        }
    }

    /// Updates that are made once the prediction stands.
    pub fn run(&self) -> u64 {
        match self.kind {
            StepKind::Choose { run, .. } | StepKind::Guess { run, .. } => run,
            _ => 0,
        }
    }

    /// Whether the neuron bench decides which answer of a prediction is right.
    pub fn is_judged_on_bench(&self) -> bool {
        let on_bench = |fact: &Fact| fact.spec.name.starts_with("bench_");
        match &self.kind {
            StepKind::Choose { choices, .. } => choices.iter().any(|choice| match &choice.when {
                RightWhen::Fact(condition) => condition.clauses.iter().any(|clause| on_bench(&clause.fact)),
                RightWhen::Always | RightWhen::Never => false,
            }),
            StepKind::Guess { fact, .. } => on_bench(fact),
            _ => false,
        }
    }
}

impl Lesson {
    /// The settings and updates that the run in view at step `at` began with.
    pub fn begins_at(&self, at: usize) -> (&Settings, u64) {
        let begun = self.steps.iter().take(at + 1).rev().find_map(|step| step.begins.as_ref());
        begun.map_or((&self.experiment.settings, self.experiment.updates), |(settings, updates)| (settings, *updates))
    }

    /// Whether a control is among those that the lesson shows.
    pub fn shows(&self, control: Control) -> bool {
        self.experiment.controls.iter().any(|shown| shown.includes(control))
    }

    /// The settings of a run that claims call by this name.
    pub fn run_named(&self, name: &str) -> Option<Settings> {
        if name == claim::EXPERIMENT {
            return Some(self.experiment.settings.clone());
        }
        if let Some(rule) = crate::rule::Rule::from_key(name) {
            let mut settings = self.experiment.settings.clone();
            settings.rule.rule = rule;
            return Some(settings);
        }
        self.runs.iter().find(|(run, _)| run == name).map(|(_, settings)| settings.clone())
    }
}
