//! The user's choices for the landscape: what is measured, and how it is drawn.

use serde::{Deserialize, Serialize};

use crate::engine::LandscapeSpec;
pub use crate::landscape::CellColour;
use crate::landscape::{Circle, Grid, LossSamples, PlaneKind, WeightAt};
use crate::rule::Rule;
use crate::task::Split;

/// How the landscape is looked at. The first half says what is measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LandscapeChoices {
    pub plane: PlaneChoice,
    /// Whose gradient is the first direction, and the second; random where it is `None`.
    pub first: Rule,
    pub second: Option<Rule>,
    /// The two weights, as in [`WeightAt`].
    pub weights: [String; 2],
    /// Updates of the two moments.
    pub moments: [u64; 2],
    /// It does not come back at the next start: there are no such weights then.
    #[serde(skip)]
    pub centre: CentreChoice,
    pub over: OverChoice,
    /// The most samples of a set.
    pub samples: usize,
    /// The grid reaches from −range to range along both directions.
    pub range: f32,
    /// Along each direction, an odd number.
    pub points: usize,
    /// Of the random directions.
    pub seed: u64,
    /// Whether paths of earlier runs are shown, too.
    pub earlier: bool,

    /// Asks again as soon as the last answer is whole and the run has gone on.
    pub follow: bool,
    /// Colours by the logarithm of the loss.
    pub log: bool,
    pub colour: CellColour,
    pub contours: bool,
    /// As a surface in three dimensions.
    pub solid: bool,
    pub arrows: ArrowSource,
    /// Output and number of the spike whose edge is drawn.
    pub edge: Option<[usize; 2]>,
    /// The circle around which the rules' gradients are integrated.
    pub circle: Option<CircleChoice>,
    /// Whether the small maps show the surfaces that the rules believe in, and arrows on them.
    pub believed: bool,
    pub small_arrows: bool,
    pub figure: RuleFigure,
    #[serde(alias = "cut")]
    pub slice: SliceKind,
    #[serde(alias = "beside")]
    pub compared_with: ComparedWith,
}

impl Default for LandscapeChoices {
    fn default() -> Self {
        Self {
            plane: PlaneChoice::Random,
            first: Rule::Antlr,
            second: None,
            weights: ["0/0/0".into(), "0/0/1".into()],
            moments: [0, 100],
            centre: CentreChoice::Now,
            over: OverChoice::Batch,
            samples: 64,
            range: 0.03,
            points: 51,
            seed: 0,
            earlier: true,
            follow: true,
            log: false,
            colour: CellColour::Loss,
            contours: false,
            solid: false,
            arrows: ArrowSource::None,
            edge: None,
            circle: None,
            believed: true,
            small_arrows: true,
            figure: RuleFigure::Downhill,
            slice: SliceKind::First,
            compared_with: ComparedWith::Centre,
        }
    }
}

impl LandscapeChoices {
    /// The landscape to be measured, around the weights as they are; a sentence where the text for a plane cannot be read.
    /// Choices that have no effect on the plane make no difference.
    pub fn spec(&self) -> Result<LandscapeSpec, String> {
        let seed = if self.plane.is_drawn(self.second) { self.seed } else { 0 };
        let (plane, over) = (self.kind()?, self.over());
        Ok(LandscapeSpec { plane, over, ..LandscapeSpec::new(seed, self.grid()) })
    }

    pub fn grid(&self) -> Grid {
        Grid { points: self.points, range: self.range }
    }

    /// The plane; a sentence where what was typed is not one.
    pub fn kind(&self) -> Result<PlaneKind, String> {
        match self.plane {
            PlaneChoice::Random => Ok(PlaneKind::Random),
            PlaneChoice::Path => Ok(PlaneKind::Path),
            PlaneChoice::Gradient => Ok(PlaneKind::Gradient { rule: self.first, other: self.second }),
            PlaneChoice::Weights => {
                let read = |text: &String| WeightAt::parse(text).ok_or_else(|| NO_WEIGHT.to_owned());
                Ok(PlaneKind::Weights([read(&self.weights[0])?, read(&self.weights[1])?]))
            }
            PlaneChoice::Moments => Ok(PlaneKind::Moments { from: self.moments[0], to: self.moments[1] }),
        }
    }

    pub fn over(&self) -> LossSamples {
        match self.over.part() {
            Some(part) => LossSamples::Set { part, most: self.samples },
            None if self.over == OverChoice::Probe => LossSamples::Probe,
            None => LossSamples::Batch,
        }
    }
}

/// The answer to a weight that cannot be read.
pub const NO_WEIGHT: &str = "A weight is layer/neuron/input, all counted from 0, as in 0/12/3, or layer/neuron/bias.";

/// A [`PlaneKind`] without its parameters: those of every kind are remembered while another one is chosen, and weights
/// are kept as they were typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PlaneChoice {
    #[default]
    Random,
    Path,
    Gradient,
    Weights,
    Moments,
}

impl PlaneChoice {
    pub const ALL: [Self; 5] = [Self::Random, Self::Path, Self::Gradient, Self::Weights, Self::Moments];

