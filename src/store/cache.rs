//! The newest rows of a stream exactly as they came: a cache, for the file is the truth.

use std::collections::VecDeque;
use std::ops::Range;

use super::part::Part;
use crate::record::{ColumnId, ColumnRows, Rows};

/// Rows of one stream that are kept at most.
const KEPT: u64 = 65_536;
/// Slices are joined up to this many rows, when one of them is no longer than `TINY`: following a
/// live run must not leave a slice for each row, and long slices must not be copied.
const JOINED: u32 = 4096;
const TINY: u32 = 512;

/// Slices of rows, in order.
#[derive(Debug, Default)]
pub(super) struct Cache {
    chunks: VecDeque<Chunk>,
    rows: u64,
    bytes: usize,
}

/// A slice of rows and where it lies in the stream. Its columns are sorted by their numbers, and
/// values without rows stand for the first rows of the slice, not always for all of them.
#[derive(Debug)]
pub(super) struct Chunk {
    first: u64,
    slice: Rows,
    bytes: usize,
}

impl Cache {
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The row of the first value that is held.
    pub(super) fn first_row(&self) -> Option<u64> {
        self.chunks.front().map(|chunk| chunk.first)
    }

    /// Takes in the slice that follows the last one; it must be tidy (see `tidy`).
    pub(super) fn push(&mut self, first: u64, slice: Rows) {
        if slice.count == 0 {
            return;
        }
        self.rows += u64::from(slice.count);
        let next_to = |last: &&mut Chunk| last.rows().end == first && last.takes(&slice);
        if let Some(last) = self.chunks.back_mut().filter(next_to) {
            self.bytes += last.join(slice);
            return;
        }
        let chunk = Chunk::new(first, slice);
        self.bytes += chunk.bytes;
        if self.chunks.is_empty() {
            // Most streams never have a second slice.
            self.chunks.reserve_exact(1);
        }
        self.chunks.push_back(chunk);
    }

    /// Drops the oldest rows beyond the limit of one stream.
    pub(super) fn limit(&mut self) {
        while self.rows > KEPT && self.chunks.len() > 1 {
            self.drop_oldest();
        }
        if let Some(only) = self.chunks.front_mut().filter(|_| self.rows > KEPT) {
            only.trim((self.rows - KEPT) as u32);
            self.rows = KEPT;
            self.bytes = only.bytes;
        }
    }

    /// Drops the oldest slices beyond so many bytes, but not the newest one.
    pub(super) fn limit_bytes(&mut self, bytes: usize) {
        while self.bytes > bytes && self.chunks.len() > 1 {
            self.drop_oldest();
        }
    }

    /// Drops the rows from `row` on.
    pub(super) fn truncate(&mut self, row: u64) {
        while let Some(mut chunk) = self.chunks.pop_back() {
            self.rows -= u64::from(chunk.slice.count);
            self.bytes -= chunk.bytes;
            if chunk.first >= row {
                continue;
            }
            if chunk.rows().end > row {
                let rows = chunk.first..row;
                chunk = Chunk::new(chunk.first, cut(&chunk.slice, chunk.first, &rows, |_| true));
            }
            self.rows += u64::from(chunk.slice.count);
            self.bytes += chunk.bytes;
            self.chunks.push_back(chunk);
            return;
        }
    }

    /// Puts a slice between the others, none of which has a row of it.
    pub(super) fn insert(&mut self, first: u64, slice: Rows) {
        let chunk = Chunk::new(first, slice);
        self.rows += u64::from(chunk.slice.count);
        self.bytes += chunk.bytes;
        let at = self.chunks.partition_point(|held| held.first < first);
        self.chunks.insert(at, chunk);
    }

    /// Drops the slices whose rows `keep` does not want.
    pub(super) fn retain(&mut self, keep: impl Fn(&Range<u64>) -> bool) {
        self.chunks.retain(|chunk| keep(&chunk.rows()));
        self.chunks.shrink_to_fit();
        self.rows = self
            .chunks
            .iter()
            .map(|held| u64::from(held.slice.count))
            .sum();
        self.bytes = self.chunks.iter().map(|held| held.bytes).sum();
    }

