//! Batches → memory. No I/O, no clock, no screen; nothing here can fail.

mod column;
mod logs;
mod params;
mod problems;
mod pyramid;
mod run;
mod stream;
mod tally;
mod times;

use std::ops::Range;

use crate::record::{Batch, Change, RunId, StreamId};

pub use column::{Column, NonFinite, NonFiniteKind, Restart};
pub use logs::{LogBlock, Logs};
pub use params::{Param, ParamEvent, Params};
pub use problems::{Note, Notes, Problems};
pub use pyramid::{Bucket, Pyramid};
pub use run::{Reading, Run};
pub use stream::Stream;
pub use tally::{Extreme, Stats};
pub use times::{Gaps, Times};

/// Everything that is known of all runs.
#[derive(Debug, Default)]
pub struct Store {
    runs: Vec<Run>,
    wants: Vec<Want>,
    budget: usize,
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
            budget: budget_bytes,
            ..Self::default()
        }
    }

    /// Takes in one change. Changes of runs or streams that nobody announced are ignored.
    pub fn apply(&mut self, batch: Batch) {
        let _ = self.budget;
        if let Change::Found { place, layout } = batch.change {
            if batch.run.0 as usize == self.runs.len() {
                self.runs.push(Run::new(batch.run, place, layout));
            }
        }
    }

    /// All runs; the index is the run's number.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub fn run(&self, id: RunId) -> Option<&Run> {
        self.runs.get(id.0 as usize)
    }

    /// The rows that must be read again, each named once.
    pub fn wants(&mut self) -> Vec<Want> {
        std::mem::take(&mut self.wants)
    }

    /// The memory that the store holds on the heap, exact rows included.
    pub fn heap_bytes(&self) -> usize {
        0
    }
}
