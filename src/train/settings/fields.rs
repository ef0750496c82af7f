//! The table of all settings, in the order in which forms and files show them.
//!
//! Ranges are as wide as the arithmetic allows and as narrow as mistakes need: a value outside is a slip of the pen,
//! not an experiment. Symbols are those of [the model](crate::model).

use super::Initial;
use super::field::Access;
use super::{Choice, Field, Kind, Value, When};
use crate::loss::LossKind;
use crate::optim::OptimiserKind;
use crate::rule::Rule;
use crate::snn::text::HiddenLayers;
use crate::task::{Split, TaskKind, TimeUnit};

/// The most units, neurons of a layer, steps or pairs. What fits into memory is a matter for [`Settings::check`](super::Settings::check).
pub const MOST: u64 = 100_000;

/// The most samples of a set.
pub const MOST_SAMPLES: u64 = 1_000_000;

/// The largest seed: a larger number would lose digits in JSON and in text fields, which count in doubles.
pub const MOST_SEED: u64 = (1 << 53) - 1;

/// The setting of this key, as in `neuron.alpha_i`.
pub fn field(key: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|f| f.key == key)
}

macro_rules! whole {
    ($($path:tt)+) => {
        Access {
            get: |s| Value::Whole(s.$($path)+ as u64),
            put: |s, v| if let Value::Whole(n) = v { s.$($path)+ = n as _ },
        }
    };
}

macro_rules! real {
    ($($path:tt)+) => {
        Access {
            get: |s| Value::Real(s.$($path)+),
            put: |s, v| if let Value::Real(x) = v { s.$($path)+ = x },
        }
    };
}

macro_rules! switch {
    ($($path:tt)+) => {
        Access {
            get: |s| Value::Switch(s.$($path)+),
            put: |s, v| if let Value::Switch(on) = v { s.$($path)+ = on },
        }
    };
}

macro_rules! text {
    ($($path:tt)+) => {
        Access {
            get: |s| Value::Text(s.$($path)+.clone()),
            put: |s, v| if let Value::Text(text) = v { s.$($path)+ = text },
        }
    };
}

/// For an enum with `ALL` and `key`.
macro_rules! choice {
    ($kind:ident, $($path:tt)+) => {
        Access {
            get: |s| Value::Choice(s.$($path)+.key()),
            put: |s, v| if let Value::Choice(key) = v
                && let Some(kind) = $kind::ALL.into_iter().find(|k| k.key() == key)
            {
                s.$($path)+ = kind;
            },
        }
    };
}

const SPIKE_TRAIN: When = When { test: |s| s.loss.kind == LossKind::SpikeTrain, text: "with the spike-train loss" };
const LATENCY: When = When { test: |s| s.loss.kind == LossKind::Latency, text: "with the latency loss" };
const OWN_SCALES: When = When { test: |s| !s.neuron.beta_auto, text: "without automatic scaling" };
const SURROGATE: When =
    When { test: |s| s.rule.rule != Rule::Timing, text: "with the activation-based rule and with ANTLR" };
const ANTLR: When = When { test: |s| s.rule.rule == Rule::Antlr, text: "with ANTLR" };
const TIMING: When = When { test: |s| s.rule.rule == Rule::Timing, text: "with the timing-based rule" };
const PENALTY: When = When {
    test: |s| s.rule.rule == Rule::Timing && s.rule.timing_penalty.on,
    text: "with the timing-based rule while its penalty is on",
};
const CLIP: When = When { test: |s| s.rule.grad_clip.on, text: "while clipping is on" };
const SGD: When = When { test: |s| s.optimiser.kind == OptimiserKind::Sgd, text: "with SGD" };
const ADAM: When = When { test: |s| s.optimiser.kind == OptimiserKind::Adam, text: "with Adam" };
const SCHEDULE: When = When { test: |s| s.optimiser.schedule_every > 0, text: "with a schedule" };
const SEVERAL: When = When { test: |s| s.task.pairs > 1 || s.batched(), text: "with more than one sample" };
const TRAINS: When = When { test: |s| s.task.kind == TaskKind::Trains, text: "with random spike trains" };
const RANDOM_INPUTS: When =
    When { test: |s| s.task.kind.free_inputs(), text: "with random inputs; otherwise the data say how many" };
