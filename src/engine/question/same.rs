//! Shared values that are compared often.

use std::sync::Arc;

/// A shared value. Two that are one and the same in memory are equal without a look at what may be megabytes.
#[derive(Debug, Default)]
pub struct Same<T>(pub Arc<T>);

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: PartialEq> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || *self.0 == *other.0
    }
}

impl<T> From<&Arc<T>> for Same<T> {
    fn from(shared: &Arc<T>) -> Self {
        Self(Arc::clone(shared))
    }
}
