//! The keys.

use egui::{Key, Modifiers, Ui};

use crate::gui::action::{Action, RunAction, SettingsAction, TaskAction, TimeAction, WindowAction};
use crate::gui::layout::Workspace;
use crate::gui::state::ViewContext;
use crate::rule::Rule;

/// The keys; they rest while a text field has the focus, or a sheet stands before everything.
pub(super) fn keys(ui: &Ui, cx: ViewContext, sheet: bool, actions: &mut Vec<Action>) {
    // there is no redo: its shortcut must not undo
    ui.input_mut(|i| i.consume_shortcut(&egui::KeyboardShortcut::new(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z)));
    let undo = egui::KeyboardShortcut::new(Modifiers::COMMAND, Key::Z);
    if ui.input_mut(|i| i.consume_shortcut(&undo)) && !ui.text_edit_focused() {
        actions.push(SettingsAction::Undo.into());
    }
    let quit = egui::KeyboardShortcut::new(Modifiers::COMMAND, Key::Q);
    if ui.input_mut(|i| i.consume_shortcut(&quit)) {
        actions.push(WindowAction::Quit.into());
    }
    if sheet || ui.text_edit_focused() {
        return;
    }
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
    if !shift {
        on(Key::ArrowLeft, TimeAction::Step(-1).into());
        on(Key::ArrowRight, if past { TimeAction::Step(1).into() } else { RunAction::Step.into() });
    }
    on(Key::Home, TimeAction::Go(0).into());
    on(Key::End, TimeAction::Live.into());
    on(Key::L, TimeAction::Live.into());
    on(Key::P, TimeAction::Pin.into());
    on(Key::G, TimeAction::Fork.into());
    on(Key::Space, if cx.run.playing { RunAction::Pause } else { RunAction::Play }.into());
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
