//! One frame of the window.

use egui::{Key, Ui};
use egui_tiles::Tree;

use super::App;
use super::keys::{KeysAt, keys};
use crate::engine::Opening;
use crate::gui::action::{Action, FileAction};
use crate::gui::layout::Panel;
use crate::gui::state::{OpeningState, ViewContext};
use crate::gui::theme::Palette;
use crate::gui::tiles::TileBehaviour;
use crate::gui::widgets::note;
use crate::gui::widgets::path_field::default_pressed;
use crate::gui::{about, bar, dropped, help, layout, story};
use crate::lesson::Control;

impl App {
    /// Draws everything, and collects what the user wants until the next [`App::logic`].
    pub fn ui(&mut self, ui: &mut Ui) {
        let theme = Palette::of(ui);
        let mut actions = std::mem::take(&mut self.actions);
        let cx = ViewContext {
            run: &self.view,
            runs: &self.runs,
            time: &self.time,
            landscape: &self.landscape,
            decision_map: &self.decision_map,
            evaluation: &self.evaluation,
            compare: &self.compare,
            health: &self.health,
            inside: &self.inside,
            choices: &self.choices,
            lesson: &self.lesson,
            theme: &theme,
            form: &self.form,
            opening: match (self.opening.as_ref().map(Opening::progress).or(self.opens_session()), &self.refused) {
                (Some(progress), _) => OpeningState::Busy(progress),
                (None, Some(why)) => OpeningState::Refused(why),
                (None, None) => OpeningState::None,
            },
            session: &self.session,
            undo: self.undo.last(),
            redo: self.redo.last(),
            need_of_form: self.need_of_form.bytes(),
            need_of_run: self.need_of_run.bytes(),
            gallery: &self.gallery,
        };
        let asked = self.session.found.is_some() || self.sessions.sheets.is_open();
        let of_files = self.files.is_open() || self.sweep.is_open() || self.exports.is_open();
        let sheet = self.chooser.is_open() || asked || of_files;
        // before anything is drawn: a field behind the sheet gives up its focus with Enter
        let enter = default_pressed(ui);
        keys(ui, cx, KeysAt { workspace: self.workspace, sheet, pointed: self.panels.pointed }, &mut actions);
        // the sheet that is open says itself why a task could not be begun
        let said = self.chooser.is_open() && matches!(cx.opening, OpeningState::Refused(_));
        let bar_cx = if said { ViewContext { opening: OpeningState::None, ..cx } } else { cx };
        let open = bar::OpenPanels { workspace: self.workspace, panels: &layout::shown(&self.layout) };
        let notice = self.notice.as_ref().map(|n| n.0.as_str());
        bar::show(ui, bar_cx, open, notice, self.meter, &mut actions);
        if cx.lesson.shows(Control::Timeline) {
            self.timeline.show(ui, cx, &mut actions);
        }
        self.lesson_views.panel.show(ui, cx, &mut actions);
        self.panels.pointed = None;
        let mut tiles = TileBehaviour { panels: &mut self.panels, cx, actions: &mut actions };
        panels(ui, cx, &mut self.layout, &mut tiles);
        self.files.show(&theme, enter);
        self.sweep.show(ui.ctx(), &theme, &mut actions);
        self.chooser.show(ui.ctx(), cx, &mut actions);
        story::show(ui.ctx(), cx, &mut actions);
        self.sessions.sheets.show(ui.ctx(), &theme, self.session.found.as_deref(), enter, &mut actions);
        self.exports.show(ui.ctx(), &theme, &mut actions);
        dropped::overlay(ui.ctx(), &theme);
        let handed = dropped::paths(ui.ctx());
        actions.extend((!handed.is_empty()).then(|| FileAction::OpenDropped(handed).into()));
        self.sheets(ui, &theme, &mut actions);
        if !actions.is_empty() {
            ui.request_repaint();
        }
        self.actions = actions;
    }

    /// What stands before everything until it is closed; Esc closes it.
    fn sheets(&mut self, ui: &Ui, theme: &Palette, actions: &mut Vec<Action>) {
        let escape = ui.input(|i| i.key_pressed(Key::Escape));
        self.help &= !escape;
        self.about &= !escape;
        self.lesson_views.glossary.open &= !escape;
        if self.help {
            help::show(ui, theme, &mut self.help, actions);
        }
        if self.about {
            about::show(ui, theme, &mut self.about);
        }
        self.lesson_views.glossary.show(ui, theme);
    }
}

/// The panels in their tiles, or where they are if there are none.
fn panels(ui: &mut Ui, cx: ViewContext, layout: &mut Tree<Panel>, tiles: &mut TileBehaviour) {
    let frame = egui::Frame::new().fill(cx.theme.line);
    egui::CentralPanel::default().frame(frame).show(ui, |ui| {
        layout.ui(tiles, ui);
        if layout::shown(layout).is_empty() {
            let text = "All panels are closed. View opens them one by one; View > Reset layout all together.";
            note::empty(ui, cx, text);
        }
    });
}
