//! Where wishes change the state of the program, and nowhere else.

use std::path::Path;
use std::sync::Arc;

use egui::{Context, ViewportCommand};

use super::{App, RunBeginning};
use crate::engine::Command;
use crate::gui::action::{
    Action, DecisionMapAction, EvaluationAction, FileAction, LandscapeAction, PathSlot, RunAction, SettingsAction,
    TaskAction, WindowAction,
};
use crate::gui::chooser::preview::PicturePreview;
use crate::gui::files::FileOutcome;
use crate::gui::panels::raster::pencil;
use crate::gui::state::Choices;
use crate::gui::state::landscape_choices::CentreChoice;
use crate::gui::{dropped, layout};
use crate::task;
use crate::train::settings::{Change, Value};

impl App {
    /// The only place where actions change state.
    pub fn apply(&mut self, ctx: &Context, action: Action) {
        let now = ctx.input(|i| i.time);
        match action {
            Action::Run(action) => self.apply_to_run(action),
            Action::Settings(action) => self.apply_to_settings(action),
            Action::Landscape(action) => self.apply_to_landscape(action),
            Action::DecisionMap(DecisionMapAction::Ask) => self.ask_decision_map(),
            Action::DecisionMap(DecisionMapAction::Stop) => self.stop_decision_map(),
            Action::Evaluation(EvaluationAction::Start(split)) => self.evaluate(split),
            Action::Evaluation(EvaluationAction::Stop) => {
                self.stop_evaluation();
                self.choices.evaluation.follow = false;
            }
            Action::Task(action) => self.apply_to_task(action),
            Action::File(action) => self.apply_to_files(ctx, action),
            Action::Time(action) => self.apply_to_time(action),
            Action::Window(action) => self.apply_to_window(ctx, action, now),
            Action::Session(action) => self.apply_to_session(ctx, action, now),
            Action::Export(action) => self.apply_to_export(action, now),
            Action::Compare(action) => self.apply_to_compare(action, now),
            Action::Lesson(action) => self.apply_to_lessons(action, now),
        }
    }

    pub(super) fn apply_to_run(&mut self, action: RunAction) {
        if self.view.without_data.is_some() {
            return self.sessions.sheets.ask_again();
        }
        let runs = matches!(action, RunAction::Play | RunAction::Step | RunAction::Advance(_));
        if runs && self.waits_for_answer() {
            return;
        }
        // the run goes on from its present, and not from the moment that is looked at
        if !matches!(action, RunAction::Pause | RunAction::Speed(_)) {
            self.live();
        }
        match action {
            RunAction::Play => self.run.send(Command::Play),
            RunAction::Pause => self.run.send(Command::Pause),
            RunAction::Step => self.run.send(Command::Advance(1)),
            RunAction::Advance(updates) => self.run.send(Command::Advance(updates)),
            RunAction::Until(goal) => self.run.send(Command::Until(goal)),
            RunAction::Speed(speed) => self.set_speed(speed),
            RunAction::Draw { edits, stroke } => self.draw_targets(edits, stroke),
        }
    }

    fn apply_to_settings(&mut self, action: SettingsAction) {
        match action {
            SettingsAction::Rule(rule) => self.change(&[Change::to("rule.rule", Value::Choice(rule.key()))]),
            SettingsAction::Edit(change) => self.edit(&change),
            SettingsAction::Change(changes) => self.change(&changes),
            SettingsAction::TakeOn(settings) => self.change(&Change::between(self.form.settings(), &settings)),
            SettingsAction::Undo => self.undo(),
            SettingsAction::Redo => self.redo(),
            SettingsAction::Discard => self.change(&self.form.discarding(&self.view.settings)),
            SettingsAction::Restart => self.restart(self.form.settings().clone()),
            SettingsAction::NewSeed => {
                let mut settings = self.form.settings().clone();
                settings.run.seed = settings.run.next_seed();
                self.restart(settings);
            }
        }
    }

    fn apply_to_landscape(&mut self, action: LandscapeAction) {
        match action {
            LandscapeAction::Measure => self.ask_landscape(),
            LandscapeAction::Stop => {
                self.stop_landscape();
                self.choices.landscape.follow = false;
            }
            LandscapeAction::Resume => self.resume_landscape(),
            LandscapeAction::FixCentre => {
                self.fix_centre();
                self.choices.landscape.centre = CentreChoice::Fixed;
                self.ask_landscape();
            }
            LandscapeAction::PointAt(cell) => self.landscape.pointed = cell,
            LandscapeAction::Pin(cell) => self.landscape.pin(cell, None),
            LandscapeAction::PinCliff { above, below } => self.landscape.pin(Some(above), Some(below)),
        }
    }

