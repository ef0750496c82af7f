//! Tasks with classes in the window: accuracy over epochs, the confusion matrix, the decision map.

mod support;

use support::{Window, app, until};

use egui_kittest::kittest::Queryable;

use spikescape::gui::action::{Action, EvaluationAction, RunAction, WindowAction};
use spikescape::gui::layout::Panel;
use spikescape::gui::state::{CurveKind, SavedState};
use spikescape::loss::LossKind;
use spikescape::snn::Isa;
use spikescape::task::{Split, TaskKind, View};
use spikescape::train::settings::NetworkSettings;
use spikescape::train::{Readout, Settings, Trainer};

/// A small task with classes, of which an epoch is five updates.
fn settings(kind: TaskKind) -> Settings {
    let mut s = Settings::default();
    s.task.set_kind(kind);
    (s.task.steps, s.task.latest, s.task.train_samples, s.task.test_samples) = (40, 24, 60, 30);
    (s.task.validation_auto, s.task.validation_samples) = (false, 20);
    s.network.hidden = NetworkSettings::fc(&[12]);
    s.loss.kind = LossKind::Latency;
    s.run.batch = if kind == TaskKind::YinYang { 12 } else { 8 };
    s
}

fn open(kind: TaskKind) -> Window {
    let mut kept = SavedState::default();
    kept.choices.landscape.follow = false;
    kept.choices.decision_map.points = 31;
    support::open(settings(kind), kept)
}

fn act(w: &mut Window, action: Action) {
    let ctx = w.ctx.clone();
    w.state_mut().as_mut().unwrap().apply(&ctx, action);
    w.run_steps(2);
}

/// Two whole epochs.
fn train(w: &mut Window) {
    act(w, RunAction::Advance(10).into());
    until(w, |a| a.run_view().epochs.len() == 2 && a.run_view().update() == 10 && !a.run_view().playing);
}

#[test]
fn accuracy_has_a_point_for_every_epoch() {
    let mut w = open(TaskKind::Digits);
    assert_eq!(app(&w).run_view().frame.as_ref().unwrap().batches, 5);
    // the chip of the curves, left of the tab of the panel
    let named = w.get_all_by_label("Accuracy");
    named.min_by(|a, b| a.rect().left().total_cmp(&b.rect().left())).unwrap().click();
    w.run_steps(3);
    assert_eq!(app(&w).choices().curve, CurveKind::Accuracy);
    assert!(w.query_by_label_contains("No epoch has ended yet").is_some());
    train(&mut w);
    let run = app(&w).run_view();
    let points = |s: &spikescape::record::Series| s.buckets().iter().map(|b| b.first).collect::<Vec<_>>();
    assert_eq!(points(&run.curves.accuracy_first), [5, 10]);
    assert_eq!(points(&run.curves.accuracy_count), [5, 10]);
    assert!(w.query_by_label("Plot of accuracy").is_some());
    // the top bar says which epoch is under way, and what validation said
    let valid = run.epochs[1].valid.unwrap();
    assert!(w.query_by_label("3 · 0 %").is_some());
    assert!(w.query_by_label(&format!("{:.1} %", 100.0 * valid.accuracy(Readout::First))).is_some());
    assert!(w.query_by_label("batch loss").is_some());
}

#[test]
fn without_classes_there_is_no_accuracy_and_no_map() {
    let mut w = support::open(Settings::default(), SavedState::default());
    assert_eq!(w.query_all_by_label("Accuracy").count(), 1, "the tab, and no chip of the curves");
    act(&mut w, WindowAction::OpenPanel(Panel::Accuracy).into());
    assert!(w.query_by_label_contains("have no classes").is_some());
    act(&mut w, WindowAction::OpenPanel(Panel::DecisionMap).into());
    assert!(w.query_by_label_contains("Only Yin-Yang lies in a plane").is_some());
    assert!(w.query_by_label("batch loss").is_none());
}

