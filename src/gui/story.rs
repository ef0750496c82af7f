//! The story of a spike, as a list: each thing that became of it, with its update, which is gone to with a click.

use egui::{Align2, Context, RichText, ScrollArea, Ui, vec2};

use crate::gui::action::{Action, TimeAction};
use crate::gui::names::neuron_name;
use crate::gui::state::ViewContext;
use crate::gui::state::time::SpikeStory;
use crate::spike::Edit;
use crate::text;

/// Draws the sheet, where a story is asked for.
pub fn show(ctx: &Context, cx: ViewContext, actions: &mut Vec<Action>) {
    let Some(story) = &cx.time.story else { return };
    let mut open = true;
    let title = match cx.frame() {
        Some(frame) => format!("Story of a spike of {}", neuron_name(frame, story.layer, story.unit as usize)),
        None => "Story of a spike".to_owned(),
    };
    let window = egui::Window::new(title).id(egui::Id::unique("story")).open(&mut open).collapsible(false);
    window.default_width(360.0).anchor(Align2::LEFT_BOTTOM, vec2(270.0, -150.0)).show(ctx, |ui| {
        sheet(ui, cx, story, actions);
    });
    if !open {
        actions.push(TimeAction::CloseStory.into());
    }
}

fn sheet(ui: &mut Ui, cx: ViewContext, story: &SpikeStory, actions: &mut Vec<Action>) {
    ui.label(format!("At update {} it is at step {}.", text::whole(story.update), text::whole(u64::from(story.step))));
    if let Some(told) = &story.told {
        ScrollArea::vertical().max_height(220.0).show(ui, |ui| {
            let created = told.events.first().is_some_and(|event| matches!(event.edit, Edit::Created { .. }));
            if !created && (told.whole || told.to > story.update) {
                let text =
                    format!("It is there as far back as this sample is watched, to update {}.", text::whole(told.from));
                ui.label(text);
            }
            for event in &told.events {
                ui.horizontal(|ui| {
                    let name = format!("Update {}", text::whole(event.update));
                    let hint = "Goes to the run after this update: the raster shows what it changed";
                    if ui.button(name).on_hover_text(hint).clicked() {
                        actions.push(TimeAction::Go(event.update).into());
                    }
                    let words = words(event.edit);
                    ui.label(format!("{words}, by {}", event.rule.label())).on_hover_text(event.rule.help());
                });
            }
            let removed = told.events.last().is_some_and(|event| matches!(event.edit, Edit::Removed { .. }));
            if told.whole && !removed {
                ui.label(format!("It is still there at update {}.", text::whole(told.to)));
            }
        });
    }
    if story.told.as_ref().is_none_or(|told| !told.whole) {
        let range = story.told.as_ref().map_or(String::new(), |told| {
            format!(": updates {} to {} so far", text::whole(told.from), text::whole(told.to))
        });
        ui.horizontal(|ui| {
            ui.label(RichText::new(format!("Replaying the run{range}")).color(cx.theme.faint));
            if ui.button("Stop").on_hover_text("Stops the replay and closes the story").clicked() {
                actions.push(TimeAction::CloseStory.into());
            }
        });
    }
}

fn words(edit: Edit) -> String {
    match edit {
        Edit::Created { step } => format!("created at step {step}"),
        Edit::Removed { step } => format!("removed from step {step}"),
        Edit::Shifted { from, to } => {
            let way = if to > from { "later" } else { "earlier" };
            format!("moved from step {from} to {to}, {} {way}", text::count(u64::from(to.abs_diff(from)), "step"))
        }
        Edit::Kept { step } => format!("kept at step {step}"),
    }
}
