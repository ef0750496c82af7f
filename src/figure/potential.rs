//! The membrane potential of a neuron over time, with its spikes and targets above.

use super::data::FigureTable;
use super::options::FigureOptions;
use super::plot::{FigurePen, FigurePlot, above, below, ticks};
use super::raster::time_axis;
use super::scene::{FigureScene, layer_name};
use super::style::FigureStyle;
use crate::loss::LossKind;
use crate::picture::sheet::{Sheet, SheetAlign};
use crate::snn::forward::potential_of;

/// The neuron that is shown: the one that was chosen, if this network has it, or else the first output.
fn neuron(scene: &FigureScene, options: &FigureOptions) -> (usize, usize) {
    let spikes = &scene.frame.spikes;
    let there = |&(layer, unit): &(usize, usize)| spikes.get(layer).is_some_and(|s| unit < s.units());
    options.neuron.filter(there).unwrap_or((spikes.len() - 1, 0))
}

/// v at every step that was run.
fn potential(scene: &FigureScene, (layer, unit): (usize, usize)) -> Vec<f32> {
    let frame = &scene.frame;
    let dynamics = frame.settings.neuron.dynamics(frame.settings.task.steps);
    let mut v = potential_of(&frame.net, &dynamics, &frame.params, layer, unit, frame.below(layer));
    v.truncate(frame.steps);
    v
}

/// The steps at which it should spike, where it matters when.
fn targets(scene: &FigureScene, (layer, unit): (usize, usize)) -> Vec<u32> {
    let frame = &scene.frame;
    let output = layer + 1 == frame.spikes.len() && frame.settings.loss.kind == LossKind::SpikeTrain;
    if output { frame.sample().target.spikes.trains().of(unit).to_vec() } else { Vec::new() }
}

pub fn sheet(scene: &FigureScene, options: &FigureOptions, style: &FigureStyle) -> Sheet {
    let chosen = neuron(scene, options);
    let v = potential(scene, chosen);
    let finite = || v.iter().copied().filter(|v| v.is_finite()).map(f64::from);
    let (low, high) = (finite().fold(0.0, f64::min), finite().fold(1.2, f64::max));
    let font = style.font;
    let (left, row) = (5.2 * font, 1.6 * font);
    let width = style.width_pt() - left - 0.8 * font;
    let height = (0.34 * width).max(8.0 * font);
    let top = above(style) + row;
    let pad = 0.04 * (high - low);
    let plot = FigurePlot {
        left,
        top,
        width,
        height,
        x: [0.0, scene.frame.settings.task.steps as f64],
        y: [low - pad, high + pad],
    };
    let mut pen = FigurePen::new(style, top + height + below(style));
    let name = format!("{} {}", layer_name(&scene.frame, chosen.0), chosen.1);
    pen.title(left, &format!("{}: {name}", super::title(super::FigureView::Potential, scene)));
    pen.ground(&plot);
    levels(&mut pen, &plot);
    events(&mut pen, &plot, &v, &targets(scene, chosen), top - row / 2.0);
    let at = |(step, v): (usize, &f32)| plot.at(step as f64 + 0.5, f64::from(*v));
    let known: Vec<(usize, &f32)> = v.iter().enumerate().collect();
    let lines = known.split(|(_, v)| !v.is_finite()).map(|part| part.iter().copied().map(at).collect()).collect();
    pen.sheet.lines(pen.colours.ink, font / 9.0, lines);
    pen.frame(&plot);
    time_axis(&mut pen, &scene.frame, options, &plot);
    pen.y_axis(&plot, &ticks(plot.y, height, style, 2.2), &format!("v of {name}"));
    pen.sheet
}

/// 0 and the threshold.
fn levels(pen: &mut FigurePen, plot: &FigurePlot) {
    let level = |v: f64| vec![vec![[plot.left, plot.y_of(v)], [plot.right(), plot.y_of(v)]]];
    let (colours, hair, font) = (pen.colours, pen.style.hair(), pen.font);
    pen.sheet.lines(colours.line, hair, level(0.0));
    pen.sheet.dashes(colours.faint, hair, Some([0.5 * font, 0.35 * font]), level(1.0));
    let at = [plot.right() - 0.4 * font, plot.y_of(1.0) - 0.7 * font];
    pen.text(at, SheetAlign::Right, colours.faint, "threshold");
}

/// Spikes and targets in a row above the plot.
fn events(pen: &mut FigurePen, plot: &FigurePlot, v: &[f32], targets: &[u32], y: f32) {
    let (colours, font) = (pen.colours, pen.font);
    let x = |step: f64| plot.x_of(step + 0.5);
    let rings = targets.iter().map(|step| [x(f64::from(*step)), y]).collect();
    pen.sheet.circles(colours.target, 0.5 * font, Some(font / 9.0), rings);
    let fired = v.iter().enumerate().filter(|(_, v)| **v >= 1.0).map(|(step, _)| x(step as f64));
    let bars = fired.map(|x| [x - 0.09 * font, y - 0.38 * font, 0.18 * font, 0.76 * font]).collect();
    pen.sheet.bars(colours.ink, bars);
}

/// A row for each step.
pub fn table(scene: &FigureScene, options: &FigureOptions) -> FigureTable {
    let chosen = neuron(scene, options);
    let (v, targets) = (potential(scene, chosen), targets(scene, chosen));
    let dt = scene.frame.settings.task.dt_ms;
    let mut table = FigureTable::default();
    table.whole("step", (0..v.len() as i64).collect());
    table.real("time_ms", (0..v.len()).map(|step| step as f64 * dt).collect());
    table.real("v", v.iter().map(|v| f64::from(*v)).collect());
    table.whole("spike", v.iter().map(|v| i64::from(*v >= 1.0)).collect());
    let wanted = |step: usize| i64::from(targets.contains(&(step as u32)));
    table.whole("target", (0..v.len()).map(wanted).collect());
    table
}
