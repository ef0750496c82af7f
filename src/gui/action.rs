//! What a person wants, as views say it. One function applies it: [`super::app::App::apply`].

use crate::engine::Speed;
use crate::rule::Rule;
use crate::task::Part;
use crate::train::Settings;

use super::layout::Panel;
use super::state::Choices;

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
    /// Changes settings: at once where they are live, else marked as waiting for a restart.
    Change(Box<Settings>),
    /// Back to the settings before the last change.
    Undo,
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
    /// Asks how the network as it is divides the plane of its task.
    AskMap,
    StopMap,
    /// Asks what the network of this moment takes the samples of a part for.
    Exam(Part),
    StopExam,
    OpenPanel(Panel),
    ResetLayout,
    Help,
    OpenSettings,
    SaveSettings,
    SaveLog,
    SavePicture,
    /// Size of everything, 1 for the screen's own.
    Zoom(f32),
    /// Gives up the task that is being opened; the run goes on.
    StopOpening,
    /// Tells the person something.
    Say(String),
    Quit,
}
