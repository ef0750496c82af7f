//! `spikescape train`: one run, with its numbers in files.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::engine;
use crate::record::file::{TEXT_LIMIT, read_text};
use crate::record::log::{End, Entry, Log};
use crate::record::weights;
use crate::snn::Isa;
use crate::spike::Raster;
use crate::train::{Halt, Settings, Trainer};

use super::args::Train;
use super::folder::Folder;
use super::metrics::Metrics;
use super::print::{count, rule_name, say, value, whole};
use super::progress;
use super::settings::{chosen_run, memory, network, sentences};
use super::stop;

const METRICS: &str = "metrics.csv";
const SETTINGS: &str = "settings.toml";
const LOG: &str = "log.toml";
const WEIGHTS: &str = "weights.safetensors";

/// How often the bar's text changes.
const BLINK: Duration = Duration::from_millis(100);

pub fn run(args: &Train) -> Result<ExitCode, String> {
    let plan = Plan::of(args)?;
    let files = [METRICS, SETTINGS, LOG, WEIGHTS];
    let folder = args.out.as_deref().map(|dir| Folder::claim(dir, &files, args.force)).transpose()?;
    let pool = engine::pool("training", args.threads.map_or_else(engine::cores, usize::from))?;
    stop::listen();
    let ran = pool.install(|| Ran::of(&plan, folder.as_ref()))?;
    say(&ran.summary());
    if let Some(folder) = &folder {
        ran.write(&plan, folder)?;
        say(&format!("written to {}: {}", folder.display(), files.join(", ")));
    }
    ran.verdict(&plan)
}

/// What is to be done.
struct Plan {
    start: Settings,
    /// What a person did under way, when the run is a replay.
    entries: Vec<Entry>,
    updates: u64,
    /// What a replay has to come to.
    digest: Option<u64>,
}

impl Plan {
    fn of(args: &Train) -> Result<Self, String> {
        let Some(path) = &args.replay else {
            let start = chosen_run(&args.chosen)?;
            return Ok(Self { start, entries: Vec::new(), updates: args.updates, digest: None });
        };
        let (text, shown) = (read_text(path, TEXT_LIMIT)?, path.display());
        let log = Log::from_toml_within(&shown.to_string(), &text, memory()).map_err(|p| sentences(&p))?;
        let Log { start, entries, end, .. } = log;
        let End { update, digest } = end.ok_or(format!(
            "{shown} has no [end]: it does not say how far the run had got, so there is nothing to compare a replay with."
        ))?;
        Ok(Self { start, entries, updates: update, digest: Some(digest) })
    }
}

/// Why a run ended.
enum Ended {
    Arrived,
    Stopped,
    Halted(Halt),
}

/// A run that has ended.
struct Ran {
    trainer: Trainer,
    ended: Ended,
    first: Look,
    seconds: f64,
}

/// Loss, and the watched sample's spikes in hidden layers and output together.
struct Look {
    loss: f64,
    spikes: usize,
}

impl Look {
    fn at(trainer: &Trainer) -> Self {
        Self { loss: trainer.loss(), spikes: trainer.spikes().map(Raster::len).sum() }
    }
}

impl Ran {
    fn of(plan: &Plan, folder: Option<&Folder>) -> Result<Self, String> {
        let mut trainer = Trainer::new(plan.start.clone(), Isa::best());
        let unwritten = |e: std::io::Error| format!("{METRICS} cannot be written: {e}.");
        let mut metrics = match folder {
            Some(folder) => {
                let layers = trainer.net().layers.len();
                Some(Metrics::begin(folder.growing(METRICS)?, layers).map_err(unwritten)?)
            }
            None => None,
        };
        let first = Look::at(&trainer);
        let mut todo = plan.entries.iter().peekable();
        let (bar, begun, mut shown) = (progress::bar(plan.updates), Instant::now(), Duration::ZERO);
        let ended = loop {
            while let Some(entry) = todo.next_if(|e| e.update <= trainer.update()) {
                entry.apply(&mut trainer);
            }
            if trainer.update() >= plan.updates {
                break Ended::Arrived;
            }
            if stop::asked() {
                break Ended::Stopped;
            }
            if let Err(halt) = trainer.step() {
                break Ended::Halted(halt);
            }
            let time = begun.elapsed();
            if let Some(metrics) = &mut metrics {
                let (step, layers) = trainer.report();
                metrics.row(step, layers, time.as_secs_f64()).map_err(unwritten)?;
            }
            if time - shown >= BLINK {
                shown = time;
                bar.set_position(trainer.update());
                bar.set_message(format!("loss {}, ", value(trainer.loss())));
            }
        };
        bar.finish_and_clear();
        if let Some(metrics) = metrics {
            metrics.end().map_err(unwritten)?;
        }
        Ok(Self { trainer, ended, first, seconds: begun.elapsed().as_secs_f64() })
    }

    fn write(&self, plan: &Plan, folder: &Folder) -> Result<(), String> {
        let (trainer, update) = (&self.trainer, self.trainer.update());
        let end = End { update, digest: trainer.params().digest() };
        let entries = plan.entries.iter().filter(|e| e.update <= update).cloned().collect();
        let log = Log { start: plan.start.clone(), entries, end: Some(end), weights: None };
        let weights = weights::to_safetensors(trainer.net(), trainer.params(), trainer.settings(), update);
        folder.write(SETTINGS, plan.start.to_toml().as_bytes())?;
        folder.write(LOG, log.to_toml().as_bytes())?;
        folder.write(WEIGHTS, &weights.map_err(|e| format!("{WEIGHTS} cannot be made: {e}."))?)
    }

    fn summary(&self) -> String {
        let (settings, updates) = (self.trainer.settings(), self.trainer.update());
        let run = format!("{}, seed {}, {}", rule_name(settings.rule.rule), settings.run.seed, network(settings));
        let speed = (updates as f64 / self.seconds.max(1e-9)) as u64;
        let last = Look::at(&self.trainer);
        format!(
            "{run}: {} in {:.2} s ({} updates/s)\nloss {} → {}, hidden and output spikes {} → {}",
            count(updates, "update"),
            self.seconds,
            whole(speed),
            value(self.first.loss),
            value(last.loss),
            self.first.spikes,
            last.spikes,
        )
    }

    fn verdict(self, plan: &Plan) -> Result<ExitCode, String> {
        let (made, wanted) = (self.trainer.update(), count(plan.updates, "update"));
        match self.ended {
            Ended::Halted(halt) => return Err(format!("{halt}.")),
            Ended::Stopped => {
                let compared = if plan.digest.is_some() { ", so the digests could not be compared" } else { "" };
                say(&format!("stopped after {} of {wanted}{compared}", whole(made)));
                return Ok(stop::code());
            }
            Ended::Arrived => {}
        }
        let digest = self.trainer.params().digest();
        match plan.digest {
            None => Ok(ExitCode::SUCCESS),
            Some(expected) if expected == digest => {
                say(&format!("replayed {wanted}: the same bits (digest {digest:016x})"));
                Ok(ExitCode::SUCCESS)
            }
            Some(expected) => Err(format!(
                "The replay of {wanted} came to other bits: its digest is {digest:016x}, and the log says {expected:016x}. \
                 The log was changed, or another version of Spikescape made it."
            )),
        }
    }
}
