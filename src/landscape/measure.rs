//! Measuring: the loss, what each rule sees, and the spikes, at points of a plane.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::rule::Rule;
use crate::snn::{Dynamics, Params};
use crate::spike::changes::LayerChanges;
use crate::spike::{Changes, Raster, ShiftCost, Trains, changes};

use super::scratch::{PointScratch, ScratchPool};
use super::{Objective, Plane};

/// What is measured where.
#[derive(Clone, Debug)]
pub struct Measurement {
    pub objective: Objective,
    pub plane: Arc<Plane>,
    /// Whether each rule's gradient is asked for: three passes backward for each point.
    pub fields: bool,
}

/// What was measured at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasuredPoint {
    pub loss: f64,
    /// For each rule of [`Rule::ALL`] its gradient g projected on the plane, (⟨g, d1⟩, ⟨g, d2⟩), uphill, without clipping and without
    /// timing penalty; NaN where it was not asked for.
    pub fields: [[f32; 2]; 3],
    /// Spikes of all neurons on all samples.
    pub spikes: u32,
    /// Of these, those of the last layer.
    pub output_spikes: u32,
    /// A fingerprint of the output rasters of all samples: equal where they are.
    pub region: u64,
    /// The same of the watched sample's output alone: the key under which a [`MeasurementScratch`] hands out its spike trains.
    pub output: u64,
}

/// Work memory of a measurement, and the output spike trains of the watched sample that it came upon. It fits one network.
#[derive(Debug, Default)]
pub struct MeasurementScratch {
    pool: ScratchPool,
    outputs: Mutex<BTreeMap<u64, Option<Arc<Trains>>>>,
}

impl MeasurementScratch {
    /// The output spike trains of the watched sample, by unit, that were met for the first time since this was asked
    /// last, each with its [`MeasuredPoint::output`]; in the order of these numbers.
    pub fn new_outputs(&self) -> Vec<(u64, Arc<Trains>)> {
        let mut outputs = self.outputs.lock().unwrap_or_else(PoisonError::into_inner);
        outputs.iter_mut().filter_map(|(key, trains)| Some((*key, trains.take()?))).collect()
    }

    fn keep(&self, key: u64, output: &Raster) {
        let mut outputs = self.outputs.lock().unwrap_or_else(PoisonError::into_inner);
        outputs.entry(key).or_insert_with(|| Some(Arc::new(output.trains())));
    }
}

/// The spikes at one point beside those at another.
#[derive(Clone, Debug)]
pub struct PointSpikes {
    pub at: [f32; 2],
    pub point: MeasuredPoint,
    /// The watched sample's spikes at the point, from the first layer to the output.
    pub spikes: Vec<Raster>,
    /// The same at the other point.
    pub beside: Vec<Raster>,
    /// What the way from the other point to this one did to them, layers that only pass on left out.
    pub changes: Changes,
    /// Steps that counted at the point.
    pub steps: usize,
}

impl Measurement {
    /// Measures at the points `at` = (a, b), in their order; in parallel on the rayon pool at hand.
    pub fn measure(&self, scratch: &MeasurementScratch, at: &[[f32; 2]]) -> Vec<MeasuredPoint> {
        let dynamics = self.objective.dynamics();
        let one = |&at: &[f32; 2]| scratch.pool.with(|point_scratch| self.point(&dynamics, at, scratch, point_scratch));
        at.par_iter().map(one).collect()
    }

    /// The losses alone, at any parameters.
    pub fn losses_at(&self, scratch: &MeasurementScratch, params: &[&Params]) -> Vec<f64> {
        let dynamics = self.objective.dynamics();
        let one = |params: &&Params| {
            scratch.pool.with(|point_scratch| self.objective.loss_at(&dynamics, params, point_scratch))
        };
        params.par_iter().map(one).collect()
    }

    fn go_to(&self, [a, b]: [f32; 2], params: &mut Params) {
        self.objective.isa.run(
            #[inline(always)]
            || self.plane.at(a, b, params),
        );
    }

    fn point(
        &self,
        dynamics: &Dynamics,
        at: [f32; 2],
        scratch: &MeasurementScratch,
        point_scratch: &mut PointScratch,
    ) -> MeasuredPoint {
        let o = &self.objective;
        let (model, loss, time) = (o.model(dynamics), &o.settings.loss, o.settings.task.steps);
        self.go_to(at, &mut point_scratch.params);
        let PointScratch { params, gradient, pass } = point_scratch;
        let mut point =
            MeasuredPoint { loss: 0.0, fields: [[f32::NAN; 2]; 3], spikes: 0, output_spikes: 0, region: 0, output: 0 };
        let mut fields = [[0.0; 2]; 3];
        for (share, first, batch) in o.batches() {
            point.loss += share * pass.forward(model, params, batch, loss, time);
            for (n, trace) in pass.traces().iter().enumerate() {
                let neurons = trace.layers.iter().zip(&o.net.layers).filter(|(_, layer)| layer.has_weights());
                point.spikes += neurons.map(|(layer, _)| layer.spikes.len() as u32).sum::<u32>();
                point.output_spikes += trace.output().len() as u32;
                let output = fingerprint(trace.output());
                point.region = mixed(point.region ^ output);
                if first + n == o.watched {
                    point.output = output;
                    scratch.keep(output, trace.output());
                }
            }
            if self.fields {
                gradient.0.resize(params.0.len(), 0.0);
                for (field, rule) in fields.iter_mut().zip(Rule::ALL) {
                    // what is no number stays to be seen in the field
                    let _ = pass.backward(model, params, batch, &o.plain(rule), gradient);
                    let along = o.isa.run(
                        #[inline(always)]
                        || self.plane.along(gradient),
                    );
                    field.iter_mut().zip(along).for_each(|(f, x)| *f += share * x);
                }
            }
        }
        if self.fields {
            point.fields = fields.map(|field| field.map(|x| x as f32));
        }
        point
    }

