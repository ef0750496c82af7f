//! The picture of the landscape, worked out once for each change: colours, scale, lines.

use egui::{Align2, Color32, Painter, Rect, Sense, TextureHandle, Ui, pos2, vec2};

use super::model::{self, LossFigures};
use crate::gui::state::ViewContext;
use crate::gui::state::landscape::MeasuredLandscape;
use crate::gui::state::landscape_choices::{CellColour, PlaneChoice};
use crate::gui::theme::{Palette, small};
use crate::gui::widgets::picture_pace::PicturePace;
use crate::gui::widgets::relief::borders::{self, CellBorder};
use crate::gui::widgets::relief::map::PlaneMap;
use crate::gui::widgets::relief::paint;
use crate::gui::widgets::relief::values::filled;
use crate::landscape::{Circulation, Grid};
use crate::picture::colormap::{OVER, SHADES, UNDER, viridis};
use crate::picture::scale::ColourScale;

/// The landscape as it is drawn.
#[derive(Default)]
pub struct LandscapePicture {
    of: Option<PictureKey>,
    /// Rises whenever it is made again.
    pub version: u64,
    pace: PicturePace,
    /// With coarse cells in place of what is not known yet, and of measured cells alone.
    textures: [Option<TextureHandle>; 2],
    /// Whether there are cells that were not measured.
    gaps: bool,
    /// `None` for regions.
    pub scale: Option<ColourScale>,
    /// The least and the greatest value in view, between which the scale that is kept may reach farther.
    ends: Option<ColourScale>,
    /// Of the loss.
    pub figures: Option<LossFigures>,
    /// Heights and colours of all cells, `[a][b]`; NaN where nothing is known.
    pub heights: Vec<f32>,
    pub colours: Vec<Color32>,
    levels: Vec<CellBorder>,
    regions: Vec<CellBorder>,
    /// Where the chosen spike appears or vanishes, and where it moves.
    edge: [Vec<CellBorder>; 2],
    /// Of the rule whose circulation is shown: its cells lie between the points.
    pub circulation: Option<Circulation>,
}

/// The version and choices that a picture was made of.
#[derive(Clone, Debug, PartialEq)]
struct PictureKey {
    version: u64,
    place: (Grid, u64, PlaneChoice),
    log: bool,
    colour: CellColour,
    contours: bool,
    edge: Option<[usize; 2]>,
}

impl LandscapePicture {
    /// Makes it again if what is shown has changed; true where it is another place than before.
    pub fn work_out(&mut self, ui: &Ui, cx: ViewContext, m: &MeasuredLandscape) -> bool {
        let chosen = &cx.choices.landscape;
        let place = (m.grid(), m.question.what.seed, chosen.plane);
        let version = cx.landscape.latest().version();
        let (log, colour, contours, edge) = (chosen.log, chosen.colour, chosen.contours, chosen.edge);
        let of = PictureKey { version, place, log, colour, contours, edge };
        let same = |before: &PictureKey| *before == PictureKey { version: before.version, ..of.clone() };
        let grows = !m.is_complete() && self.of.as_ref().is_some_and(same);
        if self.of.as_ref() == Some(&of) || (grows && self.pace.rests(ui)) {
            return false;
        }
        let mut pace = std::mem::take(&mut self.pace);
        let moved = pace.make(|| self.make(ui, m, of));
        self.pace = pace;
        moved
    }

    /// Level lines, and the borders of regions.
    fn outline(&mut self, m: &MeasuredLandscape, filled: &[f64], colour: CellColour, contours: bool) {
        let grid = m.grid();
        self.levels = match self.scale.filter(|_| contours && !matches!(colour, CellColour::Circulation(_))) {
            Some(scale) => {
                let levels: Vec<f64> = scale.ticks(LEVELS).into_iter().map(|(level, _)| level).collect();
                borders::contours(grid.points, filled, &levels)
            }
            None => Vec::new(),
        };
        self.regions = match m.views.as_ref().filter(|_| colour == CellColour::Regions) {
            Some(views) => {
                let labels = &views.regions.labels;
                borders::borders(grid.points, |one, other| labels[one] != labels[other])
            }
            None => Vec::new(),
        };
    }

