//! Changes of the spikes in a span of updates, as numbers.

use std::sync::Arc;

use crate::engine::Frame;
use crate::engine::frame::Span;
use crate::gui::names::layer_name;
use crate::gui::state::SpanChoice;
use crate::snn::Layer;
use crate::spike::changes::{Counter, LayerChanges};
use crate::spike::{Edit, Price, Raster, Tally};
use crate::text;

/// A layer, or all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct TallyRow {
    pub name: String,
    /// The layer; none for all together.
    pub layer: Option<usize>,
    pub tally: Tally,
    pub distance: f64,
}

/// The layers that have neurons, from the first hidden one to the output, then their sum.
pub fn rows(layers: &[LayerChanges], q: Price, kinds: &[Layer]) -> Vec<TallyRow> {
    let row = |name, layer, tally: Tally| TallyRow { name, layer, tally, distance: tally.distance(q) };
    let mut sum = Tally::default();
    let mut rows = Vec::with_capacity(layers.len() + 1);
    for (n, layer) in layers.iter().enumerate() {
        sum += layer.tally;
        if kinds.get(n).is_none_or(Layer::has_weights) {
            rows.push(row(layer_name(n, layers.len(), kinds), Some(n), layer.tally));
        }
    }
    rows.push(row("all layers".into(), None, sum));
    rows
}

/// How many spikes moved by how many steps (later: positive), as `(Δ, count)`, Δ rising and not 0.
pub fn shifts(layers: &[LayerChanges]) -> Vec<(i64, u32)> {
    let mut shifts: Vec<i64> = layers
        .iter()
        .flat_map(|layer| &layer.edits)
        .filter_map(|(_, edit)| match *edit {
            Edit::Shifted { from, to } => Some(i64::from(to) - i64::from(from)),
            _ => None,
        })
        .collect();
    shifts.sort_unstable();
    shifts.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
}

/// Mean of |Δ| over the shifted spikes; `None` where there are none.
pub fn mean_shift(tally: &Tally) -> Option<f64> {
    (tally.shifted > 0).then(|| tally.moved as f64 / f64::from(tally.shifted))
}

/// The output compared with its target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetHits {
    pub distance: f64,
    pub hits: u32,
    pub targets: usize,
}

/// Compares the output with its target; `None` where no spikes are wanted.
pub fn hits(output: &Raster, target: &Raster, q: Price) -> Option<TargetHits> {
    if target.is_empty() || target.units() != output.units() {
        return None;
    }
    let tally = Counter::default().count(output, target, q);
    Some(TargetHits { distance: tally.distance(q), hits: tally.kept, targets: target.len() })
}

/// Between which updates, in words, where `update` is the moment shown; and why it may be less than was asked for.
pub fn between(span: &Span, update: u64, choice: SpanChoice, look_back: u64) -> String {
    let mut text = format!("update {} to {}", text::whole(span.from), text::whole(update));
    let back = update - span.from.min(update);
    if choice == SpanChoice::Back && back < look_back && span.from > 0 {
        text += &format!(" (only {} remembered)", text::whole(back));
    }
    text
}

/// A distance, with as many digits as q makes it have.
pub fn distance(value: f64, q: f64) -> String {
    if value >= 1000.0 {
        return text::whole(value.round() as u64);
    }
    let tenths = (q * 10.0).fract().abs() < 1e-9;
    if tenths { format!("{value:.1}") } else { format!("{value:.2}") }
}

/// Everything that the panel shows of a frame; made again when another is shown.
pub struct ChangeDigest {
    frame: Arc<Frame>,
    span: SpanChoice,
    layer: Option<usize>,
    pub rows: Vec<TallyRow>,
    pub shifts: Vec<(i64, u32)>,
    pub hits: Option<TargetHits>,
}

