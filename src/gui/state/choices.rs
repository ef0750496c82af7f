//! The user's choices of what to see. They come back at the next start.

use super::{InsideChoices, LandscapeChoices};
use crate::task::{Split, Task, TimeUnit};

/// The user's choices of what to see, the same in all panels.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Choices {
    /// The unit of time axes.
    pub time_unit: TimeUnit,
    pub span: SpanChoice,
    pub curve: CurveKind,
    /// How many updates back the middle span reaches.
    pub look_back: u64,
    /// Whether every panel says in a line what one sees.
    pub captions: bool,
    /// The neuron whose potential is shown: layer (0 is the first hidden one), unit.
    pub neuron: Option<(usize, usize)>,
    pub landscape: LandscapeChoices,
    /// Whether targets are drawn with the mouse; a mode that does not come back at the next start.
    #[serde(skip)]
    pub pencil: bool,
    #[serde(alias = "map")]
    pub decision_map: DecisionMapChoices,
    #[serde(alias = "exam")]
    pub evaluation: EvaluationChoices,
    pub inside: InsideChoices,
}

/// Which samples are looked at, and when.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct EvaluationChoices {
    /// See [`EvaluationChoices::part_of`].
    pub part: Split,
    /// Asks again as soon as the last answers are whole and the run has gone on.
    pub follow: bool,
}

impl EvaluationChoices {
    /// The part that was chosen; of a task that has no samples for it, the training samples.
    pub fn part_of(&self, task: &Task) -> Split {
        if task.len(self.part) > 0 { self.part } else { Split::Train }
    }
}

impl Default for EvaluationChoices {
    fn default() -> Self {
        Self { part: Split::Validation, follow: false }
    }
}

/// How the decision map is looked at.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct DecisionMapChoices {
    /// Points along each side, an odd number.
    pub points: usize,
    /// Asks again as soon as the last answer is whole and the run has gone on.
    pub follow: bool,
    /// The samples that are marked.
    #[serde(serialize_with = "write_marks", deserialize_with = "marked")]
    pub marks: Option<Split>,
}

impl Default for DecisionMapChoices {
    fn default() -> Self {
        Self { points: 61, follow: true, marks: None }
    }
}

/// Writes which samples are marked so that every format reads it back as [`marked`] does.
#[expect(clippy::ref_option, reason = "serde hands over the field as it is")]
fn write_marks<S: serde::Serializer>(marks: &Option<Split>, to: S) -> Result<S::Ok, S::Error> {
    match marks {
        None => to.serialize_unit_variant("Written", 0, "None"),
        Some(part) => to.serialize_newtype_variant("Written", 1, "Some", part),
    }
}

/// Reads which samples are marked. The first version wrote the bare name of the part.
fn marked<'de, D: serde::Deserializer<'de>>(file: D) -> Result<Option<Split>, D::Error> {
    #[derive(serde::Deserialize)]
    enum Written {
        None,
        Some(Split),
        Train,
        Validation,
        Test,
    }
    Ok(match serde::Deserialize::deserialize(file)? {
        Written::None => None,
        Written::Some(part) => Some(part),
        Written::Train => Some(Split::Train),
        Written::Validation => Some(Split::Validation),
        Written::Test => Some(Split::Test),
    })
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            time_unit: TimeUnit::Steps,
            span: SpanChoice::Last,
            curve: CurveKind::Loss,
            look_back: 100,
            captions: true,
            neuron: None,
            landscape: LandscapeChoices::default(),
            pencil: false,
            decision_map: DecisionMapChoices::default(),
            evaluation: EvaluationChoices::default(),
            inside: InsideChoices::default(),
        }
    }
}

/// Between which moments the changes of spikes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum SpanChoice {
    #[default]
    Last,
    Back,
    Start,
}

/// A kind of curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum CurveKind {
    #[default]
    Loss,
    Spikes,
    Changes,
    Distance,
    LearningRate,
    Accuracy,
}

impl CurveKind {
    pub const ALL: [Self; 6] =
        [Self::Loss, Self::Spikes, Self::Changes, Self::Distance, Self::LearningRate, Self::Accuracy];
}
