//! Whose tasks are whose: task k of a plan belongs to shard k mod n, so that shards take about equally long.

use std::fmt;

/// A share of a plan's tasks: the `index`th of `of`, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share {
    pub index: u32,
    pub of: u32,
}

/// The most shards that a plan can be divided into.
pub const MOST_SHARDS: u32 = 1_000_000;

impl Share {
    /// All tasks.
    pub const WHOLE: Self = Self { index: 1, of: 1 };

    /// `None` unless 1 ≤ `index` ≤ `of`.
    pub fn new(index: u32, of: u32) -> Option<Self> {
        (1 <= index && index <= of && of <= MOST_SHARDS).then_some(Self { index, of })
    }

    /// As in `3/16`.
    pub fn parse(text: &str) -> Option<Self> {
        let (index, of) = text.split_once('/')?;
        Self::new(index.trim().parse().ok()?, of.trim().parse().ok()?)
    }

    /// The tasks of this share, of `tasks` from 0 on.
    pub fn tasks(self, tasks: u32) -> impl Iterator<Item = u32> {
        (self.index - 1..tasks).step_by(self.of as usize)
    }

    /// How many these are.
    pub fn len(self, tasks: u32) -> u32 {
        tasks.saturating_sub(self.index - 1).div_ceil(self.of)
    }

    pub fn contains(self, task: u32) -> bool {
        task % self.of == self.index - 1
    }

    /// Whether another share, of whatever number of shards, can have a task of this one.
    pub fn meets(self, other: Self) -> bool {
        let (mut a, mut b) = (self.of, other.of);
        while b > 0 {
            (a, b) = (b, a % b);
        }
        (self.index - 1) % a == (other.index - 1) % a
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// A share that a scheduler's variables tell, and what was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DetectedShare {
    pub share: Share,
    /// As in "SLURM_ARRAY_TASK_ID is 3, of 1 to 16".
    pub from: String,
}

/// The share that the variables of the scheduler at hand tell: Slurm's array, HyperQueue's task, GNU parallel's job, Open
/// MPI's rank, Slurm's task in a step. `of` is the number of shards where it was said; where it was not, the scheduler has
/// to tell it. `variable` looks a variable up.
pub fn detect(of: Option<u32>, variable: impl Fn(&str) -> Option<String>) -> Result<DetectedShare, String> {
    let number = |name: &str| -> Result<Option<u32>, String> {
        let Some(text) = variable(name) else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|_| format!("{name} is {text}, and a whole number was expected."))
    };
    if let Some(id) = number("SLURM_ARRAY_TASK_ID")? {
        let range = ["_MIN", "_MAX", "_STEP", "_COUNT"].map(|end| number(&format!("SLURM_ARRAY_TASK{end}")));
        let [min, max, step, count] = range;
        return slurm_array(id, of, [min?, max?, step?, count?]);
    }
    for name in ["HQ_TASK_ID", "PARALLEL_SEQ"] {
        if let Some(id) = number(name)? {
            let of = of.ok_or_else(|| {
                format!("{name} is {id}, but it is not said of how many: give the number, as in --shard auto/16.")
            })?;
            return found(id, of, format!("{name} is {id}"));
        }
    }
    for (rank, size) in [("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"), ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS")] {
        if let (Some(id), Some(all)) = (number(rank)?, number(size)?) {
            if of.is_some_and(|of| of != all) {
                let of = of.unwrap_or(all);
                return Err(format!("{size} is {all}, but --shard says that there are {of} shards."));
            }
            return found(id.saturating_add(1), all, format!("{rank} is {id}, counted from 0, and {size} is {all}"));
        }
    }
    Err("--shard auto reads the variables of Slurm (SLURM_ARRAY_TASK_ID), HyperQueue (HQ_TASK_ID), GNU parallel \
         (PARALLEL_SEQ) or Open MPI (OMPI_COMM_WORLD_RANK), and none of them is set: say which share this is, as in \
         --shard 3/16."
        .into())
}

/// Of an array, the number of whose shards was said, the task's number is that of the shard; else the array must be whole
/// and evenly spaced.
fn slurm_array(id: u32, of: Option<u32>, range: [Option<u32>; 4]) -> Result<DetectedShare, String> {
    if let Some(of) = of {
        return found(id, of, format!("SLURM_ARRAY_TASK_ID is {id}"));
    }
    let [Some(min), Some(max), step, Some(count)] = range else {
        return Err(format!(
            "SLURM_ARRAY_TASK_ID is {id}, but Slurm does not tell the array's range: give the number of shards, as in \
             --shard auto/16."
        ));
    };
    let step = step.unwrap_or(1).max(1);
    if max < min || (max - min) / step + 1 != count || id < min || !(id - min).is_multiple_of(step) {
        return Err(format!(
            "The Slurm array has {count} tasks with numbers from {min} to {max} in steps of {step}, so that the share of \
             task {id} cannot be told: give the number of shards, as in --shard auto/16."
        ));
    }
    found((id - min) / step + 1, count, format!("SLURM_ARRAY_TASK_ID is {id}, of {min} to {max}"))
}

