//! A table of rows: what is kept of it for good, and the newest rows exactly.

use std::ops::Range;
use std::path::PathBuf;

use super::Mark64;
use super::column::Column;
use super::pyramid::Bucket;
use super::times::{Gaps, Times};
use crate::record::{ColumnId, StreamKind};

/// One stream of a run.
#[derive(Debug)]
pub struct Stream {
    pub name: String,
    pub kind: StreamKind,
    /// Relative to the run's directory.
    pub file: PathBuf,
    pub times: Times,
    pub gaps: Gaps,
    columns: Vec<Column>,
    rows: u64,
}

impl Stream {
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The keys, in the order of their numbers.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    pub fn column(&self, key: &str) -> Option<(ColumnId, &Column)> {
        let at = self.columns.iter().position(|column| column.key == key)?;
        Some((ColumnId(at as u32), &self.columns[at]))
    }

    pub fn column_at(&self, id: ColumnId) -> Option<&Column> {
        self.columns.get(id.0 as usize)
    }

    /// Whether any row named a step.
    pub fn has_steps(&self) -> bool {
        false
    }

    /// The step that the newest row with a step named.
    pub fn last_step(&self) -> Option<f64> {
        None
    }

    /// The largest step that any row named.
    pub fn max_step(&self) -> Option<f64> {
        None
    }

    /// The nearest known place in the file at or before `row`.
    pub fn mark_before(&self, _row: u64) -> Option<Mark64> {
        None
    }

    /// The rows whose exact values are in memory.
    pub fn resident(&self) -> Range<u64> {
        self.rows..self.rows
    }

    /// The step that a resident row names.
    pub fn step(&self, _row: u64) -> Option<f64> {
        None
    }

    /// The time of a resident row.
    pub fn time(&self, _row: u64) -> Option<f64> {
        None
    }

    /// The number under a key in a resident row.
    pub fn value(&self, _column: ColumnId, _row: u64) -> Option<f64> {
        None
    }

    /// The step at `row`: exact where resident, else read off between every 128th row.
    pub fn step_near(&self, _row: u64) -> Option<f64> {
        None
    }

    /// The time at `row`: exact where resident, else read off between every 128th row.
    pub fn time_near(&self, _row: u64) -> Option<f64> {
        None
    }

    /// The resident values of a column in `rows`, with their rows.
    pub fn values(
        &self,
        _column: ColumnId,
        _rows: Range<u64>,
    ) -> impl Iterator<Item = (u64, f64)> + '_ {
        std::iter::empty()
    }

    /// At most `buckets` pieces of a column's window: from exact values where all of them are
    /// resident, else from the pyramid (whole blocks of 128 values).
    pub fn window(&self, column: ColumnId, rows: Range<u64>, buckets: usize) -> Vec<Bucket> {
        self.column_at(column)
            .map_or_else(Vec::new, |c| c.pyramid().window(rows, buckets))
    }
}
