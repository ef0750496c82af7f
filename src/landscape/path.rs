//! A run's path beside a plane.

use std::ops::Range;
use std::sync::Arc;

use crate::snn::Params;

use super::{Measurement, MeasurementScratch, Plane, ProjectedPoint};

/// Parameters after so many updates, updates rising.
pub type Moments = Arc<Vec<(u64, Arc<Params>)>>;

/// The path of a run, with the name that a person knows it by.
#[derive(Clone, Debug)]
pub struct RunPath {
    pub name: String,
    pub moments: Moments,
}

/// A path as it lies beside a plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProjectedPath {
    pub name: String,
    /// Moments of another network are left out.
    pub points: Vec<ProjectedMoment>,
    /// The share of the moments' variance about their mean that lies in the plane; none where they do not vary.
    pub share: Option<f64>,
    /// The share along each of the two directions by itself; they add up to `share` where the directions are orthogonal, as
    /// principal components are.
    pub along: Option<[f64; 2]>,
}

/// A moment beside a plane.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProjectedMoment {
    pub update: u64,
    pub foot: ProjectedPoint,
}

/// The loss at a moment of a path, which lies beside the plane, and that at its foot, which the landscape shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PathLoss {
    pub update: u64,
    pub own: f64,
    pub foot: f64,
}

impl ProjectedPath {
    /// Feet by least squares.
    pub fn new(plane: &Plane, path: &RunPath) -> Self {
        let moments: Vec<&(u64, Arc<Params>)> = fitting(plane, path).collect();
        let place =
            |(update, params): &&(u64, Arc<Params>)| ProjectedMoment { update: *update, foot: plane.foot(params) };
        let points: Vec<ProjectedMoment> = moments.iter().map(place).collect();
        let shares = shares(plane, &moments);
        let name = path.name.clone();
        Self { name, points, share: shares.map(|(both, _)| both), along: shares.map(|(_, each)| each) }
    }

    /// The losses of some of the points and of their feet; `path` is what this was made of.
    pub fn losses(
        &self,
        measurement: &Measurement,
        scratch: &MeasurementScratch,
        path: &RunPath,
        some: Range<usize>,
    ) -> Vec<PathLoss> {
        let points = &self.points[some.clone()];
        let moments = fitting(&measurement.plane, path).skip(some.start).take(points.len());
        let params: Vec<&Params> = moments.map(|(_, params)| Arc::as_ref(params)).collect();
        let at: Vec<[f32; 2]> = points.iter().map(|p| [p.foot.a as f32, p.foot.b as f32]).collect();
        let feet = Measurement { fields: false, ..measurement.clone() }.measure(scratch, &at);
        let own = measurement.losses_at(scratch, &params).into_iter().zip(feet);
        points.iter().zip(own).map(|(p, (own, foot))| PathLoss { update: p.update, own, foot: foot.loss }).collect()
    }
}

fn fitting<'a>(plane: &Plane, path: &'a RunPath) -> impl Iterator<Item = &'a (u64, Arc<Params>)> {
    let length = plane.centre.0.len();
    path.moments.iter().filter(move |(_, params)| params.0.len() == length)
}

/// The shares of the moments' variance about their mean that lie in the plane, and along each direction.
fn shares(plane: &Plane, moments: &[&(u64, Arc<Params>)]) -> Option<(f64, [f64; 2])> {
    let mut mean = vec![0.0f64; plane.centre.0.len()];
    for (_, params) in moments {
        mean.iter_mut().zip(&params.0).for_each(|(m, p)| *m += f64::from(*p));
    }
    mean.iter_mut().for_each(|m| *m /= moments.len() as f64);
    let (mut all, mut inside, mut along) = (0.0, 0.0, [0.0; 2]);
    let metric = plane.metric();
    for (_, params) in moments {
        let away: Vec<f64> = params.0.iter().zip(&mean).map(|(p, m)| f64::from(*p) - m).collect();
        all += away.iter().map(|x| x * x).sum::<f64>();
        let [r1, r2] = metric.shadow(plane, &away);
        let [a, b] = metric.foot([r1, r2]);
        inside += a * r1 + b * r2;
        for (sum, (r, g)) in along.iter_mut().zip([(r1, metric.g11), (r2, metric.g22)]) {
            *sum += if g > 0.0 { r * r / g } else { 0.0 };
        }
    }
    (all > 0.0).then(|| (inside / all, along.map(|x| x / all)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane() -> Plane {
        let direction = |at: [f32; 2]| Params(vec![at[0], at[1], 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        Plane { centre: Arc::new(Params(vec![0.0; 8])), d1: direction([2.0, 0.0]), d2: direction([1.0, 1.0]) }
    }

    fn path(points: &[[f32; 3]]) -> RunPath {
        let params = |p: &[f32; 3]| Arc::new(Params([&p[..], &[0.0; 5]].concat()));
        let moments = points.iter().enumerate().map(|(u, p)| (u as u64 * 10, params(p))).collect();
        RunPath { name: "a run".into(), moments: Arc::new(moments) }
    }

    #[test]
    fn feet_distances_and_the_share_of_the_variance() {
        // about the mean (1, 0, 0): variance 2 along the first, 0 along the second, 8 out of the plane
        let path = ProjectedPath::new(&plane(), &path(&[[0.0, 0.0, 2.0], [2.0, 0.0, -2.0]]));
        assert_eq!(path.points[1].update, 10);
        let foot = path.points[1].foot;
        assert!((foot.a - 1.0).abs() < 1e-12 && foot.b.abs() < 1e-12 && (foot.distance - 2.0).abs() < 1e-12);
        let (share, along) = (path.share.unwrap(), path.along.unwrap());
        assert!((share - 0.2).abs() < 1e-12, "{share}");
        assert!((along[0] - 0.2).abs() < 1e-12 && (along[1] - 0.1).abs() < 1e-12, "{along:?}");
    }

    #[test]
    fn a_path_that_stands_still_has_no_share_and_another_network_no_feet() {
        assert_eq!(ProjectedPath::new(&plane(), &path(&[[1.0; 3]; 4])).share, None);
        let mut other = path(&[[1.0; 3]]);
        Arc::make_mut(&mut other.moments).push((5, Arc::new(Params(vec![1.0; 16]))));
        assert_eq!(ProjectedPath::new(&plane(), &other).points.len(), 1);
    }
}
