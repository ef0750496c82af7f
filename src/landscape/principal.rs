//! The first two principal components of a run's path.

use std::sync::Arc;

use ndarray::{Array2, ArrayView1};

use crate::snn::Params;
use crate::snn::lanes::LANES;

use super::Moments;

/// The most moments that are used: of a longer path as many, evenly spaced.
const MOST: usize = 100;
/// Parameters taken at a time: the differences of all moments in them fit into the cache.
const BLOCK: usize = 512;
/// The most sweeps of rotations; about eight are enough for 100 × 100.
const SWEEPS: usize = 50;

/// Two orthogonal directions of length 1 along which the moments vary most about their mean. Each points from the first
/// moment towards the last.
///
/// # Errors
/// When the path has fewer than three moments or only one direction; a sentence says which.
pub fn principal_components(moments: &Moments) -> Result<[Params; 2], String> {
    let length = moments.last().map_or(0, |(_, params)| params.0.len());
    let fitting: Vec<&Params> = moments.iter().map(|(_, p)| Arc::as_ref(p)).filter(|p| p.0.len() == length).collect();
    let path = thinned(&fitting, MOST);
    if path.len() < 3 {
        return Err("The path needs at least three remembered moments: let the run make some updates.".into());
    }
    let Eigen { values, vectors } = Eigen::of(gram(&path));
    let mut order: Vec<usize> = (0..path.len()).collect();
    order.sort_by(|x, y| values[*y].total_cmp(&values[*x]));
    let [first, second] = [order[0], order[1]];
    // a path with a single direction, or none, leaves only rounding errors in the second
    let wide = values[second] > 1e-12 * values[first];
    if !wide {
        return Err("The run's path is a single point or a straight line: it has no second direction.".into());
    }
    Ok([first, second].map(|which| direction(&path, vectors.column(which))))
}

/// `most` of the items, evenly spaced from the first to the last.
fn thinned<T: Copy>(items: &[T], most: usize) -> Vec<T> {
    if items.len() <= most {
        return items.to_vec();
    }
    (0..most).map(|k| items[k * (items.len() - 1) / (most - 1)]).collect()
}

/// ⟨x_k, x_l⟩ of the moments about their mean, `[k][l]`: a matrix with a row per moment is far smaller than one with a row
/// per parameter, and has the same non-zero eigenvalues.
fn gram(path: &[&Params]) -> Array2<f64> {
    let (n, length) = (path.len(), path[0].0.len());
    let mut gram = Array2::zeros((n, n));
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
                gram[(k, l)] += dot(&block[k * BLOCK..][..BLOCK], &block[l * BLOCK..][..BLOCK]);
            }
        }
    }
    for (k, l) in (0..n).flat_map(|k| (0..k).map(move |l| (k, l))) {
        gram[(l, k)] = gram[(k, l)];
    }
    gram
}

/// Σ x·y in [`LANES`] partial sums.
fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut sums = [0.0; LANES];
    for (x, y) in x.as_chunks::<LANES>().0.iter().zip(y.as_chunks::<LANES>().0) {
        for k in 0..LANES {
            sums[k] += x[k] * y[k];
        }
    }
    sums.iter().sum()
}

/// The eigenvalues of a symmetric matrix, and its eigenvectors as columns.
struct Eigen {
    values: Vec<f64>,
    vectors: Array2<f64>,
}

impl Eigen {
    /// By Jacobi's rotations in cyclic order: a few lines with the same bits on every machine, which the vectorised
    /// libraries of linear algebra do not promise.
    fn of(mut a: Array2<f64>) -> Self {
        let n = a.nrows();
        let mut vectors = Array2::eye(n);
        let size: f64 = a.iter().map(|x| x * x).sum();
        for _ in 0..SWEEPS {
            let below = (0..n).flat_map(|p| (0..p).map(move |q| (p, q)));
            let off: f64 = below.map(|place| a[place].powi(2)).sum();
            if off <= 1e-30 * size {
                break;
            }
            for p in 0..n {
                for q in p + 1..n {
                    rotate(&mut a, &mut vectors, p, q);
                }
            }
        }
        Self { values: a.diag().to_vec(), vectors }
    }
}

/// Makes the entry (p, q) of `a` zero by a rotation of the axes p and q, and turns the eigenvectors with them.
fn rotate(a: &mut Array2<f64>, vectors: &mut Array2<f64>, p: usize, q: usize) {
    let off = a[(p, q)];
    if off == 0.0 {
        return;
    }
    let theta = (a[(q, q)] - a[(p, p)]) / (2.0 * off);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    let turn = |x: &mut Array2<f64>, i: (usize, usize), j: (usize, usize)| {
        (x[i], x[j]) = (c * x[i] - s * x[j], s * x[i] + c * x[j]);
    };
    for k in 0..a.nrows() {
        turn(a, (k, p), (k, q));
        turn(vectors, (k, p), (k, q));
    }
    for k in 0..a.nrows() {
        turn(a, (p, k), (q, k));
    }
}

/// Σ of the moments, weighted by an eigenvector, at length 1. Its entries add up to 0, so that the mean drops out.
fn direction(path: &[&Params], weights: ArrayView1<f64>) -> Params {
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