    fn make(&mut self, ui: &Ui, m: &MeasuredLandscape, of: PictureKey) -> bool {
        let (grid, place) = (m.grid(), of.place);
        let PictureKey { log, colour, contours, edge, .. } = of;
        self.version += 1;
        let before = self.of.replace(of).filter(|before| before.place == place);
        let moved = before.is_none();
        let kept = self.scale.take().filter(|_| before.is_some_and(|before| before.colour == colour));
        let values = model::values(m, colour);
        let filled = filled(grid, &values);
        let shaded = colour == CellColour::Regions;
        self.circulation = match colour {
            CellColour::Circulation(rule) => model::circulation(m, rule),
            _ => None,
        };
        self.scale = match (&self.circulation, shaded) {
            (Some(found), _) => ColourScale::around_zero(&found.density),
            (None, true) => None,
            (None, false) => ColourScale::new(&values, log, kept),
        };
        self.ends = match self.circulation {
            Some(_) => self.scale,
            None => self.scale.and_then(|scale| ColourScale::new(&values, scale.log, None)),
        };
        let paint = |value: f64| match (shaded, self.scale) {
            (true, _) => viridis(SHADES[value as usize % SHADES.len()]),
            (false, Some(scale)) => viridis(scale.place(value)),
            (false, None) => Color32::TRANSPARENT,
        };
        if let Some(found) = &self.circulation {
            let between = Grid { points: grid.points - 1, ..grid };
            paint::load(ui, &mut self.textures[0], paint::picture(between, &found.density, paint));
        } else {
            paint::load(ui, &mut self.textures[0], paint::picture(grid, &filled, paint));
        }
        self.gaps = !m.is_whole() || filled.iter().any(|value| value.is_nan());
        if self.gaps {
            paint::load(ui, &mut self.textures[1], paint::picture(grid, &values, paint));
        }
        self.colours = values.iter().map(|v| if v.is_finite() { paint(*v) } else { Color32::TRANSPARENT }).collect();
        // regions and circulation have no height of their own: the surface stays that of the loss
        let losses = m.landscape.losses();
        let lies = shaded || matches!(colour, CellColour::Circulation(_));
        let heights = if lies { ColourScale::new(&losses, log, None) } else { self.scale };
        let measured = if lies { &losses } else { &values };
        let height = |v: &f64| heights.filter(|_| v.is_finite()).map_or(f32::NAN, |scale| scale.place(*v));
        self.heights = measured.iter().map(height).collect();
        self.figures = model::figures(grid, &losses);
        self.outline(m, &filled, colour, contours);
        self.edge = edge.map_or_else(Default::default, |[output, spike]| {
            let steps = m.landscape.spike_steps(output, spike);
            edges(grid.points, &steps)
        });
        moved
    }

    /// The cells; what is not measured itself is hatched.
    pub fn cells(&self, painter: &Painter, map: &PlaneMap, grid: Grid, theme: &Palette) {
        if let (Some(texture), Some(_)) = (&self.textures[0], &self.circulation) {
            // these cells end at the outermost points
            let range = f64::from(grid.range);
            let rect = Rect::from_two_pos(map.pos(-range, -range), map.pos(range, range));
            let uv = Rect::from_min_max(egui::Pos2::ZERO, pos2(1.0, 1.0));
            painter.with_clip_rect(map.rect).image(texture.id(), rect, uv, Color32::WHITE);
            return;
        }
        if let Some(texture) = &self.textures[0] {
            paint::cells(painter, map, grid, texture);
        }
        if let Some(texture) = self.textures[1].as_ref().filter(|_| self.gaps) {
            paint::hatch(painter, map, grid, theme);
            paint::cells(painter, map, grid, texture);
        }
    }

    /// Level lines, borders of regions, the edge of a spike.
    pub fn lines(&self, painter: &Painter, map: &PlaneMap, grid: Grid) {
        let mut mesh = egui::Mesh::default();
        borders::draw(&mut mesh, map, grid, &self.levels, 1.0, OVER.gamma_multiply(0.7));
        borders::draw(&mut mesh, map, grid, &self.regions, 1.0, UNDER);
        for (lines, width) in [(&self.edge[1], 1.2), (&self.edge[0], 2.6)] {
            borders::draw(&mut mesh, map, grid, lines, width + 2.0, UNDER);
            borders::draw(&mut mesh, map, grid, lines, width, OVER);
        }
        painter.with_clip_rect(map.rect).add(mesh);
    }

    /// Which colour stands for what.
    pub fn bar(&self, ui: &mut Ui, cx: ViewContext, rect: Rect) {
        let theme = cx.theme;
        let (Some(scale), Some(ends)) = (self.scale, self.ends) else { return };
        paint::colour_bar(ui.painter(), rect, scale, ends, theme);
        let hint = "Colours from the least value in view to the greatest. A value keeps its colour while new landscapes fill most of the \
                    scale.";
        ui.interact(rect.expand(3.0), ui.scope_id().with("bar"), Sense::hover()).on_hover_text(hint);
        let at = pos2(rect.left() - 2.0, rect.bottom() + 20.0);
        let name = match cx.choices.landscape.colour {
            CellColour::Circulation(_) => "circulation",
            colour => colour.title(),
        };
        let log = if scale.log { ", log" } else { "" };
        let clip = ui.painter().with_clip_rect(rect.expand2(vec2(52.0, 60.0)));
        clip.text(at, Align2::LEFT_CENTER, format!("{name}{log}"), small(), theme.ink);
    }
}

/// Level lines that are wanted.
const LEVELS: usize = 8;

/// Where a spike appears or vanishes, and where it moves, given its step at every point: the outer none where nothing
/// is known, the inner where there is no such spike.
fn edges(points: usize, steps: &[Option<Option<u32>>]) -> [Vec<CellBorder>; 2] {
    let kind = |there: bool| {
        borders::borders(points, |one, other| match (steps[one], steps[other]) {
            (Some(one), Some(other)) => one != other && (one.is_some() && other.is_some()) == there,
            _ => false,
        })
    };
    [kind(false), kind(true)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spike_has_an_edge_where_it_appears_and_another_where_it_moves() {
        let steps = [Some(None), Some(Some(4)), Some(Some(5)), Some(None), Some(Some(4)), None, None, None, None];
        let [appears, moves] = edges(3, &steps);
        assert_eq!(appears, [CellBorder { upright: false, at: 1, from: 0, to: 2 }]);
        assert_eq!(moves, [CellBorder { upright: false, at: 2, from: 0, to: 1 }]);
    }
}
