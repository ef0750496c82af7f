//! The program in a few facts: version, licence, the paper that it follows, and how to cite both.

/// The name in sentences.
pub const NAME: &str = "Spikescape";
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// An SPDX expression.
pub const LICENCE: &str = env!("CARGO_PKG_LICENSE");
/// One line.
pub const SUMMARY: &str = env!("CARGO_PKG_DESCRIPTION");

/// The paper whose learning rules the program shows.
pub const PAPER: Reference = Reference {
    key: "kim2020antlr",
    kind: "inproceedings",
    authors: &[("Jinseok", "Kim"), ("Kyungsu", "Kim"), ("Jae-Joon", "Kim")],
    title: "Unifying Activation- and Timing-based Learning Rules for Spiking Neural Networks",
    venue: Some("Advances in Neural Information Processing Systems 33 (NeurIPS 2020)"),
    year: 2020,
    note: "arXiv:2006.02642",
};

/// The program itself.
pub const PROGRAM: Reference = Reference {
    key: "spikescape",
    kind: "software",
    authors: &[("", "The Spikescape authors")],
    title: "Spikescape: watch spiking neural networks learn",
    venue: None,
    year: 2026,
    note: concat!("Version ", env!("CARGO_PKG_VERSION")),
};

/// Something that can be cited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Of the entry in BibTeX.
    pub key: &'static str,
    /// Of entry, in BibTeX's words.
    pub kind: &'static str,
    /// First and last name; a group has the second alone.
    pub authors: &'static [(&'static str, &'static str)],
    pub title: &'static str,
    pub venue: Option<&'static str>,
    pub year: u16,
    pub note: &'static str,
}

impl Reference {
    /// As in a list of references.
    pub fn sentence(&self) -> String {
        let name = |(first, last): &(&str, &str)| format!("{first} {last}").trim().to_owned();
        let names: Vec<String> = self.authors.iter().map(name).collect();
        let names = match &names[..] {
            [all @ .., last] if !all.is_empty() => format!("{} and {last}", all.join(", ")),
            all => all.concat(),
        };
        let venue = self.venue.map_or_else(String::new, |venue| format!(" {venue}."));
        format!("{names} ({}). {}.{venue} {}.", self.year, self.title, self.note)
    }

    /// An entry for BibTeX or BibLaTeX.
    pub fn bibtex(&self) -> String {
        let name = |(first, last): &(&str, &str)| match *first {
            "" => format!("{{{last}}}"),
            first => format!("{last}, {first}"),
        };
        let authors: Vec<String> = self.authors.iter().map(name).collect();
        let mut fields = vec![("author", authors.join(" and ")), ("title", format!("{{{}}}", self.title))];
        fields.extend(self.venue.map(|venue| ("booktitle", venue.to_owned())));
        fields.extend([("year", self.year.to_string()), ("note", self.note.to_owned())]);
        let lines: Vec<String> = fields.iter().map(|(name, value)| format!("  {name} = {{{value}}}")).collect();
        format!("@{}{{{},\n{}\n}}", self.kind, self.key, lines.join(",\n"))
    }
}

/// The facts with their labels, in the order in which they are shown.
pub fn facts() -> [(&'static str, String); 5] {
    [
        ("Version", VERSION.to_owned()),
        ("Licence", LICENCE.to_owned()),
        ("The learning rules", PAPER.sentence()),
        ("How to cite the program", PROGRAM.sentence()),
        ("BibTeX", format!("{}\n\n{}", PAPER.bibtex(), PROGRAM.bibtex())),
    ]
}

/// The same as a text for a terminal, without the name of the program and its version.
pub fn text() -> String {
    let facts = facts();
    let paragraphs: Vec<String> = facts[1..].iter().map(|(label, fact)| format!("{label}:\n{fact}")).collect();
    format!("{VERSION}\n{SUMMARY}\n\n{}", paragraphs.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_sentences_and_entries() {
        assert_eq!(
            PAPER.sentence(),
            "Jinseok Kim, Kyungsu Kim and Jae-Joon Kim (2020). Unifying Activation- and Timing-based Learning Rules for \
             Spiking Neural Networks. Advances in Neural Information Processing Systems 33 (NeurIPS 2020). \
             arXiv:2006.02642."
        );
        assert!(PROGRAM.sentence().starts_with("The Spikescape authors (2026). Spikescape: watch"));
        let entry = PROGRAM.bibtex();
        assert!(entry.starts_with("@software{spikescape,\n  author = {{The Spikescape authors}},\n"), "{entry}");
        assert!(PAPER.bibtex().contains("author = {Kim, Jinseok and Kim, Kyungsu and Kim, Jae-Joon},"));
    }

    #[test]
    fn the_text_names_version_licence_paper_and_how_to_cite() {
        let text = text();
        for part in [VERSION, LICENCE, "arXiv:2006.02642", "@inproceedings", "@software"] {
            assert!(text.contains(part), "{part}");
        }
    }
}
