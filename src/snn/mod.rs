//! The network: layers, neuron dynamics, parameters, the forward pass and its trace
//! ([model §1](crate::model#1-the-neuron-forward) and [§2](crate::model#2-layers)).
//!
//! A [`Network`] is shapes and places alone, [`Params`] are the numbers, [`Dynamics`] the constants of the neurons; the
//! [forward pass](forward) makes a [`Trace`] of them and an input raster. Everything here is a plain function of plain
//! values; the kernels run under an [`Isa`] and give the same bits under each.

pub mod conv;
pub mod exp;
pub mod forward;
pub mod initial;
pub mod isa;
pub mod lanes;
pub mod layer;
pub mod network;
pub mod neuron;
pub mod params;
pub mod pool;
mod spikes;
pub mod text;
pub mod trace;

pub use crate::spike::Shape;
pub use initial::{InitialWeights, WeightDistribution};
pub use isa::Isa;
pub use layer::{Layer, LayerKind};
pub use network::{Network, NetworkError};
pub use neuron::{Dynamics, NeuronSettings};
pub use params::Params;
pub use trace::{LayerTrace, OutputGradient, Trace};
