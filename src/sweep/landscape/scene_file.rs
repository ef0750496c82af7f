//! A scene as a safetensors file: centre and directions under `centre.`, `direction_1.` and `direction_2.` as weights are
//! written everywhere; the path's numbers; the samples as their events; the rest as JSON under the metadata key `spikescape`.

use std::collections::HashMap;
use std::sync::Arc;

use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};
use serde::{Deserialize, Serialize};

use crate::landscape::{Measurement, Objective, PathLoss, Plane, ProjectedMoment, ProjectedPath, ProjectedPoint};
use crate::record::tensors;
use crate::snn::{Isa, Network, Params};
use crate::spike::{Raster, Sample, Target};
use crate::train::Settings;

use super::super::serial;
use super::scene::{LandscapeAsk, LandscapeScene};

const FORMAT: &str = "spikescape scene 1";
const KEY: &str = "spikescape";

/// What is no array.
#[derive(Serialize, Deserialize)]
struct SceneFacts {
    format: String,
    #[serde(with = "serial::settings")]
    settings: Settings,
    ask: LandscapeAsk,
    run_update: u64,
    centre_update: u64,
    together: usize,
    watched: usize,
    path_name: String,
    /// Numbers as texts, so that no bit is lost.
    path_share: Option<String>,
    path_along: Option<[String; 2]>,
}

/// Arrays on their way into a file.
#[derive(Default)]
struct Arrays(Vec<(String, Dtype, Vec<usize>, Vec<u8>)>);

impl Arrays {
    fn params(&mut self, prefix: &str, net: &Network, params: &Params) {
        for (l, layer) in net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
            let biases = params.0[layer.biases()][..layer.filters()].iter().copied();
            let weight = tensors::bytes(layer.export_weights(params));
            self.0.push((format!("{prefix}{l}.weight"), Dtype::F32, layer.weight_shape(), weight));
            self.0.push((format!("{prefix}{l}.bias"), Dtype::F32, vec![layer.filters()], tensors::bytes(biases)));
        }
    }

    fn list<T, const N: usize>(&mut self, name: &str, kind: Dtype, values: &[T], bytes: impl Fn(&T) -> [u8; N]) {
        self.0.push((name.to_owned(), kind, vec![values.len()], values.iter().flat_map(bytes).collect()));
    }

    fn reals(&mut self, name: &str, values: impl Iterator<Item = f64>) {
        self.list(name, Dtype::F64, &values.collect::<Vec<_>>(), |x| x.to_le_bytes());
    }

    fn wholes(&mut self, name: &str, values: impl Iterator<Item = u64>) {
        self.list(name, Dtype::U64, &values.collect::<Vec<_>>(), |x| x.to_le_bytes());
    }

    fn path(&mut self, scene: &LandscapeScene) {
        let (points, losses) = (&scene.path.points, &scene.path_losses);
        self.wholes("path.update", points.iter().map(|p| p.update));
        self.reals("path.a", points.iter().map(|p| p.foot.a));
        self.reals("path.b", points.iter().map(|p| p.foot.b));
        self.reals("path.distance", points.iter().map(|p| p.foot.distance));
        self.reals("path.loss", losses.iter().map(|l| l.own));
        self.reals("path.foot_loss", losses.iter().map(|l| l.foot));
    }

    /// Rasters one after the other: units and steps of each, where each of its steps ends, and its events.
    fn rasters<'a>(&mut self, name: &str, rasters: impl Iterator<Item = &'a Raster> + Clone) {
        self.wholes(&format!("{name}.sizes"), rasters.clone().flat_map(|r| [r.units() as u64, r.steps() as u64]));
        let ends = |r: &'a Raster| (0..r.steps()).map(move |t| (r.start(t) + r.at(t).len()) as u32);
        let ends: Vec<u32> = rasters.clone().flat_map(ends).collect();
        self.list(&format!("{name}.ends"), Dtype::U32, &ends, |n| n.to_le_bytes());
        let units: Vec<u32> = rasters.clone().flat_map(Raster::units_of_events).copied().collect();
        self.list(&format!("{name}.units"), Dtype::U32, &units, |n| n.to_le_bytes());
        let graded = rasters.clone().any(Raster::is_graded);
        let values = |r: &'a Raster| (0..r.steps()).flat_map(move |t| r.weighted(t).map(|(_, value)| value));
        let values: Vec<f32> = if graded { rasters.flat_map(values).collect() } else { Vec::new() };
        self.list(&format!("{name}.values"), Dtype::F32, &values, |x| x.to_le_bytes());
    }
}

