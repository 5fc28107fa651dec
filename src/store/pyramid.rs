//! Minimum and maximum of blocks of values, of blocks of blocks and so on: any window of a column
//! at any width in a few steps, without the values.

use std::ops::Range;

use super::blocks::Blocks;
use super::tally::Summary;

/// Values that one block of the lowest level stands for.
pub(super) const BLOCK: u64 = 128;
/// Blocks that one block of the next level stands for.
const FAN: usize = 16;

/// Minima and maxima of a column at every scale.
#[derive(Debug, Default)]
pub struct Pyramid {
    values: u64,
    first_row: u64,
    last_row: u64,
    blocks: Blocks<Span>,
    /// The row of the first value of each block, from the moment that a row has no value.
    starts: Option<Box<Blocks<u64>>>,
    /// Whole groups of `FAN` of the level below. The last, partial group has no block yet.
    upper: Vec<Blocks<Span>>,
}

/// The extent of the finite values in some rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Bucket {
    pub rows: Range<u64>,
    pub min: f64,
    pub max: f64,
    /// The mean of the finite values.
    pub mean: f64,
}

/// Minimum and maximum; the other way round when there is no finite value.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Span {
    min: f64,
    max: f64,
}

impl Pyramid {
    /// At most `buckets` pieces of the window, in order; whole blocks of 128 values, so the outer
    /// ones may reach beyond it. Pieces without a finite value are left out.
    pub fn window(&self, rows: Range<u64>, buckets: usize) -> Vec<Bucket> {
        let rows = rows.start.max(self.first_row)..rows.end.min(self.end_row());
        if rows.is_empty() || buckets == 0 || self.values == 0 {
            return Vec::new();
        }
        let end = self.blocks_before(rows.end);
        // The block that holds the first row, or the gap in front of it.
        let mut block = self.blocks_before(rows.start + 1).saturating_sub(1);
        let count = (buckets as u64)
            .min(rows.end - rows.start)
            .min((end - block) as u64)
            .max(1);
        let mut found = Vec::with_capacity(count as usize);
        for index in 1..=count {
            let until = rows.start + share(rows.end - rows.start, index, count);
            let next = if index == count {
                end
            } else {
                self.blocks_before(until).min(end)
            };
            if next <= block {
                continue;
            }
            let span = self.span(block..next);
            if span.min <= span.max {
                let rows = self.start_row(block)..self.start_row(next);
                found.push(Bucket {
                    rows,
                    min: span.min,
                    max: span.max,
                    mean: f64::midpoint(span.min, span.max),
                });
            }
            block = next;
        }
        found
    }

    /// The row of the first value.
    pub fn first_row(&self) -> Option<u64> {
        (self.values > 0).then_some(self.first_row)
    }

    /// The row of the last value.
    pub fn last_row(&self) -> Option<u64> {
        (self.values > 0).then_some(self.last_row)
    }

    /// Whether every row between the first and the last has a value.
    pub fn is_dense(&self) -> bool {
        self.starts.is_none()
    }

    pub(super) fn values(&self) -> u64 {
        self.values
    }

    /// How many values fit into the block that is being filled.
    pub(super) fn room(&self) -> usize {
        (BLOCK - self.values % BLOCK) as usize
    }

    /// Adds `count` values, at most `room()`, that lie in `first..=last`.
    pub(super) fn push(&mut self, count: usize, seen: &Summary, first: u64, last: u64) {
        let span = Span {
            min: seen.min,
            max: seen.max,
        };
        if count == 0 {
            return;
        }
        if self.values == 0 {
            self.first_row = first;
        }
        let gapless = first == self.first_row + self.values && last - first + 1 == count as u64;
        if !gapless && self.starts.is_none() {
            let mut rows = Blocks::default();
            (0..self.blocks.len()).for_each(|block| rows.push(self.start_row(block)));
            self.starts = Some(Box::new(rows));
        }
        if self.values.is_multiple_of(BLOCK) {
            self.close_groups();
            self.blocks.push(span);
            if let Some(starts) = &mut self.starts {
                starts.push(first);
            }
        } else if let Some(held) = self.blocks.last_mut() {
            *held = held.and(span);
        }
        self.values += count as u64;
        self.last_row = last;
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let starts = self
            .starts
            .as_ref()
            .map_or(0, |starts| size_of::<Blocks<u64>>() + starts.heap_bytes());
        let upper: usize = self.upper.iter().map(Blocks::heap_bytes).sum();
        let levels = self.upper.capacity() * size_of::<Blocks<Span>>();
        self.blocks.heap_bytes() + starts + upper + levels
    }

    /// Called when the last block is full: groups that became whole get their block above.
    fn close_groups(&mut self) {
        let mut level = 0;
        loop {
            let below = if level == 0 {
                &self.blocks
            } else {
                &self.upper[level - 1]
            };
            let len = below.len();
            if len == 0 || !len.is_multiple_of(FAN) {
                return;
            }
            let span = below.range(len - FAN..len).fold(Span::NONE, Span::and);
            if level == self.upper.len() {
                self.upper.push(Blocks::default());
            }
            self.upper[level].push(span);
            level += 1;
        }
    }

    /// How many blocks start before `row`.
    fn blocks_before(&self, row: u64) -> usize {
        if let Some(starts) = &self.starts {
            return starts.partition_point(|start| *start < row);
        }
        let blocks = row.saturating_sub(self.first_row).div_ceil(BLOCK);
        blocks.min(self.blocks.len() as u64) as usize
    }

