//! Rows → what a line has in each column of dots, in as many steps as there are columns.
//!
//! Pieces of rows have one of few lengths and start where their segment starts, so that a further row
//! changes the last of them only.

use std::ops::Range;

use crate::insight::axis::Along;
use crate::insight::charts::Line;
use crate::store::{Bucket, Column, NonFiniteKind, Run, Stream};
use crate::widgets::axis::{Bounds, Places, Scale};
use crate::widgets::plot::Span;

/// The columns of dots that an axis has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    bounds: Bounds,
    places: Places,
    count: u32,
}

/// A line as it is drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Reduced {
    /// What counts.
    pub(super) live: Vec<Span>,
    /// What a restart superseded.
    pub(super) superseded: Vec<Span>,
    /// Where values are that are no finite number.
    pub(super) bad: Vec<(u32, NonFiniteKind)>,
}

/// Blocks of this many values are summed up for good.
const BLOCK: u64 = 128;
/// With more restarts than this, those too short to be seen are not told apart.
const RESTARTS_SHOWN: usize = 64;

impl Columns {
    pub(super) fn new(bounds: Bounds, count: u32) -> Self {
        Self {
            bounds,
            places: Places::new(Scale::Linear, bounds),
            count,
        }
    }

    /// The column in which a place is.
    pub(super) fn of(self, place: f64) -> Option<u32> {
        if !self.bounds.contains(place) || self.count == 0 {
            return None;
        }
        let share = self.places.share(place)?;
        // The 29th of 100 is not in the 28th column because of a rounding error.
        let column = share * f64::from(self.count) + 1e-6;
        Some((column as u32).min(self.count - 1))
    }
}

pub(super) fn reduce(run: &Run, line: &Line, along: &mut Along<'_>, columns: Columns) -> Reduced {
    let mut reduced = Reduced::default();
    let Some(stream) = run.stream(line.stream) else {
        return reduced;
    };
    let Some(column) = stream.column_at(line.column) else {
        return reduced;
    };
    let (Some(first), Some(last)) = (column.first_row(), column.last_row()) else {
        return reduced;
    };
    let rows = first..line.end.min(last + 1);
    let gaps = gaps(column, &rows);
    let mut reader = Reader {
        stream,
        column,
        line,
        columns,
        stride: stride(rows.end.saturating_sub(rows.start), columns.count),
        gaps: &gaps,
    };
    let ranges = column.superseded();
    let shortest = if ranges.len() > RESTARTS_SHOWN {
        reader.stride
    } else {
        0
    };
    let mut at = rows.start;
    for range in ranges.iter().filter(|r| r.end - r.start >= shortest) {
        let range = range.start.clamp(at, rows.end)..range.end.clamp(at, rows.end);
        reader.read(at..range.start, along, &mut reduced.live);
        reader.read(range.clone(), along, &mut reduced.superseded);
        at = range.end;
    }
    reader.read(at..rows.end, along, &mut reduced.live);
    if !line.measured_seldom {
        reduced.bad = bad(column, &rows, along, columns);
        return reduced;
    }
    // A writer that puts NaN where it measured nothing means no gaps.
    for span in reduced.live.iter_mut().skip(1) {
        span.joined = true;
    }
    reduced
}

/// Rows in a piece: 1, 2, 3, 4, 6, 8, 12, …, so that there are one to two pieces for each column,
/// and lengths stay the same while rows are added.
fn stride(rows: u64, columns: u32) -> u64 {
    let each = rows / u64::from(columns.max(1));
    let power: u64 = each.checked_ilog2().map_or(1, |power| 1 << power);
    let longer = power + power / 2;
    // Blocks that reach over the end of a piece make it longer than a column.
    if each >= longer && longer < BLOCK {
        longer
    } else {
        power
    }
}

/// The known rows without a finite value.
fn gaps(column: &Column, rows: &Range<u64>) -> Vec<u64> {
    if column.finite() == column.count() {
        return Vec::new();
    }
    let bad = column.non_finite().map(|bad| bad.row);
    bad.filter(|row| rows.contains(row)).collect()
}

fn bad(
    column: &Column,
    rows: &Range<u64>,
    along: &mut Along<'_>,
    columns: Columns,
) -> Vec<(u32, NonFiniteKind)> {
    let mut found: Vec<(u32, NonFiniteKind)> = Vec::new();
    for bad in column.non_finite().filter(|bad| rows.contains(&bad.row)) {
        along.begin();
        let Some(at) = along.place(bad.row).and_then(|place| columns.of(place)) else {
            continue;
        };
        if found.last() != Some(&(at, bad.kind)) {
            found.push((at, bad.kind));
        }
    }
    found
}

/// Reads pieces of a column.
#[derive(Debug)]
struct Reader<'a> {
    stream: &'a Stream,
    column: &'a Column,
    line: &'a Line,
    columns: Columns,
    stride: u64,
    gaps: &'a [u64],
}

impl Reader<'_> {
    /// Appends the spans of one segment. No stroke leads to it.
    fn read(&mut self, rows: Range<u64>, along: &mut Along<'_>, spans: &mut Vec<Span>) {
        if rows.start >= rows.end {
            return;
        }
        along.begin();
        let whole = (rows.end - rows.start) / self.stride;
        let until = rows.start + whole * self.stride;
        let mut before: Option<u64> = None;
        for (rows, pieces) in [(rows.start..until, whole), (until..rows.end, 1)] {
            for bucket in self.pieces(&rows, pieces) {
                let start = bucket.rows.start.max(rows.start);
                let joined = before.is_some_and(|before| !self.gap_between(before, start));
                self.push(&bucket, start, joined, along, spans);
                before = Some(bucket.rows.end.min(rows.end).saturating_sub(1));
            }
        }
    }

    fn pieces(&self, rows: &Range<u64>, count: u64) -> Vec<Bucket> {
        if rows.start >= rows.end {
            return Vec::new();
        }
        let held = self.column.last_row().unwrap_or(0) - self.column.first_row().unwrap_or(0) + 1;
        let values = u128::from(self.stride) * u128::from(self.column.count()) / u128::from(held);
        if values >= u128::from(BLOCK) {
            // The sums of blocks tell as much as the values, and are far fewer.
            return self.column.pyramid().window(rows.clone(), count as usize);
        }
        self.stream
            .window(self.line.column, rows.clone(), count as usize)
    }

    fn push(
        &self,
        bucket: &Bucket,
        start: u64,
        joined: bool,
        along: &mut Along<'_>,
        spans: &mut Vec<Span>,
    ) {
        let length = bucket.rows.end.saturating_sub(start);
        // A block of rare values reaches over the end of its piece: it stands in its middle.
        let at = if length > self.stride {
            start + length / 2
        } else {
            start
        };
        let Some(column) = along.place(at).and_then(|place| self.columns.of(place)) else {
            return;
        };
        match spans
            .last_mut()
            .filter(|last| joined && last.column == column)
        {
            Some(last) => {
                last.low = last.low.min(bucket.min);
                last.high = last.high.max(bucket.max);
            }
            None => spans.push(Span {
                column,
                low: bucket.min,
                high: bucket.max,
                joined: joined && !spans.is_empty(),
            }),
        }
    }

    fn gap_between(&self, before: u64, after: u64) -> bool {
        let next = self.gaps.partition_point(|row| *row < before);
        self.gaps.get(next).is_some_and(|row| *row < after)
    }
}

#[cfg(test)]
mod tests;
