//! The confusion matrix: samples by class and predicted class.

use super::data::FigureTable;
use super::options::FigureOptions;
use super::plot::{FigurePen, FigurePlot, above};
use super::scene::{FigureAnswers, FigureScene};
use super::style::FigureStyle;
use crate::picture::sheet::{Rgb, Sheet, SheetAlign};
use crate::record::npz::{Array, Values};
use crate::task::{TaskKind, yin_yang};
use crate::text;
use crate::train::Readout;

pub fn answered(scene: &FigureScene) -> Result<&FigureAnswers, String> {
    let none = "No samples are answered yet: Accuracy needs a task with classes, and its samples answered (Evaluate in the \
                panel Accuracy).";
    scene.answers.as_deref().ok_or_else(|| none.into())
}

/// Counts by class (rows) and predicted class (columns, the last of them silence).
struct MatrixCounts {
    classes: usize,
    counts: Vec<u32>,
}

impl MatrixCounts {
    fn of(scene: &FigureScene, answers: &FigureAnswers, readout: Readout) -> Self {
        let classes = scene.frame.spikes.last().map_or(0, |output| output.units());
        Self { classes, counts: answers.evaluation.confusion(classes, readout) }
    }

    fn count(&self, row: usize, column: usize) -> u32 {
        self.counts[row * (self.classes + 1) + column]
    }

    fn row(&self, row: usize) -> u32 {
        (0..=self.classes).map(|column| self.count(row, column)).sum()
    }
}

fn names(scene: &FigureScene, classes: usize) -> Vec<String> {
    let name = |class: usize| match scene.frame.task.settings.kind {
        TaskKind::YinYang => yin_yang::CLASSES.get(class).map_or_else(|| class.to_string(), |n| (*n).to_owned()),
        _ => class.to_string(),
    };
    (0..classes).map(name).collect()
}

pub fn sheet(scene: &FigureScene, _: &FigureOptions, style: &FigureStyle) -> Result<Sheet, String> {
    let answers = answered(scene)?;
    let readout = Readout::of(&scene.frame.settings.loss);
    let matrix = MatrixCounts::of(scene, answers, readout);
    let names = names(scene, matrix.classes);
    let (n, font) = (matrix.classes, style.font);
    let measure = FigurePen::new(style, 1.0);
    let widest = names.iter().map(|name| measure.wide(name)).fold(0.0, f32::max);
    let (left, right) = (widest + 3.0 * font, measure.wide("100.0 %") + font);
    let cell = ((style.width_pt() - left - right) / (n + 1) as f32).min(6.0 * font);
    let top = above(style) + 2.6 * font;
    let plot = FigurePlot {
        left,
        top,
        width: cell * (n + 1) as f32,
        height: cell * n as f32,
        x: [0.0, (n + 1) as f64],
        y: [n as f64, 0.0],
    };
    let mut pen = FigurePen::new(style, top + plot.height + 2.6 * font);
    pen.title(left, &super::title(super::FigureView::Accuracy, scene));
    cells(&mut pen, &plot, &matrix, cell);
    pen.frame(&plot);
    let across = names.iter().map(String::as_str).chain(["silent"]).enumerate();
    for (column, name) in across {
        pen.text([plot.x_of(column as f64 + 0.5), top - 0.8 * font], SheetAlign::Middle, pen.colours.ink, name);
    }
    for (row, name) in names.iter().enumerate() {
        pen.text([left - 0.5 * font, plot.y_of(row as f64 + 0.5)], SheetAlign::Right, pen.colours.ink, name.clone());
        let share = f64::from(matrix.count(row, row)) / f64::from(matrix.row(row).max(1));
        let at = [plot.right() + 0.5 * font, plot.y_of(row as f64 + 0.5)];
        pen.text(at, SheetAlign::Left, pen.colours.faint, text::percent(share, 1));
    }
    let middle = plot.left + plot.width / 2.0;
    pen.text([middle, top - 2.0 * font], SheetAlign::Middle, pen.colours.ink, "predicted class");
    pen.sheet.upwards([left - widest - 1.6 * font, top + plot.height / 2.0], font, pen.colours.ink, "class");
    pen.text([left, plot.bottom() + 1.4 * font], SheetAlign::Left, pen.colours.ink, summary(answers, readout));
    Ok(pen.sheet)
}

fn summary(answers: &FigureAnswers, readout: Readout) -> String {
    let how = if readout == Readout::First { "by first spike" } else { "by count" };
    let right = text::percent(answers.evaluation.accuracy(readout), 1);
    let samples = text::count(answers.evaluation.answers.len() as u64, "sample");
    format!("{right} right {how}, {} ({samples})", answers.split.key())
}

/// Each cell in the shade of its share of the row, with its number.
fn cells(pen: &mut FigurePen, plot: &FigurePlot, matrix: &MatrixCounts, cell: f32) {
    let colours = pen.colours;
    for row in 0..matrix.classes {
        for column in 0..=matrix.classes {
            let count = matrix.count(row, column);
            let share = count as f32 / matrix.row(row).max(1) as f32;
            // small shares of wrong answers are what one looks for
            let ground = match row == column {
                true => colours.tint(colours.focus, share),
                false => colours.tint(colours.warning, share.sqrt()),
            };
            let [x, y] = plot.at(column as f64, row as f64);
            pen.sheet.bars(ground, vec![[x, y, cell, cell]]);
            let number = text::whole(count.into());
            if count > 0 && pen.wide(&number) < cell {
                pen.text([x + cell / 2.0, y + cell / 2.0], SheetAlign::Middle, readable(ground), number);
            }
        }
    }
}

/// Black or white, whichever can be read on `ground`.
fn readable(ground: Rgb) -> Rgb {
    let linear = |c: u8| (f64::from(c) / 255.0).powi(2);
    let luminance = 0.2126 * linear(ground[0]) + 0.7152 * linear(ground[1]) + 0.0722 * linear(ground[2]);
    if luminance > 0.179 { [0; 3] } else { [255; 3] }
}

/// A row for each sample; in the archive also the matrices.
pub fn table(scene: &FigureScene) -> Result<FigureTable, String> {
    let answers = answered(scene)?;
    let all = &answers.evaluation.answers;
    let class = |class: Option<u32>| class.map_or(-1, i64::from);
    let mut table = FigureTable::default();
    table.whole("sample", (0..all.len() as i64).collect());
    table.whole("class", all.iter().map(|a| i64::from(a.label)).collect());
    table.whole("by_first_spike", all.iter().map(|a| class(a.by_first)).collect());
    table.whole("by_count", all.iter().map(|a| class(a.by_count)).collect());
    table.whole("first_step", all.iter().map(|a| i64::from(a.first_step)).collect());
    table.real("loss", all.iter().map(|a| a.loss).collect());
    for (name, readout) in [("confusion_by_first_spike", Readout::First), ("confusion_by_count", Readout::Count)] {
        let matrix = MatrixCounts::of(scene, answers, readout);
        let shape = [matrix.classes, matrix.classes + 1];
        let values = Values::I64(matrix.counts.iter().map(|n| i64::from(*n)).collect());
        table.arrays.push(Array::new(name, &shape, values));
    }
    Ok(table)
}
