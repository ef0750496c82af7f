//! The true loss around the weights, as a map of cells or a surface of facets, with the run's path on it.
//!
//! [`model`] counts, `paint` draws the map, [`solid`] projects the surface, [`borders`] and [`arrows`] find the lines on it.

pub mod arrows;
pub mod borders;
pub mod cliffs;
mod controls;
pub mod form;
mod looks;
pub mod model;
pub mod pace;
pub mod paint;
mod picture;
pub mod solid;
pub mod surface;
mod weights;

use egui::{Key, Label, Modifiers, Rect, RichText, Sense, Ui, pos2, vec2};

pub use self::form::PlanePanel;
use self::model::{Map, View, signed};
use self::picture::Picture;
use self::solid::Turn;
use crate::gui::action::Action;
use crate::gui::format::{value, whole};
use crate::gui::state::Look;
use crate::gui::survey::choices::{Arrows, Colour};
use crate::gui::survey::{Cell, Measured};
use crate::gui::theme::small;
use crate::landscape::{Grid, Placed};
use crate::rule::Rule;

/// What the panel remembers of its own view.
#[derive(Default)]
pub struct LandscapePanel {
    /// The part of the plane in view; `None`: the whole grid.
    view: Option<View>,
    /// From where the surface is seen.
    turn: Turn,
    /// Made of what is shown; made again when that has changed.
    picture: Picture,
    facets: surface::Facets,
    /// Whether the cell under the pointer was set here.
    own_point: bool,
}

const CAPTION: &str = "the loss around the weights; flat cells and cliffs are real";
const AXES: &str = "How far the weights are moved along the two directions of the plane. The cross in the middle is the \
    centre.";
/// In a panel narrower than this, texts are shorter.
const NARROW: f32 = 320.0;
/// The same for the longest of them.
const BRIEF: f32 = 540.0;
/// A panel at least so large shows how it is drawn beside what is measured.
const ROOMY: [f32; 2] = [420.0, 420.0];
/// A path that reaches less far than this share of the range lies under the cross.
const SHORT: f64 = 0.15;
/// A map smaller than this shows nothing.
const LEAST_SIDE: f32 = 40.0;
/// A moment of the path is pointed at from so near, in points.
const NEAR: f32 = 6.0;

