//! Memory that is taken before it is needed. Which of many equal things the busiest sample comes to is chance: were each to
//! grow by itself, memory would be taken now and then long after the start.

/// What can be given memory without being filled.
pub trait Reserve {
    /// Takes as much memory as `like` has. What is held stays.
    fn reserve_like(&mut self, like: &Self);
}

impl<T> Reserve for Vec<T> {
    fn reserve_like(&mut self, like: &Self) {
        self.reserve_exact(like.capacity().saturating_sub(self.len()));
    }
}

/// Gives all items as much memory as the one that has most.
pub fn level_capacity<T: Reserve>(items: &mut [T]) {
    let Some((first, others)) = items.split_first_mut() else { return };
    others.iter().for_each(|other| first.reserve_like(other));
    others.iter_mut().for_each(|other| other.reserve_like(first));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_get_what_the_largest_has() {
        let mut items = [vec![1u32, 2], Vec::new(), Vec::with_capacity(40), vec![3]];
        level_capacity(&mut items);
        assert!(items.iter().all(|item| item.capacity() >= 40));
        assert_eq!(items, [vec![1, 2], vec![], vec![], vec![3]]);
        let held: Vec<_> = items.iter().map(|item| (item.as_ptr(), item.capacity())).collect();
        level_capacity(&mut items);
        assert_eq!(held, items.iter().map(|item| (item.as_ptr(), item.capacity())).collect::<Vec<_>>());
    }
}
