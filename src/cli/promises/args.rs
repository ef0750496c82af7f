//! What can be said of the table of promises on the command line.

use std::path::PathBuf;

use clap::Args;

use crate::landscape::Grid;

use super::super::args::{List, Source, seed_list, threads, updates, within};

/// `spikescape promises`
#[derive(Debug, Args)]
pub struct Promises {
    /// The seeds of the runs: single ones and ranges, as in 0-39
    #[arg(long, value_name = "SEEDS", default_value = "0-9", value_parser = seed_list)]
    pub seeds: List<u64>,
    /// After how many updates to look
    #[arg(long, value_name = "N[,M…]", default_value = "0,100,1000", value_delimiter = ',', value_parser = updates())]
    pub updates: Vec<u64>,
    /// Look at each rule in a run of its own and at the update that its optimiser makes there
    #[arg(long)]
    pub own: bool,
    /// How far the plane and the circle of the circulation reach, in lengths of the weights
    #[arg(long, value_name = "R", default_value_t = 0.1, value_parser = within(1e-6, 1e6))]
    pub range: f32,
    /// Points along each side of that plane, an odd number
    #[arg(long, value_name = "N", default_value_t = 51, value_parser = points)]
    pub points: usize,
    /// A .csv file to write: a row for each seed, update, rule and layer
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Runs at a time; the results are the same with any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads())]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub source: Source,
}

fn points(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n: &usize| n % 2 == 1 && (3..=Grid::MOST).contains(n));
    number.ok_or_else(|| format!("expected an odd number from 3 to {}", Grid::MOST))
}
