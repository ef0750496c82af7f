//! Steps in parameter space: the one that was made, and those that a rule would make.

use crate::snn::Params;
use crate::train::Moment;

/// What an update changed, entry by entry.
pub fn difference(before: &Params, after: &Params) -> Params {
    Params(after.0.iter().zip(&before.0).map(|(after, before)| after - before).collect())
}

/// The parameters after a step.
pub fn added(params: &Params, step: &Params) -> Params {
    Params(params.0.iter().zip(&step.0).map(|(p, s)| p + s).collect())
}

/// Euclidean length.
pub fn length(step: &Params) -> f64 {
    step.0.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt()
}

/// The parameters after the update that the optimiser of `moment`, with its own state, would make of `gradient` at
/// learning rate `rate`.
pub fn optimiser_step(moment: &Moment, rate: f64, gradient: &Params) -> Params {
    let mut params = Params::clone(&moment.params);
    moment.optimiser.clone().step(&moment.settings.optimiser, rate, &mut params.0, &gradient.0);
    params
}

/// The step of this `length` against `gradient`; none where that is zero or not finite.
pub fn plain_step(gradient: &Params, length: f64) -> Option<Params> {
    let scale = -length / self::length(gradient);
    let step = |g: &f32| (scale * f64::from(*g)) as f32;
    scale.is_finite().then(|| Params(gradient.0.iter().map(step).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::Isa;
    use crate::train::{Settings, Trainer};

    #[test]
    fn a_plain_step_has_its_length_and_goes_downhill() {
        let gradient = Params(vec![3.0, 0.0, -4.0]);
        let step = plain_step(&gradient, 10.0).unwrap();
        assert_eq!(step.0, [-6.0, 0.0, 8.0]);
        assert_eq!(length(&step), 10.0);
        assert_eq!(plain_step(&Params(vec![0.0; 3]), 1.0), None);
        assert_eq!(plain_step(&Params(vec![f32::NAN; 3]), 1.0), None);
        assert_eq!(difference(&gradient, &added(&gradient, &step)), step);
    }

    #[test]
    fn the_optimisers_own_step_is_the_one_that_the_run_makes() {
        let mut trainer = Trainer::new(Settings::default(), Isa::best());
        (0..5).for_each(|_| trainer.step().unwrap());
        let (moment, rate) = (trainer.moment(), trainer.learning_rate());
        let dynamics = moment.settings.neuron.dynamics(moment.settings.task.steps);
        let setup = super::super::Setup::of(trainer.net(), &dynamics, &moment.settings, trainer.batch(), 0);
        let gradient = setup.gradient(setup.rule, trainer.params(), &mut Default::default());
        let after = optimiser_step(&moment, rate, &gradient);
        trainer.step().unwrap();
        assert_eq!(after.digest(), trainer.params().digest());
    }
}
