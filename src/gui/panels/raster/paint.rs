//! The picture of a band: one mesh that is kept until something in it changes, and an image where spikes are too many.

use std::sync::Arc;

use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Color32, ColorImage, Pos2, Rect, TextureHandle, TextureOptions, Ui, pos2, vec2};

use super::layout::Place;
use super::model::{self, Band};
use crate::engine::Frame;
use crate::gui::panels::time::TimeAxis;
use crate::gui::state::SpanChoice;
use crate::gui::theme::{Marks, Theme};
use crate::spike::{Edit, Raster};

/// Above so many spikes in view a band is an image of their density.
pub const MOST_BARS: usize = 50_000;
/// The widest bar, in points.
const WIDEST_BAR: f32 = 3.0;

/// All that a band's picture depends on.
#[derive(Clone)]
pub struct Key {
    pub frame: Arc<Frame>,
    pub axis: TimeAxis,
    pub place: Place,
    pub dark: bool,
    pub pixels_per_point: f32,
    /// The span whose changes are drawn.
    pub span: Option<SpanChoice>,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.frame, &other.frame)
            && (self.axis, self.place) == (other.axis, other.place)
            && (self.dark, self.pixels_per_point, self.span) == (other.dark, other.pixels_per_point, other.span)
    }
}

/// A finished band.
struct Picture {
    key: Key,
    mesh: Arc<Mesh>,
    /// The image below the mesh, and how many spikes it stands for.
    density: Option<(TextureHandle, usize)>,
    /// Whether changes are so many that they are drawn small.
    crowded: bool,
}

/// What a band's picture could not show as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Compromise {
    /// An image of so many spikes.
    Density(usize),
    /// Changes without their shapes.
    Crowded,
}

/// Points² that a change needs for its shape to be seen.
const ROOM_OF_A_CHANGE: f32 = 60.0;

/// The pictures of all bands.
#[derive(Default)]
pub struct Pictures(Vec<Option<Picture>>);

impl Pictures {
    /// Draws band number `n`. Says what could not be shown as it is.
    pub fn show(&mut self, ui: &Ui, theme: &Theme, n: usize, band: &Band, key: Key) -> Option<Compromise> {
        if self.0.len() <= n {
            self.0.resize_with(n + 1, || None);
        }
        let slot = &mut self.0[n];
        let picture = match slot.take() {
            Some(picture) if picture.key == key => picture,
            old => Picture::new(ui, theme, n, band, key, old),
        };
        let picture = slot.insert(picture);
        let Key { axis, place, .. } = &picture.key;
        let rect = Rect::from_x_y_ranges(axis.x, place.y);
        // marks at the edge may reach over it a little
        let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect.expand2(vec2(0.0, 3.0))));
        if let Some((texture, _)) = &picture.density {
            let visible = axis.visible();
            let x = axis.x_at(visible.start as f64)..=axis.x_at(visible.end as f64);
            let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            painter.image(texture.id(), Rect::from_x_y_ranges(x, place.y), uv, Color32::WHITE);
        }
        painter.add(Arc::clone(&picture.mesh));
        let crowded = picture.crowded.then_some(Compromise::Crowded);
        picture.density.as_ref().map(|d| Compromise::Density(d.1)).or(crowded)
    }
}

impl Picture {
    fn new(ui: &Ui, theme: &Theme, n: usize, band: &Band, key: Key, old: Option<Self>) -> Self {
        let spikes = spikes_in_view(band.spikes, &key.axis);
        let dense = spikes > MOST_BARS;
        // the old mesh's memory, unless it is still being drawn
        let (mesh, texture) = old.map_or((None, None), |o| (Arc::into_inner(o.mesh), o.density));
        let mut mesh = mesh.unwrap_or_default();
        mesh.clear();
        let crowded = fill(&mut mesh, theme, band, &key, dense);
        let density = dense.then(|| {
            let image = density(band.spikes, &key.axis, &key.place, key.pixels_per_point, theme.ink);
            let texture = match texture {
                Some((mut texture, _)) => {
                    texture.set(image, TextureOptions::NEAREST);
                    texture
                }
                None => ui.load_texture(format!("density of band {n}"), image, TextureOptions::NEAREST),
            };
            (texture, spikes)
        });
        Self { key, mesh: Arc::new(mesh), density, crowded }
    }
}

/// Spikes of the steps of which anything is in view.
pub fn spikes_in_view(spikes: &Raster, axis: &TimeAxis) -> usize {
    let visible = axis.visible();
    let start = |step: usize| if step < spikes.steps() { spikes.start(step) } else { spikes.len() };
    start(visible.end) - start(visible.start)
}

/// Sizes of the marks in rows of this height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sizes {
    /// Of a bar, in whole pixels.
    pub bar: egui::Vec2,
    pub ring: f32,
    pub triangle: f32,
    pub cross: f32,
}

