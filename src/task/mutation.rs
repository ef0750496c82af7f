//! Property tests of readers: whatever the bytes are, a reader answers, and it says a sentence where it refuses.

use super::seed::{Purpose, Stream};

/// Number of inputs for each reader: 100,000, or as many as the environment variable `SPIKESCAPE_MUTATIONS` says.
fn inputs() -> usize {
    match std::env::var("SPIKESCAPE_MUTATIONS") {
        Ok(text) => text.parse().expect("SPIKESCAPE_MUTATIONS is a whole number"),
        Err(_) => 100_000,
    }
}

/// Gives `read` many damaged variants of the good inputs `seeds`. Each answer is Ok or one sentence.
pub fn try_many(seeds: &[Vec<u8>], mut read: impl FnMut(&[u8]) -> Result<(), String>) {
    let mut stream = Stream::new(0, Purpose::Input);
    let (mut fine, mut refused) = (0, 0);
    for _ in 0..inputs() {
        let mut bytes = seeds[stream.below(seeds.len())].clone();
        for _ in 0..=stream.below(4) {
            damage(&mut bytes, &mut stream);
        }
        match read(&bytes) {
            Ok(()) => fine += 1,
            Err(message) => {
                refused += 1;
                assert!(message.ends_with(['.', '?']) && message.len() < 2000, "not a sentence: {message}");
            }
        }
    }
    // were all of one sort, the damage would be too small or too great to test anything
    assert!(fine > 0 && refused > 0, "{fine} fine, {refused} refused");
}

fn damage(bytes: &mut Vec<u8>, stream: &mut Stream) {
    if bytes.is_empty() {
        bytes.push(stream.below(256) as u8);
        return;
    }
    let at = stream.below(bytes.len());
    match stream.below(8) {
        0 => bytes[at] ^= 1 << stream.below(8),
        1 => bytes[at] = stream.below(256) as u8,
        2 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][stream.below(5)],
        3 => bytes.truncate(at),
        4 => bytes.insert(at, stream.below(256) as u8),
        5 => drop(bytes.remove(at)),
        // a number that promises more than there is
        6 => bytes[at..].iter_mut().take(1 + stream.below(8)).for_each(|b| *b = 0xff),
        _ => {
            let end = (at + 1 + stream.below(16)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = stream.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
    }
}
