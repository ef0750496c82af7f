//! The program without its window: it runs the same under eframe, in a test and in a snapshot.
//!
//! `receive` takes in what engine, explorer and files have to report, `draw` shows it and collects wishes, `keys` are
//! wishes, too, `apply` is the only place where they change anything; `runs`, `ask_landscape`, `ask_samples`, `ask_inside`
//! and `arrange` are what it needs for that.

mod address;
mod apply;
mod arrange;
mod ask_health;
mod ask_inside;
mod ask_landscape;
mod ask_samples;
mod compare;
mod draw;
mod export;
mod keys;
mod lesson;
mod receive;
mod runs;
mod session_work;
mod sessions;
mod story;
#[cfg(test)]
mod tests;
mod walk;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use egui::Context;
use egui_tiles::Tree;

use self::lesson::LessonViews;
use crate::engine::{Command, Explorer, Gallery, LandscapeQuestion, Lockstep, MapQuestion, Opening, Run, Wake};
use crate::gui::action::{Action, WindowAction};
use crate::gui::bar::meter::CostMeter;
use crate::gui::chooser::Chooser;
use crate::gui::export::ExportSheets;
use crate::gui::files::FileDialogs;
use crate::gui::layout::{self, Panel, Workspace};
use crate::gui::panels::sweep::SweepSheet;
use crate::gui::state::earlier_runs::EarlierRuns;
use crate::gui::state::landscape::InspectedPoint;
use crate::gui::state::time::TimePin;
use crate::gui::state::{
    Choices, CompareState, DecisionMapState, EvaluationState, HealthState, InsideState, KeptRuns, KnownNeed,
    LandscapeState, LessonState, RunView, SavedState, SessionState, SettingsForm, TimeState, Undo,
};
use crate::gui::theme;
use crate::gui::tiles::Panels;
use crate::gui::timeline::Timeline;
use crate::record::Checkpoint;
use crate::train::Settings;

pub use crate::gui::state::session::ViewAddress;
use session_work::SessionWork;

/// The state of the window.
pub struct App {
    ctx: Context,
    run: Run,
    explorer: Explorer,
    wake: Wake,
    /// The task that is being opened, for the run that will begin then.
    opening: Option<Opening>,
    /// The checkpoint that is gone on from, once its task is open.
    resuming: Option<Box<Checkpoint>>,
    /// Whether a run that begins is one from the task chooser, which plays.
    beginning: RunBeginning,
    /// Why the last one could not be opened, or another wish was refused; until the user has read it.
    refused: Option<String>,
    chooser: Chooser,
    /// Samples that were read, for the panel that shows them; a sentence where that cannot be.
    gallery: Result<Gallery, String>,
    view: RunView,
    /// Runs that were left and can be gone back to.
    runs: KeptRuns,
    /// The moment that is looked at.
    time: TimeState,
    /// The pin that is gone to once its run is there.
    going_to: Option<TimePin>,
    session: SessionState,
    sessions: SessionWork,
    timeline: Timeline,
    landscape: LandscapeState,
    /// The spikes at a cell that were asked for, under which number.
    looking: Option<(u64, InspectedPoint)>,
    /// The moment that is being replayed for the centre of the landscape.
    recalling: Option<u64>,
    /// The number of the question that does.
    recall: u64,
    earlier_runs: EarlierRuns,
    decision_map: DecisionMapState,
    evaluation: EvaluationState,
    /// Runs in step with one another, and what is known of them.
    lockstep: Option<Lockstep>,
    compare: CompareState,
    /// The run of these that is being opened as the one in view.
    opened_run: Option<RunView>,
    health: HealthState,
    inside: InsideState,
    /// The settings in the form: the run's, or ahead of them by what waits for a restart.
    form: SettingsForm,
    need_of_form: KnownNeed,
    need_of_run: KnownNeed,
    /// Changes that can be undone, the newest last.
    undo: Vec<Undo>,
    /// Changes that were undone and can be made again, the next one last.
    redo: Vec<Undo>,
    choices: Choices,
    layout: Tree<Panel>,
    workspace: Workspace,
    /// The layouts of the other workspaces, where they were left.
    aside: Vec<(Workspace, Tree<Panel>)>,
    panels: Panels,
    files: FileDialogs,
    sweep: SweepSheet,
    /// The lesson that is open, and progress in all of them.
    lesson: LessonState,
    lesson_views: LessonViews,
    help: bool,
    about: bool,
    exports: ExportSheets,
    /// The message shown to the user, and since when.
    notice: Option<(String, f64)>,
    actions: Vec<Action>,
    questions: u64,
    meter: CostMeter,
    /// Milliseconds that news wait until they are drawn.
    pace: Arc<AtomicU64>,
}

