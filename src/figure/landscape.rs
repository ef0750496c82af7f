//! The loss on a plane through weight space, with the run's path on it.

use super::colouring::{FigureColouring, regions};
use super::data::FigureTable;
use super::options::FigureOptions;
use super::plot::{FigurePen, FigurePlot, above, below, ticks, wrapped};
use super::scene::{FigureLandscape, FigureScene};
use super::style::FigureStyle;
use crate::landscape::borders::{CellBorder, borders, contours};
use crate::landscape::{CellColour, CircleWalk, Circulation, Grid, PlaneKind};
use crate::picture::colormap::{OVER, UNDER, viridis};
use crate::picture::scale::ColourScale;
use crate::picture::sheet::{Rgb, Sheet, SheetAlign, SheetMark};
use crate::record::npz::{Array, Values};
use crate::rule::Rule;
use crate::text;

/// Level lines that are wanted.
const LEVELS: usize = 8;
/// Height of a line of notes, in sizes of the font.
const LINE: f32 = 1.35;
/// Steps of the colour bar.
const BAR: usize = 128;

pub fn measured(scene: &FigureScene) -> Result<&FigureLandscape, String> {
    let none = "The landscape is not measured yet: wait until it is whole, or press Measure.";
    scene.landscape.as_deref().ok_or_else(|| none.into())
}

pub fn rgb(colour: egui::Color32) -> Rgb {
    [colour.r(), colour.g(), colour.b()]
}

pub fn sheet(scene: &FigureScene, options: &FigureOptions, style: &FigureStyle) -> Result<Sheet, String> {
    let m = measured(scene)?;
    let (grid, shown) = (m.landscape.grid, FigureColouring::new(m, options)?);
    let walk = options.circle.map(|circle| m.walk(circle)).transpose()?;
    let font = style.font;
    let (left, bar) = (5.6 * font, 7.0 * font);
    let side = (style.width_pt() - left - bar).max(4.0 * font);
    let top = above(style);
    // cells reach half a spacing beyond the outermost points
    let half = f64::from(grid.range) + f64::from(grid.spacing()) / 2.0;
    let plot = FigurePlot { left, top, width: side, height: side, x: [-half, half], y: [-half, half] };
    let notes = shown.note().into_iter().chain(walk.as_ref().map(circle_note));
    let notes: Vec<String> = notes.flat_map(|note| wrapped(&note, font, style.width_pt() - 1.2 * font)).collect();
    let foot = top + side + below(style);
    let mut pen = FigurePen::new(style, foot + LINE * font * notes.len() as f32);
    pen.title(left, &super::title(super::FigureView::Landscape, scene));
    cells(&mut pen, &plot, grid, &shown);
    if let Some(scale) = shown.levels().filter(|_| options.levels) {
        levels(&mut pen, &plot, grid, &shown.values, scale);
    }
    if let Some(labels) = shown.regions.as_ref().map(|regions| &regions.labels) {
        let lines = level_lines(&plot, grid, &borders(grid.points, |one, other| labels[one] != labels[other]));
        pen.sheet.lines(rgb(UNDER), pen.style.hair(), lines);
    }
    path(&mut pen, &plot, m);
    if let Some(circle) = options.circle {
        let [at, rim] = [0.0, circle.radius].map(|r| plot.at((circle.centre[0] + r).into(), circle.centre[1].into()));
        for (colour, more) in [(rgb(UNDER), 0.16 * font), (rgb(OVER), 0.0)] {
            pen.sheet.circles(colour, rim[0] - at[0], Some(font / 8.0 + more), vec![at]);
        }
    }
    pen.frame(&plot);
    let [a, b] = axes(&m.spec.plane);
    pen.x_axis(&plot, &ticks(plot.x, side, style, 5.0), a);
    pen.y_axis(&plot, &ticks(plot.y, side, style, 4.0), b);
    if let Some(scale) = shown.scale {
        colour_bar(&mut pen, &plot, scale, &shown.name());
    }
    for (k, line) in notes.into_iter().enumerate() {
        pen.text([0.6 * font, foot + (k as f32 + 0.5) * LINE * font], SheetAlign::Left, pen.colours.ink, line);
    }
    Ok(pen.sheet)
}

