//! `spikescape spikes`: the spikes of samples in files for other programs.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use crate::engine;
use crate::file::{TEXT_LIMIT, read_text, save, try_target};
use crate::machine::memory;
use crate::record::log::{End, Log};
use crate::record::spikes::{LayerSpikes, SpikeFormat, SpikeRecord};
use crate::snn::Isa;
use crate::task::Split;
use crate::task::progress::Progress;
use crate::train::settings::toml_write::PROGRAM;
use crate::train::{SampleEvaluator, Settings, Trainer};

use super::args::{List, seed_list, updates};
use super::print::say;
use super::settings::sentences;
use super::tensor_file::TensorFile;
use super::{progress, signals};
use crate::text::{count, whole};

/// The most samples of one file.
const MOST_SAMPLES: usize = 100_000;

/// `spikescape spikes`
#[derive(Debug, Args)]
pub struct Spikes {
    /// A log (log.toml), a checkpoint or weights (.safetensors)
    pub file: PathBuf,
    /// The moment, by its updates; the run is replayed until then [default: the last]
    #[arg(long, value_name = "UPDATE", value_parser = updates())]
    pub at: Option<u64>,
    /// Of which part the samples are [default: that of the watched sample]
    #[arg(long, value_parser = splits())]
    pub split: Option<Split>,
    /// The samples, counted from 0: single ones and ranges, as in 0-9 or 3,7 [default: the watched sample]
    #[arg(long, value_name = "SAMPLES", value_parser = seed_list)]
    pub samples: Option<List<u64>>,
    /// The layers: input, layer0, layer1 … as files of weights count them, output [default: all]
    #[arg(long, value_name = "NAME[,NAME…]", value_delimiter = ',')]
    pub layer: Vec<String>,
    /// A file to write; can be repeated. The end of its name says the format: .txt (PySpike), .dat (NEST 3), .gdf (NEST
    /// 2), .csv, .npz (events), .dense.npz, .nir.npz
    #[arg(short, long, value_name = "FILE", required = true)]
    pub out: Vec<PathBuf>,
    /// The format, whatever the names end in
    #[arg(long, value_parser = formats())]
    pub format: Option<SpikeFormat>,
    /// The folder or file of the data, short for --set task.data=…
    #[arg(long, value_name = "DIR")]
    pub data: Option<String>,
}

fn splits() -> impl TypedValueParser<Value = Split> {
    let split = |key: String| Split::ALL.into_iter().find(|s| s.key() == key).expect("only keys of splits pass");
    PossibleValuesParser::new(Split::ALL.map(Split::key)).map(split)
}

fn formats() -> impl TypedValueParser<Value = SpikeFormat> {
    let of = |key: String| SpikeFormat::ALL.into_iter().find(|f| f.key() == key).expect("only keys of formats pass");
    PossibleValuesParser::new(SpikeFormat::ALL.map(SpikeFormat::key)).map(of)
}

pub fn run(args: &Spikes) -> Result<ExitCode, String> {
    let formats = args.out.iter().map(|path| format_of(args, path)).collect::<Result<Vec<_>, _>>()?;
    args.out.iter().try_for_each(|path| try_target(path))?;
    signals::listen();
    let pool = engine::pool("replay", engine::cores())?;
    let (trainer, update) = pool.install(|| moment(args))?;
    if signals::asked().is_some() {
        say("Stopped; nothing was written.");
        return Ok(signals::stopped());
    }
    let record = record(args, &trainer, update)?;
    for (path, format) in args.out.iter().zip(formats) {
        save(path, &format.bytes(&record)?)?;
        if format == SpikeFormat::Csv {
            let mut name = path.as_os_str().to_owned();
            name.push(".toml");
            let text = format!("# {}\n\n{}", record.origin, trainer.settings().to_toml());
            save(Path::new(&name), text.as_bytes())?;
        }
    }
    let files: Vec<String> = args.out.iter().map(|path| path.display().to_string()).collect();
    let (spikes, samples) = (count(record.spikes() as u64, "spike"), count(record.samples.len() as u64, "sample"));
    let layers: Vec<&str> = record.layers.iter().map(|layer| layer.name.as_str()).collect();
    say(&format!(
        "{}: {spikes} of {samples} in {}, after {} updates",
        files.join(", "),
        layers.join(", "),
        whole(update)
    ));
    Ok(ExitCode::SUCCESS)
}

