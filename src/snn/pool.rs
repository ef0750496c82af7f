//! Pooling ([model §2](crate::model#2-layers)): blocks of `size` × `size`, stride `size`, without state. A remainder at the
//! edge is dropped.

use std::ops::Range;

use crate::spike::Raster;

use super::{Layer, LayerTrace};

/// The block that an input position belongs to, as a position of the pooled image; `None` in a dropped remainder.
#[inline(always)]
pub fn block_of(layer: &Layer, size: usize, position: usize) -> Option<usize> {
    let ([_, width], [rows, columns]) = (layer.from.image(), layer.to.image());
    let (row, column) = (position / width / size, position % width / size);
    (row < rows && column < columns).then(|| row * columns + column)
}

/// The input position in the first corner of a block, which is itself a position of the pooled image.
#[inline(always)]
pub fn corner_of(layer: &Layer, size: usize, block: usize) -> usize {
    let ([_, width], [_, columns]) = (layer.from.image(), layer.to.image());
    block / columns * size * width + block % columns * size
}

/// Appends `steps` to the output `here`: the mean of each block, a fraction of a spike, or its `maximum`.
///
/// For the maximum, `here.winners` gets for every event that is passed on the input unit that it came from: the first
/// largest of its block in row-major order.
pub fn forward(layer: &Layer, size: usize, maximum: bool, below: &Raster, steps: Range<usize>, here: &mut LayerTrace) {
    let (inputs, outputs) = (layer.from.positions(), layer.to.positions());
    let LayerTrace { spikes, winners, scratch, .. } = here;
    // what each block has so far, and from which input; zero again after each step
    scratch.sums.clear();
    scratch.sums.resize(layer.outputs, 0.0);
    scratch.sorted.resize(layer.outputs, 0);
    scratch.units.clear();
    scratch.units.reserve_exact(layer.outputs);
    let graded = !maximum || below.is_graded();
    let area = (size * size) as f32;
    for step in steps {
        scratch.units.clear();
        for (unit, value) in below.weighted(step) {
            let (channel, position) = (unit as usize / inputs, unit as usize % inputs);
            let Some(block) = block_of(layer, size, position) else { continue };
            let to = channel * outputs + block;
            let so_far = &mut scratch.sums[to];
            if *so_far == 0.0 {
                scratch.units.push(to as u32);
            }
            if !maximum {
                *so_far += value;
            } else if value > *so_far {
                // events come row by row, so the first largest stays
                (*so_far, scratch.sorted[to]) = (value, unit);
            }
        }
        scratch.units.sort_unstable();
        for &unit in &scratch.units {
            let value = std::mem::take(&mut scratch.sums[unit as usize]);
            match (maximum, graded) {
                (true, true) => spikes.push_graded(unit, value),
                (true, false) => spikes.push(unit),
                (false, _) => spikes.push_graded(unit, value / area),
            }
            if maximum {
                winners.push(scratch.sorted[unit as usize]);
            }
        }
        spikes.end_step();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snn::{LayerKind, Shape};

    /// 5 × 5, blocks of 2: the last row and column are dropped.
    fn pooled(kind: LayerKind, maximum: bool, below: &Raster) -> LayerTrace {
        let layer = Layer::new(kind, Shape::Grid([2, 5, 5]), 0).unwrap();
        let mut here = LayerTrace::new(&layer);
        forward(&layer, 2, maximum, below, 0..below.steps(), &mut here);
        here
    }

    fn busy() -> Raster {
        // (0,0) and (1,1) of block 0; (0,4) and (4,0) of the remainder; channel 1: (3,2), (3,3), (2,3) of block 3
        let events = [0, 6, 4, 20, 25 + 17, 25 + 18, 25 + 13];
        Raster::from_events(50, 2, events.map(|u| (1, u)).to_vec())
    }

    #[test]
    fn an_average_is_the_share_of_the_block_and_the_remainder_is_dropped() {
        let here = pooled(LayerKind::AvgPool { size: 2 }, false, &busy());
        assert_eq!((here.spikes.units(), here.spikes.at(0)), (8, &[][..]));
        assert_eq!(here.spikes.weighted(1).collect::<Vec<_>>(), [(0, 0.5), (7, 0.75)]);
    }

    #[test]
    fn a_maximum_remembers_the_first_largest() {
        let here = pooled(LayerKind::MaxPool { size: 2 }, true, &busy());
        assert_eq!((here.spikes.at(1), here.spikes.is_graded()), (&[0, 7][..], false));
        assert_eq!(here.winners, [0, 25 + 13]);
        let mut graded = Raster::new(50);
        [(0, 0.25), (1, 0.5), (6, 0.5)].iter().for_each(|&(u, v)| graded.push_graded(u, v));
        graded.end_step();
        let here = pooled(LayerKind::MaxPool { size: 2 }, true, &graded);
        assert_eq!(here.spikes.weighted(0).collect::<Vec<_>>(), [(0, 0.5)]);
        assert_eq!(here.winners, [1]);
    }

    #[test]
    fn a_corner_is_in_its_block() {
        let layer = Layer::new(LayerKind::AvgPool { size: 2 }, Shape::Grid([1, 5, 7]), 0).unwrap();
        for block in 0..layer.to.positions() {
            assert_eq!(block_of(&layer, 2, corner_of(&layer, 2, block)), Some(block));
        }
        assert_eq!([6, 34].map(|p| block_of(&layer, 2, p)), [None; 2]);
    }
}
