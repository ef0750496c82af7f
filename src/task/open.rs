//! From settings to a task: files are looked for and read, or samples drawn.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::file::{Progress, ReadError};
use crate::spike::{Sample, Shape};

use super::digits::Digits;
use super::images::Images;
use super::nmnist::Recordings;
use super::own::{LabelledTrains, SpikeTrains, TrainPairs, TrainsRole, shd};
use super::seed::Purpose;
use super::yin_yang::YinYang;
use super::{Set, Source, Split, Task, TaskKind, TaskSettings, picture, random};

/// Digits for training and validation, and for the test, where the settings do not say.
const DIGITS: [usize; 2] = [6000, 1000];
/// The same of Yin-Yang, as published.
const POINTS: [usize; 2] = [5000, 1000];

/// Opens the task that settings and seed describe.
pub fn open(settings: &TaskSettings, seed: u64, progress: &Progress) -> Result<Task, ReadError> {
    match settings.kind {
        TaskKind::Trains => Ok(pairs(settings, seed, SamplesInMemory(random::samples(settings, seed)))?),
        TaskKind::Digits => {
            let [train, test] = numbers(settings, DIGITS);
            let code = settings.latency_code();
            code.check(settings.steps)?;
            let digits = |part, number: usize| Arc::new(Digits::new(seed, part, number as u32, code));
            Ok(classes(settings, seed, digits(Split::Train, train), digits(Split::Test, test))?)
        }
        TaskKind::YinYang => Ok(yin_yang(settings, seed)?),
        TaskKind::Images => {
            let (folder, code) = (folder(settings, "images")?, settings.latency_code());
            code.check(settings.steps)?;
            let mut train = Images::open(&folder, Split::Train, code, progress)?;
            let mut test = Images::open(&folder, Split::Test, code, progress)?;
            Images::join(&mut train, &mut test)?;
            Ok(classes(settings, seed, Arc::new(train), Arc::new(test))?)
        }
        TaskKind::Nmnist => {
            let folder = folder(settings, "N-MNIST")?;
            let open = |part| Recordings::open(&folder, part, progress).map(Arc::new);
            Ok(classes(settings, seed, open(Split::Train)?, open(Split::Test)?)?)
        }
        TaskKind::Own => own(settings, seed, progress),
        TaskKind::Picture => Ok(drawing(settings, seed)?),
    }
}

/// Samples that are all in memory.
struct SamplesInMemory(Vec<Sample>);

impl Source for SamplesInMemory {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn classes(&self) -> usize {
        self.0.first().map_or(0, |s| s.target.spikes.units())
    }

    fn input_shape(&self) -> Vec<usize> {
        vec![self.0.first().map_or(0, |s| s.input.units())]
    }

    fn label(&self, index: usize) -> usize {
        self.0[index].target.label
    }

    fn read(&self, index: usize, _: usize, sample: &mut Sample) -> Result<(), String> {
        let Sample { input, target } = &self.0[index];
        sample.input.copy_from(input);
        sample.target.spikes.copy_from(&target.spikes);
        sample.target.label = target.label;
        Ok(())
    }
}

/// Training samples with target spikes; there is nothing to validate.
fn pairs(settings: &TaskSettings, seed: u64, source: impl Source + 'static) -> Result<Task, String> {
    let source: Arc<dyn Source> = Arc::new(source);
    let train = Set::first(source, 0);
    task(settings, seed, false, [train.clone(), none(&train), none(&train)])
}

/// Samples with classes; a part of those for training is split off for validation.
fn classes(settings: &TaskSettings, seed: u64, train: Arc<dyn Source>, test: Arc<dyn Source>) -> Result<Task, String> {
    let all = Set::first(train, settings.train_samples);
    let number = settings.validation_of(all.len());
    if number >= all.len() {
        return Err(format!(
            "task.validation_samples is {number}, but there are {} samples for training and validation together: choose fewer, \
             so that some are left to learn from.",
            all.len()
        ));
    }
    let (train, validation) = all.split(number, seed, Purpose::Split);
    task(settings, seed, true, [train, validation, Set::first(test, settings.test_samples)])
}

