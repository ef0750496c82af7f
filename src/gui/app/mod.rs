//! The program behind the window, without the window: it runs the same under eframe, in a test and in a snapshot.

mod ask_landscape;
mod ask_samples;
mod runs;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use egui::{Context, Key, Modifiers, Ui};
use egui_tiles::Tree;

use crate::engine::{Answer, Command, Event, Explorer, Frame, Opening, Question, RecallQuestion, Run, Wake};
use crate::record::Checkpoint;
use crate::rule::Rule;
use crate::task::{self, TargetEdit, TaskKind};
use crate::train::Settings;

use crate::gui::action::{Action, PathSlot};
use crate::gui::bar::meter::Meter;
use crate::gui::chooser::Chooser;
use crate::gui::chooser::preview::Preview;
use crate::gui::files::{FileDialogs, FileOutcome};
use crate::gui::layout::{self, Panel, Workspace};
use crate::gui::panels::raster::pencil;
use crate::gui::state::decision_map::{DecisionMapState, FollowStep};
use crate::gui::state::earlier_runs::EarlierRuns;
use crate::gui::state::landscape::InspectedPoint;
use crate::gui::state::landscape_choices::CentreChoice;
use crate::gui::state::{
    Choices, EvaluationState, LandscapeState, OpeningState, RunView, SavedState, Undo, ViewContext,
};
use crate::gui::theme::{self, Palette};
use crate::gui::tiles::{Panels, TileBehaviour};
use crate::gui::{bar, dropped, help};
use crate::text;

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
    beginning: Beginning,
    /// Why the last one could not be opened, or another wish was refused; until the person has read it.
    refused: Option<String>,
    chooser: Chooser,
    view: RunView,
    landscape: LandscapeState,
    /// The spikes at a cell that were asked for, under which number.
    looking: Option<(u64, InspectedPoint)>,
    /// The moment that is being replayed for the centre of the landscape.
    recalling: Option<u64>,
    /// The number of the question that does.
    recall: u64,
    earlier: EarlierRuns,
    map: DecisionMapState,
    exam: EvaluationState,
    /// The settings in the form: the run's, or ahead of them by what waits for a restart.
    form: Settings,
    /// What can be undone, the newest last.
    past: Vec<Undo>,
    choices: Choices,
    layout: Tree<Panel>,
    workspace: Workspace,
    /// The layouts of the other workspaces, where they were left.
    aside: Vec<(Workspace, Tree<Panel>)>,
    panels: Panels,
    files: FileDialogs,
    help: bool,
    /// What the program has to say: the text, and when it was said.
    notice: Option<(String, f64)>,
    actions: Vec<Action>,
    questions: u64,
    meter: Meter,
    /// Milliseconds that news wait until they are drawn.
    pace: Arc<AtomicU64>,
    /// When the landscape was last seen at work.
    surveyed: f64,
    /// When answers to samples were last under way.
    examined: f64,
}

/// What a run does when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beginning {
    /// It plays if the one before did.
    AsItWas,
    /// It will play, once its task is open …
    WhenOpen,
    /// … and the worker has begun it; as fast as it goes, or at the speed that was set.
    Soon { fast: bool },
}

/// Least and greatest time between two frames that news bring about, in milliseconds.
const PACE: std::ops::Range<u64> = 30..120;
/// The landscape rests at least so long before it follows the run, and as long as it took.
const SURVEY_REST: Duration = Duration::from_millis(400);
/// A landscape that takes longer does not follow a run that plays.
const SURVEY_LONG: Duration = Duration::from_secs(3);
/// Changes that can be undone.
const MOST_UNDO: usize = 100;
/// Seconds that a notice stays.
const NOTICE_SECONDS: f64 = 8.0;

