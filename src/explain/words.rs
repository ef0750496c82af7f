//! What became of a promise, in a sentence.

use crate::rule::Rule;

use super::promise::{LEAST_MOVE, PromisedSpike};

/// The rule's name at the start of a sentence.
pub fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::Activation => "The activation-based rule",
        Rule::Timing => "The timing-based rule",
        Rule::Antlr => "ANTLR",
    }
}

/// As in "ANTLR promised 2.1 steps earlier; its weights moved it by 2, its inputs by 1 later." Numbers without a direction
/// go the way that was promised. `lowest` where nothing comes in that an update could change.
pub fn sentence(rule: Rule, spike: &PromisedSpike, lowest: bool) -> String {
    let promised = spike.promised();
    let way = if promised < 0.0 { "earlier" } else { "later" };
    let promise = if promised.abs() < LEAST_MOVE {
        format!("{} promised less than half a step ({:.1} {way}), so that it stays", rule_name(rule), promised.abs())
    } else {
        let size = format!("{:.1}", promised.abs());
        let steps = if size == "1.0" { "step" } else { "steps" };
        format!("{} promised {size} {steps} {way}", rule_name(rule))
    };
    let Some(by_weights) = spike.by_weights() else {
        return format!("{promise}; its weights removed it.");
    };
    // where the spike was to stay no direction goes without saying
    let expected = (promised.abs() >= LEAST_MOVE).then_some(promised < 0.0);
    let weights = moved("its weights", by_weights, expected);
    if lowest {
        return format!("{promise}; {weights}.");
    }
    let inputs = match spike.by_inputs() {
        None => "its inputs removed it".to_owned(),
        Some(steps) if by_weights == 0 || steps == 0 => moved("its inputs", steps, expected),
        Some(steps) => format!("its inputs {}", by(steps, expected)),
    };
    format!("{promise}; {weights}, {inputs}.")
}

fn moved(what: &str, steps: i64, expected: Option<bool>) -> String {
    if steps == 0 { format!("{what} left it") } else { format!("{what} moved it {}", by(steps, expected)) }
}

/// The direction is said where it is not the expected one (true: earlier).
fn by(steps: i64, expected: Option<bool>) -> String {
    let way = match (expected == Some(steps < 0), steps < 0) {
        (true, _) => "",
        (false, true) => " earlier",
        (false, false) => " later",
    };
    format!("by {}{way}", steps.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(promised: f32, alone: Option<u32>, after: Option<u32>) -> String {
        let spike = PromisedSpike { unit: 2, step: 40, delta_v: -promised * 0.25, slope: 0.25, alone, after };
        sentence(Rule::Antlr, &spike, false)
    }

    #[test]
    fn promises_in_words() {
        assert_eq!(
            said(-2.1, Some(38), Some(39)),
            "ANTLR promised 2.1 steps earlier; its weights moved it by 2, its inputs by 1 later."
        );
        assert_eq!(
            said(1.0, Some(40), Some(42)),
            "ANTLR promised 1.0 step later; its weights left it, its inputs moved it by 2."
        );
        assert_eq!(
            said(3.0, Some(39), Some(39)),
            "ANTLR promised 3.0 steps later; its weights moved it by 1 earlier, its inputs left it."
        );
        assert_eq!(said(3.0, None, None), "ANTLR promised 3.0 steps later; its weights removed it.");
        assert_eq!(
            said(-4.0, Some(36), None),
            "ANTLR promised 4.0 steps earlier; its weights moved it by 4, its inputs removed it."
        );
        assert_eq!(
            said(0.2, Some(40), Some(41)),
            "ANTLR promised less than half a step (0.2 later), so that it stays; its weights left it, its inputs moved it by 1 later."
        );
        let spike = PromisedSpike { unit: 0, step: 9, delta_v: 0.1, slope: 0.1, alone: Some(8), after: Some(8) };
        assert_eq!(
            sentence(Rule::Activation, &spike, true),
            "The activation-based rule promised 1.0 step earlier; its weights moved it by 1."
        );
    }
}
