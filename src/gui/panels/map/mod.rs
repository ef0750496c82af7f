//! The plane of Yin-Yang as the network divides it: class by colour, time of the first spike by brightness.

mod controls;
mod model;
mod paint;

use std::sync::Arc;

use egui::{Rect, Role, TextureHandle, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use self::model::Scale;
use self::paint::Drawing;
use super::plot;
use crate::engine::Frame;
use crate::gui::action::Action;
use crate::gui::map_view::DecisionMap;
use crate::gui::state::{Look, MapMarks};
use crate::task::{Split, TaskKind};

/// What the panel remembers of its own view.
#[derive(Default)]
pub struct MapPanel {
    /// Made of what is shown; made again when that has changed.
    picture: Option<Picture>,
    texture: Option<TextureHandle>,
}

/// Everything that is worked out once for each change of what is shown.
struct Picture {
    version: u64,
    dark: bool,
    scale: Scale,
    /// The rough picture until every point is known.
    coarse: bool,
}

const CAPTION: &str = "the class of every point by colour, brighter where the first spike comes earlier";
/// Room beside the map for the legend.
const BESIDE: f32 = 78.0;
/// Room for the numbers of the axes, left of the map and below it, and for the name of the upper one.
const AXES: [f32; 2] = [36.0, 16.0];
const ABOVE: f32 = 19.0;
/// A map smaller than this shows nothing.
const LEAST_SIDE: f32 = 60.0;
/// A sample is pointed at from so near, in points.
const NEAR: f32 = 7.0;

impl MapPanel {
    pub fn ui(&mut self, ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
        let Some(frame) = look.frame().filter(|f| f.task.settings.kind == TaskKind::YinYang) else {
            let text = "Only Yin-Yang lies in a plane that can be mapped: choose it as the task and restart";
            return super::empty(ui, look, text);
        };
        super::caption(ui, look, CAPTION);
        controls::row(ui, look, actions);
        if let Some(problem) = look.map.problem() {
            return super::empty(ui, look, problem);
        }
        let Some(m) = look.map.shown() else {
            let text = match (look.map.running(), look.choices.map.follow) {
                (true, _) | (_, true) => "The first points are on their way",
                _ => "Nothing asked yet: press Refresh to see how the network divides the plane now",
            };
            return super::empty(ui, look, text);
        };
        controls::status(ui, look, m);
        self.work_out(ui, look, m);
        self.map(ui, look, frame, m, actions);
    }

    fn work_out(&mut self, ui: &Ui, look: Look, m: &DecisionMap) {
        let (version, dark) = (look.map.version(), look.theme.dark);
        if self.picture.as_ref().is_some_and(|p| p.version == version && p.dark == dark) {
            return;
        }
        let scale = Scale::new(m, self.picture.take().map(|p| p.scale));
        let image = paint::picture(m, scale, look.theme);
        match &mut self.texture {
            Some(texture) => texture.set(image, egui::TextureOptions::NEAREST),
            None => self.texture = Some(ui.load_texture("decision map", image, egui::TextureOptions::NEAREST)),
        }
        self.picture = Some(Picture { version, dark, scale, coarse: !m.is_whole() });
    }

    fn map(&mut self, ui: &mut Ui, look: Look, frame: &Arc<Frame>, m: &DecisionMap, actions: &mut Vec<Action>) {
        let (Some(picture), Some(texture)) = (&self.picture, &self.texture) else { return };
        let room = ui.available_rect_before_wrap();
        let free = room.size() - vec2(AXES[0] + BESIDE, AXES[1] + ABOVE);
        let side = free.min_elem().floor();
        if side < LEAST_SIDE {
            return super::empty(ui, look, "Make this panel larger to see the map");
        }
        let left = room.left() + ((free.x - side) / 2.0).floor();
        let size = vec2(AXES[0] + side, side + AXES[1]);
        let place = Rect::from_min_size(pos2(left, room.top() + ABOVE), size);

        let part = marked(look.choices.map.marks);
        let task = &frame.task;
        let watched = (look.run.settings.run.probe_part, look.run.settings.run.probe);
        let drawing = Drawing::new(look, task, texture.id(), part, watched);
        let (unit, dt) = (look.choices.time_unit, frame.settings.task.dt_ms);
        let (near, mut pointed) = (NEAR, None);
        let plot = plot::base("decision map", look.theme, plot::Scale::REAL, plot::Scale::REAL);
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
            plot.add(drawing);
        });
        let response = shown.response.clone();
        let name = format!("Decision map, {0} × {0} points", m.points());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
        if let Some((at, sample)) = pointed {
            if let Some(sample @ (part, index)) = sample {
                ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
                if response.clicked() && sample != watched {
                    actions.push(Action::watch(part, index));
                }
            }
            let text = model::readout(m, task, at, sample, |step| model::when(step, unit, dt));
            if let Some(text) = text {
                response.on_hover_text_at_pointer(text);
            }
        }
        let inside = *shown.transform.frame();
        paint::names(ui.painter(), inside, look.theme);
        if picture.coarse {
            paint::label(ui.painter(), inside.left_top() + vec2(6.0, 5.0), "coarse until every point is known");
        }
        let beside = Rect::from_min_max(pos2(inside.right() + 12.0, inside.top()), pos2(room.right(), inside.bottom()));
        let ends = picture.scale.ends().map(|step| model::when(step, unit, dt));
        paint::legend(ui, beside, look.theme, ends, part.is_some());
        ui.advance_cursor_after_rect(room);
    }
}

/// The part whose samples are marked.
fn marked(marks: MapMarks) -> Option<Split> {
    match marks {
        MapMarks::None => None,
        MapMarks::Train => Some(Split::Train),
        MapMarks::Validation => Some(Split::Validation),
        MapMarks::Test => Some(Split::Test),
    }
}
