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

/// How values that are not finite lie among the finite ones of a column: in stretches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretches {
    /// Stretches with a finite value behind them.
    pub closed: u64,
    /// How many values the longest of these has.
    pub longest: u64,
    /// How many values that are not finite the column begins with.
    pub leading: u64,
    /// How many values that are not finite the column ends with.
    pub trailing: u64,
}

/// The values of one column that are not finite.
#[derive(Debug, Default)]
pub(super) struct NonFinites {
    counts: [u64; 3],
    stretches: Stretches,
    /// The number, among all values, of the one behind the newest that is not finite.
    behind: u64,
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

    /// Of a column that has `count` values.
    pub(super) fn stretches(&self, count: u64) -> Stretches {
        let mut stretches = self.stretches;
        if self.behind < count {
            stretches.close();
        }
        stretches
    }

    /// Takes in what is not finite of consecutive values; `before` is how many came before them.
    pub(super) fn add(&mut self, part: &Part, before: u64) {
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
            self.stretch(before + index as u64);
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

    fn stretch(&mut self, number: u64) {
        if self.behind < number {
            self.stretches.close();
        }
        if number == self.total() {
            self.stretches.leading += 1;
        }
        self.stretches.trailing += 1;
        self.behind = number + 1;
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

impl Stretches {
    /// A finite value came.
    fn close(&mut self) {
        if self.trailing > 0 {
            self.closed += 1;
            self.longest = self.longest.max(self.trailing);
            self.trailing = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is known of values that come in pieces of this length.
    fn stretches(values: &[f64], piece: usize) -> Stretches {
        let mut known = NonFinites::default();
        for (at, values) in values.chunks(piece).enumerate() {
            let part = Part {
                base: (at * piece) as u64,
                rows: None,
                from: 0,
                values,
                steps: &[],
            };
            known.add(&part, (at * piece) as u64);
        }
        known.stretches(values.len() as u64)
    }

    #[test]
    fn stretches_are_told_apart() {
        const N: f64 = f64::NAN;
        const I: f64 = f64::INFINITY;
        let table: [(&[f64], [u64; 4]); 8] = [
            (&[], [0, 0, 0, 0]),
            (&[1.0, 2.0], [0, 0, 0, 0]),
            (&[1.0, N, 2.0], [1, 1, 0, 0]),
            (&[N, N, 1.0, N, N, N, 2.0, N, N], [2, 3, 2, 2]),
            (&[1.0, N, N], [0, 0, 0, 2]),
            (&[N, N, N], [0, 0, 3, 3]),
            (&[N, I, N, 1.0, I, I], [1, 3, 3, 2]),
            (&[1.0, N, 1.0, N, 1.0, N, 1.0, 1.0, 1.0], [3, 1, 0, 0]),
        ];
        for (values, [closed, longest, leading, trailing]) in table {
            let expected = Stretches {
                closed,
                longest,
                leading,
                trailing,
            };
            for piece in [1, 2, 3, 100] {
                assert_eq!(stretches(values, piece), expected, "{values:?} by {piece}");
            }
        }
    }
}
