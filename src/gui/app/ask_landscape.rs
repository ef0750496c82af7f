//! Questions to the explorer about the landscape: which, and when.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use crate::engine::{Centre, Command, LookQuestion, Question};
use crate::gui::layout::{self, Panel};
use crate::gui::state::landscape::InspectedPoint;
use crate::gui::state::landscape_choices::{ArrowSource, CentreChoice, ComparedWith};
use crate::landscape::{PlaneKind, cliffs};
use crate::snn::Params;

/// The landscape rests at least this long before it follows the run, and as long as it took; so do answers to samples.
pub(super) const REST: Duration = Duration::from_millis(400);
/// A landscape that takes longer does not follow a run that plays.
const LONG: Duration = Duration::from_secs(3);

impl App {
    /// Asks for the landscape again when the last answer is whole and not that of the run as it is now; but half of the
    /// time the explorer's core is left to others.
    pub(super) fn follow_landscape(&mut self, now: f64) {
        let Some(question) = self.landscape_question() else { return };
        if self.landscape.lacks(&question) {
            return self.ask_landscape();
        }
        if self.landscape.running() {
            self.measured_at = now;
            return;
        }
        if !self.choices.landscape.follow || self.landscape.answers(&question) {
            return;
        }
        let took = self.landscape.shown().map(|m| m.took);
        // one that takes long would be of a moment long past: it waits until the run rests, or is asked for
        if self.view.playing && took.is_some_and(|took| took > LONG) {
            return;
        }
        let left = took.map_or(0.0, |took| self.measured_at + REST.max(took).as_secs_f64() - now);
        if left <= 0.0 {
            self.ask_landscape();
        } else {
            self.ctx.request_repaint_after(Duration::from_secs_f64(left));
        }
    }

    pub(super) fn ask_landscape(&mut self) {
        let Some(mut question) = self.landscape_question() else { return };
        question.known = self.landscape.known(&question);
        self.send_question(question);
    }

    /// Goes on where a measurement was stopped.
    pub(super) fn resume_landscape(&mut self) {
        if let Some(question) = self.landscape.resumed(self.questions + 1) {
            self.send_question(question);
        }
    }

    pub(super) fn send_question(&mut self, question: Question) {
        self.questions = question.id;
        self.landscape.ask(&question);
        self.explorer.ask(question);
    }

    /// The question for the landscape of the frame in view; none where what was typed is not a plane.
    pub(super) fn landscape_question(&self) -> Option<Question> {
        let chosen = &self.choices.landscape;
        let frame = self.view.frame.as_ref()?;
        let remembered = |update: u64| {
            let moments = frame.path.iter().map(|(u, _)| *u).filter(|u| *u < frame.update).chain([frame.update]);
            moments.take_while(|u| *u <= update).last().unwrap_or(0)
        };
        let plane = match chosen.kind().ok()? {
            PlaneKind::Moments { from, to } => PlaneKind::Moments { from: remembered(from), to: remembered(to) },
            kind => kind,
        };
        let fits = |params: &Arc<Params>| params.0.len() == frame.params.0.len();
        let centre = match chosen.centre {
            CentreChoice::Moment(update) => match &self.landscape.recalled {
                Some((recalled, params)) if *recalled == update => Centre::Fixed(update, Arc::clone(params)),
                _ => Centre::Moment(remembered(update)),
            },
            CentreChoice::Fixed => match &self.landscape.fixed {
                Some((update, params)) if fits(params) => Centre::Fixed(*update, Arc::clone(params)),
                _ => Centre::Now,
            },
            CentreChoice::Now => Centre::Now,
        };
        let others = if chosen.earlier { self.earlier_runs.like(frame) } else { Vec::new() };
        let deep = layout::in_view(&self.layout, &[Panel::RuleComparison, Panel::PointDetail, Panel::Slice]);
        Some(Question {
            centre,
            plane,
            over: chosen.over(),
            fields: deep || matches!(chosen.arrows, ArrowSource::Rule(_)),
            path_losses: layout::in_view(&self.layout, &[Panel::Slice]),
            others,
            ..Question::new(self.questions + 1, Arc::clone(frame), chosen.seed, chosen.grid())
        })
    }

    /// Pins the cell above the cliff that is nearest to the centre, as the button does.
    pub fn pin_nearest_cliff(&mut self) {
        let cliff = self.landscape.shown().and_then(|m| cliffs::nearest(&m.landscape));
        self.landscape.pin(cliff.map(|cliff| cliff.high), cliff.map(|cliff| cliff.low));
        self.choices.landscape.compared_with = ComparedWith::Cliff;
    }

    /// The present weights stay in the centre.
    pub(super) fn fix_centre(&mut self) {
        self.landscape.fixed = self.view.frame.as_ref().map(|frame| (frame.update, Arc::clone(&frame.params)));
    }

    /// Has the moment that was chosen as the centre replayed, where it is not one of those that are remembered.
    pub(super) fn recall_centre(&mut self) {
        let CentreChoice::Moment(update) = self.choices.landscape.centre else { return };
        let Some(frame) = &self.view.frame else { return };
        let remembered = update >= frame.update || frame.path.iter().any(|(u, _)| *u == update);
        if !remembered && self.recalling != Some(update) {
            self.recalling = Some(update);
            self.run.send(Command::Recall(update));
        }
    }

    /// Asks for the spikes at the cell that is looked at, where they are wanted and not there yet.
    pub(super) fn look_at_cell(&mut self) {
        if !layout::in_view(&self.layout, &[Panel::PointDetail]) {
            return;
        }
        let (Some(m), Some(cell)) = (self.landscape.shown(), self.landscape.cell()) else { return };
        let beside = match self.choices.landscape.compared_with {
            ComparedWith::Cliff => self.landscape.across(cell),
            ComparedWith::Centre => None,
        };
        let beside = beside.unwrap_or((m.grid().points / 2, m.grid().points / 2));
        let point = InspectedPoint { of: m.id(), cell, beside };
        if self.looking.is_some_and(|(_, asked)| asked == point) {
            return;
        }
        let (survey, at, beside) = (Arc::clone(&m.survey), m.at(cell), m.at(beside));
        self.questions += 1;
        self.looking = Some((self.questions, point));
        self.explorer.ask_look(LookQuestion { id: self.questions, survey, at, beside });
    }

    pub(super) fn stop_landscape(&mut self) {
        self.explorer.stop(self.questions);
        // the number that stands for "none of those so far"
        self.questions += 1;
        self.landscape.stop();
    }
}
