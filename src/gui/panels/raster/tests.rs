//! The raster as the user uses it: with a pointer, without a window.

use std::time::{Duration, Instant};

use egui::{Event, Modifiers, MouseWheelUnit, PointerButton, Pos2, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

use super::*;
use crate::engine::{Command, Run};
use crate::gui::action::WindowAction;
use crate::gui::panels::potential::PotentialPanel;
use crate::gui::state::{Choices, EvaluationState, LandscapeState, RunView, SettingsForm, SpanChoice};
use crate::gui::theme::Palette;
use crate::train::Settings;

/// The panel and what it would be handed.
struct RasterBench {
    raster: RasterPanel,
    potential: PotentialPanel,
    view: TimeView,
    run: RunView,
    landscape: LandscapeState,
    choices: Choices,
    theme: Palette,
    actions: Vec<Action>,
}

impl RasterBench {
    /// After `updates` updates.
    fn new(settings: Settings, updates: u64) -> Self {
        let run = Run::start(settings.clone(), 1, Arc::new(|| ())).unwrap();
        run.send(Command::Advance(updates));
        let mut seen = RunView::new(settings);
        let begun = Instant::now();
        while seen.frame.as_ref().is_none_or(|f| f.update < updates) {
            while let Some(event) = run.event() {
                seen.on_event(&event);
            }
            if let Some(frame) = run.frame() {
                seen.show(frame, 0.0);
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "no frame came");
            std::thread::sleep(Duration::from_millis(1));
        }
        Self {
            raster: RasterPanel::default(),
            potential: PotentialPanel::default(),
            view: TimeView::default(),
            run: seen,
            landscape: LandscapeState::default(),
            choices: Choices::default(),
            theme: Palette::dark(),
            actions: Vec::new(),
        }
    }

    fn ui(&mut self, ui: &mut Ui) {
        let (form, evaluation) = (SettingsForm::new(Settings::clone(&self.run.settings)), EvaluationState::default());
        let cx = ViewContext {
            run: &self.run,
            runs: &Default::default(),
            time: &Default::default(),
            landscape: &self.landscape,
            decision_map: &Default::default(),
            evaluation: &evaluation,
            compare: &Default::default(),
            health: &Default::default(),
            inside: &Default::default(),
            lesson: &Default::default(),
            choices: &self.choices,
            theme: &self.theme,
            form: &form,
            opening: Default::default(),
            need_of_form: 0,
            need_of_run: 0,
            gallery: &Err("no samples are shown here".into()),
            undo: None,
            redo: None,
            session: &Default::default(),
        };
        let (above, below) = ui.max_rect().split_top_bottom_at_fraction(0.75);
        ui.scope_builder(egui::UiBuilder::new().max_rect(above), |ui| {
            self.raster.ui(ui, cx, &mut self.view, &mut self.actions);
        });
        ui.scope_builder(egui::UiBuilder::new().max_rect(below), |ui| {
            self.potential.ui(ui, cx, &mut self.view, &mut self.actions);
        });
        for action in self.actions.drain(..) {
            match action {
                Action::Window(WindowAction::Choose(choices)) => self.choices = *choices,
                other => panic!("the raster asked for {other:?}"),
            }
        }
    }
}

fn harness(bench: RasterBench) -> Harness<'static, RasterBench> {
    let build = Harness::builder().with_size(egui::vec2(800.0, 600.0)).with_step_dt(1.0 / 60.0);
    let mut harness = build.build_ui_state(|ui, bench: &mut RasterBench| bench.ui(ui), bench);
    harness.run_steps(3);
    harness
}

fn plot(harness: &Harness<RasterBench>) -> Rect {
    harness.get_by_label("Spikes of all layers").rect()
}

fn click(harness: &mut Harness<RasterBench>, at: Pos2) {
    harness.hover_at(at);
    harness.run_steps(1);
    for pressed in [true, false] {
        let modifiers = Modifiers::NONE;
        harness.event(Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers });
        harness.run_steps(1);
    }
    harness.run_steps(2);
}

#[test]
fn a_click_picks_the_neuron_of_the_row_and_another_lets_go_of_it() {
    let mut h = harness(RasterBench::new(Settings::default(), 3));
    let plot = plot(&h);
    let last_row = pos2(plot.left() + 30.0, plot.bottom() - GAP - 3.0);
    click(&mut h, last_row);
    assert_eq!(h.state().choices.neuron, Some((1, 4)));
    assert!(h.query_by_label_contains("output 4: peak").is_some());
    h.state_mut().view.hover = None;
    click(&mut h, last_row);
    assert_eq!(h.state().choices.neuron, None);
    assert!(h.query_by_label_contains("output 0: peak").is_some());
    click(&mut h, pos2(plot.left() + 30.0, plot.top() + 5.0));
    assert_eq!(h.state().choices.neuron, None, "inputs have no potential");
}

