//! The raster: every layer a band, every spike a bar, targets as rings, and what the updates did where the spikes are.
//!
//! [`model`] reads a frame, `layout` places bands and rows, `scene` puts both together, `paint` makes a band's picture
//! with the help of `sizes` and `pixels`, `hover` finds what is under the pointer, [`pencil`] draws targets.

mod hover;
mod layout;
pub mod model;
mod paint;
pub mod pencil;
mod pixels;
mod scene;
mod sizes;
mod toolbar;

use std::sync::Arc;

use egui::{Align2, CursorIcon, Rangef, Rect, ScrollArea, Sense, Stroke, Ui, pos2, vec2};

use self::layout::{BandArrangement, GAP};
use self::model::RasterBand;
use self::paint::{BandCompromise, BandKey, BandPictures};
use self::pencil::Pencil;
use self::scene::{RasterScene, RasterSpot, plate};
use crate::engine::Frame;
use crate::gui::action::Action;
use crate::gui::state::{ViewContext, watched};
use crate::gui::theme;
use crate::gui::widgets::note;
use crate::gui::widgets::time_axis::{self, AXIS, TimeAxis, TimeView};
use crate::text;

pub struct RasterPanel {
    arrangement: BandArrangement,
    pictures: BandPictures,
    /// Whether what the updates did is drawn.
    changes: bool,
    /// The neuron that was picked before the last click.
    before_click: Option<(usize, usize)>,
    /// Where the menu was opened.
    menu_of: Option<RasterSpot>,
    /// Whether the step under the pointer was set here.
    own_hover: bool,
    pencil: Pencil,
}

impl Default for RasterPanel {
    fn default() -> Self {
        let (arrangement, pictures) = (BandArrangement::default(), BandPictures::default());
        let pencil = Pencil::default();
        Self { arrangement, pictures, changes: true, before_click: None, menu_of: None, own_hover: false, pencil }
    }
}

