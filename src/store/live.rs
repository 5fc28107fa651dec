//! Which values of a column count: those that no restart superseded, as a stack of segments with
//! rising steps, so that a restart cuts the stack instead of looking at all values again.

use std::ops::Range;

use super::part::Part;
use super::ranges::Ranges;
use super::replay::Replay;
use super::tally::{Stats, Tally};

/// Segments with fewer values than this are continued or joined, so that their number is bounded.
const FEW: u64 = 4096;
/// A segment of this many rows is closed, so that what a restart makes us read again is bounded.
const LONG: u64 = 32_768;
/// A segment with holes is not spread wider than this.
const WIDE: u64 = 65_536;
/// How many restarts are listed.
const LISTED: usize = 1024;

/// The live values of one column.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// Values whose rows name no step: nothing supersedes them.
    loose: Tally,
    segments: Vec<Segment>,
    last_step: Option<f64>,
    /// A segment was cut since somebody last asked.
    cut: bool,
    history: Option<Box<History>>,
}

/// The run began anew: from `row` on, what had this step or a later one no longer counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Restart {
    pub row: u64,
    pub step: f64,
}

/// What most columns never need.
#[derive(Debug, Default)]
struct History {
    restarts: Vec<Restart>,
    count: u64,
    superseded: Ranges,
    /// The first row that was superseded since somebody last asked.
    newly: Option<u64>,
    /// Rows that were needed again could not be had.
    lost: bool,
}

/// Live values with rising steps, all between two rows.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) start: u64,
    pub(super) end: u64,
    first_step: f64,
    /// Of a segment that awaits its replay: no less than the true one.
    last_step: f64,
    tally: Tally,
    /// All segments before this one.
    before: Tally,
    /// Not all stepped values between the two rows are live.
    holes: bool,
    /// Set while the segment is cut and its statistics are unknown; they are empty until then.
    pub(super) replay: Option<Box<Replay>>,
}

impl Live {
    pub(super) fn stats(&self) -> Stats {
        let stepped = self
            .segments
            .last()
            .map_or_else(Tally::default, Segment::all);
        stepped.and(&self.loose).stats()
    }

    pub(super) fn settled(&self) -> bool {
        self.history.as_ref().is_none_or(|history| {
            !history.lost && self.segments.iter().all(|segment| segment.replay.is_none())
        })
    }

    pub(super) fn restarts(&self) -> &[Restart] {
        self.history
            .as_ref()
            .map_or(&[], |history| &history.restarts)
    }

    pub(super) fn restart_count(&self) -> u64 {
        self.history.as_ref().map_or(0, |history| history.count)
    }

    pub(super) fn superseded(&self) -> &[Range<u64>] {
        self.history
            .as_ref()
            .map_or(&[], |history| history.superseded.as_slice())
    }

    /// The first of the rows that were superseded since this was last asked.
    pub(super) fn take_newly_superseded(&mut self) -> Option<u64> {
        self.history.as_mut()?.newly.take()
    }

    pub(super) fn loose(&mut self) -> &mut Tally {
        &mut self.loose
    }

    /// Makes room for a piece of values with rising steps, and returns where to count them and how
    /// many of them.
    pub(super) fn stepped(&mut self, part: &Part) -> (&mut Tally, usize) {
        let count = part.len().min(LONG as usize / 2);
        let (row, step) = (part.row(0), part.step(0));
        let after_hole = self.last_step.is_some_and(|last| step < last);
        if after_hole {
            self.restart(row, step);
        }
        let open = self
            .segments
            .last()
            .is_some_and(|top| top.goes_on(row, after_hole));
        if !open {
            let before = self
                .segments
                .last()
                .map_or_else(Tally::default, Segment::all);
            if self.segments.is_empty() {
                self.segments.reserve_exact(1);
            }
            self.segments.push(Segment::new(row, step, before));
        }
        let last_step = part.step(count - 1);
        self.last_step = Some(last_step);
        let last = self.segments.len() - 1;
        let top = &mut self.segments[last];
        top.holes |= open && after_hole;
        top.end = part.row(count - 1) + 1;
        top.last_step = last_step;
        (&mut top.tally, count)
    }

    /// Whether a segment was cut since this was last asked.
    pub(super) fn take_cut(&mut self) -> bool {
        std::mem::take(&mut self.cut)
    }

    /// The segments that await their replay.
    pub(super) fn waiting(&mut self) -> impl Iterator<Item = &mut Segment> {
        self.segments
            .iter_mut()
            .filter(|segment| segment.replay.is_some())
    }

