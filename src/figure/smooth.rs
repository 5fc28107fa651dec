//! What the store knows of smoothed series.

use std::ops::Range;

use super::Source;
use super::trace::Trace;
use crate::insight::charts::Line;
use crate::store::Bucket;

impl Trace<'_> {
    /// Whether the series is smoothed so.
    pub(super) fn is_smoothed(&self, weight: f64) -> bool {
        weight > 0.0 && self.column.smoothed(weight).is_some()
    }

    /// Pieces of the smoothed series, as far as it is known.
    pub(super) fn smoothed(&self, weight: f64, rows: Range<u64>, pieces: usize) -> Vec<Bucket> {
        let smoothed = self.column.smoothed(weight);
        smoothed.map_or_else(Vec::new, |smoothed| smoothed.window(rows, pieces))
    }

    /// The smoothed value at a row, if that is in memory.
    pub(super) fn smoothed_at(&self, weight: f64, row: u64) -> Option<f64> {
        let value = self.stream.smoothed_at(self.id(), weight, row);
        value.filter(|value| value.is_finite())
    }
}

/// How many of how many rows have been smoothed.
pub(super) fn progress(source: &Source<'_>, line: &Line, weight: f64) -> (u64, u64) {
    let stream = source.run.stream(line.stream);
    let column = stream.and_then(|stream| stream.column_at(line.column));
    let smoothed = column.and_then(|column| column.smoothed(weight));
    smoothed.map_or((0, 0), |smoothed| smoothed.progress())
}
