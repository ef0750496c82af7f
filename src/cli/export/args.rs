//! What can be said of figures and films on the command line.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::engine::LandscapeSpec;
use crate::figure::{FigureCurve, FigureOptions, FigureSpan, FigureStyle, FigureTheme, FigureView, FigureWishes};
use crate::landscape::{CellColour, Circle, Grid, LossSamples, PlaneKind};
use crate::picture::solid::Viewpoint;
use crate::task::{Split, TimeUnit};

use super::super::args::{Chosen, updates, within};
use super::super::landscape::args::{over, plane};

/// `spikescape export`
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    pub run: FigureSource,
    /// The views: raster, potential, curves, changes, landscape, accuracy, samples, map; or all that there are
    #[arg(long, alias = "views", value_name = "VIEW[,VIEW…]", value_delimiter = ',', required = true, value_parser = views())]
    pub view: Vec<ViewWish>,
    /// The moment, by its updates [default: the last]
    #[arg(long, value_name = "UPDATE", value_parser = updates())]
    pub at: Option<u64>,
    /// A file to write: .svg, .pdf, .png, .csv or .npz; can be repeated. Of several views, a folder for all of their files
    #[arg(short, long, value_name = "FILE", required = true)]
    pub out: Vec<PathBuf>,
    #[command(flatten)]
    pub shown: FigureShown,
    #[command(flatten)]
    pub look: FigureLook,
}

/// `spikescape film`
#[derive(Debug, Args)]
pub struct Film {
    #[command(flatten)]
    pub run: FigureSource,
    /// The view
    #[arg(long, value_name = "VIEW", default_value = "raster", value_parser = view())]
    pub view: FigureView,
    /// The update of the first frame
    #[arg(long, value_name = "UPDATE", default_value_t = 0, value_parser = updates())]
    pub from: u64,
    /// The update of the last frame [default: the last]
    #[arg(long, value_name = "UPDATE", value_parser = updates())]
    pub to: Option<u64>,
    /// Updates from one frame to the next
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub every: u64,
    /// Frames a second
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..=50))]
    pub rate: u16,
    /// The film: .gif, .apng or .png (APNG); a name without an end is a folder for frames
    #[arg(short, long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    pub shown: FigureShown,
    #[command(flatten)]
    pub look: FigureLook,
}

/// The run that is shown.
#[derive(Debug, Args)]
pub struct FigureSource {
    /// A log (log.toml) or a checkpoint (.safetensors); without it, a new run of the settings is shown
    #[arg(conflicts_with_all = ["preset", "settings", "neuron", "set", "rule", "seed", "updates"])]
    pub file: Option<PathBuf>,
    /// Updates of the new run [default: those of the moment]
    #[arg(long, value_name = "N", value_parser = updates())]
    pub updates: Option<u64>,
    /// The folder or file of the data, short for --set task.data=…
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// What is shown of a moment.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is shown")]
pub struct FigureShown {
    /// Raster, changes: what was done by the last update, by the last updates together, or since the start
    #[arg(long, default_value = "last", value_parser = named(FigureSpan::ALL.map(FigureSpan::key), FigureSpan::from_key))]
    pub span: FigureSpan,
    /// Updates of --span back
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u64).range(2..=1000))]
    pub look_back: u64,
    /// Raster: leave out what the updates did
    #[arg(long)]
    pub no_changes: bool,
    /// Raster, potential: the unit of time
    #[arg(long, default_value = "steps", value_parser = named(TimeUnit::ALL.map(TimeUnit::key), TimeUnit::from_key))]
    pub unit: TimeUnit,
    /// Potential: layer (0 is the first hidden one) and neuron, as in 1/4 [default: the first output]
    #[arg(long, value_name = "LAYER/NEURON", value_parser = cell)]
    pub of: Option<(usize, usize)>,
    /// Changes: a layer, counted from 0 [default: all]
    #[arg(long, value_name = "N")]
    pub layer: Option<usize>,
    /// Curves: which quantity
    #[arg(long, default_value = "loss", value_parser = named(FigureCurve::ALL.map(FigureCurve::key), FigureCurve::from_key))]
    pub curve: FigureCurve,
    /// Curves, landscape: a logarithmic scale
    #[arg(long)]
    pub log: bool,
    /// Landscape: what cells are coloured by: loss, spikes, output-spikes, regions, or circulation:RULE
    #[arg(long, value_name = "VALUE", default_value = "loss", value_parser = colour)]
    pub colour: CellColour,
    /// Landscape: a circle around (A, B) with the radius R, and what the rules' gradients come to around it
    #[arg(long, value_name = "A,B,R", allow_hyphen_values = true, conflicts_with = "surface", value_parser = circle)]
    pub circle: Option<Circle>,
    /// Landscape: level lines
    #[arg(long)]
    pub levels: bool,
    /// Landscape: as a surface of facets and cliffs
    #[arg(long, conflicts_with = "levels")]
    pub surface: bool,
    /// Landscape: how far the surface is turned, in radians
    #[arg(long, value_name = "ANGLE", default_value_t = Viewpoint::default().azimuth, allow_negative_numbers = true, value_parser = within(-10.0, 10.0))]
    pub turn: f32,
    /// Landscape: how high above the ground the surface is seen from, in radians
    #[arg(long, value_name = "ANGLE", default_value_t = Viewpoint::default().elevation, value_parser = within(Viewpoint::LOWEST, Viewpoint::HIGHEST))]
    pub tilt: f32,
    /// Landscape: the plane, as for `spikescape landscape`
    #[arg(long, value_name = "KIND", default_value = "random", value_parser = plane)]
    pub plane: PlaneKind,
    /// Landscape: the moment in the centre, at or before --at [default: the moment]
    #[arg(long, value_name = "UPDATE", value_parser = updates())]
    pub centre: Option<u64>,
    /// Landscape: the seed of random directions
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub directions: u64,
    /// Landscape: how far the plane reaches to each side, in lengths of its directions
    #[arg(long, value_name = "R", default_value_t = 1.0, value_parser = within(1e-6, 1e6))]
    pub range: f32,
    /// Landscape, map: points along each side, an odd number up to 201 [default: 51, of a map 61]
    #[arg(long, value_name = "N", value_parser = points)]
    pub points: Option<usize>,
    /// Landscape: the samples whose loss it is: batch, probe, or some of a part as in test:100
    #[arg(long, value_name = "SAMPLES", default_value = "batch", value_parser = over)]
    pub over: LossSamples,
    /// Samples: those that the network gets wrong first
    #[arg(long)]
    pub wrong_first: bool,
    /// Accuracy, samples: the samples that are answered
    #[arg(long, default_value = "validation", value_parser = named(Split::ALL.map(Split::key), Split::from_key))]
    pub split: Split,
}

