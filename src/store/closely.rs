//! What a stream does for those who look at it closely: columns are smoothed, and exact rows that
//! the cache has let go of are held beside it, as long as somebody looks.

use std::collections::BTreeSet;
use std::ops::Range;

use super::cache::{Cache, Chunk, cut, part_of};
use super::looks::HELD;
use super::smooth::Smooth;
use super::stream::Stream;
use crate::record::{ColumnId, Rows};

/// Wider ranges of rows are not held.
const WIDEST: u64 = 65_536;
/// Smoothing goes on from the start of a block. Farther back it is not looked for.
const BEFORE: u64 = 32_768;
/// Rows that are asked for in one go to be smoothed: an answer must not hold up what comes after.
const AT_ONCE: u64 = 1 << 20;

/// What somebody wants to know of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Aim {
    pub(super) column: ColumnId,
    pub(super) weight: Option<f64>,
    pub(super) rows: Option<Range<u64>>,
}

/// What a stream that is looked at closely needs for that.
#[derive(Debug)]
pub(super) struct Close {
    aims: Vec<Aim>,
    /// Columns of which exact rows are wanted.
    exact: BTreeSet<ColumnId>,
    /// Columns that are smoothed.
    smoothed: BTreeSet<ColumnId>,
    /// The rows of these columns that the cache has let go of.
    held: Cache,
    /// What smoothed values take that were worked out from them.
    near: usize,
    /// How many bytes more both may take.
    room: usize,
    /// How many bytes the newest smoothed values of one column may take.
    recent: usize,
    asked: Option<Purpose>,
    /// The answer brought something, or what it was for has changed.
    got: bool,
    /// For these purposes rows were asked for and did not come: it is not tried again until
    /// somebody looks at something else.
    lost: Vec<Purpose>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Exact,
    Smooth,
}

impl Close {
    fn new(aims: Vec<Aim>, recent: usize) -> Self {
        let columns = |wanted: &dyn Fn(&Aim) -> bool| {
            let aims = aims.iter().filter(|aim| wanted(aim));
            aims.map(|aim| aim.column).collect()
        };
        Self {
            exact: columns(&|aim| aim.rows.is_some()),
            smoothed: columns(&|aim| aim.weight.is_some()),
            aims,
            held: Cache::default(),
            near: 0,
            room: HELD,
            recent,
            asked: None,
            got: false,
            lost: Vec::new(),
        }
    }

    /// The ranges that are wanted exactly and do not lie in the cache, which starts at `resident`.
    fn missing(&self, stream: &Stream) -> Vec<Range<u64>> {
        let resident = stream.resident().start;
        let wanted = self.aims.iter().filter_map(|aim| stream.wanted(aim));
        let old = wanted.map(|rows| rows.start..rows.end.min(resident));
        old.filter(|rows| rows.start < rows.end).collect()
    }

    /// The first of these rows that are not held, if there is room for them.
    fn gap(&self, missing: &[Range<u64>]) -> Option<Range<u64>> {
        let gaps = missing.iter().flat_map(|rows| gaps(&self.held, rows));
        let mut gaps = gaps.filter(|gap| self.bytes(gap) <= self.room);
        gaps.next()
    }

    /// About what rows take: their steps, times, and for each column a value and its row.
    fn bytes(&self, rows: &Range<u64>) -> usize {
        (rows.end - rows.start) as usize * (16 + 12 * self.exact.len())
    }
}

impl Stream {
    /// Works out what these aims want, and nothing else, from now on; false when that is what it does
    /// already.
    pub(super) fn aim(&mut self, aims: Vec<Aim>, recent: usize) -> bool {
        let same = |close: &Close| close.aims == aims && close.recent == recent;
        if self.close.as_ref().is_some_and(|close| same(close)) {
            return false;
        }
        let before = self.close.take();
        let weights = |id: ColumnId| -> Vec<f64> {
            let of = aims.iter().filter(|aim| aim.column == id);
            of.filter_map(|aim| aim.weight).collect()
        };
        let was = before.iter().flat_map(|close| &close.smoothed);
        let now = aims.iter().map(|aim| aim.column);
        for id in was.copied().chain(now).collect::<BTreeSet<_>>() {
            if let Some(column) = self.columns.get_mut(id.0 as usize) {
                column.smooth_with(&weights(id));
                let exact = aims
                    .iter()
                    .any(|aim| aim.column == id && aim.rows.is_some());
                if !exact {
                    column.forget_near();
                }
            }
        }
        if aims.is_empty() {
            return true;
        }
        let mut close = Close::new(aims, recent);
        if let Some(before) = before {
            (close.asked, close.got) = (before.asked, true);
            close.room = before.room;
            if close.exact.is_subset(&before.exact) {
                close.held = before.held;
            }
        }
        self.close = Some(Box::new(close));
        self.drop_unwanted();
        self.attend();
        true
    }

