//! How the network divides the plane of Yin-Yang: its class at every point, the brighter the earlier.

use super::data::FigureTable;
use super::plot::{FigurePen, FigurePlot, above, below, ticks};
use super::scene::{FigureCells, FigureScene};
use super::style::{FigureStyle, mixed};
use crate::engine::MapCell;
use crate::picture::sheet::{Rgb, Sheet, SheetAlign, SheetMark};
use crate::task::yin_yang::{CLASSES, cell_centre, outlines};

/// Yin, yang and dot: blue, yellow and purple of Okabe and Ito's palette, which differ in lightness, too.
const COLOURS: [Rgb; 3] = [[0x1f, 0x86, 0xc9], [0xf0, 0xe4, 0x42], [0xcc, 0x79, 0xa7]];
/// The share of its strength that the latest colour keeps, so that its class can be told.
const WEAKEST: f32 = 0.42;

fn divided(scene: &FigureScene) -> Result<&FigureCells, String> {
    let none = "There is no decision map yet: it needs the task Yin-Yang, and its panel in view until it is whole.";
    scene.cells.as_deref().ok_or_else(|| none.into())
}

pub fn sheet(scene: &FigureScene, style: &FigureStyle) -> Result<Sheet, String> {
    let m = divided(scene)?;
    let font = style.font;
    let (left, legend) = (5.0 * font, 7.5 * font);
    let side = (style.width_pt() - left - legend).max(4.0 * font);
    let top = above(style);
    let plot = FigurePlot { left, top, width: side, height: side, x: [0.0, 1.0], y: [0.0, 1.0] };
    let mut pen = FigurePen::new(style, top + side + below(style));
    pen.title(left, &super::title(super::FigureView::DecisionMap, scene));
    let steps = || m.cells.iter().filter(|c| c.class.is_some()).map(|c| c.first_step);
    let (first, last) = (steps().min().unwrap_or(0), steps().max().unwrap_or(0));
    let silent = pen.colours.line;
    let shade = |cell: &MapCell| match cell.class {
        None => silent,
        Some(class) => {
            let late = (cell.first_step - first) as f32 / (last - first).max(1) as f32;
            mixed([0; 3], COLOURS[usize::from(class) % 3], 1.0 - late * (1.0 - WEAKEST))
        }
    };
    let n = m.points;
    // row by row from the top
    let rgb = (0..n * n).map(|place| shade(&m.cells[(n - 1 - place / n) * n + place % n])).collect();
    pen.sheet.marks.push(SheetMark::Cells { at: [left, top, side, side], columns: n, rgb });
    let lines: Vec<Vec<[f32; 2]>> =
        outlines().into_iter().map(|line| line.into_iter().map(|[x, y]| plot.at(x, y)).collect()).collect();
    pen.sheet.lines([0x10, 0x12, 0x15], 0.28 * font, lines.clone());
    pen.sheet.lines([255; 3], 0.11 * font, lines);
    pen.frame(&plot);
    pen.x_axis(&plot, &ticks(plot.x, side, style, 5.0), "x");
    pen.y_axis(&plot, &ticks(plot.y, side, style, 4.0), "y");
    let entries = CLASSES.into_iter().zip(COLOURS).chain([("silent", silent)]);
    for (k, (name, colour)) in entries.enumerate() {
        let (x, y) = (plot.right() + font, top + (0.5 + 1.5 * k as f32) * font);
        pen.sheet.bars(colour, vec![[x, y - 0.5 * font, font, font]]);
        pen.text([x + 1.5 * font, y], SheetAlign::Left, pen.colours.ink, name);
    }
    for (k, line) in ["first spike:", &format!("bright {first}"), &format!("dark {last}")].into_iter().enumerate() {
        let at = [plot.right() + font, top + (7.0 + 1.3 * k as f32) * font];
        pen.text(at, SheetAlign::Left, pen.colours.faint, line);
    }
    Ok(pen.sheet)
}

/// A row for each point.
pub fn table(scene: &FigureScene) -> Result<FigureTable, String> {
    let m = divided(scene)?;
    let at = |k: usize| m.cells.iter().map(move |cell| cell_centre(cell.number as usize, m.points)[k]).collect();
    let mut table = FigureTable::default();
    table.real("x", at(0)).real("y", at(1));
    table.whole("class", m.cells.iter().map(|cell| cell.class.map_or(-1, i64::from)).collect());
    table.whole("first_step", m.cells.iter().map(|cell| cell.first_step.into()).collect());
    Ok(table)
}
