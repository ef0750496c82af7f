//! Random settings for tests.

use super::{FIELDS, Field, Kind, Settings, Value};
use proptest::prelude::*;

/// Any sound settings; on a machine with enough memory.
pub fn settings() -> impl Strategy<Value = Settings> {
    FIELDS.iter().map(value).collect::<Vec<_>>().prop_map(|values| {
        let mut settings = Settings::default();
        for (field, value) in FIELDS.iter().zip(values) {
            field.set(&mut settings, value).expect("the value is in its range");
        }
        settings.task.target_spikes %= settings.task.steps + 1;
        settings.run.probe %= settings.task.pairs;
        // Keeps the spikes of a layer countable in 32 bits.
        settings.task.steps = settings.task.steps.min(40_000);
        settings.task.target_spikes = settings.task.target_spikes.min(settings.task.steps);
        settings
    })
}

/// Any value of a field.
pub fn value(field: &'static Field) -> BoxedStrategy<Value> {
    match field.kind {
        Kind::Whole { min, max } => (min..=max).prop_map(Value::Whole).boxed(),
        Kind::Real { min, max, .. } => (min..=max).prop_map(Value::Real).boxed(),
        Kind::Switch => any::<bool>().prop_map(Value::Switch).boxed(),
        Kind::Choice(choices) => prop::sample::select(choices).prop_map(|c| Value::Choice(c.key)).boxed(),
        Kind::Sizes { min, max, max_len } => {
            prop::collection::vec(min..=max, 0..=max_len).prop_map(Value::Sizes).boxed()
        }
    }
}
