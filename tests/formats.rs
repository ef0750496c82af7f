//! Files of every format version ever written still open. `tests/formats` has a small one of each, made by the program
//! that first wrote it.

use spikescape::record::Log;
use spikescape::snn::Isa;
use spikescape::train::Settings;

/// Before `network.hidden` was a text and there were tasks with classes.
#[test]
fn the_first_settings_file_is_the_preset_that_it_was() {
    let settings = Settings::from_toml("settings-1.toml", include_str!("formats/settings-1.toml")).unwrap();
    let deep = spikescape::train::settings::preset("trains-deep").unwrap();
    assert_eq!(settings, (deep.make)());
}

#[test]
fn the_first_log_replays_to_the_bits_that_it_had() {
    let log = Log::from_toml("log-1.toml", include_str!("formats/log-1.toml")).unwrap();
    let end = log.end.unwrap();
    assert_eq!((end.update, log.start.run.seed, log.start.network_text().as_str()), (40, 5, "20 - fc10 - fc2"));
    assert_eq!(log.replay(Isa::best(), |_| true).unwrap().params().digest(), end.digest);
}
