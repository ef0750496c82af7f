//! How many threads to compute on.

use std::thread::available_parallelism;

/// Threads for the computations of one program: the cores that it may use. That is what the system lets it run on (the
/// affinity of the process), what a container allots (the quota of its control group, version 1 or 2), and, inside a job of
/// Slurm, what that was given, whichever is least.
pub fn cores() -> usize {
    let system = available_parallelism().map_or(1, |n| n.get());
    allotted(|name| std::env::var(name).ok()).map_or(system, |n| n.min(system)).max(1)
}

/// What Slurm or HyperQueue has allotted to this process; `variable` looks a variable up. Clusters that do not bind jobs to
/// their cores say it in no other way.
fn allotted(variable: impl Fn(&str) -> Option<String>) -> Option<usize> {
    let number = |name: &str| variable(name)?.trim().parse::<usize>().ok().filter(|n| *n > 0);
    if variable("SLURM_JOB_ID").is_some() {
        return number("SLURM_CPUS_PER_TASK").or_else(|| {
            let node = number("SLURM_CPUS_ON_NODE")?;
            // the processes of a step share what the node gives; a batch script is alone
            let tasks = variable("SLURM_STEP_TASKS_PER_NODE").and_then(|list| most_tasks(&list)).unwrap_or(1);
            Some((node / tasks).max(1))
        });
    }
    let list = variable("HQ_CPUS")?;
    Some(list.split(',').filter(|core| !core.trim().is_empty()).count()).filter(|n| *n > 0)
}

/// The greatest of Slurm's numbers of tasks by node, as in `4(x2),3`.
fn most_tasks(list: &str) -> Option<usize> {
    list.split(',').filter_map(|part| part.split('(').next()?.trim().parse().ok()).max().filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Option<usize> {
        allotted(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn a_job_gets_what_slurm_gave_it() {
        let job = ("SLURM_JOB_ID", "7");
        assert_eq!(with(&[job, ("SLURM_CPUS_PER_TASK", "4"), ("SLURM_CPUS_ON_NODE", "64")]), Some(4));
        assert_eq!(with(&[job, ("SLURM_CPUS_ON_NODE", "8")]), Some(8));
        let step = ("SLURM_STEP_TASKS_PER_NODE", "4(x2),3");
        assert_eq!(with(&[job, ("SLURM_CPUS_ON_NODE", "8"), step]), Some(2));
        assert_eq!(with(&[job, ("SLURM_CPUS_ON_NODE", "2"), step]), Some(1));
        assert_eq!(with(&[job, ("SLURM_CPUS_PER_TASK", "many")]), None);
        // variables that somebody left behind are no job
        assert_eq!(with(&[("SLURM_CPUS_PER_TASK", "4")]), None);
        assert_eq!(with(&[("HQ_CPUS", "0,2,5")]), Some(3));
        assert_eq!(with(&[]), None);
    }

    #[test]
    fn there_is_always_a_core() {
        let system = available_parallelism().map_or(1, |n| n.get());
        assert!((1..=system).contains(&cores()));
    }
}
