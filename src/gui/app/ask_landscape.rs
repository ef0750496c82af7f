//! Questions to the explorer about the landscape: which, and when.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::App;
use crate::engine::{
    Centre, CircleQuestion, Command, Frame, LandscapeQuestion, PointQuestion, PointSpec, QuestionKind,
};
use crate::gui::layout::{self, Panel};
use crate::gui::state::FollowStep;
use crate::gui::state::landscape::InspectedPoint;
use crate::gui::state::landscape_choices::{ArrowSource, CellColour, CentreChoice, ComparedWith};
use crate::landscape::{PlaneKind, cliffs};
use crate::snn::Params;

/// A landscape that takes longer does not follow a run that plays.
const LONG: Duration = Duration::from_secs(3);

impl App {
    /// Asks for the landscape again when the last answer is whole and not that of the run as it is now.
    pub(super) fn follow_landscape(&mut self, now: Instant) {
        let Some(question) = self.landscape_question() else { return };
        let latest = self.landscape.latest();
        // one that takes long would be of a moment long past: it waits until the run rests, or is asked for
        let long = self.view.playing && latest.took().is_some_and(|took| took > LONG);
        if latest.lacks(&question) || self.choices.landscape.follow && !long {
            let next = latest.next(&question, now);
            self.follow_up(next, Self::ask_landscape);
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

    fn send_question(&mut self, question: LandscapeQuestion) {
        self.questions = question.id;
        self.landscape.ask(question.clone());
        self.explorer.ask(question);
    }

    /// The question for the landscape of the frame in view; none where the text for a plane cannot be read.
    pub(super) fn landscape_question(&self) -> Option<LandscapeQuestion> {
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
        let deep = layout::in_view(&self.layout, &[Panel::RuleComparison, Panel::PointDetail, Panel::Slice]);
        let rules =
            matches!(chosen.arrows, ArrowSource::Rule(_)) || matches!(chosen.colour, CellColour::Circulation(_));
        what.fields = deep || rules;
        what.path_losses = layout::in_view(&self.layout, &[Panel::Slice]);
        let others = if chosen.earlier { self.earlier_runs.like(frame) } else { Vec::new() };
        Some(LandscapeQuestion { others, ..LandscapeQuestion::new(self.questions + 1, Arc::clone(frame), what) })
    }

    /// The centre that was chosen, as far as its weights are known.
    fn centre(&self, frame: &Frame, remembered: impl Fn(u64) -> u64) -> Centre {
        let fits = |params: &Arc<Params>| params.0.len() == frame.params.0.len();
        match self.choices.landscape.centre {
            CentreChoice::Moment(update) => match &self.landscape.recalled {
                Some((recalled, params)) if *recalled == update => Centre::Fixed(update, params.into()),
                _ => Centre::Moment(remembered(update)),
            },
            CentreChoice::Fixed => match &self.landscape.fixed {
                Some((update, params)) if fits(params) => Centre::Fixed(*update, params.into()),
                _ => Centre::Now,
            },
            CentreChoice::Now => Centre::Now,
        }
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
            self.run.send(Command::Past);
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
        let (measurement, what) = (Arc::clone(&m.measurement), PointSpec { at: m.at(cell), other: m.at(beside) });
        self.questions += 1;
        self.looking = Some((self.questions, point));
        self.explorer.ask(PointQuestion { id: self.questions, what, measurement });
    }

    /// Has the rules' gradients integrated around the circle, where that is not known; while it is dragged, as often as answers
    /// come.
    pub(super) fn walk_around_circle(&mut self) {
        let (Some(m), Some(chosen)) = (self.landscape.shown(), self.choices.landscape.circle) else { return };
        let wanted = (m.id(), chosen.circle());
        let panels = [Panel::Landscape, Panel::RuleComparison];
        let known = self.landscape.circling == Some(wanted) || self.landscape.circle_asked.is_some();
        if known || !layout::in_view(&self.layout, &panels) {
            return;
        }
        let measurement = Arc::clone(&m.measurement);
        self.questions += 1;
        (self.landscape.circling, self.landscape.circle_asked) = (Some(wanted), Some(self.questions));
        self.explorer.ask(CircleQuestion { id: self.questions, circle: wanted.1, measurement });
    }

    pub(super) fn stop_landscape(&mut self) {
        self.explorer.stop(QuestionKind::Landscape, self.questions);
        // the number that stands for "none of those so far"
        self.questions += 1;
        self.landscape.stop();
    }
}
