//! What a panic does while the screen is ours: the terminal is given back, then the words come.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{IsTerminal as _, Write as _, stderr};
use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};

use super::screen;
use crate::ingest;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// The exit code of a program that panicked.
const PANICKED: i32 = 101;

/// The first panic that cost one job only, told when the screen is gone.
static SURVIVED: Mutex<Option<Safe>> = Mutex::new(None);

/// From now on a panic in any thread ends the program, unless whoever called for the job catches it:
/// then the screen stays, and so does everything else.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let what = words(info);
        if ingest::catches_panics() {
            let mut first = SURVIVED.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(what);
            return;
        }
        let heard = screen::leave();
        // On a terminal that takes nothing, words would wait for ever.
        if heard || !stderr().is_terminal() {
            say(&what);
        }
        std::process::exit(PANICKED);
    }));
}

/// What was survived, in words for the end.
pub(crate) fn survived() -> Option<Safe> {
    SURVIVED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}

/// The words of a panic may hold text of files.
fn words(info: &PanicHookInfo<'_>) -> Safe {
    let thread = std::thread::current();
    let place = info
        .location()
        .map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
    let payload = info.payload();
    let payload = payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    safe!(
        "panic in the thread \"{}\"{place}: {}",
        thread.name().unwrap_or("?"),
        payload.unwrap_or("without words"),
    )
}

fn say(what: &Safe) {
    let mut out = stderr();
    // Nobody is left to tell when this fails.
    let _ = writeln!(out, "ml-dash-top: {}", what.as_str());
    let backtrace = Backtrace::capture();
    let _ = match backtrace.status() {
        BacktraceStatus::Captured => writeln!(out, "{backtrace}"),
        _ => writeln!(
            out,
            "ml-dash-top: this is a bug, please report it; RUST_BACKTRACE=1 tells more"
        ),
    };
}
