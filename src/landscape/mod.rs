//! The loss around a parameter vector, and what each rule sees of it ([model §10](crate::model#10-the-loss-landscape)).
//!
//! An [`Objective`] says what the loss at a point depends on, a [`Plane`] where the points lie, a [`Measurement`] measures
//! them; a [`Landscape`] is what was measured on a [`Grid`]. The rest are pure functions of it: the slope, the fields of
//! arrows, the surface that each rule believes in, regions of equal output, and the comparison of the three.

pub mod borders;
pub mod circulation;
pub mod cliffs;
pub mod colour;
pub mod comparison;
pub mod field;
pub mod fit;
#[cfg(test)]
pub mod fixtures;
pub mod grid;
pub mod kind;
pub mod measure;
pub mod objective;
pub mod path;
pub mod plane;
mod principal;
pub mod regions;
pub mod results;
mod scratch;
mod text;

pub use circulation::{Circle, CircleWalk, Circulation};
pub use cliffs::GridCell;
pub use colour::CellColour;
pub use comparison::{Comparison, RuleView};
pub use fit::Surface;
pub use grid::Grid;
pub use kind::{PlaneContext, PlaneKind, WeightAt};
pub use measure::{MeasuredPoint, Measurement, MeasurementScratch, PointSpikes};
pub use objective::{LossSamples, Objective};
pub use path::{Moments, PathLoss, ProjectedMoment, ProjectedPath, RunPath};
pub use plane::{Plane, ProjectedPoint};
pub use regions::Regions;
pub use results::{Landscape, Views};
