//! A point of a landscape as words.

use crate::landscape::MeasuredPoint;

use super::super::words::{WordReader, Words};

/// Loss, the three fields, spikes, output spikes, the two fingerprints.
pub fn write_point(words: &mut Words, point: &MeasuredPoint) {
    words.real(point.loss);
    point.fields.as_flattened().iter().for_each(|x| words.single(*x));
    words.put(point.spikes);
    words.put(point.output_spikes);
    words.bits(point.region);
    words.bits(point.output);
}

/// What [`write_point`] wrote; `None` where it is something else.
pub fn read_point(words: &mut WordReader) -> Option<MeasuredPoint> {
    let loss = words.read()?;
    let mut fields = [[0.0; 2]; 3];
    for x in fields.as_flattened_mut() {
        *x = words.read()?;
    }
    Some(MeasuredPoint {
        loss,
        fields,
        spikes: words.read()?,
        output_spikes: words.read()?,
        region: words.bits()?,
        output: words.bits()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_reads_back_to_the_same_bits() {
        let fields = [[0.1, -0.0], [1e-30, f32::NAN], [3.5, f32::INFINITY]];
        let point = MeasuredPoint { loss: 0.1 + 0.2, fields, spikes: 9, output_spikes: 2, region: 7, output: u64::MAX };
        let mut words = Words::default();
        write_point(&mut words, &point);
        let text = words.text();
        assert!(text.len() < 120, "{text}");
        let mut reader = WordReader::new(&text);
        let again = read_point(&mut reader).unwrap();
        assert_eq!(reader.end(()), Some(()));
        // NaN equals nothing, not even itself
        assert_eq!(format!("{again:?}"), format!("{point:?}"));
        assert_eq!(again.fields[0][1].to_bits(), (-0.0f32).to_bits());
    }
}
