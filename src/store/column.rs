//! One key of a stream: what is kept of its values for good.

use std::ops::Range;

use super::pyramid::Pyramid;
use super::tally::Stats;

/// One key of a stream.
#[derive(Debug, Default)]
pub struct Column {
    pub key: String,
    /// Rows that held something that is no number.
    pub others: u64,
    pyramid: Pyramid,
    restarts: Vec<Restart>,
    superseded: Vec<Range<u64>>,
}

/// The run began anew: from `row` on, what had this step or a later one no longer counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Restart {
    pub row: u64,
    pub step: f64,
}

/// A value that is no finite number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NonFinite {
    pub row: u64,
    pub step: Option<f64>,
    pub kind: NonFiniteKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonFiniteKind {
    NaN,
    PosInf,
    NegInf,
}

impl Column {
    /// All rows that held a number under this key, NaN and infinities included.
    pub fn count(&self) -> u64 {
        0
    }

    /// How many of them are finite.
    pub fn finite(&self) -> u64 {
        0
    }

    pub fn nan(&self) -> u64 {
        0
    }

    pub fn pos_inf(&self) -> u64 {
        0
    }

    pub fn neg_inf(&self) -> u64 {
        0
    }

    /// The first 256 and the last 256 values that are not finite, in the order of the rows.
    pub fn non_finite(&self) -> impl Iterator<Item = NonFinite> + '_ {
        std::iter::empty()
    }

    /// Statistics over the rows that no restart superseded.
    pub fn live(&self) -> Stats {
        Stats::default()
    }

    /// Whether `live()` is exact now: no rows are awaited (see `Store::wants`) or lost.
    pub fn settled(&self) -> bool {
        true
    }

    /// The newest restarts, at most 1,024.
    pub fn restarts(&self) -> &[Restart] {
        &self.restarts
    }

    /// All restarts, also those no longer listed.
    pub fn restart_count(&self) -> u64 {
        self.restarts.len() as u64
    }

    /// The rows that restarts superseded, ascending and apart. Rows in them that name no step
    /// still count.
    pub fn superseded(&self) -> &[Range<u64>] {
        &self.superseded
    }

    pub fn pyramid(&self) -> &Pyramid {
        &self.pyramid
    }

    /// The newest row with a number under this key.
    pub fn last_row(&self) -> Option<u64> {
        None
    }
}