/// Whether a run plays when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RunBeginning {
    /// It plays if the one before did.
    AsItWas,
    /// It will play, once its task is open …
    WhenOpen,
    /// … and the worker has begun it; as fast as it goes, or at the speed that was set.
    Soon { fast: bool },
}

/// Asks for a frame of the window once news have waited for as long as `pace` says.
fn waker(ctx: &Context, pace: &Arc<AtomicU64>) -> Wake {
    let (ctx, pace) = (ctx.clone(), Arc::clone(pace));
    Arc::new(move || ctx.request_repaint_after(Duration::from_millis(pace.load(Ordering::Relaxed))))
}

/// Least and greatest time between two frames that news bring about, in milliseconds.
const PACE: std::ops::Range<u64> = 30..120;

/// What is said at the start, where the state that came back had to be mended.
fn first_actions(mended: bool) -> Vec<Action> {
    let what = "What the window had kept from the last time was damaged: some of it is as at the first start.";
    mended.then(|| WindowAction::Notify(what.into()).into()).into_iter().collect()
}

impl App {
    /// Starts engine and explorer for checked `settings`; they wake `ctx` when there is something to see.
    #[expect(clippy::too_many_lines, reason = "most of it is one literal with a line for each field")]
    pub fn new(ctx: &Context, settings: Settings, saved: SavedState) -> Result<Self, String> {
        theme::install(ctx);
        let (saved, mended) = saved.mended();
        ctx.set_theme(saved.theme);
        ctx.set_zoom_factor(saved.zoom.clamp(0.75, 2.0));
        let (mut layout, mut aside) = (saved.layout, saved.aside);
        layout::complete(&mut layout, saved.workspace, &saved.known);
        aside.iter_mut().for_each(|(workspace, tree)| layout::complete(tree, *workspace, &saved.known));
        let pace = Arc::new(AtomicU64::new(PACE.start));
        let wake = waker(ctx, &pace);
        // what reads files is opened while the built-in experiment runs, which goes on should that fail
        let first = if settings.task.kind.made() { settings.clone() } else { Settings::default() };
        let run = Run::start(first.clone(), crate::engine::cores(), Arc::clone(&wake))?;
        run.send(Command::LookBack(saved.choices.look_back));
        let mut app = Self {
            ctx: ctx.clone(),
            run,
            explorer: Explorer::start(Arc::clone(&wake))?,
            gallery: Gallery::start(Arc::clone(&wake)),
            wake,
            opening: None,
            resuming: None,
            beginning: RunBeginning::AsItWas,
            refused: None,
            chooser: Chooser::default(),
            view: RunView::new(first.clone()),
            runs: KeptRuns::default(),
            time: TimeState::default(),
            going_to: None,
            session: SessionState::remembered(saved.recent, saved.history_mib),
            sessions: SessionWork::default(),
            timeline: Timeline::default(),
            landscape: LandscapeState::default(),
            looking: None,
            recalling: None,
            recall: 0,
            earlier_runs: EarlierRuns::default(),
            decision_map: DecisionMapState::default(),
            evaluation: EvaluationState::default(),
            lockstep: None,
            compare: CompareState::default(),
            opened_run: None,
            health: HealthState::default(),
            inside: InsideState::default(),
            form: SettingsForm::new(first),
            need_of_form: KnownNeed::default(),
            need_of_run: KnownNeed::default(),
            undo: Vec::new(),
            redo: Vec::new(),
            choices: saved.choices,
            layout,
            workspace: saved.workspace,
            aside,
            panels: Panels::default(),
            files: FileDialogs::new(ctx),
            sweep: SweepSheet::default(),
            lesson: LessonState::of(saved.lessons),
            lesson_views: LessonViews::default(),
            help: false,
            about: false,
            exports: ExportSheets::new(saved.figures),
            notice: None,
            actions: first_actions(mended),
            questions: 0,
            meter: CostMeter::default(),
            pace,
        };
        app.front_fits_task();
        app.limit_history(app.session.history_mib);
        if !settings.task.kind.made() {
            app.restart(settings);
        }
        Ok(app)
    }

