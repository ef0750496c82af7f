//! The samples of the task, and their predicted classes.
//!
//! [`model`] lists them, `paint` makes their pictures, `controls` is what stands above them, `detail` tells all of the
//! sample that is watched.

mod controls;
mod detail;
pub mod model;
mod paint;
mod scene;

use egui::{Align2, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use self::model::{SampleOrder, SampleQuery};
use self::paint::SampleTextures;
use self::scene::SamplesScene;
use crate::engine::gallery::{Gallery, Place};
use crate::gui::action::{Action, SettingsAction, TaskAction};
use crate::gui::state::ViewContext;
use crate::gui::theme::{Palette, small};
use crate::gui::widgets::note;
use crate::gui::widgets::player::TimePlayer;
use crate::task::{Split, TaskKind};
use crate::text::value;
use crate::train::Readout;

/// The state of the panel's own view.
pub struct SamplesPanel {
    order: SampleOrder,
    /// Only samples of this class are shown.
    label: Option<usize>,
    list: Option<SampleList>,
    textures: SampleTextures,
    player: TimePlayer,
}

impl Default for SamplesPanel {
    fn default() -> Self {
        let (order, label, list) = (SampleOrder::default(), None, None);
        Self { order, label, list, textures: SampleTextures::default(), player: TimePlayer::new(20.0) }
    }
}

/// The samples to be shown, made again when what it was made of has changed.
struct SampleList {
    of: (usize, Split, SampleQuery, Option<u64>),
    numbers: Vec<u32>,
}

const CAPTION: &str = "The classes that the network predicts; click a sample to watch it";
/// A tile: its picture and two lines of text.
const PICTURE: f32 = 62.0;
const LINE: f32 = 13.0;
const TILE: egui::Vec2 = vec2(PICTURE + 6.0, PICTURE + 2.0 * LINE + 6.0);
/// In a panel wider than this the detail stands next to the grid.
const WIDE: f32 = 640.0;
/// A panel lower than this shows the grid alone.
const LOW: f32 = 210.0;

impl SamplesPanel {
    /// Whether the samples that the network gets wrong come first.
    pub fn shows_wrong_first(&self) -> bool {
        self.order == SampleOrder::WrongFirst
    }

    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let Some(frame) = cx.frame() else {
            return note::empty(ui, cx, "No samples yet: the task is being opened");
        };
        let part = cx.choices.evaluation.part_of(&frame.task);
        let readout = Readout::of(&cx.run.settings.loss);
        let scene = SamplesScene { cx, frame, part, answers: cx.evaluation.answers(part), readout };
        note::caption(ui, cx, CAPTION);
        self.label = self.label.filter(|l| frame.task.labelled && *l < frame.task.settings.outputs);
        controls::show(ui, scene, &mut self.order, &mut self.label, actions);

        let gallery = match cx.gallery {
            Ok(gallery) => gallery,
            Err(problem) => return note::empty(ui, cx, problem),
        };
        self.textures.begin(cx.theme.dark, paint::issue(&frame.task));
        let settings = &frame.settings.run;
        let watched = (settings.probe_part, settings.probe);
        let mut wanted = vec![watched];

        let numbers = listed(&mut self.list, scene, self.order, self.label);
        let room = ui.available_rect_before_wrap();
        let plays = frame.task.settings.kind == TaskKind::Nmnist;
        let (grid, beside) = divided(room, if plays { detail::PLAYED } else { detail::HEIGHT });
        if numbers.is_empty() {
            ui.scope_builder(UiBuilder::new().max_rect(grid), |ui| {
                note::empty(ui, cx, "No sample in this split has the chosen label");
            });
        } else {
            ui.scope_builder(UiBuilder::new().max_rect(grid), |ui| {
                tiles(ui, scene, numbers, (gallery, &mut self.textures), &mut wanted, actions);
            });
        }
        if let Some(rect) = beside {
            let rule = if rect.left() > grid.left() {
                [rect.left_top() - vec2(5.0, 0.0), rect.left_bottom() - vec2(5.0, 0.0)]
            } else {
                [rect.left_top() - vec2(0.0, 3.0), rect.right_top() - vec2(0.0, 3.0)]
            };
            ui.painter().line_segment(rule, (1.0, cx.theme.line));
            let read = gallery.look(watched);
            ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
                ui.set_clip_rect(rect.intersect(ui.clip_rect()));
                detail::show(ui, scene, watched, read.as_deref(), (&mut self.textures, &mut self.player));
            });
        }
        ui.allocate_rect(room, Sense::hover());
        if !gallery.wants(&wanted) {
            actions.push(TaskAction::ReadSamples(wanted).into());
        }
    }
}

/// The samples to be shown, in their order.
fn listed<'a>(
    kept: &'a mut Option<SampleList>,
    scene: SamplesScene,
    order: SampleOrder,
    label: Option<usize>,
) -> &'a [u32] {
    let (task, part) = (&scene.frame.task, scene.part);
    let wanted = SampleQuery { order, label, readout: scene.readout, labelled: task.labelled };
    // only where the order goes by the answers does it change with them
    let answers = (order == SampleOrder::WrongFirst).then(|| scene.cx.evaluation.version());
    let of = (paint::issue(task), part, wanted, answers);
    if kept.as_ref().is_none_or(|list| list.of != of) {
        let set = task.set(part);
        let numbers = model::list(wanted, set.len(), |i| set.label(i), scene.answers);
        *kept = Some(SampleList { of, numbers });
    }
    kept.as_ref().map_or(&[], |list| &list.numbers)
}