fn format_of(args: &Spikes, path: &Path) -> Result<SpikeFormat, String> {
    let name = path.to_string_lossy();
    args.format.or_else(|| SpikeFormat::of_name(&name)).ok_or_else(|| {
        let endings: Vec<&str> = SpikeFormat::ALL.into_iter().map(SpikeFormat::ending).collect();
        format!("{name} should end in one of {}, or --format should say what it is to be.", endings.join(", "))
    })
}

/// The run at the moment that is asked for, and how many updates made it.
fn moment(args: &Spikes) -> Result<(Trainer, u64), String> {
    if args.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        let name = args.file.display().to_string();
        let text = read_text(&args.file, TEXT_LIMIT)?;
        let mut log = Log::from_toml_within(&name, &text, memory()).map_err(|p| sentences(&p))?;
        move_data(&mut log.start, args)?;
        let last = log.end.map(|end| end.update).or(log.entries.last().map(|entry| entry.update));
        let last = last.ok_or_else(|| format!("{name} does not say how far the run had got: name a moment with --at."));
        let at = args.at.map_or(last, Ok)?;
        return replayed(log, at, &name);
    }
    let file = TensorFile::read(&args.file)?;
    if file.is_checkpoint() {
        let mut checkpoint = file.checkpoint()?;
        move_data(&mut checkpoint.settings, args)?;
        move_data(&mut checkpoint.log.start, args)?;
        if let Some(at) = args.at.filter(|at| *at != checkpoint.update) {
            if at > checkpoint.update {
                return Err(format!("{} was made after {} updates, before {at}.", file.name, checkpoint.update));
            }
            return replayed(checkpoint.log, at, &file.name);
        }
        let task = crate::task::open(&checkpoint.settings.task, checkpoint.settings.run.seed, &Progress::default())?;
        let update = checkpoint.update;
        return Ok((checkpoint.resume(Arc::new(task), Isa::best())?, update));
    }
    of_weights(args, &file)
}

fn of_weights(args: &Spikes, file: &TensorFile) -> Result<(Trainer, u64), String> {
    let made = file.made_by()?.ok_or_else(|| {
        format!("{} does not say with which settings it was made: name a file of Spikescape.", file.name)
    })?;
    if args.at.is_some_and(|at| at != made.update) {
        return Err(format!(
            "{} holds the weights after {} updates alone; for another moment name a log or a checkpoint.",
            file.name, made.update
        ));
    }
    let name = format!("{}, its settings", file.name);
    let mut settings = Settings::from_toml_within(&name, &made.settings, memory()).map_err(|p| sentences(&p))?;
    move_data(&mut settings, args)?;
    let mut trainer = Trainer::open(settings, Isa::best(), &Progress::default())?;
    let params = file.weights(trainer.net())?;
    trainer.begin_with(params);
    Ok((trainer, made.update))
}

/// Another folder with the same data.
fn move_data(settings: &mut Settings, args: &Spikes) -> Result<(), String> {
    args.data.as_ref().map_or(Ok(()), |data| settings.set_text("task.data", data).map_err(|p| format!("--data: {p}")))
}

/// The run of a log after `at` updates.
fn replayed(mut log: Log, at: u64, name: &str) -> Result<(Trainer, u64), String> {
    if let Some(end) = log.end.filter(|end| at > end.update) {
        return Err(format!("The run of {name} ends after {} updates, before {at}.", end.update));
    }
    log.entries.retain(|entry| entry.update <= at);
    // the digest is that of another moment, and a replay does not look at it
    log.end = Some(End { update: at, digest: 0 });
    let bar = progress::bar(at);
    let trainer = log.replay(Isa::best(), |trainer| {
        bar.set_position(trainer.update());
        signals::asked().is_none()
    });
    bar.finish_and_clear();
    let trainer = trainer.map_err(|halt| format!("The run of {name} cannot be replayed: {halt}."))?;
    Ok((trainer, at))
}

