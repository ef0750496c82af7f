//! Runs that were left for another one and can be gone back to.

use super::RunView;

/// Runs that were left, by the order of their starts.
#[derive(Default)]
pub struct KeptRuns {
    runs: Vec<RunView>,
    /// Those that the user has removed, which can be undone.
    removed: Vec<u32>,
}

impl KeptRuns {
    /// Keeps a run as it is left; one that made no update is not worth it.
    pub fn keep(&mut self, run: &RunView) {
        if run.newest() > 0 {
            let mut run = run.clone();
            run.follow();
            self.insert(run);
        }
    }

    /// One more, in the place of one of its number.
    pub fn insert(&mut self, run: RunView) {
        self.runs.retain(|other| other.start != run.start);
        let at = self.runs.partition_point(|other| other.start < run.start);
        self.runs.insert(at, run);
    }

    /// The run of a number, also where it is removed.
    pub fn get(&self, start: u32) -> Option<&RunView> {
        self.runs.iter().find(|run| run.start == start)
    }

    /// The run that is gone back to.
    pub fn take(&mut self, start: u32) -> Option<RunView> {
        self.removed.retain(|other| *other != start);
        let at = self.runs.iter().position(|run| run.start == start)?;
        Some(self.runs.remove(at))
    }

    /// Whether a run is kept.
    pub fn holds(&self, start: u32) -> bool {
        self.runs.iter().any(|run| run.start == start)
    }

    pub fn remove(&mut self, start: u32) {
        self.removed.push(start);
    }

    pub fn bring_back(&mut self, start: u32) {
        self.removed.retain(|other| *other != start);
    }

    /// Those that are to be seen.
    pub fn iter(&self) -> impl Iterator<Item = &RunView> {
        self.runs.iter().filter(|run| !self.removed.contains(&run.start))
    }
}
