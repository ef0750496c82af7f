//! Claims: sentences of a lesson that can be measured, as in "over seeds 0-9 after 300 updates the median loss of timing is
//! greater than that of antlr by 0.2".

use std::ops::RangeInclusive;

use crate::explain::health::Illness;
use crate::rule::Rule;

use super::fact::{Fact, FactTakes};

/// The name of the lesson's own settings in claims.
pub const EXPERIMENT: &str = "experiment";

/// A sentence about many runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    pub seeds: RangeInclusive<u64>,
    pub aggregate: Aggregate,
    pub left: Measured,
    pub comparison: ClaimComparison,
    pub right: Against,
    text: String,
}

/// A quantity of a run after some updates.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub quantity: Quantity,
    pub run: String,
    pub updates: u64,
}

/// The thing that is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    /// A fact that is a number.
    Fact(Fact),
    /// The share of points of a random plane of ± range where the rule points downhill.
    Downhill(Rule, f64),
    /// The share of a rule's field there that no surface can explain.
    Inconsistency(Rule, f64),
    /// The share of points there where the slope is exactly 0.
    Flat(f64),
    /// 1 where the network has this illness, else 0.
    Ill(Illness),
}

/// How the values of the seeds become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    Median,
    Mean,
    Least,
    Greatest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimComparison {
    GreaterThan,
    LessThan,
    AtLeast,
    AtMost,
}

/// What the left side is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Against {
    Value(f64),
    /// The same quantity of another run, or at another moment; by at least so much.
    Other {
        run: String,
        updates: u64,
        by: f64,
    },
}

const AGGREGATES: [(&str, Aggregate); 4] = [
    ("median", Aggregate::Median),
    ("mean", Aggregate::Mean),
    ("least", Aggregate::Least),
    ("greatest", Aggregate::Greatest),
];

const COMPARISONS: [(&str, ClaimComparison); 4] = [
    ("greater than", ClaimComparison::GreaterThan),
    ("less than", ClaimComparison::LessThan),
    ("at least", ClaimComparison::AtLeast),
    ("at most", ClaimComparison::AtMost),
];

/// The form of every claim.
const FORM: &str = "over seeds 0-9 after 300 updates the median loss of timing is greater than that of antlr by 0.2";

/// The words of a claim that are still to be read.
struct Words<'a>(&'a str);

impl<'a> Words<'a> {
    fn skip(&mut self, words: &str) -> Result<(), String> {
        match self.0.trim_start().strip_prefix(words) {
            Some(rest) => {
                self.0 = rest;
                Ok(())
            }
            None => {
                Err(format!("The claim goes on with `{}`, where `{words}` was expected, as in: {FORM}.", self.0.trim()))
            }
        }
    }

    fn has(&mut self, words: &str) -> bool {
        self.skip(words).is_ok()
    }

    fn word(&mut self) -> &'a str {
        let text = self.0.trim_start();
        // brackets belong to their word, with the spaces in them
        let mut depth = 0;
        let end = text.find(|c: char| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            c.is_whitespace() && depth == 0
        });
        let (word, rest) = text.split_at(end.unwrap_or(text.len()));
        self.0 = rest;
        word
    }

    fn number(&mut self) -> Result<f64, String> {
        let word = self.word();
        word.parse().map_err(|_| format!("`{word}` is not a number; a claim has the form: {FORM}."))
    }

    fn one_of<T: Copy>(&mut self, known: &[(&str, T)]) -> Result<T, String> {
        let found = known.iter().find(|(words, _)| self.has(words)).map(|(_, value)| *value);
        found.ok_or_else(|| {
            let words: Vec<&str> = known.iter().map(|(words, _)| *words).collect();
            format!("The claim goes on with `{}`, where one of {} was expected.", self.0.trim(), words.join(", "))
        })
    }
}

