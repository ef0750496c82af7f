//! The raster: every layer a band, every spike a bar, targets as rings, and what the updates did.

use super::data::FigureTable;
use super::options::FigureOptions;
use super::plot::{FigurePen, FigurePlot, above, below};
use super::raster_marks::{BandInk, LINE, RasterLegend};
use super::scene::{FigureScene, layer_name};
use super::style::FigureStyle;
use crate::engine::Frame;
use crate::loss::LossKind;
use crate::picture::sheet::{Sheet, SheetAlign};
use crate::picture::ticks;
use crate::spike::{Edit, Raster};
use crate::task::TimeUnit;
use crate::text;

/// Height of all bands together, as a share of their width.
const SHAPE: f32 = 0.62;
/// The share of it that the outputs have, where the targets are.
const OUTPUTS: f32 = 0.3;

/// A layer of the raster.
pub struct FigureBand<'a> {
    /// Among the frame's layers; `None` for the inputs.
    pub layer: Option<usize>,
    pub spikes: &'a Raster,
    pub name: String,
    pub output: bool,
    /// Its plot: steps to the right, neurons downwards.
    pub plot: FigurePlot,
}

impl FigureBand<'_> {
    /// Height of a row.
    pub fn row(&self) -> f32 {
        self.plot.height / self.spikes.units().max(1) as f32
    }

    /// The middle of the row of `unit` at the middle of `step`.
    pub fn at(&self, step: u32, unit: u32) -> [f32; 2] {
        self.plot.at(f64::from(step) + 0.5, f64::from(unit) + 0.5)
    }
}

/// Draws it.
pub fn sheet(scene: &FigureScene, options: &FigureOptions, style: &FigureStyle) -> Sheet {
    let frame = &scene.frame;
    let names: Vec<String> = names(frame).collect();
    let measure = FigurePen::new(style, 1.0);
    let left = names.iter().map(|name| measure.wide(name)).fold(measure.wide("00000"), f32::max) + 2.2 * style.font;
    let counts = frame.settings.loss.kind == LossKind::Count;
    let right = if counts { measure.wide("00 of 00") + style.font } else { 0.8 * style.font };
    let width = style.width_pt() - left - right;
    let height = (SHAPE * width).max(12.0 * style.font);
    let top = above(style);
    let legend = RasterLegend::new(scene, options, style.font, width + right - 0.4 * style.font);
    let below = below(style) + (0.1 + LINE * legend.lines as f32) * style.font;
    let mut pen = FigurePen::new(style, top + height + below);
    pen.title(left, &super::title(super::FigureView::Raster, scene));
    let bands = bands(frame, names, [left, top, width, height], style);
    for band in &bands {
        self::band(&mut pen, scene, options, band);
    }
    let last = bands[bands.len() - 1].plot;
    time_axis(&mut pen, frame, options, &last);
    legend.draw(&mut pen, [left, last.bottom() + 3.6 * style.font]);
    pen.sheet
}

fn names(frame: &Frame) -> impl Iterator<Item = String> {
    std::iter::once("input".to_owned()).chain((0..frame.spikes.len()).map(|layer| layer_name(frame, layer)))
}

/// The bands one below the other: generous rows for the outputs, the rest by the root of the layers' sizes.
fn bands<'a>(
    frame: &'a Frame,
    names: Vec<String>,
    [left, top, width, height]: [f32; 4],
    style: &FigureStyle,
) -> Vec<FigureBand<'a>> {
    let rasters: Vec<&Raster> = std::iter::once(&frame.sample().input).chain(&frame.spikes).collect();
    let (last, gap) = (rasters.len() - 1, 0.5 * style.font);
    let room = height - gap * last as f32;
    let weight = |raster: &Raster| (raster.units() as f32).sqrt();
    let weights: f32 = rasters[..last].iter().map(|raster| weight(raster)).sum();
    let mut from = top;
    let band = |(k, (spikes, name)): (usize, (&'a Raster, String))| {
        let share = if k == last { OUTPUTS } else { (1.0 - OUTPUTS) * weight(spikes) / weights };
        let plot = FigurePlot {
            left,
            top: from,
            width,
            height: share * room,
            x: [0.0, frame.settings.task.steps as f64],
            y: [spikes.units() as f64, 0.0],
        };
        from += plot.height + gap;
        FigureBand { layer: k.checked_sub(1), spikes, name, output: k == last, plot }
    };
    rasters.into_iter().zip(names).enumerate().map(band).collect()
}

fn band(pen: &mut FigurePen, scene: &FigureScene, options: &FigureOptions, band: &FigureBand) {
    let (frame, colours) = (&scene.frame, pen.colours);
    pen.ground(&band.plot);
    if frame.steps < frame.settings.task.steps && band.layer.is_some() {
        let from = band.plot.x_of(frame.steps as f64);
        let shade = [from, band.plot.top, band.plot.right() - from, band.plot.height];
        pen.sheet.bars(colours.tint(colours.line, 0.6), vec![shade]);
    }
    let wanted = (frame.settings.loss.kind == LossKind::Latency && band.output).then_some(frame.sample().target.label);
    if let Some(unit) = wanted {
        let y = band.plot.y_of(unit as f64);
        pen.sheet.bars(colours.tint(colours.target, 0.2), vec![[band.plot.left, y, band.plot.width, band.row()]]);
    }
    BandInk::new(pen, scene, options, band).draw();
    pen.frame(&band.plot);
    labels(pen, frame, band);
    if let Some(unit) = wanted {
        let at = [band.plot.right() - 0.4 * pen.font, band.at(0, unit as u32)[1]];
        pen.text(at, SheetAlign::Right, colours.ink, "should be first");
    }
}

