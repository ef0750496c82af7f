//! The values that flow: event-form rasters, spike trains, samples, and how two rasters differ.

pub mod align;
pub mod changes;
pub mod raster;
pub mod reserve;
pub mod sample;
pub mod shape;
pub mod statistics;
pub mod stats;

pub use align::{Aligner, Edit, ShiftCost, Tally};
pub use changes::{Changes, changes};
pub use raster::{Raster, Trains};
pub use sample::{Sample, Target};
pub use shape::Shape;
