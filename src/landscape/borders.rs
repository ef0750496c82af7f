//! Borders between the cells of a grid: level lines, the edges of regions. They follow the cells, as what they tell apart is
//! constant on each of them.

/// A straight piece of a border between cells, in lines of the grid: it stands before line `at`, from `from` to `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellBorder {
    /// Whether it separates cells whose first coordinate differs.
    pub upright: bool,
    pub at: usize,
    pub from: usize,
    pub to: usize,
}

/// All borders between neighbouring cells (numbers `i · points + j`) that `differ`, in pieces as long as can be.
pub fn borders(points: usize, differ: impl Fn(usize, usize) -> bool) -> Vec<CellBorder> {
    let mut all = Vec::new();
    for upright in [true, false] {
        let cell = |at: usize, along: usize| if upright { at * points + along } else { along * points + at };
        for at in 1..points {
            let mut begun = None;
            for along in 0..=points {
                let here = along < points && differ(cell(at - 1, along), cell(at, along));
                match (begun, here) {
                    (None, true) => begun = Some(along),
                    (Some(from), false) => {
                        all.push(CellBorder { upright, at, from, to: along });
                        begun = None;
                    }
                    _ => {}
                }
            }
        }
    }
    all
}

/// The borders at which `values` cross one of the `levels`, which rise.
pub fn contours(points: usize, values: &[f64], levels: &[f64]) -> Vec<CellBorder> {
    // cells between the same two levels have the same number; one that is not known has none
    let band = |x: &f64| (!x.is_nan()).then(|| levels.partition_point(|level| level <= x));
    let bands: Vec<Option<usize>> = values.iter().map(band).collect();
    borders(points, |one, other| bands[one].is_some() && bands[other].is_some() && bands[one] != bands[other])
}