const FREE_OUTPUTS: When = When {
    test: |s| s.task.kind == TaskKind::Trains,
    text: "with random spike trains; otherwise the data say how many",
};
const FREE_STEPS: When = When { test: |s| s.task.kind != TaskKind::Picture, text: "unless a picture says how many" };
const FROM_FILES: When = When {
    test: |s| matches!(s.task.kind, TaskKind::Images | TaskKind::Nmnist | TaskKind::Own),
    text: "with images, recordings and own spike trains",
};
const TARGET_FILES: When = When {
    test: |s| matches!(s.task.kind, TaskKind::Own | TaskKind::Picture),
    text: "with own spike trains and pictures",
};
const OWN: When = When { test: |s| s.task.kind == TaskKind::Own, text: "with own spike trains" };
const PICTURE: When = When { test: |s| s.task.kind == TaskKind::Picture, text: "with a picture" };
const SETS: When = When { test: |s| s.task.has_classes(), text: "with sets of samples" };
const CHOSEN_VALIDATION: When = When {
    test: |s| s.task.has_classes() && !s.task.validation_auto,
    text: "with sets of samples, without automatic validation",
};
const TARGET_SPIKES: When = When {
    test: |s| s.loss.kind != LossKind::Latency && (s.task.kind == TaskKind::Trains || s.task.has_classes()),
    text: "with the spike-train and the count loss, unless a file has the targets",
};
const OTHER_SPIKES: When = When {
    test: |s| s.loss.kind != LossKind::Latency && s.task.has_classes(),
    text: "with classes and the spike-train or the count loss",
};
const CODED: When = When {
    test: |s| matches!(s.task.kind, TaskKind::Images | TaskKind::Digits | TaskKind::YinYang),
    text: "with images, digits and points",
};
const POINTS: When = When { test: |s| s.task.kind == TaskKind::YinYang, text: "with Yin-Yang" };
const BATCHED: When = When { test: |s| s.batched(), text: "with sets of samples" };
const UNIFORM: When = When { test: |s| s.network.initial == Initial::Uniform, text: "with uniform initial weights" };
const NORMAL: When = When { test: |s| s.network.initial == Initial::Normal, text: "with normal initial weights" };

