//! The user's choices for the landscape: what is asked, and how the answer is looked at.

use serde::{Deserialize, Serialize};

use crate::engine::LandscapeSpec;
use crate::landscape::{Grid, Over, PlaneKind, WeightAt};
use crate::rule::Rule;
use crate::task::Split;

/// How the landscape is looked at. The first half says what is measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LandscapeChoices {
    pub plane: PlaneChoice,
    /// Whose gradient is the first direction, and the second; without a second rule that is random.
    pub first: RuleChoice,
    pub second: Option<RuleChoice>,
    /// The two weights, as in [`WeightAt`].
    pub weights: [String; 2],
    /// Updates of the two moments.
    pub moments: [u64; 2],
    /// It does not come back at the next start: there are no such weights then.
    #[serde(skip)]
    pub centre: CentreChoice,
    pub over: OverChoice,
    /// At most this many samples of a set.
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
    pub colour: Colour,
    pub contours: bool,
    /// As a surface in three dimensions.
    pub solid: bool,
    pub arrows: Arrows,
    /// Output and number of the spike whose edge is drawn.
    pub edge: Option<[usize; 2]>,
    /// Whether the small maps show the surfaces that the rules believe in, and arrows on them.
    pub believed: bool,
    pub small_arrows: bool,
    pub figure: Figure,
    pub cut: Cut,
    pub beside: Beside,
}

impl Default for LandscapeChoices {
    fn default() -> Self {
        Self {
            plane: PlaneChoice::Random,
            first: RuleChoice::Antlr,
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
            colour: Colour::Loss,
            contours: false,
            solid: false,
            arrows: Arrows::None,
            edge: None,
            believed: true,
            small_arrows: true,
            figure: Figure::Downhill,
            cut: Cut::First,
            beside: Beside::Centre,
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

    /// The plane; a sentence where the text for it cannot be read.
    pub fn kind(&self) -> Result<PlaneKind, String> {
        match self.plane {
            PlaneChoice::Random => Ok(PlaneKind::Random),
            PlaneChoice::Path => Ok(PlaneKind::Path),
            PlaneChoice::Gradient => {
                Ok(PlaneKind::Gradient { rule: self.first.rule(), other: self.second.map(RuleChoice::rule) })
            }
            PlaneChoice::Weights => {
                let read = |text: &String| WeightAt::parse(text).ok_or_else(|| NO_WEIGHT.to_owned());
                Ok(PlaneKind::Weights([read(&self.weights[0])?, read(&self.weights[1])?]))
            }
            PlaneChoice::Moments => Ok(PlaneKind::Moments { from: self.moments[0], to: self.moments[1] }),
        }
    }

    pub fn over(&self) -> Over {
        match self.over.part() {
            Some(part) => Over::Set { part, most: self.samples },
            None if self.over == OverChoice::Probe => Over::Probe,
            None => Over::Batch,
        }
    }
}

/// The answer to a weight that cannot be read.
pub const NO_WEIGHT: &str = "A weight is layer/neuron/input, all counted from 0, as in 0/12/3, or layer/neuron/bias.";

/// See [`PlaneKind`].
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
                "Two random directions, each scaled neuron by neuron (filter normalisation): 1 is as long as the vector of \
                 the weights into that neuron. Biases stay"
            }
            Self::Path => {
                "The first two principal components of the run's path: the plane that shows most of its way. Both are as \
                 long as all weights together"
            }
            Self::Gradient => {
                "First the gradient of a rule at the centre, uphill; second another rule's, or a random direction, made \
                 orthogonal to it. Both are as long as all weights together"
            }
            Self::Weights => "Two single weights: a and b are what is added to them",
            Self::Moments => {
                "From one moment of the run, at (0, 0), through another, at (1, 0); the second direction is random and \
                 orthogonal to the first"
            }
        }
    }

    /// Whether a direction is drawn by the seed.
    pub fn is_drawn(self, second: Option<RuleChoice>) -> bool {
        match self {
            Self::Random | Self::Moments => true,
            Self::Gradient => second.is_none(),
            Self::Path | Self::Weights => false,
        }
    }

    /// Names of the two directions, below a map and at its left.
    pub fn axes(self) -> [&'static str; 2] {
        match self {
            Self::Random => ["direction 1", "direction 2"],
            Self::Path => ["1st component", "2nd component"],
            Self::Gradient => ["gradient", "second direction"],
            Self::Weights => ["weight 1, added", "weight 2, added"],
            Self::Moments => ["from moment to moment", "random direction"],
        }
    }
}

/// A [`Rule`] that is kept by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleChoice {
    Activation,
    Timing,
    Antlr,
}

impl RuleChoice {
    pub const ALL: [Self; 3] = [Self::Activation, Self::Timing, Self::Antlr];

    pub fn rule(self) -> Rule {
        Rule::ALL[self as usize]
    }
}

/// The middle of the landscape.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CentreChoice {
    /// The weights of the run as it goes.
    #[default]
    Now,
    /// Those after this many updates.
    Moment(u64),
    /// Those that were there when this was chosen.
    Fixed,
}

/// Whose loss it is.
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

/// The quantity that the colour of a cell stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Colour {
    #[default]
    Loss,
    Spikes,
    OutputSpikes,
    Regions,
}

impl Colour {
    pub const ALL: [Self; 4] = [Self::Loss, Self::Spikes, Self::OutputSpikes, Self::Regions];

    pub fn title(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Spikes => "spikes",
            Self::OutputSpikes => "output spikes",
            Self::Regions => "regions",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Loss => "Colours each cell by its loss",
            Self::Spikes => "Colours each cell by the number of spikes of all neurons",
            Self::OutputSpikes => "Colours each cell by the number of output spikes",
            Self::Regions => {
                "Neighbouring cells with the same output spikes are one region: the loss is the same all over it. \
                 Colours only tell neighbours apart; lines are the borders"
            }
        }
    }
}

/// Whose arrows lie on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Arrows {
    #[default]
    None,
    Slope,
    Rule(RuleChoice),
}

impl Arrows {
    pub const ALL: [Self; 5] = [
        Self::None,
        Self::Slope,
        Self::Rule(RuleChoice::Activation),
        Self::Rule(RuleChoice::Timing),
        Self::Rule(RuleChoice::Antlr),
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::None => "no arrows",
            Self::Slope => "true slope",
            Self::Rule(rule) => crate::gui::bar::rule_name(rule.rule()),
        }
    }
}

/// A figure of the comparison, as a curve over training.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Figure {
    #[default]
    Downhill,
    Cosine,
    Inconsistency,
    Correlation,
}

/// Where the loss is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cut {
    #[default]
    First,
    Second,
    Path,
}

/// The point with which the spikes at a point are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Beside {
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
        assert!(same(&random, &other(&|c| (c.log, c.colour, c.moments) = (true, Colour::Regions, [3, 4]))));
        assert!(same(&random, &other(&|c| (c.samples, c.second) = (3, Some(RuleChoice::Timing)))));
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

    #[test]
    fn rules_have_their_own_names() {
        assert_eq!(RuleChoice::ALL.map(RuleChoice::rule), Rule::ALL);
    }
}
