//! ISI-distance (T. Kreuz et al., J. Neurosci. Methods 165, 2007) and SPIKE-distance (T. Kreuz et al., J. Neurophysiol.
//! 109, 2013), with PySpike's treatment of the edges.

use super::{Undefined, Value};

/// ISI-distance of two trains of `steps` steps: the mean over time of |ν₁ − ν₂| / max(ν₁, ν₂), ν being the inter-spike
/// interval under way.
pub fn isi_distance(a: &[u32], b: &[u32], steps: usize) -> Value {
    mean(a, b, steps, |_, a, b| (a.interval - b.interval).abs() / a.interval.max(b.interval))
}

/// SPIKE-distance of two trains of `steps` steps: the mean over time of (s₁ν₂ + s₂ν₁) / (2⟨ν⟩²), s being the distance from
/// the spike before and that after to the nearest spikes of the other train, each weighed by how near it is.
pub fn spike_distance(a: &[u32], b: &[u32], steps: usize) -> Value {
    mean(a, b, steps, |t, a, b| {
        let mean = 0.5 * (a.interval + b.interval);
        0.5 * (a.dissimilarity(t) * b.interval + b.dissimilarity(t) * a.interval) / (mean * mean)
    })
}

/// What one train is between two of its spikes, or between a spike and an edge.
#[derive(Clone, Copy, Debug)]
struct Segment {
    /// Where it ends.
    end: f64,
    /// ν, which is longer than the segment where an edge cuts it off.
    interval: f64,
    /// The time of a spike, perhaps beyond an edge, and its distance from the nearest one of the other train: before …
    before: (f64, f64),
    /// … and after.
    after: (f64, f64),
}

impl Segment {
    fn dissimilarity(&self, t: f64) -> f64 {
        let (before, after) = (self.before, self.after);
        (before.1 * (after.0 - t) + after.1 * (t - before.0)) / self.interval
    }
}

/// The mean over time of what `of` says of two segments; between two ends of segments that is linear in time.
fn mean(a: &[u32], b: &[u32], steps: usize, of: impl Fn(f64, &Segment, &Segment) -> f64) -> Value {
    if steps == 0 {
        return Err(Undefined::NoSteps);
    }
    let end = steps as f64;
    let [a, b] = [a, b].map(|train| times(train, end));
    let (of_a, of_b) = (segments(&a, &b, end), segments(&b, &a, end));
    let (mut i, mut j, mut now, mut sum) = (0, 0, 0.0, 0.0);
    while now < end {
        let (a, b) = (&of_a[i], &of_b[j]);
        let next = a.end.min(b.end);
        sum += 0.5 * (of(now, a, b) + of(next, a, b)) * (next - now);
        i += usize::from(a.end == next);
        j += usize::from(b.end == next);
        now = next;
    }
    Ok(sum / end)
}

/// The times of a train; one without spikes counts as one with a spike at each edge.
fn times(train: &[u32], end: f64) -> Vec<f64> {
    if train.is_empty() { vec![0.0, end] } else { train.iter().map(|t| f64::from(*t)).collect() }
}

/// The spikes that are assumed beyond the edges: as far from the first and the last as their neighbours are, but not
/// between the edges.
fn beyond(train: &[f64], end: f64) -> (f64, f64) {
    match train {
        [first, second, ..] => {
            let [before_last, last] = *train.last_chunk().expect("there are two");
            ((2.0 * first - second).min(0.0), (2.0 * last - before_last).max(end))
        }
        _ => (0.0, end),
    }
}

/// A train as segments from 0 to `end`. `other` is the train whose spikes are near.
fn segments(train: &[f64], other: &[f64], end: f64) -> Vec<Segment> {
    let (edges, others) = (beyond(train, end), beyond(other, end));
    let spike = |t: f64| (t, nearest(t, other, others));
    let last = train.len() - 1;
    let mut segments = Vec::with_capacity(train.len() + 1);
    if train[0] > 0.0 {
        // up to the first spike all is as it is there
        let after = spike(train[0]);
        segments.push(segment(train[0], (edges.0, after.1), after));
    }
    segments.extend(train.windows(2).map(|pair| segment(pair[1], spike(pair[0]), spike(pair[1]))));
    if train[last] < end {
        let before = spike(train[last]);
        // a single spike at the very start has the end of time for its neighbour
        let alone = last == 0 && train[0] == 0.0;
        let after = if alone { spike(end) } else { (edges.1, before.1) };
        segments.push(segment(end, before, after));
    }
    segments
}

