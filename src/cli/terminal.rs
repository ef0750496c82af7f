//! The program where no window can be opened: the same experiment, told in text.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::CommandFactory;

use crate::engine;
use crate::rule::Rule;
use crate::spike::Tally;
use crate::text::{count, value, whole};
use crate::train::{Halt, Settings, Trainer};

use super::args::Args;
use super::print::say;
use super::raster::{View, draw};
use super::settings::network;
use super::table::Table;
use super::tasks::Tasks;
use super::{exam, progress, stop};

/// Updates of each rule …
const UPDATES: u64 = 3000;
/// … if the machine makes them in this time.
const PATIENCE: Duration = Duration::from_secs(6);
/// Updates of one rule before it is the next one's turn.
const TURN: u64 = 10;
/// The text is not wider, however wide the terminal.
const WIDEST: usize = 80;

/// Trains with each rule, and prints what came of it. `why` says why there is no window.
pub fn demonstrate(settings: Settings, why: &str) -> Result<ExitCode, String> {
    say(&format!("No window can be opened ({why}), so Spikescape trains here in the terminal.\n"));
    stop::listen();
    let pool = engine::pool("training", engine::cores())?;
    let shown = settings.rule.rule;
    let runs = pool.install(|| train(&settings))?;
    for run in runs.iter().filter(|r| r.rule == shown) {
        say(&run.picture());
    }
    say(&summary(&runs));
    say(&commands());
    Ok(if stop::asked() { stop::code() } else { ExitCode::SUCCESS })
}

/// A rule's run.
struct Run {
    rule: Rule,
    trainer: Trainer,
    first_loss: f64,
    changes: Changed,
    time: Duration,
    diverged: Option<Halt>,
}

/// What all updates did to the spikes.
#[derive(Clone, Copy, Default)]
struct Changed {
    created: u64,
    removed: u64,
    shifted: u64,
}

impl Changed {
    fn add(&mut self, update: Tally) {
        self.created += u64::from(update.created);
        self.removed += u64::from(update.removed);
        self.shifted += u64::from(update.shifted);
    }
}

impl Run {
    fn new(tasks: &Tasks, settings: &Settings, rule: Rule) -> Result<Self, String> {
        let mut settings = settings.clone();
        settings.rule.rule = rule;
        let trainer = tasks.trainer(settings)?;
        let first_loss = trainer.loss();
        Ok(Self { rule, trainer, first_loss, changes: Changed::default(), time: Duration::ZERO, diverged: None })
    }

    fn turn(&mut self) {
        let begun = Instant::now();
        for _ in 0..TURN {
            if self.diverged.is_some() {
                break;
            }
            match self.trainer.step() {
                Ok(()) => self.changes.add(self.trainer.report().0.changes),
                Err(diverged) => self.diverged = Some(diverged),
            }
        }
        self.time += begun.elapsed();
    }

    fn spikes(&self) -> usize {
        exam::spikes(&self.trainer)
    }

    /// The watched sample's raster, with a title.
    fn picture(&self) -> String {
        let (settings, updates) = (self.trainer.settings(), self.trainer.update());
        let view = View {
            sample: self.trainer.probe(),
            layers: self.trainer.spikes().collect(),
            loss: settings.loss.kind,
            steps: settings.task.steps,
        };
        let (name, net) = (self.rule.label(), network(settings));
        format!("{name} after {}, network {net}:\n\n{}\n", count(updates, "update"), draw(&view, width()))
    }
}

/// All rules from the same seed, in turns, so that each comes to the same number of updates however slow the machine.
fn train(settings: &Settings) -> Result<Vec<Run>, String> {
    let tasks = Tasks::keeping(1);
    let mut runs = Rule::ALL.into_iter().map(|rule| Run::new(&tasks, settings, rule)).collect::<Result<Vec<_>, _>>()?;
    let (bar, begun) = (progress::bar(UPDATES), Instant::now());
    for _ in 0..UPDATES / TURN {
        runs.iter_mut().for_each(Run::turn);
        bar.inc(TURN);
        if stop::asked() || begun.elapsed() > PATIENCE {
            break;
        }
    }
    bar.finish_and_clear();
    Ok(runs)
}

fn summary(runs: &[Run]) -> String {
    let mut table = Table::new(&["rule", "loss", "", "", "spikes", "created", "removed", "shifted", "time"]);
    for run in runs {
        let Changed { created, removed, shifted } = run.changes;
        let mut row = vec![run.rule.label().to_owned(), value(run.first_loss), "→".into(), value(run.trainer.loss())];
        row.push(whole(run.spikes() as u64));
        row.extend([created, removed, shifted].map(whole));
        row.push(format!("{:.2} s", run.time.as_secs_f64()));
        table.push(row);
    }
    let updates = runs.iter().map(|r| r.trainer.update()).max().unwrap_or(0);
    let seed = runs.first().map_or(0, |r| r.trainer.settings().run.seed);
    let mut text = format!("The three gradient rules, each after {} from seed {seed}:\n\n", count(updates, "update"));
    text += &table.aligned(1);
    text += "\n\nSpikes: of hidden layers and output, at the end. Created, removed, shifted: what all\n\
             updates together did to them.\n";
    for run in runs {
        if let Some(diverged) = &run.diverged {
            text += &format!("{}: {diverged}.\n", run.rule.label());
        }
    }
    text
}

/// The names of the commands, as the help has them.
fn commands() -> String {
    let mut text = "Without a window there are these commands; `spikescape --help` tells more:\n".to_owned();
    for command in Args::command().get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        text += &format!("\n  spikescape {:9} {}", command.get_name(), about.lines().next().unwrap_or(""));
    }
    text
}

/// Characters in a line; terminals are hardly ever narrower than this, and those that are often say so.
fn width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    said.unwrap_or(WIDEST).clamp(40, WIDEST)
}
