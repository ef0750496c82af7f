//! The spikes of two points side by side, with what changed drawn in the second.

use egui::epaint::Mesh;
use egui::{Align2, Painter, Pos2, Rangef, Rect, Ui, pos2, vec2};

use crate::gui::names::layer_name;
use crate::gui::state::ViewContext;
use crate::gui::state::landscape::MeasuredLandscape;
use crate::gui::theme::{Marks, Palette, small};
use crate::landscape::Look as Spikes;
use crate::loss::LossKind;
use crate::snn::Layer;
use crate::spike::{Changes, Edit, Raster};
use crate::text::signed;

/// Room for the names of the two points, and of the steps.
const TITLE: f32 = 15.0;
/// Between two layers.
const GAP: f32 = 6.0;
/// Room for the numbers of neurons.
const LEFT: f32 = 46.0;

/// Height of a row of a layer with `units` neurons.
fn row(units: usize) -> f32 {
    (90.0 / units as f32).clamp(2.0, 15.0)
}

/// Height of the whole picture of these layers.
pub fn height(layers: &[Raster]) -> f32 {
    TITLE + layers.iter().map(|layer| row(layer.units()) * layer.units() as f32 + GAP).sum::<f32>() + TITLE
}

/// Where steps and neurons of a layer lie.
struct SpikeBand {
    rect: Rect,
    steps: f32,
    row: f32,
}

impl SpikeBand {
    fn at(&self, step: u32, unit: u32) -> Pos2 {
        let x = self.rect.left() + (step as f32 + 0.5) / self.steps * self.rect.width();
        pos2(x, self.rect.top() + (unit as f32 + 0.5) * self.row)
    }
}

/// Draws the layers from `first` on: before at the left, at the point at the right.
pub fn show(
    ui: &Ui,
    cx: ViewContext,
    m: &MeasuredLandscape,
    spikes: &Spikes,
    first: usize,
    rect: Rect,
    names: [String; 2],
) {
    let objective = &m.survey.objective;
    let rings = (objective.settings.loss.kind == LossKind::SpikeTrain)
        .then(|| objective.samples.get(objective.watched).map(|sample| &sample.target.spikes))
        .flatten();
    let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect));
    let width = (rect.width() - LEFT - 10.0) / 2.0;
    let mut mesh = Mesh::default();
    for (n, (rasters, name)) in [&spikes.beside, &spikes.spikes].into_iter().zip(names).enumerate() {
        let left = rect.left() + LEFT + n as f32 * (width + 10.0);
        let side = SpikeSide {
            painter: &painter,
            theme: cx.theme,
            layers: &objective.net.layers,
            rasters,
            changed: n == 1,
            rings,
            steps: objective.settings.task.steps,
            x: Rangef::new(left, left + width),
        };
        side.paint(&mut mesh, &spikes.changes, first, rect.top(), &name);
    }
    painter.add(mesh);
}

/// The spikes of one of the two points.
struct SpikeSide<'a> {
    painter: &'a Painter,
    theme: &'a Palette,
    layers: &'a [Layer],
    rasters: &'a [Raster],
    /// Whether it is the side where the changes are drawn; the other has the names of layers and neurons.
    changed: bool,
    /// Where output spikes should be.
    rings: Option<&'a Raster>,
    steps: usize,
    x: Rangef,
}