impl RasterPanel {
    /// Whether what the updates did is drawn.
    pub fn shows_changes(&self) -> bool {
        self.changes
    }

    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, view: &mut TimeView, actions: &mut Vec<Action>) {
        let Some(frame) = cx.frame() else {
            return note::empty(ui, cx, "No spikes yet: the first pass through the network is in progress");
        };
        let right = ui.max_rect().right();
        let state = toolbar::ToolbarState { changes: &mut self.changes, pencil: &mut self.pencil };
        toolbar::show(ui, cx, frame, state, actions);
        // whatever the toolbar takes, the plot keeps to the panel, so that it lines up with the potential
        let whole = ui.available_rect_before_wrap().with_max_x(right);
        ui.scope_builder(egui::UiBuilder::new().max_rect(whole), |ui| self.spikes(ui, cx, frame, view, actions));
    }

    /// The raster without the line above it, in the rectangle at hand.
    pub fn spikes(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        frame: &Arc<Frame>,
        view: &mut TimeView,
        actions: &mut Vec<Action>,
    ) {
        let whole = ui.available_rect_before_wrap();
        let axis = TimeAxis::new(cx, view, time_axis::plot_range(whole, watched::counts(frame)), &frame.settings.task);
        let mut viewport = whole;
        viewport.max.y = (whole.bottom() - AXIS).max(whole.top() + 20.0);
        ui.scope_builder(egui::UiBuilder::new().max_rect(viewport), |ui| {
            ScrollArea::vertical().id_salt("bands").auto_shrink(false).show(ui, |ui| {
                self.bands(ui, cx, frame, axis, viewport, view, actions);
            });
        });
        axis.paint(&ui.painter().with_clip_rect(whole), cx, viewport.bottom());
        ui.allocate_rect(Rect::from_min_max(pos2(whole.left(), viewport.bottom()), whole.max), Sense::hover())
            .on_hover_text("Over the plot, wheel: zoom. Drag: move. Double click: show all.");
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where all parts meet")]
    fn bands(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
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
        let picked = Some(watched::watched(cx.choices, frame));
        let scene = RasterScene { cx, frame, axis, bands, places, picked };

        let area = Rect::from_x_y_ranges(axis.x, content.y_range()).intersect(viewport);
        let plot = ui.interact(area, ui.scope_id().with("plot"), Sense::click_and_drag());
        plot.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Spikes of all layers"));
        let drawing = cx.choices.pencil && pencil::impossible(frame).is_none();
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
        time_axis::share_hover(ui, view, &mut self.own_hover, spot.map(|s| s.step));
        if !drawn {
            scene.pick(&plot, spot, &mut self.before_click, actions);
            scene.menu(&plot, spot, &mut self.menu_of, actions);
        }

        self.paint(ui, &scene, spot, view);
        if drawing {
            self.pencil.paint(ui.painter(), &scene, plot.hover_pos());
        }
        for (k, name) in scene.bands.iter().map(RasterBand::name).enumerate() {
            self.fold_button(ui, &scene, k, &name);
            self.separator(ui, &scene, &units, viewport.height(), k, &name);
        }
        if let Some(spot) = spot.filter(|_| plot.hovered() && !plot.context_menu_opened()) {
            let lines = scene.lines_at(spot, self.changes);
            let tip = egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), plot.id, egui::PopupAnchor::Pointer);
            tip.gap(16.0).show(|ui| {
                for (k, line) in lines.into_iter().enumerate() {
                    let text = egui::RichText::new(line);
                    ui.label(if k == 0 { text } else { text.font(theme::small()).color(cx.theme.faint) });
                }
            });
        }
    }

    fn paint(&mut self, ui: &Ui, scene: &RasterScene, spot: Option<RasterSpot>, view: &TimeView) {
        let (cx, axis) = (scene.cx, &scene.axis);
        let painter = ui.painter();
        for (n, (band, place)) in scene.bands.iter().zip(&scene.places).enumerate() {
            let rect = Rect::from_x_y_ranges(axis.x, place.y);
            if !ui.is_rect_visible(rect) {
                continue;
            }
            if place.folded {
                painter.hline(axis.x, painter.round_to_pixel_center(rect.center().y), Stroke::new(1.0, cx.theme.line));
                continue;
            }
            painter.rect_filled(rect, 0.0, cx.theme.ground);
            // the first layer is empty there; the inputs are not
            scene.not_run(painter, rect, n == 1);
            scene.label_row(painter, band, place);
            scene.rows(painter, band, place, spot);
            let key = BandKey {
                frame: Arc::clone(scene.frame),
                axis: *axis,
                place: *place,
                dark: cx.theme.dark,
                pixels_per_point: ui.pixels_per_point(),
                span: self.changes.then_some(cx.choices.span),
                seen: ui.clip_rect().y_range(),
            };
            if let Some(compromise) = self.pictures.show(ui, cx.theme, n, band, key) {
                let text = match compromise {
                    BandCompromise::Density(spikes) => format!("density: {} spikes", text::whole(spikes as u64)),
                    BandCompromise::Crowded => "many changes, drawn small: zoom in".into(),
                };
                let at = pos2(rect.right() - 4.0, rect.top() + 2.0);
                plate(painter, cx.theme, at, Align2::RIGHT_TOP, &text, cx.theme.ink);
            }
            scene.label_text(painter, band, place);
            axis.crosshair(painter, cx, view, place.y);
        }
    }

    /// The name of a band, which folds it.
    fn fold_button(&mut self, ui: &mut Ui, scene: &RasterScene, k: usize, name: &str) {
        let (place, theme) = (&scene.places[k], scene.cx.theme);
        let left = scene.axis.x.min - time_axis::GUTTER;
        let rect = Rect::from_min_size(pos2(left, place.y.min), vec2(time_axis::GUTTER - 22.0, layout::FOLDED));
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
    fn separator(&mut self, ui: &mut Ui, scene: &RasterScene, units: &[usize], height: f32, k: usize, name: &str) {
        let below = scene.places.get(k + 1);
        if scene.places[k].folded || below.is_some_and(|b| b.folded) {
            return;
        }
        let y = Rangef::new(scene.places[k].y.max, scene.places[k].y.max + GAP);
        let rect = Rect::from_x_y_ranges(Rangef::new(scene.axis.x.min - time_axis::GUTTER, scene.axis.x.max), y);
        let response = ui.interact(rect, ui.scope_id().with(("edge", k)), Sense::click_and_drag());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Splitter, true, format!("Height of {name}")));
        let response = response.on_hover_and_drag_cursor(CursorIcon::ResizeVertical);
        if response.double_clicked() {
            self.arrangement.shares = None;
        } else if response.dragged() {
            self.arrangement.drag(units, height, k, response.drag_delta().y);
        }
        let active = response.hovered() || response.dragged();
        let colour = if active { scene.cx.theme.focus } else { scene.cx.theme.line };
        let painter = ui.painter();
        let width = if active { rect.x_range() } else { Rangef::new(rect.left(), scene.axis.x.min - 4.0) };
        if below.is_some() || active {
            painter.hline(width, painter.round_to_pixel_center(y.center()), Stroke::new(1.0, colour));
        }
        response.on_hover_text("Drag to change the height, double click for the standard heights");
    }
}

#[cfg(test)]
mod tests;
