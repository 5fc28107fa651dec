//! One key of a stream: what is kept of its values for good.

use std::ops::Range;

use super::cache::Cache;
use super::ema::Weight;
use super::live::{Live, Restart};
use super::non_finite::{NonFinite, NonFiniteKind, NonFinites, Stretches};
use super::part::{Part, Run, StepOrder};
use super::pyramid::Pyramid;
use super::smooth::{Smooth, Smoothed};
use super::tally::{Stats, Summary, Tally};
use crate::record::ColumnId;

/// One key of a stream.
#[derive(Debug, Default)]
pub struct Column {
    pub key: String,
    /// Rows that held something that is no number.
    pub others: u64,
    pyramid: Pyramid,
    non_finite: NonFinites,
    pub(super) live: Live,
    /// The column smoothed, for as long as somebody looks at that.
    smooths: Option<Box<Smooths>>,
}

/// Nearly all columns have none.
#[derive(Debug)]
struct Smooths {
    list: Vec<Smooth>,
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

    /// The column smoothed with this weight of what was before, if somebody looks at that (see
    /// `Store::look`): `TensorBoard`'s exponential moving average over every value that no restart
    /// superseded, in the order of the rows. What is not finite passes through and does not count,
    /// and a series whose finite values are all equal stays as it is.
    pub fn smoothed(&self, weight: f64) -> Option<Smoothed<'_>> {
        let list = &self.smooths.as_ref()?.list;
        let smooth = list.iter().find(|smooth| smooth.is_of(weight))?;
        Some(Smoothed::new(self, smooth))
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

    /// Sees to it that the column is smoothed with these weights, and with no others.
    pub(super) fn smooth_with(&mut self, weights: &[f64]) {
        let mut list = self.smooths.take().map_or_else(Vec::new, |held| held.list);
        list.retain(|smooth| weights.iter().any(|weight| smooth.is_of(*weight)));
        for weight in weights {
            let known = list.iter().any(|smooth| smooth.is_of(*weight));
            let fresh = Weight::new(*weight).filter(|_| !known);
            list.extend(fresh.map(Smooth::new));
        }
        self.smooths = (!list.is_empty()).then(|| Box::new(Smooths { list }));
    }

    pub(super) fn smooths(&self) -> &[Smooth] {
        self.smooths.as_ref().map_or(&[], |held| &held.list)
    }

    pub(super) fn smooth_mut(&mut self, weight: f64) -> Option<&mut Smooth> {
        let list = &mut self.smooths.as_mut()?.list;
        list.iter_mut().find(|smooth| smooth.is_of(weight))
    }

    pub(super) fn forget_near(&mut self) {
        let list = self.smooths.iter_mut().flat_map(|held| &mut held.list);
        list.for_each(Smooth::forget_near);
    }

    /// Takes what is resident and was not smoothed yet of a stream of `rows` rows; true when
    /// something must be smoothed anew.
    pub(super) fn smooth_on(
        &mut self,
        id: ColumnId,
        cache: &Cache,
        rows: u64,
        room: usize,
    ) -> bool {
        let newly = self.live.take_newly_superseded();
        let (first, last) = (self.first_row(), self.last_row());
        let superseded = self.live.superseded();
        let smooths = self.smooths.iter_mut().flat_map(|held| &mut held.list);
        let mut rewound = false;
        for smooth in smooths {
            rewound |= newly.is_some_and(|row| smooth.rewind(row));
            smooth.skip(first.unwrap_or(rows));
            while last.is_some_and(|last| smooth.next() <= last) {
                let next = smooth.next();
                let Some(chunk) = cache.overlapping(next..rows).next() else {
                    break;
                };
                if chunk.rows().start > next {
                    break;
                }
                smooth.feed(chunk.part(id), chunk.rows().end, superseded);
            }
            if last.is_none_or(|last| smooth.next() > last) {
                smooth.skip(rows);
            }
            smooth.limit(room);
        }
        rewound
    }

    /// How many rows each of its averages has seen, and what is held of it.
    pub(super) fn smoothed_so_far(&self) -> (u64, usize) {
        let each = self.smooths().iter().map(Smooth::so_far);
        each.fold((0, 0), |(rows, bytes), (seen, held)| {
            (rows + seen, bytes + held)
        })
    }

    /// Smooths the rows `first..end`, which were read again, as far as they follow what was seen;
    /// true when any did.
    pub(super) fn smooth_again(
        &mut self,
        part: Option<Part>,
        first: u64,
        end: u64,
        room: usize,
    ) -> bool {
        let superseded = self.live.superseded();
        let list = self.smooths.iter_mut().flat_map(|held| &mut held.list);
        let mut any = false;
        for smooth in list.filter(|smooth| (first..end).contains(&smooth.next())) {
            smooth.feed(part, end, superseded);
            smooth.limit(room);
            any = true;
        }
        any
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
            + self.smooth_bytes()
    }

    fn smooth_bytes(&self) -> usize {
        self.smooths.as_ref().map_or(0, |held| {
            let lists: usize = held.list.iter().map(Smooth::heap_bytes).sum();
            size_of::<Smooths>() + held.list.capacity() * size_of::<Smooth>() + lists
        })
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
