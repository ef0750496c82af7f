//! What a person wants, as views say it. One function applies it: [`super::app::App::apply`].

use std::path::PathBuf;

use crate::engine::Speed;
use crate::rule::Rule;
use crate::task::{Split, TargetEdit, TaskKind};
use crate::train::Settings;
use crate::train::settings::{Change, Value};

use super::files::Slot;
use super::layout::{Panel, Workspace};
use super::state::Choices;
use super::survey::Cell;

/// A wish of the person before the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Play,
    Pause,
    /// One update.
    Step,
    /// So many updates as fast as they go.
    Advance(u64),
    Speed(Speed),
    Rule(Rule),
    /// A value that was entered in the form: why it cannot be is said there.
    Edit(Change),
    /// Changes settings, all together: at once where they can, else marked as waiting for a restart.
    Change(Vec<Change>),
    /// The same with all settings of a preset or a file.
    TakeOn(Box<Settings>),
    /// Takes back the last change of settings or the last stroke of the pencil.
    Undo,
    /// Switches the drawing of targets on or off.
    Pencil(bool),
    /// Target spikes that come and go; those of one stroke are undone together.
    Draw {
        edits: Vec<TargetEdit>,
        stroke: u64,
    },
    /// Forgets changes that wait for a restart.
    Discard,
    /// A new run from update 0 with the settings as they stand in the form.
    Restart,
    /// The same with the next seed.
    NewSeed,
    /// What is looked at, and how.
    Choose(Choices),
    /// Computes the landscape around the weights as they are.
    Survey,
    StopSurvey,
    /// Goes on with a landscape that was stopped: what is missing is filled in.
    ResumeSurvey,
    /// The weights as they are now stay in the centre of the landscape.
    FixCentre,
    /// The pointer is over a cell of the landscape, or over none.
    PointAt(Option<Cell>),
    /// A cell of the landscape was clicked, or is let go.
    Pin(Option<Cell>),
    /// Two neighbouring cells were found between which the loss jumps.
    PinCliff {
        above: Cell,
        below: Cell,
    },
    /// Asks how the network as it is divides the plane of its task.
    AskMap,
    StopMap,
    /// Asks what the network of this moment takes the samples of a part for.
    Exam(Split),
    StopExam,
    OpenPanel(Panel),
    /// Arranges the panels for something else.
    Workspace(Workspace),
    ResetLayout,
    Help,
    OpenSettings,
    /// Goes on from a checkpoint, or begins with weights of a file.
    OpenCheckpoint,
    /// The same from a file that was handed over.
    OpenCheckpointAt(PathBuf),
    SaveCheckpoint,
    SaveWeights,
    SaveSettings,
    SaveLog,
    SavePicture,
    /// Size of everything, 1 for the screen's own.
    Zoom(f32),
    /// Opens the task chooser; at the card of a kind, with a file or folder filled in, where one was handed over.
    ChooseTask(Option<(TaskKind, PathBuf)>),
    /// Opens the task of these settings and begins a run on it, which plays; the old one goes on until then.
    StartTask(Box<Settings>),
    /// Gives up the task that is being opened; the run goes on.
    StopOpening,
    /// Reads a picture for the chooser's preview.
    ReadPicture(String),
    /// Asks for a file or folder with the system's dialog.
    Browse(Slot),
    /// Reads all settings from this file.
    OpenSettingsAt(PathBuf),
    /// Forgets why the last wish was refused: it was read.
    Dismiss,
    /// Tells the person something.
    Say(String),
    Quit,
}

impl Action {
    /// Looks at another sample from here on.
    pub fn watch(part: Split, index: usize) -> Self {
        Self::Change(vec![
            Change::to("run.probe_part", Value::Choice(part.key())),
            Change::to("run.probe", Value::Whole(index as u64)),
        ])
    }
}