/// Runs the samples through the network and keeps the spikes of the layers that are asked for.
fn record(args: &Spikes, trainer: &Trainer, update: u64) -> Result<SpikeRecord, String> {
    let settings = trainer.settings();
    let (split, indices) = samples(args, trainer)?;
    let names = layer_names(trainer);
    let chosen = chosen_layers(&args.layer, &names)?;
    let mut layers: Vec<LayerSpikes> =
        chosen.iter().map(|&l| LayerSpikes { name: names[l].clone(), rasters: Vec::new() }).collect();
    let (mut evaluator, mut labels) = (SampleEvaluator::default(), Vec::new());
    for &index in &indices {
        let sample = trainer.task().sample(split, index)?;
        if trainer.task().labelled {
            labels.push(sample.target.label);
        }
        evaluator.answer_sample(trainer.evaluation_context(), trainer.params(), sample);
        let trace = &evaluator.pass().traces()[0];
        for (layer, &l) in layers.iter_mut().zip(&chosen) {
            let raster = if l == 0 { &evaluator.batch()[0].input } else { &trace.layers[l - 1].spikes };
            layer.rasters.push(raster.clone());
        }
    }
    let samples: Vec<String> = indices.iter().map(|index| format!("{} {index}", split.key())).collect();
    let run = format!("{}, seed {}", settings.rule.rule.label(), settings.run.seed);
    let facts = json!({
        "program": PROGRAM, "settings": settings.to_toml(), "seed": settings.run.seed, "update": update,
        "split": split.key(), "samples": indices, "layers": layers.iter().map(|l| &l.name).collect::<Vec<_>>(),
    });
    Ok(SpikeRecord {
        origin: format!("{PROGRAM}, {run}, after {update} updates"),
        facts: facts.to_string(),
        steps: settings.task.steps,
        dt_ms: settings.task.dt_ms,
        samples,
        labels,
        layers,
    })
}

fn samples(args: &Spikes, trainer: &Trainer) -> Result<(Split, Vec<usize>), String> {
    let run = &trainer.settings().run;
    let split = args.split.unwrap_or(run.probe_part);
    let number = trainer.task().len(split);
    let indices: Vec<usize> = match &args.samples {
        Some(List(chosen)) => chosen.iter().map(|&n| usize::try_from(n).unwrap_or(usize::MAX)).collect(),
        None => vec![if split == run.probe_part { run.probe } else { 0 }],
    };
    if indices.len() > MOST_SAMPLES {
        return Err(format!("--samples names {} samples, at most {MOST_SAMPLES} are written.", indices.len()));
    }
    match indices.iter().find(|index| **index >= number) {
        Some(index) => Err(format!(
            "There is no sample {index} for {}, which has {}, counted from 0.",
            split.key(),
            count(number as u64, "sample")
        )),
        None => Ok((split, indices)),
    }
}

/// `input`, then the layers of the network.
fn layer_names(trainer: &Trainer) -> Vec<String> {
    let layers = trainer.net().layers.len();
    let name = |l: usize| if l + 1 == layers { "output".to_owned() } else { format!("layer{l}") };
    std::iter::once("input".to_owned()).chain((0..layers).map(name)).collect()
}

fn chosen_layers(asked: &[String], names: &[String]) -> Result<Vec<usize>, String> {
    if asked.is_empty() {
        return Ok((0..names.len()).collect());
    }
    let find = |asked: &String| {
        let found = names.iter().position(|name| name == asked.trim());
        found.ok_or_else(|| format!("There is no layer {asked}; here are {}.", names.join(", ")))
    };
    let mut chosen = asked.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}
