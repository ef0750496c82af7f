"""A sweep under submitit's local executor: each job is warned by the early signal that Slurm would send, keeps its state, is
started again and goes on, until its shard is done. Then the records merge to the bytes of one process.

    python submitit_sweep.py spikescape
"""

import filecmp
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

try:
    import submitit
except ImportError:
    print("sweep under submitit: skipped, it is not installed (pip install submitit)")
    sys.exit(0)

SHARDS = 2


class Worker:
    """A worker of one shard. `checkpoint` is called by submitit's handler of the early signal."""

    def __init__(self, program: str, plan: str, folder: str) -> None:
        self.program, self.plan, self.folder = program, plan, folder
        self.early = 0
        self.child = None

    def __call__(self, shard: int) -> int:
        command = [self.program, "work", self.plan, "--shard", f"{shard}/{SHARDS}", "--out", self.folder, "--threads", "1"]
        self.child = subprocess.Popen(command)
        code = self.child.wait()
        if code != 0:
            raise RuntimeError(f"shard {shard} ended with {code}")
        return self.early

    def checkpoint(self, shard: int) -> submitit.helpers.DelayedSubmission:
        os.kill(self.child.pid, signal.SIGUSR2)
        # not Popen.wait, whose lock the code that this handler interrupts may hold
        code = os.waitid(os.P_PID, self.child.pid, os.WEXITED | os.WNOWAIT).si_status
        if code not in (0, 75):
            raise RuntimeError(f"shard {shard} ended with {code} after the early signal")
        again = Worker(self.program, self.plan, self.folder)
        again.early = self.early + 1
        return submitit.helpers.DelayedSubmission(again, shard)


def main() -> None:
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        plan, folder = str(work / "plan.json"), str(work / "runs")
        # a single long task in each shard
        what = ["--rules", "antlr", "--seeds", "0-1", "--updates", "1000,120000"]
        subprocess.run([program, "plan", "compare", *what, "-o", plan], check=True, stdout=subprocess.DEVNULL)
        executor = submitit.LocalExecutor(folder=work / "jobs", max_num_timeout=50)
        # six seconds, the signal three before their end; the controller starts a job again by itself
        executor.update_parameters(timeout_min=0.1, signal_delay_s=3)
        jobs = [executor.submit(Worker(program, plan, folder), shard) for shard in range(1, SHARDS + 1)]
        early = [job.result() for job in jobs]
        told = "".join(job.stdout() or "" for job in jobs) + "".join(job.stderr() or "" for job in jobs)
        if min(early) < 1 or "Stopped by SIGUSR2" not in told:
            sys.exit(f"the early signals were {early}\n{told}")
        merged, alone = work / "merged", work / "alone"
        subprocess.run([program, "merge", folder, "-o", merged], check=True, stdout=subprocess.DEVNULL)
        compare = [program, "compare", *what, "--no-times", "--out", alone]
        subprocess.run(compare, check=True, stdout=subprocess.DEVNULL)
        names = sorted(path.name for path in alone.iterdir())
        same, other, missing = filecmp.cmpfiles(merged, alone, names, shallow=False)
        if other or missing:
            sys.exit(f"not the same bytes: {other + missing}")
        print(f"sweep under submitit: early signals {early}, {len(same)} files the same bytes as one process")


main()
