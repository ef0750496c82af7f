//! The first two principal components of a run's path.

use std::sync::Arc;

use crate::snn::Params;

use super::Moments;

/// The moments that are looked at, at the most: as many, evenly taken, where there are more.
const MOST: usize = 100;
/// Parameters at a time: the differences of all moments in them fit the cache.
const BLOCK: usize = 512;
/// Lanes of a sum.
const LANES: usize = 8;
/// Sweeps of rotations; some eight are enough for 100 × 100.
const SWEEPS: usize = 50;

/// Two orthogonal directions of length 1 in which the moments, about their mean, vary most. Each points from the first
/// moment towards the last. A sentence says why there are none.
pub fn principal_components(moments: &Moments) -> Result<[Params; 2], String> {
    let length = moments.last().map_or(0, |(_, params)| params.0.len());
    let fitting: Vec<&Params> = moments.iter().map(|(_, p)| Arc::as_ref(p)).filter(|p| p.0.len() == length).collect();
    let path = thinned(&fitting, MOST);
    if path.len() < 3 {
        return Err("The path needs at least three remembered moments: let the run make some updates.".into());
    }
    let (values, vectors) = eigen(path.len(), gram(&path));
    let mut order: Vec<usize> = (0..path.len()).collect();
    order.sort_by(|x, y| values[*y].total_cmp(&values[*x]));
    let [first, second] = [order[0], order[1]];
    // what rounding leaves of a path that has only one direction, or none
    let wide = values[second] > 1e-12 * values[first];
    if !wide {
        return Err("The run's path is a single point or a straight line: it has no second direction.".into());
    }
    Ok([first, second].map(|which| {
        let weights: Vec<f64> = (0..path.len()).map(|k| vectors[k * path.len() + which]).collect();
        direction(&path, &weights)
    }))
}

/// `most` of the items, evenly from the first to the last.
fn thinned<T: Copy>(items: &[T], most: usize) -> Vec<T> {
    if items.len() <= most {
        return items.to_vec();
    }
    (0..most).map(|k| items[k * (items.len() - 1) / (most - 1)]).collect()
}

/// ⟨x_k, x_l⟩ of the moments about their mean, `[k][l]`.
fn gram(path: &[&Params]) -> Vec<f64> {
    let (n, length) = (path.len(), path[0].0.len());
    let mut gram = vec![0.0; n * n];
    let mut block = vec![0.0f64; n * BLOCK];
    for start in (0..length).step_by(BLOCK) {
        let end = (start + BLOCK).min(length);
        let mut mean = [0.0; BLOCK];
        for params in path {
            mean.iter_mut().zip(&params.0[start..end]).for_each(|(m, p)| *m += f64::from(*p));
        }
        for (row, params) in block.chunks_exact_mut(BLOCK).zip(path) {
            row.fill(0.0);
            let values = params.0[start..end].iter().zip(&mean);
            row.iter_mut().zip(values).for_each(|(x, (p, m))| *x = f64::from(*p) - m / n as f64);
        }
        for k in 0..n {
            for l in 0..=k {
                gram[k * n + l] += dot(&block[k * BLOCK..][..BLOCK], &block[l * BLOCK..][..BLOCK]);
            }
        }
    }
    for k in 0..n {
        for l in 0..k {
            gram[l * n + k] = gram[k * n + l];
        }
    }
    gram
}

fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    for (x, y) in x.as_chunks::<LANES>().0.iter().zip(y.as_chunks::<LANES>().0) {
        for k in 0..LANES {
            sums[k] += x[k] * y[k];
        }
    }
    sums.iter().sum()
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix, by Jacobi's rotations in cyclic order.
fn eigen(n: usize, mut a: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0; n * n];
    (0..n).for_each(|k| vectors[k * n + k] = 1.0);
    let size: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..SWEEPS {
        let off: f64 = (0..n).flat_map(|p| (0..p).map(move |q| (p, q))).map(|(p, q)| a[p * n + q].powi(2)).sum();
        if off <= 1e-30 * size {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(n, &mut a, &mut vectors, p, q);
            }
        }
    }
    ((0..n).map(|k| a[k * n + k]).collect(), vectors)
}