impl App {
    /// Starts engine and explorer for checked `settings`; they wake `ctx` when there is something to see.
    pub fn new(ctx: &Context, settings: Settings, kept: SavedState) -> Result<Self, String> {
        theme::install(ctx);
        ctx.set_theme(kept.theme);
        ctx.set_zoom_factor(kept.zoom.clamp(0.75, 2.0));
        let (mut layout, mut aside) = (kept.layout, kept.aside);
        layout::complete(&mut layout, kept.workspace, &kept.known);
        aside.iter_mut().for_each(|(workspace, tree)| layout::complete(tree, *workspace, &kept.known));
        let pace = Arc::new(AtomicU64::new(PACE.start));
        let (waker, wait) = (ctx.clone(), Arc::clone(&pace));
        let wake: Wake = Arc::new(move || {
            waker.request_repaint_after(Duration::from_millis(wait.load(Ordering::Relaxed)));
        });
        // what reads files is opened beside the built-in experiment, which goes on should that fail
        let first = if settings.task.kind.made() { settings.clone() } else { Settings::default() };
        let run = Run::start(first.clone(), crate::engine::cores(), Arc::clone(&wake))?;
        run.send(Command::LookBack(kept.choices.look_back));
        let mut app = Self {
            ctx: ctx.clone(),
            run,
            explorer: Explorer::start(Arc::clone(&wake))?,
            wake,
            opening: None,
            resuming: None,
            beginning: Beginning::AsItWas,
            refused: None,
            chooser: Chooser::default(),
            view: RunView::new(first.clone()),
            landscape: LandscapeState::default(),
            looking: None,
            recalling: None,
            recall: 0,
            earlier: EarlierRuns::default(),
            map: DecisionMapState::default(),
            exam: EvaluationState::default(),
            form: first,
            past: Vec::new(),
            choices: kept.choices,
            layout,
            workspace: kept.workspace,
            aside,
            panels: Panels::default(),
            files: FileDialogs::new(ctx),
            help: false,
            notice: None,
            actions: Vec::new(),
            questions: 0,
            meter: Meter::default(),
            pace,
            surveyed: 0.0,
            examined: 0.0,
        };
        if !settings.task.kind.made() {
            app.restart(settings);
        }
        Ok(app)
    }

    /// Takes note of what a frame costs, in seconds of CPU, and adapts how often news are drawn to it: a machine that
    /// draws on its CPU needs that for other things, too. What a person does is drawn at once all the same.
    pub fn measure(&mut self, frame_seconds: f32) {
        let wanted = (frame_seconds * 3000.0) as u64;
        self.pace.store(wanted.clamp(PACE.start, PACE.end), Ordering::Relaxed);
        self.meter.hear(frame_seconds, self.ctx.input(|i| i.time));
    }

    /// What should come back at the next start.
    pub fn keep(&self, ctx: &Context) -> SavedState {
        SavedState {
            choices: self.choices.clone(),
            layout: self.layout.clone(),
            workspace: self.workspace,
            aside: self.aside.clone(),
            known: Panel::ALL.to_vec(),
            theme: ctx.options(|o| o.theme_preference),
            zoom: ctx.zoom_factor(),
        }
    }

