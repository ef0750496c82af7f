//! The parts of curves: points in view, the rule that each was trained by, marks side by side, and what the
//! pointer reads.

use std::ops::Range;

use crate::gui::names::layer_name;
use crate::gui::state::{CurveKind, RunMark, RunView};
use crate::record::Curves;
use crate::record::Series;
use crate::record::series::Bucket;
use crate::rule::Rule;
use crate::snn::Layer;
use crate::text;

/// One line: a series and its name.
#[derive(Clone)]
pub struct CurveTrack<'a> {
    pub name: String,
    pub series: &'a Series,
}

/// The lines of a kind of curve.
pub fn tracks<'a>(curves: &'a Curves, kind: CurveKind, kinds: &[Layer]) -> Vec<CurveTrack<'a>> {
    let one = |name: &str, series| CurveTrack { name: name.to_owned(), series };
    match kind {
        CurveKind::Loss => vec![one("loss", &curves.loss)],
        CurveKind::Spikes => {
            let layers = curves.spikes.len();
            curves.spikes.iter().enumerate().map(|(l, s)| one(&layer_name(l, layers, kinds), s)).collect()
        }
        CurveKind::Changes => {
            vec![one("shifted", &curves.shifted), one("created", &curves.created), one("removed", &curves.removed)]
        }
        CurveKind::Distance => vec![one("distance", &curves.target_distance)],
        CurveKind::LearningRate => vec![one("learning rate", &curves.learning_rate)],
        CurveKind::Accuracy => {
            vec![one("by first spike", &curves.accuracy_first), one("by count", &curves.accuracy_count)]
        }
    }
}

/// A point that is drawn: some consecutive updates, their mean, least and greatest value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    pub first: u64,
    pub last: u64,
    pub mean: f64,
    pub min: f64,
    pub max: f64,
}

impl CurvePoint {
    fn of(buckets: &[Bucket]) -> Self {
        let sum: f64 = buckets.iter().map(|b| b.sum).sum();
        let count: u64 = buckets.iter().map(|b| b.count).sum();
        Self {
            first: buckets[0].first,
            last: buckets[buckets.len() - 1].last,
            mean: sum / count as f64,
            min: buckets.iter().map(|b| b.min).fold(f64::INFINITY, f64::min),
            max: buckets.iter().map(|b| b.max).fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// The middle of its updates.
    pub fn at(&self) -> f64 {
        (self.first + self.last) as f64 / 2.0
    }
}

/// The buckets from update `from` to update `to`, and a neighbour on each side, so that lines reach the edges.
fn in_view(buckets: &[Bucket], from: f64, to: f64) -> Range<usize> {
    let start = buckets.partition_point(|b| (b.last as f64) < from).saturating_sub(1);
    let end = buckets.partition_point(|b| b.first as f64 <= to);
    start..(end + 1).min(buckets.len()).max(start)
}

/// How many buckets make a point, so that `most` points span the view: a power of two, so that points stay what they
/// are while the view moves.
pub fn group(buckets: &[Bucket], from: f64, to: f64, most: usize) -> usize {
    in_view(buckets, from, to).len().div_ceil(most.max(1)).next_power_of_two()
}

/// The points in view, about `most` of them.
pub fn points(buckets: &[Bucket], from: f64, to: f64, most: usize) -> Vec<CurvePoint> {
    let view = in_view(buckets, from, to);
    let group = group(buckets, from, to, most);
    // groups are counted from the first bucket of all, so that they stay the same while the view moves;
    // the middle of the outermost must not be in view, where there is one farther out
    let start = (view.start / group).saturating_sub(1) * group;
    let end = ((view.end / group + 2) * group).min(buckets.len());
    buckets[start..end].chunks(group).map(CurvePoint::of).collect()
}

/// From the least to the greatest value that can be shown; `None` where there is none.
pub fn extent(tracks: &[CurveTrack], log: bool) -> Option<(f64, f64)> {
    let mut extent = (f64::INFINITY, f64::NEG_INFINITY);
    for bucket in tracks.iter().flat_map(|t| t.series.buckets()) {
        for value in [bucket.min, bucket.mean(), bucket.max] {
            if value.is_finite() && (value > 0.0 || !log) {
                extent = (extent.0.min(value), extent.1.max(value));
            }
        }
    }
    (extent.0 <= extent.1).then_some(extent)
}

/// The update at which the best epoch ended, and its number.
pub fn best(run: &RunView) -> Option<(u64, u64)> {
    let best = run.best_epoch?;
    run.epochs.iter().find(|report| report.epoch == best).map(|report| (report.update, best))
}

/// A note about values that cannot be seen.
pub fn note(tracks: &[CurveTrack], log: bool) -> Option<&'static str> {
    let mut buckets = tracks.iter().flat_map(|t| t.series.buckets()).peekable();
    buckets.peek()?;
    let (mut any, mut all) = (false, true);
    for bucket in buckets {
        any |= bucket.min <= 0.0;
        all &= bucket.max <= 0.0;
    }
    match (all, any && log) {
        (true, true) => Some("all values are zero so far, which a log axis cannot show"),
        (true, false) => Some("all values are zero so far"),
        (false, true) => Some("zeros are not shown on a log axis"),
        (false, false) => None,
    }
}

/// The rule that update `update` was made by, of a run that began with `first`.
pub fn rule_at(first: Rule, marks: &[RunMark], update: u64) -> Rule {
    let before = marks.partition_point(|m| m.update < update);
    marks[..before].iter().rev().find_map(|m| m.rule).unwrap_or(first)
}

/// Consecutive points made by one rule.
pub fn segments(points: &[CurvePoint], first: Rule, marks: &[RunMark]) -> Vec<(Rule, Range<usize>)> {
    let Some(start) = points.first() else { return Vec::new() };
    let mut rule = rule_at(first, marks, start.first);
    let mut switches = marks.iter().filter_map(|m| m.rule.map(|r| (m.update, r))).peekable();
    let mut out = Vec::new();
    let mut begin = 0;
    for (n, point) in points.iter().enumerate() {
        let mut now = rule;
        while let Some((_, to)) = switches.next_if(|(update, _)| *update < point.first) {
            now = to;
        }
        if n > 0 && now != rule {
            out.push((rule, begin..n));
            begin = n;
        }
        rule = now;
    }
    out.push((rule, begin..points.len()));
    out
}

/// Marks too close to be told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkCluster {
    /// Where it is drawn: at its last switch of the rule, else at its first mark.
    pub update: u64,
    pub marks: Range<usize>,
    /// The rule that was switched to last.
    pub rule: Option<Rule>,
}