fn found(index: u32, of: u32, from: String) -> Result<DetectedShare, String> {
    let share = Share::new(index, of).ok_or_else(|| {
        format!("{from}, but there are {of} shards, counted from 1: number the array from 1 to {of}.")
    })?;
    Ok(DetectedShare { share, from })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(of: Option<u32>, variables: &[(&str, &str)]) -> Result<DetectedShare, String> {
        detect(of, |name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn shares_divide_all_tasks_evenly() {
        for (tasks, of) in [(10, 3), (3, 16), (0, 2), (1000, 16)] {
            let shares: Vec<Share> = (1..=of).map(|index| Share::new(index, of).unwrap()).collect();
            let mut all: Vec<u32> = shares.iter().flat_map(|s| s.tasks(tasks)).collect();
            all.sort_unstable();
            assert_eq!(all, (0..tasks).collect::<Vec<_>>());
            for share in shares {
                assert_eq!(share.len(tasks) as usize, share.tasks(tasks).count());
                assert!(share.tasks(tasks).all(|task| share.contains(task)));
                assert!(share.len(tasks).abs_diff(tasks / of) <= 1);
            }
        }
    }

    #[test]
    fn shares_are_written_as_people_count() {
        assert_eq!(Share::parse("3/16"), Share::new(3, 16));
        assert_eq!(Share::new(3, 16).unwrap().to_string(), "3/16");
        for wrong in ["", "3", "0/16", "17/16", "-1/2", "1/0", "a/b", "1/2/3"] {
            assert_eq!(Share::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn shares_of_different_numbers_meet_where_they_have_a_task_in_common() {
        for (n, m) in [(4, 6), (3, 5), (2, 8), (6, 6)] {
            for (i, j) in (1..=n).flat_map(|i| (1..=m).map(move |j| (i, j))) {
                let (a, b) = (Share::new(i, n).unwrap(), Share::new(j, m).unwrap());
                let common = (0..120).any(|task| a.contains(task) && b.contains(task));
                assert_eq!(a.meets(b), common, "{a} {b}");
            }
        }
    }

    #[test]
    fn every_scheduler_is_understood() {
        let slurm = |id, min, max, count| {
            vec![
                ("SLURM_ARRAY_TASK_ID", id),
                ("SLURM_ARRAY_TASK_MIN", min),
                ("SLURM_ARRAY_TASK_MAX", max),
                ("SLURM_ARRAY_TASK_COUNT", count),
            ]
        };
        let share = |found: Result<DetectedShare, String>| found.unwrap().share.to_string();
        assert_eq!(share(with(None, &slurm("3", "1", "16", "16"))), "3/16");
        assert_eq!(share(with(None, &slurm("0", "0", "15", "16"))), "1/16");
        let stepped = [&slurm("5", "1", "9", "5")[..], &[("SLURM_ARRAY_TASK_STEP", "2")]].concat();
        assert_eq!(share(with(None, &stepped)), "3/5");
        assert_eq!(share(with(Some(16), &slurm("5", "5", "5", "1"))), "5/16");
        assert_eq!(share(with(Some(4), &[("HQ_TASK_ID", "4")])), "4/4");
        assert_eq!(share(with(Some(4), &[("PARALLEL_SEQ", "1")])), "1/4");
        let mpi = [("OMPI_COMM_WORLD_RANK", "0"), ("OMPI_COMM_WORLD_SIZE", "2")];
        assert_eq!(share(with(None, &mpi)), "1/2");
        assert!(with(None, &mpi).unwrap().from.contains("counted from 0"));
        assert_eq!(share(with(None, &[("SLURM_PROCID", "1"), ("SLURM_STEP_NUM_TASKS", "2")])), "2/2");
    }

    #[test]
    fn what_is_ambiguous_is_refused() {
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "7"),
            ("SLURM_ARRAY_TASK_MIN", "1"),
            ("SLURM_ARRAY_TASK_MAX", "9"),
            ("SLURM_ARRAY_TASK_COUNT", "3"),
        ];
        for (of, variables, part) in [
            (None, &slurm[..], "auto/16"),
            (None, &[("HQ_TASK_ID", "1")], "auto/16"),
            (Some(3), &[("HQ_TASK_ID", "4")], "from 1 to 3"),
            (Some(3), &[("SLURM_ARRAY_TASK_ID", "0")], "from 1 to 3"),
            (Some(3), &[("OMPI_COMM_WORLD_RANK", "0"), ("OMPI_COMM_WORLD_SIZE", "2")], "3 shards"),
            (None, &[("PARALLEL_SEQ", "x")], "whole number"),
            (None, &[], "--shard 3/16"),
        ] {
            let problem = with(of, variables).unwrap_err();
            assert!(problem.contains(part), "{problem}");
        }
    }
}
