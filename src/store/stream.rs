//! A table of rows: what is kept of it for good, and the newest rows exactly.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;

use super::Mark64;
use super::cache::{Cache, Chunk, part_of};
use super::closely::Close;
use super::column::Column;
use super::extent::Bucket;
use super::index::{Anchors, Marks};
use super::part::{Part, StepOrder};
use super::tidy::tidy;
use super::times::{Gaps, Times};
use super::window::exact_window;
use crate::record::{ColumnId, Rows, StreamKind};

/// One stream of a run.
#[derive(Debug)]
pub struct Stream {
    pub name: String,
    pub kind: StreamKind,
    /// Relative to the run's directory.
    pub file: PathBuf,
    pub times: Times,
    pub gaps: Gaps,
    pub(super) columns: Vec<Column>,
    pub(super) rows: u64,
    pub(super) cache: Cache,
    pub(super) marks: Marks,
    step_index: Anchors,
    time_index: Anchors,
    max_step: Option<f64>,
    /// Grows with everything that changes about the rows, and what is known of them.
    revision: u64,
    /// Set while somebody looks closely.
    pub(super) close: Option<Box<Close>>,
    /// Columns with segments that await rows which are not resident.
    pub(super) waiting: BTreeSet<ColumnId>,
    /// What has been asked for and not been answered.
    pub(super) asked: Option<Range<u64>>,
    /// Answers that will come although a reset made their questions void.
    pub(super) void_answers: u32,
    /// In which queue of the store's budget the stream stands.
    pub(super) queued: Option<u8>,
}

impl Stream {
    pub(super) fn new(name: String, kind: StreamKind, file: PathBuf) -> Self {
        Self {
            name,
            kind,
            file,
            times: Times::default(),
            gaps: Gaps::default(),
            columns: Vec::new(),
            rows: 0,
            cache: Cache::default(),
            marks: Marks::default(),
            step_index: Anchors::default(),
            time_index: Anchors::default(),
            max_step: None,
            revision: 0,
            close: None,
            waiting: BTreeSet::new(),
            asked: None,
            void_answers: 0,
            queued: None,
        }
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// While this stays, all that can be asked of the stream has the same answer: who has worked
    /// something out from it need not do so again.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Something has changed.
    pub(super) fn touch(&mut self) {
        self.revision += 1;
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
        self.step_index.any()
    }

    /// The step that the newest row with a step named.
    pub fn last_step(&self) -> Option<f64> {
        self.step_index.last()
    }

    /// The largest step that any row named.
    pub fn max_step(&self) -> Option<f64> {
        self.max_step
    }

    /// The nearest known place in the file at or before `row`.
    pub fn mark_before(&self, row: u64) -> Option<Mark64> {
        self.marks.before(row)
    }

    /// The newest rows, whose exact values are in memory.
    pub fn resident(&self) -> Range<u64> {
        self.cache.first_row().unwrap_or(self.rows)..self.rows
    }

    /// Whether a row is in memory: it is one of the newest, or it was read again for somebody who
    /// looks at it (see `Store::look`). Of the latter only the columns that are looked at are known.
    pub fn is_resident(&self, row: u64) -> bool {
        self.chunk(row).is_some()
    }

    /// The step that a resident row names.
    pub fn step(&self, row: u64) -> Option<f64> {
        self.chunk(row)?.step(row)
    }

    /// The time of a resident row.
    pub fn time(&self, row: u64) -> Option<f64> {
        self.chunk(row)?.time(row)
    }

    /// The number under a key in a resident row.
    pub fn value(&self, column: ColumnId, row: u64) -> Option<f64> {
        self.chunk(row)?.value(column, row)
    }

    /// The smoothed number under a key in a resident row, if somebody looks at that. NaN and
    /// infinities are told as they are; superseded rows have none.
    pub fn smoothed_at(&self, column: ColumnId, weight: f64, row: u64) -> Option<f64> {
        let smoothed = self.column_at(column)?.smoothed(weight)?;
        smoothed
            .at(row)
            .or_else(|| self.smooth_again(column, weight, row))
    }

    /// The step at `row`: exact where resident, else read off between every 128th row.
    pub fn step_near(&self, row: u64) -> Option<f64> {
        self.step(row).or_else(|| self.step_index.near(row))
    }

    /// The time at `row`: exact where resident, else read off between every 128th row.
    pub fn time_near(&self, row: u64) -> Option<f64> {
        self.time(row).or_else(|| self.time_index.near(row))
    }

    /// The resident values of a column in `rows`, with their rows.
    pub fn values(
        &self,
        column: ColumnId,
        rows: Range<u64>,
    ) -> impl Iterator<Item = (u64, f64)> + '_ {
        let chunks = self.chunks(rows.clone());
        let parts = chunks.filter_map(move |chunk| Some(chunk.part(column)?.within(&rows)));
        parts.flat_map(|part| (0..part.len()).map(move |at| (part.row(at), part.values[at])))
    }

