//! Walking through the time of a run, and from one run to another.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::App;
use crate::engine::{
    Command, MomentPart, MomentQuestion, PastOfRun, QuestionKind, RecalledMoment, SearchPart, SearchQuestion,
};
use crate::gui::action::{RunAction, TimeAction};
use crate::gui::state::letter;
use crate::gui::state::time::{AskedMoment, Playback, SearchWish, TimePin};
use crate::gui::state::{Undo, watched};
use crate::text;

/// Updates of the past that are played in a second.
const PLAYED: f64 = 10.0;

impl App {
    pub(super) fn apply_to_time(&mut self, action: TimeAction) {
        match action {
            TimeAction::Go(update) => self.go_to(update),
            TimeAction::Live => self.live(),
            TimeAction::Step(updates) => {
                self.time.playback = None;
                self.go_to(self.looked_at().saturating_add_signed(updates));
            }
            TimeAction::Play { forward } => {
                let plays = self.time.playback.is_some_and(|playback| playback.forward == forward);
                self.time.playback = (!plays).then(|| Playback { forward, due: Instant::now() });
                if self.time.at.is_none() {
                    let edge = if forward { self.view.oldest } else { self.view.newest() };
                    self.time.at = Some(edge);
                }
            }
            TimeAction::Search { forward } => self.search(SearchWish::Change { forward }),
            TimeAction::SearchOrigin { neuron, step } => self.search(SearchWish::Origin { neuron, step }),
            TimeAction::StopSearch => self.stop_search(),
            TimeAction::Story { layer, unit, step } => self.tell_story(layer, unit, step),
            TimeAction::CloseStory => self.close_story(),
            TimeAction::Fork => {
                self.time.at = Some(self.looked_at());
                (self.time.fork, self.time.playback) = (true, None);
            }
            TimeAction::Switch(start) => self.switch_to(start),
            TimeAction::Remove(start) => {
                self.runs.remove(start);
                self.remember(Undo::RunRemoved(start));
                self.tell_removed(&format!("Run {}", letter(start)));
            }
            TimeAction::Pin => self.pin_moment(),
            TimeAction::GoToPin(n) => self.go_to_pin(n),
            TimeAction::Rename(n, name) => {
                if let Some(pin) = self.time.pins.get_mut(n) {
                    pin.name = name;
                }
            }
            TimeAction::Unpin(n) => {
                if n < self.time.pins.len() {
                    let pin = self.time.pins.remove(n);
                    let name = format!("The pin “{}”", pin.name);
                    self.remember(Undo::Unpinned(Box::new(pin)));
                    self.tell_removed(&name);
                }
            }
            TimeAction::RunTo(update) => self.run_to(update),
        }
    }

    fn tell_removed(&mut self, what: &str) {
        let now = self.ctx.input(|i| i.time);
        self.notify(&format!("{what} was removed. Ctrl + Z brings it back."), now);
    }

    /// The update that is looked at, or is about to be.
    fn looked_at(&self) -> u64 {
        self.time.at.unwrap_or_else(|| self.view.newest())
    }

    pub(super) fn go_to(&mut self, update: u64) {
        self.time.at = Some(update.clamp(self.view.oldest, self.view.newest()));
        self.time.fork = false;
    }

    /// Back to the present, which the views follow from here on.
    pub(super) fn live(&mut self) {
        (self.time.at, self.time.playback, self.time.fork) = (None, None, false);
        self.view.follow();
    }

    /// Trains until `update`, or goes back to it where it is past.
    fn run_to(&mut self, update: u64) {
        match update.checked_sub(self.view.newest()) {
            Some(0) | None => self.go_to(update),
            Some(more) => {
                self.live();
                self.apply_to_run(RunAction::Advance(more));
            }
        }
    }

