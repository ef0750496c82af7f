//! `spikescape soak`: the window's logic and drawing without a display, while the training runs as fast as it goes.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::gui::snapshot::{Scene, Shot};
use crate::record::memory;

use super::args::Soak;
use super::print::{count, say};
use super::settings::chosen_run;

/// Width and height of the window in points.
const SIZE: [u32; 2] = [1280, 800];
/// Time for a frame on a screen that shows sixty a second.
const FRAME: Duration = Duration::from_micros(16_667);

pub fn run(args: &Soak) -> Result<ExitCode, String> {
    let settings = chosen_run(&args.chosen, None)?;
    let shot = Shot::plain(settings, 0, SIZE, 1.0, 1.0, true).in_workspace(args.workspace.workspace());
    let mut scene = Scene::new(shot)?;
    scene.settle()?;
    let before = memory::resident();
    scene.run_unlimited();
    let (begun, first) = (Instant::now(), scene.update());
    let mut frames = Vec::new();
    while begun.elapsed().as_secs_f64() < f64::from(args.minutes) * 60.0 {
        let frame = Instant::now();
        scene.frame(Vec::new());
        frames.push(frame.elapsed());
        std::thread::sleep(FRAME.saturating_sub(frame.elapsed()));
    }
    let seconds = begun.elapsed().as_secs_f64();
    scene.pause();
    let updates = scene.update() - first;
    frames.sort_unstable();
    let at = |share: f64| frames[((frames.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    say(&format!("{} in {seconds:.0} s: {:.0} a second", count(updates, "update"), updates as f64 / seconds));
    say(&format!(
        "{} of {} × {} points, logic, layout and tessellation: median {:.2} ms, 99th percentile {:.2} ms, longest {:.2} ms",
        count(frames.len() as u64, "frame"),
        SIZE[0],
        SIZE[1],
        at(0.5),
        at(0.99),
        at(1.0)
    ));
    if let (Some(before), Some(after)) = (before, memory::resident()) {
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        say(&format!("memory: {:.0} MiB at the start, {:.0} MiB at the end", mib(before), mib(after)));
    }
    Ok(ExitCode::SUCCESS)
}
