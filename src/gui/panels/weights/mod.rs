//! The weights of a layer: as a matrix, as images of what filters look for, as a histogram, or the largest in a list.
//!
//! `table` has the numbers, `picture` their picture, `views` draws.

mod picture;
mod table;
mod views;

use std::sync::Arc;

use egui::{Button, ComboBox, Role, Ui, WidgetInfo};

use self::picture::WeightPicture;
use self::table::{WeightSource, WeightTable};
use crate::engine::Frame;
use crate::gui::action::{Action, WindowAction, choose};
use crate::gui::layout::Panel;
use crate::gui::names::layer_name;
use crate::gui::state::inside::{WeightValues, WeightsView};
use crate::gui::state::{Choices, ViewContext, watched};
use crate::gui::widgets::note;
use crate::gui::widgets::picture_pace::PicturePace;
use crate::text::{signed, value, whole};

/// The state of the panel's own view.
#[derive(Default)]
pub struct WeightsPanel {
    shown: Option<ShownWeights>,
    texture: Option<WeightPicture>,
    pace: PicturePace,
}

/// Weights as they are shown, kept until others are wanted.
struct ShownWeights {
    frame: Arc<Frame>,
    values: WeightValues,
    /// Of the weights that they are the change since.
    since: Option<u64>,
    table: WeightTable,
}

impl WeightsPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let Some(frame) = cx.frame() else {
            return note::empty(ui, cx, "No weights yet: the first pass through the network is in progress");
        };
        let mut choices = cx.choices.clone();
        let index = layer(cx, frame);
        controls(ui, cx, frame, index, &mut choices);
        match WeightSource::of(cx, frame, cx.choices.inside.weights.values) {
            Ok(source) => self.take(ui, cx, frame, index, &source),
            Err(why) if self.shown.as_ref().is_none_or(|shown| !shown.is_of(cx, frame, index)) => {
                note::empty(ui, cx, why);
                return choose(cx.choices, choices, actions);
            }
            // the last ones stay until the next are there
            Err(_) => {}
        }
        if let Some(shown) = &self.shown {
            note::faint(ui, cx, shown.words());
            views::show(ui, cx, shown, &mut self.texture, &mut choices);
        }
        if choices.inside.synapse != cx.choices.inside.synapse {
            actions.push(WindowAction::OpenPanel(Panel::WeightLine).into());
        }
        choose(cx.choices, choices, actions);
    }

    /// Takes on the weights of the moment, unless those in view are, or were made just now.
    fn take(&mut self, ui: &Ui, cx: ViewContext, frame: &Arc<Frame>, index: usize, source: &WeightSource) {
        let values = cx.choices.inside.weights.values;
        let same = self.shown.as_ref().is_some_and(|shown| shown.is_of(cx, frame, index));
        let known = self.shown.as_ref().is_some_and(|shown| Arc::ptr_eq(&shown.frame, frame));
        if same && (known || self.pace.rests(ui)) {
            return;
        }
        let since = match source {
            WeightSource::Now => None,
            WeightSource::Since(_, update) => Some(*update),
        };
        let table = self.pace.make(|| WeightTable::new(frame, index, source));
        self.shown = Some(ShownWeights { frame: Arc::clone(frame), values, since, table });
        self.texture = self.texture.take().filter(|_| same).map(|old| {
            let layout = old.layout;
            self.pace.make(|| {
                WeightPicture::new(ui.ctx(), &self.shown.as_ref().expect("just made").table, layout, Some(old.texture))
            })
        });
    }
}

impl ShownWeights {
    /// Whether they are what is looked at, at whatever moment of this run.
    fn is_of(&self, cx: ViewContext, frame: &Frame, index: usize) -> bool {
        self.values == cx.choices.inside.weights.values && self.table.layer == index && self.frame.start == frame.start
    }

    /// As in "50 × 50 weights at update 40: mean 0.0012, standard deviation 0.083, largest 0.31".
    fn words(&self) -> String {
        let (mean, deviation) = self.table.moments();
        let number = |x: f64| signed(value(x));
        let of = match self.since {
            None => format!("weights at update {}", whole(self.frame.update)),
            Some(since) => format!("changes from update {} to {}", whole(since), whole(self.frame.update)),
        };
        format!(
            "{} × {} {of}: mean {}, standard deviation {}, largest magnitude {}",
            whole(self.table.filters as u64),
            whole(self.table.inputs as u64),
            number(mean),
            number(deviation),
            number(f64::from(self.table.most()))
        )
    }
}

/// The layer that is looked at: the one that was chosen, or that of the watched neuron.
fn layer(cx: ViewContext, frame: &Frame) -> usize {
    let chosen = cx.choices.inside.weights.layer;
    let chosen = chosen.filter(|index| frame.net.layers.get(*index).is_some_and(|layer| layer.has_weights()));
    chosen.unwrap_or_else(|| watched::neuron(cx.choices, frame).layer)
}

fn controls(ui: &mut Ui, cx: ViewContext, frame: &Frame, index: usize, choices: &mut Choices) {
    let net = &frame.net.layers;
    let chosen = &mut choices.inside.weights;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let combo = ComboBox::from_id_salt("layer of weights").selected_text(layer_name(index, net.len(), net));
        let shown = combo.show_ui(ui, |ui| {
            for (n, _) in net.iter().enumerate().filter(|(_, layer)| layer.has_weights()) {
                let button = ui.selectable_label(n == index, layer_name(n, net.len(), net));
                if button.on_hover_text("Shows the weights into this layer").clicked() {
                    chosen.layer = Some(n);
                }
            }
        });
        let response = shown.response.on_hover_text("The layer whose incoming weights are shown");
        response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Layer of the weights"));
        for (values, name, hint) in [
            (WeightValues::Now, "Now", "The weights as they are"),
            (WeightValues::Last, "Last change", "What the last update changed"),
            (WeightValues::Start, "Change since start", "What changed since the run began"),
        ] {
            if ui.add(Button::selectable(chosen.values == values, name)).on_hover_text(hint).clicked() {
                chosen.values = values;
            }
        }
        ui.separator();
        for (view, name, hint) in [
            (WeightsView::Matrix, "Matrix", "Neurons from above, their inputs to the right"),
            (
                WeightsView::Fields,
                "Images",
                "For each neuron an image of what it looks for; where its inputs are an image",
            ),
            (WeightsView::Histogram, "Histogram", "How many weights have which value"),
            (
                WeightsView::Largest,
                "Largest",
                "The weights of the largest magnitude, or those that moved most, in a list",
            ),
        ] {
            if ui.add(Button::selectable(chosen.view == view, name)).on_hover_text(hint).clicked() {
                chosen.view = view;
            }
        }
    });
    note::caption(ui, cx, "Click a weight to pick it: \"Along a weight\" then turns it");
}