    /// Empties the channels into plain state. Runs while the window is hidden, too.
    pub fn logic(&mut self, ctx: &Context) {
        let now = ctx.input(|i| i.time);
        while let Some(event) = self.run.event() {
            let mut started = false;
            match &event {
                Event::Started { settings, .. } => {
                    if matches!(self.beginning, Beginning::Soon { .. }) {
                        // another task is another form, and a click must not lose the one before
                        self.remember(Undo::Settings(Box::new(self.form.clone())));
                    }
                    self.form = Settings::clone(settings);
                    // strokes belong to the run that they were drawn in
                    self.past.retain(|past| matches!(past, Undo::Settings(_)));
                    self.stop_survey();
                    if let Some(frame) = &self.view.frame {
                        self.earlier.keep(frame);
                    }
                    self.landscape.reset();
                    self.recalling = None;
                    started = true;
                    self.stop_map();
                    self.map.reset();
                    self.stop_exam();
                    self.exam.reset();
                }
                Event::Log(log) => self.files.save_log(log.to_toml()),
                Event::Checkpoint(checkpoint) => {
                    if let Some(frame) = &self.view.frame {
                        self.files.save_checkpoint(Checkpoint::clone(checkpoint), Arc::clone(&frame.net));
                    }
                }
                Event::Past(past) => {
                    self.questions += 1;
                    self.recall = self.questions;
                    self.explorer.ask_recall(RecallQuestion { id: self.recall, past: Arc::clone(past) });
                }
                Event::Changed { key, value, .. } => {
                    // what a form shows of a live setting is what the run has
                    let _ = self.form.set_text(key, value);
                }
                Event::Refused(problem) => {
                    self.refused = Some(problem.clone());
                    self.beginning = Beginning::AsItWas;
                    // what was refused is not what the run has
                    if let Some(frame) = &self.view.frame {
                        self.form = frame.settings.live_part_onto(&self.form);
                        self.view.settings = Arc::clone(&frame.settings);
                    }
                }
                _ => {}
            }
            self.view.hear(&event);
            if started {
                self.begun();
            }
        }
        if let Some(frame) = self.run.frame() {
            self.view.show(frame, now);
        }
        if !self.run.alive() {
            self.say("The worker thread has stopped unexpectedly; save the settings and start the program again", now);
        }
        self.explorer.leave_a_core(self.view.playing);
        while let Some(answer) = self.explorer.answer() {
            self.map.hear(&answer);
            match answer {
                Answer::Samples(answers) => self.exam.hear(answers, now),
                Answer::Recalled { update, params, .. } => {
                    if self.recalling == Some(update) {
                        self.landscape.recalled = Some((update, params));
                        self.survey();
                    }
                }
                Answer::Looked { id, look: spikes } => {
                    if let Some((_, point)) = self.looking.filter(|(asked, _)| *asked == id) {
                        self.landscape.set_spikes(point, spikes);
                    }
                }
                Answer::Failed { id, problem } => {
                    if self.exam.fail(id, &problem) || id == self.recall {
                        self.say(&problem, now);
                    }
                    self.landscape.hear(Answer::Failed { id, problem });
                }
                answer => self.landscape.hear(answer),
            }
        }
        self.begin_opened();
        self.explorer.leave_a_core(self.view.playing);
        self.recall_centre();
        self.follow(now);
        self.look_at_cell();
        self.follow_exam(now);
        if self.map.running() && !layout::in_view(&self.layout, &[Panel::DecisionMap]) {
            self.stop_map();
        }
        while let Some(done) = self.files.done() {
            match done {
                FileOutcome::Opened(settings) => self.actions.push(Action::Change(settings)),
                FileOutcome::Checkpoint(checkpoint) => {
                    self.say(&format!("Opened the checkpoint of update {}", text::whole(checkpoint.update)), now);
                    self.resume(checkpoint);
                }
                FileOutcome::Weights(params) => self.run.send(Command::Weights(params)),
                FileOutcome::Saved(text) => self.say(&text, now),
                FileOutcome::Named(slot, path) => self.named(slot, &path),
                FileOutcome::Picture(path, result) => self.chooser.hear(path, result),
                FileOutcome::Wishes(actions) => self.actions.extend(actions),
            }
        }
        self.notice = self.notice.take().filter(|(_, said)| now - said < NOTICE_SECONDS);
        for action in std::mem::take(&mut self.actions) {
            self.apply(ctx, action);
        }
    }

