//! When a run makes its next update.

use std::time::{Duration, Instant};

use super::command::Speed;

/// Whether a run plays, how fast, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Transport {
    playing: bool,
    /// The update at which it pauses again.
    goal: Option<u64>,
    speed: Speed,
    /// When the next update is due.
    due: Instant,
}

/// The thing that the worker waits for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WaitFor {
    /// The next command.
    Command,
    /// A command, or the time of the next update.
    Until(Instant),
    /// Nothing: the next update is made at once.
    Nothing,
}

/// A run that cannot keep up catches up this much at most.
const MOST_BEHIND: Duration = Duration::from_millis(33);

impl Transport {
    /// Paused, at ten updates per second.
    pub fn new(now: Instant) -> Self {
        Self { playing: false, goal: None, speed: Speed::PerSecond(10.0), due: now }
    }

    pub fn is_paused(&self) -> bool {
        !self.playing && self.goal.is_none()
    }

    /// Updates that may be made at once, with `made` made: those left of what it is to advance, else `most`.
    pub fn at_once(&self, made: u64, most: u64) -> u64 {
        match (self.goal, self.speed) {
            (Some(goal), _) => goal.saturating_sub(made).min(most),
            (None, Speed::PerSecond(_)) => 1,
            (None, Speed::Unlimited) => most,
        }
    }

    /// Plays or pauses, and forgets how far it was to advance; whether it did the other before.
    pub fn play(&mut self, playing: bool) -> bool {
        self.goal = None;
        std::mem::replace(&mut self.playing, playing) != playing
    }

    /// Makes `updates` more than `made` as fast as they go.
    pub fn advance(&mut self, made: u64, updates: u64) {
        self.goal = (updates > 0).then(|| made.saturating_add(updates));
    }

    pub fn set_speed(&mut self, speed: Speed, now: Instant) {
        (self.speed, self.due) = (speed, now);
    }

    /// The next update is due at once.
    pub fn make_due(&mut self, now: Instant) {
        self.due = now;
    }

    /// Another run begins: how far the last was to advance is forgotten.
    pub fn begin(&mut self, now: Instant) {
        (self.goal, self.due) = (None, now);
    }

    /// An update was made.
    pub fn advanced(&mut self, now: Instant) {
        if let Speed::PerSecond(n) = self.speed {
            let next = self.due + Duration::from_secs_f64(1.0 / n);
            self.due = now.checked_sub(MOST_BEHIND).map_or(next, |least| next.max(least));
        }
    }

    /// `made` updates are made by now, and nothing belongs to the last of them that is still to be done.
    pub fn arrive(&mut self, made: u64) {
        self.goal = self.goal.filter(|goal| *goal != made);
    }

    /// The thing to wait for; work that is `urgent` does not wait for its time.
    pub fn wait(&self, urgent: bool) -> WaitFor {
        match self.speed {
            _ if self.is_paused() => WaitFor::Command,
            Speed::PerSecond(_) if self.goal.is_none() && !urgent => WaitFor::Until(self.due),
            _ => WaitFor::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paused_run_waits_for_commands_alone() {
        let now = Instant::now();
        let mut transport = Transport::new(now);
        assert_eq!((transport.wait(false), transport.wait(true)), (WaitFor::Command, WaitFor::Command));
        assert!(transport.play(true) && !transport.play(true));
        assert_eq!(transport.wait(false), WaitFor::Until(now));
        transport.set_speed(Speed::Unlimited, now);
        assert_eq!(transport.wait(false), WaitFor::Nothing);
        assert!(transport.play(false));
        assert_eq!(transport.wait(false), WaitFor::Command);
    }

    #[test]
    fn it_advances_as_fast_as_it_goes_and_pauses_where_it_arrives() {
        let mut transport = Transport::new(Instant::now());
        transport.advance(5, 2);
        assert_eq!(transport.wait(false), WaitFor::Nothing);
        transport.arrive(6);
        assert!(!transport.is_paused());
        transport.arrive(7);
        assert!(transport.is_paused());
        transport.advance(7, 0);
        assert!(transport.is_paused());
    }

    #[test]
    fn updates_keep_their_time_and_a_run_that_cannot_keep_up_does_not_hurry_after() {
        let begun = Instant::now();
        let mut transport = Transport::new(begun);
        transport.play(true);
        transport.set_speed(Speed::PerSecond(4.0), begun);
        let due = |ms| WaitFor::Until(begun + Duration::from_millis(ms));
        transport.advanced(begun + Duration::from_millis(10));
        assert_eq!((transport.wait(false), transport.wait(true)), (due(250), WaitFor::Nothing));
        transport.advanced(begun + Duration::from_secs(2));
        assert_eq!(transport.wait(false), due(2000 - 33));
    }
}
