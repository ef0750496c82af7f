//! The marks of a band of the raster, and their legend.

use super::options::FigureOptions;
use super::plot::FigurePen;
use super::raster::FigureBand;
use super::scene::FigureScene;
use super::style::mixed;
use crate::loss::LossKind;
use crate::picture::sheet::{Rgb, Sheet, SheetAlign, SheetMark, text_width};
use crate::spike::Edit;
use crate::text;

/// Spikes of a band that are drawn one by one; more become an image of how many share a cell.
const MOST: usize = 40_000;
/// Columns and rows of such an image, at most.
const CELLS: [usize; 2] = [1200, 400];

/// A band while its marks are drawn.
pub struct BandInk<'a> {
    pen: &'a mut FigurePen,
    scene: &'a FigureScene,
    options: &'a FigureOptions,
    band: &'a FigureBand<'a>,
    /// Width and height of a bar.
    bar: [f32; 2],
    ring: f32,
}

impl<'a> BandInk<'a> {
    pub fn new(
        pen: &'a mut FigurePen,
        scene: &'a FigureScene,
        options: &'a FigureOptions,
        band: &'a FigureBand,
    ) -> Self {
        let (row, font) = (band.row(), pen.font);
        let per_step = band.plot.width / band.plot.x[1].max(1.0) as f32;
        let ringed = band.output && scene.frame.settings.loss.kind == LossKind::SpikeTrain;
        let ring = (0.42 * row).clamp(0.2 * font, 0.6 * font);
        // a bar stands inside its ring, so that a hit is a shape of its own
        let height = if ringed { (1.5 * ring).min(row) } else { 0.84 * row };
        let height = height.max(0.09 * font);
        // upright, however low its row
        let width = (0.55 * per_step).clamp(0.04 * font, 0.2 * font).min(0.7 * height);
        Self { pen, scene, options, band, bar: [width, height], ring }
    }

    pub fn draw(&mut self) {
        self.targets();
        self.spikes();
        if let Some(layer) = self.band.layer.filter(|_| self.options.changes) {
            self.changes(layer);
        }
    }

    fn bar_at(&self, step: u32, unit: u32) -> [f32; 4] {
        let [x, y] = self.band.at(step, unit);
        let [w, h] = self.bar;
        [x - w / 2.0, y - h / 2.0, w, h]
    }

    fn targets(&mut self) {
        let frame = &self.scene.frame;
        if !self.band.output || frame.settings.loss.kind != LossKind::SpikeTrain {
            return;
        }
        let wanted: Vec<(u32, u32)> = frame.sample().target.spikes.iter().map(|(t, u)| (t as u32, u)).collect();
        let hit = |(step, unit): &(u32, u32)| self.band.spikes.contains(*step as usize, *unit);
        let centre = |(step, unit): &(u32, u32)| self.band.at(*step, *unit);
        let (hits, all) = (wanted.iter().filter(|w| hit(w)).map(centre).collect(), wanted.iter().map(centre).collect());
        let (colours, width) = (self.pen.colours, self.pen.font / 9.0);
        self.pen.sheet.circles(colours.tint(colours.target, 0.35), self.ring, None, hits);
        self.pen.sheet.circles(colours.target, self.ring, Some(width), all);
    }

    fn spikes(&mut self) {
        let (raster, ink) = (self.band.spikes, self.pen.colours.ink);
        if raster.len() > MOST {
            return self.density();
        }
        let bars = raster.iter().map(|(step, unit)| self.bar_at(step as u32, unit)).collect();
        self.pen.sheet.bars(ink, bars);
    }

