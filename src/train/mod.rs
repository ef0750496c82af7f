//! The run without threads: settings, trainer, evaluation, reports, seed streams.

pub mod initial;
pub mod pass;
pub mod report;
pub mod settings;
pub mod trainer;

pub use report::{LayerReport, Reports, StepReport};
pub use settings::Settings;
pub use trainer::{Diverged, Moment, Trainer};
