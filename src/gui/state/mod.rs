//! What the window knows: the story of each run, the answers to its questions, and what a person chose to look at.

mod choices;
mod context;
mod curves;
pub mod decision_map;
pub mod earlier_runs;
pub mod evaluation;
#[cfg(test)]
pub mod fixtures;
pub mod landscape;
pub mod landscape_choices;
mod run;
mod saved;
mod undo;
pub mod watched;

pub use choices::{Choices, CurveKind, ExamChoices, MapChoices, MapMarks, SpanChoice, TimeUnit};
pub use context::{Look, Reading};
pub use curves::Curves;
pub use decision_map::MapView;
pub use evaluation::ExamView;
pub use landscape::LandscapeView;
pub use landscape_choices::LandscapeChoices;
pub use run::{Mark, RunView};
pub use saved::Kept;
pub use undo::Past;
