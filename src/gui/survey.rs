//! The loss landscape as the window knows it: the one in view, and the one on its way to take its place.

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{Answer, Begun, Question};
use crate::landscape::{Foot, Grid};
use crate::train::Settings;

/// The loss around the weights of one moment, as far as it was measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Of the question that this answers.
    pub id: u64,
    /// The moment whose weights are the centre.
    pub update: u64,
    pub grid: Grid,
    /// Of the random directions.
    pub seed: u64,
    /// `[a][b]`, NaN where nothing was measured yet.
    pub losses: Vec<f64>,
    pub done: usize,
    pub took: Duration,
    /// The run's path beside the plane, in order; the last is the centre.
    pub path: Vec<(u64, Foot)>,
    /// With which the loss was taken.
    pub settings: Arc<Settings>,
}

impl Measured {
    pub fn is_whole(&self) -> bool {
        self.done >= self.grid.len()
    }

    /// The loss at line `i` along the first direction and `j` along the second.
    pub fn loss(&self, i: usize, j: usize) -> Option<f64> {
        self.losses.get(i * self.grid.points + j).copied().filter(|l| !l.is_nan())
    }
}

/// What is in view stays there until its successor knows as much, so that following a run does not flicker; only a
/// view of another place (range, directions) is replaced by the first that is known of the new one.
#[derive(Clone, Debug, Default)]
pub struct LandscapeView {
    /// Rises whenever what is in view changes, so that a picture made of it knows when it is out of date.
    version: u64,
    shown: Option<Measured>,
    coming: Option<Measured>,
    asked: Option<Asked>,
}

/// The question whose answer is on its way.
#[derive(Clone, Debug)]
struct Asked {
    id: u64,
    points: usize,
    settings: Arc<Settings>,
}

/// How far the answer on its way is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    pub done: usize,
    pub of: usize,
    pub took: Duration,
    /// Whether something older is in view meanwhile.
    pub behind: bool,
}

impl Progress {
    /// How long the rest will take at the speed so far.
    pub fn left(&self) -> Option<Duration> {
        (self.done > 0).then(|| self.took.mul_f64((self.of - self.done) as f64 / self.done as f64))
    }
}

impl LandscapeView {
    pub fn version(&self) -> u64 {
        self.version
    }

    /// What is in view.
    pub fn shown(&self) -> Option<&Measured> {
        self.shown.as_ref()
    }

    /// Whether more is to come.
    pub fn running(&self) -> bool {
        self.asked.is_some()
    }

    /// How far the answer on its way is, if there is one.
    pub fn progress(&self) -> Option<Progress> {
        let asked = self.asked.as_ref()?;
        let of = asked.points;
        let current = self.coming.as_ref().or(self.shown.as_ref()).filter(|m| m.id == asked.id);
        let (done, took) = current.map_or_else(Default::default, |m| (m.done, m.took));
        let behind = self.shown.as_ref().is_some_and(|m| m.id != asked.id);
        Some(Progress { done, of, took, behind })
    }

    /// Whether the whole answer to `question` is in view already.
    pub fn answers(&self, question: &Question) -> bool {
        self.shown.as_ref().is_some_and(|m| {
            let (now, then) = (&question.frame.settings, &m.settings);
            let same_loss = now.loss == then.loss && now.neuron == then.neuron;
            m.is_whole() && m.update == question.frame.update && same_loss && place(m) == (question.grid, question.seed)
        })
    }

    /// A question was asked: answers to older ones are not heard any more.
    pub fn ask(&mut self, question: &Question) {
        let settings = Arc::clone(&question.frame.settings);
        self.asked = Some(Asked { id: question.id, points: question.grid.len(), settings });
        self.coming = None;
    }

    /// Nothing more is to come; what is in view stays.
    pub fn stop(&mut self) {
        self.asked = None;
        self.coming = None;
    }

    /// Forgets everything: another run begins.
    pub fn reset(&mut self) {
        *self = Self { version: self.version + 1, ..Self::default() };
    }