fn circle_note(walk: &CircleWalk) -> String {
    let [a, b, radius] = [walk.circle.centre[0], walk.circle.centre[1], walk.circle.radius].map(f64::from);
    let [a, b] = [a, b].map(|x| text::signed(text::value(x)));
    format!("around the circle at ({a}, {b}), radius {}: {}", text::value(radius), walk.note())
}

/// The cells in their colours; those of a circulation end at the outermost points.
fn cells(pen: &mut FigurePen, plot: &FigurePlot, grid: Grid, shown: &FigureColouring) {
    let (n, values) = shown.cells(grid.points);
    let range = f64::from(grid.range);
    let [left, top, side] = match shown.circulation {
        Some(_) => [plot.x_of(-range), plot.y_of(range), plot.x_of(range) - plot.x_of(-range)],
        None => [plot.left, plot.top, plot.width],
    };
    // row by row from the top: b falls, a rises
    let colour = |place: usize| {
        let value = values[place % n * n + (n - 1 - place / n)];
        shown.place(value).map_or(pen.colours.ground, |place| rgb(viridis(place)))
    };
    let cells = (0..n * n).map(colour).collect();
    pen.sheet.marks.push(SheetMark::Cells { at: [left, top, side, side], columns: n, rgb: cells });
}

fn levels(pen: &mut FigurePen, plot: &FigurePlot, grid: Grid, values: &[f64], scale: ColourScale) {
    let mut names = Vec::new();
    for (level, name) in scale.ticks(LEVELS) {
        let lines = level_lines(plot, grid, &contours(grid.points, values, &[level]));
        let colour = super::style::mixed(rgb(UNDER), rgb(OVER), 0.85);
        level_name(pen, plot, &lines, &mut names, name);
        pen.sheet.lines(colour, pen.style.hair(), lines);
    }
    level_names(pen, names);
}

pub fn axes(plane: &PlaneKind) -> [&'static str; 2] {
    match plane {
        PlaneKind::Random => ["direction 1", "direction 2"],
        PlaneKind::Path => ["1st component", "2nd component"],
        PlaneKind::Gradient { .. } => ["gradient", "second direction"],
        PlaneKind::Weights(_) => ["added to weight 1", "added to weight 2"],
        PlaneKind::Moments { .. } => ["from moment to moment", "random direction"],
    }
}

/// The lines of one level.
fn level_lines(plot: &FigurePlot, grid: Grid, borders: &[CellBorder]) -> Vec<Vec<[f32; 2]>> {
    let place = |line: usize| f64::from(grid.coordinate(0)) + (line as f64 - 0.5) * f64::from(grid.spacing());
    let line = |border: &CellBorder| {
        let end = |along: usize| {
            let (at, along) = (place(border.at), place(along));
            if border.upright { plot.at(at, along) } else { plot.at(along, at) }
        };
        vec![end(border.from), end(border.to)]
    };
    borders.iter().map(line).collect()
}

/// Finds a place for the value of a level: at the middle of its longest piece that is away from the values before, from the
/// sides and from the centre.
fn level_name(
    pen: &FigurePen,
    plot: &FigurePlot,
    lines: &[Vec<[f32; 2]>],
    names: &mut Vec<([f32; 2], String)>,
    name: String,
) {
    let (wide, high) = (pen.wide(&name) + 0.6 * pen.font, 1.2 * pen.font);
    let long = |line: &Vec<[f32; 2]>| (line[1][0] - line[0][0]).abs() + (line[1][1] - line[0][1]).abs();
    let middle = |line: &Vec<[f32; 2]>| [(line[0][0] + line[1][0]) / 2.0, (line[0][1] + line[1][1]) / 2.0];
    let away = |at: &[f32; 2]| {
        let inside = at[0] > plot.left + wide
            && at[0] < plot.right() - wide
            && at[1] > plot.top + high
            && at[1] < plot.bottom() - high;
        let apart = |other: &[f32; 2]| (at[0] - other[0]).abs() > wide || (at[1] - other[1]).abs() > high;
        inside && apart(&plot.at(0.0, 0.0)) && names.iter().all(|(other, _)| apart(other))
    };
    let mut places: Vec<(f32, [f32; 2])> = lines.iter().map(|line| (long(line), middle(line))).collect();
    places.sort_by(|a, b| b.0.total_cmp(&a.0));
    if let Some((_, at)) = places.into_iter().find(|(_, at)| away(at)) {
        names.push((at, name));
    }
}

