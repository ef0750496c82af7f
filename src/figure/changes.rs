//! How many spikes moved by how much: a bar for each Δ.

use super::data::FigureTable;
use super::options::FigureOptions;
use super::plot::{FigurePen, FigurePlot, above, below, ticks};
use super::scene::{FigureScene, layer_name};
use super::style::FigureStyle;
use crate::picture::sheet::{Sheet, SheetAlign};
use crate::record::npz::{Array, Values};
use crate::spike::changes::LayerChanges;
use crate::spike::{Edit, Tally};
use crate::text;

/// The layers whose changes are counted.
fn layers<'a>(scene: &'a FigureScene, options: &FigureOptions) -> Result<&'a [LayerChanges], String> {
    let all = &scene.span(options.span).changes.layers[..];
    if scene.frame.update == 0 {
        return Err("There are no changes of spikes yet: the run has made no update.".into());
    }
    match options.layer {
        None => Ok(all),
        Some(layer) => all.get(layer).map(std::slice::from_ref).ok_or_else(|| {
            format!(
                "There is no layer {layer}: this network has {}, counted from 0.",
                text::count(all.len() as u64, "layer")
            )
        }),
    }
}

/// How many spikes moved by how many steps (later: positive), Δ rising and not 0.
fn shifts(layers: &[LayerChanges]) -> Vec<(i64, u32)> {
    let shift = |(_, edit): &(u32, Edit)| match *edit {
        Edit::Shifted { from, to } => Some(i64::from(to) - i64::from(from)),
        _ => None,
    };
    let mut shifts: Vec<i64> = layers.iter().flat_map(|layer| &layer.edits).filter_map(shift).collect();
    shifts.sort_unstable();
    shifts.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
}

fn tally(layers: &[LayerChanges]) -> Tally {
    layers.iter().fold(Tally::default(), |mut sum, layer| {
        sum += layer.tally;
        sum
    })
}

pub fn sheet(scene: &FigureScene, options: &FigureOptions, style: &FigureStyle) -> Result<Sheet, String> {
    let layers = layers(scene, options)?;
    let (shifts, tally) = (shifts(layers), tally(layers));
    let font = style.font;
    let left = 5.2 * font;
    let width = style.width_pt() - left - 0.8 * font;
    let height = (0.5 * width).max(9.0 * font);
    let top = above(style) + 1.4 * font;
    let widest = shifts.iter().map(|s| s.0.unsigned_abs()).max().unwrap_or(0).max(3) as f64 + 0.8;
    let highest = f64::from(shifts.iter().map(|s| s.1).max().unwrap_or(0).max(3));
    let plot = FigurePlot { left, top, width, height, x: [-widest, widest], y: [0.0, 1.08 * highest] };
    let mut pen = FigurePen::new(style, top + height + below(style));
    pen.title(left, &super::title(super::FigureView::Changes, scene));
    pen.ground(&plot);
    pen.sheet.lines(pen.colours.line, style.hair(), vec![vec![plot.at(0.0, 0.0), [plot.x_of(0.0), plot.top]]]);
    let bar = |&(delta, count): &(i64, u32)| {
        let ([x, y], right) = (plot.at(delta as f64 - 0.4, f64::from(count)), plot.x_of(delta as f64 + 0.4));
        [x, y, (right - x).max(style.hair()), plot.bottom() - y]
    };
    pen.sheet.bars(pen.colours.ink, shifts.iter().map(bar).collect());
    pen.frame(&plot);
    let counts = format!(
        "{} shifted, {} created, {} removed, {} kept; {}, {}",
        text::whole(tally.shifted.into()),
        text::whole(tally.created.into()),
        text::whole(tally.removed.into()),
        text::whole(tally.kept.into()),
        scene.updates(options.span),
        options.layer.map_or("all layers".into(), |layer| layer_name(&scene.frame, layer)),
    );
    pen.text([left, top - 0.8 * font], SheetAlign::Left, pen.colours.ink, counts);
    pen.x_axis(&plot, &whole(ticks(plot.x, width, style, 5.0)), "Δ (steps; earlier < 0 < later)");
    pen.y_axis(&plot, &whole(ticks(plot.y, height, style, 2.2)), "spikes");
    Ok(pen.sheet)
}

/// Of ticks those at whole numbers.
fn whole(ticks: Vec<(f64, String)>) -> Vec<(f64, String)> {
    ticks.into_iter().filter(|(at, _)| at.fract() == 0.0).map(|(at, _)| (at, text::signed(format!("{at}")))).collect()
}

/// A row for each Δ; in the archive also the counts of all layers.
pub fn table(scene: &FigureScene, options: &FigureOptions) -> Result<FigureTable, String> {
    let shifts = shifts(layers(scene, options)?);
    let mut table = FigureTable::default();
    table.whole("delta", shifts.iter().map(|s| s.0).collect());
    table.whole("spikes", shifts.iter().map(|s| s.1.into()).collect());
    let all = &scene.span(options.span).changes.layers;
    let mut count = |name: &str, of: fn(&Tally) -> u32| {
        let values = Values::I64(all.iter().map(|layer| i64::from(of(&layer.tally))).collect());
        table.arrays.push(Array::new(name, &[all.len()], values));
    };
    count("layer_kept", |t| t.kept);
    count("layer_shifted", |t| t.shifted);
    count("layer_created", |t| t.created);
    count("layer_removed", |t| t.removed);
    Ok(table)
}
