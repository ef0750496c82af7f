//! What can be said on the command line, and the help that explains it.

mod values;

use std::path::PathBuf;

use clap::{ArgGroup, Args as Group, Parser, Subcommand, ValueEnum};

use crate::gui::snapshot::Workspace;
use crate::rule::Rule;
use crate::task::Split;
use crate::train::settings::{Neuron, Preset};

pub use values::{List, Size, rule_list, seed_list, threads, updates, variation, within};
use values::{assignment, existing, finite, neurons, parts, presets, rules, size};

/// Watch spiking neural networks learn
///
/// Spikescape trains spiking neural networks before your eyes. Without a command it opens a window on its built-in
/// experiment: 50 inputs, 50 hidden and 5 output neurons learn to spike at given steps. You see the spikes of every
/// layer, what each update does to them, the loss, and the loss landscape, and you switch between three gradient
/// rules. The commands below do the same without a window, with the same numbers.
#[derive(Debug, Parser)]
#[command(version, long_version = crate::about::text(), args_conflicts_with_subcommands = true, after_long_help = PAGE, after_help = "More: --help")]
pub struct Args {
    /// A file or folder to open: a session (.spikescape), settings or a log (.toml), a checkpoint or weights
    /// (.safetensors), spike trains (.npz, .csv, .h5), a picture, or a folder of IDX images or N-MNIST
    #[arg(value_name = "FILE", value_parser = existing)]
    pub file: Option<PathBuf>,
    /// Show a session at this update
    #[arg(long, value_name = "UPDATE", requires = "file")]
    pub at: Option<u64>,
    /// Show this run of a session, by its letter
    #[arg(long, value_name = "LETTER", requires = "file")]
    pub run: Option<String>,
    /// Arrange the panels for this
    #[arg(long, value_name = "NAME")]
    pub workspace: Option<WorkspaceName>,

    #[command(flatten)]
    pub source: Source,

    /// Open the window with a lesson: a file, or the number of a built-in one
    #[arg(long, value_name = "FILE|NUMBER")]
    pub lesson: Option<String>,

    #[command(subcommand)]
    pub command: Option<Command>,
}

// Lines of at most 79 characters: on a narrow terminal they are not broken, and columns stay columns.
const PAGE: &str = "\
Examples:
  spikescape                                open the window
  spikescape --preset trains-small          … on a network small enough to follow
  spikescape mine.spikescape --at 1200      open a session, at this moment
  spikescape --lesson 2                     open the window with a lesson
  spikescape train --rule antlr --updates 3000 --out run
  spikescape train --replay run/log.toml    check that it comes to the same bits
  spikescape train --preset mnist --data mnist --epochs 5 --out run
  spikescape train --resume run/checkpoint.safetensors --epochs 9 --out run
  spikescape eval run/best.safetensors      accuracy, spikes, confusion matrix
  spikescape compare --rules all --seeds 0-39 --updates 300,3000 --out table
  spikescape landscape --updates 500 -o plane.npz -o plane.png
  spikescape promises --seeds 0-9 --updates 0,100,1000
  spikescape plan compare --seeds 0-999 --updates 300 -o plan.json
  spikescape work plan.json --shard 1/16 --out runs
  spikescape merge runs -o table
  spikescape export run/log.toml --view raster --at 300 -o raster.svg
  spikescape film run/log.toml --view raster --to 300 --every 5 -o run.gif
  spikescape snapshot picture.png --updates 500 --theme dark
  spikescape settings > mine.toml           a settings file to start from
  spikescape presets                        what there is for --preset
  spikescape probe case.safetensors -o answer.safetensors

Where settings come from:
  The built-in experiment, then --preset, then the file of --settings, then
  the decays of --neuron, then every --set from left to right, then --rule,
  --seed and --data: what comes later wins.
  A file need not name every setting; `spikescape settings` prints all of them,
  with what they mean and their ranges. A decay can also be given as a time
  constant in milliseconds, as in --set neuron.tau_v_ms=20.

Files that are written:
  train      metrics.csv, settings.toml, log.toml, weights.safetensors,
             checkpoint.safetensors; where samples have classes epochs.csv and
             best.safetensors, too
  compare    compare.csv, summary.csv, summary.txt, settings.toml
  landscape  .npz, .csv, .png and .svg, which hold their settings
  plan       a plan (.json), of a landscape with .scene.safetensors beside it
  work       records of shards, in the folder of the sweep
  snapshot   a PNG picture that holds its settings as text
  Those of train and compare go to the folder of --out, and replace earlier ones
  with --force only. Every file is there as a whole or not at all.

