//! One series along the x axis: in which stretches its rows follow each other, and which rows are
//! where.

use std::ops::Range;

use super::Source;
use crate::insight::axis::{Along, XAxis};
use crate::insight::charts::Line;
use crate::record::ColumnId;
use crate::store::{Column, Stream};
use crate::widgets::axis::Bounds;

/// A series whose rows have places.
#[derive(Clone, Debug)]
pub(super) struct Trace<'a> {
    pub(super) stream: &'a Stream,
    pub(super) column: &'a Column,
    pub(super) line: &'a Line,
    pub(super) along: Along<'a>,
    /// It is drawn together with those of other runs.
    pub(super) grouped: bool,
    stretches: Vec<Stretch>,
}

/// Rows along which places ascend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) rows: Range<u64>,
    /// No restart superseded them.
    pub(super) live: bool,
}

/// A row that was looked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) row: u64,
    pub(super) place: f64,
}

/// With more restarts than this, those too short to be seen are not told apart.
const RESTARTS_SHOWN: usize = 64;
/// Too short to be seen, as a share of all rows.
const SHORT: u64 = 256;

impl<'a> Trace<'a> {
    pub(super) fn of(source: &Source<'a>, line: &'a Line, axis: XAxis) -> Option<Self> {
        let stream = source.run.stream(line.stream)?;
        let column = stream.column_at(line.column)?;
        let rows = column.first_row()?..line.end.min(column.last_row()? + 1);
        let places = &source.overview.axes;
        Some(Self {
            stream,
            column,
            line,
            along: places.along(source.run, line.stream, axis)?,
            grouped: source.group.is_some(),
            stretches: stretches(column, rows),
        })
    }

    pub(super) fn id(&self) -> ColumnId {
        self.line.column
    }

    /// From the first to the last row that is shown.
    pub(super) fn rows(&self) -> Range<u64> {
        let start = self.stretches.first().map_or(0, |first| first.rows.start);
        let end = self.stretches.last().map_or(0, |last| last.rows.end);
        start..end
    }

    pub(super) fn stretches(&self) -> &[Stretch] {
        &self.stretches
    }

    pub(super) fn place(&mut self, row: u64) -> Option<f64> {
        self.along.begin();
        self.along.place(row)
    }

    /// The rows of a stretch that lie within the bounds.
    pub(super) fn within(&mut self, rows: &Range<u64>, x: Bounds) -> Range<u64> {
        if rows.is_empty() {
            return rows.clone();
        }
        let last = rows.end - 1;
        let begins = self.place(rows.start).is_some_and(|at| at >= x.lo());
        let ends = self.place(last).is_some_and(|at| at <= x.hi());
        let start = if begins {
            rows.start
        } else {
            self.along.first_from(rows.clone(), x.lo())
        };
        let end = if ends {
            rows.end
        } else {
            self.along.first_from(start..rows.end, x.hi().next_up())
        };
        start..end
    }

    /// All rows between the first and the last that lie within the bounds.
    pub(super) fn span_within(&mut self, x: Bounds) -> Range<u64> {
        let mut found: Option<Range<u64>> = None;
        for stretch in self.stretches.clone() {
            let rows = self.within(&stretch.rows, x);
            if !rows.is_empty() {
                let start = found.as_ref().map_or(rows.start, |held| held.start);
                found = Some(start..rows.end);
            }
        }
        found.unwrap_or(0..0)
    }

    /// The first point from a place on that counts, and that lies before `until`.
    pub(super) fn first_from(&mut self, place: f64, until: f64) -> Option<Found> {
        for at in 0..self.stretches.len() {
            let Stretch { rows, live } = self.stretches[at].clone();
            if !live || !self.reaches(&rows, place) {
                continue;
            }
            let first = self.along.first_from(rows.clone(), place);
            let Some(row) = self.held_from(first..rows.end) else {
                continue;
            };
            let Some(found) = self.place(row) else {
                continue;
            };
            return (found < until).then_some(Found { row, place: found });
        }
        None
    }

    /// The last point before a place that counts.
    pub(super) fn last_before(&mut self, place: f64) -> Option<Found> {
        for at in (0..self.stretches.len()).rev() {
            let Stretch { rows, live } = self.stretches[at].clone();
            if !live || self.place(rows.start).is_none_or(|first| first >= place) {
                continue;
            }
            let end = self.along.first_from(rows.clone(), place);
            if let Some(row) = self.held_before(rows.start..end) {
                let place = self.place(row)?;
                return Some(Found { row, place });
            }
        }
        None
    }

    /// The point at a place, else the nearest one in the column.
    pub(super) fn at(&mut self, place: f64, column: (f64, f64)) -> Option<Found> {
        let behind = self.first_from(place, column.1);
        let before = match behind {
            Some(found) if found.place <= place => return behind,
            _ => self
                .last_before(place)
                .filter(|found| found.place >= column.0),
        };
        let nearer = before
            .zip(behind)
            .is_none_or(|(before, behind)| place - before.place <= behind.place - place);
        if nearer { before.or(behind) } else { behind }
    }

