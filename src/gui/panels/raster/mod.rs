//! The raster: every layer a band, every spike a bar, targets as rings, and what the updates did where the spikes are.
//!
//! [`model`] reads a frame, `layout` places bands and rows, `paint` makes a band's picture with the help of
//! `pixels`, `hover` finds what is under the pointer.

mod hover;
mod layout;
pub mod model;
mod paint;
pub mod pencil;
mod pixels;
mod toolbar;

use std::sync::Arc;

use egui::{Align2, CursorIcon, Painter, Rangef, Rect, Response, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

use self::hover::Spot;
use self::layout::{Arrangement, GAP, Place};
use self::model::Band;
use self::paint::{Compromise, Key, Pictures};
use self::pencil::Pencil;
use super::TimeView;
use super::time::{self, AXIS, TimeAxis};
use crate::engine::Frame;
use crate::gui::action::Action;
use crate::gui::bar::choose;
use crate::gui::state::Look;
use crate::gui::theme::{self, Theme};
use crate::text;

/// Rows of at least this height get their number.
const NUMBERED_ROW: f32 = 11.0;

pub struct RasterPanel {
    arrangement: Arrangement,
    pictures: Pictures,
    /// Whether what the updates did is drawn.
    changes: bool,
    /// The neuron that was picked before the last click.
    before_click: Option<(usize, usize)>,
    /// Whether the step under the pointer was set here.
    own_hover: bool,
    pencil: Pencil,
}

impl Default for RasterPanel {
    fn default() -> Self {
        let (arrangement, pictures) = (Arrangement::default(), Pictures::default());
        let pencil = Pencil::default();
        Self { arrangement, pictures, changes: true, before_click: None, own_hover: false, pencil }
    }
}

/// What the parts of a picture need to know, put together once a frame.
struct Scene<'a> {
    look: Look<'a>,
    frame: &'a Arc<Frame>,
    axis: TimeAxis,
    bands: Vec<Band<'a>>,
    /// On the screen.
    places: Vec<Place>,
    picked: Option<(usize, usize)>,
}

impl RasterPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, view: &mut TimeView, actions: &mut Vec<Action>) {
        let Some(frame) = look.frame() else {
            return super::empty(ui, look, "No spikes yet: the first pass through the network is under way");
        };
        let right = ui.max_rect().right();
        toolbar::show(ui, look, frame, &mut self.changes, actions);

