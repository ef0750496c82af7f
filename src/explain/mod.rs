//! Why: what an update promised the spikes and what came of it, what a potential is made of, which weights moved a
//! spike, and what is wrong with a network ([model §11](crate::model#11-promised-and-actual-shifts),
//! [§12](crate::model#12-the-parts-of-a-potential) and
//! [§13](crate::model#13-lines-through-weight-space-and-circulation)).
//!
//! Plain functions over plain values: no thread, no file, no window. A [`Setup`] says what the spikes of a sample depend on
//! besides the parameters, an [`Activity`] is what every layer did at some of them, and a [`LayerActivity`] is one layer of
//! that. From these:
//!
//! | file | question |
//! |---|---|
//! | `potential` | Which inputs carried a neuron to the threshold? |
//! | `promise` | How far should each spike have moved by the update's own arithmetic, and how far did it? |
//! | `words` | The same in a sentence. |
//! | `lanes` | Where would each rule lift or lower a potential? |
//! | `line` | How do spike times change along a line through weight space? |
//! | `cause` | Which weights made this spike, and who asked for it? Why is a target missed? |
//! | `agreement` | In which layers do the rules point the same way? |
//! | `health` | What is ill, why does it matter, and what helps? |
//! | `bench` | What does one neuron do with input spikes that are put there by hand? |

pub mod agreement;
pub mod bench;
pub mod cause;
pub mod health;
pub mod lanes;
pub mod layer;
pub mod line;
pub mod potential;
pub mod promise;
pub mod setup;
pub mod step;
pub mod words;

pub use layer::LayerActivity;
pub use promise::{LayerPromise, PromiseTally, PromisedSpike, UpdatePromise, Verdict};
pub use setup::{Activity, Setup};
