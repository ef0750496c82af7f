//! `spikescape probe --explain`: what a plain step of a case's gradient promises, and what comes of it ([model
//! §11](crate::model#11-promised-and-actual-shifts) and [§12](crate::model#12-the-parts-of-a-potential)).

use crate::explain::layer::slope_at;
use crate::explain::potential::Parts;
use crate::explain::step::added;
use crate::explain::{Activity, LayerActivity, Setup};
use crate::snn::{Isa, LayerKind, Params};
use crate::spike::Raster;
use crate::train::pass::{BatchPass, Model};

use super::probe::{Answer, Case};

/// Reads the case in `bytes`, takes the plain step −`eta` · gradient, and gives the bytes of a safetensors file with the
/// tensors of the reference: of both moments `loss`, `steps`, `spikes.l` and `spikes_after.l`, of layers with weights
/// `delta.potential.l`, `promised.shift.l` and `alone.l`, of full connections `parts.l` `[batch, time, out, in + 1]`. Errors
/// are sentences.
pub fn answer(bytes: &[u8], eta: f64) -> Result<Vec<u8>, String> {
    let case = Case::read(bytes)?;
    let dynamics = case.neuron.dynamics(case.time);
    let model = Model { net: &case.net, dynamics: &dynamics, isa: Isa::best() };
    let setup =
        Setup { model, loss: &case.loss, rule: &case.rule, time: case.time, samples: &case.samples, watched: 0 };
    let mut pass = BatchPass::default();
    let gradient = setup.gradient(setup.rule, &case.params, &mut pass);
    let step = Params(gradient.0.iter().map(|g| (-eta * f64::from(*g)) as f32).collect());
    let after = added(&case.params, &step);
    let setups: Vec<Setup> = (0..case.samples.len()).map(|watched| Setup { watched, ..setup }).collect();
    let [was, is] = [&case.params, &after].map(|p| setups.iter().map(|s| s.run(p, &mut pass)).collect::<Vec<_>>());
    let explained = Explained { setups, was, is, before: &case.params, after: &after, step: &step };
    explained.tensors().bytes()
}

/// Every sample of a case before and after the step.
struct Explained<'a> {
    setups: Vec<Setup<'a>>,
    was: Vec<Activity>,
    is: Vec<Activity>,
    before: &'a Params,
    after: &'a Params,
    step: &'a Params,
}

impl Explained<'_> {
    fn tensors(&self) -> Answer {
        let mut out = Answer::default();
        let both = [&self.was[0], &self.is[0]];
        out.floats("loss".into(), vec![2], both.map(|a| a.loss as f32));
        out.whole("steps", &both.map(|a| a.steps as i64));
        for (index, layer) in self.setups[0].model.net.layers.iter().enumerate() {
            for (name, activities) in [("spikes", &self.was), ("spikes_after", &self.is)] {
                let values = activities.iter().flat_map(|a| dense(&a.layers[index]));
                let shape = [&[activities.len(), activities[0].steps], layer.to.dims()].concat();
                out.floats(format!("{name}.{index}"), shape, values);
            }
            if layer.has_weights() {
                self.layer(index, &mut out);
            }
        }
        out
    }

    /// The tensors of one layer with weights.
    fn layer(&self, index: usize, out: &mut Answer) {
        let layers: Vec<LayerActivity> = self.setups.iter().zip(&self.was).map(|(s, a)| s.layer(a, index)).collect();
        let layer = layers[0].layer();
        let shape = [&[layers.len(), layers[0].steps()], layer.to.dims()].concat();
        let [mut shifts, mut promised, mut alone] = [(); 3].map(|()| Vec::new());
        for at in &layers {
            let (potential, shift) = (at.alone(self.before).potential, at.potential_shift(self.step));
            for t in 0..at.steps() {
                for unit in 0..layer.outputs {
                    let place = layer.place(unit);
                    let delta = shift[t * layer.stride + place];
                    let slope = slope_at(&potential, layer.stride, place, t);
                    shifts.push(delta);
                    promised.push(if at.spikes.contains(t, unit as u32) { -delta / slope } else { 0.0 });
                }
            }
            alone.extend(dense(&at.alone(self.after).spikes));
        }
        out.floats(format!("delta.potential.{index}"), shape.clone(), shifts);
        out.floats(format!("promised.shift.{index}"), shape.clone(), promised);
        out.floats(format!("alone.{index}"), shape, alone);
        if let LayerKind::Fc { out: neurons } = layer.kind {
            let shape = vec![layers.len(), layers[0].steps(), neurons, layer.inputs + 1];
            out.floats(format!("parts.{index}"), shape, layers.iter().flat_map(|at| self.parts(*at)));
        }
    }

    /// `[time, out, in + 1]` of one sample, the bias last.
    fn parts(&self, at: LayerActivity) -> Vec<f32> {
        let (neurons, row) = (at.layer().outputs, at.layer().inputs + 1);
        let mut all = vec![0.0; at.steps() * neurons * row];
        for unit in 0..neurons {
            let parts = Parts::of(at, self.before, unit);
            let mut put = |input: usize, values: &[f32]| {
                let places = all[unit * row + input..].iter_mut().step_by(neurons * row);
                places.zip(values).for_each(|(place, value)| *place = *value);
            };
            parts.inputs.iter().for_each(|part| put(part.input as usize, &part.potential));
            put(row - 1, &parts.bias);
        }
        all
    }
}

/// `[time, unit]`, row by row.
fn dense(raster: &Raster) -> Vec<f32> {
    let mut dense = vec![0.0; raster.steps() * raster.units()];
    for t in 0..raster.steps() {
        raster.weighted(t).for_each(|(unit, value)| dense[t * raster.units() + unit as usize] = value);
    }
    dense
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The promise of [model §12](crate::model#12-the-parts-of-a-potential), for every neuron of every kind of layer in
    /// every case.
    #[test]
    fn the_parts_of_every_potential_add_up_to_it() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
        let (mut neurons, mut worst) = (0, 0.0f32);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if !path.to_string_lossy().ends_with(".case.safetensors") {
                continue;
            }
            let case = Case::read(&std::fs::read(&path).unwrap()).unwrap();
            let dynamics = case.neuron.dynamics(case.time);
            let model = Model { net: &case.net, dynamics: &dynamics, isa: Isa::best() };
            let (loss, rule, time) = (&case.loss, &case.rule, case.time);
            let setup = Setup { model, loss, rule, time, samples: &case.samples, watched: case.samples.len() - 1 };
            let activity = setup.run(&case.params, &mut BatchPass::default());
            for index in setup.neurons() {
                let at = setup.layer(&activity, index);
                for unit in 0..at.layer().outputs {
                    let (v, sum) = (at.potential(&case.params, unit), Parts::of(at, &case.params, unit).sum());
                    assert_eq!(v.len(), sum.len());
                    let off = v.iter().zip(&sum).fold(0.0f32, |worst, (v, sum)| worst.max((v - sum).abs()));
                    assert!(off < 1e-5, "{}: layer {index}, neuron {unit} is off by {off:e}", path.display());
                    (neurons, worst) = (neurons + 1, worst.max(off));
                }
            }
        }
        assert!(neurons > 5000, "{neurons}");
        println!("{neurons} neurons, worst difference {worst:e}");
    }
}
