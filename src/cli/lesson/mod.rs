//! `spikescape lesson` and `spikescape class`.

pub mod args;

use std::path::Path;
use std::process::ExitCode;

use rayon::prelude::*;

use crate::file::{TEXT_LIMIT, read_text, save};
use crate::lesson::check::{self, Fault};
use crate::lesson::code::{LessonCode, histograms};
use crate::lesson::{Lesson, builtin, pages};
use crate::text;

use super::print::{complain, say};
use super::settings::sentences;
use super::signals;
use args::{Class, LessonCommand};

pub fn run(command: &LessonCommand) -> Result<ExitCode, String> {
    match command {
        LessonCommand::List => Ok(list()),
        LessonCommand::Check { lessons, steps_only } => check_all(lessons, *steps_only),
        LessonCommand::New { file, force } => new(file, *force),
        LessonCommand::Notes { lesson } => {
            say(pages::instructor(&named(lesson)?).trim_end());
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The lesson of a file, or of a number.
pub fn named(name: &str) -> Result<Lesson, String> {
    match name.parse::<usize>() {
        Ok(number) => builtin::numbered(number),
        Err(_) => read(Path::new(name)),
    }
}

fn read(path: &Path) -> Result<Lesson, String> {
    let text = read_text(path, TEXT_LIMIT)?;
    Lesson::read(&path.display().to_string(), &text).map_err(|problems| sentences(&problems))
}

fn list() -> ExitCode {
    for (n, lesson) in builtin::all().iter().enumerate() {
        say(&format!("{}  {} ({} minutes)", n + 1, lesson.title, lesson.minutes));
        lesson.goals.iter().for_each(|goal| say(&format!("     {goal}")));
    }
    say("\nOpen one with `spikescape --lesson NUMBER`, or from the menu Lessons.");
    ExitCode::SUCCESS
}

fn new(file: &Path, force: bool) -> Result<ExitCode, String> {
    if file.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("toml")) {
        return Err(format!("{} should end in .toml: lessons are TOML.", file.display()));
    }
    if file.exists() && !force {
        return Err(format!("{} is there already. Choose another name, or replace it with --force.", file.display()));
    }
    let id = file.file_stem().map(|stem| stem.to_string_lossy().replace(['"', '\\'], "-"));
    let text = pages::EXAMPLE.replace("\"my-lesson\"", &format!("\"{}\"", id.unwrap_or_default()));
    save(file, text.as_bytes())?;
    say(&format!(
        "{}: edit it, check it with `spikescape lesson check {0}`, open it with `spikescape --lesson {0}`",
        file.display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn check_all(names: &[String], steps_only: bool) -> Result<ExitCode, String> {
    let all: Vec<String> = (1..=builtin::FILES.len()).map(|n| n.to_string()).collect();
    signals::listen();
    let mut sound = true;
    for name in if names.is_empty() { &all } else { names } {
        match named(name) {
            Ok(lesson) => sound &= check_one(&lesson, steps_only)?,
            Err(problem) => {
                complain(&problem);
                sound = false;
            }
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether nothing is wrong with a lesson.
fn check_one(lesson: &Lesson, steps_only: bool) -> Result<bool, String> {
    let faults = check::steps(lesson);
    let steps = text::count(lesson.steps.len() as u64, "step");
    say(&format!("{}: {steps}, {}", lesson.title, text::count(lesson.claims.len() as u64, "claim")));
    for Fault { line, text } in &faults {
        let place = line.map_or_else(String::new, |line| format!("line {line}: "));
        complain(&format!("  {place}{text}"));
    }
    let claims = steps_only || check_claims(lesson)?;
    Ok(faults.is_empty() && claims)
}

/// Whether all claims hold.
fn check_claims(lesson: &Lesson) -> Result<bool, String> {
    let seeds = check::seeds(lesson);
    let stop = || signals::asked().is_some();
    let measured: Result<Vec<_>, String> =
        seeds.par_iter().map(|seed| check::measure_seed(lesson, *seed, &stop)).collect();
    let verdicts = check::verdicts(lesson, &measured?);
    for (claim, verdict) in lesson.claims.iter().zip(&verdicts) {
        let word = if verdict.holds { "holds" } else { "DOES NOT HOLD" };
        say(&format!("  {word}: {claim}\n         measured {} against {}", round(verdict.left), round(verdict.right)));
    }
    Ok(verdicts.iter().all(|verdict| verdict.holds))
}

fn round(x: f64) -> String {
    if x.is_nan() { "nothing".to_owned() } else { text::trimmed(x) }
}

/// `spikescape class`
pub fn class(args: &Class) -> Result<ExitCode, String> {
    let mut lessons = builtin::all();
    for path in &args.lesson {
        lessons.push(read(path)?);
    }
    let text = read_text(&args.file, TEXT_LIMIT)?;
    let (mut found, mut sound): (Vec<(&Lesson, LessonCode)>, bool) = (Vec::new(), true);
    for (n, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let code = line.rsplit_once(':').map_or(line, |(_, code)| code).trim();
        match LessonCode::read(code, &lessons) {
            Ok((code, lesson)) => found.push((lesson, code)),
            Err(problem) => {
                complain(&format!("{}, line {}: {problem}", args.file.display(), n + 1));
                sound = false;
            }
        }
    }
    for lesson in &lessons {
        let of: Vec<LessonCode> =
            found.iter().filter(|(l, _)| l.id == lesson.id).map(|(_, code)| code.clone()).collect();
        if !of.is_empty() {
            say(&histograms(lesson, &of));
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
