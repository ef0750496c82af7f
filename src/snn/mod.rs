//! The network: layers, neuron dynamics, parameters, the forward pass and its trace ([model
//! §1](crate::model#1-the-neuron-forward) and [§2](crate::model#2-layers)).

pub mod conv;
pub mod exp;
pub mod forward;
pub mod initial;
pub mod isa;
pub mod layer;
pub mod network;
pub mod neuron;
pub mod pool;
pub mod text;
pub mod trace;

pub use crate::spike::Shape;
pub use initial::{InitialWeights, WeightDistribution};
pub use isa::Isa;
pub use layer::{Layer, LayerKind};
pub use network::{Network, NetworkError, Params};
pub use neuron::{Dynamics, NeuronSettings};
pub use trace::{LayerTrace, OutputGradient, Trace};
