//! Where in a log its warnings and errors are, as finely as a line of cells can show it.

use crate::record::Level;

/// Places with warnings and errors, in bins that become wider when there would be too many of them:
/// each line is looked at once, and the memory is bounded.
#[derive(Clone, Debug, PartialEq)]
pub struct LogMarks {
    start: f64,
    width: f64,
    /// Which levels each bin holds, one bit each.
    bins: Vec<u8>,
}

impl Default for LogMarks {
    fn default() -> Self {
        Self::new(0.0, 1.0)
    }
}

impl LogMarks {
    /// No more bins than this; when more of the range is used, there are at least half as many.
    const MOST: usize = 512;

    pub(super) const fn new(start: f64, width: f64) -> Self {
        Self {
            start,
            width,
            bins: Vec::new(),
        }
    }

    /// The bit of a level.
    pub const fn bit(level: Level) -> u8 {
        level.bit()
    }

    /// Takes in a line at a place; only warnings and worse leave a mark.
    pub(super) fn add(&mut self, at: f64, level: Level) {
        if level < Level::Warn || !at.is_finite() {
            return;
        }
        while self.number(at) >= Self::MOST as f64 {
            self.widen();
        }
        let bin = self.bin(at);
        if self.bins.len() <= bin {
            self.bins.resize(bin + 1, 0);
        }
        self.bins[bin] |= Self::bit(level);
    }

    /// The bin of a place; what lies before the start is in the first one.
    pub fn bin(&self, at: f64) -> usize {
        self.number(at).clamp(0.0, 1e9) as usize
    }

    /// Where a bin starts.
    pub fn start_of(&self, bin: usize) -> f64 {
        self.start + bin as f64 * self.width
    }

    /// The bins that are not empty, in order, and which levels they hold.
    pub fn marked(&self) -> impl DoubleEndedIterator<Item = (usize, u8)> + '_ {
        let bins = self.bins.iter().copied().enumerate();
        bins.filter(|(_, levels)| *levels != 0)
    }

    fn number(&self, at: f64) -> f64 {
        (at - self.start) / self.width
    }

    /// Two bins become one.
    fn widen(&mut self) {
        self.width *= 2.0;
        let pairs = self.bins.chunks(2);
        self.bins = pairs
            .map(|pair| pair.iter().fold(0, |a, b| a | b))
            .collect();
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.bins.capacity()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Every line's mark is in the bin of its place, whatever came later, and nothing else is.
        #[test]
        fn every_mark_is_found_where_it_was_put(
            lines in prop::collection::vec((0.0..1e7_f64, 0..5_usize), 0..300),
        ) {
            let mut marks = LogMarks::new(1e9, 0.01);
            for (at, level) in &lines {
                marks.add(1e9 + at, Level::ALL[*level]);
            }
            let mut expected = std::collections::BTreeMap::new();
            for (at, level) in lines.iter().filter(|(_, level)| *level >= 2) {
                *expected.entry(marks.bin(1e9 + at)).or_insert(0) |= 1 << level;
            }
            prop_assert!(marks.marked().eq(expected));
            prop_assert!(marks.heap_bytes() <= 2 * LogMarks::MOST);
        }
    }

    #[test]
    fn bins_are_as_narrow_as_can_be() {
        let mut marks = LogMarks::default();
        for line in 0..100_000_u32 {
            marks.add(f64::from(line), Level::Error);
        }
        let bins = marks.marked().count();
        assert!((256..=LogMarks::MOST).contains(&bins), "{bins}");
        let all: Vec<usize> = marks.marked().map(|(bin, _)| bin).collect();
        assert!(
            all.iter()
                .all(|bin| marks.bin(marks.start_of(*bin)) == *bin)
        );
        marks.add(f64::MAX, Level::Warn);
        marks.add(f64::NAN, Level::Warn);
        marks.add(-1e300, Level::Fatal);
        assert_eq!(marks.marked().count(), 2, "far away in both directions");
    }
}
