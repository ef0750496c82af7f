//! What is wrong with a setting or a file, said so that a person can put it right.

use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting, as in `task.steps`, or the key of the file; empty where no key can be named.
    pub key: String,
    /// What was found.
    pub value: String,
    /// What could stand there, in words; empty where that cannot be said in a few.
    pub allowed: String,
    /// One or two sentences that name all of this, but not the place.
    pub message: String,
    /// The settings that take part, where two or more do not fit together.
    pub related: &'static [&'static str],
    /// Where it stands, when it comes from a file.
    pub place: Option<Box<Place>>,
}

/// A place in a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl Problem {
    /// One that is more than a value out of its range.
    pub fn new(key: impl Into<String>, value: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            value: value.into(),
            allowed: String::new(),
            message: message.into(),
            related: &[],
            place: None,
        }
    }

    /// The same, with its place.
    pub fn at(self, place: Place) -> Self {
        Self { place: Some(Box::new(place)), ..self }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}, column {}", self.file, self.line, self.column)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message),
            None => write!(f, "{}", self.message),
        }
    }
}

impl std::error::Error for Problem {}
