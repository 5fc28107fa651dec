//! The statistics of a segment that a restart cut in two, from its values read once more.

use super::part::Part;
use super::tally::{Sample, Tally};

/// Reads the values of a segment again, and keeps what lies before the cut.
#[derive(Debug)]
pub(super) struct Replay {
    /// The rows are being fetched.
    pub(super) asked: bool,
    /// Steps from here on no longer count.
    cut: f64,
    /// The row of the restart.
    until: u64,
    /// All rows before this one have been seen.
    next: u64,
    gap: bool,
    /// The restart that lowered the cut came too late: values behind it are counted.
    outrun: bool,
    seen: Seen,
}

/// What a replay finds.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) tally: Tally,
    /// The row and step of the last live value.
    pub(super) last: Option<(u64, f64)>,
    /// The row of the first value that no longer counts.
    pub(super) dropped: Option<u64>,
    pub(super) until: u64,
}

#[derive(Debug)]
enum Seen {
    /// The steps rise from the first to the last row: the values before the cut are those that
    /// come first.
    Straight(Outcome),
    /// Older restarts lie between the rows: the live values, to be cut by further ones.
    Stacked(Vec<Sample>),
}

impl Replay {
    pub(super) fn new(start: u64, cut: f64, until: u64, holes: bool) -> Self {
        let seen = if holes {
            Seen::Stacked(Vec::new())
        } else {
            Seen::Straight(Outcome::default())
        };
        Self {
            asked: false,
            cut,
            until,
            next: start,
            gap: false,
            outrun: false,
            seen,
        }
    }

    /// A further restart cuts more.
    pub(super) fn lower(&mut self, cut: f64, until: u64) {
        self.cut = self.cut.min(cut);
        self.until = until;
        if let Seen::Straight(Outcome {
            last: Some((_, step)),
            ..
        }) = &self.seen
        {
            self.outrun |= *step >= self.cut;
        }
    }

    pub(super) fn outrun(&self) -> bool {
        self.outrun
    }

    pub(super) fn begin_anew(&mut self, start: u64) {
        *self = Self::new(
            start,
            self.cut,
            self.until,
            matches!(self.seen, Seen::Stacked(_)),
        );
    }

    /// Whether every row up to `end` was seen.
    pub(super) fn complete(&self, end: u64) -> bool {
        !self.gap && self.next >= end
    }

    /// Takes the rows `from..to`, of which `part` are the column's values; those from `end` on are
    /// not of the segment.
    pub(super) fn feed(&mut self, part: Option<Part>, from: u64, to: u64, end: u64) {
        if to <= self.next || self.next >= end {
            return;
        }
        self.gap |= from > self.next;
        if let Some(part) = part.map(|part| part.within(&(self.next..end))) {
            let samples = (0..part.len()).map(|index| part.sample(index));
            for sample in samples.filter(|sample| sample.step.is_finite()) {
                self.seen.add(sample, self.cut);
            }
        }
        self.next = to;
    }

    pub(super) fn outcome(self) -> Outcome {
        let until = self.until;
        match self.seen {
            Seen::Straight(outcome) => Outcome { until, ..outcome },
            Seen::Stacked(stack) => {
                let live = stack.partition_point(|sample| sample.step < self.cut);
                let mut tally = Tally::default();
                stack[..live].iter().for_each(|sample| tally.add(*sample));
                let last = stack[..live].last().map(|sample| (sample.row, sample.step));
                let dropped = stack.get(live).map(|sample| sample.row);
                Outcome {
                    tally,
                    last,
                    dropped,
                    until,
                }
            }
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let stack = match &self.seen {
            Seen::Straight(_) => 0,
            Seen::Stacked(stack) => stack.capacity() * size_of::<Sample>(),
        };
        size_of::<Self>() + stack
    }
}

impl Seen {
    fn add(&mut self, sample: Sample, cut: f64) {
        match self {
            Self::Straight(outcome) if outcome.dropped.is_some() => {}
            Self::Straight(outcome) if sample.step >= cut => outcome.dropped = Some(sample.row),
            Self::Straight(outcome) => {
                outcome.tally.add(sample);
                outcome.last = Some((sample.row, sample.step));
            }
            Self::Stacked(stack) => {
                if stack.last().is_some_and(|top| sample.step < top.step) {
                    let live = stack.partition_point(|held| held.step < sample.step);
                    stack.truncate(live);
                }
                stack.push(sample);
            }
        }
    }
}