    /// How many spikes fall into each cell, the more the darker; said in the corner.
    fn density(&mut self) {
        let (raster, plot) = (self.band.spikes, self.band.plot);
        let (steps, units) = (plot.x[1] as usize, raster.units());
        let [columns, rows] = [steps.min(CELLS[0]), units.min(CELLS[1])];
        let mut counts = vec![0u32; columns * rows];
        for (step, unit) in raster.iter() {
            counts[unit as usize * rows / units * columns + step * columns / steps] += 1;
        }
        let most = counts.iter().copied().max().unwrap_or(1).max(1);
        let colours = self.pen.colours;
        let shade = |n: &u32| mixed(colours.ground, colours.ink, (*n as f32 / most as f32).sqrt());
        let rgb = counts.iter().map(shade).collect();
        let at = [plot.left, plot.top, plot.width, plot.height];
        self.pen.sheet.marks.push(SheetMark::Cells { at, columns, rgb });
        let note = format!("density: {} spikes", text::whole(raster.len() as u64));
        let at = [plot.right() - 0.4 * self.pen.font, plot.top + 0.8 * self.pen.font];
        self.pen.text(at, SheetAlign::Right, colours.ink, note);
    }

    fn changes(&mut self, layer: usize) {
        let colours = self.pen.colours;
        let Some(changes) = self.scene.span(self.options.span).changes.layers.get(layer) else { return };
        let (mut before, mut arrows, mut crosses, mut triangles) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for &(unit, edit) in &changes.edits {
            match edit {
                Edit::Kept { .. } => {}
                Edit::Shifted { from, to } => {
                    before.push(self.bar_at(from, unit));
                    let [a, b] = [self.band.at(from, unit), self.band.at(to, unit)];
                    let stop = (self.bar[0] / 2.0).min((b[0] - a[0]).abs() / 2.0);
                    arrows.push([a, [b[0] - stop * (b[0] - a[0]).signum(), b[1]]]);
                }
                Edit::Removed { step } => crosses.push(self.band.at(step, unit)),
                Edit::Created { step } => triangles.push(self.foot(step, unit)),
            }
        }
        let size = self.mark();
        let sheet = &mut self.pen.sheet;
        sheet.bars(colours.tint(colours.shifted, 0.4), before);
        self::arrows(sheet, colours.shifted, colours.ground, size, &arrows);
        self::crosses(sheet, colours.removed, size, &crosses);
        let halo = triangles.iter().map(|c| triangle(*c, 1.25 * size)).collect();
        sheet.polygons(colours.ground, halo);
        sheet.polygons(colours.created, triangles.iter().map(|c| triangle(*c, size)).collect());
    }

    /// Half the size of a mark.
    fn mark(&self) -> f32 {
        (0.34 * self.band.row()).clamp(0.22 * self.pen.font, 0.36 * self.pen.font)
    }

    /// Where the triangle of a new spike stands: in a tall row at the foot of its bar, so that the spike is still seen.
    fn foot(&self, step: u32, unit: u32) -> [f32; 2] {
        let ([x, y], row) = (self.band.at(step, unit), self.band.row());
        let tall = row >= 1.1 * self.pen.font;
        [x, y + if tall { (self.bar[1] / 2.0).min(row / 2.0 - self.mark()) } else { 0.0 }]
    }
}

/// A triangle, point up.
pub fn triangle([x, y]: [f32; 2], r: f32) -> Vec<[f32; 2]> {
    vec![[x, y - r], [x + r, y + 0.8 * r], [x - r, y + 0.8 * r]]
}

fn crosses(sheet: &mut Sheet, colour: Rgb, r: f32, centres: &[[f32; 2]]) {
    let lines =
        centres.iter().flat_map(|&[x, y]| [vec![[x - r, y - r], [x + r, y + r]], vec![[x - r, y + r], [x + r, y - r]]]);
    sheet.lines(colour, 0.45 * r, lines.collect());
}