    /// Takes in a part of the answer, if it is one to the newest question.
    pub fn hear(&mut self, answer: Answer) {
        let Some(asked) = &self.asked else { return };
        match answer {
            Answer::Begun(Begun { id, update, grid, seed, paths, .. }) if id == asked.id => {
                let losses = vec![f64::NAN; grid.len()];
                let path = paths[0].points.iter().map(|p| (p.update, p.foot)).collect();
                let settings = Arc::clone(&asked.settings);
                let (done, took) = (0, Duration::ZERO);
                self.coming = Some(Measured { id, update, grid, seed, losses, done, took, path, settings });
            }
            Answer::Part(part) if part.id == asked.id => {
                let current = self.coming.as_mut().or(self.shown.as_mut());
                let Some(m) = current.filter(|m| m.id == part.id) else { return };
                for (number, point) in part.points {
                    m.losses[number as usize] = point.loss;
                }
                (m.done, m.took) = (part.done, part.took);
                if part.done >= part.of {
                    self.asked = None;
                }
                self.show();
            }
            _ => {}
        }
    }

    /// Lets the coming one take the place of the one in view, if it knows enough for that.
    fn show(&mut self) {
        if let (Some(coming), Some(shown)) = (&self.coming, &self.shown)
            && place(coming) == place(shown)
            && coming.done < shown.done
        {
            return;
        }
        self.shown = self.coming.take().or(self.shown.take());
        self.version += 1;
    }
}

