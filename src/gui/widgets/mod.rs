//! The parts that panels are made of.

pub mod ill_mark;
pub mod markdown;
pub mod note;
pub mod opening;
pub mod painted;
pub mod path_field;
pub mod picture_pace;
pub mod plane_controls;
pub mod player;
pub mod plot;
pub mod pointing;
pub mod progress;
pub mod relief;
pub mod ring;
pub mod run_style;
pub mod spans;
pub mod strokes;
pub mod time_axis;
pub mod trace;
