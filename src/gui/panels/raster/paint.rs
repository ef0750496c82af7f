//! The picture of a band: one mesh that is kept until something in it changes, and an image where bars are too many.

use std::sync::Arc;

use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Color32, ColorImage, Pos2, Rangef, Rect, TextureHandle, TextureOptions, Ui, pos2, vec2};

use super::layout::BandPlace;
use super::model::{self, RasterBand};
use super::pixels::PixelGrid;
use super::sizes::{MarkSizes, in_view, spikes_in_view};
use crate::engine::Frame;
use crate::gui::state::{SpanChoice, watched};
use crate::gui::theme::{Marks, Palette};
use crate::gui::widgets::time_axis::TimeAxis;
use crate::spike::{Edit, Raster};

/// So many bars are drawn as triangles, which are copied in every frame of the window; more are an image.
pub const MOST_BARS: usize = 4_000;
/// All that a band's picture depends on.
#[derive(Clone)]
pub struct BandKey {
    pub frame: Arc<Frame>,
    pub axis: TimeAxis,
    pub place: BandPlace,
    pub dark: bool,
    pub pixels_per_point: f32,
    /// The span whose changes are drawn.
    pub span: Option<SpanChoice>,
    /// The height that can be seen; no image is taller.
    pub seen: Rangef,
}

impl PartialEq for BandKey {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.frame, &other.frame)
            && (self.axis, self.place, self.seen) == (other.axis, other.place, other.seen)
            && (self.dark, self.pixels_per_point, self.span) == (other.dark, other.pixels_per_point, other.span)
    }
}

/// A finished band.
struct BandPicture {
    key: BandKey,
    mesh: Arc<Mesh>,
    image: Option<BandImage>,
    compromise: Option<BandCompromise>,
}

/// The image below the mesh.
struct BandImage {
    texture: TextureHandle,
    rect: Rect,
    /// For its memory.
    texels: Arc<ColorImage>,
}

/// The reason why a band's picture is simplified.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BandCompromise {
    /// An image of this number of spikes.
    Density(usize),
    /// Changes without their shapes.
    Crowded,
}

/// Points² that a change needs for its shape to be seen.
const ROOM_OF_A_CHANGE: f32 = 60.0;

/// The pictures of all bands.
#[derive(Default)]
pub struct BandPictures(Vec<Option<BandPicture>>);

impl BandPictures {
    /// Draws band number `n`. Says what could not be shown as it is.
    pub fn show(
        &mut self,
        ui: &Ui,
        theme: &Palette,
        n: usize,
        band: &RasterBand,
        key: BandKey,
    ) -> Option<BandCompromise> {
        if self.0.len() <= n {
            self.0.resize_with(n + 1, || None);
        }
        let slot = &mut self.0[n];
        let picture = match slot.take() {
            Some(picture) if picture.key == key => picture,
            old => BandPicture::new(ui, theme, n, band, key, old),
        };
        let picture = slot.insert(picture);
        let BandKey { axis, place, .. } = &picture.key;
        let rect = Rect::from_x_y_ranges(axis.x, place.y);
        // marks at the edge may reach over it a little
        let painter = ui.painter().with_clip_rect(ui.clip_rect().intersect(rect.expand2(vec2(0.0, 3.0))));
        if let Some(image) = &picture.image {
            let uv = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            painter.image(image.texture.id(), image.rect, uv, Color32::WHITE);
        }
        painter.add(Arc::clone(&picture.mesh));
        picture.compromise
    }
}

