//! The last epochs, one row each, with the best of them marked.

use egui::epaint::Mesh;
use egui::{Align, Layout, RichText, Sense, Shape, Ui, vec2};

use crate::gui::names::no_accuracy;
use crate::gui::state::ViewContext;
use crate::gui::theme::{Marks, small};
use crate::text::{percent, value, whole};
use crate::train::{EpochReport, Readout};

/// Rows of the table.
const MOST: usize = 100;
const HEADS: [(&str, &str, f32); 5] = [
    ("epoch", "In each epoch, every training sample is used once", 46.0),
    ("loss", "Mean loss of its batches, each before its update", 54.0),
    ("first spike", "Validation accuracy by the first output spike", 66.0),
    ("count", "Validation accuracy by the number of output spikes", 54.0),
    ("spikes", "Mean number of spikes of all neurons per validation sample", 50.0),
];

pub fn show(ui: &mut Ui, cx: ViewContext, readout: Readout) {
    let Some(frame) = cx.frame() else { return };
    if cx.run.epochs.is_empty() {
        let text = no_accuracy(&frame.task, frame.batches);
        ui.add(egui::Label::new(RichText::new(text).font(small()).color(cx.theme.faint)).wrap());
        return;
    }
    ui.spacing_mut().item_spacing = vec2(4.0, 1.0);
    let text = "training loss of each epoch, and validation at its end:";
    ui.label(RichText::new(text).font(small()).color(cx.theme.faint));
    ui.horizontal(|ui| {
        for (head, hint, width) in HEADS {
            right(ui, width, RichText::new(head).font(small()).color(cx.theme.faint)).on_hover_text(hint);
        }
    });
    for report in cx.run.epochs.iter().rev().take(MOST) {
        let best = cx.run.best_epoch == Some(report.epoch);
        ui.horizontal(|ui| {
            for ((text, (_, _, width)), counts) in texts(report).into_iter().zip(HEADS).zip(weighty(readout)) {
                let colour = if counts || best { cx.theme.ink } else { cx.theme.faint };
                right(ui, width, RichText::new(text).font(small()).color(colour));
            }
            if best {
                tick(ui, cx);
                let hint = "The epoch with the highest validation accuracy so far";
                ui.label(RichText::new("best").font(small()).color(cx.theme.ink)).on_hover_text(hint);
            }
        });
    }
}

/// Which columns matter most: the accuracy of the readout that is chosen.
fn weighty(readout: Readout) -> [bool; 5] {
    [true, false, readout == Readout::First, readout == Readout::Count, false]
}

fn texts(report: &EpochReport) -> [String; 5] {
    let valid = |text: fn(&crate::train::Validation) -> String| report.valid.as_ref().map_or("–".into(), text);
    [
        whole(report.epoch),
        value(report.train_loss),
        valid(|v| percent(v.accuracy_first, 1)),
        valid(|v| percent(v.accuracy_count, 1)),
        valid(|v| format!("{:.1}", v.spikes)),
    ]
}

fn right(ui: &mut Ui, width: f32, text: RichText) -> egui::Response {
    let layout = Layout::right_to_left(Align::Center);
    ui.allocate_ui_with_layout(vec2(width, 14.0), layout, |ui| {
        ui.set_min_width(width);
        ui.label(text)
    })
    .inner
}

/// A tick, painted: the fonts lack it.
fn tick(ui: &mut Ui, cx: ViewContext) {
    let (rect, _) = ui.allocate_exact_size(vec2(12.0, 14.0), Sense::hover());
    let (c, mut mesh) = (rect.center(), Mesh::default());
    mesh.stroke(c + vec2(-4.0, 0.0), c + vec2(-1.2, 3.4), 1.8, cx.theme.ink);
    mesh.stroke(c + vec2(-1.2, 3.4), c + vec2(4.5, -4.0), 1.8, cx.theme.ink);
    ui.painter().add(Shape::mesh(mesh));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Validation;

    #[test]
    fn an_epoch_without_validation_has_no_accuracy() {
        let valid = Validation {
            samples: 10,
            loss: 0.5,
            accuracy_first: 0.932,
            accuracy_count: 0.9,
            unanswered: 0,
            spikes: 45.25,
            necessary: 20.0,
            first_step: 12.0,
        };
        let report = EpochReport { epoch: 1200, update: 9, train_loss: 0.25, valid: Some(valid) };
        assert_eq!(texts(&report), ["1,200", "0.2500", "93.2 %", "90.0 %", "45.2"]);
        assert_eq!(texts(&EpochReport { valid: None, ..report })[2..], ["–", "–", "–"]);
    }
}
