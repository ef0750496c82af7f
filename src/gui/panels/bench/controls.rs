//! Weights, decays and buttons of the bench.

use egui::{DragValue, RichText, Slider, Ui};

use super::BenchPanel;
use crate::explain::bench::BenchNeuron;
use crate::gui::state::ViewContext;
use crate::gui::theme;

impl BenchPanel {
    pub(super) fn controls(&mut self, ui: &mut Ui, cx: ViewContext) {
        ui.spacing_mut().slider_width = 96.0;
        for (n, input) in self.neuron.inputs.iter_mut().enumerate() {
            let name = format!("Weight {}", n + 1);
            let hint = "How strongly a spike on this line lifts the potential; below 0 it lowers it";
            slider(ui, Slider::new(&mut input.weight, -1.5..=1.5).max_decimals(2), &name, hint);
        }
        ui.add_space(4.0);
        let hint = "α_i: the share of the current that is left after a step; 0 for none";
        let decay = Slider::new(&mut self.neuron.neuron.alpha_i, 0.0..=1.0).max_decimals(3);
        slider(ui, decay, "Current decay α_i", hint);
        let hint = "α_v: the share of the potential that is left after a step; 1 for no leak";
        let decay = Slider::new(&mut self.neuron.neuron.alpha_v, 0.0..=1.0).max_decimals(3);
        slider(ui, decay, "Potential decay α_v", hint);
        let hint = "A constant drive; with automatic scaling it is divided by the peak of a PSP";
        slider(ui, Slider::new(&mut self.neuron.bias, -0.5..=0.5).max_decimals(2), "Bias", hint);
        ui.add_space(4.0);
        self.by_keyboard(ui);
        ui.horizontal_wrapped(|ui| {
            let (name, hint) = match self.playing {
                true => ("Stop", "Shows the whole course again"),
                false => ("Slow motion", "Plays the steps one after the other"),
            };
            if ui.button(name).on_hover_text(hint).clicked() {
                self.playing = !self.playing;
                self.at = 0.0;
            }
            if ui.button("Clear").on_hover_text("Takes all input spikes away").clicked() {
                self.neuron.inputs.iter_mut().for_each(|input| input.spikes.clear());
            }
            if ui.button("Reset").on_hover_text("Weights, decays and spikes as at the beginning").clicked() {
                (self.neuron, self.at, self.playing) = (BenchNeuron::default(), 0.0, false);
            }
        });
        let text = "Each PSP is scaled so that its peak is the weight. At v = 1 the neuron spikes, and both i and v begin \
                    anew at 0.";
        ui.add(egui::Label::new(RichText::new(text).font(theme::small()).color(cx.theme.faint)).wrap());
    }

    /// The same as a click on a line, for the keyboard.
    fn by_keyboard(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let most = self.neuron.steps.saturating_sub(1) as u32;
            ui.label("At step");
            let field = ui.add(DragValue::new(&mut self.step).range(0..=most));
            let value = f64::from(self.step);
            field.widget_info(|| {
                let mut info = egui::WidgetInfo::new(egui::Role::SpinButton);
                (info.label, info.value) = (Some("Bench step".to_owned()), Some(value));
                info
            });
            field.on_hover_text("The step at which the buttons put a spike or take it away");
            ui.label("on line");
            for line in 0..self.neuron.inputs.len() {
                let button = ui.button(format!("{}", line + 1));
                let name = format!("Spike on line {}", line + 1);
                button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
                let hint = format!("Puts a spike on line {} at this step, or takes it away", line + 1);
                if button.on_hover_text(hint).clicked() {
                    self.neuron.toggle(line, self.step);
                }
            }
        });
    }
}

/// A slider below its name.
fn slider(ui: &mut Ui, slider: Slider, name: &str, hint: &str) {
    ui.label(name);
    let response = ui.add(slider).on_hover_text(hint);
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::new(egui::Role::Slider);
        info.label = Some(name.to_owned());
        info
    });
}
