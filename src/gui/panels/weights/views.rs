//! The views of a table of weights.

use egui::{Align2, Button, Grid, Mesh, Rect, RichText, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use super::ShownWeights;
use super::picture::{WeightLayout, WeightPicture};
use super::table::{WeightTable, synapse};
use crate::engine::Frame;
use crate::gui::names::{layer_name, neuron_name};
use crate::gui::state::inside::WeightsView;
use crate::gui::state::{Choices, ViewContext, watched};
use crate::gui::theme::{self, Marks, small};
use crate::gui::widgets::note;
use crate::picture::colormap::{OVER, UNDER, viridis};
use crate::snn::LayerKind;
use crate::text::{signed, value, whole};

/// Entries of the list.
const MOST_LISTED: usize = 40;
/// Bars of the histogram, an odd number: one of them is around zero.
const BINS: usize = 61;

pub fn show(
    ui: &mut Ui,
    cx: ViewContext,
    shown: &ShownWeights,
    texture: &mut Option<WeightPicture>,
    choices: &mut Choices,
) {
    let table = &shown.table;
    match cx.choices.inside.weights.view {
        WeightsView::Matrix => picture(ui, cx, shown, WeightLayout::matrix(table), texture, choices),
        WeightsView::Fields => {
            let room = ui.available_size();
            // widths in coarse steps, so that a dragged edge does not make the picture anew all the time
            let aspect = ((room.x / room.y.max(1.0)) * 4.0).round().max(1.0) / 4.0;
            match WeightLayout::fields(table, aspect) {
                Some(layout) => picture(ui, cx, shown, layout, texture, choices),
                None => {
                    note::empty(ui, cx, "The inputs of this layer are not an image: choose Matrix, or another layer");
                }
            }
        }
        WeightsView::Histogram => histogram(ui, cx, table),
        WeightsView::Largest => list(ui, cx, shown, choices),
    }
}

/// The name of a weight, as in "hidden 7 to output 2".
fn weight_name(frame: &Frame, table: &WeightTable, filter: usize, input: Option<usize>) -> String {
    let net = &frame.net.layers;
    let layer = &net[table.layer];
    if let LayerKind::Conv { kernel, .. } = layer.kind {
        let to = format!("{}, channel {filter}", layer_name(table.layer, net.len(), net));
        return match input {
            None => format!("bias of {to}"),
            Some(tap) => {
                let (channel, row, column) = (tap / (kernel * kernel), tap / kernel % kernel, tap % kernel);
                format!("channel {channel}, row {row}, column {column} of the kernel of {to}")
            }
        };
    }
    let to = neuron_name(frame, table.layer, filter);
    match (input, table.layer.checked_sub(1)) {
        (None, _) => format!("bias of {to}"),
        (Some(input), None) => format!("input {input} to {to}"),
        (Some(input), Some(below)) => format!("{} {input} to {to}", layer_name(below, net.len(), net)),
    }
}

fn picture(
    ui: &mut Ui,
    cx: ViewContext,
    shown: &ShownWeights,
    layout: WeightLayout,
    texture: &mut Option<WeightPicture>,
    choices: &mut Choices,
) {
    let (table, frame) = (&shown.table, &shown.frame);
    let kept = texture.take();
    let picture = match kept {
        Some(kept) if kept.layout == layout && kept.size == layout.size(table) => kept,
        other => WeightPicture::new(ui.ctx(), table, layout, other.map(|old| old.texture)),
    };
    let picture = texture.insert(picture);
    colour_bar(ui, cx, table);
    let [width, height] = picture.size.map(|n| n as f32);
    let room = ui.available_size() - vec2(12.0, 4.0);
    // a matrix fills the room; an image keeps its shape
    let size = match layout {
        WeightLayout::Matrix { .. } => room.max(vec2(20.0, 20.0)),
        WeightLayout::Fields { .. } => {
            let scale = (room.x / width).min((room.y / height).max(1.0)).max(0.5);
            vec2(width, height) * scale
        }
    };
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Picture of the weights"));
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(picture.texture.id(), rect, whole, egui::Color32::WHITE);
        mark(ui, cx, shown, layout, rect, size / vec2(width, height));
        let pixel = response.hover_pos().map(|p| {
            let at = (p - rect.min) / rect.size() * vec2(width, height);
            [at.x.clamp(0.0, width - 1.0) as usize, at.y.clamp(0.0, height - 1.0) as usize]
        });
        let Some((filter, input)) = pixel.and_then(|pixel| layout.weight(table, pixel)) else { return };
        if response.clicked() {
            let picked = synapse(&frame.net.layers[table.layer], table.layer, filter, Some(input));
            choices.inside.synapse = Some(picked);
        }
        let name = weight_name(frame, table, filter, Some(input));
        let v = signed(value(f64::from(table.values[filter * table.inputs + input])));
        response.on_hover_text_at_pointer(format!("{name}: {v}"));
    });
}

/// A frame around the weight that is picked.
fn mark(ui: &Ui, cx: ViewContext, shown: &ShownWeights, layout: WeightLayout, rect: Rect, scale: egui::Vec2) {
    let table = &shown.table;
    let picked = watched::synapse(cx.choices, &shown.frame).filter(|synapse| synapse.neuron.layer == table.layer);
    let Some((picked, input)) = picked.and_then(|picked| Some((picked, picked.input? as usize))) else { return };
    let conv = matches!(shown.frame.net.layers[table.layer].kind, LayerKind::Conv { .. });
    // a kernel has its weights at many synapses
    if conv {
        return;
    }
    let [x, y] = layout.pixel(picked.neuron.unit as usize, input).map(|n| n as f32);
    let cell = Rect::from_min_size(rect.min + vec2(x, y) * scale, scale).expand(2.0);
    ui.painter().rect_stroke(cell, 0.0, Stroke::new(3.0, UNDER), StrokeKind::Outside);
    ui.painter().rect_stroke(cell, 0.0, Stroke::new(1.5, OVER), StrokeKind::Outside);
}