    /// Takes in what is resident and was not smoothed yet; true when there was any.
    pub(super) fn attend(&mut self) -> bool {
        let Some(close) = &mut self.close else {
            return false;
        };
        let mut changed = false;
        close.near = 0;
        for id in &close.smoothed {
            if let Some(column) = self.columns.get_mut(id.0 as usize) {
                let before = column.smoothed_so_far();
                let rewound = column.smooth_on(*id, &self.cache, self.rows, close.recent);
                changed |= rewound || before != column.smoothed_so_far();
                close.got |= rewound;
                close.near += column
                    .smooths()
                    .iter()
                    .map(Smooth::near_bytes)
                    .sum::<usize>();
            }
        }
        self.smooth_near() || changed
    }

    /// All rows are forgotten; what is looked at stays.
    pub(super) fn look_anew(&mut self, before: Option<Box<Close>>) {
        if let Some(before) = before {
            self.aim(before.aims, before.recent);
        }
    }

    /// How many bytes may be held from now on.
    pub(super) fn set_room(&mut self, bytes: usize) {
        if let Some(close) = &mut self.close {
            close.room = bytes.saturating_sub(close.held.heap_bytes() + close.near);
        }
    }

    pub(super) fn held_bytes(&self) -> usize {
        let close = self.close.as_ref();
        close.map_or(0, |close| close.held.heap_bytes() + close.near)
    }

    /// Rows that must be read again for those who look: first what is shown exactly.
    pub(super) fn next_look(&mut self) -> Option<Range<u64>> {
        let close = self.close.as_ref()?;
        let gap = || close.gap(&close.missing(self));
        let smooth = || self.next_to_smooth(close);
        let find = |purpose, rows: &dyn Fn() -> Option<Range<u64>>| {
            let lost = close.lost.contains(&purpose);
            Some((purpose, rows().filter(|_| !lost)?))
        };
        let (purpose, rows) =
            find(Purpose::Exact, &gap).or_else(|| find(Purpose::Smooth, &smooth))?;
        let close = self.close.as_mut()?;
        (close.asked, close.got) = (Some(purpose), false);
        Some(rows)
    }

    /// A slice of rows that were asked for; it is tidy.
    pub(super) fn look_again(&mut self, first: u64, slice: &Rows) {
        let resident = self.resident().start;
        let rows = first..first.saturating_add(u64::from(slice.count)).min(resident);
        if rows.start >= rows.end {
            return;
        }
        let Some(mut close) = self.close.take() else {
            return;
        };
        let missing = close.missing(self);
        while let Some(gap) = close.gap(&missing).filter(|gap| gap.start < rows.end) {
            let part = gap.start.max(rows.start)..gap.end.min(rows.end);
            if part.start >= part.end {
                break;
            }
            close.room = close.room.saturating_sub(close.bytes(&part));
            let kept = cut(slice, first, &part, |id| close.exact.contains(&id));
            close.held.insert(part.start, kept);
            close.got = true;
        }
        for id in &close.smoothed {
            if let Some(column) = self.columns.get_mut(id.0 as usize) {
                let part = part_of(slice, first, *id);
                close.got |= column.smooth_again(part, rows.start, rows.end, close.recent);
            }
        }
        self.close = Some(close);
    }

    /// The answer is complete.
    pub(super) fn look_answered(&mut self) {
        if let Some(close) = &mut self.close
            && let Some(purpose) = close.asked.take()
            && !close.got
        {
            close.lost.push(purpose);
        }
        self.attend();
    }

    pub(super) fn close_bytes(&self) -> usize {
        let aims = |close: &Close| close.aims.capacity() * size_of::<Aim>();
        let close = self.close.as_ref();
        close.map_or(0, |close| size_of::<Close>() + aims(close)) + self.held_bytes()
    }

    /// A smoothed value worked out from the exact ones that lead to it.
    pub(super) fn smooth_again(&self, id: ColumnId, weight: f64, row: u64) -> Option<f64> {
        let rows = row..row.checked_add(1)?;
        let values = self.smoothed_rows(id, weight, &rows)?;
        values.columns.first()?.values.first().copied()
    }

    /// The slices that have some of `rows`: those that are held, and the newest ones.
    pub(super) fn chunks(&self, rows: Range<u64>) -> impl Iterator<Item = &Chunk> {
        let held = self.close.iter().map(|close| &close.held);
        let caches = held.chain([&self.cache]);
        caches.flat_map(move |cache| cache.overlapping(rows.clone()))
    }

    /// Whether all values of a column in these rows are in memory.
    pub fn has_exact(&self, id: ColumnId, rows: &Range<u64>) -> bool {
        if rows.start >= self.resident().start {
            return true;
        }
        let known = |close: &Close| close.exact.contains(&id);
        if !self.close.as_ref().is_some_and(|close| known(close)) {
            return false;
        }
        let mut until = rows.start;
        for chunk in self.chunks(rows.clone()).map(Chunk::rows) {
            if chunk.start > until {
                return false;
            }
            until = chunk.end;
        }
        until >= rows.end
    }

