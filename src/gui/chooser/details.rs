//! The fields below the cards that a kind needs, and what to know about them.

use egui::{
    ComboBox, DragValue, Key, Layout, Rect, Response, RichText, ScrollArea, Sense, Slider, Stroke, StrokeKind,
    TextEdit, TextureHandle, TextureOptions, Ui, vec2,
};

use super::preview::{NamedPicture, PicturePreview};
use super::{Chooser, needs};
use crate::gui::action::{Action, PathSlot, TaskAction};
use crate::gui::state::{OpeningState, ViewContext};
use crate::gui::theme;
use crate::gui::widgets::note;
use crate::spike::Shape;
use crate::task::picture::{MOST_OUTPUTS, MOST_STEPS, Threshold};
use crate::task::{TaskKind, TaskSettings, TimeUnit, images, nmnist};
use crate::text;
use crate::train::settings::fields::MOST;

/// Height of this part, so that the sheet does not jump from card to card.
const HEIGHT: f32 = 190.0;
/// Width of the labels.
const LABEL: f32 = 84.0;
/// Room between fields and explanation.
const GAP: f32 = 20.0;

impl Chooser {
    /// Draws fields and explanation; true where the user pressed Enter in a field.
    pub(super) fn details(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) -> bool {
        let mut entered = false;
        ui.allocate_ui_with_layout(vec2(ui.available_width(), HEIGHT), Layout::left_to_right(egui::Align::Min), |ui| {
            ui.set_min_height(HEIGHT);
            if self.kind.made() {
                ui.vertical(|ui| ui.label(needs::about(self.kind)));
                return;
            }
            let fields = (0.54 * (ui.available_width() - GAP)).floor();
            ui.allocate_ui(vec2(fields, HEIGHT), |ui| {
                ui.vertical(|ui| {
                    ui.set_width(fields);
                    entered = self.fields(ui, cx, actions);
                    self.refusal(ui, cx);
                });
            });
            ui.add_space(GAP - 6.0);
            ui.vertical(|ui| match self.kind {
                TaskKind::Picture => self.preview(ui, cx),
                kind => {
                    ScrollArea::vertical().id_salt("about").show(ui, |ui| explanation(ui, cx, kind));
                }
            });
        });
        entered
    }

    fn fields(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) -> bool {
        let kind = self.kind;
        let task = &mut self.wanted_mut(kind).task;
        match kind {
            TaskKind::Images | TaskKind::Nmnist => {
                let field = path(ui, "Folder", &mut task.data, PathSlot::Chooser(kind, false), actions);
                entered(ui, &field)
            }
            TaskKind::Own => {
                path(ui, "Input file", &mut task.data, PathSlot::Chooser(kind, false), actions);
                path(ui, "Target file", &mut task.target, PathSlot::Chooser(kind, true), actions)
                    .on_hover_text("Leave empty for a labelled set, whose classes are in the input file");
                times(ui, task);
                false
            }
            TaskKind::Picture => {
                let field = path(ui, "Picture", &mut task.target, PathSlot::Chooser(kind, true), actions);
                let target = task.target.clone();
                threshold(ui, task);
                inputs(ui, task);
                let limits = format!(
                    "Each column is a step, each row an output; at most {} × {} pixels, PNG or JPEG",
                    text::whole(MOST_STEPS as u64),
                    text::whole(MOST_OUTPUTS as u64)
                );
                ui.label(RichText::new(limits).font(theme::small()).color(cx.theme.faint));
                if !field.has_focus() && self.picture.path() != target {
                    self.picture = if target.trim().is_empty() {
                        NamedPicture::None
                    } else {
                        actions.push(TaskAction::ReadPicture(target.clone()).into());
                        NamedPicture::Reading(target)
                    };
                }
                false
            }
            TaskKind::Trains | TaskKind::Digits | TaskKind::YinYang => false,
        }
    }

    /// Why what was started last could not be, where its card is chosen.
    fn refusal(&self, ui: &mut Ui, cx: ViewContext) {
        let OpeningState::Refused(why) = cx.opening else { return };
        if self.tried == Some(self.kind) {
            ui.add_space(4.0);
            let scroll = ScrollArea::vertical().id_salt("refusal").max_height(ui.available_height().max(40.0));
            scroll.show(ui, |ui| {
                ui.add(egui::Label::new(RichText::new(why).font(theme::small()).color(cx.theme.warning)).wrap())
            });
        }
    }

