//! Which samples the panel shows, in which order, and what it says of them, without a screen.

use crate::gui::names::class_name;
use crate::gui::state::EvaluationState;
use crate::gui::widgets::progress::progress_text;
use crate::task::nmnist::{Recording, SIDE, WINDOW_US};
use crate::task::{Split, Task, TaskKind};
use crate::text::{percent, seconds, value, whole};
use crate::train::{Answer, Readout};

/// In which order samples are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SampleOrder {
    #[default]
    AsTheyCome,
    /// Misclassified samples, the greatest loss first; then the others as they come.
    WrongFirst,
}

impl SampleOrder {
    pub const ALL: [Self; 2] = [Self::AsTheyCome, Self::WrongFirst];

    /// Its name; where samples have no class none is wrong, and the loss alone is left to go by.
    pub fn name(self, labelled: bool) -> &'static str {
        match (self, labelled) {
            (Self::AsTheyCome, _) => "As they come",
            (Self::WrongFirst, true) => "Errors first",
            (Self::WrongFirst, false) => "Greatest loss first",
        }
    }
}

/// The predicted class of a sample; none if all outputs are silent.
pub fn given(answer: &Answer, readout: Readout) -> Option<u32> {
    match readout {
        Readout::First => answer.by_first,
        Readout::Count => answer.by_count,
    }
}

/// Whether a sample is classified correctly. As everywhere, silence stands for class 0.
pub fn right(answer: &Answer, readout: Readout) -> bool {
    match readout {
        Readout::First => answer.right_by_first(),
        Readout::Count => answer.right_by_count(),
    }
}

/// Everything that the list of samples depends on, apart from the answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleQuery {
    pub order: SampleOrder,
    /// Only samples of this class.
    pub label: Option<usize>,
    pub readout: Readout,
    pub labelled: bool,
}

