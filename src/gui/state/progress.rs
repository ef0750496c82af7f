//! How far an answer of the explorer is.

use std::time::Duration;

/// How far the answer on its way is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnswerProgress {
    pub done: usize,
    pub of: usize,
    pub took: Duration,
    /// Whether something older is in view meanwhile.
    pub behind: bool,
}

impl AnswerProgress {
    /// How long the rest will take at the speed so far.
    pub fn left(&self) -> Option<Duration> {
        let left = self.of.saturating_sub(self.done);
        (self.done > 0).then(|| self.took.mul_f64(left as f64 / self.done as f64))
    }
}
