//! The values of arguments: how they are written, and which there are.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::rule::Rule;
use crate::sweep::Variation;
use crate::task::Split;
use crate::train::settings::{NEURONS, Neuron, PRESETS, Preset, neuron, preset};

/// Width and height.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u32, pub u32);

/// Several values of one argument. (A bare `Vec` would make clap expect the argument several times.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

/// The most updates of a run.
const MOST_UPDATES: u64 = 1_000_000_000_000;
/// The most seeds of a comparison.
const MOST_SEEDS: u64 = 100_000;

pub fn updates() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(..=MOST_UPDATES)
}

pub fn threads() -> clap::builder::RangedI64ValueParser<u16> {
    clap::value_parser!(u16).range(1..=1024)
}

pub(super) fn presets() -> impl TypedValueParser<Value = &'static Preset> {
    let keys = PRESETS.iter().map(|p| p.key);
    PossibleValuesParser::new(keys).map(|key| preset(&key).expect("only keys of presets pass"))
}

pub(super) fn neurons() -> impl TypedValueParser<Value = &'static Neuron> {
    let keys = NEURONS.iter().map(|n| n.key);
    PossibleValuesParser::new(keys).map(|key| neuron(&key).expect("only keys of neurons pass"))
}

pub(super) fn parts() -> impl TypedValueParser<Value = Split> {
    let part = |key: String| Split::from_key(&key).expect("only keys of parts pass");
    PossibleValuesParser::new(Split::ALL.map(Split::key)).map(part)
}

pub(super) fn rules() -> impl TypedValueParser<Value = Rule> {
    PossibleValuesParser::new(Rule::ALL.map(Rule::key))
        .map(|key| Rule::from_key(&key).expect("only keys of rules pass"))
}

/// A file or folder that is there: else a command may be misspelt.
pub(super) fn existing(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if path.exists() { Ok(path) } else { Err("there is no such file or folder, and no such command".into()) }
}

pub(super) fn assignment(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, as in neuron.alpha_i=0.9")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

pub fn variation(text: &str) -> Result<Variation, String> {
    let (key, values) = text.split_once('=').ok_or("write KEY=V1,V2,…, as in neuron.alpha_i=0.9,0.95")?;
    let values: Vec<String> = values.split(',').map(|v| v.trim().to_owned()).collect();
    match values.iter().enumerate().find(|(n, v)| v.is_empty() || values[..*n].contains(v)) {
        Some((_, v)) if v.is_empty() => Err("there is nothing between two commas".into()),
        Some((_, v)) => Err(format!("{v} is there twice")),
        None => Ok(Variation { key: key.trim().to_owned(), values }),
    }
}

pub fn rule_list(text: &str) -> Result<List<Rule>, String> {
    if text == "all" {
        return Ok(List(Rule::ALL.to_vec()));
    }
    let one = |key: &str| {
        Rule::from_key(key).ok_or(format!("there is no rule {key}; expected all, activation, timing or antlr"))
    };
    let mut rules = text.split(',').map(|key| one(key.trim())).collect::<Result<Vec<_>, _>>()?;
    let mut seen = Vec::new();
    rules.retain(|r| {
        !seen.contains(r) && {
            seen.push(*r);
            true
        }
    });
    Ok(List(rules))
}

pub fn seed_list(text: &str) -> Result<List<u64>, String> {
    let mut seeds = Vec::new();
    for part in text.split(',').map(str::trim) {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number =
            |n: &str| n.trim().parse::<u64>().map_err(|_| format!("{part} is no seed and no range such as 0-39"));
        let (first, last) = (number(first)?, number(last)?);
        if first > last {
            return Err(format!("the range {part} runs backwards"));
        }
        if last - first >= MOST_SEEDS - seeds.len() as u64 {
            return Err(format!("that is more than {MOST_SEEDS} seeds"));
        }
        seeds.extend(first..=last);
    }
    seeds.sort_unstable();
    seeds.dedup();
    Ok(List(seeds))
}

pub(super) fn size(text: &str) -> Result<Size, String> {
    let parse = |(w, h): (&str, &str)| Some(Size(w.parse().ok()?, h.parse().ok()?));
    text.split_once('x').and_then(parse).ok_or("write WIDTHxHEIGHT, as in 1280x800".into())
}

pub(super) fn finite(text: &str) -> Result<f64, String> {
    text.parse().ok().filter(|x: &f64| x.is_finite()).ok_or_else(|| "expected a number, as in 0.05".into())
}

/// A number in a range.
pub fn within(min: f32, max: f32) -> impl Fn(&str) -> Result<f32, String> + Clone + Send + Sync {
    move |text| {
        let number = text.parse().ok().filter(|x| (min..=max).contains(x));
        number.ok_or(format!("expected a number from {min} to {max}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_single_or_ranges() {
        assert_eq!(seed_list("0-3").unwrap().0, [0, 1, 2, 3]);
        assert_eq!(seed_list("7, 1-2,7").unwrap().0, [1, 2, 7]);
        for wrong in ["", "a", "3-1", "1-", "-1", "0-18446744073709551615", "1,,2"] {
            assert!(seed_list(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn rules_are_all_or_a_list() {
        assert_eq!(rule_list("all").unwrap().0, Rule::ALL);
        assert_eq!(rule_list("antlr,timing,antlr").unwrap().0, [Rule::Antlr, Rule::Timing]);
        assert!(rule_list("antlr,").unwrap_err().contains("expected all"));
    }

    #[test]
    fn variations_need_a_key_and_distinct_values() {
        let found = variation("network.hidden=50,50-50").unwrap();
        assert_eq!((found.key.as_str(), found.values), ("network.hidden", vec!["50".to_owned(), "50-50".to_owned()]));
        for wrong in ["", "a", "a=", "a=1,,2", "a=1,1"] {
            assert!(variation(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_have_two_numbers() {
        assert_eq!(size("1280x800"), Ok(Size(1280, 800)));
        for wrong in ["", "1280", "1280x", "x", "-1x5", "1x2x3"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}
