//! `spikescape work --print-job`: a job that does a whole plan, with time and memory from our own estimates.

use std::path::Path;
use std::process::ExitCode;

use crate::sweep::{PlanFile, Sweep, SweepKind};

use super::super::print::say;
use super::args::{Scheduler, Work};
use super::duration;
use super::estimate::SweepEstimate;
use super::work::WithSweep;
use crate::text::count;

/// Work that a shard is given where nothing is said, in seconds, and the most shards then.
const SHARD_SECONDS: f64 = 600.0;
const MOST_SHARDS: u32 = 1000;
/// What is asked for, against the estimate: other machines are slower, and runs differ.
const TIME_FACTOR: f64 = 2.0;
const MEMORY_FACTOR: f64 = 1.5;

/// What a job is printed for.
pub struct Printing<'a> {
    pub scheduler: Scheduler,
    pub args: &'a Work,
    pub plan: &'a PlanFile,
    pub out: &'a Path,
}

/// A job in numbers and quoted words.
struct Job {
    /// How it was estimated, for people.
    estimate: String,
    shards: u32,
    threads: u16,
    /// Asked for.
    seconds: f64,
    /// Asked for, in megabytes.
    megabytes: u64,
    program: String,
    plan: String,
    out: String,
    /// Where the merged result goes.
    result: String,
}

impl WithSweep for Printing<'_> {
    fn with<S: Sweep>(&self, sweep: &S) -> Result<ExitCode, String> {
        let estimate = SweepEstimate::of(sweep)?;
        let job = self.job(sweep, estimate);
        say(match self.scheduler {
            Scheduler::Slurm => job.slurm(),
            Scheduler::Parallel => job.parallel(),
            Scheduler::Snakemake => job.snakemake(),
            Scheduler::Hyperqueue => job.hyperqueue(),
        }
        .trim_end());
        Ok(ExitCode::SUCCESS)
    }
}

impl Printing<'_> {
    fn job<S: Sweep>(&self, sweep: &S, estimate: SweepEstimate) -> Job {
        let (tasks, threads) = (sweep.tasks(), self.args.threads.unwrap_or(1));
        let each = estimate.seconds_per_task.unwrap_or(SHARD_SECONDS);
        let all = each * f64::from(tasks) / f64::from(threads);
        let usual = (all / SHARD_SECONDS).ceil().clamp(1.0, f64::from(MOST_SHARDS.min(tasks)));
        let shards = self.args.shards.unwrap_or(usual as u32);
        let shard = each * f64::from(tasks.div_ceil(shards)).max(f64::from(threads)) / f64::from(threads);
        let bytes = estimate.memory + sweep.memory() * u64::from(threads.saturating_sub(1));
        let megabytes = (bytes as f64 * MEMORY_FACTOR / 1e8).ceil().max(1.0) as u64 * 100;
        let told = match estimate.seconds_per_task {
            Some(each) => format!("about {} each here", duration::told(each)),
            None => "how long they take could not be told in a minute".into(),
        };
        let quoted = |path: &Path| quote(&path.to_string_lossy());
        let program = std::env::current_exe().map_or_else(|_| "spikescape".into(), |path| quoted(&path));
        let end = if matches!(self.plan.plan.kind, SweepKind::Compare(_)) { "merged" } else { "merged.csv" };
        Job {
            estimate: format!(
                "{} of {}, {told}; {} in {}",
                count(u64::from(tasks), "task"),
                self.plan.plan.kind.name(),
                duration::told(shard),
                count(u64::from(shards), "shard")
            ),
            shards,
            threads,
            seconds: shard * TIME_FACTOR + super::work::LEAVE_IN.as_secs_f64() * 2.0,
            megabytes,
            program,
            plan: quoted(&self.plan.path),
            out: quoted(self.out),
            result: quoted(&self.out.with_file_name(format!("{}-{end}", file_name(self.out)))),
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "sweep".into(), |name| name.to_string_lossy().into_owned())
}

/// A word for a shell.
fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:=@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

