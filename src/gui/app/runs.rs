//! How runs begin, take on changes and take them back.

use std::sync::Arc;

use super::{App, RunBeginning};
use crate::engine::{Command, Opening, Speed};
use crate::gui::action::WindowAction;
use crate::gui::state::Undo;
use crate::record::{Checkpoint, memory};
use crate::task::{TargetEdit, Task, TaskKind};
use crate::train::Settings;
use crate::train::settings::FIELDS;

/// Changes that can be undone.
const MOST_UNDO: usize = 100;

impl App {
    pub(super) fn set_speed(&mut self, speed: Speed) {
        self.view.speed = speed;
        self.run.send(Command::Speed(speed));
    }

    /// Takes on settings from the user: live ones at once, the rest in the form until a restart.
    pub(super) fn change(&mut self, settings: Settings) {
        if settings == self.form || memory::check(&settings).is_err() {
            return;
        }
        self.remember(Undo::Settings(Box::new(self.form.clone())));
        self.take_on(settings);
    }

    pub(super) fn remember(&mut self, undo: Undo) {
        self.undo.push(undo);
        if self.undo.len() > MOST_UNDO {
            self.undo.remove(0);
        }
    }

    /// Takes back the last change of settings or stroke of the pencil.
    pub(super) fn undo(&mut self) {
        match self.undo.pop() {
            Some(Undo::Settings(settings)) => self.take_on(*settings),
            Some(Undo::Drawn { edits, .. }) => {
                let back = edits.into_iter().rev().map(TargetEdit::inverse).collect();
                self.run.send(Command::Draw(back));
            }
            None => {}
        }
    }

    pub(super) fn draw_targets(&mut self, edits: Vec<TargetEdit>, stroke: u64) {
        self.run.send(Command::Draw(edits.clone()));
        match self.undo.last_mut() {
            Some(Undo::Drawn { edits: before, stroke: last }) if *last == stroke => before.extend(edits),
            _ => self.remember(Undo::Drawn { edits, stroke }),
        }
    }

    /// A change takes effect at once if it can; one that needs a restart waits for it as a whole, so that a
    /// run never has half of a preset or of another task.
    pub(super) fn take_on(&mut self, settings: Settings) {
        let changed = || FIELDS.iter().filter(|f| f.get(&settings) != f.get(&self.form));
        if changed().all(|f| f.live) {
            let mut live = Settings::clone(&self.view.settings);
            for field in changed() {
                // a value of the form is in its range
                let _ = field.set(&mut live, field.get(&settings));
            }
            if live != *self.view.settings && memory::check(&live).is_ok() {
                self.run.send(Command::Set(Box::new(live.clone())));
                self.view.settings = Arc::new(live);
            }
        }
        self.form = settings;
    }

    /// A new run; where its task is another one, as soon as that is open. The run goes on meanwhile.
    pub(super) fn restart(&mut self, settings: Settings) {
        (self.opening, self.resuming) = (None, None);
        (self.beginning, self.refused) = (RunBeginning::AsItWas, None);
        let open = self.view.frame.as_ref().map(|frame| &frame.task);
        if let Some(task) = open.filter(|task| task.is_of(&settings.task, settings.run.seed)) {
            self.run.send(Command::Restart(Box::new(settings), Arc::clone(task)));
            return;
        }
        self.open(settings);
    }

    /// A new run from the task chooser. Its files are read anew, as they may have changed; then it plays.
    pub(super) fn start(&mut self, settings: Settings) {
        (self.opening, self.resuming, self.refused) = (None, None, None);
        match memory::check(&settings) {
            Ok(()) => {
                self.beginning = RunBeginning::WhenOpen;
                self.open(settings);
            }
            Err(problems) => {
                let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
                self.refused = Some(sentences.join("\n"));
            }
        }
    }

    /// Goes on from a checkpoint, paused, once its task is open.
    pub(super) fn resume(&mut self, checkpoint: Box<Checkpoint>) {
        (self.opening, self.resuming) = (None, None);
        (self.beginning, self.refused) = (RunBeginning::AsItWas, None);
        self.run.send(Command::Pause);
        let settings = checkpoint.settings.clone();
        self.resuming = Some(checkpoint);
        self.open(settings);
    }

    pub(super) fn open(&mut self, settings: Settings) {
        match Opening::start(settings, Arc::clone(&self.wake)) {
            Ok(opening) => self.opening = Some(opening),
            Err(problem) => self.actions.push(WindowAction::Notify(problem).into()),
        }
    }

    /// Begins the run whose task is open by now.
    pub(super) fn begin_opened(&mut self) {
        let Some(result) = self.opening.as_ref().and_then(Opening::result) else { return };
        let Some(opening) = self.opening.take() else { return };
        match result {
            Ok(task) => self.begin(opening.settings.clone(), task),
            Err(problem) => {
                self.resuming = None;
                (self.refused, self.beginning) = (Some(problem), RunBeginning::AsItWas);
            }
        }
    }

    pub(super) fn begin(&mut self, settings: Settings, task: Arc<Task>) {
        if let Some(checkpoint) = self.resuming.take() {
            self.run.send(Command::Resume(checkpoint, task));
            return;
        }
        if self.beginning == RunBeginning::WhenOpen {
            // a set takes many updates; single trains are watched one by one
            self.beginning = RunBeginning::Soon { fast: task.labelled };
        }
        self.run.send(Command::Restart(Box::new(settings), task));
    }

    /// The worker has begun a run.
    pub(super) fn begun(&mut self) {
        if let RunBeginning::Soon { fast } = self.beginning {
            self.beginning = RunBeginning::AsItWas;
            self.chooser.close();
            self.bring_to_front();
            if fast {
                self.set_speed(Speed::Unlimited);
            } else if self.view.settings.task.kind == TaskKind::Trains {
                // single updates are what there is to see
                self.set_speed(Speed::PerSecond(10.0));
            }
            self.run.send(Command::Play);
        }
    }
}
