//! One recording of an event camera: 5 bytes an event, big-endian x (8 bits), y (8), polarity (1), time in µs (23).

use std::fmt;

use crate::spike::Raster;

/// Width and height of what the camera saw, in pixels.
pub const SIDE: usize = 34;
/// Events at this time or later, in µs, are no part of a sample.
pub const WINDOW_US: u64 = 300_000;
/// An event in this row is no event: the sensor's clock ran over.
const OVERFLOW_ROW: u8 = 240;
/// What an overflow adds to all later times, in µs.
const OVERFLOW_US: u64 = 1 << 13;

/// A pixel became brighter or darker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// To the right, 0 to 33.
    pub x: u8,
    /// Down, 0 to 33.
    pub y: u8,
    /// Polarity: brighter.
    pub brighter: bool,
    /// Since the start of the recording, in µs.
    pub time_us: u64,
}

/// The events of a recording in order of time, those behind the window too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    pub events: Vec<Event>,
}

impl Recording {
    /// Reads the bytes of a file; `name` is what messages call it, bytes are counted from 0.
    pub fn parse(name: impl fmt::Display, bytes: &[u8]) -> Result<Self, String> {
        let mut events = Vec::with_capacity(bytes.len() / 5);
        visit(name, bytes, |event| events.push(event))?;
        Ok(Self { events })
    }

    /// The events within the window as spikes over `steps` steps: unit (polarity · 34 + x) · 34 + y, at step
    /// ⌊time · steps / 300 ms⌋. Events of a pixel in the same step are one spike.
    pub fn raster(&self, steps: usize) -> Raster {
        let mut raster = Raster::default();
        fill(steps, &mut raster, |spike| {
            self.events.iter().copied().for_each(spike);
            Ok(())
        })
        .expect("events that were read are fine");
        raster
    }
}

/// The spikes of a recording, as [`Recording::raster`] has them, straight from the bytes of its file and in the memory that
/// is there.
pub fn read(name: impl fmt::Display, bytes: &[u8], steps: usize, raster: &mut Raster) -> Result<(), String> {
    fill(steps, raster, |spike| visit(name, bytes, spike))
}

/// Fills `raster` with the events that `all` hands on in order of time.
fn fill(
    steps: usize,
    raster: &mut Raster,
    all: impl FnOnce(&mut dyn FnMut(Event)) -> Result<(), String>,
) -> Result<(), String> {
    raster.clear(2 * SIDE * SIDE);
    all(&mut |e| {
        if e.time_us < WINDOW_US {
            let step = (e.time_us * steps as u64 / WINDOW_US) as usize;
            (raster.steps()..step).for_each(|_| raster.end_step());
            raster.push(((usize::from(e.brighter) * SIDE + usize::from(e.x)) * SIDE + usize::from(e.y)) as u32);
        }
    })?;
    (raster.steps()..steps).for_each(|_| raster.end_step());
    raster.settle();
    Ok(())
}

