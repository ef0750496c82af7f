//! Changes of spikes, one by one, in words.

use crate::gui::names::layer_name;
use crate::snn::Layer;
use crate::spike::{Changes, Edit};

/// The changes between two points.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ChangeLines {
    /// A line for every change, outputs first.
    pub lines: Vec<String>,
    /// The changes of layers that are not told one by one.
    pub rest: Option<String>,
}

/// Lines that are shown.
pub const MOST: usize = 6;

/// Tells the changes of the layers from `first` on, the output before the others; of those below only their number.
pub fn changes(changes: &Changes, layers: &[Layer], first: usize) -> ChangeLines {
    let mut found = ChangeLines::default();
    for layer in (first..changes.layers.len()).rev() {
        let name = layer_name(layer, layers.len(), layers);
        found.lines.extend(changes.layers[layer].edits.iter().filter_map(|(unit, edit)| line(&name, *unit, *edit)));
    }
    if found.lines.is_empty() {
        found.lines.push(if first == 0 { "no spike changed".into() } else { "no output spike changed".into() });
    }
    let below = &changes.layers[..first.min(changes.layers.len())];
    if !below.is_empty() {
        let sum = |of: fn(&crate::spike::Tally) -> u32| below.iter().map(|layer| of(&layer.tally)).sum::<u32>();
        let [shifted, created, removed] = [sum(|t| t.shifted), sum(|t| t.created), sum(|t| t.removed)];
        found.rest = Some(format!("hidden: {shifted} shifted, {created} created, {removed} removed"));
    }
    found
}

fn line(layer: &str, unit: u32, edit: Edit) -> Option<String> {
    match edit {
        Edit::Kept { .. } => None,
        Edit::Shifted { from, to } => Some(format!("{layer} {unit}: spike moved from {from} to {to}")),
        Edit::Removed { step } => Some(format!("{layer} {unit}: spike at {step} removed")),
        Edit::Created { step } => Some(format!("{layer} {unit}: spike at {step} created")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spike::{Price, Raster};

    #[test]
    fn every_change_has_its_line_and_the_output_comes_first() {
        let net = crate::snn::text::parse("4 - fc3 - fc2").unwrap();
        let before =
            [Raster::from_events(3, 50, vec![(31, 1), (3, 2)]), Raster::from_events(2, 50, vec![(41, 1), (10, 0)])];
        let after =
            [Raster::from_events(3, 50, vec![(32, 1), (3, 2), (7, 0)]), Raster::from_events(2, 50, vec![(10, 0)])];
        let all = crate::spike::changes(&before, &after, Price::default());
        let output = changes(&all, &net.layers, 1);
        assert_eq!(output.lines, ["output 1: spike at 41 removed"]);
        assert_eq!(output.rest.unwrap(), "hidden: 1 shifted, 1 created, 0 removed");
        let both = changes(&all, &net.layers, 0);
        let hidden = ["hidden 0: spike at 7 created", "hidden 1: spike moved from 31 to 32"];
        assert_eq!((&both.lines[1..], both.rest), (&hidden.map(String::from)[..], None));
        let none = crate::spike::changes(&before, &before, Price::default());
        assert_eq!(changes(&none, &net.layers, 1).lines, ["no output spike changed"]);
    }
}
