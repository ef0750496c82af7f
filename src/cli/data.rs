//! `spikescape data`: what data sets hold, as the program reads them.

use std::path::Path;
use std::process::ExitCode;

use crate::task::progress::Progress;
use crate::task::summary::DataSummary;
use crate::task::{self, TaskKind, recognise};
use crate::train::Settings;

use super::args::Data;
use super::print::say;
use super::settings::{check, chosen};

/// Samples of each split whose spikes are counted; more would take long where each is a file.
const COUNTED: usize = 1000;

pub fn run(args: &Data) -> Result<ExitCode, String> {
    for (n, file) in args.files.iter().enumerate() {
        let kind = kind_of(file)?;
        let mut settings = chosen(&args.source)?;
        if settings.task.kind != kind {
            settings.task.set_kind(kind);
        }
        settings.task.data = file.display().to_string();
        check(&settings)?;
        let summary = summary(&settings)?;
        let space = if n > 0 { "\n" } else { "" };
        say(&format!("{space}{}, read as {}\n{summary}", file.display(), kind.label()));
    }
    Ok(ExitCode::SUCCESS)
}

/// The kind of task that a file or folder belongs to, by its name.
fn kind_of(file: &Path) -> Result<TaskKind, String> {
    if file.is_dir() {
        return recognise::folder(file).ok_or_else(|| {
            format!(
                "{} contains neither IDX files such as train-images-idx3-ubyte nor the folders Train and Test of N-MNIST.",
                file.display()
            )
        });
    }
    let ending = file.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "npz" | "csv" | "h5" | "hdf5" => Ok(TaskKind::Own),
        "png" | "jpg" | "jpeg" => Ok(TaskKind::Picture),
        _ => Err(format!(
            "{} is not a data set that is known here: a folder with IDX images or N-MNIST, spike trains (.npz, .csv, .h5) \
             or a picture (.png, .jpg).",
            file.display()
        )),
    }
}

fn summary(settings: &Settings) -> Result<DataSummary, String> {
    let task = task::open(&settings.task, settings.run.seed, &Progress::default())?;
    DataSummary::of(&task, COUNTED)
}
