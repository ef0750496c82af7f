//! Many runs at once, each on one thread.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Answers every question, `threads` at a time, and gives the answers in the order of the questions.
///
/// Each thread is a pool of its own, so that what rayon shares out within a run stays on the run's thread: a run that
/// waited for another's work would take that much longer.
pub fn spread<Q: Sync, A: Send>(
    questions: &[Q],
    threads: usize,
    answer: impl Fn(&Q) -> A + Sync,
) -> Result<Vec<A>, String> {
    let (next, answers) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(questions.len())));
    let work = || -> Result<(), String> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
        let _pool = pool.map_err(|e| format!("the threads could not be started: {e}"))?;
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(question) = questions.get(n) else { return Ok(()) };
            let answered = (n, answer(question));
            answers.lock().unwrap_or_else(PoisonError::into_inner).push(answered);
        }
    };
    std::thread::scope(|scope| {
        let start = |n: usize| {
            let thread = std::thread::Builder::new().name(format!("run {n}")).spawn_scoped(scope, work);
            thread.map_err(|e| format!("the threads could not be started: {e}"))
        };
        let threads: Vec<_> = (0..threads.clamp(1, questions.len().max(1))).map(start).collect();
        for thread in threads {
            let done = thread?.join();
            done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        Ok::<(), String>(())
    })?;
    let mut answers = answers.into_inner().unwrap_or_else(PoisonError::into_inner);
    answers.sort_by_key(|(n, _)| *n);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn answers_come_in_the_order_of_the_questions() {
        let questions: Vec<u64> = (0..100).collect();
        for threads in [1, 3, 200] {
            let sum = |q: &u64| (0..*q).into_par_iter().sum::<u64>();
            let answers = spread(&questions, threads, sum).unwrap();
            assert!(answers.iter().zip(0..).all(|(a, q): (&u64, u64)| *a == q * q.saturating_sub(1) / 2));
        }
        assert_eq!(spread(&[], 2, |q: &u64| *q), Ok(vec![]));
    }

    #[test]
    fn what_a_run_shares_out_stays_on_its_thread() {
        let alone = |_: &u8| {
            let here = std::thread::current().id();
            (0..64).into_par_iter().all(|_| std::thread::current().id() == here)
        };
        assert_eq!(spread(&[0; 4], 2, alone), Ok(vec![true; 4]));
    }
}
