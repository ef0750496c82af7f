//! The lessons that are built in, in their order.

use super::Lesson;

/// Name and text of each, for those who read or check them.
pub static FILES: &[(&str, &str)] = &[
    ("1-spike.toml", include_str!("../../assets/lessons/1-spike.toml")),
    ("2-blocked.toml", include_str!("../../assets/lessons/2-blocked.toml")),
    ("3-timing.toml", include_str!("../../assets/lessons/3-timing.toml")),
    ("4-three-rules.toml", include_str!("../../assets/lessons/4-three-rules.toml")),
    ("5-first-spike.toml", include_str!("../../assets/lessons/5-first-spike.toml")),
    ("6-cliffs.toml", include_str!("../../assets/lessons/6-cliffs.toml")),
    ("7-faults.toml", include_str!("../../assets/lessons/7-faults.toml")),
];

/// The lesson of this number, from 1. An error is a sentence.
pub fn numbered(number: usize) -> Result<Lesson, String> {
    let file = number.checked_sub(1).and_then(|n| FILES.get(n));
    let (name, text) = file.ok_or_else(|| format!("There is no lesson {number}: they are 1 to {}.", FILES.len()))?;
    Lesson::read(name, text).map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// All of them.
pub fn all() -> Vec<Lesson> {
    FILES.iter().enumerate().filter_map(|(n, _)| numbered(n + 1).ok()).collect()
}

/// The number of a lesson, from 1, where it is one of these.
pub fn number(id: &str) -> Option<usize> {
    all().iter().position(|lesson| lesson.id == id).map(|n| n + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::check;

    #[test]
    fn every_built_in_lesson_can_be_read_and_has_what_belongs_to_it() {
        for (n, (name, text)) in FILES.iter().enumerate() {
            let lesson = Lesson::read(name, text).unwrap_or_else(|problems| {
                panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
            });
            assert!((8..=15).contains(&lesson.minutes), "{name}");
            assert!(!lesson.goals.is_empty() && !lesson.notes.is_empty() && lesson.language == "en", "{name}");
            assert_eq!(number(&lesson.id), Some(n + 1));
        }
        assert!(numbered(0).is_err() && numbered(FILES.len() + 1).unwrap_err().contains("There is no lesson"));
    }

    #[test]
    fn every_step_of_every_built_in_lesson_is_open_before_its_solution_and_done_after_it() {
        for (n, (name, _)) in FILES.iter().enumerate() {
            let faults = check::steps(&numbered(n + 1).unwrap());
            assert!(faults.is_empty(), "{name}: {faults:#?}");
        }
    }
}
