//! Looks up where along an axis the rows of one stream lie, one after the other.

use std::ops::Range;

use super::{Axes, Known, XAxis};
use crate::record::{ColumnId, StreamId};
use crate::store::{Run, Stream};

/// The places of a stream's rows. Asked for rising rows, it starts each search where the last one
/// ended, and never goes back before [`Self::begin`].
#[derive(Clone, Debug)]
pub struct Along<'a> {
    at: Places<'a>,
    joined: Option<Joined<'a>>,
    spread: Option<Spread>,
    last: f64,
}

/// What one stream names itself.
#[derive(Clone, Copy, Debug)]
struct Places<'a> {
    stream: &'a Stream,
    source: Source,
    rows: u64,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Row,
    Step,
    Column(ColumnId),
    /// Seconds since this moment.
    Time(f64),
}

/// The other stream whose rows stand for those of this one.
#[derive(Clone, Debug)]
struct Joined<'a> {
    by: By<'a>,
    /// What both call their epoch: a row stands in none but its own.
    epochs: Option<Epochs<'a>>,
    /// The row that was found last.
    hint: u64,
    rows: u64,
}

#[derive(Clone, Copy, Debug)]
struct Epochs<'a> {
    mine: Places<'a>,
    other: Places<'a>,
}

#[derive(Clone, Debug)]
enum By<'a> {
    /// Both name this: the last row of the other that is not beyond.
    Key { mine: Places<'a>, other: Places<'a> },
    /// As many rows, or nothing else to go by: the same share of all rows.
    Share { mine: u64 },
}

/// Rows of one epoch, spread over it.
#[derive(Clone, Copy, Debug)]
struct Spread {
    epoch: f64,
    start: u64,
    end: u64,
    /// How many rows the epoch has, or will have.
    length: u64,
    /// Rows of one step stand at one place.
    has_steps: bool,
}

/// With more epochs than this, each of them is too narrow to see anything in it.
const EPOCHS_SPREAD: f64 = 128.0;
/// How far around a row that names no epoch one is looked for.
const AROUND: u64 = 64;

impl<'a> Along<'a> {
    pub(super) fn new(axes: &'a Axes, run: &'a Run, stream: StreamId, kind: XAxis) -> Option<Self> {
        let me = Member::of(axes, run, stream.0 as usize)?;
        let mine = me.places(kind, axes.start);
        let others = (0..axes.streams.len()).filter(|at| *at != stream.0 as usize);
        let others = others.filter_map(|at| Member::of(axes, run, at));
        let others = others.filter_map(|other| {
            // Rows that name their epoch stand where those are that tell best how far it is.
            let tells_more = other.known.rows > me.known.rows && other.spread(kind).is_some();
            if mine.is_some() && !tells_more {
                return None;
            }
            let places = other.places(kind, axes.start)?;
            let (rank, by) = me.join(&other, axes.start)?;
            Some((rank, other, places, by))
        });
        // Of several equally good ones the longest tells most.
        let best = others.min_by_key(|(rank, other, ..)| (*rank, u64::MAX - other.known.rows));
        let Some((_, other, at, by)) = best else {
            return Some(Self {
                at: mine?,
                joined: None,
                spread: me.spread(kind),
                last: f64::NEG_INFINITY,
            });
        };
        Some(Self {
            at,
            joined: Some(Joined {
                by,
                epochs: mine.map(|mine| Epochs { mine, other: at }),
                hint: 0,
                rows: other.known.rows,
            }),
            spread: other.spread(kind),
            last: f64::NEG_INFINITY,
        })
    }

    /// The rows that follow lie anywhere.
    pub fn begin(&mut self) {
        self.last = f64::NEG_INFINITY;
    }

    /// Where a row lies: finite, and not before the one asked for last.
    pub fn place(&mut self, row: u64) -> Option<f64> {
        let (row, from) = match &mut self.joined {
            Some(joined) => (joined.row(row)?, joined.epoch(row)),
            None => (row, None),
        };
        let place = match &mut self.spread {
            Some(spread) => spread.place(&self.at, row)?,
            None => self.at.near(row)?,
        };
        // An epoch of which the other stream knows nothing yet.
        let place = from.map_or(place, |epoch| place.max(epoch));
        if !place.is_finite() {
            return None;
        }
        self.last = self.last.max(place);
        Some(self.last)
    }