    /// The rows that an aim wants exactly: with those from which smoothing must go on.
    fn wanted(&self, aim: &Aim) -> Option<Range<u64>> {
        let rows = aim.rows.as_ref()?;
        let rows = rows.start..rows.end.min(self.rows);
        if rows.start >= rows.end || rows.end - rows.start > WIDEST {
            return None;
        }
        let column = self.column_at(aim.column)?;
        if column.smooths().iter().all(|smooth| smooth.knows(&rows)) {
            return Some(rows);
        }
        let start = column.pyramid().start_before(rows.start);
        let near = rows.start - start <= BEFORE;
        Some(if near { start } else { rows.start }..rows.end)
    }

    /// Drops what is held and no longer wanted.
    fn drop_unwanted(&mut self) {
        let Some(mut close) = self.close.take() else {
            return;
        };
        let wanted: Vec<_> = close
            .aims
            .iter()
            .filter_map(|aim| self.wanted(aim))
            .collect();
        close.held.retain(|chunk| {
            let meets = |rows: &Range<u64>| rows.start < chunk.end && chunk.start < rows.end;
            wanted.iter().any(meets)
        });
        self.close = Some(close);
    }

    /// Works out the smoothed values in the rows that are looked at, where they are not known and
    /// can be; true when there were any.
    fn smooth_near(&mut self) -> bool {
        let aims = self.close.iter().flat_map(|close| &close.aims);
        let found: Vec<_> = aims.filter_map(|aim| self.near(aim)).collect();
        let any = !found.is_empty();
        for (id, weight, rows, values) in found {
            let column = self.columns.get_mut(id.0 as usize);
            let smooth = column.and_then(|column| column.smooth_mut(weight));
            if let (Some(smooth), Some(close)) = (smooth, &mut self.close) {
                let before = smooth.near_bytes();
                smooth.keep_near(rows, values);
                close.near = close.near - before + smooth.near_bytes();
            }
        }
        any
    }

    fn near(&self, aim: &Aim) -> Option<(ColumnId, f64, Range<u64>, Rows)> {
        let (weight, wanted) = (aim.weight?, self.wanted(aim)?);
        let column = self.column_at(aim.column)?;
        let mut smooths = column.smooths().iter();
        let smooth = smooths.find(|smooth| smooth.is_of(weight))?;
        let rows = smooth.unknown(aim.rows.as_ref()?.start..wanted.end);
        let room = self.close.as_ref().map_or(0, |close| close.room);
        if rows.is_empty() || (rows.end - rows.start) as usize * 12 > room {
            return None;
        }
        let values = self.smoothed_rows(aim.column, weight, &rows)?;
        Some((aim.column, weight, rows, values))
    }

    /// Smoothed values that are not known, if those that lead to them are in memory.
    fn smoothed_rows(&self, id: ColumnId, weight: f64, rows: &Range<u64>) -> Option<Rows> {
        let column = self.column_at(id)?;
        let mut smooths = column.smooths().iter();
        let smooth = smooths.find(|smooth| smooth.is_of(weight))?;
        if smooth.next() < rows.end || smooth.knows(rows) {
            return None;
        }
        let from = smooth.start_of(rows.start)..rows.end;
        if !self.has_exact(id, &from) {
            return None;
        }
        let parts = self.chunks(from).filter_map(|chunk| chunk.part(id));
        Some(smooth.again(parts, rows, column.superseded()))
    }

    /// The rows that those columns need whose smoothing is furthest behind.
    fn next_to_smooth(&self, close: &Close) -> Option<Range<u64>> {
        let resident = self.resident().start;
        let columns = close.smoothed.iter().filter_map(|id| self.column_at(*id));
        let open = columns.flat_map(|column| {
            let end = column.last_row().map_or(0, |last| last + 1).min(resident);
            column
                .smooths()
                .iter()
                .map(move |smooth| smooth.next()..end)
        });
        let open = open.filter(|rows| rows.start < rows.end);
        let (start, end) = open
            .map(|rows| (rows.start, rows.end))
            .reduce(|one, two| (one.0.min(two.0), one.1.max(two.1)))?;
        Some(start..end.min(start.saturating_add(AT_ONCE)))
    }
}

/// The parts of `rows` that are not held.
fn gaps(held: &Cache, rows: &Range<u64>) -> Vec<Range<u64>> {
    let mut found = Vec::new();
    let mut at = rows.start;
    for chunk in held.overlapping(rows.clone()).map(Chunk::rows) {
        if chunk.start > at {
            found.push(at..chunk.start);
        }
        at = at.max(chunk.end);
    }
    if at < rows.end {
        found.push(at..rows.end);
    }
    found
}