    /// Draws everything, and collects what the person wants until the next [`App::logic`].
    pub fn ui(&mut self, ui: &mut Ui) {
        let theme = Palette::of(ui);
        let mut actions = std::mem::take(&mut self.actions);
        let cx = ViewContext {
            run: &self.view,
            landscape: &self.landscape,
            decision_map: &self.map,
            evaluation: &self.exam,
            choices: &self.choices,
            theme: &theme,
            form: &self.form,
            opening: match (&self.opening, &self.refused) {
                (Some(opening), _) => OpeningState::Busy(opening.progress()),
                (None, Some(why)) => OpeningState::Refused(why),
                (None, None) => OpeningState::None,
            },
            undo: self.past.last(),
        };
        keys(ui, cx, self.chooser.is_open(), &mut actions);
        // the sheet that is open says itself why a task could not be begun
        let said = self.chooser.is_open() && matches!(cx.opening, OpeningState::Refused(_));
        let bar_cx = if said { ViewContext { opening: OpeningState::None, ..cx } } else { cx };
        let open = bar::OpenPanels { workspace: self.workspace, panels: &layout::shown(&self.layout) };
        let notice = self.notice.as_ref().map(|n| n.0.as_str());
        bar::show(ui, bar_cx, open, notice, self.meter, &mut actions);
        let frame = egui::Frame::new().fill(theme.line);
        egui::CentralPanel::default().frame(frame).show(ui, |ui| {
            let mut behaviour = TileBehaviour { panels: &mut self.panels, cx, actions: &mut actions };
            self.layout.ui(&mut behaviour, ui);
        });
        self.files.show(&theme);
        self.chooser.show(ui.ctx(), cx, &mut actions);
        dropped::overlay(ui.ctx(), &theme);
        let handed = dropped::paths(ui.ctx());
        if !handed.is_empty() {
            self.files
                .aside(move || Some(FileOutcome::Wishes(handed.iter().map(|path| dropped::wish(path)).collect())));
        }
        self.help &= !ui.input(|i| i.key_pressed(Key::Escape));
        if self.help {
            help::show(ui, &theme, &mut self.help);
        }
        if !actions.is_empty() {
            ui.request_repaint();
        }
        self.actions = actions;
    }