    /// The target that the picture would be.
    fn preview(&mut self, ui: &mut Ui, cx: ViewContext) {
        let size = vec2(ui.available_width(), HEIGHT - 40.0);
        let (area, _) = ui.allocate_exact_size(size, Sense::hover());
        ui.painter().rect(area, 3.0, cx.theme.ground, Stroke::new(1.0, cx.theme.line), StrokeKind::Inside);
        let say = |ui: &Ui, text: &str| {
            let galley = ui.painter().layout(text.to_owned(), theme::small(), cx.theme.faint, area.width() - 24.0);
            ui.painter().galley(area.center() - galley.size() / 2.0, galley, cx.theme.faint);
        };
        let threshold = self.wanted(TaskKind::Picture).task.picture_threshold();
        match &mut self.picture {
            NamedPicture::None => say(ui, "The picture appears here as target spikes"),
            NamedPicture::Reading(_) => say(ui, "Reading the picture…"),
            NamedPicture::Read { result: Err(problem), .. } => {
                say(ui, "No picture");
                note::warning(ui, cx, problem, theme::SMALL);
            }
            NamedPicture::Read { result: Ok(preview), shown, .. } => {
                let texture = texture(ui, cx, preview, threshold, shown);
                let [steps, outputs] = preview.size.map(|n| n as f32);
                let scale = (area.size() - vec2(8.0, 8.0)) / vec2(steps, outputs);
                let rect = Rect::from_center_size(area.center(), vec2(steps, outputs) * scale.min_elem());
                let all = Rect::from_min_max(egui::Pos2::ZERO, egui::pos2(1.0, 1.0));
                ui.painter().image(texture, rect, all, egui::Color32::WHITE);
                let [steps, outputs] = preview.size.map(|n| text::whole(n as u64));
                let spikes = preview.spikes(threshold);
                let share = 100.0 * spikes as f64 / preview.places().max(1) as f64;
                ui.label(format!("{steps} steps × {outputs} outputs"));
                let spikes = format!("{} spikes, {share:.1} % of all positions", text::whole(spikes as u64));
                ui.label(RichText::new(spikes).color(cx.theme.faint));
            }
        }
    }
}

/// The picture's texture, made again where threshold or theme changed.
fn texture(
    ui: &Ui,
    cx: ViewContext,
    preview: &PicturePreview,
    threshold: Threshold,
    shown: &mut Option<(Threshold, bool, TextureHandle)>,
) -> egui::TextureId {
    let key = (threshold, cx.theme.dark);
    match shown {
        Some((of, dark, texture)) if (*of, *dark) == key => texture.id(),
        _ => {
            // spikes are dark on light in both themes, as in the picture itself
            let image = preview.image(threshold, egui::Color32::from_gray(20), egui::Color32::from_gray(245));
            let texture = ui.load_texture("picture preview", image, TextureOptions::NEAREST);
            let id = texture.id();
            *shown = Some((key.0, key.1, texture));
            id
        }
    }
}

/// A line: a label of fixed width, and what follows it.
fn line<R>(ui: &mut Ui, label: &str, add: impl FnOnce(&mut Ui, &Response) -> R) -> R {
    ui.horizontal(|ui| {
        let name = ui.allocate_ui_with_layout(vec2(LABEL, 20.0), Layout::left_to_right(egui::Align::Center), |ui| {
            ui.set_min_size(vec2(LABEL, 20.0));
            ui.label(label)
        });
        add(ui, &name.inner)
    })
    .inner
}

/// A path with its Browse button.
fn path(ui: &mut Ui, label: &str, text: &mut String, slot: PathSlot, actions: &mut Vec<Action>) -> Response {
    line(ui, label, |ui, name| {
        let width = ui.available_width() - 78.0;
        let field = ui.add(TextEdit::singleline(text).desired_width(width)).labelled_by(name.id);
        let browse = ui.button("Browse…").on_hover_text("Opens the system's file dialog, if there is one");
        if browse.clicked() {
            actions.push(TaskAction::Browse(slot).into());
        }
        field
    })
}

fn entered(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter))
}

