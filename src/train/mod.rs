//! The run without threads: settings, trainer, evaluation, reports, seed streams.

pub mod settings;

pub use settings::Settings;
