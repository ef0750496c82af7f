//! The session as a whole: saved, opened, and brought back after a bad end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, ViewportCommand};
use serde::Deserialize;

use super::App;
use super::session_work::OpenedViews;
use crate::engine::{
    Command, JournalKeeper, KeptRun, OpenedRun, OpenedSession, RunOpening, SessionOpening, run_of_session,
};
use crate::gui::action::SessionAction;
use crate::gui::files::FileOutcome;
use crate::gui::layout::{self, Panel};
use crate::gui::state::earlier_runs::EarlierRuns;
use crate::gui::state::session::{LeftWork, RunsWanted, SessionMark, SessionView};
use crate::gui::state::time::TimePin;
use crate::gui::state::{KeptRuns, RunView};
use crate::record::Log;
use crate::session::data::KnownData;
use crate::session::{Session, SessionRun, archive};
use crate::train::Settings;

/// Bytes of key moments in a session file, and in a journal.
const FILE_BUDGET: usize = 64 << 20;
const JOURNAL_BUDGET: usize = 16 << 20;
/// Time between two records of the journal: what a program that is killed has to compute again at most, and some more.
const BEAT: Duration = Duration::from_secs(20);
/// The longest that the end of the program waits for its runs.
const PATIENCE: Duration = Duration::from_secs(2);
/// The same where a run began, a setting was changed, or a moment was pinned.
const SOON: Duration = Duration::from_secs(1);

impl App {
    pub(super) fn apply_to_session(&mut self, ctx: &Context, action: SessionAction, now: f64) {
        match action {
            SessionAction::Save => match self.session.path.clone() {
                Some(path) => self.ask_runs(RunsWanted::Save(path)),
                None => self.files.save_session(None),
            },
            SessionAction::SaveAs => self.files.save_session(self.session.path.as_deref()),
            SessionAction::Open => self.files.open_session(self.session.recent.first().map(PathBuf::as_path)),
            SessionAction::OpenAt(path) => {
                self.chooser.close();
                self.files.open_session_at(path);
            }
            SessionAction::OpenLogAt(path) => {
                self.chooser.close();
                self.files.open_log_at(path);
            }
            SessionAction::Recover => self.recover(),
            SessionAction::NotNow => self.session.found = None,
            SessionAction::Discard => {
                if let Some(left) = self.session.found.take() {
                    left.journal.remove();
                }
            }
            SessionAction::Locate(path) => self.locate(path),
            SessionAction::CopyLink => self.copy_link(ctx, now),
            SessionAction::CopySettings => {
                ctx.copy_text(self.form.settings().to_toml());
                self.notify("All settings were copied as text.", now);
            }
            SessionAction::PasteSettings => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            SessionAction::TakeOnText(text) => self.take_on_text(&text, now),
        }
    }

    fn ask_runs(&mut self, wanted: RunsWanted) {
        self.session.wanted.push_back(wanted);
        self.run.send(Command::Runs);
    }

    /// The runs of the worker are there: what they were asked for is done on a thread.
    pub(super) fn on_runs(&mut self, runs: &Arc<Vec<KeptRun>>) {
        let mark = self.session_mark();
        match self.session.wanted.pop_front() {
            Some(RunsWanted::Save(path)) => {
                let make = self.session_maker(runs, FILE_BUDGET);
                self.files.aside(move || {
                    let saved = archive::save(&path, &make());
                    Some(FileOutcome::SessionSaved(path, mark, saved))
                });
            }
            // what was asked for before it was saved
            Some(RunsWanted::Journal) if self.session.is_saved(&mark) => {}
            Some(RunsWanted::Journal) => {
                let make = self.session_maker(runs, JOURNAL_BUDGET);
                if let Some(keeper) = &self.sessions.keeper {
                    keeper.write(make);
                    self.sessions.recovered.take().into_iter().for_each(|found| keeper.replace(found));
                }
            }
            None => {}
        }
    }

