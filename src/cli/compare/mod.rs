//! `spikescape compare`: rules and seeds against each other, as a table.

pub mod args;
pub mod ask;
mod classes;
mod results;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use crate::sweep::GatheredAnswers;
use crate::sweep::compare::{CompareAnswer, CompareAsk, CompareSweep};

use super::folder::Folder;
use super::print::{complain, say};
use super::signals;
use super::sweep::drive;
use crate::text::count;
use args::Compare;
pub use results::Measured;
use results::Results;

const RUNS: &str = "compare.csv";
const SUMMARY: &str = "summary.csv";
const TEXT: &str = "summary.txt";
const SETTINGS: &str = "settings.toml";
const CURVES: &str = "curves.csv";

pub fn run(args: &Compare) -> Result<ExitCode, String> {
    let ask = ask::ask(&args.what)?;
    let out = args.out.as_deref().map(|dir| CompareFiles::claim(dir, args.force, &ask)).transpose()?;
    signals::listen();
    let begun = Instant::now();
    let threads = drive::threads(args.threads, ask.runs.memory());
    let sweep = CompareSweep::new(&ask, threads);
    let gathered = drive::in_memory(&sweep, threads, "updates")?;
    let measured = (!args.no_times).then(|| Measured { seconds: begun.elapsed().as_secs_f64(), threads });
    report(&ask, &gathered, measured, out.as_ref())?;
    let unfinished = gathered.answers.len() - gathered.done();
    if signals::asked().is_some() {
        complain(&format!("Stopped early: {} did not come to an end.", count(unfinished as u64, "run")));
        return Ok(signals::stopped());
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints the table of what the runs came to, and writes the files where a folder is claimed for them.
pub fn report(
    ask: &CompareAsk,
    gathered: &GatheredAnswers<CompareAnswer>,
    measured: Option<Measured>,
    out: Option<&CompareFiles>,
) -> Result<(), String> {
    let results = Results { ask, gathered, measured };
    let text = results.text();
    say(&text);
    let Some(CompareFiles { folder, names }) = out else { return Ok(()) };
    folder.clear(&[RUNS, SUMMARY, TEXT, SETTINGS, CURVES])?;
    folder.write(SETTINGS, ask.runs.bases[0].settings.to_toml().as_bytes())?;
    folder.write(RUNS, results.every_run().text().as_bytes())?;
    folder.write(SUMMARY, results.summary().csv().as_bytes())?;
    folder.write(TEXT, (text + "\n").as_bytes())?;
    if ask.curves.is_some() {
        folder.write(CURVES, results.curves().text().as_bytes())?;
    }
    say(&format!("\nwritten to {}: {}", folder.display(), names.join(", ")));
    Ok(())
}

/// The folder of a comparison.
pub struct CompareFiles {
    folder: Folder,
    names: Vec<&'static str>,
}

impl CompareFiles {
    /// Makes the folder, and refuses one that has such files unless they may be replaced.
    pub fn claim(dir: &Path, replace: bool, ask: &CompareAsk) -> Result<Self, String> {
        let mut names = vec![RUNS, SUMMARY, TEXT, SETTINGS];
        names.extend(ask.curves.map(|_| CURVES));
        Ok(Self { folder: Folder::claim(dir, &names, replace)?, names })
    }
}
