//! The plane of Yin-Yang as the network divides it: class by colour, time of the first spike by brightness.

mod controls;
mod model;
mod paint;

use std::sync::Arc;

use egui::{Rect, Role, TextureHandle, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use self::model::LatencyScale;
use self::paint::MapDrawing;
use crate::engine::Frame;
use crate::gui::action::{Action, SettingsAction};
use crate::gui::state::ViewContext;
use crate::gui::state::decision_map::DecisionMap;
use crate::gui::widgets::painted::PaintedItem;
use crate::gui::widgets::{note, plot};
use crate::task::TaskKind;

/// The state of the panel's own view.
#[derive(Default)]
pub struct DecisionMapPanel {
    /// Made of what is shown; made again when that has changed.
    picture: Option<MapPicture>,
    texture: Option<TextureHandle>,
}

/// Everything that is worked out once for each change of what is shown.
struct MapPicture {
    version: u64,
    dark: bool,
    scale: LatencyScale,
    /// The rough picture until every point is known.
    coarse: bool,
}

const CAPTION: &str = "The predicted class of every point by colour, brighter where the first spike comes earlier";
/// Room next to the map for the legend.
const BESIDE: f32 = 78.0;
/// Room for the numbers of the axes, left of the map and below it, and for the name of the upper one.
const AXES: [f32; 2] = [36.0, 16.0];
const ABOVE: f32 = 19.0;
/// A map smaller than this shows nothing.
const LEAST_SIDE: f32 = 60.0;
/// A sample is pointed at from so near, in points.
const NEAR: f32 = 7.0;

impl DecisionMapPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let Some(frame) = cx.frame().filter(|f| f.task.settings.kind == TaskKind::YinYang) else {
            let text = "Only Yin-Yang lies in a plane that can be mapped: choose it as the task and restart";
            return note::empty(ui, cx, text);
        };
        note::caption(ui, cx, CAPTION);
        controls::row(ui, cx, actions);
        if let Some(problem) = cx.decision_map.problem() {
            return note::empty(ui, cx, problem);
        }
        let Some(m) = cx.decision_map.shown() else {
            let text = match (cx.decision_map.running(), cx.choices.decision_map.follow) {
                (true, _) | (_, true) => "The first points are being computed",
                _ => "Nothing computed yet: press Refresh to see how the network divides the plane",
            };
            return note::empty(ui, cx, text);
        };
        controls::show_status(ui, cx, m);
        self.work_out(ui, cx, m);
        self.map(ui, cx, frame, m, actions);
    }

    fn work_out(&mut self, ui: &Ui, cx: ViewContext, m: &DecisionMap) {
        let (version, dark) = (cx.decision_map.version(), cx.theme.dark);
        if self.picture.as_ref().is_some_and(|p| p.version == version && p.dark == dark) {
            return;
        }
        let scale = LatencyScale::new(m, self.picture.take().map(|p| p.scale));
        let image = paint::picture(m, scale, cx.theme);
        match &mut self.texture {
            Some(texture) => texture.set(image, egui::TextureOptions::NEAREST),
            None => self.texture = Some(ui.load_texture("decision map", image, egui::TextureOptions::NEAREST)),
        }
        self.picture = Some(MapPicture { version, dark, scale, coarse: !m.is_whole() });
    }

    fn map(&mut self, ui: &mut Ui, cx: ViewContext, frame: &Arc<Frame>, m: &DecisionMap, actions: &mut Vec<Action>) {
        let (Some(picture), Some(texture)) = (&self.picture, &self.texture) else { return };
        let room = ui.available_rect_before_wrap();
        let free = room.size() - vec2(AXES[0] + BESIDE, AXES[1] + ABOVE);
        let side = free.min_elem().floor();
        if side < LEAST_SIDE {
            return note::empty(ui, cx, "Make this panel larger to see the map");
        }
        let left = room.left() + ((free.x - side) / 2.0).floor();
        let size = vec2(AXES[0] + side, side + AXES[1]);
        let place = Rect::from_min_size(pos2(left, room.top() + ABOVE), size);

        let part = cx.choices.decision_map.marks;
        let task = &frame.task;
        let watched = (cx.run.settings.run.probe_part, cx.run.settings.run.probe);
        let drawing = MapDrawing::new(cx, task, texture.id(), part, watched);
        let (unit, dt) = (cx.choices.time_unit, frame.settings.task.dt_ms);
        let (near, mut pointed) = (NEAR, None);
        let plot = plot::base("decision map", cx.theme, plot::AxisScale::REAL, plot::AxisScale::REAL);
        let plot = plot.width(size.x).height(size.y).data_aspect(1.0).show_grid(false);
        let plot = plot.set_margin_fraction(egui::Vec2::ZERO);
        let mut content = ui.new_child(UiBuilder::new().max_rect(place));
        let shown = plot.show(&mut content, |plot| {
            plot::wheel(plot);
            if let Some(pos) = plot.response().hover_pos() {
                let at = plot.plot_from_screen(pos);
                let reach = f64::from(near) * plot.transform().dvalue_dpos()[0].abs();
                pointed =
                    Some(([at.x, at.y], part.and_then(|p| Some((p, model::nearest(task, p, [at.x, at.y], reach)?)))));
            }
            plot.add(PaintedItem::new("decision map", drawing));
        });
        let response = shown.response.clone();
        let name = format!("Decision map, {0} × {0} points", m.points());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        if let Some((at, sample)) = pointed {
            if let Some(sample @ (part, index)) = sample {
                ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
                if response.clicked() && sample != watched {
                    actions.push(SettingsAction::watch(part, index).into());
                }
            }
            let text = model::readout(m, task, at, sample, |step| model::when(step, unit, dt));
            if let Some(text) = text {
                response.on_hover_text_at_pointer(text);
            }
        }
        let inside = *shown.transform.frame();
        paint::names(ui.painter(), inside, cx.theme);
        if picture.coarse {
            paint::label(
                ui.painter(),
                inside.left_top() + vec2(6.0, 5.0),
                "coarse until every point has been computed",
            );
        }
        let beside = Rect::from_min_max(pos2(inside.right() + 12.0, inside.top()), pos2(room.right(), inside.bottom()));
        let ends = picture.scale.ends().map(|step| model::when(step, unit, dt));
        paint::legend(ui, beside, cx.theme, ends, part.is_some());
        ui.advance_cursor_after_rect(room);
    }
}