/// All settings.
pub static FIELDS: &[Field] = &[
    // ── Task ──────────────────────────────────────────────────────────────────────────────────────────────────────
    Field {
        key: "task.kind",
        section: "Task",
        label: "Task",
        symbol: "",
        unit: "",
        help: "What is learnt. Sizes that are always the same for a kind come with it.",
        kind: Kind::Choice(&[
            Choice {
                key: "trains",
                label: "Spike trains",
                help: "The built-in experiment: random inputs, and outputs that should spike at given steps.",
            },
            Choice {
                key: "digits", label: "Built-in digits", help: "Digits that the program writes itself, 28 × 28."
            },
            Choice {
                key: "yin_yang",
                label: "Yin-Yang",
                help: "Points in the plane in three classes that no line parts; the decision map shows what is learnt.",
            },
            Choice {
                key: "images",
                label: "Images",
                help: "MNIST and its kin: four IDX files in one folder, each pixel a spike, the brighter the earlier.",
            },
            Choice {
                key: "nmnist",
                label: "N-MNIST",
                help: "Digits as an event camera recorded them, in the folders Train and Test.",
            },
            Choice {
                key: "own",
                label: "Own spike trains",
                help: "Your own inputs and targets from .npz or .csv, or a labelled set in one .npz.",
            },
            Choice {
                key: "picture",
                label: "Picture",
                help: "Random inputs, and outputs whose spikes are to draw a picture.",
            },
        ]),
        live: false,
        when: When::ALWAYS,
        access: Access {
            get: |s| Value::Choice(s.task.kind.key()),
            put: |s, v| {
                if let Value::Choice(key) = v
                    && let Some(kind) = TaskKind::ALL.into_iter().find(|k| k.key() == key)
                {
                    s.task.set_kind(kind);
                }
            },
        },
    },
    Field {
        key: "task.data",
        section: "Task",
        label: "Data",
        symbol: "",
        unit: "",
        help: "The folder of a data set, with its files as they are published; or the file with own input spike trains \
               or an own labelled set.",
        kind: Kind::Path,
        live: false,
        when: FROM_FILES,
        access: text!(task.data),
    },
    Field {
        key: "task.target",
        section: "Task",
        label: "Target file",
        symbol: "",
        unit: "",
        help: "The file with own target spike trains, empty for a labelled set; or the picture to be drawn.",
        kind: Kind::Path,
        live: false,
        when: TARGET_FILES,
        access: text!(task.target),
    },
    Field {
        key: "task.time_unit",
        section: "Task",
        label: "Times are in",
        symbol: "",
        unit: "",
        help: "What the times in own files count.",
        kind: Kind::Choice(&[
            Choice { key: "steps", label: "Steps", help: "Whole steps, from 0." },
            Choice { key: "ms", label: "ms", help: "Milliseconds; the length of a step says which step they are." },
        ]),
        live: false,
        when: OWN,
        access: choice!(TimeUnit, task.time_unit),
    },
    Field {
        key: "task.inputs",
        section: "Task",
        label: "Inputs",
        symbol: "",
        unit: "units",
        help: "Number of input units, or channels x height x width of an image. More of them bring more spikes to each \
               neuron and more weights to learn with.",
        kind: Kind::Shape { most: MOST as usize },
        live: false,
        when: RANDOM_INPUTS,
        access: Access {
            get: |s| Value::Shape(s.task.inputs),
            put: |s, v| {
                if let Value::Shape(shape) = v {
                    s.task.inputs = shape;
                }
            },
        },
    },
    Field {
        key: "task.outputs",
        section: "Task",
        label: "Outputs",
        symbol: "",
        unit: "neurons",
        help: "Number of output neurons. Each has a target or a class of its own, so more of them make the task harder.",
        kind: Kind::Whole { min: 1, max: MOST },
        live: false,
        when: FREE_OUTPUTS,
        access: whole!(task.outputs),
    },
    Field {
        key: "task.steps",
        section: "Task",
        label: "Length",
        symbol: "T",
        unit: "steps",
        help: "How many time steps a sample lasts. Longer samples have more spikes and take longer to compute.",
        kind: Kind::Whole { min: 1, max: MOST },
        live: false,
        when: FREE_STEPS,
        access: whole!(task.steps),
    },
    Field {
        key: "task.dt_ms",
        section: "Task",
        label: "Step",
        symbol: "dt",
        unit: "ms",
        help: "How many milliseconds a step stands for. It changes the labels of axes and the time constants that are \
               shown, not what is computed.",
        kind: Kind::Real { min: 0.001, max: 1000.0, log: true, step: 0.1 },
        live: true,
        when: When::ALWAYS,
        access: real!(task.dt_ms),
    },
    Field {
        key: "task.pairs",
        section: "Task",
        label: "Pairs",
        symbol: "B",
        unit: "pairs",
        help: "Number of pairs of input and target. All of them are one batch, and the same weights have to serve them \
               all, so more pairs make the task harder.",
        kind: Kind::Whole { min: 1, max: MOST },
        live: false,
        when: TRAINS,
        access: whole!(task.pairs),
    },
    Field {
        key: "task.rate",
        section: "Task",
        label: "Input rate",
        symbol: "",
        unit: "spikes per step",
        help: "Probability that a random input spikes in a step. A higher rate drives the neurons harder.",
        kind: Kind::Real { min: 0.0, max: 1.0, log: false, step: 0.01 },
        live: false,
        when: RANDOM_INPUTS,
        access: real!(task.rate),
    },
    Field {
        key: "task.target_spikes",
        section: "Task",
        label: "Target spikes",
        symbol: "",
        unit: "spikes per output",
        help: "Number of spikes wanted of each output, at distinct random steps; with classes, of the label's output, \
               evenly spread. At most one fits into each step; more of them make the task harder.",
        kind: Kind::Whole { min: 0, max: MOST },
        live: false,
        when: TARGET_SPIKES,
        access: whole!(task.target_spikes),
    },
    Field {
        key: "task.other_spikes",
        section: "Task",
        label: "Other spikes",
        symbol: "",
        unit: "spikes per output",
        help: "Number of spikes wanted of each output that is not the label's. Turning it up keeps the others from \
               falling silent.",
        kind: Kind::Whole { min: 0, max: MOST },
        live: false,
        when: OTHER_SPIKES,
        access: whole!(task.other_spikes),
    },
    Field {
        key: "task.threshold",
        section: "Task",
        label: "Grey threshold",
        symbol: "",
        unit: "",
        help: "Pixels darker than this become target spikes. Turning it up makes more of them.",
        kind: Kind::Whole { min: 0, max: 255 },
        live: false,
        when: PICTURE,
        access: whole!(task.threshold),
    },
    Field {
        key: "task.invert",
        section: "Task",
        label: "Invert",
        symbol: "",
        unit: "",
        help: "Makes the light pixels the spikes, for pictures that are light on dark.",
        kind: Kind::Switch,
        live: false,
        when: PICTURE,
        access: switch!(task.invert),
    },
    Field {
        key: "task.train_samples",
        section: "Task",
        label: "Training samples",
        symbol: "",
        unit: "samples",
        help: "How many samples training and validation take, the first of the set; 0 for all there are, 6,000 digits \
               or 5,000 points. More of them generalise better and make an epoch longer.",
        kind: Kind::Whole { min: 0, max: MOST_SAMPLES },
        live: false,
        when: SETS,
        access: whole!(task.train_samples),
    },
    Field {
        key: "task.test_samples",
        section: "Task",
        label: "Test samples",
        symbol: "",
        unit: "samples",
        help: "How many samples the test takes; 0 for all there are, 1,000 of those that the program makes, a sixth of \
               an own set. More of them make the accuracy more certain.",
        kind: Kind::Whole { min: 0, max: MOST_SAMPLES },
        live: false,
        when: SETS,
        access: whole!(task.test_samples),
    },
    Field {
        key: "task.validation_auto",
        section: "Task",
        label: "A sixth validates",
        symbol: "",
        unit: "",
        help: "Keeps a sixth of the training samples, chosen at random, for validation after every epoch; of Yin-Yang \
               1,000 points of its own. Off, the number below holds.",
        kind: Kind::Switch,
        live: false,
        when: SETS,
        access: switch!(task.validation_auto),
    },
    Field {
        key: "task.validation",
        section: "Task",
        label: "Validation",
        symbol: "",
        unit: "samples",
        help: "How many of the training samples are kept for validation. More of them make the choice of the best \
               epoch more certain and leave fewer to learn from.",
        kind: Kind::Whole { min: 0, max: MOST_SAMPLES },
        live: false,
        when: CHOSEN_VALIDATION,
        access: whole!(task.validation),
    },
    Field {
        key: "task.earliest",
        section: "Task",
        label: "Earliest spike",
        symbol: "",
        unit: "step",
        help: "When the brightest pixels spike, or a coordinate of 0. Turning it up moves all inputs later.",
        kind: Kind::Whole { min: 0, max: MOST },
        live: false,
        when: CODED,
        access: whole!(task.earliest),
    },
    Field {
        key: "task.latest",
        section: "Task",
        label: "Latest spike",
        symbol: "",
        unit: "step",
        help: "Towards when the darkest pixels spike (black never does), or a coordinate of 1. Turning it up tells \
               values apart more finely.",
        kind: Kind::Whole { min: 0, max: MOST },
        live: false,
        when: CODED,
        access: whole!(task.latest),
    },
    Field {
        key: "task.bias",
        section: "Task",
        label: "Bias spike",
        symbol: "",
        unit: "step",
        help: "When the input spikes that is the same for every point. Turning it up moves it later.",
        kind: Kind::Whole { min: 0, max: MOST },
        live: false,
        when: POINTS,
        access: whole!(task.bias),
    },
    // ── Network ───────────────────────────────────────────────────────────────────────────────────────────────────
    Field {
        key: "network.hidden",
        section: "Network",
        label: "Layers",
        symbol: "",
        unit: "",
        help: "Layers between input and output: fc50 (50 neurons), conv12k5 (12 channels, kernel 5 × 5), avg2 and max2 \
               (pooling by 2 × 2), flatten. A whole network can be written too, as in 784 - fc800 - fc10. More neurons have \
               more ways to reach a target, more layers make a gradient travel further.",
        kind: Kind::Layers { most: 16 },
        live: false,
        when: When::ALWAYS,
        access: Access {
            get: |s| Value::Layers(HiddenLayers { ends: None, layers: s.network.hidden.clone() }),
            put: |s, v| {
                if let Value::Layers(hidden) = v {
                    s.network.hidden = hidden.layers;
                    if let Some((inputs, outputs)) = hidden.ends {
                        s.set_ends(inputs, outputs);
                    }
                }
            },
        },
    },
    Field {
        key: "network.initial",
        section: "Network",
        label: "Initial weights",
        symbol: "",
        unit: "",
        help: "How weights are drawn before the first update. Biases begin at 0.",
        kind: Kind::Choice(&[
            Choice { key: "uniform", label: "Uniform", help: "Evenly from ± gain / √fan_in." },
            Choice { key: "normal", label: "Normal", help: "With a standard deviation, whatever the fan-in." },
        ]),
        live: false,
        when: When::ALWAYS,
        access: choice!(Initial, network.initial),
    },
    Field {
        key: "network.gain",
        section: "Network",
        label: "Initial gain",
        symbol: "gain",
        unit: "",
        help: "Initial weights are drawn evenly from ± gain / √fan_in. A larger gain makes the untrained network spike \
               more; at 0 it is silent.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.1 },
        live: false,
        when: UNIFORM,
        access: real!(network.gain),
    },
    Field {
        key: "network.deviation",
        section: "Network",
        label: "Deviation",
        symbol: "",
        unit: "",
        help: "Standard deviation of the initial weights. Turning it up makes the untrained network spike more.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.01 },
        live: false,
        when: NORMAL,
        access: real!(network.deviation),
    },
    Field {
        key: "network.constant",
        section: "Network",
        label: "Added to weights",
        symbol: "",
        unit: "",
        help: "Added to every initial weight. Turning it up makes every neuron spike more.",
        kind: Kind::Real { min: -1000.0, max: 1000.0, log: false, step: 0.01 },
        live: false,
        when: When::ALWAYS,
        access: real!(network.constant),
    },
    // ── Neuron ────────────────────────────────────────────────────────────────────────────────────────────────────
    Field {
        key: "neuron.alpha_i",
        section: "Neuron",
        label: "Current decay",
        symbol: "α_i",
        unit: "",
        help: "Share of the synaptic current that is left after a step. Turning it up makes each input act longer; at 0 \
               an input acts in its own step only.",
        kind: Kind::Real { min: 0.0, max: 1.0, log: false, step: 0.01 },
        live: true,
        when: When::ALWAYS,
        access: real!(neuron.alpha_i),
    },
    Field {
        key: "neuron.alpha_v",
        section: "Neuron",
        label: "Potential decay",
        symbol: "α_v",
        unit: "",
        help: "Share of the membrane potential that is left after a step. Turning it up makes a neuron remember longer; \
               at 1 it does not leak.",
        kind: Kind::Real { min: 0.0, max: 1.0, log: false, step: 0.01 },
        live: true,
        when: When::ALWAYS,
        access: real!(neuron.alpha_v),
    },
    Field {
        key: "neuron.beta_auto",
        section: "Neuron",
        label: "Automatic scaling",
        symbol: "",
        unit: "",
        help: "Scales inputs and biases so that the potential that one input spike leaves peaks at its weight, whatever \
               the decays. Off, the three scales below hold.",
        kind: Kind::Switch,
        live: true,
        when: When::ALWAYS,
        access: switch!(neuron.beta_auto),
    },
    Field {
        key: "neuron.beta_i",
        section: "Neuron",
        label: "Input scale",
        symbol: "β_i",
        unit: "",
        help: "What input spikes are multiplied by before they reach the current. Turning it up makes every weight \
               count for more.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.01 },
        live: true,
        when: OWN_SCALES,
        access: real!(neuron.beta_i),
    },
    Field {
        key: "neuron.beta_v",
        section: "Neuron",
        label: "Current scale",
        symbol: "β_v",
        unit: "",
        help: "What the current is multiplied by before it reaches the potential. Turning it up makes every weight count \
               for more.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.01 },
        live: true,
        when: OWN_SCALES,
        access: real!(neuron.beta_v),
    },
    Field {
        key: "neuron.beta_bias",
        section: "Neuron",
        label: "Bias scale",
        symbol: "β_b",
        unit: "",
        help: "What biases are multiplied by before they reach the potential. At 0 biases do nothing and do not learn.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.01 },
        live: true,
        when: OWN_SCALES,
        access: real!(neuron.beta_bias),
    },
    // ── Loss ──────────────────────────────────────────────────────────────────────────────────────────────────────
    Field {
        key: "loss.kind",
        section: "Loss",
        label: "Loss",
        symbol: "",
        unit: "",
        help: "What training makes smaller: how far the output is from what is wanted.",
        kind: Kind::Choice(&[
            Choice {
                key: "spike_train",
                label: "Spike train",
                help: "Output spikes should come at the steps of the target spikes.",
            },
            Choice {
                key: "count",
                label: "Count",
                help: "Each output should spike as often as its target, no matter when.",
            },
            Choice {
                key: "latency",
                label: "Latency",
                help: "The output that the sample's label names should be the first to spike.",
            },
        ]),
        live: true,
        when: When::ALWAYS,
        access: choice!(LossKind, loss.kind),
    },
    Field {
        key: "loss.kernel_alpha",
        section: "Loss",
        label: "Kernel decay",
        symbol: "a of κ",
        unit: "",
        help: "Decay per step of the kernel that smooths spikes before they are compared. Turning it up makes a spike \
               feel a target that is further away, and blurs where exactly that is.",
        kind: Kind::Real { min: 0.0, max: 1.0, log: false, step: 0.01 },
        live: true,
        when: SPIKE_TRAIN,
        access: real!(loss.kernel_alpha),
    },
    Field {
        key: "loss.softmax_beta",
        section: "Loss",
        label: "Softmax sharpness",
        symbol: "softmax_beta",
        unit: "per step",
        help: "How much a lead of one step counts in the race of the outputs. Turning it up makes a small lead decide.",
        kind: Kind::Real { min: 0.0, max: 100.0, log: false, step: 0.01 },
        live: true,
        when: LATENCY,
        access: real!(loss.softmax_beta),
    },
    Field {
        key: "loss.lambda_nospike",
        section: "Loss",
        label: "Price of silence",
        symbol: "λ_nospike",
        unit: "",
        help: "What a label neuron that never spikes adds to the loss. Turning it up raises the weights of silent label \
               neurons faster; the timing-based rule does not see it.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.01 },
        live: true,
        when: LATENCY,
        access: real!(loss.lambda_nospike),
    },
    // ── Rule ──────────────────────────────────────────────────────────────────────────────────────────────────────
    Field {
        key: "rule.rule",
        section: "Rule",
        label: "Gradient rule",
        symbol: "",
        unit: "",
        help: "How the gradient is carried back through spikes, which have no derivative of their own.",
        kind: Kind::Choice(&[
            Choice {
                key: "activation",
                label: "Activation",
                help: "A surrogate derivative sees that a spike could appear or vanish, and misjudges where one should \
                       move.",
            },
            Choice {
                key: "timing",
                label: "Timing",
                help: "Sees how the spikes that exist move, and not that one could appear or vanish.",
            },
            Choice { key: "antlr", label: "ANTLR", help: "Both in one pass: it sees spikes move, appear and vanish." },
        ]),
        live: true,
        when: When::ALWAYS,
        access: choice!(Rule, rule.rule),
    },
    Field {
        key: "rule.surrogate_alpha",
        section: "Rule",
        label: "Surrogate height",
        symbol: "a_σ",
        unit: "",
        help: "Height of the surrogate derivative σ(v) = a_σ · exp(−b_σ |v − 1|) at the threshold. Turning it up makes \
               this part of the gradient larger.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.1 },
        live: true,
        when: SURROGATE,
        access: real!(rule.surrogate_alpha),
    },
    Field {
        key: "rule.surrogate_beta",
        section: "Rule",
        label: "Surrogate sharpness",
        symbol: "b_σ",
        unit: "",
        help: "How fast the surrogate derivative falls off away from the threshold. Turning it up leaves only potentials \
               very near to the threshold a gradient.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.1 },
        live: true,
        when: SURROGATE,
        access: real!(rule.surrogate_beta),
    },
    Field {
        key: "rule.lambda_act",
        section: "Rule",
        label: "Activation share",
        symbol: "λ_act",
        unit: "",
        help: "Weight of the activation part in ANTLR. Turning it up makes spikes appear and vanish more readily.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.1 },
        live: true,
        when: ANTLR,
        access: real!(rule.lambda_act),
    },
    Field {
        key: "rule.lambda_timing",
        section: "Rule",
        label: "Timing share",
        symbol: "λ_tim",
        unit: "",
        help: "Weight of the timing part in ANTLR. Turning it up makes spikes that exist move more readily.",
        kind: Kind::Real { min: 0.0, max: 1000.0, log: false, step: 0.1 },
        live: true,
        when: ANTLR,
        access: real!(rule.lambda_timing),
    },
    Field {
        key: "rule.timing_penalty_on",
        section: "Rule",
        label: "Wake silent neurons",
        symbol: "",
        unit: "",
        help: "Raises the weights into neurons that never spiked, to which the timing-based rule alone is blind. Off, \
               what is silent stays silent.",
        kind: Kind::Switch,
        live: true,
        when: TIMING,
        access: switch!(rule.timing_penalty.on),
    },
    Field {
        key: "rule.timing_penalty",
        section: "Rule",
        label: "Timing penalty",
        symbol: "timing_penalty",
        unit: "",
        help: "How strongly the weights into silent neurons are raised. Turning it up wakes them sooner.",
        kind: Kind::Real { min: 0.0, max: 1e6, log: false, step: 1.0 },
        live: true,
        when: PENALTY,
        access: real!(rule.timing_penalty.value),
    },
    Field {
        key: "rule.grad_clip_on",
        section: "Rule",
        label: "Clip gradients",
        symbol: "",
        unit: "",
        help: "Keeps every entry of a gradient within ± the limit below, so that one steep update cannot undo what was \
               learnt.",
        kind: Kind::Switch,
        live: true,
        when: When::ALWAYS,
        access: switch!(rule.grad_clip.on),
    },
    Field {
        key: "rule.grad_clip",
        section: "Rule",
        label: "Clip limit",
        symbol: "grad_clip",
        unit: "",
        help: "The largest entry that a gradient may have, either way. Turning it up lets larger gradients pass.",
        kind: Kind::Real { min: 1e-9, max: 1e9, log: true, step: 0.1 },
        live: true,
        when: CLIP,
        access: real!(rule.grad_clip.value),
    },
    // ── Optimiser ─────────────────────────────────────────────────────────────────────────────────────────────────
    Field {
        key: "optimiser.kind",
        section: "Optimiser",
        label: "Optimiser",
        symbol: "",
        unit: "",
        help: "How a gradient becomes a change of the weights.",
        kind: Kind::Choice(&[
            Choice { key: "sgd", label: "SGD", help: "A step against the gradient, with momentum if wanted." },
            Choice {
                key: "adam",
                label: "Adam",
                help: "A step that is scaled for each weight by how large its gradients have been.",
            },
        ]),
        live: true,
        when: When::ALWAYS,
        access: choice!(OptimiserKind, optimiser.kind),
    },
    Field {
        key: "optimiser.learning_rate",
        section: "Optimiser",
        label: "Learning rate",
        symbol: "",
        unit: "",
        help: "How far an update goes. Turning it up learns faster, until the loss begins to jump.",
        kind: Kind::Real { min: 1e-12, max: 1000.0, log: true, step: 0.1 },
        live: true,
        when: When::ALWAYS,
        access: real!(optimiser.learning_rate),
    },
    Field {
        key: "optimiser.momentum",
        section: "Optimiser",
        label: "Momentum",
        symbol: "",
        unit: "",
        help: "Share of the last step that is added to the next one. Turning it up smooths the path and makes it faster \
               where gradients agree.",
        kind: Kind::Real { min: 0.0, max: 0.999999, log: false, step: 0.01 },
        live: true,
        when: SGD,
        access: real!(optimiser.momentum),
    },
    Field {
        key: "optimiser.beta1",
        section: "Optimiser",
        label: "Memory of the gradient",
        symbol: "β₁",
        unit: "",
        help: "Decay per update of Adam's mean of the gradient. Turning it up smooths the path.",
        // At 1 the bias correction 1 − β₁ᵗ would be zero.
        kind: Kind::Real { min: 0.0, max: 0.999999, log: false, step: 0.01 },
        live: true,
        when: ADAM,
        access: real!(optimiser.beta1),
    },
    Field {
        key: "optimiser.beta2",
        section: "Optimiser",
        label: "Memory of its size",
        symbol: "β₂",
        unit: "",
        help: "Decay per update of Adam's mean of the squared gradient. Turning it up makes the step sizes change more \
               slowly.",
        kind: Kind::Real { min: 0.0, max: 0.999999, log: false, step: 0.001 },
        live: true,
        when: ADAM,
        access: real!(optimiser.beta2),
    },
    Field {
        key: "optimiser.epsilon",
        section: "Optimiser",
        label: "Smallest divisor",
        symbol: "ε",
        unit: "",
        help: "Added to the size that Adam divides by, against division by zero. Turning it up damps weights that have \
               small gradients.",
        kind: Kind::Real { min: 1e-30, max: 1.0, log: true, step: 0.1 },
        live: true,
        when: ADAM,
        access: real!(optimiser.epsilon),
    },
    Field {
        key: "optimiser.weight_decay",
        section: "Optimiser",
        label: "Weight decay",
        symbol: "",
        unit: "",
        help: "Times the parameter, added to its gradient. Turning it up pulls all parameters towards zero.",
        kind: Kind::Real { min: 0.0, max: 10.0, log: false, step: 0.0001 },
        live: true,
        when: When::ALWAYS,
        access: real!(optimiser.weight_decay),
    },
    Field {
        key: "optimiser.schedule_every",
        section: "Optimiser",
        label: "Schedule",
        symbol: "",
        unit: "epochs",
        help: "Every so many epochs the learning rate is multiplied by the factor below; 0 for never. In the built-in \
               experiment all pairs are one batch, so an epoch is one update.",
        kind: Kind::Whole { min: 0, max: 1_000_000_000 },
        live: true,
        when: When::ALWAYS,
        access: whole!(optimiser.schedule_every),
    },
    Field {
        key: "optimiser.gamma",
        section: "Optimiser",
        label: "Schedule factor",
        symbol: "gamma",
        unit: "",
        help: "What the schedule multiplies the learning rate by. Below 1 the steps become smaller and smaller.",
        kind: Kind::Real { min: 0.0, max: 1.0, log: false, step: 0.1 },
        live: true,
        when: SCHEDULE,
        access: real!(optimiser.gamma),
    },
    // ── Run ───────────────────────────────────────────────────────────────────────────────────────────────────────
    Field {
        key: "run.seed",
        section: "Run",
        label: "Seed",
        symbol: "",
        unit: "",
        help: "Where all randomness of a run comes from: its task and its initial weights. The same seed gives the same \
               run to the last bit.",
        kind: Kind::Whole { min: 0, max: MOST_SEED },
        live: false,
        when: When::ALWAYS,
        access: whole!(run.seed),
    },
    Field {
        key: "run.batch",
        section: "Run",
        label: "Batch",
        symbol: "B",
        unit: "samples",
        help: "Samples whose gradients make one update. Turning it up makes updates steadier and fewer in an epoch. The \
               latency loss stops a whole batch at once, so what is computed depends on it a little.",
        kind: Kind::Whole { min: 1, max: MOST },
        live: false,
        when: BATCHED,
        access: whole!(run.batch),
    },
    Field {
        key: "run.probe_part",
        section: "Run",
        label: "Watched is from",
        symbol: "",
        unit: "",
        help: "Which samples the one that is watched is from. Learning does not depend on it.",
        kind: Kind::Choice(&[
            Choice { key: "train", label: "Training", help: "Samples that are learnt from." },
            Choice { key: "validation", label: "Validation", help: "Samples by which the best epoch is chosen." },
            Choice { key: "test", label: "Test", help: "Samples that nothing was chosen by." },
        ]),
        live: true,
        when: SETS,
        access: choice!(Split, run.probe_part),
    },
    Field {
        key: "run.probe",
        section: "Run",
        label: "Watched sample",
        symbol: "",
        unit: "",
        help: "The sample whose spikes are drawn and compared, counted from 0. Learning does not depend on it.",
        kind: Kind::Whole { min: 0, max: MOST_SAMPLES - 1 },
        live: true,
        when: SEVERAL,
        access: whole!(run.probe),
    },
    Field {
        key: "run.q",
        section: "Run",
        label: "Price of a move",
        symbol: "q",
        unit: "per step",
        help: "What moving a spike by one step costs where two rasters are compared; creating or removing one costs 1. \
               Spikes up to 2/q steps apart can be one spike that moved; at 0 only counts matter, from 2 on only \
               coincidence.",
        kind: Kind::Real { min: 0.0, max: 10.0, log: false, step: 0.01 },
        live: true,
        when: When::ALWAYS,
        access: real!(run.q),
    },
];

