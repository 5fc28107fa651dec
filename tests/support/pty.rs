//! A terminal of our own: the real program runs in it, keys go in, and what comes out is read by a
//! terminal emulator. Nothing here sleeps: everything waits on a condition.

use std::io::{Read, Write};
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// Nothing takes longer, on however busy a machine.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

pub(crate) const SIZE: (u16, u16) = (100, 30);
/// What ends everything that the program asked of the terminal.
pub(crate) const LEFT: &str = "\x1b[?1049l";
pub(crate) const BEGIN: &str = "\x1b[?2026h";
pub(crate) const END: &str = "\x1b[?2026l";

/// The built program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_ml-dash-top");

/// A command in the folder of the repository, with an environment that says little.
pub(crate) fn command(program: &str) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.env_clear();
    for name in ["PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.cwd(Path::new(env!("CARGO_MANIFEST_DIR")));
    command
}

/// The program with these arguments.
pub(crate) fn program(arguments: &[&str]) -> CommandBuilder {
    let mut command = command(PROGRAM);
    command.args(arguments);
    command
}

/// What the terminal got.
pub(crate) struct Seen {
    pub(crate) raw: Vec<u8>,
    parser: vt100::Parser,
    pub(crate) status: Option<ExitStatus>,
    frozen: bool,
    /// The reader waits to be let go on.
    held: bool,
    hung_up: bool,
}

impl Seen {
    pub(crate) fn text(&self) -> String {
        self.parser.screen().contents()
    }

    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    pub(crate) fn has(&self, bytes: &str) -> bool {
        self.count(bytes) > 0
    }

    pub(crate) fn count(&self, bytes: &str) -> usize {
        let wanted = bytes.as_bytes();
        self.raw
            .windows(wanted.len())
            .filter(|window| *window == wanted)
            .count()
    }

    /// What came after the last of these bytes.
    pub(crate) fn after(&self, bytes: &str) -> String {
        let raw = String::from_utf8_lossy(&self.raw);
        raw.rsplit_once(bytes)
            .map_or("", |(_, after)| after)
            .to_owned()
    }
}

type Shared = Arc<(Mutex<Seen>, Condvar)>;

/// The terminal.
pub(crate) struct Pty {
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    reader: Option<JoinHandle<()>>,
    /// Our own end of the other side: the settings can be asked for when nobody is there any more.
    slave: OwnedFd,
    shared: Shared,
    pid: Pid,
    before: Termios,
}

impl Pty {
    pub(crate) fn start(command: CommandBuilder) -> Self {
        Self::start_sized(command, SIZE)
    }

    pub(crate) fn start_sized(command: CommandBuilder, (width, height): (u16, u16)) -> Self {
        let pair = native_pty_system().openpty(size(width, height)).unwrap();
        let path = pair.master.tty_name().expect("a name");
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let slave = rustix::fs::open(path, flags, Mode::empty()).unwrap();
        // As a shell leaves it: every setting that the program changes is on.
        let before = tcgetattr(&slave).unwrap();
        tcsetattr(&slave, OptionalActions::Now, &before).unwrap();
        let seen = Seen {
            raw: Vec::new(),
            parser: vt100::Parser::new(cells(height), cells(width), 0),
            status: None,
            frozen: false,
            held: false,
            hung_up: false,
        };
        let shared: Shared = Arc::new((Mutex::new(seen), Condvar::new()));
        let output = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let pid = Pid::from_raw(child.process_id().unwrap().cast_signed()).unwrap();
        let of_reader = Arc::clone(&shared);
        let reader = thread::spawn(move || read(output, &of_reader));
        let of_waiter = Arc::clone(&shared);
        thread::spawn(move || {
            let status = child.wait().unwrap();
            of_waiter.0.lock().unwrap().status = Some(status);
            of_waiter.1.notify_all();
        });
        Self {
            master: Some(pair.master),
            keys: Some(keys),
            reader: Some(reader),
            slave,
            shared,
            pid,
            before,
        }
    }

