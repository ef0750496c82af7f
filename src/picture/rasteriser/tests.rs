use egui::epaint::ImageDelta;
use egui::{ColorImage, Pos2, TextureOptions, pos2};

use super::*;

const SIZE: [usize; 2] = [16, 12];

/// A rasteriser with egui's first texture: white, at least in its top left corner.
fn rasteriser() -> Rasteriser {
    let mut rasteriser = Rasteriser::default();
    set(
        &mut rasteriser,
        TextureId::default(),
        None,
        ColorImage::filled([8, 8], Color32::WHITE),
        TextureOptions::LINEAR,
    );
    rasteriser
}

fn set(to: &mut Rasteriser, id: TextureId, pos: Option<[usize; 2]>, image: ColorImage, options: TextureOptions) {
    let mut delta = TexturesDelta::default();
    delta.push(id, ImageDelta { image: image.into(), options, pos });
    to.apply(&mut delta);
    assert!(delta.is_empty());
}

fn everywhere() -> Rect {
    rect(0.0, 0.0, 16.0, 12.0)
}

fn rect(left: f32, top: f32, right: f32, bottom: f32) -> Rect {
    Rect::from_min_max(pos2(left, top), pos2(right, bottom))
}

fn clipped(clip_rect: Rect, mesh: Mesh) -> ClippedPrimitive {
    ClippedPrimitive { clip_rect, primitive: Primitive::Mesh(mesh) }
}

fn quad(rect: Rect, colour: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    mesh.add_colored_rect(rect, colour);
    mesh
}

/// A convex polygon as a fan around its first corner.
fn fan(corners: &[(f32, f32)], colour: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for &(x, y) in corners {
        mesh.colored_vertex(pos2(x, y), colour);
    }
    for i in 2..corners.len() as u32 {
        mesh.add_triangle(0, i - 1, i);
    }
    mesh
}

fn image(id: TextureId, rect: Rect) -> Mesh {
    let mut mesh = Mesh::with_texture(id);
    mesh.add_rect_with_uv(rect, self::rect(0.0, 0.0, 1.0, 1.0), Color32::WHITE);
    mesh
}

fn paint(rasteriser: &Rasteriser, background: Color32, meshes: &[Mesh]) -> Bitmap {
    let primitives: Vec<_> = meshes.iter().map(|mesh| clipped(everywhere(), mesh.clone())).collect();
    rasteriser.paint(SIZE, 1.0, background, &primitives)
}

/// The pixels whose red is `red`, counted, and the rectangle around them as left, top, right, bottom (exclusive).
fn extent(picture: &Bitmap, red: u8) -> (usize, [usize; 4]) {
    let mut count = 0;
    let mut around = [usize::MAX, usize::MAX, 0, 0];
    for y in 0..picture.height {
        for x in 0..picture.width {
            if picture.pixel(x, y).unwrap()[0] == red {
                count += 1;
                around = [around[0].min(x), around[1].min(y), around[2].max(x + 1), around[3].max(y + 1)];
            }
        }
    }
    (count, around)
}

fn reds(picture: &Bitmap, y: usize) -> Vec<u8> {
    (0..picture.width).map(|x| picture.pixel(x, y).unwrap()[0]).collect()
}

#[test]
fn a_solid_quad_covers_exactly_its_pixels() {
    let rasteriser = rasteriser();
    for mesh in [
        quad(rect(2.0, 3.0, 7.0, 9.0), Color32::RED),
        fan(&[(2.0, 3.0), (7.0, 3.0), (7.0, 9.0), (2.0, 9.0)], Color32::RED),
        // Not upright for the shortcut, because the corners do not quite line up.
        fan(&[(2.0, 3.0), (7.0, 3.001), (7.0, 9.0), (2.0, 9.0)], Color32::RED),
    ] {
        let picture = paint(&rasteriser, Color32::BLACK, &[mesh]);
        assert_eq!(extent(&picture, 255), (30, [2, 3, 7, 9]));
        assert_eq!(picture.pixel(2, 3), Some([255, 0, 0, 255]));
        assert_eq!(picture.pixel(1, 3), Some([0, 0, 0, 255]));
    }
}

#[test]
fn pixels_per_point_scale_positions_and_clips() {
    let mesh = quad(rect(1.0, 1.0, 3.0, 2.0), Color32::RED);
    let clip = rect(0.0, 0.0, 2.5, 12.0);
    let picture = rasteriser().paint(SIZE, 2.0, Color32::BLACK, &[clipped(clip, mesh)]);
    assert_eq!(extent(&picture, 255), (6, [2, 2, 5, 4]));
}

