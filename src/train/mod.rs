//! The run without threads: settings, trainer, evaluation, reports, seed streams.

pub mod evaluate;
pub mod initial;
pub mod pass;
mod reader;
pub mod report;
pub mod settings;
pub mod trainer;

pub use evaluate::{Evaluation, EvaluationContext, Readout, SampleAnswer, SampleEvaluator};
pub use reader::read_samples;
pub use report::{EpochReport, LayerReport, Reports, StepReport, Validation};
pub use settings::Settings;
pub use trainer::{BestEpoch, Diverged, Halt, Moment, Trainer};
