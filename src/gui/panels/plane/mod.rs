//! The panel that says which plane is looked at: directions, centre, range, points, and whose loss it is.

mod weights;

use egui::{ComboBox, DragValue, Label, RichText, Role, ScrollArea, TextEdit, Ui, WidgetInfo};

use self::weights::WeightView;
use crate::gui::action::{Action, LandscapeAction, choose};
use crate::gui::state::ViewContext;
use crate::gui::state::landscape_choices::{CentreChoice, LandscapeChoices, NO_WEIGHT, OverChoice, PlaneChoice};
use crate::gui::theme::small;
use crate::gui::widgets::{note, plane_controls};
use crate::landscape::WeightAt;
use crate::rule::Rule;
use crate::text::whole;

/// The state of the panel's own view.
#[derive(Default)]
pub struct PlaneFormPanel {
    /// Which of the two weights a click in the weight view picks; none where the view is closed.
    picks: Option<usize>,
    view: WeightView,
}

/// Points along each side.
const POINTS: [usize; 7] = [11, 21, 31, 51, 101, 151, 201];
const CAPTION: &str = "A plane through weight space";

impl PlaneFormPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        note::caption(ui, cx, CAPTION);
        let mut choices = cx.choices.clone();
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let chosen = &mut choices.landscape;
            self.directions(ui, cx, chosen);
            centre(ui, cx, chosen, actions);
            over(ui, cx, chosen);
            grid(ui, cx, chosen);
            ui.separator();
            explain(ui, cx, chosen.plane.hint());
            explain(ui, cx, NEXT);
        });
        choose(cx.choices, choices, actions);
    }

    /// The two directions.
    fn directions(&mut self, ui: &mut Ui, cx: ViewContext, chosen: &mut LandscapeChoices) {
        let hint = "The two directions along which the weights are varied";
        combo(ui, "Directions", hint, chosen.plane.title(), |ui| {
            for plane in PlaneChoice::ALL {
                ui.selectable_value(&mut chosen.plane, plane, plane.title()).on_hover_text(plane.hint());
            }
        });
        match chosen.plane {
            PlaneChoice::Gradient => gradient(ui, chosen),
            PlaneChoice::Weights => self.weights(ui, cx, chosen),
            PlaneChoice::Moments => {
                let last = cx.run.update();
                let hint = "A moment of this run by its number of updates: the last remembered one up to that number";
                moment(ui, "From update", hint, &mut chosen.moments[0], last);
                moment(ui, "Through update", hint, &mut chosen.moments[1], last);
                if let Some(note) = unreached(chosen.moments, last) {
                    ui.label(RichText::new(note).font(small()).color(cx.theme.faint));
                }
            }
            PlaneChoice::Random | PlaneChoice::Path => {}
        }
        if chosen.plane.is_drawn(chosen.second) {
            ui.horizontal_wrapped(|ui| {
                let drag = DragValue::new(&mut chosen.seed).speed(0.05).prefix("seed ").update_while_editing(false);
                let drag = ui.add(drag).on_hover_text("The seed from which the random directions are drawn");
                drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Seed of the directions"));
                plane_controls::new_directions(ui, chosen, true);
            });
        }
    }

    /// Two weights, by name or by a click.
    fn weights(&mut self, ui: &mut Ui, cx: ViewContext, chosen: &mut LandscapeChoices) {
        let net = cx.frame().map(|frame| &frame.net);
        for (n, name) in ["Weight 1", "Weight 2"].into_iter().enumerate() {
            row(ui, name, NO_WEIGHT, |ui| {
                let text = &mut chosen.weights[n];
                let edit = ui.add(TextEdit::singleline(text).desired_width(72.0)).on_hover_text(NO_WEIGHT);
                edit.widget_info(|| {
                    let label = Some(name.to_owned());
                    WidgetInfo { label, ..WidgetInfo::text_edit(true, text.as_str(), text.as_str(), "0/0/0") }
                });
                let picks = self.picks == Some(n);
                let hint = "Shows the weights of a layer as a picture; click one to pick it";
                let pick = ui.selectable_label(picks, "Pick").on_hover_text(hint);
                pick.widget_info(|| {
                    WidgetInfo::selected(Role::Button, true, picks, format!("Pick {}", name.to_lowercase()))
                });
                if pick.clicked() {
                    self.picks = (!picks).then_some(n);
                }
            });
            let read = WeightAt::parse(&chosen.weights[n]);
            let problem = match (read, net) {
                (None, _) => Some(NO_WEIGHT.to_owned()),
                (Some(weight), Some(net)) if weight.place(net).is_none() => {
                    Some(format!("The network has no weight {weight}."))
                }
                _ => None,
            };
            if let Some(problem) = problem {
                note::problem(ui, cx, &problem);
            }
        }
        if let (Some(n), Some(frame)) = (self.picks, cx.frame()) {
            let picked = std::array::from_fn(|k| WeightAt::parse(&chosen.weights[k]));
            if let Some(weight) = self.view.show(ui, cx, frame, picked) {
                chosen.weights[n] = weight.to_string();
                // the other one is next
                self.picks = if n == 0 { Some(1) } else { None };
            }
        }
    }
}