    /// The one place where wishes become deeds.
    pub fn apply(&mut self, ctx: &Context, action: Action) {
        match action {
            Action::Play => self.run.send(Command::Play),
            Action::Pause => self.run.send(Command::Pause),
            Action::Step => self.run.send(Command::Advance(1)),
            Action::Advance(updates) => self.run.send(Command::Advance(updates)),
            Action::Speed(speed) => self.set_speed(speed),
            Action::Rule(rule) => {
                let mut settings = self.form.clone();
                settings.rule.rule = rule;
                self.change(settings);
            }
            Action::Change(settings) => self.change(*settings),
            Action::Undo => match self.past.pop() {
                Some(Undo::Settings(settings)) => self.take_on(*settings),
                Some(Undo::Drawn { edits, .. }) => {
                    let back = edits.into_iter().rev().map(TargetEdit::inverse).collect();
                    self.run.send(Command::Draw(back));
                }
                None => {}
            },
            Action::Pencil(on) => {
                let why = self.view.frame.as_ref().and_then(|frame| pencil::impossible(frame));
                if let Some(why) = why.filter(|_| on) {
                    let now = ctx.input(|i| i.time);
                    self.say(why, now);
                }
                self.choices.pencil = on && why.is_none();
            }
            Action::Draw { edits, stroke } => self.draw(edits, stroke),
            Action::Discard => self.change(Settings::clone(&self.view.settings)),
            Action::Restart => self.restart(self.form.clone()),
            Action::NewSeed => {
                let mut settings = self.form.clone();
                settings.run.seed = settings.run.seed.wrapping_add(1) & (u64::MAX >> 1);
                self.restart(settings);
            }
            Action::Choose(choices) => {
                if choices.look_back != self.choices.look_back {
                    self.run.send(Command::LookBack(choices.look_back));
                }
                let old = std::mem::replace(&mut self.choices, choices).landscape;
                if self.choices.landscape.centre == CentreChoice::Fixed && old.centre != CentreChoice::Fixed {
                    self.fix_centre();
                }
                if !self.choices.landscape.asks_as(&old) {
                    self.survey();
                }
            }
            Action::Survey => self.survey(),
            Action::ResumeSurvey => self.resume_survey(),
            Action::FixCentre => {
                self.fix_centre();
                self.choices.landscape.centre = CentreChoice::Fixed;
                self.survey();
            }
            Action::PointAt(cell) => self.landscape.pointed = cell,
            Action::Pin(cell) => self.landscape.pin(cell, None),
            Action::PinCliff { above, below } => self.landscape.pin(Some(above), Some(below)),
            Action::StopSurvey => {
                self.stop_survey();
                self.choices.landscape.follow = false;
            }
            Action::AskMap => self.ask_map(),
            Action::StopMap => self.stop_map(),
            Action::Exam(part) => self.examine(part, ctx.input(|i| i.time)),
            Action::StopExam => {
                self.stop_exam();
                self.choices.evaluation.follow = false;
            }
            Action::OpenPanel(panel) => layout::open(&mut self.layout, self.workspace, panel),
            Action::Workspace(workspace) => self.arrange(workspace),
            Action::ResetLayout => self.layout = layout::standard(self.workspace),
            Action::Help => self.help = !self.help,
            Action::OpenSettings => self.files.open_settings(),
            Action::SaveSettings => self.files.save_settings(self.form.to_toml()),
            Action::OpenCheckpoint => {
                if let Some(frame) = &self.view.frame {
                    self.files.open_checkpoint(Arc::clone(&frame.net));
                }
            }
            Action::OpenCheckpointAt(path) => {
                if let Some(frame) = &self.view.frame {
                    self.files.open_checkpoint_at(Arc::clone(&frame.net), path);
                }
            }
            Action::SaveCheckpoint => self.run.send(Command::Checkpoint),
            Action::SaveWeights => {
                if let Some(frame) = &self.view.frame {
                    self.files.save_weights(Arc::clone(frame));
                }
            }
            Action::SaveLog => self.run.send(Command::Log),
            Action::SavePicture => self.files.save_picture(ctx),
            Action::Zoom(zoom) => ctx.set_zoom_factor(zoom),
            Action::Say(text) => {
                let now = ctx.input(|i| i.time);
                self.say(&text, now);
            }
            Action::ChooseTask(at) => self.chooser.open(&self.form, at),
            Action::StartTask(settings) => self.start(*settings),
            Action::StopOpening => {
                (self.opening, self.resuming) = (None, None);
                self.beginning = Beginning::AsItWas;
            }
            Action::ReadPicture(path) => self.files.aside(move || {
                let image = task::picture::open(std::path::Path::new(path.trim()));
                Some(FileOutcome::Picture(path, image.map(|image| Preview::new(&image))))
            }),
            Action::Browse(slot) => self.files.browse(slot),
            Action::OpenSettingsAt(path) => {
                self.chooser.close();
                self.files.open_settings_at(path);
            }
            Action::Dismiss => self.refused = None,
            Action::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        }
    }

    /// What there is to see of the task stands in front, where its panel is open.
    fn bring_to_front(&mut self) {
        let kind = self.view.settings.task.kind;
        let panels = match kind {
            TaskKind::YinYang => [Panel::DecisionMap, Panel::Accuracy],
            _ if kind.classes() && self.view.settings.task.target.is_empty() => [Panel::Samples, Panel::Accuracy],
            _ => [Panel::Landscape, Panel::Changes],
        };
        let shown = layout::shown(&self.layout);
        for panel in panels.into_iter().filter(|p| shown.contains(p)) {
            layout::open(&mut self.layout, self.workspace, panel);
        }
    }

    /// Puts the panels as another workspace has them, or had them when it was left.
    fn arrange(&mut self, workspace: Workspace) {
        if workspace == self.workspace {
            return;
        }
        let left = self.aside.iter().position(|(w, _)| *w == workspace);
        let next = left.map_or_else(|| layout::standard(workspace), |at| self.aside.swap_remove(at).1);
        self.aside.push((self.workspace, std::mem::replace(&mut self.layout, next)));
        self.workspace = workspace;
    }