    /// Has the moment that is looked at shown: from memory, or by a replay.
    pub(super) fn walk(&mut self, now: Instant) {
        self.play_back(now);
        let Some(update) = self.time.at.filter(|_| self.view.without_data.is_none()) else { return };
        self.show_moment(update);
        let fork = self.time.fork;
        match self.time.known(update) {
            // the optimiser's memory is as large as the weights: copied where it is needed, and not in every frame
            Some(known) if fork => {
                let moment = Box::new(known.moment.clone());
                self.time.fork = false;
                self.run.send(Command::Fork(moment));
            }
            Some(_) => {}
            None => self.ask_moment(update, now),
        }
    }

    /// Shows the moment, where it is known.
    fn show_moment(&mut self, update: u64) {
        let known = self.time.known(update).map(|moment| Arc::clone(&moment.frame));
        let live = || self.view.live.clone().filter(|frame| frame.update == update);
        match known.or_else(live) {
            Some(frame) => {
                if self.view.follows || self.view.update() != update {
                    self.view.look_at(frame);
                }
            }
            None => self.view.follows = false,
        }
    }

    fn ask_moment(&mut self, update: u64, now: Instant) {
        if !self.time.may_ask(update) {
            return;
        }
        let past = self.time.past.clone();
        let Some(past) = past.filter(|p| p.start == self.view.start && p.run.newest() >= update) else {
            self.ask_past();
            return;
        };
        self.questions += 1;
        self.time.asked = Some(AskedMoment { id: self.questions, update, since: now, progress: None });
        let look_back = self.choices.look_back;
        self.explorer.ask(MomentQuestion { id: self.questions, past, update, look_back });
    }

    pub(super) fn ask_past(&mut self) {
        if !std::mem::replace(&mut self.time.awaits_past, true) {
            self.run.send(Command::Past);
        }
    }

    /// Moves on in the past that is played, as soon as its moment is there.
    fn play_back(&mut self, now: Instant) {
        let (Some(playback), Some(at)) = (self.time.playback, self.time.at) else { return };
        if self.view.update() == at && now >= playback.due {
            let next = if playback.forward { at + 1 } else { at.saturating_sub(1) };
            if next > self.view.newest() || next < self.view.oldest || next == at {
                self.time.playback = None;
                return;
            }
            let pause = Duration::from_secs_f64(1.0 / PLAYED);
            (self.time.at, self.time.playback) = (Some(next), Some(Playback { due: now + pause, ..playback }));
        }
        let left = playback.due.saturating_duration_since(now);
        self.ctx.request_repaint_after(left.max(Duration::from_millis(10)));
    }

    pub(super) fn on_moment(&mut self, id: u64, part: MomentPart) {
        let Some(asked) = self.time.asked.as_mut().filter(|asked| asked.id == id) else { return };
        match part {
            MomentPart::Replayed(done, of) => asked.progress = Some((done, of)),
            MomentPart::Moment(moment) => {
                self.time.asked = None;
                self.take_moment(moment);
            }
        }
    }

    /// A moment was replayed. One that is not looked at any more is still nearer than what was seen before.
    fn take_moment(&mut self, moment: Box<RecalledMoment>) {
        if moment.frame.start != self.view.start {
            return;
        }
        if self.time.at.is_some() {
            self.view.look_at(Arc::clone(&moment.frame));
        }
        self.time.remember(moment);
    }

    /// Looks for the nearest update at which the chosen neuron's spikes changed, or those of any output.
    fn search(&mut self, wish: SearchWish) {
        if self.view.without_data.is_some() {
            return self.sessions.sheets.ask_again();
        }
        self.time.at = Some(self.looked_at());
        self.time.playback = None;
        self.time.search_from_here = Some(wish);
        self.ask_past();
    }

