//! Collects rows into columns while they are decoded.

use crate::formats::line_shape::Use;
use crate::record::{ColumnId, ColumnRows, Mark, Rows};

/// A row's place in the file is noted every so many rows.
pub(crate) const MARK_EVERY: u32 = 256;

/// What the values of a row mean, slot by slot.
#[derive(Clone, Debug)]
pub(crate) struct RowMeaning {
    slots: usize,
    step: Option<usize>,
    time: Option<usize>,
    /// The slots that hold the value of a column.
    columns: Vec<(usize, u32)>,
    /// Columns that hold something that is no number.
    others: Vec<u32>,
}

impl RowMeaning {
    /// The meaning of slots that are used as told (the first of each pair is their token).
    pub(crate) fn of(uses: &[(u32, Use)], others: Vec<u32>) -> Self {
        let slot_of = |wanted: fn(Use) -> bool| uses.iter().position(|(_, used)| wanted(*used));
        Self {
            slots: uses.len(),
            step: slot_of(Use::is_step),
            time: slot_of(Use::is_time),
            columns: uses
                .iter()
                .enumerate()
                .filter_map(|(slot, (_, used))| Some((slot, used.column()?)))
                .collect(),
            others,
        }
    }
}

/// The rows decoded since the last [`Collector::take`].
#[derive(Debug, Default)]
pub(crate) struct Collector {
    count: u32,
    steps: Vec<f64>,
    times: Vec<f64>,
    marks: Vec<Mark>,
    columns: Vec<Column>,
    /// The columns that have something, in the order of their first value.
    touched: Vec<u32>,
    /// How many rows there were the last time: so much room is made at once.
    usual: usize,
}

#[derive(Debug, Default)]
struct Column {
    values: Vec<f64>,
    /// The rows of the values, once a row without this key was seen.
    rows: Vec<u32>,
    sparse: bool,
    others: u32,
    touched: bool,
}

impl Column {
    fn last_row(&self) -> Option<u32> {
        if self.sparse {
            self.rows.last().copied()
        } else {
            (self.values.len() as u32).checked_sub(1)
        }
    }

    /// From now on the rows must be named if one before `row` has no value.
    #[inline]
    fn make_room(&mut self, row: u32) {
        if !self.sparse && self.values.len() != row as usize {
            self.sparse = true;
            self.rows.extend(0..self.values.len() as u32);
        }
    }
}

impl Collector {
    #[inline]
    pub(crate) fn rows(&self) -> u32 {
        self.count
    }

    /// Notes the place of a row that will be appended as the `row`-th from now.
    #[inline]
    pub(crate) fn mark(&mut self, row: u32, offset: u64) {
        let row = self.count + row;
        if row.is_multiple_of(MARK_EVERY) {
            self.marks.push(Mark { row, offset });
        }
    }

    /// Appends rows of one meaning. `values` starts with all their slots, row by row.
    pub(crate) fn append(&mut self, rows: u32, values: &[f64], meaning: &RowMeaning) {
        let values = &values[..rows as usize * meaning.slots];
        let slot = |slot: usize| values.chunks_exact(meaning.slots).map(move |row| row[slot]);
        note_all(&mut self.steps, self.count, rows, meaning.step.map(slot));
        note_all(&mut self.times, self.count, rows, meaning.time.map(slot));
        let first = self.count;
        for &(place, column) in &meaning.columns {
            let column = self.column(column);
            column.make_room(first);
            column.values.extend(slot(place));
            if column.sparse {
                column.rows.extend(first..first + rows);
            }
        }
        for &column in &meaning.others {
            self.column(column).others += rows;
        }
        self.count += rows;
    }

    /// Starts a row. NaN stands for a step or time that the row does not have.
    #[inline]
    pub(crate) fn begin(&mut self, offset: u64, step: f64, time: f64) {
        if self.count.is_multiple_of(MARK_EVERY) {
            self.marks.push(Mark {
                row: self.count,
                offset,
            });
        }
        note(&mut self.steps, self.count, step);
        note(&mut self.times, self.count, time);
    }

    /// Adds a value to the row. False when the row had one under this key, which is replaced.
    #[inline]
    pub(crate) fn push(&mut self, column: u32, value: f64) -> bool {
        let row = self.count;
        let column = self.column(column);
        if column.last_row() == Some(row) {
            if let Some(last) = column.values.last_mut() {
                *last = value;
            }
            return false;
        }
        column.make_room(row);
        column.values.push(value);
        if column.sparse {
            column.rows.push(row);
        }
        true
    }

    /// Notes that the row holds something under this key that is no number.
    pub(crate) fn push_other(&mut self, column: u32) {
        self.column(column).others += 1;
    }

    /// Ends the row.
    #[inline]
    pub(crate) fn end(&mut self) {
        self.count += 1;
    }

