//! A row of figures for each run.

use egui::{Align, FontId, Layout, RichText, Ui, WidgetInfo, vec2};

use crate::gui::action::{Action, CompareAction};
use crate::gui::state::{ComparedRun, ViewContext};
use crate::gui::theme::{SMALL, small};
use crate::gui::widgets::run_style;
use crate::text;

/// The figures: their names, and what they are.
const FIGURES: [(&str, &str); 6] = [
    ("loss", "The loss after the update in view"),
    (
        "hits",
        "Output targets at whose step there is a spike, of all; accuracy of the last epoch, where there are classes",
    ),
    ("spikes", "Spikes of the watched sample, all layers together"),
    ("created", "Spikes that all updates together created"),
    ("removed", "Spikes that all updates together removed"),
    ("shifted", "Spikes that all updates together shifted"),
];

/// Width of a figure, and height of a row.
const COLUMN: f32 = 44.0;
const ROW: f32 = 16.0;

/// Draws the table.
pub fn show(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    egui::Grid::new("figures").num_columns(FIGURES.len() + 1).spacing([4.0, 3.0]).min_col_width(COLUMN).show(
        ui,
        |ui| {
            ui.label("");
            for (name, hint) in FIGURES {
                right(ui, |ui| ui.label(RichText::new(name).font(small()).color(cx.theme.faint)).on_hover_text(hint));
            }
            ui.end_row();
            for (n, run) in cx.compare.runs.iter().enumerate() {
                row(ui, cx, n, run);
                ui.end_row();
            }
        },
    );
    openers(ui, cx, actions);
    for run in &cx.compare.runs {
        let halted = run.view.halted.as_ref().map(|halt| format!("{halt}."));
        if let Some(problem) = run.problem.clone().or(halted) {
            let text = format!("{}: {problem}", run.name);
            ui.add(egui::Label::new(RichText::new(text).font(small()).color(cx.theme.warning)).wrap());
        }
    }
}

/// In a cell of its own, at the right of it.
fn right(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> egui::Response) {
    let layout = Layout::right_to_left(Align::Center);
    ui.allocate_ui_with_layout(vec2(COLUMN, ROW), layout, |ui| {
        ui.set_min_width(COLUMN);
        add(ui);
    });
}

fn row(ui: &mut Ui, cx: ViewContext, n: usize, run: &ComparedRun) {
    let texts = texts(run);
    let name = ui.horizontal(|ui| {
        run_style::swatch(ui, cx.theme, cx.compare, n);
        ui.label(RichText::new(&run.name).color(run_style::colour(cx.theme, cx.compare, n)));
    });
    let told: Vec<String> = FIGURES.iter().zip(&texts).map(|((name, _), text)| format!("{name} {text}")).collect();
    let told = format!("{} after update {}: {}", run.name, text::whole(run.view.update()), told.join(", "));
    name.response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &told));
    name.response.on_hover_text(&told);
    for (text, (_, hint)) in texts.into_iter().zip(FIGURES) {
        let text = RichText::new(text).font(FontId::monospace(SMALL + 1.0));
        right(ui, |ui| ui.label(text).on_hover_text(hint));
    }
}

/// A button for each run that makes it the one in view.
fn openers(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 3.0;
        ui.label(RichText::new("Open in all panels").font(small()).color(cx.theme.faint));
        for (n, run) in cx.compare.runs.iter().enumerate() {
            let open = ui.add_enabled(run.problem.is_none(), egui::Button::new(&run.name).small());
            open.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, format!("Open {}", run.name)));
            let hint = "Makes this run, with its past, the one in view; the comparison stays, and the run in view until now is kept";
            if open.on_hover_text(hint).clicked() {
                actions.push(CompareAction::Open(n).into());
            }
        }
    });
}

/// The figures of a run as they are shown.
fn texts(run: &ComparedRun) -> [String; 6] {
    let frame = run.view.frame.as_ref();
    let dash = || "–".to_owned();
    let spikes = frame.map(|frame| frame.spikes.iter().map(|layer| layer.len() as u64).sum());
    let [created, removed, shifted] = run.changes().map(|n| text::whole(n as u64));
    let readout = crate::train::Readout::of(&run.view.settings.loss);
    let accuracy = || run.view.epochs.last()?.valid.map(|valid| text::percent(valid.accuracy(readout), 1));
    let hits = run.hits().map(|(hits, of)| format!("{hits}/{of}")).or_else(accuracy);
    [
        frame.map_or_else(dash, |frame| text::value(frame.loss)),
        hits.unwrap_or_else(dash),
        spikes.map_or_else(dash, text::whole),
        created,
        removed,
        shifted,
    ]
}