    /// Drops the oldest slice.
    pub(super) fn drop_oldest(&mut self) {
        if let Some(chunk) = self.chunks.pop_front() {
            self.rows -= u64::from(chunk.slice.count);
            self.bytes -= chunk.bytes;
        }
        if self.chunks.is_empty() {
            self.chunks = VecDeque::new();
        }
    }

    /// The slices that hold some of `rows`.
    pub(super) fn overlapping(&self, rows: Range<u64>) -> impl Iterator<Item = &Chunk> {
        let first = self
            .chunks
            .partition_point(|chunk| chunk.rows().end <= rows.start);
        self.chunks
            .range(first..)
            .take_while(move |chunk| chunk.first < rows.end)
    }

    pub(super) fn value(&self, column: ColumnId, row: u64) -> Option<f64> {
        let rows = row..row.checked_add(1)?;
        self.overlapping(rows).next()?.value(column, row)
    }

    /// The pieces of a column in `rows`.
    pub(super) fn parts(
        &self,
        column: ColumnId,
        rows: Range<u64>,
    ) -> impl Iterator<Item = Part<'_>> {
        self.overlapping(rows)
            .filter_map(move |chunk| chunk.part(column))
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.bytes + self.chunks.capacity() * size_of::<Chunk>()
    }
}

impl Chunk {
    fn new(first: u64, slice: Rows) -> Self {
        let columns: usize = slice.columns.iter().map(column_bytes).sum();
        let spare = slice.columns.capacity() - slice.columns.len();
        let bytes = frame_bytes(&slice) + columns + spare * size_of::<ColumnRows>();
        Self {
            first,
            slice,
            bytes,
        }
    }

    pub(super) fn rows(&self) -> Range<u64> {
        self.first..self.first + u64::from(self.slice.count)
    }

    pub(super) fn part(&self, column: ColumnId) -> Option<Part<'_>> {
        part_of(&self.slice, self.first, column)
    }

    pub(super) fn step(&self, row: u64) -> Option<f64> {
        self.at(row, |slice| &slice.steps)
    }

    pub(super) fn time(&self, row: u64) -> Option<f64> {
        self.at(row, |slice| &slice.times)
    }

    pub(super) fn value(&self, column: ColumnId, row: u64) -> Option<f64> {
        let part = self.part(column)?.within(&(row..row + 1));
        part.values.first().copied()
    }

    fn at(&self, row: u64, list: impl Fn(&Rows) -> &Vec<f64>) -> Option<f64> {
        let value = list(&self.slice).get(usize::try_from(row - self.first).ok()?);
        value.copied().filter(|value| value.is_finite())
    }

    fn takes(&self, next: &Rows) -> bool {
        let tiny = self.slice.count.min(next.count) <= TINY;
        tiny && self.slice.count.saturating_add(next.count) <= JOINED
    }

    /// Appends a slice, touching only the columns that it has; returns by how many bytes this grew.
    fn join(&mut self, next: Rows) -> usize {
        let count = self.slice.count;
        let mut grown = 0;
        let before = frame_bytes(&self.slice);
        join_numbers(&mut self.slice.steps, count, next.steps);
        join_numbers(&mut self.slice.times, count, next.times);
        grown += frame_bytes(&self.slice) - before;
        for column in next.columns {
            let columns = &mut self.slice.columns;
            match columns.binary_search_by_key(&column.id, |held| held.id) {
                Ok(at) => {
                    let before = column_bytes(&columns[at]);
                    join_column(&mut columns[at], count, column);
                    grown += column_bytes(&columns[at]) - before;
                }
                Err(at) => {
                    let rows = rows_of(&column).map(|row| row + count).collect();
                    let column = ColumnRows {
                        rows: Some(rows),
                        ..column
                    };
                    grown += column_bytes(&column);
                    columns.insert(at, column);
                }
            }
        }
        self.slice.count += next.count;
        self.bytes += grown;
        grown
    }

    /// Drops the first rows.
    fn trim(&mut self, rows: u32) {
        let drop = |list: &mut Vec<f64>| {
            *list = list.split_off(list.len().min(rows as usize));
        };
        drop(&mut self.slice.steps);
        drop(&mut self.slice.times);
        for column in &mut self.slice.columns {
            let cut = match &mut column.rows {
                Some(held) => {
                    let cut = held.partition_point(|row| *row < rows);
                    *held = held[cut..].iter().map(|row| row - rows).collect();
                    cut
                }
                None => column.values.len().min(rows as usize),
            };
            column.values = column.values.split_off(cut);
        }
        self.slice.count -= rows;
        *self = Self::new(
            self.first + u64::from(rows),
            std::mem::take(&mut self.slice),
        );
    }
}

