//! What is kept of every 128th row for good: its step, its time, and of every 512th its place in
//! the file.

use super::Mark64;
use super::blocks::Blocks;
use super::pyramid::BLOCK;
use crate::record::Mark;

/// Rows between two marks that are kept.
const MARKED: u64 = 512;

/// Places of rows in their file.
#[derive(Debug, Default)]
pub(super) struct Marks(Blocks<Mark64>);

/// A number for every 128th row, from the moment that any row has one.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    list: Numbers,
    last: Option<(u64, f64)>,
}

/// Numbers, of which no list is kept as long as each is as far from the one before: so steps are.
#[derive(Debug)]
enum Numbers {
    Even { first: f64, stride: f64, len: usize },
    Listed(Blocks<f64>),
}

impl Marks {
    pub(super) fn add(&mut self, base: u64, marks: &[Mark]) {
        for mark in marks {
            let row = base + u64::from(mark.row);
            let near = self
                .0
                .last()
                .is_some_and(|last| row < last.row.saturating_add(MARKED));
            if !near {
                self.0.push(Mark64 {
                    row,
                    offset: mark.offset,
                });
            }
        }
    }

    pub(super) fn before(&self, row: u64) -> Option<Mark64> {
        let behind = self.0.partition_point(|mark| mark.row <= row);
        self.0.get(behind.checked_sub(1)?)
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }
}

impl Anchors {
    /// Takes the numbers of the `count` rows from `base` on; those behind the list have none.
    pub(super) fn add(&mut self, base: u64, count: u32, numbers: &[f64]) {
        if numbers.is_empty() && self.list.is_empty() {
            return;
        }
        let end = base + u64::from(count);
        while (self.list.len() as u64) * BLOCK < end {
            let at = (self.list.len() as u64 * BLOCK).checked_sub(base);
            let number = at.and_then(|at| numbers.get(at as usize));
            self.list.push(number.copied().unwrap_or(f64::NAN));
        }
        if let Some(at) = numbers.iter().rposition(|number| number.is_finite()) {
            self.last = Some((base + at as u64, numbers[at]));
        }
    }

    pub(super) fn any(&self) -> bool {
        self.last.is_some()
    }

    pub(super) fn last(&self) -> Option<f64> {
        self.last.map(|(_, number)| number)
    }

    /// The number at `row`, read off between its neighbours; where it falls between them, the one
    /// before.
    pub(super) fn near(&self, row: u64) -> Option<f64> {
        let anchor = |at: u64| {
            let number = self.list.get(usize::try_from(at).ok()?)?;
            number.is_finite().then_some((at * BLOCK, number))
        };
        let (from, low) = anchor(row / BLOCK)?;
        let last = self.last.filter(|(last, _)| *last >= row && *last > from);
        match anchor(row / BLOCK + 1).or(last) {
            Some((to, high)) if high >= low => {
                Some(low + (high - low) * ((row - from) as f64 / (to - from) as f64))
            }
            _ => Some(low),
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.list.heap_bytes()
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Self::Even {
            first: 0.0,
            stride: 0.0,
            len: 0,
        }
    }
}

impl Numbers {
    fn len(&self) -> usize {
        match self {
            Self::Even { len, .. } => *len,
            Self::Listed(list) => list.len(),
        }
    }

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn get(&self, at: usize) -> Option<f64> {
        match self {
            Self::Even { first, stride, len } => match at {
                0 if *len > 0 => Some(*first),
                _ => (at < *len).then(|| first + stride * at as f64),
            },
            Self::Listed(list) => list.get(at),
        }
    }

    fn push(&mut self, number: f64) {
        match self {
            Self::Even { first, stride, len } => {
                match len {
                    0 => *first = number,
                    1 => *stride = number - *first,
                    _ => {}
                }
                *len += 1;
                // Where rounding gives another number, the list is needed. So it is for NaN.
                if self.get(self.len() - 1).is_none_or(|told| told != number) {
                    self.spread(number);
                }
            }
            Self::Listed(list) => list.push(number),
        }
    }

    /// Lists the numbers; the last one is `newest`.
    fn spread(&mut self, newest: f64) {
        let mut list = Blocks::default();
        (0..self.len() - 1)
            .filter_map(|at| self.get(at))
            .for_each(|number| list.push(number));
        list.push(newest);
        *self = Self::Listed(list);
    }

    fn heap_bytes(&self) -> usize {
        match self {
            Self::Even { .. } => 0,
            Self::Listed(list) => list.heap_bytes(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_thinned_and_found() {
        let mut marks = Marks::default();
        assert_eq!(marks.before(0), None);
        for row in 0..1000_u64 {
            marks.add(
                row,
                &[Mark {
                    row: 0,
                    offset: row * 10,
                }],
            );
        }
        marks.add(
            1000,
            &[
                Mark {
                    row: 500,
                    offset: 1,
                },
                Mark {
                    row: 100,
                    offset: 0,
                },
            ],
        );
        assert_eq!(marks.before(511), Some(Mark64 { row: 0, offset: 0 }));
        assert_eq!(
            marks.before(512),
            Some(Mark64 {
                row: 512,
                offset: 5120
            })
        );
        assert_eq!(
            marks.before(u64::MAX),
            Some(Mark64 {
                row: 1500,
                offset: 1
            })
        );
    }

    #[test]
    fn anchors_read_off_between() {
        let mut anchors = Anchors::default();
        anchors.add(0, 100, &[]);
        assert_eq!((anchors.any(), anchors.near(0)), (false, None));
        let steps: Vec<f64> = (100..400).map(|row| f64::from(row) * 2.0).collect();
        anchors.add(100, 300, &steps);
        assert_eq!((anchors.any(), anchors.last()), (true, Some(798.0)));
        assert_eq!(anchors.near(50), None);
        for row in 128..400 {
            let near = anchors.near(row).unwrap();
            assert!((near - row as f64 * 2.0).abs() < 1e-9, "{row} {near}");
        }
        assert_eq!(anchors.near(u64::MAX), None);
        anchors.add(400, 200, &[0.0; 200]);
        assert_eq!(anchors.near(390), Some(768.0));
    }

    #[test]
    fn even_numbers_take_no_room_and_others_are_kept_as_they_are() {
        let (nan, most) = (f64::NAN, f64::MAX);
        let cases: [(&[f64], bool); 9] = [
            (&[], true),
            (&[0.1], true),
            (&[5.0, 5.0, 5.0], true),
            (&[7.0, 135.0, 263.0, 391.0], true),
            (&[7.0, 135.0, 263.0, 390.0, 518.0], false),
            (&[0.1, 0.2, 0.3, 0.4], false),
            (&[nan, 1.0, 2.0], false),
            (&[1.0, nan, 2.0], false),
            (&[-most, most, 0.0], false),
        ];
        for (numbers, even) in cases {
            let mut list = Numbers::default();
            for number in numbers {
                list.push(*number);
            }
            assert_eq!(list.heap_bytes() == 0, even, "{numbers:?}");
            let told: Vec<f64> = (0..list.len()).filter_map(|at| list.get(at)).collect();
            assert_eq!(format!("{told:?}"), format!("{numbers:?}"));
            assert_eq!(list.get(numbers.len()), None);
        }
    }
}
