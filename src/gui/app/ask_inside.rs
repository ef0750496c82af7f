//! Questions to the explorer about the inside of the network: which, and when.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::App;
use crate::engine::{AnswerPart, Frame, InsideQuestion, LineQuestion, PartsQuestion, WhyQuestion};
use crate::gui::layout::{self, Panel};
use crate::gui::state::inside::{FrameKey, LineKey, MomentKey, NeuronKey, ReasonsKey};
use crate::gui::state::watched;

/// The panels that need the three rules' view of the moment, and the last update.
const OF_THE_MOMENT: [Panel; 4] = [Panel::GradientLanes, Panel::Promises, Panel::SpikeReasons, Panel::Weights];

impl App {
    /// Asks for what the panels in view show of the frame in view.
    pub(super) fn follow_inside(&mut self, now: Instant) {
        let Some(frame) = self.view.frame.clone() else { return };
        let seen = |app: &Self, panels: &[Panel]| layout::in_view(&app.layout, panels);
        if seen(self, &[Panel::PotentialParts]) {
            self.follow_parts(&frame, now);
        }
        if seen(self, &OF_THE_MOMENT) {
            self.follow_moment(&frame, now);
        }
        if seen(self, &[Panel::SpikeReasons]) {
            self.follow_reasons(&frame, now);
        }
        if seen(self, &[Panel::WeightLine]) {
            self.follow_line(&frame, now);
        }
    }

    /// Whether an answer about the inside that the user looks at is still to come.
    pub fn awaits_inside(&self) -> bool {
        let (Some(frame), inside) = (&self.view.frame, &self.inside) else { return false };
        let seen = |panels: &[Panel]| layout::in_view(&self.layout, panels);
        let here = |key: Option<&FrameKey>| key.is_some_and(|key| Arc::ptr_eq(&key.0, frame));
        let moment = inside.moment.about().is_some_and(|about| here(Some(&about.frame)));
        let reasons = || {
            let wanted = (self.choices.inside.step, watched::neuron(&self.choices, frame));
            let shown = inside.reasons.shown().map(|shown| (Some(shown.step), shown.neuron));
            wanted.0.is_some() && shown != Some(wanted)
        };
        seen(&[Panel::PotentialParts])
            && (inside.parts.running() || !here(inside.parts.about().map(|about| &about.frame)))
            || seen(&OF_THE_MOMENT) && (inside.moment.running() || !moment)
            || seen(&[Panel::SpikeReasons]) && (inside.reasons.running() || reasons())
            || seen(&[Panel::WeightLine])
                && (inside.line.running() || !here(inside.line.about().map(|about| &about.frame)))
    }

    /// Picks the first output spike of the moment that is shown, where there is one.
    pub fn pick_a_spike(&mut self) {
        let Some(frame) = &self.view.frame else { return };
        let output = frame.spikes.len() - 1;
        let Some((step, unit)) = frame.spikes[output].iter().next() else { return };
        (self.choices.neuron, self.choices.inside.step) = (Some((output, unit as usize)), Some(step as u32));
    }

    /// Whether one moment follows the other.
    fn moments_pass(&self) -> bool {
        self.view.playing && self.view.follows || self.time.playback.is_some()
    }

    fn follow_parts(&mut self, frame: &Arc<Frame>, now: Instant) {
        let neuron = watched::neuron(&self.choices, frame);
        let about = NeuronKey { frame: FrameKey(Arc::clone(frame)), neuron };
        let next = self.inside.parts.next(&about, self.moments_pass(), now);
        self.follow_up(next, |app| {
            app.questions += 1;
            let question = PartsQuestion { id: app.questions, frame: Arc::clone(&about.frame.0), neuron };
            app.inside.parts.ask(app.questions, about);
            app.explorer.ask(question);
        });
    }

    fn follow_moment(&mut self, frame: &Arc<Frame>, now: Instant) {
        let updated = frame.update > self.view.oldest;
        let about = MomentKey { frame: FrameKey(Arc::clone(frame)), updated };
        let next = self.inside.moment.next(&about, self.moments_pass(), now);
        self.follow_up(next, |app| {
            let known = app.time.past.clone().filter(|past| past.start == app.view.start);
            let past = known.filter(|past| past.run.newest() >= about.frame.0.update);
            if updated && past.is_none() {
                return app.ask_past();
            }
            app.questions += 1;
            let frame = Arc::clone(&about.frame.0);
            app.inside.moment.ask(app.questions, about);
            app.explorer.ask(InsideQuestion { id: app.questions, frame, past: past.filter(|_| updated) });
        });
    }

    fn follow_reasons(&mut self, frame: &Arc<Frame>, now: Instant) {
        let (Some(view), Some(step)) = (self.inside.moment.shown(), self.choices.inside.step) else { return };
        if view.now.at.frame.start != frame.start {
            return;
        }
        let neuron = watched::neuron(&self.choices, frame);
        let (of_now, update) = (Arc::clone(&view.now), view.update().cloned());
        let about = ReasonsKey { now: of_now, update, neuron, step };
        let next = self.inside.reasons.next(&about, self.moments_pass(), now);
        self.follow_up(next, |app| {
            app.questions += 1;
            let (of_now, update) = (Arc::clone(&about.now), about.update.clone());
            app.inside.reasons.ask(app.questions, about);
            app.explorer.ask(WhyQuestion { id: app.questions, now: of_now, update, neuron, step });
        });
    }

    fn follow_line(&mut self, frame: &Arc<Frame>, now: Instant) {
        let Some(synapse) = watched::synapse(&self.choices, frame) else { return };
        let scale = self.choices.inside.scale();
        let about = LineKey { frame: FrameKey(Arc::clone(frame)), synapse, scale };
        let next = self.inside.line.next(&about, self.moments_pass(), now);
        self.follow_up(next, |app| {
            app.questions += 1;
            let frame = Arc::clone(&about.frame.0);
            app.inside.line.ask(app.questions, about);
            app.explorer.ask(LineQuestion { id: app.questions, frame, synapse, scale });
        });
    }

    pub(super) fn on_inside(&mut self, id: u64, took: Duration, part: AnswerPart) {
        let inside = &mut self.inside;
        match part {
            AnswerPart::Inside(part) => inside.on_moment(id, took, part),
            AnswerPart::Parts(parts) => inside.parts.on_answer(id, took, parts, true),
            AnswerPart::Why(reasons) => inside.reasons.on_answer(id, took, reasons, true),
            AnswerPart::Line(line) => {
                let whole = line.line.is_whole();
                inside.line.on_answer(id, took, line, whole);
            }
            _ => {}
        }
    }
}