#[cfg(test)]
mod tests {
    use super::super::Settings;
    use super::*;
    use crate::spike::Shape;

    /// Values at and near the ends of a field's range.
    fn samples(kind: &Kind) -> Vec<Value> {
        match *kind {
            Kind::Whole { min, max } => [min, min + 1, max - 1, max].map(Value::Whole).to_vec(),
            Kind::Real { min, max, .. } => [min, (min + max) / 2.0, max].map(Value::Real).to_vec(),
            Kind::Switch => [false, true].map(Value::Switch).to_vec(),
            Kind::Choice(choices) => choices.iter().map(|c| Value::Choice(c.key)).collect(),
            Kind::Layers { .. } => {
                ["none", "fc1", "conv3k3-flatten-fc100000"].map(|text| Value::parse(kind, text).unwrap()).to_vec()
            }
            Kind::Shape { most } => {
                [Shape::Flat(1), Shape::Flat(most), Shape::Grid([2, 3, 4])].map(Value::Shape).to_vec()
            }
            Kind::Path => ["", "a b/ü.csv"].map(|text| Value::Text(text.into())).to_vec(),
        }
    }

    #[test]
    fn what_is_set_is_got_and_nothing_else_changes() {
        for field in FIELDS {
            for value in samples(&field.kind) {
                let mut settings = Settings::default();
                field.set(&mut settings, value.clone()).unwrap();
                assert_eq!(field.get(&settings), value, "{}", field.key);
                // the sizes of some kinds come with them
                for other in FIELDS.iter().filter(|o| o.key != field.key && field.key != "task.kind") {
                    assert_eq!(other.get(&settings), other.get(&Settings::default()), "{} {}", field.key, other.key);
                }
            }
        }
    }

