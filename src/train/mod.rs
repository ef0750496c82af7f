//! A run without threads: settings, trainer, evaluation and reports.
//!
//! A [`Trainer`] holds everything of a run and makes one update per call; a [`pass::BatchPass`] is the arithmetic of it. What
//! a run depends on are its [`Settings`], its seed and what was changed on the way, and nothing else: not the number of
//! threads, nor the instruction set.

pub mod evaluate;
pub mod initial;
mod parallel;
pub mod pass;
mod reader;
pub mod report;
pub mod settings;
pub mod trainer;

pub use evaluate::{Evaluation, EvaluationContext, Readout, SampleAnswer, SampleEvaluator};
pub use reader::read_samples;
pub use report::{EpochReport, LayerReport, Reports, StepReport, Validation};
pub use settings::Settings;
pub use trainer::{BestEpoch, Diverged, DivergedValue, Halt, Moment, Trainer};