    /// The first of some rows, along which places ascend, that does not lie before a place; the end
    /// of the rows when all of them do. The rows that are asked for next lie anywhere.
    pub fn first_from(&mut self, rows: Range<u64>, place: f64) -> u64 {
        let (mut low, mut high) = (rows.start, rows.end.max(rows.start));
        while low < high {
            let middle = low + (high - low) / 2;
            self.begin();
            if self.place(middle).is_some_and(|found| found >= place) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        self.begin();
        low
    }
}

/// A stream with what is known of it.
#[derive(Clone, Copy, Debug)]
struct Member<'a> {
    known: &'a Known,
    stream: &'a Stream,
}

impl<'a> Member<'a> {
    fn of(axes: &'a Axes, run: &'a Run, at: usize) -> Option<Self> {
        Some(Self {
            known: axes.streams.get(at)?,
            stream: run.streams.get(at)?,
        })
    }

    fn places(&self, kind: XAxis, start: f64) -> Option<Places<'a>> {
        let source = match kind {
            XAxis::Row => Source::Row,
            XAxis::Step | XAxis::Epoch if self.known.steps == Some(kind) => Source::Step,
            XAxis::Epoch => Source::Column(self.known.epoch?),
            XAxis::Time if self.known.has_times => Source::Time(start),
            XAxis::Clock if self.known.has_times => Source::Time(0.0),
            XAxis::Step | XAxis::Time | XAxis::Clock => return None,
        };
        Some(Places {
            stream: self.stream,
            source,
            rows: self.known.rows,
        })
    }

    /// How rows of this stream are found in another one, and how good that is.
    fn join(&self, other: &Self, start: f64) -> Option<(u8, By<'a>)> {
        if other.known.rows == 0 {
            return None;
        }
        let by = |kind| {
            let (mine, other) = (self.places(kind, start)?, other.places(kind, start)?);
            Some(By::Key { mine, other })
        };
        let share = By::Share {
            mine: self.known.rows,
        };
        if let Some(by) = by(XAxis::Step) {
            return Some((0, by));
        }
        if let Some(by) = by(XAxis::Epoch) {
            return Some((1, by));
        }
        // `log(epoch=3, train=dict(…))` writes a row of the root for each row of a child.
        if other.known.is_root && other.known.rows.abs_diff(self.known.rows) <= 1 {
            return Some((2, share));
        }
        match by(XAxis::Time) {
            Some(by) => Some((3, by)),
            None => Some((4, share)),
        }
    }

    fn spread(&self, kind: XAxis) -> Option<Spread> {
        let (lo, hi) = match self.known.steps {
            Some(XAxis::Epoch) => (self.stream.step_near(0)?, self.stream.max_step()?),
            _ => self.known.epochs?,
        };
        let whole = lo.fract() == 0.0 && hi.fract() == 0.0;
        let few = (1.0..EPOCHS_SPREAD).contains(&(hi - lo));
        let spreads = kind == XAxis::Epoch && whole && few && self.known.spreads(lo, hi);
        spreads.then_some(Spread {
            epoch: f64::NAN,
            start: 0,
            end: 0,
            length: 0,
            has_steps: self.known.steps == Some(XAxis::Step),
        })
    }
}

impl Places<'_> {
    /// What a row names, exact where it is resident, else read off between what is kept for good.
    fn near(&self, row: u64) -> Option<f64> {
        match self.source {
            Source::Row => Some(row as f64),
            Source::Step => self.stream.step_near(row),
            Source::Time(start) => self.stream.time_near(row).map(|time| time - start),
            Source::Column(id) => self.value_near(id, row),
        }
    }

    fn value_near(&self, id: ColumnId, row: u64) -> Option<f64> {
        let finite = |value: &f64| value.is_finite();
        if let Some(value) = self.stream.value(id, row).filter(finite) {
            return Some(value);
        }
        if self.stream.resident().contains(&row) {
            let values = |rows| self.stream.values(id, rows).map(|(_, value)| value);
            let before = values(row.saturating_sub(AROUND)..row)
                .filter(finite)
                .last();
            let found = before.or_else(|| values(row..row + AROUND).find(finite));
            if found.is_some() {
                return found;
            }
        }
        let column = self.stream.column_at(id)?;
        let blocks = column.pyramid().window(row..row + 1, 1);
        let block = blocks.first()?;
        let length = (block.rows.end - block.rows.start).max(1) as f64;
        let share = row.saturating_sub(block.rows.start) as f64 / length;
        Some(block.min + (block.max - block.min) * share.min(1.0))
    }
}

