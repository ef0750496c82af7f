//! What is under way with sessions.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;

use crate::engine::{JournalKeeper, RunOpening, SessionOpening};
use crate::gui::sheets::SessionSheets;
use crate::gui::state::RunView;
use crate::gui::state::session::ViewAddress;
use crate::session::data::KnownData;
use crate::session::journal::FoundJournal;
use crate::session::{Session, SessionRun};

/// What is under way with sessions.
#[derive(Default)]
pub struct SessionWork {
    pub keeper: Option<JournalKeeper>,
    /// The folder of journals, where one is kept.
    pub journals: Option<PathBuf>,
    /// What the journal holds is not saved, and another session takes its place.
    pub leaves: bool,
    pub data: KnownData,
    pub opening: Option<(SessionOpening, Option<PathBuf>)>,
    /// What the worker is taking over.
    pub coming: Option<(OpenedViews, Option<PathBuf>)>,
    /// A run whose data were found, or that is opened from a log.
    pub locating: Option<RunOpening>,
    pub adopting: VecDeque<RunView>,
    /// What an earlier program left and is gone on with.
    pub recovered: Option<FoundJournal>,
    /// The run without data that is turned to.
    pub turning: Option<u32>,
    pub sheets: SessionSheets,
    /// The moment of another run that is gone to once that is there.
    pub going_at: Option<(u32, u64)>,
    /// Where one goes once the session is there.
    pub address: ViewAddress,
    pub title: String,
}

/// The runs of a session as they are to be seen.
pub struct OpenedViews {
    pub session: Arc<Session>,
    pub views: Vec<RunView>,
    pub missing: Vec<Arc<SessionRun>>,
    pub changed: Option<String>,
}
