//! Samples with the class that the network of the moment gives them.

use super::data::FigureTable;
use super::options::FigureOptions;
use super::plot::{FigurePen, above};
use super::scene::{FigureAnswers, FigureScene};
use super::style::{FigureStyle, mixed};
use crate::picture::sheet::{Rgb, Sheet, SheetAlign, SheetMark};
use crate::spike::Raster;
use crate::task::nmnist::SIDE;
use crate::task::{TaskKind, View, yin_yang};
use crate::text;
use crate::train::Readout;

/// Samples in a row, and rows.
const GRID: [usize; 2] = [8, 4];
/// The most columns and rows of the picture of a raster.
const RASTER: [usize; 2] = [96, 64];

/// The samples that are shown, in their order.
fn chosen(scene: &FigureScene, answers: &FigureAnswers, options: &FigureOptions) -> Vec<usize> {
    let readout = Readout::of(&scene.frame.settings.loss);
    let all = &answers.evaluation.answers;
    let right = |index: &usize| all[*index].is_right(readout);
    let numbers = 0..all.len();
    if options.wrong_first {
        let wrong = numbers.clone().filter(|index| !right(index));
        return wrong.chain(numbers.filter(right)).take(GRID[0] * GRID[1]).collect();
    }
    numbers.take(GRID[0] * GRID[1]).collect()
}

pub fn sheet(scene: &FigureScene, options: &FigureOptions, style: &FigureStyle) -> Result<Sheet, String> {
    let answers = super::matrix::answered(scene)?;
    let (samples, font) = (chosen(scene, answers, options), style.font);
    let gap = 0.8 * font;
    let side = (style.width_pt() - gap * (GRID[0] + 1) as f32) / GRID[0] as f32;
    let (top, rows) = (above(style), samples.len().div_ceil(GRID[0]).max(1));
    let high = side + 1.5 * font + gap;
    let mut pen = FigurePen::new(style, top + rows as f32 * high + 1.6 * font);
    pen.title(gap, &super::title(super::FigureView::Samples, scene));
    for (place, &index) in samples.iter().enumerate() {
        let (column, row) = (place % GRID[0], place / GRID[0]);
        let at = [gap + column as f32 * (side + gap), top + row as f32 * high, side, side];
        picture(&mut pen, scene, (answers, index), at)?;
        answer(&mut pen, scene, (answers, index), at);
    }
    let share = text::percent(answers.evaluation.accuracy(Readout::of(&scene.frame.settings.loss)), 1);
    let order = if options.wrong_first { "wrong ones first" } else { "in their order" };
    let note = format!("{} ({}), {order}; {share} right", text::whole(samples.len() as u64), answers.split.key());
    let at = [gap, pen.sheet.size[1] - 0.8 * font];
    pen.text(at, SheetAlign::Left, pen.colours.faint, note);
    Ok(pen.sheet)
}

/// The sample as it is: an image, the pixels of a recording, a point in its disc, or its spikes.
fn picture(
    pen: &mut FigurePen,
    scene: &FigureScene,
    (answers, index): (&FigureAnswers, usize),
    at: [f32; 4],
) -> Result<(), String> {
    let (task, colours) = (&scene.frame.task, pen.colours);
    let set = task.set(answers.split);
    let view = set.source().view(set.origin(index))?;
    let (columns, rgb) = match &view {
        View::Image(image) => {
            let shade = |grey: &u8| mixed(colours.ground, colours.ink, f32::from(*grey) / 255.0);
            (image.width, image.grey.iter().map(shade).collect())
        }
        View::Recording(_) => (SIDE, polarities(pen, &task.sample(answers.split, index)?.input)),
        View::Spikes => spikes(pen, &task.sample(answers.split, index)?.input),
        View::Point([x, y]) => {
            let [left, top, wide, high] = at;
            pen.sheet.bars(colours.ground, vec![at]);
            let place = |[x, y]: [f64; 2]| [left + wide * x as f32, top + high * (1.0 - y as f32)];
            let lines = yin_yang::outlines().into_iter().map(|line| line.into_iter().map(place).collect()).collect();
            pen.sheet.lines(colours.faint, pen.style.hair(), lines);
            pen.sheet.circles(colours.focus, 0.25 * pen.font, None, vec![place([*x, *y])]);
            return Ok(());
        }
    };
    pen.sheet.marks.push(SheetMark::Cells { at, columns, rgb });
    Ok(())
}

