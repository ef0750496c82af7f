//! Layers that have a height and a width, as images: what each position did, channel by channel.
//!
//! [`model`] counts, `paint` makes the pictures.

pub mod model;
mod paint;

use std::ops::Range;
use std::sync::Arc;

use egui::{Align2, Label, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use self::model::LayerSheet;
use self::paint::{LayerImage, LayerScale};
use crate::engine::Frame;
use crate::gui::action::Action;
use crate::gui::names::class_name;
use crate::gui::state::ViewContext;
use crate::gui::theme::small;
use crate::gui::widgets::note;
use crate::gui::widgets::player::{PlayedTime, TimePlayer};
use crate::text::{value, whole};

/// The state of the panel's own view.
pub struct LayersPanel {
    player: TimePlayer,
    /// The input by the time of its first spikes; otherwise by their number.
    first: bool,
    made: Vec<LayerImage>,
    /// Frame, steps and colours of the pictures.
    of: Option<LayerKey>,
    /// Points that a position of the input takes; none: as many as there is room for.
    zoom: Option<f32>,
}

#[derive(Clone, Debug, PartialEq)]
struct LayerKey {
    /// Address and update of the frame, and address of the sample: a frame of the past may be drawn again.
    frame: (usize, u64, usize),
    steps: Range<usize>,
    first: bool,
}

impl Default for LayersPanel {
    fn default() -> Self {
        Self { player: TimePlayer::new(20.0), first: false, made: Vec::new(), of: None, zoom: None }
    }
}

const CAPTION: &str = "The watched sample as images: the activity at each position of a layer, one image per channel";
const EMPTY: &str = "Nothing here is an image: the inputs of this task have no position in space. Choose digits, \
                     images or N-MNIST as the task; a network with layers such as conv12k5 and avg2 shows its feature \
                     maps, too.";
/// Room between two images.
const GAP: f32 = 8.0;
const TITLE: f32 = 14.0;
/// A second of playing takes so much of a sample.
const SHARE: f64 = 0.125;

impl LayersPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, _actions: &mut Vec<Action>) {
        let Some(frame) = cx.frame() else {
            return note::empty(ui, cx, "No spikes yet: the first pass through the network is in progress");
        };
        let sheets = model::sheets(frame);
        if sheets.is_empty() {
            return note::empty(ui, cx, EMPTY);
        }
        let all = frame.sample.input.steps();
        let length = all as f64;
        let reel = PlayedTime { name: "layers", length, unit: " steps", rate: length * SHARE, least: 1.0 };
        note::caption(ui, cx, CAPTION);
        let zoom =
            self.zoom.unwrap_or(model::fitting(&sheets, ui.available_size() - vec2(10.0, 60.0), |[w, h], zoom| {
                place(vec2(w as f32, h as f32) * zoom)
            }));
        ui.horizontal_wrapped(|ui| {
            self.player.ui(ui, &reel);
            let hint =
                "Colours the input by the step of its first spikes, the earliest brightest, instead of by their number";
            ui.checkbox(&mut self.first, "Input by time").on_hover_text(hint);
            self.zoom(ui, zoom);
        });
        let steps = model::steps(self.player.window(&reel), all);
        line(ui, cx, frame, &steps);
        self.make(ui, frame, &sheets, steps);
        ScrollArea::vertical().id_salt("layers").auto_shrink(false).show(ui, |ui| {
            for (sheet, made) in sheets.iter().zip(&self.made) {
                // as large as the input, so that a place is where it is there
                let image = sheets[0].size().map(|n| n as f32 * zoom);
                show(ui, cx, sheet, made, image.into());
            }
        });
    }

    /// The size of the images: fitted to the panel, or chosen.
    fn zoom(&mut self, ui: &mut Ui, now: f32) {
        let fit = ui.selectable_label(self.zoom.is_none(), "Fit");
        let fit = fit.on_hover_text("Makes the images as large as the panel allows");
        fit.widget_info(|| WidgetInfo::selected(Role::Button, true, self.zoom.is_none(), "Fit the images"));
        if fit.clicked() {
            self.zoom = self.zoom.is_none().then_some(now);
        }
        let mut zoom = now;
        let drag = egui::DragValue::new(&mut zoom).range(1.0..=16.0).speed(0.05).max_decimals(1).suffix("×");
        let drag = ui.add(drag).on_hover_text("Size of an input position in screen points");
        drag.widget_info(|| {
            let label = Some("Size of the images".to_owned());
            WidgetInfo { label, ..WidgetInfo::drag_value(true, f64::from(now)) }
        });
        if zoom != now {
            self.zoom = Some(zoom);
        }
    }

    /// Makes the pictures again where what they show has changed.
    fn make(&mut self, ui: &Ui, frame: &Arc<Frame>, sheets: &[LayerSheet], steps: Range<usize>) {
        let address = (Arc::as_ptr(frame) as usize, frame.update, Arc::as_ptr(&frame.sample) as usize);
        let of = LayerKey { frame: address, steps: steps.clone(), first: self.first };
        if self.of.as_ref() == Some(&of) {
            return;
        }
        self.made.truncate(sheets.len());
        for (k, sheet) in sheets.iter().enumerate() {
            let old = self.made.get_mut(k).map(|made| made.texture.clone());
            let by_time = self.first && k == 0;
            let made = LayerImage::new(ui, sheet, steps.clone(), by_time, old);
            match self.made.get_mut(k) {
                Some(place) => *place = made,
                None => self.made.push(made),
            }
        }
        self.of = Some(of);
    }
}

