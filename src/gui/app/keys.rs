//! The keys.

use egui::{Key, Modifiers, Ui};

use crate::gui::action::{
    Action, CompareAction, ExportAction, RunAction, SessionAction, SettingsAction, TaskAction, TimeAction, WindowAction,
};
use crate::gui::layout::{Panel, Workspace};
use crate::gui::state::ViewContext;
use crate::rule::Rule;

/// Where keys are pressed.
#[derive(Clone, Copy)]
pub(super) struct KeysAt {
    pub workspace: Workspace,
    /// Whether a sheet stands before everything.
    pub sheet: bool,
    /// The panel under the pointer.
    pub pointed: Option<Panel>,
}

/// The keys; they rest while a text field has the focus, or a sheet stands before everything.
pub(super) fn keys(ui: &Ui, cx: ViewContext, at: KeysAt, actions: &mut Vec<Action>) {
    let KeysAt { workspace, sheet, .. } = at;
    commands(ui, at, actions);
    if sheet || ui.text_edit_focused() {
        return;
    }
    // a slider or button that has the focus keeps the keys that it is moved and pressed with
    let focused = ui.memory(|m| m.focused().is_some());
    if !focused {
        moves(ui, cx, workspace, actions);
    }
    let mut on = |key, action: Action| {
        if ui.input_mut(|i| i.consume_key(Modifiers::NONE, key)) {
            actions.push(action);
        }
    };
    on(Key::L, TimeAction::Live.into());
    on(Key::P, TimeAction::Pin.into());
    on(Key::G, TimeAction::Fork.into());
    on(Key::C, WindowAction::Workspace(Workspace::Compare).into());
    on(Key::T, TaskAction::Choose(None).into());
    on(Key::R, SettingsAction::Restart.into());
    on(Key::N, SettingsAction::NewSeed.into());
    on(Key::Num1, SettingsAction::Rule(Rule::Activation).into());
    on(Key::Num2, SettingsAction::Rule(Rule::Timing).into());
    on(Key::Num3, SettingsAction::Rule(Rule::Antlr).into());
    on(Key::E, WindowAction::Pencil(!cx.choices.pencil).into());
    if cx.choices.pencil {
        on(Key::Escape, WindowAction::Pencil(false).into());
    }
    on(Key::I, WindowAction::Workspace(Workspace::Inside).into());
    on(Key::F1, WindowAction::Help.into());
    if ui.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Text(t) if t == "?"))) {
        actions.push(WindowAction::Help.into());
    }
}

/// Space, arrows, Home and End.
fn moves(ui: &Ui, cx: ViewContext, workspace: Workspace, actions: &mut Vec<Action>) {
    let mut with = |modifiers, key, action: Action| {
        if ui.input_mut(|i| i.consume_key(modifiers, key)) {
            actions.push(action);
        }
    };
    let (past, shift) = (cx.time.at.is_some(), ui.input(|i| i.modifiers.shift));
    // the keys with more modifiers come first: egui takes those with fewer for them, too
    for (key, forward) in [(Key::ArrowLeft, false), (Key::ArrowRight, true)] {
        with(Modifiers::COMMAND, key, TimeAction::Search { forward }.into());
        // with a cell of the landscape pinned, these move it
        if cx.landscape.pinned.is_none() {
            with(Modifiers::SHIFT, key, TimeAction::Step(if forward { 10 } else { -10 }).into());
        }
    }
    let mut on = |key, action: Action| with(Modifiers::NONE, key, action);
    if workspace == Workspace::Compare && !cx.compare.is_empty() {
        let all = if cx.compare.playing() { CompareAction::Pause } else { CompareAction::Play };
        on(Key::Space, all.into());
        if !shift {
            on(Key::ArrowRight, CompareAction::Step.into());
        }
    }
    if !shift {
        on(Key::ArrowLeft, TimeAction::Step(-1).into());
        on(Key::ArrowRight, if past { TimeAction::Step(1).into() } else { RunAction::Step.into() });
    }
    on(Key::Home, TimeAction::Go(0).into());
    on(Key::End, TimeAction::Live.into());
    on(Key::Space, if cx.run.playing { RunAction::Pause } else { RunAction::Play }.into());
}

/// The keys with Ctrl; some hold also where a text is typed.
fn commands(ui: &Ui, at: KeysAt, actions: &mut Vec<Action>) {
    let typing = ui.text_edit_focused();
    let mut command = |modifiers, key, action: Action, also_typing: bool| {
        let shortcut = egui::KeyboardShortcut::new(Modifiers::COMMAND | modifiers, key);
        if (also_typing || !typing) && ui.input_mut(|i| i.consume_shortcut(&shortcut)) {
            actions.push(action);
        }
    };
    // those with more modifiers come first: egui takes those with fewer for them, too
    command(Modifiers::SHIFT, Key::Z, SettingsAction::Redo.into(), false);
    command(Modifiers::NONE, Key::Z, SettingsAction::Undo.into(), false);
    command(Modifiers::NONE, Key::Y, SettingsAction::Redo.into(), false);
    command(Modifiers::SHIFT, Key::S, SessionAction::SaveAs.into(), true);
    command(Modifiers::NONE, Key::S, SessionAction::Save.into(), true);
    command(Modifiers::NONE, Key::O, SessionAction::Open.into(), true);
    if !at.sheet {
        command(Modifiers::NONE, Key::E, ExportAction::Panel(at.pointed).into(), true);
    }
    command(Modifiers::NONE, Key::Q, WindowAction::Quit.into(), true);
    if !typing {
        let pasted = ui.input(|i| {
            i.events.iter().find_map(|event| match event {
                egui::Event::Paste(text) => Some(text.clone()),
                _ => None,
            })
        });
        actions.extend(pasted.map(|text| SessionAction::TakeOnText(text).into()));
    }
}