    /// Starts the program and waits for its first picture.
    pub(crate) fn open(arguments: &[&str]) -> Self {
        let pty = Self::start(program(arguments));
        pty.wait_for_screen();
        pty
    }

    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.shared.0.lock().unwrap()
    }

    /// Waits until this holds, and returns what it returns.
    pub(crate) fn wait<T>(&self, what: &str, until: impl Fn(&Seen) -> Option<T>) -> T {
        self.wait_for(PATIENCE, until).unwrap_or_else(|| {
            let seen = self.seen();
            panic!(
                "waited in vain for {what}; status {:?}, screen:\n{}\nlast bytes: {}",
                seen.status,
                seen.text(),
                seen.raw[seen.raw.len().saturating_sub(600)..].escape_ascii()
            )
        })
    }

    /// Waits until this holds, but not for ever.
    pub(crate) fn wait_for<T>(
        &self,
        patience: Duration,
        until: impl Fn(&Seen) -> Option<T>,
    ) -> Option<T> {
        let end = Instant::now() + patience;
        let mut seen = self.seen();
        loop {
            let found = until(&seen);
            let left = end.saturating_duration_since(Instant::now());
            if found.is_some() || left.is_zero() {
                return found;
            }
            // Not everything that is waited for is told by the terminal.
            let left = left.min(LOOK_AGAIN);
            seen = self.shared.1.wait_timeout(seen, left).unwrap().0;
        }
    }

    pub(crate) fn wait_text(&self, text: &str) {
        self.wait(&format!("{text:?}"), |seen| {
            seen.text().contains(text).then_some(())
        });
    }

    pub(crate) fn wait_bytes(&self, bytes: &str) {
        self.wait(&format!("{bytes:?}"), |seen| seen.has(bytes).then_some(()));
    }

    /// Waits for a whole picture on the other screen.
    pub(crate) fn wait_for_screen(&self) {
        self.wait("the first picture", |seen| {
            (seen.screen().alternate_screen() && seen.has(END)).then_some(())
        });
    }

    pub(crate) fn wait_exit(&self) -> ExitStatus {
        self.wait("the end", |seen| seen.status.clone())
    }

    pub(crate) fn press(&mut self, keys: impl AsRef<[u8]>) {
        let to = self.keys.as_mut().expect("the terminal is there");
        to.write_all(keys.as_ref()).unwrap();
        to.flush().unwrap();
    }

    /// Quits and checks that everything is as it was before.
    pub(crate) fn quit(&mut self) {
        self.press("q");
        assert_eq!(self.wait_exit().exit_code(), 0);
        self.check_restored();
    }

    pub(crate) fn send(&self, signal: Signal) {
        kill_process(self.pid, signal).unwrap();
    }

    pub(crate) fn resize(&self, width: u16, height: u16) {
        let mut seen = self.seen();
        seen.parser
            .screen_mut()
            .set_size(cells(height), cells(width));
        let master = self.master.as_ref().expect("the terminal is there");
        master.resize(size(width, height)).unwrap();
    }

    /// Waits until the program has taken in everything that came so far: it draws anew.
    pub(crate) fn settle(&self) {
        let before = self.seen().count("\x1b[2J");
        let (width, height) = {
            let size = self.seen().screen().size();
            (size.1.get(), size.0.get())
        };
        self.resize(width, height + 1);
        self.resize(width, height);
        self.wait("a new picture", |seen| {
            (seen.count("\x1b[2J") > before).then_some(())
        });
    }

    /// Reads nothing any more, as a line that hangs, and has no room for a single byte.
    pub(crate) fn freeze(&self) {
        self.seen().frozen = true;
        // The reader takes what it waits for, and no more.
        self.fill();
        self.wait("the reader to stop", |seen| seen.held.then_some(()));
        self.fill();
    }

    /// Reads again.
    pub(crate) fn thaw(&self) {
        self.seen().frozen = false;
        self.shared.1.notify_all();
    }

    /// Writes what shows nothing until there is no room.
    fn fill(&self) {
        let nothing = [0; 1024];
        while rustix::io::write(&self.slave, &nothing).is_ok() {}
        while rustix::io::write(&self.slave, &nothing[..1]).is_ok() {}
    }

    /// The terminal is closed.
    pub(crate) fn hang_up(&mut self) {
        self.seen().hung_up = true;
        self.shared.1.notify_all();
        // The reader may wait for bytes.
        rustix::io::write(&self.slave, b"!").unwrap();
        self.reader.take().map(JoinHandle::join);
        self.keys = None;
        self.master = None;
    }

    /// Somebody else uses the terminal: it is as it was before, and shows another text.
    pub(crate) fn disturb(&self) {
        tcsetattr(&self.slave, OptionalActions::Now, &self.before).unwrap();
        self.wait("room for others", |_| {
            rustix::io::write(&self.slave, b"\x1b[?1049l\x1b[2J\x1b[Hsomebody else").ok()
        });
    }

    /// The settings of the terminal, to be compared.
    pub(crate) fn settings(&self) -> String {
        described(&tcgetattr(&self.slave).unwrap())
    }

    pub(crate) fn check_restored(&self) {
        self.wait("the screen to be left", |seen| seen.has(LEFT).then_some(()));
        self.wait("the settings of the terminal", |_| {
            (self.settings() == described(&self.before)).then_some(())
        });
        let seen = self.seen();
        let screen = seen.screen();
        assert!(!screen.alternate_screen());
        assert!(!screen.hide_cursor());
        assert!(!screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert!(!seen.after(LEFT).contains(BEGIN), "drawn after the end");
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = kill_process(self.pid, Signal::KILL);
        let _ = kill_process(self.pid, Signal::CONT);
    }
}

fn described(settings: &Termios) -> String {
    format!("{settings:?}")
}

fn read(mut output: Box<dyn Read + Send>, shared: &Shared) {
    let mut bytes = [0; 4096];
    loop {
        let length = output.read(&mut bytes).unwrap_or(0);
        let mut seen = shared.0.lock().unwrap();
        if length == 0 || seen.hung_up {
            return;
        }
        seen.raw.extend_from_slice(&bytes[..length]);
        seen.parser.process(&bytes[..length]);
        shared.1.notify_all();
        while seen.frozen && !seen.hung_up {
            seen.held = true;
            shared.1.notify_all();
            seen = shared.1.wait(seen).unwrap();
        }
        seen.held = false;
    }
}

fn size(width: u16, height: u16) -> PtySize {
    PtySize {
        rows: height,
        cols: width,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// The emulator knows no screen without cells.
fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count.max(1)).unwrap()
}
