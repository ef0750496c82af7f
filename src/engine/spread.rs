//! Many runs at once, each on threads of its own.

/// Does `work` on `at_once` threads at once, each of them with a pool of `each` threads, itself among them.
///
/// What rayon shares out within a run thus stays with the run's threads: a run that waited for another's work would take that
/// much longer.
///
/// # Errors
/// The first error of `work`, once all of it has ended; or a sentence where no threads can be started.
pub fn spread(at_once: usize, each: usize, work: impl Fn() -> Result<(), String> + Sync) -> Result<(), String> {
    let one = || -> Result<(), String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(each.max(1)).use_current_thread().build();
        let _pool = pool.map_err(|e| format!("the threads could not be started: {e}"))?;
        work()
    };
    std::thread::scope(|scope| {
        let start = |n: usize| {
            let thread = std::thread::Builder::new().name(format!("run {n}")).spawn_scoped(scope, one);
            thread.map_err(|e| format!("the threads could not be started: {e}"))
        };
        let threads: Vec<_> = (0..at_once.max(1)).map(start).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, Result<(), String>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        let ended: Vec<Result<(), String>> = threads.into_iter().map(|thread| join(thread?)).collect();
        ended.into_iter().collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;
    use std::collections::BTreeSet;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn work_is_done_on_every_thread() {
        for threads in [0, 1, 3] {
            let count = AtomicUsize::new(0);
            spread(threads, 1, || {
                count.fetch_add(1, Ordering::Relaxed);
                Ok(())
            })
            .unwrap();
            assert_eq!(count.into_inner(), threads.max(1));
        }
        let failed = spread(3, 1, || Err("It failed.".into()));
        assert_eq!(failed, Err("It failed.".into()));
    }

    #[test]
    fn what_a_run_shares_out_stays_on_its_threads() {
        for each in [1, 2] {
            let met = Mutex::new(Vec::new());
            spread(2, each, || {
                let here = (0..64).into_par_iter().map(|_| format!("{:?}", std::thread::current().id()));
                let here: BTreeSet<String> = here.collect();
                assert!(here.len() <= each && rayon::current_num_threads() == each);
                met.lock().unwrap().push(here);
                Ok(())
            })
            .unwrap();
            let met = met.into_inner().unwrap();
            assert!(met[0].is_disjoint(&met[1]));
        }
    }
}
