//! Work that is shared out among threads.

use std::sync::atomic::{AtomicUsize, Ordering};

/// As much stack as the first thread usually has: which work is done on which is not known before.
const STACK: usize = 8 << 20;

/// What is made for each number below a count, in their order, on so many threads, or as many of them as can be started; the caller is one of
/// them. Each takes the next number when it is done with one.
pub fn shared_out<T: Send>(count: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let helpers = threads.min(count).saturating_sub(1);
    if helpers == 0 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let share = || -> Vec<(usize, T)> {
        let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        numbers.take_while(|at| *at < count).map(|at| (at, work(at))).collect()
    };
    let mut made = std::thread::scope(|scope| {
        let start = |_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, share).ok();
        let started: Vec<_> = (0..helpers).map_while(start).collect();
        let mut made = share();
        for helper in started {
            made.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        made
    });
    made.sort_unstable_by_key(|(at, _)| *at);
    made.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::shared_out;

    #[test]
    fn what_is_made_is_in_order_on_any_number_of_threads() {
        let squares: Vec<usize> = (0..100).map(|at| at * at).collect();
        for threads in [0, 1, 2, 7] {
            assert_eq!(shared_out(100, threads, |at| at * at), squares);
        }
        assert!(shared_out(0, 2, |at| at).is_empty());
    }
}