        // whatever the toolbar takes, the plot keeps to the panel, so that it lines up with the potential
        let whole = ui.available_rect_before_wrap().with_max_x(right);
        let axis = TimeAxis::new(look, view, time::plot_range(whole, model::counts(frame)), &frame.settings.task);
        let mut viewport = whole;
        viewport.max.y = (whole.bottom() - AXIS).max(whole.top() + 20.0);
        ui.scope_builder(egui::UiBuilder::new().max_rect(viewport), |ui| {
            ScrollArea::vertical().id_salt("bands").auto_shrink(false).show(ui, |ui| {
                self.bands(ui, look, frame, axis, viewport, view, actions);
            });
        });
        axis.paint(&ui.painter().with_clip_rect(whole), look, viewport.bottom());
        ui.allocate_rect(Rect::from_min_max(pos2(whole.left(), viewport.bottom()), whole.max), Sense::hover())
            .on_hover_text("Wheel over the plot: zoom, drag: move, double click: all");
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where all parts meet")]
    fn bands(
        &mut self,
        ui: &mut Ui,
        look: Look,
        frame: &Arc<Frame>,
        axis: TimeAxis,
        viewport: Rect,
        view: &mut TimeView,
        actions: &mut Vec<Action>,
    ) {
        let bands = model::bands(frame);
        let units: Vec<usize> = bands.iter().map(|b| b.spikes.units()).collect();
        self.arrangement.fit(bands.len());
        let places = self.arrangement.places(&units, viewport.height());
        let height = places.last().map_or(0.0, |p| p.y.max + GAP);
        let (content, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let places = places.into_iter().map(|p| p.moved(content.top())).collect();
        let picked = Some(model::watched(look.choices, frame));
        let scene = Scene { look, frame, axis, bands, places, picked };

        let area = Rect::from_x_y_ranges(axis.x, content.y_range()).intersect(viewport);
        let plot = ui.interact(area, ui.scope_id().with("plot"), Sense::click_and_drag());
        plot.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Spikes of all layers"));
        let drawing = look.choices.pencil && pencil::impossible(frame).is_none();
        let drawn = drawing && self.pencil.use_on(ui, &scene, &plot, actions);
        if drawn {
            axis.wheel(ui, &plot, view);
        } else {
            axis.navigate(ui, &plot, view);
            if plot.dragged() {
                ui.scroll_with_delta(vec2(0.0, plot.drag_delta().y));
            }
        }
        let spot = plot.hover_pos().filter(|_| !plot.dragged()).and_then(|p| scene.spot(p, self.changes));
        time::share_hover(ui, view, &mut self.own_hover, spot.map(|s| s.step));
        if !drawn {
            scene.pick(&plot, spot, &mut self.before_click, actions);
        }

        self.paint(ui, &scene, spot, view);
        if drawing {
            self.pencil.paint(ui.painter(), &scene, plot.hover_pos());
        }
        for (k, name) in scene.bands.iter().map(Band::name).enumerate() {
            self.fold_button(ui, &scene, k, &name);
            self.separator(ui, &scene, &units, viewport.height(), k, &name);
        }
        if let Some(spot) = spot.filter(|_| plot.hovered()) {
            let lines = scene.tell(spot, self.changes);
            let tip = egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), plot.id, egui::PopupAnchor::Pointer);
            tip.gap(16.0).show(|ui| {
                for (k, line) in lines.into_iter().enumerate() {
                    let text = egui::RichText::new(line);
                    ui.label(if k == 0 { text } else { text.font(theme::small()).color(look.theme.faint) });
                }
            });
        }
    }

    fn paint(&mut self, ui: &Ui, scene: &Scene, spot: Option<Spot>, view: &TimeView) {
        let (look, axis) = (scene.look, &scene.axis);
        let painter = ui.painter();
        for (n, (band, place)) in scene.bands.iter().zip(&scene.places).enumerate() {
            let rect = Rect::from_x_y_ranges(axis.x, place.y);
            if !ui.is_rect_visible(rect) {
                continue;
            }
            if place.folded {
                painter.hline(
                    axis.x,
                    painter.round_to_pixel_center(rect.center().y),
                    Stroke::new(1.0, look.theme.line),
                );
                continue;
            }
            painter.rect_filled(rect, 0.0, look.theme.ground);
            // the first layer is empty there; the inputs are not
            scene.not_run(painter, rect, n == 1);
            scene.label_row(painter, band, place);
            scene.rows(painter, band, place, spot);
            let key = Key {
                frame: Arc::clone(scene.frame),
                axis: *axis,
                place: *place,
                dark: look.theme.dark,
                pixels_per_point: ui.pixels_per_point(),
                span: self.changes.then_some(look.choices.span),
                seen: ui.clip_rect().y_range(),
            };
            if let Some(compromise) = self.pictures.show(ui, look.theme, n, band, key) {
                let text = match compromise {
                    Compromise::Density(spikes) => format!("density: {} spikes", text::whole(spikes as u64)),
                    Compromise::Crowded => "many changes, drawn small: zoom in".into(),
                };
                let at = pos2(rect.right() - 4.0, rect.top() + 2.0);
                note(painter, look.theme, at, Align2::RIGHT_TOP, &text, look.theme.ink);
            }
            scene.label_text(painter, band, place);
            axis.crosshair(painter, look, view, place.y);
        }
    }

    /// The name of a band, which folds it.
    fn fold_button(&mut self, ui: &mut Ui, scene: &Scene, k: usize, name: &str) {
        let (place, theme) = (&scene.places[k], scene.look.theme);
        let left = scene.axis.x.min - time::GUTTER;
        let rect = Rect::from_min_size(pos2(left, place.y.min), vec2(time::GUTTER - 22.0, layout::FOLDED));
        let response = ui.interact(rect, ui.scope_id().with(("fold", k)), Sense::click());
        let deed = if place.folded { "Unfold" } else { "Fold" };
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("{deed} {name}")));
        let response = response.on_hover_cursor(CursorIcon::PointingHand);
        if response.clicked() {
            self.arrangement.folded[k] = !place.folded;
        }
        let colour = if response.hovered() || response.has_focus() { theme.focus } else { theme.ink };
        let painter = ui.painter();
        let c = pos2(left + 5.0, rect.center().y);
        let points = if place.folded {
            [vec2(-2.5, -4.0), vec2(3.5, 0.0), vec2(-2.5, 4.0)]
        } else {
            [vec2(-4.0, -2.5), vec2(4.0, -2.5), vec2(0.0, 3.5)]
        };
        painter.add(egui::Shape::convex_polygon(points.map(|p| c + p).to_vec(), colour, Stroke::NONE));
        let at = pos2(left + 13.0, rect.center().y);
        let text = painter.text(at, Align2::LEFT_CENTER, name, theme::small(), colour);
        let at = pos2(text.right() + 5.0, rect.center().y);
        painter.text(at, Align2::LEFT_CENTER, text::whole(place.units as u64), theme::small(), theme.faint);
        response.on_hover_text(format!("{deed}s this band of {} neurons", text::whole(place.units as u64)));
    }

    /// The edge below a band, which can be dragged.
    fn separator(&mut self, ui: &mut Ui, scene: &Scene, units: &[usize], height: f32, k: usize, name: &str) {
        let below = scene.places.get(k + 1);
        if scene.places[k].folded || below.is_some_and(|b| b.folded) {
            return;
        }
        let y = Rangef::new(scene.places[k].y.max, scene.places[k].y.max + GAP);
        let rect = Rect::from_x_y_ranges(Rangef::new(scene.axis.x.min - time::GUTTER, scene.axis.x.max), y);
        let response = ui.interact(rect, ui.scope_id().with(("edge", k)), Sense::click_and_drag());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Splitter, true, format!("Height of {name}")));
        let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
        if response.double_clicked() {
            self.arrangement.shares = None;
        } else if response.dragged() {
            self.arrangement.drag(units, height, k, response.drag_delta().y);
        }
        let active = response.hovered() || response.dragged();
        let colour = if active { scene.look.theme.focus } else { scene.look.theme.line };
        let painter = ui.painter();
        let width = if active { rect.x_range() } else { Rangef::new(rect.left(), scene.axis.x.min - 4.0) };
        if below.is_some() || active {
            painter.hline(width, painter.round_to_pixel_center(y.center()), Stroke::new(1.0, colour));
        }
        response.on_hover_text("Drag: change the height, double click: back to the standard heights");
    }
}