fn task(settings: &TaskSettings, seed: u64, labelled: bool, sets: [Set; 3]) -> Result<Task, String> {
    let [train, validation, test] = sets;
    let mut settings = settings.clone();
    let (shape, outputs) = (train.source().input_shape(), train.source().classes());
    settings.inputs = Shape::of(&shape).ok_or_else(|| format!("Samples of the shape {shape:?} cannot be an input."))?;
    settings.outputs = outputs;
    Ok(Task { settings, seed, labelled, train, validation, test, drawn: BTreeMap::new() })
}

/// No samples of the same source.
fn none(set: &Set) -> Set {
    set.clone().split(0, 0, Purpose::Split).1
}

fn numbers(settings: &TaskSettings, usual: [usize; 2]) -> [usize; 2] {
    let or = |number, usual| if number == 0 { usual } else { number };
    [or(settings.train_samples, usual[0]), or(settings.test_samples, usual[1])]
}

/// The published set has validation points of its own.
fn yin_yang(settings: &TaskSettings, seed: u64) -> Result<Task, String> {
    let [train, test] = numbers(settings, POINTS);
    let code = settings.point_code();
    code.check(settings.steps)?;
    let validation = if settings.validation_auto { POINTS[1] } else { settings.validation_samples };
    let points = |part, number: usize| -> Set {
        let source: Arc<dyn Source> = Arc::new(YinYang::new(seed, part, number as u32, code));
        Set::first(source, number)
    };
    let validation = match validation {
        0 => none(&points(Split::Validation, 1)),
        number => points(Split::Validation, number),
    };
    task(settings, seed, true, [points(Split::Train, train), validation, points(Split::Test, test)])
}

/// A labelled set in one archive, or inputs and targets.
fn own(settings: &TaskSettings, seed: u64, progress: &Progress) -> Result<Task, ReadError> {
    let (data, import) = (file(&settings.data, "spike trains (task.data)")?, settings.import());
    if settings.target.trim().is_empty() {
        if data.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
            return Err(ReadError::Failed(format!(
                "{} holds inputs alone: name the file with the target spike trains, too (task.target). A set with labels \
                 instead of targets is one .npz.",
                data.display()
            )));
        }
        if let Some(test) = shd::test_file(&data).filter(|_| shd::is_hdf5(&data)) {
            let mut train = LabelledTrains::open(&data, &import, progress)?;
            let mut test = LabelledTrains::open(&test, &import, progress)?;
            shd::join(&mut train, &mut test);
            return Ok(classes(settings, seed, Arc::new(train), Arc::new(test))?);
        }
        if !SpikeTrains::holds_pairs(&data, progress)? {
            let set = LabelledTrains::open(&data, &import, progress)?;
            return Ok(labelled(settings, seed, &data, Arc::new(set))?);
        }
    }
    let both = settings.target.trim().is_empty();
    let target = if both { data.clone() } else { file(&settings.target, "target spike trains (task.target)")? };
    let input = SpikeTrains::open(&data, TrainsRole::Input, &import, progress)?;
    let target = SpikeTrains::open(&target, TrainsRole::Target, &import, progress)?;
    Ok(pairs(settings, seed, TrainPairs::new(input, target)?)?)
}

/// One archive with classes: samples for the test are split off at random, and of the others those for validation.
fn labelled(settings: &TaskSettings, seed: u64, data: &Path, source: Arc<dyn Source>) -> Result<Task, String> {
    let all = Set::first(source, 0);
    let number = all.len();
    let test = if settings.test_samples == 0 { number / 6 } else { settings.test_samples };
    let (rest, test_set) = all.split(test, seed, Purpose::Split);
    let rest = rest.limited(settings.train_samples);
    let validation = settings.validation_of(rest.len());
    if validation >= rest.len() {
        return Err(format!(
            "{} has {number} samples; {test} for the test and {validation} for validation leave none to learn from. \
             Choose fewer (task.test_samples, task.validation_samples).",
            data.display()
        ));
    }
    let (train, validation) = rest.split(validation, seed, Purpose::OwnValidation);
    task(settings, seed, true, [train, validation, test_set])
}

/// Random inputs, and the picture as the target; the sample is as long as the picture is wide.
fn drawing(settings: &TaskSettings, seed: u64) -> Result<Task, String> {
    let path = file(&settings.target, "a picture (task.target)")?;
    let image = picture::open(&path)?;
    let target = settings.picture_threshold().raster(&image);
    let mut settings = settings.clone();
    (settings.steps, settings.outputs, settings.pairs) = (image.width, image.height, 1);
    let plain = TaskSettings { target_spikes: 0, ..settings.clone() };
    let mut samples = random::samples(&plain, seed);
    samples[0].target.spikes = target;
    pairs(&settings, seed, SamplesInMemory(samples))
}

