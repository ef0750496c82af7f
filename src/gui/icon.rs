//! The program's icon, for the window's frame and the task bar.

use egui::IconData;

/// Drawn from `assets/icon/spikescape.svg`.
const PNG: &[u8] = include_bytes!("../../assets/icon/spikescape-128.png");

/// 128 × 128 pixels.
pub fn icon() -> IconData {
    eframe::icon_data::from_png_bytes(PNG).expect("the icon is a PNG picture")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_is_a_picture_with_round_corners_and_a_spike_in_its_middle() {
        let icon = icon();
        assert_eq!((icon.width, icon.height), (128, 128));
        let pixel = |x: usize, y: usize| &icon.rgba[4 * (y * 128 + x)..][..4];
        assert_eq!(pixel(0, 0)[3], 0, "corners are transparent");
        assert_eq!(pixel(68, 30), [0xf0, 0xe4, 0x42, 0xff], "the tallest spike is yellow");
    }
}
