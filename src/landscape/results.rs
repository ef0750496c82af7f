//! What is known of a landscape so far, and what follows from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::rule::Rule;
use crate::spike::Trains;

use super::comparison::Comparison;
use super::{Grid, MeasuredPoint, Regions, Surface, field};

/// The points of a grid as far as they were measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Landscape {
    pub grid: Grid,
    /// `[a][b]`; none where nothing was measured yet.
    pub points: Vec<Option<MeasuredPoint>>,
    /// The watched sample's output spike trains, by unit, under [`MeasuredPoint::output`].
    pub outputs: BTreeMap<u64, Arc<Trains>>,
    done: usize,
}

impl Landscape {
    pub fn new(grid: Grid) -> Self {
        Self { grid, points: vec![None; grid.len()], outputs: BTreeMap::new(), done: 0 }
    }

    /// Takes in what was measured: points with their numbers, and output spike trains.
    pub fn take(&mut self, points: &[(u32, MeasuredPoint)], outputs: &[(u64, Arc<Trains>)]) {
        for &(index, point) in points {
            let place = &mut self.points[index as usize];
            self.done += usize::from(place.is_none());
            *place = Some(point);
        }
        self.outputs.extend(outputs.iter().cloned());
    }

    /// Points measured so far.
    pub fn done(&self) -> usize {
        self.done
    }

    pub fn is_whole(&self) -> bool {
        self.done == self.points.len()
    }

    /// The point on line `i` along the first direction and `j` along the second.
    pub fn at(&self, i: usize, j: usize) -> Option<&MeasuredPoint> {
        self.points.get(i * self.grid.points + j)?.as_ref()
    }

    /// The loss at all points, `[a][b]`; NaN where nothing was measured yet.
    pub fn losses(&self) -> Vec<f64> {
        self.points.iter().map(|p| p.map_or(f64::NAN, |p| p.loss)).collect()
    }

    /// What `rule` sees at all points, `[a][b]`, uphill; NaN where it was not measured.
    pub fn field(&self, rule: Rule) -> Vec<[f64; 2]> {
        let n = Rule::ALL.iter().position(|r| *r == rule).expect("it is one of all");
        let one = |p: &Option<MeasuredPoint>| p.map_or([f64::NAN; 2], |p| p.fields[n].map(f64::from));
        self.points.iter().map(one).collect()
    }

    /// The slope: central differences of the loss at the grid's own spacing; none at the border and beside what was not measured.
    pub fn slope(&self) -> Vec<Option<[f64; 2]>> {
        field::slope(self.grid, &self.losses())
    }

    /// The step of spike number `k` (from 0) of output `output` at all points, `[a][b]`: the outer none where nothing
    /// was measured, the inner where there are fewer spikes.
    pub fn spike_steps(&self, output: usize, k: usize) -> Vec<Option<Option<u32>>> {
        let one = |p: &Option<MeasuredPoint>| {
            let trains = self.outputs.get(&p.as_ref()?.output)?;
            Some((output < trains.units()).then(|| trains.of(output).get(k).copied()).flatten())
        };
        self.points.iter().map(one).collect()
    }

    /// Everything that follows from a whole landscape; in parallel on the rayon pool at hand, and not for the thread
    /// that draws.
    pub fn views(&self) -> Views {
        let (losses, slope) = (self.losses(), self.slope());
        let fields = Rule::ALL.map(|rule| self.field(rule));
        let surfaces: Vec<_> = fields.par_iter().map(|field| Surface::fit(self.grid, field, &losses)).collect();
        let surfaces = surfaces.try_into().expect("as many as fields");
        let comparison = Comparison::new(self.grid, &losses, &slope, &fields, &surfaces);
        let labels: Vec<u64> = self.points.iter().map(|p| p.map_or(0, |p| p.region)).collect();
        Views { slope, surfaces, comparison, regions: Regions::new(self.grid, &labels) }
    }
}

/// What follows from a whole landscape.
#[derive(Clone, Debug, PartialEq)]
pub struct Views {
    /// See [`Landscape::slope`].
    pub slope: Vec<Option<[f64; 2]>>,
    /// The surface that each rule of [`Rule::ALL`] believes in; none where its field was not measured or is not finite.
    pub surfaces: [Option<Surface>; 3],
    pub comparison: Comparison,
    pub regions: Regions,
}
