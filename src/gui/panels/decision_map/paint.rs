//! The map as one item of a plot, what is marked on it, its legend.

use egui::epaint::Mesh;
use egui::{Align2, Color32, ColorImage, Painter, Pos2, Rect, Sense, Shape, TextureId, Ui, pos2, vec2};
use egui_plot::{PlotBounds, PlotTransform};

use super::model::{self, LatencyScale};
use crate::gui::state::ViewContext;
use crate::gui::state::decision_map::DecisionMap;
use crate::gui::theme::{Marks, Palette, small};
use crate::gui::widgets::painted::Painted;
use crate::picture::colormap::{OVER, UNDER};
use crate::task::yin_yang::CLASSES;
use crate::task::{Split, Task};

/// Yin, yang and dot: blue, yellow and purple of Okabe and Ito's palette, which differ in lightness, too. The same in
/// both themes, as all maps.
const COLOURS: [Color32; 3] =
    [Color32::from_rgb(0x1f, 0x86, 0xc9), Color32::from_rgb(0xf0, 0xe4, 0x42), Color32::from_rgb(0xcc, 0x79, 0xa7)];

/// The colour of a class, darker where the first spike comes later.
fn colour(class: u8, strength: f32) -> Color32 {
    let [r, g, b, _] = COLOURS[usize::from(class) % COLOURS.len()].to_array().map(|c| (f32::from(c) * strength) as u8);
    Color32::from_rgb(r, g, b)
}

/// One pixel a cell, x to the right and y upwards. Silence leaves the hatching open; what is not known yet is the
/// ground.
pub fn picture(m: &DecisionMap, scale: LatencyScale, theme: &Palette) -> ColorImage {
    let n = m.points();
    let mut image = ColorImage::filled([n, n], theme.ground);
    for number in 0..n * n {
        let Some(cell) = m.cell(number) else { continue };
        let pixel = &mut image.pixels[(n - 1 - number / n) * n + number % n];
        *pixel = cell.class.map_or(Color32::TRANSPARENT, |class| colour(class, scale.strength(cell.first_step)));
    }
    image
}

/// Everything that lies in the plane.
pub struct MapDrawing<'a> {
    cx: ViewContext<'a>,
    task: &'a Task,
    cells: TextureId,
    part: Option<Split>,
    watched: (Split, usize),
}

impl<'a> MapDrawing<'a> {
    pub fn new(
        cx: ViewContext<'a>,
        task: &'a Task,
        cells: TextureId,
        part: Option<Split>,
        watched: (Split, usize),
    ) -> Self {
        Self { cx, task, cells, part, watched }
    }

    /// The samples of the part, each by the mark of its class, and the one that is watched in a ring.
    fn samples(&self, at: impl Fn([f64; 2]) -> Pos2, mesh: &mut Mesh) {
        if let Some(part) = self.part {
            // many are small
            let size = if self.task.len(part) > 2000 { 1.6 } else { 2.4 };
            for (place, label) in model::places(self.task, part) {
                mark(mesh, label, at(place), size);
            }
        }
        let (part, index) = self.watched;
        if index < self.task.len(part)
            && let Some(place) = model::place(self.task, part, index)
        {
            for (radius, colour) in [(6.0, UNDER), (8.4, UNDER), (7.2, OVER)] {
                mesh.ring(at(place), radius, colour);
            }
        }
    }
}

/// The mark of a class: a square for yin, a triangle for yang, a ring for a dot.
fn mark(mesh: &mut Mesh, class: usize, at: Pos2, size: f32) {
    match class {
        0 => {
            mesh.bar(at, egui::Vec2::splat(2.0 * size + 2.0), UNDER);
            mesh.bar(at, egui::Vec2::splat(2.0 * size), OVER);
        }
        1 => {
            mesh.triangle(at, 1.2 * size + 1.6, UNDER);
            mesh.triangle(at, 1.2 * size, OVER);
        }
        _ => {
            mesh.ring(at, size - 0.9, UNDER);
            mesh.ring(at, size + 1.3, UNDER);
            mesh.ring(at, size + 0.2, OVER);
        }
    }
}

