//! Decays written as time constants: τ = −dt / ln α (model.md, section 1).

use super::fields::field;
use super::{Field, Problem, Settings, Value};
use crate::snn::neuron::alpha;

/// A second way of writing a decay. It is converted to the decay at once, with the dt of the settings.
pub struct TimeConstant {
    pub key: &'static str,
    /// The key of the decay.
    pub of: &'static str,
    pub symbol: &'static str,
}

/// All of them, in milliseconds.
pub static TIMES: &[TimeConstant] = &[
    TimeConstant { key: "neuron.tau_i_ms", of: "neuron.alpha_i", symbol: "τ_i" },
    TimeConstant { key: "neuron.tau_v_ms", of: "neuron.alpha_v", symbol: "τ_v" },
];

/// The time constant of this key.
pub fn time_constant(key: &str) -> Option<&'static TimeConstant> {
    TIMES.iter().find(|t| t.key == key)
}

impl TimeConstant {
    const ALLOWED: &'static str = "a number of milliseconds, at least 0, or inf for no decay";

    /// The field of its decay.
    pub fn decay(&self) -> &'static Field {
        field(self.of).expect("a time constant is the other form of a field")
    }

    /// Sets the decay from `tau` in milliseconds, between 0 (nothing remains) and infinity (no decay).
    pub fn set(&self, settings: &mut Settings, tau: f64) -> Result<(), Problem> {
        if tau.is_nan() || tau < 0.0 {
            return Err(self.refuse(&format!("{tau:?}")));
        }
        self.decay().set(settings, Value::Real(alpha(tau.abs(), settings.task.dt_ms)))
    }

    /// The message for a value that is not possible.
    pub fn refuse(&self, found: &str) -> Problem {
        let message = format!("{} must be {}, but is {found}.", self.key, Self::ALLOWED);
        Problem { allowed: Self::ALLOWED.to_owned(), ..Problem::new(self.key, found, message) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_constant_sets_its_decay() {
        let mut s = Settings::default();
        s.task.dt_ms = 0.5;
        let tau = time_constant("neuron.tau_i_ms").unwrap();
        for (ms, expected) in [(10.0, (-0.05f64).exp()), (0.0, 0.0), (f64::INFINITY, 1.0)] {
            tau.set(&mut s, ms).unwrap();
            assert!((s.neuron.alpha_i - expected).abs() < 1e-15);
        }
        for bad in [-1.0, f64::NAN, f64::NEG_INFINITY] {
            let before = s.clone();
            assert!(tau.set(&mut s, bad).is_err());
            assert_eq!(s, before);
        }
    }
}
