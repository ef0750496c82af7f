//! The row above the samples: which of them, in which order, and how far their answers are.

use egui::{ComboBox, RichText, Role, Ui, WidgetInfo};

use super::model::{self, SampleOrder};
use super::scene::SamplesScene;
use crate::gui::action::{Action, EvaluationAction, choose};
use crate::gui::names::class_name;
use crate::gui::widgets::progress::{AskButton, ask_or_stop, status};
use crate::task::Split;
use crate::text::whole;

pub fn show(
    ui: &mut Ui,
    scene: SamplesScene,
    order: &mut SampleOrder,
    label: &mut Option<usize>,
    actions: &mut Vec<Action>,
) {
    let cx = scene.cx;
    let mut choices = cx.choices.clone();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        for part in Split::ALL {
            let number = scene.frame.task.len(part);
            let hint = match number {
                0 => "This task has no samples in this split".to_owned(),
                n => format!("The {} samples for {}", whole(n as u64), purpose(part)),
            };
            ui.add_enabled_ui(number > 0, |ui| {
                let text = part.label();
                let response = ui.selectable_label(scene.part == part, text);
                response.widget_info(|| WidgetInfo::selected(Role::Button, number > 0, scene.part == part, text));
                let response = response.on_hover_text(&hint).on_disabled_hover_text(&hint);
                if response.clicked() {
                    choices.evaluation.part = part;
                }
            });
        }
        ui.separator();
        evaluate(ui, scene, actions);
        ui.checkbox(&mut choices.evaluation.follow, "Follow").on_hover_text(
            "Evaluates repeatedly while training continues, with pauses as long as the evaluation took. The results \
             shown stay until the next ones are complete.",
        );
        sorting(ui, scene, order, label);
    });
    choose(cx.choices, choices, actions);
    show_status(ui, scene);
}

fn purpose(part: Split) -> &'static str {
    match part {
        Split::Train => "training",
        Split::Validation => "validation",
        Split::Test => "testing",
    }
}

fn evaluate(ui: &mut Ui, scene: SamplesScene, actions: &mut Vec<Action>) {
    let (evaluation, part) = (scene.cx.evaluation, scene.part);
    let stop = "Stops evaluating and keeps the results so far; also switches Follow off, which would start again";
    let ask = match evaluation.update(part).is_some_and(|update| update != scene.cx.run.update()) {
        true => ["Evaluate again", "The run has continued since: classifies these samples with the current weights"],
        false => ["Evaluate", "Classifies these samples with the current weights"],
    };
    match ask_or_stop(ui, 60.0, evaluation.coming().map(|_| stop), true, ask) {
        Some(AskButton::Stop) => actions.push(EvaluationAction::Stop.into()),
        Some(AskButton::Ask) => actions.push(EvaluationAction::Start(part).into()),
        None => {}
    }
}

fn sorting(ui: &mut Ui, scene: SamplesScene, order: &mut SampleOrder, label: &mut Option<usize>) {
    let (task, labelled) = (&scene.frame.task, scene.frame.task.labelled);
    let combo = ComboBox::from_id_salt("order").width(96.0).selected_text(order.name(labelled)).show_ui(ui, |ui| {
        for one in SampleOrder::ALL {
            ui.selectable_value(order, one, one.name(labelled));
        }
    });
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Order of the samples"));
    combo.response.on_hover_text(
        "Order of the samples. Errors first: misclassified samples, the largest loss first; evaluate to know them.",
    );
    if !labelled {
        return;
    }
    let name = |label: Option<usize>| match label {
        None => "All labels".to_owned(),
        Some(class) => class_name(task.settings.kind, class),
    };
    let combo = ComboBox::from_id_salt("label").width(76.0).selected_text(name(*label)).show_ui(ui, |ui| {
        for one in std::iter::once(None).chain((0..task.settings.outputs).map(Some)) {
            ui.selectable_value(label, one, name(one));
        }
    });
    combo.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "Label of the samples"));
    combo.response.on_hover_text("Shows only the samples of one class");
}

/// How far the answers are, or how good, and a thin bar below.
fn show_status(ui: &mut Ui, scene: SamplesScene) {
    let (cx, evaluation) = (scene.cx, scene.cx.evaluation);
    let (text, colour) = match evaluation.problem() {
        Some(problem) => (problem.to_owned(), cx.theme.warning),
        None => {
            let said = (scene.frame.task.labelled, scene.readout);
            (model::status(evaluation, scene.part, cx.run.update(), said), cx.theme.faint)
        }
    };
    let progress = evaluation.coming().map(|(_, progress)| progress);
    let response = status(ui, cx, RichText::new(&text).color(colour), progress);
    response.on_hover_text(match evaluation.problem() {
        Some(_) => &text,
        None => {
            "The update whose weights gave these results, and their accuracy by the readout that the loss trains for"
        }
    });
}
