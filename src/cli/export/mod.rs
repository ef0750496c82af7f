//! `spikescape export` and `spikescape film`: figures and films of a run.

pub mod args;
mod source;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use crate::engine;
use crate::figure::{FigureFile, FigureFormat, FigureView, Figures, FilmFormat, FilmSpec, film};
use crate::file::{Progress, make_folder, save};
use crate::text::{count, whole};

use super::print::{complain, say};
use super::{progress, signals};
use args::{Export, Film, ViewWish};
use source::ShownRun;

/// Pixels to an inch, where none are asked for.
const PAPER: f32 = 300.0;
const SCREEN: f32 = 110.0;

pub fn run(args: &Export) -> Result<ExitCode, String> {
    let several = args.view.len() > 1 || args.view == [ViewWish::All];
    check_names(args, several)?;
    let shown = ShownRun::open(&args.run, args.at)?;
    let (at, wishes) = (args.at.unwrap_or(shown.last()), args.shown.wishes());
    let (style, options) = (args.look.style(PAPER), wishes.options.clone());
    let named = views(&args.view);
    let last = if named.contains(&FigureView::Curves) { shown.last() } else { at };
    let scene = watched(last, "updates", move |progress| {
        let mut run = shown.begin(wishes, &named, progress)?;
        let views = if named.len() == FigureView::ALL.len() { run.possible_views() } else { named };
        run.moment(at, &views, progress)
    })?;
    let Some(scene) = scene else { return Ok(signals::stopped()) };
    let figures = Figures { scene, options, style };
    for out in &args.out {
        if several {
            let files = figures.of_views(&wanted(args, &figures), &Progress::default())?;
            make_folder(out)?;
            write(args, out, &files)?;
            say(&format!("{}: {}, after {} updates", out.display(), count(files.len() as u64, "file"), whole(at)));
        } else {
            let (view, folder) = (wanted(args, &figures)[0], out.parent().unwrap_or(Path::new("")));
            let name = out.file_name().unwrap_or_default().to_string_lossy();
            let format = FigureFormat::of(out).unwrap_or(FigureFormat::Svg);
            write(args, folder, &figures.files(view, format, &name)?)?;
            say(&format!("{}: {}", out.display(), figures.title(view)));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn check_names(args: &Export, several: bool) -> Result<(), String> {
    let wrong = |out: &&std::path::PathBuf| several != FigureFormat::of(out).is_none();
    match args.out.iter().find(wrong) {
        None => Ok(()),
        Some(out) if several => {
            Err(format!("{} should be a folder: of several views there are many files.", out.display()))
        }
        Some(out) => {
            Err(format!("{} should end in .svg, .pdf, .png, .csv or .npz: these can be written.", out.display()))
        }
    }
}

/// The views that are named, all where `all` is among them.
fn views(wishes: &[ViewWish]) -> Vec<FigureView> {
    let named = |view: &FigureView| wishes.contains(&ViewWish::All) || wishes.contains(&ViewWish::One(*view));
    FigureView::ALL.into_iter().filter(named).collect()
}

/// Of all views those that can be drawn; of named ones each.
fn wanted(args: &Export, figures: &Figures) -> Vec<FigureView> {
    if args.view.contains(&ViewWish::All) { figures.scene.views() } else { views(&args.view) }
}

/// Writes the files; a log that is the one that was read stays as it is.
fn write(args: &Export, folder: &Path, files: &[FigureFile]) -> Result<(), String> {
    let same = |path: &Path| {
        let read = args.run.file.as_ref().and_then(|file| file.canonicalize().ok());
        read.is_some() && read == path.canonicalize().ok()
    };
    files.iter().try_for_each(|file| {
        let path = folder.join(&file.name);
        if same(&path) { Ok(()) } else { save(&path, &file.bytes) }
    })
}

pub fn run_film(args: &Film) -> Result<ExitCode, String> {
    let format = FilmFormat::of(&args.out).ok_or_else(|| {
        format!("{} should end in .gif, .apng or .png, or in nothing: a folder for frames.", args.out.display())
    })?;
    let shown = ShownRun::open(&args.run, args.to)?;
    let spec = FilmSpec {
        view: args.view,
        from: args.from,
        to: args.to.unwrap_or(shown.last()),
        every: args.every,
        rate: args.rate,
    };
    spec.check()?;
    let (wishes, style, out) = (args.shown.wishes(), args.look.style(SCREEN), args.out.clone());
    let options = wishes.options.clone();
    let frames = watched(spec.to + spec.frames(), "updates and frames", move |progress| {
        let mut run = shown.begin(wishes, &[spec.view], progress)?;
        film(&mut run, (&spec, format), (&options, &style), &out, progress)
    })?;
    let Some(frames) = frames else { return Ok(signals::stopped()) };
    let length = f64::from(u32::try_from(frames).unwrap_or(u32::MAX)) / f64::from(args.rate);
    say(&format!("{}: {}, {length:.1} s", args.out.display(), count(frames, "frame")));
    if format == FilmFormat::Frames {
        say(&spec.ffmpeg(&args.out));
    }
    Ok(ExitCode::SUCCESS)
}

/// Does `work` on the threads of a pool, beside a bar of `of` things; `None` where a signal stopped it.
fn watched<T: Send + 'static>(
    of: u64,
    things: &str,
    work: impl FnOnce(&Progress) -> Result<T, String> + Send + 'static,
) -> Result<Option<T>, String> {
    signals::listen();
    let pool = engine::pool("figures", engine::cores())?;
    let (progress, bar) = (Arc::new(Progress::default()), progress::of(of, things));
    let (sender, done) = std::sync::mpsc::channel();
    let shared = Arc::clone(&progress);
    pool.spawn(move || drop(sender.send(work(&shared))));
    let result = loop {
        match done.recv_timeout(Duration::from_millis(50)) {
            Ok(result) => break result,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => bar.set_position(progress.done()),
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break Err("The figure could not be made.".into()),
        }
        if signals::asked().is_some() {
            progress.stop();
        }
    };
    bar.finish_and_clear();
    if progress.stopped() {
        complain("Stopped: nothing was written, but for frames in a folder.");
        return Ok(None);
    }
    result.map(Some)
}
