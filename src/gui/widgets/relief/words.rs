//! A place on the plane in words: its coordinates, the slope there, which way a rule points.

use crate::gui::state::landscape::{GridCell, MeasuredLandscape};
use crate::landscape::field::{Agreement, agreement};
use crate::text::{self, signed, value};

/// How the three shares that tell a rule's field from the slope of a surface relate.
pub const SHARES: &str = "Three shares answer whether the rule's gradient is the slope of a surface; each is 0 % if it is. Inconsistency: the \
     part of the gradient's squares, over the whole grid, that no surface explains. Circulation: what the ways around the \
     single cells come to, of all that rises and falls on them. Around the circle: what the one way around the circle \
     comes to, of all that rises and falls on it. They are parts of different wholes, so they need not be equal: whirls \
     that turn against each other within the circle cancel out on its rim, but not in the other two.";

/// The coordinates of a cell, with as many digits as tell neighbours apart.
pub fn place_text(m: &MeasuredLandscape, cell: GridCell) -> String {
    let decimals = decimals(f64::from(m.grid().spacing()));
    let [a, b] = m.at(cell).map(|x| signed(format!("{x:.decimals$}")));
    format!("a {a}, b {b}")
}

/// The spacing of the grid, to as many digits as its cells have.
pub fn step_text(m: &MeasuredLandscape) -> String {
    let spacing = f64::from(m.grid().spacing());
    format!("{spacing:.0$}", decimals(spacing))
}

/// So many that a multiple of `spacing` is told within a fiftieth of it.
fn decimals(spacing: f64) -> usize {
    let rest = |digits: i32| {
        let whole = spacing * 10f64.powi(digits);
        (whole - whole.round()).abs() / whole
    };
    (0..9).find(|digits| rest(*digits) < 0.02).unwrap_or(9) as usize
}

/// Which way a rule points at one place.
pub fn verdict(field: [f32; 2], slope: Option<[f64; 2]>) -> String {
    match agreement(field.map(f64::from), slope) {
        Some(Agreement::Cosine(cosine)) => {
            let way = if cosine > 0.0 {
                "downhill"
            } else if cosine < 0.0 {
                "uphill"
            } else {
                "across"
            };
            format!("{way}, cosine {}", text::signed(format!("{cosine:.2}")))
        }
        Some(Agreement::ZeroField) => "sees nothing here".into(),
        Some(Agreement::ZeroSlope) => "no slope here to compare with".into(),
        None if slope.is_none() => "no slope at the border of the grid".into(),
        None => "not measured".into(),
    }
}

/// The true slope at one place, downhill, in words.
pub fn slope(slope: Option<[f64; 2]>) -> String {
    match slope {
        None => "no slope at the border of the grid".into(),
        Some([0.0, 0.0]) => "flat: the loss is the same on both sides".into(),
        Some([a, b]) => format!("∂a {}, ∂b {}", text::signed(value(a)), text::signed(value(b))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::landscape::fixtures::measured;

    #[test]
    fn a_cell_is_named_with_the_digits_that_tell_neighbours_apart() {
        let m = measured(51, |_, _| 0.0);
        assert_eq!(place_text(&m, (25, 0)), "a 0.00, b −1.00");
        assert_eq!([0.0012, 0.04, 2.0, 1.0 / 15.0, 0.0003].map(decimals), [4, 2, 0, 3, 4]);
    }

    #[test]
    fn a_place_has_a_verdict() {
        assert_eq!(verdict([1.0, 0.0], Some([2.0, 0.0])), "downhill, cosine 1.00");
        assert_eq!(verdict([-1.0, 0.0], Some([2.0, 0.0])), "uphill, cosine −1.00");
        assert_eq!(verdict([0.0, 0.0], Some([2.0, 0.0])), "sees nothing here");
        assert_eq!(verdict([1.0, 0.0], Some([0.0, 0.0])), "no slope here to compare with");
        assert_eq!(verdict([1.0, 0.0], None), "no slope at the border of the grid");
        assert_eq!(verdict([f32::NAN, 0.0], Some([1.0, 0.0])), "not measured");
    }
}
