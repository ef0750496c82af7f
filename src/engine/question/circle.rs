//! Questions for what the rules and the loss do around a circle on a landscape.

use std::sync::Arc;
use std::time::Instant;

use super::job::{Job, PieceSize, Question, QuestionKind, Step};
use crate::landscape::{Circle, CircleWalk, MeasuredPoint, Measurement, MeasurementScratch};

/// Has the loss and the rules' gradients measured around a circle.
#[derive(Clone, Debug)]
pub struct CircleQuestion {
    /// See [`Question::id`].
    pub id: u64,
    pub circle: Circle,
    /// As in [`LandscapeBegun`](super::LandscapeBegun).
    pub measurement: Arc<Measurement>,
}

impl Question for CircleQuestion {
    const KIND: QuestionKind = QuestionKind::Circle;

    type Job = CircleJob;

    fn id(&self) -> u64 {
        self.id
    }

    fn begin(self) -> CircleJob {
        // the gradients are what this is about, whether or not the landscape has them
        let measurement = Measurement { fields: true, ..Measurement::clone(&self.measurement) };
        CircleJob {
            circle: self.circle,
            measurement,
            places: self.circle.places(),
            points: Vec::new(),
            scratch: MeasurementScratch::default(),
            size: PieceSize::new(),
        }
    }
}

/// Walks around the circle some points at a time.
pub struct CircleJob {
    circle: Circle,
    measurement: Measurement,
    places: Vec<[f32; 2]>,
    points: Vec<MeasuredPoint>,
    scratch: MeasurementScratch,
    size: PieceSize,
}

impl Job for CircleJob {
    type Part = Arc<CircleWalk>;

    fn advance(&mut self) -> Step<Arc<CircleWalk>> {
        let begun = Instant::now();
        let to = (self.points.len() + self.size.items).min(self.places.len());
        let next = &self.places[self.points.len()..to];
        self.points.extend(self.measurement.measure(&self.scratch, next));
        self.size.learn(begun.elapsed());
        if self.points.len() < self.places.len() {
            return Step::More(None);
        }
        let losses: Vec<f64> = self.points.iter().map(|point| point.loss).collect();
        let fields = |n: usize| self.points.iter().map(|point| point.fields[n].map(f64::from)).collect();
        Step::Last(Some(Arc::new(self.circle.integrate(&losses, &[0, 1, 2].map(fields)))))
    }
}
