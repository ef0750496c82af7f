//! The place under the pointer: the neuron, the step, and what happened there.

use egui::Pos2;

use super::model;
use super::scene::{RasterScene, RasterSpot};
use crate::gui::names::neuron_name;
use crate::gui::state::watched;
use crate::spike::Edit;

/// How far from the pointer a spike or a mark still counts as under it, in points.
const NEAR: f32 = 5.0;

impl RasterScene<'_> {
    /// The spike or mark near `pointer`, or else the row and the step exactly there.
    pub fn spot(&self, pointer: Pos2, changes: bool) -> Option<RasterSpot> {
        let band = self.places.iter().position(|p| p.unit_at(pointer.y).is_some())?;
        let (place, spikes) = (&self.places[band], self.bands[band].spikes);
        let unit = place.unit_at(pointer.y)?;
        let step = self.axis.step_at(pointer.x);
        let exact = RasterSpot { band, unit, step };
        let place_of = |unit: u32, step: u32| Pos2::new(self.axis.x_of(step), place.y_of(unit));
        let mut best = (NEAR, exact);
        let mut consider = |unit: u32, step: u32| {
            let distance = place_of(unit, step).distance(pointer);
            // in rows that are tall enough, what stands in another row is not meant
            if distance < best.0 && (place.row() < NEAR || unit == exact.unit) {
                best = (distance, RasterSpot { band, unit, step });
            }
        };
        if changes {
            let edits = model::edits(model::span(self.cx.choices.span, self.frame), self.bands[band].layer);
            for &(unit, edit) in edits {
                match edit {
                    Edit::Created { step } | Edit::Removed { step } => consider(unit, step),
                    Edit::Shifted { from, to } => {
                        consider(unit, from);
                        consider(unit, to);
                    }
                    Edit::Kept { .. } => {}
                }
            }
        }
        let around = |at: u32, width: f32, most: usize| {
            let reach = (NEAR / width).ceil() as u32;
            at.saturating_sub(reach)..(at + reach + 1).min(most as u32)
        };
        for step in around(step, self.axis.per_step(), spikes.steps()) {
            let units = spikes.at(step as usize);
            let rows = around(unit, place.row(), place.units);
            let from = units.partition_point(|&u| u < rows.start);
            units[from..].iter().take_while(|&&u| u < rows.end).for_each(|&u| consider(u, step));
        }
        // a row that is easy to hit is the pointer's own, also in its empty parts
        if best.1.unit == exact.unit || place.row() < NEAR { Some(best.1) } else { Some(exact) }
    }

    /// The same in words, the neuron and the step first.
    pub fn lines_at(&self, spot: RasterSpot, changes: bool) -> Vec<String> {
        let RasterSpot { unit, step, .. } = spot;
        let band = &self.bands[spot.band];
        let name = match band.layer {
            Some(layer) => neuron_name(self.frame, layer, unit as usize),
            None => format!("input {unit}"),
        };
        let mut lines = vec![format!("{name}, {}", self.axis.words(step))];
        if step as usize >= self.frame.steps {
            lines.push("not computed: every output had spiked before".into());
        } else if band.spikes.contains(step as usize, unit) {
            lines.push(if band.layer.is_some() { "spike (right click: its story)" } else { "spike" }.into());
        }
        let near = |other: u32| other == step || (self.axis.x_of(other) - self.axis.x_of(step)).abs() < NEAR;
        if changes {
            let span = model::span(self.cx.choices.span, self.frame);
            for &(_, edit) in model::edits_of(model::edits(span, band.layer), unit) {
                let here = match edit {
                    Edit::Kept { step } | Edit::Created { step } | Edit::Removed { step } => near(step),
                    Edit::Shifted { from, to } => near(from) || near(to),
                };
                if here {
                    lines.push(model::edit_text(edit, span, self.frame, &self.axis));
                }
            }
        }
        if let Some(targets) = watched::rings(self.frame).filter(|_| band.output)
            && let Some(target) = model::nearest(targets, unit, step)
            && (target.abs_diff(step) <= 1 || (self.axis.x_of(target) - self.axis.x_of(step)).abs() < 2.0 * NEAR)
        {
            lines.push(model::target_text(target, band.spikes, unit));
        }
        lines
    }
}
