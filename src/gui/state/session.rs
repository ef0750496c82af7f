//! What is known of the session: its file, what of it is unsaved, and runs whose data are not there.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use egui_tiles::Tree;
use serde::{Deserialize, Serialize};

use super::time::TimePin;
use super::{Choices, KeptRuns, RunView, letter};
use crate::gui::layout::{Panel, Workspace};
use crate::record::history::BUDGET;
use crate::session::journal::{self, FoundJournal};
use crate::session::{Session, SessionPin, SessionRun};
use crate::text;

/// The state of the session as a whole.
#[derive(Default)]
pub struct SessionState {
    /// Its file, once it has one.
    pub path: Option<PathBuf>,
    /// What there was when it was last saved or opened.
    saved: Option<SessionMark>,
    /// Files that were opened or saved, the newest first.
    pub recent: Vec<PathBuf>,
    /// What the runs that were asked of the worker are for, in order.
    pub wanted: VecDeque<RunsWanted>,
    /// Runs whose data are not where they were.
    pub missing: Vec<Arc<SessionRun>>,
    /// What an earlier program left, until it is gone on with or left alone.
    pub found: Option<Box<LeftWork>>,
    /// MiB that the pasts of all runs may take together.
    pub history_mib: u32,
    /// When the journal was last written, and what there was then.
    pub beaten: Option<(Instant, SessionMark)>,
}

/// What an earlier program left that did not come to its end.
#[derive(Debug)]
pub struct LeftWork {
    pub journal: FoundJournal,
    pub session: Session,
}

impl LeftWork {
    /// The newest that programs left below `base`; what holds nothing is cleared away. Reads files.
    pub fn find(base: &Path) -> Option<Self> {
        journal::found(base).into_iter().find_map(|journal| match journal.session() {
            Ok(Some(session)) => Some(Self { journal, session }),
            Ok(None) => {
                journal.remove();
                None
            }
            // another version may read it
            Err(_) => None,
        })
    }

    /// What it is, as in `run b at update 1,200, 1 more run and 2 pins`.
    pub fn about(&self) -> String {
        let Session { runs, current, pins, .. } = &self.session;
        let newest = runs.iter().find(|run| run.start == *current).map_or(0, SessionRun::newest);
        let mut about = format!("run {} at update {}", letter(*current), text::whole(newest));
        let more = [(runs.len() - 1, "more run"), (pins.len(), "pin")];
        let more: Vec<String> =
            more.iter().filter(|(n, _)| *n > 0).map(|(n, what)| text::count(*n as u64, what)).collect();
        if !more.is_empty() {
            about += &format!(", with {}", more.join(" and "));
        }
        about
    }
}

/// What the runs of the worker are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunsWanted {
    Save(PathBuf),
    Journal,
}

/// All that a session is saved for, in short: two that differ in something have other marks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionMark {
    /// Number, updates and marks of each run.
    runs: Vec<(u32, u64, usize)>,
    pins: Vec<(String, u32, u64)>,
}

/// MiB that the pasts of all runs may take together at the first start.
pub const HISTORY_MIB: u32 = (BUDGET >> 20) as u32;
/// Files in the list of recent ones.
const MOST_RECENT: usize = 8;

impl SessionMark {
    pub fn of(view: &RunView, kept: &KeptRuns, pins: &[TimePin]) -> Self {
        let all = kept.iter().filter(|run| run.start != view.start).chain([view]);
        let mut runs: Vec<_> = all.map(|run| (run.start, run.newest(), run.marks.len())).collect();
        runs.sort_unstable();
        let pins = pins.iter().map(|pin| (pin.name.clone(), pin.start, pin.update)).collect();
        Self { runs, pins }
    }

    /// Whether the other has the same runs and marks and pins.
    pub fn differs_in_updates(&self, other: &Self) -> bool {
        let same = |(a, b): (&(u32, u64, usize), &(u32, u64, usize))| (a.0, a.2) == (b.0, b.2);
        self.pins == other.pins && self.runs.len() == other.runs.len() && self.runs.iter().zip(&other.runs).all(same)
    }

    /// Whether there is anything that could be lost.
    pub fn is_empty(&self) -> bool {
        self.pins.is_empty() && self.runs.iter().all(|run| run.1 == 0)
    }
}

impl SessionState {
    /// Nothing yet, with what is remembered of earlier programs.
    pub fn remembered(recent: Vec<PathBuf>, history_mib: u32) -> Self {
        Self { recent, history_mib, ..Self::default() }
    }

