//! The comparison of the rules, in words and numbers.

use crate::gui::state::landscape_choices::RuleFigure;
use crate::landscape::{CircleWalk, Comparison, RuleView};
use crate::text::{self, whole};

impl RuleFigure {
    pub const ALL: [Self; 5] =
        [Self::Downhill, Self::Cosine, Self::Inconsistency, Self::Circulation, Self::Correlation];

    pub fn title(self) -> &'static str {
        match self {
            Self::Downhill => "downhill",
            Self::Cosine => "mean cosine",
            Self::Inconsistency => "inconsistency",
            Self::Circulation => "circulation",
            Self::Correlation => "correlation",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Downhill => {
                "How often the rule points downhill: of the points at which neither the true slope nor the rule's \
                 arrow is zero, the share at which a small step along its arrow lowers the loss. Chance would give 50 \
                 %."
            }
            Self::Cosine => {
                "The cosine of the angle between the rule's gradient and the true slope, averaged over the same \
                 points: 1 is the same direction, 0 orthogonal, −1 the opposite direction"
            }
            Self::Inconsistency => {
                "How much of the rule's arrows no surface can explain: 0 % for the gradient of a function, more the \
                 more they run in circles"
            }
            Self::Circulation => {
                "How much of the rule's arrows does not come back to the same height around the cells of the grid: 0 % \
                 for the slope of a surface, 100 % where every cell rises all the way around"
            }
            Self::Correlation => {
                "Pearson correlation, over all points, between the surface that the rule believes in and the true loss"
            }
        }
    }

    pub fn of(self, rule: &RuleView) -> Option<f64> {
        match self {
            Self::Downhill => rule.downhill,
            Self::Cosine => rule.cosine,
            Self::Inconsistency => rule.inconsistency,
            Self::Circulation => rule.circulation,
            Self::Correlation => rule.correlation,
        }
    }

    /// Whether it is a share, which is told in hundredths.
    pub fn is_share(self) -> bool {
        matches!(self, Self::Downhill | Self::Inconsistency | Self::Circulation)
    }

    /// Whether it tells the rule's gradient from the slope of a surface.
    pub fn is_turn(self) -> bool {
        matches!(self, Self::Inconsistency | Self::Circulation)
    }

    pub fn text(self, rule: &RuleView) -> String {
        match self.of(rule) {
            None => "–".into(),
            Some(share) if self.is_share() => text::share(share),
            Some(x) => text::signed(format!("{x:.2}")),
        }
    }
}

/// The conditions that all figures depend on.
pub fn conditions(c: &Comparison) -> String {
    let zero = c.zero_share().map_or("not known".into(), text::share);
    format!(
        "range ± {}, {n} × {n} points; the slope is exactly zero at {zero} of them; downhill is counted at the others",
        c.grid.range,
        n = c.grid.points
    )
}

/// The integral of rule number `n` around a circle.
pub fn around(walk: &CircleWalk, n: usize) -> String {
    text::signed(text::value(walk.rules[n].last().copied().unwrap_or(0.0)))
}

/// What a share of downhill arrows means, and what it does not.
pub const DOWNHILL: [&str; 2] = [
    "Downhill counts points, not progress: a rule that points downhill less often can learn more",
    "Downhill is the share of points at which one small step would lower the loss. It does not say how far a run gets: steps \
     are not small, the batch and the spikes change, and where a rule's circulation is not 0 there is no surface that it \
     descends. Compare the runs themselves in the workspace Compare (C).",
];

/// A rule as a whole in words.
pub fn sentence(name: &str, rule: &RuleView) -> String {
    if rule.compared == 0 {
        return format!("{name}: no point at which there is both a slope and an arrow");
    }
    let blind = match rule.zero_field {
        0 => String::new(),
        n => format!("; sees nothing at {} points that have a slope", whole(n as u64)),
    };
    let (share, points) = (RuleFigure::Downhill.text(rule), whole(rule.compared as u64));
    format!("{name}: downhill at {share} of {points} points{blind}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::landscape::Grid;
    use crate::rule::Rule;

    fn view() -> RuleView {
        RuleView {
            rule: Rule::Timing,
            inconsistency: Some(0.034),
            circulation: Some(0.02),
            compared: 1200,
            zero_field: 8,
            cosine: Some(-0.125),
            downhill: Some(0.5),
            correlation: None,
        }
    }

    #[test]
    fn figures_read_well() {
        let texts = RuleFigure::ALL.map(|figure| figure.text(&view()));
        assert_eq!(texts, ["50 %", "−0.12", "3.4 %", "2.0 %", "–"]);
        let says = "Timing: downhill at 50 % of 1,200 points; sees nothing at 8 points that have a slope";
        assert_eq!(sentence("Timing", &view()), says);
        let none = RuleView { compared: 0, downhill: None, ..view() };
        assert!(sentence("Timing", &none).contains("no point"));
    }

    #[test]
    fn the_conditions_stand_with_the_figures() {
        let grid = Grid { points: 51, range: 0.1 };
        let c = Comparison { grid, interior: 2401, zero_slope: 1441, rules: [view(); 3] };
        assert_eq!(
            conditions(&c),
            "range ± 0.1, 51 × 51 points; the slope is exactly zero at 60 % of them; downhill is counted at the others"
        );
    }
}
