//! Reports of engine, explorer and files, taken into plain state.

use std::sync::Arc;
use std::time::Instant;

use egui::Context;

use super::{App, RunBeginning};
use crate::engine::{Answer, AnswerPart, Command, Event, PastOfRun, RecallQuestion};
use crate::gui::action::SettingsAction;
use crate::gui::files::FileOutcome;
use crate::gui::state::Undo;
use crate::record::Checkpoint;
use crate::text;
use crate::train::Settings;
use crate::train::settings::Change;

/// Seconds that a notice stays.
const NOTICE_SECONDS: f64 = 8.0;

impl App {
    /// Empties the channels into plain state, asks what is wanted of it, and applies the wishes of the last frame. Runs
    /// while the window is hidden, too.
    pub fn logic(&mut self, ctx: &Context) {
        let now = ctx.input(|i| i.time);
        self.receive_run(now);
        self.explorer.leave_a_core(self.view.playing);
        while let Some(answer) = self.explorer.answer() {
            self.on_answer(answer, now);
        }
        self.begin_opened();
        self.ask(Instant::now());
        while let Some(outcome) = self.files.outcome() {
            self.on_file(outcome, now);
        }
        if let (Ok(gallery), Some(frame)) = (&mut self.gallery, &self.view.frame) {
            gallery.open(&frame.task);
        }
        self.follow_lesson(now);
        self.notice = self.notice.take().filter(|(_, since)| now - since < NOTICE_SECONDS);
        for action in std::mem::take(&mut self.actions) {
            self.apply(ctx, action);
        }
        self.need_of_form.of(self.form.settings());
        self.need_of_run.of(&self.view.settings);
    }

    /// News of the run, and the frame that is drawn.
    fn receive_run(&mut self, now: f64) {
        while let Some(event) = self.run.event() {
            self.on_event(&event, now);
        }
        if let Some(frame) = self.run.frame() {
            self.view.show(frame, now);
        }
        if !self.run.alive() {
            let text = "The training thread has stopped unexpectedly. Save the settings and restart the program.";
            self.notify(text, now);
        }
    }

    fn on_event(&mut self, event: &Event, now: f64) {
        match event {
            Event::Started { settings, .. } => {
                self.forget_run(settings);
                self.runs.keep(&self.view);
            }
            Event::Log(log) => self.files.save_log(log.to_toml()),
            Event::Checkpoint(checkpoint) => {
                if let Some(frame) = &self.view.frame {
                    self.files.save_checkpoint(Checkpoint::clone(checkpoint), Arc::clone(&frame.net));
                }
            }
            Event::Past(past) => {
                self.recall_from(past);
                self.on_past(past);
            }
            Event::Switched(start) => self.switched(*start, now),
            Event::GivenUp(start) => self.given_up(*start, now),
            Event::NotChanged { problem, .. } => self.refused = Some(problem.clone()),
            Event::Refused(problem) => {
                self.refused = Some(problem.clone());
                self.beginning = RunBeginning::AsItWas;
            }
            _ => {}
        }
        self.view.on_event(event);
        self.lesson.on_event(event);
        match event {
            Event::Started { parent, update, .. } => {
                self.time.begin();
                if let Some(parent) = parent {
                    self.tell_fork(*parent, *update, now);
                }
                self.begun();
            }
            Event::Changed { .. } | Event::NotChanged { .. } => self.form.answered(&self.view.settings),
            _ => {}
        }
    }

    /// Another run has begun with these settings: what belonged to the one in view goes.
    pub(super) fn forget_run(&mut self, settings: &Settings) {
        if matches!(self.beginning, RunBeginning::Soon { .. }) {
            // another task is another form, and a click must not lose the one before
            self.can_undo(Change::between(settings, self.form.settings()));
        }
        self.form.begin(settings.clone());
        // strokes belong to the run that they were drawn in
        self.undo.retain(|undo| !matches!(undo, Undo::Drawn { .. }));
        self.stop_landscape();
        if let Some(frame) = &self.view.frame {
            self.earlier_runs.keep(frame);
        }
        self.landscape.reset();
        self.recalling = None;
        self.stop_decision_map();
        self.decision_map.reset();
        self.stop_evaluation();
        self.evaluation.reset();
    }

    /// Has a moment replayed from what is kept of the run.
    fn recall_from(&mut self, past: &Arc<PastOfRun>) {
        let Some(update) = self.recalling.filter(|update| *update <= past.run.newest()) else { return };
        self.questions += 1;
        self.recall = self.questions;
        self.explorer.ask(RecallQuestion { id: self.recall, past: Arc::clone(past), update });
    }

    fn on_answer(&mut self, answer: Answer, now: f64) {
        let Answer { id, took, part } = answer;
        match part {
            Ok(AnswerPart::Landscape(part)) => self.landscape.on_part(id, took, part),
            Ok(AnswerPart::Samples(part)) => self.evaluation.on_part(id, took, part),
            Ok(AnswerPart::Map(part)) => drop(self.decision_map.on_part(id, took, part)),
            Ok(AnswerPart::Recall(recalled)) => {
                if self.recalling == Some(recalled.update) {
                    self.landscape.recalled = Some((recalled.update, recalled.params));
                    self.ask_landscape();
                }
            }
            Ok(AnswerPart::Moment(part)) => self.on_moment(id, part),
            Ok(AnswerPart::Search(part)) => self.on_search(id, part, now),
            Ok(AnswerPart::Point(spikes)) => {
                if let Some((_, point)) = self.looking.filter(|(asked, _)| *asked == id) {
                    self.landscape.set_spikes(point, spikes);
                }
            }
            Err(problem) => self.on_failed(id, &problem, now),
        }
    }

    /// Question `id` was not answered to its end. The panels of landscape and map say why; of the others it is said here.
    fn on_failed(&mut self, id: u64, problem: &str, now: f64) {
        if self.time.on_failed(id) {
            return self.notify(problem, now);
        }
        let at_its_place = self.landscape.on_failed(id, problem) || self.decision_map.on_failed(id, problem);
        let looking = self.looking.is_some_and(|(asked, _)| asked == id);
        if !at_its_place && (self.evaluation.on_failed(id, problem) || looking || id == self.recall) {
            self.notify(problem, now);
        }
    }

    /// Asks the explorer for what is looked at and not known yet.
    fn ask(&mut self, now: Instant) {
        self.walk(now);
        self.recall_centre();
        self.follow_landscape(now);
        self.look_at_cell();
        self.follow_evaluation(now);
        self.follow_decision_map(now);
    }

    fn on_file(&mut self, outcome: FileOutcome, now: f64) {
        match outcome {
            FileOutcome::Opened(settings) => self.actions.push(SettingsAction::TakeOn(settings).into()),
            FileOutcome::Checkpoint(checkpoint) => {
                self.notify(&format!("Opened the checkpoint from update {}.", text::whole(checkpoint.update)), now);
                self.resume(checkpoint);
            }
            FileOutcome::Weights(params) => self.run.send(Command::Weights(params)),
            FileOutcome::Saved(text) => self.notify(&text, now),
            FileOutcome::Named(slot, path) => self.name_path(slot, &path),
            FileOutcome::Picture(path, result) => self.chooser.on_picture(path, result),
            FileOutcome::Wishes(actions) => self.actions.extend(actions),
        }
    }

    /// Tells the user something, for some seconds.
    pub(super) fn notify(&mut self, text: &str, now: f64) {
        self.notice = Some((text.to_owned(), now));
    }
}
