//! A sheet as pixels.

use egui::epaint::{CircleShape, Mesh, PathShape, TextShape};
use egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, TextureOptions, pos2, vec2};

use super::{Rgb, Sheet, SheetAlign, SheetMark, SheetText};
use crate::picture::{Bitmap, Offscreen};

/// Draws sheets. Fonts are made once, so one painter for many frames of a film is quicker than one for each.
#[derive(Default)]
pub struct SheetPainter {
    screen: Offscreen,
}

impl SheetPainter {
    /// The sheet at so many pixels for a point.
    pub fn picture(&mut self, sheet: &Sheet, scale: f32) -> Bitmap {
        let size = vec2(sheet.size[0], sheet.size[1]);
        let whole = Rect::from_min_size(Pos2::ZERO, size);
        self.screen.frames(1, size, scale, |ui| {
            let painter = ui.painter().with_clip_rect(whole);
            painter.rect_filled(whole, 0.0, colour(sheet.ground));
            for mark in &sheet.marks {
                draw(ui.ctx(), &painter, mark);
            }
        });
        self.screen.picture()
    }
}

fn colour([r, g, b]: Rgb) -> Color32 {
    Color32::from_rgb(r, g, b)
}

fn draw(ctx: &egui::Context, painter: &Painter, mark: &SheetMark) {
    match mark {
        SheetMark::Bars { colour: rgb, bars } => {
            let mut mesh = Mesh::default();
            for &[x, y, w, h] in bars {
                mesh.add_colored_rect(Rect::from_min_size(pos2(x, y), vec2(w, h)), colour(*rgb));
            }
            painter.add(mesh);
        }
        SheetMark::Polygons { colour: rgb, rim, polygons } => {
            let shape = |polygon: &Vec<[f32; 2]>| {
                let points = polygon.iter().map(|p| Pos2::from(*p)).collect();
                let rim = if *rim > 0.0 { Stroke::new(*rim, colour(*rgb)) } else { Stroke::NONE };
                Shape::Path(PathShape::convex_polygon(points, colour(*rgb), rim))
            };
            painter.extend(polygons.iter().map(shape));
        }
        SheetMark::Lines { colour: rgb, width, dash, lines } => {
            for line in lines {
                let (points, stroke): (Vec<Pos2>, _) =
                    (line.iter().map(|p| Pos2::from(*p)).collect(), Stroke::new(*width, colour(*rgb)));
                match dash {
                    Some([on, off]) => painter.extend(Shape::dashed_line(&points, stroke, *on, *off)),
                    None => drop(painter.add(Shape::line(points, stroke))),
                }
            }
        }
        SheetMark::Circles { colour: rgb, radius, ring, centres } => {
            let shape = |centre: &[f32; 2]| match ring {
                Some(width) => CircleShape::stroke((*centre).into(), *radius, Stroke::new(*width, colour(*rgb))),
                None => CircleShape::filled((*centre).into(), *radius, colour(*rgb)),
            };
            painter.extend(centres.iter().map(|centre| Shape::Circle(shape(centre))));
        }
        SheetMark::Text(text) => self::text(painter, text),
        SheetMark::Cells { at: [x, y, w, h], columns, rgb } => {
            let pixels = rgb.iter().map(|rgb| colour(*rgb)).collect();
            let image = egui::ColorImage::new([*columns, rgb.len() / (*columns).max(1)], pixels);
            let texture = ctx.load_texture("cells", image, TextureOptions::NEAREST);
            let rect = Rect::from_min_size(pos2(*x, *y), vec2(*w, *h));
            painter.image(texture.id(), rect, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), Color32::WHITE);
        }
    }
}

fn text(painter: &Painter, t: &SheetText) {
    let font = FontId::proportional(t.size);
    if !t.upwards {
        let align = match t.align {
            SheetAlign::Left => Align2::LEFT_CENTER,
            SheetAlign::Middle => Align2::CENTER_CENTER,
            SheetAlign::Right => Align2::RIGHT_CENTER,
        };
        painter.text(t.at.into(), align, &t.text, font, colour(t.colour));
        return;
    }
    let galley = painter.layout_no_wrap(t.text.clone(), font, colour(t.colour));
    let along = match t.align {
        SheetAlign::Left => 0.0,
        SheetAlign::Middle => galley.size().x / 2.0,
        SheetAlign::Right => galley.size().x,
    };
    let at = pos2(t.at[0] - galley.size().y / 2.0, t.at[1] + along);
    painter.add(TextShape::new(at, galley, colour(t.colour)).with_angle(-std::f32::consts::FRAC_PI_2));
}
