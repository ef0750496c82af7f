//! How much memory a run takes in the window, stated before it begins.

use crate::record::history;
use crate::train::Settings;

use super::frame::{MOST_RECENT, RECENT_BYTES};
use super::frame_pool::MOST_FRAMES;

/// Bytes that the program takes for itself.
const PROGRAM: u64 = 9 << 20;
/// Bytes that the window takes in addition: fonts, panels, curves, answers of the explorer.
const WINDOW: u64 = 18 << 20;

/// About how many bytes the program comes to hold with a run of these settings and no window, data sets aside.
pub fn need_alone(settings: &Settings) -> u64 {
    settings.memory().saturating_add(PROGRAM)
}

/// About how many bytes the program comes to hold with a long run of these settings, data sets aside: the training, its
/// past as far as it is remembered, the frames in which it is shown, and the window.
pub fn need(settings: &Settings) -> u64 {
    let Ok(net) = settings.network() else { return u64::MAX };
    let parameters = net.layers.iter().map(|l| l.all().len()).fold(0, usize::saturating_add);
    let units: usize = net.layers.iter().map(|l| l.outputs).fold(0, usize::saturating_add);
    // a spike or two of every neuron, and where each step begins
    let spikes = net.layers.len().saturating_mul(settings.task.steps).saturating_add(units).saturating_mul(4);
    let recent = spikes.saturating_mul(MOST_RECENT).min(RECENT_BYTES);
    let frames = MOST_FRAMES.saturating_mul(parameters.saturating_mul(4).saturating_add(spikes.saturating_mul(4)));
    let past = history::need(parameters).saturating_add(recent).saturating_add(frames);
    need_alone(settings).saturating_add(past as u64).saturating_add(WINDOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spike::Shape;
    use crate::train::settings::NetworkSettings;

    #[test]
    fn the_past_has_a_bound() {
        let small = need(&Settings::default());
        assert!((40 << 20..70 << 20).contains(&small), "{small}");
        let mut settings = Settings::default();
        settings.task.inputs = Shape::Flat(784);
        settings.network.hidden = NetworkSettings::fc(&[800]);
        let large = need(&settings);
        assert!((270 << 20..360 << 20).contains(&large), "{large}");
        settings.network.hidden = NetworkSettings::fc(&[usize::MAX; 20]);
        assert_eq!(need(&settings), u64::MAX);
    }
}
