//! What the curves of the runs that are compared show, in numbers.

use crate::gui::state::ComparedRun;
use crate::record::series::Bucket;
use crate::text;

/// What is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ComparedCurve {
    #[default]
    Loss,
    Spikes,
    Distance,
    Accuracy,
}

/// What it has cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ComparedAxis {
    #[default]
    Updates,
    Seconds,
    Spikes,
}

impl ComparedCurve {
    pub const ALL: [Self; 4] = [Self::Loss, Self::Spikes, Self::Distance, Self::Accuracy];

    pub fn label(self) -> &'static str {
        match self {
            Self::Loss => "Loss",
            Self::Spikes => "Spikes",
            Self::Distance => "Target distance",
            Self::Accuracy => "Accuracy",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Loss => "The quantity that training minimises",
            Self::Spikes => "Spikes of the watched sample, all layers together",
            Self::Distance => {
                "Cost of turning the output spikes into the target: 1 to create or remove a spike, q per step to move one"
            }
            Self::Accuracy => "Validation accuracy at the end of every epoch, by the readout that the loss trains for",
        }
    }
}

impl ComparedAxis {
    pub const ALL: [Self; 3] = [Self::Updates, Self::Seconds, Self::Spikes];

    pub fn label(self) -> &'static str {
        match self {
            Self::Updates => "by update",
            Self::Seconds => "by seconds",
            Self::Spikes => "by spikes used",
        }
    }

    pub fn hint(self) -> &'static str {
        match self {
            Self::Updates => "Over the number of updates",
            Self::Seconds => {
                "Over the seconds that each run has computed for since it was begun here; runs share the cores, so alone \
                 each would take less"
            }
            Self::Spikes => {
                "Over the spikes that each run has used: those of the watched sample, of all neurons and updates"
            }
        }
    }

    /// A place on this axis in words.
    pub fn words(self, x: f64) -> String {
        match self {
            Self::Updates => format!("update {}", text::whole(x.max(0.0).round() as u64)),
            Self::Seconds => format!("{} s of computing", text::value(x)),
            Self::Spikes => format!("{} spikes used", text::whole(x.max(0.0).round() as u64)),
        }
    }
}

/// A point of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComparedPoint {
    pub x: f64,
    pub mean: f64,
    pub min: f64,
    pub max: f64,
}

/// The curve of a run, with at most about `most` points; what has no place on the axis is left out.
pub fn curve(run: &ComparedRun, kind: ComparedCurve, axis: ComparedAxis, most: usize) -> Vec<ComparedPoint> {
    let buckets = buckets(run, kind);
    let table = match axis {
        ComparedAxis::Updates => None,
        ComparedAxis::Seconds => Some(run.seconds().to_vec()),
        ComparedAxis::Spikes => Some(run.spikes_used()),
    };
    let group = buckets.len().div_ceil(most.max(1)).next_power_of_two();
    let point = |buckets: &[Bucket]| {
        let (first, last) = (buckets.first()?.first, buckets.last()?.last);
        let middle = (first + last) as f64 / 2.0;
        let x = table.as_ref().map_or(Some(middle), |table| place(table, middle))?;
        let count: u64 = buckets.iter().map(|b| b.count).sum();
        Some(ComparedPoint {
            x,
            mean: buckets.iter().map(|b| b.sum).sum::<f64>() / count as f64,
            min: buckets.iter().map(|b| b.min).fold(f64::INFINITY, f64::min),
            max: buckets.iter().map(|b| b.max).fold(f64::NEG_INFINITY, f64::max),
        })
    };
    buckets.chunks(group).filter_map(point).collect()
}

/// The values of a run, bucket by bucket.
fn buckets(run: &ComparedRun, kind: ComparedCurve) -> Vec<Bucket> {
    let curves = &run.view.curves;
    match kind {
        ComparedCurve::Loss => curves.loss.buckets().to_vec(),
        ComparedCurve::Distance => curves.target_distance.buckets().to_vec(),
        ComparedCurve::Accuracy => match crate::train::Readout::of(&run.view.settings.loss) {
            crate::train::Readout::First => curves.accuracy_first.buckets().to_vec(),
            crate::train::Readout::Count => curves.accuracy_count.buckets().to_vec(),
        },
        ComparedCurve::Spikes => {
            let Some((first, others)) = curves.spikes.split_first() else { return Vec::new() };
            // bounds of a sum: layers need not have their extremes at the same update
            let add = |mut all: Bucket, n: usize| {
                for other in others.iter().filter_map(|series| series.buckets().get(n)) {
                    (all.sum, all.min, all.max) = (all.sum + other.sum, all.min + other.min, all.max + other.max);
                }
                all
            };
            first.buckets().iter().enumerate().map(|(n, bucket)| add(*bucket, n)).collect()
        }
    }
}

