//! The loss around a parameter vector, along two directions (model.md, section 10).

pub mod grid;
pub mod plane;
pub mod survey;

pub use grid::Grid;
pub use plane::{Foot, Plane};
pub use survey::Survey;
