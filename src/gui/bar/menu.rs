//! The menus, the workspaces, and the numbers of the run.

use egui::{Align, Button, Layout, Ui};

use super::{lessons, numbers};
use crate::figure::FigureView;
use crate::gui::action::{
    Action, ExportAction, FileAction, SessionAction, SettingsAction, TaskAction, WindowAction, choose,
};
use crate::gui::layout::{Panel, Workspace};
use crate::gui::state::{Undo, ViewContext};
use crate::lesson::Control;
use crate::task::TimeUnit;
use crate::text;

/// The panels below the bars, and their workspace.
#[derive(Clone, Copy)]
pub struct OpenPanels<'a> {
    pub workspace: Workspace,
    pub panels: &'a [Panel],
}

/// Draws the row.
pub fn show(ui: &mut Ui, cx: ViewContext, open: OpenPanels, actions: &mut Vec<Action>) {
    egui::MenuBar::new().ui(ui, |ui| {
        ui.menu_button("File", |ui| file_menu(ui, cx, actions));
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
            let hint = "Version, licence, the paper, and how to cite";
            if ui.add(Button::new("About Spikescape")).on_hover_text(hint).clicked() {
                actions.push(WindowAction::About.into());
                ui.close();
            }
        });
        ui.add_space(10.0);
        if cx.lesson.shows(Control::Workspaces) {
            workspaces(ui, open.workspace, actions);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.available_width() >= WITH_THEMES {
                ui.horizontal(egui::global_theme_preference_buttons);
                ui.add_space(12.0);
            }
            numbers::show(ui, cx);
        });
    });
}

/// With less room the theme is chosen in the View menu alone.
const WITH_THEMES: f32 = 300.0;
/// With less room the workspaces are a list that opens.
const WITH_WORKSPACES: f32 = 560.0;

fn workspaces(ui: &mut Ui, open: Workspace, actions: &mut Vec<Action>) {
    let mut choice = |ui: &mut Ui, workspace: Workspace| {
        let button = Button::selectable(open == workspace, workspace.title());
        if ui.add(button).on_hover_text(workspace.hint()).clicked() {
            actions.push(WindowAction::Workspace(workspace).into());
        }
    };
    if ui.available_width() >= WITH_WORKSPACES {
        Workspace::ALL.into_iter().for_each(|workspace| choice(ui, workspace));
    } else {
        ui.menu_button(format!("{} ⏷", open.title()), |ui| {
            Workspace::ALL.into_iter().for_each(|workspace| choice(ui, workspace));
        });
    }
}

fn file_menu(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    session_items(ui, cx, actions);
    ui.separator();
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
    let hint = "Writes every view as SVG, PDF and PNG, and its data, to a folder with a page that shows them. A single view: the \
                menu … of its panel, or Ctrl+E";
    item(ui, "Export everything…", hint, ExportAction::Everything.into());
    item(ui, "Film…", "Writes the run as GIF, APNG or frames", ExportAction::Film(FigureView::Raster).into());
    ui.separator();
    let hint = "Shows the table or map of a sweep (spikescape plan, work) while its workers fill the folder";
    item(ui, "Open sweep…", hint, FileAction::OpenSweep.into());
    ui.separator();
    let hint =
        "Quits the program (Ctrl+Q); layout and theme come back at the next start, which offers unsaved sessions, too";
    item(ui, "Quit", hint, WindowAction::Quit.into());
}

fn session_items(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let items = [
        (
            "Open session…",
            "Ctrl+O",
            "Opens a session in the place of this one: all its runs, their pasts, pins and the view",
            SessionAction::Open,
        ),
        (
            "Save session",
            "Ctrl+S",
            "Saves all runs with their pasts, the pins and the view in one file; the run goes on meanwhile",
            SessionAction::Save,
        ),
        ("Save session as…", "Ctrl+Shift+S", "The same in another file", SessionAction::SaveAs),
    ];
    for (text, key, hint, action) in items {
        if ui.add(Button::new(text).shortcut_text(key)).on_hover_text(hint).clicked() {
            actions.push(action.into());
            ui.close();
        }
    }
    let recent = &cx.session.recent;
    ui.add_enabled_ui(!recent.is_empty(), |ui| {
        ui.menu_button("Open recent", |ui| {
            for path in recent {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                if ui.button(name).on_hover_text(path.display().to_string()).clicked() {
                    actions.push(SessionAction::OpenAt(path.clone()).into());
                    ui.close();
                }
            }
        })
        .response
        .on_hover_text("Sessions that were opened or saved last");
    });
}

