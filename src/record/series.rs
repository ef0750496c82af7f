//! A scalar over training, in bounded memory: when it is thinned, every bucket keeps its minimum and maximum, so that
//! a spike in a curve never vanishes.

/// Consecutive values of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// The update of the first value.
    pub first: u64,
    /// The update of the last value.
    pub last: u64,
    pub min: f64,
    pub max: f64,
    pub sum: f64,
    pub count: u64,
}

impl Bucket {
    fn of(update: u64, value: f64) -> Self {
        Self { first: update, last: update, min: value, max: value, sum: value, count: 1 }
    }

    fn join(self, next: Self) -> Self {
        Self {
            first: self.first,
            last: next.last,
            min: self.min.min(next.min),
            max: self.max.max(next.max),
            sum: self.sum + next.sum,
            count: self.count + next.count,
        }
    }

    pub fn mean(&self) -> f64 {
        self.sum / self.count as f64
    }
}

/// A series of at most `limit` buckets of at least `width` values each; only the last may have fewer.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    buckets: Vec<Bucket>,
    limit: usize,
    width: u64,
}

impl Series {
    /// `limit` is even and at least 2.
    pub fn new(limit: usize) -> Self {
        Self { buckets: Vec::new(), limit: limit.next_multiple_of(2).max(2), width: 1 }
    }

    /// A series as [`Series::buckets`] and [`Series::width`] of another told of it.
    pub fn restored(buckets: Vec<Bucket>, width: u64, limit: usize) -> Self {
        Self { buckets, width, ..Self::new(limit) }
    }

    /// Adds the value of an update behind the last.
    pub fn push(&mut self, update: u64, value: f64) {
        self.push_bucket(Bucket::of(update, value));
    }

    /// Adds what follows, in buckets as they are there or wider.
    pub fn append(&mut self, next: &Self) {
        next.buckets.iter().for_each(|bucket| self.push_bucket(*bucket));
    }

    fn push_bucket(&mut self, new: Bucket) {
        if let Some(last) = self.buckets.last_mut().filter(|b| b.count < self.width) {
            *last = last.join(new);
            return;
        }
        if self.buckets.len() == self.limit {
            self.buckets = self.buckets.as_chunks::<2>().0.iter().map(|[a, b]| a.join(*b)).collect();
            self.width *= 2;
        }
        self.buckets.push(new);
    }

    /// Forgets the values after `update`; a bucket that reaches beyond it goes as a whole.
    pub fn truncate(&mut self, update: u64) {
        self.buckets.truncate(self.buckets.partition_point(|bucket| bucket.last <= update));
    }

    pub fn clear(&mut self) {
        self.buckets.clear();
        self.width = 1;
    }

    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// Values that a full bucket has at least: 1 as long as this series thinned nothing itself.
    pub fn width(&self) -> u64 {
        self.width
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_spike_survives_any_thinning() {
        let mut s = Series::new(16);
        for u in 0..100_000 {
            s.push(u, if u == 31_337 { 9.0 } else { (u % 3) as f64 });
        }
        assert!(s.buckets().len() <= 16);
        assert_eq!(s.buckets().iter().map(|b| b.count).sum::<u64>(), 100_000);
        assert_eq!(s.buckets().iter().filter(|b| b.max == 9.0).count(), 1);
        assert!(s.buckets().iter().all(|b| b.min == 0.0));
        assert!(s.buckets().windows(2).all(|w| w[0].last + 1 == w[1].first));
        assert!(s.width() >= 100_000 / 16);
    }

    #[test]
    fn a_series_that_was_thinned_can_be_added_to_another() {
        let (mut whole, mut first) = (Series::new(16), Series::new(64));
        for (from, to) in [(0, 50), (50, 10_000), (10_000, 10_010)] {
            let mut next = Series::new(16);
            for u in from..to {
                let value = if u == 7_777 { 9.0 } else { (u % 3) as f64 };
                whole.push(u, value);
                next.push(u, value);
            }
            first.append(&next);
        }
        let total =
            |s: &Series| s.buckets().iter().map(|b| (b.sum, b.count)).fold((0.0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        assert_eq!(total(&first), total(&whole));
        assert_eq!(first.buckets().iter().filter(|b| b.max == 9.0).count(), 1);
        assert!(first.buckets().windows(2).all(|w| w[0].last + 1 == w[1].first) && first.buckets().len() <= 64);
        assert_eq!(first.buckets().last().unwrap().last, 10_009);
    }
}