/// The values of the levels, each on a ground of its own.
fn level_names(pen: &mut FigurePen, names: Vec<([f32; 2], String)>) {
    for ([x, y], name) in names {
        let (wide, high) = (pen.wide(&name) + 0.5 * pen.font, 1.1 * pen.font);
        pen.sheet.bars(rgb(UNDER), vec![[x - wide / 2.0, y - high / 2.0, wide, high]]);
        pen.text([x, y], SheetAlign::Middle, rgb(OVER), name);
    }
}

/// The run's path, its start as a ring, and a cross around the centre; white on a dark rim, so that they stand out everywhere.
fn path(pen: &mut FigurePen, plot: &FigurePlot, m: &FigureLandscape) {
    let font = pen.font;
    let points: Vec<[f32; 2]> = m.path.points.iter().map(|p| plot.at(p.foot.a, p.foot.b)).collect();
    let pieces = plot.clipped(&points);
    let inside = |p: &&[f32; 2]| p[0] >= plot.left && p[0] <= plot.right() && p[1] >= plot.top && p[1] <= plot.bottom();
    let start: Vec<[f32; 2]> = points.first().filter(inside).copied().into_iter().collect();
    let [x, y] = plot.at(0.0, 0.0);
    let (near, far) = (0.25 * font, 0.75 * font);
    let arm = |dx: f32, dy: f32| vec![[x + near * dx, y + near * dy], [x + far * dx, y + far * dy]];
    let cross = vec![arm(1.0, 0.0), arm(-1.0, 0.0), arm(0.0, 1.0), arm(0.0, -1.0)];
    for (colour, more) in [(rgb(UNDER), 0.16 * font), (rgb(OVER), 0.0)] {
        pen.sheet.lines(colour, font / 8.0 + more, pieces.clone());
        pen.sheet.circles(colour, 0.4 * font, Some(font / 8.0 + more), start.clone());
        pen.sheet.lines(colour, font / 7.0 + more, cross.clone());
    }
}

pub fn colour_bar(pen: &mut FigurePen, plot: &FigurePlot, scale: ColourScale, name: &str) {
    let font = pen.font;
    let (left, wide) = (plot.right() + font, 1.1 * font);
    let rgb = (0..BAR).map(|k| rgb(viridis(1.0 - k as f32 / (BAR - 1) as f32))).collect();
    pen.sheet.marks.push(SheetMark::Cells { at: [left, plot.top, wide, plot.height], columns: 1, rgb });
    let bar = FigurePlot { left, width: wide, ..*plot };
    pen.frame(&bar);
    let mut texts = scale.ticks((plot.height / (2.6 * font)) as usize);
    if texts.len() < 2 {
        texts = [scale.least, scale.greatest].map(|value| (value, text::value(value))).to_vec();
    }
    for (value, name) in texts {
        let y = plot.bottom() - scale.place(value) * plot.height;
        pen.sheet.lines(
            pen.colours.faint,
            pen.style.hair(),
            vec![vec![[bar.right(), y], [bar.right() + 0.3 * font, y]]],
        );
        pen.text([bar.right() + 0.5 * font, y], SheetAlign::Left, pen.colours.ink, name);
    }
    let right = pen.sheet.size[0] - 0.8 * font;
    pen.sheet.upwards([right, plot.top + plot.height / 2.0], font, pen.colours.ink, name);
}