    /// At most `buckets` pieces of a column's window: from exact values where all of them are
    /// resident, else from the pyramid (whole blocks of 128 values).
    pub fn window(&self, id: ColumnId, rows: Range<u64>, buckets: usize) -> Vec<Bucket> {
        let Some(column) = self.column_at(id) else {
            return Vec::new();
        };
        let (Some(first), Some(last)) = (column.first_row(), column.last_row()) else {
            return Vec::new();
        };
        let rows = rows.start.max(first)..rows.end.min(last + 1);
        if !self.has_exact(id, &rows) {
            return column.pyramid().window(rows, buckets);
        }
        let chunks = self.chunks(rows.clone());
        exact_window(chunks.filter_map(|chunk| chunk.part(id)), &rows, buckets)
    }

    /// What is kept for good, in bytes: everything but the exact rows.
    pub fn index_bytes(&self) -> usize {
        let columns: usize = self.columns.iter().map(Column::heap_bytes).sum();
        let index = self.step_index.heap_bytes() + self.time_index.heap_bytes();
        let table = self.columns.capacity() * size_of::<Column>();
        let names = self.name.capacity() + self.file.as_os_str().len();
        columns + table + index + self.marks.heap_bytes() + names
    }

    /// What the exact rows take, in bytes.
    pub fn resident_bytes(&self) -> usize {
        self.cache.bytes()
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.index_bytes() + self.cache.heap_bytes() + self.close_bytes()
    }

    pub(super) fn append(&mut self, mut slice: Rows) {
        tidy(&mut slice, self.columns.len());
        let base = self.rows;
        let mut order = StepOrder::of(&slice.steps);
        if order == StepOrder::Rising && slice.steps.len() < slice.count as usize {
            order = StepOrder::Mixed;
        }
        let mut cut = Vec::new();
        for held in &slice.columns {
            let column = &mut self.columns[held.id.0 as usize];
            column.others += u64::from(held.others);
            let rows = held.rows.as_deref();
            let (values, steps) = (&held.values, &slice.steps);
            column.append(
                Part {
                    base,
                    rows,
                    from: 0,
                    values,
                    steps,
                },
                order,
            );
            if column.live.take_cut() {
                cut.push(held.id);
            }
        }
        slice.columns.retain(|column| !column.values.is_empty());
        self.add_rows(base, &mut slice, order);
        self.cache.push(base, slice);
        for id in cut {
            self.settle(id);
        }
        self.attend();
        self.cache.limit();
    }

    /// Forgets all rows; the columns keep their numbers.
    pub(super) fn reset(&mut self) {
        let name = std::mem::take(&mut self.name);
        let mut columns = std::mem::take(&mut self.columns);
        columns.iter_mut().for_each(Column::reset);
        let void_answers = self.void_answers + u32::from(self.asked.is_some());
        let fresh = Self::new(name, self.kind, std::mem::take(&mut self.file));
        let close = self.close.take();
        *self = Self {
            columns,
            void_answers,
            queued: self.queued,
            revision: self.revision,
            ..fresh
        };
        self.look_anew(close);
    }

    /// A slice of rows that were asked for, made ready to look columns up in.
    pub(super) fn exact(&mut self, first: u64, mut slice: Rows) {
        if self.asked.is_none() || self.void_answers > 0 {
            return;
        }
        tidy(&mut slice, self.columns.len());
        let Some(end) = first.checked_add(u64::from(slice.count)) else {
            return;
        };
        for &id in &self.waiting {
            let part = part_of(&slice, first, id);
            self.columns[id.0 as usize]
                .live
                .feed_asked(part, first, end);
        }
        self.look_again(first, &slice);
    }

    fn chunk(&self, row: u64) -> Option<&Chunk> {
        self.chunks(row..row.checked_add(1)?).next()
    }

    fn add_rows(&mut self, base: u64, slice: &mut Rows, order: StepOrder) {
        self.step_index.add(base, slice.count, &slice.steps);
        self.time_index.add(base, slice.count, &slice.times);
        self.times.add(&slice.times, &mut self.gaps);
        // Of rising steps the last is the largest.
        let skipped = if order == StepOrder::Rising {
            slice.steps.len() - 1
        } else {
            0
        };
        let steps = slice.steps[skipped..]
            .iter()
            .copied()
            .filter(|step| step.is_finite());
        self.max_step = steps.chain(self.max_step).reduce(f64::max);
        self.marks.add(base, &std::mem::take(&mut slice.marks));
        self.rows += u64::from(slice.count);
    }
}