impl Sizes {
    pub fn new(row: f32, per_step: f32, pixels_per_point: f32, ringed: bool) -> Self {
        let ring = (0.42 * row).clamp(3.0, 7.5);
        let gap = if row >= 5.0 {
            2.0
        } else if row >= 3.0 {
            1.0
        } else {
            0.0
        };
        // a bar stands inside its ring, so that a hit is a shape of its own
        let height = if ringed { (1.5 * ring).min(row) } else { row - gap };
        let whole = |x: f32| (x * pixels_per_point).round().max(1.0) / pixels_per_point;
        Self {
            bar: vec2(whole((0.55 * per_step).min(WIDEST_BAR)), whole(height)),
            ring,
            triangle: (0.34 * row).clamp(3.2, 5.0),
            cross: (0.3 * row).clamp(2.8, 4.5),
        }
    }
}

/// Rings, then spikes, then what the updates did: later ones lie above. True where changes are drawn small.
fn fill(mesh: &mut Mesh, theme: &Theme, band: &Band, key: &Key, dense: bool) -> bool {
    let Key { frame, axis, place, pixels_per_point: pixels, .. } = key;
    let rings = band.output.then(|| model::rings(frame)).flatten();
    let sizes = Sizes::new(place.row(), axis.per_step(), *pixels, rings.is_some());
    let snap = |x: f32| (x * pixels).round() / pixels;
    let bar = |mesh: &mut Mesh, step: u32, unit: u32, colour| {
        let left = snap(axis.x_of(step) - sizes.bar.x / 2.0);
        let top = snap(place.y_of(unit) - sizes.bar.y / 2.0);
        mesh.add_colored_rect(Rect::from_min_size(pos2(left, top), sizes.bar), colour);
    };
    let at =
        |step: u32, unit: u32| pos2(snap(axis.x_of(step) - sizes.bar.x / 2.0) + sizes.bar.x / 2.0, place.y_of(unit));

    for (step, unit) in rings.into_iter().flat_map(|r| steps_in_view(r, axis)) {
        let centre = at(step, unit);
        if band.spikes.contains(step as usize, unit) {
            disc(mesh, centre, sizes.ring, theme.target.gamma_multiply(0.35));
        }
        mesh.ring(centre, sizes.ring, theme.target);
    }
    if !dense {
        let count = spikes_in_view(band.spikes, axis);
        mesh.reserve_vertices(4 * count);
        mesh.reserve_triangles(2 * count);
        for (step, unit) in steps_in_view(band.spikes, axis) {
            bar(mesh, step, unit, theme.ink);
        }
    }
    let Some(span) = key.span else { return false };
    let edits = model::edits(model::span(span, frame), band.layer);
    let seen = |step: u32| (axis.from - 1.0..axis.to).contains(&f64::from(step));
    let in_view = |edit: &Edit| match *edit {
        Edit::Kept { .. } => false,
        Edit::Created { step } | Edit::Removed { step } => seen(step),
        Edit::Shifted { from, to } => seen(from) || seen(to),
    };
    let room = axis.x.span() * place.y.span();
    let crowded = edits.iter().filter(|e| in_view(&e.1)).count() as f32 * ROOM_OF_A_CHANGE > room;
    // new spikes lie above all else
    for pass in [false, true] {
        for &(unit, edit) in edits.iter().filter(|e| in_view(&e.1) && matches!(e.1, Edit::Created { .. }) == pass) {
            match edit {
                Edit::Shifted { from, to } if crowded => mesh.stroke(at(from, unit), at(to, unit), 1.0, theme.shifted),
                Edit::Shifted { from, to } => {
                    bar(mesh, from, unit, theme.shifted.gamma_multiply(0.4));
                    shift(mesh, theme, at(from, unit), at(to, unit), sizes.bar.x);
                }
                Edit::Removed { step } if crowded => bar(mesh, step, unit, theme.removed),
                Edit::Removed { step } => mesh.cross(at(step, unit), sizes.cross, theme.removed),
                Edit::Created { step } if crowded => bar(mesh, step, unit, theme.created),
                Edit::Created { step } => {
                    // in a tall row at the foot of its bar, so that the spike is still seen as one
                    let tall = place.row() >= 12.0;
                    let radius = if tall { 4.2 } else { sizes.triangle };
                    // … but within its row
                    let foot = if tall { (sizes.bar.y / 2.0 + 0.5).min(place.row() / 2.0 - radius) } else { 0.0 };
                    let centre = at(step, unit) + vec2(0.0, foot);
                    mesh.triangle(centre, radius + 1.0, theme.ground);
                    mesh.triangle(centre, radius, theme.created);
                }
                Edit::Kept { .. } => {}
            }
        }
    }
    crowded
}

