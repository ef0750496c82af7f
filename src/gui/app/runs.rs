//! How runs begin, take on changes and take them back.

use std::sync::Arc;

use super::{App, RunBeginning};
use crate::engine::{Command, Opening, Speed};
use crate::gui::action::WindowAction;
use crate::gui::state::Undo;
use crate::gui::state::form::{self, ChangesMade};
use crate::gui::state::time::TimePin;
use crate::record::{Checkpoint, memory};
use crate::task::{TargetEdit, Task, TaskKind};
use crate::text;
use crate::train::Settings;
use crate::train::settings::Change;

/// Changes that can be undone.
const MOST_UNDO: usize = 100;

impl App {
    pub(super) fn set_speed(&mut self, speed: Speed) {
        self.view.speed = speed;
        self.run.send(Command::Speed(speed));
    }

    pub(super) fn limit_history(&mut self, mib: u32) {
        self.session.history_mib = mib;
        self.run.send(Command::HistoryBudget((mib as usize) << 20));
    }

    /// Makes changes of settings, which can be undone: live ones at once, the rest in the form until a restart.
    pub(super) fn change(&mut self, changes: &[Change]) {
        let back = self.make(changes);
        self.can_undo(back);
    }

    /// The same with a value that was entered in the form.
    pub(super) fn edit(&mut self, change: &Change) {
        let made = self.form.edit(change, &self.view.settings);
        let back = self.send(made);
        self.can_undo(back);
    }

    /// Makes changes of settings, and returns those that take them back. Why they cannot be made is said.
    fn make(&mut self, changes: &[Change]) -> Vec<Change> {
        match self.form.change(changes, &self.view.settings) {
            Ok(made) => self.send(made),
            Err(problems) => {
                self.refused = Some(form::sentences(&problems));
                Vec::new()
            }
        }
    }

    fn send(&mut self, made: ChangesMade) -> Vec<Change> {
        if !made.live.is_empty() {
            self.run.send(Command::Set(made.live));
        }
        made.back
    }

    pub(super) fn can_undo(&mut self, back: Vec<Change>) {
        if !back.is_empty() {
            self.remember(Undo::Changes(back));
        }
    }

    pub(super) fn remember(&mut self, undo: Undo) {
        self.redo.clear();
        self.push_undo(undo);
    }

    fn push_undo(&mut self, undo: Undo) {
        self.undo.push(undo);
        if self.undo.len() > MOST_UNDO {
            self.undo.remove(0);
        }
    }

    /// Takes back the last change of settings, stroke of the pencil, pin, or removal of a run or a pin.
    pub(super) fn undo(&mut self) {
        if let Some(undo) = self.undo.pop() {
            let redo = self.take_back(undo);
            self.redo.extend(redo);
        }
    }

    /// Makes again what was taken back last.
    pub(super) fn redo(&mut self) {
        let undo = self.redo.pop().and_then(|redo| self.take_back(redo));
        undo.into_iter().for_each(|undo| self.push_undo(undo));
    }

    /// Takes something back, and says what would take back that.
    fn take_back(&mut self, undo: Undo) -> Option<Undo> {
        Some(match undo {
            Undo::Changes(changes) => {
                let back = self.make(&changes);
                return (!back.is_empty()).then_some(Undo::Changes(back));
            }
            Undo::Drawn { edits, stroke } => {
                let edits: Vec<TargetEdit> = edits.into_iter().rev().map(TargetEdit::inverse).collect();
                self.run.send(Command::Draw(edits.clone()));
                Undo::Drawn { edits, stroke }
            }
            Undo::RunRemoved(start) => {
                self.runs.bring_back(start);
                Undo::RunBroughtBack(start)
            }
            Undo::RunBroughtBack(start) => {
                self.runs.remove(start);
                Undo::RunRemoved(start)
            }
            Undo::Unpinned(pin) => {
                self.time.pins.push(TimePin::clone(&pin));
                Undo::Pinned(pin)
            }
            Undo::Pinned(pin) => {
                let same = |other: &TimePin| (other.start, other.update) == (pin.start, pin.update);
                let at = self.time.pins.iter().rposition(same)?;
                Undo::Unpinned(Box::new(self.time.pins.remove(at)))
            }
        })
    }

    pub(super) fn draw_targets(&mut self, edits: Vec<TargetEdit>, stroke: u64) {
        self.run.send(Command::Draw(edits.clone()));
        match self.undo.last_mut() {
            Some(Undo::Drawn { edits: before, stroke: last }) if *last == stroke => before.extend(edits),
            _ => self.remember(Undo::Drawn { edits, stroke }),
        }
    }

    /// A new run; where its task is another one, as soon as that is open. The run goes on meanwhile.
    pub(super) fn restart(&mut self, settings: Settings) {
        (self.opening, self.resuming) = (None, None);
        (self.beginning, self.refused) = (RunBeginning::AsItWas, None);
        if !self.can_begin(&settings) {
            return;
        }
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
        if self.can_begin(&settings) {
            self.beginning = RunBeginning::WhenOpen;
            self.open(settings);
        }
    }

    /// Whether a run can have these settings; if not, why is said.
    fn can_begin(&mut self, settings: &Settings) -> bool {
        let problems = memory::check(settings).err();
        self.refused = problems.as_deref().map(form::sentences);
        problems.is_none()
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
                let problem = text::visible(&problem).into_owned();
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
