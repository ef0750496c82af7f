//! The rasters of the runs that are compared, side by side with one time axis.

use egui::{Rect, RichText, Ui, UiBuilder, WidgetInfo, pos2};

use crate::gui::action::Action;
use crate::gui::state::{Choices, ComparedRun, ViewContext};
use crate::gui::theme::small;
use crate::gui::widgets::{note, run_style, spans};
use crate::text;

/// The state of the panel's own view: all that it has is what the rasters have in common.
#[derive(Default)]
pub struct CompareRastersPanel;

/// Height of the line above a raster.
const TITLE: f32 = 18.0;
/// Points between two rasters.
const GAP: f32 = 8.0;

const NOTHING: &str = "Nothing is compared yet: press \"Three rules, one seed\" in the panel \"Compared runs\", or choose runs \
                       of the session there";

impl CompareRastersPanel {
    /// `draw` draws the raster of run `n` in the rectangle at hand.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        actions: &mut Vec<Action>,
        mut draw: impl FnMut(usize, &mut Ui, ViewContext, &mut Vec<Action>),
    ) {
        let runs = &cx.compare.runs;
        if runs.is_empty() {
            return note::empty(ui, cx, NOTHING);
        }
        ui.horizontal(|ui| {
            ui.label(RichText::new("Changes of").font(small()).color(cx.theme.faint));
            spans::show(ui, cx, actions);
            ui.add_space(6.0);
            note::caption(ui, cx, "Time axes move together; a neuron picked in one is picked in all");
        });
        let room = ui.available_rect_before_wrap();
        let width = (room.width() - GAP * (runs.len() - 1) as f32) / runs.len() as f32;
        // a stroke of the pencil belongs to the run in view alone
        let choices = Choices { pencil: false, ..cx.choices.clone() };
        for (n, run) in runs.iter().enumerate() {
            let left = room.left() + n as f32 * (width + GAP);
            let place = Rect::from_min_max(pos2(left, room.top()), pos2(left + width, room.bottom()));
            let own = ViewContext { run: &run.view, choices: &choices, ..cx };
            ui.scope_builder(UiBuilder::new().max_rect(place).id_salt(("raster of run", n)), |ui| {
                title(ui, cx, n, run);
                let mut wishes = Vec::new();
                draw(n, ui, own, &mut wishes);
                actions.append(&mut wishes);
            });
        }
        ui.allocate_rect(room, egui::Sense::hover());
    }
}

/// The name of a run, with its update and what of its targets it hits.
fn title(ui: &mut Ui, cx: ViewContext, n: usize, run: &ComparedRun) {
    let colour = run_style::colour(cx.theme, cx.compare, n);
    let line = ui.allocate_ui_with_layout(
        egui::vec2(ui.available_width(), TITLE),
        egui::Layout::left_to_right(egui::Align::Center),
        |ui| {
            run_style::swatch(ui, cx.theme, cx.compare, n);
            ui.label(RichText::new(&run.name).color(colour));
            let hits = run.hits().map_or(String::new(), |(hits, of)| format!(", {hits} of {of} targets hit"));
            let now = format!("update {}{hits}", text::whole(run.view.update()));
            ui.add(egui::Label::new(RichText::new(now).font(small()).color(cx.theme.faint)).truncate());
        },
    );
    let name = format!("Raster of {}", run.name);
    line.response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &name));
}