/// An arrow that stops at the bar it points to, on a ground that sets it off from the spikes around.
fn shift(mesh: &mut Mesh, theme: &Theme, from: Pos2, to: Pos2, bar: f32) {
    let along = (to - from).normalized();
    let tip = to - along * (bar / 2.0).min((to - from).length() / 2.0);
    mesh.stroke(from, tip, 4.0, theme.ground.gamma_multiply(0.7));
    mesh.arrow(from, tip, theme.shifted);
}

fn disc(mesh: &mut Mesh, centre: Pos2, radius: f32, colour: Color32) {
    const SIDES: u32 = 12;
    let first = mesh.vertices.len() as u32;
    for k in 0..SIDES {
        let (sin, cos) = (k as f32 / SIDES as f32 * std::f32::consts::TAU).sin_cos();
        mesh.vertices.push(Vertex { pos: centre + radius * vec2(cos, sin), uv: WHITE_UV, color: colour });
    }
    for k in 1..SIDES - 1 {
        mesh.indices.extend([first, first + k, first + k + 1]);
    }
}

fn steps_in_view<'a>(spikes: &'a Raster, axis: &TimeAxis) -> impl Iterator<Item = (u32, u32)> + 'a {
    let visible = axis.visible();
    (visible.start..visible.end.min(spikes.steps())).flat_map(|t| spikes.at(t).iter().map(move |&u| (t as u32, u)))
}

/// Spikes counted in cells of at least a pixel; the more, the closer to the ink.
fn density(spikes: &Raster, axis: &TimeAxis, place: &Place, pixels_per_point: f32, ink: Color32) -> ColorImage {
    let visible = axis.visible();
    let pixels = |points: f32| ((points * pixels_per_point) as usize).max(1);
    let width = visible.len().min(pixels(axis.x.span())).max(1);
    let height = place.units.min(pixels(place.y.span())).max(1);
    let mut counts = vec![0u32; width * height];
    for (step, unit) in steps_in_view(spikes, axis) {
        let column = (step as usize - visible.start) * width / visible.len();
        let row = unit as usize * height / place.units;
        counts[row * width + column] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(1).max(1) as f32;
    let shade =
        |&n: &u32| if n == 0 { Color32::TRANSPARENT } else { ink.gamma_multiply(0.15 + 0.85 * n as f32 / most) };
    ColorImage::new([width, height], counts.iter().map(shade).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::TimeUnit;
    use egui::Rangef;

    fn axis(steps: usize) -> TimeAxis {
        TimeAxis { x: Rangef::new(0.0, 100.0), from: 0.0, to: steps as f64, steps, unit: TimeUnit::Steps, dt: 1.0 }
    }

    #[test]
    fn bars_are_whole_pixels_and_stand_inside_their_rings() {
        for pixels in [1.0, 1.25, 1.5, 2.0] {
            for (row, per_step) in [(0.3, 0.1), (2.4, 5.0), (8.0, 5.0), (18.0, 5.0), (40.0, 50.0)] {
                let s = Sizes::new(row, per_step, pixels, true);
                for side in [s.bar.x, s.bar.y] {
                    let in_pixels = side * pixels;
                    assert!(in_pixels >= 1.0 && (in_pixels - in_pixels.round()).abs() < 1e-3);
                }
                assert!(s.bar.y <= 2.0 * s.ring && s.bar.x <= WIDEST_BAR + 0.5);
            }
        }
    }

    #[test]
    fn only_what_is_in_view_counts() {
        let spikes = Raster::from_events(3, 10, vec![(0, 0), (4, 1), (5, 2), (9, 0)]);
        let mut a = axis(10);
        assert_eq!(spikes_in_view(&spikes, &a), 4);
        (a.from, a.to) = (4.5, 9.0);
        assert_eq!(spikes_in_view(&spikes, &a), 2);
        assert_eq!(steps_in_view(&spikes, &a).collect::<Vec<_>>(), [(4, 1), (5, 2)]);
        let stopped = Raster::from_events(3, 5, vec![(0, 0), (4, 1)]);
        assert_eq!(spikes_in_view(&stopped, &a), 1);
        assert_eq!(spikes_in_view(&stopped, &axis(10)), 2);
    }

    #[test]
    fn the_density_image_counts_every_spike() {
        let spikes = Raster::from_events(4, 8, vec![(0, 0), (1, 0), (7, 3)]);
        let place = Place { y: Rangef::new(0.0, 2.0), units: 4, folded: false };
        let mut narrow = axis(8);
        narrow.x.max = 4.0;
        let image = density(&spikes, &narrow, &place, 1.0, Color32::WHITE);
        assert_eq!(image.size, [4, 2]);
        let inked = |x: usize, y: usize| image.pixels[y * 4 + x].a();
        assert_eq!((inked(0, 0), inked(1, 0), inked(3, 0)), (255, 0, 0));
        assert!(inked(3, 1) > 0 && inked(3, 1) < 255);
    }
}
