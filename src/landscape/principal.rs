//! The first two principal components of a run's path.

use crate::snn::Params;

use super::Moments;

/// The path's moments that are looked at, at the most: as many, evenly taken, where there are more.
const MOST: usize = 100;

/// Two orthogonal directions of length 1 in which the moments, about their mean, vary most. The first points from the
/// first moment towards the last. A sentence says why there are none.
pub fn principal_components(moments: &Moments) -> Result<[Params; 2], String> {
    let _ = (moments, MOST);
    Err("not yet".into())
}
