//! A small picture of each kind of task, painted: nothing of it is read from a file.

use std::sync::LazyLock;

use egui::epaint::Mesh;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

use crate::gui::theme::{Marks, Palette};
use crate::picture::colormap::viridis;
use crate::task::digits::{Digits, SIDE};
use crate::task::{LatencyCode, Source, Split, TaskKind, yin_yang};

/// Paints what the samples of a kind look like into `rect`.
pub fn paint(painter: &Painter, rect: Rect, kind: TaskKind, theme: &Palette) {
    let painter = painter.with_clip_rect(rect.intersect(painter.clip_rect()));
    painter.rect_filled(rect, 3.0, theme.ground);
    let inner = rect.shrink(7.0);
    let mut mesh = Mesh::default();
    match kind {
        TaskKind::Trains => trains(&mut mesh, inner, theme),
        TaskKind::Digits => digits(&mut mesh, inner, theme),
        TaskKind::YinYang => points(&mut mesh, inner, theme),
        TaskKind::Images => latency(&mut mesh, inner, theme),
        TaskKind::Nmnist => events(&mut mesh, inner, theme),
        TaskKind::Own => sheet(&painter, &mut mesh, inner, theme),
        TaskKind::Picture => drawing(&mut mesh, inner, theme),
    }
    painter.add(Shape::mesh(mesh));
}

/// A number from 0 to 1 for a place, always the same: what looks random in a picture.
fn noise(x: usize, y: usize) -> f32 {
    let mut bits = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ bits >> 15).wrapping_mul(0x2c1b_3c6d);
    bits = (bits ^ bits >> 12).wrapping_mul(0x297a_2d39);
    (bits ^ bits >> 15) as f32 / u32::MAX as f32
}

/// Rows of spikes, and below them rings, most of them hit.
fn trains(mesh: &mut Mesh, rect: Rect, theme: &Palette) {
    let (columns, rows) = (32, 7);
    let step = vec2(rect.width() / columns as f32, (rect.height() - 24.0) / rows as f32);
    for (x, y) in (0..columns).flat_map(|x| (0..rows).map(move |y| (x, y))).filter(|&(x, y)| noise(x, y) < 0.2) {
        let at = rect.min + step * vec2(x as f32 + 0.5, y as f32 + 0.5);
        mesh.bar(at, vec2(1.5, step.y - 2.0), theme.faint);
    }
    for (x, y, hit) in [(5, 0, true), (21, 0, true), (11, 1, true), (27, 1, false)] {
        let at = pos2(rect.left() + step.x * (x as f32 + 0.5), rect.bottom() - 17.0 + 13.0 * y as f32);
        mesh.ring(at, 4.5, theme.target);
        let aside = if hit { 0.0 } else { -2.0 * step.x };
        mesh.bar(at + vec2(aside, 0.0), vec2(2.0, 8.0), theme.ink);
    }
}

/// Some digits of the program's own, of different classes.
static DIGITS: LazyLock<Vec<[u8; SIDE * SIDE]>> = LazyLock::new(|| {
    let digits = Digits::new(0, Split::Train, 40, LatencyCode::default());
    let first = |label| (0..digits.len()).find(|&k| digits.label(k) == label);
    [2, 5, 8].into_iter().filter_map(first).map(|k| digits.pixels(k)).collect()
});

/// The cells of a digit with any ink: column, row, grey value.
fn cells(digit: &[u8]) -> impl Iterator<Item = (usize, usize, u8)> {
    digit.iter().enumerate().filter(|(_, grey)| **grey > 0).map(|(place, &grey)| (place % SIDE, place / SIDE, grey))
}

fn cell(mesh: &mut Mesh, origin: Pos2, size: f32, x: usize, y: usize, colour: Color32) {
    let corner = origin + size * vec2(x as f32, y as f32);
    mesh.add_colored_rect(Rect::from_min_size(corner, Vec2::splat(size)), colour);
}

fn digits(mesh: &mut Mesh, rect: Rect, theme: &Palette) {
    let size = (rect.height() / SIDE as f32).min(rect.width() / (3 * SIDE) as f32);
    let side = size * SIDE as f32;
    for (n, digit) in DIGITS.iter().enumerate() {
        let origin = pos2(rect.center().x + (n as f32 - 1.5) * side, rect.center().y - side / 2.0);
        for (x, y, grey) in cells(digit) {
            cell(mesh, origin, size, x, y, theme.ink.gamma_multiply(f32::from(grey) / 255.0));
        }
    }
}

/// Points of the disc with their classes.
fn points(mesh: &mut Mesh, rect: Rect, theme: &Palette) {
    // whole points apart, so that all dots look alike
    const APART: f32 = 3.0;
    let across = (rect.height() / APART) as usize;
    let corner = (rect.center() - Vec2::splat(APART * across as f32 / 2.0)).round();
    let colours = [theme.faint.gamma_multiply(0.45), theme.ink, theme.target];
    for (x, y) in (0..across).flat_map(|x| (0..across).map(move |y| (x, y))) {
        let [u, v] = yin_yang::cell_centre(y * across + x, across);
        let Some(class) = yin_yang::class_of(u, v) else { continue };
        let at = corner + APART * vec2(x as f32, (across - 1 - y) as f32);
        mesh.add_colored_rect(Rect::from_min_size(at, Vec2::splat(2.0)), colours[class]);
    }
}

