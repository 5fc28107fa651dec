//! The terminal itself: raw mode, the alternate screen, and the way back from both.
//!
//! Everything that is written passes one gate, and there is one way out for all ends: a quit, a
//! signal, a panic in any thread. It never waits long: a terminal that does not answer is left alone.

use std::ffi::CStr;
use std::ops::Deref;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;
use std::{io, thread};

use crossterm::cursor::{Hide, Show};
use crossterm::queue;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::termios::{self, OptionalActions, Termios};

use super::guard;
use super::writer::Line;

/// Another screen, without wrapping at its end and without a cursor, and pastes told from keys.
pub(crate) static ENTER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bytes = Vec::new();
    // Writing to memory cannot fail.
    let _ = queue!(bytes, EnterAlternateScreen, DisableLineWrap, Hide);
    bytes.extend_from_slice(b"\x1b[?2004h");
    bytes
});
/// Presses and the wheel only: every motion of the mouse would be a report.
pub(crate) const MOUSE_ON: &[u8] = b"\x1b[?1000h\x1b[?1006h";
pub(crate) const MOUSE_OFF: &[u8] = b"\x1b[?1006l\x1b[?1000l";
/// Undoes everything that was ever asked of the terminal, whatever was under way.
pub(crate) static RESTORE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bytes = b"\x1b\\".to_vec();
    // Writing to memory cannot fail.
    let _ = queue!(bytes, EndSynchronizedUpdate, SetAttribute(Attribute::Reset));
    bytes.extend_from_slice(MOUSE_OFF);
    bytes.extend_from_slice(b"\x1b[?2004l");
    let _ = queue!(bytes, EnableLineWrap, Show, LeaveAlternateScreen);
    bytes
});

/// So long may the terminal take to accept [`RESTORE`].
pub(crate) const PATIENCE: Duration = Duration::from_millis(250);
/// What is assumed of a terminal that does not know its size.
const USUAL: Size = Size {
    width: 80,
    height: 24,
};
/// More cells than any screen has: what asks for more is mistaken.
const MOST_CELLS: u32 = 500_000;

/// Whether frames may be written.
static OPEN: AtomicBool = AtomicBool::new(false);
/// Held while something is written, so that nothing is written into something else.
static GATE: Mutex<()> = Mutex::new(());
static TERMINAL: Mutex<Option<Taken>> = Mutex::new(None);
static ENTERED: Condvar = Condvar::new();

/// Where keys come from, and where the screen is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tty {
    pub(crate) keys: BorrowedFd<'static>,
    pub(crate) screen: BorrowedFd<'static>,
    /// The screen, opened once more: whoever writes here never waits. Not every terminal can be.
    at_once: Option<BorrowedFd<'static>>,
}

/// A terminal that is ours.
pub(crate) struct Taken {
    tty: Tty,
    /// What it was before we came.
    pub(crate) original: Termios,
    pub(crate) raw: Termios,
}

impl Tty {
    /// Standard output must be a terminal. Keys come from standard input unless that is something
    /// else: then from the terminal of the session.
    pub(crate) fn find() -> io::Result<Self> {
        let screen = rustix::stdio::stdout();
        termios::tcgetattr(screen)?;
        let stdin = rustix::stdio::stdin();
        let keys = if termios::isatty(stdin) {
            stdin
        } else {
            // Without a session's terminal the screen itself can mostly be read.
            opened(c"/dev/tty", OFlags::RDWR).unwrap_or(screen)
        };
        // To ask the screen itself not to wait would ask it for all who share it with us.
        let name = termios::ttyname(screen, Vec::new()).ok();
        let at_once = name.and_then(|name| opened(&name, OFlags::WRONLY | OFlags::NONBLOCK));
        Ok(Self {
            keys,
            screen,
            at_once,
        })
    }

    pub(crate) fn size(self) -> Size {
        let told =
            termios::tcgetwinsize(self.screen).map_or((0, 0), |size| (size.ws_col, size.ws_row));
        let variable = |name| std::env::var(name).ok()?.trim().parse().ok();
        let or = |told: u16, name, usual| match told {
            0 => variable(name).filter(|size| *size > 0).unwrap_or(usual),
            told => told,
        };
        bounded(Size {
            width: or(told.0, "COLUMNS", USUAL.width),
            height: or(told.1, "LINES", USUAL.height),
        })
    }
}

/// A terminal that stays open until the end.
fn opened(name: &CStr, flags: OFlags) -> Option<BorrowedFd<'static>> {
    let flags = flags | OFlags::NOCTTY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(name, flags, Mode::empty()).ok()?;
    let opened: &'static OwnedFd = Box::leak(Box::new(opened));
    Some(opened.as_fd())
}

fn bounded(size: Size) -> Size {
    let most = MOST_CELLS / u32::from(size.width.max(1));
    Size {
        height: size.height.min(most as u16),
        ..size
    }
}

