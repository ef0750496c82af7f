//! Files of every format version ever written still open. `tests/formats` has a small one of each, made by the program
//! that first wrote it.

mod support;

use std::sync::Arc;

use spikescape::gui::layout::{Panel, Workspace, open, shown, standard};
use spikescape::gui::state::landscape_choices::{
    ArrowSource, CellColour, ComparedWith, LandscapeChoices, OverChoice, PlaneChoice, RuleFigure, SliceKind,
};
use spikescape::gui::state::{Choices, CurveKind, DecisionMapChoices, EvaluationChoices, SavedState, SpanChoice};
use spikescape::record::{Checkpoint, Log, weights};
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::task::{Split, TimeUnit};
use spikescape::train::Settings;

/// Before `network.hidden` was a text and there were tasks with classes.
#[test]
fn the_first_settings_file_is_the_preset_that_it_was() {
    let settings = Settings::from_toml("settings-1.toml", include_str!("formats/settings-1.toml")).unwrap();
    let deep = spikescape::train::settings::preset("trains-deep").unwrap();
    assert_eq!(settings, (deep.make)());
}

/// Before `threshold`, `validation`, `bias` and `constant` had names that say of what.
#[test]
fn a_settings_file_with_the_earlier_keys_is_read_and_written_with_the_new_ones() {
    let settings = Settings::from_toml("settings-2.toml", include_str!("formats/settings-2.toml")).unwrap();
    let task = &settings.task;
    assert_eq!((task.grey_threshold, task.validation_samples, task.bias_spike), (77, 12, 9));
    assert_eq!((settings.network.weight_offset, settings.run.shift_cost.q()), (0.0625, 0.3));
    let written = settings.to_toml();
    for line in ["grey_threshold = 77", "validation_samples = 12", "bias_spike = 9", "weight_offset = 0.0625"] {
        assert!(written.lines().any(|l| l == line), "{line}\n{written}");
    }
    assert_eq!(Settings::from_toml("a", &written), Ok(settings));
}

#[test]
fn a_log_with_the_earlier_keys_replays_to_the_bits_that_it_had() {
    let log = Log::from_toml("log-2.toml", include_str!("formats/log-2.toml")).unwrap();
    let end = log.end.unwrap();
    assert_eq!((end.update, log.start.network.weight_offset), (20, 0.0625));
    assert_eq!(log.replay(Isa::best(), |_| true).unwrap().params().digest(), end.digest);
}

#[test]
fn the_first_log_replays_to_the_bits_that_it_had() {
    let log = Log::from_toml("log-1.toml", include_str!("formats/log-1.toml")).unwrap();
    let end = log.end.unwrap();
    assert_eq!((end.update, log.start.run.seed, log.start.network_text().as_str()), (40, 5, "20 - fc10 - fc2"));
    assert_eq!(log.replay(Isa::best(), |_| true).unwrap().params().digest(), end.digest);
}

#[test]
fn the_first_weights_are_those_of_the_first_log() {
    let log = Log::from_toml("log-1.toml", include_str!("formats/log-1.toml")).unwrap();
    let net = log.start.network().unwrap();
    let read = weights::from_safetensors("weights-1", include_bytes!("formats/weights-1.safetensors"), &net).unwrap();
    assert_eq!(read.digest(), log.end.unwrap().digest);
}

#[test]
fn the_first_checkpoint_goes_on() {
    let bytes = include_bytes!("formats/checkpoint-1.safetensors");
    let checkpoint = Checkpoint::from_bytes("checkpoint-1", bytes).unwrap();
    let (log, update) = (checkpoint.log.clone(), checkpoint.update);
    let whole = log.replay(Isa::best(), |_| true).unwrap();
    let resumed = checkpoint.resume(Arc::clone(whole.task()), Isa::best()).unwrap();
    let mut runs = [whole, resumed];
    assert_eq!((update, runs[1].update()), (40, 40));
    for run in &mut runs {
        (0..10).for_each(|_| run.step().unwrap());
    }
    assert_eq!(runs[0].params().digest(), runs[1].params().digest());
}

fn layout(text: &str) -> SavedState {
    support::Storage(text.to_owned()).read().expect("a layout of an earlier version is read")
}

#[test]
fn the_first_layout_is_the_one_of_a_first_start() {
    let (read, fresh) = (layout(include_str!("formats/layout-1.ron")), SavedState::default());
    assert_eq!((read.choices, read.layout), (fresh.choices, fresh.layout));
    assert_eq!((read.workspace, read.known, read.zoom), (fresh.workspace, fresh.known, 1.0));
    assert_eq!((read.aside.len(), read.theme), (0, egui::ThemePreference::System));
}

#[test]
fn a_layout_in_which_everything_was_chosen_comes_back_as_it_was() {
    let read = layout(include_str!("formats/layout-1-chosen.ron"));
    let landscape = LandscapeChoices {
        plane: PlaneChoice::Gradient,
        first: Rule::Timing,
        second: Some(Rule::Activation),
        weights: ["0/1/2".into(), "1/3/bias".into()],
        moments: [5, 50],
        over: OverChoice::Validation,
        samples: 32,
        range: 0.25,
        points: 31,
        seed: 9,
        earlier: false,
        follow: false,
        log: true,
        colour: CellColour::OutputSpikes,
        contours: true,
        solid: true,
        arrows: ArrowSource::Rule(Rule::Activation),
        edge: Some([1, 2]),
        believed: false,
        small_arrows: false,
        figure: RuleFigure::Inconsistency,
        slice: SliceKind::Path,
        compared_with: ComparedWith::Cliff,
        ..LandscapeChoices::default()
    };
    let choices = Choices {
        time_unit: TimeUnit::Ms,
        span: SpanChoice::Start,
        curve: CurveKind::LearningRate,
        look_back: 7,
        captions: false,
        neuron: Some((1, 3)),
        landscape,
        pencil: false,
        decision_map: DecisionMapChoices { points: 121, follow: false, marks: Some(Split::Validation) },
        evaluation: EvaluationChoices { part: Split::Test, follow: true },
    };
    assert_eq!(read.choices, choices);
    let mut again = support::Storage::default();
    again.write(&read);
    assert_eq!(again.read().map(|read| read.choices), Some(choices));
    // the panels that there were when it was written
    let then: Vec<Panel> = Panel::ALL.into_iter().filter(|panel| *panel != Panel::Bench).collect();
    assert_eq!((read.workspace, &read.known, read.zoom), (Workspace::Landscape, &then, 1.25));
    // every panel is open, at the place where it was opened
    let mut all = standard(Workspace::Landscape);
    then.iter().for_each(|panel| open(&mut all, Workspace::Landscape, *panel));
    assert_eq!((read.layout, shown(&all)), (all, then));
    assert_eq!(read.aside, [(Workspace::Watch, standard(Workspace::Watch))]);
}
