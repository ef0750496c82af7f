//! The neuron bench: input spikes put there by hand, and what one neuron does with them.

mod controls;
mod neurons;
mod paint;

use egui::{Rect, RichText, ScrollArea, Sense, Ui, pos2, vec2};

use crate::explain::bench::{BenchNeuron, BenchRun};
use crate::gui::action::Action;
use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::gui::widgets::note;
use crate::lesson::observed::BenchSeen;
use crate::lesson::simulation::seen_of;
use paint::BenchPlot;

/// Steps a second in slow motion.
const PLAYED: f32 = 8.0;
/// Width of the controls, in points.
const CONTROLS: f32 = 216.0;
/// Height of the seven neurons side by side.
const NEURONS: f32 = 92.0;

/// The neuron, and how it is looked at.
#[derive(Default)]
pub struct BenchPanel {
    pub neuron: BenchNeuron,
    /// What it does, kept until it changes.
    known: Option<(BenchNeuron, BenchRun, BenchSeen)>,
    /// The step that is played or was chosen.
    at: f32,
    playing: bool,
    /// The step at which the buttons put a spike.
    step: u32,
}

impl BenchPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, _actions: &mut Vec<Action>) {
        if !cx.lesson.asks() {
            note::caption(ui, cx, "Click a line to put an input spike there; drag weights and decays");
            return self.contents(ui, cx);
        }
        note::caption(ui, cx, "The bench waits for your prediction: answer the question of the lesson, or skip it");
        // an answer that was tried out would be no prediction; a screen reader moves sliders that are disabled, too
        ui.disable();
        let kept = self.neuron.clone();
        self.contents(ui, cx);
        self.neuron = kept;
    }

    fn contents(&mut self, ui: &mut Ui, cx: ViewContext) {
        self.play(ui);
        let whole = ui.available_rect_before_wrap();
        let below = if whole.height() > 240.0 { NEURONS } else { 0.0 };
        let top = whole.with_max_y(whole.bottom() - below);
        let mut left = ui.new_child(egui::UiBuilder::new().max_rect(top.with_max_x(whole.left() + CONTROLS)));
        ScrollArea::vertical().id_salt("bench controls").show(&mut left, |ui| {
            ui.set_max_width(CONTROLS - 14.0);
            self.controls(ui, cx);
        });
        let plot = Rect::from_min_max(pos2(whole.left() + CONTROLS + 6.0, top.top()), top.max);
        self.plots(ui, cx, plot);
        if below > 0.0 {
            let rect = Rect::from_min_max(pos2(whole.left(), top.bottom() + 4.0), whole.max);
            neurons::show(ui, cx, rect, &mut self.neuron.neuron);
        }
        ui.advance_cursor_after_rect(whole);
    }

    /// The facts about it that a lesson can speak of.
    pub fn seen(&mut self) -> BenchSeen {
        self.known().2
    }

    fn known(&mut self) -> &(BenchNeuron, BenchRun, BenchSeen) {
        match self.known.take() {
            Some(known) if known.0 == self.neuron => self.known.insert(known),
            _ => {
                let known = (self.neuron.clone(), self.neuron.run(), seen_of(&self.neuron));
                self.known.insert(known)
            }
        }
    }

    /// Goes on in slow motion.
    fn play(&mut self, ui: &Ui) {
        if !self.playing {
            return;
        }
        self.at += ui.input(|i| i.stable_dt).min(0.1) * PLAYED;
        if self.at >= self.neuron.steps as f32 {
            (self.at, self.playing) = (self.neuron.steps as f32, false);
        }
        ui.ctx().request_repaint();
    }

    fn plots(&mut self, ui: &mut Ui, cx: ViewContext, rect: Rect) {
        let steps = self.neuron.steps;
        let header = Rect::from_min_size(rect.min, vec2(rect.width(), 18.0));
        let plot = BenchPlot::new(rect.with_min_y(header.bottom()), steps, self.neuron.inputs.len());
        let asks = cx.lesson.asks();
        let looked_at = !asks && ui.rect_contains_pointer(plot.rect);
        let hovered = looked_at.then(|| ui.input(|i| i.pointer.hover_pos())).flatten();
        let hovered = hovered.map(|p| plot.step_at(p.x));
        for line in 0..self.neuron.inputs.len() {
            let area = plot.line(line);
            let response = ui.interact(area, ui.scope_id().with(("bench line", line)), Sense::click());
            let name = format!("Input line {}", line + 1);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
            if response.clicked()
                && let Some(at) = response.interact_pointer_pos()
            {
                self.neuron.toggle(line, plot.step_at(at.x));
            }
            response.on_hover_cursor(egui::CursorIcon::PointingHand);
        }
        let shown = if self.playing { self.at as usize } else { steps };
        let played = !asks && self.at > 0.0 && (self.at as usize) < steps;
        let at = hovered.or_else(|| played.then_some(self.at as u32));
        let (neuron, run, _) = self.known();
        let painter = ui.painter().with_clip_rect(rect);
        plot.paint_inputs(&painter, cx, neuron, shown);
        plot.paint_course(&painter, cx, run, if cx.lesson.asks_about_bench() { 0 } else { shown });
        if let Some(step) = at {
            plot.crosshair(&painter, cx, step);
        }
        if asks {
            return;
        }
        let words = at.map_or_else(|| summary(run), |step| values(run, step as usize));
        ui.scope_builder(egui::UiBuilder::new().max_rect(header), |ui| {
            ui.add(egui::Label::new(RichText::new(words).font(theme::small()).color(cx.theme.ink)).truncate());
        });
    }
}

/// What the neuron does in all.
fn summary(run: &BenchRun) -> String {
    let peak = run.course.potential.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let spikes = crate::text::count(run.course.spikes.len() as u64, "spike");
    format!("{spikes}; highest potential {peak:.2}; point at a step to read its numbers")
}

/// The numbers of one step.
fn values(run: &BenchRun, step: usize) -> String {
    let at = |values: &[f32]| values.get(step).copied().unwrap_or(f32::NAN);
    let (i, v, s) = (at(&run.course.current), at(&run.course.potential), at(&run.course.surrogate));
    let spike = run.course.spikes.contains(&(step as u32));
    let slope = at(&run.slope);
    let moved =
        if spike { format!(", v' = {slope:.3}, 1/v' = {:.1} steps per unit", 1.0 / slope) } else { String::new() };
    format!("step {step}: i = {i:.3}, v = {v:.3}, σ(v) = {s:.3}{moved}")
}
