//! A column smoothed: a column of its own, made of every value of another one that counts.

use std::ops::Range;

use super::blocks::Blocks;
use super::cache::Cache;
use super::column::Column;
use super::ema::{Ema, Weight};
use super::extent::Bucket;
use super::part::Part;
use super::pyramid::{BLOCK, Pyramid};
use super::tally::Summary;
use super::window::exact_window;
use crate::record::{ColumnId, ColumnRows, Rows};

/// Rows that are looked at are followed by further ones until there are so many.
const NEAR: u64 = 100_000;
/// Under which number the smoothed values are held.
const SELF: ColumnId = ColumnId(0);

/// The values of a column smoothed, as far as they were seen.
///
/// A series whose finite values are all equal stays as it is. When one differs at last, all that
/// came before it are what their average is, but for rounding: nothing must be worked out anew.
#[derive(Debug)]
pub(super) struct Smooth {
    weight: Weight,
    ema: Ema,
    /// All rows before this one were seen.
    next: u64,
    /// The first finite value, and where it is.
    first: Option<(u64, f64)>,
    /// The row of the first finite value that is another.
    varies: Option<u64>,
    /// As many values as the column has, so that the blocks are the same; NaN where a row is
    /// superseded.
    pyramid: Pyramid,
    /// The average before each block.
    marks: Blocks<Ema>,
    /// The newest smoothed values.
    recent: Cache,
    /// The smoothed values in rows that are looked at.
    near: Option<(Range<u64>, Cache)>,
}

/// A column as it is shown smoothed.
#[derive(Clone, Copy, Debug)]
pub struct Smoothed<'a> {
    column: &'a Column,
    smooth: &'a Smooth,
}

impl<'a> Smoothed<'a> {
    pub(super) fn new(column: &'a Column, smooth: &'a Smooth) -> Self {
        Self { column, smooth }
    }

    /// Whether all values of the column were seen.
    pub fn is_complete(&self) -> bool {
        self.smooth.is_complete(self.column)
    }

    /// How many of the rows between the column's first and last value were seen, and how many there
    /// are.
    pub fn progress(&self) -> (u64, u64) {
        let (Some(first), Some(last)) = (self.column.first_row(), self.column.last_row()) else {
            return (0, 0);
        };
        let all = last + 1 - first;
        let done = self.smooth.next.saturating_sub(first).min(all);
        (if self.is_complete() { all } else { done }, all)
    }

    /// At most `buckets` pieces of the window, of what was seen so far: from the exact values where
    /// they are in memory, else in whole blocks of 128 values. Where both are exact or both are
    /// not, and all is seen, the pieces are those of `Stream::window`.
    pub fn window(&self, rows: Range<u64>, buckets: usize) -> Vec<Bucket> {
        let (Some(first), Some(last)) = (self.column.first_row(), self.column.last_row()) else {
            return Vec::new();
        };
        let rows = rows.start.max(first)..rows.end.min(last + 1);
        match self.smooth.exact(&rows) {
            Some(exact) => exact_window(exact.parts(SELF, rows.clone()), &rows, buckets),
            None => self.smooth.pyramid.window(rows, buckets),
        }
    }

    /// The smoothed value in a row, where it is in memory: of the newest values, and of rows that are
    /// looked at. NaN and infinities are told as they are;
    /// superseded rows have none.
    pub fn at(&self, row: u64) -> Option<f64> {
        let rows = row..row.checked_add(1)?;
        self.smooth.exact(&rows)?.value(SELF, row)
    }
}

impl Smooth {
    pub(super) fn new(weight: Weight) -> Self {
        Self {
            weight,
            ema: Ema::default(),
            next: 0,
            first: None,
            varies: None,
            pyramid: Pyramid::default(),
            marks: Blocks::default(),
            recent: Cache::default(),
            near: None,
        }
    }

    pub(super) fn is_of(&self, weight: f64) -> bool {
        self.weight.is(weight)
    }