impl Claim {
    /// Reads a claim. An error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut words = Words(text);
        words.skip("over seeds").map_err(|_| format!("A claim begins with `over seeds 0-9`, as in: {FORM}."))?;
        let seeds = seeds(words.word())?;
        words.skip("after")?;
        let updates = words.number()? as u64;
        words.skip("updates the")?;
        let aggregate = words.one_of(&AGGREGATES)?;
        let quantity = Quantity::parse(words.word())?;
        words.skip("of")?;
        let run = words.word().to_owned();
        words.skip("is")?;
        let comparison = words.one_of(&COMPARISONS)?;
        let right = if words.has("that of") { other(&mut words, updates)? } else { Against::Value(words.number()?) };
        if !words.0.trim().is_empty() {
            return Err(format!("The claim ends before `{}`; it has the form: {FORM}.", words.0.trim()));
        }
        let left = Measured { quantity, run, updates };
        Ok(Self { seeds, aggregate, left, comparison, right, text: text.trim().to_owned() })
    }

    /// The runs that it speaks of.
    pub fn runs(&self) -> impl Iterator<Item = &str> {
        let other = match &self.right {
            Against::Other { run, .. } => Some(run.as_str()),
            Against::Value(_) => None,
        };
        std::iter::once(self.left.run.as_str()).chain(other)
    }

    /// The right side, where it is measured.
    pub fn other(&self) -> Option<Measured> {
        match &self.right {
            Against::Other { run, updates, .. } => {
                Some(Measured { quantity: self.left.quantity, run: run.clone(), updates: *updates })
            }
            Against::Value(_) => None,
        }
    }

    /// What the values of all seeds say: those of the left side, and of the right where it is measured.
    pub fn verdict(&self, left: &[f64], right: &[f64]) -> Verdict {
        let left = self.aggregate.of(left);
        let (right, by) = match &self.right {
            Against::Value(value) => (*value, 0.0),
            Against::Other { by, .. } => (self.aggregate.of(right), *by),
        };
        let holds = match self.comparison {
            ClaimComparison::GreaterThan => left > right && left - right >= by,
            ClaimComparison::LessThan => left < right && right - left >= by,
            ClaimComparison::AtLeast => left - right >= by,
            ClaimComparison::AtMost => right - left >= by,
        };
        Verdict { left, right, holds }
    }
}

/// What was measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    pub left: f64,
    pub right: f64,
    pub holds: bool,
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

fn seeds(word: &str) -> Result<RangeInclusive<u64>, String> {
    let range = word.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    match range {
        Some((a, b)) if a <= b && b - a < 1000 => Ok(a..=b),
        _ => Err(format!("`{word}` is no range of seeds such as 0-9.")),
    }
}

/// What follows `that of`.
fn other(words: &mut Words, updates: u64) -> Result<Against, String> {
    let run = words.word().to_owned();
    let mut other = updates;
    if words.has("after") {
        other = words.number()? as u64;
        words.skip("updates")?;
    }
    let by = if words.has("by") { words.number()? } else { 0.0 };
    Ok(Against::Other { run, updates: other, by })
}

impl Quantity {
    fn parse(word: &str) -> Result<Self, String> {
        let inside = |name: &str| Some(word.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')')?.trim());
        if let Some(inside) = inside("ill") {
            let illness = Illness::from_key(inside).ok_or_else(|| {
                let keys: Vec<_> = Illness::ALL.iter().map(|illness| illness.key()).collect();
                format!("`{inside}` is no illness: it is one of {}.", keys.join(", "))
            })?;
            return Ok(Self::Ill(illness));
        }
        if let Some(inside) = inside("flat") {
            return Ok(Self::Flat(range(inside)?));
        }
        type OfRule = fn(Rule, f64) -> Quantity;
        let of_rules: [(&str, OfRule); 2] = [("downhill", Self::Downhill), ("inconsistency", Self::Inconsistency)];
        for (name, make) in of_rules {
            if let Some(inside) = inside(name) {
                let (rule, width) = inside.split_once(',').unwrap_or((inside, "1"));
                let rule = Rule::from_key(rule.trim()).ok_or_else(|| format!("`{rule}` in `{word}` is no rule."))?;
                return Ok(make(rule, range(width)?));
            }
        }
        let fact = Fact::parse(word)?;
        let bench = fact.spec.name.starts_with("bench");
        if !fact.is_number() || bench || fact.spec.takes == FactTakes::Setting {
            return Err(format!("`{fact}` cannot be claimed: a claim is about a number of a run."));
        }
        Ok(Self::Fact(fact))
    }

    /// Whether a landscape has to be measured for it.
    pub fn plane(self) -> Option<f64> {
        match self {
            Self::Downhill(_, range) | Self::Inconsistency(_, range) | Self::Flat(range) => Some(range),
            Self::Fact(_) | Self::Ill(_) => None,
        }
    }
}