impl Job {
    /// Warned by SIGUSR1 a minute before the end of its time, the program keeps its state and ends with 75; the script then puts
    /// the task back into the queue, unless somebody has cancelled it.
    fn slurm(&self) -> String {
        let Self { estimate, shards, threads, megabytes, program, plan, out, result, .. } = self;
        let (time, warning) = (duration::slurm(self.seconds), super::work::LEAVE_IN.as_secs());
        format!(
            r#"#!/bin/bash
# {estimate}; twice the time is asked for. Submit it with sbatch; when all is done:
#   {program} merge {out} -o {result}
#SBATCH --job-name=spikescape
#SBATCH --array=1-{shards}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={threads}
#SBATCH --mem={megabytes}M
#SBATCH --time={time}
#SBATCH --signal=USR1@{warning}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=slurm-%A_%a.out

# the signal goes to what srun has started; the script itself has to outlive it
trap : USR1 TERM
srun --ntasks=1 --cpus-per-task={threads} \
    {program} work {plan} --shard auto/{shards} --out {out} --threads {threads}
code=$?
# 75: told to go, with its state kept; started again it goes on
task=${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}
if [ $code = 75 ] && [ "$(squeue --noheader --jobs="$task" --format=%T)" = RUNNING ]; then
    scontrol requeue "$task"
fi
exit $code
"#
        )
    }

    fn parallel(&self) -> String {
        let Self { estimate, shards, threads, program, plan, out, result, .. } = self;
        format!(
            r#"#!/bin/bash
# {estimate}. As many workers at a time as there are cores; with --sshloginfile on several machines
# that share this folder. A worker that was killed or told to go (exit code 75) is started again and goes on.
jobs=$(( $(nproc) / {threads} ))
parallel --jobs "$(( jobs > 0 ? jobs : 1 ))" --retries 10 --termseq TERM,30000,KILL,25 \
    {program} work {plan} --shard {{}}/{shards} --out {out} --threads {threads} ::: $(seq {shards}) &&
{program} merge {out} -o {result}
"#
        )
    }

    fn snakemake(&self) -> String {
        let Self { estimate, shards, threads, megabytes, program, plan, out, result, .. } = self;
        let minutes = (self.seconds / 60.0).ceil();
        format!(
            r#"# {estimate}. Save it as Snakefile; then: snakemake --cores 8
rule merged:
    input: expand("{out}/shard-{{k}}-of-{shards}.records", k=range(1, {shards} + 1))
    output: touch("{out}/merged.done")
    shell: "{program} merge {out} -o {result}"

rule shard:
    input: "{plan}"
    output: "{out}/shard-{{k}}-of-{shards}.records"
    threads: {threads}
    retries: 10
    resources: mem_mb={megabytes}, runtime={minutes}
    shell: "{program} work {{input}} --shard {{wildcards.k}}/{shards} --out {out} --threads {{threads}}"
"#
        )
    }

    fn hyperqueue(&self) -> String {
        let Self { estimate, shards, threads, program, plan, out, result, .. } = self;
        let minutes = (self.seconds / 60.0).ceil();
        format!(
            r#"#!/bin/bash
#HQ --name spikescape
#HQ --array 1-{shards}
#HQ --cpus {threads}
#HQ --time-request {minutes}m
#HQ --crash-limit 100
# {estimate}. Submit it with hq submit; when all is done:
#   {program} merge {out} -o {result}
exec {program} work {plan} --shard auto/{shards} --out {out} --threads {threads}
"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Job {
        Job {
            estimate: "3,000 tasks".into(),
            shards: 16,
            threads: 2,
            seconds: 1300.0,
            megabytes: 300,
            program: "spikescape".into(),
            plan: "plan.json".into(),
            out: "'my runs'".into(),
            result: "'my runs-merged'".into(),
        }
    }

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        assert_eq!(quote("/a/b-c_1.json"), "/a/b-c_1.json");
        assert_eq!(quote("my runs"), "'my runs'");
        assert_eq!(quote("it's"), r"'it'\''s'");
        assert_eq!(quote(""), "''");
    }

    #[test]
    fn every_job_names_share_time_and_folder() {
        let job = job();
        for (text, parts) in [
            (job.slurm(), &["--array=1-16", "--cpus-per-task=2", "--mem=300M", "--time=0-00:22:00", "auto/16"][..]),
            (job.parallel(), &["--shard {}/16", "seq 16", "merge 'my runs'"]),
            (job.snakemake(), &["shard-{k}-of-16.records", "range(1, 16 + 1)", "mem_mb=300, runtime=22"]),
            (job.hyperqueue(), &["#HQ --array 1-16", "#HQ --cpus 2", "auto/16"]),
        ] {
            for part in [parts, &["'my runs'", "3,000 tasks"]].concat() {
                assert!(text.contains(part), "{part}\n{text}");
            }
        }
    }
}