    /// A person named a file or folder with the system's dialog.
    fn named(&mut self, slot: PathSlot, path: &std::path::Path) {
        match slot {
            PathSlot::Chooser(kind, target) => self.chooser.name(kind, target, path.to_owned()),
            PathSlot::Form(_, target) => {
                let mut settings = self.form.clone();
                let field = if target { &mut settings.task.target } else { &mut settings.task.data };
                *field = path.to_string_lossy().into_owned();
                self.change(settings);
            }
        }
    }

    fn say(&mut self, text: &str, now: f64) {
        self.notice = Some((text.to_owned(), now));
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

    pub fn landscape(&self) -> &LandscapeState {
        &self.landscape
    }

    /// Whether a landscape is on its way, or will be.
    pub fn awaits_landscape(&self) -> bool {
        let due = |question: Question| self.choices.landscape.follow && !self.landscape.answers(&question);
        self.landscape.running() || self.question().is_some_and(due)
    }

    pub fn map(&self) -> &DecisionMapState {
        &self.map
    }

    /// Whether a map that a person looks at is still to come.
    pub fn awaits_map(&self) -> bool {
        let chosen = self.choices.decision_map;
        let frame = self.view.frame.as_ref().filter(|f| f.task.settings.kind == TaskKind::YinYang);
        let due = |frame: &Arc<Frame>| chosen.follow && self.map.next(frame, chosen.points) != FollowStep::Nothing;
        layout::in_view(&self.layout, &[Panel::DecisionMap]) && (self.map.running() || frame.is_some_and(due))
    }

    pub fn exam(&self) -> &EvaluationState {
        &self.exam
    }

    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    pub fn workspace(&self) -> Workspace {
        self.workspace
    }

    pub fn form(&self) -> &Settings {
        &self.form
    }

    /// The task that is being opened, if one is.
    pub fn opening(&self) -> Option<&Opening> {
        self.opening.as_ref()
    }

    /// Why the last task could not be opened, or another wish was refused, until a person dismisses it.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }
}

/// The keys; they rest while a text field has the focus, or a sheet stands before everything.
fn keys(ui: &Ui, cx: ViewContext, sheet: bool, actions: &mut Vec<Action>) {
    // there is no redo: its shortcut must not undo
    ui.input_mut(|i| i.consume_shortcut(&egui::KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z)));
    let undo = egui::KeyboardShortcut::new(Modifiers::COMMAND, Key::Z);
    if ui.input_mut(|i| i.consume_shortcut(&undo)) && !ui.text_edit_focused() {
        actions.push(Action::Undo);
    }
    let quit = egui::KeyboardShortcut::new(Modifiers::COMMAND, Key::Q);
    if ui.input_mut(|i| i.consume_shortcut(&quit)) {
        actions.push(Action::Quit);
    }
    if sheet || ui.text_edit_focused() {
        return;
    }
    let mut on = |key, action: Action| {
        if ui.input_mut(|i| i.consume_key(Modifiers::NONE, key)) {
            actions.push(action);
        }
    };
    on(Key::Space, if cx.run.playing { Action::Pause } else { Action::Play });
    on(Key::ArrowRight, Action::Step);
    on(Key::T, Action::ChooseTask(None));
    on(Key::R, Action::Restart);
    on(Key::N, Action::NewSeed);
    on(Key::Num1, Action::Rule(Rule::Activation));
    on(Key::Num2, Action::Rule(Rule::Timing));
    on(Key::Num3, Action::Rule(Rule::Antlr));
    on(Key::E, Action::Pencil(!cx.choices.pencil));
    if cx.choices.pencil {
        on(Key::Escape, Action::Pencil(false));
    }
    on(Key::F1, Action::Help);
    if ui.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Text(t) if t == "?"))) {
        actions.push(Action::Help);
    }
}
