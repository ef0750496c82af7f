//! Pictures without a window: egui's triangles drawn by the CPU alone, and figures for files.
//!
//! [`Offscreen`] runs egui code with no display, [`Rasteriser`] draws what egui tessellated, [`Bitmap`] is the result
//! and writes itself as PNG. Neither OpenGL nor X nor Wayland is needed, and the same frame gives the same bytes every
//! time. The colours are those of egui's OpenGL backend: vertex colour times texture, premultiplied alpha, blended in
//! gamma space, with no dithering.
//!
//! [`figure`] draws maps of numbers for a file, [`sheet`] the marks of any figure; [`solid`]
//! projects surfaces. [`colormap`], [`scale`] and [`ticks`] are what such maps and those of
//! the window share.

mod bitmap;
pub mod colormap;
mod coverage;
pub mod figure;
mod guard;
mod ink;
mod offscreen;
mod rasteriser;
pub mod scale;
pub mod sheet;
pub mod solid;
mod texture;
pub mod ticks;

pub use bitmap::Bitmap;
pub use offscreen::Offscreen;
pub use rasteriser::Rasteriser;
