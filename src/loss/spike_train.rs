//! Spike-train loss: a van Rossum distance.
//!
//! The kernel κ[k] = a^k (0 ≤ k < K) is a cut exponential, so κ ∗ x is a recursion: the value before times a, plus x
//! now, minus a^K times x of K steps ago. It costs T + K steps instead of T·K, in either direction of time.

use crate::snn::OutputGradient;
use crate::snn::lanes::{LANES, padded};
use crate::spike::Raster;

use super::LossExtent;

/// The kernel is cut where it has fallen to this.
const CUTOFF: f64 = 1e-6;

type LaneRow = [f64; LANES];

/// Work memory for one block of outputs.
#[derive(Clone, Debug, Default)]
pub struct SpikeTrainScratch {
    /// y − ŷ, `[T]`.
    error: Vec<LaneRow>,
    /// κ ∗ (y − ŷ), `[T + K − 1]`.
    difference: Vec<LaneRow>,
    /// Σ_m κ[m] difference[t + m] for t = −1 … T, `[T + 2]`.
    correlation: Vec<LaneRow>,
}

impl SpikeTrainScratch {
    /// Σ diff² / (T·B), and the two derivatives of [model §4](crate::model#4-losses).
    #[inline(always)]
    pub fn evaluate(
        &mut self,
        a: f64,
        extent: LossExtent,
        output: &Raster,
        target: &Raster,
        mut gradient: Option<&mut OutputGradient>,
    ) -> f64 {
        let kernel = (a, kernel(a, extent.time));
        let scale = 1.0 / (extent.time * extent.batch) as f64;
        let mut sum = 0.0;
        for at in (0..padded(output.units())).step_by(LANES) {
            sum += self.differ(kernel, extent.time, at, output, target);
            if let Some(g) = gradient.as_deref_mut() {
                self.correlate(kernel, extent.time);
                self.write(scale, at, output, g);
            }
        }
        sum * scale
    }

    /// Fills `difference` for the outputs from `at` on. Gives the sum of its squares.
    #[inline(always)]
    fn differ(
        &mut self,
        (a, (length, tail)): (f64, (usize, f64)),
        time: usize,
        at: usize,
        output: &Raster,
        target: &Raster,
    ) -> f64 {
        self.error.clear();
        self.error.resize(time, [0.0; LANES]);
        for (raster, sign) in [(output, 1.0), (target, -1.0)] {
            for (t, u) in raster.iter() {
                if let Some(k) = (u as usize).checked_sub(at).filter(|k| *k < LANES) {
                    self.error[t][k] += sign;
                }
            }
        }
        self.difference.resize(time + length - 1, [0.0; LANES]);
        let (mut now, mut squares): (LaneRow, LaneRow) = ([0.0; LANES], [0.0; LANES]);
        // while nothing leaves the kernel yet, then while something does, at last while nothing enters any more
        let (filling, rest) = self.difference.split_at_mut(time.min(length));
        for (difference, enters) in filling.iter_mut().zip(&self.error) {
            for k in 0..LANES {
                now[k] = a * now[k] + enters[k];
                squares[k] += now[k] * now[k];
            }
            *difference = now;
        }
        let none = [0.0; LANES];
        for (n, difference) in rest.iter_mut().enumerate() {
            let t = n + time.min(length);
            let enters = self.error.get(t).unwrap_or(&none);
            let leaves = t.checked_sub(length).map_or(&none, |t| &self.error[t]);
            for k in 0..LANES {
                now[k] = a * now[k] + enters[k] - tail * leaves[k];
                squares[k] += now[k] * now[k];
            }
            *difference = now;
        }
        squares.iter().sum()
    }

    /// Fills `correlation` from `difference`.
    #[inline(always)]
    fn correlate(&mut self, (a, (length, tail)): (f64, (usize, f64)), time: usize) {
        let difference = &self.difference;
        let at = |t: isize| usize::try_from(t).ok().and_then(|t| difference.get(t)).copied().unwrap_or_default();
        self.correlation.clear();
        self.correlation.resize(time + 2, [0.0; LANES]);
        let mut now: LaneRow = [0.0; LANES];
        for t in (-1..self.difference.len() as isize).rev() {
            let (enters, leaves) = (at(t), at(t + length as isize));
            for k in 0..LANES {
                now[k] = a * now[k] + enters[k] - tail * leaves[k];
            }
            if t <= time as isize {
                self.correlation[(t + 1) as usize] = now;
            }
        }
    }