/// Room for the grid, and for the detail where there is enough; below the grid it has some height between these.
fn divided(room: Rect, (least, most): (f32, f32)) -> (Rect, Option<Rect>) {
    if room.width() >= WIDE {
        let x = room.right() - (room.width() * 0.42).min(420.0);
        let detail = room.with_min_x(x);
        return (room.with_max_x(x - 10.0), Some(detail));
    }
    if room.height() < LOW {
        return (room, None);
    }
    // as much as two rows of tiles leave
    let y = room.bottom() - (room.height() - 2.0 * TILE.y - 8.0).clamp(least, most);
    (room.with_max_y(y - 6.0), Some(room.with_min_y(y)))
}

/// The grid, of which only the rows in view are made.
fn tiles(
    ui: &mut Ui,
    scene: SamplesScene,
    numbers: &[u32],
    (gallery, textures): (&Gallery, &mut SampleTextures),
    wanted: &mut Vec<Place>,
    actions: &mut Vec<Action>,
) {
    // room for the scroll bar
    let width = ui.available_width() - 8.0;
    let columns = ((width / TILE.x) as usize).max(1);
    let step = (width / columns as f32).floor().min(TILE.x * 1.5);
    let rows = numbers.len().div_ceil(columns);
    ui.spacing_mut().item_spacing.y = 0.0;
    let area = ScrollArea::vertical().id_salt("samples").auto_shrink(false);
    area.show_rows(ui, TILE.y, rows, |ui, range| {
        for row in range {
            let (rect, _) = ui.allocate_exact_size(vec2(width, TILE.y), Sense::hover());
            let line = numbers[row * columns..].iter().take(columns);
            for (column, &number) in line.enumerate() {
                let left = rect.left() + column as f32 * step + (step - PICTURE) / 2.0;
                let picture = Rect::from_min_size(pos2(left.floor(), rect.top() + 3.0), vec2(PICTURE, PICTURE));
                tile(ui, scene, picture, number as usize, (gallery, textures), wanted, actions);
            }
        }
    });
}

fn tile(
    ui: &mut Ui,
    scene: SamplesScene,
    picture: Rect,
    index: usize,
    (gallery, textures): (&Gallery, &mut SampleTextures),
    wanted: &mut Vec<Place>,
    actions: &mut Vec<Action>,
) {
    let SamplesScene { cx, frame, part, answers, readout } = scene;
    let (theme, task) = (cx.theme, &frame.task);
    let (place, answer) = ((part, index), answers.get(index));
    wanted.push(place);
    let whole = picture.with_max_y(picture.bottom() + 2.0 * LINE);
    let response = ui.interact(whole, ui.scope_id().with(("tile", index)), Sense::click());
    let name = model::sentence(task, place, answer, readout);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));

    let painter = ui.painter();
    let read = gallery.look(place);
    match read.as_deref() {
        Some(Ok(read)) => textures.paint(painter, picture, place, read, theme),
        Some(Err(_)) => paint::broken(painter, picture, theme),
        None => drop(painter.rect_filled(picture, 0.0, theme.line.gamma_multiply(0.4))),
    }
    let run = &cx.form.settings().run;
    let wrong = task.labelled && answer.is_some_and(|a| !model::right(a, readout));
    if wrong {
        paint::wrong(painter, picture, theme);
    }
    if (run.probe_part, run.probe) == place {
        painter.rect_stroke(picture.expand(1.0), 0.0, (2.0, theme.focus), egui::StrokeKind::Outside);
    } else if response.hovered() {
        painter.rect_stroke(picture, 0.0, (1.0, theme.ink), egui::StrokeKind::Outside);
    }
    texts(ui, scene, picture, index, wrong);

    let hint = match read.as_deref() {
        Some(Err(problem)) => problem.clone(),
        _ => format!("{name}. Click to watch it in the raster"),
    };
    if response.on_hover_text(hint).clicked() {
        actions.push(SettingsAction::watch(part, index).into());
    }
}

/// Its class, the predicted class, and the loss.
fn texts(ui: &Ui, scene: SamplesScene, picture: Rect, index: usize, wrong: bool) {
    let SamplesScene { cx, frame, part, answers, readout } = scene;
    let (theme, task): (&Palette, _) = (cx.theme, &frame.task);
    let answer = answers.get(index);
    let painter = ui.painter().with_clip_rect(ui.clip_rect());
    let line = |n: f32| pos2(picture.center().x, picture.bottom() + 1.0 + n * LINE);
    let head = match task.labelled {
        true => model::headline(task.settings.kind, task.set(part).label(index), answer, readout),
        false => format!("sample {index}"),
    };
    let colour = if wrong { theme.removed } else { theme.ink };
    painter.text(line(0.0), Align2::CENTER_TOP, head, small(), colour);
    if let Some(answer) = answer {
        painter.text(line(1.0), Align2::CENTER_TOP, value(answer.loss), small(), theme.faint);
    }
}
