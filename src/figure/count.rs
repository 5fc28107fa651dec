//! How many values of a figure are not shown.

use super::extent::Shown;
use super::reduce::Cell;
use crate::store::{Column, Count};
use crate::widgets::axis::Scale;

/// More rows of a line than this are not counted one by one: a frame must stay quick.
const COUNTED: u64 = 65_536;
/// And of so many lines no more than this in all.
const COUNTED_IN_ALL: u64 = 8 * COUNTED;

/// Those that have no place on a logarithmic axis.
pub(super) fn not_positive(lines: &[Shown<'_>]) -> Count {
    let lines = lines.iter().filter(|shown| !shown.line.band);
    let of_rows = lines.flat_map(|shown| {
        let column = shown.line.column;
        let rows = shown.reduced.rows.iter();
        rows.filter_map(move |rows| Some(shown.stream?.not_positive(column, rows)))
    });
    of_rows.fold(Count::default(), Count::and)
}

/// Those that lie beyond the limits.
pub(super) fn beyond(lines: &[Shown<'_>], limits: (f64, f64), scale: Scale) -> Count {
    let is_beyond = |value: f64| {
        let has_place = scale != Scale::Log || value > 0.0;
        value > limits.1 || value < limits.0 && has_place
    };
    let most = COUNTED.min(COUNTED_IN_ALL / lines.len().max(1) as u64);
    let of_line = |shown: &Shown<'_>| {
        one_by_one(shown, most, is_beyond).map_or_else(
            || by_cells(shown, limits, is_beyond),
            |count| Count {
                count,
                at_least: false,
            },
        )
    };
    lines.iter().map(of_line).fold(Count::default(), Count::and)
}

/// Nothing when there are too many, or some are not in memory.
fn one_by_one(shown: &Shown<'_>, most: u64, is_such: impl Fn(f64) -> bool) -> Option<u64> {
    let rows = || shown.reduced.rows.iter();
    let all: u64 = rows().map(|rows| rows.end - rows.start).sum();
    let stream = shown.stream.filter(|_| all <= most)?;
    rows()
        .map(|rows| stream.count(shown.line.column, rows, &is_such))
        .sum()
}

/// At least one for each end of a cell; all of a cell that has no other values.
fn by_cells(shown: &Shown<'_>, (lo, hi): (f64, f64), is_beyond: impl Fn(f64) -> bool) -> Count {
    let column = shown
        .stream
        .and_then(|stream| stream.column_at(shown.line.column));
    let is_full =
        |column: &Column| column.pyramid().is_dense() && column.finite() == column.count();
    let is_full = column.is_some_and(is_full);
    let of_cell = |cell: &Cell| {
        let out = u64::from(is_beyond(cell.low)) + u64::from(is_beyond(cell.high));
        let all = is_full && (cell.low > hi || cell.high < lo && is_beyond(cell.low));
        let few = out.min(cell.rows);
        Count {
            count: if all { cell.rows } else { few },
            at_least: out > 0 && !all && cell.rows > out,
        }
    };
    let cells = shown.reduced.live.iter();
    cells.map(of_cell).fold(Count::default(), Count::and)
}

#[cfg(test)]
pub(super) mod tests;
