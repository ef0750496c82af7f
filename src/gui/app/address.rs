//! Addresses of views, and settings as text: what is copied to the clipboard and comes from it.

use egui::Context;

use super::App;
use crate::gui::action::{SettingsAction, WindowAction};
use crate::gui::state::letter;
use crate::gui::state::session::ViewAddress;
use crate::machine;
use crate::train::Settings;

impl App {
    /// Goes to a moment of a run as soon as the session is there; the workspace is put at once.
    pub fn go_to_view(&mut self, ctx: &Context, address: ViewAddress) {
        if let Some(workspace) = address.workspace {
            self.apply(ctx, WindowAction::Workspace(workspace).into());
        }
        self.sessions.address = address;
    }

    pub(super) fn go_to_address(&mut self, now: f64) {
        let ViewAddress { at, run, workspace } = std::mem::take(&mut self.sessions.address);
        if let Some(workspace) = workspace {
            self.arrange(workspace);
        }
        if let Some(update) = at {
            self.go_to(update);
        }
        let Some(wanted) = run.filter(|run| *run != self.view.letter()) else { return };
        let found = self.runs.iter().find(|run| run.letter() == wanted).map(|run| run.start);
        match found {
            Some(start) => {
                self.sessions.going_at = at.map(|update| (start, update));
                self.switch_to(start);
            }
            None => self.notify(&format!("The session has no run {wanted}: run {} is shown.", self.view.letter()), now),
        }
    }

    pub(super) fn copy_link(&mut self, ctx: &Context, now: f64) {
        let Some(path) = &self.session.path else {
            return self.notify("Save the session first (Ctrl+S): a link names its file.", now);
        };
        let at = self.time.at.unwrap_or_else(|| self.view.newest());
        let workspace = self.workspace.title().to_lowercase();
        let (file, run) = (in_shell(&path.to_string_lossy()), letter(self.view.start));
        ctx.copy_text(format!("spikescape {file} --at {at} --run {run} --workspace {workspace}"));
        let unsaved =
            if self.session.is_saved(&self.session_mark()) { "" } else { " Save the session, so that it is there." };
        self.notify(&format!("Copied a line for the shell that opens this view.{unsaved}"), now);
    }

    /// Takes on settings that were pasted.
    pub(super) fn take_on_text(&mut self, text: &str, now: f64) {
        match Settings::from_toml_within("the clipboard", text, machine::memory()) {
            Ok(settings) => {
                self.actions.push(SettingsAction::TakeOn(Box::new(settings)).into());
                self.notify("The settings that were pasted are taken on.", now);
            }
            Err(problems) => {
                let first = problems.first().map(ToString::to_string).unwrap_or_default();
                self.refused = Some(format!("What was pasted are no settings. {first}"));
            }
        }
    }
}

/// A word for the shell.
fn in_shell(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/._-+:".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

#[cfg(test)]
mod tests {
    use super::in_shell;

    #[test]
    fn a_path_is_one_word_for_the_shell() {
        assert_eq!(in_shell("/a/b-1.spikescape"), "/a/b-1.spikescape");
        assert_eq!(in_shell("my file"), "'my file'");
        assert_eq!(in_shell("it's"), "'it'\\''s'");
    }
}
