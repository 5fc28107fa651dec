//! The way out of reading: one message after the other into the sink, until nobody listens.
//!
//! Waking the receiver costs more than most changes do, so the changes of a run travel together:
//! as many as one look at a file brings, or as fit into the processor's cache.

use std::path::PathBuf;
use std::sync::Arc;

use crate::record::{Change, Holding, LogAnswer, Problem, RunId};

/// Rows and lines that may wait for company.
const MOST_ROWS: usize = 4_096;
/// Changes that may wait for company.
const MOST_CHANGES: usize = 64;

/// What reading sends to whoever keeps the records.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// What changed about a run, in order.
    Changes { run: RunId, changes: Vec<Change> },
    /// An answer to a question about a run's log. What changed about the run before the answer came
    /// about was sent before.
    LogAnswer { run: RunId, answer: LogAnswer },
    /// All roots were walked once; so many runs were found.
    ScanDone { runs: usize },
    /// What a place holds in which runs are looked for, when that is known and when it changed.
    Holds { place: PathBuf, holding: Holding },
    /// A folder or a file could not be read.
    Unreadable { path: PathBuf, error: String },
    /// Something that the user may want to know about how files are watched.
    Notice { text: String },
    /// Everything was read, and nothing is followed.
    Complete,
}

/// Where messages go. The sink blocks while its channel is full and returns false when there is
/// no receiver any more.
pub(crate) type Sink = dyn Fn(Message) -> bool + Send + Sync;

/// Tells one change of a run at once; false when nobody listens any more.
pub(crate) fn tell(run: RunId, sink: &Sink, change: Change) -> bool {
    sink(Message::Changes {
        run,
        changes: vec![change],
    })
}

/// The messages of one run. It must be closed before somebody else may speak of the run, lest its
/// last words come too late.
pub(crate) struct Outlet<'a> {
    run: RunId,
    sink: &'a Sink,
    open: bool,
    waiting: Vec<Change>,
    /// How many rows and lines are waiting.
    rows: usize,
}

impl<'a> Outlet<'a> {
    pub(crate) fn new(run: RunId, sink: &'a Sink) -> Self {
        Self {
            run,
            sink,
            open: true,
            waiting: Vec::new(),
            rows: 0,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    pub(crate) fn change(&mut self, change: Change) {
        self.rows += match &change {
            Change::Rows { rows, .. } | Change::Exact { rows, .. } => rows.count as usize,
            Change::Logs(lines) => lines.offsets.len(),
            _ => 0,
        };
        self.waiting.push(change);
        if self.rows >= MOST_ROWS || self.waiting.len() >= MOST_CHANGES {
            self.flush();
        }
    }

    pub(crate) fn message(&mut self, message: Message) {
        self.flush();
        self.send(message);
    }

    pub(crate) fn log_answer(&mut self, answer: LogAnswer) {
        self.message(Message::LogAnswer {
            run: self.run,
            answer,
        });
    }

    /// Sends what is waiting. To be called before anything that may take long.
    pub(crate) fn flush(&mut self) {
        if !self.waiting.is_empty() {
            let changes = std::mem::take(&mut self.waiting);
            self.rows = 0;
            self.send(Message::Changes {
                run: self.run,
                changes,
            });
        }
    }

    /// Sends what is waiting; false when nobody listens any more.
    pub(crate) fn close(mut self) -> bool {
        self.flush();
        self.open
    }

    fn send(&mut self, message: Message) {
        if self.open {
            self.open = (self.sink)(message);
        }
    }

    pub(crate) fn problem(&mut self, file: &Arc<str>, offset: u64, reason: String) {
        self.change(Change::Problem(Problem {
            file: Arc::clone(file),
            offset,
            reason,
        }));
    }

    /// Something that must not happen, and did.
    pub(crate) fn internal_error(&mut self, file: &Arc<str>) {
        let reason = "internal error while reading; please report".to_owned();
        self.problem(file, 0, reason);
    }

    pub(crate) fn note(&mut self, file: &Arc<str>, text: &str) {
        self.change(Change::Note {
            file: Arc::clone(file),
            text: text.to_owned(),
        });
    }
}

impl Drop for Outlet<'_> {
    fn drop(&mut self) {
        debug_assert!(
            self.waiting.is_empty() || std::thread::panicking(),
            "an outlet was not closed"
        );
    }
}
