//! Makes frames in the memory of those that nobody looks at any more.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::snn::{Layer, Params};
use crate::spike::Raster;
use crate::spike::changes::{ChangeCounter, LayerChanges};
use crate::train::Trainer;

use super::frame::{Frame, Recent, Span, Spans};

/// Frames that are remembered to be made anew: the one in view, the one that waits for its turn, and the one before, which
/// a panel may not have let go of yet. One that is held for longer is forgotten, and whoever holds it frees it.
pub const MOST_FRAMES: usize = 3;

/// Makes the frames of a run. In the steady state it allocates nothing.
#[derive(Default)]
pub struct FramePool {
    /// The newest last.
    made: VecDeque<Arc<Frame>>,
    counter: ChangeCounter,
}

/// The state of a run that a frame shows.
pub struct FrameFacts<'a> {
    pub start: u32,
    pub trainer: &'a Trainer,
    pub recent: &'a Recent,
    pub look_back: u64,
    /// The spikes with which "since the start" begins, and their update.
    pub first: (u64, &'a [Raster]),
    pub path: &'a Arc<Vec<(u64, Arc<Params>)>>,
    pub history_bytes: usize,
    /// See [`Frame::seconds`].
    pub seconds: f64,
}

impl FramePool {
    /// Another run has other sizes: what is remembered of the last is given up.
    pub fn clear(&mut self) {
        self.made.clear();
    }

    pub fn frame(&mut self, facts: &FrameFacts) -> Arc<Frame> {
        let free = self.made.iter_mut().position(|frame| Arc::get_mut(frame).is_some());
        let settings = self.made.back().map(|frame| Arc::clone(&frame.settings));
        let mut frame = match free.and_then(|at| self.made.remove(at)) {
            Some(frame) => frame,
            None => {
                if self.made.len() == MOST_FRAMES {
                    self.made.pop_front();
                }
                Arc::new(facts.blank())
            }
        };
        let new = Arc::get_mut(&mut frame).expect("nobody else holds it");
        if let Some(settings) = settings {
            new.settings = settings;
        }
        facts.fill(new, &mut self.counter);
        self.made.push_back(Arc::clone(&frame));
        frame
    }
}

