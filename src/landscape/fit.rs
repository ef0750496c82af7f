//! The surface that a rule believes in: the one nearest to its field of arrows ([model
//! §10](crate::model#10-the-loss-landscape)).
//!
//! φ minimises Σ ((φ_q − φ_p) / h − f)² over all edges p → q of the grid, where f is the mean of the field's component at
//! the edge's two ends and h the spacing. Setting the derivative to zero gives Δφ = h · (Σ of f into a point − Σ of f out
//! of it), where Δ is the Laplacian of a grid that is free at its border. On a complete square grid its eigenvectors are
//! products of cosines (the discrete cosine transform of type II) with the eigenvalues λ_k + λ_l, λ_k = 2 − 2 cos(π k / n),
//! so the system is solved directly: transform, divide, transform back.
//!
//! Matrices are `[n, n]` and multiplied in a fixed order, so that every machine gets the same bits.

use ndarray::Array2;

use super::Grid;

/// A fitted surface.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// φ, `[a][b]`, in units of the loss, shifted to the mean of the true landscape.
    pub values: Vec<f64>,
    /// The part of the field that no surface can explain: the share of the edges' Σ f² that is left as residual, in 0..=1.
    /// `None` where the field is zero everywhere.
    pub inconsistency: Option<f64>,
}

impl Surface {
    /// The surface nearest to `field`, `[a][b]` of (∂/∂a, ∂/∂b). `None` where a value is not finite, or the grid has a
    /// single point.
    pub fn fit(grid: Grid, field: &[[f64; 2]], losses: &[f64]) -> Option<Self> {
        let (n, spacing) = (grid.points, f64::from(grid.spacing()));
        let finite = field.iter().flatten().chain(losses).all(|x| x.is_finite());
        if n < 2 || spacing <= 0.0 || !finite {
            return None;
        }
        let mut flow = Array2::zeros((n, n));
        for edge in edges(n) {
            let rise = spacing * edge.mean(field);
            flow[(edge.from / n, edge.from % n)] -= rise;
            flow[(edge.to / n, edge.to % n)] += rise;
        }
        let mut values = solve(&flow).into_raw_vec_and_offset().0;
        let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
        let shift = mean(losses) - mean(&values);
        values.iter_mut().for_each(|v| *v += shift);
        let (mut left, mut all) = (0.0, 0.0);
        for edge in edges(n) {
            let f = edge.mean(field);
            left += ((values[edge.to] - values[edge.from]) / spacing - f).powi(2);
            all += f.powi(2);
        }
        Some(Self { values, inconsistency: (all > 0.0).then(|| left / all) })
    }
}

/// An edge between neighbouring points, in the direction in which its coordinate rises.
struct GridEdge {
    from: usize,
    to: usize,
    /// 0 for an edge along a, 1 along b.
    axis: usize,
}

impl GridEdge {
    /// f: the mean of the field's component along the edge at its two ends.
    fn mean(&self, field: &[[f64; 2]]) -> f64 {
        0.5 * (field[self.from][self.axis] + field[self.to][self.axis])
    }
}

fn edges(n: usize) -> impl Iterator<Item = GridEdge> {
    let along_a = (0..n * (n - 1)).map(move |from| GridEdge { from, to: from + n, axis: 0 });
    let along_b = (0..n * n).filter(move |from| from % n + 1 < n).map(|from| GridEdge { from, to: from + 1, axis: 1 });
    along_a.chain(along_b)
}

/// φ with Δφ = `flow` and mean 0.
fn solve(flow: &Array2<f64>) -> Array2<f64> {
    let n = flow.nrows();
    let forward = cosines(n);
    let back = forward.t().as_standard_layout().into_owned();
    let mut spectrum = product(&product(&forward, flow), &back);
    let value = |k: usize| 2.0 - 2.0 * libm::cos(std::f64::consts::PI * k as f64 / n as f64);
    let values: Vec<f64> = (0..n).map(value).collect();
    for ((k, l), x) in spectrum.indexed_iter_mut() {
        // the mean is free: it is 0 here
        *x = if (k, l) == (0, 0) { 0.0 } else { *x / (values[k] + values[l]) };
    }
    product(&product(&back, &spectrum), &forward)
}

/// The orthonormal cosine transform of type II: row k is frequency k.
fn cosines(n: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, n), |(k, i)| {
        let scale = libm::sqrt(if k == 0 { 1.0 } else { 2.0 } / n as f64);
        scale * libm::cos(std::f64::consts::PI * k as f64 * (2 * i + 1) as f64 / (2 * n) as f64)
    })
}