/// A tidy slice's values of one column, when the slice starts at row `base` of the stream.
pub(super) fn part_of(slice: &Rows, base: u64, column: ColumnId) -> Option<Part<'_>> {
    let at = slice
        .columns
        .binary_search_by_key(&column, |held| held.id)
        .ok()?;
    let column = &slice.columns[at];
    let rows = column.rows.as_deref();
    Some(Part {
        base,
        rows,
        from: 0,
        values: &column.values,
        steps: &slice.steps,
    })
}

/// The part of a tidy slice in `rows`, when it starts at row `base`: of the columns that `wanted`
/// picks.
pub(super) fn cut(
    slice: &Rows,
    base: u64,
    rows: &Range<u64>,
    wanted: impl Fn(ColumnId) -> bool,
) -> Rows {
    let (from, to) = ((rows.start - base) as usize, (rows.end - base) as usize);
    let numbers = |list: &[f64]| list[from.min(list.len())..to.min(list.len())].to_vec();
    let columns = slice.columns.iter().filter(|column| wanted(column.id));
    let column = |column: &ColumnRows| {
        let part = part_of(slice, base, column.id)?.within(rows);
        let listed = (0..part.len()).map(|at| (part.row(at) - rows.start) as u32);
        (part.len() > 0).then(|| ColumnRows {
            id: column.id,
            rows: column.rows.as_ref().map(|_| listed.collect()),
            values: part.values.to_vec(),
            others: 0,
        })
    };
    Rows {
        count: (to - from) as u32,
        steps: numbers(&slice.steps),
        times: numbers(&slice.times),
        columns: columns.filter_map(column).collect(),
        marks: Vec::new(),
    }
}

fn rows_of(column: &ColumnRows) -> impl Iterator<Item = u32> + '_ {
    let listed = column.rows.iter().flatten().copied();
    let dense = if column.rows.is_some() {
        0
    } else {
        column.values.len() as u32
    };
    listed.chain(0..dense)
}

fn frame_bytes(slice: &Rows) -> usize {
    size_of::<Chunk>() + (slice.steps.capacity() + slice.times.capacity()) * 8
}

fn column_bytes(column: &ColumnRows) -> usize {
    let rows = column.rows.as_ref().map_or(0, Vec::capacity);
    size_of::<ColumnRows>() + column.values.capacity() * 8 + rows * 4
}

/// Appends a list that may be short or empty where nothing is known.
fn join_numbers(list: &mut Vec<f64>, count: u32, next: Vec<f64>) {
    if next.is_empty() {
        return;
    }
    list.resize(count as usize, f64::NAN);
    list.extend(next);
}

fn join_column(held: &mut ColumnRows, count: u32, next: ColumnRows) {
    let gapless = held.values.len() == count as usize;
    if held.rows.is_none() && !(gapless && next.rows.is_none()) {
        held.rows = Some(rows_of(held).collect());
    }
    if let Some(rows) = &mut held.rows {
        rows.extend(rows_of(&next).map(|row| row + count));
    }
    held.values.extend(next.values);
}