impl FrameFacts<'_> {
    /// A frame that is still to be filled.
    fn blank(&self) -> Frame {
        let t = self.trainer;
        Frame {
            start: self.start,
            update: t.update(),
            settings: Arc::new(t.settings().clone()),
            net: Arc::clone(t.net()),
            task: Arc::clone(t.task()),
            params: Arc::new(Params(Vec::new())),
            loss: t.loss(),
            batch: Arc::clone(t.batch()),
            sample: Arc::clone(t.probe()),
            batches: t.batches(),
            steps: t.steps(),
            spikes: Vec::new(),
            spans: Spans::default(),
            path: Arc::clone(self.path),
            history_bytes: self.history_bytes,
            seconds: self.seconds,
        }
    }

    fn fill(&self, frame: &mut Frame, counter: &mut ChangeCounter) {
        let t = self.trainer;
        let Frame { settings, params, spikes, spans, .. } = frame;
        if **settings != *t.settings() {
            *settings = Arc::new(t.settings().clone());
        }
        match Arc::get_mut(params) {
            Some(params) => params.0.clone_from(&t.params().0),
            // a map or a landscape of it is being made
            None => *params = Arc::new(t.params().clone()),
        }
        spikes.resize_with(t.spikes().count(), || Raster::new(0));
        spikes.iter_mut().zip(t.spikes()).for_each(|(kept, now)| kept.copy_from(now));
        let (update, before) = t.spikes_before();
        self.compare(&mut spans.last, update, before, counter);
        match self.recent.back(self.look_back) {
            Some((update, before)) => self.compare(&mut spans.back, update, before, counter),
            None => spans.back = Span::default(),
        }
        self.compare(&mut spans.start, self.first.0, self.first.1, counter);
        (frame.start, frame.update) = (self.start, t.update());
        (frame.net, frame.task) = (Arc::clone(t.net()), Arc::clone(t.task()));
        (frame.batch, frame.sample) = (Arc::clone(t.batch()), Arc::clone(t.probe()));
        (frame.loss, frame.batches, frame.steps) = (t.loss(), t.batches(), t.steps());
        (frame.path, frame.history_bytes) = (Arc::clone(self.path), self.history_bytes);
        frame.seconds = self.seconds;
    }

    /// Counts the changes of the probe's spikes since they were `before`.
    fn compare(&self, span: &mut Span, from: u64, before: &[Raster], counter: &mut ChangeCounter) {
        let t = self.trainer;
        let q = t.settings().run.shift_cost;
        span.from = from;
        let layers = &mut span.changes.layers;
        layers.resize_with(before.len(), LayerChanges::default);
        for (((changes, before), now), layer) in layers.iter_mut().zip(before).zip(t.spikes()).zip(&t.net().layers) {
            // what is only passed on happened to no neuron: counted once, where it was fired
            if Layer::has_weights(layer) {
                counter.compare(before, now, q, changes);
            } else {
                *changes = LayerChanges::default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::Isa;
    use crate::spike::{ShiftCost, changes};
    use crate::train::Settings;

    /// Where a frame keeps its largest parts.
    fn memory(frame: &Frame) -> [usize; 3] {
        let edits = &frame.spans.start.changes.layers[0].edits;
        [frame.params.0.as_ptr() as usize, frame.spikes[0].units_of_events().as_ptr() as usize, edits.as_ptr() as usize]
    }

    fn made(pool: &mut FramePool, trainer: &Trainer, recent: &Recent, first: &[Raster]) -> Arc<Frame> {
        let path = Arc::default();
        let first = (0, first);
        pool.frame(&FrameFacts {
            start: 1,
            trainer,
            recent,
            look_back: 10,
            first,
            path: &path,
            history_bytes: 7,
            seconds: 0.0,
        })
    }

    #[test]
    fn frames_that_are_given_back_are_made_anew_in_the_same_memory() {
        let mut trainer = Trainer::new(Settings::default(), Isa::best());
        let (mut pool, mut recent) = (FramePool::default(), Recent::default());
        let first: Vec<Raster> = trainer.spikes().cloned().collect();
        let (mut seen, mut held) = (Vec::new(), VecDeque::new());
        for update in 1..=300 {
            trainer.step().unwrap();
            recent.push(&trainer);
            let frame = made(&mut pool, &trainer, &recent, &first);
            assert_eq!((frame.update, &frame.params.0), (update, &trainer.params().0));
            assert!(frame.spikes.iter().eq(trainer.spikes()));
            assert_eq!(frame.spans.start.changes, changes(&first, &frame.spikes, ShiftCost::default()));
            let (from, before) = recent.back(10).unwrap();
            assert_eq!(frame.spans.back.changes, changes(before, &frame.spikes, ShiftCost::default()));
            assert_eq!((frame.spans.back.from, frame.spans.last.from), (from, update - 1));
            if update > 200 {
                seen.push(memory(&frame));
            }
            // a window that has taken one shows it until it has drawn the next
            held.push_back(frame);
            if held.len() > 2 {
                held.pop_front();
            }
        }
        // spikes and changes may still become more than there ever were
        for (part, most) in [MOST_FRAMES, MOST_FRAMES + 4, MOST_FRAMES + 4].into_iter().enumerate() {
            let mut places: Vec<usize> = seen.iter().map(|memory| memory[part]).collect();
            places.sort_unstable();
            places.dedup();
            assert!(places.len() <= most, "part {part} lay at {} places", places.len());
        }
    }

    #[test]
    fn what_somebody_still_looks_at_stays_as_it_is() {
        let mut trainer = Trainer::new(Settings::default(), Isa::best());
        let (mut pool, recent) = (FramePool::default(), Recent::default());
        let first: Vec<Raster> = trainer.spikes().cloned().collect();
        let kept: Vec<Arc<Frame>> = (0..3 * MOST_FRAMES)
            .map(|_| {
                trainer.step().unwrap();
                made(&mut pool, &trainer, &recent, &first)
            })
            .collect();
        assert!(kept.iter().map(|f| f.update).eq(1..=3 * MOST_FRAMES as u64));
        assert!(kept.windows(2).all(|w| w[0].params.0 != w[1].params.0));
        assert!(Arc::ptr_eq(&kept[0].settings, &kept[8].settings), "settings that are the same are shared");
        assert_eq!(pool.made.len(), MOST_FRAMES);
        let params = Arc::clone(&kept[8].params);
        let before = params.0.clone();
        drop(kept);
        for _ in 0..MOST_FRAMES {
            trainer.step().unwrap();
            made(&mut pool, &trainer, &recent, &first);
        }
        assert_eq!(params.0, before, "a question holds the parameters alone");
    }
}
