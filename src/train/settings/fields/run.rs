//! The settings of the run as a whole.

use super::super::When;
use super::super::access::at;
use super::super::field::{Field, choice, real, whole};
use super::task::CLASSES;
use super::{MOST, MOST_SAMPLES, MOST_SEED};
use crate::task::Split;

const MINI_BATCHES: When = When::Fact(|s| s.batched(), "the task has a set of samples");
const SEVERAL: When = When::Any(&[When::AtLeast(at!(task.pairs), 2), MINI_BATCHES]);

pub(super) const FIELDS: &[Field] = &[
    whole(at!(run.seed), "Seed", 0..=MOST_SEED).help(
        "Source of all randomness in a run: its task, its initial weights and the order of its samples. The same seed \
         gives the same run to the last bit.",
    ),
    whole(at!(run.batch), "Batch size", 1..=MOST).symbol("B").unit("samples").when(MINI_BATCHES).help(
        "Number of samples whose gradients make one update. A larger batch makes updates steadier and an epoch shorter in \
         updates. The latency loss stops a whole batch at once, so results depend on it slightly.",
    ),
    choice::<Split>(at!(run.probe_part), "Watched sample from")
        .when(CLASSES)
        .live()
        .help("The split that the watched sample is taken from. Learning does not depend on it."),
    whole(at!(run.probe), "Watched sample", 0..=MOST_SAMPLES - 1)
        .when(SEVERAL)
        .live()
        .help("The sample whose spikes are drawn and compared, counted from 0. Learning does not depend on it."),
    real(at!(run.shift_cost as "run.q"), "Shift cost", 0.0..=10.0).symbol("q").unit("per step").live().help(
        "Cost of moving a spike by one step when two rasters are compared (Victor–Purpura distance); creating or removing \
         a spike costs 1. Spikes up to 2/q steps apart can count as one spike that moved; at 0 only counts matter, from 2 \
         on only coincidences.",
    ),
];
