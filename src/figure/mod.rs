//! Every view as a figure for a file: marks on a [`Sheet`], drawn from the same data as the view, and these data as a table
//! and as arrays.
//!
//! A [`FigureScene`] is what is known of a run at a moment, [`FigureOptions`] what is shown of it, [`FigureStyle`] how: for
//! paper or as in the window. [`Figures`] puts them together and makes the
//! files, [`film`] a film of many moments. Window and command line both come here, so
//! the same moment gives the same bytes.

mod changes;
mod colouring;
mod curves;
mod data;
mod files;
mod film;
mod landscape;
mod line;
mod map;
mod matrix;
pub mod measure;
mod options;
mod page;
mod plot;
mod potential;
mod raster;
mod raster_marks;
mod run;
mod samples;
mod scene;
mod style;
mod surface;

pub use data::{FigureColumn, FigureTable};
pub use files::{FigureFile, FigureFormat, Figures};
pub use film::{FilmFormat, FilmSpec, film};
pub use line::is_plain;
pub use options::{FigureCurve, FigureOptions, FigureSpan, FigureView};
pub use run::{FigureRun, FigureWishes};
pub use scene::{FigureAnswers, FigureCells, FigureLandscape, FigureScene};
pub use style::{FigurePalette, FigureStyle, FigureTheme};

use crate::picture::sheet::Sheet;
use crate::text;

/// A sheet with the figure of `view`; a sentence where there is nothing to draw.
fn sheet(view: FigureView, scene: &FigureScene, options: &FigureOptions, style: &FigureStyle) -> Result<Sheet, String> {
    match view {
        FigureView::Raster => Ok(raster::sheet(scene, options, style)),
        FigureView::Potential => Ok(potential::sheet(scene, options, style)),
        FigureView::Curves => curves::sheet(scene, options, style),
        FigureView::Changes => changes::sheet(scene, options, style),
        FigureView::Landscape if options.surface.is_some() => surface::sheet(scene, options, style),
        FigureView::Landscape => landscape::sheet(scene, options, style),
        FigureView::Accuracy => matrix::sheet(scene, options, style),
        FigureView::Samples => samples::sheet(scene, options, style),
        FigureView::DecisionMap => map::sheet(scene, style),
    }
}

/// The numbers that it shows.
fn table(view: FigureView, scene: &FigureScene, options: &FigureOptions) -> Result<FigureTable, String> {
    match view {
        FigureView::Raster => Ok(raster::table(scene, options)),
        FigureView::Potential => Ok(potential::table(scene, options)),
        FigureView::Curves => Ok(curves::table(scene, options)),
        FigureView::Changes => changes::table(scene, options),
        FigureView::Landscape => landscape::table(scene, options),
        FigureView::Accuracy => matrix::table(scene),
        FigureView::Samples => samples::table(scene, options),
        FigureView::DecisionMap => map::table(scene),
    }
}

/// As in "Raster, update 300, ANTLR, seed 0".
fn title(view: FigureView, scene: &FigureScene) -> String {
    let frame = &scene.frame;
    let (rule, seed) = (frame.settings.rule.rule.label(), frame.settings.run.seed);
    let update = scene.update_of(view);
    format!("{}, update {}, {rule}, seed {seed}", view.label(), text::whole(update))
}