The same settings and seed give the same bits: on any number of threads, with
the window or without.

Exit codes:
  0     all went well
  1     something was wrong; a sentence on stderr says what
  2     the command line could not be understood
  75    a worker was told to go; started again it goes on
  130   stopped by Ctrl+C; what there was is written";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train without a window and write the run's numbers
    ///
    /// Trains the experiment that the settings describe, with a progress bar, and ends with a short summary. Where samples
    /// have classes, the validation samples are answered after every epoch, which is told in a line, and at the end those
    /// for the test by the last weights and by the best (of the highest accuracy in validation).
    ///
    /// With --out it writes metrics.csv (a row for every update: the loss before it and what it did to the hidden and
    /// output spikes of the watched sample), settings.toml, log.toml (with a digest of the final weights),
    /// weights.safetensors ({layer}.weight [out, in] or [out, in, k, k] and {layer}.bias, as PyTorch's nn.Sequential names
    /// them) and checkpoint.safetensors, from which --resume goes on with the same bits. Where samples have classes also
    /// epochs.csv (a row for every epoch; spikes are means of a validation sample, seconds those of the epoch) and
    /// best.safetensors. These two and the checkpoint are there after every epoch, whole at every moment, so that a run
    /// that was killed can be resumed. --resume into the folder of the checkpoint continues epochs.csv and, where the
    /// earlier run came to its end or was stopped by Ctrl+C, metrics.csv; seconds that are not known stay empty.
    ///
    /// Ctrl+C stops after the update or the batch of validation under way and writes what there is.
    #[command(after_help = "Examples:\n  spikescape train --rule antlr --updates 3000 --seed 7 --out run\n  \
                            spikescape train --preset digits --epochs 5 --out run\n  \
                            spikescape train --resume run/checkpoint.safetensors --epochs 10 --out run\n  \
                            spikescape train --replay run/log.toml")]
    Train(Train),
    /// Say how well weights do on samples with classes
    ///
    /// Reads a checkpoint, best.safetensors or any weights that were written by Spikescape or saved from PyTorch as
    /// safetensors, answers all samples of a part of the data, and prints accuracy by first spike and by count, loss,
    /// spikes and the confusion matrix. The settings are those in the file, changed by --set and --data; a file without
    /// any, as from PyTorch, needs --preset or --settings. Silence stands for class 0 in the accuracies, and has a column
    /// of its own in the confusion matrix. Of a checkpoint the weights at its moment are taken.
    #[command(after_help = "Examples:\n  spikescape eval run/best.safetensors\n  \
                            spikescape eval run/checkpoint.safetensors --data mnist --part validation --json")]
    Eval(Eval),
    /// Say what data sets hold, as they are read
    ///
    /// Opens each file or folder as the program would and tells samples of each split, classes, steps, spikes of a sample,
    /// and what looks as if it was not meant so. Nothing is trained.
    #[command(after_help = "Examples:\n  spikescape data mnist\n  \
                            spikescape data trains.npz --set task.own_times=ms --set task.steps=300")]
    Data(Data),
    /// Train with several rules and seeds, and make a table
    ///
    /// Trains every rule with every seed (and every value of --vary), and prints a table: median and quartiles of the
    /// loss, spikes used, share of runs that came to a loss of exactly 0.
    ///
    /// Runs are shared out over the threads, each run on one. With --out the table is written too, and a row for every
    /// run. Quartiles are interpolated linearly between the sorted values, as NumPy does by default. A run whose numbers
    /// became infinite is counted under `diverged`.
    #[command(
        after_help = "Examples:\n  spikescape compare --rules all --seeds 0-39 --updates 300,3000 --out table\n  \
                            spikescape compare --rules antlr --seeds 0-9 --updates 1000 \
                            --vary optimiser.learning_rate=0.001,0.003,0.01"
    )]
    Compare(Box<super::compare::args::Compare>),
    /// Measure the loss landscape, and what each rule sees of it
    ///
    /// Takes a checkpoint, weights that Spikescape wrote, or a new run after --updates, and measures the loss at the points of
    /// a grid on a plane through weight space, and there each rule's gradient projected on the plane (without clipping and
    /// without timing penalty). It prints how often each rule points downhill, the cosine between its field and the slope, how
    /// much of the field no surface can explain (inconsistency), and how the surface that the rule believes in correlates with
    /// the true landscape. The loss depends on spikes at whole steps and so is made of flat cells and cliffs: the slope is the
    /// central difference at the spacing of the grid, and often zero.
    ///
    /// Planes: random (two random directions, normalised filter by filter; 1 is as long as the weights), path (principal components of
    /// the run's path), gradient:RULE (a rule's gradient and a random direction), gradient:RULE,RULE, weights:L/N/I,L/N/I
    /// (two single weights: layer from 0 with all layers counted, neuron or channel, input or `bias`), moments:FROM,TO
    /// (from the weights after so many updates, in the centre, through those after so many others).
    ///
    /// Files: .npz (a, b, loss [a, b], gradients activation, timing, antlr and slope [a, b, 2], surface_RULE,
    /// circulation_RULE [a − 1, b − 1] (density of each cell), spikes, output_spikes, region, path_…, centre, direction_1, direction_2 as flat vectors in the order of a file of weights,
    /// settings as JSON bytes), .csv (a row for each point, settings in a .csv.toml beside it), .png and .svg (settings inside).
    ///
    /// --table measures runs of several seeds, trained with the rule of the settings, at several updates and ranges, on random
    /// planes whose directions have the seed of the run. Every number of it is that of one plane; median and quartiles are over
    /// the seeds.
    #[command(after_help = "Examples:\n  spikescape landscape --updates 300 -o plane.npz -o plane.png\n  \
                            spikescape landscape run/checkpoint.safetensors --plane path --points 101 -o path.svg\n  \
                            spikescape landscape --updates 100 --plane gradient:antlr --cut --points 2001 -o cut.csv\n  \
                            spikescape landscape --table --seeds 0-9 --updates 0,100,1000 --range 1,0.1")]
    Landscape(Box<super::landscape::args::Landscape>),
    /// Write a plan of many tasks, to be done on any number of machines
    ///
    /// A plan says which tasks there are: the runs of a comparison, the points of a landscape, the runs of a table, or whole
    /// trainings. Any number of workers, started by hand or by Slurm, GNU parallel, Snakemake or HyperQueue, do its tasks;
    /// `merge` makes of their records what a single process would have written, to the bit.
    #[command(
        after_help = "Examples:\n  spikescape plan compare --rules all --seeds 0-999 --updates 300 -o plan.json\n  \
                            spikescape work plan.json --shard 3/16 --out runs\n  \
                            spikescape work plan.json --out runs --print-job slurm > job.sh\n  \
                            spikescape status runs\n  spikescape merge runs -o table"
    )]
    Plan {
        #[command(subcommand)]
        plan: super::sweep::args::Plan,
    },
    /// Do a share of the tasks of a plan
    ///
    /// Task k belongs to shard k mod n. What is done is appended to a file in DIR; started again, a worker goes on from there, also
    /// as one of another number of shards. A long task keeps its exact state and goes on from it.
    ///
    /// SIGTERM, SIGUSR1, SIGUSR2, SIGHUP and Ctrl+C ask it to go, as does the end of --time-limit: the update under way is
    /// finished and the state kept. Exit codes: 0 the share is done, 75 it was told to go and goes on when it is started again
    /// (130 after Ctrl+C), 1 something is wrong that another start will not mend.
    #[command(after_help = "Examples:\n  spikescape work plan.json --shard 3/16 --out runs\n  \
                            spikescape work plan.json --shard auto --out runs --time-limit 1h\n  \
                            spikescape work plan.json --out runs --shards 16 --print-job slurm > job.sh")]
    Work(Box<super::sweep::args::Work>),
    /// Say how far a sweep is
    ///
    /// Tasks that are done, missing and failed, and each shard with when it wrote last. Exit codes: 0 all is done, 75 not yet, 1
    /// all that is missing has failed.
    #[command(after_help = "Example: spikescape status runs")]
    Status(super::sweep::args::Status),
    /// Make the result of a sweep from its records
    ///
    /// Prints and writes what `compare --no-times` or `landscape` would have, the same bytes. Records are checked: two of one task
    /// must be equal to the bit, and all tasks must be there, unless --partial.
    #[command(after_help = "Examples:\n  spikescape merge runs -o table\n  spikescape merge map -o map.npz -o map.png")]
    Merge(super::sweep::args::Merge),
    /// Count the promises that each rule keeps, and measure its circulation
    ///
    /// An update promises every spike a shift: to first order −δv/v′ steps, δv being what the changed weights add to the
    /// potential while everything else stays. Trains a run for every seed and, after each number of --updates, compares for a
    /// step of each of the three rules what was promised with what the layer's new weights did: the share of promised moves that
    /// were kept, that did not happen and that were broken, layer by layer. The steps are plain steps of each rule's gradient
    /// (without clipping and without timing penalty) at the weights of the run, as long as the run's own next update;
    /// with --own each rule has a run of its own, and its step is the update that the optimiser makes there.
    ///
    /// The circulation says whether a rule's field is the slope of any surface: integrated around a closed curve a slope comes
    /// back to 0. It is measured on a random plane around the weights, whose directions have the seed of the run.
    #[command(after_help = "Examples:\n  spikescape promises --seeds 0-9 --updates 0,100,1000\n  \
                            spikescape promises --own --set loss.kind=latency --set task.pairs=5 -o promises.csv")]
    Promises(Box<super::promises::args::Promises>),
    /// Check lessons, begin a new one, list those that are built in
    #[command(after_help = "Examples:\n  spikescape lesson list\n  spikescape lesson new my-lesson.toml\n  \
                            spikescape lesson check my-lesson.toml")]
    Lesson {
        #[command(subcommand)]
        lesson: super::lesson::args::LessonCommand,
    },
    /// Say what the codes of a class tell, as histograms
    ///
    /// At its end a lesson shows a short code of the reader's answers. Collect them in a text file, one on each line; what stands
    /// before a colon is a name.
    #[command(after_help = "Example: spikescape class codes.txt")]
    Class(super::lesson::args::Class),
    /// Draw the window as a PNG picture; no display is needed
    ///
    /// Runs the program as in a window for some updates, waits for the loss landscape, and draws what one would see.
    #[command(
        after_help = "Example: spikescape snapshot picture.png --updates 500 --size 1600x1000 --theme light --scale 2"
    )]
    Snapshot(Snapshot),
    /// Measure the window while training runs as fast as it goes
    ///
    /// Drives the window's logic and drawing without a display, and prints updates a second, the CPU time of a frame
    /// (median, 99th percentile, longest) and memory.
    #[command(after_help = "Example: spikescape soak --minutes 10 --preset trains-deep")]
    Soak(Soak),
    /// Write the spikes of samples for PySpike, NEST, NumPy, NIR or a table
    ///
    /// Replays a run from its log or opens a checkpoint, runs samples through the network, and writes the spikes of its
    /// layers. Text for PySpike and NEST holds one layer of one sample; tables and archives hold any number of both. What
    /// is written as .csv or .npz can be read in again as own spike trains.
    #[command(after_help = "Examples:\n  spikescape spikes run/log.toml --at 300 --layer output -o output.txt\n  \
                            spikescape spikes run/checkpoint.safetensors --split test --samples 0-99 -o spikes.npz")]
    Spikes(super::spikes::Spikes),
    /// Write the views of a run as figures for papers, and their data
    ///
    /// Makes a run again from its log, a checkpoint or settings, up to a moment, and writes its views: SVG and PDF with text as
    /// text and marks as vectors, PNG at any resolution, CSV and NPZ with the numbers. Each file says in itself which settings,
    /// seed, moment and version made it, and the line for the shell that makes it again. The window writes the same bytes
    /// (Export…, Ctrl+E). Several views, or all, go to a folder in all formats, with an index.html that shows them.
    #[command(after_help = "Examples:\n  spikescape export run/log.toml --view raster --at 300 -o raster.svg\n  \
                            spikescape export --seed 3 --updates 500 --view landscape --range 0.1 -o plane.pdf -o plane.npz\n  \
                            spikescape export run/checkpoint.safetensors --views all --width 85 --font 7 -o figures")]
    Export(Box<super::export::args::Export>),
    /// Write a run as a film
    ///
    /// Makes a run again and draws one of its views after every --every updates: as GIF, as APNG, or as a folder of frames with
    /// the line for ffmpeg that makes a film of them. Ctrl+C stops it.
    #[command(
        after_help = "Examples:\n  spikescape film run/log.toml --view raster --to 300 --every 5 -o raster.gif\n  \
                            spikescape film --updates 200 --view landscape --range 0.1 --every 10 --theme dark -o frames"
    )]
    Film(Box<super::export::args::Film>),
    /// Answer a case, to compare us with another implementation
    ///
    /// A case is a safetensors file with weights, input, target and a `config`. The answer has the loss, and the
    /// spikes, potentials and gradients of every layer. With --explain it has, for a plain step of ETA times the gradient, the
    /// spikes before and after, the promised change of every potential and shift of every spike, the spikes that each layer
    /// would fire alone, and the parts of the potentials of full connections.
    #[command(after_help = "Examples:\n  spikescape probe case.safetensors -o answer.safetensors\n  \
                            spikescape probe case.safetensors --explain 0.05 -o promises.safetensors")]
    Probe {
        /// The case
        case: PathBuf,
        /// Where the answer goes
        #[arg(short, long, value_name = "ANSWER")]
        out: PathBuf,
        /// Explain a plain step of this size instead
        #[arg(long, value_name = "ETA", value_parser = finite)]
        explain: Option<f64>,
    },
    /// Print all settings as a commented TOML file
    #[command(after_help = "Example: spikescape settings --preset trains-deep > mine.toml")]
    Settings {
        /// The preset whose values are printed; the built-in experiment without it
        #[arg(long, value_name = "NAME", value_parser = presets())]
        preset: Option<&'static Preset>,
        /// A table for people in Markdown instead
        #[arg(long)]
        markdown: bool,
    },
    /// List the presets
    #[command(after_help = "Example: spikescape presets")]
    Presets,
    /// Print the manual page, or write the pages of all commands
    #[command(after_help = "Examples:\n  spikescape man | man -l -\n  \
                            spikescape man --out ~/.local/share/man/man1")]
    Man(super::manual::Manual),
    /// Print the script with which a shell completes arguments
    #[command(
        after_help = "Example: spikescape completions bash > ~/.local/share/bash-completion/completions/spikescape"
    )]
    Completions(super::manual::Completions),
}