/// The time unit of the user's own files, and how long a sample is.
fn times(ui: &mut Ui, task: &mut TaskSettings) {
    line(ui, "Times are in", |ui, name| {
        let shown = if task.time_unit == TimeUnit::Ms { "ms" } else { "steps" };
        let combo = ComboBox::from_id_salt("time unit").selected_text(shown).width(70.0).show_ui(ui, |ui| {
            ui.selectable_value(&mut task.time_unit, TimeUnit::Steps, "steps").on_hover_text("Whole steps, from 0");
            let hint = "Milliseconds; a spike belongs to the step that it falls into";
            ui.selectable_value(&mut task.time_unit, TimeUnit::Ms, "ms").on_hover_text(hint);
        });
        combo.response.labelled_by(name.id);
        if task.time_unit == TimeUnit::Ms {
            let name = ui.label("a step has");
            let drag = DragValue::new(&mut task.dt_ms).range(0.001..=1000.0).speed(0.01).suffix(" ms");
            ui.add(drag).labelled_by(name.id).on_hover_text("Duration of a time step in milliseconds");
        }
    });
    line(ui, "Length", |ui, name| {
        let drag = DragValue::new(&mut task.steps).range(1..=MOST as usize).suffix(" steps");
        ui.add(drag)
            .labelled_by(name.id)
            .on_hover_text("Number of steps in a sample; no spike may come after the last step");
    });
}

fn threshold(ui: &mut Ui, task: &mut TaskSettings) {
    line(ui, "Grey threshold", |ui, name| {
        ui.spacing_mut().slider_width = (ui.available_width() - 150.0).max(60.0);
        let slider = ui.add(Slider::new(&mut task.grey_threshold, 0..=255)).labelled_by(name.id);
        slider.on_hover_text("Pixels darker than this grey value become target spikes");
        let hint = "Makes the light pixels the spikes, for pictures that are light on dark";
        ui.checkbox(&mut task.invert, "Invert").on_hover_text(hint);
    });
}

fn inputs(ui: &mut Ui, task: &mut TaskSettings) {
    line(ui, "Inputs", |ui, name| {
        let mut inputs = task.inputs.units();
        let drag = DragValue::new(&mut inputs).range(1..=MOST as usize);
        let hint = "Number of random inputs; more of them make the picture easier to draw";
        if ui.add(drag).labelled_by(name.id).on_hover_text(hint).changed() {
            task.inputs = Shape::Flat(inputs);
        }
        let name = ui.label("spiking at a rate of");
        let drag = DragValue::new(&mut task.rate).range(0.0..=1.0).speed(0.002).max_decimals(3);
        ui.add(drag).labelled_by(name.id).on_hover_text("Probability that an input spikes in a given step");
        ui.label("per step");
    });
}

/// The files that are looked for, and where one gets them.
fn explanation(ui: &mut Ui, cx: ViewContext, kind: TaskKind) {
    let faint = |text: &str| RichText::new(text).font(theme::small()).color(cx.theme.faint);
    let code = |text: &str| RichText::new(text).font(egui::FontId::monospace(theme::SMALL));
    ui.label(needs::about(kind));
    ui.add_space(4.0);
    ui.spacing_mut().item_spacing.y = 2.0;
    match kind {
        TaskKind::Images => {
            ui.label(faint("Files that are looked for, with or without .gz:"));
            for name in ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] {
                ui.label(code(name));
            }
            for name in ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"] {
                ui.label(code(name));
            }
            ui.label(faint("(also with a dot before idx, and EMNIST under its own names)"));
            sources(ui, cx, &images::SOURCES);
        }
        TaskKind::Nmnist => {
            ui.label(faint("The folder that contains both parts, unpacked:"));
            ui.label(code("Train/0/*.bin to Train/9/*.bin"));
            ui.label(code("Test/0/*.bin  to Test/9/*.bin"));
            sources(ui, cx, &nmnist::SOURCES);
        }
        TaskKind::Own => {
            for (form, what) in OWN_FORMS {
                ui.label(code(form));
                ui.label(faint(what));
                ui.add_space(2.0);
            }
        }
        _ => {}
    }
}

/// The formats of files with the user's own spike trains.
const OWN_FORMS: [(&str, &str); 4] = [
    (".csv: neuron, time", "one spike per line, one sample; a header with these two names may change their order"),
    (".npz: input, target", "zeros and ones, [time, neurons] or [samples, time, neurons]; both may be in one file"),
    (
        ".npz: input_times, input_units, input_offsets",
        "sample i has the spikes from offsets[i] up to offsets[i + 1]; likewise with target_",
    ),
    (".npz: times, units, offsets, labels", "a labelled set: leave the target file empty"),
];

fn sources(ui: &mut Ui, cx: ViewContext, sources: &[(&str, &str)]) {
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("Download them from").font(theme::small()).color(cx.theme.faint));
        for (name, address) in sources {
            ui.hyperlink_to(RichText::new(*name).font(theme::small()), address).on_hover_text(*address);
        }
    });
}