/// A hint at the next step, for those who do not know.
const NEXT: &str = "Next, point at a cell of the landscape and click to pin it. \"At a point\" shows which spikes \
                    change there, \"What the rules see\" how the three rules compare.";

fn gradient(ui: &mut Ui, chosen: &mut LandscapeChoices) {
    combo(
        ui,
        "Gradient of",
        "The first direction: the gradient of this rule at the centre, uphill",
        chosen.first.label(),
        |ui| {
            for rule in Rule::ALL {
                ui.selectable_value(&mut chosen.first, rule, rule.label());
            }
        },
    );
    let second = chosen.second.map_or("a random direction", Rule::label);
    combo(ui, "Second direction", "The second direction, orthogonal to the first", second, |ui| {
        ui.selectable_value(&mut chosen.second, None, "a random direction");
        for rule in Rule::ALL {
            ui.selectable_value(&mut chosen.second, Some(rule), rule.label());
        }
    });
    if chosen.second == Some(chosen.first) {
        chosen.second = None;
    }
}

/// The centre of the plane.
fn centre(ui: &mut Ui, cx: ViewContext, chosen: &mut LandscapeChoices, actions: &mut Vec<Action>) {
    if chosen.plane == PlaneChoice::Moments {
        return;
    }
    let fixed = cx.landscape.fixed.as_ref().map(|(update, _)| *update);
    let text = match chosen.centre {
        CentreChoice::Now => "the current weights",
        CentreChoice::Moment(_) => "a moment",
        CentreChoice::Fixed => "fixed",
    };
    combo(ui, "Centre", "The weights at the centre of the plane", text, |ui| {
        let now = ui.selectable_value(&mut chosen.centre, CentreChoice::Now, "the current weights");
        now.on_hover_text("The centre follows the run");
        let moment = matches!(chosen.centre, CentreChoice::Moment(_));
        let hint = "The weights after a given number of updates of this run";
        if ui.selectable_label(moment, "a moment").on_hover_text(hint).clicked() {
            chosen.centre = CentreChoice::Moment(cx.run.update());
        }
        let hint = "The current weights stay at the centre while the run continues or starts again";
        ui.selectable_value(&mut chosen.centre, CentreChoice::Fixed, "fixed").on_hover_text(hint);
    });
    match &mut chosen.centre {
        CentreChoice::Now => {}
        CentreChoice::Moment(update) => {
            let hint = "Any moment of this run by its number of updates; one that is not remembered is replayed first";
            moment(ui, "At update", hint, update, cx.run.update());
        }
        CentreChoice::Fixed => {
            ui.horizontal(|ui| {
                let text = fixed.map_or(String::new(), |update| format!("as after update {}", whole(update)));
                ui.label(RichText::new(text).font(small()).color(cx.theme.faint));
                let hint = "Makes the current weights the centre";
                if ui.button("Fix again").on_hover_text(hint).clicked() {
                    actions.push(LandscapeAction::FixCentre.into());
                }
            });
        }
    }
}

