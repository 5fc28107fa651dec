//! The real terminal and the loop: the only async code.
//!
//! ```text
//! keys ──────▶ input ─┐                                    ┌─▶ writer ──▶ screen
//! signals ────────────┼─▶ session: update, draw (by pace) ─┤
//! files ─▶ reading ───┘        (owns the App)              └─▶ reading, clipboard
//! ```
//!
//! [`session`] is the loop; [`keys`], [`pace`], [`encode`] and [`look`] are pure; [`screen`] is the
//! way in and out, which [`panics`] and the [`guard`] take too when it comes to the worst.

mod children;
mod clipboard;
mod encode;
mod export;
pub mod guard;
mod input;
mod keys;
pub mod look;
mod pace;
mod panics;
mod reading;
mod screen;
mod session;
mod signals;
mod writer;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::ingest::{self, Files};
use crate::insight::clock::Zone;
use crate::record::Level;
use crate::widgets::Safe;
use crate::widgets::theme::Theme;

/// What the screen is opened with.
pub struct Setup {
    pub files: Arc<dyn Files>,
    pub reading: ingest::Options,
    pub theme: Theme,
    pub zone: Zone,
    /// Memory for exact values, in bytes.
    pub max_mem: usize,
    pub mouse: bool,
    /// From which level on log lines are shown.
    pub level: Option<Level>,
    /// What is watched, to be shown while nothing was found.
    pub watched: Vec<Safe>,
    /// Seconds since 1970, now.
    pub clock: Box<dyn Fn() -> f64>,
    /// The program that is the guard under [`guard::NAME`]; nothing for none.
    pub guard: Option<PathBuf>,
}

/// How the screen was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// 0 after a quit, 128 and the number of the signal otherwise.
    pub code: u8,
    /// A bug that cost something, but not everything.
    pub survived: Option<Safe>,
}

/// Shows the screen until somebody ends it. The process is to end after this: threads may hang in
/// calls for ever, and nobody waits for them.
pub fn open(setup: Setup) -> io::Result<Left> {
    let tty = screen::Tty::find()?;
    panics::install();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let code = runtime.block_on(async { Ok(session::Session::begin(setup, tty)?.run().await) });
    screen::leave();
    runtime.shutdown_background();
    code.map(|code| Left {
        code,
        survived: panics::survived(),
    })
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup")
            .field("reading", &self.reading)
            .field("theme", &self.theme)
            .finish_non_exhaustive()
    }
}