impl LandscapePanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
        let size = ui.available_size();
        super::caption(ui, look, CAPTION);
        controls::row(ui, look, size.x >= ROOMY[0] && size.y >= ROOMY[1], actions);
        if let Some(problem) = look.landscape.problem() {
            super::problem(ui, look, problem);
        }
        let Some(m) = look.landscape.shown() else {
            let text = match (look.landscape.running(), look.choices.landscape.follow) {
                _ if look.landscape.problem().is_some() => "Choose another plane",
                (true, _) => "The first points are on their way",
                (_, true) => "The landscape comes as soon as the run has begun",
                _ => "Nothing measured yet: press Refresh to measure the loss around the weights as they are",
            };
            return super::empty(ui, look, text);
        };
        controls::status(ui, look, m);
        if self.picture.work_out(ui, look, m) {
            self.view = None;
        }
        move_pin(ui, look, m, actions);
        // from the bottom: the notes take what they need, the map has the rest
        ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            self.notes(ui, look, m);
            let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), 15.0), Sense::hover());
            let (rect, _) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
            let cell = if look.choices.landscape.solid {
                self.surface(ui, look, m, rect, actions)
            } else {
                self.map(ui, look, m, rect, actions)
            };
            self.readout(ui, look, m, cell.or(look.landscape.cell()), line);
        });
    }

    /// Map, axes and colour bar within `rect`. The cell under the pointer.
    fn map(&mut self, ui: &mut Ui, look: Look, m: &Measured, rect: Rect, actions: &mut Vec<Action>) -> Option<Cell> {
        let (theme, grid) = (look.theme, m.grid());
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
        self.view = moved(ui, &response, Map { view: self.view.unwrap_or(View::whole(grid)), rect: square }, grid);
        let map = Map { view: self.view.unwrap_or(View::whole(grid)), rect: square };
        let cell = response.hover_pos().and_then(|pos| model::cell_at(grid, map.point(pos)));
        self.point(ui, look, &response, cell, actions);

        let painter = ui.painter();
        painter.rect_filled(square, 0.0, theme.ground);
        self.picture.cells(painter, &map, grid, theme);
        self.picture.lines(painter, &map, grid);
        self.arrows(ui, look, m, &map);
        paint::paths(painter, &map, grid, &m.paths);
        paint::pins(painter, &map, grid, look.landscape.pinned, cell);
        if let Some(stride) = model::stride(grid, m.done()) {
            let at = square.left_top() + vec2(8.0, 5.0);
            paint::label(painter, at, egui::Align2::LEFT_TOP, &format!("coarse: every {stride}th point"));
        }
        let names = axes(look);
        paint::axes(painter, &map, names.each_ref().map(String::as_str), theme);
        let under = Rect::from_min_size(square.left_bottom(), vec2(side, paint::BELOW));
        let beside = Rect::from_min_size(square.left_top() - vec2(paint::LEFT, 0.0), vec2(paint::LEFT, side));
        for (name, strip) in names.into_iter().zip([under, beside]) {
            let hint = format!("{AXES} {}", look.choices.landscape.plane.hint());
            ui.interact(strip, ui.scope_id().with(name), Sense::hover()).on_hover_text(hint);
        }
        self.picture.bar(ui, look, Rect::from_min_size(square.right_top() + vec2(8.0, 0.0), vec2(11.0, side)));
        if let Some((path, placed)) = response.hover_pos().and_then(|pos| near(m, &map, pos)) {
            response.on_hover_text_at_pointer(told(m, path, placed));
        }
        cell
    }

    /// The arrows that were chosen, as far as they are known.
    fn arrows(&self, ui: &Ui, look: Look, m: &Measured, map: &Map) {
        let field: Box<dyn Fn(usize, usize) -> Option<[f32; 2]>> = match look.choices.landscape.arrows {
            Arrows::None => return,
            Arrows::Slope => {
                let Some(views) = &m.views else { return };
                Box::new(|i, j| views.slope[m.index((i, j))].map(|s| s.map(|x| x as f32)))
            }
            Arrows::Rule(rule) => {
                let n = Rule::ALL.iter().position(|r| *r == rule.rule()).unwrap_or(0);
                Box::new(move |i, j| m.landscape.at(i, j).map(|point| point.fields[n]))
            }
        };
        let mut mesh = egui::Mesh::default();
        let [(under, _), (over, _)] = paint::TONES;
        arrows::draw(&mut mesh, &arrows::arrows(map, m.grid(), field), map.rect, under, over);
        ui.painter().with_clip_rect(map.rect).add(mesh);
    }

    /// Tells the other panels which cell is under the pointer, and which was clicked.
    fn point(&mut self, ui: &Ui, look: Look, response: &egui::Response, cell: Option<Cell>, actions: &mut Vec<Action>) {
        if (cell.is_some() || self.own_point) && cell != look.landscape.pointed {
            actions.push(Action::PointAt(cell));
        }
        self.own_point = cell.is_some();
        if cell.is_some() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::Crosshair);
        }
        if response.clicked() && !response.double_clicked() && cell.is_some() {
            actions.push(Action::Pin(cell.filter(|_| cell != look.landscape.pinned)));
        }
    }

    /// The loss of the cell that is looked at, or else the least, the centre's and the greatest.
    fn readout(&self, ui: &mut Ui, look: Look, m: &Measured, cell: Option<Cell>, line: Rect) {
        let figures = self.picture.figures;
        let centre = figures.and_then(|f| f.centre).map_or("–".into(), value);
        let text = match (cell, figures) {
            (Some(cell), _) => {
                let at = place_text(m, cell);
                match m.landscape.at(cell.0, cell.1) {
                    Some(point) => {
                        let spikes = [point.spikes, point.output_spikes].map(|n| whole(n.into()));
                        let pinned = if look.landscape.pinned == Some(cell) { " (pinned)" } else { "" };
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
                format!("loss: least {}, centre {centre}, greatest {}", value(f.least), value(f.greatest))
            }
            (None, None) => "no point has a finite loss".into(),
        };
        let hint = "Point at a cell to read its loss, click to pin it; Shift and an arrow key move the pin, Esc lets it \
            go. Wheel: zoom. Drag: move. Double click: the whole grid";
        let builder = egui::UiBuilder::new().max_rect(line).layout(egui::Layout::left_to_right(egui::Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.add(Label::new(RichText::new(text).font(small())).truncate()).on_hover_text(hint);
        });
    }

    /// What the picture can and cannot tell, below it.
    fn notes(&self, ui: &mut Ui, look: Look, m: &Measured) {
        let (figures, mut notes) = (self.picture.figures, Vec::new());
        // there are always two lines, so that the map does not change its size
        notes.push(match (look.choices.landscape.colour, &m.views) {
            (Colour::Regions, Some(views)) => {
                let number = whole(views.regions.number as u64);
                format!("{number} regions of equal output spikes among {} points", whole(m.grid().len() as u64))
            }
            (Colour::Regions, None) => "regions are known once every point is measured".into(),
            _ => figures.and_then(|f| f.flat).map_or("flat: not known yet".into(), |flat| {
                format!("flat: {} % of neighbouring points have the same loss", percent(flat))
            }),
        });
        notes.push(path_note(m, ui.available_width() < BRIEF));
        if let Some(text) = edge_note(look) {
            notes.push(text);
        }
        let zeros = figures.map_or(0, |f| f.zeros);
        if zeros > 0 && look.choices.landscape.colour == Colour::Loss && self.picture.scale.is_some_and(|s| s.log) {
            notes.push(format!("{} points have loss 0, shown as lowest", whole(zeros as u64)));
        }
        let hint = "The loss counts spikes at whole steps: it is constant until a spike moves by a step, appears or \
            vanishes. The path is the run so far, projected on this plane by least squares; the distance says how far \
            the weights really were from where they are drawn, the share how much of the way lies in the plane";
        // laid out from the bottom
        for note in notes.iter().rev() {
            ui.add(Label::new(RichText::new(note).font(small()).color(look.theme.faint)).truncate())
                .on_hover_text(hint);
        }
    }
}

/// The names of both directions, with the letters of their coordinates.
fn axes(look: Look) -> [String; 2] {
    let [first, second] = look.choices.landscape.plane.axes();
    [format!("a: {first}"), format!("b: {second}")]
}

/// The coordinates of a cell, with as many digits as tell neighbours apart.
pub fn place_text(m: &Measured, cell: Cell) -> String {
    let decimals = decimals(f64::from(m.grid().spacing()));
    let [a, b] = m.at(cell).map(|x| signed(format!("{x:.decimals$}")));
    format!("a {a}, b {b}")
}

/// The spacing of the grid, to as many digits as its cells have.
pub fn step_text(m: &Measured) -> String {
    let spacing = f64::from(m.grid().spacing());
    format!("{spacing:.0$}", decimals(spacing))
}

/// So many that a multiple of `spacing` is told within a fiftieth of it.
fn decimals(spacing: f64) -> usize {
    let rest = |digits: i32| {
        let whole = spacing * 10f64.powi(digits);
        (whole - whole.round()).abs() / whole
    };
    (0..9).find(|digits| rest(*digits) < 0.02).unwrap_or(9) as usize
}

/// A share as a number of hundredths, with more digits where it is small.
pub fn percent(share: f64) -> String {
    match 100.0 * share {
        p if p > 0.0 && p < 0.1 => "< 0.1".into(),
        p if p > 0.0 && p < 10.0 => format!("{p:.1}"),
        p => format!("{p:.0}"),
    }
}

fn path_note(m: &Measured, narrow: bool) -> String {
    let Some(path) = m.paths.first().filter(|path| path.points.len() > 1) else {
        return "path: nothing before this moment yet".into();
    };
    let (reach, distance) = model::reach(path);
    let within = if narrow { String::new() } else { format!(" within ± {}", value(reach)) };
    if reach < f64::from(m.grid().range) * SHORT && !narrow {
        return format!("path{within}, too short to be seen: choose a smaller range");
    }
    let share = path.share.map_or(String::new(), |share| format!(", {} % of its variance in it", percent(share)));
    let moments = whole(path.points.len() as u64);
    format!("path: {moments} moments{within}, up to {} from the plane{share}", value(distance))
}

fn edge_note(look: Look) -> Option<String> {
    let [output, spike] = look.choices.landscape.edge?;
    let spike = spike + 1;
    Some(format!("output {output}, spike {spike}: thick where it appears or vanishes, thin where it moves"))
}

/// The moment of a path under the pointer: which path, and which of its points.
fn near(m: &Measured, map: &Map, pos: egui::Pos2) -> Option<(usize, usize)> {
    let points = m.paths.iter().enumerate().flat_map(|(n, path)| path.points.iter().enumerate().map(move |p| (n, p)));
    let away = points.map(|(n, (k, placed))| ((map.pos(placed.foot.a, placed.foot.b) - pos).length(), n, k));
    // where many lie on each other, the last: the path is told from its end
    let nearest = away.filter(|(d, ..)| *d <= NEAR).reduce(|best, next| if next.0 <= best.0 { next } else { best });
    nearest.filter(|_| map.rect.contains(pos)).map(|(_, n, k)| (n, k))
}

/// What is said of a moment of a path.
fn told(m: &Measured, path: usize, k: usize) -> String {
    let Placed { update, foot } = m.paths[path].points[k];
    let name = &m.paths[path].name;
    let losses = m.losses.get(path).and_then(|losses| losses.as_ref()?.get(k));
    let losses = losses.map_or(String::new(), |l| {
        format!("\nIts own loss {}, the landscape's at its foot {}", value(l.own), value(l.foot))
    });
    let update = whole(update);
    format!("{name}: after update {update}\nIts distance from the plane {}{losses}", value(foot.distance))
}

/// Shift and an arrow key move the pin, Esc lets it go.
fn move_pin(ui: &Ui, look: Look, m: &Measured, actions: &mut Vec<Action>) {
    let Some((i, j)) = look.landscape.pinned.filter(|_| !ui.text_edit_focused()) else { return };
    let last = m.grid().points - 1;
    let ways = [
        (Key::ArrowLeft, (i.saturating_sub(1), j)),
        (Key::ArrowRight, ((i + 1).min(last), j)),
        (Key::ArrowDown, (i, j.saturating_sub(1))),
        (Key::ArrowUp, (i, (j + 1).min(last))),
    ];
    for (key, cell) in ways {
        if ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, key)) {
            actions.push(Action::Pin(Some(cell)));
        }
    }
    if !look.choices.pencil && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        actions.push(Action::Pin(None));
    }
}

