//! `spikescape compare`: rules and seeds against each other, as a table.

mod plan;
mod results;
mod runs;

use crate::text::count;
use std::process::ExitCode;
use std::time::Instant;

use super::args::Compare;
use super::folder::Folder;
use super::print::{complain, say};
use super::stop;
use plan::Plan;
use results::Results;

const RUNS: &str = "compare.csv";
const SUMMARY: &str = "summary.csv";
const TEXT: &str = "summary.txt";
const SETTINGS: &str = "settings.toml";

pub fn run(args: &Compare) -> Result<ExitCode, String> {
    let plan = Plan::of(args)?;
    let files = [RUNS, SUMMARY, TEXT, SETTINGS];
    let folder = args.out.as_deref().map(|dir| Folder::claim(dir, &files, args.force)).transpose()?;
    stop::listen();
    let begun = Instant::now();
    let runs = runs::all(&plan)?;
    let results = Results { plan: &plan, runs: &runs, seconds: begun.elapsed().as_secs_f64() };
    let text = results.text();
    say(&text);
    if let Some(folder) = &folder {
        folder.write(SETTINGS, plan.base.to_toml().as_bytes())?;
        folder.write(RUNS, results.every_run().csv().as_bytes())?;
        folder.write(SUMMARY, results.summary().csv().as_bytes())?;
        folder.write(TEXT, (text + "\n").as_bytes())?;
        say(&format!("\nwritten to {}: {}", folder.display(), files.join(", ")));
    }
    if stop::asked() {
        complain(&format!("Stopped early: {} did not come to an end.", count(results.unfinished() as u64, "run")));
        return Ok(stop::code());
    }
    Ok(ExitCode::SUCCESS)
}