fn edit_menu(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let name = |word, undo: Option<&Undo>| format!("{word} {}", undo.map_or("", Undo::name)).trim_end().to_owned();
    let undo = Button::new(name("Undo", cx.undo)).shortcut_text("Ctrl+Z");
    if ui.add_enabled(cx.undo.is_some(), undo).on_hover_text("Takes back what was done last").clicked() {
        actions.push(SettingsAction::Undo.into());
        ui.close();
    }
    let redo = Button::new(name("Redo", cx.redo)).shortcut_text("Ctrl+Shift+Z");
    if ui.add_enabled(cx.redo.is_some(), redo).on_hover_text("Does again what was taken back last").clicked() {
        actions.push(SettingsAction::Redo.into());
        ui.close();
    }
    ui.separator();
    let items = [
        (
            "Copy link to this view",
            "Copies a line for the shell that opens this session at this moment, in this workspace, paused",
            SessionAction::CopyLink,
        ),
        (
            "Copy settings as text",
            "Copies all settings of the form, as in a settings file",
            SessionAction::CopySettings,
        ),
        (
            "Paste settings",
            "Takes on the settings in the clipboard, as in a settings file (Ctrl+V)",
            SessionAction::PasteSettings,
        ),
    ];
    for (text, hint, action) in items {
        if ui.button(text).on_hover_text(hint).clicked() {
            actions.push(action.into());
            ui.close();
        }
    }
}

fn panel_item(ui: &mut Ui, panel: Panel, open: &[Panel], actions: &mut Vec<Action>) {
    let mut there = open.contains(&panel);
    let hint = if there { "Brings this panel to the front" } else { "Opens this panel in its usual place" };
    if ui.checkbox(&mut there, panel.title()).on_hover_text(hint).clicked() {
        actions.push(WindowAction::OpenPanel(panel).into());
        ui.close();
    }
}

fn view_menu(ui: &mut Ui, cx: ViewContext, open: &[Panel], actions: &mut Vec<Action>) {
    // in columns, as a single one would be higher than the window
    let columns = if ui.content_rect().height() < 640.0 { 3 } else { 2 };
    egui::Grid::new("panels").num_columns(columns).show(ui, |ui| {
        let rows = Panel::ALL.len().div_ceil(columns);
        for row in 0..rows {
            Panel::ALL.iter().skip(row).step_by(rows).for_each(|panel| panel_item(ui, *panel, open, actions));
            ui.end_row();
        }
    });
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
    history(ui, cx, actions);
    ui.separator();
    ui.horizontal(|ui| {
        ui.label("Theme");
        egui::global_theme_preference_buttons(ui);
    });
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

/// The memory for the pasts of all runs: how much is used, and how much there is.
fn history(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let (used, budget) = (cx.frame().map_or(0, |frame| frame.history_bytes as u64), cx.session.history_mib);
    let free = (u64::from(budget) << 20).saturating_sub(used);
    let text = format!("History: {} used, {} free of", text::bytes(used), text::bytes(free));
    ui.label(text).on_hover_text(
        "Memory for the pasts of all runs, half of it for the run at work. With less of it moments lie further apart, and \
         going to an update in between takes longer; nothing is lost",
    );
    ui.horizontal(|ui| {
        for mib in [64, 128, 256, 512, 1024, 2048] {
            let hint = "Lets the pasts of all runs take this much memory together";
            if ui.selectable_label(mib == budget, format!("{mib} MiB")).on_hover_text(hint).clicked() {
                actions.push(WindowAction::HistoryBudget(mib).into());
            }
        }
    });
}