/// The view after what the pointer did: the wheel zooms, dragging moves, a double click shows everything.
fn moved(ui: &Ui, response: &egui::Response, map: Map, grid: Grid) -> Option<View> {
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
            view = view.zoom(Map { view, ..map }.point(pointer), factor, grid);
        }
    }
    Some(view).filter(|v| *v != View::whole(grid))
}

#[cfg(test)]
pub(in crate::gui) mod tests {
    use super::*;
    use crate::landscape::{Landscape, Point};

    /// A point of which nothing but the loss is known.
    pub fn point(loss: f64) -> Point {
        Point { loss, fields: [[f32::NAN; 2]; 3], spikes: 0, output_spikes: 0, region: 0, output: 0 }
    }

    /// A landscape of these losses; where they are NaN nothing is measured.
    pub fn landscape(points: usize, loss: impl Fn(usize, usize) -> f64) -> Landscape {
        let grid = Grid { points, range: 1.0 };
        let mut landscape = Landscape::new(grid);
        let losses = (0..grid.len()).map(|k| (k as u32, point(loss(k / points, k % points))));
        landscape.take(&losses.filter(|(_, point)| !point.loss.is_nan()).collect::<Vec<_>>(), &[]);
        landscape
    }

    /// The same as an answer, of a run that has not begun.
    pub fn measured(points: usize, loss: impl Fn(usize, usize) -> f64) -> Measured {
        use crate::engine::{LandscapeBegun, LandscapeQuestion, LandscapeSpec};
        use crate::landscape::{Objective, OnPlane, Plane, Survey};
        let frame = crate::gui::map_view::tests::frame(crate::train::Settings::default());
        let grid = Grid { points, range: 1.0 };
        let plane = std::sync::Arc::new(Plane::random(&frame.net, std::sync::Arc::clone(&frame.params), 0));
        let objective = Objective::of_batch(&frame.net, &frame.settings, &frame.batch, crate::snn::Isa::best());
        let survey = std::sync::Arc::new(Survey { objective, plane, fields: false });
        let paths = vec![OnPlane { points: vec![Placed::default()], ..OnPlane::default() }];
        let question = std::sync::Arc::new(LandscapeQuestion::new(1, frame, LandscapeSpec::new(0, grid)));
        let begun = LandscapeBegun { update: 0, survey, paths, known: None };
        Measured { landscape: landscape(points, loss), ..Measured::new(question, begun) }
    }