/// A folder that was named.
fn folder(settings: &TaskSettings, what: &str) -> Result<PathBuf, String> {
    match settings.data.trim() {
        "" => Err(format!("No folder with {what} was named: set task.data, or choose one in the window.")),
        path => Ok(Path::new(path).to_owned()),
    }
}

/// A file that was named.
fn file(path: &str, what: &str) -> Result<PathBuf, String> {
    match path.trim() {
        "" => Err(format!("No file with {what} was named.")),
        path => Ok(Path::new(path).to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::test_folder::TestFolder;

    #[test]
    fn what_was_not_named_is_asked_for() {
        for (kind, words) in [
            (TaskKind::Images, "task.data"),
            (TaskKind::Nmnist, "task.data"),
            (TaskKind::Own, "task.data"),
            (TaskKind::Picture, "task.target"),
        ] {
            let settings = TaskSettings { kind, ..TaskSettings::default() };
            assert!(open(&settings, 0, &Progress::default()).unwrap_err().to_string().contains(words), "{kind:?}");
        }
    }

    #[test]
    fn own_trains_are_pairs() {
        let folder = TestFolder::new();
        folder.put("in.csv", "0,0\n2,5\n");
        folder.put("out.csv", "1,9\n");
        let settings = TaskSettings {
            kind: TaskKind::Own,
            data: folder.join("in.csv").display().to_string(),
            target: folder.join("out.csv").display().to_string(),
            ..TaskSettings::default()
        };
        let task = open(&settings, 0, &Progress::default()).unwrap();
        assert_eq!((task.settings.inputs, task.settings.outputs, task.labelled), (Shape::Flat(3), 2, false));
        assert_eq!(task.sample(Split::Train, 0).unwrap().target.spikes.iter().collect::<Vec<_>>(), [(9, 1)]);
    }

    #[test]
    fn a_set_as_it_was_published_has_its_own_test_samples() {
        let folder = TestFolder::new();
        let made =
            |name: &str| std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shd").join(name)).unwrap();
        folder.put("shd_train.h5", made("float16.h5"));
        let settings = TaskSettings {
            kind: TaskKind::Own,
            data: folder.join("shd_train.h5").display().to_string(),
            dt_ms: 14.0,
            ..TaskSettings::default()
        };
        let sizes = |task: &Task| Split::ALL.map(|part| task.len(part));
        let alone = open(&settings, 0, &Progress::default()).unwrap();
        assert_eq!((sizes(&alone), alone.settings.inputs), ([5, 0, 1], Shape::Flat(699)));
        folder.put("shd_test.h5", made("float32-gzip.h5"));
        let task = open(&settings, 0, &Progress::default()).unwrap();
        assert_eq!((sizes(&task), task.settings.inputs, task.settings.outputs), ([5, 1, 6], Shape::Flat(699), 16));
        assert_eq!(task.sample(Split::Test, 3).unwrap().input.len(), 14);
        assert!(!task.is_of(&TaskSettings { dt_ms: 15.0, ..task.settings.clone() }, 0));
    }

    #[test]
    fn a_picture_sets_length_and_outputs() {
        let folder = TestFolder::new();
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, 40, 3);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(&[[0; 60], [255; 60]].concat()).unwrap();
        folder.put("a.png", png);
        let target = folder.join("a.png").display().to_string();
        let settings = TaskSettings { kind: TaskKind::Picture, target, ..TaskSettings::default() };
        let task = open(&settings, 0, &Progress::default()).unwrap();
        assert_eq!((task.settings.steps, task.settings.outputs, task.settings.inputs), (40, 3, Shape::Flat(50)));
        let mut used = Sample { input: crate::spike::Raster::silent(70, 90), ..Sample::default() };
        task.read(Split::Train, 0, &mut used).unwrap();
        assert_eq!(used, task.sample(Split::Train, 0).unwrap());
        let sample = task.sample(Split::Train, 0).unwrap();
        assert_eq!((sample.input.steps(), sample.target.spikes.len()), (40, 60));
    }
}
