//! What panels are made of.

pub mod note;
pub mod opening;
pub mod picture_pace;
pub mod plane_controls;
pub mod player;
pub mod plot;
pub mod relief;
pub mod time_axis;
