//! Events on their way from a worker to whoever listens, within a bound while nobody does.
//!
//! Reports that were not taken yet are one piece, of at most [`MOST_REPORTS`] updates (2 MB for a network of few layers);
//! what goes beyond is thinned into curves of at most 4,096 buckets each. Only what the user asks for, and the ends of
//! epochs, of which the run keeps a list anyway, add up.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::record::Curves;
use crate::train::Reports;

use super::event::Event;

/// Updates whose reports wait as they are.
pub const MOST_REPORTS: usize = 1 << 14;

/// Both ends of a queue.
pub fn event_queue() -> (EventSender, EventReceiver) {
    let shared = Arc::new(Ends::default());
    (EventSender(Arc::clone(&shared)), EventReceiver(shared))
}

/// The worker's end. Dropped, it closes the queue.
pub struct EventSender(Arc<Ends>);

/// The listener's end.
pub struct EventReceiver(Arc<Ends>);

/// Locked only for the moment of a move, or while reports are added to those that wait.
#[derive(Default)]
struct Ends {
    queue: Mutex<WaitingEvents>,
    bell: Condvar,
}

#[derive(Default)]
struct WaitingEvents {
    events: VecDeque<Event>,
    /// The place of the reports that new ones are added to: only epochs have ended since.
    reports: Option<usize>,
    closed: bool,
}

impl Ends {
    fn lock(&self) -> MutexGuard<'_, WaitingEvents> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl EventSender {
    pub fn send(&self, event: Event) {
        self.0.lock().push(event);
        self.0.bell.notify_one();
    }
}

impl Drop for EventSender {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.bell.notify_one();
    }
}

impl EventReceiver {
    /// The next event, without waiting.
    pub fn next(&self) -> Option<Event> {
        self.0.lock().pop()
    }

    /// The next event, waiting for it; `None` when the worker is gone or time is up.
    pub fn wait(&self, at_most: Duration) -> Option<Event> {
        let empty = |queue: &mut WaitingEvents| queue.events.is_empty() && !queue.closed;
        let waited = self.0.bell.wait_timeout_while(self.0.lock(), at_most, empty);
        waited.unwrap_or_else(PoisonError::into_inner).0.pop()
    }
}

impl WaitingEvents {
    fn pop(&mut self) -> Option<Event> {
        let event = self.events.pop_front()?;
        self.reports = self.reports.and_then(|at| at.checked_sub(1));
        Some(event)
    }

    fn push(&mut self, event: Event) {
        match event {
            Event::Reports(new) => return self.report(new),
            Event::Validating(..) | Event::Epoch(..) => {
                // how far a validation was is out of date
                self.events.pop_back_if(|last| matches!(last, Event::Validating(..)));
            }
            _ => self.reports = None,
        }
        self.events.push_back(event);
    }

    fn report(&mut self, new: Reports) {
        match self.reports.and_then(|at| self.events.get_mut(at)) {
            Some(Event::Reports(waiting)) if waiting.len() + new.len() <= MOST_REPORTS => waiting.append(new),
            Some(Event::Thinned(curves)) => curves.extend(&new),
            Some(waiting) => {
                let mut curves = Curves::default();
                if let Event::Reports(waiting) = waiting {
                    curves.extend(waiting);
                }
                curves.extend(&new);
                *waiting = Event::Thinned(Box::new(curves));
            }
            None => {
                self.reports = Some(self.events.len());
                self.events.push_back(Event::Reports(new));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rule;
    use crate::spike::Tally;
    use crate::train::{EpochReport, LayerReport, StepReport};

    /// Reports of these updates; the loss of update 77,777 sticks out.
    fn reports(updates: std::ops::Range<u64>) -> Event {
        let mut reports = Reports::default();
        for update in updates {
            let loss = if update == 77_777 { 9.0 } else { 0.5 };
            let (rule, learning_rate, target_distance) = (Rule::Antlr, 0.01, 2.0);
            let changes = Tally::default();
            let layer = LayerReport { spikes: 3, changes };
            reports.push(StepReport { update, loss, rule, learning_rate, target_distance, changes }, &[layer; 2]);
        }
        Event::Reports(reports)
    }

    fn epoch(epoch: u64) -> Event {
        Event::Epoch(EpochReport { epoch, update: 0, train_loss: 0.0, valid: None }, false)
    }

    fn updates(event: Option<Event>) -> Vec<u64> {
        let Some(Event::Reports(reports)) = event else { panic!("{event:?}") };
        reports.steps.iter().map(|step| step.update).collect()
    }

    #[test]
    fn reports_that_wait_are_one_piece_and_stay_in_their_order_with_what_was_done() {
        let (sender, receiver) = event_queue();
        for event in [reports(1..3), Event::Playing(false), reports(3..5), epoch(1), reports(5..6), epoch(2)] {
            sender.send(event);
        }
        assert_eq!(updates(receiver.next()), [1, 2]);
        assert_eq!(receiver.next(), Some(Event::Playing(false)));
        assert_eq!(updates(receiver.next()), [3, 4, 5]);
        sender.send(reports(6..7));
        assert_eq!((receiver.next(), receiver.next()), (Some(epoch(1)), Some(epoch(2))));
        assert_eq!(updates(receiver.next()), [6], "what was taken is not added to");
        assert_eq!(receiver.next(), None);
    }

    #[test]
    fn only_the_newest_progress_of_a_validation_waits() {
        let (sender, receiver) = event_queue();
        for event in [Event::Validating(1, 9), Event::Validating(2, 9)] {
            sender.send(event);
        }
        assert_eq!((receiver.next(), receiver.next()), (Some(Event::Validating(2, 9)), None));
        for event in [Event::Validating(8, 9), epoch(1)] {
            sender.send(event);
        }
        assert_eq!((receiver.next(), receiver.next()), (Some(epoch(1)), None));
    }

    #[test]
    fn what_nobody_takes_is_thinned_and_keeps_its_extremes() {
        let (sender, receiver) = event_queue();
        for n in 0..1000 {
            sender.send(reports(n * 100 + 1..n * 100 + 101));
            sender.send(epoch(n));
        }
        let Some(Event::Thinned(curves)) = receiver.next() else { panic!("they are too many to wait as they are") };
        let loss = curves.loss.buckets();
        assert!(loss.len() <= 4096 && curves.spikes.len() == 2);
        assert_eq!(loss.iter().map(|b| b.count).sum::<u64>(), 100_000);
        assert_eq!((loss[0].first, loss[loss.len() - 1].last), (0, 99_999));
        assert_eq!(loss.iter().filter(|b| b.max == 9.0 && b.min == 0.5).count(), 1);
        // that list is also what the run keeps
        assert_eq!(std::iter::from_fn(|| receiver.next()).count(), 1000);
        // from here on they come as they are
        sender.send(reports(100_001..100_003));
        assert_eq!(updates(receiver.next()), [100_001, 100_002]);
    }

    #[test]
    fn whoever_waits_is_woken_by_an_event_and_by_the_end() {
        let (sender, receiver) = event_queue();
        let patience = Duration::from_secs(60);
        let sends = std::thread::spawn(move || sender.send(Event::Playing(true)));
        assert_eq!(receiver.wait(patience), Some(Event::Playing(true)));
        sends.join().unwrap();
        assert_eq!(receiver.wait(patience), None, "the worker is gone");
        let (_sender, receiver) = event_queue();
        assert_eq!(receiver.wait(Duration::from_millis(1)), None);
    }
}