    #[test]
    fn what_lies_outside_is_refused_and_changes_nothing() {
        for field in FIELDS {
            let outside: Vec<Value> = match field.kind {
                Kind::Whole { max, .. } => vec![Value::Whole(max + 1), Value::Real(1.0)],
                Kind::Real { min, max, .. } => {
                    [min - 1.0, max * 1.1, f64::NAN, f64::INFINITY].map(Value::Real).to_vec()
                }
                Kind::Switch => vec![Value::Whole(1)],
                Kind::Choice(_) => vec![Value::Choice("other"), Value::Switch(true)],
                Kind::Layers { most } => {
                    ["fc0".to_owned(), "fc100001".into(), "conv3k2".into(), vec!["fc1"; most + 1].join("-")]
                        .map(|text| Value::parse(&field.kind, &text).unwrap())
                        .to_vec()
                }
                Kind::Shape { most } => {
                    [Shape::Flat(0), Shape::Flat(most + 1), Shape::Grid([9, 0, 9])].map(Value::Shape).to_vec()
                }
                Kind::Path => vec![Value::Text("a\nb".into()), Value::Text("a".repeat(5000))],
            };
            for value in outside {
                let mut settings = Settings::default();
                let problem = field.set(&mut settings, value.clone()).unwrap_err();
                assert_eq!(settings, Settings::default());
                let said = problem.to_string();
                assert!(said.contains(field.key) && said.contains(&value.to_text()), "{said}");
                assert!(said.contains(&field.kind.allowed()), "{said}");
            }
        }
    }

