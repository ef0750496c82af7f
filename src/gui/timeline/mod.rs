//! The timeline below everything: the whole run as a strip, the zoomed part of it under that, and the moment that is looked
//! at, which every view shows.

mod controls;
mod goals;
mod model;
mod paint;

use egui::{Key, PointerButton, Rect, Response, Sense, Ui, pos2, vec2};

use crate::gui::action::{Action, TimeAction};
use crate::gui::state::ViewContext;
use crate::gui::theme;
use goals::GoalFields;
use model::{NAMES, Window};

/// The view of the timeline.
#[derive(Default)]
pub struct Timeline {
    /// The updates of the zoomed part; the whole run where it is `None`.
    window: Option<Window>,
    /// Whether only the strip is shown, where the user chose; else it is in a low window.
    folded: Option<bool>,
    /// The text of the field with the update, while it is typed.
    typed: Option<String>,
    /// The pin whose name is typed.
    renamed: Option<(usize, String)>,
    goals: GoalFields,
}

/// In a window lower than this the panels need the room more than the timeline does.
const LOW: f32 = 700.0;
/// Height of the strip, in points.
const STRIP: f32 = 12.0;
/// Height of the zoomed part.
const DETAIL: f32 = 66.0;

impl Timeline {
    pub fn show(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let margin = egui::Margin { left: 8, right: 8, top: 3, bottom: 5 };
        let frame = egui::Frame::new().fill(cx.theme.panel).inner_margin(margin);
        egui::Panel::bottom("timeline").frame(frame).resizable(false).show(ui, |ui| {
            self.controls(ui, cx, actions);
            self.places(ui, cx, actions);
            let whole = Window::whole(cx.run.oldest, cx.run.newest());
            // one that was zoomed into before another run began may not be a part of this one
            self.window = self.window.filter(|window| window.within(whole));
            self.strip(ui, cx, whole, actions);
            if !self.is_folded(ui) {
                self.detail(ui, cx, whole, actions);
            }
        });
    }

    fn is_folded(&self, ui: &Ui) -> bool {
        self.folded.unwrap_or(ui.ctx().content_rect().height() < LOW)
    }

    /// The whole run, with the zoomed part as a box to be dragged.
    fn strip(&mut self, ui: &mut Ui, cx: ViewContext, whole: Window, actions: &mut Vec<Action>) {
        let (area, response) = band(ui, STRIP, "The whole run");
        paint::strip(ui, cx, area, whole, self.window);
        let Some(at) = response.interact_pointer_pos().map(|p| whole.update_at(area, p.x)) else { return };
        match self.window {
            Some(window) if response.dragged() || response.clicked() => {
                self.window = Some(window.around(at).moved_into(whole));
            }
            Some(_) => {}
            None if response.dragged() || response.clicked() => {
                actions.push(TimeAction::Go(whole.snapped(area, at)).into());
            }
            None => {}
        }
        if response.double_clicked() {
            self.window = None;
        }
    }

    /// The zoomed part: loss, changes, what was done to the run, and the moment that is looked at.
    fn detail(&mut self, ui: &mut Ui, cx: ViewContext, whole: Window, actions: &mut Vec<Action>) {
        let (area, response) = band(ui, DETAIL, "Updates of the run: drag to go to a moment");
        let window = self.window.unwrap_or(whole);
        let columns = model::columns(&cx.run.curves, window, area.width().max(1.0) as usize);
        paint::detail(ui, cx, area, window, &columns);
        let pointer = response.hover_pos().or(response.interact_pointer_pos());
        let pan = response.dragged_by(PointerButton::Middle) || ui.input(|i| i.modifiers.shift) && response.dragged();
        if pan {
            let moved = -f64::from(response.drag_delta().x) * window.per_point(area);
            self.window = Some(window.moved(moved).moved_into(whole));
        } else if let Some(p) = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked()) {
            actions.push(TimeAction::Go(window.snapped(area, window.update_at(area, p.x))).into());
        }
        if response.double_clicked() {
            self.window = None;
        }
        if let Some(p) = response.hover_pos() {
            self.zoom(ui, area, window, whole, p.x);
        }
        if let Some(p) = pointer {
            let text = model::readout(cx, window, area, p.x);
            response.on_hover_text_at_pointer(text);
        }
    }

    /// The wheel zooms at the pointer.
    fn zoom(&mut self, ui: &Ui, area: Rect, window: Window, whole: Window, x: f32) {
        let scroll = ui.input(|i| f64::from(i.smooth_scroll_delta.y) / 200.0 + f64::from(i.zoom_delta()).ln());
        if scroll != 0.0 {
            let zoomed = window.zoomed(window.update_at(area, x), (-scroll).exp()).moved_into(whole);
            self.window = (zoomed.length() < whole.length()).then_some(zoomed);
        }
    }

    /// The row with the runs and the pins. It is there from the start, so that nothing moves when the first comes.
    fn places(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            controls::runs(ui, cx, actions);
            self.pins(ui, cx, actions);
            if cx.time.pins.is_empty() {
                let hint = "No pins yet: Pin keeps the moment shown. Drag in the timeline to look at the past.";
                ui.label(egui::RichText::new(hint).font(theme::small()).color(cx.theme.faint));
            }
        });
    }

    fn pins(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        for n in 0..cx.time.pins.len() {
            match self.renamed.take_if(|(renamed, _)| *renamed == n) {
                Some((_, mut name)) => {
                    let field = ui.add(egui::TextEdit::singleline(&mut name).desired_width(90.0));
                    field.request_focus();
                    if field.lost_focus() || ui.input(|i| i.key_pressed(Key::Enter)) {
                        actions.push(TimeAction::Rename(n, name).into());
                    } else {
                        self.renamed = Some((n, name));
                    }
                }
                None => {
                    if controls::pin(ui, cx, n, actions) {
                        self.renamed = Some((n, cx.time.pins[n].name.clone()));
                    }
                }
            }
        }
    }
}

/// A band of the timeline, next to the names of its rows.
fn band(ui: &mut Ui, height: f32, name: &str) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, name));
    let area = Rect::from_min_max(pos2(rect.left() + NAMES, rect.top()), rect.right_bottom());
    (area, response)
}
