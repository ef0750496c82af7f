//! How values of other rooms stand in a plan: as the texts that people write, which every version reads.

use serde::{Deserialize, Deserializer, Serializer, de::Error};

/// Settings as the TOML of a settings file.
pub mod settings {
    use super::{Deserialize, Deserializer, Error, Serializer};
    use crate::train::Settings;

    pub fn serialize<S: Serializer>(settings: &Settings, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&settings.to_toml())
    }

    /// Whether they fit into the memory of this machine is asked when a task begins.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Settings, D::Error> {
        let text = String::deserialize(deserializer)?;
        let settings = Settings::from_toml_within("its settings", &text, u64::MAX);
        settings.map_err(|problems| {
            let sentences: Vec<String> = problems.iter().map(ToString::to_string).collect();
            D::Error::custom(sentences.join(" "))
        })
    }
}

/// Values that have a short name of their own.
macro_rules! by_name {
    ($module:ident, $of:ty, $name:expr, $find:expr) => {
        pub mod $module {
            use super::{Deserialize, Deserializer, Error, Serializer};

            pub fn serialize<S: Serializer>(values: &[$of], serializer: S) -> Result<S::Ok, S::Error> {
                let name: fn(&$of) -> String = $name;
                serializer.collect_seq(values.iter().map(name))
            }

            pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<$of>, D::Error> {
                let find: fn(&str) -> Option<$of> = $find;
                let names = Vec::<String>::deserialize(deserializer)?;
                let one = |name: String| find(&name).ok_or_else(|| D::Error::custom(format!("{name} is not known")));
                names.into_iter().map(one).collect()
            }
        }
    };
}

by_name!(rules, crate::rule::Rule, |rule| rule.key().to_owned(), |name| {
    crate::rule::Rule::ALL.into_iter().find(|rule| rule.key() == name)
});
by_name!(splits, crate::task::Split, |split| split.key().to_owned(), |name| {
    crate::task::Split::ALL.into_iter().find(|split| split.key() == name)
});
// a JSON number of a program that reads it as double precision would have other digits
by_name!(singles, f32, |x| format!("{x:?}"), |text| text.parse().ok());

/// A value that is written and read as a text.
macro_rules! as_text {
    ($module:ident, $of:ty, $read:expr) => {
        pub mod $module {
            use super::{Deserialize, Deserializer, Error, Serializer};

            pub fn serialize<S: Serializer>(value: &$of, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(value)
            }

            pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<$of, D::Error> {
                let read: fn(&str) -> Option<$of> = $read;
                let text = String::deserialize(deserializer)?;
                read(&text).ok_or_else(|| D::Error::custom(format!("{text} is not understood")))
            }
        }
    };
}

as_text!(plane, crate::landscape::PlaneKind, crate::landscape::PlaneKind::parse);
as_text!(over, crate::landscape::LossSamples, crate::landscape::LossSamples::parse);

/// A digest as sixteen hexadecimal digits.
pub mod digest {
    use super::{Deserialize, Deserializer, Error, Serializer};

    pub fn serialize<S: Serializer>(digest: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{digest:016x}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(|_| D::Error::custom(format!("{text} is not a digest")))
    }
}

/// Seeds as ranges, as in `0-39,50`.
pub mod seeds {
    use super::{Deserialize, Deserializer, Error, Serializer};

    pub fn serialize<S: Serializer>(seeds: &[u64], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(seeds))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
        let text = String::deserialize(deserializer)?;
        read(&text).ok_or_else(|| D::Error::custom(format!("{text} is not a list of seeds")))
    }

    /// Rising seeds as ranges.
    pub fn text(seeds: &[u64]) -> String {
        let runs = seeds.chunk_by(|a, b| a.checked_add(1) == Some(*b));
        let range = |run: &[u64]| match run {
            [one] => one.to_string(),
            [first, .., last] => format!("{first}-{last}"),
            [] => String::new(),
        };
        runs.map(range).collect::<Vec<_>>().join(",")
    }

    /// At most as many seeds as a plan can have tasks.
    pub fn read(text: &str) -> Option<Vec<u64>> {
        let mut seeds: Vec<u64> = Vec::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
            let room = u64::from(super::super::MOST_TASKS) - seeds.len() as u64;
            if first > last || last - first >= room {
                return None;
            }
            seeds.extend(first..=last);
        }
        Some(seeds)
    }
}

#[cfg(test)]
mod tests {
    use super::seeds;

    #[test]
    fn seeds_are_written_as_ranges() {
        for (list, text) in [(vec![], ""), (vec![4], "4"), (vec![0, 1, 2, 9, 11, 12], "0-2,9,11-12")] {
            assert_eq!(seeds::text(&list), text);
            assert_eq!(seeds::read(text), Some(list));
        }
        for wrong in ["a", "3-1", "0-18446744073709551615", "1-"] {
            assert_eq!(seeds::read(wrong), None, "{wrong}");
        }
    }
}
