//! Changes of single settings, as they go from a form to a run and its log.

use super::{FIELDS, Field, Problem, Settings, Value, field};

/// A setting, and the value that it is to have.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub field: &'static Field,
    pub value: Value,
}

/// There is one field for each key.
impl PartialEq for Field {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

/// Settings that a change of another can change: a kind of task, and a network that is written as a whole, come with
/// sizes.
const SIZES: [&str; 2] = ["task.inputs", "task.outputs"];

impl Change {
    /// For a key that is written in the program.
    ///
    /// # Panics
    ///
    /// If there is no such setting.
    pub fn to(key: &'static str, value: Value) -> Self {
        let field = field(key).unwrap_or_else(|| panic!("{key} is not a setting"));
        Self { field, value }
    }

    /// The setting `field` as it is in `settings`.
    pub fn of(field: &'static Field, settings: &Settings) -> Self {
        Self { field, value: field.get(settings) }
    }

    /// The changes that lead from one to the other, in the order in which they are to be made.
    pub fn between(from: &Settings, to: &Settings) -> Vec<Self> {
        let mut now = from.clone();
        let mut changes = Vec::new();
        for field in FIELDS {
            let change = Self::of(field, to);
            if field.get(&now) != change.value {
                (field.access.put)(&mut now, &change.value);
                changes.push(change);
            }
        }
        changes
    }

    /// Makes the change, and returns the changes that take it back: none where the value is the same, several where sizes
    /// came with it. A value out of its range is an error, and nothing has changed. How settings fit together is not
    /// looked at: that is [`Settings::check`].
    pub fn make(&self, settings: &mut Settings) -> Result<Vec<Self>, Problem> {
        let sizes = SIZES.into_iter().filter(|key| *key != self.field.key).filter_map(field);
        let mut back: Vec<Self> = std::iter::once(self.field).chain(sizes).map(|f| Self::of(f, settings)).collect();
        self.field.set(settings, self.value.clone())?;
        back.retain(|change| change.field.get(settings) != change.value);
        Ok(back)
    }
}

/// A change that takes effect under way, to a value that its setting can have.
#[derive(Clone, Debug, PartialEq)]
pub struct LiveChange(Change);

impl LiveChange {
    /// An error where the setting cannot be changed under way, or cannot have this value.
    pub fn new(field: &'static Field, value: Value) -> Result<Self, Problem> {
        if !field.live {
            let message = format!("{} cannot be changed under way: restart the run.", field.key);
            return Err(Problem::new(field.key, value.to_text(), message));
        }
        if !field.kind.allows(&value) {
            return Err(field.refuse(&value.to_text()));
        }
        Ok(Self(Change { field, value }))
    }

    pub fn field(&self) -> &'static Field {
        self.0.field
    }

    pub fn value(&self) -> &Value {
        &self.0.value
    }

    pub fn apply(&self, settings: &mut Settings) {
        (self.0.field.access.put)(settings, &self.0.value);
    }
}

impl TryFrom<Change> for LiveChange {
    type Error = Problem;

    fn try_from(Change { field, value }: Change) -> Result<Self, Problem> {
        Self::new(field, value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{arbitrary, preset};
    use super::*;
    use proptest::prelude::*;

    fn any_change() -> impl Strategy<Value = Change> {
        let fields: Vec<&'static Field> = FIELDS.iter().collect();
        prop::sample::select(fields)
            .prop_flat_map(|field| arbitrary::value(field).prop_map(move |value| Change { field, value }))
    }

    fn keys(changes: &[Change]) -> Vec<&str> {
        changes.iter().map(|change| change.field.key).collect()
    }

    proptest! {
        #[test]
        fn what_takes_a_change_back_names_all_that_it_changed(settings in arbitrary::settings(), change in any_change()) {
            let mut changed = settings.clone();
            let back = change.make(&mut changed).unwrap();
            prop_assert_eq!(change.field.get(&changed), change.value);
            for field in FIELDS.iter().filter(|f| back.iter().all(|change| change.field != *f)) {
                prop_assert_eq!(field.get(&changed), field.get(&settings));
            }
            for change in &back {
                change.make(&mut changed).unwrap();
            }
            prop_assert_eq!(changed, settings);
        }

        #[test]
        fn the_changes_between_two_settings_lead_from_one_to_the_other(
            from in arbitrary::settings(),
            to in arbitrary::settings(),
        ) {
            let mut now = from.clone();
            for change in Change::between(&from, &to) {
                change.make(&mut now).unwrap();
            }
            prop_assert_eq!(now, to);
            prop_assert!(Change::between(&from, &from).is_empty());
        }
    }

    #[test]
    fn sizes_come_with_a_kind_and_with_a_whole_network() {
        let mut settings = Settings::default();
        let change = Change::to("task.kind", Value::Choice("digits"));
        assert_eq!(keys(&change.make(&mut settings).unwrap()), ["task.kind", "task.inputs", "task.outputs"]);
        assert!(change.make(&mut settings).unwrap().is_empty(), "it is that already");
        let field = field("network.hidden").unwrap();
        let whole = Value::parse(&field.kind, "20 - fc10 - fc2").unwrap();
        let mut settings = Settings::default();
        let back = Change { field, value: whole }.make(&mut settings).unwrap();
        assert_eq!(keys(&back), ["network.hidden", "task.inputs", "task.outputs"]);
        assert_eq!(settings, (preset("trains-small").unwrap().make)());
    }

    #[test]
    fn what_cannot_be_changes_nothing() {
        let mut settings = Settings::default();
        let problem = Change::to("run.q", Value::Real(-1.0)).make(&mut settings).unwrap_err();
        assert!(problem.message.starts_with("run.q must be a number from 0"), "{problem}");
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn a_live_change_can_always_be_made_under_way() {
        for field in FIELDS {
            let change = Change::of(field, &Settings::default());
            assert_eq!(LiveChange::try_from(change).is_ok(), field.live, "{}", field.key);
        }
        let refused = |key, value| LiveChange::try_from(Change::to(key, value)).unwrap_err().message;
        assert!(refused("task.steps", Value::Whole(7)).contains("cannot be changed under way"));
        assert!(refused("run.q", Value::Real(f64::NAN)).contains("run.q must be"));
        assert!(refused("run.q", Value::Whole(1)).contains("run.q must be"));
        let mut settings = Settings::default();
        LiveChange::try_from(Change::to("rule.rule", Value::Choice("timing"))).unwrap().apply(&mut settings);
        assert_eq!(settings.rule.rule, crate::rule::Rule::Timing);
    }
}
