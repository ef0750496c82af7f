//! The sheet of keys and marks.

use egui::epaint::Mesh;
use egui::{Color32, Context, Grid, RichText, Sense, Ui, vec2};

use crate::gui::action::{Action, WindowAction};
use crate::gui::theme::{Marks, Palette};
use crate::rule::Rule;

/// Every key, and what it does. The README lists the same.
pub const KEYS: &[(&str, &str)] = &[
    ("Space", "run or pause"),
    ("Left, right arrow", "one update back or on; in the present, right makes one"),
    ("Shift + left, right", "ten updates back or on"),
    ("Ctrl + left, right", "to the update before or after at which these spikes changed"),
    ("Home, End or L", "the start of the run; the present (Live)"),
    ("G", "go on from the moment that is looked at, as a new run"),
    ("P", "pin the moment with its view"),
    ("C", "compare runs side by side; there space and right arrow act on all"),
    ("T", "choose a task"),
    ("R", "restart from the same seed"),
    ("N", "restart with a new seed"),
    ("1  2  3", "Activation, Timing, ANTLR"),
    ("I", "the inside of the neuron that is picked"),
    ("E", "draw targets with the mouse; Esc to stop"),
    ("Ctrl+Z", "undo a settings change, a drawn target, a pin or a removal"),
    ("Ctrl+Shift+Z, Ctrl+Y", "redo it"),
    ("Ctrl+S, Ctrl+Shift+S", "save the session; save it under another name"),
    ("Ctrl+O", "open a session"),
    ("Ctrl+E", "export the panel under the pointer: figure or data"),
    ("Ctrl+Q", "quit"),
    ("Ctrl +  Ctrl −  Ctrl 0", "zoom the window"),
    ("?  or F1", "this overview"),
    ("Wheel, drag, double click", "in a plot: zoom, move, show all; a surface turns"),
    ("Right click", "on a spike in the raster: its story"),
    ("Click", "in the landscape: pin a cell; Esc releases it"),
    ("Shift + arrow keys", "move the pinned cell"),
];

/// Lines, arrows and marks of the landscape.
const LANDSCAPE: &[&str] = &[
    "In the landscape, arrows point downhill, either by the true loss or as a rule sees it. A dot marks a point where \
     there is nothing to see. Points that have not been measured yet are hatched.",
    "The surface that a rule believes in is the one whose slopes come closest to its arrows. The part of the arrows \
     that no surface can explain is its inconsistency: such a rule does not follow the gradient of any function.",
];

/// Draws the sheet.
pub fn show(ctx: &Context, theme: &Palette, open: &mut bool, actions: &mut Vec<Action>) {
    let window = egui::Window::new("Keys and marks").open(open).resizable(false).collapsible(false);
    window.anchor(egui::Align2::CENTER_CENTER, vec2(0.0, 0.0)).show(ctx, |ui| {
        ui.set_max_width(520.0);
        // a low window shows a part of it
        let height = ui.ctx().content_rect().height() - 94.0;
        let hint = "The words of the field, each in a few sentences";
        if ui.button("Glossary").on_hover_text(hint).clicked() {
            actions.push(WindowAction::Glossary.into());
        }
        egui::ScrollArea::vertical().max_height(height).show(ui, |ui| sheet(ui, theme));
    });
}

fn sheet(ui: &mut Ui, theme: &Palette) {
    Grid::new("keys").num_columns(2).spacing(vec2(16.0, 4.0)).show(ui, |ui| {
        for (key, meaning) in KEYS {
            ui.label(RichText::new(*key).monospace());
            ui.label(*meaning);
            ui.end_row();
        }
    });
    ui.separator();
    Grid::new("marks").num_columns(2).spacing(vec2(16.0, 4.0)).show(ui, |ui| marks(ui, theme));
    ui.separator();
    for line in LANDSCAPE {
        ui.label(*line);
    }
    ui.separator();
    for rule in Rule::ALL {
        ui.label(RichText::new(rule.help()).color(theme.rule(rule)));
    }
}

type DrawMark = fn(&mut Mesh, egui::Rect, Color32);

fn marks(ui: &mut Ui, theme: &Palette) {
    let rows: [(&str, Color32, DrawMark); 6] = [
        ("a spike", theme.ink, |m, r, c| m.bar(r.center(), vec2(2.0, 10.0), c)),
        ("a target: empty while there is no spike exactly there", theme.target, |m, r, c| m.ring(r.center(), 5.0, c)),
        ("a hit: the ring is filled, with the spike at its centre", theme.target, |m, r, c| {
            m.ring(r.center(), 5.0, c);
            m.bar(r.center(), vec2(6.0, 6.0), c.gamma_multiply(0.5));
        }),
        ("a spike that was created", theme.created, |m, r, c| m.triangle(r.center(), 5.0, c)),
        ("a spike that was removed", theme.removed, |m, r, c| m.cross(r.center(), 4.0, c)),
        ("a spike that was shifted, from where it was (faint) to where it is", theme.shifted, |m, r, c| {
            m.bar(r.left_center(), vec2(2.0, 10.0), c.gamma_multiply(0.4));
            m.arrow(r.left_center(), r.right_center(), c);
        }),
    ];
    for (text, colour, draw) in rows {
        let (rect, _) = ui.allocate_exact_size(vec2(24.0, 14.0), Sense::hover());
        let mut mesh = Mesh::default();
        draw(&mut mesh, rect.shrink(2.0), colour);
        ui.painter().add(mesh);
        ui.label(text);
        ui.end_row();
    }
}
