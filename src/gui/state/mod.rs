//! The state of the window: the story of each run, the answers to its questions, and what the user chose to look at.

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
mod need;
mod progress;
mod run;
mod saved;
mod undo;
pub mod watched;

pub use choices::{Choices, CurveKind, DecisionMapChoices, EvaluationChoices, SpanChoice};
pub use context::{OpeningState, ViewContext};
pub use curves::RunCurves;
pub use decision_map::DecisionMapState;
pub use evaluation::EvaluationState;
pub use landscape::LandscapeState;
pub use landscape_choices::LandscapeChoices;
pub use need::KnownNeed;
pub use progress::AnswerProgress;
pub use run::{RunMark, RunView};
pub use saved::SavedState;
pub use undo::Undo;
