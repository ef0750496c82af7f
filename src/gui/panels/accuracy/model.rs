//! Answers summed up, and how shares become shades that text can be read on.

use egui::Color32;

use crate::gui::theme::Palette;
use crate::task::{Split, TaskKind, yin_yang};
use crate::text::{percent, whole};
use crate::train::{Evaluation, Readout};

/// Everything that the panel says of the answers to a part.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerSummary {
    pub part: Split,
    pub samples: usize,
    pub classes: Vec<String>,
    /// By first spike and by count.
    matrices: [ConfusionMatrix; 2],
    accuracy: [f64; 2],
    unanswered: usize,
    spikes: f64,
    necessary: f64,
    first_step: (f64, u32),
}

impl AnswerSummary {
    pub fn of(e: &Evaluation, part: Split, classes: usize, kind: TaskKind) -> Self {
        let names = |class: usize| match kind {
            TaskKind::YinYang => yin_yang::CLASSES.get(class).map_or_else(|| class.to_string(), |n| (*n).to_owned()),
            _ => class.to_string(),
        };
        let both = [Readout::First, Readout::Count];
        Self {
            part,
            samples: e.answers.len(),
            classes: (0..classes).map(names).collect(),
            matrices: both.map(|readout| ConfusionMatrix { classes, counts: e.confusion(classes, readout) }),
            accuracy: both.map(|readout| e.accuracy(readout)),
            unanswered: e.unanswered(),
            spikes: e.spikes(),
            necessary: e.necessary(),
            first_step: e.first_step(),
        }
    }

    pub fn matrix(&self, readout: Readout) -> &ConfusionMatrix {
        &self.matrices[usize::from(readout == Readout::Count)]
    }

    /// Facts that the matrix does not show.
    pub fn lines(&self) -> Vec<String> {
        let [first, count] = self.accuracy.map(|share| percent(share, 1));
        let (mean, least) = self.first_step;
        let silent = match self.unanswered {
            0 => "No sample is silent".to_owned(),
            n => format!(
                "{} of {} samples are silent (no output spikes); silent samples count as class {}, as in the program \
                 published with the paper",
                whole(n as u64),
                whole(self.samples as u64),
                self.classes.first().map_or("0", String::as_str),
            ),
        };
        vec![
            format!("Accuracy: {first} by first spike, {count} by count"),
            silent,
            format!(
                "Spikes per sample: {:.1}, of which {:.1} up to the first output spike (necessary)",
                self.spikes, self.necessary
            ),
            format!("First output spike: at step {mean:.1} on average, {least} at the earliest"),
        ]
    }
}

/// Samples by class (rows) and predicted class (columns); the last column is silence.
#[derive(Clone, Debug, PartialEq)]
pub struct ConfusionMatrix {
    pub classes: usize,
    counts: Vec<u32>,
}

impl ConfusionMatrix {
    /// Samples of class `row` whose predicted class is `column`; `column == classes` for silence.
    pub fn count(&self, row: usize, column: usize) -> u32 {
        self.counts[row * (self.classes + 1) + column]
    }

    /// Samples of class `row`.
    pub fn row(&self, row: usize) -> u32 {
        (0..=self.classes).map(|column| self.count(row, column)).sum()
    }

    pub fn sum(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// The share of the samples of class `row` in `column`.
    pub fn share(&self, row: usize, column: usize) -> f64 {
        f64::from(self.count(row, column)) / f64::from(self.row(row).max(1))
    }

    /// The share of the samples of class `row` that were classified correctly; silence is no answer here. None
    /// without a sample.
    pub fn right(&self, row: usize) -> Option<f64> {
        (self.row(row) > 0).then(|| self.share(row, row))
    }
}

/// The ground of a cell that holds this share of its row.
pub fn shade(theme: &Palette, share: f64, right: bool) -> Color32 {
    // small shares of wrong answers are what one looks for
    let depth = if right { share } else { share.sqrt() } as f32;
    theme.ground.lerp_to_gamma(if right { theme.focus } else { theme.warning }, depth.clamp(0.0, 1.0))
}

/// Black or white, whichever can be read on `ground`: one of them always has a contrast of 4.5 : 1.
pub fn text_on(ground: Color32) -> Color32 {
    if luminance(ground) > 0.179 { Color32::BLACK } else { Color32::WHITE }
}

/// Relative luminance as WCAG 2 defines it.
fn luminance(c: Color32) -> f64 {
    let linear = |x: u8| {
        let x = f64::from(x) / 255.0;
        if x <= 0.04045 { x / 12.92 } else { ((x + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Answer;

    fn evaluation() -> Evaluation {
        let answer = |label, by_first: Option<u32>, by_count, first_step| Answer {
            label,
            by_first,
            by_count,
            spikes: 10,
            necessary: 4,
            first_step,
            answered: by_first.is_some(),
            ..Answer::default()
        };
        let answers = vec![
            answer(0, None, None, 30),
            answer(0, Some(0), Some(0), 12),
            answer(1, Some(1), Some(0), 14),
            answer(1, Some(2), Some(1), 16),
        ];
        Evaluation { answers }
    }

    #[test]
    fn the_matrix_counts_every_sample_once() {
        let s = AnswerSummary::of(&evaluation(), Split::Test, 3, TaskKind::YinYang);
        let m = s.matrix(Readout::First);
        assert_eq!((m.sum(), m.row(0), m.row(1), m.row(2)), (4, 2, 2, 0));
        assert_eq!((m.count(0, 3), m.count(1, 2), m.share(1, 1)), (1, 1, 0.5));
        assert_eq!([0, 1, 2].map(|row| m.right(row)), [Some(0.5), Some(0.5), None], "silence is no answer");
        assert_eq!(s.matrix(Readout::Count).count(1, 0), 1);
    }

    #[test]
    fn what_the_matrix_does_not_say_is_said() {
        let lines = AnswerSummary::of(&evaluation(), Split::Test, 3, TaskKind::YinYang).lines();
        assert_eq!(lines[0], "Accuracy: 75.0 % by first spike, 75.0 % by count");
        assert!(lines[1].starts_with("1 of 4 samples are silent") && lines[1].contains("class yin"), "{}", lines[1]);
        assert!(lines[2].starts_with("Spikes per sample: 10.0, of which 4.0 up to"), "{}", lines[2]);
        assert_eq!(lines[3], "First output spike: at step 18.0 on average, 12 at the earliest");
        assert!(AnswerSummary::of(&evaluation(), Split::Test, 3, TaskKind::Digits).lines()[1].contains("class 0,"));
    }

    #[test]
    fn text_can_be_read_on_every_shade() {
        for theme in [Palette::dark(), Palette::light()] {
            for (right, k) in [true, false].into_iter().flat_map(|right| (0..=100).map(move |k| (right, k))) {
                let ground = shade(&theme, f64::from(k) / 100.0, right);
                let (a, b) = (luminance(text_on(ground)) + 0.05, luminance(ground) + 0.05);
                assert!((a / b).max(b / a) >= 4.5, "{k} % {right}: {ground:?}");
            }
        }
    }
}
