//! Several runs in step with one another: how they begin, what they report, and what becomes of them.

use super::App;
use crate::engine::{AgreementQuestion, Command, Event, KeptRun, Lockstep, LockstepCommand, LockstepRun, Speed, cores};
use crate::gui::action::CompareAction;
use crate::gui::layout::{self, Panel, Workspace};
use crate::gui::state::compare::{AwaitedRuns, MOST_COMPARED};
use crate::gui::state::{ComparedRun, RunView, letter};
use crate::rule::Rule;
use crate::snn::Params;
use crate::train::Settings;

impl App {
    pub(super) fn apply_to_compare(&mut self, action: CompareAction, now: f64) {
        match action {
            CompareAction::Rules => {
                self.compare.awaited = Some(AwaitedRuns::Rules);
                self.run.send(Command::Pause);
                self.run.send(Command::Hand(self.view.start));
            }
            CompareAction::Choose(start, wanted) => {
                self.compare.chosen.retain(|other| *other != start);
                if wanted && self.compare.chosen.len() < MOST_COMPARED {
                    self.compare.chosen.push(start);
                    self.compare.chosen.sort_unstable();
                }
            }
            CompareAction::Session => {
                let wanted = self.compare.chosen.clone();
                self.run.send(Command::Pause);
                wanted.iter().for_each(|start| self.run.send(Command::Hand(*start)));
                self.compare.awaited = Some(AwaitedRuns::Session { wanted, handed: Vec::new() });
            }
            CompareAction::Play => self.conduct(LockstepCommand::Play),
            CompareAction::Pause => self.conduct(LockstepCommand::Pause),
            CompareAction::Step => self.conduct(LockstepCommand::Step),
            CompareAction::RunTo(update) => self.conduct(LockstepCommand::RunTo(update)),
            CompareAction::Speed(speed) => {
                self.compare.speed = Some(speed);
                self.conduct(LockstepCommand::Speed(speed));
            }
            CompareAction::Open(n) => {
                if self.compare.runs.get(n).is_some_and(|run| run.problem.is_none()) {
                    self.notify("The run is being opened.", now);
                    self.conduct(LockstepCommand::To(n, Command::Hand(self.compare.runs[n].view.start)));
                }
            }
            CompareAction::End => {
                self.end_comparison();
                self.compare.begin(Vec::new());
            }
        }
    }

    fn conduct(&self, command: LockstepCommand) {
        let _ = self.lockstep.as_ref().map(|lockstep| lockstep.send(command));
    }

    /// Spans of updates are compared as they are of the run in view.
    pub(super) fn look_back_in_comparison(&self) {
        for n in 0..self.compare.runs.len() {
            self.conduct(LockstepCommand::To(n, Command::LookBack(self.choices.look_back)));
        }
    }

    /// The worker has handed out a run that is to be compared.
    pub(super) fn handed(&mut self, run: &KeptRun) {
        match self.compare.awaited.take() {
            Some(AwaitedRuns::Rules) => self.compare_rules(run),
            Some(AwaitedRuns::Session { wanted, mut handed }) => {
                handed.push(run.clone());
                if handed.len() < wanted.len() {
                    self.compare.awaited = Some(AwaitedRuns::Session { wanted, handed });
                } else {
                    self.compare_session(handed);
                }
            }
            None => {}
        }
    }

    fn compare_rules(&mut self, run: &KeptRun) {
        let drawn: Vec<_> = run.log.targets().collect();
        let of = |rule: Rule| {
            let mut settings = run.moment.settings.clone();
            settings.rule.rule = rule;
            settings
        };
        let first = run.history.before(0);
        let weights = run.log.weights.filter(|_| first.update == 0).map(|_| Params::clone(&first.params));
        let begin = |settings: Settings| LockstepRun::New {
            settings: Box::new(settings),
            task: std::sync::Arc::clone(&run.moment.task),
            drawn: drawn.clone(),
            weights: weights.clone().map(Box::new),
        };
        let named = |rule: Rule| ComparedRun::new(rule.label().to_owned(), RunView::new(of(rule)));
        self.begin_comparison(Rule::ALL.map(|rule| begin(of(rule))).into(), Rule::ALL.map(named).into());
        self.conduct(LockstepCommand::Play);
    }

    fn compare_session(&mut self, handed: Vec<KeptRun>) {
        let view = |start: u32| {
            let mut kept = self.runs.iter().chain([&self.view]);
            kept.find(|view| view.start == start).cloned()
        };
        let named = |run: &KeptRun| {
            let past = view(run.start).unwrap_or_else(|| RunView::new(run.moment.settings.clone()));
            ComparedRun::going_on(format!("Run {}, {}", letter(run.start), past.settings.rule.rule.label()), past)
        };
        let runs = handed.iter().map(named).collect();
        self.begin_comparison(handed.into_iter().map(|run| LockstepRun::Copy(Box::new(run))).collect(), runs);
    }

    fn begin_comparison(&mut self, runs: Vec<LockstepRun>, views: Vec<ComparedRun>) {
        self.end_comparison();
        match Lockstep::start(runs, cores(), std::sync::Arc::clone(&self.wake)) {
            Ok(lockstep) => {
                self.lockstep = Some(lockstep);
                self.compare.begin(views);
                self.conduct(LockstepCommand::Speed(self.compare.speed.unwrap_or(Speed::PerSecond(10.0))));
                self.look_back_in_comparison();
                self.arrange(Workspace::Compare);
            }
            Err(problem) => self.refused = Some(problem),
        }
    }

    fn end_comparison(&mut self) {
        self.lockstep.take().into_iter().for_each(Lockstep::let_go);
    }

    /// News of the runs that are compared, and their frames.
    pub(super) fn receive_comparison(&mut self, now: f64) {
        let Some(lockstep) = &self.lockstep else { return };
        let mut opened = None;
        for (n, run) in self.compare.runs.iter_mut().enumerate() {
            while let Some(event) = lockstep.event(n) {
                match event {
                    Event::Handed(kept) => opened = Some((kept, run.view.clone())),
                    event => run.on_event(&event),
                }
            }
        }
        for (run, frame) in self.compare.runs.iter_mut().zip(lockstep.frames().unwrap_or_default()) {
            if let Some(frame) = frame {
                run.show(frame, now);
            }
        }
        if let Some((kept, view)) = opened {
            self.opened_run = Some(view);
            self.run.send(Command::GoOnWith(kept));
        }
    }

    /// The run that has begun is one of those that were compared.
    pub(super) fn gone_on_with(&mut self, now: f64) {
        let Some(past) = self.opened_run.take() else { return };
        self.view.continue_from(past);
        self.arrange(Workspace::Watch);
        let text = format!("This is run {}, as it was in the comparison, which is still there.", self.view.letter());
        self.notify(&text, now);
    }

    /// Asks where the rules agree, while somebody looks at it and the runs have gone on.
    pub(super) fn follow_agreement(&mut self) {
        if self.compare.measuring.is_some() || !layout::in_view(&self.layout, &[Panel::Agreement]) {
            return;
        }
        let Some(frames) = self.compare.frames().filter(|_| !self.compare.knows_agreement()) else { return };
        self.questions += 1;
        self.compare.measuring = Some(self.questions);
        self.explorer.ask(AgreementQuestion { id: self.questions, frames });
    }
}
