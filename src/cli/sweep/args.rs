//! What can be said of sweeps on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use crate::sweep::share::MOST_SHARDS;
use crate::sweep::{Share, Variation};

use super::super::args::{Chosen, List, rule_list, seed_list, threads, updates, variation};
use super::super::compare::args::CompareWhat;
use super::super::landscape::args::LandscapeWhat;
use super::duration;

/// `spikescape plan`
#[derive(Debug, Subcommand)]
pub enum Plan {
    /// The runs of `spikescape compare`
    Compare(Box<PlanCompare>),
    /// The points of a landscape, or the runs of `spikescape landscape --table`
    ///
    /// What all points have in common is worked out now: the run is trained or read, its past replayed where the plane needs it,
    /// the plane made. It goes to a file beside the plan that ends in .scene.safetensors and has the samples in it, so that
    /// workers need no data.
    Landscape(Box<PlanLandscape>),
    /// Whole trainings, of a list of settings files
    ///
    /// Every file with every value of --vary, every rule of --rules and every seed of --seeds; without files, the settings of
    /// the command line. The files of each training, log.toml, weights.safetensors and, where samples have classes,
    /// best.safetensors, go to DIR/runs/TASK.
    Train(Box<PlanTrain>),
}

/// Where a plan goes.
#[derive(Debug, Args)]
pub struct PlanOut {
    /// The plan; its name ends in .json
    #[arg(short, long, value_name = "PLAN", value_parser = plan_name)]
    pub out: PathBuf,
}

/// `spikescape plan compare`
#[derive(Debug, Args)]
pub struct PlanCompare {
    #[command(flatten)]
    pub out: PlanOut,
    #[command(flatten)]
    pub what: CompareWhat,
}

/// `spikescape plan landscape`
#[derive(Debug, Args)]
pub struct PlanLandscape {
    #[command(flatten)]
    pub out: PlanOut,
    /// Threads to compute on while the plan is made [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads())]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub what: LandscapeWhat,
}

/// `spikescape plan train`
#[derive(Debug, Args)]
pub struct PlanTrain {
    /// Settings files (TOML)
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub out: PlanOut,
    /// How many updates each run makes [default: 1000]
    #[arg(long, value_name = "N", group = "length", value_parser = updates())]
    pub updates: Option<u64>,
    /// How many epochs each run makes
    #[arg(long, value_name = "N", group = "length", value_parser = updates())]
    pub epochs: Option<u64>,
    /// The rules: all, or some with commas between [default: that of the settings]
    #[arg(long, value_parser = rule_list, conflicts_with = "rule")]
    pub rules: Option<List<crate::rule::Rule>>,
    /// The seeds: single ones and ranges, as in 0-39 [default: that of the settings]
    #[arg(long, value_parser = seed_list, conflicts_with = "seed")]
    pub seeds: Option<List<u64>>,
    /// A setting to vary, as in neuron.alpha_v=0.9,0.95,0.99; several of them make a grid
    #[arg(long, value_name = "KEY=V1,V2,…", value_parser = variation)]
    pub vary: Vec<Variation>,
    /// Keep the curves of each run: loss and spikes after every N updates
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub curves: Option<u64>,
    /// The folder or file of the data, short for --set task.data=…
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// `spikescape work`
#[derive(Debug, Args)]
pub struct Work {
    /// The plan, or the folder of a sweep that was begun
    pub plan: PathBuf,
    /// Which share of the tasks: INDEX/OF from 1 on, as in 3/16; auto or auto/OF reads it from the variables of Slurm,
    /// HyperQueue, GNU parallel or Open MPI, and says what it understood
    #[arg(long, value_name = "SHARE", default_value = "1/1", value_parser = shard)]
    pub shard: Shard,
    /// The folder of the sweep; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Threads to compute on; the results are the same bits with any number [default: all cores that this job may use]
    #[arg(long, value_name = "N", value_parser = threads())]
    pub threads: Option<u16>,
    /// How long this worker may run, as in 90s, 10m, 1.5h or 1-12:00:00
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub time_limit: Option<Duration>,
    /// How long before the end of --time-limit to stop
    #[arg(long, value_name = "TIME", default_value = "60s", requires = "time_limit", value_parser = duration::parse)]
    pub stop_before: Duration,
    /// How long a task may go on before its state is kept, in case the worker is killed
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = duration::parse)]
    pub keep_every: Duration,
    /// Print the tasks of the share, one on a line, and do nothing
    #[arg(long, conflicts_with = "print_job")]
    pub list: bool,
    /// Print a job that does the whole plan, ready to be submitted, and do nothing
    #[arg(long, value_name = "SCHEDULER")]
    pub print_job: Option<Scheduler>,
    /// Shards of the job that is printed [default: one for every ten minutes of work, at most 1000]
    #[arg(long, value_name = "N", requires = "print_job", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_SHARDS)))]
    pub shards: Option<u32>,
}

/// For which scheduler a job is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scheduler {
    Slurm,
    Parallel,
    Snakemake,
    Hyperqueue,
}

/// `spikescape status`
#[derive(Debug, Args)]
pub struct Status {
    /// The folder of a sweep
    pub folder: PathBuf,
    /// One JSON object instead of a text
    #[arg(long)]
    pub json: bool,
}

/// `spikescape merge`
#[derive(Debug, Args)]
pub struct Merge {
    /// The folder of a sweep
    pub folder: PathBuf,
    /// Of compare the folder for its files; of a landscape a file (.npz, .csv, .png, .svg), can be repeated; of a table or of
    /// trainings a file (.csv)
    #[arg(short, long, value_name = "OUT")]
    pub out: Vec<PathBuf>,
    /// Take what there is, though tasks are missing
    #[arg(long)]
    pub partial: bool,
    /// Fill in measured times, which differ from one run of a task to the next (compare)
    #[arg(long)]
    pub times: bool,
    /// Replace files of an earlier merge
    #[arg(long, requires = "out")]
    pub force: bool,
    /// All rows of a table as one JSON object instead of a text (landscape --table)
    #[arg(long)]
    pub json: bool,
}

/// Which share of the tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shard {
    Given(Share),
    /// From a scheduler's variables; of how many, where that is said.
    Auto(Option<u32>),
}

fn shard(text: &str) -> Result<Shard, String> {
    let auto = match text.strip_prefix("auto") {
        Some("") => Some(Shard::Auto(None)),
        Some(rest) => {
            let of = rest.strip_prefix('/').and_then(|of| of.parse().ok());
            of.filter(|of| (1..=MOST_SHARDS).contains(of)).map(|of| Shard::Auto(Some(of)))
        }
        None => Share::parse(text).map(Shard::Given),
    };
    auto.ok_or_else(|| "expected INDEX/OF with INDEX from 1 to OF, as in 3/16, or auto, or auto/16".into())
}

fn plan_name(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    let json = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("json"));
    if json { Ok(path) } else { Err("the name of a plan ends in .json".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_given_or_asked_for() {
        assert_eq!(shard("3/16"), Ok(Shard::Given(Share::new(3, 16).unwrap())));
        assert_eq!(shard("auto"), Ok(Shard::Auto(None)));
        assert_eq!(shard("auto/16"), Ok(Shard::Auto(Some(16))));
        for wrong in ["", "0/3", "4/3", "auto/", "auto/0", "automatic", "3"] {
            assert!(shard(wrong).is_err(), "{wrong}");
        }
    }
}