fn segment(end: f64, before: (f64, f64), after: (f64, f64)) -> Segment {
    Segment { end, interval: after.0 - before.0, before, after }
}

/// The distance of `t` from the nearest spike, those beyond the edges included.
fn nearest(t: f64, train: &[f64], beyond: (f64, f64)) -> f64 {
    let after = train.partition_point(|spike| *spike < t);
    let before = after.checked_sub(1).map_or(beyond.0, |n| train[n]);
    (t - before).abs().min((train.get(after).copied().unwrap_or(beyond.1) - t).abs())
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub const STEPS: usize = 100;

    /// Two trains, and their SPIKE-synchronization, ISI-distance and SPIKE-distance.
    pub type Reference<'a> = (&'a [u32], &'a [u32], f64, f64, f64);

    /// PySpike 0.9.0:
    /// ```python
    /// x, y = SpikeTrain(a, [0, 100]), SpikeTrain(b, [0, 100])
    /// spike_sync(x, y), isi_distance(x, y), spike_distance(x, y)
    /// ```
    pub const PAIRS: &[Reference] = &[
        (&[2, 5, 6, 16, 40], &[3, 5, 17, 60, 80], 0.4, 0.4624612403100775, 0.3521829500790771),
        (&[0, 10, 20], &[0, 12, 99], 0.6666666666666666, 0.15517241379310343, 0.06769007448662762),
        (&[5], &[50], 1.0, 0.495, 0.42462043415453854),
        (&[5], &[54], 1.0, 0.4941072124756336, 0.43204984732407853),
        (&[5], &[56], 0.0, 0.4911146616541353, 0.4133585188830057),
        (&[0], &[30], 1.0, 0.42, 0.25183759546282836),
        (&[], &[10, 20], 0.0, 0.34, 0.1400877461483522),
        (&[], &[], 1.0, 0.0, 0.0),
        (&[7, 8], &[7, 8], 1.0, 0.0, 0.0),
        (&[99], &[0], 0.0, 0.019799999999999998, 0.005195932950443492),
        (&[], &[0], 0.0, 0.0, 0.0),
        (&[30], &[0, 40], 0.6666666666666666, 0.20357142857142854, 0.17179833153859128),
        (&[0, 1, 2, 3], &[4, 5, 98, 99], 0.0, 0.10012886597938145, 0.029399521484681657),
        (&[50], &[99], 1.0, 0.49979999999999997, 0.43785777285820066),
        (&[10, 30, 50, 70, 90], &[12, 29, 55, 71, 95], 1.0, 0.1838333333333333, 0.13328416489010203),
        (&[99], &[], 0.0, 0.019799999999999998, 0.005195932950443492),
        (&[0], &[], 0.0, 0.0, 0.0),
    ];

    #[test]
    fn two_trains_have_pyspikes_numbers() {
        for (a, b, _, isi, spike) in PAIRS {
            for (a, b) in [(a, b), (b, a)] {
                let (found, spikes) = (isi_distance(a, b, STEPS).unwrap(), spike_distance(a, b, STEPS).unwrap());
                assert!((found - isi).abs() < 1e-14, "ISI {a:?} {b:?}: {found} {isi}");
                assert!((spikes - spike).abs() < 1e-14, "SPIKE {a:?} {b:?}: {spikes} {spike}");
            }
        }
    }

    #[test]
    fn without_time_there_is_no_distance() {
        assert_eq!(isi_distance(&[], &[], 0), Err(Undefined::NoSteps));
        assert_eq!(spike_distance(&[], &[], 0), Err(Undefined::NoSteps));
    }
}
