//! The memory that runs take.

use crate::engine::need;
use crate::train::Settings;

/// The memory that a run of some settings takes, worked out again only for others.
#[derive(Clone, Debug, Default)]
pub struct KnownNeed {
    of: Option<Settings>,
    bytes: u64,
}

impl KnownNeed {
    /// Bytes that a run of `settings` takes, with its past.
    pub fn of(&mut self, settings: &Settings) -> u64 {
        if self.of.as_ref() != Some(settings) {
            (self.of, self.bytes) = (Some(settings.clone()), need(settings));
        }
        self.bytes
    }

    /// The same of the settings that were asked for last.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::settings::NetworkSettings;

    #[test]
    fn it_is_that_of_the_settings_asked_for_last() {
        let mut known = KnownNeed::default();
        let (small, mut large) = (Settings::default(), Settings::default());
        large.network.hidden = NetworkSettings::fc(&[900]);
        for settings in [&small, &small, &large, &small] {
            assert_eq!((known.of(settings), known.bytes()), (need(settings), need(settings)));
        }
        assert!(need(&large) > need(&small));
    }
}
