//! Random settings for tests.

use super::{FIELDS, Field, NetworkSettings, Settings, Value, ValueKind};
use crate::snn::text::Hidden;
use crate::spike::Shape;
use proptest::prelude::*;

/// Any valid settings, provided that the machine has enough memory.
pub fn settings() -> impl Strategy<Value = Settings> {
    FIELDS.iter().map(value).collect::<Vec<_>>().prop_map(|values| {
        let mut settings = Settings::default();
        for (field, value) in FIELDS.iter().zip(values) {
            field.set(&mut settings, value).expect("the value is in its range");
        }
        settings.run.probe %= settings.task.pairs;
        // Keeps the spikes of a layer countable in 32 bits.
        settings.task.steps = settings.task.steps.min(40_000);
        let task = &mut settings.task;
        task.set_kind(task.kind);
        for spikes in [&mut task.target_spikes, &mut task.other_spikes] {
            *spikes %= task.steps + 1;
        }
        // the latest input spike lies within the sample
        task.steps = task.steps.max(2);
        task.latest %= task.steps;
        task.bias_spike %= task.steps;
        task.earliest %= task.latest + 1;
        settings
    })
}

/// Any value of a field.
pub fn value(field: &'static Field) -> BoxedStrategy<Value> {
    match field.kind {
        ValueKind::Whole { min, max } => (min..=max).prop_map(Value::Whole).boxed(),
        ValueKind::Real { min, max, .. } => (min..=max).prop_map(move |x| stored(field, Value::Real(x))).boxed(),
        ValueKind::Switch => any::<bool>().prop_map(Value::Switch).boxed(),
        ValueKind::Choice(choices) => {
            prop::sample::select(choices.iter().collect::<Vec<_>>()).prop_map(|c| Value::Choice(c.key)).boxed()
        }
        ValueKind::Layers { most } => prop::collection::vec(1..=100_000usize, 0..=most)
            .prop_map(|out| Value::Layers(Hidden { ends: None, layers: NetworkSettings::fc(&out) }))
            .boxed(),
        ValueKind::Shape { most } => {
            let image = [1..9usize, 1..90, 1..90].prop_map(Shape::Grid);
            prop_oneof![(1..=most).prop_map(Shape::Flat), image].prop_map(Value::Shape).boxed()
        }
        ValueKind::Path => "[^\\n\\x00]{0,20}".prop_map(Value::Text).boxed(),
    }
}

/// The value as the setting keeps it: a shift cost is kept in whole billionths.
fn stored(field: &'static Field, value: Value) -> Value {
    let mut settings = Settings::default();
    (field.access.put)(&mut settings, &value);
    field.get(&settings)
}
