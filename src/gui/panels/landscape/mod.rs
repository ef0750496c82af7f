//! The true loss around the weights, as a map of cells or a surface of facets, with the run's path on it.
//!
//! `model` counts, `picture` works out what is drawn, `surface` draws it in three dimensions; maps, arrows and lines
//! are those of [`crate::gui::widgets::relief`].

mod circle;
mod controls;
mod looks;
pub mod model;
mod picture;
pub mod surface;

use egui::{Key, Label, Modifiers, Rect, RichText, Sense, Ui, pos2, vec2};

use self::picture::LandscapePicture;
use crate::gui::action::{Action, LandscapeAction};
use crate::gui::state::ViewContext;
use crate::gui::state::landscape::{GridCell, MeasuredLandscape};
use crate::gui::state::landscape_choices::{ArrowSource, CellColour};
use crate::gui::theme::small;
use crate::gui::widgets::note;
use crate::gui::widgets::pointing::{Pointing, pin};
use crate::gui::widgets::relief::map::{PlaneMap, PlaneView, cell_at};
use crate::gui::widgets::relief::solid::Viewpoint;
use crate::gui::widgets::relief::words::{SHARES, place_text};
use crate::gui::widgets::relief::{arrows, paint, surface as surfaces};
use crate::landscape::{Grid, ProjectedMoment};
use crate::rule::Rule;
use crate::text::{share, value, whole};

/// The state of the panel's own view.
#[derive(Default)]
pub struct LandscapePanel {
    /// The part of the plane in view; `None`: the whole grid.
    view: Option<PlaneView>,
    /// From where the surface is seen.
    turn: Viewpoint,
    /// Made of what is shown; made again when that has changed.
    picture: LandscapePicture,
    facets: surfaces::SurfaceFacets,
    pointing: Pointing,
}

const CAPTION: &str = "The loss around the weights; flat cells and cliffs are real";
const AXES: &str = "How far the weights are moved along the two directions of the plane. The cross in the middle is \
                    the centre.";
/// In a panel narrower than this, the longest texts are shorter.
const BRIEF: f32 = 540.0;
/// A panel at least this large shows the choices of drawing next to those of measuring.
const ROOMY: [f32; 2] = [420.0, 420.0];
/// A path that reaches less far than this share of the range lies under the cross.
const SHORT: f64 = 0.15;
/// Room for the note that the map is coarse.
const COARSE: egui::Vec2 = vec2(170.0, 24.0);
/// A map smaller than this shows nothing.
const LEAST_SIDE: f32 = 40.0;
/// Of map and notes together.
const LEAST_HEIGHT: f32 = 110.0;
/// A moment of the path is pointed at from so near, in points.
const NEAR: f32 = 6.0;

