//! Wishes of the user, as views state them. One function applies them: [`super::app::App::apply`].

use std::path::PathBuf;

use crate::engine::{Goal, Speed};
use crate::figure::{FigureStyle, FigureView};
use crate::gui::layout::{Panel, Workspace};
use crate::gui::state::Choices;
use crate::landscape::GridCell;
use crate::lesson::Lesson;
use crate::lesson::walk::GivenAnswer;
use crate::rule::Rule;
use crate::task::{Split, TargetEdit, TaskKind};
use crate::train::Settings;
use crate::train::settings::{Change, Value};

/// A wish of the user before the window, by what it is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Run(RunAction),
    Settings(SettingsAction),
    Landscape(LandscapeAction),
    DecisionMap(DecisionMapAction),
    Evaluation(EvaluationAction),
    Task(TaskAction),
    File(FileAction),
    Time(TimeAction),
    Window(WindowAction),
    Session(SessionAction),
    Export(ExportAction),
    Compare(CompareAction),
    Lesson(LessonAction),
}

/// The session as a whole: its file, and what an earlier program left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionAction {
    /// Saves it in its file; asks for one where it has none.
    Save,
    SaveAs,
    Open,
    OpenAt(PathBuf),
    /// Opens a log as one more run: it is replayed.
    OpenLogAt(PathBuf),
    /// Goes on with what an earlier program left.
    Recover,
    /// Leaves it alone until the next start.
    NotNow,
    /// Takes it away.
    Discard,
    /// The data of the run in view lie here now.
    Locate(String),
    /// Copies a line for the shell that opens exactly this view.
    CopyLink,
    /// Copies all settings of the form as text.
    CopySettings,
    /// Asks for the text in the clipboard, to take on the settings in it.
    PasteSettings,
    /// Takes on settings that were pasted as text.
    TakeOnText(String),
}

/// How the run goes on.
#[derive(Clone, Debug, PartialEq)]
pub enum RunAction {
    Play,
    Pause,
    /// One update.
    Step,
    /// So many updates as fast as they go.
    Advance(u64),
    /// Until the goal is reached, as fast as it goes.
    Until(Goal),
    Speed(Speed),
    /// Target spikes that come and go; those of one stroke are undone together.
    Draw {
        edits: Vec<TargetEdit>,
        stroke: u64,
    },
}

/// The settings in the form, and the runs that they begin.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingsAction {
    Rule(Rule),
    /// A value that was entered in the form: why it cannot be is said there.
    Edit(Change),
    /// Changes settings, all together: at once where they can, else marked as waiting for a restart.
    Change(Vec<Change>),
    /// The same with all settings of a preset or a file.
    TakeOn(Box<Settings>),
    /// Takes back the last change of settings, stroke of the pencil, pin, or removal.
    Undo,
    /// Makes again what was taken back last.
    Redo,
    /// Forgets changes that wait for a restart.
    Discard,
    /// A new run from update 0 with the settings as they stand in the form.
    Restart,
    /// The same with the next seed.
    NewSeed,
}

impl SettingsAction {
    /// Looks at another sample from here on.
    pub fn watch(split: Split, index: usize) -> Self {
        Self::Change(vec![
            Change::to("run.probe_part", Value::Choice(split.key())),
            Change::to("run.probe", Value::Whole(index as u64)),
        ])
    }
}

/// The landscape around the weights.
#[derive(Clone, Debug, PartialEq)]
pub enum LandscapeAction {
    /// Measures it around the weights as they are.
    Measure,
    Stop,
    /// Goes on with one that was stopped: what is missing is filled in.
    Resume,
    /// The weights as they are now stay in its centre.
    FixCentre,
    /// The pointer is over a cell, or over none.
    PointAt(Option<GridCell>),
    /// A cell was clicked, or is let go.
    Pin(Option<GridCell>),
    /// Two neighbouring cells were found between which the loss jumps.
    PinCliff {
        above: GridCell,
        below: GridCell,
    },
}

/// How the network as it is divides the plane of its task.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DecisionMapAction {
    Ask,
    Stop,
}

/// Which class the network of this moment gives the samples of a part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum EvaluationAction {
    Start(Split),
    Stop,
}

/// The task chooser, and the task that it opens.
#[derive(Clone, Debug, PartialEq)]
pub enum TaskAction {
    /// Opens the chooser; at the card of a kind, with a file or folder filled in, where one was handed over.
    Choose(Option<(TaskKind, PathBuf)>),
    /// Opens the task of these settings and begins a run on it, which plays; the old one goes on until then.
    Start(Box<Settings>),
    /// Gives up the task that is being opened; the run goes on.
    StopOpening,
    /// Forgets why the last wish was refused: it was read.
    Dismiss,
    /// Reads a picture for the chooser's preview.
    ReadPicture(String),
    /// Asks for a file or folder with the system's dialog.
    Browse(PathSlot),
    /// Reads these samples for showing, the first of them first, and none of those asked for before.
    ReadSamples(Vec<(Split, usize)>),
}

/// Reading from files and writing to them.
#[derive(Clone, Debug, PartialEq)]
pub enum FileAction {
    OpenSettings,
    /// Reads all settings from this file.
    OpenSettingsAt(PathBuf),
    /// Does what becomes of files and folders that were dropped onto the window.
    OpenDropped(Vec<PathBuf>),
    SaveSettings,
    /// Goes on from a checkpoint, or begins with weights of a file.
    OpenCheckpoint,
    /// The same from a file that was handed over.
    OpenCheckpointAt(PathBuf),
    SaveCheckpoint,
    SaveWeights,
    SaveLog,
    SavePicture,
    /// Shows the sheet that watches a sweep's folder …
    OpenSweep,
    /// … and watches this one.
    OpenSweepAt(PathBuf),
}

