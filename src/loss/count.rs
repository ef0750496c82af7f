//! Count loss: the squared difference in the number of spikes of each output.

use crate::snn::OutputGradient;
use crate::snn::lanes::padded;
use crate::spike::Raster;

use super::LossExtent;

/// Σ_o d² / (T·B) with d = Σ_t (y − ŷ).
///
/// `difference` is memory for d.
pub fn evaluate(
    difference: &mut Vec<i64>,
    extent: LossExtent,
    output: &Raster,
    target: &Raster,
    gradient: Option<&mut OutputGradient>,
) -> f64 {
    difference.clear();
    difference.resize(padded(output.units()), 0);
    for &u in output.units_of_events() {
        difference[u as usize] += 1;
    }
    for &u in target.units_of_events() {
        difference[u as usize] -= 1;
    }
    let scale = 1.0 / (extent.time * extent.batch) as f64;
    if let Some(g) = gradient {
        for row in g.by_spike.chunks_exact_mut(difference.len()) {
            for (g, d) in row.iter_mut().zip(&*difference) {
                *g = (2.0 * scale * *d as f64) as f32;
            }
        }
    }
    difference.iter().map(|d| (d * d) as f64).sum::<f64>() * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spikes_too_many_and_one_too_few() {
        let extent = LossExtent { time: 4, steps: 4, batch: 2 };
        let y = Raster::from_events(2, 4, vec![(0, 0), (2, 0), (3, 0)]);
        let target = Raster::from_events(2, 4, vec![(1, 0), (1, 1)]);
        let mut g = OutputGradient::default();
        g.reset(4, 8);
        assert_eq!(evaluate(&mut Vec::new(), extent, &y, &target, Some(&mut g)), (4.0 + 1.0) / 8.0);
        assert_eq!(&g.by_spike[16..19], [0.5, -0.25, 0.0]);
        assert!(g.by_time.iter().all(|x| *x == 0.0));
    }
}