/// Whose loss it is.
fn over(ui: &mut Ui, cx: ViewContext, chosen: &mut LandscapeChoices) {
    combo(ui, "Loss of", "The samples over which the loss is taken", chosen.over.title(), |ui| {
        for over in OverChoice::ALL {
            let there = over.part().is_none_or(|part| cx.frame().is_some_and(|f| f.task.len(part) > 0));
            ui.add_enabled_ui(there, |ui| ui.selectable_value(&mut chosen.over, over, over.title()));
        }
    });
    if chosen.over.part().is_some() {
        row(ui, "At most", "The first samples of the set, at most this many", |ui| {
            let drag = DragValue::new(&mut chosen.samples).range(1..=100_000).speed(0.5).suffix(" samples");
            let drag = ui.add(drag.update_while_editing(false));
            drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, "Maximum number of samples"));
        });
    }
}

/// How far, and how finely.
fn grid(ui: &mut Ui, cx: ViewContext, chosen: &mut LandscapeChoices) {
    row(ui, "Range", "How far the grid reaches along both directions", |ui| plane_controls::range(ui, chosen));
    let text = |n: usize| format!("{n} × {n}");
    combo(ui, "Points", "More points show finer cliffs but take longer", &text(chosen.points), |ui| {
        for points in POINTS {
            ui.selectable_value(&mut chosen.points, points, text(points));
        }
    });
    let hint = "Draws the paths of earlier runs on the same plane, dashed. Fix the centre to keep the plane.";
    ui.add_enabled(cx.frame().is_some(), egui::Checkbox::new(&mut chosen.earlier, "Earlier runs")).on_hover_text(hint);
}

fn moment(ui: &mut Ui, name: &str, hint: &str, update: &mut u64, last: u64) {
    row(ui, name, hint, |ui| {
        // a moment that this run has not reached yet stays as it was chosen
        let drag = DragValue::new(update).range(0..=last.max(1)).clamp_existing_to_range(false);
        let drag = drag.speed(1.0).update_while_editing(false);
        let drag = ui.add(drag).on_hover_text(hint);
        drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
    });
}

/// Why the plane does not go through the two moments as chosen, in a run that is at update `last`.
fn unreached([from, to]: [u64; 2], last: u64) -> Option<String> {
    if from == to {
        return Some("Both moments are the same: choose two different ones.".into());
    }
    let beyond = from.max(to);
    (beyond > last).then(|| {
        let (beyond, last) = (whole(beyond), whole(last));
        format!("This run is at update {last}: until it gets to {beyond}, its newest moment stands for it.")
    })
}

/// A name with what belongs to it at the right.
fn row(ui: &mut Ui, name: &str, hint: &str, add: impl FnOnce(&mut Ui)) {
    let below = ui.horizontal(|ui| {
        let layout = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(egui::vec2(NAME, 20.0), layout, |ui| {
            ui.set_min_width(NAME);
            ui.add(Label::new(name).truncate()).on_hover_text(hint);
        });
        if ui.available_width() >= LEAST_CONTROL {
            add(ui);
            return None;
        }
        Some(add)
    });
    if let Some(add) = below.inner {
        ui.horizontal(add);
    }
}

/// A control with less room stands below its name.
const LEAST_CONTROL: f32 = 96.0;
const NAME: f32 = 70.0;

fn combo(ui: &mut Ui, name: &str, hint: &str, text: &str, add: impl FnOnce(&mut Ui)) {
    row(ui, name, hint, |ui| {
        let width = (ui.available_width() - 4.0).clamp(40.0, 200.0);
        let combo = ComboBox::from_id_salt(name).width(width).truncate().selected_text(text).show_ui(ui, add);
        combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, name));
        combo.response.on_hover_text(hint);
    });
}

fn explain(ui: &mut Ui, cx: ViewContext, text: &str) {
    if cx.choices.captions {
        ui.add_space(2.0);
        ui.label(RichText::new(text).font(small()).color(cx.theme.faint));
    }
}
