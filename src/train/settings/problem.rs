//! What is wrong with a setting or a file, said so that the user can put it right.

use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The setting, as in `task.steps`, or the key of the file; empty where no key can be named.
    pub key: String,
    /// The value that was found.
    pub value: String,
    /// The values that are allowed, in words; empty where that cannot be said in a few.
    pub allowed: String,
    /// One or two sentences that name all of this, but not the place.
    pub message: String,
    /// The other settings involved, where several contradict each other.
    pub related: &'static [&'static str],
    /// Where it stands, when it comes from a file.
    pub place: Option<Box<FilePlace>>,
}

/// A place in a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePlace {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl Problem {
    /// A problem without range, related settings or place.
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
    pub fn at(self, place: FilePlace) -> Self {
        Self { place: Some(Box::new(place)), ..self }
    }
}

/// The most problems of a file that are reported one by one.
const MOST_REPORTED: usize = 20;

/// The first problems of the file `name`, and how many more there are: where every line is wrong, the rest says nothing new
/// and can fill megabytes.
pub fn first_of(name: &str, mut problems: Vec<Problem>) -> Vec<Problem> {
    if let more @ 1.. = problems.len().saturating_sub(MOST_REPORTED) {
        problems.truncate(MOST_REPORTED);
        let s = if more == 1 { "" } else { "s" };
        problems.push(Problem::new("", "", format!("{name}: and {more} more problem{s}.")));
    }
    problems
}

impl fmt::Display for FilePlace {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_problems_are_the_first_of_them_and_a_number() {
        let many =
            |n: usize| (0..n).map(|k| Problem::new("task.steps", "", format!("Problem {k}."))).collect::<Vec<_>>();
        assert_eq!(first_of("a.toml", many(20)), many(20));
        let last = |n| first_of("a.toml", many(n)).last().map(|p| p.message.clone());
        assert_eq!(last(21).as_deref(), Some("a.toml: and 1 more problem."));
        assert_eq!(last(16_000).as_deref(), Some("a.toml: and 15980 more problems."));
        assert_eq!(first_of("a.toml", many(16_000))[..20], many(20));
    }
}