    /// The row of the first value of a block; behind the last block the end of all rows.
    fn start_row(&self, block: usize) -> u64 {
        if block >= self.blocks.len() {
            return self.end_row();
        }
        let start = self.starts.as_ref().and_then(|starts| starts.get(block));
        start.unwrap_or(self.first_row + block as u64 * BLOCK)
    }

    fn end_row(&self) -> u64 {
        if self.values == 0 {
            0
        } else {
            self.last_row + 1
        }
    }

    /// The extent of some blocks: climbs to wider blocks where whole groups lie between the ends.
    fn span(&self, blocks: Range<usize>) -> Span {
        let (mut low, mut high) = (blocks.start, blocks.end);
        let mut span = Span::NONE;
        for (level, above) in self.upper.iter().map(Blocks::len).chain([0]).enumerate() {
            let list = if level == 0 {
                &self.blocks
            } else {
                &self.upper[level - 1]
            };
            let (from, to) = (low.div_ceil(FAN), (high / FAN).min(above));
            if from >= to {
                return list.range(low..high).fold(span, Span::and);
            }
            span = list.range(low..from * FAN).fold(span, Span::and);
            span = list.range(to * FAN..high).fold(span, Span::and);
            (low, high) = (from, to);
        }
        span
    }
}

impl Span {
    const NONE: Self = Self {
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
    };

    fn and(self, other: Self) -> Self {
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }
}

/// `total * part / whole` without overflow.
pub(super) fn share(total: u64, part: u64, whole: u64) -> u64 {
    (u128::from(total) * u128::from(part) / u128::from(whole.max(1))) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pushes values in ragged pieces, as batches of any size do.
    fn build(rows: &[u64], values: &[f64], piece: usize) -> Pyramid {
        let mut pyramid = Pyramid::default();
        let mut at = 0;
        while at < values.len() {
            let end = (at + piece.min(pyramid.room())).min(values.len());
            pyramid.push(
                end - at,
                &Summary::of(&values[at..end]),
                rows[at],
                rows[end - 1],
            );
            at = end;
        }
        pyramid
    }

    fn noise(index: u64) -> f64 {
        (index.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) as f64
    }

    fn check(rows: &[u64], values: &[f64], pyramid: &Pyramid, window: Range<u64>, buckets: usize) {
        let found = pyramid.window(window.clone(), buckets);
        assert!(found.len() <= buckets);
        for pair in found.windows(2) {
            assert!(pair[0].rows.end <= pair[1].rows.start);
        }
        for bucket in &found {
            let inside = || {
                let held = rows.iter().zip(values);
                held.filter(|(row, value)| bucket.rows.contains(row) && value.is_finite())
            };
            let min = inside()
                .map(|(_, value)| *value)
                .fold(f64::INFINITY, f64::min);
            let max = inside()
                .map(|(_, value)| *value)
                .fold(f64::NEG_INFINITY, f64::max);
            assert_eq!(
                (bucket.min.to_bits(), bucket.max.to_bits()),
                (min.to_bits(), max.to_bits())
            );
        }
        let wanted = rows
            .iter()
            .zip(values)
            .filter(|(_, value)| value.is_finite());
        for (row, _) in wanted.filter(|(row, _)| window.contains(row)) {
            assert!(
                found.iter().any(|bucket| bucket.rows.contains(row)),
                "{row} is in no bucket"
            );
        }
    }

    #[test]
    fn every_extreme_survives() {
        for (count, gap) in [
            (1, 1),
            (128, 1),
            (129, 1),
            (2048, 1),
            (2049, 1),
            (40_000, 1),
            (9_000, 3),
        ] {
            let rows: Vec<u64> = (0..count)
                .map(|index| 5 + index * gap + u64::from(gap > 1 && index > 700))
                .collect();
            let values: Vec<f64> = (0..count).map(noise).collect();
            let pyramid = build(&rows, &values, 100);
            assert_eq!(pyramid.is_dense(), gap == 1);
            let end = pyramid.last_row().unwrap() + 1;
            for (window, buckets) in [
                (0..end, 1),
                (0..end, 7),
                (0..end, 200),
                (end / 3..end / 2, 10),
                (end - 1..end + 9, 3),
                (6..7, 5),
            ] {
                check(&rows, &values, &pyramid, window, buckets);
            }
        }
    }

    #[test]
    fn nothing_finite_is_no_bucket() {
        let rows: Vec<u64> = (0..300).collect();
        let mut values = vec![f64::NAN; 300];
        values[299] = 3.0;
        let pyramid = build(&rows, &values, 300);
        assert_eq!(
            pyramid.window(0..300, 3),
            [Bucket {
                rows: 256..300,
                min: 3.0,
                max: 3.0,
                mean: 3.0,
            }]
        );
        assert!(pyramid.window(0..128, 3).is_empty());
        assert!(pyramid.window(7..7, 3).is_empty());
        assert!(pyramid.window(0..u64::MAX, 0).is_empty());
        assert!(
            Pyramid::default()
                .window(0..u64::MAX, usize::MAX)
                .is_empty()
        );
    }

    #[test]
    fn memory_is_a_seventh_of_a_byte_a_value() {
        let mut pyramid = Pyramid::default();
        for block in 0..78_125_u64 {
            pyramid.push(
                128,
                &Summary::of(&[0.5; 128]),
                block * 128,
                block * 128 + 127,
            );
        }
        assert!(
            pyramid.heap_bytes() as f64 / 1e7 < 0.137,
            "{}",
            pyramid.heap_bytes()
        );
    }
}
