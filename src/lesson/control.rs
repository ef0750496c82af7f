//! The controls that a lesson can show and point at.

use crate::rule::Rule;
use crate::train::settings::{Field, field, nearest};

/// A control of the window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    Run,
    Step,
    Restart,
    NewSeed,
    Speed,
    /// The three buttons of the rules, or one of them.
    Rules,
    Rule(Rule),
    Workspaces,
    Timeline,
    /// A setting in the panel Experiment.
    Setting(&'static Field),
    /// A panel, by key.
    Panel(&'static str),
}

/// The keys of the panels.
pub const PANELS: [&str; 27] = [
    "experiment",
    "raster",
    "layers",
    "potential",
    "curves",
    "landscape",
    "plane",
    "rules-see",
    "point",
    "slice",
    "samples",
    "decision-map",
    "changes",
    "accuracy",
    "bench",
    "compare-runs",
    "compare-rasters",
    "compare-curves",
    "agreement",
    "health",
    "statistics",
    "potential-parts",
    "gradient-lanes",
    "promises",
    "spike-reasons",
    "weight-line",
    "weights",
];

const NAMED: [(&str, Control); 11] = [
    ("run", Control::Run),
    ("step", Control::Step),
    ("restart", Control::Restart),
    ("new-seed", Control::NewSeed),
    ("speed", Control::Speed),
    ("rules", Control::Rules),
    ("activation", Control::Rule(Rule::Activation)),
    ("timing", Control::Rule(Rule::Timing)),
    ("antlr", Control::Rule(Rule::Antlr)),
    ("workspaces", Control::Workspaces),
    ("timeline", Control::Timeline),
];

impl Control {
    /// Reads the name of a control: one of the list, a panel, or the key of a setting. An error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some((_, control)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(*control);
        }
        if let Some(panel) = panel(text) {
            return Ok(Self::Panel(panel));
        }
        if let Some(field) = field(text) {
            return Ok(Self::Setting(field));
        }
        let names = || NAMED.iter().map(|(name, _)| *name).chain(PANELS);
        Err(match nearest::nearest(text, names()) {
            Some(meant) => format!("There is no control `{text}`. Did you mean `{meant}`?"),
            None => format!(
                "There is no control `{text}`. The controls are {}, and every setting by its key.",
                names().collect::<Vec<_>>().join(", ")
            ),
        })
    }

    /// Whether showing this one shows the other, too.
    pub fn includes(self, other: Self) -> bool {
        self == other || matches!((self, other), (Self::Rules, Self::Rule(_)) | (Self::Rule(_), Self::Rules))
    }
}

/// The panel of this key.
pub fn panel(key: &str) -> Option<&'static str> {
    PANELS.into_iter().find(|panel| *panel == key)
}

impl std::fmt::Display for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::Setting(field) => f.write_str(field.key),
            Self::Panel(key) => f.write_str(key),
            _ => f.write_str(NAMED.iter().find(|(_, control)| control == self).map_or("", |(name, _)| name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_have_names() {
        for (name, control) in NAMED {
            assert_eq!((Control::parse(name).unwrap(), control.to_string()), (control, name.to_owned()));
        }
        assert_eq!(Control::parse("neuron.alpha_i").unwrap().to_string(), "neuron.alpha_i");
        assert_eq!(Control::parse("raster").unwrap(), Control::Panel("raster"));
        assert!(Control::parse("restrat").unwrap_err().contains("Did you mean `restart`?"));
        assert!(Control::parse("qqqqqqqq").unwrap_err().contains("The controls are run, step"));
    }
}
