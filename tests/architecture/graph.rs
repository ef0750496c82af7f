//! Circles in a graph of files.

use std::collections::BTreeMap;

/// The groups of files each of which can be reached from every other one of its group, the largest first; files that
/// are in no circle are left out. `uses` lists which files (numbers) each file uses.
pub fn circles(uses: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let reached: Vec<Vec<bool>> = (0..uses.len()).map(|from| reach(uses, from)).collect();
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (one, from_here) in reached.iter().enumerate() {
        if let Some(first) = (0..uses.len()).find(|other| from_here[*other] && reached[*other][one]) {
            groups.entry(first).or_default().push(one);
        }
    }
    let mut groups: Vec<_> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}

/// Which files can be reached from `from` in one step or more.
fn reach(uses: &[Vec<usize>], from: usize) -> Vec<bool> {
    let (mut reached, mut open) = (vec![false; uses.len()], vec![from]);
    while let Some(at) = open.pop() {
        for &next in &uses[at] {
            if !std::mem::replace(&mut reached[next], true) {
                open.push(next);
            }
        }
    }
    reached
}

#[test]
fn a_circle_is_found_whole_and_what_only_leads_to_it_is_not_in_it() {
    let uses = [vec![1], vec![2], vec![3, 4], vec![1], vec![], vec![6], vec![5]];
    assert_eq!(circles(&uses), [vec![1, 2, 3], vec![5, 6]]);
    assert!(circles(&[vec![1], vec![]]).is_empty());
}