/// How it looks.
#[derive(Debug, Args)]
#[command(next_help_heading = "Look")]
pub struct FigureLook {
    /// Colours for paper, or those of the window
    #[arg(long, default_value = "print", value_parser = named(FigureTheme::ALL.map(FigureTheme::key), FigureTheme::from_key))]
    pub theme: FigureTheme,
    /// Width in millimetres [default: 120]
    #[arg(long, value_name = "MM", value_parser = within(*FigureStyle::WIDTHS.start(), *FigureStyle::WIDTHS.end()))]
    pub width: Option<f32>,
    /// Size of the font in points [default: 8]
    #[arg(long, value_name = "PT", value_parser = within(*FigureStyle::FONTS.start(), *FigureStyle::FONTS.end()))]
    pub font: Option<f32>,
    /// Pixels to an inch [default: 300, of a film 110]
    #[arg(long, value_name = "N", value_parser = within(*FigureStyle::DPIS.start(), *FigureStyle::DPIS.end()))]
    pub dpi: Option<f32>,
    /// A title with --theme print, too
    #[arg(long)]
    pub title: bool,
}

/// A view, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewWish {
    All,
    One(FigureView),
}

impl FigureShown {
    pub fn wishes(&self) -> FigureWishes {
        let options = FigureOptions {
            time_unit: self.unit,
            changes: !self.no_changes,
            span: self.span,
            look_back: self.look_back,
            neuron: self.of,
            layer: self.layer,
            curve: self.curve,
            log_curve: self.log,
            log_colours: self.log,
            colour: self.colour,
            circle: self.circle,
            levels: self.levels,
            surface: self.surface.then_some([self.turn, self.tilt]),
            split: self.split,
            wrong_first: self.wrong_first,
        };
        let grid = Grid { points: self.points.unwrap_or(51), range: self.range };
        let landscape =
            LandscapeSpec { plane: self.plane, over: self.over, ..LandscapeSpec::new(self.directions, grid) };
        FigureWishes { options, landscape, centre: self.centre, points: self.points.unwrap_or(61) }
    }
}

impl FigureLook {
    /// `dpi` where none is asked for.
    pub fn style(&self, dpi: f32) -> FigureStyle {
        let usual = FigureStyle::default();
        FigureStyle {
            theme: self.theme,
            width: self.width.unwrap_or(usual.width),
            font: self.font.unwrap_or(usual.font),
            dpi: self.dpi.unwrap_or(dpi),
            title: self.title,
        }
    }
}

fn named<T: Clone + Send + Sync + 'static, const N: usize>(
    keys: [&'static str; N],
    from: fn(&str) -> Option<T>,
) -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(keys).map(move |key| from(&key).expect("only keys pass"))
}

fn view() -> impl TypedValueParser<Value = FigureView> {
    named(FigureView::ALL.map(FigureView::key), FigureView::from_key)
}

fn views() -> impl TypedValueParser<Value = ViewWish> {
    let keys = FigureView::ALL.map(FigureView::key).into_iter().chain(["all"]);
    PossibleValuesParser::new(keys).map(|key| FigureView::from_key(&key).map_or(ViewWish::All, ViewWish::One))
}

fn cell(text: &str) -> Result<(usize, usize), String> {
    let read = |(layer, unit): (&str, &str)| Some((layer.parse().ok()?, unit.parse().ok()?));
    text.split_once('/').and_then(read).ok_or("write LAYER/NEURON, both counted from 0, as in 1/4".into())
}

fn colour(text: &str) -> Result<CellColour, String> {
    CellColour::parse(text).ok_or_else(|| {
        let all = CellColour::ALL.map(|colour| colour.to_string()).join(", ");
        format!("expected one of {all}")
    })
}

fn circle(text: &str) -> Result<Circle, String> {
    let numbers: Option<Vec<f32>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[a, b, radius]) if a.is_finite() && b.is_finite() && radius > 0.0 && radius.is_finite() => {
            Ok(Circle::new([a, b], radius))
        }
        _ => Err("write A,B,R: the middle of the circle, and its radius above 0, as in 0,-0.1,0.25".into()),
    }
}

fn points(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n: &usize| n % 2 == 1 && (3..=Grid::MOST).contains(n));
    number.ok_or_else(|| format!("expected an odd number from 3 to {}, so that the centre is a point", Grid::MOST))
}
