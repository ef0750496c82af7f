//! The loss at the points of a grid.

use std::cell::RefCell;
use std::sync::Arc;

use rayon::prelude::*;

use crate::snn::{Dynamics, Isa, Network, Params};
use crate::spike::Sample;
use crate::train::Settings;
use crate::train::pass::{Model, Pass};

use super::{Grid, Plane};

/// What is measured where: everything that the loss at a point depends on.
#[derive(Clone, Debug)]
pub struct Survey {
    pub net: Arc<Network>,
    pub settings: Arc<Settings>,
    /// The batch whose loss is taken.
    pub samples: Arc<Vec<Sample>>,
    pub plane: Arc<Plane>,
    pub grid: Grid,
    pub isa: Isa,
}

/// Work memory of one thread.
#[derive(Default)]
struct Bench {
    params: Params,
    pass: Pass,
}

thread_local! {
    static BENCH: RefCell<(usize, Bench)> = RefCell::default();
}

impl Survey {
    /// The losses at the points with the numbers `indices`, in their order; in parallel on the rayon pool at hand.
    pub fn losses(&self, indices: &[u32]) -> Vec<f64> {
        let dynamics = self.settings.neuron.dynamics(self.settings.task.steps);
        indices.par_iter().map(|&i| self.loss(&dynamics, i as usize)).collect()
    }

    fn loss(&self, dynamics: &Dynamics, index: usize) -> f64 {
        BENCH.with_borrow_mut(|(owner, bench)| {
            // work memory fits one network: another one's is thrown away
            let net = Arc::as_ptr(&self.net) as usize;
            if *owner != net {
                (*owner, *bench) = (net, Bench::default());
            }
            let (a, b) = self.grid.point(index);
            self.isa.run(
                #[inline(always)]
                || self.plane.at(a, b, &mut bench.params),
            );
            let model = Model { net: &self.net, dynamics, isa: self.isa };
            let (loss, time) = (&self.settings.loss, self.settings.task.steps);
            bench.pass.forward(model, &bench.params, &self.samples, loss, time)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Trainer;

    #[test]
    fn the_centre_has_the_loss_of_the_run_to_the_bit() {
        let mut trainer = Trainer::new(Settings::default(), Isa::best());
        for _ in 0..20 {
            trainer.step().unwrap();
        }
        let centre = Arc::new(trainer.params().clone());
        let survey = Survey {
            net: Arc::clone(trainer.net()),
            settings: Arc::new(trainer.settings().clone()),
            samples: Arc::clone(trainer.batch()),
            plane: Arc::new(Plane::random(trainer.net(), centre, 4)),
            grid: Grid { points: 5, range: 0.5 },
            isa: Isa::best(),
        };
        let losses = survey.losses(&survey.grid.order());
        let middle = survey.grid.order().iter().position(|&i| i == 12).unwrap();
        assert_eq!(losses[middle].to_bits(), trainer.loss().to_bits());
        assert!(losses.iter().any(|l| *l != trainer.loss()), "the landscape is not flat everywhere");
    }
}
