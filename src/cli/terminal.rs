//! What is known of the place where output goes, and of the time.

use std::io::{IsTerminal as _, stdout};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::insight::clock::Zone;

const WIDTH: usize = 100;
const NARROWEST: usize = 40;

/// How many cells a line may take: `$COLUMNS`, else what the terminal says, else 100.
pub(super) fn width() -> usize {
    let named = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let asked = || {
        let out = stdout();
        let size = out
            .is_terminal()
            .then(|| rustix::termios::tcgetwinsize(&out).ok())
            .flatten();
        size.map(|size| usize::from(size.ws_col))
    };
    named
        .or_else(asked)
        .filter(|width| *width > 0)
        .unwrap_or(WIDTH)
        .max(NARROWEST)
}

/// Whether standard output is a terminal.
pub(super) fn is_one() -> bool {
    stdout().is_terminal()
}

/// Whether nobody will ever read what is written to standard output. A pipe tells by itself only
/// when something is written, and a quiet run may write nothing for hours.
pub(super) fn nobody_listens() -> bool {
    let out = stdout();
    let mut asked = [PollFd::new(&out, PollFlags::empty())];
    let at_once = Timespec::default();
    let told = poll(&mut asked, Some(&at_once)).unwrap_or(0);
    told > 0
        && asked[0]
            .revents()
            .intersects(PollFlags::ERR | PollFlags::HUP)
}

/// Seconds since 1970.
pub(super) fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}

/// Where the person is who reads what is printed.
pub(super) fn zone() -> Zone {
    Zone::new(TimeZone::system())
}
