//! The program without a window.

pub mod probe;