/// A layer of so few neurons has numbers, if only at some of its rows.
const FEW: usize = 20;

/// Every how many rows have their numbers, and the size of these, where there is room for them.
fn numbers(band: &FigureBand, font: f32) -> Option<(usize, f32)> {
    let fits = |every: &usize| *every as f32 * band.row() >= 0.65 * font;
    let every = [1, 2, 5, 10].into_iter().find(fits).filter(|every| *every == 1 || band.spikes.units() <= FEW)?;
    Some((every, (every as f32 * band.row() / 0.95).min(font)))
}

/// The name of a band, the numbers of its rows where there is room, and what is counted on the right.
fn labels(pen: &mut FigurePen, frame: &Frame, band: &FigureBand) {
    let (font, colours) = (pen.font, pen.colours);
    let units = band.spikes.units();
    let numbered = numbers(band, font);
    let end = band.plot.left - 0.6 * font;
    let middle = band.plot.top + band.plot.height / 2.0;
    if let Some((every, size)) = numbered {
        for unit in (0..units as u32).step_by(every) {
            let at = [end, band.at(0, unit)[1]];
            pen.sheet.text(at, SheetAlign::Right, size, colours.faint, unit.to_string());
        }
        let widest = pen.wide(&(units.max(1) - 1).to_string());
        pen.text([end - widest - 0.5 * font, middle], SheetAlign::Right, colours.ink, band.name.clone());
    } else {
        pen.text([end, middle - 0.55 * font], SheetAlign::Right, colours.ink, band.name.clone());
        pen.text([end, middle + 0.55 * font], SheetAlign::Right, colours.faint, text::whole(units as u64));
    }
    if let (true, Some((1, size)), LossKind::Count) = (band.output, numbered, frame.settings.loss.kind) {
        let of = |raster: &Raster, unit| raster.units_of_events().iter().filter(|u| **u == unit).count();
        for unit in 0..units as u32 {
            let counts = format!("{} of {}", of(band.spikes, unit), of(&frame.sample().target.spikes, unit));
            let at = [band.plot.right() + 0.5 * font, band.at(0, unit)[1]];
            pen.sheet.text(at, SheetAlign::Left, size, colours.ink, counts);
        }
    }
}

/// Steps or milliseconds below a plot whose x are steps.
pub fn time_axis(pen: &mut FigurePen, frame: &Frame, options: &FigureOptions, plot: &FigurePlot) {
    let (ms, dt) = (options.time_unit == TimeUnit::Ms, frame.settings.task.dt_ms);
    let unit = if ms { dt } else { 1.0 };
    let steps = plot.x[1];
    let number = |time: f64| if ms { text::trimmed(time) } else { text::whole(time as u64) };
    // in a narrow plot they stand closer to each other
    let fit = plot.width / (pen.wide(&number(steps * unit)) + 1.5 * pen.font);
    let most = f64::from((plot.width / (6.0 * pen.font)).max(fit.min(6.0)));
    // a number belongs to the middle of its step
    let tick = |(time, _): (f64, f64)| (time / unit + 0.5, number(time));
    let ticks: Vec<_> = ticks::linear(0.0, (steps - 1e-9) * unit, most, unit).into_iter().map(tick).collect();
    pen.x_axis(plot, &ticks, if ms { "time (ms)" } else { "time (steps)" });
}

/// A row for each spike there is, was or should be.
pub fn table(scene: &FigureScene, options: &FigureOptions) -> FigureTable {
    let frame = &scene.frame;
    let kinds = ["spike", "created", "removed", "shifted", "target"].map(str::to_owned).to_vec();
    // layer, neuron, step, what it is, from which step
    let mut rows: Vec<[i64; 5]> = Vec::new();
    let rasters = std::iter::once(&frame.sample().input).chain(&frame.spikes);
    for (band, raster) in rasters.enumerate() {
        rows.extend(raster.iter().map(|(step, unit)| [band as i64, unit.into(), step as i64, 0, step as i64]));
    }
    let layers = &scene.span(options.span).changes.layers;
    for (layer, changes) in layers.iter().enumerate().filter(|_| options.changes) {
        let row =
            |unit: u32, step: u32, kind, from: u32| [layer as i64 + 1, unit.into(), step.into(), kind, from.into()];
        rows.extend(changes.edits.iter().filter_map(|&(unit, edit)| match edit {
            Edit::Kept { .. } => None,
            Edit::Created { step } => Some(row(unit, step, 1, step)),
            Edit::Removed { step } => Some(row(unit, step, 2, step)),
            Edit::Shifted { from, to } => Some(row(unit, to, 3, from)),
        }));
    }
    if frame.settings.loss.kind != LossKind::Latency {
        let output = frame.spikes.len() as i64;
        let targets = frame.sample().target.spikes.iter();
        rows.extend(targets.map(|(step, unit)| [output, unit.into(), step as i64, 4, step as i64]));
    }
    let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<i64>>();
    let dt = frame.settings.task.dt_ms;
    let mut table = FigureTable::default();
    table.words("layer", column(0), names(frame).collect()).whole("neuron", column(1)).whole("step", column(2));
    table.real("time_ms", column(2).into_iter().map(|step| step as f64 * dt).collect());
    table.words("what", column(3), kinds).whole("from_step", column(4));
    table
}
