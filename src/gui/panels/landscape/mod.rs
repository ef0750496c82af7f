//! The true loss around the weights, as a map of cells, with the run's path on it.

mod arrows;
mod borders;
mod controls;
mod model;
mod paint;
mod solid;

use egui::{Label, Rect, RichText, Sense, TextureHandle, Ui, pos2, vec2};

use self::model::{Figures, Map, Scale, View, signed};
use crate::gui::action::Action;
use crate::gui::format::{value, whole};
use crate::gui::state::Look;
use crate::gui::survey::Measured;
use crate::gui::theme::small;

/// What the panel remembers of its own view.
#[derive(Default)]
pub struct LandscapePanel {
    /// The part of the plane in view; `None`: the whole grid.
    view: Option<View>,
    /// Made of what is shown; made again when that has changed.
    picture: Option<Picture>,
    texture: Option<TextureHandle>,
}

/// Everything that is worked out once for each change of what is shown.
struct Picture {
    version: u64,
    /// Of the directions and the range that it shows.
    place: (crate::landscape::Grid, u64),
    log: bool,
    scale: Option<Scale>,
    figures: Option<Figures>,
    stride: Option<usize>,
    /// Whether there are cells of which nothing is known.
    gaps: bool,
}

const CAPTION: &str = "the loss around the weights; flat cells and cliffs are real";
const AXES: &str = "How far the weights are moved along two random directions. Each direction is scaled neuron by neuron \
    (filter normalisation): 1 is as long as the vector of the weights into that neuron, so that the same distance \
    means the same to small and large weights. Biases stay. The cross in the middle is the run's weights now.";
/// In a panel narrower than this, texts are shorter.
const NARROW: f32 = 320.0;
/// A path that reaches less far than this share of the range lies under the cross.
const SHORT: f64 = 0.15;
/// A map smaller than this shows nothing.
const LEAST_SIDE: f32 = 40.0;

