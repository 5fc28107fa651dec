//! One key of a stream: what is kept of its values for good.

use std::ops::Range;

use super::live::{Live, Restart};
use super::non_finite::{NonFinite, NonFiniteKind, NonFinites, Stretches};
use super::part::{Part, Run, StepOrder};
use super::pyramid::Pyramid;
use super::tally::{Stats, Summary, Tally};

/// One key of a stream.
#[derive(Debug, Default)]
pub struct Column {
    pub key: String,
    /// Rows that held something that is no number.
    pub others: u64,
    pyramid: Pyramid,
    non_finite: NonFinites,
    pub(super) live: Live,
}

impl Column {
    pub(super) fn new(key: String) -> Self {
        Self {
            key,
            ..Self::default()
        }
    }

    /// All rows that held a number under this key, NaN and infinities included.
    pub fn count(&self) -> u64 {
        self.pyramid.values()
    }

    /// How many of them are finite.
    pub fn finite(&self) -> u64 {
        self.count() - self.non_finite.total()
    }

    pub fn nan(&self) -> u64 {
        self.non_finite.count(NonFiniteKind::NaN)
    }

    pub fn pos_inf(&self) -> u64 {
        self.non_finite.count(NonFiniteKind::PosInf)
    }

    pub fn neg_inf(&self) -> u64 {
        self.non_finite.count(NonFiniteKind::NegInf)
    }

    /// The first 256 and the last 256 values that are not finite, in the order of the rows.
    pub fn non_finite(&self) -> impl Iterator<Item = NonFinite> + '_ {
        self.non_finite.list()
    }

    /// How the values that are not finite lie among the others.
    pub fn stretches(&self) -> Stretches {
        self.non_finite.stretches(self.count())
    }

    /// Statistics over the rows that no restart superseded.
    pub fn live(&self) -> Stats {
        self.live.stats()
    }

    /// Whether `live()` is exact now: no rows are awaited (see `Store::wants`) or lost.
    pub fn settled(&self) -> bool {
        self.live.settled()
    }

    /// The newest restarts, up to 1,024.
    pub fn restarts(&self) -> &[Restart] {
        self.live.restarts()
    }

    /// All restarts, also those no longer listed.
    pub fn restart_count(&self) -> u64 {
        self.live.restart_count()
    }

    /// The rows that restarts superseded, ascending and apart. Rows in them that name no step
    /// still count. Beyond 4,096 ranges, neighbours are joined: good enough to draw.
    pub fn superseded(&self) -> &[Range<u64>] {
        self.live.superseded()
    }

    pub fn pyramid(&self) -> &Pyramid {
        &self.pyramid
    }

    /// The oldest row with a number under this key.
    pub fn first_row(&self) -> Option<u64> {
        self.pyramid.first_row()
    }

    /// The newest row with a number under this key.
    pub fn last_row(&self) -> Option<u64> {
        self.pyramid.last_row()
    }

    pub(super) fn append(&mut self, part: Part, order: StepOrder) {
        let mut rest = part;
        while rest.len() > 0 {
            let (run, behind) = rest.split_run(order);
            match run {
                Run::Loose(part) => {
                    absorb(
                        &mut self.pyramid,
                        &mut self.non_finite,
                        self.live.loose(),
                        part,
                    );
                }
                Run::Stepped(mut part) => {
                    while part.len() > 0 {
                        let (tally, count) = self.live.stepped(&part);
                        let piece = part.cut(0..count);
                        absorb(&mut self.pyramid, &mut self.non_finite, tally, piece);
                        part = part.cut(count..part.len());
                    }
                }
            }
            rest = behind;
        }
    }

    /// Forgets everything but the key.
    pub(super) fn reset(&mut self) {
        *self = Self::new(std::mem::take(&mut self.key));
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.key.capacity()
            + self.pyramid.heap_bytes()
            + self.non_finite.heap_bytes()
            + self.live.heap_bytes()
    }
}

/// Takes in values block by block: while a block is in the cache of the processor, all that is to
/// be known of it is read off.
fn absorb(pyramid: &mut Pyramid, non_finite: &mut NonFinites, tally: &mut Tally, part: Part) {
    let mut from = 0;
    while from < part.len() {
        let to = part.len().min(from + pyramid.room());
        let piece = part.cut(from..to);
        let summary = Summary::of(piece.values);
        if summary.finite < piece.len() as u64 {
            non_finite.add(&piece, pyramid.values());
        }
        pyramid.push(
            piece.len(),
            &summary,
            piece.row(0),
            piece.row(piece.len() - 1),
        );
        tally.add_all(piece.values, &summary, |index| piece.sample(index));
        from = to;
    }
}