impl SpikeSide<'_> {
    fn paint(&self, mesh: &mut Mesh, changes: &Changes, first: usize, top: f32, name: &str) {
        self.painter.text(pos2(self.x.min, top), Align2::LEFT_TOP, name, small(), self.theme.ink);
        let mut top = top + TITLE;
        for layer in first..self.rasters.len() {
            top = self.layer(mesh, layer, &changes.layers[layer].edits, top) + GAP;
        }
        for (x, anchor, text) in [
            (self.x.min, Align2::LEFT_TOP, "0".to_owned()),
            (self.x.max, Align2::RIGHT_TOP, format!("{} steps", self.steps)),
        ] {
            self.painter.text(pos2(x, top - GAP), anchor, text, small(), self.theme.faint);
        }
    }

    /// One layer from `top` on; where it ends.
    fn layer(&self, mesh: &mut Mesh, layer: usize, edits: &[(u32, Edit)], top: f32) -> f32 {
        let (raster, width) = (&self.rasters[layer], self.x.span());
        let row = row(raster.units());
        let rect = Rect::from_min_size(pos2(self.x.min, top), vec2(width, row * raster.units() as f32));
        let band = SpikeBand { rect, steps: self.steps as f32, row };
        self.painter.rect_filled(band.rect, 0.0, self.theme.ground);
        // whose spikes changed is seen at once, however small the step
        for (unit, _) in edits {
            let left = pos2(band.rect.left(), band.rect.top() + *unit as f32 * row);
            self.painter.rect_filled(Rect::from_min_size(left, vec2(width, row)), 0.0, self.theme.line);
        }
        if !self.changed {
            self.names(&band, raster.units(), &layer_name(layer, self.layers.len(), self.layers));
        }
        if let Some(rings) = self.rings.filter(|_| layer + 1 == self.rasters.len()) {
            for (step, unit) in rings.iter() {
                mesh.ring(band.at(step as u32, unit), (0.42 * row).clamp(2.5, 6.0), self.theme.target);
            }
        }
        for (step, unit) in raster.iter() {
            let size = vec2((0.6 * width / band.steps).clamp(1.0, 3.0), (0.75 * row).max(1.5));
            mesh.bar(band.at(step as u32, unit), size, self.theme.ink);
        }
        for (unit, edit) in edits.iter().filter(|_| self.changed) {
            change(mesh, self.theme, &band, *unit, *edit);
            by_how_much(self.painter, self.theme, &band, *unit, *edit);
        }
        band.rect.bottom()
    }

    fn names(&self, band: &SpikeBand, units: usize, name: &str) {
        let left = pos2(band.rect.left() - LEFT, band.rect.top());
        self.painter.text(left, Align2::LEFT_TOP, name, small(), self.theme.faint);
        if band.row >= 10.0 {
            for unit in 0..units as u32 {
                let at = pos2(band.rect.left() - 4.0, band.at(0, unit).y);
                self.painter.text(at, Align2::RIGHT_CENTER, unit.to_string(), small(), self.theme.faint);
            }
        }
    }
}

/// By how many steps a spike moved, next to its arrow, where there is room for a number.
fn by_how_much(painter: &Painter, theme: &Palette, band: &SpikeBand, unit: u32, edit: Edit) {
    let Edit::Shifted { from, to } = edit else { return };
    if band.row < 10.0 {
        return;
    }
    let text = signed(format!("{:+}", i64::from(to) - i64::from(from)));
    let (at, early) = (band.at(to, unit), to < from);
    let (x, anchor) = if early { (at.x - 8.0, Align2::RIGHT_CENTER) } else { (at.x + 8.0, Align2::LEFT_CENTER) };
    painter.text(pos2(x, at.y), anchor, text, small(), theme.shifted);
}

fn change(mesh: &mut Mesh, theme: &Palette, band: &SpikeBand, unit: u32, edit: Edit) {
    let radius = (0.3 * band.row).clamp(2.5, 4.5);
    let ground = |mesh: &mut Mesh, at: Pos2| mesh.bar(at, vec2(2.0 * radius + 2.0, 2.0 * radius), theme.ground);
    match edit {
        Edit::Kept { .. } => {}
        Edit::Shifted { from, to } => {
            mesh.bar(band.at(from, unit), vec2(2.0, 0.75 * band.row), theme.shifted.gamma_multiply(0.4));
            mesh.arrow(band.at(from, unit), band.at(to, unit), theme.shifted);
        }
        Edit::Removed { step } => mesh.cross(band.at(step, unit), radius, theme.removed),
        Edit::Created { step } => {
            ground(mesh, band.at(step, unit));
            mesh.triangle(band.at(step, unit), radius, theme.created);
        }
    }
}
