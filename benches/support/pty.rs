//! A program in a terminal of its own, and when it wrote what.

use std::io::{Read as _, Write};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A program in a terminal.
pub(crate) struct Terminal {
    pub(crate) begun: Instant,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    _master: Box<dyn MasterPty + Send>,
    written: Arc<Mutex<Written>>,
    mark: usize,
}

#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    /// How many bytes had come when, each time that some came.
    times: Vec<(usize, Instant)>,
    closed: Option<Instant>,
}

impl Terminal {
    pub(crate) fn start(program: &str, arguments: &[&str], columns: u16, rows: u16) -> Self {
        let size = PtySize {
            rows,
            cols: columns,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env("TERM", "xterm-256color");
        command.env("COLORTERM", "truecolor");
        command.env("LC_ALL", "C.UTF-8");
        command.env_remove("TMUX");
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let keys = pair.master.take_writer().expect("a writer");
        let written = Arc::new(Mutex::new(Written::default()));
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program");
        drop(pair.slave);
        let shared = Arc::clone(&written);
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let now = Instant::now();
                let mut written = shared.lock().expect("nobody panics with it");
                written.bytes.extend_from_slice(&buffer[..count]);
                let so_far = written.bytes.len();
                written.times.push((so_far, now));
            }
            shared.lock().expect("nobody panics with it").closed = Some(Instant::now());
        });
        Self {
            begun,
            child,
            keys,
            _master: pair.master,
            written,
            mark: 0,
        }
    }

    pub(crate) fn type_in(&mut self, bytes: &str) {
        self.keys
            .write_all(bytes.as_bytes())
            .expect("an open terminal");
        self.keys.flush().expect("an open terminal");
    }

    /// From now on, what came before does not count.
    pub(crate) fn mark(&mut self) {
        self.mark = self
            .written
            .lock()
            .expect("nobody panics with it")
            .bytes
            .len();
    }

    pub(crate) fn bytes_since_mark(&self) -> usize {
        self.written
            .lock()
            .expect("nobody panics with it")
            .bytes
            .len()
            - self.mark
    }

    /// When the end of a whole frame had come.
    pub(crate) fn has_frame(&self) -> Option<Instant> {
        let written = self.written.lock().expect("nobody panics with it");
        let end = b"\x1b[?2026l";
        let at = written.bytes[self.mark..]
            .windows(end.len())
            .position(|w| w == end)?;
        let needed = self.mark + at + end.len();
        written
            .times
            .iter()
            .find(|(so_far, _)| *so_far >= needed)
            .map(|(_, time)| *time)
    }

    /// When a text had come as a whole.
    pub(crate) fn has_text(&self, text: &str) -> Option<Instant> {
        let written = self.written.lock().expect("nobody panics with it");
        let mut places = written.bytes.windows(text.len());
        let needed = places.position(|w| w == text.as_bytes())? + text.len();
        let mut times = written.times.iter();
        times
            .find(|(so_far, _)| *so_far >= needed)
            .map(|(_, time)| *time)
    }

    /// When the first byte after the mark had come.
    pub(crate) fn has_more(&self) -> Option<Instant> {
        let written = self.written.lock().expect("nobody panics with it");
        let more = written.times.iter().find(|(so_far, _)| *so_far > self.mark);
        more.map(|(_, time)| *time)
    }

    pub(crate) fn until(&mut self, happened: impl Fn(&Self) -> Option<Instant>) -> Instant {
        let begun = Instant::now();
        loop {
            if let Some(time) = happened(self) {
                return time;
            }
            assert!(begun.elapsed() < PATIENCE, "it never happened");
            thread::sleep(Duration::from_micros(100));
        }
    }

    pub(crate) fn until_closed(&mut self) -> Instant {
        self.until(|terminal| {
            terminal
                .written
                .lock()
                .expect("nobody panics with it")
                .closed
        })
    }

    /// Waits until nothing was written for so long.
    pub(crate) fn until_quiet(&mut self, quiet: Duration) {
        let begun = Instant::now();
        loop {
            let last = {
                let written = self.written.lock().expect("nobody panics with it");
                written.times.last().map_or(begun, |(_, time)| *time)
            };
            let silence = last.max(begun).elapsed();
            if silence >= quiet {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "it is never quiet");
            thread::sleep(quiet.saturating_sub(silence));
        }
    }

    /// The time that the program spent on a processor, all its threads together.
    pub(crate) fn processor_time(&self) -> Duration {
        let id = self.child.process_id().expect("a running program");
        let tasks = std::fs::read_dir(format!("/proc/{id}/task")).expect("a running program");
        let spent = tasks.filter_map(|task| {
            let path = task.ok()?.path().join("schedstat");
            let text = std::fs::read_to_string(path).ok()?;
            text.split_whitespace().next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(spent.sum())
    }

    /// When the last byte had come.
    pub(crate) fn last_byte(&self) -> Instant {
        let written = self.written.lock().expect("nobody panics with it");
        written.times.last().map_or(self.begun, |(_, time)| *time)
    }

    /// How many files the program has open.
    pub(crate) fn open_files(&self) -> usize {
        let id = self.child.process_id().expect("a running program");
        let files = std::fs::read_dir(format!("/proc/{id}/fd"));
        files.map_or(0, Iterator::count)
    }

    /// The most memory that the program ever had, in KiB.
    pub(crate) fn peak_memory(&self) -> usize {
        let id = self.child.process_id().expect("a running program");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmHWM"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn quit(mut self) {
        self.type_in("q");
        self.child.wait().expect("it ends");
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }
}
