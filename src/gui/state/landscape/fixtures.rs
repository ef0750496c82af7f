//! Measured landscapes for tests.

use std::sync::Arc;

use super::MeasuredLandscape;
use crate::engine::{LandscapeBegun, LandscapeQuestion, LandscapeSpec};
use crate::gui::state::fixtures::frame;
use crate::landscape::fixtures::landscape;
use crate::landscape::{Grid, Objective, OnPlane, Placed, Plane, Survey};
use crate::snn::Isa;
use crate::train::Settings;

/// A landscape of these losses as an answer, of a run that has not begun; where they are NaN nothing is measured.
pub fn measured(points: usize, loss: impl Fn(usize, usize) -> f64) -> MeasuredLandscape {
    let frame = frame(Settings::default());
    let grid = Grid { points, range: 1.0 };
    let plane = Arc::new(Plane::random(&frame.net, Arc::clone(&frame.params), 0));
    let objective = Objective::of_batch(&frame.net, &frame.settings, &frame.batch, Isa::best());
    let survey = Arc::new(Survey { objective, plane, fields: false });
    let paths = vec![OnPlane { points: vec![Placed::default()], ..OnPlane::default() }];
    let question = Arc::new(LandscapeQuestion::new(1, frame, LandscapeSpec::new(0, grid)));
    let begun = LandscapeBegun { update: 0, survey, paths, known: None };
    MeasuredLandscape { landscape: landscape(points, loss), ..MeasuredLandscape::new(question, begun) }
}
