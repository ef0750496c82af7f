//! One frame of the window: logic, layout and tessellation, paused and while the worker runs.
//!
//! `paused`: nothing is new, so that what was drawn before is shown again. `fresh`: the worker has made an update since,
//! so that every panel is drawn anew; only the window's share is measured, the worker rests meanwhile. `running`: the
//! worker has both cores, and the frame is late whenever it is not given one.

use std::cell::RefCell;
use std::time::Duration;

use divan::Bencher;
use egui::vec2;
use spikescape::engine::Speed;
use spikescape::gui::action::RunAction;
use spikescape::gui::snapshot::{FrameTimes, OffscreenApp, WindowShot};
use spikescape::gui::state::SavedState;
use spikescape::spike::changes::LayerChanges;
use spikescape::spike::{Raster, Shape};
use spikescape::train::Settings;
use spikescape::train::settings::NetworkSettings;

fn main() {
    divan::main();
    shares("built-in", Settings::default(), None);
    shares("100,000 spikes", many(1, 0.101), Some(100_000));
    shares("1,000,000 spikes", many(10, 0.1232), Some(1_000_000));
    shares("four layers that learn too fast", wild(), None);
}

/// Three hidden layers that spike more than is good for them and learn too fast: thousands of changes an update.
fn wild() -> Settings {
    let mut settings = many(1, 0.3);
    settings.network.hidden = NetworkSettings::fc(&[800, 800, 800]);
    settings.network.gain = 8.0;
    settings.optimiser.learning_rate = 1e-2;
    settings
}

/// A network of inputs, a hidden layer and ten outputs with 100,000 spikes over 1,000 steps, or a multiple of it.
/// It learns slowly, so that there are as many from one update to the next.
fn many(times: usize, rate: f64) -> Settings {
    let mut settings = Settings::default();
    settings.task.inputs = Shape::Flat(784 * times);
    settings.task.outputs = 10;
    settings.task.steps = 1000;
    settings.task.rate = rate;
    settings.optimiser.learning_rate = 1e-4;
    settings.network.hidden = NetworkSettings::fc(&[800]);
    settings
}

/// A window of 1280 × 800 points after a few updates, whose landscape does not follow the run: that is the explorer's
/// work.
fn scene(settings: Settings) -> OffscreenApp {
    let mut saved = SavedState::default();
    saved.choices.landscape.follow = false;
    let shot = WindowShot { settings, updates: 3, size: vec2(1280.0, 800.0), pixels_per_point: 1.0, saved };
    let mut scene = OffscreenApp::new(shot).expect("the engine starts");
    scene.settle().expect("the run arrives");
    scene
}

/// The spikes that the raster shows.
fn in_view(scene: &OffscreenApp) -> usize {
    let frame = scene.shown().expect("a run has a frame");
    frame.sample().input.len() + frame.spikes.iter().map(Raster::len).sum::<usize>()
}

/// Has the worker make an update, and waits for it.
fn step(scene: &mut OffscreenApp) {
    scene.act(RunAction::Step.into());
    while !scene.has_news() {
        std::thread::sleep(Duration::from_micros(200));
    }
    // the worker's threads go to sleep
    std::thread::sleep(Duration::from_millis(2));
}

fn paused(bencher: Bencher, settings: Settings) {
    let mut scene = scene(settings);
    bencher.bench_local(move || scene.frame(Vec::new()));
}

fn fresh(bencher: Bencher, settings: Settings) {
    let scene = RefCell::new(scene(settings));
    bencher.with_inputs(|| step(&mut scene.borrow_mut())).bench_local_values(|()| scene.borrow_mut().frame(Vec::new()));
}

#[divan::bench(sample_count = 300, sample_size = 1)]
fn paused_built_in(bencher: Bencher) {
    paused(bencher, Settings::default());
}

#[divan::bench(sample_count = 300, sample_size = 1)]
fn fresh_built_in(bencher: Bencher) {
    fresh(bencher, Settings::default());
}

#[divan::bench(sample_count = 300, sample_size = 1)]
fn running_built_in(bencher: Bencher) {
    let mut scene = scene(Settings::default());
    scene.act(RunAction::Speed(Speed::Unlimited).into());
    scene.act(RunAction::Play.into());
    bencher.bench_local(move || scene.frame(Vec::new()));
}

#[divan::bench(sample_count = 300, sample_size = 1)]
fn paused_100_000_spikes(bencher: Bencher) {
    paused(bencher, many(1, 0.101));
}

#[divan::bench(sample_count = 100, sample_size = 1)]
fn fresh_100_000_spikes(bencher: Bencher) {
    fresh(bencher, many(1, 0.101));
}

#[divan::bench(sample_count = 300, sample_size = 1)]
fn paused_1_000_000_spikes(bencher: Bencher) {
    paused(bencher, many(10, 0.1232));
}

#[divan::bench(sample_count = 60, sample_size = 1)]
fn fresh_1_000_000_spikes(bencher: Bencher) {
    fresh(bencher, many(10, 0.1232));
}

/// What a fresh frame consists of: of each part the fastest of many.
fn shares(name: &str, settings: Settings, spikes: Option<usize>) {
    let mut scene = scene(settings);
    if let Some(spikes) = spikes {
        let off = in_view(&scene).abs_diff(spikes) as f64 / spikes as f64;
        assert!(off < 0.05, "{} spikes are in view, not {spikes}", in_view(&scene));
    }
    let (first, mut least) =
        (in_view(&scene), FrameTimes { logic: Duration::MAX, layout: Duration::MAX, tessellation: Duration::MAX });
    for _ in 0..40 {
        step(&mut scene);
        let parts = scene.frame(Vec::new());
        least.logic = least.logic.min(parts.logic);
        least.layout = least.layout.min(parts.layout);
        least.tessellation = least.tessellation.min(parts.tessellation);
    }
    let ms = |part: Duration| part.as_secs_f64() * 1e3;
    let edits = |l: &LayerChanges| l.edits.len();
    let edits: usize = scene.shown().iter().flat_map(|f| &f.spans.last.changes.layers).map(edits).sum();
    println!(
        "{name}: {first} to {} spikes in view, {edits} changes; logic {:.2}, layout {:.2}, tessellation {:.2} ms",
        in_view(&scene),
        ms(least.logic),
        ms(least.layout),
        ms(least.tessellation)
    );
}