impl LandscapeScene {
    /// The file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, String> {
        let (objective, plane) = (&self.measurement.objective, &self.measurement.plane);
        let mut arrays = Arrays::default();
        for (prefix, params) in [("centre.", &*plane.centre), ("direction_1.", &plane.d1), ("direction_2.", &plane.d2)]
        {
            arrays.params(prefix, &objective.net, params);
        }
        arrays.path(self);
        arrays.rasters("input", objective.samples.iter().map(|s| &s.input));
        arrays.rasters("target", objective.samples.iter().map(|s| &s.target.spikes));
        arrays.wholes("labels", objective.samples.iter().map(|s| s.target.label as u64));
        let text = |x: f64| format!("{x:?}");
        let facts = SceneFacts {
            format: FORMAT.into(),
            settings: self.settings().clone(),
            ask: self.ask.clone(),
            run_update: self.run_update,
            centre_update: self.centre_update,
            together: objective.together,
            watched: objective.watched,
            path_name: self.path.name.clone(),
            path_share: self.path.share.map(text),
            path_along: self.path.along.map(|along| along.map(text)),
        };
        let failed = |e: &dyn std::fmt::Display| format!("The file of the landscape's scene cannot be made: {e}.");
        let facts = serde_json::to_string(&facts).map_err(|e| failed(&e))?;
        let mut views = Vec::with_capacity(arrays.0.len());
        for (name, kind, shape, bytes) in &arrays.0 {
            let view = TensorView::new(*kind, shape.clone(), bytes).map_err(|e| failed(&e))?;
            views.push((name.as_str(), view));
        }
        serialize(views, Some(HashMap::from([(KEY.to_owned(), facts)]))).map_err(|e| failed(&e))
    }

    /// Reads the file; `name` is what messages call it.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, String> {
        let scene = || {
            let file = SafeTensors::deserialize(bytes).map_err(|e| e.to_string())?;
            let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| e.to_string())?;
            let text = header.metadata().as_ref().and_then(|m| m.get(KEY)).ok_or("it does not say what it is")?;
            let facts: SceneFacts = serde_json::from_str(text).map_err(|e| e.to_string())?;
            if facts.format != FORMAT {
                return Err(format!("its format is \"{}\", and \"{FORMAT}\" was expected", facts.format));
            }
            Stored { file: &file }.scene(facts)
        };
        scene().map_err(|what: String| {
            format!("{name} is not a whole scene of a landscape: {what}. Copy the file of the plan again, or make the plan anew.")
        })
    }
}

/// A file that is being read.
struct Stored<'a> {
    file: &'a SafeTensors<'a>,
}

