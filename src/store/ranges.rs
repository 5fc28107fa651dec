//! Rows in ascending ranges that do not touch.

use std::ops::Range;

/// Ranges of rows; beyond a limit, neighbours are joined and the rows between them counted in.
#[derive(Debug, Default)]
pub(super) struct Ranges {
    list: Vec<Range<u64>>,
}

const LIMIT: usize = 4096;

impl Ranges {
    pub(super) fn as_slice(&self) -> &[Range<u64>] {
        &self.list
    }

    pub(super) fn add(&mut self, rows: Range<u64>) {
        if rows.is_empty() {
            return;
        }
        let first = self.list.partition_point(|held| held.end < rows.start);
        let behind = self.list.partition_point(|held| held.start <= rows.end);
        if first == behind {
            self.list.insert(first, rows);
        } else {
            let start = rows.start.min(self.list[first].start);
            let end = rows.end.max(self.list[behind - 1].end);
            self.list[first] = start..end;
            self.list.drain(first + 1..behind);
        }
        if self.list.len() > LIMIT {
            let pairs = self
                .list
                .chunks(2)
                .map(|pair| pair[0].start..pair[pair.len() - 1].end);
            self.list = pairs.collect();
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.list.capacity() * size_of::<Range<u64>>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_what_touches() {
        let mut ranges = Ranges::default();
        for rows in [10..20, 30..40, 50..60, 5..5, 0..3] {
            ranges.add(rows);
        }
        assert_eq!(ranges.as_slice(), [0..3, 10..20, 30..40, 50..60]);
        ranges.add(20..22);
        ranges.add(35..55);
        assert_eq!(ranges.as_slice(), [0..3, 10..22, 30..60]);
        ranges.add(0..100);
        assert_eq!(ranges.as_slice(), std::slice::from_ref(&(0..100)));
    }

    #[test]
    fn stays_small() {
        let mut ranges = Ranges::default();
        (0..100_000).for_each(|at| ranges.add(at * 3..at * 3 + 1));
        assert!(ranges.as_slice().len() <= LIMIT);
        assert_eq!(ranges.as_slice().last().map(|rows| rows.end), Some(299_998));
    }
}