/// Hands on every event of a file.
fn visit(name: impl fmt::Display, bytes: &[u8], mut event: impl FnMut(Event)) -> Result<(), String> {
    let (packets, rest) = bytes.as_chunks::<5>();
    if !rest.is_empty() {
        return Err(format!(
            "{name}, byte {}: the file ends within an event, its length {} is not a multiple of 5; get it again.",
            bytes.len() - rest.len(),
            bytes.len()
        ));
    }
    let (mut added, mut before) = (0, None);
    for (i, &[x, y, high, middle, low]) in packets.iter().enumerate() {
        let byte = 5 * i;
        if y == OVERFLOW_ROW {
            added += OVERFLOW_US;
            continue;
        }
        if usize::from(x.max(y)) >= SIDE {
            return Err(format!(
                "{name}, byte {byte}: an event lies at x = {x}, y = {y}, outside of the {SIDE} × {SIDE} pixels of \
                     N-MNIST; the file is damaged or of another camera."
            ));
        }
        let time_us = added + u64::from(u32::from_be_bytes([0, high & 0x7f, middle, low]));
        if let Some(before) = before.filter(|before| *before > time_us) {
            return Err(format!(
                "{name}, byte {byte}: time runs backwards, from {before} µs to {time_us} µs; the file is damaged."
            ));
        }
        before = Some(time_us);
        event(Event { x, y, brighter: high & 0x80 != 0, time_us });
    }
    if before.is_none() {
        return Err(format!("{name}, byte {}: the recording ends without an event; get it again.", bytes.len()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::mutation::try_many;

    fn packet(x: u8, y: u8, polarity: u8, time: u32) -> [u8; 5] {
        let [_, high, middle, low] = time.to_be_bytes();
        [x, y, polarity << 7 | high, middle, low]
    }

    fn parse(packets: &[[u8; 5]]) -> Result<Recording, String> {
        Recording::parse("f", packets.as_flattened())
    }

    #[test]
    fn events_become_spikes() {
        let packets = [
            packet(3, 5, 1, 0),
            packet(3, 5, 1, 999),
            packet(33, 33, 0, 1000),
            packet(0, 1, 1, 299_999),
            packet(7, 7, 1, 300_000),
        ];
        let recording = parse(&packets).unwrap();
        assert_eq!(recording.events.len(), 5);
        assert_eq!(recording.events[2], Event { x: 33, y: 33, brighter: false, time_us: 1000 });
        let spikes = |steps| recording.raster(steps).iter().collect::<Vec<_>>();
        assert_eq!(spikes(300), [(0, 1156 + 3 * 34 + 5), (1, 1155), (299, 1157)]);
        assert_eq!(spikes(1), [(0, 1155), (0, 1157), (0, 1156 + 107)]);
        // 299.999 ms of 300 ms in 7 steps
        assert_eq!(spikes(7).last(), Some(&(6, 1157)));
    }

    #[test]
    fn overflow_marks_move_all_later_times() {
        let packets = [packet(0, 0, 0, 8000), packet(99, 240, 1, 8191), packet(0, 0, 0, 1), packet(0, 240, 0, 0)];
        let recording = parse(&[&packets[..], &[packet(1, 0, 0, 2)]].concat()).unwrap();
        assert_eq!(recording.events.iter().map(|e| e.time_us).collect::<Vec<_>>(), [8000, 8193, 16_386]);
    }

    #[test]
    fn damage_is_named_with_its_byte() {
        let good = packet(1, 1, 1, 500);
        let refusal = |packets: &[[u8; 5]]| parse(packets).unwrap_err();
        assert!(refusal(&[good, packet(34, 0, 0, 501)]).starts_with("f, byte 5: an event lies at x = 34, y = 0,"));
        assert!(refusal(&[good, packet(0, 241, 0, 501)]).starts_with("f, byte 5: an event lies at x = 0, y = 241,"));
        let backwards = refusal(&[good, good, packet(1, 1, 1, 499)]);
        assert_eq!(backwards, "f, byte 10: time runs backwards, from 500 µs to 499 µs; the file is damaged.");
        assert!(refusal(&[]).starts_with("f, byte 0: the recording ends without an event"));
        assert!(refusal(&[packet(0, 240, 0, 0)]).starts_with("f, byte 5: the recording ends without"));
        let cut = Recording::parse("f", &[1, 2, 3, 4, 5, 6, 7]).unwrap_err();
        assert!(cut.starts_with("f, byte 5: the file ends within an event, its length 7"), "{cut}");
    }

    #[test]
    fn any_bytes_are_answered() {
        let packets: Vec<_> = (0..20u8).map(|i| packet(i, 33 - i, i % 2, 15_000 * u32::from(i))).collect();
        let overflow = [packet(1, 2, 1, 8191), packet(0, 240, 0, 0), packet(3, 4, 0, 5)];
        let mut used = Raster::default();
        try_many(&[packets.as_flattened().to_vec(), overflow.as_flattened().to_vec()], |bytes| {
            let recording = Recording::parse("f", bytes)?;
            assert!(recording.events.len() <= bytes.len() / 5);
            let within = recording.events.iter().take_while(|e| e.time_us < WINDOW_US);
            let unit = |e: &Event| 1156 * u32::from(e.brighter) + 34 * u32::from(e.x) + u32::from(e.y);
            let events = within.map(|e| (e.time_us as u32 / 1000, unit(e))).collect();
            assert_eq!(recording.raster(300), Raster::from_events(2312, 300, events));
            read("f", bytes, 300, &mut used).expect("it could be read before");
            assert_eq!(used, recording.raster(300));
            Ok(())
        });
    }
}