/// Where the settings come from.
#[derive(Debug, Default, Group)]
#[command(next_help_heading = "Settings")]
pub struct Source {
    /// Read settings from a TOML file
    #[arg(long, value_name = "FILE")]
    pub settings: Option<PathBuf>,
    /// Start from a preset
    #[arg(long, value_name = "NAME", value_parser = presets())]
    pub preset: Option<&'static Preset>,
    /// The decays of a neuron by name; `spikescape presets` lists them
    #[arg(long, value_name = "NAME", value_parser = neurons())]
    pub neuron: Option<&'static Neuron>,
    /// Change one setting, as in --set neuron.alpha_i=0.9; can be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = assignment)]
    pub set: Vec<(String, String)>,
}

/// What is asked of one run, beside its settings.
#[derive(Debug, Default, Group)]
#[command(next_help_heading = "Settings")]
pub struct Chosen {
    #[command(flatten)]
    pub source: Source,
    /// The gradient rule, short for --set rule.rule=…
    #[arg(long, value_parser = rules())]
    pub rule: Option<Rule>,
    /// The seed of task and initial weights, short for --set run.seed=…
    #[arg(long)]
    pub seed: Option<u64>,
}

/// `spikescape train`
#[derive(Debug, Group)]
#[command(group = ArgGroup::new("files").args(["out", "jsonl"]).multiple(true))]
#[command(group = ArgGroup::new("logs").args(["jsonl", "tensorboard"]).multiple(true))]
pub struct Train {
    /// How many updates to make; those before a checkpoint count [default: 1000]
    #[arg(long, value_name = "N", group = "total", value_parser = updates())]
    pub updates: Option<u64>,
    /// How many epochs to make; those before a checkpoint count
    #[arg(long, value_name = "N", group = "total", value_parser = updates())]
    pub epochs: Option<u64>,
    /// The folder or file of the data, short for --set task.data=…
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    /// Threads to compute on; the results are the same bits with any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads())]
    pub threads: Option<u16>,
    /// The folder for the files; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace files of an earlier run in DIR, and FILE of --jsonl
    #[arg(long, requires = "files")]
    pub force: bool,
    /// Write the run's numbers as JSON lines, too, which grow while it goes on; --resume continues them
    #[arg(long, value_name = "FILE")]
    pub jsonl: Option<PathBuf>,
    /// Write the run's numbers as event files for TensorBoard, too, which grow while it goes on
    #[arg(long, value_name = "DIR")]
    pub tensorboard: Option<PathBuf>,
    /// Updates between two that --jsonl and --tensorboard write [default: 1]
    #[arg(long, value_name = "N", requires = "logs", value_parser = clap::value_parser!(u64).range(1..))]
    pub log_every: Option<u64>,
    /// Epochs between two checkpoints [default: 1]
    #[arg(long, value_name = "N", requires = "out", value_parser = clap::value_parser!(u64).range(1..))]
    pub checkpoint_every: Option<u64>,
    /// Begin with the weights of a safetensors file instead of random ones
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Go on from a checkpoint, with its settings, until --updates or --epochs are made in all. --set and --rule change what
    /// can be changed under way, which the log tells
    #[arg(long, value_name = "CHECKPOINT", requires = "total",
          conflicts_with_all = ["settings", "preset", "neuron", "seed", "weights"])]
    pub resume: Option<PathBuf>,
    /// Replay a run from its log, with everything that was done to it, and check that it ends with the same bits
    #[arg(long, value_name = "LOG",
          conflicts_with_all = ["settings", "preset", "neuron", "set", "rule", "seed", "total", "resume", "checkpoint_every"])]
    pub replay: Option<PathBuf>,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// `spikescape eval`