/// Which sample is shown, and what of it.
fn line(ui: &mut Ui, cx: ViewContext, frame: &Frame, steps: &Range<usize>) {
    let (task, run) = (&frame.task, &frame.settings.run);
    let label = match task.labelled {
        true => format!(": {}", class_name(task.settings.kind, frame.sample.target.label)),
        false => String::new(),
    };
    let when = match steps.len() == frame.sample.input.steps() {
        true => "all steps".to_owned(),
        false => format!("steps {} to {}", steps.start, steps.end - 1),
    };
    let text = format!(
        "{} sample {}{label}; update {}; {when}",
        run.probe_part.label(),
        whole(run.probe as u64),
        whole(frame.update)
    );
    note::faint(ui, cx, text).on_hover_text("Click a sample in the Samples panel to watch another one");
}

/// Room for an image of this size with its title.
fn place(image: egui::Vec2) -> egui::Vec2 {
    // a title needs its room, however small the image
    vec2(image.x.max(62.0) + GAP, image.y + TITLE + 4.0)
}

/// A layer: its name, its colour bar, and its channels.
fn show(ui: &mut Ui, cx: ViewContext, sheet: &LayerSheet, made: &LayerImage, image: egui::Vec2) {
    let theme = cx.theme;
    let [w, h] = sheet.size();
    let channels = sheet.dims[0];
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        let many = if channels == 1 { "1 channel".to_owned() } else { format!("{channels} channels") };
        ui.add(Label::new(format!("{}: {many} of {w} × {h}", sheet.name)).truncate());
        paint::colour_bar(ui, &made.scale, theme);
    });
    let (pixel, cell) = (image / vec2(w as f32, h as f32), place(image));
    let columns = ((ui.available_width() / cell.x) as usize).max(1);
    let rows = channels.div_ceil(columns);
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), rows as f32 * cell.y), Sense::hover());
    for channel in 0..channels {
        let at = area.left_top() + vec2((channel % columns) as f32 * cell.x, (channel / columns) as f32 * cell.y);
        let rect = Rect::from_min_size(pos2(at.x.round(), (at.y + TITLE).round()), image);
        if !ui.is_rect_visible(rect.expand(TITLE)) {
            continue;
        }
        let painter = ui.painter();
        painter.text(rect.left_top() - vec2(0.0, 1.0), Align2::LEFT_BOTTOM, sheet.title(channel), small(), theme.faint);
        painter.rect_filled(rect, 0.0, theme.ground);
        painter.image(made.texture.id(), rect, made.part(channel), egui::Color32::WHITE);
        painter.rect_stroke(rect, 0.0, (1.0, theme.line), egui::StrokeKind::Outside);
        let response = ui.interact(rect, ui.scope_id().with((&sheet.name, channel)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, sheet.channel(channel)));
        let Some(pos) = response.hover_pos() else { continue };
        let place = (pos - rect.min) / pixel;
        let (x, y) = ((place.x.max(0.0) as usize).min(w - 1), (place.y.max(0.0) as usize).min(h - 1));
        let spot = Rect::from_min_size(rect.min + vec2(x as f32, y as f32) * pixel, pixel);
        ui.painter().rect_stroke(spot, 0.0, (1.0, theme.focus), egui::StrokeKind::Outside);
        let unit = sheet.unit(channel, x, y);
        let what = match (&made.scale, made.values[unit]) {
            (LayerScale::Time { .. }, None) => "silent".to_owned(),
            (LayerScale::Time { .. }, Some(step)) => format!("first spike at step {step}"),
            (_, sum) if sheet.spikes.is_graded() => format!("{} passed on", value(f64::from(sum.unwrap_or(0.0)))),
            (_, sum) => match sum.unwrap_or(0.0) as u64 {
                1 => "1 spike".to_owned(),
                n => format!("{} spikes", whole(n)),
            },
        };
        response.on_hover_text_at_pointer(format!("{}, y {y}, x {x}: {what} (unit {unit})", sheet.channel(channel)));
    }
}
