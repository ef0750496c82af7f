//! The truth and the three rules side by side, on one scale.

use std::sync::Arc;

use egui::{Align2, Color32, Rect, Role, Sense, TextureHandle, Ui, WidgetInfo, pos2, vec2};

use crate::gui::action::Action;
use crate::gui::state::ViewContext;
use crate::gui::state::landscape::{GridCell, MeasuredLandscape};
use crate::gui::theme::small;
use crate::gui::widgets::picture_pace::PicturePace;
use crate::gui::widgets::pointing::{Pointing, pin};
use crate::gui::widgets::relief::map::{PlaneMap, PlaneView, cell_at};
use crate::gui::widgets::relief::solid::{SolidSurface, SurfaceProjection, Viewpoint};
use crate::gui::widgets::relief::values::{filled, shared_scale};
use crate::gui::widgets::relief::words::{self, place_text, verdict};
use crate::gui::widgets::relief::{arrows, paint, surface};
use crate::landscape::Views;
use crate::picture::colormap::viridis;
use crate::picture::scale::ColourScale;
use crate::rule::Rule;
use crate::text::value;

/// The small maps, and what they were made of.
#[derive(Default)]
pub struct RuleTiles {
    of: Option<(u64, bool)>,
    /// Rises whenever they are made again.
    version: u64,
    pace: PicturePace,
    tiles: [RuleTile; 4],
    scale: Option<ColourScale>,
    /// From where all of them are seen, as surfaces.
    turn: Viewpoint,
    pointing: Pointing,
}

#[derive(Default)]
struct RuleTile {
    texture: Option<TextureHandle>,
    heights: Vec<f32>,
    colours: Vec<Color32>,
    facets: surface::SurfaceFacets,
}

/// Room above a tile for its name, and between two.
const TITLE: f32 = 17.0;
const GAP: f32 = 8.0;
/// Room for the colour bar.
const BAR: f32 = 56.0;