impl BandPicture {
    fn new(ui: &Ui, theme: &Palette, n: usize, band: &RasterBand, key: BandKey, old: Option<Self>) -> Self {
        let (mesh, old) = old.map_or((None, None), |o| (Arc::into_inner(o.mesh), o.image));
        // the old mesh's memory, unless it is still being drawn
        let mut mesh = mesh.unwrap_or_default();
        mesh.clear();
        let rings = band.output.then(|| watched::rings(&key.frame)).flatten();
        let sizes = MarkSizes::new(key.place.row(), key.axis.per_step(), key.pixels_per_point, rings.is_some());
        let changes = key.span.map(|span| model::edits(model::span(span, &key.frame), band.layer));
        let changes = ChangesInView::new(changes.unwrap_or_default(), &key.axis);
        let crowded = changes.number as f32 * ROOM_OF_A_CHANGE > key.axis.x.span() * key.place.y.span();

        let spikes = spikes_in_view(band.spikes, &key.axis);
        let grid = PixelGrid::new(&key.axis, &key.place, sizes, key.seen, key.pixels_per_point);
        let dense = spikes > MOST_BARS || (crowded && changes.number > MOST_BARS);
        let (texture, texels) = old.map_or((None, None), |o| (Some(o.texture), Some(o.texels)));
        let mut image = dense.then(|| grid.image(band.spikes, theme.ink, texels));

        let mut drawing = BandDrawing { mesh: &mut mesh, theme, key: &key, sizes };
        if let Some(rings) = rings {
            drawing.rings(rings, band.spikes);
        }
        if !dense {
            drawing.spikes(band.spikes, spikes);
        }
        match &mut image {
            Some(image) if crowded => changes.small_in(image, &grid, theme),
            _ if crowded => drawing.small(&changes),
            _ => drawing.marks(&changes),
        }
        let compromise = match dense && grid.shares() {
            true => Some(BandCompromise::Density(spikes)),
            false => crowded.then_some(BandCompromise::Crowded),
        };
        let image = image.map(|texels| {
            let texels = Arc::new(texels);
            let texture = match texture {
                Some(mut texture) => {
                    texture.set(Arc::clone(&texels), TextureOptions::NEAREST);
                    texture
                }
                None => ui.load_texture(format!("band {n}"), Arc::clone(&texels), TextureOptions::NEAREST),
            };
            BandImage { texture, rect: grid.rect(), texels }
        });
        Self { mesh: Arc::new(mesh), image, compromise, key }
    }
}

/// The changes of a layer that can be seen.
struct ChangesInView<'a> {
    edits: &'a [(u32, Edit)],
    from: f64,
    to: f64,
    number: usize,
}

impl<'a> ChangesInView<'a> {
    fn new(edits: &'a [(u32, Edit)], axis: &TimeAxis) -> Self {
        let mut changes = Self { edits, from: axis.from - 1.0, to: axis.to, number: 0 };
        changes.number = changes.iter().count();
        changes
    }

    fn iter(&self) -> impl Iterator<Item = (u32, Edit)> {
        let seen = |step: u32| (self.from..self.to).contains(&f64::from(step));
        self.edits.iter().copied().filter(move |e| match e.1 {
            Edit::Kept { .. } => false,
            Edit::Created { step } | Edit::Removed { step } => seen(step),
            Edit::Shifted { from, to } => seen(from) || seen(to),
        })
    }

    /// The same in the order in which they are drawn: new spikes lie above all else.
    fn layered(&self) -> impl Iterator<Item = (u32, Edit)> {
        let created = |e: &(u32, Edit)| matches!(e.1, Edit::Created { .. });
        self.iter().filter(move |e| !created(e)).chain(self.iter().filter(created))
    }

    /// Draws them without their shapes, where there is no room for these.
    fn small_in(&self, image: &mut ColorImage, grid: &PixelGrid, theme: &Palette) {
        for (unit, edit) in self.layered() {
            match edit {
                Edit::Shifted { from, to } => grid.line(image, unit, from, to, theme.shifted),
                Edit::Removed { step } => grid.bar(image, step, unit, theme.removed),
                Edit::Created { step } => grid.bar(image, step, unit, theme.created),
                Edit::Kept { .. } => {}
            }
        }
    }
}

