//! Rows → what a series has in each column, in as many steps as there are columns.
//!
//! Pieces of rows have one of few lengths and start where their stretch starts, so that a further row
//! changes the last of them only.

use std::ops::Range;

use super::edges::{Ends, between};
use super::trace::{Stretch, Trace};
use super::{Bad, Point};
use crate::store::{Bucket, NonFiniteKind};
use crate::widgets::axis::{Bounds, Places, Scale};
use crate::widgets::plot::Span;

/// The columns that an axis has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns {
    pub(super) bounds: Bounds,
    places: Places,
    pub(super) count: u32,
}

/// What a series has in one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) column: u32,
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) mean: f64,
    /// How many rows this stands for.
    pub(super) rows: u64,
    pub(super) joined: bool,
}

/// A series as it is drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Reduced {
    /// What counts.
    pub(super) live: Vec<Cell>,
    /// The same, smoothed, as far as that is known.
    pub(super) smooth: Option<Vec<Cell>>,
    /// What a restart superseded.
    pub(super) superseded: Vec<Cell>,
    /// The rows in sight that count.
    pub(super) rows: Vec<Range<u64>>,
    pub(super) bad: Vec<Bad>,
    /// There are so few values in a column that all of them are drawn.
    pub(super) few: bool,
}

/// Blocks of this many values are summed up for good.
const BLOCK: u64 = 128;
/// Of more rows than this in sight, those of one of many runs are not read one by one.
const READ_OF_MANY: u64 = 16_384;
/// From so many rows in a column on, a line shows their mean.
const FEW: u64 = 2;

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

    /// Where a column begins.
    pub(super) fn start(self, column: u32) -> f64 {
        let share = f64::from(column) / f64::from(self.count.max(1));
        let (lo, hi) = (self.bounds.lo(), self.bounds.hi());
        // Apart, because the distance of the bounds may be no finite number.
        let at = lo * (1.0 - share) + hi * share;
        // As much before it as counts to the column.
        at - (hi / 2.0 - lo / 2.0) * 2.0 / f64::from(self.count.max(1)) * 1e-6
    }

    /// From where to where a column reaches.
    pub(super) fn reach(self, column: u32) -> (f64, f64) {
        if column + 1 >= self.count {
            return (self.start(column), self.bounds.hi().next_up());
        }
        (self.start(column), self.start(column + 1))
    }
}

/// Reduces a series; with a weight also what is left of it when it is smoothed.
pub(super) fn reduce(
    trace: &mut Trace<'_>,
    columns: Columns,
    scale: Scale,
    weight: f64,
) -> Reduced {
    let stretches: Vec<(Stretch, Range<u64>)> = trace
        .stretches()
        .to_vec()
        .into_iter()
        .map(|stretch| {
            let rows = trace.within(&stretch.rows, columns.bounds);
            (stretch, rows)
        })
        .collect();
    let visible: u64 = stretches
        .iter()
        .map(|(_, rows)| rows.end - rows.start)
        .sum();
    let gaps = gaps(trace, &stretches);
    let stride = stride(visible, columns.count);
    let reader = Reader {
        columns,
        stride,
        coarse: trace.grouped && visible > READ_OF_MANY,
        gaps: &gaps,
        seldom: trace.line.measured_seldom,
    };
    let mut reduced = Reduced {
        few: stride < FEW && !reader.coarse,
        ..Reduced::default()
    };
    for (stretch, rows) in &stretches {
        let pieces = reader.aligned(&stretch.rows, rows);
        if !stretch.live {
            if trace.grouped {
                // Of many runs only what counts is drawn.
                continue;
            }
            reader.read(trace, &pieces, rows.start, None, &mut reduced.superseded);
            continue;
        }
        if !rows.is_empty() {
            reduced.rows.push(rows.clone());
        }
        let from = reduced.live.len();
        reader.read(trace, &pieces, rows.start, None, &mut reduced.live);
        if *rows != stretch.rows && reader.leaves_room(&reduced.live[from..]) {
            let ends = Ends::of(trace, stretch, rows, None);
            reader.lead_out(&ends, scale, from, &mut reduced.live);
        }
        if trace.is_smoothed(weight) {
            let smooth = reduced.smooth.get_or_insert_default();
            let from = smooth.len();
            reader.read(trace, &pieces, rows.start, Some(weight), smooth);
            if *rows != stretch.rows && reader.leaves_room(&smooth[from..]) {
                let ends = Ends::of(trace, stretch, rows, Some(weight));
                reader.lead_out(&ends, scale, from, smooth);
            }
        }
    }
    if trace.line.measured_seldom {
        // A writer that puts NaN where it measured nothing means no gaps.
        join_all(&mut reduced.live);
        join_all(reduced.smooth.as_deref_mut().unwrap_or_default());
    } else {
        reduced.bad = bad(trace, columns);
    }
    reduced
}

