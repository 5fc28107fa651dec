//! The way out of reading: one message after the other into the sink, until nobody listens.

use std::path::PathBuf;
use std::sync::Arc;

use crate::record::{Batch, Change, Problem, RunId};

/// What reading sends to whoever keeps the records.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Something changed about a run.
    Batch(Batch),
    /// All roots were walked once; so many runs were found.
    ScanDone { runs: usize },
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

/// The messages of one run.
pub(crate) struct Outlet<'a> {
    run: RunId,
    sink: &'a Sink,
    open: bool,
}

impl<'a> Outlet<'a> {
    pub(crate) fn new(run: RunId, sink: &'a Sink) -> Self {
        Self {
            run,
            sink,
            open: true,
        }
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open
    }

    pub(crate) fn change(&mut self, change: Change) {
        let run = self.run;
        self.message(Message::Batch(Batch { run, change }));
    }

    pub(crate) fn message(&mut self, message: Message) {
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

    pub(crate) fn note(&mut self, file: &Arc<str>, text: &str) {
        self.change(Change::Note {
            file: Arc::clone(file),
            text: text.to_owned(),
        });
    }
}