impl Painted for MapDrawing<'_> {
    fn shapes(&self, _: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let at = |[x, y]: [f64; 2]| pos2(transform.position_from_point_x(x), transform.position_from_point_y(y));
        let square = Rect::from_two_pos(at([0.0, 0.0]), at([1.0, 1.0]));
        let mut below = Mesh::default();
        hatch(&mut below, square.intersect(*transform.frame()), self.cx.theme);
        shapes.push(Shape::mesh(below));
        let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
        shapes.push(Shape::image(self.cells, square, whole, Color32::WHITE));
        let mut above = Mesh::default();
        let lines: Vec<Vec<Pos2>> = model::outlines().into_iter().map(|l| l.into_iter().map(at).collect()).collect();
        for (width, colour) in [(2.8, UNDER.gamma_multiply(0.8)), (1.0, OVER)] {
            for pair in lines.iter().flat_map(|line| line.windows(2)).filter(|pair| pair[0] != pair[1]) {
                above.stroke(pair[0], pair[1], width, colour);
            }
        }
        self.samples(at, &mut above);
        shapes.push(Shape::mesh(above));
        shapes.push(Shape::rect_stroke(square, 0.0, (1.0, self.cx.theme.line), egui::StrokeKind::Outside));
    }

    /// The unit square.
    fn bounds(&self) -> PlotBounds {
        PlotBounds::from_min_max([0.0, 0.0], [1.0, 1.0])
    }

    fn colour(&self) -> Color32 {
        self.cx.theme.ink
    }
}

/// Slanted lines within a rectangle: where nothing is answered.
fn hatch(mesh: &mut Mesh, rect: Rect, theme: &Palette) {
    const GAP: f32 = 6.0;
    let (w, h) = (rect.width().max(0.0), rect.height().max(0.0));
    for k in 1..((w + h) / GAP) as usize {
        let c = k as f32 * GAP;
        let from = rect.left_top() + vec2(c.min(w), (c - w).max(0.0));
        let to = rect.left_top() + vec2((c - h).max(0.0), c.min(h));
        mesh.stroke(from, to, 1.0, theme.line);
    }
}

/// The names of both axes, where the plot has room for them.
pub fn names(painter: &Painter, inside: Rect, theme: &Palette) {
    painter.text(inside.right_bottom() + vec2(12.0, 2.0), Align2::LEFT_TOP, "x", small(), theme.ink);
    painter.text(inside.left_top() - vec2(6.0, 7.0), Align2::RIGHT_BOTTOM, "y", small(), theme.ink);
}

/// Text on top of the map, on a plate of its own.
pub fn label(painter: &Painter, at: Pos2, text: &str) {
    let galley = painter.layout_no_wrap(text.to_owned(), small(), OVER);
    let rect = Rect::from_min_size(at, galley.size());
    painter.rect_filled(rect.expand2(vec2(4.0, 1.0)), 3.0, UNDER.gamma_multiply(0.8));
    painter.galley(rect.min, galley, OVER);
}

/// Height of an entry of the legend.
const ENTRY: f32 = 19.0;