    fn apply_to_task(&mut self, action: TaskAction) {
        match action {
            TaskAction::Choose(at) => self.chooser.open(self.form.settings(), at),
            TaskAction::Start(settings) => self.start(*settings),
            TaskAction::StopOpening => {
                (self.opening, self.resuming) = (None, None);
                self.beginning = RunBeginning::AsItWas;
            }
            TaskAction::Dismiss => self.refused = None,
            TaskAction::ReadPicture(path) => self.files.aside(move || {
                let image = task::picture::open(Path::new(path.trim()));
                Some(FileOutcome::Picture(path, image.map(|image| PicturePreview::new(&image))))
            }),
            TaskAction::Browse(slot) => self.files.browse(slot),
            TaskAction::ReadSamples(places) => {
                if let Ok(gallery) = &mut self.gallery {
                    gallery.want(&places);
                }
            }
        }
    }

    fn apply_to_files(&mut self, ctx: &Context, action: FileAction) {
        let frame = self.view.frame.clone();
        match (action, frame) {
            (FileAction::OpenSettings, _) => self.files.open_settings(),
            (FileAction::OpenSettingsAt(path), _) => {
                self.chooser.close();
                self.files.open_settings_at(path);
            }
            (FileAction::OpenDropped(paths), _) => self
                .files
                .aside(move || Some(FileOutcome::Wishes(paths.iter().map(|path| dropped::wish(path)).collect()))),
            (FileAction::SaveSettings, _) => self.files.save_settings(self.form.settings().to_toml()),
            (FileAction::OpenCheckpoint, Some(frame)) => self.files.open_checkpoint(Arc::clone(&frame.net)),
            (FileAction::OpenCheckpointAt(path), Some(frame)) => {
                self.files.open_checkpoint_at(Arc::clone(&frame.net), path);
            }
            (FileAction::SaveCheckpoint, _) => self.run.send(Command::Checkpoint),
            (FileAction::SaveWeights, Some(frame)) => self.files.save_weights(frame),
            (FileAction::SaveLog, _) => self.run.send(Command::Log),
            (FileAction::SavePicture, _) => self.files.save_picture(ctx),
            (FileAction::OpenSweep, _) => self.sweep.ask(),
            (FileAction::OpenSweepAt(path), _) => self.sweep.watch(&path, &self.wake),
            // before the first frame there is no network that a file could be of
            (FileAction::OpenCheckpointAt(path), None) => {
                self.actions.push(FileAction::OpenCheckpointAt(path).into());
                ctx.request_repaint();
            }
            (FileAction::OpenCheckpoint | FileAction::SaveWeights, None) => {}
        }
    }

    fn apply_to_window(&mut self, ctx: &Context, action: WindowAction, now: f64) {
        match action {
            WindowAction::Choose(choices) => self.choose(*choices),
            WindowAction::Pencil(on) => {
                let why = self.view.frame.as_ref().and_then(|frame| pencil::impossible(frame));
                if let Some(why) = why.filter(|_| on) {
                    self.notify(why, now);
                }
                self.choices.pencil = on && why.is_none();
            }
            WindowAction::OpenPanel(panel) => layout::open(&mut self.layout, self.workspace, panel),
            WindowAction::Workspace(workspace) => self.arrange(workspace),
            WindowAction::ResetLayout => self.layout = layout::standard(self.workspace),
            WindowAction::Help => self.help = !self.help,
            WindowAction::About => self.about = true,
            WindowAction::Glossary => self.lesson_views.glossary.open = !self.lesson_views.glossary.open,
            WindowAction::Zoom(zoom) => ctx.set_zoom_factor(zoom),
            WindowAction::Notify(text) => self.notify(&text, now),
            WindowAction::HistoryBudget(mib) => self.limit_history(mib),
            WindowAction::Quit => ctx.send_viewport_cmd(ViewportCommand::Close),
        }
    }

    /// Takes on what is looked at, and asks for what is not measured yet.
    pub(super) fn choose(&mut self, choices: Choices) {
        if choices.look_back != self.choices.look_back {
            self.time.forget();
            self.run.send(Command::LookBack(choices.look_back));
        }
        let (before, look_back) = (self.landscape_question(), self.choices.look_back);
        let old = std::mem::replace(&mut self.choices, choices).landscape;
        if self.choices.landscape.centre == CentreChoice::Fixed && old.centre != CentreChoice::Fixed {
            self.fix_centre();
        }
        if look_back != self.choices.look_back {
            self.look_back_in_comparison();
        }
        let now = self.landscape_question();
        if !now.as_ref().zip(before.as_ref()).is_some_and(|(now, before)| now.same_choice(before)) {
            self.ask_landscape();
        }
    }

    /// Fills in a file or folder that was named with the system's dialog.
    pub(super) fn name_path(&mut self, slot: PathSlot, path: &Path) {
        match slot {
            PathSlot::Chooser(kind, target) => self.chooser.name(kind, target, path.to_owned()),
            PathSlot::Missing(_) => self.sessions.sheets.name(path),
            PathSlot::Sweep => self.sweep.watch(path, &self.wake),
            PathSlot::Form(_, target) => {
                let key = if target { "task.target" } else { "task.data" };
                self.change(&[Change::to(key, Value::Text(path.to_string_lossy().into_owned()))]);
            }
        }
    }
}
