//! Cutting slices of rows, and telling whether rows are the same as before.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::formats::{Piece, RowDecoder};
use crate::record::{ColumnId, ColumnRows, Mark, Rows, StreamKind};

/// The rows `from..to` of a slice. What cannot be told apart by row (`others`) goes with the part
/// that holds the end.
pub(crate) fn cut(rows: &Rows, from: u32, to: u32) -> Rows {
    let to = to.min(rows.count);
    let from = from.min(to);
    let part = |values: &[f64]| {
        if values.is_empty() {
            Vec::new()
        } else {
            values[from as usize..to as usize].to_vec()
        }
    };
    let columns = rows
        .columns
        .iter()
        .map(|column| cut_column(column, from, to, rows.count));
    Rows {
        count: to - from,
        steps: part(&rows.steps),
        times: part(&rows.times),
        columns: columns
            .filter(|column| !column.values.is_empty() || column.others > 0)
            .collect(),
        marks: cut_marks(&rows.marks, from, to),
    }
}

fn cut_column(column: &ColumnRows, from: u32, to: u32, count: u32) -> ColumnRows {
    let others = if to == count { column.others } else { 0 };
    let Some(places) = &column.rows else {
        let values = column.values[from as usize..to as usize].to_vec();
        return ColumnRows {
            id: column.id,
            rows: None,
            values,
            others,
        };
    };
    let first = places.partition_point(|row| *row < from);
    let last = places.partition_point(|row| *row < to);
    let places = places[first..last].iter().map(|row| row - from).collect();
    let values = column.values[first..last].to_vec();
    ColumnRows {
        id: column.id,
        rows: Some(places),
        values,
        others,
    }
}

/// The first row of a slice always has a mark; when it had none of its own, the last one before it
/// says at least where to begin looking.
fn cut_marks(marks: &[Mark], from: u32, to: u32) -> Vec<Mark> {
    let begin = marks.iter().rev().find(|mark| mark.row <= from);
    let first = begin.map(|mark| Mark {
        row: 0,
        offset: mark.offset,
    });
    let further = marks.iter().filter(|mark| mark.row > from && mark.row < to);
    let further = further.map(|mark| Mark {
        row: mark.row - from,
        offset: mark.offset,
    });
    first.into_iter().chain(further).collect()
}

/// The rows of a document that is written anew each time a row is added.
#[derive(Debug)]
pub(crate) struct Table {
    /// Numbers the keys, once and for all.
    keys: RowDecoder,
    /// What each row held, in short.
    known: Vec<u64>,
    others: HashMap<ColumnId, u32>,
}

/// What changed in a document of rows.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Growth {
    /// The rows that were there are not what they were: forget them.
    pub(crate) reset: bool,
    pub(crate) keys: Vec<String>,
    pub(crate) rows: Vec<Rows>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            keys: RowDecoder::new(StreamKind::Metric),
            known: Vec::new(),
            others: HashMap::new(),
        }
    }
}

impl Table {
    /// Takes the document's pieces, hands back those that are not rows.
    pub(crate) fn update(&mut self, pieces: Vec<Piece>) -> (Growth, Vec<Piece>) {
        let mut growth = Growth::default();
        let (slices, rest) = self.renumbered(pieces, &mut growth.keys);
        let hashes: Vec<u64> = slices.iter().flat_map(row_hashes).collect();
        growth.reset = !hashes.starts_with(&self.known);
        let mut skip = if growth.reset { 0 } else { self.known.len() };
        let mut next = skip as u64;
        if growth.reset {
            self.others.clear();
        }
        for slice in slices {
            let count = slice.count as usize;
            if skip < count {
                let mut part = cut(&slice, skip as u32, slice.count);
                // The bytes of a document move whenever it is written; the numbers of its rows stay.
                part.marks = vec![Mark {
                    row: 0,
                    offset: next,
                }];
                next += u64::from(part.count);
                growth.rows.push(part);
            }
            skip = skip.saturating_sub(count);
        }
        self.count_others(&mut growth.rows);
        self.known = hashes;
        (growth, rest)
    }

