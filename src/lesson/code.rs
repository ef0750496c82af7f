//! A reader's answers as a short code that can be read aloud, and what the codes of a class say.

use super::walk::{GivenAnswer, LessonProgress, StepRecord};
use super::{Lesson, StepKind};

/// Digits without those that are taken for each other (Crockford's base 32).
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Bits of the lesson's fingerprint, and of the checksum.
const ID_BITS: u32 = 15;
const SUM_BITS: u32 = 15;
/// Bits of an answer, and of a number that was guessed.
const ANSWER_BITS: u32 = 3;
const NUMBER_BITS: u32 = 20;
/// Characters in a line of a question.
const QUESTION: usize = 96;
/// Digits between two dashes.
const GROUP: usize = 4;

/// A code: the lesson, what became of every step, and perhaps a score.
#[derive(Clone, Debug, PartialEq)]
pub struct LessonCode {
    /// A fingerprint of the lesson's id and steps.
    pub lesson: u32,
    pub answers: Vec<CodedAnswer>,
    /// A result that the lesson asks for, in hundredths.
    pub score: Option<u32>,
}

/// What became of a step, as far as a code says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CodedAnswer {
    /// Open or skipped.
    Nothing,
    Done,
    Choice(usize),
    /// In hundredths, from 0 to 10,485.74.
    Number(f64),
}

/// Bits, one after the other.
#[derive(Default)]
struct BitWriter(Vec<bool>);

impl BitWriter {
    fn put(&mut self, value: u32, bits: u32) {
        self.0.extend((0..bits).rev().map(|bit| value >> bit & 1 == 1));
    }
}

struct BitReader<'a>(&'a [bool]);

impl BitReader<'_> {
    fn take(&mut self, bits: u32) -> Option<u32> {
        let (head, rest) = self.0.split_at_checked(bits as usize)?;
        self.0 = rest;
        Some(head.iter().fold(0, |value, bit| value << 1 | u32::from(*bit)))
    }
}

/// A fingerprint of a lesson: of its id, and of the kinds of its steps, which the code is made of.
pub fn fingerprint(lesson: &Lesson) -> u32 {
    let kinds: String = lesson.steps.iter().map(|step| step.kind_name()).collect();
    crc32fast::hash(format!("{} {kinds}", lesson.id).as_bytes()) >> (32 - ID_BITS)
}

impl LessonCode {
    /// Of a reader's progress, with a result where the lesson asks for one.
    pub fn of(lesson: &Lesson, progress: &LessonProgress, score: Option<u32>) -> Self {
        let answer = |(n, _): (usize, &super::LessonStep)| match progress.records.get(n) {
            Some(StepRecord::Done) => CodedAnswer::Done,
            Some(StepRecord::Answered(answer)) => match answer.given {
                GivenAnswer::Choice(choice) => CodedAnswer::Choice(choice),
                GivenAnswer::Number(x) => CodedAnswer::Number(x),
            },
            _ => CodedAnswer::Nothing,
        };
        let answers = lesson.steps.iter().enumerate().map(answer).collect();
        Self { lesson: fingerprint(lesson), answers, score }
    }

    fn bits(&self) -> Vec<bool> {
        let mut bits = BitWriter::default();
        bits.put(self.lesson, ID_BITS);
        for answer in &self.answers {
            match answer {
                CodedAnswer::Nothing => bits.put(0, ANSWER_BITS),
                CodedAnswer::Done => bits.put(1, ANSWER_BITS),
                // seven answers at most: 1 to 7
                CodedAnswer::Choice(n) => bits.put(*n as u32 + 1, ANSWER_BITS),
                CodedAnswer::Number(x) => {
                    bits.put(1, ANSWER_BITS);
                    bits.put(((x * 100.0).round().clamp(0.0, MOST_NUMBER)) as u32, NUMBER_BITS);
                }
            }
        }
        bits.put(u32::from(self.score.is_some()), 1);
        if let Some(score) = self.score {
            bits.put(score.min((1 << NUMBER_BITS) - 1), NUMBER_BITS);
        }
        let rest = bits.0.len() % 5;
        bits.put(0, if rest == 0 { 0 } else { 5 - rest as u32 });
        bits.0
    }

