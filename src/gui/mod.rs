//! The window. [`app::App`] receives in `logic`, draws in `ui`, and changes the world in one place, `apply`.
//!
//! Every panel is one file of `panels`. It is handed a [`state::Look`] (a frame and the run's story, read only) and gives
//! back [`action::Action`]s.

pub mod action;
pub mod app;
pub mod bar;
pub mod choose;
pub mod colormap;
mod dropped;
pub mod exam;
pub mod files;
pub mod form;
pub mod format;
pub mod help;
pub mod latest;
pub mod layout;
pub mod map_view;
pub mod meter;
pub mod panel;
pub mod panels;
pub mod picture;
mod reading;
pub mod snapshot;
pub mod state;
pub mod survey;
pub mod theme;
pub mod window;
pub mod workspace;
