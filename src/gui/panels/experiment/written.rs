//! Settings that are written as text: shapes next to their name, paths and layers on a line of their own. Layers are
//! checked as they are typed; what was written is taken on when the field is left.

use std::collections::HashMap;

use egui::{RichText, TextEdit, Ui};

use super::controls::Wanted;
use super::number::CONTROL;
use crate::gui::action::{Action, PathSlot, TaskAction};
use crate::gui::state::ViewContext;
use crate::gui::theme;
use crate::snn::text::{layer_at, parse_hidden};
use crate::text;
use crate::train::Settings;
use crate::train::settings::{Field, Value, ValueKind};

/// Width of the button next to a path.
const BROWSE: f32 = 26.0;

/// Whether a field needs the whole width.
pub(super) fn wide(kind: &ValueKind) -> bool {
    matches!(kind, ValueKind::Layers { .. } | ValueKind::Path)
}

/// By key: text that is being edited.
#[derive(Default)]
pub(super) struct WrittenSettings(HashMap<&'static str, String>);

impl WrittenSettings {
    /// A text field. `Some(Err(…))`: why what was written cannot be, as a whole sentence.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        cx: ViewContext,
        field: &'static Field,
        name: egui::Id,
        actions: &mut Vec<Action>,
    ) -> Wanted {
        let shown = match field.kind {
            ValueKind::Layers { .. } => cx.form.settings().network_text(),
            _ => field.get(cx.form.settings()).to_text(),
        };
        let text = self.0.entry(field.key).or_insert_with(|| shown.clone());
        let is_path = matches!(field.kind, ValueKind::Path);
        let width = match (wide(&field.kind), is_path) {
            (false, _) => CONTROL - 8.0,
            (_, true) => ui.available_width() - BROWSE - ui.spacing().item_spacing.x - 8.0,
            (_, false) => ui.available_width() - 8.0,
        };
        let (response, named) = ui
            .horizontal(|ui| {
                let response = ui.add(TextEdit::singleline(text).desired_width(width).hint_text("none"));
                let named = is_path && browse(ui, field);
                (response.labelled_by(name), named)
            })
            .inner;
        if named {
            let kind = cx.form.settings().task.kind;
            actions.push(TaskAction::Browse(PathSlot::Form(kind, field.key == "task.target")).into());
        }
        if response.has_focus() && matches!(field.kind, ValueKind::Layers { .. }) {
            let (text, colour) = match verdict(cx.form.settings(), field, text) {
                Ok(parameters) => (format!("{} parameters", text::whole(parameters as u64)), cx.theme.faint),
                Err(problem) => (problem, cx.theme.warning),
            };
            ui.label(RichText::new(text).font(theme::small()).color(colour));
        }
        if response.lost_focus() && *text != shown {
            let written = std::mem::replace(text, shown);
            let value = Value::parse(&field.kind, &written);
            return Some(value.ok_or_else(|| match field.kind {
                ValueKind::Layers { .. } => verdict(cx.form.settings(), field, &written).err().unwrap_or_default(),
                _ => field.refuse(&written).message,
            }));
        }
        if !response.has_focus() {
            *text = shown;
        }
        None
    }
}

fn browse(ui: &mut Ui, field: &Field) -> bool {
    let button = ui.add(egui::Button::new("…").min_size(egui::vec2(BROWSE, 20.0)));
    let name = format!("Browse for {}", field.label.to_lowercase());
    button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    button.on_hover_text("Opens the system's file dialog, if there is one").clicked()
}

/// The number of parameters of the network with these layers, or what is wrong with them and at which character.
fn verdict(form: &Settings, field: &Field, text: &str) -> Result<usize, String> {
    let place = |at: usize, sentence: &str| format!("At character {at}: {sentence}.");
    let hidden = parse_hidden(text).map_err(|e| place(e.at, &e.sentence))?;
    let mut settings = form.clone();
    field.set(&mut settings, Value::Layers(hidden)).map_err(|problem| problem.message)?;
    match settings.network() {
        Ok(net) => Ok(net.parameter_count()),
        Err(misfit) => Err(place(misfit.layer.map_or(1, |layer| layer_at(text, layer)), &misfit.sentence)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spike::Shape;
    use crate::train::settings::field;

    fn verdict_of(form: &Settings, text: &str) -> Result<usize, String> {
        verdict(form, field("network.hidden").unwrap(), text)
    }

    #[test]
    fn layers_are_judged_while_they_are_typed() {
        let mut form = Settings::default();
        assert_eq!(verdict_of(&form, "fc50"), Ok(50 * 50 + 50 + 50 * 5 + 5));
        assert_eq!(verdict_of(&form, "50 - fc50 - fc5"), verdict_of(&form, "50"));
        let wrong = verdict_of(&form, "fc50 - relu").unwrap_err();
        assert!(wrong.starts_with("At character 8: `relu` is no layer"), "{wrong}");
        form.task.inputs = Shape::Grid([2, 8, 8]);
        let wrong = verdict_of(&form, "conv3k3 - avg9 - flatten").unwrap_err();
        assert!(wrong.starts_with("At character 11:"), "{wrong}");
        let wrong = verdict_of(&form, "2x8x8 - conv3k3 - avg9 - flatten - fc5").unwrap_err();
        assert!(wrong.starts_with("At character 19:"), "{wrong}");
    }
}