/// A mesh that is being filled: rings, then spikes, then what the updates did. Later ones lie above.
struct BandDrawing<'a> {
    mesh: &'a mut Mesh,
    theme: &'a Palette,
    key: &'a BandKey,
    sizes: MarkSizes,
}

impl BandDrawing<'_> {
    fn snap(&self, points: f32) -> f32 {
        (points * self.key.pixels_per_point).round() / self.key.pixels_per_point
    }

    fn bar(&mut self, step: u32, unit: u32, colour: Color32) {
        let (bar, BandKey { axis, place, .. }) = (self.sizes.bar, self.key);
        let left = self.snap(axis.x_of(step) - bar.x / 2.0);
        let top = self.snap(place.y_of(unit) - bar.y / 2.0);
        self.mesh.add_colored_rect(Rect::from_min_size(pos2(left, top), bar), colour);
    }

    /// The middle of a bar.
    fn at(&self, step: u32, unit: u32) -> Pos2 {
        let half = self.sizes.bar.x / 2.0;
        pos2(self.snap(self.key.axis.x_of(step) - half) + half, self.key.place.y_of(unit))
    }

    fn rings(&mut self, rings: &Raster, spikes: &Raster) {
        for (step, unit) in in_view(rings, &self.key.axis) {
            let centre = self.at(step, unit);
            if spikes.contains(step as usize, unit) {
                disc(self.mesh, centre, self.sizes.ring, self.theme.target.gamma_multiply(0.35));
            }
            self.mesh.ring(centre, self.sizes.ring, self.theme.target);
        }
    }

    fn spikes(&mut self, spikes: &Raster, number: usize) {
        self.mesh.reserve_vertices(4 * number);
        self.mesh.reserve_triangles(2 * number);
        for (step, unit) in in_view(spikes, &self.key.axis) {
            self.bar(step, unit, self.theme.ink);
        }
    }

    /// Changes without their shapes.
    fn small(&mut self, changes: &ChangesInView) {
        for (unit, edit) in changes.layered() {
            match edit {
                Edit::Shifted { from, to } => {
                    let ends = [from, to].map(|step| self.at(step, unit));
                    self.mesh.stroke(ends[0], ends[1], 1.0, self.theme.shifted);
                }
                Edit::Removed { step } => self.bar(step, unit, self.theme.removed),
                Edit::Created { step } => self.bar(step, unit, self.theme.created),
                Edit::Kept { .. } => {}
            }
        }
    }

    fn marks(&mut self, changes: &ChangesInView) {
        let (theme, sizes, row) = (self.theme, self.sizes, self.key.place.row());
        for (unit, edit) in changes.layered() {
            match edit {
                Edit::Shifted { from, to } => {
                    self.bar(from, unit, theme.shifted.gamma_multiply(0.4));
                    let [from, to] = [from, to].map(|step| self.at(step, unit));
                    shift(self.mesh, theme, from, to, sizes.bar.x);
                }
                Edit::Removed { step } => {
                    let centre = self.at(step, unit);
                    self.mesh.cross(centre, sizes.cross, theme.removed);
                }
                Edit::Created { step } => {
                    // in a tall row at the foot of its bar, so that the spike is still seen as one
                    let tall = row >= 12.0;
                    let radius = if tall { 4.2 } else { sizes.triangle };
                    // … but within its row
                    let foot = if tall { (sizes.bar.y / 2.0 + 0.5).min(row / 2.0 - radius) } else { 0.0 };
                    let centre = self.at(step, unit) + vec2(0.0, foot);
                    self.mesh.triangle(centre, radius + 1.0, theme.ground);
                    self.mesh.triangle(centre, radius, theme.created);
                }
                Edit::Kept { .. } => {}
            }
        }
    }
}

/// An arrow that stops at the bar it points to, on a ground that sets it off from the spikes around.
fn shift(mesh: &mut Mesh, theme: &Palette, from: Pos2, to: Pos2, bar: f32) {
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
