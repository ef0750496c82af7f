//! The painted marks: the fonts lack half of the glyphs that one would reach for.

use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Color32, Pos2, Vec2, vec2};

/// Marks as triangles of one mesh, so that ten thousand of them cost what one does. Sizes in points.
pub trait Marks {
    /// A filled rectangle: a spike.
    fn bar(&mut self, centre: Pos2, size: Vec2, colour: Color32);
    /// A filled triangle, point up: a spike that was created.
    fn triangle(&mut self, centre: Pos2, radius: f32, colour: Color32);
    /// A filled triangle with these corners.
    fn triangle_of(&mut self, corners: [Pos2; 3], colour: Color32);
    /// Two crossed strokes: a spike that was removed.
    fn cross(&mut self, centre: Pos2, radius: f32, colour: Color32);
    /// A line with a head, from where a spike was to where it is.
    fn arrow(&mut self, from: Pos2, to: Pos2, colour: Color32);
    /// An open circle: where a spike should be.
    fn ring(&mut self, centre: Pos2, radius: f32, colour: Color32);
    /// A straight stroke.
    fn stroke(&mut self, from: Pos2, to: Pos2, width: f32, colour: Color32);
}

fn polygon(mesh: &mut Mesh, points: &[Pos2], colour: Color32) {
    let first = mesh.vertices.len() as u32;
    mesh.vertices.extend(points.iter().map(|&pos| Vertex { pos, uv: WHITE_UV, color: colour }));
    for k in 1..points.len() as u32 - 1 {
        mesh.indices.extend([first, first + k, first + k + 1]);
    }
}

impl Marks for Mesh {
    fn bar(&mut self, c: Pos2, size: Vec2, colour: Color32) {
        self.add_colored_rect(egui::Rect::from_center_size(c, size), colour);
    }

    fn triangle(&mut self, c: Pos2, r: f32, colour: Color32) {
        polygon(self, &[c + vec2(0.0, -r), c + vec2(r, 0.8 * r), c + vec2(-r, 0.8 * r)], colour);
    }

    fn triangle_of(&mut self, corners: [Pos2; 3], colour: Color32) {
        polygon(self, &corners, colour);
    }

    fn cross(&mut self, c: Pos2, r: f32, colour: Color32) {
        self.stroke(c + vec2(-r, -r), c + vec2(r, r), 1.6, colour);
        self.stroke(c + vec2(-r, r), c + vec2(r, -r), 1.6, colour);
    }

    fn arrow(&mut self, from: Pos2, to: Pos2, colour: Color32) {
        let along = (to - from).normalized();
        let head = (to - from).length().min(5.0);
        let neck = to - along * head;
        self.stroke(from, neck, 1.2, colour);
        polygon(self, &[to, neck + along.rot90() * 3.0, neck - along.rot90() * 3.0], colour);
    }

    fn ring(&mut self, c: Pos2, r: f32, colour: Color32) {
        const SIDES: u32 = 12;
        let first = self.vertices.len() as u32;
        for k in 0..SIDES {
            let (sin, cos) = (k as f32 / SIDES as f32 * std::f32::consts::TAU).sin_cos();
            for radius in [r - 0.7, r + 0.7] {
                let pos = c + radius * vec2(cos, sin);
                self.vertices.push(Vertex { pos, uv: WHITE_UV, color: colour });
            }
            let (here, next) = (first + 2 * k, first + 2 * ((k + 1) % SIDES));
            self.indices.extend([here, here + 1, next, next, here + 1, next + 1]);
        }
    }

    fn stroke(&mut self, from: Pos2, to: Pos2, width: f32, colour: Color32) {
        let side = (to - from).normalized().rot90() * (width / 2.0);
        polygon(self, &[from + side, to + side, to - side, from - side], colour);
    }
}