    /// Reads a code of one of `lessons`, with or without dashes and in small letters, too. An error is a sentence.
    pub fn read<'a>(text: &str, lessons: &'a [Lesson]) -> Result<(Self, &'a Lesson), String> {
        let digits = digits(text)?;
        let bits: Vec<bool> =
            digits.iter().flat_map(|digit| (0..5).rev().map(move |bit| digit >> bit & 1 == 1)).collect();
        let split = bits.len().checked_sub(SUM_BITS as usize).filter(|n| *n > ID_BITS as usize);
        let (body, sum) =
            split.map(|at| bits.split_at(at)).ok_or_else(|| format!("`{text}` is too short for a code."))?;
        if BitReader(sum).take(SUM_BITS) != Some(checksum(body)) {
            return Err(format!("`{text}` has a digit that is wrong or missing: its checksum does not match."));
        }
        let mut reader = BitReader(body);
        let id = reader.take(ID_BITS).unwrap_or_default();
        let lesson = lessons.iter().find(|lesson| fingerprint(lesson) == id);
        let lesson =
            lesson.ok_or_else(|| format!("`{text}` is of a lesson that is not here: name its file with --lesson."))?;
        let code = Self::within(&mut reader, lesson).ok_or_else(|| format!("`{text}` is too short for its lesson."))?;
        Ok((code, lesson))
    }

    fn within(reader: &mut BitReader, lesson: &Lesson) -> Option<Self> {
        let mut answers = Vec::new();
        for step in &lesson.steps {
            let value = reader.take(ANSWER_BITS)?;
            answers.push(match (&step.kind, value) {
                (_, 0) => CodedAnswer::Nothing,
                (StepKind::Choose { .. }, n) => CodedAnswer::Choice(n as usize - 1),
                (StepKind::Guess { .. }, _) => CodedAnswer::Number(f64::from(reader.take(NUMBER_BITS)?) / 100.0),
                _ => CodedAnswer::Done,
            });
        }
        let score = if reader.take(1)? == 1 { Some(reader.take(NUMBER_BITS)?) } else { None };
        Some(Self { lesson: fingerprint(lesson), answers, score })
    }
}

const MOST_NUMBER: f64 = ((1 << NUMBER_BITS) - 1) as f64;

fn checksum(bits: &[bool]) -> u32 {
    let bytes: Vec<u8> = bits.iter().map(|bit| u8::from(*bit)).collect();
    crc32fast::hash(&bytes) >> (32 - SUM_BITS)
}

/// The digits of a code; O is 0, and I and L are 1, as they are heard or written.
fn digits(text: &str) -> Result<Vec<u8>, String> {
    let mut found = Vec::new();
    for c in text.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        let digit = DIGITS.iter().position(|digit| char::from(*digit) == c);
        found.push(digit.ok_or_else(|| format!("`{text}` is no code: `{c}` is not one of its digits."))? as u8);
    }
    Ok(found)
}

impl std::fmt::Display for LessonCode {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let mut bits = BitWriter(self.bits());
        bits.put(checksum(&bits.0), SUM_BITS);
        let digit = |five: &[bool]| five.iter().fold(0, |value, bit| value << 1 | usize::from(*bit));
        let digits: Vec<char> = bits.0.chunks(5).map(|five| char::from(DIGITS[digit(five)])).collect();
        let groups: Vec<String> = digits.chunks(GROUP).map(|group| group.iter().collect()).collect();
        f.write_str(&groups.join("-"))
    }
}

/// Everything that the codes of a class say of one lesson, as a text with bars.
pub fn histograms(lesson: &Lesson, codes: &[LessonCode]) -> String {
    let mut text = format!("{}: {}\n", lesson.title, crate::text::count(codes.len() as u64, "code"));
    for (n, step) in lesson.steps.iter().enumerate() {
        let given: Vec<CodedAnswer> = codes.iter().filter_map(|code| code.answers.get(n).copied()).collect();
        let count = |answer: CodedAnswer| given.iter().filter(|other| **other == answer).count();
        let question = question(n + 1, &step.text);
        match &step.kind {
            StepKind::Choose { choices, .. } => {
                text += &question;
                for (k, choice) in choices.iter().enumerate() {
                    text += &bar(&choice.text, count(CodedAnswer::Choice(k)), codes.len());
                }
                text += &bar("(no answer)", count(CodedAnswer::Nothing), codes.len());
            }
            StepKind::Guess { fact, .. } => {
                let mut numbers: Vec<f64> = given.iter().filter_map(number).collect();
                numbers.sort_by(f64::total_cmp);
                text += &format!("{question}    {fact}: {}\n", quartiles(&numbers));
            }
            StepKind::Do { .. } => {
                text += &question;
                text += &bar("done", count(CodedAnswer::Done), codes.len());
            }
            StepKind::See { .. } | StepKind::Read => {}
        }
    }
    let mut scores: Vec<f64> = codes.iter().filter_map(|code| Some(f64::from(code.score?) / 100.0)).collect();
    scores.sort_by(f64::total_cmp);
    if !scores.is_empty() {
        text += &format!("\nResults: {}\n", quartiles(&scores));
    }
    text
}