impl Joined<'_> {
    /// The epoch that a row names itself.
    fn epoch(&self, row: u64) -> Option<f64> {
        self.epochs.and_then(|epochs| epochs.mine.near(row))
    }

    /// The row of the other stream that stands for a row of this one.
    fn row(&mut self, row: u64) -> Option<u64> {
        let last = self.rows.checked_sub(1)?;
        let epoch = self.epoch(row);
        let later = |row: u64| {
            let named = self.epochs.and_then(|epochs| epochs.other.near(row));
            named.zip(epoch).is_some_and(|(other, mine)| other > mine)
        };
        match &self.by {
            By::Share { mine } => {
                if mine.abs_diff(self.rows) <= 1 {
                    return Some(row.min(last));
                }
                let share = u128::from(row) * u128::from(self.rows) / u128::from((*mine).max(1));
                Some((share as u64).min(last))
            }
            By::Key { mine, other } => {
                let key = mine.near(row)?;
                let beyond =
                    |row: u64| later(row) || other.near(row).is_some_and(|found| found > key);
                let first_beyond = search(self.hint, self.rows, beyond);
                let before = first_beyond.saturating_sub(1);
                self.hint = before;
                let named = epoch.is_some() || !matches!(other.source, Source::Time(_));
                if first_beyond >= self.rows || named {
                    return Some(before);
                }
                // Times are never equal: the nearest will do.
                let away = |row: u64| other.near(row).map_or(f64::INFINITY, |at| (at - key).abs());
                Some(if away(first_beyond) < away(before) {
                    first_beyond
                } else {
                    before
                })
            }
        }
    }
}

impl Spread {
    /// The epoch of a row, and how far in it the row is.
    fn place(&mut self, at: &Places<'_>, row: u64) -> Option<f64> {
        if !(self.start..self.end).contains(&row) {
            let epoch = at.near(row)?;
            if epoch.fract() != 0.0 {
                return Some(epoch);
            }
            let start = search(row, row + 1, |row| at.near(row).is_some_and(|e| e >= epoch));
            let end = search(row, at.rows.max(row + 1), |row| {
                at.near(row).is_some_and(|found| found > epoch)
            });
            let before = if end < at.rows || start == 0 {
                0
            } else {
                // It has not ended: the epoch before says how long one is.
                let held = at.near(start - 1);
                let same = |row: u64| at.near(row).zip(held).is_some_and(|(a, b)| a >= b);
                start - search(start - 1, start, same)
            };
            self.length = before.max(end - start);
            (self.epoch, self.start, self.end) = (epoch, start, end);
        }
        let step = at.stream.step_near(row).filter(|_| self.has_steps);
        let row = step.map_or(row, |step| {
            let reached = |row: u64| at.stream.step_near(row).is_none_or(|found| found >= step);
            search(row, row + 1, reached).max(self.start)
        });
        let share = (row - self.start) as f64 / self.length.max(1) as f64;
        Some(self.epoch + share.min(1.0))
    }
}

/// The first row in `0..end` that is `beyond`, or `end`: looks around `hint` in growing steps, then
/// between two of them.
fn search(hint: u64, end: u64, beyond: impl Fn(u64) -> bool) -> u64 {
    if end == 0 {
        return 0;
    }
    let hint = hint.min(end - 1);
    let (mut low, mut high, mut stride) = (hint, hint, 1);
    if beyond(hint) {
        loop {
            let Some(next) = low.checked_sub(stride) else {
                low = 0;
                break;
            };
            low = next;
            if !beyond(low) {
                low += 1;
                break;
            }
            (high, stride) = (low, stride * 2);
        }
    } else {
        low = hint + 1;
        loop {
            high = low.saturating_add(stride - 1).min(end);
            if high == end || beyond(high) {
                break;
            }
            (low, stride) = (high + 1, stride * 2);
        }
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if beyond(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn searches_find_the_first_row_beyond(end in 0..500_u64, first in 0..600_u64, hint in 0..700_u64) {
            prop_assert_eq!(search(hint, end, |row| row >= first), first.min(end));
        }
    }
}