    /// All rows of the document, with the numbers of this table.
    pub(crate) fn read(&mut self, pieces: Vec<Piece>) -> Vec<Rows> {
        self.renumbered(pieces, &mut Vec::new()).0
    }

    fn renumbered(
        &mut self,
        pieces: Vec<Piece>,
        fresh: &mut Vec<String>,
    ) -> (Vec<Rows>, Vec<Piece>) {
        let (mut slices, mut rest, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for piece in pieces {
            match piece {
                Piece::Keys(keys) => {
                    let (ids, new) = self.keys.adopt(&keys);
                    numbers.extend(ids);
                    fresh.extend(new);
                }
                Piece::Rows(mut rows) => {
                    rows.renumber(0, &numbers);
                    slices.push(rows);
                }
                other => rest.push(other),
            }
        }
        (slices, rest)
    }

    /// How many values were no numbers is only known for a whole document: what was counted before
    /// must not be counted again.
    fn count_others(&mut self, rows: &mut [Rows]) {
        for column in rows.iter_mut().flat_map(|rows| rows.columns.iter_mut()) {
            let counted = self.others.entry(column.id).or_default();
            let all = column.others;
            column.others = all.saturating_sub(*counted);
            *counted = all.max(*counted);
        }
    }
}

/// One number per row that changes when anything in the row does.
fn row_hashes(rows: &Rows) -> Vec<u64> {
    let one = |parts: (u32, u64)| {
        let mut hasher = DefaultHasher::new();
        parts.hash(&mut hasher);
        hasher.finish()
    };
    let mut hashes = vec![0_u64; rows.count as usize];
    let mut mix = |row: usize, id: u32, value: f64| {
        hashes[row] = hashes[row].wrapping_add(one((id, value.to_bits())));
    };
    for (row, step) in rows.steps.iter().enumerate() {
        mix(row, u32::MAX, *step);
    }
    for (row, time) in rows.times.iter().enumerate() {
        mix(row, u32::MAX - 1, *time);
    }
    for column in &rows.columns {
        for (place, value) in column.values.iter().enumerate() {
            let row = column
                .rows
                .as_ref()
                .map_or(place, |rows| rows[place] as usize);
            mix(row, column.id.0, *value);
        }
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(values: &[f64]) -> Piece {
        let column = ColumnRows {
            id: ColumnId(0),
            rows: None,
            values: values.to_vec(),
            others: 0,
        };
        Piece::Rows(Rows {
            count: values.len() as u32,
            columns: vec![column],
            marks: vec![Mark { row: 0, offset: 10 }],
            ..Rows::default()
        })
    }

    fn update(table: &mut Table, values: &[f64]) -> Growth {
        table
            .update(vec![Piece::Keys(vec!["loss".into()]), rows(values)])
            .0
    }

    #[test]
    fn only_appended_rows_are_told() {
        let mut table = Table::default();
        let first = update(&mut table, &[1.0, f64::NAN]);
        assert_eq!(
            (first.reset, first.keys.len(), first.rows[0].count),
            (false, 1, 2)
        );
        let second = update(&mut table, &[1.0, f64::NAN, 3.0]);
        assert_eq!(
            (second.reset, second.keys.len(), second.rows.len()),
            (false, 0, 1)
        );
        assert_eq!(second.rows[0].columns[0].values, [3.0]);
        assert_eq!(update(&mut table, &[1.0, f64::NAN, 3.0]), Growth::default());
        let other = update(&mut table, &[1.0, 2.0, 3.0]);
        assert_eq!((other.reset, other.rows[0].count), (true, 3));
    }

    #[test]
    fn a_sparse_column_is_cut_by_its_rows() {
        let column = ColumnRows {
            id: ColumnId(3),
            rows: Some(vec![0, 2, 5]),
            values: vec![0.0, 2.0, 5.0],
            others: 4,
        };
        let all = Rows {
            count: 6,
            columns: vec![column],
            ..Rows::default()
        };
        let part = cut(&all, 1, 5);
        assert_eq!(part.count, 4);
        assert_eq!(part.columns[0].rows, Some(vec![1]));
        assert_eq!(part.columns[0].others, 0);
        assert_eq!(cut(&all, 5, 9).columns[0].others, 4);
    }
}
