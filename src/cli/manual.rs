//! `spikescape man` and `spikescape completions`: what a package installs next to the program.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::file::save;

use super::args::Args;
use super::print::say;
use crate::text::count;

/// `spikescape man`
#[derive(Debug, clap::Args)]
pub struct Manual {
    /// Write a page for the program and one for each command into this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// `spikescape completions`
#[derive(Debug, clap::Args)]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

/// Prints the page of the program, or writes all pages.
pub fn pages(args: &Manual) -> Result<ExitCode, String> {
    let mut command = Args::command();
    command.build();
    let Some(folder) = &args.out else {
        say(String::from_utf8_lossy(&page(command)?).trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    std::fs::create_dir_all(folder).map_err(|e| format!("The folder {} cannot be made: {e}.", folder.display()))?;
    let commands: Vec<clap::Command> = command.get_subcommands().filter(|c| c.get_name() != "help").cloned().collect();
    write(folder, "spikescape.1", &page(command)?)?;
    for one in &commands {
        // the names that git has: spikescape-train(1) is the page of `spikescape train`
        let name = format!("spikescape-{}", one.get_name());
        let file = format!("{name}.1");
        write(folder, &file, &page(one.clone().name(name.clone()).display_name(name))?)?;
    }
    say(&format!("written to {}: {}", folder.display(), count(commands.len() as u64 + 1, "manual page")));
    Ok(ExitCode::SUCCESS)
}

fn page(command: clap::Command) -> Result<Vec<u8>, String> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page).map_err(|e| format!("The manual page cannot be made: {e}."))?;
    Ok(page)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), String> {
    let path = folder.join(name);
    save(&path, bytes)
}

/// Prints the script with which a shell completes the program's arguments.
pub fn complete(args: &Completions) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "spikescape", &mut script);
    say(String::from_utf8_lossy(&script).trim_end());
    ExitCode::SUCCESS
}
