//! The counts of each layer, under painted marks.

use egui::epaint::Mesh;
use egui::{Align, Button, Color32, FontId, Layout, Rect, RichText, Sense, Shape, Ui, UiBuilder, pos2, vec2};

use super::model::{self, TallyRow};
use crate::gui::state::ViewContext;
use crate::gui::theme::{self, Marks};
use crate::text;

const HEIGHT: f32 = 19.0;
/// A mark and the gaps on both sides.
const MARK: f32 = 22.0;

struct TallyColumn {
    name: &'static str,
    hint: &'static str,
    mark: Option<ChangeMark>,
}

#[derive(Clone, Copy)]
enum ChangeMark {
    Shifted,
    Created,
    Removed,
}

static COLUMNS: [TallyColumn; 5] = [
    TallyColumn { name: "kept", hint: "Spikes at the same step before and after", mark: None },
    TallyColumn {
        name: "shifted",
        hint: "Spikes that moved to another step: an arrow in the raster",

        mark: Some(ChangeMark::Shifted),
    },
    TallyColumn {
        name: "created",
        hint: "Spikes that did not exist before: a triangle in the raster",

        mark: Some(ChangeMark::Created),
    },
    TallyColumn {
        name: "removed",
        hint: "Spikes that no longer exist: a cross in the raster",
        mark: Some(ChangeMark::Removed),
    },
    TallyColumn {
        name: "distance",
        hint: "Cost of turning the spikes before into those after: 1 to create or remove a spike, q per step to move \
               one (Victor and Purpura)",

        mark: None,
    },
];

/// Draws the table. `chosen` is the row whose shifts are shown; a click on a name chooses another.
pub fn show(ui: &mut Ui, cx: ViewContext, rows: &[TallyRow], q: f64, chosen: &mut usize) {
    let width = ui.available_width();
    let names = rows.iter().map(|r| text_width(ui, &r.name)).fold(0.0, f32::max) + 22.0;
    // words next to the marks where there is room for them, else marks alone, and columns much alike
    let words = COLUMNS.each_ref().map(|c| text_width(ui, c.name) + if c.mark.is_some() { MARK } else { 8.0 });
    let scale = (width - names) / words.iter().sum::<f32>();
    let wide = scale >= 1.0;
    let widths = if wide {
        words.map(|w| w * scale.min(2.5))
    } else {
        [0.9, 0.95, 0.95, 0.95, 1.25].map(|share| share * (width - names) / 5.0)
    };
    let cells = |row: Rect| {
        let mut left = row.left() + names;
        widths.map(|width| {
            let cell = Rect::from_min_size(pos2(left, row.top()), vec2(width, row.height()));
            left = cell.right();
            cell
        })
    };

    let (head, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
    for (column, cell) in COLUMNS.iter().zip(cells(head)) {
        header(ui, cx, column, cell, wide);
    }
    ui.painter().hline(head.x_range(), head.bottom(), egui::Stroke::new(1.0, cx.theme.line));
    ui.spacing_mut().item_spacing.y = 0.0;
    for (n, row) in rows.iter().enumerate() {
        let (rect, _) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::hover());
        let name = Rect::from_min_size(rect.min, vec2(names, HEIGHT));
        within(ui, name, Layout::left_to_right(Align::Center), |ui| {
            let text = RichText::new(&row.name).font(theme::small());
            let hint = format!("Shows the shifts of {} below", where_of(row));
            if ui.add(Button::selectable(*chosen == n, text).small()).on_hover_text(hint).clicked() {
                *chosen = n;
            }
        });
        let t = &row.tally;
        let counts = [t.kept, t.shifted, t.created, t.removed].map(|n| text::whole(n.into()));
        let [kept, shifted, created, removed] = counts;
        let texts = [kept, shifted, created, removed, model::distance(row.distance, q)];
        for ((text, column), cell) in texts.into_iter().zip(&COLUMNS).zip(cells(rect)) {
            let nothing = text == "0";
            let colour = if nothing { cx.theme.faint } else { cx.theme.ink };
            let font = FontId::monospace(if wide { theme::TEXT } else { theme::SMALL });
            within(ui, cell, Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(text).font(font).color(colour)).on_hover_text(column.hint);
            });
        }
    }
}

/// "hidden" reads better as "layer hidden", "all layers" as it is.
fn where_of(row: &TallyRow) -> String {
    if row.name == "all layers" { row.name.clone() } else { format!("the layer \"{}\"", row.name) }
}

fn header(ui: &mut Ui, cx: ViewContext, column: &TallyColumn, cell: Rect, wide: bool) {
    let colour = colour(cx, column.mark);
    let right = cell.right();
    let words = wide || column.mark.is_none();
    let mut left = right;
    if words {
        let rich = RichText::new(column.name).font(theme::small()).color(cx.theme.faint);
        within(ui, cell, Layout::right_to_left(Align::Center), |ui| ui.label(rich).on_hover_text(column.hint));
        left -= text_width(ui, column.name) + 10.0;
    } else {
        left -= 7.0;
    }
    let id = ui.scope_id().with(column.name);
    let response = ui.interact(cell, id, Sense::hover()).on_hover_text(format!("{}: {}", column.name, column.hint));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ColumnHeader, true, column.name));
    let mut mesh = Mesh::default();
    let c = pos2(left, cell.center().y);
    match column.mark {
        Some(ChangeMark::Shifted) => mesh.arrow(c - vec2(6.0, 0.0), c + vec2(6.0, 0.0), colour),
        Some(ChangeMark::Created) => mesh.triangle(c, 4.5, colour),
        Some(ChangeMark::Removed) => mesh.cross(c, 4.0, colour),
        None => {}
    }
    ui.painter().add(Shape::mesh(mesh));
}

fn colour(cx: ViewContext, mark: Option<ChangeMark>) -> Color32 {
    match mark {
        Some(ChangeMark::Shifted) => cx.theme.shifted,
        Some(ChangeMark::Created) => cx.theme.created,
        Some(ChangeMark::Removed) => cx.theme.removed,
        None => cx.theme.faint,
    }
}

fn within<R>(ui: &mut Ui, rect: Rect, layout: Layout, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(layout), add).inner
}

fn text_width(ui: &Ui, text: &str) -> f32 {
    ui.painter().layout_no_wrap(text.to_owned(), theme::small(), Color32::WHITE).size().x
}
