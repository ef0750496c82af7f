//! The reasons why an update is not made.

use std::fmt;

use crate::rule::gradient::LARGEST_GRADIENT;

/// A run that produced a value it cannot continue with. The state is the one before the update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diverged {
    /// The update that was not made.
    pub update: u64,
    /// The layer, from 0; `None` for the loss.
    pub layer: Option<usize>,
    pub what: DivergedValue,
}

/// The kind of value with which a run diverged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DivergedValue {
    /// The loss of the batch is not finite.
    Loss,
    /// A membrane potential is not finite.
    Potential,
    /// A parameter, or the optimiser's memory of it, would not be finite after the update.
    Parameter,
    /// An entry of the gradient is not finite, or not below [`LARGEST_GRADIENT`].
    Gradient,
}

impl fmt::Display for Diverged {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let place = self.layer.map_or("the network".to_owned(), |l| format!("layer {}", l + 1));
        let what = match self.what {
            DivergedValue::Loss => "the loss is not finite".to_owned(),
            DivergedValue::Potential => format!("a membrane potential of {place} is not finite"),
            DivergedValue::Parameter => "a weight, or the optimiser's memory of it, would not be finite".to_owned(),
            DivergedValue::Gradient => {
                format!("a gradient of {place} is not finite, or too large to be used ({LARGEST_GRADIENT:e} or more)")
            }
        };
        let advice = match self.what {
            // a lower rate would not change the gradient of this state
            DivergedValue::Gradient => {
                "switch on rule.grad_clip_on and go on, or lower optimiser.learning_rate and restart"
            }
            _ => {
                "lower optimiser.learning_rate or optimiser.weight_decay, or switch on rule.grad_clip_on, and go on or restart"
            }
        };
        write!(f, "Update {} was not made: {what}. The state before it is kept; {advice}", self.update)
    }
}

/// The reason why an update was not made. The state is the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    Diverged(Diverged),
    /// Samples could not be read; a sentence says why.
    Unread {
        update: u64,
        problem: String,
    },
}

impl Halt {
    /// The update that was not made.
    pub fn update(&self) -> u64 {
        match self {
            Self::Diverged(diverged) => diverged.update,
            Self::Unread { update, .. } => *update,
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Diverged(diverged) => diverged.fmt(f),
            Self::Unread { update, problem } => {
                write!(f, "Update {update} was not made: {problem} The state before it is kept; run to try again")
            }
        }
    }
}