/// Joins marks less than `gap` updates apart.
pub fn clusters(marks: &[RunMark], gap: f64) -> Vec<MarkCluster> {
    let mut out: Vec<MarkCluster> = Vec::new();
    for (n, mark) in marks.iter().enumerate() {
        match out.last_mut() {
            Some(c) if (mark.update - marks[c.marks.start].update) as f64 <= gap => {
                c.marks.end = n + 1;
                if mark.rule.is_some() {
                    (c.update, c.rule) = (mark.update, mark.rule);
                }
            }
            _ => out.push(MarkCluster { update: mark.update, marks: n..n + 1, rule: mark.rule }),
        }
    }
    out
}

/// Marks that a tooltip names before it only counts them.
const MOST_NAMED: usize = 6;

/// The text of a cluster's marks.
pub fn cluster_text(cluster: &MarkCluster, marks: &[RunMark]) -> String {
    let marks = &marks[cluster.marks.clone()];
    let lines = marks.iter().take(MOST_NAMED);
    let mut text: Vec<_> = lines.map(|m| format!("after update {}: {}", text::whole(m.update), m.text)).collect();
    if marks.len() > MOST_NAMED {
        text.push(format!("and {} more changes", marks.len() - MOST_NAMED));
    }
    text.join("\n")
}

/// The bucket nearest to an update.
pub fn nearest(series: &Series, update: f64) -> Option<&Bucket> {
    let buckets = series.buckets();
    let at = buckets.partition_point(|b| (b.last as f64) + 0.5 < update);
    buckets.get(at).or(buckets.last())
}

/// The text at the pointer: which updates, and the value of each line, from the least to the greatest where
/// there are several.
pub fn readout(tracks: &[CurveTrack], update: f64, rule: Option<(Rule, &[RunMark])>) -> Option<String> {
    let at = nearest(tracks.first()?.series, update)?;
    let mut text = if at.count == 1 {
        format!("update {}", text::whole(at.first))
    } else {
        format!("updates {} to {}", text::whole(at.first), text::whole(at.last))
    };
    if let Some((first, marks)) = rule {
        text += &format!(", {}", rule_at(first, marks, at.first).label());
    }
    for track in tracks {
        let Some(b) = nearest(track.series, update) else { continue };
        text += &format!("\n{} {}", track.name, text::value(b.mean()));
        if b.count > 1 {
            text += &format!(" ({} to {})", text::value(b.min), text::value(b.max));
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests;