impl RuleTiles {
    /// Draws them at most so high; the height that they take.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        m: &MeasuredLandscape,
        height: f32,
        actions: &mut Vec<Action>,
    ) -> f32 {
        self.work_out(ui, cx, m);
        let room = vec2(ui.available_width() - BAR, height);
        let side = |columns: f32, rows: f32| {
            ((room.x - GAP * (columns - 1.0)) / columns).min(room.y / rows - TITLE - GAP * (rows - 1.0)).floor()
        };
        let (columns, side) = if side(2.0, 2.0) > side(4.0, 1.0) { (2, side(2.0, 2.0)) } else { (4, side(4.0, 1.0)) };
        if side < 30.0 {
            return 0.0;
        }
        let height = (4 / columns) as f32 * (side + TITLE + GAP);
        let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let mut pointed = None;
        for n in 0..4 {
            let (column, row) = (n % columns, n / columns);
            let at = area.min + vec2(column as f32 * (side + GAP), row as f32 * (side + TITLE + GAP));
            let rect = Rect::from_min_size(pos2(at.x, at.y + TITLE), vec2(side, side));
            pointed = self.tile(ui, cx, m, n, rect, actions).or(pointed);
        }
        self.pointing.point(cx, pointed, actions);
        if let Some(scale) = self.scale {
            let right = area.left() + columns as f32 * (side + GAP);
            let bar = Rect::from_min_size(pos2(right, area.top() + TITLE), vec2(10.0, side));
            paint::colour_bar(ui.painter(), bar, scale, scale, cx.theme);
            let hint = "One scale for all four. Values beyond its ends have the colour of that end.";
            ui.interact(bar.expand(3.0), ui.scope_id().with("scale"), Sense::hover()).on_hover_text(hint);
        }
        height
    }

    fn work_out(&mut self, ui: &Ui, cx: ViewContext, m: &MeasuredLandscape) {
        let of = (cx.landscape.latest().version(), cx.choices.landscape.believed);
        let grows = !m.is_complete() && self.of.is_some_and(|(_, believed)| believed == of.1);
        if self.of == Some(of) || (grows && self.pace.rests(ui)) {
            return;
        }
        self.of = Some(of);
        let mut pace = std::mem::take(&mut self.pace);
        pace.make(|| self.make(ui, m, of.1));
        self.pace = pace;
    }

    fn make(&mut self, ui: &Ui, m: &MeasuredLandscape, believed: bool) {
        self.version += 1;
        let losses = filled(m.grid(), &m.landscape.losses());
        let surface = |n: usize| m.views.as_ref()?.surfaces[n].as_ref().map(|s| &s.values[..]);
        let believed = |n: usize| if believed { surface(n) } else { Some(&losses[..]) };
        let surfaces: Vec<&[f64]> = (0..3).filter_map(believed).collect();
        self.scale = shared_scale(&losses, &surfaces);
        for n in 0..4 {
            let values = if n == 0 { Some(&losses[..]) } else { believed(n - 1) };
            let tile = &mut self.tiles[n];
            let place = |v: f64| self.scale.filter(|_| v.is_finite()).map_or(f32::NAN, |scale| scale.place(v));
            let empty = vec![f64::NAN; losses.len()];
            let values = values.unwrap_or(&empty);
            tile.heights = values.iter().map(|v| place(*v)).collect();
            let colour = |h: &f32| if h.is_nan() { Color32::TRANSPARENT } else { viridis(*h) };
            tile.colours = tile.heights.iter().map(colour).collect();
            paint::load(ui, &mut tile.texture, paint::picture(m.grid(), values, |v| viridis(place(v))));
        }
    }

    /// One of them within `rect`. The cell under the pointer.
    fn tile(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        m: &MeasuredLandscape,
        n: usize,
        rect: Rect,
        actions: &mut Vec<Action>,
    ) -> Option<GridCell> {
        let (theme, grid, chosen) = (cx.theme, m.grid(), &cx.choices.landscape);
        let (name, colour) = match n {
            0 => ("true loss", theme.ink),
            n => (Rule::ALL[n - 1].label(), theme.rule(Rule::ALL[n - 1])),
        };
        let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect.expand2(vec2(2.0, TITLE))));
        painter.text(rect.left_top() - vec2(0.0, 3.0), Align2::LEFT_BOTTOM, name, small(), colour);
        let response = ui.interact(rect, ui.scope_id().with(("tile", n)), Sense::click_and_drag());
        let what = if n == 0 { "Small map of the true loss".to_owned() } else { format!("What {name} sees") };
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &what));
        let map = PlaneMap { view: PlaneView::whole(grid), rect };
        let cell;
        if chosen.solid {
            self.turn = surface::turned(ui, &response, self.turn);
            let projection = SurfaceProjection::new(self.turn, rect.shrink(4.0));
            let RuleTile { heights, colours, facets, .. } = &mut self.tiles[n];
            let solid = SolidSurface { points: grid.points, heights, colours, projection };
            let facets = facets.of(self.version, self.turn, rect, &solid);
            surface::draw(ui.painter(), rect, &solid, facets, None, theme);
            cell = response.hover_pos().filter(|_| !response.dragged()).and_then(|pos| solid.cell_at(pos));
        } else {
            ui.painter().rect_filled(rect, 0.0, theme.ground);
            if let Some(texture) = &self.tiles[n].texture {
                paint::hatch(ui.painter(), &map, grid, theme);
                paint::cells(ui.painter(), &map, grid, texture);
            }
            if chosen.small_arrows {
                arrows_of(ui, m, n, &map);
            }
            cell = response.hover_pos().and_then(|pos| cell_at(grid, map.point(pos)));
            paint::pins(ui.painter(), &map, grid, None, cx.landscape.pointed);
            if let Some((i, j)) = cx.landscape.pinned {
                paint::outline(ui.painter(), &map, map.cell(grid, i, j).expand(2.5));
            }
        }
        ui.painter().rect_stroke(rect, 0.0, (1.0, theme.line), egui::StrokeKind::Outside);
        pin(cx, &response, cell, actions);
        if let Some(cell) = cell {
            let text = cell_text(m, n, cell);
            response.on_hover_text_at_pointer(text);
        }
        cell
    }
}

/// A cell of a tile in words.
fn cell_text(m: &MeasuredLandscape, n: usize, cell: GridCell) -> String {
    let at = place_text(m, cell);
    let index = m.index(cell);
    let slope = m.views.as_ref().and_then(|views: &Arc<Views>| views.slope[index]);
    let Some(point) = m.landscape.at(cell.0, cell.1) else { return format!("{at}: not measured yet") };
    let loss = value(point.loss);
    if n == 0 {
        return format!("{at}: loss {loss}\nSlope: {}", words::slope(slope));
    }
    let surface = m.views.as_ref().and_then(|views| views.surfaces[n - 1].as_ref());
    let believes = surface.map_or(String::new(), |s| format!(", believes {}", value(s.values[index])));
    let rule = Rule::ALL[n - 1].label();
    format!("{at}: loss {loss}{believes}\n{rule}: {}", verdict(point.fields[n - 1], slope))
}

/// The arrows of a tile: of the slope, or of a rule.
fn arrows_of(ui: &Ui, m: &MeasuredLandscape, n: usize, map: &PlaneMap) {
    let slope = |i: usize, j: usize| {
        let views = m.views.as_ref()?;
        views.slope[m.index((i, j))].map(|s| s.map(|x| x as f32))
    };
    let field = |i: usize, j: usize| m.landscape.at(i, j).map(|point| point.fields[n - 1]);
    let arrows = if n == 0 { arrows::arrows(map, m.grid(), slope) } else { arrows::arrows(map, m.grid(), field) };
    let mut mesh = egui::Mesh::default();
    let [(under, _), (over, _)] = paint::TONES;
    arrows::draw(&mut mesh, &arrows, map.rect, under, over);
    ui.painter().with_clip_rect(map.rect).add(mesh);
}
