//! Moves: what a reader can do in a step, written so that the checker and the tests can do it, too.

use crate::rule::Rule;
use crate::train::settings::{Change, Value, field, text};

/// One thing that a reader does.
#[derive(Clone, Debug, PartialEq)]
pub enum LessonMove {
    /// Lets so many updates be made.
    Advance(u64),
    Rule(Rule),
    Restart,
    NewSeed,
    Set(Change),
    /// Clicks a neuron: of the output, or of the first hidden layer.
    Select {
        output: bool,
        unit: usize,
    },
    /// Looks at the run as it was after so many updates.
    GoTo(u64),
    /// Back to the present.
    Live,
    /// Pins a cell of the landscape.
    Pin,
    /// Puts an input spike on a line of the bench, or takes it away.
    BenchSpike {
        line: usize,
        step: u32,
    },
    BenchWeight {
        line: usize,
        weight: f64,
    },
    /// α_i of the neuron on the bench, or α_v.
    BenchDecay {
        current: bool,
        alpha: f64,
    },
}

/// The forms of a move.
const FORMS: &str = "advance N, rule RULE, restart, new seed, set KEY = VALUE, select hidden N, select output N, go to N, \
                     live, pin, bench spike LINE at STEP, bench weight LINE = X, bench current decay = X or bench \
                     potential decay = X";

impl LessonMove {
    /// Reads a move. An error is a sentence.
    pub fn parse(line: &str) -> Result<Self, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let number =
            |word: &str| word.parse::<u64>().map_err(|_| format!("`{word}` in `{line}` is not a whole number."));
        let real = |word: &str| word.parse::<f64>().map_err(|_| format!("`{word}` in `{line}` is not a number."));
        // lines are counted from 1, as people do
        let bench_line = |word: &str| match number(word)? {
            0 => Err(format!("The lines of the bench are counted from 1 (`{line}`).")),
            n => Ok(n as usize - 1),
        };
        Ok(match words[..] {
            ["advance", n] => Self::Advance(number(n)?),
            ["rule", key] => {
                let rule = Rule::from_key(key);
                Self::Rule(rule.ok_or_else(|| format!("`{key}` is no rule: it is activation, timing or antlr."))?)
            }
            ["restart"] => Self::Restart,
            ["new", "seed"] => Self::NewSeed,
            ["set", key, "=", ..] => {
                let field = field(key).ok_or_else(|| text::unknown(key).message)?;
                let value = words[3..].join(" ");
                let read = Value::parse(&field.kind, &value).filter(|v| field.kind.allows(v));
                Self::Set(Change { field, value: read.ok_or_else(|| field.refuse(&value).message)? })
            }
            ["select", layer @ ("hidden" | "output"), n] => {
                Self::Select { output: layer == "output", unit: number(n)? as usize }
            }
            ["go", "to", n] => Self::GoTo(number(n)?),
            ["live"] => Self::Live,
            ["pin"] => Self::Pin,
            ["bench", "spike", n, "at", step] => Self::BenchSpike { line: bench_line(n)?, step: number(step)? as u32 },
            ["bench", "weight", n, "=", x] => Self::BenchWeight { line: bench_line(n)?, weight: real(x)? },
            ["bench", decay @ ("current" | "potential"), "decay", "=", x] => {
                Self::BenchDecay { current: decay == "current", alpha: real(x)? }
            }
            _ => return Err(format!("`{line}` is no move. Moves are: {FORMS}.")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_read() {
        let read = |text| LessonMove::parse(text).unwrap();
        assert_eq!(read("advance 100"), LessonMove::Advance(100));
        assert_eq!(read("rule timing"), LessonMove::Rule(Rule::Timing));
        assert_eq!(read("select output 1"), LessonMove::Select { output: true, unit: 1 });
        assert_eq!(read("bench weight 1 = 0.6"), LessonMove::BenchWeight { line: 0, weight: 0.6 });
        assert_eq!(read("bench potential decay = 0.5"), LessonMove::BenchDecay { current: false, alpha: 0.5 });
        assert!(matches!(read("set rule.timing_penalty_on = on"), LessonMove::Set(_)));
    }

    #[test]
    fn what_is_no_move_is_answered_with_the_moves() {
        for (text, words) in [
            ("jump", "Moves are: advance N"),
            ("advance soon", "not a whole number"),
            ("rule both", "activation, timing or antlr"),
            ("set neuron.alpha = 1", "is not a setting"),
            ("set neuron.alpha_i = 2", "neuron.alpha_i must be"),
            ("bench spike 0 at 3", "counted from 1"),
        ] {
            let problem = LessonMove::parse(text).unwrap_err();
            assert!(problem.contains(words), "{text}: {problem}");
        }
    }
}
