//! One frame of the window: logic, layout and tessellation, paused and while the worker runs.

use divan::Bencher;
use egui::vec2;
use spikescape::gui::action::Action;
use spikescape::gui::app::Kept;
use spikescape::gui::snapshot::{Scene, Shot};
use spikescape::spike::Shape;
use spikescape::train::Settings;
use spikescape::train::settings::NetworkSettings;

fn main() {
    divan::main();
}

fn scene(settings: Settings, updates: u64) -> Scene {
    let shot = Shot { settings, updates, size: vec2(1280.0, 800.0), pixels_per_point: 1.0, kept: Kept::default() };
    let mut scene = Scene::new(shot).expect("the engine starts");
    scene.settle().expect("the run arrives");
    scene
}

#[divan::bench]
fn paused(bencher: Bencher) {
    let mut scene = scene(Settings::default(), 300);
    bencher.bench_local(move || scene.frame(Vec::new()));
}

#[divan::bench]
fn running(bencher: Bencher) {
    let mut scene = scene(Settings::default(), 300);
    scene.act(Action::Speed(spikescape::engine::Speed::Unlimited));
    scene.act(Action::Play);
    bencher.bench_local(move || scene.frame(Vec::new()));
}

/// 800 hidden neurons over 300 steps: tens of thousands of spikes in view.
#[divan::bench]
fn paused_with_many_spikes(bencher: Bencher) {
    let mut settings = Settings::default();
    settings.task.inputs = Shape::Flat(784);
    settings.task.steps = 300;
    settings.network.hidden = NetworkSettings::fc(&[800]);
    let mut scene = scene(settings, 3);
    bencher.bench_local(move || scene.frame(Vec::new()));
}
