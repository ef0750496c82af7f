//! The kinds of plane that a person can choose.

use std::fmt;
use std::sync::Arc;

use crate::rule::Rule;
use crate::snn::{Network, Params};
use crate::task::seed::{Purpose, Stream};

use super::plane::filter_normalised;
use super::principal::principal_components;
use super::{Moments, Objective, Plane};

/// How the two directions are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlaneKind {
    /// Two random directions, normalised filter by filter; others for each seed.
    #[default]
    Random,
    /// The first two principal components of the run's path, orthogonal, each as long as the centre's weights.
    Path,
    /// First the gradient of `rule` at the centre over the samples of the measurement, uphill; second that of `other`, or a random
    /// direction where it is none, made orthogonal to the first. Both as long as the centre's weights.
    Gradient { rule: Rule, other: Option<Rule> },
    /// Two single weights or biases: a and b are what is added to them.
    Weights([WeightAt; 2]),
    /// From the moment after `from` updates, at (0, 0), through that after `to`, at (1, 0); second a random direction made
    /// orthogonal to it, as long as the centre's weights. The centre is `from`, whatever was chosen.
    Moments { from: u64, to: u64 },
}

/// One parameter of a network, by its place in files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WeightAt {
    /// From 0; all layers count.
    pub layer: usize,
    /// The neuron (fc) or channel (conv).
    pub filter: usize,
    /// The input (fc), or `[input channel, row, column]` as one number (conv); the bias where it is none.
    pub index: Option<usize>,
}

impl WeightAt {
    /// Where it lies among the parameters; `None` where there is no such one.
    pub fn place(self, net: &Network) -> Option<usize> {
        let layer = net.layers.get(self.layer).filter(|layer| self.filter < layer.filters())?;
        match self.index {
            Some(index) => (index < layer.fan_in()).then(|| layer.weight_at(self.filter, index)),
            None => Some(layer.biases().start + self.filter),
        }
    }
}

/// As in `0/12/3` (layer, neuron, input) or `0/12/bias`.
impl fmt::Display for WeightAt {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}/", self.layer, self.filter)?;
        match self.index {
            Some(index) => write!(f, "{index}"),
            None => f.write_str("bias"),
        }
    }
}

impl WeightAt {
    /// Reads what is written.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/').map(str::trim);
        let (layer, filter) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
        let index = match parts.next()? {
            "bias" => None,
            index => Some(index.parse().ok()?),
        };
        parts.next().is_none().then_some(Self { layer, filter, index })
    }
}

/// What a plane is made from.
#[derive(Clone, Debug)]
pub struct PlaneContext<'a> {
    pub objective: &'a Objective,
    /// The centre, where the kind does not say it itself.
    pub centre: Arc<Params>,
    /// The run's path.
    pub moments: &'a Moments,
    /// Of the random directions.
    pub seed: u64,
}

impl PlaneKind {
    /// The plane. A sentence says why there is none.
    pub fn plane(self, context: &PlaneContext) -> Result<Plane, String> {
        let PlaneContext { objective, centre, moments, seed } = context;
        let net = &objective.net;
        let random = |centre: &Params| filter_normalised(net, centre, &mut Stream::new(*seed, Purpose::Directions));
        match self {
            Self::Random => Ok(Plane::random(net, Arc::clone(centre), *seed)),
            Self::Path => {
                let [d1, d2] = principal_components(moments)?.map(|d| as_long_as(d, centre));
                Ok(Plane { centre: Arc::clone(centre), d1, d2 })
            }
            Self::Gradient { rule, other } => {
                let gradient = |rule: Rule| {
                    let g = objective.gradient(rule, centre);
                    match norm(&g) {
                        0.0 => Err(format!("The gradient of the rule {rule} is zero here: it shows no direction.")),
                        size if size.is_finite() => Ok(g),
                        _ => Err(format!("The gradient of the rule {rule} is not a finite number here.")),
                    }
                };
                let d1 = gradient(rule)?;
                let d2 = other.map_or_else(|| Ok(random(centre)), gradient)?;
                let d2 =
                    orthogonal(d2, &d1).ok_or("Both gradients show the same direction here: they make no plane.")?;
                Ok(Plane { d1: as_long_as(d1, centre), d2: as_long_as(d2, centre), centre: Arc::clone(centre) })
            }
            Self::Weights(weights) => {
                let unit = |weight: WeightAt| {
                    let place = weight.place(net).ok_or_else(|| format!("The network has no weight {weight}."))?;
                    let mut direction = net.zero_params();
                    direction.0[place] = 1.0;
                    Ok::<_, String>(direction)
                };
                if weights[0] == weights[1] {
                    return Err(format!("A plane needs two different weights, and both are {}.", weights[0]));
                }
                Ok(Plane { centre: Arc::clone(centre), d1: unit(weights[0])?, d2: unit(weights[1])? })
            }
            Self::Moments { from, to } => {
                let find = |update: u64| {
                    let found = moments.iter().find(|(u, _)| *u == update).map(|(_, params)| Arc::clone(params));
                    found.ok_or_else(|| format!("The moment after {update} updates is not remembered."))
                };
                let (centre, to) = (find(from)?, find(to)?);
                let d1 = Params(to.0.iter().zip(&centre.0).map(|(to, from)| to - from).collect());
                if norm(&d1) == 0.0 {
                    return Err("Both moments have the same weights: they make no plane.".into());
                }
                let d2 = orthogonal(random(&centre), &d1).ok_or("There is no second direction here.")?;
                Ok(Plane { d2: as_long_as(d2, &centre), centre, d1 })
            }
        }
    }
}