    #[inline(always)]
    fn write(&self, scale: f64, at: usize, output: &Raster, gradient: &mut OutputGradient) {
        let stride = padded(output.units());
        let lanes = (output.units() - at).min(LANES);
        for (t, row) in gradient.by_spike.chunks_exact_mut(stride).enumerate() {
            for (g, c) in row[at..at + lanes].iter_mut().zip(&self.correlation[t + 1]) {
                *g = (2.0 * scale * c) as f32;
            }
        }
        for (t, u) in output.iter() {
            if let Some(k) = (u as usize).checked_sub(at).filter(|k| *k < LANES) {
                let slope = (self.correlation[t][k] - self.correlation[t + 2][k]) / 2.0;
                gradient.by_time[t * stride + u as usize] = (-2.0 * scale * slope) as f32;
            }
        }
    }
}

/// K, the kernel's steps above the cut-off, at most T and 1000; and a^K.
fn kernel(a: f64, time: usize) -> (usize, f64) {
    let longest = time.min(1000);
    let mut power = 1.0;
    for k in 0..longest {
        if power <= CUTOFF {
            return (k, power);
        }
        power *= a;
    }
    (longest, power)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formulas of [the model](crate::model) as they stand there.
    fn plainly(a: f64, time: usize, y: &Raster, target: &Raster, unit: u32) -> (f64, Vec<f64>, Vec<f64>) {
        let kernel: Vec<f64> = (0..time.min(1000)).map(|k| a.powi(k as i32)).take_while(|k| *k > CUTOFF).collect();
        let kappa = |m: isize| usize::try_from(m).ok().and_then(|m| kernel.get(m)).copied().unwrap_or(0.0);
        let error = |t: isize| {
            let at = |r: &Raster| usize::try_from(t).is_ok_and(|t| r.contains(t, unit)) as u8 as f64;
            at(y) - at(target)
        };
        let k = kernel.len() as isize;
        let diff = |t: isize| (0..k).map(|m| kappa(m) * error(t - m)).sum::<f64>();
        let loss = (0..time as isize + k - 1).map(|t| diff(t).powi(2)).sum::<f64>() / time as f64;
        let scale = 2.0 / time as f64;
        let by_spike = |t| scale * (0..k).map(|m| kappa(m) * diff(t + m)).sum::<f64>();
        let slope = |m| (kappa(m + 1) - kappa(m - 1)) / 2.0;
        let by_time = |t: isize| -scale * (-1..=k).map(|m| slope(m) * diff(t + m)).sum::<f64>();
        let spiked = |t: isize| y.contains(t as usize, unit) as u8 as f64;
        let all = || 0..time as isize;
        (loss, all().map(by_spike).collect(), all().map(|t| spiked(t) * by_time(t)).collect())
    }

    #[test]
    fn the_recursion_agrees_with_the_formulas() {
        for (a, time) in [(0.9, 30), (0.3, 25), (0.0, 7), (1.0, 12), (0.9, 1), (0.5, 60)] {
            let pick = |k: u32, r: u32| (0..time as u32).filter(move |t| (t * 7 + k) % 5 == r);
            let events = |r| (0..10).flat_map(|u| pick(u, r).map(move |t| (t, u))).collect();
            let (y, target) = (Raster::from_events(10, time, events(0)), Raster::from_events(10, time, events(1)));
            let mut g = OutputGradient::default();
            g.reset(time, 16);
            let extent = LossExtent { time, steps: time, batch: 1 };
            let loss = SpikeTrainScratch::default().evaluate(a, extent, &y, &target, Some(&mut g));
            let mut sum = 0.0;
            for u in 0..10 {
                let (part, by_spike, by_time) = plainly(a, time, &y, &target, u);
                sum += part;
                for t in 0..time {
                    let at = t * 16 + u as usize;
                    assert!((f64::from(g.by_spike[at]) - by_spike[t]).abs() < 1e-5, "dS a {a} T {time} t {t} u {u}");
                    assert!((f64::from(g.by_time[at]) - by_time[t]).abs() < 1e-5, "dT a {a} T {time} t {t} u {u}");
                }
            }
            assert!((loss - sum).abs() < 1e-9 * sum.max(1.0), "a {a} T {time}: {loss} {sum}");
            assert!(g.by_spike.chunks(16).all(|row| row[10..].iter().all(|x| *x == 0.0)), "padding stays zero");
        }
    }
}
