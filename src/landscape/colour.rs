//! What the cells of a landscape are coloured by.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Circulation, Landscape, MeasuredPoint, Regions};
use crate::rule::Rule;

/// The value that cells are coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CellColour {
    #[default]
    Loss,
    Spikes,
    OutputSpikes,
    Regions,
    /// The density of the circulation of a rule.
    Circulation(Rule),
}

impl CellColour {
    pub const ALL: [Self; 7] = [
        Self::Loss,
        Self::Spikes,
        Self::OutputSpikes,
        Self::Regions,
        Self::Circulation(Rule::Activation),
        Self::Circulation(Rule::Timing),
        Self::Circulation(Rule::Antlr),
    ];

    /// The rule whose circulation it is.
    pub fn rule(self) -> Option<Rule> {
        match self {
            Self::Circulation(rule) => Some(rule),
            _ => None,
        }
    }

    /// Reads what is written; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colour| colour.to_string() == text.trim())
    }

    /// The values that cells are coloured by, `[a][b]`; NaN where it is not known. Regions are told apart by small numbers, and
    /// known once every point is; of a circulation, whose cells lie between the points, it is the mean of those around each.
    pub fn values(self, landscape: &Landscape, regions: Option<&Regions>) -> Vec<f64> {
        let of = |value: fn(&MeasuredPoint) -> f64| -> Vec<f64> {
            landscape.points.iter().map(|point| point.as_ref().map_or(f64::NAN, value)).collect()
        };
        let grid = landscape.grid;
        let unknown = || vec![f64::NAN; grid.len()];
        match self {
            Self::Loss => landscape.losses(),
            Self::Spikes => of(|point| f64::from(point.spikes)),
            Self::OutputSpikes => of(|point| f64::from(point.output_spikes)),
            Self::Regions => regions.map_or_else(unknown, |regions| {
                let shades = shades(grid.points, &regions.labels, regions.number);
                regions.labels.iter().map(|label| f64::from(shades[*label as usize])).collect()
            }),
            Self::Circulation(rule) => match Circulation::of(grid, &landscape.field(rule)) {
                Some(found) => around(grid.points, &found.density),
                None => unknown(),
            },
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Spikes => "spikes",
            Self::OutputSpikes => "output spikes",
            Self::Regions => "regions",
            Self::Circulation(Rule::Activation) => "circulation, Activation",
            Self::Circulation(Rule::Timing) => "circulation, Timing",
            Self::Circulation(Rule::Antlr) => "circulation, ANTLR",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Loss => "Colours each cell by its loss",
            Self::Spikes => "Colours each cell by the number of spikes of all neurons",
            Self::OutputSpikes => "Colours each cell by the number of output spikes",
            Self::Regions => {
                "Neighbouring cells with the same output spikes form a region, in which the loss is constant. Colours \
                 only tell neighbours apart; lines are the borders."
            }
            Self::Circulation(_) => {
                "Colours each cell between four points by how much the rule's gradient rises on the way around it, per \
                 area: 0 everywhere for the slope of a surface. Where it is not, following the rule descends no surface."
            }
        }
    }
}

/// As in `loss`, `output-spikes`, `circulation:activation`.
impl fmt::Display for CellColour {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Loss => f.write_str("loss"),
            Self::Spikes => f.write_str("spikes"),
            Self::OutputSpikes => f.write_str("output-spikes"),
            Self::Regions => f.write_str("regions"),
            Self::Circulation(rule) => write!(f, "circulation:{rule}"),
        }
    }
}

/// For each of `points` × `points` points the mean of the cells between points that lie around it.
fn around(points: usize, cells: &[f64]) -> Vec<f64> {
    let side = points - 1;
    let near = |k: usize| k.saturating_sub(1)..(k + 1).min(side);
    let one = |k: usize| {
        let (i, j) = (near(k / points), near(k % points));
        let number = (i.len() * j.len()) as f64;
        i.flat_map(|i| j.clone().map(move |j| cells[i * side + j])).sum::<f64>() / number
    };
    (0..points * points).map(one).collect()
}

/// Numbers from 0 for the `number` regions whose `labels` the cells have, so that no two neighbours have the same, few
/// in all: a colour for each.
pub fn shades(points: usize, labels: &[u32], number: usize) -> Vec<u8> {
    let mut beside: Vec<Vec<u32>> = vec![Vec::new(); number];
    for (cell, &one) in labels.iter().enumerate() {
        let right = labels.get(cell + points).copied();
        let above = (cell % points + 1 < points).then(|| labels[cell + 1]);
        for other in [right, above].into_iter().flatten().filter(|other| *other != one) {
            beside[one as usize].push(other);
            beside[other as usize].push(one);
        }
    }
    let mut shade: Vec<Option<u8>> = vec![None; number];
    for one in 0..number {
        let taken = |s: u8| beside[one].iter().any(|other| shade[*other as usize] == Some(s));
        shade[one] = (0..u8::MAX).find(|s| !taken(*s)).or(Some(0));
    }
    shade.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colouring_is_read_as_it_is_written() {
        for colour in CellColour::ALL {
            assert_eq!(CellColour::parse(&colour.to_string()), Some(colour));
        }
        assert_eq!(CellColour::parse("circulation:timing"), Some(CellColour::Circulation(Rule::Timing)));
        assert_eq!(CellColour::parse("circulation"), None);
    }

    #[test]
    fn a_point_has_the_mean_of_the_cells_around_it() {
        let found = around(3, &[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(found, [1.0, 1.5, 2.0, 2.0, 2.5, 3.0, 3.0, 3.5, 4.0]);
    }

    #[test]
    fn neighbouring_regions_have_other_shades() {
        // a checkerboard with a band through it
        let labels = [0, 1, 1, 1, 2, 2, 3, 1, 1];
        let shades = shades(3, &labels, 4);
        let shade = |cell: usize| shades[labels[cell] as usize];
        assert!(shade(0) != shade(1) && shade(4) != shade(3) && shade(4) != shade(7) && shade(2) != shade(5));
        assert!(shades.len() == 4 && shades.iter().all(|s| *s < 3));
    }
}