    /// Ends the replays that `done` picks. Those that a further restart outran begin anew.
    pub(super) fn finish(&mut self, done: impl Fn(&Segment) -> bool) {
        let history = self.history.get_or_insert_default();
        for segment in self.segments.iter_mut().filter(|segment| done(segment)) {
            let Some(mut replay) = segment.replay.take() else {
                continue;
            };
            if replay.outrun() {
                replay.begin_anew(segment.start);
                segment.replay = Some(replay);
                continue;
            }
            history.lost |= !replay.complete(segment.end);
            let outcome = replay.outcome();
            if let Some(row) = outcome.dropped {
                history.supersede(row..outcome.until);
            }
            segment.tally = outcome.tally;
            (segment.end, segment.last_step) = outcome
                .last
                .map_or((segment.start, segment.first_step), |(row, step)| {
                    (row + 1, step)
                });
        }
        self.join();
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let history = self.history.as_ref().map_or(0, |history| {
            size_of::<History>()
                + history.restarts.capacity() * size_of::<Restart>()
                + history.superseded.heap_bytes()
        });
        let replays: usize = self
            .segments
            .iter()
            .filter_map(|s| s.replay.as_ref())
            .map(|r| r.heap_bytes())
            .sum();
        self.segments.capacity() * size_of::<Segment>() + history + replays
    }

    /// Everything with this step or a later one no longer counts.
    fn restart(&mut self, row: u64, step: f64) {
        let mut from = row;
        while let Some(top) = self.segments.pop_if(|top| top.first_step >= step) {
            from = top.start;
        }
        let history = self.history.get_or_insert_default();
        history.supersede(from..row);
        history.count += 1;
        if history.restarts.len() == LISTED {
            history.restarts.drain(..LISTED / 2);
        }
        history.restarts.push(Restart { row, step });
        if let Some(top) = self.segments.last_mut().filter(|top| top.last_step >= step) {
            top.cut(step, row);
            self.cut = true;
        }
    }

    /// Joins small neighbours, so that many restarts do not leave many segments.
    fn join(&mut self) {
        let mut joined: usize = 0;
        for index in 1..self.segments.len() {
            let (front, back) = self.segments.split_at_mut(index);
            let (kept, next) = (&mut front[joined], &mut back[0]);
            if kept.joins(next) {
                kept.tally = kept.tally.and(&next.tally);
                (kept.end, kept.last_step, kept.holes) = (next.end, next.last_step, true);
                continue;
            }
            next.before = kept.all();
            joined += 1;
            self.segments.swap(joined, index);
        }
        self.segments.truncate(joined + 1);
        if self.segments.capacity() > 8 + 4 * self.segments.len() {
            self.segments.shrink_to(2 * self.segments.len());
        }
    }
}

impl History {
    fn supersede(&mut self, rows: Range<u64>) {
        if !rows.is_empty() {
            self.newly = Some(self.newly.map_or(rows.start, |first| first.min(rows.start)));
        }
        self.superseded.add(rows);
    }
}

impl Segment {
    /// Between its first and last value; behind the last one where that is not known.
    pub(super) fn rows(&self) -> Range<u64> {
        self.start..self.end
    }

    fn new(row: u64, step: f64, before: Tally) -> Self {
        Self {
            start: row,
            end: row,
            first_step: step,
            last_step: step,
            tally: Tally::default(),
            before,
            holes: false,
            replay: None,
        }
    }

    /// This segment and all before it.
    fn all(&self) -> Tally {
        self.before.and(&self.tally)
    }

    /// Whether a value at `row` may still be added.
    fn goes_on(&self, row: u64, after_hole: bool) -> bool {
        let rows = row - self.start;
        if self.replay.is_some() {
            return false;
        }
        let few = self.tally.count < FEW;
        if self.holes || after_hole {
            few && rows < WIDE
        } else {
            few || rows < LONG
        }
    }

    fn joins(&self, next: &Self) -> bool {
        self.replay.is_none()
            && next.replay.is_none()
            && self.tally.count + next.tally.count < FEW
            && next.end.saturating_sub(self.start) < WIDE
    }

    /// Drops the values from `step` on, as far as that is possible without them.
    fn cut(&mut self, step: f64, row: u64) {
        self.last_step = step;
        self.tally = Tally::default();
        match &mut self.replay {
            Some(replay) => replay.lower(step, row),
            None => self.replay = Some(Box::new(Replay::new(self.start, step, row, self.holes))),
        }
    }
}
