//! All that is known of the sample that is watched.

use egui::{Label, Rect, RichText, Sense, Ui, pos2, vec2};

use super::model;
use super::paint::{self, SampleTextures};
use super::scene::SamplesScene;
use crate::engine::gallery::{Place, Read};
use crate::gui::names::class_name;
use crate::gui::theme::small;
use crate::gui::widgets::player::{PlayedTime, TimePlayer};
use crate::spike::stats;
use crate::task::View;
use crate::task::nmnist::WINDOW_US;
use crate::text::{value, whole};

/// The least and the most height that it takes below the grid …
pub const HEIGHT: (f32, f32) = (104.0, 190.0);
/// … and with a recording to be played.
pub const PLAYED: (f32, f32) = (150.0, 240.0);
/// The recording takes 300 ms, and ten times as long here.
const RECORDING: PlayedTime =
    PlayedTime { name: "recording", length: WINDOW_US as f64 / 1000.0, unit: " ms", rate: 30.0, least: 1.0 };
const ROW: f32 = 24.0;
const LEGEND: f32 = 16.0;

pub fn show(
    ui: &mut Ui,
    scene: SamplesScene,
    watched: Place,
    read: Option<&Read>,
    (textures, player): (&mut SampleTextures, &mut TimePlayer),
) {
    let theme = scene.cx.theme;
    let recording = match read {
        Some(Ok(picture)) => match &picture.view {
            View::Recording(recording) => Some(recording),
            _ => None,
        },
        _ => None,
    };
    let room = ui.available_rect_before_wrap();
    let below = if recording.is_some() { ROW + LEGEND } else { 0.0 };
    let side = (room.height() - below).min(room.width() * 0.44).max(20.0).floor();
    let image = Rect::from_min_size(room.left_top(), vec2(side, side));
    let response = ui.interact(image, ui.scope_id().with("watched"), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Watched sample"));
    match read {
        Some(Ok(picture)) => match recording {
            Some(recording) => {
                let counts = model::pixels(recording, player.window(&RECORDING));
                paint::recording(ui.painter(), image, &counts, theme);
            }
            None => textures.paint(ui.painter(), image, watched, picture, theme),
        },
        Some(Err(problem)) => {
            paint::broken(ui.painter(), image, theme);
            response.on_hover_text(problem);
        }
        None => drop(ui.painter().rect_filled(image, 0.0, theme.line.gamma_multiply(0.4))),
    }
    ui.painter().rect_stroke(image, 0.0, (1.0, theme.line), egui::StrokeKind::Inside);

    let right = Rect::from_min_max(pos2(image.right() + 8.0, room.top()), pos2(room.right(), room.bottom() - below));
    ui.scope_builder(egui::UiBuilder::new().max_rect(right), |ui| words(ui, scene, watched));
    if recording.is_some() {
        let strip = Rect::from_min_max(pos2(room.left(), image.bottom()), room.max);
        ui.scope_builder(egui::UiBuilder::new().max_rect(strip), |ui| {
            legend(ui, scene);
            player.ui(ui, &RECORDING);
        });
    }
}

/// Label, answers, loss and spikes, and below them the spike code.
fn words(ui: &mut Ui, scene: SamplesScene, (part, index): Place) {
    let SamplesScene { cx, frame, .. } = scene;
    let theme = cx.theme;
    ui.spacing_mut().item_spacing.y = 1.0;
    let line = |ui: &mut Ui, text: String, hint: &str| {
        ui.add(Label::new(RichText::new(text).font(small())).truncate()).on_hover_text(hint);
    };
    let name = |class: usize| class_name(frame.task.settings.kind, class);
    let head = format!("{} sample {}", part.label(), whole(index as u64));
    let head = if frame.task.labelled { format!("{head}: {}", name(frame.sample.target.label)) } else { head };
    ui.add(Label::new(RichText::new(head).color(theme.ink)).truncate()).on_hover_text("The watched sample");
    let (now, output) = (whole(frame.update), &frame.spikes[frame.spikes.len() - 1]);
    if frame.task.labelled {
        let or_silent = |class: Option<usize>| class.map_or("silent".to_owned(), name);
        let (first, count) = (stats::class_by_first_spike(output), stats::class_by_count(output));
        let step = output.first_step().map_or(String::new(), |step| format!(" (step {step})"));
        let text = format!("by first spike {}{step}, by count {}", or_silent(first), or_silent(count));
        line(ui, text, &format!("The output that spikes first, and the one that spikes most, at update {now}"));
    }
    let neurons = || frame.net.layers.iter().zip(&frame.spikes).filter(|(l, _)| l.has_weights());
    let spikes: usize = neurons().map(|(_, s)| s.len()).sum();
    let necessary: usize = neurons().map(|(_, s)| stats::necessary(s, output)).sum();
    line(
        ui,
        format!("{} spikes, {} necessary", whole(spikes as u64), whole(necessary as u64)),
        &format!("Spikes of all neurons at update {now}; necessary spikes are those up to the first output spike"),
    );
    if let (Some(answer), Some(update)) = (cx.evaluation.answers(part).get(index), cx.evaluation.update(part)) {
        line(ui, format!("loss {} at update {}", value(answer.loss), whole(update)), "The loss of this sample alone");
    } else {
        line(ui, "loss: not evaluated".into(), "The loss of this sample alone");
    }
    ui.add_space(3.0);
    let (rect, response) = ui.allocate_exact_size(ui.available_size().max(vec2(10.0, 0.0)), Sense::hover());
    if rect.height() >= 16.0 {
        let input = &frame.sample.input;
        paint::spikes(ui.painter(), rect, input, theme);
        let hint = format!(
            "Its spike code: {} spikes of {} inputs over {} steps. Time runs to the right",
            whole(input.len() as u64),
            whole(input.units() as u64),
            whole(input.steps() as u64)
        );
        response.on_hover_text(hint);
    }
}

/// Which mark stands for which polarity.
fn legend(ui: &mut Ui, scene: SamplesScene) {
    let theme = scene.cx.theme;
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), LEGEND), Sense::hover());
    let mut x = row.left() + 2.0;
    for (brighter, text) in [(true, "became brighter"), (false, "became darker")] {
        let mark = Rect::from_center_size(pos2(x + 4.0, row.center().y), vec2(8.0, 8.0));
        paint::polarity(ui.painter(), mark, brighter, theme);
        let at = pos2(x + 12.0, row.center().y);
        x = ui.painter().text(at, egui::Align2::LEFT_CENTER, text, small(), theme.faint).right() + 12.0;
    }
}