fn dot(x: &Params, y: &Params) -> f64 {
    x.0.iter().zip(&y.0).map(|(x, y)| f64::from(*x) * f64::from(*y)).sum()
}

fn norm(x: &Params) -> f64 {
    dot(x, x).sqrt()
}

/// Scaled to the norm of `centre`; as it is where one of them is zero.
fn as_long_as(mut x: Params, centre: &Params) -> Params {
    let scale = norm(centre) / norm(&x);
    if scale.is_finite() && scale > 0.0 {
        x.0.iter_mut().for_each(|x| *x = (f64::from(*x) * scale) as f32);
    }
    x
}

/// `x` without its part along `y`; `None` where nothing is left.
fn orthogonal(mut x: Params, y: &Params) -> Option<Params> {
    let before = norm(&x);
    // twice, as the first time leaves the rounding of large parts
    for _ in 0..2 {
        let part = dot(&x, y) / dot(y, y);
        x.0.iter_mut().zip(&y.0).for_each(|(x, y)| *x = (f64::from(*x) - part * f64::from(*y)) as f32);
    }
    (norm(&x) > 1e-5 * before).then_some(x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::Isa;
    use crate::train::{Settings, Trainer};

    /// A run's objective, its weights, and its path.
    fn run() -> (Objective, Arc<Params>, Moments) {
        let mut trainer = Trainer::new(Settings::default(), Isa::best());
        let mut moments = vec![(0, Arc::new(trainer.params().clone()))];
        for _ in 0..12 {
            trainer.step().unwrap();
            moments.push((trainer.update(), Arc::new(trainer.params().clone())));
        }
        let settings = Arc::new(trainer.settings().clone());
        let objective = Objective::of_batch(trainer.net(), &settings, trainer.batch(), Isa::best());
        (objective, Arc::clone(&moments[12].1), Arc::new(moments))
    }

    fn cosine(x: &Params, y: &Params) -> f64 {
        dot(x, y) / norm(x) / norm(y)
    }

    #[test]
    fn directions_are_orthogonal_and_as_long_as_the_weights() {
        let (objective, centre, moments) = run();
        let context = PlaneContext { objective: &objective, centre: Arc::clone(&centre), moments: &moments, seed: 3 };
        for kind in [
            PlaneKind::Path,
            PlaneKind::Gradient { rule: Rule::Timing, other: None },
            PlaneKind::Gradient { rule: Rule::Activation, other: Some(Rule::Antlr) },
        ] {
            let plane = kind.plane(&context).unwrap();
            assert!(cosine(&plane.d1, &plane.d2).abs() < 1e-5, "{kind:?}");
            for d in [&plane.d1, &plane.d2] {
                assert!((norm(d) / norm(&centre) - 1.0).abs() < 1e-5, "{kind:?}");
            }
        }
    }

    #[test]
    fn a_gradient_plane_holds_both_gradients() {
        let (objective, centre, moments) = run();
        let context = PlaneContext { objective: &objective, centre: Arc::clone(&centre), moments: &moments, seed: 3 };
        let kind = PlaneKind::Gradient { rule: Rule::Activation, other: Some(Rule::Antlr) };
        let plane = kind.plane(&context).unwrap();
        for rule in [Rule::Activation, Rule::Antlr] {
            let mut point = objective.gradient(rule, &centre);
            point.0.iter_mut().zip(&centre.0).for_each(|(g, c)| *g = c + 0.01 * *g);
            assert!(plane.foot(&point).distance < 1e-5, "{rule}");
        }
        assert!((cosine(&plane.d1, &objective.gradient(Rule::Activation, &centre)) - 1.0).abs() < 1e-6, "uphill");
        let same = PlaneKind::Gradient { rule: Rule::Antlr, other: Some(Rule::Antlr) };
        assert!(same.plane(&context).unwrap_err().contains("same direction"));
    }

    #[test]
    fn principal_components_explain_more_than_any_other_plane() {
        let (objective, centre, moments) = run();
        let context = PlaneContext { objective: &objective, centre, moments: &moments, seed: 3 };
        let share = |kind: PlaneKind| {
            let path = super::super::RunPath { name: String::new(), moments: Arc::clone(&moments) };
            super::super::ProjectedPath::new(&kind.plane(&context).unwrap(), &path)
        };
        let best = share(PlaneKind::Path);
        let along = best.along.unwrap();
        assert!((along[0] + along[1] - best.share.unwrap()).abs() < 1e-6 && along[0] >= along[1]);
        for kind in [PlaneKind::Random, PlaneKind::Moments { from: 0, to: 12 }] {
            assert!(share(kind).share < best.share, "{kind:?}");
        }
    }

    #[test]
    fn single_weights_move_alone() {
        let (objective, centre, moments) = run();
        let context = PlaneContext { objective: &objective, centre: Arc::clone(&centre), moments: &moments, seed: 3 };
        let weights = ["0/7/3", "1/2/bias"].map(|text| WeightAt::parse(text).unwrap());
        assert_eq!(weights.map(|w| w.to_string()), ["0/7/3", "1/2/bias"]);
        let plane = PlaneKind::Weights(weights).plane(&context).unwrap();
        let mut at = Params::default();
        plane.at(0.5, -0.25, &mut at);
        let moved: Vec<f32> = at.0.iter().zip(&centre.0).map(|(x, c)| x - c).filter(|x| *x != 0.0).collect();
        assert!(moved.len() == 2 && (moved[0] - 0.5).abs() < 1e-6 && (moved[1] + 0.25).abs() < 1e-6, "{moved:?}");
        let [layer_1, ..] = &objective.net.layers[..] else { unreachable!() };
        assert_eq!(at.0[layer_1.weight_at(7, 3)], centre.0[layer_1.weight_at(7, 3)] + 0.5);
        for wrong in ["9/0/0", "0/50/0", "0/0/50"] {
            let weights = [WeightAt::parse(wrong).unwrap(), weights[0]];
            assert!(PlaneKind::Weights(weights).plane(&context).unwrap_err().contains(wrong));
        }
        assert!(PlaneKind::Weights([weights[0]; 2]).plane(&context).is_err());
        assert!(["", "0/1", "0/1/2/3", "a/b/c", "0/-1/2"].iter().all(|text| WeightAt::parse(text).is_none()));
    }

    #[test]
    fn from_one_moment_through_another() {
        let (objective, centre, moments) = run();
        let context = PlaneContext { objective: &objective, centre, moments: &moments, seed: 3 };
        let plane = PlaneKind::Moments { from: 2, to: 9 }.plane(&context).unwrap();
        let foot = |n: usize| plane.foot(&moments[n].1);
        assert_eq!((plane.centre.digest(), foot(2)), (moments[2].1.digest(), super::super::ProjectedPoint::default()));
        assert!((foot(9).a - 1.0).abs() < 1e-5 && foot(9).b.abs() < 1e-5 && foot(9).distance < 1e-5);
        assert!(cosine(&plane.d1, &plane.d2).abs() < 1e-5);
        assert!(PlaneKind::Moments { from: 2, to: 99 }.plane(&context).unwrap_err().contains("99"));
    }
}