fn place(m: &Measured) -> (Grid, u64) {
    (m.grid, m.seed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Explorer, Frame, Run, Surveyed};
    use crate::landscape::{Objective, OnPlane, Placed, Plane, Point, Survey};
    use crate::snn::Isa;

    const POINTS: usize = 5;

    fn frame() -> Arc<Frame> {
        let run = Run::start(Settings::default(), 1, Arc::new(|| {})).unwrap();
        loop {
            if let Some(frame) = run.frame() {
                return frame;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn question(id: u64, frame: &Arc<Frame>, range: f32) -> Question {
        Question::new(id, Arc::clone(frame), 0, Grid { points: POINTS, range })
    }

    fn begun(question: &Question) -> Answer {
        let &Question { id, ref frame, grid, seed, .. } = question;
        let paths =
            vec![OnPlane { points: vec![Placed { update: frame.update, ..Placed::default() }], ..OnPlane::default() }];
        let plane = Arc::new(Plane::random(&frame.net, Arc::clone(&frame.params), seed));
        let objective = Objective::of_batch(&frame.net, &frame.settings, &frame.batch, Isa::best());
        let survey = Arc::new(Survey { objective, plane, fields: false });
        Answer::Begun(Begun { id, update: frame.update, grid, seed, survey, paths, known: None })
    }

    /// The points from `done` before up to `done`, all with the loss `loss`.
    fn part(id: u64, points: std::ops::Range<u32>, loss: f64) -> Answer {
        let (done, of) = (points.end as usize, POINTS * POINTS);
        let point = Point { loss, fields: [[f32::NAN; 2]; 3], spikes: 0, output_spikes: 0, region: 0, output: 0 };
        let points = points.map(|p| (p, point)).collect();
        Answer::Part(Surveyed { id, points, outputs: Vec::new(), done, of, took: Duration::from_secs(1) })
    }

    /// Asks `question` of a real explorer and hears until the answer is whole.
    fn hear_all(view: &mut LandscapeView, explorer: &Explorer, question: Question) {
        view.ask(&question);
        explorer.ask(question);
        while view.running() {
            match explorer.answer() {
                Some(answer) => view.hear(answer),
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    #[test]
    fn the_first_view_is_shown_from_its_first_points_on() {
        let question = question(1, &frame(), 1.0);
        let mut view = LandscapeView::default();
        view.ask(&question);
        view.hear(begun(&question));
        assert!(view.shown().is_none(), "a grid without any point is nothing to see");
        view.hear(part(1, 0..5, 0.5));
        let (shown, version) = (view.shown().unwrap(), view.version());
        assert_eq!((shown.done, shown.loss(0, 4), shown.loss(1, 0)), (5, Some(0.5), None));
        assert_eq!(view.progress().unwrap().left(), Some(Duration::from_secs(4)));
        view.hear(part(1, 5..25, 0.5));
        assert!(!view.running() && view.shown().unwrap().is_whole() && view.version() > version);
    }

    #[test]
    fn following_keeps_the_old_until_the_new_is_whole() {
        let frame = frame();
        let mut view = LandscapeView::default();
        for (id, loss) in [(1, 0.5), (2, 0.25)] {
            let question = question(id, &frame, 1.0);
            view.ask(&question);
            view.hear(begun(&question));
            let version = view.version();
            view.hear(part(id, 0..5, loss));
            if id == 2 {
                assert_eq!((view.shown().unwrap().loss(0, 0), view.version()), (Some(0.5), version));
                let progress = view.progress().unwrap();
                assert_eq!((progress.done, progress.of, progress.behind), (5, 25, true));
            }
            view.hear(part(id, 5..25, loss));
            assert_eq!(view.shown().unwrap().loss(4, 4), Some(loss));
        }
    }

    #[test]
    fn another_range_replaces_it_at_once() {
        let frame = frame();
        let mut view = LandscapeView::default();
        hear_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question(1, &frame, 1.0));
        let question = question(2, &frame, 0.1);
        assert!(!view.answers(&question));
        view.ask(&question);
        view.hear(begun(&question));
        assert!(view.shown().unwrap().is_whole(), "until something is known of the new one");
        view.hear(part(2, 0..5, 0.5));
        assert_eq!((view.shown().unwrap().done, view.shown().unwrap().grid.range), (5, 0.1));
    }

    #[test]
    fn stopping_keeps_what_is_there_and_asking_again_works() {
        let frame = frame();
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        let mut view = LandscapeView::default();
        let first = question(1, &frame, 1.0);
        view.ask(&first);
        view.hear(begun(&first));
        view.hear(part(1, 0..5, 0.5));
        explorer.stop(1);
        view.stop();
        // what was under way already is not heard any more
        view.hear(part(1, 5..25, 0.5));
        assert!(!view.running());
        assert_eq!(view.shown().unwrap().done, 5);
        assert!(!view.answers(&first), "it is not whole");
        hear_all(&mut view, &explorer, question(3, &frame, 1.0));
        assert!(view.shown().unwrap().is_whole() && view.answers(&first));
        assert_eq!(view.shown().unwrap().loss(2, 2), Some(frame.loss), "the centre has the loss of the run");
    }

    #[test]
    fn the_newest_question_wins() {
        let frame = frame();
        let explorer = Explorer::start(Arc::new(|| {})).unwrap();
        let mut view = LandscapeView::default();
        for (id, range) in [(1, 1.0), (2, 0.5)] {
            let question = Question { grid: Grid { points: 31, range }, ..question(id, &frame, 1.0) };
            view.ask(&question);
            explorer.ask(question);
        }
        hear_all(&mut view, &explorer, question(3, &frame, 0.1));
        let shown = view.shown().unwrap();
        assert_eq!((shown.id, shown.grid.range, shown.is_whole()), (3, 0.1, true));
    }

    #[test]
    fn a_new_run_forgets_it_but_its_version_goes_on() {
        let frame = frame();
        let mut view = LandscapeView::default();
        let question = question(1, &frame, 1.0);
        hear_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question.clone());
        let version = view.version();
        view.reset();
        assert!(view.shown().is_none() && !view.running() && view.version() > version);
        view.hear(begun(&question));
        view.hear(part(1, 0..25, 0.5));
        assert!(view.shown().is_none(), "late news of the old run are not heard");
    }
}
