//! The program behind the window, without the window: it runs the same under eframe, in a test and in a snapshot.

mod answers;
mod runs;
mod survey;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use egui::{Context, Key, Modifiers, Ui};
use egui_tiles::Tree;

use crate::engine::{Command, Event, Explorer, LandscapeQuestion, MapQuestion, Opening, RecallQuestion, Run, Wake};
use crate::record::Checkpoint;
use crate::rule::Rule;
use crate::task::{self, TargetEdit, TaskKind};
use crate::train::Settings;
use crate::train::settings::{Change, Value};

use super::action::Action;
use super::choose::Chooser;
use super::choose::preview::Preview;
use super::files::{Done, Files, Slot};
use super::form::SettingsForm;
use super::layout::{self, Behaviour, Panel, Workspace};
use super::map_view::MapView;
use super::meter::Meter;
use super::panels::Panels;
use super::panels::raster::pencil;
use super::state::{Choices, ExamView, LandscapeView, Look, Reading, RunView};
use super::survey::Looked;
use super::survey::choices::CentreChoice;
use super::survey::earlier::Earlier;
use super::theme::{self, Theme};
use super::{bar, dropped, format, help};

/// Everything that comes back when the program is started again.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Kept {
    pub choices: Choices,
    pub layout: Tree<Panel>,
    /// The arrangement that `layout` is one of.
    pub workspace: Workspace,
    /// The others, as they were left.
    pub aside: Vec<(Workspace, Tree<Panel>)>,
    /// The panels that there were when this was written: others are new.
    pub known: Vec<Panel>,
    pub theme: egui::ThemePreference,
    pub zoom: f32,
}

/// Something that can be undone.
#[derive(Clone, Debug)]
pub enum Past {
    /// The changes of settings that take back what was changed.
    Changes(Vec<Change>),
    /// A stroke of the pencil.
    Drawn { edits: Vec<TargetEdit>, stroke: u64 },
}

/// The panels of the first version, which did not write them down.
const FIRST_PANELS: [Panel; 6] =
    [Panel::Experiment, Panel::Raster, Panel::Potential, Panel::Curves, Panel::Changes, Panel::Landscape];

impl Default for Kept {
    fn default() -> Self {
        Self {
            choices: Choices::default(),
            layout: layout::standard(Workspace::default()),
            workspace: Workspace::default(),
            aside: Vec::new(),
            known: FIRST_PANELS.to_vec(),
            theme: egui::ThemePreference::System,
            zoom: 1.0,
        }
    }
}

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
    landscape: LandscapeView,
    /// The spikes at a cell that were asked for, under which number.
    looking: Option<(u64, Looked)>,
    /// The moment that is being replayed for the centre of the landscape.
    recalling: Option<u64>,
    /// The number of the question that does.
    recall: u64,
    earlier: Earlier,
    map: MapView,
    exam: ExamView,
    /// The settings in the form: the run's, or ahead of them by what waits for a restart.
    form: SettingsForm,
    /// What can be undone, the newest last.
    past: Vec<Past>,
    choices: Choices,
    layout: Tree<Panel>,
    workspace: Workspace,
    /// The layouts of the other workspaces, where they were left.
    aside: Vec<(Workspace, Tree<Panel>)>,
    panels: Panels,
    files: Files,
    help: bool,
    /// What the program has to say: the text, and when it was said.
    notice: Option<(String, f64)>,
    actions: Vec<Action>,
    questions: u64,
    meter: Meter,
    /// Milliseconds that news wait until they are drawn.
    pace: Arc<AtomicU64>,
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
/// Changes that can be undone.
const MOST_UNDO: usize = 100;
/// Seconds that a notice stays.
const NOTICE_SECONDS: f64 = 8.0;