impl LandscapePanel {
    /// From where the surface is seen: azimuth and elevation in radians.
    pub fn viewpoint(&self) -> [f32; 2] {
        [self.turn.azimuth, self.turn.elevation]
    }

    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let size = ui.available_size();
        note::caption(ui, cx, CAPTION);
        controls::row(ui, cx, size.x >= ROOMY[0] && size.y >= ROOMY[1], actions);
        if let Some(problem) = cx.landscape.latest().problem() {
            note::problem(ui, cx, problem);
        }
        let Some(m) = cx.landscape.shown() else {
            let text = match (cx.landscape.latest().running(), cx.choices.landscape.follow) {
                _ if cx.landscape.latest().problem().is_some() => "Choose another plane",
                (true, _) => "The first points are being computed",
                (_, true) => "The landscape is measured as soon as the run has started",
                _ => "Nothing measured yet: press Refresh to measure the loss around the current weights",
            };
            return note::empty(ui, cx, text);
        };
        controls::show_status(ui, cx, m);
        if self.picture.work_out(ui, cx, m) {
            self.view = None;
        }
        move_pin(ui, cx, m, actions);
        if ui.available_height() < LEAST_HEIGHT {
            return note::empty(ui, cx, "Make this panel larger to see the map");
        }
        // from the bottom: the notes take what they need, the map has the rest
        ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            self.notes(ui, cx, m);
            let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), 15.0), Sense::hover());
            let (rect, _) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
            let cell = if cx.choices.landscape.solid {
                self.surface(ui, cx, m, rect, actions)
            } else {
                self.map(ui, cx, m, rect, actions)
            };
            self.readout(ui, cx, m, cell.or(cx.landscape.cell()), line);
        });
    }

    /// Map, axes and colour bar within `rect`. The cell under the pointer.
    fn map(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        m: &MeasuredLandscape,
        rect: Rect,
        actions: &mut Vec<Action>,
    ) -> Option<GridCell> {
        let (theme, grid) = (cx.theme, m.grid());
        let room = rect.size() - vec2(paint::LEFT + paint::RIGHT, paint::ABOVE + paint::BELOW);
        let side = room.min_elem().floor();
        if side < LEAST_SIDE {
            ui.put(rect, Label::new(RichText::new("Make this panel larger to see the map").color(theme.faint)));
            return None;
        }
        let left = rect.left() + paint::LEFT + ((room.x - side) / 2.0).floor();
        let square = Rect::from_min_size(pos2(left, rect.top() + paint::ABOVE), vec2(side, side));

        let response = ui.interact(square, ui.scope_id().with("map"), Sense::click_and_drag());
        let name = format!("Map of the loss, {0} × {0} points", grid.points);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
        self.view =
            moved(ui, &response, PlaneMap { view: self.view.unwrap_or(PlaneView::whole(grid)), rect: square }, grid);
        let map = PlaneMap { view: self.view.unwrap_or(PlaneView::whole(grid)), rect: square };
        let cell = response.hover_pos().and_then(|pos| cell_at(grid, map.point(pos)));
        self.point(ui, cx, &response, cell, actions);

        let painter = &ui.painter().clone();
        painter.rect_filled(square, 0.0, theme.ground);
        self.picture.cells(painter, &map, grid, theme);
        self.picture.lines(painter, &map, grid);
        self.arrows(ui, cx, m, &map);
        let stride = model::stride(grid, m.done());
        let coarse = Rect::from_min_size(square.left_top(), COARSE);
        paint::paths(painter, &map, grid, &m.paths, stride.map(|_| coarse));
        paint::pins(painter, &map, grid, cx.landscape.pinned, cell);
        circle::show(ui, cx, &map, grid, actions);
        if let Some(stride) = stride {
            let at = square.left_top() + vec2(8.0, 5.0);
            paint::label(painter, at, egui::Align2::LEFT_TOP, &format!("coarse: every {stride}th point"));
        }
        let names = axes(cx);
        paint::axes(painter, &map, names.each_ref().map(String::as_str), theme);
        let under = Rect::from_min_size(square.left_bottom(), vec2(side, paint::BELOW));
        let beside = Rect::from_min_size(square.left_top() - vec2(paint::LEFT, 0.0), vec2(paint::LEFT, side));
        for (name, strip) in names.into_iter().zip([under, beside]) {
            let hint = format!("{AXES} {}", cx.choices.landscape.plane.hint());
            ui.interact(strip, ui.scope_id().with(name), Sense::hover()).on_hover_text(hint);
        }
        self.picture.bar(ui, cx, Rect::from_min_size(square.right_top() + vec2(8.0, 0.0), vec2(11.0, side)));
        if let Some((path, placed)) = response.hover_pos().and_then(|pos| near(m, &map, pos)) {
            response.on_hover_text_at_pointer(moment_text(m, path, placed));
        }
        cell
    }

    /// The arrows that were chosen, as far as they are known.
    fn arrows(&self, ui: &Ui, cx: ViewContext, m: &MeasuredLandscape, map: &PlaneMap) {
        let field: Box<dyn Fn(usize, usize) -> Option<[f32; 2]>> = match cx.choices.landscape.arrows {
            ArrowSource::None => return,
            ArrowSource::Slope => {
                let Some(views) = &m.views else { return };
                Box::new(|i, j| views.slope[m.index((i, j))].map(|s| s.map(|x| x as f32)))
            }
            ArrowSource::Rule(rule) => {
                let n = Rule::ALL.iter().position(|r| *r == rule).unwrap_or(0);
                Box::new(move |i, j| m.landscape.at(i, j).map(|point| point.fields[n]))
            }
        };
        let mut mesh = egui::Mesh::default();
        let [(under, _), (over, _)] = paint::TONES;
        arrows::draw(&mut mesh, &arrows::arrows(map, m.grid(), field), map.rect, under, over);
        ui.painter().with_clip_rect(map.rect).add(mesh);
    }

    /// Tells the other panels which cell is under the pointer, and which was clicked.
    fn point(
        &mut self,
        ui: &Ui,
        cx: ViewContext,
        response: &egui::Response,
        cell: Option<GridCell>,
        actions: &mut Vec<Action>,
    ) {
        self.pointing.point(cx, cell, actions);
        if cell.is_some() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::Crosshair);
        }
        pin(cx, response, cell, actions);
    }

    /// The loss of the cell that is looked at, or else the least, the centre's and the greatest.
    fn readout(&self, ui: &mut Ui, cx: ViewContext, m: &MeasuredLandscape, cell: Option<GridCell>, line: Rect) {
        let figures = self.picture.figures;
        let centre = figures.and_then(|f| f.centre).map_or("–".into(), value);
        let text = match (cell, figures) {
            (Some(cell), _) => {
                let at = place_text(m, cell);
                match m.landscape.at(cell.0, cell.1) {
                    Some(point) => {
                        let spikes = [point.spikes, point.output_spikes].map(|n| whole(n.into()));
                        let pinned = if cx.landscape.pinned == Some(cell) { " (pinned)" } else { "" };
                        let loss = value(point.loss);
                        format!(
                            "{at}{pinned}: loss {loss} (centre {centre}); {} spikes, {} output",
                            spikes[0], spikes[1]
                        )
                    }
                    None => format!("{at}: not measured yet"),
                }
            }
            (None, Some(f)) => {
                format!("loss: minimum {}, centre {centre}, maximum {}", value(f.least), value(f.greatest))
            }
            (None, None) => "no point has a finite loss".into(),
        };
        let hint = "Point at a cell to read its loss, click to pin it; Shift with an arrow key moves the pin, Esc \
                    releases it. Wheel: zoom. Drag: move. Double click: show the whole grid.";
        let builder = egui::UiBuilder::new().max_rect(line).layout(egui::Layout::left_to_right(egui::Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.add(Label::new(RichText::new(text).font(small())).truncate()).on_hover_text(hint);
        });
    }

    /// Notes below the picture: what it can and cannot show.
    fn notes(&self, ui: &mut Ui, cx: ViewContext, m: &MeasuredLandscape) {
        let (figures, mut notes) = (self.picture.figures, Vec::new());
        // there are always two lines, so that the map does not change its size
        notes.push(match (cx.choices.landscape.colour, &m.views) {
            (CellColour::Regions, Some(views)) => {
                let number = whole(views.regions.number as u64);
                format!("{number} regions of equal output spikes among {} points", whole(m.grid().len() as u64))
            }
            (CellColour::Regions, None) => "regions are known once every point has been measured".into(),
            (CellColour::Circulation(rule), _) => model::circulation_note(rule, self.picture.circulation.as_ref()),
            _ => figures.and_then(|f| f.flat).map_or("flat: not known yet".into(), |flat| {
                format!("flat: {} of neighbouring points have the same loss", share(flat))
            }),
        });
        notes.push(path_note(m, ui.available_width() < BRIEF));
        notes.extend(edge_note(cx));
        let walk = cx.landscape.walk.as_deref();
        let around = cx.choices.landscape.circle.map(|chosen| circle::note(chosen, walk));
        notes.extend(around.clone());
        let zeros = figures.map_or(0, |f| f.zeros);
        if zeros > 0 && cx.choices.landscape.colour == CellColour::Loss && self.picture.scale.is_some_and(|s| s.log) {
            notes.push(format!("{} points have loss 0, shown as lowest", whole(zeros as u64)));
        }
        let hint = "The loss depends on spikes at whole steps: it is constant until a spike moves by a step, appears \
                    or vanishes. The path is the run so far, projected onto this plane by least squares; the distance \
                    says how far the weights really were from where they are drawn, the percentage how much of the \
                    path lies in the plane.";
        // laid out from the bottom
        for note in notes.iter().rev() {
            let turns = Some(note) == around.as_ref() || note.starts_with("circulation");
            note::faint(ui, cx, note).on_hover_text(if turns { SHARES } else { hint });
        }
    }
}

