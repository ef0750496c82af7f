//! How many samples are classified correctly: class against class, and epoch by epoch.

mod epochs;
mod matrix;
mod model;

use egui::{Button, Label, RichText, ScrollArea, Ui, WidgetInfo};

use self::model::AnswerSummary;
use crate::gui::action::{Action, EvaluationAction, choose};
use crate::gui::names::{part_use, readout_hint, readout_name};
use crate::gui::state::ViewContext;
use crate::gui::theme::small;
use crate::gui::widgets::note;
use crate::gui::widgets::progress::{AskButton, ask_or_stop, progress_text, status};
use crate::task::Split;
use crate::text::whole;
use crate::train::Readout;

/// The state of the panel's own view.
#[derive(Default)]
pub struct AccuracyPanel {
    /// Which class counts; `None`: the one that the loss trains for.
    readout: Option<Readout>,
    /// Made of the answers in view; made again when these have changed.
    summary: Option<(u64, AnswerSummary)>,
}

const CAPTION: &str = "Rows: true class. Columns: predicted class";
const NO_CLASSES: &str = "The samples of this task have no classes, so there is no accuracy: choose digits, Yin-Yang \
                          or labelled data as the task";

impl AccuracyPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let Some(frame) = cx.frame().filter(|frame| frame.task.labelled) else {
            return note::empty(ui, cx, NO_CLASSES);
        };
        note::caption(ui, cx, CAPTION);
        let part = cx.choices.evaluation.part_of(&frame.task);
        let wanted = Readout::of(&cx.run.settings.loss);
        self.controls(ui, cx, part, wanted, actions);
        show_status(ui, cx, part);
        if cx.evaluation.answers(part).is_empty() {
            self.summary = None;
        } else if self.summary.as_ref().is_none_or(|(v, s)| *v != cx.evaluation.version() || s.part != part) {
            let classes = frame.task.settings.outputs;
            let summary = AnswerSummary::of(&cx.evaluation.evaluation(part), part, classes, frame.task.settings.kind);
            self.summary = Some((cx.evaluation.version(), summary));
        }
        let readout = self.readout.unwrap_or(wanted);
        ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            if let Some((_, summary)) = &self.summary {
                matrix::show(ui, cx, summary, readout);
                ui.add_space(3.0);
                for line in summary.lines() {
                    ui.add(Label::new(RichText::new(line).font(small()).color(cx.theme.ink)).wrap());
                }
                ui.add_space(4.0);
            }
            epochs::show(ui, cx, readout);
        });
    }

    /// Which samples, which class counts, and what to do.
    fn controls(&mut self, ui: &mut Ui, cx: ViewContext, part: Split, wanted: Readout, actions: &mut Vec<Action>) {
        let Some(frame) = cx.frame() else { return };
        let mut choices = cx.choices.clone();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 3.0;
            for one in Split::ALL {
                let samples = frame.task.len(one);
                let button = Button::selectable(one == part, one.label());
                let hint = match samples {
                    0 => "This task has no such samples".to_owned(),
                    n => format!("The {} samples for {}", whole(n as u64), part_use(one)),
                };
                if ui.add_enabled(samples > 0, button).on_hover_text(&hint).on_disabled_hover_text(hint).clicked() {
                    choices.evaluation.part = one;
                }
            }
            ui.add_space(4.0);
            let readout = self.readout.unwrap_or(wanted);
            for one in [Readout::First, Readout::Count] {
                let also = if one == wanted { ". This is the readout that the loss trains for" } else { "" };
                let button = ui.add(Button::selectable(one == readout, readout_name(one)));
                let name = format!("Class by {}", readout_name(one));
                button.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, one == readout, &name));
                if button.on_hover_text(format!("{}{also}", readout_hint(one))).clicked() {
                    self.readout = (one != wanted).then_some(one);
                }
            }
            ui.add_space(4.0);
            let stop = "Stops and keeps the results shown; also switches Follow off, which would start again";
            let hint = "Classifies these samples with the current weights. Training continues meanwhile.";
            match ask_or_stop(ui, 64.0, cx.evaluation.coming().map(|_| stop), true, ["Evaluate", hint]) {
                Some(AskButton::Stop) => {
                    choices.evaluation.follow = false;
                    actions.push(EvaluationAction::Stop.into());
                }
                Some(AskButton::Ask) => actions.push(EvaluationAction::Start(part).into()),
                None => {}
            }
            ui.checkbox(&mut choices.evaluation.follow, "Follow")
                .on_hover_text("Evaluates repeatedly while training continues and this panel is in front");
        });
        choose(cx.choices, choices, actions);
    }
}

/// How far an evaluation is, or what is in view, and a thin bar below.
fn show_status(ui: &mut Ui, cx: ViewContext, part: Split) {
    let coming = cx.evaluation.coming();
    let text = if let Some((split, progress)) = coming {
        format!("{}: {}", split.label().to_lowercase(), progress_text(progress, "samples"))
    } else if let Some(problem) = cx.evaluation.problem() {
        problem.to_owned()
    } else if let Some(update) = cx.evaluation.update(part) {
        let (known, ago) = (cx.evaluation.answers(part).len(), cx.run.update().saturating_sub(update));
        let ago = if ago > 0 { format!(" ({} ago)", whole(ago)) } else { String::new() };
        let stopped = if cx.evaluation.is_whole(part) { "" } else { "stopped at " };
        format!("network after update {}{ago}; {stopped}{} samples", whole(update), whole(known as u64))
    } else {
        format!("press Evaluate to classify the {} samples", part.label().to_lowercase())
    };
    status(ui, cx, RichText::new(text).color(cx.theme.faint), coming.map(|(_, progress)| progress));
}