impl ChangeDigest {
    /// `layer` is that whose shifts are wanted, or `None` for all.
    pub fn new(frame: &Arc<Frame>, span: SpanChoice, layer: Option<usize>) -> Self {
        let q = frame.settings.run.shift_cost;
        let layers = &of(frame, span).changes.layers;
        let wanted = layer.and_then(|l| layers.get(l)).map_or(&layers[..], std::slice::from_ref);
        Self {
            frame: Arc::clone(frame),
            span,
            layer,
            rows: rows(layers, q, &frame.net.layers),
            shifts: shifts(wanted),
            hits: frame.spikes.last().and_then(|output| hits(output, &frame.sample().target.spikes, q)),
        }
    }

    /// Whether this is still what was asked for.
    pub fn is_of(&self, frame: &Arc<Frame>, span: SpanChoice, layer: Option<usize>) -> bool {
        Arc::ptr_eq(&self.frame, frame) && (self.span, self.layer) == (span, layer)
    }
}

/// The chosen span of a frame.
pub fn of(frame: &Frame, choice: SpanChoice) -> &Span {
    match choice {
        SpanChoice::Last => &frame.spans.last,
        SpanChoice::Back => &frame.spans.back,
        SpanChoice::Start => &frame.spans.start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spike::changes;

    fn two() -> Vec<LayerChanges> {
        let hidden = Raster::from_events(2, 40, vec![(2, 0), (8, 0), (30, 0), (5, 1)]);
        let after = Raster::from_events(2, 40, vec![(4, 0), (8, 0), (6, 1), (11, 1)]);
        let out = Raster::from_events(1, 40, vec![(9, 0)]);
        let moved = Raster::from_events(1, 40, vec![(6, 0)]);
        changes(&[hidden, out], &[after, moved], Price::default()).layers
    }

    #[test]
    fn a_row_for_each_layer_and_their_sum() {
        let rows = rows(&two(), Price::default(), &[]);
        assert_eq!(rows.iter().map(|r| &r.name[..]).collect::<Vec<_>>(), ["hidden", "output", "all layers"]);
        assert_eq!(rows[0].tally, Tally { kept: 1, shifted: 2, created: 1, removed: 1, moved: 3 });
        assert_eq!(rows[2].tally, Tally { kept: 1, shifted: 3, created: 1, removed: 1, moved: 6 });
        assert_eq!([rows[0].distance, rows[1].distance, rows[2].distance], [2.3, 0.3, 2.6]);
        assert_eq!(mean_shift(&rows[2].tally), Some(2.0));
        assert_eq!(mean_shift(&Tally::default()), None);
    }

    #[test]
    fn shifts_of_all_layers_or_of_one() {
        let layers = two();
        assert_eq!(shifts(&layers), [(-3, 1), (1, 1), (2, 1)]);
        assert_eq!(shifts(&layers[1..]), [(-3, 1)]);
        assert_eq!(shifts(&[]), []);
    }

    #[test]
    fn hits_are_spikes_at_their_target() {
        let output = Raster::from_events(2, 40, vec![(3, 0), (10, 0), (5, 1)]);
        let target = Raster::from_events(2, 40, vec![(3, 0), (12, 0), (39, 1)]);
        let q = Price::default();
        assert_eq!(hits(&output, &target, q), Some(TargetHits { distance: 2.2, hits: 1, targets: 3 }));
        assert_eq!(hits(&output, &Raster::silent(2, 40), q), None);
    }

    #[test]
    fn the_span_is_said_exactly() {
        let span = |from| Span { from, ..Span::default() };
        assert_eq!(between(&span(120), 121, SpanChoice::Last, 100), "update 120 to 121");
        assert_eq!(between(&span(0), 40, SpanChoice::Back, 100), "update 0 to 40");
        assert_eq!(between(&span(1234), 1240, SpanChoice::Back, 100), "update 1,234 to 1,240 (only 6 remembered)");
    }

    #[test]
    fn distances_have_the_digits_of_q() {
        assert_eq!(distance(3.4, 0.1), "3.4");
        assert_eq!(distance(3.0, 2.0), "3.0");
        assert_eq!(distance(3.25, 0.25), "3.25");
        assert_eq!(distance(1256.3, 0.1), "1,256");
    }
}