/// The names of both directions, with the letters of their coordinates.
fn axes(cx: ViewContext) -> [String; 2] {
    let [first, second] = cx.choices.landscape.plane.axes();
    [format!("a: {first}"), format!("b: {second}")]
}

fn path_note(m: &MeasuredLandscape, narrow: bool) -> String {
    let Some(path) = m.paths.first().filter(|path| path.points.len() > 1) else {
        return "path: nothing before this moment yet".into();
    };
    let (reach, distance) = model::reach(path);
    let within = if narrow { String::new() } else { format!(" within ± {}", value(reach)) };
    if reach < f64::from(m.grid().range) * SHORT && !narrow {
        return format!("path{within}, too short to be seen: choose a smaller range");
    }
    let within_plane = path.share.map_or(String::new(), |part| format!(", {} of its variance in it", share(part)));
    let moments = whole(path.points.len() as u64);
    format!("path: {moments} moments{within}, up to {} from the plane{within_plane}", value(distance))
}

fn edge_note(cx: ViewContext) -> Option<String> {
    let [output, spike] = cx.choices.landscape.edge?;
    let spike = spike + 1;
    Some(format!("output {output}, spike {spike}: thick where it appears or vanishes, thin where it moves"))
}

/// The moment of a path under the pointer: which path, and which of its points.
fn near(m: &MeasuredLandscape, map: &PlaneMap, pos: egui::Pos2) -> Option<(usize, usize)> {
    let points = m.paths.iter().enumerate().flat_map(|(n, path)| path.points.iter().enumerate().map(move |p| (n, p)));
    let away = points.map(|(n, (k, placed))| ((map.pos(placed.foot.a, placed.foot.b) - pos).length(), n, k));
    // where many lie on each other, the last: the path is told from its end
    let nearest = away.filter(|(d, ..)| *d <= NEAR).reduce(|best, next| if next.0 <= best.0 { next } else { best });
    nearest.filter(|_| map.rect.contains(pos)).map(|(_, n, k)| (n, k))
}

