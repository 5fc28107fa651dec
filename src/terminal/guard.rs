//! A second process that gives the terminal back when the first one cannot: after SIGKILL, an abort,
//! a stack overflow.
//!
//! It is this program again under another name, in a session of its own. It sleeps on a pipe; when
//! the pipe breaks while the terminal is taken, it puts the settings and the screen back, and in any
//! case it ends. It is started after the first picture, so that nobody waits for it.

use std::fmt::Write as _;
use std::io::{self, BufRead as _, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, ExitCode, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use rustix::termios::{
    ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios,
    tcgetattr, tcsetattr,
};

use super::children;
use super::screen::{self, Tty};

/// The name under which the program is a guard; it stands in the list of processes too.
pub const NAME: &str = "ml-dash-top: terminal guard";

/// So long it tries to write to a terminal that takes nothing.
const PATIENCE: Duration = Duration::from_secs(2);
const DISARMED: &str = "-\n";

static PIPE: Mutex<Option<ChildStdin>> = Mutex::new(None);

/// This program, to be started again.
pub fn program() -> Option<PathBuf> {
    if cfg!(target_os = "linux") {
        // Right even when the file was replaced by a newer one.
        Some(PathBuf::from("/proc/self/exe"))
    } else {
        std::env::current_exe().ok()
    }
}

/// Starts the guard. Without one everything works but a violent death.
pub(crate) fn start(program: &Path, tty: Tty) {
    let Ok(pipe) = spawn(program, tty) else {
        return;
    };
    let taken = screen::settings();
    if let Some(taken) = &*taken {
        *lock() = Some(pipe);
        arm(&taken.raw, &taken.original);
    }
}

/// From now on the guard puts these settings back when we are gone.
pub(crate) fn arm(raw: &Termios, original: &Termios) {
    tell(&Settings::of(raw, original).line());
}

/// From now on the guard does nothing.
pub(crate) fn disarm() {
    tell(DISARMED);
}

fn tell(line: &str) {
    if let Some(pipe) = &mut *lock() {
        // A guard that is gone cannot be helped.
        let _ = pipe.write_all(line.as_bytes());
    }
}

fn spawn(program: &Path, tty: Tty) -> io::Result<ChildStdin> {
    let keys = tty.keys.try_clone_to_owned()?;
    let screen = tty.screen.try_clone_to_owned()?;
    let mut command = Command::new(program);
    command
        .arg0(NAME)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(screen)
        .stderr(keys);
    children::spawn(&mut command)?
        .stdin
        .take()
        .ok_or_else(|| io::ErrorKind::BrokenPipe.into())
}

/// Is the guard: what the program does under [`NAME`].
pub fn watch() -> ExitCode {
    // Whatever is sent to the session or the group of the other is not for us.
    let _ = rustix::process::setsid();
    let mut armed = None;
    for line in io::stdin().lock().lines() {
        let Ok(line) = line else { break };
        armed = Settings::parse(&line);
    }
    if let Some(settings) = armed {
        settings.put_back();
    }
    ExitCode::SUCCESS
}

/// What is changed of a terminal's settings, as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Settings {
    /// The local modes while the screen is ours: whoever changed them takes care of the rest too.
    ours: u64,
    input: u64,
    output: u64,
    control: u64,
    local: u64,
    least: u64,
    time: u64,
}

#[allow(
    clippy::unnecessary_cast,
    clippy::cast_lossless,
    reason = "modes are wider on some systems"
)]
impl Settings {
    fn of(raw: &Termios, original: &Termios) -> Self {
        Self {
            ours: raw.local_modes.bits() as u64,
            input: original.input_modes.bits() as u64,
            output: original.output_modes.bits() as u64,
            control: original.control_modes.bits() as u64,
            local: original.local_modes.bits() as u64,
            least: u64::from(original.special_codes[SpecialCodeIndex::VMIN]),
            time: u64::from(original.special_codes[SpecialCodeIndex::VTIME]),
        }
    }

    fn line(self) -> String {
        let mut line = String::new();
        for number in [
            self.ours,
            self.input,
            self.output,
            self.control,
            self.local,
            self.least,
            self.time,
        ] {
            let _ = write!(line, "{number:x} ");
        }
        line.push('\n');
        line
    }

    /// Nothing for [`DISARMED`], and for a line that broke off.
    fn parse(line: &str) -> Option<Self> {
        let numbers = line
            .split_ascii_whitespace()
            .map(|word| u64::from_str_radix(word, 16).ok())
            .collect::<Option<Vec<_>>>()?;
        let &[ours, input, output, control, local, least, time] = &numbers[..] else {
            return None;
        };
        Some(Self {
            ours,
            input,
            output,
            control,
            local,
            least,
            time,
        })
    }

    fn put_back(self) {
        let keys = io::stderr();
        if let Ok(mut now) = tcgetattr(&keys)
            && now.local_modes.bits() as u64 == self.ours
        {
            now.input_modes = InputModes::from_bits_retain(self.input as _);
            now.output_modes = OutputModes::from_bits_retain(self.output as _);
            now.control_modes = ControlModes::from_bits_retain(self.control as _);
            now.local_modes = LocalModes::from_bits_retain(self.local as _);
            now.special_codes[SpecialCodeIndex::VMIN] = self.least as u8;
            now.special_codes[SpecialCodeIndex::VTIME] = self.time as u8;
            let _ = tcsetattr(&keys, OptionalActions::Now, &now);
        }
        let (tell, told) = mpsc::channel();
        let last_words = move || {
            let _ = screen::write_all(io::stdout().as_fd(), &screen::RESTORE);
            let _ = tell.send(());
        };
        if thread::Builder::new().spawn(last_words).is_ok() {
            let _ = told.recv_timeout(PATIENCE);
        }
    }
}

fn lock() -> MutexGuard<'static, Option<ChildStdin>> {
    PIPE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_the_pipe() {
        let settings = Settings {
            ours: 1,
            input: 0x500,
            output: 5,
            control: 0xbf,
            local: 0x8a3b,
            least: 1,
            time: 0,
        };
        let line = settings.line();
        assert_eq!(Settings::parse(line.trim_end()), Some(settings));
        assert_eq!(Settings::parse(DISARMED.trim_end()), None);
        assert_eq!(Settings::parse("1 500 5"), None, "it broke off");
        assert_eq!(Settings::parse(""), None);
    }
}