/// Where the moment after `update` updates stands, by a table of such places that rises; none before its beginning and after
/// its end.
pub fn place(table: &[(u64, f64)], update: f64) -> Option<f64> {
    let next = table.partition_point(|(u, _)| (*u as f64) < update);
    let after = table.get(next)?;
    if after.0 as f64 == update {
        return Some(after.1);
    }
    let before = table.get(next.checked_sub(1)?)?;
    let share = (update - before.0 as f64) / (after.0 - before.0) as f64;
    Some(before.1 + share * (after.1 - before.1))
}

/// The value of a curve at a place; none outside of it: there is no counterpart.
pub fn value_at(curve: &[ComparedPoint], x: f64, reach: f64) -> Option<f64> {
    let next = curve.partition_point(|point| point.x < x);
    let near = [next.checked_sub(1).and_then(|n| curve.get(n)), curve.get(next)];
    let near = near.into_iter().flatten().min_by(|a, b| (a.x - x).abs().total_cmp(&(b.x - x).abs()))?;
    let inside = curve.first()?.x <= x && x <= curve.last()?.x;
    (inside || (near.x - x).abs() <= reach).then_some(near.mean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::state::RunView;
    use crate::record::Series;
    use crate::train::Settings;

    fn run() -> ComparedRun {
        let mut run = ComparedRun::new("a".into(), RunView::new(Settings::default()));
        run.view.curves.spikes = vec![Series::new(64), Series::new(64)];
        for u in 0..10 {
            run.view.curves.loss.push(u, 10.0 - u as f64);
            run.view.curves.spikes[0].push(u, 3.0);
            run.view.curves.spikes[1].push(u, 2.0);
        }
        run
    }

    #[test]
    fn a_curve_over_spikes_is_that_over_updates_with_other_places() {
        let run = run();
        let by_update = curve(&run, ComparedCurve::Loss, ComparedAxis::Updates, 100);
        let by_spikes = curve(&run, ComparedCurve::Loss, ComparedAxis::Spikes, 100);
        assert_eq!(by_update.len(), 10);
        for (a, b) in by_update.iter().zip(&by_spikes) {
            assert_eq!((a.x * 5.0, a.mean), (b.x, b.mean), "five spikes an update");
        }
        assert!(curve(&run, ComparedCurve::Loss, ComparedAxis::Seconds, 100).is_empty(), "no time is known");
        assert_eq!(curve(&run, ComparedCurve::Spikes, ComparedAxis::Updates, 100)[4].mean, 5.0);
    }

    #[test]
    fn points_that_stand_for_several_updates_keep_the_extremes() {
        let few = curve(&run(), ComparedCurve::Loss, ComparedAxis::Updates, 3);
        assert_eq!(few.len(), 3);
        assert_eq!((few[0].min, few[0].max, few[0].mean), (7.0, 10.0, 8.5));
    }

    #[test]
    fn where_a_run_has_not_been_there_is_no_counterpart() {
        let table = [(0, 0.0), (10, 5.0), (20, 25.0)];
        assert_eq!([0.0, 5.0, 10.0, 15.0, 20.0].map(|u| place(&table, u).unwrap()), [0.0, 2.5, 5.0, 15.0, 25.0]);
        assert_eq!((place(&table, 21.0), place(&[(5, 0.0)], 4.0), place(&[], 0.0)), (None, None, None));
        let by_update = curve(&run(), ComparedCurve::Loss, ComparedAxis::Updates, 100);
        assert_eq!(value_at(&by_update, 3.2, 0.5), Some(7.0));
        assert_eq!((value_at(&by_update, 30.0, 0.5), value_at(&[], 0.0, 1.0)), (None, None));
    }
}
