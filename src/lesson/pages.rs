//! Pages in text: the commented lesson that a new one starts from, a reader's worksheet, and the list of lessons.

use super::code::LessonCode;
use super::walk::{GivenAnswer, LessonProgress, StepRecord};
use super::{Lesson, StepKind};

/// A lesson to start from, with comments.
pub const EXAMPLE: &str = include_str!("../../assets/lessons/new.toml");

/// A reader's worksheet in Markdown: every question with what was answered and found.
pub fn worksheet(lesson: &Lesson, progress: &LessonProgress) -> String {
    let mut page = format!("# {}\n\n", lesson.title);
    page += "Name: ____________________  Date: ____________\n\n";
    for goal in &lesson.goals {
        page += &format!("* {goal}\n");
    }
    for (n, step) in lesson.steps.iter().enumerate() {
        let record = progress.records.get(n).unwrap_or(&StepRecord::Open);
        page += &format!("\n## {}. {}\n\n{}\n\n", n + 1, heading(step.kind_name()), step.text.trim());
        if let StepKind::Choose { choices, .. } = &step.kind {
            for (k, choice) in choices.iter().enumerate() {
                let given = matches!(record, StepRecord::Answered(a) if a.given == GivenAnswer::Choice(k));
                page += &format!("- [{}] {}\n", if given { "x" } else { " " }, choice.text);
            }
            page += "\n";
        }
        page += &match record {
            StepRecord::Open => "Not done yet.\n".to_owned(),
            StepRecord::Skipped => "Skipped.\n".to_owned(),
            StepRecord::Done => "Done.\n".to_owned(),
            StepRecord::Answered(answer) => match &answer.found {
                Some(found) => format!("{} {}\n", if found.right { "Right." } else { "Otherwise." }, found.text),
                None => "Answered; the run is not over.\n".to_owned(),
            },
        };
        page += "\nNotes: ______________________________________________\n";
    }
    page + &format!("\nCode for class: `{}`\n", LessonCode::of(lesson, progress, None))
}

fn heading(kind: &str) -> &'static str {
    match kind {
        "do" => "Do",
        "predict" => "Predict",
        "see" => "See",
        _ => "Read",
    }
}

/// The instructor's notes of a lesson in Markdown: time, answers, and what goes wrong.
pub fn instructor(lesson: &Lesson) -> String {
    let mut page = format!("# {} – notes for the instructor\n\n{} minutes.", lesson.title, lesson.minutes);
    if !lesson.before.is_empty() {
        page += &format!(" Before: {}", lesson.before);
    }
    page += &format!("\n\n{}\n", lesson.notes);
    for (n, step) in lesson.steps.iter().enumerate() {
        let answer = match &step.kind {
            StepKind::Choose { choices, why, .. } => {
                let choices = choices.iter().map(|choice| match &choice.when {
                    super::RightWhen::Always => format!("- **{}** (right)\n", choice.text),
                    super::RightWhen::Never => format!("- {}\n", choice.text),
                    super::RightWhen::Fact(condition) => format!("- {} (right when `{condition}`)\n", choice.text),
                });
                format!("{}\n{why}\n", choices.collect::<String>())
            }
            StepKind::Guess { fact, tolerance, why, .. } => format!("`{fact}`, within {tolerance}.\n\n{why}\n"),
            StepKind::Do { until, .. } => format!("Ticked when `{until}`.\n"),
            StepKind::See { .. } | StepKind::Read => continue,
        };
        page += &format!("\n## Step {}\n\n{}\n\n{answer}", n + 1, step.text.trim());
    }
    if !lesson.claims.is_empty() {
        page += "\n## What is claimed\n\n";
        lesson.claims.iter().for_each(|claim| page += &format!("- {claim}\n"));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::walk::{FoundAnswer, StepAnswer};

    #[test]
    fn the_worksheet_has_each_question_with_its_answer() {
        let lesson = Lesson::read("a.toml", EXAMPLE).unwrap();
        let mut progress = LessonProgress::new(lesson.steps.len());
        let found = FoundAnswer {
            right: false,
            choice: Some(0),
            text: "You expected: this. Found: that.".into(),
            why: String::new(),
        };
        let given = GivenAnswer::Choice(1);
        progress.records[1] = StepRecord::Answered(StepAnswer { given, judged_at: 0, found: Some(found) });
        progress.records[3] = StepRecord::Skipped;
        let page = worksheet(&lesson, &progress);
        for words in ["## 2. Predict", "- [x]", "Otherwise. You expected: this.", "Skipped.", "Code for class: `"] {
            assert!(page.contains(words), "{words}:\n{page}");
        }
        assert_eq!(page.matches("- [x]").count(), 1);
    }

    #[test]
    fn the_notes_for_the_instructor_have_the_answers_and_the_claims() {
        let lesson = Lesson::read("a.toml", EXAMPLE).unwrap();
        let page = instructor(&lesson);
        assert!(page.contains("right when `loss < 0.3`") && page.contains("## What is claimed"), "{page}");
    }
}