impl App {
    /// Starts engine and explorer for checked `settings`; they wake `ctx` when there is something to see.
    pub fn new(ctx: &Context, settings: Settings, kept: Kept) -> Result<Self, String> {
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
            landscape: LandscapeView::default(),
            looking: None,
            recalling: None,
            recall: 0,
            earlier: Earlier::default(),
            map: MapView::default(),
            exam: ExamView::default(),
            form: SettingsForm::new(first),
            past: Vec::new(),
            choices: kept.choices,
            layout,
            workspace: kept.workspace,
            aside,
            panels: Panels::default(),
            files: Files::new(ctx),
            help: false,
            notice: None,
            actions: Vec::new(),
            questions: 0,
            meter: Meter::default(),
            pace,
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
    pub fn keep(&self, ctx: &Context) -> Kept {
        Kept {
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
                        self.can_undo(Change::between(settings, self.form.settings()));
                    }
                    self.form.begin(Settings::clone(settings));
                    // strokes belong to the run that they were drawn in
                    self.past.retain(|past| matches!(past, Past::Changes(_)));
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
                    self.explorer.ask(RecallQuestion { id: self.recall, past: Arc::clone(past) });
                }
                Event::NotChanged { problem, .. } => self.refused = Some(problem.clone()),
                Event::Refused(problem) => {
                    self.refused = Some(problem.clone());
                    self.beginning = Beginning::AsItWas;
                }
                _ => {}
            }
            self.view.hear(&event);
            if matches!(event, Event::Changed { .. } | Event::NotChanged { .. }) {
                self.form.answered(&self.view.settings);
            }
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
        self.on_answers(now);
        self.begin_opened();
        self.explorer.leave_a_core(self.view.playing);
        self.recall_centre();
        let clock = Instant::now();
        self.follow(clock);
        self.look_at_cell();
        self.follow_exam(clock);
        self.follow_map(clock);
        while let Some(done) = self.files.done() {
            match done {
                Done::Opened(settings) => self.actions.push(Action::TakeOn(settings)),
                Done::Checkpoint(checkpoint) => {
                    self.say(&format!("Opened the checkpoint of update {}", format::whole(checkpoint.update)), now);
                    self.resume(checkpoint);
                }
                Done::Weights(params) => self.run.send(Command::Weights(params)),
                Done::Saved(text) => self.say(&text, now),
                Done::Named(slot, path) => self.named(slot, &path),
                Done::Picture(path, result) => self.chooser.hear(path, result),
                Done::Wishes(actions) => self.actions.extend(actions),
            }
        }
        self.notice = self.notice.take().filter(|(_, said)| now - said < NOTICE_SECONDS);
        for action in std::mem::take(&mut self.actions) {
            self.apply(ctx, action);
        }
    }

    /// Draws everything, and collects what the person wants until the next [`App::logic`].
    pub fn ui(&mut self, ui: &mut Ui) {
        let theme = Theme::of(ui);
        let mut actions = std::mem::take(&mut self.actions);
        let look = Look {
            run: &self.view,
            landscape: &self.landscape,
            map: &self.map,
            exam: &self.exam,
            choices: &self.choices,
            theme: &theme,
            form: self.form.settings(),
            edits: &self.form,
            reading: match (&self.opening, &self.refused) {
                (Some(opening), _) => Reading::Busy(opening.progress()),
                (None, Some(why)) => Reading::Refused(why),
                (None, None) => Reading::None,
            },
            undo: self.past.last(),
        };
        keys(ui, look, self.chooser.is_open(), &mut actions);
        // the sheet that is open says itself why a task could not be begun
        let said = self.chooser.is_open() && matches!(look.reading, Reading::Refused(_));
        let bar_look = if said { Look { reading: Reading::None, ..look } } else { look };
        let open = bar::Open { workspace: self.workspace, panels: &layout::shown(&self.layout) };
        let notice = self.notice.as_ref().map(|n| n.0.as_str());
        bar::show(ui, bar_look, open, notice, self.meter, &mut actions);
        let frame = egui::Frame::new().fill(theme.line);
        egui::CentralPanel::default().frame(frame).show(ui, |ui| {
            let mut behaviour = Behaviour { panels: &mut self.panels, look, actions: &mut actions };
            self.layout.ui(&mut behaviour, ui);
        });
        self.files.show(&theme);
        self.chooser.show(ui.ctx(), look, &mut actions);
        dropped::overlay(ui.ctx(), &theme);
        let handed = dropped::paths(ui.ctx());
        if !handed.is_empty() {
            self.files.aside(move || Some(Done::Wishes(handed.iter().map(|path| dropped::wish(path)).collect())));
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
            Action::Rule(rule) => self.change(&[Change::to("rule.rule", Value::Choice(rule.key()))]),
            Action::Edit(change) => self.edit(&change),
            Action::Change(changes) => self.change(&changes),
            Action::TakeOn(settings) => self.change(&Change::between(self.form.settings(), &settings)),
            Action::Undo => match self.past.pop() {
                Some(Past::Changes(changes)) => drop(self.make(&changes)),
                Some(Past::Drawn { edits, .. }) => {
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
            Action::Discard => self.change(&self.form.discarding(&self.view.settings)),
            Action::Restart => self.restart(self.form.settings().clone()),
            Action::NewSeed => {
                let mut settings = self.form.settings().clone();
                settings.run.seed = settings.run.next_seed();
                self.restart(settings);
            }
            Action::Choose(choices) => {
                if choices.look_back != self.choices.look_back {
                    self.run.send(Command::LookBack(choices.look_back));
                }
                let before = self.question();
                let old = std::mem::replace(&mut self.choices, choices).landscape;
                if self.choices.landscape.centre == CentreChoice::Fixed && old.centre != CentreChoice::Fixed {
                    self.fix_centre();
                }
                let now = self.question();
                if !now.as_ref().zip(before.as_ref()).is_some_and(|(now, before)| now.same_choice(before)) {
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
            Action::Exam(part) => self.examine(part),
            Action::StopExam => {
                self.stop_exam();
                self.choices.exam.follow = false;
            }
            Action::OpenPanel(panel) => layout::open(&mut self.layout, self.workspace, panel),
            Action::Workspace(workspace) => self.arrange(workspace),
            Action::ResetLayout => self.layout = layout::standard(self.workspace),
            Action::Help => self.help = !self.help,
            Action::OpenSettings => self.files.open_settings(),
            Action::SaveSettings => self.files.save_settings(self.form.settings().to_toml()),
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
            Action::ChooseTask(at) => self.chooser.open(self.form.settings(), at),
            Action::StartTask(settings) => self.start(*settings),
            Action::StopOpening => {
                (self.opening, self.resuming) = (None, None);
                self.beginning = Beginning::AsItWas;
            }
            Action::ReadPicture(path) => self.files.aside(move || {
                let image = task::picture::open(std::path::Path::new(path.trim()));
                Some(Done::Picture(path, image.map(|image| Preview::new(&image))))
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
            TaskKind::YinYang => [Panel::Map, Panel::Accuracy],
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
    fn named(&mut self, slot: Slot, path: &std::path::Path) {
        match slot {
            Slot::Chooser(kind, target) => self.chooser.name(kind, target, path.to_owned()),
            Slot::Form(_, target) => {
                let key = if target { "task.target" } else { "task.data" };
                self.change(&[Change::to(key, Value::Text(path.to_string_lossy().into_owned()))]);
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

    pub fn landscape(&self) -> &LandscapeView {
        &self.landscape
    }

    /// Whether a landscape is on its way, or will be.
    pub fn awaits_landscape(&self) -> bool {
        let due = |question: LandscapeQuestion| self.choices.landscape.follow && !self.landscape.answers(&question);
        self.landscape.running() || self.question().is_some_and(due)
    }

    pub fn map(&self) -> &MapView {
        &self.map
    }

    /// Whether a map that a person looks at is still to come.
    pub fn awaits_map(&self) -> bool {
        let due = |question: MapQuestion| self.choices.map.follow && !self.map.answers(&question);
        layout::in_view(&self.layout, &[Panel::Map]) && (self.map.running() || self.map_question().is_some_and(due))
    }

    pub fn exam(&self) -> &ExamView {
        &self.exam
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

    /// Why the last task could not be opened, or another wish was refused, until a person dismisses it.
    pub fn refused(&self) -> Option<&str> {
        self.refused.as_deref()
    }
}

/// The keys; they rest while a text field has the focus, or a sheet stands before everything.
fn keys(ui: &Ui, look: Look, sheet: bool, actions: &mut Vec<Action>) {
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
    on(Key::Space, if look.run.playing { Action::Pause } else { Action::Play });
    on(Key::ArrowRight, Action::Step);
    on(Key::T, Action::ChooseTask(None));
    on(Key::R, Action::Restart);
    on(Key::N, Action::NewSeed);
    on(Key::Num1, Action::Rule(Rule::Activation));
    on(Key::Num2, Action::Rule(Rule::Timing));
    on(Key::Num3, Action::Rule(Rule::Antlr));
    on(Key::E, Action::Pencil(!look.choices.pencil));
    if look.choices.pencil {
        on(Key::Escape, Action::Pencil(false));
    }
    on(Key::F1, Action::Help);
    if ui.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Text(t) if t == "?"))) {
        actions.push(Action::Help);
    }
}
