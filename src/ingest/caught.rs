//! Jobs whose panics are caught: a bug of ours costs one run, or one search, and is told.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// Within how many such jobs this thread is.
    static JOBS: Cell<u32> = const { Cell::new(0) };
}

/// What the job returns; nothing when it panicked.
pub(crate) fn catch<T>(job: impl FnOnce() -> T) -> Option<T> {
    JOBS.set(JOBS.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(job));
    JOBS.set(JOBS.get() - 1);
    done.ok()
}

/// Whether a panic in this thread, now, ends one job and nothing else. For a panic hook.
pub fn catches_panics() -> bool {
    JOBS.get() > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_are_expected_within_jobs_only() {
        assert!(!catches_panics());
        assert_eq!(catch(catches_panics), Some(true));
        assert_eq!(
            catch(|| catch(|| panic!("inner")).is_none() && catches_panics()),
            Some(true)
        );
        assert!(!catches_panics());
    }
}