    /// What puts the session together; slow, so it is done elsewhere.
    fn session_maker(&self, runs: &Arc<Vec<KeptRun>>, budget: usize) -> impl FnOnce() -> Session + Send + 'static {
        let visible = |start: u32| self.runs.iter().chain([&self.view]).find(|run| run.start == start);
        let told = |run: &KeptRun| visible(run.start).map(|view| (run.clone(), view.parent, view.curves.clone()));
        let told: Vec<_> = runs.iter().filter_map(told).collect();
        let missing = self.session.missing.clone();
        let pins = self.time.pins.iter().map(TimePin::to_session).collect();
        let (current, at, window) = (self.view.start, self.time.at, self.session_view());
        let (budget, data) = (budget / told.len().max(1), self.sessions.data.clone());
        move || {
            let whole =
                told.into_iter().map(|(run, parent, curves)| run_of_session(&run, parent, curves, &data, budget));
            let mut runs: Vec<SessionRun> = whole.chain(missing.iter().map(|run| SessionRun::clone(run))).collect();
            runs.sort_by_key(|run| run.start);
            Session { runs, current, at, pins, window }
        }
    }

    fn session_view(&self) -> serde_json::Value {
        let view = SessionView {
            choices: self.choices.clone(),
            layout: self.layout.clone(),
            workspace: self.workspace,
            aside: self.aside.clone(),
            known: Panel::ALL.to_vec(),
        };
        serde_json::to_value(view).unwrap_or_default()
    }

    /// All that a session is saved for, in short.
    pub fn session_mark(&self) -> SessionMark {
        SessionMark::of(&self.view, &self.runs, &self.time.pins)
    }

    pub(super) fn on_saved(&mut self, path: &Path, mark: SessionMark, saved: Result<(), String>, now: f64) {
        match saved {
            Ok(()) => {
                self.session.saved_as(path, mark);
                self.clear_journal();
                self.notify(&format!("Saved {}.", path.display()), now);
            }
            Err(problem) => self.refused = Some(format!("The session was not saved. {problem}")),
        }
    }

    pub(super) fn save_session_at(&mut self, path: PathBuf) {
        self.ask_runs(RunsWanted::Save(path));
    }

    /// Opens a session that was read from `path`, or from a journal.
    pub(super) fn open_session(&mut self, path: Option<PathBuf>, session: Session) {
        self.refused = None;
        match SessionOpening::start(Arc::new(session), Arc::clone(&self.wake)) {
            Ok(opening) => self.sessions.opening = Some((opening, path)),
            Err(problem) => self.refused = Some(problem),
        }
    }

    /// Opens a log as one more run.
    pub(super) fn open_log(&mut self, log: Log) {
        let run = SessionRun { start: 0, ..SessionRun::of_log(log) };
        let path = run.log.start.task.data.clone();
        self.open_run(run, path);
    }

    fn locate(&mut self, path: String) {
        let run = self.session.missing.iter().find(|run| run.start == self.view.start);
        if let Some(run) = run.map(|run| SessionRun::clone(run)) {
            self.open_run(run, path);
        }
    }

    fn open_run(&mut self, run: SessionRun, path: String) {
        match RunOpening::start(run, path, Arc::clone(&self.wake)) {
            Ok(opening) => self.sessions.locating = Some(opening),
            Err(problem) => self.refused = Some(problem),
        }
    }

    /// Takes in sessions and runs that are open by now.
    pub(super) fn begin_sessions(&mut self, now: f64) {
        if let Some(result) = self.sessions.opening.as_ref().and_then(|(opening, _)| opening.result()) {
            let path = self.sessions.opening.take().and_then(|(_, path)| path);
            match result {
                Ok(opened) => self.hand_over(opened, path),
                Err(problem) => self.refused = Some(problem),
            }
        }
        if let Some(result) = self.sessions.locating.as_ref().and_then(RunOpening::result) {
            self.sessions.locating = None;
            match result {
                Ok((run, opened)) => self.adopt(&run, opened, now),
                Err(problem) => self.refused = Some(problem),
            }
        }
    }

    /// Whether a session, or a run of one, is being opened, and how far that is where it is known.
    pub(super) fn opens_session(&self) -> Option<Option<f32>> {
        let session = self.sessions.opening.as_ref().map(|(opening, _)| opening.progress());
        session.or_else(|| self.sessions.locating.as_ref().map(RunOpening::progress))
    }

    /// Has the worker take over the runs of a session.
    fn hand_over(&mut self, opened: OpenedSession, path: Option<PathBuf>) {
        let OpenedSession { session, runs: all } = opened;
        let (mut runs, mut views, mut missing, mut changed) = (Vec::new(), Vec::new(), Vec::new(), None);
        for (of, OpenedRun { run, curves, changed: other, .. }) in session.runs.iter().zip(all) {
            let mut view = RunView::of_session(of, curves.unwrap_or_else(|| of.curves.clone()));
            match run {
                Ok(run) => {
                    changed = changed.or(other);
                    runs.push(run);
                }
                Err(problem) => {
                    view.without_data = Some(problem.into());
                    missing.push(Arc::new(of.clone()));
                }
            }
            views.push(view);
        }
        let starts = session.runs.last().map_or(0, |run| run.start);
        self.sessions.leaves = self.session.is_worth_keeping(&self.session_mark());
        if self.sessions.leaves {
            self.ask_runs(RunsWanted::Journal);
        }
        self.run.send(Command::TakeOver { runs, current: session.current, starts });
        self.sessions.coming = Some((OpenedViews { session, views, missing, changed }, path));
    }

    /// The worker has taken over the runs of the session that was opened.
    pub(super) fn taken_over(&mut self, now: f64) {
        let Some((opened, path)) = self.sessions.coming.take() else { return };
        let OpenedViews { session, mut views, missing, changed } = opened;
        let Some(at) = views.iter().position(|view| view.start == session.current) else { return };
        let mut view = views.remove(at);
        self.forget_run(&Settings::clone(&view.settings));
        (view.playing, view.speed) = (false, self.view.speed);
        (self.view, self.runs) = (view, KeptRuns::default());
        views.into_iter().for_each(|view| self.runs.insert(view));
        self.earlier_runs = EarlierRuns::default();
        self.undo.clear();
        self.redo.clear();
        self.time.begin();
        self.time.pins = session.pins.iter().map(TimePin::of_session).collect();
        self.time.pinned = self.time.pins.len();
        self.session.missing = missing;
        self.sessions.data = KnownData::default();
        session.runs.iter().filter(|run| run.now.is_some()).for_each(|run| {
            self.sessions.data.set(run.start, run.data.clone());
        });
        self.take_view(&session);
        if let Some(update) = session.at {
            self.go_to(update);
        }
        match &path {
            Some(path) => self.session.saved_as(path, self.session_mark()),
            None => self.session.unnamed(),
        }
        self.begin_journal();
        self.ask_for_data();
        let opened = path.map_or("This is what was left.".to_owned(), |path| format!("Opened {}.", path.display()));
        self.notify(&changed.unwrap_or(opened), now);
        self.go_to_address(now);
    }

    /// Arranges the window as the session has it, where it says how.
    fn take_view(&mut self, session: &Session) {
        let Ok(view) = SessionView::deserialize(&session.window) else { return };
        (self.layout, self.aside, self.workspace) = (view.layout, view.aside, view.workspace);
        layout::complete(&mut self.layout, self.workspace, &view.known);
        self.aside.iter_mut().for_each(|(workspace, tree)| layout::complete(tree, *workspace, &view.known));
        self.choose(view.choices);
        self.run.send(Command::LookBack(self.choices.look_back));
    }

    /// A run of a session, or of a log, can go on: it is gone back to.
    fn adopt(&mut self, of: &SessionRun, opened: OpenedRun, now: f64) {
        let OpenedRun { run, curves, changed, .. } = opened;
        match run {
            Ok(run) => {
                let mut view = RunView::of_session(of, curves.unwrap_or_else(|| of.curves.clone()));
                view.settings = Arc::new(run.moment.settings.clone());
                if changed.is_none() && of.start > 0 {
                    self.sessions.data.set(of.start, of.data.clone());
                }
                self.sessions.adopting.push_back(view);
                self.run.send(Command::Adopt(Box::new(run)));
                changed.into_iter().for_each(|changed| self.notify(&changed, now));
            }
            Err(problem) if of.start > 0 => self.sessions.sheets.failed(problem),
            Err(problem) => self.refused = Some(problem),
        }
    }

    pub(super) fn adopted(&mut self, start: u32) {
        let Some(mut view) = self.sessions.adopting.pop_front() else { return };
        view.start = start;
        self.session.missing.retain(|run| run.start != start);
        self.sessions.sheets.close();
        if self.view.start == start {
            self.view.without_data = None;
        }
        self.runs.insert(view);
        self.run.send(Command::Switch(start));
    }

    /// Goes back to another run; one whose data are not there can be looked at only.
    pub(super) fn switch_to(&mut self, start: u32) {
        if self.runs.get(start).is_some_and(|run| run.without_data.is_some()) {
            self.sessions.turning = Some(start);
            self.run.send(Command::Switch(0));
        } else {
            self.run.send(Command::Switch(start));
        }
    }

    /// Asks where the data of the run in view are, where they are not there.
    pub(super) fn ask_for_data(&mut self) {
        match &self.view.without_data {
            Some(why) => self.sessions.sheets.ask(&self.view.letter(), why, &self.view.settings.task),
            None => self.sessions.sheets.close(),
        }
    }

    /// Keeps a journal below `base`, and offers to go on with what an earlier program left there.
    pub fn keep_journal(&mut self, base: &Path) {
        let folder = base.to_owned();
        self.files.aside(move || LeftWork::find(&folder).map(|left| FileOutcome::Left(Box::new(left))));
        self.sessions.journals = Some(base.to_owned());
        self.start_keeper(base);
    }

    /// Where all is saved nothing is offered at the next start, however this program ends.
    fn clear_journal(&mut self) {
        if let Some(keeper) = self.sessions.keeper.as_ref().filter(|_| self.session.is_saved(&self.session_mark())) {
            keeper.clear();
            self.sessions.recovered.take().into_iter().for_each(|found| keeper.replace(found));
            self.session.beaten = None;
        }
    }

    fn start_keeper(&mut self, base: &Path) {
        match JournalKeeper::start(base) {
            Ok(keeper) => self.sessions.keeper = Some(keeper),
            Err(problem) => self.refused = Some(format!("No journal is kept: a crash would lose the runs. {problem}")),
        }
    }

    /// Another session has begun. What was not saved of the one before is offered at the next start.
    fn begin_journal(&mut self) {
        self.session.beaten = None;
        let Some(keeper) = &self.sessions.keeper else { return };
        if std::mem::take(&mut self.sessions.leaves) {
            keeper.leave();
            self.sessions.journals.clone().into_iter().for_each(|base| self.start_keeper(&base));
        } else if self.session.path.is_some() {
            keeper.clear();
        } else {
            keeper.begin_anew();
        }
    }

    /// The program ends in order: what is not saved, and is worth it, is offered at the next start.
    pub fn close(&mut self, now: f64) {
        if self.sessions.keeper.is_none() || !self.session.is_worth_keeping(&self.session_mark()) {
            return;
        }
        self.ask_runs(RunsWanted::Journal);
        let begun = Instant::now();
        while self.session.wanted.contains(&RunsWanted::Journal) && begun.elapsed() < PATIENCE {
            if let Some(event) = self.run.wait(PATIENCE) {
                self.on_event(&event, now);
            }
        }
        self.sessions.keeper.iter().for_each(JournalKeeper::leave);
    }

    fn recover(&mut self) {
        if let Some(left) = self.session.found.take() {
            let LeftWork { journal, session } = *left;
            self.sessions.recovered = Some(journal);
            self.run.send(Command::Pause);
            self.open_session(None, session);
        }
    }

    /// Writes the journal where it is due, and the title.
    pub(super) fn look_after_session(&mut self, ctx: &Context, now: Instant) {
        let mark = self.session_mark();
        let title = self.session.title(&mark);
        if title != self.sessions.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.sessions.title = title;
        }
        let Some(keeper) = &self.sessions.keeper else { return };
        if let Some(problem) = keeper.problem() {
            self.refused = Some(format!("The journal could not be written: a crash would lose the runs. {problem}"));
        }
        let due = match &self.session.beaten {
            None => true,
            Some((_, before)) if *before == mark => false,
            Some((at, before)) => now.duration_since(*at) >= if before.differs_in_updates(&mark) { BEAT } else { SOON },
        };
        let busy = self.session.wanted.contains(&RunsWanted::Journal) || self.sessions.coming.is_some();
        if due && !busy && !mark.is_empty() && !self.session.is_saved(&mark) {
            self.session.beaten = Some((now, mark));
            self.ask_runs(RunsWanted::Journal);
        }
    }
}