fn range(text: &str) -> Result<f64, String> {
    let range = text.trim().parse().ok().filter(|x: &f64| *x > 0.0 && *x <= 100.0);
    range.ok_or_else(|| format!("`{text}` is no range of a plane such as 0.1."))
}

impl Aggregate {
    pub fn of(self, values: &[f64]) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (n, at) = (sorted.len(), |k: usize| sorted.get(k).copied().unwrap_or(f64::NAN));
        match self {
            Self::Median if n % 2 == 0 && n > 0 => (at(n / 2 - 1) + at(n / 2)) / 2.0,
            Self::Median => at(n / 2),
            Self::Mean => sorted.iter().sum::<f64>() / n as f64,
            Self::Least => at(0),
            Self::Greatest => at(n.wrapping_sub(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_are_read_word_by_word() {
        let claim = Claim::parse(FORM).unwrap();
        assert_eq!((claim.seeds.clone(), claim.left.updates, claim.aggregate), (0..=9, 300, Aggregate::Median));
        assert_eq!(claim.right, Against::Other { run: "antlr".into(), updates: 300, by: 0.2 });
        assert_eq!(claim.runs().collect::<Vec<_>>(), ["timing", "antlr"]);
        let claim = Claim::parse(
            "over seeds 3-5 after 20 updates the greatest created(output) of timing is less than that of timing after 0 \
             updates",
        );
        assert_eq!(claim.unwrap().right, Against::Other { run: "timing".into(), updates: 0, by: 0.0 });
        let claim =
            Claim::parse("over seeds 0-9 after 9 updates the mean downhill(timing, 0.1) of experiment is at least 0.5");
        assert_eq!(claim.unwrap().left.quantity, Quantity::Downhill(Rule::Timing, 0.1));
    }

    #[test]
    fn what_is_no_claim_is_answered() {
        for (text, words) in [
            ("the loss falls", "begins with"),
            ("over seeds 9-0 after 3 updates", "no range of seeds"),
            ("over seeds 0-9 after some updates", "not a number"),
            ("over seeds 0-9 after 3 updates the best loss of timing", "one of median, mean"),
            ("over seeds 0-9 after 3 updates the median rule of timing", "cannot be claimed"),
            ("over seeds 0-9 after 3 updates the median loss of timing is bigger than 3", "one of greater than"),
            ("over seeds 0-9 after 3 updates the median ill(cold) of timing", "no illness"),
            ("over seeds 0-9 after 3 updates the median loss of timing is at most 3 maybe", "ends before `maybe`"),
        ] {
            let problem = Claim::parse(text).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }

    #[test]
    fn a_verdict_needs_the_claimed_distance() {
        let claim = Claim::parse(FORM).unwrap();
        assert!(claim.verdict(&[0.5, 0.6, 0.7], &[0.1, 0.3, 0.9]).holds);
        let too_near = claim.verdict(&[0.5, 0.6, 0.7], &[0.1, 0.45, 0.9]);
        assert!(!too_near.holds && (too_near.left, too_near.right) == (0.6, 0.45));
        assert!(!claim.verdict(&[f64::NAN], &[0.1]).holds);
        assert_eq!(Aggregate::Median.of(&[4.0, 1.0, 2.0, 3.0]), 2.5);
    }
}
