//! Planes and sets of samples as they are written on the command line and in files.

use std::fmt;

use crate::rule::Rule;
use crate::task::Split;

use super::{Over, PlaneKind, WeightAt};

/// As in `random`, `path`, `gradient:antlr`, `gradient:antlr,timing`, `weights:0/12/3,1/4/bias`, `moments:0,100`.
impl fmt::Display for PlaneKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Random => f.write_str("random"),
            Self::Path => f.write_str("path"),
            Self::Gradient { rule, other: None } => write!(f, "gradient:{rule}"),
            Self::Gradient { rule, other: Some(other) } => write!(f, "gradient:{rule},{other}"),
            Self::Weights([first, second]) => write!(f, "weights:{first},{second}"),
            Self::Moments { from, to } => write!(f, "moments:{from},{to}"),
        }
    }
}

impl PlaneKind {
    /// Reads what is written; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.split_once(':').map_or((text, None), |(kind, rest)| (kind, Some(rest)));
        let pair = || rest?.split_once(',').map(|(first, second)| (first.trim(), second.trim()));
        let rule = |key: &str| Rule::from_key(key.trim());
        match (kind.trim(), rest) {
            ("random", None) => Some(Self::Random),
            ("path", None) => Some(Self::Path),
            ("gradient", Some(rest)) => match pair() {
                Some((first, second)) => Some(Self::Gradient { rule: rule(first)?, other: Some(rule(second)?) }),
                None => Some(Self::Gradient { rule: rule(rest)?, other: None }),
            },
            ("weights", Some(_)) => {
                let (first, second) = pair()?;
                Some(Self::Weights([WeightAt::parse(first)?, WeightAt::parse(second)?]))
            }
            ("moments", Some(_)) => {
                let (from, to) = pair()?;
                Some(Self::Moments { from: from.parse().ok()?, to: to.parse().ok()? })
            }
            _ => None,
        }
    }
}

/// As in `batch`, `probe`, `validation:500`.
impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Batch => f.write_str("batch"),
            Self::Probe => f.write_str("probe"),
            Self::Set { part, most } => write!(f, "{}:{most}", part.key()),
        }
    }
}

impl Over {
    /// The samples of a set, where no number is written.
    pub const MOST: usize = 100;

    /// Reads what is written; a part without a number means its first hundred samples.
    pub fn parse(text: &str) -> Option<Self> {
        let (name, number) = text.split_once(':').map_or((text, None), |(name, number)| (name, Some(number)));
        let most = number.map_or(Some(Self::MOST), |n| n.trim().parse().ok().filter(|n| *n > 0))?;
        match (name.trim(), number) {
            ("batch", None) => Some(Self::Batch),
            ("probe", None) => Some(Self::Probe),
            (key, _) => Split::from_key(key).map(|part| Self::Set { part, most }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for text in [
            "random",
            "path",
            "gradient:timing",
            "gradient:antlr,activation",
            "weights:0/12/3,1/4/bias",
            "moments:0,100",
        ] {
            assert_eq!(PlaneKind::parse(text).map(|kind| kind.to_string()).as_deref(), Some(text));
        }
        for text in ["batch", "probe", "train:7", "validation:500", "test:1"] {
            assert_eq!(Over::parse(text).map(|over| over.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Over::parse("test"), Some(Over::Set { part: Split::Test, most: 100 }));
    }

    #[test]
    fn anything_else_is_not() {
        for text in
            ["", "random:1", "gradient", "gradient:", "gradient:x", "weights:0/0/0", "moments:1", "moments:-1,2"]
        {
            assert_eq!(PlaneKind::parse(text), None, "{text}");
        }
        for text in ["", "batch:3", "probe:1", "test:0", "test:x", "all"] {
            assert_eq!(Over::parse(text), None, "{text}");
        }
    }
}