/// The matrix product. Not that of the library, whose order of summation depends on the machine.
fn product(x: &Array2<f64>, y: &Array2<f64>) -> Array2<f64> {
    let mut out = Array2::zeros((x.nrows(), y.ncols()));
    for (mut out, x) in out.outer_iter_mut().zip(x.outer_iter()) {
        for (x, y) in x.iter().zip(y.outer_iter()) {
            out.scaled_add(*x, &y);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(x: &[f64], y: &[f64], most: f64) -> bool {
        x.len() == y.len() && x.iter().zip(y).all(|(x, y)| (x - y).abs() < most)
    }

    /// (a, b) of every point.
    fn places(grid: Grid) -> Vec<(f64, f64)> {
        (0..grid.len()).map(|k| grid.point(k)).map(|(a, b)| (f64::from(a), f64::from(b))).collect()
    }

    /// The expected numbers come from
    ///
    /// ```python
    /// n, h = 5, 0.25
    /// k = np.arange(n * n); a, b = (k // n - 2) * h, (k % n - 2) * h
    /// f = np.stack([np.sin(3 * a) + b, np.cos(2 * b) * a - 0.5], 1); loss = a * a + 2 * b
    /// rows, rhs = [], []
    /// for p in k:
    ///     for q, axis in ((p + n, 0), (p + 1, 1)):
    ///         if (p // n if axis == 0 else p % n) + 1 < n:
    ///             e = np.zeros(n * n); e[q], e[p] = 1 / h, -1 / h
    ///             rows.append(e); rhs.append((f[p, axis] + f[q, axis]) / 2)
    /// A, r = np.array(rows), np.array(rhs)
    /// phi = np.linalg.lstsq(A, r)[0]; phi += loss.mean() - phi.mean()
    /// print(phi, ((A @ phi - r) ** 2).sum() / (r ** 2).sum())
    /// ```
    #[test]
    fn it_agrees_with_a_least_squares_solver() {
        let grid = Grid { points: 5, range: 0.5 };
        let places = places(grid);
        let field: Vec<[f64; 2]> =
            places.iter().map(|(a, b)| [(3.0 * a).sin() + b, (2.0 * b).cos() * a - 0.5]).collect();
        let losses: Vec<f64> = places.iter().map(|(a, b)| a * a + 2.0 * b).collect();
        let surface = Surface::fit(grid, &field, &losses).unwrap();
        #[rustfmt::skip]
        let expected = [
            0.743565098, 0.519576564, 0.267976, 0.016375436, -0.207613098,
            0.419044111, 0.246065768, 0.058084282, -0.129897205, -0.302875547,
            0.222879437, 0.097879437, -0.027120563, -0.152120563, -0.277120563,
            0.197124453, 0.120102795, 0.058084282, -0.003934232, -0.080955889,
            0.292386902, 0.266375436, 0.267976, 0.269576564, 0.243565098,
        ];
        assert!(close(&surface.values, &expected, 1e-8), "{:?}", surface.values);
        assert!((surface.inconsistency.unwrap() - 0.001949785479119246).abs() < 1e-12);
    }

    #[test]
    fn the_gradient_of_a_bowl_gives_the_bowl_back() {
        for points in [3, 51] {
            let grid = Grid { points, range: 1.0 };
            let bowl = |(a, b): &(f64, f64)| 2.0 * a * a - 1.5 * a * b + b * b + 0.25 * a;
            let arrow = |(a, b): &(f64, f64)| [4.0 * a - 1.5 * b + 0.25, -1.5 * a + 2.0 * b];
            let losses: Vec<f64> = places(grid).iter().map(bowl).collect();
            let field: Vec<[f64; 2]> = places(grid).iter().map(arrow).collect();
            let surface = Surface::fit(grid, &field, &losses).unwrap();
            assert!(close(&surface.values, &losses, 1e-5), "{points}");
            assert!(surface.inconsistency.unwrap() < 1e-10, "{:?}", surface.inconsistency);
        }
    }

    /// A gradient and a pure rotation of the same size on the edges, mixed: what is left is the rotation's part.
    ///
    /// With s(i) = sin(π(2i + 1) / 2n), c(i) the same cosine, the field (s(i), 0) is that of the surface −c(i) but for
    /// a factor, and (s(i) c(j), −c(i) s(j)) flows in closed loops: as much into every point as out of it.
    #[test]
    fn a_rotation_is_left_over_with_its_known_share() {
        let n = 21;
        let grid = Grid { points: n, range: 1.0 };
        let angle = |i: usize| std::f64::consts::PI * (2 * i + 1) as f64 / (2 * n) as f64;
        for (gradient, rotation) in [(1.0, 0.0), (0.8, 0.6), (0.0, 3.0)] {
            let arrow = |k: usize| {
                let ((si, ci), (sj, cj)) = (angle(k / n).sin_cos(), angle(k % n).sin_cos());
                [gradient * si + rotation * si * cj, -rotation * ci * sj]
            };
            let field: Vec<[f64; 2]> = (0..n * n).map(arrow).collect();
            let surface = Surface::fit(grid, &field, &vec![0.0; n * n]).unwrap();
            let share = rotation * rotation / (rotation * rotation + gradient * gradient);
            assert!((surface.inconsistency.unwrap() - share).abs() < 1e-12, "{:?} {share}", surface.inconsistency);
            if gradient == 0.0 {
                assert!(surface.values.iter().all(|v| v.abs() < 1e-12), "a rotation has no surface");
            }
        }
    }

    #[test]
    fn nothing_to_fit() {
        let grid = Grid { points: 3, range: 1.0 };
        let flat = Surface::fit(grid, &[[0.0; 2]; 9], &[2.0; 9]).unwrap();
        assert_eq!((flat.inconsistency, close(&flat.values, &[2.0; 9], 1e-12)), (None, true));
        let mut field = [[1.0; 2]; 9];
        field[4][1] = f64::NAN;
        assert_eq!(Surface::fit(grid, &field, &[2.0; 9]), None, "a point is not known");
        assert_eq!(Surface::fit(grid, &[[1.0; 2]; 9], &[f64::INFINITY; 9]), None);
        assert_eq!(Surface::fit(Grid { points: 1, range: 1.0 }, &[[1.0; 2]], &[2.0]), None);
    }
}
