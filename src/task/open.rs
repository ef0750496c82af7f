//! From settings to a task: files are looked for and read, or samples drawn.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::spike::{Sample, Shape};

use super::digits::Digits;
use super::images::Images;
use super::nmnist::Recordings;
use super::own::{LabelledTrains, Pairs, Role, SpikeTrains};
use super::progress::{Progress, STOPPED};
use super::yin_yang::YinYang;
use super::{Set, Source, Split, Task, TaskKind, TaskSettings, picture, random};

/// Digits for training and validation, and for the test, where a person does not say.
const DIGITS: [usize; 2] = [6000, 1000];
/// The same of Yin-Yang, as published.
const POINTS: [usize; 2] = [5000, 1000];

/// Opens the task that settings and seed describe. A sentence says what is wrong; it is "Stopped." where `progress` was
/// told to stop.
pub fn open(settings: &TaskSettings, seed: u64, progress: &Progress) -> Result<Task, String> {
    match settings.kind {
        TaskKind::Trains => pairs(settings, seed, Fixed(random::samples(settings, seed))),
        TaskKind::Digits => {
            let [train, test] = numbers(settings, DIGITS);
            let code = settings.latency_code();
            code.check(settings.steps)?;
            let digits = |part, number: usize| Arc::new(Digits::new(seed, part, number as u32, code));
            classes(settings, seed, digits(Split::Train, train), digits(Split::Test, test))
        }
        TaskKind::YinYang => yin_yang(settings, seed),
        TaskKind::Images => {
            let (folder, code) = (folder(settings, "images")?, settings.latency_code());
            code.check(settings.steps)?;
            let mut train = Images::open(&folder, Split::Train, code, progress)?;
            let mut test = Images::open(&folder, Split::Test, code, progress)?;
            Images::join(&mut train, &mut test)?;
            classes(settings, seed, Arc::new(train), Arc::new(test))
        }
        TaskKind::Nmnist => {
            let folder = folder(settings, "N-MNIST")?;
            let open = |part| Recordings::open(&folder, part, progress).map(Arc::new);
            classes(settings, seed, open(Split::Train)?, open(Split::Test)?)
        }
        TaskKind::Own => own(settings, seed, progress),
        TaskKind::Picture => drawing(settings, seed),
    }
}

/// Samples that are all in memory.
struct Fixed(Vec<Sample>);

impl Source for Fixed {
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
    let (train, validation) = all.split(number, seed);
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
    set.clone().split(0, 0).1
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
fn own(settings: &TaskSettings, seed: u64, progress: &Progress) -> Result<Task, String> {
    let (data, import) = (file(&settings.data, "spike trains (task.data)")?, settings.import());
    if settings.target.trim().is_empty() {
        if data.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")) {
            return Err(format!(
                "{} holds inputs alone: name the file with the target spike trains, too (task.target). A set with labels \
                 instead of targets is one .npz.",
                data.display()
            ));
        }
        let set = LabelledTrains::open(&data, &import, progress).map_err(|problem| {
            let two = "To learn target spike trains instead, name their file too (task.target).";
            if problem == STOPPED { problem } else { format!("{problem} {two}") }
        })?;
        // one archive: the test samples are split off as the validation samples are
        let source: Arc<dyn Source> = Arc::new(set);
        let all = Set::first(source, settings.train_samples);
        let test = if settings.test_samples == 0 { all.len() / 6 } else { settings.test_samples };
        let validation = settings.validation_of(all.len() - test.min(all.len()));
        if test + validation >= all.len() {
            return Err(format!(
                "{} has {} samples; {test} for the test and {validation} for validation leave none to learn from. \
                 Choose fewer (task.test_samples, task.validation_samples).",
                data.display(),
                all.len()
            ));
        }
        let (rest, test) = all.split(test, seed);
        // another seed, or the same places would be chosen again
        let (train, validation) = rest.split(validation, seed.wrapping_add(1));
        return task(settings, seed, true, [train, validation, test]);
    }
    let target = file(&settings.target, "target spike trains (task.target)")?;
    let input = SpikeTrains::open(&data, Role::Input, &import, progress)?;
    let target = SpikeTrains::open(&target, Role::Target, &import, progress)?;
    pairs(settings, seed, Pairs::new(input, target)?)
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
    pairs(&settings, seed, Fixed(samples))
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
    use super::super::file::Folder;
    use super::*;

    #[test]
    fn what_was_not_named_is_asked_for() {
        for (kind, words) in [
            (TaskKind::Images, "task.data"),
            (TaskKind::Nmnist, "task.data"),
            (TaskKind::Own, "task.data"),
            (TaskKind::Picture, "task.target"),
        ] {
            let settings = TaskSettings { kind, ..TaskSettings::default() };
            assert!(open(&settings, 0, &Progress::default()).unwrap_err().contains(words), "{kind:?}");
        }
    }

    #[test]
    fn own_trains_are_pairs() {
        let folder = Folder::new("own-pairs");
        folder.put("in.csv", "0,0\n2,5\n");
        folder.put("out.csv", "1,9\n");
        let settings = TaskSettings {
            kind: TaskKind::Own,
            data: folder.0.join("in.csv").display().to_string(),
            target: folder.0.join("out.csv").display().to_string(),
            ..TaskSettings::default()
        };
        let task = open(&settings, 0, &Progress::default()).unwrap();
        assert_eq!((task.settings.inputs, task.settings.outputs, task.labelled), (Shape::Flat(3), 2, false));
        assert_eq!(task.sample(Split::Train, 0).unwrap().target.spikes.iter().collect::<Vec<_>>(), [(9, 1)]);
    }

    #[test]
    fn a_picture_sets_length_and_outputs() {
        let folder = Folder::new("picture-task");
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, 40, 3);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(&[[0; 60], [255; 60]].concat()).unwrap();
        folder.put("a.png", png);
        let target = folder.0.join("a.png").display().to_string();
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