#[test]
fn a_band_folds_and_unfolds() {
    let mut h = harness(RasterBench::new(Settings::default(), 1));
    h.get_by_label("Fold input").click();
    h.run_steps(3);
    assert_eq!(h.state().raster.arrangement.folded, [true, false, false]);
    let row = pos2(plot(&h).left() + 30.0, plot(&h).top() + layout::FOLDED + GAP + 4.0);
    click(&mut h, row);
    assert_eq!(h.state().choices.neuron.map(|n| n.0), Some(0), "the hidden band has moved up");
    h.get_by_label("Unfold input").click();
    h.run_steps(3);
    assert_eq!(h.state().raster.arrangement.folded, [false; 3]);
}

#[test]
fn wheel_drag_and_double_click_move_the_time_axis() {
    let mut h = harness(RasterBench::new(Settings::default(), 1));
    let at = plot(&h).center();
    h.hover_at(at);
    h.run_steps(1);
    let source = egui::MouseWheelSource::Unknown;
    let (unit, phase, modifiers) = (MouseWheelUnit::Point, egui::TouchPhase::Move, Modifiers::NONE);
    h.event(Event::MouseWheel { unit, delta: vec2(0.0, 120.0), phase, modifiers, source });
    h.run_steps(30);
    let (from, to) = h.state().view.range.expect("zoomed in");
    assert!(from > 1.0 && to < 99.0 && from < 50.0 && to > 50.0, "{from} {to}");
    assert_eq!(h.state().view.hover.map(|t| (45.0..55.0).contains(&t)), Some(true));

    let button = |pos, pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers };
    h.event(button(at, true));
    h.run_steps(1);
    h.hover_at(at + vec2(40.0, 0.0));
    h.run_steps(1);
    h.hover_at(at + vec2(60.0, 0.0));
    h.run_steps(1);
    h.event(button(at + vec2(60.0, 0.0), false));
    h.run_steps(2);
    assert!(h.state().view.range.expect("still zoomed in").0 < from, "dragged to the right: earlier steps");
    assert_eq!(h.state().choices.neuron, None, "a drag is no click");

    h.run_steps(60);
    click(&mut h, at);
    click(&mut h, at);
    assert_eq!(h.state().view.range, None);
}

#[test]
fn the_span_is_chosen_in_the_toolbar() {
    let mut h = harness(RasterBench::new(Settings::default(), 5));
    assert!(h.query_by_label("update 4 to 5").is_some());
    h.get_by_label("Since start").click();
    h.run_steps(2);
    assert_eq!(h.state().choices.span, SpanChoice::Start);
    assert!(h.query_by_label("update 0 to 5").is_some());
    h.get_by_label("Changes").click();
    h.run_steps(2);
    assert!(!h.state().raster.changes);
    assert!(h.query_by_label("Updates to look back").is_some());
}

#[test]
fn the_pointer_is_told_what_it_is_over() {
    let mut h = harness(RasterBench::new(Settings::default(), 5));
    let target = h.state().run.frame.as_ref().unwrap().sample().target.spikes.clone();
    let (step, unit) = target.iter().find(|t| t.1 == 4).unwrap();
    let plot = plot(&h);
    let x = plot.left() + plot.width() * (step as f32 + 0.5) / 100.0;
    h.hover_at(pos2(x, plot.bottom() - GAP - 4.0));
    h.run_steps(3);
    assert_eq!(unit, 4);
    assert!(h.query_by_label_contains(&format!("output 4, step {step}")).is_some());
    assert!(h.query_by_label_contains(&format!("target at {step}, ")).is_some());
    assert!(h.query_by_label_contains("v = ").is_some(), "the potential says its value there, too");
    h.hover_at(pos2(1.0, 1.0));
    h.run_steps(3);
    assert_eq!(h.state().view.hover, None);
}

#[test]
fn a_neuron_that_the_network_has_not_is_passed_over() {
    let mut bench = RasterBench::new(Settings::default(), 1);
    bench.choices.neuron = Some((7, 300));
    let h = harness(bench);
    assert!(h.query_by_label_contains("output 0: peak").is_some());
}
