//! One frame of the window.

use egui::{Key, Ui};

use super::App;
use super::keys::keys;
use crate::gui::action::{Action, FileAction};
use crate::gui::state::{OpeningState, ViewContext};
use crate::gui::theme::Palette;
use crate::gui::tiles::TileBehaviour;
use crate::gui::widgets::note;
use crate::gui::{bar, dropped, help, layout};
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
            choices: &self.choices,
            lesson: &self.lesson,
            theme: &theme,
            form: &self.form,
            opening: match (&self.opening, &self.refused) {
                (Some(opening), _) => OpeningState::Busy(opening.progress()),
                (None, Some(why)) => OpeningState::Refused(why),
                (None, None) => OpeningState::None,
            },
            undo: self.undo.last(),
            need_of_form: self.need_of_form.bytes(),
            need_of_run: self.need_of_run.bytes(),
            gallery: &self.gallery,
        };
        keys(ui, cx, self.chooser.is_open(), &mut actions);
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
        let frame = egui::Frame::new().fill(theme.line);
        egui::CentralPanel::default().frame(frame).show(ui, |ui| {
            let mut behaviour = TileBehaviour { panels: &mut self.panels, cx, actions: &mut actions };
            self.layout.ui(&mut behaviour, ui);
            if open.panels.is_empty() {
                note::empty(
                    ui,
                    cx,
                    "All panels are closed. View opens them one by one; View > Reset layout all together.",
                );
            }
        });
        self.files.show(&theme);
        self.chooser.show(ui.ctx(), cx, &mut actions);
        dropped::overlay(ui.ctx(), &theme);
        let handed = dropped::paths(ui.ctx());
        if !handed.is_empty() {
            actions.push(FileAction::OpenDropped(handed).into());
        }
        self.sheets(ui, &theme, &mut actions);
        if !actions.is_empty() {
            ui.request_repaint();
        }
        self.actions = actions;
    }

    /// What stands before everything until it is closed.
    fn sheets(&mut self, ui: &Ui, theme: &Palette, actions: &mut Vec<Action>) {
        self.help &= !ui.input(|i| i.key_pressed(Key::Escape));
        self.lesson_views.glossary.open &= !ui.input(|i| i.key_pressed(Key::Escape));
        if self.help {
            help::show(ui, theme, &mut self.help, actions);
        }
        self.lesson_views.glossary.show(ui, theme);
    }
}