/// Every pixel in the colour of the polarity of which there is more; units are (polarity · 34 + x) · 34 + y.
fn polarities(pen: &FigurePen, input: &Raster) -> Vec<Rgb> {
    let mut counts = vec![[0u32; 2]; SIDE * SIDE];
    for (_, unit) in input.iter() {
        let (x, y) = (unit as usize / SIDE % SIDE, unit as usize % SIDE);
        counts[y * SIDE + x][(unit as usize / SIDE / SIDE).min(1)] += 1;
    }
    let colours = pen.colours;
    let shade = |&[one, other]: &[u32; 2]| match one + other {
        0 => colours.ground,
        n => {
            let colour = if one >= other { colours.rules[0] } else { colours.focus };
            mixed(colours.ground, colour, (0.35 + 0.13 * n as f32).min(1.0))
        }
    };
    counts.iter().map(shade).collect()
}

/// Time to the right, units downwards.
fn spikes(pen: &FigurePen, input: &Raster) -> (usize, Vec<Rgb>) {
    let (steps, units) = (input.steps().max(1), input.units().max(1));
    let [columns, rows] = [steps.min(RASTER[0]), units.min(RASTER[1])];
    let mut rgb = vec![pen.colours.ground; columns * rows];
    for (step, unit) in input.iter() {
        rgb[unit as usize * rows / units * columns + step * columns / steps] = pen.colours.ink;
    }
    (columns, rgb)
}

/// Its class, or the one that it was given for; a wrong one has a frame and a cross, too.
fn answer(pen: &mut FigurePen, scene: &FigureScene, (answers, index): (&FigureAnswers, usize), [x, y, w, h]: [f32; 4]) {
    let (font, colours) = (pen.font, pen.colours);
    let answer = &answers.evaluation.answers[index];
    let readout = Readout::of(&scene.frame.settings.loss);
    let name = |class: usize| match scene.frame.task.settings.kind {
        TaskKind::YinYang => yin_yang::CLASSES.get(class).map_or_else(|| class.to_string(), |n| (*n).to_owned()),
        _ => class.to_string(),
    };
    let label = name(answer.label as usize);
    let right = answer.is_right(readout);
    let frame = vec![[x, y], [x + w, y], [x + w, y + h], [x, y + h], [x, y]];
    let at = [x + w / 2.0, y + h + 0.85 * font];
    if right {
        pen.sheet.lines(colours.line, pen.style.hair(), vec![frame]);
        return pen.text(at, SheetAlign::Middle, colours.ink, label);
    }
    let r = 0.28 * font;
    let [cx, cy] = [x + w - 0.55 * font, y + 0.55 * font];
    pen.sheet.lines(colours.removed, font / 7.0, vec![frame]);
    pen.sheet.bars(colours.ground, vec![[cx - 0.45 * font, cy - 0.45 * font, 0.9 * font, 0.9 * font]]);
    let cross = vec![vec![[cx - r, cy - r], [cx + r, cy + r]], vec![[cx - r, cy + r], [cx + r, cy - r]]];
    pen.sheet.lines(colours.removed, font / 7.0, cross);
    let given = answer.class(readout).map_or("silent".into(), |class| name(class as usize));
    let both = format!("{label} → {given}");
    // where there is no room for both, the frame says that it is another one
    let text = if pen.wide(&both) > w + 0.5 * font { format!("→ {given}") } else { both };
    pen.text(at, SheetAlign::Middle, colours.removed, text);
}

/// A row for each sample that is shown.
pub fn table(scene: &FigureScene, options: &FigureOptions) -> Result<FigureTable, String> {
    let answers = super::matrix::answered(scene)?;
    let samples = chosen(scene, answers, options);
    let readout = Readout::of(&scene.frame.settings.loss);
    let of = |index: &usize| &answers.evaluation.answers[*index];
    let mut table = FigureTable::default();
    table.whole("sample", samples.iter().map(|index| *index as i64).collect());
    table.whole("class", samples.iter().map(|index| i64::from(of(index).label)).collect());
    table.whole("predicted", samples.iter().map(|index| of(index).class(readout).map_or(-1, i64::from)).collect());
    table.whole("first_step", samples.iter().map(|index| i64::from(of(index).first_step)).collect());
    Ok(table)
}