impl LandscapePanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
        super::caption(ui, look, CAPTION);
        controls::row(ui, look, actions);
        let Some(m) = look.landscape.shown() else {
            let text = match (look.landscape.running(), look.choices.landscape.follow) {
                (true, _) => "The first points are on their way",
                (_, true) => "The landscape comes as soon as the run has begun",
                _ => "Nothing measured yet: press Refresh to measure the loss around the weights as they are",
            };
            return super::empty(ui, look, text);
        };
        controls::status(ui, look, m);
        self.work_out(ui, look, m);
        // from the bottom: the notes take what they need, the map has the rest
        ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            self.notes(ui, look, m);
            let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), 15.0), Sense::hover());
            let (rect, _) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
            self.map(ui, look, m, rect, line, actions);
        });
    }

    fn work_out(&mut self, ui: &Ui, look: Look, m: &Measured) {
        let (version, log, place) = (look.landscape.version(), look.choices.landscape.log, (m.grid, m.seed));
        if self.picture.as_ref().is_some_and(|p| p.version == version && p.log == log) {
            return;
        }
        let before = self.picture.take().filter(|p| p.place == place);
        if before.is_none() {
            self.view = None;
        }
        let scale = Scale::new(&m.losses, log, before.and_then(|p| p.scale));
        let cells = model::cells(m);
        let gaps = cells.iter().any(|loss| !loss.is_finite());
        paint::load(ui, &mut self.texture, paint::picture(m.grid, &cells, scale));
        let (figures, stride) = (model::figures(m), model::stride(m));
        self.picture = Some(Picture { version, place, log, scale, figures, stride, gaps });
    }

    /// Map, axes, colour bar within `rect`; what is under the pointer in `line`.
    fn map(&mut self, ui: &mut Ui, look: Look, m: &Measured, rect: Rect, line: Rect, actions: &mut Vec<Action>) {
        let (Some(picture), Some(texture)) = (&self.picture, &self.texture) else { return };
        let theme = look.theme;
        let room = rect.size() - vec2(paint::LEFT + paint::RIGHT, paint::ABOVE + paint::BELOW);
        let side = room.min_elem().floor();
        if side < LEAST_SIDE {
            ui.put(rect, Label::new(RichText::new("Make this panel larger to see the map").color(theme.faint)));
            return;
        }
        let left = rect.left() + paint::LEFT + ((room.x - side) / 2.0).floor();
        let square = Rect::from_min_size(pos2(left, rect.top() + paint::ABOVE), vec2(side, side));

        let response = ui.interact(square, ui.scope_id().with("map"), Sense::click_and_drag());
        let name = format!("Map of the loss, {0} × {0} points", m.grid.points);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
        self.view = moved(ui, &response, Map { view: self.view.unwrap_or(View::whole(m.grid)), rect: square }, m);
        let map = Map { view: self.view.unwrap_or(View::whole(m.grid)), rect: square };

        ui.painter().rect_filled(square, 0.0, theme.ground);
        paint::cells(ui.painter(), &map, m.grid, texture, picture.gaps, theme);
        let cell = response.hover_pos().and_then(|pos| model::cell_at(m.grid, map.point(pos)));
        if let Some((i, j)) = cell {
            paint::outline(ui.painter(), &map, map.cell(m.grid, i, j));
        }
        paint::path(ui.painter(), &map, m);
        if let Some(stride) = picture.stride {
            let at = square.left_top() + vec2(8.0, 5.0);
            paint::label(ui.painter(), at, egui::Align2::LEFT_TOP, &format!("coarse: every {stride}th point"));
        }
        paint::axes(ui.painter(), &map, theme);
        let under = Rect::from_min_size(square.left_bottom(), vec2(side, paint::BELOW));
        let beside = Rect::from_min_size(square.left_top() - vec2(paint::LEFT, 0.0), vec2(paint::LEFT, side));
        for (name, strip) in [("direction 1", under), ("direction 2", beside)] {
            ui.interact(strip, ui.scope_id().with(name), Sense::hover()).on_hover_text(AXES);
        }
        self.readout(ui, m, cell, line);

        let bar = Rect::from_min_size(square.right_top() + vec2(8.0, 0.0), vec2(11.0, side));
        if let Some(scale) = picture.scale {
            paint::colour_bar(ui.painter(), bar, scale, theme);
            let hint = "Which colour stands for which loss. The range is kept while new pictures fill most of it";
            ui.interact(bar.expand(3.0), ui.scope_id().with("bar"), Sense::hover()).on_hover_text(hint);
        }
        let under = pos2(bar.left() - 2.0, square.bottom() + paint::BELOW - 17.0);
        controls::log(ui, look, under, actions);
        let name = under + vec2(35.0, 8.5);
        ui.painter().text(name, egui::Align2::LEFT_CENTER, "loss", small(), theme.ink);
    }

    /// The loss of the cell under the pointer, or else the least, the centre's and the greatest.
    fn readout(&self, ui: &mut Ui, m: &Measured, cell: Option<(usize, usize)>, line: Rect) {
        let figures = self.picture.as_ref().and_then(|p| p.figures);
        let centre = figures.and_then(|f| f.centre).map_or("–".into(), value);
        let text = match (cell, figures) {
            (Some((i, j)), _) => {
                let decimals = (1.0 - f64::from(m.grid.spacing()).log10()).clamp(0.0, 9.0) as usize;
                let [a, b] = [i, j].map(|k| signed(format!("{:.decimals$}", m.grid.coordinate(k))));
                match m.loss(i, j) {
                    Some(loss) => format!("a {a}, b {b}: loss {} (centre {centre})", value(loss)),
                    None => format!("a {a}, b {b}: not measured yet"),
                }
            }
            (None, Some(f)) => {
                format!("loss: least {}, centre {centre}, greatest {}", value(f.least), value(f.greatest))
            }
            (None, None) => "no point has a finite loss".into(),
        };
        let hint = "Point at a cell to read its loss. Wheel: zoom. Drag: move. Double click: the whole grid";
        let builder = egui::UiBuilder::new().max_rect(line).layout(egui::Layout::left_to_right(egui::Align::Center));
        ui.scope_builder(builder, |ui| {
            ui.add(Label::new(RichText::new(text).font(small())).truncate()).on_hover_text(hint);
        });
    }

    /// What the picture can and cannot tell, below it.
    fn notes(&self, ui: &mut Ui, look: Look, m: &Measured) {
        let Some(picture) = &self.picture else { return };
        let (figures, mut notes) = (picture.figures, Vec::new());
        // there are always two lines, so that the map does not change its size
        notes.push(figures.and_then(|f| f.flat).map_or("flat: not known yet".into(), |flat| {
            let percent = match 100.0 * flat {
                p if p > 0.0 && p < 0.1 => "< 0.1".into(),
                p if p > 0.0 && p < 10.0 => format!("{p:.1}"),
                p => format!("{p:.0}"),
            };
            format!("flat: {percent} % of neighbouring points have the same loss")
        }));
        notes.push(if m.path.len() > 1 {
            let (reach, distance) = model::reach(m);
            let (moments, reach, distance) = (whole(m.path.len() as u64), value(reach), value(distance));
            let reach = if ui.available_width() < NARROW { String::new() } else { format!(" within ± {reach}") };
            let short = model::reach(m).0 < f64::from(m.grid.range) * SHORT;
            if short && ui.available_width() >= NARROW {
                format!("path{reach}, too short to be seen: choose a smaller range")
            } else {
                format!("path: {moments} moments{reach}, furthest {distance} from the plane")
            }
        } else {
            "path: nothing before this moment yet".into()
        });
        let zeros = figures.map_or(0, |f| f.zeros);
        if zeros > 0 && picture.scale.is_some_and(|s| s.log) {
            notes.push(format!("{} points have loss 0, shown as lowest", whole(zeros as u64)));
        }
        let hint = "The loss counts spikes at whole steps: it is constant until a spike moves by a step, appears or \
            vanishes. The path is the run so far, projected on this plane by least squares; the distance says how far \
            the weights really were from where they are drawn";
        // laid out from the bottom
        for note in notes.iter().rev() {
            ui.add(Label::new(RichText::new(note).font(small()).color(look.theme.faint)).truncate())
                .on_hover_text(hint);
        }
    }
}

/// The view after what the pointer did: the wheel zooms, dragging moves, a double click shows everything.
fn moved(ui: &Ui, response: &egui::Response, map: Map, m: &Measured) -> Option<View> {
    if response.double_clicked() {
        return None;
    }
    let mut view = map.view;
    if response.dragged() {
        let (from, to) = (map.point(map.rect.center()), map.point(map.rect.center() + response.drag_delta()));
        view = view.pan((to.0 - from.0, to.1 - from.1), m.grid);
    }
    if let Some(pointer) = response.hover_pos() {
        let (scroll, pinch) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
        let factor = f64::from(pinch) * f64::from(scroll / 200.0).exp();
        if factor != 1.0 {
            view = view.zoom(Map { view, ..map }.point(pointer), factor, m.grid);
        }
    }
    Some(view).filter(|v| *v != View::whole(m.grid))
}
