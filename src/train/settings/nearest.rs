//! The known word that was probably meant by one that is not known.

/// The known word that is nearest, if any is near: a few letters wrong, swapped or missing, or the beginning of it.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(d, _)| *d <= length / 3)
        .min_by_key(|(d, _)| *d)
        .map(|(_, candidate)| candidate)
}

/// How many letters have to be changed, added, removed, or swapped with their neighbour; 1 for the beginning of a word,
/// as in `tau` for `tau_i_ms`.
pub fn distance(a: &str, b: &str) -> usize {
    if a.len() >= 3 && a != b && b.starts_with(a) { 1 } else { strsim::osa_distance(a, b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("steps", "steps"), 0);
        assert_eq!(distance("stesp", "steps"), 1);
        assert_eq!(distance("optimizer", "optimiser"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("tau", "tau_i_ms"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let known = ["learning_rate", "momentum", "q"];
        assert_eq!(nearest("learnign_rate", known), Some("learning_rate"));
        assert_eq!(nearest("moment", known), Some("momentum"));
        assert_eq!(nearest("x", known), None);
        assert_eq!(nearest("colour", known), None);
        assert_eq!(nearest(&"q".repeat(100_000), known), None);
    }
}
