//! From egui's clipped meshes to pixels.

use std::collections::HashMap;

use egui::epaint::{ClippedPrimitive, ImageData, Mesh, Primitive, Vertex};
use egui::{Color32, Rect, TextureId, TexturesDelta};

use super::coverage::{self, FARTHEST, PixelWindow, SubPixel};
use super::ink::{Ink, InkCorner, Pixel};
use super::texture::Texture;
use super::{Bitmap, guard};

/// Draws what egui tessellated, and keeps the textures for it.
#[derive(Default)]
pub struct Rasteriser {
    textures: HashMap<TextureId, Texture>,
    /// Freed by the last delta, but the frame that came with it may still be drawn with them.
    freed: Vec<TextureId>,
}

impl Rasteriser {
    /// Takes over the changes of a frame, before it is painted, and leaves `delta` empty.
    pub fn apply(&mut self, delta: &mut TexturesDelta) {
        for id in self.freed.drain(..) {
            self.textures.remove(&id);
        }
        #[expect(clippy::iter_over_hash_type, reason = "each texture changes by itself, and its changes are in order")]
        for (id, changes) in delta.set.drain() {
            for change in changes {
                let ImageData::Color(image) = &change.image;
                match change.pos {
                    None => {
                        self.textures.insert(id, Texture::new(image, change.options));
                    }
                    Some(at) => {
                        if let Some(texture) = self.textures.get_mut(&id) {
                            texture.patch(at, image, change.options);
                        }
                    }
                }
            }
        }
        self.freed.extend(delta.free.drain());
    }

    /// Paints `primitives` on a ground of `background` (laid over black when it is translucent).
    ///
    /// `size_px` is the picture's width and height in pixels, `pixels_per_point` the scale the primitives were
    /// tessellated for. Paint callbacks are left out, and so are meshes whose texture is unknown.
    pub fn paint(
        &self,
        size_px: [usize; 2],
        pixels_per_point: f32,
        background: Color32,
        primitives: &[ClippedPrimitive],
    ) -> Bitmap {
        let [width, height] = size_px;
        let ground = [background.r(), background.g(), background.b(), 255];
        let mut canvas = PixelCanvas { width, pixels: vec![ground; width * height], pixels_per_point };
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id).filter(|texture| !texture.is_empty()) else {
                continue;
            };
            let window = window(*clip_rect, pixels_per_point, size_px);
            if !window.x.is_empty() && !window.y.is_empty() {
                canvas.mesh(mesh, texture, &window);
            }
        }
        Bitmap { width, height, rgba: canvas.pixels.into_flattened() }
    }
}

/// The clip rectangle in whole pixels, within the picture.
fn window(clip: Rect, pixels_per_point: f32, [width, height]: [usize; 2]) -> PixelWindow {
    let pixels = |points: f32, end: usize| ((points * pixels_per_point).round() as i64).clamp(0, end as i64);
    PixelWindow {
        x: pixels(clip.min.x, width)..pixels(clip.max.x, width),
        y: pixels(clip.min.y, height)..pixels(clip.max.y, height),
    }
}

/// The picture while it is painted.
struct PixelCanvas {
    width: usize,
    pixels: Vec<Pixel>,
    pixels_per_point: f32,
}

impl PixelCanvas {
    fn mesh(&mut self, mesh: &Mesh, texture: &Texture, window: &PixelWindow) {
        let mut rest = mesh.indices.as_slice();
        while let [i, j, k, after @ ..] = rest {
            if let Some(corners) = rest.first_chunk().and_then(|six| rectangle(mesh, *six)) {
                rest = &rest[6..];
                self.rectangle(corners, texture, window);
                continue;
            }
            rest = after;
            if let [Some(a), Some(b), Some(c)] = [i, j, k].map(|&index| mesh.vertices.get(index as usize)) {
                self.triangle([*a, *b, *c], texture, window);
            }
        }
    }

