//! Values that are no finite number: counted exactly, listed in part.

use std::collections::VecDeque;

use super::part::Part;

/// How many of the first and of the last ones are listed.
const LISTED: usize = 256;

/// A value that is no finite number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NonFinite {
    pub row: u64,
    /// The step that the row names itself.
    pub step: Option<f64>,
    pub kind: NonFiniteKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonFiniteKind {
    NaN,
    PosInf,
    NegInf,
}

/// The values of one column that are not finite.
#[derive(Debug, Default)]
pub(super) struct NonFinites {
    counts: [u64; 3],
    first: Vec<NonFinite>,
    last: VecDeque<NonFinite>,
}

impl NonFinites {
    pub(super) fn count(&self, kind: NonFiniteKind) -> u64 {
        self.counts[kind as usize]
    }

    pub(super) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    pub(super) fn list(&self) -> impl Iterator<Item = NonFinite> + '_ {
        self.first.iter().chain(&self.last).copied()
    }

    pub(super) fn add(&mut self, part: &Part) {
        for (index, value) in part
            .values
            .iter()
            .enumerate()
            .filter(|(_, v)| !v.is_finite())
        {
            let kind = match value {
                value if value.is_nan() => NonFiniteKind::NaN,
                value if *value > 0.0 => NonFiniteKind::PosInf,
                _ => NonFiniteKind::NegInf,
            };
            let step = Some(part.step(index)).filter(|step| step.is_finite());
            self.counts[kind as usize] += 1;
            self.keep(NonFinite {
                row: part.row(index),
                step,
                kind,
            });
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        (self.first.capacity() + self.last.capacity()) * size_of::<NonFinite>()
    }

    fn keep(&mut self, value: NonFinite) {
        if self.first.len() < LISTED {
            self.first.push(value);
            return;
        }
        if self.last.len() == LISTED {
            self.last.pop_front();
        }
        self.last.push_back(value);
    }
}
