//! The weights of a layer as a picture, in which a click picks one.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, ComboBox, Rect, Role, Sense, TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2,
};

use crate::engine::Frame;
use crate::gui::names::layer_name;
use crate::gui::state::ViewContext;
use crate::gui::theme::small;
use crate::landscape::WeightAt;
use crate::picture::colormap::viridis;
use crate::snn::{Layer, Params};
use crate::text::value;

/// A layer's weights: a row for each neuron or channel, a column for each of its inputs.
#[derive(Default)]
pub struct WeightView {
    layer: usize,
    texture: Option<TextureHandle>,
    /// Layer and weights that the picture was made of.
    of: Option<(usize, Arc<Params>)>,
}

impl WeightView {
    /// Draws it; the weight that was clicked.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        frame: &Frame,
        picked: [Option<WeightAt>; 2],
    ) -> Option<WeightAt> {
        let layers = &frame.net.layers;
        if !layers.get(self.layer).is_some_and(Layer::has_weights) {
            self.layer = layers.iter().position(Layer::has_weights)?;
        }
        let name = |layer: usize| layer_name(layer, layers.len(), layers);
        let combo = ComboBox::from_id_salt("layer of the weights").selected_text(name(self.layer)).show_ui(ui, |ui| {
            for layer in (0..layers.len()).filter(|l| layers[*l].has_weights()) {
                ui.selectable_value(&mut self.layer, layer, name(layer));
            }
        });
        combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Layer of the weights"));
        let layer = &layers[self.layer];
        if !self.of.as_ref().is_some_and(|(l, params)| *l == self.layer && Arc::ptr_eq(params, &frame.params)) {
            let image = picture(layer, &frame.params);
            match &mut self.texture {
                Some(texture) => texture.set(image, TextureOptions::NEAREST),
                None => self.texture = Some(ui.load_texture("weights", image, TextureOptions::NEAREST)),
            }
            self.of = Some((self.layer, Arc::clone(&frame.params)));
        }
        let [columns, rows] = [layer.fan_in() as f32, layer.filters() as f32];
        let width = ui.available_width() - 6.0;
        let height = (width * rows / columns).clamp(60.0, 240.0);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("Weights of {}", name(self.layer))));
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        ui.painter().image(self.texture.as_ref()?.id(), rect, uv, Color32::WHITE);
        ui.painter().rect_stroke(rect, 0.0, (1.0, cx.theme.line), egui::StrokeKind::Outside);
        let cell = vec2(rect.width() / columns, rect.height() / rows);
        for (n, weight) in picked.into_iter().enumerate() {
            let Some(WeightAt { filter, index: Some(index), .. }) = weight.filter(|w| w.layer == self.layer) else {
                continue;
            };
            let at = rect.min + vec2(index as f32 + 0.5, filter as f32 + 0.5) * cell;
            ui.painter().circle_stroke(at, 5.0, (1.5, Color32::WHITE));
            let at = at + vec2(6.0, 0.0);
            ui.painter().text(at, egui::Align2::LEFT_CENTER, (n + 1).to_string(), small(), Color32::WHITE);
        }
        let weight = response.hover_pos().map(|pos| weight_at(rect, pos, self.layer, layer))?;
        let number = weight.place(&frame.net).map_or(0.0, |place| frame.params.0[place]);
        let text = format!(
            "{weight}: neuron {}, input {}: {}",
            weight.filter,
            weight.index.unwrap_or(0),
            value(number.into())
        );
        let clicked = response.clicked();
        response.on_hover_text_at_pointer(text);
        clicked.then_some(weight)
    }
}

/// The weight under the pointer.
fn weight_at(rect: Rect, pos: egui::Pos2, at: usize, layer: &Layer) -> WeightAt {
    let share = (pos - rect.min) / rect.size();
    let line = |share: f32, of: usize| ((share.max(0.0) * of as f32) as usize).min(of.saturating_sub(1));
    WeightAt { layer: at, filter: line(share.y, layer.filters()), index: Some(line(share.x, layer.fan_in())) }
}

/// One pixel a weight, from the most negative to the most positive, 0 in the middle of the colours.
fn picture(layer: &Layer, params: &Params) -> ColorImage {
    let (rows, columns) = (layer.filters(), layer.fan_in());
    let weight = |row: usize, column: usize| params.0[layer.weight_at(row, column)];
    let all = || (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c)));
    let most = all().map(|(r, c)| weight(r, c).abs()).fold(0.0f32, f32::max);
    let place = |w: f32| if most > 0.0 { 0.5 + 0.5 * w / most } else { 0.5 };
    ColorImage::new([columns, rows], all().map(|(r, c)| viridis(place(weight(r, c)))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_finds_the_weight_that_is_drawn_there() {
        let net = crate::snn::text::parse("4 - fc3 - fc2").unwrap();
        let mut params = net.zero_params();
        let weight = WeightAt { layer: 0, filter: 2, index: Some(3) };
        params.0[weight.place(&net).unwrap()] = 1.0;
        let image = picture(&net.layers[0], &params);
        assert_eq!((image.size, image.pixels[2 * 4 + 3], image.pixels[0]), ([4, 3], viridis(1.0), viridis(0.5)));
        let rect = Rect::from_min_size(pos2(10.0, 10.0), vec2(40.0, 30.0));
        assert_eq!(weight_at(rect, pos2(49.0, 39.0), 0, &net.layers[0]), weight);
        assert_eq!(weight_at(rect, pos2(50.0, 40.0), 0, &net.layers[0]), weight);
    }
}