    /// The past of the run until now is there.
    pub(super) fn on_past(&mut self, past: &Arc<PastOfRun>) {
        (self.time.past, self.time.awaits_past) = (Some(Arc::clone(past)), false);
        self.ask_story(past);
        let Some(wish) = self.time.search_from_here.take() else { return };
        let (past, here) = (Arc::clone(past), self.looked_at());
        let picked = || self.view.frame.as_ref().and_then(|frame| watched::picked(&self.choices, frame));
        let (from, forward, neuron, step) = match wish {
            SearchWish::Change { forward } => (here, forward, picked(), None),
            // the update that led to this moment may be the one
            SearchWish::Origin { neuron, step } => (here + 1, false, Some(neuron), Some(step)),
        };
        self.questions += 1;
        self.time.search = Some((self.questions, None));
        self.explorer.ask(SearchQuestion { id: self.questions, past, from, forward, neuron, step });
    }

    fn stop_search(&mut self) {
        if let Some((id, _)) = self.time.search.take() {
            self.explorer.stop(QuestionKind::Search, id);
        }
    }

    pub(super) fn on_search(&mut self, id: u64, part: SearchPart, now: f64) {
        if self.time.search.is_none_or(|(asked, _)| asked != id) {
            return;
        }
        self.time.search = None;
        match part {
            SearchPart::Passed(update) => self.time.search = Some((id, Some(update))),
            SearchPart::Found(update) => self.go_to(update),
            SearchPart::Nothing => self.notify("No other update of the run changed that.", now),
        }
    }

    fn pin_moment(&mut self) {
        let update = self.view.update();
        self.time.pinned += 1;
        let number = self.time.pinned;
        let (choices, workspace, start) = (self.choices.clone(), self.workspace, self.view.start);
        let name = format!("Pin {number}");
        let pin = TimePin { name, start, update, choices, workspace };
        self.time.pins.push(pin.clone());
        self.remember(Undo::Pinned(Box::new(pin)));
    }

    fn go_to_pin(&mut self, n: usize) {
        let Some(pin) = self.time.pins.get(n).cloned() else { return };
        if pin.start != self.view.start {
            self.switch_to(pin.start);
            // once the run is there
            self.going_to = Some(pin);
            return;
        }
        self.arrange(pin.workspace);
        self.choose(pin.choices);
        self.go_to(pin.update);
    }

    pub(super) fn tell_fork(&mut self, parent: u32, update: u64, now: f64) {
        let (own, other) = (self.view.letter(), letter(parent));
        let text = format!(
            "Run {own} goes on from update {} of run {other}. Run {other} is kept: choose it in the timeline.",
            text::whole(update)
        );
        self.notify(&text, now);
    }

    /// The run `start` is there again as it was left.
    pub(super) fn switched(&mut self, start: u32, now: f64) {
        // number 0: the worker has made room for a run whose data are not there
        let start = if start == 0 { self.sessions.turning.take().unwrap_or_default() } else { start };
        let Some(mut next) = self.runs.take(start) else { return };
        self.forget_run(&next.settings);
        (next.playing, next.speed) = (self.view.playing, self.view.speed);
        if self.view.start != start {
            self.runs.keep(&self.view);
        }
        self.view = next;
        self.time.begin();
        self.form.begin(crate::train::Settings::clone(&self.view.settings));
        // of a run from a session the worker makes a frame
        if self.view.live.as_ref().is_some_and(|frame| frame.update < self.view.newest()) {
            self.go_to(self.view.newest());
        }
        if self.lesson.open.is_none() {
            self.notify(&format!("This is run {} again, as it was left.", self.view.letter()), now);
        }
        if let Some(pin) = self.going_to.take().filter(|pin| pin.start == start) {
            self.arrange(pin.workspace);
            self.choose(pin.choices);
            self.go_to(pin.update);
        }
        if let Some((_, update)) = self.sessions.going_at.take().filter(|(run, _)| *run == start) {
            self.go_to(update);
        }
        self.ask_for_data();
        self.go_to_address(now);
    }

    pub(super) fn given_up(&mut self, start: u32, now: f64) {
        self.runs.take(start);
        let text = format!("Run {} was given up: there is room for twelve runs, and it was the oldest.", letter(start));
        self.notify(&text, now);
    }
}
