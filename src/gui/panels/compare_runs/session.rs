//! Runs of the session that can be compared: the one in view, and those that were left.

use egui::{Button, RichText, Ui};

use crate::gui::action::{Action, CompareAction};
use crate::gui::state::compare::MOST_COMPARED;
use crate::gui::state::{RunView, ViewContext};
use crate::gui::theme::small;
use crate::gui::widgets::note;
use crate::text;

/// Draws the choice.
pub fn show(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let mut runs: Vec<&RunView> = cx.runs.iter().collect();
    if cx.run.start > 0 {
        runs.push(cx.run);
    }
    runs.sort_by_key(|run| run.start);
    note::faint(ui, cx, "Or runs of this session, each going on from where it is");
    let chosen: Vec<u32> =
        cx.compare.chosen.iter().copied().filter(|start| runs.iter().any(|run| run.start == *start)).collect();
    for run in &runs {
        let mut picked = chosen.contains(&run.start);
        let full = !picked && chosen.len() >= MOST_COMPARED;
        let check = egui::Checkbox::new(&mut picked, RichText::new(name(run)).font(small()));
        let hint = "Takes this run among those that are to be compared";
        let response = ui.add_enabled(!full, check).on_hover_text(hint);
        if response.on_disabled_hover_text("At most four runs can be compared").clicked() {
            actions.push(CompareAction::Choose(run.start, picked).into());
        }
    }
    let ready = (2..=MOST_COMPARED).contains(&chosen.len()) && chosen == cx.compare.chosen;
    let button = ui.add_enabled(ready && cx.compare.awaited.is_none(), Button::new("Compare chosen runs"));
    let why = "Choose two to four runs. Restart, New seed and Go on from here (G) leave a run that can be chosen then.";
    if button.on_hover_text("Copies these runs and lets them go on in step").on_disabled_hover_text(why).clicked() {
        actions.push(CompareAction::Session.into());
    }
    // a run that was given up meanwhile cannot be compared
    for gone in cx.compare.chosen.iter().filter(|start| !chosen.contains(start)) {
        actions.push(CompareAction::Choose(*gone, false).into());
    }
}

/// As in "run b: Timing, seed 3, update 120".
fn name(run: &RunView) -> String {
    let (rule, seed) = (run.settings.rule.rule.label(), run.settings.run.seed);
    format!("run {}: {rule}, seed {seed}, update {}", run.letter(), text::whole(run.newest()))
}
