//! Tasks that several runs share: each is opened once, not by every run.

use std::sync::{Arc, Mutex, PoisonError};

use crate::record::memory;
use crate::snn::Isa;
use crate::task::progress::Progress;
use crate::task::{self, Split, Task, TaskKind};
use crate::train::settings::Problem;
use crate::train::{Settings, Trainer};

/// The tasks that were opened last.
pub struct OpenTasks {
    /// The last one used is last.
    open: Mutex<Vec<Arc<Task>>>,
    most: usize,
}

impl OpenTasks {
    /// At most so many are kept; a run keeps its own as long as it lasts.
    pub fn keeping(most: usize) -> Self {
        Self { open: Mutex::new(Vec::new()), most: most.max(1) }
    }

    /// A run at update 0. A sentence says what is wrong with the data.
    pub fn trainer(&self, mut settings: Settings) -> Result<Trainer, String> {
        let task = self.open(&settings)?;
        task.fit(&mut settings.task);
        // the data may have made it larger
        check_memory(&settings)?;
        Trainer::with_task(settings, task, Isa::best())
    }

    /// The task of these settings. While one is opened others wait, as it may be theirs.
    pub fn open(&self, settings: &Settings) -> Result<Arc<Task>, String> {
        let (wanted, seed) = (&settings.task, settings.run.seed);
        let open = || Ok(Arc::new(task::open(wanted, seed, &Progress::default())?));
        if wanted.kind == TaskKind::Trains {
            // drawn faster than looked up
            return open();
        }
        let mut kept = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let task = match kept.iter().position(|task| task.is_of(wanted, seed)) {
            Some(at) => kept.remove(at),
            None => open()?,
        };
        if kept.len() >= self.most {
            kept.remove(0);
        }
        kept.push(Arc::clone(&task));
        Ok(task)
    }
}

/// Mini-batches of an epoch.
pub fn batches(settings: &Settings, task: &Task) -> u64 {
    let number = task.len(Split::Train).max(1);
    number.div_ceil(settings.batch_of(number).max(1)) as u64
}

/// Whether settings are sound and fit into this machine; one line for each problem.
pub fn check_memory(settings: &Settings) -> Result<(), String> {
    let sentences = |problems: Vec<Problem>| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    memory::check(settings).map_err(sentences)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_task_is_opened_once_and_old_ones_are_forgotten() {
        let tasks = OpenTasks::keeping(2);
        let open = |seed, rate| {
            let mut s = Settings::default();
            s.task.set_kind(TaskKind::YinYang);
            (s.task.train_samples, s.run.seed, s.optimiser.learning_rate) = (20, seed, rate);
            tasks.open(&s).unwrap()
        };
        let first = open(1, 0.1);
        assert!(Arc::ptr_eq(&first, &open(1, 0.2)));
        let second = open(2, 0.1);
        assert!(!Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&first, &open(1, 0.1)));
        open(3, 0.1);
        assert!(Arc::ptr_eq(&first, &open(1, 0.1)) && !Arc::ptr_eq(&second, &open(2, 0.1)));
    }
}
