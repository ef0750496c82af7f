//! Where the bands and their rows stand. Heights in points, from the top of the first band.

use egui::Rangef;

/// Height of a band that is folded: a line for its name.
pub const FOLDED: f32 = 18.0;
/// The least height of an output's row, always.
pub const LEAST_OUTPUT_ROW: f32 = 8.0;
/// The least height of a band.
const LEAST_BAND: f32 = 32.0;
/// Between two bands; here they can be dragged.
pub const GAP: f32 = 7.0;

/// The user's arrangement of the bands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BandArrangement {
    pub folded: Vec<bool>,
    /// Heights as shares of the panel's, once the user has changed one; until then they follow from the layers' sizes.
    pub shares: Option<Vec<f32>>,
}

/// A band on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandPlace {
    pub y: Rangef,
    pub units: usize,
    pub folded: bool,
}

impl BandPlace {
    /// Height of a row.
    pub fn row(&self) -> f32 {
        self.y.span() / self.units.max(1) as f32
    }

    /// The middle of the row of `unit`.
    pub fn y_of(&self, unit: u32) -> f32 {
        self.y.min + (unit as f32 + 0.5) * self.row()
    }

    /// The unit whose row is at `y`.
    pub fn unit_at(&self, y: f32) -> Option<u32> {
        if self.folded || self.units == 0 || !self.y.contains(y) {
            return None;
        }
        Some((((y - self.y.min) / self.row()) as u32).min(self.units as u32 - 1))
    }

    /// The same, moved down.
    pub fn moved(mut self, by: f32) -> Self {
        (self.y.min, self.y.max) = (self.y.min + by, self.y.max + by);
        self
    }
}

impl BandArrangement {
    /// Forgets what belongs to a network with another number of layers.
    pub fn fit(&mut self, bands: usize) {
        if self.folded.len() != bands {
            *self = Self { folded: vec![false; bands], shares: None };
        }
    }

    /// Places bands of these numbers of units, the outputs last, in `height` points or more.
    pub fn places(&self, units: &[usize], height: f32) -> Vec<BandPlace> {
        let mut heights = self.heights(units, height);
        let gaps = GAP * units.len() as f32;
        let folded = |k: usize| self.folded.get(k).copied().unwrap_or(false);
        let open: f32 = (0..units.len()).filter(|&k| !folded(k)).map(|k| heights[k]).sum();
        let closed = (0..units.len()).filter(|&k| folded(k)).count() as f32 * FOLDED;
        // what folded bands give up goes to the others
        let stretch = if closed > 0.0 { ((height - gaps - closed) / open.max(1.0)).max(1.0) } else { 1.0 };
        let mut top = 0.0;
        (0..units.len())
            .map(|k| {
                heights[k] = if folded(k) { FOLDED } else { (heights[k] * stretch).floor() };
                let y = Rangef::new(top, top + heights[k]);
                top = y.max + GAP;
                BandPlace { y, units: units[k], folded: folded(k) }
            })
            .collect()
    }

    /// Moves the lower edge of band `k` by `by` points. The band below gives or takes, as far as it can; the last band
    /// makes the whole taller.
    pub fn drag(&mut self, units: &[usize], height: f32, k: usize, by: f32) {
        let mut heights = self.heights(units, height);
        let most = match heights.get(k + 1) {
            Some(below) => below - least(units, k + 1),
            None => f32::INFINITY,
        };
        let by = by.clamp((least(units, k) - heights[k]).min(0.0), most.max(0.0));
        heights[k] += by;
        if let Some(below) = heights.get_mut(k + 1) {
            *below -= by;
        }
        self.shares = Some(heights.iter().map(|h| h / height.max(1.0)).collect());
    }

    /// Heights with every band open.
    fn heights(&self, units: &[usize], height: f32) -> Vec<f32> {
        match &self.shares {
            Some(shares) => shares.iter().enumerate().map(|(k, s)| (s * height).max(least(units, k))).collect(),
            None => standard(units, height),
        }
    }
}

fn least(units: &[usize], k: usize) -> f32 {
    let rows = if k + 1 == units.len() { units[k] as f32 * LEAST_OUTPUT_ROW } else { 0.0 };
    rows.max(LEAST_BAND)
}