    /// The first row that was not seen.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// How many rows were seen, and how many bytes are held of the newest values.
    pub(super) fn so_far(&self) -> (u64, usize) {
        (self.next, self.recent.bytes())
    }

    pub(super) fn is_complete(&self, column: &Column) -> bool {
        column.last_row().is_none_or(|last| self.next > last)
    }

    /// Takes the rows up to `to`, which follow those that were seen; `part` are the column's values
    /// in them, and `superseded` what no longer counts.
    pub(super) fn feed(&mut self, part: Option<Part>, to: u64, superseded: &[Range<u64>]) {
        let base = self.next;
        if to <= base {
            return;
        }
        self.next = to;
        let part = part.map(|part| part.within(&(base..to)));
        let Some(part) = part.filter(|part| part.len() > 0) else {
            return;
        };
        let dead = Dead::among(&part, superseded);
        let mut values = Vec::with_capacity(part.len());
        while values.len() < part.len() {
            if self.pyramid.values().is_multiple_of(BLOCK) {
                self.marks.push(self.ema);
            }
            let from = values.len();
            let until = part.len().min(from + self.pyramid.room());
            for index in from..until {
                values.push(if dead.has(&part, index) {
                    f64::NAN
                } else {
                    self.take(&part, index)
                });
            }
            let summary = Summary::of(&values[from..until]);
            let (first, last) = (part.row(from), part.row(until - 1));
            self.pyramid.push(until - from, &summary, first, last);
        }
        let dense = dead.is_empty() && part.len() as u64 == to - base;
        let mut rows = Vec::new();
        if !dense {
            let alive = (0..part.len()).filter(|&index| !dead.has(&part, index));
            rows = alive
                .clone()
                .map(|index| (part.row(index) - base) as u32)
                .collect();
            values = alive.map(|index| values[index]).collect();
        }
        self.recent
            .push(base, held(to - base, (!dense).then_some(rows), values));
    }

    /// Nothing of the column is in the rows up to `to` that was not seen.
    pub(super) fn skip(&mut self, to: u64) {
        self.next = self.next.max(to);
    }

    /// Forgets what follows from rows that changed: those from `row` on. True when there was any.
    pub(super) fn rewind(&mut self, row: u64) -> bool {
        if row >= self.next {
            return false;
        }
        let block = self.block(row);
        if let Some(ema) = self.marks.get(block) {
            self.ema = ema;
            self.next = self.pyramid.start_row(block);
        }
        self.marks.truncate(block);
        self.pyramid.truncate(block);
        self.recent.truncate(self.next);
        self.near = None;
        self.first = self.first.filter(|(row, _)| *row < self.next);
        self.varies = self.varies.filter(|row| *row < self.next);
        true
    }

    /// Lets go of the oldest exact values beyond so many bytes.
    pub(super) fn limit(&mut self, bytes: usize) {
        self.recent.limit_bytes(bytes);
    }

    /// Whether all smoothed values in these rows are in memory.
    pub(super) fn knows(&self, rows: &Range<u64>) -> bool {
        self.exact(rows).is_some()
    }

    /// From which row on the values must be seen again to know those from `row` on.
    pub(super) fn start_of(&self, row: u64) -> u64 {
        self.pyramid.start_before(row)
    }