impl Stored<'_> {
    fn scene(&self, facts: SceneFacts) -> Result<LandscapeScene, String> {
        let net = facts.settings.network().map_err(|misfit| misfit.sentence)?;
        let read = |prefix: &str| tensors::read(prefix, self.file, &net);
        let plane = Plane { centre: Arc::new(read("centre.")?), d1: read("direction_1.")?, d2: read("direction_2.")? };
        let samples = self.samples()?;
        if samples.is_empty() || facts.watched >= samples.len() || facts.together == 0 {
            return Err("it has no samples".into());
        }
        let (path, path_losses) = self.path(&facts)?;
        let objective = Objective {
            net: Arc::new(net),
            settings: Arc::new(facts.settings),
            samples: Arc::new(samples),
            together: facts.together,
            watched: facts.watched,
            isa: Isa::best(),
        };
        Ok(LandscapeScene {
            measurement: Measurement { objective, plane: Arc::new(plane), fields: facts.ask.fields },
            ask: facts.ask,
            run_update: facts.run_update,
            centre_update: facts.centre_update,
            path,
            path_losses,
        })
    }

    fn list<T, const N: usize>(&self, name: &str, kind: Dtype, value: impl Fn([u8; N]) -> T) -> Result<Vec<T>, String> {
        let view = self.file.tensor(name).map_err(|_| format!("there is no array {name}"))?;
        if view.dtype() != kind {
            return Err(format!("the array {name} is {}, and {kind} was expected", view.dtype()));
        }
        Ok(view.data().as_chunks().0.iter().map(|&bytes| value(bytes)).collect())
    }

    fn reals(&self, name: &str) -> Result<Vec<f64>, String> {
        self.list(name, Dtype::F64, f64::from_le_bytes)
    }

    fn wholes(&self, name: &str) -> Result<Vec<u64>, String> {
        self.list(name, Dtype::U64, u64::from_le_bytes)
    }

    fn path(&self, facts: &SceneFacts) -> Result<(ProjectedPath, Vec<PathLoss>), String> {
        let updates = self.wholes("path.update")?;
        let [a, b, distance] = ["a", "b", "distance"].map(|name| self.reals(&format!("path.{name}")));
        let (a, b, distance) = (a?, b?, distance?);
        let (own, foot) = (self.reals("path.loss")?, self.reals("path.foot_loss")?);
        let whole = [a.len(), b.len(), distance.len()] == [updates.len(); 3]
            && own.len() == foot.len()
            && (own.is_empty() || own.len() == updates.len());
        if !whole {
            return Err("the arrays of its path differ in length".into());
        }
        let placed = |n: usize| ProjectedMoment {
            update: updates[n],
            foot: ProjectedPoint { a: a[n], b: b[n], distance: distance[n] },
        };
        let losses = own.iter().zip(&foot).zip(&updates);
        let losses = losses.map(|((own, foot), update)| PathLoss { update: *update, own: *own, foot: *foot }).collect();
        let number = |text: &String| text.parse::<f64>().map_err(|_| format!("{text} is not a number"));
        let along = match &facts.path_along {
            Some([first, second]) => Some([number(first)?, number(second)?]),
            None => None,
        };
        let path = ProjectedPath {
            name: facts.path_name.clone(),
            points: (0..updates.len()).map(placed).collect(),
            share: facts.path_share.as_ref().map(number).transpose()?,
            along,
        };
        Ok((path, losses))
    }

    fn samples(&self) -> Result<Vec<Sample>, String> {
        let (inputs, targets, labels) = (self.rasters("input")?, self.rasters("target")?, self.wholes("labels")?);
        if inputs.len() != targets.len() || inputs.len() != labels.len() {
            return Err("the arrays of its samples differ in length".into());
        }
        let sample = |((input, spikes), label): ((Raster, Raster), u64)| Sample {
            input,
            target: Target { spikes, label: label as usize },
        };
        Ok(inputs.into_iter().zip(targets).zip(labels).map(sample).collect())
    }

    fn rasters(&self, name: &str) -> Result<Vec<Raster>, String> {
        let sizes = self.wholes(&format!("{name}.sizes"))?;
        let ends = self.list(&format!("{name}.ends"), Dtype::U32, u32::from_le_bytes)?;
        let units = self.list(&format!("{name}.units"), Dtype::U32, u32::from_le_bytes)?;
        let values = self.list(&format!("{name}.values"), Dtype::F32, f32::from_le_bytes)?;
        let damaged = || format!("the events of {name} are not whole");
        let (mut rasters, mut ends, mut first) = (Vec::new(), ends.into_iter(), 0);
        for &[width, steps] in sizes.as_chunks().0 {
            let mut raster = Raster::new(width as usize);
            let mut last = 0;
            for _ in 0..steps {
                let end = ends.next().ok_or_else(damaged)? as usize;
                for at in last..end {
                    let unit = *units.get(first + at).filter(|unit| u64::from(**unit) < width).ok_or_else(damaged)?;
                    match values.get(first + at) {
                        Some(value) => raster.push_graded(unit, *value),
                        None => raster.push(unit),
                    }
                }
                raster.end_step();
                last = last.max(end);
            }
            first += last;
            rasters.push(raster);
        }
        if first == units.len() && ends.next().is_none() { Ok(rasters) } else { Err(damaged()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::LandscapeSubject;
    use super::*;
    use crate::landscape::{LossSamples, MeasurementScratch, PlaneKind};
    use crate::task::TaskKind;

    fn ask(plane: PlaneKind) -> LandscapeAsk {
        LandscapeAsk {
            plane,
            centre: None,
            directions: 3,
            points: 5,
            range: vec![0.7],
            cut: false,
            over: LossSamples::Batch,
            fields: true,
            log: false,
        }
    }

    fn scene(settings: Settings) -> LandscapeScene {
        let subject = LandscapeSubject::trained(settings, 12, || true).unwrap();
        LandscapeScene::prepare(&subject, ask(PlaneKind::Path), || false).unwrap().unwrap()
    }

    #[test]
    fn a_scene_reads_back_and_measures_the_same_bits() {
        let mut points = Settings::default();
        points.task.set_kind(TaskKind::YinYang);
        points.task.train_samples = 60;
        for settings in [Settings::default(), points] {
            let before = scene(settings);
            let after = LandscapeScene::from_bytes("scene", &before.to_bytes().unwrap()).unwrap();
            assert_eq!((&after.ask, &after.path, &after.path_losses), (&before.ask, &before.path, &before.path_losses));
            assert_eq!((after.run_update, after.centre_update), (12, 12));
            assert_eq!(after.measurement.objective.samples, before.measurement.objective.samples);
            let measured = |scene: &LandscapeScene| {
                let at: Vec<[f32; 2]> = scene.ask.order().iter().map(|&p| scene.ask.at(p)).collect();
                format!("{:?}", scene.measurement.measure(&MeasurementScratch::default(), &at))
            };
            assert_eq!(measured(&before), measured(&after));
        }
    }

    #[test]
    fn damaged_scenes_are_refused() {
        let bytes = scene(Settings::default()).to_bytes().unwrap();
        for wrong in [&bytes[..bytes.len() / 2], b"", b"12345678{}"] {
            let problem = LandscapeScene::from_bytes("x.safetensors", wrong).unwrap_err();
            assert!(problem.starts_with("x.safetensors is not a whole scene"), "{problem}");
        }
    }

    #[test]
    fn graded_events_keep_their_values() {
        let mut raster = Raster::new(4);
        raster.push_graded(1, 0.5);
        raster.push_graded(3, 0.25);
        raster.end_step();
        raster.end_step();
        let mut arrays = Arrays::default();
        let both = [raster.clone(), raster];
        arrays.rasters("x", both.iter());
        let views = arrays.0.iter().map(|(n, k, s, b)| (n.as_str(), TensorView::new(*k, s.clone(), b).unwrap()));
        let bytes = serialize(views, None).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        assert_eq!(Stored { file: &file }.rasters("x").unwrap(), both);
    }
}
