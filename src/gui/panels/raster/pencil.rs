//! Drawing targets: in pencil mode a click or a drag in the output band adds, moves and removes target spikes, while
//! the network trains.

use std::collections::BTreeSet;

use egui::{CursorIcon, Painter, PointerButton, Pos2, Rect, Response, RichText, Stroke, Ui, pos2};

use super::layout::BandPlace;
use super::model;
use super::scene::RasterScene;
use crate::engine::Frame;
use crate::gui::action::{Action, RunAction};
use crate::gui::theme::{self, Marks, Palette};
use crate::loss::LossKind;
use crate::task::{Split, TargetEdit};

/// A place in the output band: output and step.
type TargetCell = (u32, u32);

/// The effect of the button that is held down.
#[derive(Clone, Debug, PartialEq)]
enum PencilHold {
    /// Adds a spike to every place that it comes to, or takes it away.
    Stroke { add: bool, seen: BTreeSet<TargetCell> },
    /// Took hold of a spike: where it was at first, and where it is.
    Move(TargetCell, TargetCell),
}

/// The pencil of a raster.
#[derive(Default)]
pub struct Pencil {
    hold: Option<PencilHold>,
    /// Strokes so far: what belongs to one is undone together.
    strokes: u64,
}

/// Why targets cannot be drawn here, if they cannot.
pub fn impossible(frame: &Frame) -> Option<&'static str> {
    if frame.task.labelled {
        Some("Targets can only be drawn for tasks with target spikes; the samples of this task have classes.")
    } else if frame.settings.loss.kind == LossKind::Latency {
        Some("The latency loss has no target spikes: choose the spike-train or the count loss to draw targets.")
    } else if frame.settings.run.probe_part != Split::Train {
        Some("Targets can only be drawn for training samples: watch one of them.")
    } else {
        None
    }
}

impl Pencil {
    /// Handles the pointer in pencil mode. True where it is the pencil's, so that it neither moves the view nor picks.
    pub(super) fn use_on(&mut self, ui: &Ui, scene: &RasterScene, plot: &Response, actions: &mut Vec<Action>) -> bool {
        let Some((place, pointer)) = scene.places.last().zip(plot.interact_pointer_pos().or(plot.hover_pos())) else {
            return false;
        };
        let cell = scene.cell(place, pointer);
        if self.hold.is_none() && cell.is_none() {
            return false;
        }
        ui.set_cursor_icon(CursorIcon::Crosshair);
        let target = &scene.frame.sample().target.spikes;
        let there = |(output, step): TargetCell| target.contains(step as usize, output);
        let mut edits = Vec::new();
        let mut edit = |add, (output, step): TargetCell| {
            edits.push(TargetEdit { add, sample: scene.frame.settings.run.probe as u32, output, step });
        };
        // a quick click comes and goes between two frames
        let quick = plot.clicked() || plot.secondary_clicked();
        if let (None, Some(cell)) = (&self.hold, cell)
            && (plot.is_pointer_button_down_on() || quick)
        {
            self.strokes += 1;
            let down = ui.input(|i| i.pointer.button_down(PointerButton::Secondary));
            let draws = ui.input(|i| i.modifiers.shift);
            self.hold = Some(match (down || plot.secondary_clicked(), there(cell)) {
                (false, true) if !draws => PencilHold::Move(cell, cell),
                (erase, _) => PencilHold::Stroke { add: !erase, seen: BTreeSet::new() },
            });
        }
        match (&mut self.hold, cell) {
            (Some(PencilHold::Stroke { add, seen }), Some(cell)) => {
                let new = seen.insert(cell);
                if new && there(cell) != *add {
                    edit(*add, cell);
                }
            }
            // a spike is not moved onto another one: that would make one of two
            (Some(PencilHold::Move(_, now)), Some(cell)) if cell != *now && !there(cell) => {
                edit(false, *now);
                edit(true, cell);
                *now = cell;
            }
            _ => {}
        }
        if !ui.input(|i| i.pointer.any_down()) {
            // a click that moved nothing takes the spike away
            if let Some(PencilHold::Move(first, now)) = self.hold.take()
                && first == now
            {
                edit(false, now);
            }
            self.hold = None;
        }
        if !edits.is_empty() {
            actions.push(RunAction::Draw { edits, stroke: self.strokes }.into());
        }
        true
    }

    /// What the pencil does, and a button that takes all targets of the watched sample away.
    pub(super) fn toolbar(&mut self, ui: &mut Ui, theme: &Palette, frame: &Frame, actions: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            let target = &frame.sample().target.spikes;
            let clear = ui.add_enabled(!target.is_empty(), egui::Button::new("Clear targets").small());
            let clear = clear.on_hover_text("Removes all target spikes of the watched sample; Ctrl+Z brings them back");
            if clear.on_disabled_hover_text("The watched sample has no target spikes.").clicked() {
                self.strokes += 1;
                let sample = frame.settings.run.probe as u32;
                let remove = |(step, output)| TargetEdit { add: false, sample, output, step: step as u32 };
                let edits = target.iter().map(remove).collect();
                actions.push(RunAction::Draw { edits, stroke: self.strokes }.into());
            }
            let text = RichText::new(HINT).font(theme::small()).color(theme.target);
            ui.add(egui::Label::new(text).truncate()).on_hover_text(HINT);
        });
    }

    /// The frame around the band, what the pencil does, and a ring under the pointer.
    pub(super) fn paint(&self, painter: &Painter, scene: &RasterScene, pointer: Option<Pos2>) {
        let Some(place) = scene.places.last().filter(|p| !p.folded) else { return };
        let theme = scene.cx.theme;
        let rect = Rect::from_x_y_ranges(scene.axis.x, place.y);
        painter.rect_stroke(rect, 0.0, Stroke::new(1.5, theme.target), egui::StrokeKind::Outside);
        if let Some((output, step)) = pointer.and_then(|p| scene.cell(place, p)) {
            let centre = pos2(scene.axis.x_of(step), place.y_of(output));
            let mut mesh = egui::Mesh::default();
            mesh.ring(centre, (0.42 * place.row()).clamp(3.0, 7.0), theme.target.gamma_multiply(0.6));
            painter.add(mesh);
        }
    }
}

impl RasterScene<'_> {
    /// The place in the output band under the pointer; near a target the target's own.
    fn cell(&self, place: &BandPlace, pointer: Pos2) -> Option<TargetCell> {
        const NEAR: f32 = 6.0;
        let output = place.unit_at(pointer.y).filter(|_| self.axis.x.contains(pointer.x))?;
        let step = self.axis.step_at(pointer.x);
        let near = model::nearest(&self.frame.sample().target.spikes, output, step);
        let near = near.filter(|&s| (self.axis.x_of(s) - pointer.x).abs() <= NEAR.max(self.axis.per_step() / 2.0));
        Some((output, near.unwrap_or(step)))
    }
}

/// A painted pencil, pointing down and left.
pub fn symbol(painter: &Painter, rect: Rect, colour: egui::Color32) {
    let c = rect.center();
    let (tip, end) = (c + egui::vec2(-5.0, 5.0), c + egui::vec2(5.0, -5.0));
    let mut mesh = egui::Mesh::default();
    mesh.stroke(tip + egui::vec2(2.5, -2.5), end, 4.0, colour);
    mesh.stroke(tip, tip + egui::vec2(2.5, -2.5), 1.6, colour);
    painter.add(mesh);
}

/// What the pencil does.
const HINT: &str = "Drawing targets: click to add or remove, drag a ring to move it, hold Shift to draw from a ring on, \
                    right button to erase, Esc to stop";