/// A moment of a path in words.
fn moment_text(m: &MeasuredLandscape, path: usize, k: usize) -> String {
    let ProjectedMoment { update, foot } = m.paths[path].points[k];
    let name = &m.paths[path].name;
    let losses = m.losses.get(path).and_then(|losses| losses.as_ref()?.get(k));
    let losses = losses
        .map_or(String::new(), |l| format!("\nIts own loss {}, at its projection {}", value(l.own), value(l.foot)));
    let update = whole(update);
    format!("{name}: after update {update}\nIts distance from the plane {}{losses}", value(foot.distance))
}

/// Shift and an arrow key move the pin, Esc lets it go.
fn move_pin(ui: &Ui, cx: ViewContext, m: &MeasuredLandscape, actions: &mut Vec<Action>) {
    let Some((i, j)) = cx.landscape.pinned.filter(|_| !ui.text_edit_focused()) else { return };
    let last = m.grid().points - 1;
    let ways = [
        (Key::ArrowLeft, (i.saturating_sub(1), j)),
        (Key::ArrowRight, ((i + 1).min(last), j)),
        (Key::ArrowDown, (i, j.saturating_sub(1))),
        (Key::ArrowUp, (i, (j + 1).min(last))),
    ];
    for (key, cell) in ways {
        if ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, key)) {
            actions.push(LandscapeAction::Pin(Some(cell)).into());
        }
    }
    if !cx.choices.pencil && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        actions.push(LandscapeAction::Pin(None).into());
    }
}

/// The view after what the pointer did: the wheel zooms, dragging moves, a double click shows everything.
fn moved(ui: &Ui, response: &egui::Response, map: PlaneMap, grid: Grid) -> Option<PlaneView> {
    if response.double_clicked() {
        return None;
    }
    let mut view = map.view;
    if response.dragged() {
        let (from, to) = (map.point(map.rect.center()), map.point(map.rect.center() + response.drag_delta()));
        view = view.pan((to.0 - from.0, to.1 - from.1), grid);
    }
    if let Some(pointer) = response.hover_pos() {
        let (scroll, pinch) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
        let factor = f64::from(pinch) * f64::from(scroll / 200.0).exp();
        if factor != 1.0 {
            view = view.zoom(PlaneMap { view, ..map }.point(pointer), factor, grid);
        }
    }
    Some(view).filter(|v| *v != PlaneView::whole(grid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::landscape::fixtures::measured;

    #[test]
    fn a_moment_of_the_path_is_found_under_the_pointer() {
        let mut m = measured(5, |_, _| 0.0);
        let foot = crate::landscape::ProjectedPoint { a: 0.5, b: 0.0, distance: 2.0 };
        m.paths[0].points.insert(0, ProjectedMoment { update: 3, foot });
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(250.0, 250.0));
        let map = PlaneMap { view: PlaneView::whole(m.grid()), rect };
        assert_eq!(near(&m, &map, map.pos(0.5, 0.0) + vec2(3.0, 0.0)), Some((0, 0)));
        assert_eq!(near(&m, &map, map.pos(0.0, 0.0)), Some((0, 1)));
        assert_eq!(near(&m, &map, map.pos(-0.5, 0.0)), None);
        assert!(moment_text(&m, 0, 0).contains("after update 3\nIts distance from the plane 2.00"));
    }
}
