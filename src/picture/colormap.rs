//! Colours for numbers: viridis, whose steps look equally large and which reads the same in grey.

use egui::Color32;

/// Places of colours that tell no more than neighbours apart.
pub const SHADES: [f32; 6] = [0.2, 0.72, 0.45, 0.9, 0.06, 0.58];

/// Viridis by N. J. Smith, S. van der Walt and E. Firing (published as CC0): every fifth of its 256 colours.
#[rustfmt::skip]
const VIRIDIS: [u32; 52] = [
    0x440154, 0x46085c, 0x471063, 0x481769, 0x481d6f, 0x482475, 0x472a7a, 0x46307e, 0x453781, 0x433d84, 0x414287,
    0x3f4889, 0x3d4e8a, 0x3a538b, 0x38598c, 0x355e8d, 0x33638d, 0x31688e, 0x2e6d8e, 0x2c718e, 0x2a768e, 0x297b8e,
    0x27808e, 0x25848e, 0x23898e, 0x218e8d, 0x20928c, 0x1f978b, 0x1e9c89, 0x1fa188, 0x21a585, 0x24aa83, 0x28ae80,
    0x2eb37c, 0x35b779, 0x3dbc74, 0x46c06f, 0x50c46a, 0x5ac864, 0x65cb5e, 0x70cf57, 0x7cd250, 0x89d548, 0x95d840,
    0xa2da37, 0xb0dd2f, 0xbddf26, 0xcae11f, 0xd8e219, 0xe5e419, 0xf1e51d, 0xfde725,
];

/// Marks on top of a map are drawn twice, wide in [`UNDER`] and narrow in [`OVER`], so that they stand out everywhere.
pub const UNDER: Color32 = Color32::from_rgb(0x10, 0x12, 0x15);
pub const OVER: Color32 = Color32::WHITE;

/// The colour for `x` from 0 (least) to 1 (greatest); beyond them the colour of the end.
pub fn viridis(x: f32) -> Color32 {
    let last = VIRIDIS.len() - 1;
    let at = x.clamp(0.0, 1.0) * last as f32;
    // NaN has no place on the map: it must not be asked for, and if it is, it is 0 here
    let below = (at as usize).min(last - 1);
    let share = if at.is_nan() { 0.0 } else { at - below as f32 };
    let [from, to] = [VIRIDIS[below], VIRIDIS[below + 1]].map(|c| [c >> 16 & 255, c >> 8 & 255, c & 255]);
    let mix = |k: usize| (from[k] as f32 + share * (to[k] as f32 - from[k] as f32)).round() as u8;
    Color32::from_rgb(mix(0), mix(1), mix(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_becomes_lighter_all_the_way() {
        let lightness = |x: f32| {
            let linear = |c: u8| {
                let c = f64::from(c) / 255.0;
                if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            };
            let c = viridis(x);
            0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b())
        };
        let rises = |steps: u8, least: f64| {
            let light: Vec<f64> = (0..=steps).map(|k| lightness(f32::from(k) / f32::from(steps))).collect();
            light.windows(2).all(|w| w[1] - w[0] > least)
        };
        assert!(rises(64, 0.0));
        // colours are whole numbers: in finer steps two can be the same, or off by a rounding
        assert!(rises(255, -5e-4));
    }

    #[test]
    fn it_is_viridis_between_the_anchors_too() {
        // of the published table, scaled to bytes: entries 0, 64, 128, 203 and 255
        let published =
            [(0, 68, 1, 84), (64, 59, 82, 139), (128, 33, 145, 140), (203, 119, 209, 83), (255, 253, 231, 37)];
        for (k, r, g, b) in published {
            let c = viridis(k as f32 / 255.0);
            let off = [c.r().abs_diff(r), c.g().abs_diff(g), c.b().abs_diff(b)];
            assert!(off.iter().all(|o| *o <= 1), "{k}: {c:?}");
        }
    }

    #[test]
    fn beyond_the_ends_are_the_ends() {
        assert_eq!((viridis(-1.0), viridis(7.0)), (viridis(0.0), viridis(1.0)));
        assert_eq!(viridis(f32::NAN), viridis(0.0));
    }
}
