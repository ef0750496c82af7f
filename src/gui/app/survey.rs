//! The program's questions to the explorer about the landscape.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::App;
use crate::engine::{Centre, Command, Frame, LandscapeQuestion, PointQuestion, PointSpec, QuestionKind};
use crate::gui::latest::FollowStep;
use crate::gui::layout::{self, Panel};
use crate::gui::panels::landscape::cliffs;
use crate::gui::survey::Looked;
use crate::gui::survey::choices::{Arrows, Beside, CentreChoice};
use crate::landscape::PlaneKind;

/// A landscape that takes longer does not follow a run that plays.
const SURVEY_LONG: Duration = Duration::from_secs(3);

impl App {
    /// Asks for the landscape again when the last answer is whole and not that of the run as it is now.
    pub(super) fn follow(&mut self, now: Instant) {
        let Some(question) = self.question() else { return };
        // one that takes long would be of a moment long past: it waits until the run rests, or is asked for
        let long = self.view.playing && self.landscape.took().is_some_and(|took| took > SURVEY_LONG);
        if self.landscape.lacks(&question) || self.choices.landscape.follow && !long {
            let next = self.landscape.next(&question, now);
            self.follow_up(next, Self::survey);
        }
    }

    /// Asks now, or comes back when it is time for it.
    pub(super) fn follow_up(&mut self, next: FollowStep, ask: impl FnOnce(&mut Self)) {
        match next {
            FollowStep::Nothing => {}
            FollowStep::Rest(left) => self.ctx.request_repaint_after(left),
            FollowStep::Ask => ask(self),
        }
    }

    pub(super) fn survey(&mut self) {
        let Some(mut question) = self.question() else { return };
        question.known = self.landscape.known(&question);
        self.put(question);
    }

    /// Goes on where a survey was stopped.
    pub(super) fn resume_survey(&mut self) {
        if let Some(question) = self.landscape.resumed(self.questions + 1) {
            self.put(question);
        }
    }

    fn put(&mut self, question: LandscapeQuestion) {
        self.questions = question.id;
        self.landscape.ask(question.clone());
        self.explorer.ask(question);
    }

    /// The question that a survey of the frame in view would ask; none where the text for a plane cannot be read.
    pub(super) fn question(&self) -> Option<LandscapeQuestion> {
        let chosen = &self.choices.landscape;
        let frame = self.view.frame.as_ref()?;
        let remembered = |update: u64| {
            let moments = frame.path.iter().map(|(u, _)| *u).filter(|u| *u < frame.update).chain([frame.update]);
            moments.take_while(|u| *u <= update).last().unwrap_or(0)
        };
        let mut what = chosen.spec().ok()?;
        match &mut what.plane {
            // it has a centre of its own
            PlaneKind::Moments { from, to } => (*from, *to) = (remembered(*from), remembered(*to)),
            _ => what.centre = self.centre(frame, remembered),
        }
        let deep = layout::in_view(&self.layout, &[Panel::Sight, Panel::Point, Panel::Cut]);
        what.fields = deep || matches!(chosen.arrows, Arrows::Rule(_));
        what.path_losses = layout::in_view(&self.layout, &[Panel::Cut]);
        let others = if chosen.earlier { self.earlier.like(frame) } else { Vec::new() };
        Some(LandscapeQuestion { others, ..LandscapeQuestion::new(self.questions + 1, Arc::clone(frame), what) })
    }

    /// The centre that was chosen, as far as its weights are known.
    fn centre(&self, frame: &Frame, remembered: impl Fn(u64) -> u64) -> Centre {
        match self.choices.landscape.centre {
            CentreChoice::Moment(update) => match &self.landscape.recalled {
                Some((recalled, params)) if *recalled == update => Centre::Fixed(update, params.into()),
                _ => Centre::Moment(remembered(update)),
            },
            CentreChoice::Fixed => match &self.landscape.fixed {
                Some((update, params)) if params.0.len() == frame.params.0.len() => {
                    Centre::Fixed(*update, params.into())
                }
                _ => Centre::Now,
            },
            CentreChoice::Now => Centre::Now,
        }
    }

    /// Pins the cell above the cliff that is nearest to the centre, as the button does.
    pub fn pin_nearest_cliff(&mut self) {
        let cliff = self.landscape.shown().and_then(|m| cliffs::nearest(&m.landscape));
        self.landscape.pin(cliff.map(|cliff| cliff.high), cliff.map(|cliff| cliff.low));
        self.choices.landscape.beside = Beside::Cliff;
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
        if !layout::in_view(&self.layout, &[Panel::Point]) {
            return;
        }
        let (Some(m), Some(cell)) = (self.landscape.shown(), self.landscape.cell()) else { return };
        let beside = match self.choices.landscape.beside {
            Beside::Cliff => self.landscape.across(cell),
            Beside::Centre => None,
        };
        let beside = beside.unwrap_or((m.grid().points / 2, m.grid().points / 2));
        let looked = Looked { of: m.id(), cell, beside };
        if self.looking.is_some_and(|(_, asked)| asked == looked) {
            return;
        }
        let (survey, what) = (Arc::clone(&m.survey), PointSpec { at: m.at(cell), other: m.at(beside) });
        self.questions += 1;
        self.looking = Some((self.questions, looked));
        self.explorer.ask(PointQuestion { id: self.questions, what, survey });
    }

    pub(super) fn stop_survey(&mut self) {
        self.explorer.stop(QuestionKind::Landscape, self.questions);
        // the number that stands for "none of those so far"
        self.questions += 1;
        self.landscape.stop();
    }
}
