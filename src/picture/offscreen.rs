//! Running egui code without a window.

use egui::epaint::{ClippedPrimitive, ClippedShape};
use egui::{Context, Event, FullOutput, Pos2, RawInput, Rect, Ui, Vec2};

use super::{Bitmap, Rasteriser};

/// Seconds between the frames of [`Offscreen::frames`].
const FRAME: f64 = 1.0 / 60.0;

/// Widest image egui may make a texture of, in texels; the size common graphics cards know.
const WIDEST_TEXTURE: usize = 16_384;

/// An egui context that draws on nothing, and the textures to make pictures of it.
///
/// ```
/// let mut screen = spikescape::picture::Offscreen::default();
/// screen.frames(3, egui::vec2(320.0, 200.0), 1.0, |ui| {
///     ui.label("Hello");
/// });
/// assert!(!screen.picture().is_blank());
/// ```
#[derive(Default)]
pub struct Offscreen {
    context: Context,
    rasteriser: Rasteriser,
    size_px: [usize; 2],
    pixels_per_point: f32,
    /// Seconds.
    time: f64,
    /// The shapes of the last frame, until they are tessellated.
    shapes: Vec<ClippedShape>,
    primitives: Vec<ClippedPrimitive>,
}

impl Offscreen {
    /// The context, to set up themes, fonts and styles.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Runs `ui` for one frame, and tessellates it: [`Offscreen::run`] and [`Offscreen::tessellate`].
    pub fn frame(
        &mut self,
        size_points: Vec2,
        pixels_per_point: f32,
        events: Vec<Event>,
        time: f64,
        ui: impl FnMut(&mut Ui),
    ) -> FullOutput {
        let output = self.run(size_points, pixels_per_point, events, time, ui);
        self.tessellate();
        output
    }

    /// Runs `ui` for `count` frames without events, a sixtieth of a second apart, so that layout and animations settle.
    pub fn frames(&mut self, count: usize, size_points: Vec2, pixels_per_point: f32, mut ui: impl FnMut(&mut Ui)) {
        for _ in 0..count {
            self.run(size_points, pixels_per_point, Vec::new(), self.time + FRAME, &mut ui);
        }
    }

    /// Runs `ui` for one frame of a window of `size_points` (points, before any zoom) at `time` (seconds, not falling).
    ///
    /// Returns egui's output without the shapes and texture changes, which it has taken over.
    pub fn run(
        &mut self,
        size_points: Vec2,
        pixels_per_point: f32,
        events: Vec<Event>,
        time: f64,
        ui: impl FnMut(&mut Ui),
    ) -> FullOutput {
        let mut input = RawInput {
            // A zoomed interface has fewer points in the same window.
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size_points / self.context.zoom_factor())),
            max_texture_side: Some(WIDEST_TEXTURE),
            time: Some(time),
            events,
            ..RawInput::default()
        };
        input.viewports.entry(input.viewport_id).or_default().native_pixels_per_point = Some(pixels_per_point);

        let mut output = self.context.run_ui(input, ui);
        self.rasteriser.apply(&mut output.textures_delta);
        self.shapes = std::mem::take(&mut output.shapes);
        self.primitives.clear();
        let size_px = (size_points * pixels_per_point).round();
        self.size_px = [size_px.x as usize, size_px.y as usize];
        self.pixels_per_point = output.pixels_per_point;
        self.time = time;
        output
    }

    /// The last frame as triangles; work only the first time after [`Offscreen::run`].
    pub fn tessellate(&mut self) -> &[ClippedPrimitive] {
        let shapes = std::mem::take(&mut self.shapes);
        if !shapes.is_empty() {
            self.primitives = self.context.tessellate(shapes, self.pixels_per_point);
        }
        &self.primitives
    }

    /// The picture of the last frame, on the ground colour of the theme's panels; no pixels before the first frame.
    pub fn picture(&mut self) -> Bitmap {
        self.tessellate();
        let ground = self.context.global_style().visuals.panel_fill;
        self.rasteriser.paint(self.size_px, self.pixels_per_point, ground, &self.primitives)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Color32, vec2};

    fn greeting(ui: &mut Ui) {
        ui.heading("Spikes and their landscapes");
        let _ = ui.button("Run");
    }

    #[test]
    fn text_is_seen_and_the_bytes_are_the_same_every_time() {
        let shoot = || {
            let mut screen = Offscreen::default();
            screen.frames(3, vec2(240.0, 80.0), 1.5, greeting);
            screen.picture()
        };
        let picture = shoot();
        assert_eq!((picture.width, picture.height), (360, 120));
        assert!(!picture.is_blank());
        assert_eq!(picture, shoot());
    }

    #[test]
    fn run_and_tessellate_can_be_called_apart() {
        let mut screen = Offscreen::default();
        assert!(screen.tessellate().is_empty());
        let output = screen.run(vec2(100.0, 50.0), 1.0, Vec::new(), 0.0, greeting);
        assert!(output.shapes.is_empty() && output.textures_delta.is_empty());
        assert!(!screen.tessellate().is_empty());
        let picture = screen.picture();
        assert_eq!(picture, screen.picture());
        screen.frame(vec2(100.0, 50.0), 1.0, Vec::new(), 0.1, |_| ());
        assert!(screen.picture().is_blank(), "the next frame replaces the last");
    }

    #[test]
    fn events_arrive_where_the_pointer_is() {
        let mut screen = Offscreen::default();
        let at = Pos2::new(20.0, 20.0);
        let press = |pressed| Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: Default::default(),
        };
        let mut clicks = 0;
        let events = [vec![Event::PointerMoved(at)], vec![press(true)], vec![press(false)]];
        for (frame, events) in events.into_iter().enumerate() {
            screen.frame(vec2(100.0, 50.0), 1.0, events, frame as f64 * FRAME, |ui| {
                let button = egui::Button::new("Run").min_size(vec2(60.0, 40.0));
                clicks += u32::from(ui.add(button).clicked());
            });
        }
        assert_eq!(clicks, 1);
    }

    #[test]
    fn a_texture_freed_after_its_frame_is_still_in_the_picture() {
        let mut screen = Offscreen::default();
        screen.run(vec2(20.0, 20.0), 1.0, Vec::new(), 0.0, |ui| {
            let image = egui::ColorImage::filled([4, 4], Color32::RED);
            let texture = ui.load_texture("red", image, egui::TextureOptions::NEAREST);
            let rect = Rect::from_min_size(Pos2::ZERO, vec2(20.0, 20.0));
            let uv = Rect::from_min_size(Pos2::ZERO, vec2(1.0, 1.0));
            ui.painter().with_clip_rect(rect).image(texture.id(), rect, uv, Color32::WHITE);
        });
        assert_eq!(screen.picture().pixel(10, 10), Some([255, 0, 0, 255]));
    }

    #[test]
    fn zoom_makes_larger_points_in_a_window_of_the_same_size() {
        let mut screen = Offscreen::default();
        screen.context().set_zoom_factor(2.0);
        let mut size = Vec2::ZERO;
        screen.frames(3, vec2(200.0, 100.0), 1.0, |ui| size = ui.viewport_rect().size());
        assert_eq!(size, vec2(100.0, 50.0));
        assert_eq!(screen.picture().width, 200);
    }
}
