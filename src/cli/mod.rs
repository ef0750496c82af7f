//! The program without a window. The only place that prints.

mod args;
mod compare;
mod data;
mod display;
mod eval;
mod exam;
pub mod explain;
mod export;
mod folder;
mod health;
mod landscape;
mod lesson;
mod manual;
mod metrics;
mod print;
pub mod probe;
mod progress;
mod promises;
mod raster;
mod settings;
mod signals;
mod snapshot;
mod soak;
mod spikes;
mod sweep;
mod table;
mod tensor_file;
mod terminal;
mod train;

use std::process::ExitCode;

use clap::Parser;

use crate::engine;
use crate::gui::window::WindowStart;
use crate::train::Settings;
use args::{Args, Command, WorkspaceName};

/// Does what the command line asks for. `open` opens the window and returns when it is closed, or says why it cannot.
pub fn run(open: fn(WindowStart) -> Result<(), String>) -> ExitCode {
    let args = Args::parse();
    signals::outlive_limits();
    let done = engine::forgo_global_pool().and_then(|()| obey(args, open));
    let code = done.unwrap_or_else(|problem| {
        print::complain(&problem);
        ExitCode::FAILURE
    });
    // work that is to be started again is, all the same
    if code == ExitCode::SUCCESS && !print::all_written() { ExitCode::FAILURE } else { code }
}

fn obey(args: Args, open: fn(WindowStart) -> Result<(), String>) -> Result<ExitCode, String> {
    match args.command {
        None => settings::chosen(&args.source).and_then(|settings| window_or_terminal(open, &args, settings)),
        Some(Command::Train(args)) => train::run(&args),
        Some(Command::Eval(args)) => eval::run(&args),
        Some(Command::Data(args)) => data::run(&args),
        Some(Command::Compare(args)) => compare::run(&args),
        Some(Command::Landscape(args)) => landscape::run(&args),
        Some(Command::Promises(args)) => promises::run(&args),
        Some(Command::Lesson { lesson }) => lesson::run(&lesson),
        Some(Command::Class(args)) => lesson::class(&args),
        Some(Command::Plan { plan }) => sweep::plan(&plan),
        Some(Command::Work(args)) => sweep::work(&args),
        Some(Command::Status(args)) => sweep::status(&args),
        Some(Command::Merge(args)) => sweep::merge(&args),
        Some(Command::Snapshot(args)) => snapshot::run(&args),
        Some(Command::Soak(args)) => soak::run(&args),
        Some(Command::Spikes(args)) => spikes::run(&args),
        Some(Command::Export(args)) => export::run(&args),
        Some(Command::Film(args)) => export::run_film(&args),
        Some(Command::Probe { case, out, explain }) => probe::run(&case, &out, explain).map(|()| ExitCode::SUCCESS),
        Some(Command::Settings { preset, markdown }) => Ok(settings::print(preset, markdown)),
        Some(Command::Presets) => Ok(settings::print_presets()),
        Some(Command::Man(args)) => manual::pages(&args),
        Some(Command::Completions(args)) => Ok(manual::complete(&args)),
    }
}

fn window_or_terminal(
    open: fn(WindowStart) -> Result<(), String>,
    args: &Args,
    settings: Settings,
) -> Result<ExitCode, String> {
    let Args { file, at, run, workspace, .. } = args;
    let lesson = args.lesson.as_deref().map(lesson::named).transpose()?;
    let teaches = lesson.is_some();
    let start = WindowStart {
        settings: settings.clone(),
        // a window may be asked for from elsewhere
        file: file.as_ref().map(|file| std::path::absolute(file).unwrap_or_else(|_| file.clone())),
        at: *at,
        run: run.clone(),
        workspace: workspace.map(WorkspaceName::workspace),
        lesson,
    };
    match (display::attempt(open, start), file) {
        (Ok(()), _) => Ok(ExitCode::SUCCESS),
        (Err(why), _) if teaches => Err(format!("A lesson needs the window, and there is none: {why}.")),
        (Err(why), None) => terminal::demonstrate(settings, &why),
        (Err(why), Some(file)) => Err(format!("No window can be opened ({why}), so {} is not shown.", file.display())),
    }
}