#[derive(Debug, Group)]
pub struct Eval {
    /// A checkpoint or a file of weights (.safetensors)
    pub file: PathBuf,
    /// The folder or file of the data, short for --set task.data=…
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
    /// Which samples
    #[arg(long, default_value = "test", value_parser = parts())]
    pub part: Split,
    /// Samples of a batch, short for --set run.batch=…
    #[arg(long, value_name = "N")]
    pub batch: Option<u64>,
    /// One JSON object instead of a text
    #[arg(long)]
    pub json: bool,
    /// Threads to compute on; the results are the same with any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = threads())]
    pub threads: Option<u16>,
    #[command(flatten)]
    pub source: Source,
}

/// `spikescape data`
#[derive(Debug, Group)]
pub struct Data {
    /// Files or folders of data: IDX images, N-MNIST, spike trains (.npz, .csv, .h5), pictures
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub source: Source,
}

/// `spikescape snapshot`
#[derive(Debug, Group)]
pub struct Snapshot {
    /// The picture; its name ends in .png
    pub file: PathBuf,
    /// Updates to make before the picture is taken
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = updates())]
    pub updates: u64,
    /// Width and height of the window in points
    #[arg(long, default_value = "1280x800", value_parser = size)]
    pub size: Size,
    #[arg(long, default_value = "dark", help = "Colours")]
    pub theme: Theme,
    #[arg(long, default_value = "watch", help = "How the panels are arranged")]
    pub workspace: WorkspaceName,
    /// Pixels for each point
    #[arg(long, default_value_t = 1.0, value_parser = within(0.25, 8.0))]
    pub scale: f32,
    /// Enlarges text and controls within the window
    #[arg(long, default_value_t = 1.0, value_parser = within(0.75, 2.0))]
    pub zoom: f32,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// `spikescape soak`
#[derive(Debug, Group)]
pub struct Soak {
    /// How long
    #[arg(long, default_value_t = 1.0, value_parser = within(0.001, 10_000.0))]
    pub minutes: f32,
    #[arg(long, default_value = "watch", help = "How the panels are arranged")]
    pub workspace: WorkspaceName,
    #[command(flatten)]
    pub chosen: Chosen,
}

/// The workspaces of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum WorkspaceName {
    Watch,
    Landscape,
    /// The three rules from one seed, side by side
    Compare,
    Inside,
}

impl WorkspaceName {
    pub fn workspace(self) -> Workspace {
        match self {
            Self::Watch => Workspace::Watch,
            Self::Landscape => Workspace::Landscape,
            Self::Compare => Workspace::Compare,
            Self::Inside => Workspace::Inside,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Theme {
    Dark,
    Light,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }
}