/// Classes by colour and mark, and brightness for times: `ends` are the earliest and the latest.
pub fn legend(ui: &Ui, rect: Rect, theme: &Palette, ends: [String; 2], marks: bool) {
    let painter = ui.painter();
    let names = CLASSES.iter().copied().chain(["silent"]);
    for (n, name) in names.enumerate() {
        let place = Rect::from_min_size(rect.left_top() + vec2(0.0, ENTRY * n as f32), vec2(rect.width(), ENTRY));
        let swatch = Rect::from_min_size(place.min, vec2(15.0, 15.0));
        let mut mesh = Mesh::default();
        let hint = if n < CLASSES.len() {
            painter.rect_filled(swatch, 2.0, COLOURS[n]);
            mark(&mut mesh, n, swatch.center(), 3.0);
            let mark = ["square", "triangle", "ring"][n];
            let marks = if marks { format!(". A {mark} is a sample of class {name}") } else { String::new() };
            format!("Where the network predicts {name}{marks}")
        } else {
            hatch(&mut mesh, swatch, theme);
            painter.rect_stroke(swatch, 2.0, (1.0, theme.line), egui::StrokeKind::Inside);
            "Where no output spikes, so that there is no prediction".to_owned()
        };
        painter.add(Shape::mesh(mesh));
        painter.text(swatch.right_center() + vec2(5.0, 0.0), Align2::LEFT_CENTER, name, small(), theme.ink);
        ui.interact(place, ui.scope_id().with(("legend", n)), Sense::hover()).on_hover_text(hint);
    }
    let top = rect.top() + ENTRY * (CLASSES.len() + 1) as f32 + 6.0;
    let title = painter.text(pos2(rect.left(), top), Align2::LEFT_TOP, "first spike", small(), theme.faint);
    let bar =
        Rect::from_min_max(pos2(rect.left(), title.bottom() + 8.0), pos2(rect.left() + 24.0, rect.bottom() - 6.0));
    if bar.height() > 24.0 {
        brightness(painter, bar.with_max_y(bar.bottom().min(bar.top() + 160.0)), theme, ends);
        let hint = "Time of the first output spike: the earlier, the brighter the colour of the class";
        ui.interact(bar, ui.scope_id().with("brightness"), Sense::hover()).on_hover_text(hint);
    }
}

/// A column of each class, from the earliest time above to the latest below.
fn brightness(painter: &Painter, bar: Rect, theme: &Palette, [early, late]: [String; 2]) {
    const STRIPS: usize = 32;
    let mut mesh = Mesh::default();
    let scale = LatencyScale::of_ends(0, STRIPS as u32 - 1);
    let (width, height) = (bar.width() / COLOURS.len() as f32, bar.height() / STRIPS as f32);
    for (class, strip) in (0..COLOURS.len()).flat_map(|class| (0..STRIPS).map(move |strip| (class, strip))) {
        let corner = bar.left_top() + vec2(width * class as f32, height * strip as f32);
        let rect = Rect::from_min_size(corner, vec2(width, height));
        mesh.add_colored_rect(rect, colour(class as u8, scale.strength(strip as u32)));
    }
    painter.add(Shape::mesh(mesh));
    painter.rect_stroke(bar, 0.0, (1.0, theme.line), egui::StrokeKind::Outside);
    for (at, text) in [(bar.right_top(), early), (bar.right_bottom(), late)] {
        painter.text(at + vec2(5.0, 0.0), Align2::LEFT_CENTER, text, small(), theme.faint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::MapCell;
    use crate::gui::state::fixtures::map;

    #[test]
    fn the_picture_has_y_upwards_and_silence_is_no_colour_of_it() {
        let mut cells = vec![None; 9];
        let cell = |number, class| Some(MapCell { number, class, first_step: 4 });
        // the lower left corner, its neighbour to the right, and the upper right corner
        (cells[0], cells[1], cells[8]) = (cell(0, Some(0)), cell(1, None), cell(8, Some(1)));
        let m = map(3, cells);
        let theme = Palette::light();
        let image = picture(&m, LatencyScale::new(&m, None), &theme);
        assert_eq!([6, 7, 2].map(|n| image.pixels[n]), [COLOURS[0], Color32::TRANSPARENT, COLOURS[1]]);
        assert_eq!(image.pixels[0], theme.ground, "not known yet");
    }

    #[test]
    fn classes_differ_in_lightness_whatever_their_strength() {
        let lightness = |c: Color32| {
            let [r, g, b, _] = c.to_array().map(|c| (f64::from(c) / 255.0).powf(2.2));
            116.0 * (0.2126 * r + 0.7152 * g + 0.0722 * b).cbrt() - 16.0
        };
        for strength in [1.0, 0.7, 0.42] {
            let [yin, yang, dot] = [0, 1, 2].map(|class| lightness(colour(class, strength)));
            assert!(yang - dot > 8.0 && dot - yin > 3.0, "{yin} {dot} {yang} at {strength}");
        }
    }
}