    #[test]
    fn keys_are_unique_and_sections_stand_together() {
        for (i, field) in FIELDS.iter().enumerate() {
            assert!(FIELDS[..i].iter().all(|f| f.key != field.key), "{}", field.key);
            assert_eq!(field.key, format!("{}.{}", field.table(), field.name()));
            assert_eq!(field.section.to_lowercase(), field.table());
            let same = |f: &&Field| f.table() == field.table();
            let run = FIELDS[i..].iter().take_while(same).count();
            assert_eq!(run, FIELDS[i..].iter().filter(same).count(), "{}", field.key);
        }
    }

    #[test]
    fn every_field_is_described() {
        for field in FIELDS {
            assert!(!field.label.is_empty() && field.help.ends_with('.'), "{}", field.key);
            assert!(!field.label.ends_with('.') && !field.help.contains("  "), "{}", field.key);
            assert_eq!(
                field.live,
                !(field.table() == "network"
                    || field.table() == "task" && field.key != "task.dt_ms"
                    || matches!(field.key, "run.seed" | "run.batch"))
            );
            if let Kind::Choice(choices) = field.kind {
                assert!(choices.iter().all(|c| !c.label.is_empty() && c.help.ends_with('.')));
            }
        }
    }

    #[test]
    fn the_built_in_experiment_is_within_all_ranges() {
        let settings = Settings::default();
        for field in FIELDS {
            assert!(field.kind.allows(&field.get(&settings)), "{}", field.key);
        }
        let Kind::Choice(losses) = field("loss.kind").unwrap().kind else { panic!() };
        assert_eq!(losses.iter().map(|c| c.key).collect::<Vec<_>>(), LossKind::ALL.map(LossKind::key));
        let Kind::Choice(rules) = field("rule.rule").unwrap().kind else { panic!() };
        assert_eq!(rules.iter().map(|c| c.key).collect::<Vec<_>>(), Rule::ALL.map(Rule::key));
        let Kind::Choice(optimisers) = field("optimiser.kind").unwrap().kind else { panic!() };
        assert_eq!(optimisers.iter().map(|c| c.key).collect::<Vec<_>>(), OptimiserKind::ALL.map(OptimiserKind::key));
    }

    #[test]
    fn what_has_no_effect_says_when_it_would() {
        let settings = Settings::default();
        let idle: Vec<_> = FIELDS.iter().filter(|f| !f.applies(&settings)).map(|f| f.key).collect();
        assert_eq!(
            idle,
            [
                "task.data",
                "task.target",
                "task.time_unit",
                "task.other_spikes",
                "task.threshold",
                "task.invert",
                "task.train_samples",
                "task.test_samples",
                "task.validation_auto",
                "task.validation",
                "task.earliest",
                "task.latest",
                "task.bias",
                "network.deviation",
                "neuron.beta_i",
                "neuron.beta_v",
                "neuron.beta_bias",
                "loss.softmax_beta",
                "loss.lambda_nospike",
                "rule.timing_penalty_on",
                "rule.timing_penalty",
                "optimiser.momentum",
                "optimiser.gamma",
                "run.batch",
                "run.probe_part",
                "run.probe",
            ]
        );
        assert!(FIELDS.iter().filter(|f| !f.applies(&settings)).all(|f| !f.when.text.is_empty()));
    }
}
