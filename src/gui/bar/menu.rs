//! The menus, the workspaces, and the numbers of the run.

use egui::{Align, Button, Layout, Ui};

use super::{lessons, numbers};
use crate::gui::action::{Action, FileAction, SettingsAction, TaskAction, WindowAction, choose};
use crate::gui::layout::{Panel, Workspace};
use crate::gui::state::{Undo, ViewContext};
use crate::lesson::Control;
use crate::task::TimeUnit;

/// The panels below the bars, and their workspace.
#[derive(Clone, Copy)]
pub struct OpenPanels<'a> {
    pub workspace: Workspace,
    pub panels: &'a [Panel],
}

/// Draws the row.
pub fn show(ui: &mut Ui, cx: ViewContext, open: OpenPanels, actions: &mut Vec<Action>) {
    egui::MenuBar::new().ui(ui, |ui| {
        ui.menu_button("File", |ui| file_menu(ui, actions));
        ui.menu_button("Edit", |ui| edit_menu(ui, cx, actions));
        ui.menu_button("View", |ui| view_menu(ui, cx, open.panels, actions));
        ui.menu_button("Lessons", |ui| lessons::menu(ui, cx, actions));
        ui.menu_button("Help", |ui| {
            if ui.add(Button::new("Keys and marks").shortcut_text("?")).clicked() {
                actions.push(WindowAction::Help.into());
                ui.close();
            }
            if ui.button("Glossary").on_hover_text("The words of the field, each in a few sentences").clicked() {
                actions.push(WindowAction::Glossary.into());
                ui.close();
            }
            let hint = "One neuron by hand: input spikes, weights, decays, and what follows from them";
            if ui.button("Neuron bench").on_hover_text(hint).clicked() {
                actions.push(WindowAction::OpenPanel(Panel::Bench).into());
                ui.close();
            }
        });
        ui.add_space(10.0);
        let workspaces = if cx.lesson.shows(Control::Workspaces) { &Workspace::ALL[..] } else { &[] };
        for &workspace in workspaces {
            let button = Button::selectable(open.workspace == workspace, workspace.title());
            if ui.add(button).on_hover_text(workspace.hint()).clicked() {
                actions.push(WindowAction::Workspace(workspace).into());
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.horizontal(egui::global_theme_preference_buttons);
            ui.add_space(12.0);
            numbers::show(ui, cx);
        });
    });
}

fn file_menu(ui: &mut Ui, actions: &mut Vec<Action>) {
    let mut item = |ui: &mut Ui, text, hint, action: Action| {
        let button = Button::new(text);
        let button = if action == WindowAction::Quit.into() { button.shortcut_text("Ctrl+Q") } else { button };
        if ui.add(button).on_hover_text(hint).clicked() {
            actions.push(action);
            ui.close();
        }
    };
    item(ui, "Choose task…", "Chooses what is learnt, and from which files (T)", TaskAction::Choose(None).into());
    item(ui, "Open settings…", "Reads all settings from a TOML file", FileAction::OpenSettings.into());
    item(ui, "Save settings…", "Writes all settings to a TOML file", FileAction::SaveSettings.into());
    ui.separator();
    let hint = "Continues from a checkpoint, or starts a run with these settings and the weights of a file";
    item(ui, "Open checkpoint…", hint, FileAction::OpenCheckpoint.into());
    let hint = "Writes everything needed to continue the run: weights, optimiser state, settings and log";
    item(ui, "Save checkpoint…", hint, FileAction::SaveCheckpoint.into());
    let hint = "Writes only the weights and biases, in the format that PyTorch's nn.Sequential loads";
    item(ui, "Save weights…", hint, FileAction::SaveWeights.into());
    ui.separator();
    item(
        ui,
        "Save log…",
        "Writes the changes made to this run, so that it can be replayed",
        FileAction::SaveLog.into(),
    );
    item(ui, "Save picture…", "Writes the window as a PNG file", FileAction::SavePicture.into());
    ui.separator();
    let hint = "Quits the program (Ctrl+Q); layout and theme are restored at the next start";
    item(ui, "Quit", hint, WindowAction::Quit.into());
}

fn edit_menu(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let name = match cx.undo {
        Some(Undo::Drawn { .. }) => "Undo drawing",
        _ => "Undo settings change",
    };
    let undo = Button::new(name).shortcut_text("Ctrl+Z");
    if ui.add_enabled(cx.undo.is_some(), undo).clicked() {
        actions.push(SettingsAction::Undo.into());
        ui.close();
    }
}

fn view_menu(ui: &mut Ui, cx: ViewContext, open: &[Panel], actions: &mut Vec<Action>) {
    for panel in Panel::ALL {
        let mut there = open.contains(&panel);
        let hint = if there { "Brings this panel to the front" } else { "Opens this panel in its usual place" };
        if ui.checkbox(&mut there, panel.title()).on_hover_text(hint).clicked() {
            actions.push(WindowAction::OpenPanel(panel).into());
            ui.close();
        }
    }
    if ui
        .button("Reset layout")
        .on_hover_text("Moves every panel of this workspace back to its original place")
        .clicked()
    {
        actions.push(WindowAction::ResetLayout.into());
        ui.close();
    }
    ui.separator();
    let mut choices = cx.choices.clone();
    ui.checkbox(&mut choices.captions, "Captions")
        .on_hover_text("Shows a line under each title that explains the panel");
    ui.horizontal(|ui| {
        ui.label("Time axes in");
        ui.selectable_value(&mut choices.time_unit, TimeUnit::Steps, "steps");
        ui.selectable_value(&mut choices.time_unit, TimeUnit::Ms, "ms");
    });
    choose(cx.choices, choices, actions);
    ui.separator();
    ui.horizontal(|ui| {
        ui.label("Zoom");
        let now = ui.zoom_factor();
        for percent in [75, 100, 125, 150, 200] {
            let zoom = percent as f32 / 100.0;
            if ui.selectable_label((now - zoom).abs() < 0.01, format!("{percent} %")).clicked() {
                actions.push(WindowAction::Zoom(zoom).into());
            }
        }
    });
}
