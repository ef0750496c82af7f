//! The document of the model, `src/model.md`, and the links to its sections all over the code.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file below `folder` with this extension, and its text.
fn files(folder: &Path, extension: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.insert(path.clone(), std::fs::read_to_string(path).unwrap());
        }
    }
    found
}

/// The anchor that rustdoc makes of a heading: letters and digits in lower case, spaces as minus signs, nothing else.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// The number and the anchor of every section.
fn sections() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(src().join("model.md")).unwrap();
    let headings = text.lines().filter_map(|line| line.strip_prefix("## "));
    headings.map(|h| (h.split('.').next().unwrap().to_owned(), anchor(h))).collect()
}

/// The text of every link to the model, and the anchor it points to.
fn links(code: &str) -> Vec<(&str, &str)> {
    let parts = code.match_indices("](crate::model#");
    let link = |(at, middle): (usize, &str)| {
        let text = &code[code[..at].rfind('[').expect("a link begins") + 1..at];
        (text, code[at + middle.len()..].split(')').next().unwrap())
    };
    parts.map(link).collect()
}

#[test]
fn sections_are_numbered_from_1_without_a_gap() {
    let mut numbers: Vec<u32> = sections().keys().map(|n| n.parse().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=14).collect::<Vec<_>>());
}

#[test]
fn every_link_to_a_section_leads_there() {
    let (sections, mut count) = (sections(), 0);
    for (path, code) in files(&src(), "rs") {
        for (text, anchor) in links(&code) {
            let number = text.rsplit('§').next().unwrap();
            let expected = sections.get(number).map(String::as_str);
            assert_eq!(expected, Some(anchor), "{}: [{text}]", path.display());
            count += 1;
        }
    }
    assert!(count >= 40, "only {count} links were found");
}

/// A section that is named without a link would not be noticed when its number changes.
#[test]
fn no_section_is_named_without_a_link() {
    for (path, code) in files(&src(), "rs") {
        let comments = code.lines().filter(|line| line.trim_start().starts_with("//"));
        let plain = comments.filter(|line| line.contains("model.md")).collect::<Vec<_>>();
        assert!(plain.is_empty(), "{}: {plain:?}", path.display());
    }
}

#[test]
fn what_is_no_anchor_is_left_out_of_one() {
    assert_eq!(anchor("5. The three rules (backward)"), "5-the-three-rules-backward");
    assert_eq!(
        anchor("13. Lines through weight space, and circulation"),
        "13-lines-through-weight-space-and-circulation"
    );
}