    /// Works out the smoothed values in `rows`, all of which were seen; `parts` are the column's
    /// values from `start_of(rows.start)` on.
    pub(super) fn again<'a>(
        &self,
        parts: impl Iterator<Item = Part<'a>>,
        rows: &Range<u64>,
        superseded: &[Range<u64>],
    ) -> Rows {
        let block = self.block(rows.start);
        let mut ema = self.marks.get(block).unwrap_or_default();
        let (mut places, mut values) = (Vec::new(), Vec::new());
        let span = self.start_of(rows.start)..rows.end;
        for part in parts.map(|part| part.within(&span)) {
            let dead = Dead::among(&part, superseded);
            for index in (0..part.len()).filter(|&index| !dead.has(&part, index)) {
                let (row, value) = (part.row(index), part.values[index]);
                let average = ema.next(self.weight, value);
                if row >= rows.start {
                    places.push((row - rows.start) as u32);
                    values.push(self.shown(row, value, average));
                }
            }
        }
        held(rows.end - rows.start, Some(places), values)
    }

    /// What of `rows` is still to be worked out: what follows those near them, or all.
    pub(super) fn unknown(&self, rows: Range<u64>) -> Range<u64> {
        let follows = |held: &Range<u64>| held.start <= rows.start && rows.start < held.end;
        match &self.near {
            Some((held, near)) if follows(held) && near.rows() <= NEAR => {
                held.end.min(rows.end)..rows.end
            }
            _ => rows,
        }
    }

    /// Keeps smoothed values that were worked out again: with those before them, if they follow.
    pub(super) fn keep_near(&mut self, rows: Range<u64>, values: Rows) {
        let held = self.near.take().filter(|(held, _)| held.end == rows.start);
        let (held, mut near) = held.unwrap_or((rows.clone(), Cache::default()));
        near.push(rows.start, values);
        self.near = Some((held.start..rows.end, near));
    }

    pub(super) fn forget_near(&mut self) {
        self.near = None;
    }

    pub(super) fn near_bytes(&self) -> usize {
        self.near.as_ref().map_or(0, |(_, near)| near.heap_bytes())
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let kept = self.pyramid.heap_bytes() + self.marks.heap_bytes();
        kept + self.recent.heap_bytes() + self.near_bytes()
    }

    fn take(&mut self, part: &Part, index: usize) -> f64 {
        let value = part.values[index];
        let average = self.ema.next(self.weight, value);
        if self.varies.is_some() || !value.is_finite() {
            return average;
        }
        match self.first {
            Some((_, first)) if first != value => self.varies = Some(part.row(index)),
            Some(_) => return value,
            None => {
                self.first = Some((part.row(index), value));
                return value;
            }
        }
        average
    }

    /// As long as all values were equal they are shown as they are.
    fn shown(&self, row: u64, value: f64, average: f64) -> f64 {
        if self.varies.is_some_and(|from| row >= from) {
            average
        } else {
            value
        }
    }

    /// The block in which a row is, or the last one before it.
    fn block(&self, row: u64) -> usize {
        let behind = self.pyramid.blocks_before(row.saturating_add(1));
        behind.saturating_sub(1)
    }

    /// Where the smoothed values in these rows are held, if all of them are.
    fn exact(&self, rows: &Range<u64>) -> Option<&Cache> {
        if self
            .recent
            .first_row()
            .is_some_and(|first| first <= rows.start)
        {
            return Some(&self.recent);
        }
        let (held, near) = self.near.as_ref()?;
        (held.start <= rows.start && rows.end <= held.end).then_some(near)
    }
}

/// The superseded rows among some values.
struct Dead<'a>(&'a [Range<u64>]);

impl<'a> Dead<'a> {
    fn among(part: &Part, superseded: &'a [Range<u64>]) -> Self {
        let Some(last) = part.len().checked_sub(1) else {
            return Self(&[]);
        };
        let (first, last) = (part.row(0), part.row(last));
        let from = superseded.partition_point(|rows| rows.end <= first);
        let to = superseded.partition_point(|rows| rows.start <= last);
        Self(&superseded[from..to.max(from)])
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Rows that name no step are never superseded.
    fn has(&self, part: &Part, index: usize) -> bool {
        if self.0.is_empty() || !part.step(index).is_finite() {
            return false;
        }
        let row = part.row(index);
        let at = self.0.partition_point(|rows| rows.end <= row);
        self.0.get(at).is_some_and(|rows| rows.contains(&row))
    }
}

/// A slice of `count` rows with smoothed values in some of them, or in all.
fn held(count: u64, rows: Option<Vec<u32>>, values: Vec<f64>) -> Rows {
    let column = ColumnRows {
        id: SELF,
        rows,
        values,
        others: 0,
    };
    Rows {
        count: count as u32,
        columns: vec![column],
        ..Rows::default()
    }
}
