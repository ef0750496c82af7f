//! The membrane potential of the neuron picked, as the sum of what each input and the bias carried.
//!
//! [`model`] puts the stack together, `paint` draws it.

pub mod model;
mod paint;

use std::sync::Arc;

use egui::{Rangef, Rect, RichText, Sense, Ui};

use self::model::PartsStack;
use self::paint::{PartsPicture, PartsRows};
use crate::engine::PotentialParts;
use crate::gui::action::{Action, choose};
use crate::gui::names::neuron_name;
use crate::gui::state::{ViewContext, watched};
use crate::gui::theme;
use crate::gui::widgets::note;
use crate::gui::widgets::time_axis::{self, AXIS, TimeAxis, TimeView};
use crate::text::{self, signed};

/// The state of the panel's own view.
#[derive(Default)]
pub struct PotentialPartsPanel {
    /// Kept until there are other parts.
    stack: Option<(Arc<PotentialParts>, PartsStack)>,
    own_hover: bool,
}

const CAPTION: &str = "Each layer of the stack is the PSPs of one input; together with the bias they are the potential";
/// Lines of the list at the pointer.
const MOST_LINES: usize = 12;

impl PotentialPartsPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, view: &mut TimeView, actions: &mut Vec<Action>) {
        let Some(parts) = cx.inside.parts.shown() else {
            let why = cx.inside.parts.problem().unwrap_or("The parts of the potential are on their way");
            return note::empty(ui, cx, why);
        };
        let whole = ui.available_rect_before_wrap();
        let frame = &parts.frame;
        let axis = TimeAxis::new(cx, view, time_axis::plot_range(whole, watched::counts(frame)), &frame.settings.task);
        self.header(ui, cx, parts, &axis, view);
        let stack = match self.stack.take() {
            Some((of, stack)) if Arc::ptr_eq(&of, parts) => stack,
            _ => PartsStack::new(parts),
        };
        let (_, stack) = self.stack.insert((Arc::clone(parts), stack));

        let whole = ui.available_rect_before_wrap().with_max_x(whole.right());
        let below = if whole.height() < AXIS + 90.0 { 0.0 } else { AXIS };
        let rect = Rect::from_x_y_ranges(axis.x, Rangef::new(whole.top(), whole.bottom() - below));
        if rect.height() < 40.0 {
            return;
        }
        let plot = ui.allocate_rect(rect, Sense::click_and_drag());
        plot.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Potential in parts over time"));
        axis.navigate(ui, &plot, view);
        let step = plot.hover_pos().filter(|_| !plot.dragged()).map(|p| axis.step_at(p.x));
        time_axis::share_hover(ui, view, &mut self.own_hover, step);
        if let Some(step) = step.filter(|_| plot.clicked()) {
            let mut choices = cx.choices.clone();
            choices.inside.step = Some(model::snapped(parts, step, 5.0 / axis.per_step()));
            choose(cx.choices, choices, actions);
        }
        let picture = PartsPicture { cx, axis: &axis, parts, stack, rows: PartsRows::new(rect) };
        picture.paint(ui, view);
        if below > 0.0 {
            axis.paint(&ui.painter().with_clip_rect(whole), cx, rect.bottom());
        }
        ui.advance_cursor_after_rect(whole);
        if let Some(step) = step.filter(|&step| (step as usize) < parts.course.potential.len()) {
            let lines = model::lines_at(parts, step as usize, MOST_LINES);
            plot.on_hover_ui_at_pointer(|ui| {
                ui.label(format!("{}, {}", axis.words(step), lines.0));
                for line in lines.1 {
                    ui.label(RichText::new(line).font(theme::small()).color(cx.theme.faint));
                }
            });
        }
    }

    /// As in "output 2, update 37: 41 inputs, bias 0.02".
    fn header(&self, ui: &mut Ui, cx: ViewContext, parts: &PotentialParts, axis: &TimeAxis, view: &TimeView) {
        let frame = &parts.frame;
        let name = neuron_name(frame, parts.neuron.layer, parts.neuron.unit as usize);
        let inputs = text::count(parts.parts.inputs.len() as u64, "input");
        let bias = signed(text::value(f64::from(parts.parts.bias_value)));
        ui.horizontal(|ui| {
            ui.label(format!("{name}, update {}: {inputs}, bias {bias}", text::whole(frame.update)));
            let at = view.hover.map(|step| step as usize);
            match at.and_then(|step| Some((step, *parts.course.potential.get(step)?))) {
                Some((step, v)) => {
                    let sigma = parts.course.surrogate[step];
                    let words = format!(
                        "v = {}, σ(v) = {}, i = {} at {}",
                        signed(format!("{v:.3}")),
                        text::value(f64::from(sigma)),
                        signed(format!("{:.3}", parts.course.current[step])),
                        axis.words(step as u32)
                    );
                    note::faint(ui, cx, words);
                }
                None => note::caption(ui, cx, CAPTION),
            }
        });
    }
}