#[test]
fn shared_edges_leave_no_gap_and_no_double_blend() {
    let half = Color32::from_rgba_premultiplied(0, 0, 0, 128);
    let slanted = fan(&[(-1.0, -1.0), (17.0, -2.0), (17.0, 13.0), (-1.0, 14.0)], half);
    let hub = fan(&[(8.5, 6.5), (0.0, 0.0), (16.0, 0.0), (16.0, 12.0), (0.0, 12.0), (0.0, 0.0)], half);
    for mesh in [slanted, hub] {
        let picture = paint(&rasteriser(), Color32::WHITE, &[mesh]);
        assert!(picture.is_blank());
        assert_eq!(picture.pixel(0, 0), Some([127, 127, 127, 255]));
    }
}

#[test]
fn nothing_is_drawn_outside_of_the_clip_rectangle() {
    let mesh = fan(&[(-50.0, -20.0), (60.0, -20.0), (60.0, 70.0), (-50.0, 70.0)], Color32::RED);
    for (clip, expected) in [
        (rect(3.4, 2.6, 9.5, 11.0), (56, [3, 3, 10, 11])),
        (rect(-9.0, -9.0, 99.0, 99.0), (192, [0, 0, 16, 12])),
        (rect(20.0, 2.0, 30.0, 5.0), (0, [usize::MAX, usize::MAX, 0, 0])),
        (rect(9.0, 2.0, 4.0, 5.0), (0, [usize::MAX, usize::MAX, 0, 0])),
    ] {
        let picture = rasteriser().paint(SIZE, 1.0, Color32::BLACK, &[clipped(clip, mesh.clone())]);
        assert_eq!(extent(&picture, 255), expected, "{clip:?}");
    }
}

#[test]
fn blending_is_premultiplied_and_in_gamma_space() {
    let ground = Color32::from_rgb(200, 100, 0);
    let draw = |colour| paint(&rasteriser(), ground, &[quad(everywhere(), colour)]).pixel(4, 4).unwrap();
    assert_eq!(draw(Color32::from_rgb(1, 2, 3)), [1, 2, 3, 255]);
    // 60 + 200·(1 − 102/255), 0 + 100·0.6, 10 + 0
    assert_eq!(draw(Color32::from_rgba_premultiplied(60, 0, 10, 102)), [180, 60, 10, 255]);
    // Additive: alpha 0 hides nothing, and bright is as bright as it gets.
    assert_eq!(draw(Color32::from_rgba_premultiplied(60, 7, 0, 0)), [255, 107, 0, 255]);
    assert_eq!(draw(Color32::TRANSPARENT), [200, 100, 0, 255]);
}

#[test]
fn a_translucent_background_lies_on_black() {
    let picture = paint(&rasteriser(), Color32::from_rgba_premultiplied(12, 13, 14, 180), &[]);
    assert_eq!(picture.pixel(0, 0), Some([12, 13, 14, 255]));
}

#[test]
fn colours_run_evenly_between_corners() {
    let mut mesh = Mesh::default();
    let ends = [(0.0, 0), (16.0, 160)];
    for (x, grey) in ends {
        mesh.colored_vertex(pos2(x, 0.0), Color32::from_gray(grey));
        mesh.colored_vertex(pos2(x, 12.0), Color32::from_gray(grey));
    }
    mesh.add_triangle(0, 1, 2);
    mesh.add_triangle(1, 2, 3);
    let picture = paint(&rasteriser(), Color32::BLACK, &[mesh]);
    let expected: Vec<u8> = (0..16).map(|x| 10 * x + 5).collect();
    assert_eq!(reds(&picture, 0), expected);
    assert_eq!(reds(&picture, 11), expected);
}

#[test]
fn images_are_magnified_as_their_options_say() {
    let id = TextureId::User(7);
    let two = || ColorImage::new([2, 1], vec![Color32::BLACK, Color32::from_gray(160)]);
    let mut rasteriser = rasteriser();
    let mesh = image(id, rect(0.0, 0.0, 16.0, 12.0));

    set(&mut rasteriser, id, None, two(), TextureOptions::NEAREST);
    let row = reds(&paint(&rasteriser, Color32::RED, std::slice::from_ref(&mesh)), 5);
    assert_eq!(row, [[0; 8], [160; 8]].concat());

    set(&mut rasteriser, id, None, two(), TextureOptions::LINEAR);
    let row = reds(&paint(&rasteriser, Color32::RED, &[mesh]), 5);
    // Half of the first texel, then an eighth of the way a pixel from centre to centre, then half of the second.
    assert_eq!(row, [0, 0, 0, 0, 10, 30, 50, 70, 90, 110, 130, 150, 160, 160, 160, 160]);
}