/// An image, and its pixels as spikes: the brighter, the earlier.
fn latency(mesh: &mut Mesh, rect: Rect, theme: &Palette) {
    let Some(digit) = DIGITS.get(1) else { return };
    let size = rect.height() / SIDE as f32;
    let (left, right) = (rect.left() + 4.0, rect.left() + rect.height() + 22.0);
    let code = LatencyCode::default();
    let colour = |share: f32| viridis(if theme.dark { 1.0 - 0.8 * share } else { 0.85 * share });
    for (x, y, grey) in cells(digit) {
        let Some(step) = code.step(grey) else { continue };
        let share = step as f32 / code.latest as f32;
        cell(mesh, pos2(left, rect.top()), size, x, y, colour(share));
        // columns of the image are told apart within the step's own room
        let across = (rect.right() - right - 4.0) / (code.latest + 1) as f32;
        let at = pos2(right + across * (step as f32 + x as f32 / SIDE as f32), rect.top() + size * (y as f32 + 0.5));
        mesh.bar(at, vec2(1.2, size), colour(share));
    }
    let x = right - 7.0;
    mesh.stroke(pos2(x, rect.top()), pos2(x, rect.bottom()), 1.0, theme.line);
}

/// A digit as its edges pass a camera: brighter and darker, one colour each.
fn events(mesh: &mut Mesh, rect: Rect, theme: &Palette) {
    let Some(digit) = DIGITS.first() else { return };
    let size = rect.height() / SIDE as f32;
    let grey = |x: usize, y: usize| digit.get(y * SIDE + x).map_or(0, |g| i32::from(*g));
    for (glance, shift) in [-1.05, 0.0, 1.05].into_iter().enumerate() {
        let origin = pos2(rect.center().x + shift * 0.8 * rect.height() - rect.height() / 2.0, rect.top());
        for (x, y) in (1..SIDE).flat_map(|x| (1..SIDE).map(move |y| (x, y))) {
            // the camera jerks in another direction at each glance
            let (dx, dy) = [(1, 0), (0, 1), (1, 1)][glance];
            let change = grey(x, y) - grey(x - dx, y - dy);
            if change.abs() < 40 || noise(x + 31 * glance, y) < 0.1 {
                continue;
            }
            let colour = if change > 0 { theme.timing } else { theme.removed };
            mesh.bar(origin + size * vec2(x as f32 + 0.5, y as f32 + 0.5), Vec2::splat(0.8 * size), colour);
        }
    }
}

/// A sheet with a folded corner, and spikes on it.
fn sheet(painter: &Painter, mesh: &mut Mesh, rect: Rect, theme: &Palette) {
    let paper = Rect::from_center_size(rect.center(), vec2(1.25 * rect.height(), rect.height()));
    let fold = 14.0;
    let corner = [paper.right_top() + vec2(-fold, 0.0), paper.right_top() + vec2(0.0, fold)];
    let outline = vec![paper.left_top(), corner[0], corner[1], paper.right_bottom(), paper.left_bottom()];
    painter.add(Shape::convex_polygon(outline, theme.panel, Stroke::new(1.5, theme.faint)));
    let inner = corner[0] + vec2(0.0, fold);
    painter.add(Shape::line(vec![corner[0], inner, corner[1]], Stroke::new(1.5, theme.faint)));
    let (columns, rows) = (16, 5);
    let page = Rect::from_min_max(paper.min + vec2(9.0, fold + 5.0), paper.max - vec2(9.0, 7.0));
    let step = page.size() / vec2(columns as f32, rows as f32);
    for (x, y) in (0..columns).flat_map(|x| (0..rows).map(move |y| (x, y))).filter(|&(x, y)| noise(x + 7, y + 3) < 0.3)
    {
        let at = page.min + step * vec2(x as f32 + 0.5, y as f32 + 0.5);
        mesh.bar(at, vec2(1.5, step.y - 2.5), theme.ink);
    }
}

/// A landscape under a sun, of spikes.
fn drawing(mesh: &mut Mesh, rect: Rect, theme: &Palette) {
    let step = vec2(3.0, 5.0);
    let corner = rect.min.round();
    let [columns, rows] = [rect.width() / step.x, rect.height() / step.y].map(|n| n as usize);
    for (x, y) in (0..columns).flat_map(|x| (0..rows).map(move |y| (x, y))) {
        let at = vec2(x as f32 + 0.5, y as f32 + 0.5) * step;
        let (u, v) = (at.x / rect.width(), at.y / rect.height());
        let far = 0.56 - 0.26 * (1.0 - (3.6 * (u - 0.32)).abs()).max(0.0);
        let near = 0.72 - 0.34 * (1.0 - (2.6 * (u - 0.7)).abs()).max(0.0);
        let sun = (at - vec2(0.84 * rect.width(), 0.2 * rect.height())).length() < 0.15 * rect.height();
        // the far side is thin, the near one dense
        let share = if v > near {
            0.95
        } else if v > far {
            0.5
        } else {
            0.0
        };
        if sun || noise(x, y) < share {
            let spike = Rect::from_min_size(corner + step * vec2(x as f32, y as f32), vec2(1.0, 4.0));
            mesh.add_colored_rect(spike, if sun { theme.target } else { theme.ink });
        }
    }
}
