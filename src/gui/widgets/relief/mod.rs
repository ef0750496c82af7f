//! Numbers on a plane: cells on a map or facets of a surface, with lines, arrows and marks on them.
//!
//! [`map`] says where a cell lies, [`values`] what colours it, [`paint`] draws maps, [`solid`] and [`surface`] project
//! and draw surfaces, [`borders`] and [`arrows`] find what lies on a map, [`words`] tells of a place.

pub mod arrows;
pub mod borders;
pub mod map;
pub mod paint;
pub mod surface;
pub mod values;
pub mod words;

pub use crate::picture::solid;
