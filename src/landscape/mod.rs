//! The loss around a parameter vector, and what each rule sees of it (model.md, section 10).
//!
//! An [`Objective`] says what the loss at a point depends on, a [`Plane`] where the points lie, a [`Survey`] measures
//! them; a [`Landscape`] is what was measured on a [`Grid`]. The rest are pure functions of it: the slope, the fields of
//! arrows, the surface that each rule believes in, regions of equal output, and the comparison of the three.

mod bench;
pub mod circulation;
pub mod cliffs;
pub mod comparison;
pub mod field;
pub mod fit;
#[cfg(test)]
pub mod fixtures;
pub mod grid;
pub mod kind;
pub mod measured;
pub mod objective;
pub mod path;
pub mod plane;
mod principal;
pub mod regions;
pub mod survey;
mod text;

pub use circulation::{Circle, CircleWalk, Circulation};
pub use cliffs::GridCell;
pub use comparison::{Comparison, RuleView};
pub use fit::Surface;
pub use grid::Grid;
pub use kind::{Context, PlaneKind, WeightAt};
pub use measured::{Landscape, Views};
pub use objective::{Objective, Over};
pub use path::{Moments, OnPlane, PathLoss, Placed, Track};
pub use plane::{Foot, Plane};
pub use regions::Regions;
pub use survey::{Desk, Look, Point, Survey};