#[test]
fn an_image_at_its_own_size_comes_out_as_it_is() {
    let id = TextureId::User(7);
    let texels: Vec<_> = (0..192).map(|i| Color32::from_rgb(i, 255 - i, i / 2)).collect();
    let mut rasteriser = rasteriser();
    set(&mut rasteriser, id, None, ColorImage::new(SIZE, texels.clone()), TextureOptions::LINEAR);
    let picture = paint(&rasteriser, Color32::RED, &[image(id, everywhere())]);
    let expected: Vec<u8> = texels.iter().flat_map(Color32::to_array).collect();
    assert_eq!(picture.rgba, expected);
}

#[test]
fn tint_and_translucent_texels_multiply() {
    let id = TextureId::User(7);
    let mut rasteriser = rasteriser();
    let half = Color32::from_rgba_premultiplied(128, 128, 128, 128);
    set(&mut rasteriser, id, None, ColorImage::filled([2, 2], half), TextureOptions::NEAREST);
    let mut mesh = Mesh::with_texture(id);
    mesh.add_rect_with_uv(everywhere(), rect(0.0, 0.0, 1.0, 1.0), Color32::from_rgb(255, 100, 0));
    let picture = paint(&rasteriser, Color32::WHITE, &[mesh]);
    // 128 + 127, 100·128/255 + 127, 0 + 127
    assert_eq!(picture.pixel(3, 3), Some([255, 177, 127, 255]));
}

#[test]
fn part_of_a_texture_can_be_replaced_and_all_of_it_freed() {
    let id = TextureId::User(7);
    let mut rasteriser = rasteriser();
    let mesh = [image(id, everywhere())];
    let missing = paint(&rasteriser, Color32::BLACK, &mesh);
    assert!(missing.is_blank(), "an unknown texture draws nothing");

    set(&mut rasteriser, id, None, ColorImage::filled([4, 3], Color32::BLACK), TextureOptions::NEAREST);
    set(&mut rasteriser, id, Some([1, 2]), ColorImage::filled([2, 1], Color32::RED), TextureOptions::NEAREST);
    assert_eq!(extent(&paint(&rasteriser, Color32::BLACK, &mesh), 255), (32, [4, 8, 12, 12]));

    let mut delta = TexturesDelta::default();
    delta.free(id);
    rasteriser.apply(&mut delta);
    assert!(!paint(&rasteriser, Color32::BLACK, &mesh).is_blank(), "freed only after its frame");
    rasteriser.apply(&mut TexturesDelta::default());
    assert_eq!(paint(&rasteriser, Color32::BLACK, &mesh), missing);
}

#[test]
fn what_reaches_far_out_keeps_its_edges() {
    let rasteriser = rasteriser();
    let far = 1e7;
    let upright = quad(rect(-far, 4.0, far, far), Color32::RED);
    assert_eq!(extent(&paint(&rasteriser, Color32::BLACK, &[upright]), 255), (128, [0, 4, 16, 12]));
    // Below the diagonal that runs from the corner; its far end lies on the same diagonal.
    let slanted = fan(&[(0.0, 0.0), (far, far), (0.0, far)], Color32::RED);
    let picture = paint(&rasteriser, Color32::BLACK, &[slanted]);
    assert_eq!(extent(&picture, 255).0, (1..=12).sum::<usize>() - 12);
}

#[test]
fn broken_meshes_draw_nothing() {
    let nowhere = fan(&[(f32::NAN, 0.0), (5.0, 0.0), (5.0, f32::INFINITY)], Color32::RED);
    let mut dangling = quad(everywhere(), Color32::RED);
    dangling.indices = vec![0, 1, 99, 98, 97];
    let flat = fan(&[(0.0, 0.0), (5.0, 5.0), (10.0, 10.0)], Color32::RED);
    assert!(paint(&rasteriser(), Color32::BLACK, &[nowhere, dangling, flat]).is_blank());
}

#[test]
fn a_picture_may_have_no_pixels() {
    let mesh = quad(Rect::from_min_max(Pos2::ZERO, pos2(5.0, 5.0)), Color32::RED);
    let picture = rasteriser().paint([0, 0], 1.0, Color32::BLACK, &[clipped(everywhere(), mesh)]);
    assert!(picture.rgba.is_empty());
}