fn join_all(cells: &mut [Cell]) {
    for cell in cells.iter_mut().skip(1) {
        cell.joined = true;
    }
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
fn gaps(trace: &Trace<'_>, visible: &[(Stretch, Range<u64>)]) -> Vec<u64> {
    if trace.column.finite() == trace.column.count() {
        return Vec::new();
    }
    let start = visible.first().map_or(0, |(stretch, _)| stretch.rows.start);
    let end = visible.last().map_or(0, |(stretch, _)| stretch.rows.end);
    let bad = trace.column.non_finite().map(|bad| bad.row);
    bad.filter(|row| (start..end).contains(row)).collect()
}

fn bad(trace: &mut Trace<'_>, columns: Columns) -> Vec<Bad> {
    let mut found: Vec<Bad> = Vec::new();
    let rows = trace.rows();
    let column = trace.column;
    for bad in column.non_finite().filter(|bad| rows.contains(&bad.row)) {
        let Some(at) = trace.place(bad.row).and_then(|place| columns.of(place)) else {
            continue;
        };
        let sign = match bad.kind {
            NonFiniteKind::NaN => 0,
            NonFiniteKind::PosInf => 1,
            NonFiniteKind::NegInf => -1,
        };
        let bad = Bad { column: at, sign };
        if found.last() != Some(&bad) {
            found.push(bad);
        }
    }
    found
}

/// Reads pieces of a series.
#[derive(Debug)]
struct Reader<'a> {
    columns: Columns,
    stride: u64,
    /// Sums of blocks will do, even where a block is longer than a column.
    coarse: bool,
    gaps: &'a [u64],
    seldom: bool,
}