/// The moment that is looked at, and the runs that one can go back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeAction {
    /// Looks at the run as it was after so many updates.
    Go(u64),
    /// Looks at the present from here on.
    Live,
    /// So many updates on, or back.
    Step(i64),
    /// Plays the past like a film; stops where that is so already.
    Play {
        forward: bool,
    },
    /// Goes to the nearest update at which the chosen neuron's spikes changed, or those of any output.
    Search {
        forward: bool,
    },
    /// Goes to the update that put the spike of a neuron to this step.
    SearchOrigin {
        neuron: (usize, usize),
        step: u32,
    },
    StopSearch,
    /// Asks what became of a spike of a neuron (layer 0 is the first hidden one).
    Story {
        layer: usize,
        unit: u32,
        step: u32,
    },
    CloseStory,
    /// Goes on from the moment that is looked at, as a new run.
    Fork,
    /// Goes back to a run that was left, by the number of its start.
    Switch(u32),
    /// Takes a run from those that can be gone back to.
    Remove(u32),
    /// Keeps the moment with the view of it.
    Pin,
    GoToPin(usize),
    Rename(usize, String),
    Unpin(usize),
    /// Trains until so many updates are made, then pauses; goes back to them where they are made already.
    RunTo(u64),
}

/// Several runs in step with one another.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareAction {
    /// Starts the three rules from the weights, with which the run in view began, on its data.
    Rules,
    /// Takes a run of the session among those that are to be compared, or out of them, by the number of its start.
    Choose(u32, bool),
    /// Compares the chosen runs of the session, each going on from where it is.
    Session,
    Play,
    Pause,
    Step,
    RunTo(u64),
    Speed(Speed),
    /// Opens run `n` of those that are compared as the run in view.
    Open(usize),
    /// Lets go of the runs.
    End,
}

/// Panels, choices of what they show, and the window around them.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowAction {
    /// Changed choices of what the panels show.
    Choose(Box<Choices>),
    /// Switches the drawing of targets on or off.
    Pencil(bool),
    OpenPanel(Panel),
    /// Arranges the panels for something else.
    Workspace(Workspace),
    ResetLayout,
    /// Shows or hides the sheet of keys and marks.
    Help,
    /// Shows the sheet about the program.
    About,
    /// Opens the sheet at its other page, the glossary.
    Glossary,
    /// Size of everything, 1 for the screen's own.
    Zoom(f32),
    /// Tells the user something.
    Notify(String),
    /// MiB that the pasts of all runs may take together.
    HistoryBudget(u32),
    Quit,
}

/// Figures and films of what is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExportAction {
    /// Asks how and where the figure of a view is to be written.
    View(FigureView),
    /// The same for the panel under the pointer.
    Panel(Option<Panel>),
    /// The picture of a view to the clipboard.
    Copy(FigureView),
    /// All views in all formats, into a folder.
    Everything,
    Film(FigureView),
    /// How figures look from here on.
    Style(FigureStyle),
}

/// The lesson that is open, and the list of lessons.
#[derive(Clone, Debug, PartialEq)]
pub enum LessonAction {
    /// Opens a built-in lesson by its number, from 1.
    BeginNumbered(usize),
    Begin(Box<Lesson>),
    /// Reads a lesson from a file that is asked for.
    OpenFile,
    /// Puts the window back as it was; progress is kept.
    Leave,
    /// Looks at a step.
    Go(usize),
    /// Lets the step in view be, and goes to the next.
    Next,
    /// Answers the prediction in view.
    Answer(GivenAnswer),
    /// Shows all controls, or those alone that the lesson needs.
    AllControls(bool),
    /// Shows the panels of the lesson again.
    OwnPanels,
    /// Forgets the progress and begins anew.
    Repeat,
    /// Forgets the invitation of the first start.
    NotNow,
    SaveWorksheet,
}

/// A path that the system's dialog can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathSlot {
    /// A path of the task chooser for a kind: its data, or (true) its target.
    Chooser(TaskKind, bool),
    /// The folder of a sweep.
    Sweep,
    /// `task.data` of the form, for its kind, or (true) `task.target`.
    Form(TaskKind, bool),
    /// Data of a run of a session that are not where they were.
    Missing(TaskKind),
}

macro_rules! is_an_action {
    ($($group:ident($action:ident)),*) => {
        $(impl From<$action> for Action {
            fn from(action: $action) -> Self {
                Self::$group(action)
            }
        })*
    };
}

is_an_action!(
    Run(RunAction),
    Settings(SettingsAction),
    Landscape(LandscapeAction),
    DecisionMap(DecisionMapAction),
    Evaluation(EvaluationAction),
    Task(TaskAction),
    File(FileAction),
    Time(TimeAction),
    Window(WindowAction),
    Session(SessionAction),
    Export(ExportAction),
    Compare(CompareAction),
    Lesson(LessonAction)
);

/// Asks for changed choices, if they are changed.
pub fn choose(before: &Choices, after: Choices, actions: &mut Vec<Action>) {
    if *before != after {
        actions.push(WindowAction::Choose(Box::new(after)).into());
    }
}
