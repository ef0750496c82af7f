//! One landscape as tasks, a point each, the coarse ones first.
//!
//! What all points have in common is worked out once, when the plan is made ([`LandscapeScene`]): the run is trained, its past
//! replayed, the plane made, the path's own losses measured. It lies in a file of its own beside the plan, samples included, so
//! that a worker begins with the first point and needs no data.

mod point;
mod scene;
mod scene_file;
mod subject;

pub use point::{read_point, write_point};
pub use scene::{LandscapeAsk, LandscapeScene, objective};
pub use subject::LandscapeSubject;

use std::time::{Duration, Instant};

use crate::landscape::{Landscape, MeasuredPoint, MeasurementScratch};

use super::kind::{Recorder, Sweep, TaskAnswer, read_seconds, seconds_text};
use super::words::{WordReader, Words};

/// Time between two looks whether the work is to be left.
pub(super) const PIECE: Duration = Duration::from_millis(50);

/// The points of a landscape as tasks.
pub struct LandscapeSweep<'a> {
    scene: &'a LandscapeScene,
    /// The number of the point of each task: i · points + j, or i on a cut.
    order: Vec<u32>,
    scratch: MeasurementScratch,
}

/// What was measured at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct PointAnswer {
    pub point: MeasuredPoint,
    pub seconds: f64,
}

impl<'a> LandscapeSweep<'a> {
    pub fn new(scene: &'a LandscapeScene) -> Self {
        Self { scene, order: scene.ask.order(), scratch: MeasurementScratch::default() }
    }

    /// The number of a task's point.
    pub fn point(&self, task: u32) -> u32 {
        self.order[task as usize]
    }

    /// The landscape of the answers that there are, tasks in their order.
    pub fn landscape(&self, answers: &[Option<PointAnswer>]) -> Landscape {
        let mut landscape = Landscape::new(self.scene.ask.grid());
        let known = self.order.iter().zip(answers).filter_map(|(at, answer)| Some((*at, answer.as_ref()?.point)));
        landscape.take(&known.collect::<Vec<_>>(), &[]);
        landscape
    }

    /// The points of a cut that there are, in their order.
    pub fn cut(&self, answers: &[Option<PointAnswer>]) -> Vec<Option<MeasuredPoint>> {
        answers.iter().map(|answer| answer.as_ref().map(|a| a.point)).collect()
    }
}

impl Sweep for LandscapeSweep<'_> {
    type Answer = PointAnswer;

    fn tasks(&self) -> u32 {
        self.order.len() as u32
    }

    fn memory(&self) -> u64 {
        self.scene.measurement.objective.settings.memory()
    }

    fn run(&self, tasks: &[u32], to: &dyn Recorder<PointAnswer>) -> Result<(), String> {
        let (mut done, mut size) = (0, 1);
        while done < tasks.len() && !to.leave() {
            let begun = Instant::now();
            let some = &tasks[done..(done + size).min(tasks.len())];
            let at: Vec<[f32; 2]> = some.iter().map(|&task| self.scene.ask.at(self.point(task))).collect();
            let points = self.scene.measurement.measure(&self.scratch, &at);
            // output spike trains are of use to the window alone
            drop(self.scratch.new_outputs());
            let seconds = begun.elapsed().as_secs_f64() / some.len() as f64;
            for (&task, point) in some.iter().zip(points) {
                to.done(task, PointAnswer { point, seconds })?;
            }
            to.advance(some.len() as u64);
            done += some.len();
            size = if begun.elapsed() < PIECE / 5 { size * 2 } else { (size / 2).max(1) };
        }
        Ok(())
    }

    fn describe(&self, task: u32) -> String {
        let [a, b] = self.scene.ask.at(self.point(task));
        format!("the point a = {a}, b = {b}")
    }
}

impl TaskAnswer for PointAnswer {
    fn answer(&self) -> String {
        let mut words = Words::default();
        write_point(&mut words, &self.point);
        words.text()
    }

    fn seconds(&self) -> String {
        seconds_text(self.seconds)
    }

    fn read(answer: &str, seconds: &str) -> Option<Self> {
        let (mut words, seconds) = (WordReader::new(answer), read_seconds(seconds)?);
        let point = read_point(&mut words)?;
        words.end(Self { point, seconds: *seconds.first()? })
    }
}