impl Scene<'_> {
    /// A click picks the neuron under the pointer, or lets go of it.
    ///
    /// A double click shows all of the time axis, so it takes back what its first click picked: that is in `before`.
    fn pick(
        &self,
        plot: &Response,
        spot: Option<Spot>,
        before: &mut Option<(usize, usize)>,
        actions: &mut Vec<Action>,
    ) {
        let mut choices = self.look.choices.clone();
        if plot.double_clicked() {
            choices.neuron = *before;
        } else if let Some(spot) = spot.filter(|_| plot.clicked()) {
            *before = choices.neuron;
            let Some(layer) = self.bands[spot.band].layer else { return };
            let neuron = (layer, spot.unit as usize);
            choices.neuron = (choices.neuron != Some(neuron)).then_some(neuron);
        }
        choose(self.look.choices, choices, actions);
    }

    /// Shades the steps behind an early stop.
    fn not_run(&self, painter: &Painter, rect: Rect, name: bool) {
        if self.frame.steps >= self.axis.steps {
            return;
        }
        let from = self.axis.x_at(self.frame.steps as f64).max(rect.left());
        let shade = Rect::from_x_y_ranges(from..=rect.right().max(from), rect.y_range());
        let theme = self.look.theme;
        painter.rect_filled(shade, 0.0, theme.line.gamma_multiply(0.6));
        if name && shade.width() > 40.0 {
            let at = pos2(shade.left() + 4.0, shade.top() + 2.0);
            painter.text(at, Align2::LEFT_TOP, "not run", theme::small(), theme.faint);
        }
    }

    /// The row of the output that should spike first.
    fn label_row(&self, painter: &Painter, band: &Band, place: &Place) {
        if let Some(unit) = model::label(self.frame).filter(|_| band.output) {
            let row = Rect::from_x_y_ranges(self.axis.x, self.row(place, unit as u32));
            painter.rect_filled(row, 0.0, self.look.theme.target.gamma_multiply(0.16));
        }
    }

    fn label_text(&self, painter: &Painter, band: &Band, place: &Place) {
        if let Some(unit) = model::label(self.frame).filter(|_| band.output) {
            let at = pos2(self.axis.x.max - 4.0, place.y_of(unit as u32));
            let theme = self.look.theme;
            note(painter, theme, at, Align2::RIGHT_CENTER, "should be first", theme.target);
        }
    }

    fn row(&self, place: &Place, unit: u32) -> Rangef {
        let y = place.y_of(unit);
        Rangef::new(y - place.row() / 2.0, y + place.row() / 2.0)
    }

    /// Numbers of the rows, the row picked, the row under the pointer, and the counts.
    fn rows(&self, painter: &Painter, band: &Band, place: &Place, spot: Option<Spot>) {
        let theme = self.look.theme;
        let pointed = spot.filter(|s| self.bands[s.band].layer == band.layer).map(|s| s.unit);
        let picked = self.picked.filter(|p| band.layer == Some(p.0)).map(|p| p.1 as u32);
        if let Some(unit) = pointed {
            let row = Rect::from_x_y_ranges(self.axis.x, self.row(place, unit));
            painter.rect_filled(row, 0.0, theme.focus.gamma_multiply(0.14));
        }
        let number = |unit: u32, colour| {
            let at = pos2(self.axis.x.min - 6.0, place.y_of(unit));
            painter.text(at, Align2::RIGHT_CENTER, unit.to_string(), theme::small(), colour);
        };
        if let Some(unit) = picked {
            let y = self.row(place, unit);
            let rect = Rect::from_x_y_ranges(self.axis.x, y);
            painter.rect_filled(rect, 0.0, theme.focus.gamma_multiply(0.16));
            let stroke = Stroke::new(1.0, theme.focus);
            if place.row() >= 5.0 {
                painter.hline(self.axis.x, painter.round_to_pixel_center(y.min), stroke);
            }
            painter.hline(self.axis.x, painter.round_to_pixel_center(y.max), stroke);
            number(unit, theme.focus);
        }
        if place.row() >= NUMBERED_ROW {
            // a number that would stand on the band's name is left out
            let under_name = |unit: u32| place.units > 99 && place.y_of(unit) < place.y.min + layout::FOLDED;
            for unit in (0..place.units as u32).filter(|&u| Some(u) != picked && !under_name(u)) {
                let colour = if Some(unit) == pointed { theme.ink } else { theme.faint };
                number(unit, colour);
            }
        } else if let Some(unit) = pointed.filter(|u| Some(*u) != picked) {
            number(unit, theme.ink);
        }
        if band.output && model::counts(self.frame) && place.row() >= NUMBERED_ROW - 3.0 {
            for unit in 0..place.units as u32 {
                let (is, wanted) = model::count(self.frame, unit);
                let colour = if is == wanted { theme.faint } else { theme.ink };
                let at = pos2(self.axis.x.max + 6.0, place.y_of(unit));
                painter.text(at, Align2::LEFT_CENTER, format!("{is} of {wanted}"), theme::small(), colour);
            }
        }
    }
}

/// Text over a plot, on a ground of its own.
fn note(painter: &Painter, theme: &Theme, at: egui::Pos2, anchor: Align2, text: &str, colour: egui::Color32) {
    let galley = painter.layout_no_wrap(text.to_owned(), theme::small(), colour);
    let rect = anchor.anchor_size(at, galley.size());
    painter.rect_filled(rect.expand2(vec2(3.0, 0.0)), 2.0, theme.ground.gamma_multiply(0.85));
    painter.galley(rect.min, galley, colour);
}

#[cfg(test)]
mod tests;
