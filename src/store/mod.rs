//! Batches → memory. No I/O, no clock, no screen; nothing here can fail.

mod blocks;
mod budget;
mod cache;
mod closely;
mod column;
mod count;
mod ema;
mod extent;
mod flatten;
mod index;
mod live;
mod log_marks;
mod logs;
mod looks;
mod non_finite;
mod params;
mod part;
mod problems;
mod pyramid;
mod ranges;
mod replay;
mod run;
mod settle;
mod smooth;
mod stream;
mod tally;
mod tidy;
mod times;
mod window;

use std::ops::Range;

use self::budget::Budget;
use self::looks::{HELD, Looks};
use crate::record::{Batch, Change, ColumnId, RunId, StreamId};

pub use self::column::Column;
pub use self::count::Count;
pub use self::extent::Bucket;
pub use self::live::Restart;
pub use self::log_marks::LogMarks;
pub use self::logs::{LogBlock, Logs};
pub use self::non_finite::{NonFinite, NonFiniteKind, Stretches};
pub use self::params::{Param, ParamEvent, Params};
pub use self::problems::{Note, Notes, Problems};
pub use self::pyramid::Pyramid;
pub use self::run::{Reading, Run};
pub use self::smooth::Smoothed;
pub use self::stream::Stream;
pub use self::tally::{Extreme, Stats};
pub use self::times::{Gaps, Times};

/// Everything that is known of all runs.
#[derive(Debug, Default)]
pub struct Store {
    runs: Vec<Run>,
    wants: Vec<Want>,
    looks: Looks,
    budget: Budget,
    revision: u64,
}

/// Exact rows that the store needs again, to be answered with `Change::Exact` and, always and
/// once, `Change::ExactEnd`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    pub run: RunId,
    pub stream: StreamId,
    pub rows: Range<u64>,
    /// Where reading can start: at or before the first wanted row.
    pub from: Mark64,
}

/// A series that somebody looks at closely.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub run: RunId,
    pub stream: StreamId,
    pub column: ColumnId,
    /// It is shown smoothed: the weight of what was before, above 0 and below 1.
    pub smoothing: Option<f64>,
    /// The rows whose exact values are shown, at most 65,536.
    pub rows: Option<Range<u64>>,
}

/// Row `row` of a stream starts at byte `offset` of its file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark64 {
    pub row: u64,
    pub offset: u64,
}

impl Store {
    /// A store whose exact rows take at most `budget_bytes` in all.
    pub fn new(budget_bytes: usize) -> Self {
        Self {
            budget: Budget::new(budget_bytes),
            ..Self::default()
        }
    }

    /// Takes in one change. Changes of runs, streams or columns that nobody announced are ignored.
    pub fn apply(&mut self, batch: Batch) {
        let id = batch.run;
        if matches!(batch.change, Change::Found { .. } | Change::Facts(_)) {
            self.revision += 1;
        }
        let Some(run) = self.runs.get_mut(id.0 as usize) else {
            if let Change::Found { place, layout } = batch.change {
                self.found(id, Run::new(id, place, layout));
            }
            return;
        };
        match batch.change {
            Change::Columns { stream, keys } => {
                if let Some(stream) = run.streams.get_mut(stream.0 as usize) {
                    // Most streams hear all their keys at once.
                    stream.columns.reserve_exact(keys.len());
                    stream.columns.extend(keys.into_iter().map(Column::new));
                    stream.touch();
                }
            }
            Change::Rows { stream, rows } => self.on_stream(id, stream, |s| s.append(rows)),
            Change::StreamReset { stream } => self.on_stream(id, stream, Stream::reset),
            Change::Exact {
                stream,
                first,
                rows,
            } => {
                self.on_stream(id, stream, |s| s.exact(first, rows));
            }
            Change::ExactEnd { stream } => self.on_stream(id, stream, Stream::exact_end),
            change => run.apply(change),
        }
    }

    /// All runs; the index is the run's number.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub fn run(&self, id: RunId) -> Option<&Run> {
        self.runs.get(id.0 as usize)
    }

    /// Grows when a run appears, moves or says something about itself: names, projects and tags may
    /// then be others.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The rows that must be read again, each named once.
    pub fn wants(&mut self) -> Vec<Want> {
        std::mem::take(&mut self.wants)
    }

    /// The memory that the store holds on the heap, exact rows included.
    pub fn heap_bytes(&self) -> usize {
        let runs: usize = self.runs.iter().map(Run::heap_bytes).sum();
        let tables = self.runs.capacity() * size_of::<Run>();
        runs + tables + self.budget.heap_bytes()
    }

    /// Runs are numbered without a gap; one that breaks this has no place.
    fn found(&mut self, id: RunId, run: Run) {
        if id.0 as usize == self.runs.len() {
            self.runs.push(run);
        }
    }

    /// Changes the rows of a stream.
    fn on_stream(&mut self, run: RunId, id: StreamId, change: impl FnOnce(&mut Stream)) {
        self.attend_to(run, id, |stream| {
            change(stream);
            true
        });
    }

    /// Does something with a stream that tells whether anything is another for it, and sees to what
    /// follows from that: the budget, and rows that are needed again.
    fn attend_to(&mut self, run: RunId, id: StreamId, change: impl FnOnce(&mut Stream) -> bool) {
        let streams = self
            .runs
            .get_mut(run.0 as usize)
            .map(|run| &mut run.streams);
        let Some(stream) = streams.and_then(|streams| streams.get_mut(id.0 as usize)) else {
            return;
        };
        let (before, held) = (stream.cache.bytes(), stream.held_bytes());
        let others = self.looks.held - held;
        stream.set_room(HELD.saturating_sub(others));
        if change(stream) {
            stream.touch();
        }
        self.looks.held = others + stream.held_bytes();
        if let Some((rows, from)) = stream.next_question() {
            self.wants.push(Want {
                run,
                stream: id,
                rows,
                from,
            });
        }
        self.budget.changed(run, id, stream, before);
        self.budget.enforce(&mut self.runs);
    }
}