    /// Takes note of what a frame costs, in seconds of CPU, and adapts how often news are drawn to it: a machine that
    /// draws on its CPU needs that for other things, too. What the user does is drawn at once all the same.
    pub fn record_frame(&mut self, frame_seconds: f32) {
        let wanted = (frame_seconds * 3000.0) as u64;
        self.pace.store(wanted.clamp(PACE.start, PACE.end), Ordering::Relaxed);
        self.meter.record(frame_seconds, self.ctx.input(|i| i.time));
    }

    /// The state that comes back at the next start.
    pub fn saved_state(&self, ctx: &Context) -> SavedState {
        SavedState {
            choices: self.choices.clone(),
            layout: self.lasting_layout().clone(),
            workspace: self.workspace,
            aside: self.aside.clone(),
            known: Panel::ALL.to_vec(),
            theme: ctx.options(|o| o.theme_preference),
            zoom: ctx.zoom_factor(),
            recent: self.session.recent.clone(),
            history_mib: self.session.history_mib,
            figures: self.exports.style,
            lessons: self.lesson.progress.clone(),
        }
    }

    pub fn context(&self) -> &Context {
        &self.ctx
    }

    /// Whether the worker has a frame that was not taken yet.
    pub fn has_news(&self) -> bool {
        self.run.has_frame()
    }

    pub fn run_view(&self) -> &RunView {
        &self.view
    }

    /// The moment that is looked at.
    pub fn time(&self) -> &TimeState {
        &self.time
    }

    /// Runs that were left and can be gone back to.
    pub fn kept_runs(&self) -> &KeptRuns {
        &self.runs
    }

    /// The session's file, and what of it is unsaved.
    pub fn session(&self) -> &SessionState {
        &self.session
    }

    pub fn landscape(&self) -> &LandscapeState {
        &self.landscape
    }

    /// Whether a landscape is on its way, or will be.
    pub fn awaits_landscape(&self) -> bool {
        let (chosen, latest) = (&self.choices.landscape, self.landscape.latest());
        let due = |question: LandscapeQuestion| chosen.follow && !latest.answers(&question);
        latest.running() || self.landscape_question().is_some_and(due)
    }

    pub fn decision_map(&self) -> &DecisionMapState {
        &self.decision_map
    }

    /// Whether a map that the user looks at is still to come.
    pub fn awaits_map(&self) -> bool {
        let (chosen, latest) = (self.choices.decision_map, &self.decision_map);
        let due = |question: MapQuestion| chosen.follow && !latest.answers(&question);
        let comes = || latest.running() || self.map_question().is_some_and(due);
        layout::in_view(&self.layout, &[Panel::DecisionMap]) && comes()
    }

    pub fn evaluation(&self) -> &EvaluationState {
        &self.evaluation
    }

    /// Runs in step with one another.
    pub fn compare(&self) -> &CompareState {
        &self.compare
    }

    /// What is ill with the network in view.
    pub fn health(&self) -> &HealthState {
        &self.health
    }

    pub fn inside(&self) -> &InsideState {
        &self.inside
    }

    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    pub fn workspace(&self) -> Workspace {
        self.workspace
    }

    pub fn form(&self) -> &Settings {
        self.form.settings()
    }

    /// The task that is being opened, if one is.
    pub fn opening(&self) -> Option<&Opening> {
        self.opening.as_ref()
    }

    /// Why the last task could not be opened, or another wish was refused, until the user dismisses it.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }
}