/// Takes the terminal. What is to be written at its beginning is for the writer to write.
pub(crate) fn enter(tty: Tty) -> io::Result<()> {
    let mut terminal = lock(&TERMINAL);
    // After a stop that we did not ask for it is ours still, but others may have changed it.
    if let Some(known) = &*terminal {
        termios::tcsetattr(tty.keys, OptionalActions::Now, &known.raw)?;
        return Ok(());
    }
    let original = termios::tcgetattr(tty.keys)?;
    let mut raw = original.clone();
    raw.make_raw();
    // In the background this stops us, until somebody calls us to the front.
    termios::tcsetattr(tty.keys, OptionalActions::Now, &raw)?;
    guard::arm(&raw, &original);
    *terminal = Some(Taken { tty, original, raw });
    OPEN.store(true, Ordering::SeqCst);
    ENTERED.notify_all();
    Ok(())
}

/// Gives the terminal back, once; false when it did not take the news in time.
pub(crate) fn leave() -> bool {
    // Whoever comes second waits for the first, who does not take long.
    let mut terminal = lock(&TERMINAL);
    let Some(Taken { tty, original, .. }) = terminal.take() else {
        return true;
    };
    OPEN.store(false, Ordering::SeqCst);
    let _ = termios::tcsetattr(tty.keys, OptionalActions::Now, &original);
    let (tell, told) = mpsc::channel();
    let last_words = move || {
        // A frame that is being written must end first.
        let _gate = lock(&GATE);
        let _ = tell.send(write_all(tty.screen, &RESTORE).is_ok());
    };
    let spawned = thread::Builder::new()
        .name("restore".to_owned())
        .spawn(last_words);
    let heard = spawned.is_ok() && told.recv_timeout(PATIENCE).unwrap_or(false);
    if heard {
        // Otherwise the guard goes on trying when we are gone.
        guard::disarm();
    }
    heard
}

/// The settings while the screen is ours and those before, as long as this is held.
pub(crate) fn settings() -> impl Deref<Target = Option<Taken>> {
    lock(&TERMINAL)
}

/// Waits until the terminal is ours: what is typed while it is not is for somebody else.
pub(crate) fn wait_until_ours() {
    let mut terminal = lock(&TERMINAL);
    while terminal.is_none() {
        terminal = ENTERED
            .wait(terminal)
            .unwrap_or_else(PoisonError::into_inner);
    }
}

/// Writes to the terminal while it is ours.
impl Line for Tty {
    fn offer(&self, bytes: &[u8]) -> usize {
        // Who holds the gate may be waiting for the terminal.
        let Ok(_gate) = GATE.try_lock() else {
            return 0;
        };
        if !OPEN.load(Ordering::SeqCst) {
            return bytes.len();
        }
        // What is wrong is found by who writes the rest.
        self.at_once
            .and_then(|screen| rustix::io::write(screen, bytes).ok())
            .unwrap_or(0)
    }

    fn write(&self, bytes: &[u8]) {
        let _gate = lock(&GATE);
        if OPEN.load(Ordering::SeqCst) {
            // Whoever reads keys notices that the terminal is gone.
            let _ = write_all(self.screen, bytes);
        }
    }
}

pub(crate) fn write_all(to: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(to, bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            // Somebody who shares the terminal with us asked it not to wait.
            Err(Errno::AGAIN) => {
                poll(&mut [PollFd::new(&to, PollFlags::OUT)], None)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_switched_on_is_switched_off() {
        let text = |bytes: &'static [u8]| std::str::from_utf8(bytes).expect("text");
        for on in [ENTER.as_slice(), MOUSE_ON] {
            for mode in text(on).split_terminator('\x1b').filter(|m| !m.is_empty()) {
                let undone = if let Some(mode) = mode.strip_suffix('h') {
                    format!("\x1b{mode}l")
                } else {
                    format!("\x1b{}h", mode.strip_suffix('l').expect("a mode"))
                };
                assert!(text(&RESTORE).contains(&undone), "{undone:?}");
            }
        }
        assert!(text(&RESTORE).contains("\x1b[?2026l"));
        assert!(text(&RESTORE).contains(text(MOUSE_OFF)));
    }

    #[test]
    fn no_size_asks_for_more_memory_than_a_screen_needs() {
        let size = |width, height| Size { width, height };
        assert_eq!(bounded(size(80, 24)), size(80, 24));
        assert_eq!(bounded(size(10_000, 2)), size(10_000, 2));
        assert_eq!(bounded(size(0, 7)), size(0, 7));
        let most = bounded(size(u16::MAX, u16::MAX));
        assert!(u32::from(most.width) * u32::from(most.height) <= MOST_CELLS);
        assert!(most.height > 0);
    }
}
