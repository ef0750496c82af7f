//! Every package that `Cargo.toml` asks for is named in the sources: one that nothing uses costs time to build and trust.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::sources;

#[test]
fn every_dependency_of_the_program_is_named_in_it() {
    let used: BTreeSet<String> = sources::read().into_iter().flat_map(|source| source.packages).map(first).collect();
    let unused: Vec<String> =
        asked_for("dependencies").into_iter().filter(|package| !used.contains(&crate_name(package))).collect();
    assert!(unused.is_empty(), "Nothing in `src` names these packages; take them out of Cargo.toml: {unused:?}");
}

#[test]
fn every_dependency_of_the_tests_is_named_in_tests_or_benchmarks() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    // `src` holds unit tests
    let text: String = ["tests", "benches", "src"].iter().map(|folder| code(&root.join(folder))).collect();
    let unused: Vec<String> =
        asked_for("dev-dependencies").into_iter().filter(|package| !names(&text, &crate_name(package))).collect();
    assert!(unused.is_empty(), "No test or benchmark names these packages; take them out of Cargo.toml: {unused:?}");
}

#[test]
fn a_package_is_named_by_a_path_that_begins_with_it() {
    assert!(names("use half::f16;", "half") && names("a(half::f16::ONE)", "half"));
    assert!(!names("use whole_half::f16; half.x", "half") && !names("other::half", "half"));
}

/// The packages in all tables of this name, those for one kind of machine included.
fn asked_for(table: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let manifest: Table = text.parse().unwrap();
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let tables = targets.filter_map(Value::as_table).chain([&manifest]).filter_map(|t| t.get(table)?.as_table());
    let packages: BTreeSet<String> = tables.flat_map(Table::keys).cloned().collect();
    assert!(!packages.is_empty(), "Cargo.toml has no [{table}]");
    packages
}

fn crate_name(package: &str) -> String {
    package.replace('-', "_")
}

/// The package that a path begins with.
fn first(path: String) -> String {
    path.split("::").next().unwrap_or_default().to_owned()
}

/// All sources below a folder, without lines that are comments.
fn code(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &code(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let file = fs::read_to_string(&path).unwrap();
            text.extend(file.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]));
        }
    }
    text
}

/// Whether a path in `text` begins with the package.
fn names(text: &str, package: &str) -> bool {
    let path = format!("{package}::");
    let within = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    text.match_indices(&path).any(|(at, _)| !text[..at].ends_with(within))
}
