//! Starting other programs, and never in the moment when the whole job is stopped.
//!
//! A child that is stopped before it is the other program holds up the thread that started it, that
//! thread holds up the stop of our process, and the shell waits for that stop for ever.

use std::io;
use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::{Duration, Instant};

static STARTING: Mutex<()> = Mutex::new(());

/// A start takes a few milliseconds; one that takes longer is not waited for.
const PATIENCE: Duration = Duration::from_millis(250);
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Starts a program.
pub(crate) fn spawn(command: &mut Command) -> io::Result<Child> {
    let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
    command.spawn()
}

/// Waits until no program is being started; none is as long as this is held.
pub(crate) fn hold() -> Option<MutexGuard<'static, ()>> {
    let end = Instant::now() + PATIENCE;
    loop {
        match STARTING.try_lock() {
            Ok(held) => return Some(held),
            Err(TryLockError::Poisoned(held)) => return Some(held.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= end => return None,
            Err(TryLockError::WouldBlock) => thread::sleep(LOOK_AGAIN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_starts_while_it_is_held() {
        let held = hold().expect("nothing is starting");
        assert!(hold().is_none(), "it is held already");
        let start = thread::spawn(|| spawn(&mut Command::new("true")).expect("a program"));
        assert!(!start.is_finished());
        drop(held);
        let mut child = start.join().expect("a thread");
        assert!(child.wait().expect("an end").success());
    }
}