/// Level arrows, on a ground that sets them off from the spikes around.
fn arrows(sheet: &mut Sheet, colour: Rgb, ground: Rgb, size: f32, arrows: &[[[f32; 2]; 2]]) {
    let head = |[a, b]: &[[f32; 2]; 2]| (b[0] - a[0]).abs().min(1.3 * size) * (b[0] - a[0]).signum();
    let shaft = |arrow: &[[f32; 2]; 2]| vec![arrow[0], [arrow[1][0] - head(arrow), arrow[1][1]]];
    let tip = |arrow: &[[f32; 2]; 2]| {
        let ([x, y], long) = (arrow[1], head(arrow));
        vec![[x, y], [x - long, y - 0.75 * size], [x - long, y + 0.75 * size]]
    };
    sheet.lines(ground, 1.1 * size, arrows.iter().map(|arrow| arrow.to_vec()).collect());
    sheet.lines(colour, 0.35 * size, arrows.iter().map(shaft).collect());
    sheet.polygons(colour, arrows.iter().map(tip).collect());
}

/// An entry of the legend.
#[derive(Clone, Copy, Debug, PartialEq)]
enum RasterLegendMark {
    Spike,
    Target,
    Created,
    Removed,
    Shifted,
    None,
}

/// The legend of the marks that occur, with a place for each entry.
pub struct RasterLegend {
    /// Mark, name, left end and line.
    entries: Vec<(RasterLegendMark, String, f32, usize)>,
    pub lines: usize,
}

/// Height of a line of the legend, in sizes of the font.
pub const LINE: f32 = 1.5;

impl RasterLegend {
    /// In as many lines as `width` takes.
    pub fn new(scene: &FigureScene, options: &FigureOptions, font: f32, width: f32) -> Self {
        let mut named = vec![(RasterLegendMark::Spike, "spike".to_owned())];
        if scene.frame.settings.loss.kind == LossKind::SpikeTrain {
            named.push((RasterLegendMark::Target, "target".into()));
        }
        if options.changes && scene.frame.update > 0 {
            let marks = [RasterLegendMark::Created, RasterLegendMark::Removed, RasterLegendMark::Shifted];
            named.extend(marks.into_iter().zip(["created", "removed", "shifted"].map(str::to_owned)));
            named.push((RasterLegendMark::None, format!("by {}", scene.updates(options.span))));
        }
        let (mut x, mut line) = (0.0, 0);
        let place = |(mark, name): (RasterLegendMark, String)| {
            let long = 1.3 * font + text_width(&name, font);
            if x > 0.0 && x + long > width {
                (x, line) = (0.0, line + 1);
            }
            let at = x;
            x += long + 0.7 * font;
            (mark, name, at, line)
        };
        let entries: Vec<_> = named.into_iter().map(place).collect();
        Self { lines: entries.last().map_or(0, |last| last.3 + 1), entries }
    }

    /// From `left` on, its first line at the height `top`.
    pub fn draw(&self, pen: &mut FigurePen, [left, top]: [f32; 2]) {
        let (colours, font) = (pen.colours, pen.font);
        let size = 0.32 * font;
        for (mark, name, at, line) in &self.entries {
            let [x, y] = [left + at + 0.5 * font, top + *line as f32 * LINE * font];
            let sheet = &mut pen.sheet;
            match mark {
                RasterLegendMark::Spike => {
                    let bar = [x - 0.07 * font, y - 0.4 * font, 0.14 * font, 0.8 * font];
                    sheet.bars(colours.ink, vec![bar]);
                }
                RasterLegendMark::Target => sheet.circles(colours.target, 0.4 * font, Some(font / 9.0), vec![[x, y]]),
                RasterLegendMark::Created => sheet.polygons(colours.created, vec![triangle([x, y], size)]),
                RasterLegendMark::Removed => crosses(sheet, colours.removed, size, &[[x, y]]),
                RasterLegendMark::Shifted => {
                    let arrow = [[x - 0.5 * font, y], [x + 0.5 * font, y]];
                    arrows(sheet, colours.shifted, colours.paper, size, &[arrow]);
                }
                RasterLegendMark::None => {}
            }
            pen.text([left + at + 1.3 * font, y], SheetAlign::Left, colours.ink, name.clone());
        }
    }
}
