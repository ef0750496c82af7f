//! `spikescape soak`: the window's logic and drawing without a display, while the training runs as fast as it goes; then
//! at rest.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::engine;
use crate::gui::snapshot::{OffscreenApp, WindowShot};
use crate::machine;
use crate::record::history;
use crate::text::count;

use super::args::Soak;
use super::print::{complain, say};
use super::settings::chosen_run;

/// Width and height of the window in points.
const SIZE: [u32; 2] = [1280, 800];
/// Time for a frame on a screen that shows sixty a second.
const FRAME: Duration = Duration::from_micros(16_667);
/// What the program may hold beside the past of the run, or beyond what was stated where that is more, in bytes.
const MARGIN: u64 = 200_000_000;
/// Landscapes and maps that are under way are given so long to end before the rest is measured.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long the rest is.
const REST: Duration = Duration::from_secs(5);
/// How often it is looked whether a frame is due, at rest.
const LOOK: Duration = Duration::from_millis(50);

pub fn run(args: &Soak) -> Result<ExitCode, String> {
    let settings = chosen_run(&args.chosen, None)?;
    let stated = engine::need(&settings);
    let shot = WindowShot::plain(settings, 0, SIZE, 1.0, 1.0, true).in_workspace(args.workspace.workspace());
    let mut scene = OffscreenApp::new(shot)?;
    scene.settle()?;
    let before = machine::resident();
    let most = soak(&mut scene, Duration::from_secs_f64(f64::from(args.minutes) * 60.0));
    let fits = tell_memory(before, most, stated, &scene);
    rest(&mut scene);
    Ok(if fits { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Sixty frames a second while the training runs. Returns the most memory that was held.
fn soak(scene: &mut OffscreenApp, time: Duration) -> Option<u64> {
    scene.run_unlimited();
    let (begun, first, mut most) = (Instant::now(), scene.update(), None);
    let (mut frames, mut late) = (Vec::new(), Vec::new());
    while begun.elapsed() < time {
        let waited = machine::scheduler_wait();
        let whole = scene.frame(Vec::new()).whole();
        // the training has every core: a frame that has to wait for one takes no more of the processor for that
        let wait = waited
            .zip(machine::scheduler_wait())
            .map_or(Duration::ZERO, |(before, after)| after.saturating_sub(before));
        let frame = whole.saturating_sub(wait);
        scene.record_frame(frame.as_secs_f32());
        frames.push(frame);
        late.push(whole);
        if frames.len() % 60 == 1 {
            most = most.max(machine::resident());
        }
        std::thread::sleep(FRAME.saturating_sub(whole));
    }
    let seconds = begun.elapsed().as_secs_f64();
    scene.pause();
    let updates = scene.update() - first;
    say(&format!("{} in {seconds:.0} s: {:.0} a second", count(updates, "update"), updates as f64 / seconds));
    say(&format!(
        "{} of {} × {} points, logic, layout and tessellation: {} of the processor",
        count(frames.len() as u64, "frame"),
        SIZE[0],
        SIZE[1],
        spread(frames)
    ));
    say(&format!("with waiting for a core that others had: {}", spread(late)));
    most.max(machine::resident())
}

/// Median, 99th percentile and longest.
fn spread(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    format!("median {:.2} ms, 99th percentile {:.2} ms, longest {:.2} ms", at(0.5), at(0.99), at(1.0))
}

/// Whether the program kept within its bounds, as far as the machine says.
fn tell_memory(before: Option<u64>, most: Option<u64>, stated: u64, scene: &OffscreenApp) -> bool {
    let (Some(before), Some(most)) = (before, most) else { return true };
    let mib = |bytes: u64| format!("{:.0} MiB", bytes as f64 / f64::from(1 << 20));
    let (past, budget) = (scene.shown().map_or(0, |f| f.history_bytes), history::BUDGET as u64);
    say(&format!(
        "memory: {} at the start, {} at most; about {} was stated before. The past of the run takes {} of at most {}",
        mib(before),
        mib(most),
        mib(stated),
        mib(past as u64),
        mib(budget)
    ));
    let bound = budget.max(stated) + MARGIN;
    if most > bound {
        complain(&format!("The program held {}, and {} are the bound.", mib(most), mib(bound)));
    }
    most <= bound
}

/// What the processor does for a window that rests and that nobody touches.
fn rest(scene: &mut OffscreenApp) {
    let begun = Instant::now();
    while scene.busy() && begun.elapsed() < PATIENCE {
        scene.frame(Vec::new());
        std::thread::sleep(FRAME);
    }
    // what was still to be drawn
    for _ in 0..20 {
        scene.frame_if_due();
        std::thread::sleep(LOOK);
    }
    let (begun, before) = (Instant::now(), machine::processor_time());
    let mut frames = 0;
    while begun.elapsed() < REST {
        frames += u64::from(scene.frame_if_due().is_some());
        std::thread::sleep(LOOK);
    }
    if let (Some(before), Some(after)) = (before, machine::processor_time()) {
        let ms = after.saturating_sub(before).as_secs_f64() * 1e3;
        let seconds = REST.as_secs();
        say(&format!("paused: {ms:.1} ms of the processor in {seconds} s, {} drawn", count(frames, "frame")));
    }
}
