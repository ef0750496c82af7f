//! What the cells of a landscape are coloured by in its figure: as in the window.

use super::options::FigureOptions;
use super::scene::FigureLandscape;
use crate::landscape::{CellColour, Circulation, Landscape, Regions};
use crate::picture::colormap::SHADES;
use crate::picture::scale::ColourScale;
use crate::text::whole;

/// The values of the cells, and which colours they have.
pub struct FigureColouring {
    colour: CellColour,
    /// Of every point, `[a][b]`.
    pub values: Vec<f64>,
    /// Of the rule whose circulation is shown: its cells lie between the points.
    pub circulation: Option<Circulation>,
    pub regions: Option<Regions>,
    /// `None` for regions, and where no value is finite.
    pub scale: Option<ColourScale>,
    /// That of heights on a surface: regions and circulation have none of their own.
    heights: Option<ColourScale>,
}

impl FigureColouring {
    /// # Errors
    /// A sentence where the gradients of the rule were not measured.
    pub fn new(m: &FigureLandscape, options: &FigureOptions) -> Result<Self, String> {
        let (landscape, colour) = (&m.landscape, options.colour);
        let circulation = colour.rule().map(|rule| {
            let none = "The gradients of the rule are not measured yet: wait until the landscape is whole.";
            Circulation::of(landscape.grid, &landscape.field(rule)).ok_or_else(|| none.to_owned())
        });
        let circulation = circulation.transpose()?;
        let regions = (colour == CellColour::Regions).then(|| regions(landscape));
        let values = colour.values(landscape, regions.as_ref());
        let scale = match (&circulation, &regions) {
            (Some(found), _) => ColourScale::around_zero(&found.density),
            (None, Some(_)) => None,
            (None, None) => ColourScale::new(&values, options.log_colours, None),
        };
        let own = circulation.is_none() && regions.is_none();
        let heights = if own { scale } else { ColourScale::new(&landscape.losses(), options.log_colours, None) };
        Ok(Self { colour, values, circulation, regions, scale, heights })
    }

    /// The place of a value's colour on the colour map.
    pub fn place(&self, value: f64) -> Option<f32> {
        match self.scale {
            _ if !value.is_finite() => None,
            Some(scale) => Some(scale.place(value)),
            None => self.regions.as_ref().map(|_| SHADES[value as usize % SHADES.len()]),
        }
    }

    /// Cells along each side, and the values that they are coloured by.
    pub fn cells(&self, points: usize) -> (usize, &[f64]) {
        self.circulation.as_ref().map_or((points, &self.values), |found| (points - 1, &found.density))
    }

    /// Heights of a surface from 0 to 1; NaN where there is none.
    pub fn heights(&self, landscape: &Landscape) -> Vec<f32> {
        let own = self.circulation.is_none() && self.regions.is_none();
        let losses = landscape.losses();
        let place = |value: &f64| self.heights.filter(|_| value.is_finite()).map_or(f32::NAN, |s| s.place(*value));
        if own { self.values.iter().map(place).collect() } else { losses.iter().map(place).collect() }
    }

    /// The scale of its level lines: on a circulation there are none.
    pub fn levels(&self) -> Option<ColourScale> {
        self.scale.filter(|_| self.circulation.is_none())
    }

    /// The name of the colour bar.
    pub fn name(&self) -> String {
        let log = if self.scale.is_some_and(|scale| scale.log) { " (logarithmic)" } else { "" };
        format!("{}{log}", self.colour.title())
    }

    /// Its numbers in words, where the colours alone do not tell them.
    pub fn note(&self) -> Option<String> {
        if let Some(regions) = &self.regions {
            let [number, points] = [regions.number, regions.labels.len()].map(|n| whole(n as u64));
            return Some(format!("{number} regions of equal output spikes among {points} points"));
        }
        Some(self.circulation.as_ref()?.note(self.colour.rule()?))
    }
}

pub fn regions(landscape: &Landscape) -> Regions {
    let labels: Vec<u64> = landscape.points.iter().map(|p| p.map_or(0, |p| p.region)).collect();
    Regions::new(landscape.grid, &labels)
}