    #[test]
    fn a_cell_is_named_with_the_digits_that_tell_neighbours_apart() {
        let m = measured(51, |_, _| 0.0);
        assert_eq!(place_text(&m, (25, 0)), "a 0.00, b −1.00");
        assert_eq!([0.0012, 0.04, 2.0, 1.0 / 15.0, 0.0003].map(decimals), [4, 2, 0, 3, 4]);
        assert_eq!([0.0, 0.0005, 0.034, 0.5].map(percent), ["0", "< 0.1", "3.4", "50"]);
    }

    #[test]
    fn a_moment_of_the_path_is_found_under_the_pointer() {
        let mut m = measured(5, |_, _| 0.0);
        let foot = crate::landscape::Foot { a: 0.5, b: 0.0, distance: 2.0 };
        m.paths[0].points.insert(0, Placed { update: 3, foot });
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(250.0, 250.0));
        let map = Map { view: View::whole(m.grid()), rect };
        assert_eq!(near(&m, &map, map.pos(0.5, 0.0) + vec2(3.0, 0.0)), Some((0, 0)));
        assert_eq!(near(&m, &map, map.pos(0.0, 0.0)), Some((0, 1)));
        assert_eq!(near(&m, &map, map.pos(-0.5, 0.0)), None);
        assert!(told(&m, 0, 0).contains("after update 3\nIts distance from the plane 2.00"));
    }
}
