//! What the store knows of smoothed series.

use std::ops::Range;

use super::Source;
use super::trace::Trace;
use crate::insight::charts::Line;
use crate::store::Bucket;

impl Trace<'_> {
    /// Pieces of the smoothed series, as far as it is known.
    pub(super) fn smoothed(&self, _weight: f64, _rows: Range<u64>, _pieces: usize) -> Vec<Bucket> {
        Vec::new()
    }

    /// The smoothed value at a row, if that is in memory.
    pub(super) fn smoothed_at(&self, _weight: f64, _row: u64) -> Option<f64> {
        None
    }
}

/// How many of how many rows have been smoothed.
pub(super) fn progress(_source: &Source<'_>, _line: &Line, _weight: f64) -> (u64, u64) {
    (0, 0)
}