#[test]
fn the_matrix_counts_every_test_sample() {
    for kind in [TaskKind::YinYang, TaskKind::Digits] {
        let mut w = open(kind);
        train(&mut w);
        act(&mut w, WindowAction::OpenPanel(Panel::Accuracy).into());
        w.get_by_label("Test").click();
        w.run_steps(2);
        assert!(w.query_by_label_contains("press Evaluate").is_some());
        w.get_by_label("Evaluate").click();
        until(&mut w, |a| a.evaluation().is_whole(Split::Test));
        assert!(w.query_by_label("Confusion matrix by first spike, 30 samples").is_some());
        w.get_by_label("Class by count").click();
        w.run_steps(2);
        assert!(w.query_by_label("Confusion matrix by count, 30 samples").is_some());
        let exam = app(&w).evaluation();
        assert_eq!(exam.update(Split::Test), Some(10));
        let classes = app(&w).form().task.outputs;
        let matrix = exam.evaluation(Split::Test).confusion(classes, Readout::First);
        let rows: Vec<u32> = matrix.chunks(classes + 1).map(|row| row.iter().sum()).collect();
        let task = &app(&w).run_view().frame.as_ref().unwrap().task;
        let of_class = |class| (0..30).filter(|&i| task.set(Split::Test).label(i) == class).count() as u32;
        assert_eq!(rows, (0..classes).map(of_class).collect::<Vec<_>>());
        // the table of epochs
        assert!(w.query_by_label("best").is_some());
    }
}

#[test]
fn the_map_follows_while_it_is_in_front_and_not_behind() {
    let mut w = open(TaskKind::YinYang);
    w.run_steps(10);
    assert!(app(&w).decision_map().shown().is_none() && !app(&w).decision_map().running(), "nobody looks");
    act(&mut w, WindowAction::OpenPanel(Panel::DecisionMap).into());
    until(&mut w, |a| a.decision_map().shown().is_some_and(|m| m.is_whole()));
    assert!(w.query_by_label("Decision map, 31 × 31 points").is_some());
    train(&mut w);
    until(&mut w, |a| a.decision_map().shown().is_some_and(|m| m.is_whole() && m.update() == 10));
    let m = app(&w).decision_map().shown().unwrap();
    assert!(m.cells.iter().all(Option::is_some));
    // behind another tab it stays as it is
    act(&mut w, WindowAction::OpenPanel(Panel::Landscape).into());
    act(&mut w, RunAction::Advance(5).into());
    until(&mut w, |a| a.run_view().update() == 15);
    std::thread::sleep(std::time::Duration::from_millis(600));
    w.run_steps(10);
    assert_eq!(app(&w).decision_map().shown().unwrap().update(), 10);
    assert!(!app(&w).decision_map().running());
}

#[test]
fn a_click_on_a_sample_of_the_map_watches_it() {
    let mut w = open(TaskKind::YinYang);
    act(&mut w, WindowAction::OpenPanel(Panel::DecisionMap).into());
    let mut choices = app(&w).choices().clone();
    choices.decision_map.marks = Some(Split::Test);
    act(&mut w, WindowAction::Choose(Box::new(choices)).into());
    until(&mut w, |a| a.decision_map().shown().is_some_and(|m| m.is_whole()));
    let plot = w.get_by_label("Decision map, 31 × 31 points").rect();
    let task = std::sync::Arc::clone(&app(&w).run_view().frame.as_ref().unwrap().task);
    let Ok(View::Point([x, y])) = task.set(Split::Test).source().view(7) else { panic!() };
    // the unit square lies in the middle of the plot
    let side = plot.width().min(plot.height());
    let square = egui::Rect::from_center_size(plot.center(), egui::vec2(side, side));
    let at = egui::pos2(square.left() + side * x as f32, square.bottom() - side * y as f32);
    w.hover_at(at);
    w.run_steps(2);
    w.drag_at(at);
    w.drop_at(at);
    until(&mut w, |a| a.run_view().settings.run.probe_part == Split::Test);
    assert_eq!(app(&w).run_view().settings.run.probe, 7);
}

#[test]
fn looking_does_not_change_the_run() {
    let mut w = open(TaskKind::YinYang);
    act(&mut w, WindowAction::OpenPanel(Panel::DecisionMap).into());
    act(&mut w, WindowAction::OpenPanel(Panel::Accuracy).into());
    act(&mut w, EvaluationAction::Start(Split::Test).into());
    train(&mut w);
    until(&mut w, |a| a.decision_map().shown().is_some_and(|m| m.update() == 10));
    let mut trainer = Trainer::new(settings(TaskKind::YinYang), Isa::best());
    (0..10).for_each(|_| {
        trainer.step().unwrap();
        if trainer.epoch_due() {
            trainer.end_epoch(None);
        }
    });
    assert_eq!(app(&w).run_view().frame.as_ref().unwrap().params.digest(), trainer.params().digest());
}
