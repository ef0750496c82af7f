//! How the table of settings reaches into [`Settings`].

use super::{Settings, Value};
use crate::named::Named;
use crate::snn::text::Hidden;
use crate::spike::{Price, Shape};

/// One setting in [`Settings`]: its key, and how its value is read and written. [`at!`] makes most of them.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    pub key: &'static str,
    pub get: fn(&Settings) -> Value,
    /// `None`, and nothing changes, when the value is of another kind or does not fit into the type of the setting.
    pub put: fn(&mut Settings, &Value) -> Option<()>,
}

/// A type that a setting can have.
pub trait Stored: Sized {
    fn to_value(&self) -> Value;

    /// `None` when the value is of another kind or does not fit into this type.
    fn from_value(value: &Value) -> Option<Self>;
}

/// `at!(neuron.alpha_i)` is the setting `neuron.alpha_i`; where key and path differ, as in
/// `at!(rule.grad_clip.on as "rule.grad_clip_on")`.
macro_rules! at {
    ($table:ident $(. $name:ident)+) => {
        at!($table $(. $name)+ as concat!(stringify!($table) $(, ".", stringify!($name))+))
    };
    ($table:ident $(. $name:ident)+ as $key:expr) => {
        $crate::train::settings::access::Access {
            key: $key,
            get: |settings| $crate::train::settings::access::Stored::to_value(&settings.$table$(.$name)+),
            put: |settings, value| {
                settings.$table$(.$name)+ = $crate::train::settings::access::Stored::from_value(value)?;
                Some(())
            },
        }
    };
}
pub(super) use at;

impl Stored for f64 {
    fn to_value(&self) -> Value {
        Value::Real(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Real(x) => Some(*x),
            _ => None,
        }
    }
}

impl Stored for bool {
    fn to_value(&self) -> Value {
        Value::Switch(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Switch(on) => Some(*on),
            _ => None,
        }
    }
}

impl Stored for u64 {
    fn to_value(&self) -> Value {
        Value::Whole(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Whole(n) => Some(*n),
            _ => None,
        }
    }
}

impl Stored for usize {
    fn to_value(&self) -> Value {
        // no machine has addresses of more than 64 bits
        Value::Whole(*self as u64)
    }

    fn from_value(value: &Value) -> Option<Self> {
        u64::from_value(value)?.try_into().ok()
    }
}

impl Stored for u8 {
    fn to_value(&self) -> Value {
        Value::Whole((*self).into())
    }

    fn from_value(value: &Value) -> Option<Self> {
        u64::from_value(value)?.try_into().ok()
    }
}

impl Stored for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl Stored for Shape {
    fn to_value(&self) -> Value {
        Value::Shape(*self)
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Shape(shape) => Some(*shape),
            _ => None,
        }
    }
}

impl Stored for Price {
    fn to_value(&self) -> Value {
        Value::Real(self.q())
    }

    fn from_value(value: &Value) -> Option<Self> {
        Price::new(f64::from_value(value)?)
    }
}

impl<T: Named> Stored for T {
    fn to_value(&self) -> Value {
        Value::Choice(self.key())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Choice(key) => T::ALL.iter().copied().find(|choice| choice.key() == *key),
            _ => None,
        }
    }
}

/// The kind of task brings the sizes that are always the same for it.
pub(super) const TASK_KIND: Access = Access {
    key: "task.kind",
    get: |settings| settings.task.kind.to_value(),
    put: |settings, value| {
        settings.task.set_kind(Stored::from_value(value)?);
        Some(())
    },
};

/// A whole network may be given in place of its hidden layers: its ends are then sizes of the task.
pub(super) const HIDDEN_LAYERS: Access = Access {
    key: "network.hidden",
    get: |settings| Value::Layers(Hidden { ends: None, layers: settings.network.hidden.clone() }),
    put: |settings, value| {
        let Value::Layers(hidden) = value else { return None };
        settings.network.hidden.clone_from(&hidden.layers);
        if let Some((inputs, outputs)) = hidden.ends {
            settings.set_ends(inputs, outputs);
        }
        Some(())
    },
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_into_the_type_is_not_cut_off() {
        assert_eq!(u8::from_value(&Value::Whole(255)), Some(255));
        assert_eq!(u8::from_value(&Value::Whole(256)), None);
        assert_eq!(u8::from_value(&Value::Real(1.0)), None);
        assert_eq!(usize::from_value(&Value::Whole(u64::MAX)), usize::try_from(u64::MAX).ok());
        assert_eq!(Price::from_value(&Value::Real(-1.0)), None);
    }

    #[test]
    fn keys_are_the_paths_unless_said_otherwise() {
        assert_eq!(at!(neuron.alpha_i).key, "neuron.alpha_i");
        assert_eq!(at!(rule.grad_clip.on as "rule.grad_clip_on").key, "rule.grad_clip_on");
    }

    #[test]
    fn a_value_of_another_kind_changes_nothing() {
        let mut settings = Settings::default();
        for access in [TASK_KIND, HIDDEN_LAYERS, at!(task.steps)] {
            assert_eq!((access.put)(&mut settings, &Value::Switch(true)), None, "{}", access.key);
        }
        assert_eq!(settings, Settings::default());
    }
}
