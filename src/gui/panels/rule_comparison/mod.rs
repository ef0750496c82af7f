//! Each rule's view: its arrows and the surface that it believes in next to the truth, and how the three compare.
//!
//! [`model`] puts numbers into words, `tiles` draws the small maps, `table` the comparison, `curve` the same over
//! training.

mod curve;
pub mod model;
mod table;
mod tiles;

use egui::{Button, ScrollArea, Ui};

use self::tiles::RuleTiles;
use crate::gui::action::{Action, choose};
use crate::gui::state::ViewContext;
use crate::gui::widgets::note;

/// The state of the panel's own view.
#[derive(Default)]
pub struct RuleComparisonPanel {
    tiles: RuleTiles,
}

const CAPTION: &str = "Arrows point downhill as each rule sees it; a dot is where it sees nothing";
/// Room for the table with its sentence, and for the curve at least.
const TABLE: f32 = 118.0;
const CURVE: f32 = 76.0;

impl RuleComparisonPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        note::caption(ui, cx, CAPTION);
        let Some(m) = cx.landscape.shown() else {
            let text = "Nothing measured yet: the landscape is measured first, then what the rules see of it";
            return note::empty(ui, cx, text);
        };
        let mut choices = cx.choices.clone();
        ui.horizontal_wrapped(|ui| {
            let chosen = &mut choices.landscape;
            for (believed, name, hint) in [
                (
                    true,
                    "Believed surfaces",
                    "Below the arrows of each rule: the surface whose slopes come closest to them",
                ),
                (false, "True loss", "Below the arrows of each rule: the true loss"),
            ] {
                if ui.add(Button::selectable(chosen.believed == believed, name)).on_hover_text(hint).clicked() {
                    chosen.believed = believed;
                }
            }
            let arrows = ui.checkbox(&mut chosen.small_arrows, "Arrows");
            arrows.on_hover_text(
                "The direction downhill: by the true slope at the spacing of the grid, and as each rule sees it",
            );
        });
        choose(cx.choices, choices, actions);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let room = ui.available_height();
            let height = (room - TABLE - CURVE).clamp(90.0, 2000.0);
            let taken = self.tiles.show(ui, cx, m, height, actions);
            match &m.views {
                Some(views) => {
                    table::show(ui, cx, &views.comparison, actions);
                    curve::show(ui, cx, (room - TABLE - taken - 12.0).clamp(CURVE - 12.0, 220.0));
                }
                None => {
                    let text = "The comparison of the rules is known once every point has been measured";
                    note::faint(ui, cx, text);
                }
            }
        });
    }
}
