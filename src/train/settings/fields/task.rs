//! The settings of the task.

use super::super::access::{TASK_KIND, at};
use super::super::field::{Field, choice, path, real, switch, whole};
use super::super::{ValueKind, When};
use super::{MOST, MOST_SAMPLES};
use crate::loss::LossKind;
use crate::task::{TaskKind, TimeUnit};

const OWN: &str = TaskKind::Own.key();
const IMAGES: &str = TaskKind::Images.key();
const PICTURE: &str = TaskKind::Picture.key();

const TRAINS: When = When::Is(TASK_KIND, &[TaskKind::Trains.key()]);
const POINTS: When = When::Is(TASK_KIND, &[TaskKind::YinYang.key()]);
const OWN_FILES: When = When::Is(TASK_KIND, &[OWN]);
const PICTURE_FILE: When = When::Is(TASK_KIND, &[PICTURE]);
const DATA_FILES: When = When::Is(TASK_KIND, &[IMAGES, TaskKind::Nmnist.key(), OWN]);
const TARGET_FILES: When = When::Is(TASK_KIND, &[OWN, PICTURE]);
const CODED: When = When::Is(TASK_KIND, &[IMAGES, TaskKind::Digits.key(), TaskKind::YinYang.key()]);
// a picture is as long as it is wide
const FREE_LENGTH: When = When::IsNot(TASK_KIND, &[PICTURE]);
const RANDOM_INPUTS: When = When::Fact(|s| s.task.kind.free_inputs(), "the inputs are random");
/// Samples with a class, in sets.
pub(super) const CLASSES: When = When::Fact(|s| s.task.has_classes(), "samples have classes");
const CHOSEN_VALIDATION: When = When::All(&[CLASSES, When::Off(at!(task.validation_auto))]);
const TIMED_LOSS: When = When::IsNot(at!(loss.kind), &[LossKind::Latency.key()]);
const NO_TARGET_FILE: When =
    When::Fact(|s| s.task.kind == TaskKind::Trains || s.task.has_classes(), "the targets do not come from a file");
const TARGET_SPIKES: When = When::All(&[TIMED_LOSS, NO_TARGET_FILE]);
const OTHER_SPIKES: When = When::All(&[TIMED_LOSS, CLASSES]);

pub(super) const FIELDS: &[Field] = &[
    choice::<TaskKind>(TASK_KIND, "Task")
        .help("The task that is learnt. Sizes that are the same for every set of its kind are set with it."),
    path(at!(task.data), "Data").when(DATA_FILES).help(
        "The folder of a data set, with its files as published; or the file with your input spike trains or your own \
         labelled set.",
    ),
    path(at!(task.target), "Target file")
        .when(TARGET_FILES)
        .help("The file with your target spike trains, empty for a labelled set; or the picture to be drawn."),
    choice::<TimeUnit>(at!(task.time_unit), "Time unit").when(OWN_FILES).help("Unit of the times in your files."),
    Field::new(at!(task.inputs), "Inputs", ValueKind::Shape { most: MOST as usize })
        .unit("units")
        .when(RANDOM_INPUTS)
        .help(
            "Number of input units, or channels x height x width of an image. More inputs bring more spikes to each \
             neuron and more weights to learn with.",
        ),
    whole(at!(task.outputs), "Outputs", 1..=MOST)
        .unit("neurons")
        .when(TRAINS)
        .help("Number of output neurons. Each has its own target or class, so more outputs make the task harder."),
    whole(at!(task.steps), "Length", 1..=MOST)
        .symbol("T")
        .unit("steps")
        .when(FREE_LENGTH)
        .help("Number of time steps in a sample. Longer samples have more spikes and take longer to compute."),
    real(at!(task.dt_ms), "Time step", 0.001..=1000.0).symbol("dt").unit("ms").log().live().help(
        "Duration of a time step in milliseconds. It changes the labels of the axes and the time constants that are \
         shown, but nothing that is computed.",
    ),
    whole(at!(task.pairs), "Pairs", 1..=MOST).symbol("B").unit("pairs").when(TRAINS).help(
        "Number of pairs of input and target. They form one batch, and the same weights have to serve all of them, so \
         more pairs make the task harder.",
    ),
    real(at!(task.rate), "Input rate", 0.0..=1.0)
        .unit("spikes per step")
        .when(RANDOM_INPUTS)
        .help("Probability that a random input spikes in a given step. A higher rate drives the neurons harder."),
    whole(at!(task.target_spikes), "Target spikes", 0..=MOST).unit("spikes per output").when(TARGET_SPIKES).help(
        "Number of spikes wanted from each output, at distinct random steps; where samples have classes, from the \
         output of the sample's class, evenly spaced. There can be at most one per step; more of them make the task \
         harder.",
    ),
    whole(at!(task.other_spikes), "Non-target spikes", 0..=MOST).unit("spikes per output").when(OTHER_SPIKES).help(
        "Number of spikes wanted from each output that is not of the sample's class. A value above 0 keeps these \
         outputs from falling silent.",
    ),
    whole(at!(task.grey_threshold), "Grey threshold", 0..=255)
        .alias("task.threshold")
        .when(PICTURE_FILE)
        .help("Pixels darker than this become target spikes. A higher threshold makes more of them."),
    switch(at!(task.invert), "Invert")
        .when(PICTURE_FILE)
        .help("Makes the light pixels the target spikes, for pictures that are light on dark."),
    whole(at!(task.train_samples), "Training samples", 0..=MOST_SAMPLES).unit("samples").when(CLASSES).help(
        "How many samples of the set are used for training and validation together, starting with the first; 0 for all \
         (6,000 digits or 5,000 points where the program makes them). More samples generalise better and make an epoch \
         longer.",
    ),
    whole(at!(task.test_samples), "Test samples", 0..=MOST_SAMPLES).unit("samples").when(CLASSES).help(
        "How many samples are used for testing; 0 for all (1,000 where the program makes them, a sixth of your own \
         labelled set). More samples make the accuracy more certain.",
    ),
    switch(at!(task.validation_auto), "Validation split: 1/6").when(CLASSES).help(
        "Keeps a sixth of the training samples, chosen at random, for validation after every epoch (for Yin-Yang 1,000 \
         points drawn separately). When off, the number below is used.",
    ),
    whole(at!(task.validation_samples), "Validation samples", 0..=MOST_SAMPLES)
        .alias("task.validation")
        .unit("samples")
        .when(CHOSEN_VALIDATION)
        .help(
            "How many of the training samples are kept for validation. More of them make the choice of the best epoch \
             more certain and leave fewer to learn from.",
        ),
    whole(at!(task.earliest), "Earliest spike", 0..=MOST)
        .unit("step")
        .when(CODED)
        .help("The step at which the brightest pixels spike, or a coordinate of 0. A higher value delays all inputs."),
    whole(at!(task.latest), "Latest spike", 0..=MOST).unit("step").when(CODED).help(
        "The step towards which the darkest pixels spike (black never does), or a coordinate of 1. A higher value tells \
         input values apart more finely.",
    ),
    whole(at!(task.bias_spike), "Bias spike", 0..=MOST)
        .alias("task.bias")
        .unit("step")
        .when(POINTS)
        .help("The step of the bias input, which spikes at the same time for every point. A higher value delays it."),
];
