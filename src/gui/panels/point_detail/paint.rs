//! The spikes of two points side by side, with what changed drawn in the second.

use egui::epaint::Mesh;
use egui::{Align2, Painter, Pos2, Rect, Ui, pos2, vec2};

use crate::gui::names::layer_name;
use crate::gui::state::ViewContext;
use crate::gui::state::landscape::MeasuredLandscape;
use crate::gui::theme::{Marks, Palette, small};
use crate::landscape::Look as Spikes;
use crate::loss::LossKind;
use crate::spike::{Edit, Raster};
use crate::text::signed;

/// Room for the names of the two points, and of the steps.
const TITLE: f32 = 15.0;
/// Between two layers.
const GAP: f32 = 6.0;
/// Room for the numbers of neurons.
const LEFT: f32 = 46.0;

/// Height of a row of a layer of so many neurons.
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
    let theme = cx.theme;
    let layers = &m.survey.objective.net.layers;
    let width = (rect.width() - LEFT - 10.0) / 2.0;
    let objective = &m.survey.objective;
    let steps = objective.settings.task.steps;
    let rings = (objective.settings.loss.kind == LossKind::SpikeTrain)
        .then(|| objective.samples.get(objective.watched).map(|sample| &sample.target.spikes))
        .flatten();
    let mut mesh = Mesh::default();
    for (side, (rasters, name)) in [&spikes.beside, &spikes.spikes].into_iter().zip(&names).enumerate() {
        let left = rect.left() + LEFT + side as f32 * (width + 10.0);
        let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect));
        painter.text(pos2(left, rect.top()), Align2::LEFT_TOP, name, small(), theme.ink);
        let mut top = rect.top() + TITLE;
        for layer in first..rasters.len() {
            let raster = &rasters[layer];
            let (row, edits) = (row(raster.units()), &spikes.changes.layers[layer].edits);
            let band = SpikeBand {
                rect: Rect::from_min_size(pos2(left, top), vec2(width, row * raster.units() as f32)),
                steps: steps as f32,
                row,
            };
            painter.rect_filled(band.rect, 0.0, theme.ground);
            // whose spikes changed is seen at once, however small the step
            for (unit, _) in edits {
                let left = pos2(band.rect.left(), band.rect.top() + *unit as f32 * row);
                painter.rect_filled(Rect::from_min_size(left, vec2(width, row)), 0.0, theme.line);
            }
            if side == 0 {
                names_of(ui, cx, &band, raster.units(), &layer_name(layer, layers.len(), layers));
            }
            if let Some(rings) = rings.filter(|_| layer + 1 == rasters.len()) {
                for (step, unit) in rings.iter() {
                    mesh.ring(band.at(step as u32, unit), (0.42 * row).clamp(2.5, 6.0), theme.target);
                }
            }
            for (step, unit) in raster.iter() {
                let size = vec2((0.6 * width / band.steps).clamp(1.0, 3.0), (0.75 * row).max(1.5));
                mesh.bar(band.at(step as u32, unit), size, theme.ink);
            }
            if side == 1 {
                for (unit, edit) in edits {
                    change(&mut mesh, theme, &band, *unit, *edit);
                    by_how_much(&painter, theme, &band, *unit, *edit);
                }
            }
            top = band.rect.bottom() + GAP;
        }
        let [from, to] =
            [(left, Align2::LEFT_TOP, "0".to_owned()), (left + width, Align2::RIGHT_TOP, format!("{steps} steps"))];
        for (x, anchor, text) in [from, to] {
            painter.text(pos2(x, top - GAP), anchor, text, small(), theme.faint);
        }
    }
    ui.painter().with_clip_rect(ui.clip_rect().intersect(rect)).add(mesh);
}

/// By how many steps a spike moved, beside its arrow, where there is room for a number.
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

fn names_of(ui: &Ui, cx: ViewContext, band: &SpikeBand, units: usize, name: &str) {
    let painter = ui.painter().with_clip_rect(ui.clip_rect());
    let left = pos2(band.rect.left() - LEFT, band.rect.top());
    painter.text(left, Align2::LEFT_TOP, name, small(), cx.theme.faint);
    if band.row >= 10.0 {
        for unit in 0..units as u32 {
            let at = pos2(band.rect.left() - 4.0, band.at(0, unit).y);
            painter.text(at, Align2::RIGHT_CENTER, unit.to_string(), small(), cx.theme.faint);
        }
    }
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