    /// Looks at the spikes of one point beside those of another; `q` is the price of a shift ([model
    /// §8](crate::model#8-spike-changes)).
    pub fn look(&self, scratch: &MeasurementScratch, at: [f32; 2], beside: [f32; 2], q: ShiftCost) -> PointSpikes {
        let dynamics = self.objective.dynamics();
        scratch.pool.with(|point_scratch| {
            let (beside, _) = self.spikes(&dynamics, beside, point_scratch);
            let point = self.point(&dynamics, at, scratch, point_scratch);
            let (spikes, steps) = self.spikes(&dynamics, at, point_scratch);
            let mut changes = changes(&beside, &spikes, q);
            for (layer, _) in
                changes.layers.iter_mut().zip(&self.objective.net.layers).filter(|(_, l)| !l.has_weights())
            {
                *layer = LayerChanges::default();
            }
            PointSpikes { at, point, spikes, beside, changes, steps }
        })
    }

    /// The watched sample's spikes at a point, run with its batch, and the steps that counted.
    fn spikes(&self, dynamics: &Dynamics, at: [f32; 2], point_scratch: &mut PointScratch) -> (Vec<Raster>, usize) {
        let o = &self.objective;
        self.go_to(at, &mut point_scratch.params);
        let holds = |(_, first, batch): &(f64, usize, &[_])| (*first..first + batch.len()).contains(&o.watched);
        let (_, first, batch) = o.batches().find(holds).expect("the watched sample is one of the samples");
        let (loss, time) = (&o.settings.loss, o.settings.task.steps);
        point_scratch.pass.forward(o.model(dynamics), &point_scratch.params, batch, loss, time);
        let layers = &point_scratch.pass.traces()[o.watched - first].layers;
        (layers.iter().map(|layer| layer.spikes.clone()).collect(), point_scratch.pass.steps)
    }
}

/// A fingerprint of the spikes of one raster.
fn fingerprint(raster: &Raster) -> u64 {
    let event = |print, (step, unit): (usize, u32)| mixed(print ^ ((step as u64) << 32 | u64::from(unit)));
    raster.iter().fold(mixed(raster.len() as u64), event)
}