    /// What was collected, or `None` when that is nothing.
    pub(crate) fn take(&mut self) -> Option<Rows> {
        if self.count == 0 {
            return None;
        }
        self.usual = self.count as usize;
        let mut columns = Vec::with_capacity(self.touched.len());
        for id in self.touched.drain(..) {
            let Column {
                values,
                rows,
                sparse,
                others,
                ..
            } = std::mem::take(&mut self.columns[id as usize]);
            let rows = match sparse {
                true => Some(rows),
                false if values.len() == self.count as usize => None,
                false => Some((0..values.len() as u32).collect()),
            };
            columns.push(ColumnRows {
                id: ColumnId(id),
                rows,
                values,
                others,
            });
        }
        Some(Rows {
            count: std::mem::take(&mut self.count),
            steps: std::mem::take(&mut self.steps),
            times: std::mem::take(&mut self.times),
            columns,
            marks: std::mem::take(&mut self.marks),
        })
    }

    #[inline]
    fn column(&mut self, id: u32) -> &mut Column {
        let index = id as usize;
        if index >= self.columns.len() {
            self.columns.resize_with(index + 1, Column::default);
        }
        let column = &mut self.columns[index];
        if !column.touched {
            column.touched = true;
            column.values.reserve(self.usual);
            self.touched.push(id);
        }
        column
    }
}

/// Appends a row's step or time to a list that stays empty as long as no row has one.
#[inline]
fn note(list: &mut Vec<f64>, row: u32, value: f64) {
    if value.is_nan() && list.is_empty() {
        return;
    }
    if list.len() < row as usize {
        list.resize(row as usize, f64::NAN);
    }
    list.push(value);
}

/// As [`note`], for `rows` rows from `first` on.
fn note_all(list: &mut Vec<f64>, first: u32, rows: u32, values: Option<impl Iterator<Item = f64>>) {
    match values {
        Some(values) => {
            list.resize(first as usize, f64::NAN);
            list.extend(values);
        }
        None if list.is_empty() => {}
        None => list.resize((first + rows) as usize, f64::NAN),
    }
}

impl Rows {
    /// Renumbers the columns that a forked decoder numbered by itself: `map[i]` is the number of its
    /// `i`-th key beyond the `known` first ones. A key that found no number is dropped.
    pub fn renumber(&mut self, known: u32, map: &[ColumnId]) {
        self.columns.retain_mut(|column| {
            let Some(own) = column.id.0.checked_sub(known) else {
                return true;
            };
            let Some(number) = map.get(own as usize).filter(|id| id.0 != u32::MAX) else {
                return false;
            };
            column.id = *number;
            true
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dense_and_sparse_columns() {
        let mut collector = Collector::default();
        for row in 0..3 {
            collector.begin(row * 10, f64::NAN, f64::NAN);
            collector.push(0, row as f64);
            if row != 1 {
                collector.push(1, row as f64);
            }
            if row == 0 {
                collector.push(2, 7.0);
            }
            collector.end();
        }
        let rows = collector.take().unwrap();
        let of = |id: usize| {
            (
                rows.columns[id].rows.clone(),
                rows.columns[id].values.clone(),
            )
        };
        assert_eq!(of(0), (None, vec![0.0, 1.0, 2.0]));
        assert_eq!(of(1), (Some(vec![0, 2]), vec![0.0, 2.0]));
        assert_eq!(of(2), (Some(vec![0]), vec![7.0]));
        assert!(rows.steps.is_empty() && rows.times.is_empty());
        assert_eq!(rows.marks, [Mark { row: 0, offset: 0 }]);
        assert!(collector.take().is_none());
    }

    #[test]
    fn the_last_of_equal_keys_wins() {
        let mut collector = Collector::default();
        for row in 0..2 {
            collector.begin(0, f64::NAN, f64::NAN);
            assert!(collector.push(0, 1.0));
            assert!(!collector.push(0, 2.0 + f64::from(row)));
            collector.end();
        }
        assert_eq!(collector.take().unwrap().columns[0].values, [2.0, 3.0]);
    }

    #[test]
    fn a_late_step_leaves_the_rows_before_without_one() {
        let mut collector = Collector::default();
        for step in [f64::NAN, 5.0, f64::NAN] {
            collector.begin(0, step, f64::NAN);
            collector.end();
        }
        let steps = collector.take().unwrap().steps;
        assert!(steps[0].is_nan() && steps[1] == 5.0 && steps[2].is_nan());
    }

    #[test]
    fn renumbering_keeps_known_columns_and_drops_refused_ones() {
        let column = |id| ColumnRows {
            id: ColumnId(id),
            rows: None,
            values: vec![],
            others: 0,
        };
        let mut rows = Rows {
            columns: vec![column(0), column(2), column(3)],
            ..Rows::default()
        };
        rows.renumber(2, &[ColumnId(9), ColumnId(u32::MAX)]);
        let ids: Vec<u32> = rows.columns.iter().map(|c| c.id.0).collect();
        assert_eq!(ids, [0, 9]);
    }
}