/// The whole text of a step with its number, without Markdown.
fn question(n: usize, text: &str) -> String {
    let number = format!("{n}. ");
    let lines = super::text::plain(text, QUESTION);
    format!("\n{number}{}\n", lines.join(&format!("\n{}", " ".repeat(number.len()))))
}

fn number(answer: &CodedAnswer) -> Option<f64> {
    match answer {
        CodedAnswer::Number(x) => Some(*x),
        _ => None,
    }
}

fn quartiles(sorted: &[f64]) -> String {
    let at =
        |share: f64| sorted.get(((sorted.len() as f64 - 1.0) * share).round() as usize).copied().unwrap_or(f64::NAN);
    match sorted.len() {
        0 => "no answer".to_owned(),
        n => {
            let of = crate::text::count(n as u64, "answer");
            format!("{of}, {} to {}, median {}", at(0.0), at(1.0), at(0.5))
        }
    }
}

/// One line of a histogram.
fn bar(name: &str, number: usize, of: usize) -> String {
    const WIDE: usize = 30;
    let length = (WIDE * number).div_ceil(of.max(1));
    format!("    {:<WIDE$} {number:>4}  {name}\n", "#".repeat(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::pages::EXAMPLE;
    use crate::lesson::walk::StepAnswer;

    fn lesson() -> Lesson {
        Lesson::read("a.toml", EXAMPLE).unwrap()
    }

    fn progress(choice: usize, number: f64) -> LessonProgress {
        let mut progress = LessonProgress::new(6);
        let answered = |given| StepRecord::Answered(StepAnswer { given, judged_at: 0, found: None });
        progress.records[0] = StepRecord::Done;
        progress.records[1] = answered(GivenAnswer::Choice(choice));
        progress.records[3] = StepRecord::Skipped;
        progress.records[4] = answered(GivenAnswer::Number(number));
        progress
    }

    #[test]
    fn a_code_comes_back_whole_however_it_was_written_down() {
        let lessons = [lesson()];
        for (choice, number, score) in [(0, 3.0, None), (1, 12.25, Some(9137)), (1, 0.0, Some(0))] {
            let code = LessonCode::of(&lessons[0], &progress(choice, number), score);
            let text = code.to_string();
            assert!(text.len() <= 30, "{text}");
            for written in
                [text.clone(), text.to_lowercase(), text.replace('-', " "), text.replace('0', "o").replace('1', "l")]
            {
                assert_eq!(LessonCode::read(&written, &lessons).unwrap().0, code, "{written}");
            }
        }
    }

    #[test]
    fn one_wrong_digit_is_always_found() {
        let lessons = [lesson()];
        let text = LessonCode::of(&lessons[0], &progress(1, 4.0), None).to_string().replace('-', "");
        for at in 0..text.len() {
            for digit in DIGITS.iter().map(|d| char::from(*d)).filter(|d| !text[at..].starts_with(*d)) {
                let wrong = format!("{}{digit}{}", &text[..at], &text[at + 1..]);
                assert!(LessonCode::read(&wrong, &lessons).is_err(), "{wrong}");
            }
        }
        let said = |code: &str| LessonCode::read(code, &lessons).unwrap_err();
        assert!(said("7").contains("too short") && said("AU!B-CDEF-0123").contains("not one of its digits"));
        let swapped = format!("{}{}{}", &text[1..2], &text[..1], &text[2..]);
        assert!(swapped == text || said(&swapped).contains("checksum"));
        assert!(LessonCode::read(&text, &[]).unwrap_err().contains("not here"));
    }

    #[test]
    fn a_class_is_counted() {
        let lesson = lesson();
        let codes: Vec<_> = [(0, 1.0), (0, 2.0), (1, 5.0)]
            .map(|(choice, number)| LessonCode::of(&lesson, &progress(choice, number), Some(4200)))
            .to_vec();
        let text = histograms(&lesson, &codes);
        assert!(
            text.contains("3 codes") && text.contains("   2  It falls") && text.contains("   1  It stays"),
            "{text}"
        );
        assert!(text.contains("hits: 3 answers, 1 to 5, median 2") && text.contains("Results: 3 answers"), "{text}");
    }
}