/// A row for each point of the grid; in the archive also the values of the level lines, and the path.
pub fn table(scene: &FigureScene, options: &FigureOptions) -> Result<FigureTable, String> {
    let m = measured(scene)?;
    let (grid, landscape) = (m.landscape.grid, &m.landscape);
    let n = grid.points;
    let coordinate = |k: usize| f64::from(grid.coordinate(k));
    let mut table = FigureTable::default();
    table.real("a", (0..n * n).map(|k| coordinate(k / n)).collect());
    table.real("b", (0..n * n).map(|k| coordinate(k % n)).collect());
    table.real("loss", landscape.losses());
    table.whole("spikes", landscape.points.iter().map(|p| p.map_or(-1, |p| i64::from(p.spikes))).collect());
    shown_values(&mut table, m, options)?;
    let axis: Vec<f64> = (0..n).map(coordinate).collect();
    table.arrays.extend([
        Array::new("axis", &[n], Values::F64(axis)),
        Array::new("loss_grid", &[n, n], Values::F64(landscape.losses())),
    ]);
    let scale = FigureColouring::new(m, options)?.levels();
    let levels: Vec<f64> = scale.iter().flat_map(|scale| scale.ticks(LEVELS)).map(|(level, _)| level).collect();
    table.arrays.push(Array::new("levels", &[levels.len()], Values::F64(levels)));
    let path = &m.path.points;
    let real = |name: &str, of: &dyn Fn(usize) -> f64| {
        Array::new(name, &[path.len()], Values::F64((0..path.len()).map(of).collect()))
    };
    let updates = Values::I64(path.iter().map(|p| p.update as i64).collect());
    table.arrays.push(Array::new("path_update", &[path.len()], updates));
    table.arrays.push(real("path_a", &|k| path[k].foot.a));
    table.arrays.push(real("path_b", &|k| path[k].foot.b));
    table.arrays.push(real("path_distance", &|k| path[k].foot.distance));
    Ok(table)
}

/// What the cells are coloured by, where that is not the loss or the spikes, which are there anyway, and the circle. The
/// circulation of the cell between a point and the next ones stands at that point.
fn shown_values(table: &mut FigureTable, m: &FigureLandscape, options: &FigureOptions) -> Result<(), String> {
    let (landscape, n) = (&m.landscape, m.landscape.grid.points);
    match options.colour {
        CellColour::Loss | CellColour::Spikes => {}
        CellColour::OutputSpikes => {
            let spikes = landscape.points.iter().map(|p| p.map_or(-1, |p| i64::from(p.output_spikes)));
            table.whole("output_spikes", spikes.collect());
        }
        CellColour::Regions => {
            table.whole("region", regions(landscape).labels.into_iter().map(i64::from).collect());
        }
        CellColour::Circulation(rule) => {
            if let Some(Circulation { density, .. }) = Circulation::of(landscape.grid, &landscape.field(rule)) {
                let of = |k: usize| (k / n + 1 < n && k % n + 1 < n).then(|| density[k / n * (n - 1) + k % n]);
                table.real("circulation", (0..n * n).map(|k| of(k).unwrap_or(f64::NAN)).collect());
            }
        }
    }
    if let (Some(circle), None) = (options.circle, options.surface) {
        let walk = m.walk(circle)?;
        let [a, b] = circle.centre.map(f64::from);
        table.arrays.push(Array::new("circle", &[3], Values::F64(vec![a, b, circle.radius.into()])));
        table.arrays.push(Array::new("circle_loss", &[walk.loss.len()], Values::F64(walk.loss)));
        for (rule, sums) in Rule::ALL.into_iter().zip(walk.rules) {
            table.arrays.push(Array::new(&format!("circle_{rule}"), &[sums.len()], Values::F64(sums)));
        }
    }
    Ok(())
}
