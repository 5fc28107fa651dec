//! Files → batches. The only place that knows threads, the clock and the file system.
//!
//! Threads read runs and send what they find, in order for each run, into a sink that blocks while
//! its receiver is busy. The files are the queue: nothing is lost, nothing piles up.

mod ahead;
mod caught;
mod discover;
mod document_file;
mod documents;
mod expand;
mod fetch;
pub mod files;
mod folders;
mod guard;
mod inventory;
mod local;
mod log_end;
mod log_field;
mod log_match;
mod log_search;
mod log_text;
mod outlet;
mod plan;
mod row_file;
mod run;
mod samples;
mod saved;
mod scan;
mod slices;
mod stdin;
pub mod tail;
mod trouble;
mod watch;
mod worker;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

pub use caught::catches_panics;
pub use discover::SEARCHED;
pub use expand::Target;
pub use fetch::{Passage, read_full_rows, read_spelled};
pub use files::{Entry, Files, Kind, OpenFile, Stat};
pub use local::LocalDisk;
pub use outlet::Message;

use crate::record::{LogQuestion, RunId, StreamId};
use fetch::Fetch;

/// What is read, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Nothing means: look in `base` for [`SEARCHED`] and for a run.
    pub targets: Vec<Target>,
    /// Go on watching after everything was read.
    pub follow: bool,
    /// How many threads read; 0 for as many as there are cores, but at least two.
    pub threads: usize,
    /// The folder that is searched when there are no targets.
    pub base: PathBuf,
    /// A root that is searched as well when there are no targets.
    pub extra: Option<PathBuf>,
    /// Never ask the operating system to announce changes.
    pub poll_only: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            targets: Vec::new(),
            follow: false,
            threads: 0,
            base: PathBuf::from("."),
            extra: std::env::var_os("ML_DASH_DIR")
                .filter(|dir| !dir.is_empty())
                .map(PathBuf::from),
            poll_only: false,
        }
    }
}

/// Reading that goes on in the background until this is dropped.
///
/// Nothing here ever waits for a thread: a call into a dead file system may never return.
pub struct Ingest {
    pool: Arc<worker::Pool>,
}

/// Starts to read. `sink` blocks while its receiver is busy and returns false when it is gone.
pub fn start(
    files: Arc<dyn Files>,
    options: Options,
    sink: impl Fn(Message) -> bool + Send + Sync + 'static,
) -> Ingest {
    let Options {
        targets,
        follow,
        threads,
        base,
        extra,
        poll_only,
    } = options;
    let roots = expand::roots(&targets, &base, extra.as_deref(), files.as_ref());
    let scans = roots
        .into_iter()
        .enumerate()
        .map(|(index, root)| scan::RootScan::new(index, root));
    let plan = Arc::new(plan::Plan::new(plan::Clock::new(), follow, scans.collect()));
    let threads = match threads {
        0 => thread::available_parallelism().map_or(2, |cores| cores.get().max(2)),
        some => some,
    };
    let (watch, trouble) = if follow && !poll_only {
        watch::Watch::start(&plan)
    } else {
        (watch::Watch::none(), None)
    };
    let pool = worker::Pool::new(files, Box::new(sink), plan, follow, threads, watch);
    let pool = Arc::new(pool);
    pool.start(trouble);
    Ingest { pool }
}

impl Ingest {
    /// The run that is looked at goes first.
    pub fn focus(&self, run: RunId) {
        self.pool.plan.focus(run);
    }

    /// Those that are on the screen go before the others.
    pub fn in_sight(&self, runs: Vec<RunId>) {
        self.pool.plan.in_sight(runs);
    }

    /// Asks for exact rows. The answer is any number of `Change::Exact` and one `Change::ExactEnd`.
    pub fn fetch(
        &self,
        run: RunId,
        stream: StreamId,
        rows: Range<u64>,
        from_row: u64,
        from_offset: u64,
    ) {
        self.pool.plan.fetch(
            run,
            Fetch {
                stream,
                rows,
                from_row,
                from_offset,
            },
        );
    }

    /// Asks about the text of a log. The answers are [`Message::LogAnswer`]s.
    pub fn ask_log(&self, run: RunId, question: LogQuestion) {
        self.pool.plan.ask(run, question);
    }

    /// Looks at everything that is followed, now: the program slept, and the clock with it.
    pub fn look_again(&self) {
        self.pool.plan.hint_all();
    }

    /// Ends the reading; threads leave when they next come up for air.
    pub fn stop(&self) {
        self.pool.plan.stop();
    }
}

impl Drop for Ingest {
    fn drop(&mut self) {
        self.stop();
    }
}

impl std::fmt::Debug for Ingest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ingest")
            .field("runs", &self.pool.plan.runs())
            .finish_non_exhaustive()
    }
}