    /// The points that stand exactly where one was found, itself first; at most so many.
    pub(super) fn stacked(&mut self, first: Found, most: usize) -> Vec<Found> {
        let mut stretches = self.stretches.iter();
        let stretch = stretches.find(|stretch| stretch.rows.contains(&first.row));
        let end = stretch.map_or(first.row, |stretch| stretch.rows.end);
        let mut found = vec![first];
        let mut from = first.row + 1;
        while found.len() < most
            && let Some(row) = self.held_from(from..end)
            && self.place(row) == Some(first.place)
        {
            found.push(Found { row, ..first });
            from = row + 1;
        }
        found
    }

    /// The row that lies at a place or before it, whether it has a value or not.
    pub(super) fn row_near(&mut self, place: f64) -> Option<u64> {
        for at in (0..self.stretches.len()).rev() {
            let Stretch { rows, live } = self.stretches[at].clone();
            if !live || rows.is_empty() {
                continue;
            }
            if self.place(rows.start).is_some_and(|first| first <= place) {
                let behind = self.along.first_from(rows.clone(), place.next_up());
                return Some(behind.max(rows.start + 1) - 1);
            }
        }
        let first = self.stretches.iter().find(|stretch| stretch.live)?;
        Some(first.rows.start)
    }

    /// The first row that counts behind a place; the last one where there is none.
    pub(super) fn row_after(&mut self, place: f64) -> Option<u64> {
        let mut last = None;
        for at in 0..self.stretches.len() {
            let Stretch { rows, live } = self.stretches[at].clone();
            if !live || rows.is_empty() {
                continue;
            }
            let behind = self.along.first_from(rows.clone(), place.next_up());
            if behind < rows.end {
                return Some(behind);
            }
            last = Some(rows.end - 1);
        }
        last
    }

    /// Whether a row's value is in memory.
    pub(super) fn is_resident(&self, row: u64) -> bool {
        self.stream.is_resident(row)
    }

    fn reaches(&mut self, rows: &Range<u64>, place: f64) -> bool {
        let last = rows.end.checked_sub(1).filter(|last| *last >= rows.start);
        last.is_some_and(|last| self.place(last).is_some_and(|at| at >= place))
    }

    /// The first of these rows that has a number, as far as that is known.
    fn held_from(&self, rows: Range<u64>) -> Option<u64> {
        if rows.is_empty() {
            return None;
        }
        if self.column.pyramid().is_dense() {
            return Some(rows.start);
        }
        if self.is_resident(rows.start) {
            let mut values = self.stream.values(self.id(), rows);
            return values.next().map(|(row, _)| row);
        }
        let blocks = self.column.pyramid().window(rows.clone(), 1);
        Some(blocks.first()?.rows.start.max(rows.start))
    }

    /// The last of these rows that has a number.
    fn held_before(&self, rows: Range<u64>) -> Option<u64> {
        let last = rows.end.checked_sub(1).filter(|last| *last >= rows.start)?;
        if self.column.pyramid().is_dense() {
            return Some(last);
        }
        let mut length = 64;
        loop {
            let start = rows.start.max(rows.end.saturating_sub(length));
            if !self.is_resident(start) {
                return Some(last);
            }
            let values = self.stream.values(self.id(), start..rows.end);
            if let Some((row, _)) = values.last() {
                return Some(row);
            }
            if start == rows.start {
                return None;
            }
            length *= 8;
        }
    }
}

/// What counts and what was superseded, in turn.
fn stretches(column: &Column, rows: Range<u64>) -> Vec<Stretch> {
    let (superseded, restarts) = (column.superseded(), column.restarts());
    let shortest = if superseded.len().max(restarts.len()) > RESTARTS_SHOWN {
        rows.end.saturating_sub(rows.start) / SHORT
    } else {
        0
    };
    let mut found = Vec::new();
    let mut at = rows.start;
    let mut push = |rows: Range<u64>, live: bool| {
        if rows.start < rows.end {
            found.push(Stretch { rows, live });
        }
    };
    for range in superseded.iter().filter(|r| r.end - r.start >= shortest) {
        let range = range.start.clamp(at, rows.end.max(at))..range.end.clamp(at, rows.end.max(at));
        push(at..range.start, true);
        at = range.start;
        // What several restarts superseded may follow each other without a row that counts.
        let first = restarts.partition_point(|restart| restart.row <= range.start);
        let back = restarts[first..].iter().map(|restart| restart.row);
        for row in back.take_while(|row| *row < range.end) {
            if row - at >= shortest {
                push(at..row, false);
                at = row;
            }
        }
        push(at..range.end, false);
        at = range.end;
    }
    push(at..rows.end, true);
    found
}