/// Which colour stands for which value.
fn colour_bar(ui: &mut Ui, cx: ViewContext, table: &WeightTable) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width().min(320.0), 14.0), Sense::hover());
    let most = value(f64::from(table.most()));
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let faint = cx.theme.faint;
    let left = painter.text(rect.left_center(), Align2::LEFT_CENTER, format!("−{most}"), small(), faint).right() + 4.0;
    const BAR: f32 = 110.0;
    let mut mesh = Mesh::default();
    for k in 0..44 {
        let strip =
            Rect::from_min_size(pos2(left + k as f32 * BAR / 44.0, rect.center().y - 4.0), vec2(BAR / 44.0, 8.0));
        mesh.add_colored_rect(strip, viridis((k as f32 + 0.5) / 44.0));
    }
    painter.add(Shape::mesh(mesh));
    let right = pos2(left + BAR + 4.0, rect.center().y);
    painter.text(right, Align2::LEFT_CENTER, format!("+{most}; 0 in the middle"), small(), faint);
    response.on_hover_text("The ends are the largest magnitude of the layer, to either side");
}

fn histogram(ui: &mut Ui, cx: ViewContext, table: &WeightTable) {
    let counts = table.histogram(BINS);
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let reach = table.most();
    let (whole_rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Histogram of the weights"));
    let rect = Rect::from_min_max(whole_rect.min + vec2(44.0, 4.0), whole_rect.max - vec2(8.0, 18.0));
    let painter = ui.painter();
    painter.rect_filled(rect, 0.0, cx.theme.ground);
    let width = rect.width() / BINS as f32;
    let mut mesh = Mesh::default();
    for (n, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        // a bar that is there is seen
        let height = (*count as f32 / most as f32 * (rect.height() - 6.0)).max(1.0);
        let left = rect.left() + n as f32 * width;
        let bar = Rect::from_min_max(pos2(left + 0.5, rect.bottom() - height), pos2(left + width - 0.5, rect.bottom()));
        mesh.add_colored_rect(bar, cx.theme.ink);
    }
    mesh.stroke(rect.center_top(), rect.center_bottom(), 1.0, cx.theme.faint.gamma_multiply(0.5));
    painter.add(Shape::mesh(mesh));
    let text = |at, anchor, words: String| painter.text(at, anchor, words, theme::small(), cx.theme.faint);
    let number = |x: f32| signed(value(f64::from(x)));
    text(rect.left_bottom() + vec2(0.0, 3.0), Align2::LEFT_TOP, number(-reach));
    text(rect.center_bottom() + vec2(0.0, 3.0), Align2::CENTER_TOP, "0".into());
    text(rect.right_bottom() + vec2(0.0, 3.0), Align2::RIGHT_TOP, number(reach));
    text(rect.left_top() + vec2(-4.0, 2.0), Align2::RIGHT_TOP, whole(most.into()));
    let Some(pointer) = response.hover_pos().filter(|p| rect.contains(*p)) else { return };
    let bin = (((pointer.x - rect.left()) / width) as usize).min(BINS - 1);
    let edge = |n: usize| number((2.0 * n as f32 / BINS as f32 - 1.0) * reach);
    let count = whole(counts[bin].into());
    response.on_hover_text_at_pointer(format!("{count} weights from {} to {}", edge(bin), edge(bin + 1)));
}

fn list(ui: &mut Ui, cx: ViewContext, shown: &ShownWeights, choices: &mut Choices) {
    let (table, frame) = (&shown.table, &shown.frame);
    let picked = watched::synapse(cx.choices, frame).map(|s| (s.neuron.layer, s.neuron.unit as usize, s.input));
    let largest = table.largest(MOST_LISTED);
    if largest.is_empty() {
        return note::empty(ui, cx, "Every weight of this layer is zero, or did not change");
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        Grid::new("largest weights").num_columns(3).spacing(vec2(14.0, 1.0)).striped(true).show(ui, |ui| {
            for (filter, input, v) in largest {
                let own = synapse(&frame.net.layers[table.layer], table.layer, filter, input);
                let name = RichText::new(weight_name(frame, table, filter, input)).font(small());
                let button = ui.add(Button::selectable(picked == Some(own), name));
                if button.on_hover_text("Picks this weight: \"Along a weight\" turns it").clicked() {
                    choices.inside.synapse = Some(own);
                }
                let text = |text: String| RichText::new(text).font(small());
                let number = signed(if shown.since.is_some() { format!("{v:+.5}") } else { format!("{v:.5}") });
                ui.label(text(number));
                bar(ui, cx, v / table.most().max(v.abs()));
                ui.end_row();
            }
        });
    });
}

/// A value from −1 to 1 as a bar from the middle.
fn bar(ui: &mut Ui, cx: ViewContext, share: f32) {
    let (rect, _) = ui.allocate_exact_size(vec2(80.0, 10.0), Sense::hover());
    let end = rect.center().x + share * rect.width() / 2.0;
    let x = egui::Rangef::new(end.min(rect.center().x), end.max(rect.center().x));
    ui.painter().rect_filled(Rect::from_x_y_ranges(x, rect.y_range().shrink(1.5)), 0.0, cx.theme.ink);
    ui.painter().vline(rect.center().x, rect.y_range(), Stroke::new(1.0, cx.theme.faint));
}
