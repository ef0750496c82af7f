//! What can be said of a landscape on the command line.

use std::path::PathBuf;

use clap::Args;

use crate::landscape::{Grid, LossSamples, PlaneKind};

use super::super::args::{Chosen, List, seed_list, threads, updates, within};

/// `spikescape landscape`
#[derive(Debug, Args)]
pub struct Landscape {
    #[command(flatten)]
    pub what: LandscapeWhat,
    /// A file to write: .npz, .csv, .png or .svg (with --table .csv); can be repeated
    #[arg(short, long, value_name = "FILE")]
    pub out: Vec<PathBuf>,
    /// All rows of the table as one JSON object instead of a text
    #[arg(long, requires = "table")]
    pub json: bool,
    /// Threads to compute on; the results are the same bits with any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads())]
    pub threads: Option<u16>,
}

/// Which landscape, or which table of many.
#[derive(Debug, Args)]
pub struct LandscapeWhat {
    /// A checkpoint or weights (.safetensors); without it, a new run of the settings is taken
    #[arg(conflicts_with_all = ["preset", "settings", "neuron", "rule", "seed", "updates", "table"])]
    pub file: Option<PathBuf>,
    /// Updates of the new run before the landscape is taken [default: 0; with --table 0,100,1000]
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser = updates())]
    pub updates: Vec<u64>,
    /// The plane: random, path, gradient:RULE, gradient:RULE,RULE, weights:L/N/I,L/N/I or moments:FROM,TO
    #[arg(long, value_name = "KIND", default_value = "random", value_parser = plane, conflicts_with = "table")]
    pub plane: PlaneKind,
    /// The moment in the centre, by its updates [default: the last]
    #[arg(long, value_name = "UPDATE", conflicts_with = "table")]
    pub centre: Option<u64>,
    /// The seed of random directions
    #[arg(long, value_name = "SEED", default_value_t = 0, conflicts_with = "table")]
    pub directions: u64,
    /// How far the plane reaches to each side, in lengths of its directions [default: 1; with --table 1,0.1]
    #[arg(long, value_name = "R", value_delimiter = ',', value_parser = within(1e-6, 1e6))]
    pub range: Vec<f32>,
    /// Points along each side, an odd number
    #[arg(long, value_name = "N", default_value_t = 51, value_parser = points)]
    pub points: usize,
    /// Only the line through the centre along the first direction; up to 10001 points
    #[arg(long, conflicts_with = "table")]
    pub cut: bool,
    /// The samples whose loss it is: batch, probe, or some of a part as in train:100, validation:100, test:100
    #[arg(long, value_name = "SAMPLES", default_value = "batch", value_parser = over)]
    pub over: LossSamples,
    /// Leave out what the rules see: the true loss alone
    #[arg(long, conflicts_with = "table")]
    pub no_fields: bool,
    /// Logarithmic colours in pictures
    #[arg(long, conflicts_with = "table")]
    pub log: bool,
    /// The comparison of the three rules over seeds, updates and ranges instead of one landscape
    #[arg(long)]
    pub table: bool,
    /// The seeds of the runs of the table: single ones and ranges, as in 0-39
    #[arg(long, requires = "table", value_name = "SEEDS", default_value = "0-9", value_parser = seed_list)]
    pub seeds: List<u64>,
    /// The folder or file of the data, short for --set task.data=…
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// The most points of a cut.
pub const LONGEST_CUT: usize = 10_001;

pub fn plane(text: &str) -> Result<PlaneKind, String> {
    PlaneKind::parse(text).ok_or_else(|| {
        "expected random, path, gradient:RULE, gradient:RULE,RULE, moments:FROM,TO (updates) or weights:L/N/I,L/N/I (layer from 0 \
         with all layers counted, neuron or channel, input or `bias`), as in gradient:antlr,activation or weights:0/7/3,1/2/bias"
            .into()
    })
}

pub fn over(text: &str) -> Result<LossSamples, String> {
    LossSamples::parse(text).ok_or_else(|| "expected batch, probe, or a part and how many of it, as in test:100".into())
}

fn points(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n: &usize| n % 2 == 1 && (3..=LONGEST_CUT).contains(n));
    number.ok_or_else(|| format!("expected an odd number from 3 to {}, so that the centre is a point", Grid::MOST))
}
