//! Reports of engine, explorer and files, taken into plain state.

use std::sync::Arc;
use std::time::Instant;

use egui::Context;

use super::{App, RunBeginning, ViewAddress};
use crate::engine::{Answer, AnswerPart, Command, Event, PastOfRun, RecallQuestion};
use crate::gui::action::SettingsAction;
use crate::gui::files::FileOutcome;
use crate::gui::state::{InsideState, Undo};
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
        self.receive_comparison(now);
        self.explorer.leave_a_core(self.view.playing || self.compare.playing());
        while let Some(answer) = self.explorer.answer() {
            self.on_answer(answer, now);
        }
        self.begin_opened();
        self.begin_sessions(now);
        self.sweep.receive();
        self.ask(Instant::now());
        self.export();
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
        self.look_after_session(ctx, Instant::now());
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

    pub(super) fn on_event(&mut self, event: &Event, now: f64) {
        match event {
            Event::Started { settings, .. } => {
                self.forget_run(settings);
                self.runs.keep(&self.view);
            }
            Event::Log(log) => self.on_log(log),
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
            Event::Handed(run) => self.handed(run),
            Event::GivenUp(start) => self.given_up(*start, now),
            Event::Reached(goal) => {
                let update = text::whole(self.view.newest());
                self.notify(&format!("Paused at update {update}: {}.", goal.sentence()), now);
            }
            Event::Runs(runs) => self.on_runs(runs),
            Event::TakenOver => self.taken_over(now),
            Event::Adopted(start) => self.adopted(*start),
            Event::NotChanged { problem, .. } => self.refused = Some(text::visible(problem).into_owned()),
            Event::Refused(problem) => {
                self.refused = Some(text::visible(problem).into_owned());
                self.beginning = RunBeginning::AsItWas;
                (self.compare.awaited, self.opened_run) = (None, None);
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
                self.gone_on_with(now);
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
        self.redo.retain(|undo| !matches!(undo, Undo::Drawn { .. }));
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
        self.health.reset();
        self.inside = InsideState::default();
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
            Ok(AnswerPart::Agreement(agreement)) if self.compare.measuring == Some(id) => {
                self.compare.take_agreement(agreement);
            }
            Ok(AnswerPart::Health(diagnosis)) => self.health.take(id, took, diagnosis),
            Ok(AnswerPart::Agreement(_)) => {}
            Ok(AnswerPart::Circle(walk)) => {
                if self.landscape.circle_asked.take_if(|asked| *asked == id).is_some() {
                    self.landscape.walk = Some(walk);
                }
            }
            Ok(AnswerPart::Story(part)) => self.on_story(id, part),
            Ok(AnswerPart::Search(part)) => self.on_search(id, part, now),
            Ok(part @ (AnswerPart::Inside(_) | AnswerPart::Parts(_) | AnswerPart::Why(_) | AnswerPart::Line(_))) => {
                self.on_inside(id, took, part);
            }
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
        // it is asked again when the runs have gone on
        self.compare.measuring.take_if(|measuring| *measuring == id);
        let circle = self.landscape.circle_asked.take_if(|asked| *asked == id).is_some();
        if circle || self.time.on_failed(id) || self.health.on_failed(id) {
            return self.notify(problem, now);
        }
        let at_its_place = self.landscape.on_failed(id, problem)
            || self.decision_map.on_failed(id, problem)
            || self.inside.on_failed(id, problem);
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
        self.walk_around_circle();
        self.follow_evaluation(now);
        self.follow_decision_map(now);
        self.follow_agreement();
        self.follow_health(now);
        self.follow_inside(now);
    }

    fn on_file(&mut self, outcome: FileOutcome, now: f64) {
        if matches!(outcome, FileOutcome::Opened(_) | FileOutcome::Checkpoint(_) | FileOutcome::Weights(_)) {
            // an address is one of a session, or of a log
            self.sessions.address = ViewAddress::default();
        }
        match outcome {
            FileOutcome::Opened(settings) => self.actions.push(SettingsAction::TakeOn(settings).into()),
            FileOutcome::Checkpoint(checkpoint) => {
                self.notify(&format!("Opened the checkpoint from update {}.", text::whole(checkpoint.update)), now);
                self.resume(checkpoint);
            }
            FileOutcome::Weights(params) => self.run.send(Command::Weights(params)),
            FileOutcome::Saved(text) => self.notify(&text, now),
            FileOutcome::Session(path, session) => self.open_session(Some(path), *session),
            FileOutcome::SaveSession(path) => self.save_session_at(path),
            FileOutcome::SessionSaved(path, mark, saved) => self.on_saved(&path, mark, saved, now),
            FileOutcome::Log(log) => self.open_log(*log),
            FileOutcome::Left(left) => self.session.found = Some(left),
            FileOutcome::Named(slot, path) => self.name_path(slot, &path),
            FileOutcome::Picture(path, result) => self.chooser.on_picture(path, result),
            FileOutcome::Wishes(actions) => self.actions.extend(actions),
            FileOutcome::ExportPath(path) => self.exports.name(path),
            FileOutcome::PictureToCopy(image) => {
                self.ctx.copy_image(image);
                self.notify("The picture is in the clipboard.", now);
            }
            FileOutcome::Exported(result) => {
                if let Some(text) = self.exports.done(result) {
                    self.notify(&text, now);
                }
            }
        }
    }

    /// Tells the user something, for some seconds.
    pub(super) fn notify(&mut self, text: &str, now: f64) {
        // it may name a file or quote one
        self.notice = Some((text::visible(text).into_owned(), now));
    }
}