    pub fn title(self) -> &'static str {
        match self {
            Self::Random => "Random",
            Self::Path => "Run's path",
            Self::Gradient => "Rule's gradient",
            Self::Weights => "Two weights",
            Self::Moments => "Two moments",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Random => {
                "Two random directions, scaled neuron by neuron (filter normalisation): 1 is the norm of the weights \
                 into that neuron. Biases stay as they are."
            }
            Self::Path => {
                "The first two principal components of the run's path: the plane that shows most of it. 1 is the norm \
                 of all weights together."
            }
            Self::Gradient => {
                "First the gradient of a rule at the centre, uphill; second that of another rule, or a random \
                 direction, orthogonal to the first. 1 is the norm of all weights together."
            }
            Self::Weights => "Two single weights: a and b are added to them",
            Self::Moments => {
                "From one moment of the run, at (0, 0), through another, at (1, 0); the second direction is random and \
                 orthogonal to the first"
            }
        }
    }

    /// Whether a direction is drawn by the seed.
    pub fn is_drawn(self, second: Option<Rule>) -> bool {
        match self {
            Self::Random | Self::Moments => true,
            Self::Gradient => second.is_none(),
            Self::Path | Self::Weights => false,
        }
    }

    /// The names of the two directions below and next to a map.
    pub fn axes(self) -> [&'static str; 2] {
        match self {
            Self::Random => ["direction 1", "direction 2"],
            Self::Path => ["1st component", "2nd component"],
            Self::Gradient => ["gradient", "second direction"],
            Self::Weights => ["added to weight 1", "added to weight 2"],
            Self::Moments => ["from moment to moment", "random direction"],
        }
    }
}

/// The centre of the plane; [`crate::engine::Centre`] without the weights themselves, which belong to the landscape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CentreChoice {
    /// The weights of the run as it goes.
    #[default]
    Now,
    /// Those after this number of updates.
    Moment(u64),
    /// Those that were there when this was chosen.
    Fixed,
}

/// An [`LossSamples`] without its number of samples, which is remembered while another one is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OverChoice {
    #[default]
    Batch,
    Probe,
    Train,
    Validation,
    Test,
}

impl OverChoice {
    pub const ALL: [Self; 5] = [Self::Batch, Self::Probe, Self::Train, Self::Validation, Self::Test];

    pub fn title(self) -> &'static str {
        match self {
            Self::Batch => "the batch",
            Self::Probe => "the watched sample",
            Self::Train => "training samples",
            Self::Validation => "validation samples",
            Self::Test => "test samples",
        }
    }

    pub fn part(self) -> Option<Split> {
        match self {
            Self::Batch | Self::Probe => None,
            Self::Train => Some(Split::Train),
            Self::Validation => Some(Split::Validation),
            Self::Test => Some(Split::Test),
        }
    }
}

/// Whose arrows lie on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArrowSource {
    #[default]
    None,
    Slope,
    Rule(Rule),
}

impl ArrowSource {
    pub const ALL: [Self; 5] =
        [Self::None, Self::Slope, Self::Rule(Rule::Activation), Self::Rule(Rule::Timing), Self::Rule(Rule::Antlr)];

    pub fn title(self) -> &'static str {
        match self {
            Self::None => "no arrows",
            Self::Slope => "true slope",
            Self::Rule(rule) => rule.label(),
        }
    }
}

/// A circle on the plane, in its coordinates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CircleChoice {
    pub a: f32,
    pub b: f32,
    pub radius: f32,
}

impl CircleChoice {
    /// The circle as it is measured.
    pub fn circle(self) -> Circle {
        Circle::new([self.a, self.b], self.radius)
    }

    /// The nearest circle that lies within the grid.
    pub fn within(self, grid: Grid) -> Self {
        Self::of(self.circle().within(grid))
    }

    /// That of a circle that was measured.
    pub fn of(circle: Circle) -> Self {
        Self { a: circle.centre[0], b: circle.centre[1], radius: circle.radius }
    }
}

/// A figure of the comparison, as a curve over training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleFigure {
    #[default]
    Downhill,
    Cosine,
    Inconsistency,
    Circulation,
    Correlation,
}

/// Where the loss is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SliceKind {
    #[default]
    First,
    Second,
    Path,
}

/// The point with which the spikes at a point are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ComparedWith {
    #[default]
    Centre,
    /// The neighbour across the greatest jump.
    Cliff,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_plane_depends_on_asks_again() {
        let random = LandscapeChoices::default();
        let other = |change: &dyn Fn(&mut LandscapeChoices)| {
            let mut choices = random.clone();
            change(&mut choices);
            choices
        };
        let same = |one: &LandscapeChoices, other: &LandscapeChoices| one.spec().unwrap() == other.spec().unwrap();
        assert!(same(&random, &other(&|c| (c.log, c.colour, c.moments) = (true, CellColour::Regions, [3, 4]))));
        assert!(same(&random, &other(&|c| (c.samples, c.second) = (3, Some(Rule::Timing)))));
        assert!(!same(&random, &other(&|c| c.seed = 1)));
        assert!(!same(&random, &other(&|c| c.plane = PlaneChoice::Path)));
        let path = other(&|c| c.plane = PlaneChoice::Path);
        let mut next = path.clone();
        next.seed = 5;
        assert!(same(&path, &next), "nothing is drawn there");
    }

    #[test]
    fn a_weight_that_cannot_be_read_is_answered_in_words() {
        let mut choices = LandscapeChoices { plane: PlaneChoice::Weights, ..LandscapeChoices::default() };
        assert!(choices.kind().is_ok());
        choices.weights[1] = "hidden, please".into();
        assert_eq!(choices.kind(), Err(NO_WEIGHT.to_owned()));
        choices.plane = PlaneChoice::Random;
        assert!(choices.kind().is_ok(), "what is not used is not asked for");
    }
}
