//! What the last update promised each spike, and what came of it.
//!
//! [`model`] puts it into words and places, `scatter` draws all spikes of a layer, `table` lists those of the neuron.

pub mod model;
mod scatter;
mod table;

use egui::{Button, ComboBox, RichText, ScrollArea, Ui};

use self::scatter::PromiseScatter;
use crate::engine::InsideUpdate;
use crate::explain::LayerPromise;
use crate::gui::action::{Action, choose};
use crate::gui::names::layer_name;
use crate::gui::state::{ViewContext, watched};
use crate::gui::widgets::note;
use crate::text::whole;

/// The panel keeps nothing of its own.
#[derive(Default)]
pub struct PromisesPanel;

/// Room for the table of the neuron's spikes.
const TABLE: f32 = 84.0;
/// A panel lower than this is low.
const LOW: f32 = 260.0;

impl PromisesPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let Some(update) = cx.inside.moment.shown().and_then(|view| view.known_update()) else {
            return note::empty(ui, cx, &nothing(cx));
        };
        let neuron = watched::neuron(cx.choices, &update.at.frame);
        let wanted = cx.choices.inside.layer.unwrap_or(neuron.layer);
        let layers = &update.promise.layers;
        let Some(layer) = layers.iter().find(|layer| layer.index == wanted).or(layers.last()) else { return };
        self.header(ui, cx, update, layer, actions);
        ui.add(egui::Label::new(model::sentence(cx, update)).wrap());
        let counts = RichText::new(model::counts(layer)).font(crate::gui::theme::small()).color(cx.theme.faint);
        // in a low panel the picture has the room; what is cut off is in the tooltip
        let label = egui::Label::new(counts);
        ui.add(if ui.available_height() < LOW { label.truncate() } else { label.wrap() });
        let room = ui.available_height();
        let shown = scatter::Shown { update, layer, neuron };
        PromiseScatter { cx, shown }.show(ui, (room - TABLE).max(room * 0.55), actions);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| table::show(ui, cx, update, neuron, actions));
    }

    fn header(
        &self,
        ui: &mut Ui,
        cx: ViewContext,
        update: &InsideUpdate,
        layer: &LayerPromise,
        actions: &mut Vec<Action>,
    ) {
        let mut choices = cx.choices.clone();
        ui.horizontal_wrapped(|ui| {
            ui.label(format!("Update {} by {}", whole(update.at.frame.update), update.rule.label()));
            let net = &update.at.frame.net.layers;
            let name = |index: usize| layer_name(index, net.len(), net);
            let combo = ComboBox::from_id_salt("layer of promises").selected_text(name(layer.index));
            let shown = combo.show_ui(ui, |ui| {
                for one in &update.promise.layers {
                    let button = ui.selectable_label(one.index == layer.index, name(one.index));
                    if button.on_hover_text("Shows the spikes of this layer").clicked() {
                        choices.inside.layer = Some(one.index);
                    }
                }
            });
            let response = shown.response.on_hover_text("The layer whose spikes are shown");
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Layer of the promises"));
            for (alone, name, hint) in [
                (true, "By its weights", "Shifts by the layer's own new weights alone: what the promise is about"),
                (false, "In total", "Shifts by its weights and by what came in, together"),
            ] {
                let button = Button::selectable(choices.inside.alone == alone, name);
                if ui.add(button).on_hover_text(hint).clicked() {
                    choices.inside.alone = alone;
                }
            }
            if let Some((done, of)) = cx.inside.replayed {
                note::faint(ui, cx, format!("replaying: {} of {}", whole(done), whole(of)));
            }
        });
        choose(cx.choices, choices, actions);
    }
}

/// Why there is nothing to see yet.
fn nothing(cx: ViewContext) -> String {
    let updated = cx.frame().is_some_and(|frame| frame.update > cx.run.oldest);
    match (cx.inside.moment.problem(), cx.inside.replayed) {
        (Some(problem), _) => problem.to_owned(),
        (None, Some((done, of))) => format!("Replaying the last update: {} of {} updates", whole(done), whole(of)),
        (None, None) if updated => "The last update is being replayed".to_owned(),
        (None, None) => "No update yet: press Step to see what one promises and what comes of it".to_owned(),
    }
}
