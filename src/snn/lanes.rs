//! Blocks of lanes: the unit in which the kernels compute.
//!
//! Every row of weights, potentials and gradients is padded with zeros to whole blocks of [`LANES`] values. A kernel takes
//! a *strip* at a time, the W neighbouring neurons from place `at` on over all steps, where W is a small number of blocks
//! known to the compiler: loops over `[f32; W]` become vector instructions and the strip stays in the innermost cache.
//!
//! ```text
//! rows  [time][stride]      strip  [time][W]
//! ┌──────┬────────┬────┐        ┌────────┐
//! │      │████████│    │ gather │████████│
//! │      │████████│    │ ─────→ │████████│
//! │      │████████│    │ ←───── │████████│
//! └──────┴────────┴────┘ scatter└────────┘
//!        at     at + W
//! ```

/// The values of one block. Sums that run over a row are kept in as many partial sums, so this number is part of every
/// result's bits, on every machine.
pub const LANES: usize = 8;

/// The length of a row for `n` values: `n` rounded up to whole blocks.
pub const fn padded(n: usize) -> usize {
    n.next_multiple_of(LANES)
}

/// The `W` values from `at` on as an array, so that they stay in registers.
///
/// # Panics
/// When the values end before `at + W`.
#[inline(always)]
pub(crate) fn block<const W: usize>(values: &[f32], at: usize) -> &[f32; W] {
    values[at..at + W].first_chunk().expect("a block has W values")
}

/// The same, to be written.
#[inline(always)]
pub(crate) fn block_mut<const W: usize>(values: &mut [f32], at: usize) -> &mut [f32; W] {
    values[at..at + W].first_chunk_mut().expect("a block has W values")
}

/// Divides a row of `positions` times `lanes` values into strips of at most `widest` blocks, none of which reaches from one
/// position into the next: where each strip begins, and its width. The last strip of a position has what is left.
#[inline(always)]
pub fn strips(lanes: usize, positions: usize, widest: usize) -> impl Iterator<Item = (usize, usize)> {
    let widest = widest * LANES;
    let of_position =
        move |position| (0..lanes).step_by(widest).map(move |at| (position * lanes + at, widest.min(lanes - at)));
    (0..positions).flat_map(of_position)
}

/// Fills `strip`, `[time][W]`, from the columns `at..at + W` of `rows`, `[time][stride]`.
#[inline(always)]
pub(crate) fn gather<const W: usize>(rows: &[f32], stride: usize, at: usize, strip: &mut [f32]) {
    for (strip, row) in strip.chunks_exact_mut(W).zip(rows.chunks_exact(stride)) {
        *block_mut::<W>(strip, 0) = *block(row, at);
    }
}

/// Writes `strip`, `[time][W]`, to the columns `at..at + W` of `rows`, `[time][stride]`; as many rows as there are.
#[inline(always)]
pub(crate) fn scatter<const W: usize>(strip: &[f32], stride: usize, at: usize, rows: &mut [f32]) {
    for (strip, row) in strip.chunks_exact(W).zip(rows.chunks_exact_mut(stride)) {
        *block_mut::<W>(row, at) = *block(strip, 0);
    }
}

/// Calls what is generic over the width of a strip with the width at hand: one of the listed numbers of blocks.
///
/// ```text
/// for_width!(width, [1, 2], W => pass.run::<W>(at))
/// ```
macro_rules! for_width {
    ($width:expr, [$($blocks:literal),+], $W:ident => $call:expr) => {
        match $width / $crate::snn::lanes::LANES {
            $($blocks => {
                const $W: usize = $blocks * $crate::snn::lanes::LANES;
                $call
            })+
            blocks => unreachable!("a strip of {blocks} blocks"),
        }
    };
}
pub(crate) use for_width;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips_cover_every_lane_once() {
        for (lanes, positions) in [(8, 1), (56, 1), (64, 1), (16, 6), (40, 6), (96, 6)] {
            for widest in [1, 2, 4] {
                let all: Vec<usize> = strips(lanes, positions, widest).flat_map(|(at, width)| at..at + width).collect();
                assert_eq!(all, (0..lanes * positions).collect::<Vec<_>>(), "{lanes} {positions} {widest}");
                let within = |(at, width)| at / lanes == (at + width - 1) / lanes && width <= widest * LANES;
                assert!(strips(lanes, positions, widest).all(within), "{lanes} {positions} {widest}");
            }
        }
    }

    #[test]
    fn what_is_gathered_is_scattered_to_its_place() {
        let rows: Vec<f32> = (0..72).map(|k| k as f32).collect();
        let mut strip = [0.0; 3 * 8];
        gather::<8>(&rows, 24, 8, &mut strip);
        assert_eq!((strip[0], strip[8], strip[23]), (8.0, 32.0, 63.0));
        let mut back = vec![-1.0; 72];
        scatter::<8>(&strip, 24, 8, &mut back);
        assert!((0..72).all(|k| back[k] == if (8..16).contains(&(k % 24)) { rows[k] } else { -1.0 }));
    }

    #[test]
    fn a_width_known_at_run_time_becomes_one_known_to_the_compiler() {
        fn width<const W: usize>() -> usize {
            W
        }
        for blocks in 0..4 {
            assert_eq!(for_width!(blocks * LANES, [0, 1, 2, 3], W => width::<W>()), blocks * LANES);
        }
    }
}
