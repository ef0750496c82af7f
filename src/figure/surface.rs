//! The loss on a plane as a surface of flat facets and upright cliffs: polygons, from the back to the front.

use egui::epaint::Vertex;
use egui::{Color32, Rect, pos2};

use super::colouring::FigureColouring;
use super::landscape::{axes, colour_bar, measured, rgb};
use super::options::FigureOptions;
use super::plot::{FigurePen, FigurePlot, above};
use super::scene::{FigureLandscape, FigureScene};
use super::style::FigureStyle;
use crate::picture::colormap::{OVER, UNDER, viridis};
use crate::picture::sheet::{Sheet, SheetAlign, SheetMark};
use crate::picture::solid::{SolidSurface, SurfaceProjection, Viewpoint};

pub fn sheet(scene: &FigureScene, options: &FigureOptions, style: &FigureStyle) -> Result<Sheet, String> {
    let m = measured(scene)?;
    let (grid, font, shown) = (m.landscape.grid, style.font, FigureColouring::new(m, options)?);
    let heights = shown.heights(&m.landscape);
    if heights.iter().all(|height| height.is_nan()) {
        return Err("No value of the landscape is finite, so there is no surface.".into());
    }
    let (left, bar, top) = (2.0 * font, 7.0 * font, above(style));
    let width = style.width_pt() - left - bar;
    let height = (0.75 * width).max(6.0 * font);
    let plot = FigurePlot { left, top, width, height, x: [0.0, 1.0], y: [0.0, 1.0] };
    let mut pen = FigurePen::new(style, top + height + 1.6 * font);
    pen.title(left, &super::title(super::FigureView::Landscape, scene));
    let colours = shown.values.iter().map(|value| shown.place(*value).map_or(Color32::TRANSPARENT, viridis));
    let colours: Vec<Color32> = colours.collect();
    let [azimuth, elevation] = options.surface.unwrap_or_default();
    // names stand below and beside the ground
    let area = Rect::from_min_max(pos2(left + 2.0 * font, top), pos2(plot.right() - 2.0 * font, plot.bottom() - font));
    let projection = SurfaceProjection::new(Viewpoint { azimuth, elevation, zoom: 1.0 }, area);
    let solid = SolidSurface { points: grid.points, heights: &heights, colours: &colours, projection };
    facets(&mut pen, &solid);
    path(&mut pen, m, &solid);
    names(&mut pen, m, &solid, area);
    if let Some(scale) = shown.scale {
        colour_bar(&mut pen, &plot, scale, &shown.name());
    }
    Ok(pen.sheet)
}

/// Facets of one colour that follow each other are one mark.
fn facets(pen: &mut FigurePen, solid: &SolidSurface) {
    let p = &solid.projection;
    let ground = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)];
    let ground = ground.map(|(x, y)| p.pos(x, y, 0.0).into()).to_vec();
    pen.sheet.lines(pen.colours.line, pen.style.hair(), vec![ground]);
    let mesh = solid.mesh();
    // a facet is four corners
    for run in mesh.vertices.as_chunks::<4>().0.chunk_by(|one, next| one[0].color == next[0].color) {
        let polygon = |quad: &[Vertex; 4]| quad.iter().map(|corner| corner.pos.into()).collect();
        let (colour, polygons) = (rgb(run[0][0].color), run.iter().map(polygon).collect());
        pen.sheet.marks.push(SheetMark::Polygons { colour, rim: 0.15, polygons });
    }
}

/// The run's path at the height of the surface, and its end in the centre.
fn path(pen: &mut FigurePen, m: &FigureLandscape, solid: &SolidSurface) {
    let (grid, font) = (m.landscape.grid, pen.font);
    // cells reach half a spacing beyond the outermost points
    let half = f64::from(grid.range) + f64::from(grid.spacing()) / 2.0;
    let place = |a: f64, b: f64| -> Option<[f32; 2]> {
        let cell = |x: f64| ((x + half) / (2.0 * half) * grid.points as f64).floor();
        let [i, j] = [cell(a), cell(b)];
        let inside = |k: f64| (0.0..grid.points as f64).contains(&k);
        let height = (inside(i) && inside(j)).then(|| solid.heights[i as usize * grid.points + j as usize])?;
        let height = if height.is_nan() { 0.0 } else { height };
        Some(solid.projection.pos((a / half) as f32, (b / half) as f32, height).into())
    };
    let feet: Vec<Option<[f32; 2]>> = m.path.points.iter().map(|p| place(p.foot.a, p.foot.b)).collect();
    let pieces: Vec<Vec<[f32; 2]>> =
        feet.split(Option::is_none).map(|piece| piece.iter().flatten().copied().collect()).collect();
    let start: Vec<[f32; 2]> = feet.first().copied().flatten().into_iter().collect();
    let centre: Vec<[f32; 2]> = place(0.0, 0.0).into_iter().collect();
    for (colour, more) in [(rgb(UNDER), 0.16 * font), (rgb(OVER), 0.0)] {
        pen.sheet.lines(colour, font / 8.0 + more, pieces.clone());
        pen.sheet.circles(colour, 0.4 * font, Some(font / 8.0 + more), start.clone());
        pen.sheet.circles(colour, 0.2 * font + more / 2.0, None, centre.clone());
    }
}

/// The names of the two directions, along the sides of the ground that are nearer to the eye.
fn names(pen: &mut FigurePen, m: &FigureLandscape, solid: &SolidSurface, area: Rect) {
    let p = &solid.projection;
    for (n, name) in axes(&m.spec.plane).into_iter().enumerate() {
        let side = |s: f32| {
            if n == 0 { [p.pos(0.0, s, 0.0), p.pos(1.0, s, 0.0)] } else { [p.pos(s, 0.0, 0.0), p.pos(s, 1.0, 0.0)] }
        };
        let [middle, end] = if side(1.0)[0].y > side(-1.0)[0].y { side(1.0) } else { side(-1.0) };
        let align = |x: f32| if x >= area.center().x { SheetAlign::Left } else { SheetAlign::Right };
        let at = [middle.x, middle.y + 0.9 * pen.font];
        pen.text(at, align(middle.x), pen.colours.ink, name);
        let range = m.landscape.grid.range.to_string();
        pen.text([end.x, end.y + 0.7 * pen.font], align(end.x), pen.colours.faint, range);
    }
}
