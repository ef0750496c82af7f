//! The window. [`app::App`] receives in `logic`, draws in `ui`, and changes the world in one place, `apply`.
//!
//! A panel is handed a [`state::ViewContext`] (a frame and the run's story, read only) and gives back
//! [`action::Action`]s. The modules stand on each other in the order of `FLOORS` of `tests/architecture`: colours and
//! names, the layout, the state (which knows no panel), the actions, widgets, panels, tiles, bars and sheets, the
//! program, the window.

pub mod about;
pub mod action;
pub mod app;
pub mod bar;
pub mod chooser;
mod dropped;
pub mod export;
pub mod files;
mod glossary;
pub mod help;
mod icon;
pub mod layout;
mod lesson_panel;
pub mod names;
pub mod panels;
mod sheets;
pub mod snapshot;
pub mod state;
mod story;
pub mod theme;
pub mod tiles;
pub mod timeline;
pub mod widgets;
pub mod window;
