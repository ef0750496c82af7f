//! The network: layers, neuron dynamics, parameters, the forward pass and its trace (model.md, sections 1 and 2).

pub mod exp;
pub mod forward;
pub mod isa;
pub mod network;
pub mod neuron;
pub mod trace;

pub use isa::Isa;
pub use network::{Layer, Network, Params};
pub use neuron::{Dynamics, NeuronSettings};
pub use trace::{LayerTrace, OutputGradient, Trace};