/// Every bit of the input changes about half of the output (the last step of SplitMix64 by Steele, Lea and Flood).
fn mixed(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landscape::{Grid, Landscape};
    use crate::loss::LossKind;
    use crate::snn::Isa;
    use crate::train::{Settings, Trainer};

    /// A measurement around a run after some updates.
    fn measurement(settings: Settings, isa: Isa) -> (Trainer, Measurement) {
        let mut trainer = Trainer::new(settings, isa);
        (0..20).for_each(|_| trainer.step().unwrap());
        let (centre, settings) = (Arc::new(trainer.params().clone()), Arc::new(trainer.settings().clone()));
        let objective = Objective::of_batch(trainer.net(), &settings, trainer.batch(), isa);
        let plane = Arc::new(Plane::random(trainer.net(), centre, 4));
        (trainer, Measurement { objective, plane, fields: true })
    }

    fn places(grid: Grid) -> Vec<[f32; 2]> {
        (0..grid.len()).map(|k| grid.point(k).into()).collect()
    }

    fn several() -> Settings {
        let mut settings = Settings::default();
        settings.task.pairs = 5;
        settings
    }

    #[test]
    fn the_centre_has_the_loss_of_the_run_to_the_bit() {
        for kind in LossKind::ALL {
            let mut settings = several();
            settings.loss.kind = kind;
            let (trainer, measurement) = measurement(settings, Isa::best());
            let points = measurement.measure(&MeasurementScratch::default(), &places(Grid { points: 5, range: 0.5 }));
            assert_eq!(points[12].loss.to_bits(), trainer.loss().to_bits());
            assert_eq!(measurement.objective.loss(trainer.params()).to_bits(), trainer.loss().to_bits());
            assert!(points.iter().any(|p| p.loss != trainer.loss()), "the landscape is not flat everywhere");
        }
    }

    #[test]
    fn a_field_is_the_gradient_projected_without_clip_and_penalty() {
        let mut settings = several();
        settings.rule.grad_clip = crate::rule::Switched::on(1e-3);
        let (trainer, measurement) = measurement(settings, Isa::best());
        let point = measurement.measure(&MeasurementScratch::default(), &[[0.0; 2]])[0];
        for (rule, field) in Rule::ALL.into_iter().zip(point.fields) {
            let gradient = measurement.objective.gradient(rule, trainer.params());
            assert!(gradient.0.iter().any(|g| g.abs() > 1e-3), "{rule}");
            for (found, d) in field.into_iter().zip([&measurement.plane.d1, &measurement.plane.d2]) {
                let dot: f64 = gradient.0.iter().zip(&d.0).map(|(g, d)| f64::from(*g) * f64::from(*d)).sum();
                assert!((f64::from(found) - dot).abs() <= 1e-6 * dot.abs(), "{rule} {found} {dot}");
            }
        }
    }

    #[test]
    fn batches_of_a_set_are_weighed_by_their_samples() {
        let (_, whole) = measurement(several(), Isa::best());
        let mut parts = whole.clone();
        parts.objective.together = 2;
        let at = places(Grid { points: 3, range: 1.0 });
        let (whole, parts) =
            (whole.measure(&MeasurementScratch::default(), &at), parts.measure(&MeasurementScratch::default(), &at));
        for (w, p) in whole.iter().zip(&parts) {
            assert!((w.loss - p.loss).abs() < 1e-12 * w.loss);
            assert_eq!(
                (w.spikes, w.output_spikes, w.region, w.output),
                (p.spikes, p.output_spikes, p.region, p.output)
            );
            let near = |x: f32, y: f32| (x - y).abs() < 1e-4 * x.abs().max(1.0);
            assert!(w.fields.iter().flatten().zip(p.fields.iter().flatten()).all(|(x, y)| near(*x, *y)), "{w:?} {p:?}");
        }
    }

    #[test]
    fn same_bits_on_any_number_of_threads_and_with_every_instruction_set() {
        // large enough that the samples of a batch are shared out among threads, too
        let mut settings = several();
        settings.network.hidden = crate::train::settings::NetworkSettings::fc(&[150, 60]);
        let at = places(Grid { points: 3, range: 1.0 });
        let bits = |threads: usize, isa: Isa| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let (_, measurement) = measurement(settings.clone(), isa);
            let points = pool.install(|| measurement.measure(&MeasurementScratch::default(), &at));
            let fields = |p: &MeasuredPoint| p.fields.as_flattened().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            points.iter().map(|p| (p.loss.to_bits(), fields(p), p.region)).collect::<Vec<_>>()
        };
        let expected = bits(1, Isa::best());
        for threads in [2, 5] {
            assert_eq!(bits(threads, Isa::best()), expected, "{threads} threads");
        }
        for isa in Isa::available() {
            assert_eq!(bits(2, isa), expected, "{}", isa.name());
        }
    }

    #[test]
    fn every_output_is_kept_once_and_found_again() {
        let (_, measurement) = measurement(Settings::default(), Isa::best());
        let (grid, scratch) = (Grid { points: 7, range: 1.0 }, MeasurementScratch::default());
        let mut landscape = Landscape::new(grid);
        for (half, numbers) in [(0..20u32), (20..49)].into_iter().enumerate() {
            let at: Vec<[f32; 2]> = numbers.clone().map(|k| grid.point(k as usize).into()).collect();
            let points: Vec<(u32, MeasuredPoint)> = numbers.zip(measurement.measure(&scratch, &at)).collect();
            landscape.take(&points, &scratch.new_outputs());
            assert_eq!((landscape.is_whole(), scratch.new_outputs()), (half == 1, vec![]));
        }
        for (k, point) in landscape.points.iter().enumerate() {
            let look =
                measurement.look(&MeasurementScratch::default(), grid.point(k).into(), [0.0; 2], ShiftCost::default());
            let (trains, output) = (&landscape.outputs[&point.unwrap().output], look.spikes.last().unwrap());
            assert_eq!((**trains).clone(), output.trains());
            assert_eq!(landscape.spike_steps(2, 1)[k], Some(trains.of(2).get(1).copied()));
            assert_eq!(point.unwrap(), look.point);
        }
        assert!(landscape.outputs.len() > 5);
        assert_eq!(landscape.spike_steps(99, 0)[0], Some(None), "there is no such output");
    }

    #[test]
    fn a_look_at_the_centre_sees_no_change_and_one_elsewhere_does() {
        let (trainer, measurement) = measurement(Settings::default(), Isa::best());
        let look = |at| measurement.look(&MeasurementScratch::default(), at, [0.0; 2], ShiftCost::default());
        let here = look([0.0; 2]);
        assert_eq!(here.changes.total().distance(ShiftCost::default()), 0.0);
        assert!(here.spikes.iter().eq(trainer.spikes()) && here.beside == here.spikes);
        let there = look([1.0, -1.0]);
        assert_eq!(there.beside, here.spikes);
        assert_ne!(there.spikes, here.spikes);
        assert!(there.changes.layers.iter().any(|l| !l.edits.is_empty()));
    }
}