/// Makes the entry (p, q) zero.
fn rotate(n: usize, a: &mut [f64], vectors: &mut [f64], p: usize, q: usize) {
    let off = a[p * n + q];
    if off == 0.0 {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    let turn = |x: &mut [f64], i: usize, j: usize| (x[i], x[j]) = (c * x[i] - s * x[j], s * x[i] + c * x[j]);
    for k in 0..n {
        turn(a, k * n + p, k * n + q);
        turn(vectors, k * n + p, k * n + q);
    }
    for k in 0..n {
        turn(a, p * n + k, q * n + k);
    }
}

/// Σ of the moments, weighed by an eigenvector (whose entries add up to 0, so that the mean drops out), at length 1.
fn direction(path: &[&Params], weights: &[f64]) -> Params {
    let mut sum = vec![0.0f64; path[0].0.len()];
    for (params, weight) in path.iter().zip(weights) {
        let moved = params.0.iter().zip(&path[0].0).map(|(p, first)| f64::from(*p) - f64::from(*first));
        sum.iter_mut().zip(moved).for_each(|(sum, x)| *sum += weight * x);
    }
    let way = path[path.len() - 1].0.iter().zip(&path[0].0).map(|(last, first)| f64::from(*last) - f64::from(*first));
    let forward = sum.iter().zip(way).map(|(d, x)| d * x).sum::<f64>() >= 0.0;
    let length = sum.iter().map(|x| x * x).sum::<f64>().sqrt();
    let scale = if forward { 1.0 / length } else { -1.0 / length };
    Params(sum.iter().map(|x| (x * scale) as f32).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(points: &[[f32; 4]]) -> Moments {
        Arc::new(points.iter().enumerate().map(|(u, p)| (u as u64, Arc::new(Params(p.to_vec())))).collect())
    }

    /// The expected numbers come from
    ///
    /// ```python
    /// x = np.array([[0, 1, 2, 0], [1, 1.5, 2, -1], [3, 1, 2.5, -1], [4, 0, 3, 0.5], [6, 0.5, 2, 1]])
    /// u, s, v = np.linalg.svd(x - x.mean(0)); print(v[:2])  # the sign of the second is turned
    /// ```
    #[test]
    fn it_agrees_with_a_singular_value_decomposition() {
        let points = [
            [0.0, 1.0, 2.0, 0.0],
            [1.0, 1.5, 2.0, -1.0],
            [3.0, 1.0, 2.5, -1.0],
            [4.0, 0.0, 3.0, 0.5],
            [6.0, 0.5, 2.0, 1.0],
        ];
        let [d1, d2] = principal_components(&moments(&points)).unwrap();
        let expected = [
            [0.952_103_4, -0.167_568_1, 0.057_672_9, 0.249_186_4],
            [0.297_515_2, 0.390_307_4, -0.013_429_9, -0.871_185_7],
        ];
        for (found, expected) in [d1, d2].iter().zip(expected) {
            assert!(found.0.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-6), "{found:?} {expected:?}");
        }
    }

    #[test]
    fn a_straight_line_has_no_second_direction() {
        let line: Vec<[f32; 4]> = (0..9).map(|k| [k as f32, 1.0, -0.5 * k as f32, 3.0]).collect();
        assert!(principal_components(&moments(&line)).unwrap_err().contains("straight line"));
        assert!(principal_components(&moments(&line[..1])).unwrap_err().contains("three"));
        assert!(principal_components(&moments(&[[1.0; 4]; 5])).unwrap_err().contains("single point"));
    }

    #[test]
    fn a_long_path_is_thinned_evenly_and_keeps_both_ends() {
        let kept = thinned(&(0..1000).collect::<Vec<u32>>(), 100);
        assert_eq!((kept.len(), kept[0], kept[99]), (100, 0, 999));
        assert!(kept.windows(2).all(|w| (9..=11).contains(&(w[1] - w[0]))));
    }
}
