//! Triangles that reach farther than the whole-number arithmetic of [`super::coverage`] does.
//!
//! They happen: egui draws "infinite" rectangles, and a plot zoomed in far has lines that end a million pixels away.
//! Moving such a corner closer would turn its edges, so the triangle is cut at the limit instead.

use egui::Pos2;
use egui::epaint::Vertex;

/// Does the vertex lie within `limit` (points) of the origin, in x and in y? Never for NaN.
#[inline]
pub fn is_near(vertex: &Vertex, limit: f32) -> bool {
    vertex.pos.x.abs() <= limit && vertex.pos.y.abs() <= limit
}

/// The part of the triangle within `limit` (points), as corners of a convex polygon; empty for NaN and infinity.
pub fn cut(triangle: [Vertex; 3], limit: f32) -> Vec<Vertex> {
    if !triangle.iter().all(|vertex| vertex.pos.is_finite()) {
        return Vec::new();
    }
    let sides: [fn(Pos2) -> f32; 4] = [|p| p.x, |p| -p.x, |p| p.y, |p| -p.y];
    sides.into_iter().fold(triangle.to_vec(), |polygon, side| {
        let room = |vertex: &Vertex| f64::from(limit) - f64::from(side(vertex.pos));
        let mut kept = Vec::with_capacity(polygon.len() + 1);
        for (i, a) in polygon.iter().enumerate() {
            let b = &polygon[(i + 1) % polygon.len()];
            if room(a) >= 0.0 {
                kept.push(*a);
            }
            if (room(a) >= 0.0) != (room(b) >= 0.0) {
                kept.push(between(a, b, room(a) / (room(a) - room(b))));
            }
        }
        kept
    })
}

/// The vertex at the share `t` of the way from `a` to `b`.
fn between(a: &Vertex, b: &Vertex, t: f64) -> Vertex {
    let mix = |a: f32, b: f32| (f64::from(a) + (f64::from(b) - f64::from(a)) * t) as f32;
    let mix_pos = |a: Pos2, b: Pos2| Pos2::new(mix(a.x, b.x), mix(a.y, b.y));
    Vertex { pos: mix_pos(a.pos, b.pos), uv: mix_pos(a.uv, b.uv), color: a.color.lerp_to_gamma(b.color, t as f32) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Color32, pos2};

    fn triangle(corners: [(f32, f32); 3]) -> [Vertex; 3] {
        corners.map(|(x, y)| Vertex::untextured(pos2(x, y), Color32::WHITE))
    }

    #[test]
    fn what_is_near_stays() {
        let near = triangle([(0.0, 0.0), (9.0, 0.0), (0.0, -9.0)]);
        assert_eq!(cut(near, 10.0), near);
        assert!(near.iter().all(|vertex| is_near(vertex, 9.0)));
    }

    #[test]
    fn what_is_far_is_cut_along_its_own_edges() {
        let polygon = cut(triangle([(0.0, 0.0), (100.0, 50.0), (0.0, 50.0)]), 10.0);
        let corners: Vec<_> = polygon.iter().map(|vertex| (vertex.pos.x, vertex.pos.y)).collect();
        assert_eq!(corners, [(0.0, 0.0), (10.0, 5.0), (10.0, 10.0), (0.0, 10.0)]);
    }

    #[test]
    fn what_is_nowhere_goes() {
        assert!(cut(triangle([(0.0, 0.0), (f32::NAN, 1.0), (1.0, 1.0)]), 10.0).is_empty());
        assert!(cut(triangle([(0.0, 0.0), (f32::INFINITY, 1.0), (1.0, 1.0)]), 10.0).is_empty());
        assert!(cut(triangle([(20.0, 0.0), (30.0, 1.0), (20.0, 1.0)]), 10.0).is_empty());
    }
}
