//! `epochs.csv`: a row for every epoch.

use std::collections::BTreeMap;

use crate::train::EpochReport;

use super::super::print::exact;

const HEAD: &str = "epoch,train_loss,valid_accuracy_first,valid_accuracy_count,spikes_total,spikes_necessary,seconds";

/// How long epochs took, training and validation together; of one in whose middle a run was resumed, the part after.
#[derive(Debug, Default)]
pub struct Seconds(BTreeMap<u64, String>);

impl Seconds {
    /// What an earlier file says of the first `epochs` epochs. Of others, and where it does not say, nothing is known.
    pub fn of(csv: &str, epochs: usize) -> Self {
        let mut lines = csv.lines();
        if lines.next() != Some(HEAD) {
            return Self::default();
        }
        let row = |line: &str| {
            let (epoch, seconds) = (line.split(',').next()?.parse().ok()?, line.split(',').nth(6)?);
            seconds.parse::<f64>().is_ok_and(f64::is_finite).then(|| (epoch, seconds.to_owned()))
        };
        Self(lines.filter_map(row).filter(|(epoch, _)| *epoch <= epochs as u64).collect())
    }

    pub fn set(&mut self, epoch: u64, seconds: f64) {
        // a clock is not finer than this
        self.0.insert(epoch, exact((seconds * 1e6).round() / 1e6));
    }
}

/// The whole file. Cells of what is not known are empty: validation where there are no samples for it, and the time
/// of epochs of which no earlier file told.
pub fn csv(epochs: &[EpochReport], seconds: &Seconds) -> String {
    let mut csv = HEAD.to_owned() + "\n";
    for EpochReport { epoch, train_loss, valid, .. } in epochs {
        let of = valid.as_ref().map(|v| [v.accuracy_first, v.accuracy_count, v.spikes, v.necessary].map(exact));
        let cells = of.unwrap_or_default().join(",");
        let time = seconds.0.get(epoch).map_or("", String::as_str);
        csv += &format!("{epoch},{},{cells},{time}\n", exact(*train_loss));
    }
    csv
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Validation;

    #[test]
    fn times_of_earlier_epochs_are_kept() {
        let valid = Validation {
            samples: 8,
            loss: 0.5,
            accuracy_first: 0.75,
            accuracy_count: 0.5,
            unanswered: 1,
            spikes: 12.5,
            necessary: 7.25,
            first_step: 3.0,
        };
        let report = |epoch, valid| EpochReport { epoch, update: 4 * epoch, train_loss: 0.1, valid };
        let mut seconds = Seconds::default();
        seconds.set(1, 1.25);
        let text = csv(&[report(1, Some(valid)), report(2, None)], &seconds);
        assert_eq!(text, format!("{HEAD}\n1,0.1,0.75,0.5,12.5,7.25,1.25\n2,0.1,,,,,\n"));

        let mut seconds = Seconds::of(&text, 2);
        seconds.set(2, 2.0);
        let again = csv(&[report(1, Some(valid)), report(2, None)], &seconds);
        assert_eq!(again, format!("{HEAD}\n1,0.1,0.75,0.5,12.5,7.25,1.25\n2,0.1,,,,,2.0\n"));
        assert_eq!(Seconds::of(&again, 1).0.len(), 1, "epochs that are made again are timed again");
        for other in ["", "epoch,seconds\n1,2\n", &again.replace("2.0", "NaN").replace("1.25", "")] {
            assert!(Seconds::of(other, 9).0.is_empty(), "{other}");
        }
    }
}