    /// It is as `path` has it.
    pub fn saved_as(&mut self, path: &Path, mark: SessionMark) {
        self.path = Some(path.to_owned());
        self.saved = Some(mark);
        self.recent.retain(|other| other != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(MOST_RECENT);
    }

    /// It has no file.
    pub fn unnamed(&mut self) {
        (self.path, self.saved) = (None, None);
    }

    pub fn is_saved(&self, mark: &SessionMark) -> bool {
        self.saved.as_ref().map_or_else(|| mark.is_empty(), |saved| saved == mark)
    }

    /// Whether there is more that is not saved than a run that was only watched: a file, a pin, or a second run.
    pub fn is_worth_keeping(&self, mark: &SessionMark) -> bool {
        !self.is_saved(mark) && (self.path.is_some() || !mark.pins.is_empty() || mark.runs.len() > 1)
    }

    /// The title of the window: a dot stands before what is not saved.
    pub fn title(&self, mark: &SessionMark) -> String {
        let name = self.path.as_ref().and_then(|path| path.file_name());
        let name = name.map(|name| name.to_string_lossy().into_owned());
        match (name, self.is_saved(mark)) {
            (None, true) => "Spikescape".to_owned(),
            (None, false) => "• Unsaved session – Spikescape".to_owned(),
            (Some(name), true) => format!("{name} – Spikescape"),
            (Some(name), false) => format!("• {name} – Spikescape"),
        }
    }
}

/// A moment of a run, in a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewAddress {
    pub at: Option<u64>,
    /// The letter of the run.
    pub run: Option<String>,
    pub workspace: Option<Workspace>,
}

/// The view, as it stands in a session.
#[derive(Serialize, Deserialize)]
pub struct SessionView {
    pub choices: Choices,
    pub layout: Tree<Panel>,
    pub workspace: Workspace,
    pub aside: Vec<(Workspace, Tree<Panel>)>,
    pub known: Vec<Panel>,
}

/// The view of a pin, as it stands in a session.
#[derive(Serialize, Deserialize)]
struct PinView {
    choices: Choices,
    workspace: Workspace,
}

impl TimePin {
    pub fn to_session(&self) -> SessionPin {
        let view = PinView { choices: self.choices.clone(), workspace: self.workspace };
        let view = serde_json::to_value(view).unwrap_or_default();
        SessionPin { name: self.name.clone(), run: self.start, update: self.update, view }
    }

    /// A view that this version does not know is that of the first start.
    pub fn of_session(pin: &SessionPin) -> Self {
        let view = PinView::deserialize(&pin.view).ok();
        let (choices, workspace) = view.map(|view| (view.choices, view.workspace)).unwrap_or_default();
        Self { name: pin.name.clone(), start: pin.run, update: pin.update, choices, workspace }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rule;
    use crate::task::Split;
    use crate::train::Settings;

    #[test]
    fn the_title_says_what_is_not_saved() {
        let (view, kept) = (RunView::new(Settings::default()), KeptRuns::default());
        let pin = |name: &str| TimePin {
            name: name.to_owned(),
            start: 1,
            update: 0,
            choices: Choices::default(),
            workspace: Workspace::default(),
        };
        let mark = |pins: &[TimePin]| SessionMark::of(&view, &kept, pins);
        let mut session = SessionState::default();
        assert_eq!(session.title(&mark(&[])), "Spikescape");
        assert_eq!([mark(&[]), mark(&[pin("a")])].map(|mark| session.is_worth_keeping(&mark)), [false, true]);
        assert_eq!(session.title(&mark(&[pin("a")])), "• Unsaved session – Spikescape");
        session.saved_as(Path::new("x/mine.spikescape"), mark(&[pin("a")]));
        assert_eq!(session.title(&mark(&[pin("a")])), "mine.spikescape – Spikescape");
        assert_eq!(session.title(&mark(&[pin("b")])), "• mine.spikescape – Spikescape");
        for n in 0..12 {
            session.saved_as(Path::new(&format!("{n}")), mark(&[]));
        }
        session.saved_as(Path::new("7"), mark(&[]));
        assert_eq!((session.recent.len(), session.recent[0].to_str()), (MOST_RECENT, Some("7")));
    }

    #[test]
    fn a_pin_keeps_its_view() {
        let mut choices = Choices { look_back: 7, neuron: Some((1, 2)), ..Choices::default() };
        choices.decision_map.marks = Some(Split::Train);
        (choices.landscape.range, choices.landscape.second) = (0.1, Some(Rule::Timing));
        let pin = TimePin { name: "here".into(), start: 2, update: 9, choices, workspace: Workspace::Landscape };
        let again = TimePin::of_session(&pin.to_session());
        assert_eq!((again.name, again.start, again.update), (pin.name, 2, 9));
        assert_eq!((again.choices, again.workspace), (pin.choices, Workspace::Landscape));
    }
}