    fn triangle(&mut self, vertices: [Vertex; 3], texture: &Texture, window: &PixelWindow) {
        if self.are_near(&vertices) {
            self.near_triangle(vertices, texture, window);
            return;
        }
        let polygon = guard::cut(vertices, FARTHEST / self.pixels_per_point);
        for i in 2..polygon.len() {
            self.near_triangle([polygon[0], polygon[i - 1], polygon[i]], texture, window);
        }
    }

    fn near_triangle(&mut self, vertices: [Vertex; 3], texture: &Texture, window: &PixelWindow) {
        let corners = vertices.map(|vertex| self.corner(vertex, texture));
        // Deferred, because most of the many thin triangles around smooth edges cover no pixel at all.
        let mut ink = None;
        coverage::triangle(corners.map(|corner| corner.at), window, |y, columns| {
            if let Some(ink) = ink.get_or_insert_with(|| Ink::new(corners, texture)) {
                ink.lay(columns.start, y, self.row(y, columns));
            }
        });
    }

    /// An upright rectangle, by its top left, top right, bottom left and bottom right corner or the like.
    fn rectangle(&mut self, [p, q, r, s]: [Vertex; 4], texture: &Texture, window: &PixelWindow) {
        if !self.are_near(&[p, s]) {
            self.triangle([p, q, r], texture, window);
            self.triangle([r, q, s], texture, window);
            return;
        }
        let corners = [p, q, r].map(|vertex| self.corner(vertex, texture));
        let Some(ink) = Ink::new(corners, texture) else { return };
        coverage::rectangle([corners[0].at, self.corner(s, texture).at], window, |y, columns| {
            ink.lay(columns.start, y, self.row(y, columns));
        });
    }

    fn row(&mut self, y: i64, columns: std::ops::Range<i64>) -> &mut [Pixel] {
        let start = y as usize * self.width;
        &mut self.pixels[start + columns.start as usize..start + columns.end as usize]
    }

    fn are_near(&self, vertices: &[Vertex]) -> bool {
        let limit = FARTHEST / self.pixels_per_point;
        vertices.iter().all(|vertex| guard::is_near(vertex, limit))
    }

    fn corner(&self, vertex: Vertex, texture: &Texture) -> InkCorner {
        let [columns, rows] = texture.size();
        InkCorner {
            at: SubPixel::from_pixels(vertex.pos.x * self.pixels_per_point, vertex.pos.y * self.pixels_per_point),
            uv: [vertex.uv.x * columns, vertex.uv.y * rows],
            colour: vertex.color,
        }
    }
}

/// The corners of an upright rectangle of one colour, opposite ones first and last, if that is what these two triangles
/// are: most backgrounds, letters, images and spikes.
fn rectangle(mesh: &Mesh, [a, b, c, d, e, f]: [u32; 6]) -> Option<[Vertex; 4]> {
    let (first, second) = ([a, b, c], [d, e, f]);
    let alone = first.into_iter().find(|i| !second.contains(i))?;
    let opposite = second.into_iter().find(|i| !first.contains(i))?;
    let mut shared = first.into_iter().filter(|i| second.contains(i));
    let vertex = |i: u32| mesh.vertices.get(i as usize).copied();
    let (p, q, r, s) = (vertex(alone)?, vertex(shared.next()?)?, vertex(shared.next()?)?, vertex(opposite)?);

    let one_colour = p.color == q.color && p.color == r.color && p.color == s.color;
    // `q` next to `p` and `r` above or below it, or the other way round; the texture likewise.
    let upright = |beside: &Vertex, below: &Vertex| {
        let square = |p: egui::Pos2, beside: egui::Pos2, below: egui::Pos2, s: egui::Pos2| {
            p.y == beside.y && p.x == below.x && s.x == beside.x && s.y == below.y
        };
        square(p.pos, beside.pos, below.pos, s.pos) && square(p.uv, beside.uv, below.uv, s.uv)
    };
    (one_colour && (upright(&q, &r) || upright(&r, &q))).then_some([p, q, r, s])
}

#[cfg(test)]
mod tests;
