//! The texts of lessons: live numbers in braces, as in `The loss is {loss}.`

use pulldown_cmark::{Event, Parser, TagEnd};

use super::fact::Fact;
use super::observed::Observed;

/// A part of a text.
enum TextPart<'a> {
    Plain(&'a str),
    /// Between braces.
    Fact(&'a str),
}

fn parts(text: &str) -> Vec<TextPart<'_>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inside, after)) = after.split_once('}') else { break };
        parts.push(TextPart::Plain(before));
        parts.push(TextPart::Fact(inside));
        rest = after;
    }
    parts.push(TextPart::Plain(rest));
    parts
}

/// A fact, and whether it is counted since the step began.
fn fact(text: &str) -> Result<(Fact, bool), String> {
    match text.trim().strip_suffix("since step") {
        Some(name) => {
            let fact = Fact::parse(name)?;
            if fact.counts() { Ok((fact, true)) } else { Err(format!("`{fact}` cannot be counted since the step.")) }
        }
        None => Ok((Fact::parse(text)?, false)),
    }
}

/// Whether every pair of braces holds a fact. An error is a sentence.
pub fn check(text: &str) -> Result<(), String> {
    for part in parts(text) {
        if let TextPart::Fact(inside) = part {
            fact(inside)?;
        }
    }
    Ok(())
}

/// The text with the numbers of the moment in place of the facts; – where nothing is known yet.
pub fn filled(text: &str, now: &Observed, start: &Observed) -> String {
    let value = |inside: &str| -> Option<String> {
        let (fact, since) = fact(inside).ok()?;
        let value = if since { now.since(&fact, start) } else { now.value(&fact) };
        value.map(|value| fact.say(&value))
    };
    let part = |part: TextPart| match part {
        TextPart::Plain(text) => text.to_owned(),
        TextPart::Fact(inside) => value(inside).unwrap_or_else(|| "–".to_owned()),
    };
    parts(text).into_iter().map(part).collect()
}

/// A text without its Markdown, in lines of at most `width` characters where its words allow it; … for numbers of the moment.
pub fn plain(text: &str, width: usize) -> Vec<String> {
    let part = |part: TextPart| match part {
        TextPart::Plain(text) => text.to_owned(),
        TextPart::Fact(_) => "…".to_owned(),
    };
    let filled: String = parts(text).into_iter().map(part).collect();
    let mut words = String::new();
    for event in Parser::new(&filled) {
        match event {
            Event::Text(text) | Event::Code(text) => words += &text,
            Event::SoftBreak | Event::HardBreak | Event::End(_) if !is_inline(&event) => words.push(' '),
            _ => {}
        }
    }
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            *line += if line.is_empty() { "" } else { " " };
            *line += word;
        }
    }
    lines
}

/// The end of something within a line.
fn is_inline(event: &Event) -> bool {
    matches!(event, Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_in_braces_become_numbers() {
        let now = Observed { loss: Some(0.25), updates: 12, ..Observed::default() };
        let start = Observed { updates: 10, ..Observed::default() };
        let text = "The loss is {loss} after {updates} updates, {updates since step} of them yours; {accuracy}.";
        assert_eq!(filled(text, &now, &start), "The loss is 0.25 after 12 updates, 2 of them yours; –.");
        assert!(check(text).is_ok());
        let plain = plain("A *small* **word**ing of\n{targets} `x`.\n\nEnd.", 16);
        assert_eq!(plain, ["A small wording", "of … x. End."]);
        assert!(check("{los}").unwrap_err().contains("Did you mean `loss`?"));
        assert!(check("{loss since step}").unwrap_err().contains("cannot be counted"));
    }
}
