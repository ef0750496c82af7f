//! A TOML file with its name, so that every message can say where.

use super::problem::first_of;
use super::{FilePlace, Problem};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The text of a file and the name by which the user knows it.
pub struct TomlSource<'a> {
    pub name: &'a str,
    text: &'a str,
    /// Where each line begins.
    lines: Vec<usize>,
}

impl<'a> TomlSource<'a> {
    pub fn new(name: &'a str, text: &'a str) -> Self {
        // some editors begin a file with a byte order mark, which is not part of TOML
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let after_breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Self { name, text, lines: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// The table of the file, or what is wrong with its syntax: the first fault of each line, as the others follow from it.
    pub fn parse(&self) -> Result<DeTable<'a>, Vec<Problem>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        if errors.is_empty() {
            return Ok(table.into_inner());
        }
        let mut problems = BTreeMap::new();
        for error in errors {
            let span = error.span().unwrap_or(self.text.len()..self.text.len());
            let place = self.place(&span);
            problems.entry(place.line).or_insert_with(|| {
                let line = self.line(place.line);
                let message = format!("The line `{line}` cannot be read: {}.", syntax(error.message()));
                Problem::new("", line, message).at(place)
            });
        }
        Err(first_of(self.name, problems.into_values().collect()))
    }

    /// A line, counted from 1.
    fn line(&self, number: usize) -> String {
        let start = self.lines.get(number - 1).copied().unwrap_or(self.text.len());
        self.text[start..].lines().next().map_or(String::new(), shorten)
    }

    /// Where a part of the text begins.
    pub fn place(&self, span: &Range<usize>) -> FilePlace {
        let mut start = span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let line = self.lines.partition_point(|begin| *begin <= start);
        let column = self.text[self.lines[line - 1]..start].chars().count() + 1;
        FilePlace { file: self.name.to_owned(), line, column }
    }

    /// A part of the text on one line, cut where it is long.
    pub fn excerpt(&self, span: &Range<usize>) -> String {
        self.text.get(span.clone()).map_or(String::new(), shorten)
    }

    /// A value as it stands in the file, with its type where that is easily overlooked.
    pub fn found(&self, value: &Spanned<DeValue<'_>>) -> String {
        let written = self.excerpt(&value.span());
        match value.get_ref() {
            DeValue::String(_) => format!("the text {written}"),
            DeValue::Array(_) => format!("the list {written}"),
            DeValue::Table(_) => "a section".to_owned(),
            DeValue::Datetime(_) => format!("the date {written}"),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => written,
        }
    }
}

/// A text on one line, cut where it is long.
fn shorten(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((end, _)) = words.char_indices().nth(LONGEST) {
        words.truncate(end);
        words.push('…');
    }
    words
}

/// The parser's message, in words that say what to do where it is a common mistake.
fn syntax(message: &str) -> &str {
    match message.split(',').next() {
        Some("duplicate key") => "it stands in the file a second time; keep one",
        Some("string values must be quoted") => "a text needs quotes, as in \"antlr\"",
        Some("key with no value") => "it needs the form key = value",
        _ => message.strip_suffix(", expected nothing").unwrap_or(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let source = TomlSource::new("a.toml", "\u{feff}'α' = 1\r\n'τé' = 22\n");
        let table = source.parse().unwrap();
        let (key, value) = table.get_key_value("τé").unwrap();
        assert_eq!(source.place(&key.span()), FilePlace { file: "a.toml".into(), line: 2, column: 1 });
        assert_eq!(source.place(&value.span()).column, 8);
    }

    #[test]
    fn each_broken_line_is_named_once() {
        let problems = TomlSource::new("a.toml", "a = \nb = 1\n[c\nd = = 2\n").parse().unwrap_err();
        let lines: Vec<_> = problems.iter().map(|p| p.place.as_ref().unwrap().line).collect();
        assert_eq!(lines, [1, 3, 4]);
    }

    #[test]
    fn excerpts_are_short_and_on_one_line() {
        let text = "a = [1,\n 2,\n 3]";
        let source = TomlSource::new("a", text);
        assert_eq!(source.excerpt(&(4..15)), "[1, 2, 3]");
        let long = "é".repeat(100);
        assert_eq!(TomlSource::new("a", &long).excerpt(&(0..200)).chars().count(), 41);
        assert_eq!(source.excerpt(&(90..200)), "");
    }
}