impl Reader<'_> {
    /// The pieces of a stretch that hold some rows.
    fn aligned(&self, stretch: &Range<u64>, rows: &Range<u64>) -> Range<u64> {
        if rows.is_empty() {
            return rows.clone();
        }
        let down = (rows.start - stretch.start) / self.stride * self.stride;
        let up = (rows.end - stretch.start).div_ceil(self.stride) * self.stride;
        stretch.start + down..(stretch.start + up).min(stretch.end)
    }

    /// Appends the cells of one stretch. No stroke leads to it. A piece that begins before the first
    /// row in sight stands where that is.
    fn read(
        &self,
        trace: &mut Trace<'_>,
        rows: &Range<u64>,
        first: u64,
        weight: Option<f64>,
        cells: &mut Vec<Cell>,
    ) {
        if rows.start >= rows.end {
            return;
        }
        trace.along.begin();
        let whole = (rows.end - rows.start) / self.stride;
        let until = rows.start + whole * self.stride;
        let mut before: Option<u64> = None;
        for (rows, pieces) in [(rows.start..until, whole), (until..rows.end, 1)] {
            for bucket in self.pieces(trace, &rows, pieces, weight) {
                let start = bucket.rows.start.max(rows.start);
                let joined = before.is_some_and(|before| !self.gap_between(before, start));
                self.push(&bucket, (start, first), joined, trace, cells);
                before = Some(bucket.rows.end.min(rows.end).saturating_sub(1));
            }
        }
    }

    fn pieces(
        &self,
        trace: &Trace<'_>,
        rows: &Range<u64>,
        count: u64,
        weight: Option<f64>,
    ) -> Vec<Bucket> {
        if rows.start >= rows.end {
            return Vec::new();
        }
        let count = count as usize;
        if let Some(weight) = weight {
            return trace.smoothed(weight, rows.clone(), count);
        }
        let column = trace.column;
        let held = column.last_row().unwrap_or(0) - column.first_row().unwrap_or(0) + 1;
        let values = u128::from(self.stride) * u128::from(column.count()) / u128::from(held);
        if values >= u128::from(BLOCK) || self.coarse {
            // The sums of blocks tell as much as the values, and are far fewer.
            return column.pyramid().window(rows.clone(), count);
        }
        trace.stream.window(trace.id(), rows.clone(), count)
    }

    fn push(
        &self,
        bucket: &Bucket,
        (start, first): (u64, u64),
        joined: bool,
        trace: &mut Trace<'_>,
        cells: &mut Vec<Cell>,
    ) {
        let length = bucket.rows.end.saturating_sub(start);
        // A block of rare values reaches over the end of its piece: it stands in its middle.
        let at = if length > self.stride {
            start + length / 2
        } else {
            start
        };
        let Some(column) = trace
            .along
            .place(at.max(first))
            .and_then(|place| self.columns.of(place))
        else {
            return;
        };
        let cell = Cell {
            column,
            low: bucket.min,
            high: bucket.max,
            mean: bucket.mean,
            rows: length.max(1),
            joined: joined && !cells.is_empty(),
        };
        match cells
            .last_mut()
            .filter(|last| joined && last.column == column)
        {
            Some(last) => last.add(&cell),
            None => cells.push(cell),
        }
    }

    fn gap_between(&self, before: u64, after: u64) -> bool {
        if self.seldom {
            return false;
        }
        let next = self.gaps.partition_point(|row| *row < before);
        self.gaps.get(next).is_some_and(|row| *row < after)
    }

    /// Whether a stroke to a point beyond the window would be seen.
    fn leaves_room(&self, cells: &[Cell]) -> bool {
        let ends = cells.first().zip(cells.last());
        let open = ends
            .is_none_or(|(first, last)| first.column > 0 || last.column + 1 < self.columns.count);
        open && self.columns.count > 0
    }

    /// Lets strokes lead to the points beyond the edges of the window.
    fn lead_out(&self, ends: &Ends, scale: Scale, from: usize, cells: &mut Vec<Cell>) {
        let (lo, hi) = (self.columns.bounds.lo(), self.columns.bounds.hi());
        if let Some((before, to)) = ends.before.zip(ends.first.or(ends.after))
            && !self.gap_between(before.row, to.row)
            && let Some(value) = between(scale, before, to, lo)
            && cells.get(from).is_none_or(|cell| cell.column > 0)
        {
            if let Some(cell) = cells.get_mut(from) {
                cell.joined = true;
            }
            cells.insert(from, Cell::at(0, value, false));
        }
        let edge = self.columns.count.saturating_sub(1);
        if let Some((to, after)) = ends.last.or(ends.before).zip(ends.after)
            && !self.gap_between(to.row, after.row)
            && let Some(value) = between(scale, to, after, hi)
            && cells.last().is_none_or(|cell| cell.column < edge)
        {
            let joined = cells.len() > from;
            cells.push(Cell::at(edge, value, joined));
        }
    }
}

impl Cell {
    const fn at(column: u32, value: f64, joined: bool) -> Self {
        Self {
            column,
            low: value,
            high: value,
            mean: value,
            rows: 0,
            joined,
        }
    }

    fn add(&mut self, other: &Self) {
        let rows = (self.rows + other.rows).max(1);
        let share = other.rows as f64 / rows as f64;
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        let mean = self.mean * (1.0 - share) + other.mean * share;
        self.mean = mean.clamp(self.low, self.high);
        self.rows = rows;
    }

    pub(super) fn span(&self) -> Span {
        Span {
            column: self.column,
            low: self.low,
            high: self.high,
            joined: self.joined,
        }
    }

    pub(super) const fn point(&self) -> Point {
        Point {
            column: self.column,
            value: self.mean,
            joined: self.joined,
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
