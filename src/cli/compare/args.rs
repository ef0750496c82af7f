//! What can be said of a comparison on the command line.

use std::path::PathBuf;

use clap::Args;

use crate::rule::Rule;
use crate::sweep::Variation;
use crate::task::Split;

use super::super::args::{List, Source, rule_list, seed_list, threads, updates, variation};

/// `spikescape compare`
#[derive(Debug, Args)]
pub struct Compare {
    #[command(flatten)]
    pub what: CompareWhat,
    /// Leave measured times out of what is written, so that the same comparison gives the same bytes
    #[arg(long)]
    pub no_times: bool,
    /// Runs at a time; the results are the same with any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads())]
    pub threads: Option<u16>,
    /// The folder for the files; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace files of an earlier comparison in DIR
    #[arg(long, requires = "out")]
    pub force: bool,
}

/// Which runs are compared.
#[derive(Debug, Args)]
pub struct CompareWhat {
    /// The rules: all, or some with commas between
    #[arg(long, default_value = "all", value_parser = rule_list)]
    pub rules: List<Rule>,
    /// The seeds: single ones and ranges, as in 0-39 or 1,5,10-12
    #[arg(long, default_value = "0-9", value_parser = seed_list)]
    pub seeds: List<u64>,
    /// After how many updates to look; with several numbers each run is looked at several times
    #[arg(long, value_name = "N[,M…]", default_value = "1000", value_delimiter = ',', value_parser = updates())]
    pub updates: Vec<u64>,
    /// After how many epochs to look, and to answer all samples of --splits: for tasks with classes
    #[arg(long, value_name = "N[,M…]", value_delimiter = ',', value_parser = updates(), conflicts_with = "updates")]
    pub epochs: Vec<u64>,
    /// The splits whose samples are answered: train, validation, test [default: validation and test, where there are samples]
    #[arg(long, value_name = "SPLIT[,…]", value_delimiter = ',', requires = "epochs", value_parser = split)]
    pub splits: Vec<Split>,
    /// A setting to vary, as in neuron.alpha_v=0.9,0.95,0.99; several of them make a grid
    #[arg(long, value_name = "KEY=V1,V2,…", value_parser = variation)]
    pub vary: Vec<Variation>,
    /// Also write the curves of each run, curves.csv: loss and spikes after every N updates
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1",
          value_parser = clap::value_parser!(u64).range(1..))]
    pub curves: Option<u64>,
    /// The folder or file of the data, short for --set task.data=…
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    #[command(flatten)]
    pub source: Source,
}

fn split(key: &str) -> Result<Split, String> {
    let found = Split::ALL.into_iter().find(|split| split.key() == key.trim());
    found.ok_or_else(|| format!("there is no split {key}; expected train, validation or test"))
}