/// Generous rows for the outputs, where the targets are; the rest goes to the other layers by the root of their size,
/// so that small ones stay readable next to large ones.
fn standard(units: &[usize], height: f32) -> Vec<f32> {
    let last = units.len() - 1;
    let room = height - GAP * units.len() as f32;
    let outputs = units[last] as f32;
    let generous = (0.3 * room).clamp(15.0 * outputs, 40.0 * outputs);
    let output = generous.min(0.5 * room).max(least(units, last)).floor();
    // bands that would be too low get their least height, and the others share what is left
    let mut heights: Vec<f32> = (0..last).map(|k| least(units, k)).collect();
    let mut sharing: Vec<usize> = (0..last).collect();
    while !sharing.is_empty() {
        let fixed: f32 = (0..last).filter(|k| !sharing.contains(k)).map(|k| heights[k]).sum();
        let weights: f32 = sharing.iter().map(|&k| (units[k] as f32).sqrt()).sum();
        let share = |k: usize| ((room - output - fixed) * (units[k] as f32).sqrt() / weights.max(1e-3)).floor();
        let before = sharing.len();
        sharing.retain(|&k| share(k) >= heights[k]);
        if sharing.len() == before {
            sharing.iter().for_each(|&k| heights[k] = share(k));
            break;
        }
    }
    heights.push(output);
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(bands: usize) -> BandArrangement {
        let mut a = BandArrangement::default();
        a.fit(bands);
        a
    }

    fn bottom(places: &[BandPlace]) -> f32 {
        places.last().unwrap().y.max + GAP
    }

    #[test]
    fn rows_have_places_and_places_have_rows() {
        let place = BandPlace { y: Rangef::new(100.0, 200.0), units: 50, folded: false };
        assert_eq!((place.row(), place.y_of(0), place.y_of(49)), (2.0, 101.0, 199.0));
        for unit in 0..50 {
            assert_eq!(place.unit_at(place.y_of(unit)), Some(unit));
        }
        assert_eq!((place.unit_at(99.0), place.unit_at(200.0), place.unit_at(201.0)), (None, Some(49), None));
        assert_eq!(BandPlace { folded: true, ..place }.unit_at(150.0), None);
        assert_eq!(place.moved(10.0).y_of(0), 111.0);
    }

    #[test]
    fn the_built_in_network_fills_the_panel_and_its_outputs_have_room() {
        let places = fresh(3).places(&[50, 50, 5], 321.0);
        assert_eq!(places.iter().map(|p| p.y.span()).collect::<Vec<_>>(), [105.0, 105.0, 90.0]);
        assert_eq!((bottom(&places), places[2].row()), (321.0, 18.0));
    }

    #[test]
    fn bands_of_very_different_size_still_fit() {
        let places = fresh(4).places(&[800, 200, 40, 5], 260.0);
        assert!((bottom(&places) - 260.0).abs() <= 4.0, "{places:?}");
        assert_eq!(places[2].y.span(), LEAST_BAND);
    }

    #[test]
    fn outputs_have_eight_points_however_many_and_however_small_the_panel() {
        for height in [10.0, 120.0, 300.0, 1200.0] {
            for outputs in [1, 5, 10, 100, 800] {
                let mut a = fresh(4);
                assert!(a.places(&[784, 800, 800, outputs], height)[3].row() >= LEAST_OUTPUT_ROW);
                a.drag(&[784, 800, 800, outputs], height, 3, -9999.0);
                assert!(a.places(&[784, 800, 800, outputs], height)[3].row() >= LEAST_OUTPUT_ROW);
                a.drag(&[784, 800, 800, outputs], height, 2, 9999.0);
                assert!(a.places(&[784, 800, 800, outputs], height)[3].row() >= LEAST_OUTPUT_ROW);
            }
        }
        assert!(bottom(&fresh(2).places(&[50, 100], 300.0)) > 300.0, "taller than the panel: it scrolls");
    }

    #[test]
    fn a_dragged_edge_moves_what_is_above_and_below_it() {
        let units = [50, 50, 5];
        let mut a = fresh(3);
        let before = a.places(&units, 321.0);
        a.drag(&units, 321.0, 0, 20.0);
        let after = a.places(&units, 321.0);
        assert!((after[0].y.span() - before[0].y.span() - 20.0).abs() <= 1.0);
        assert!((after[1].y.span() - before[1].y.span() + 20.0).abs() <= 1.0);
        assert_eq!(after[2].y.span(), before[2].y.span());
        a.drag(&units, 321.0, 2, 100.0);
        assert!(bottom(&a.places(&units, 321.0)) > 400.0);
    }

    #[test]
    fn what_is_folded_gives_its_room_to_the_others() {
        let mut a = fresh(3);
        a.folded[0] = true;
        let places = a.places(&[50, 50, 5], 321.0);
        assert_eq!(places[0].y.span(), FOLDED);
        assert!((bottom(&places) - 321.0).abs() <= 3.0);
        a.fit(4);
        assert_eq!(a, fresh(4), "another network starts afresh");
    }
}