/// Numbers of the samples to be shown, in their order. Samples that are not answered yet are not wrong.
pub fn list(wanted: SampleQuery, number: usize, label: impl Fn(usize) -> usize, answers: &[Answer]) -> Vec<u32> {
    let shown = |&i: &u32| wanted.label.is_none_or(|l| label(i as usize) == l);
    let mut list: Vec<u32> = (0..number as u32).filter(shown).collect();
    if wanted.order == SampleOrder::WrongFirst {
        let loss = |i: u32| {
            let answer = answers.get(i as usize)?;
            (!wanted.labelled || !right(answer, wanted.readout)).then_some(answer.loss)
        };
        // a stable sort: what has no loss to go by stays as it comes, after what has
        list.sort_by(|&a, &b| match (loss(a), loss(b)) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
    }
    list
}

/// The first line of a tile, as in "7" or "7 as 1".
pub fn headline(kind: TaskKind, label: usize, answer: Option<&Answer>, readout: Readout) -> String {
    let name = |class: usize| class_name(kind, class);
    match answer.map(|a| (given(a, readout), right(a, readout))) {
        None | Some((Some(_), true)) => name(label),
        Some((Some(class), false)) => format!("{} as {}", name(label), name(class as usize)),
        Some((None, _)) => format!("{}, silent", name(label)),
    }
}

/// The whole of what is known of a sample, for a tooltip and for who cannot see the picture.
pub fn sentence(task: &Task, place: (Split, usize), answer: Option<&Answer>, readout: Readout) -> String {
    let (part, index) = place;
    let mut text = format!("{} sample {}", part.label(), whole(index as u64));
    if task.labelled {
        let kind = task.settings.kind;
        text += &format!(": {}", class_name(kind, task.set(part).label(index)));
        text += &match answer.map(|a| (given(a, readout), right(a, readout))) {
            None => ", not evaluated".to_owned(),
            Some((Some(_), true)) => ", classified correctly".to_owned(),
            Some((Some(class), false)) => format!(", classified as {}", class_name(kind, class as usize)),
            Some((None, _)) => ", all outputs silent".to_owned(),
        };
    }
    if let Some(answer) = answer {
        text += &format!("; loss {}, {} spikes", value(answer.loss), whole(u64::from(answer.spikes)));
    }
    text
}

/// The state of a part in a line: how far the answers are, or how good they are.
pub fn status(evaluation: &EvaluationState, part: Split, now: u64, (labelled, readout): (bool, Readout)) -> String {
    if let Some((asked, progress)) = evaluation.coming() {
        return progress_text(progress, if asked == part { "samples" } else { "samples of another split" });
    }
    let (Some(update), Some(took)) = (evaluation.update(part), evaluation.of(part).took()) else {
        return "not evaluated yet: press Evaluate".to_owned();
    };
    let ago = match now.saturating_sub(update) {
        0 => String::new(),
        n => format!(" ({} ago)", whole(n)),
    };
    let answers = evaluation.answers(part);
    let number = answers.len() as f64;
    let text = if labelled {
        let wrong = answers.iter().filter(|a| !right(a, readout)).count();
        format!("{} right, {} wrong", percent((number - wrong as f64) / number, 1), whole(wrong as u64))
    } else {
        format!("mean loss {}", value(answers.iter().map(|a| a.loss).sum::<f64>() / number))
    };
    let whole_part = if evaluation.is_whole(part) { "" } else { "the first " };
    format!("update {}{ago}: {text} of {whole_part}{} in {}", whole(update), whole(answers.len() as u64), seconds(took))
}

/// Events of a pixel: brighter, darker.
pub type PixelCounts = [u16; 2];

/// Events of every pixel of a recording between two times in ms (up to the end of the sample where there are none), row
/// by row from the top left corner, as they were recorded: x to the right, y down.
pub fn pixels(recording: &Recording, window: Option<(f64, f64)>) -> Vec<PixelCounts> {
    let (from, to) = window.unwrap_or((0.0, f64::INFINITY));
    let mut counts = vec![[0u16; 2]; SIDE * SIDE];
    for event in recording.events.iter().take_while(|e| e.time_us < WINDOW_US) {
        let ms = event.time_us as f64 / 1000.0;
        if (from..to).contains(&ms) {
            let pixel = &mut counts[usize::from(event.y) * SIDE + usize::from(event.x)];
            let count = &mut pixel[usize::from(!event.brighter)];
            *count = count.saturating_add(1);
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::nmnist::Event;

    fn answer(label: u32, by_first: Option<u32>, loss: f64) -> Answer {
        Answer { label, by_first, by_count: Some(label), loss, answered: by_first.is_some(), ..Answer::default() }
    }

    const WANTED: SampleQuery =
        SampleQuery { order: SampleOrder::WrongFirst, label: None, readout: Readout::First, labelled: true };

    fn some() -> (Vec<Answer>, [usize; 7]) {
        let labels = [0, 1, 2, 1, 0, 2, 1];
        let given = [Some(0), Some(2), Some(1), None, None];
        let losses = [9.0, 0.5, 2.0, 1.0, 8.0];
        let answers = (0..5).map(|i| answer(labels[i] as u32, given[i], losses[i])).collect();
        (answers, labels)
    }

    #[test]
    fn wrong_ones_come_first_by_their_loss_and_the_others_as_they_come() {
        let (answers, labels) = some();
        let list = |wanted| list(wanted, 7, |i| labels[i], &answers);
        // sample 4 is silent, and of class 0: right, as in the accuracy
        assert_eq!(list(WANTED), [2, 3, 1, 0, 4, 5, 6]);
        assert_eq!(list(SampleQuery { order: SampleOrder::AsTheyCome, ..WANTED }), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(list(SampleQuery { label: Some(1), ..WANTED }), [3, 1, 6]);
        assert_eq!(
            list(SampleQuery { readout: Readout::Count, ..WANTED }),
            [0, 1, 2, 3, 4, 5, 6],
            "by count none is wrong"
        );
        assert_eq!(list(SampleQuery { labelled: false, ..WANTED }), [0, 4, 2, 3, 1, 5, 6], "by loss alone");
    }

    #[test]
    fn tiles_say_what_is_taken_for_what() {
        let line = |label, given: Option<Option<u32>>| {
            let answer = given.map(|g| answer(label as u32, g, 0.0));
            headline(TaskKind::YinYang, label, answer.as_ref(), Readout::First)
        };
        assert_eq!(
            [line(1, None), line(1, Some(Some(1))), line(1, Some(Some(2))), line(0, Some(None))],
            ["yang", "yang", "yang as dot", "yin, silent"]
        );
        assert_eq!(class_name(TaskKind::Digits, 2), "2");
    }

    #[test]
    fn a_recording_lies_as_it_was_recorded() {
        let event = |x, y, brighter, time_us| Event { x, y, brighter, time_us };
        let events = vec![
            event(3, 1, true, 0),
            event(3, 1, true, 9_000),
            event(3, 1, false, 10_000),
            event(0, 33, false, 25_000),
            event(5, 5, true, WINDOW_US),
        ];
        let recording = Recording { events };
        let counts = pixels(&recording, None);
        assert_eq!((counts[SIDE + 3], counts[33 * SIDE], counts[5 * SIDE + 5]), ([2, 1], [0, 1], [0, 0]));
        let sum = |window| pixels(&recording, window).iter().map(|c| c[0] + c[1]).sum::<u16>();
        assert_eq!([Some((0.0, 10.0)), Some((10.0, 20.0)), Some((9.0, 26.0)), None].map(sum), [2, 1, 3, 4]);
    }
}
