//! A plane through parameter space: a centre and two directions.

use std::sync::Arc;

use crate::snn::lanes::LANES;
use crate::snn::{Network, Params};
use crate::task::seed::{Purpose, Stream};

/// L(a, b) is the loss at `centre` + a·`d1` + b·`d2`. The directions need not be orthogonal.
#[derive(Clone, Debug)]
pub struct Plane {
    pub centre: Arc<Params>,
    pub d1: Params,
    pub d2: Params,
}

/// Where a point of parameter space lies beside a plane: its foot (a, b), and how far it is from there.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProjectedPoint {
    pub a: f64,
    pub b: f64,
    /// Euclidean distance of the point from the plane, in units of the parameters.
    pub distance: f64,
}

impl Plane {
    /// Two random Gaussian directions, normalised filter by filter to the norm of the centre's own (Li et al.,
    /// NeurIPS 2018): a filter is the weights into one neuron, or those of one channel of a convolution; biases get direction 0.
    pub fn random(net: &Network, centre: Arc<Params>, seed: u64) -> Self {
        let mut stream = Stream::new(seed, Purpose::Directions);
        let [d1, d2] = [(); 2].map(|()| filter_normalised(net, &centre, &mut stream));
        Self { centre, d1, d2 }
    }

    /// Writes the parameters at (a, b) to `out`. At (0, 0) these are the centre's own bits.
    #[inline(always)]
    pub fn at(&self, a: f32, b: f32, out: &mut Params) {
        out.0.resize(self.centre.0.len(), 0.0);
        let directions = self.d1.0.iter().zip(&self.d2.0);
        for ((out, centre), (d1, d2)) in out.0.iter_mut().zip(&self.centre.0).zip(directions) {
            *out = centre + (a * d1 + b * d2);
        }
    }

    /// ⟨gradient, d1⟩ and ⟨gradient, d2⟩: the slope along both directions that a gradient stands for.
    #[inline(always)]
    pub fn along(&self, gradient: &Params) -> [f64; 2] {
        let mut sums = [[0.0; LANES]; 2];
        for ((g, d1), d2) in rows(gradient).iter().zip(rows(&self.d1)).zip(rows(&self.d2)) {
            for k in 0..LANES {
                let g = f64::from(g[k]);
                sums[0][k] += g * f64::from(d1[k]);
                sums[1][k] += g * f64::from(d2[k]);
            }
        }
        sums.map(|lanes| lanes.iter().sum())
    }

    /// The foot of `point` on the plane, by least squares.
    pub fn foot(&self, point: &Params) -> ProjectedPoint {
        let away: Vec<f64> = point.0.iter().zip(&self.centre.0).map(|(p, c)| f64::from(*p) - f64::from(*c)).collect();
        let metric = self.metric();
        let [a, b] = metric.foot(metric.shadow(self, &away));
        let directions = self.d1.0.iter().zip(&self.d2.0);
        let rest = |(x, (d1, d2)): (&f64, (&f32, &f32))| (x - a * f64::from(*d1) - b * f64::from(*d2)).powi(2);
        ProjectedPoint { a, b, distance: away.iter().zip(directions).map(rest).sum::<f64>().sqrt() }
    }

    /// The scalar products of the directions.
    pub(super) fn metric(&self) -> PlaneMetric {
        let dot = |x: &Params, y: &Params| x.0.iter().zip(&y.0).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum();
        PlaneMetric { g11: dot(&self.d1, &self.d1), g12: dot(&self.d1, &self.d2), g22: dot(&self.d2, &self.d2) }
    }
}

/// The scalar products of the two directions of a plane.
pub(super) struct PlaneMetric {
    pub g11: f64,
    pub g12: f64,
    pub g22: f64,
}

impl PlaneMetric {
    /// ⟨away, d1⟩ and ⟨away, d2⟩.
    pub fn shadow(&self, plane: &Plane, away: &[f64]) -> [f64; 2] {
        [&plane.d1, &plane.d2].map(|d| d.0.iter().zip(away).map(|(d, x)| f64::from(*d) * x).sum())
    }

    /// The coordinates whose point in the plane has these products with the directions.
    pub fn foot(&self, [r1, r2]: [f64; 2]) -> [f64; 2] {
        let Self { g11, g12, g22 } = *self;
        let determinant = g11 * g22 - g12 * g12;
        if determinant > 1e-12 * g11 * g22 {
            [(g22 * r1 - g12 * r2) / determinant, (g11 * r2 - g12 * r1) / determinant]
        } else {
            [if g11 > 0.0 { r1 / g11 } else { 0.0 }, 0.0]
        }
    }
}

/// A vector of parameters in blocks of lanes; there is no remainder, as rows are padded to whole blocks.
#[inline(always)]
fn rows(params: &Params) -> &[[f32; LANES]] {
    params.0.as_chunks().0
}

pub(super) fn filter_normalised(net: &Network, centre: &Params, stream: &mut Stream) -> Params {
    let mut direction = net.zero_params();
    for layer in &net.layers {
        for filter in 0..layer.filters() {
            let drawn: Vec<f64> = (0..layer.fan_in()).map(|_| stream.normal()).collect();
            let norm = |squares: &mut dyn Iterator<Item = f64>| squares.sum::<f64>().sqrt();
            let own = norm(&mut (0..layer.fan_in()).map(|i| f64::from(centre.0[layer.weight_at(filter, i)]).powi(2)));
            let length = norm(&mut drawn.iter().map(|x| x * x));
            let scale = if length > 0.0 { own / length } else { 0.0 };
            for (i, x) in drawn.iter().enumerate() {
                direction.0[layer.weight_at(filter, i)] = (x * scale) as f32;
            }
        }
    }
    direction
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::initial::initial_params;

    fn plane() -> (Network, Plane) {
        let net = crate::snn::text::parse("2x3x4 - conv3k3 - flatten - fc13 - fc5").unwrap();
        let centre = Arc::new(initial_params(&net, 2.0, 3));
        let plane = Plane::random(&net, centre, 1);
        (net, plane)
    }

    #[test]
    fn every_filter_has_the_norm_of_the_weights_and_biases_stand_still() {
        let (net, plane) = plane();
        for d in [&plane.d1, &plane.d2] {
            for layer in &net.layers {
                for f in 0..layer.filters() {
                    let squares =
                        |p: &Params| (0..layer.fan_in()).map(|i| p.0[layer.weight_at(f, i)].powi(2)).sum::<f32>();
                    let norm = |p: &Params| squares(p).sqrt();
                    assert!((norm(d) - norm(&plane.centre)).abs() < 1e-5);
                }
                assert!(d.0[layer.biases()].iter().all(|x| *x == 0.0));
            }
        }
        assert_ne!(plane.d1, plane.d2);
    }

    #[test]
    fn the_centre_is_the_centre_to_the_bit() {
        let (_, plane) = plane();
        let mut at = Params::default();
        plane.at(0.0, 0.0, &mut at);
        assert_eq!(at.digest(), plane.centre.digest());
    }

    #[test]
    fn a_point_of_the_plane_finds_its_place_again() {
        let (_, plane) = plane();
        let mut at = Params::default();
        plane.at(0.25, -0.5, &mut at);
        let foot = plane.foot(&at);
        assert!((foot.a - 0.25).abs() < 1e-5 && (foot.b + 0.5).abs() < 1e-5 && foot.distance < 1e-5, "{foot:?}");
        at.0[0] += 100.0;
        assert!(plane.foot(&at).distance > 50.0);
    }
}
