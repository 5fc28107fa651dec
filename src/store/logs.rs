//! What is kept of a log: how many lines of which level, and where every 128th starts.

use super::blocks::Blocks;
use super::log_marks::LogMarks;
use crate::record::{Level, LogLines, LogPart};

/// Seconds that a bin of warnings and errors stands for at first.
const NARROWEST: f64 = 0.01;

/// The log of a run.
#[derive(Debug, Default)]
pub struct Logs {
    pub lines: u64,
    /// Lines of each level, in the order of `Level::ALL`.
    pub levels: [u64; 5],
    /// Of the first line that has one.
    pub first_time: Option<f64>,
    /// The newest time of a line.
    pub last_time: Option<f64>,
    blocks: Blocks<LogBlock>,
    over_lines: LogMarks,
    over_time: LogMarks,
}

/// Up to 128 lines of a log.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogBlock {
    /// Where the first of the lines starts in the file.
    pub offset: u64,
    /// The time of the first line, NaN where unknown.
    pub time: f64,
    /// Lines of each level.
    pub levels: [u8; 5],
}

impl Logs {
    /// Lines that one block stands for (the last one may have fewer).
    pub const BLOCK: u64 = 128;

    pub fn block_count(&self) -> usize {
        self.blocks.len()
    }

    pub fn block(&self, index: usize) -> Option<LogBlock> {
        self.blocks.get(index)
    }

    /// The lines of a block, of which so many lines in all are known.
    pub fn part(&self, block: u64, lines: u64) -> Option<LogPart> {
        let first = block * Self::BLOCK;
        let index = self.block(usize::try_from(block).ok()?)?;
        let lines = lines.saturating_sub(first).min(Self::BLOCK);
        let counts = Level::ALL.iter().zip(index.levels);
        let levels = counts.filter(|(_, count)| *count > 0);
        (lines > 0).then_some(LogPart {
            first,
            lines,
            offset: index.offset,
            levels: levels.fold(0, |bits, (level, _)| bits | level.bit()),
        })
    }

    /// From when to when its lines were written, unless that is one moment or unknown.
    pub fn span(&self) -> Option<(f64, f64)> {
        let (first, last) = (self.first_time?, self.last_time?);
        (first < last).then_some((first, last))
    }

    /// Its warnings and errors over time, or over the numbers of lines where times do not tell lines
    /// from each other.
    pub fn marks(&self) -> &LogMarks {
        if self.span().is_some() {
            &self.over_time
        } else {
            &self.over_lines
        }
    }

    pub(super) fn add(&mut self, lines: &LogLines) {
        for (index, (&offset, &level)) in lines.offsets.iter().zip(&lines.levels).enumerate() {
            let time = lines
                .times
                .get(index)
                .copied()
                .filter(|time| time.is_finite());
            if self.lines.is_multiple_of(Self::BLOCK) {
                let time = time.unwrap_or(f64::NAN);
                self.blocks.push(LogBlock {
                    offset,
                    time,
                    levels: [0; 5],
                });
            }
            if let Some(block) = self.blocks.last_mut() {
                block.levels[level as usize] += 1;
            }
            self.levels[level as usize] += 1;
            self.over_lines.add(self.lines as f64, level);
            self.lines += 1;
            if let Some(time) = time {
                if self.first_time.is_none() {
                    self.first_time = Some(time);
                    self.over_time = LogMarks::new(time, NARROWEST);
                }
                self.last_time = Some(self.last_time.map_or(time, |newest| newest.max(time)));
            }
            // A line without a time belongs to the one before it.
            if let Some(time) = time.or(self.last_time) {
                self.over_time.add(time, level);
            }
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        self.blocks.heap_bytes() + self.over_lines.heap_bytes() + self.over_time.heap_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Level;

    fn lines(range: std::ops::Range<u64>) -> LogLines {
        LogLines {
            offsets: range.clone().map(|line| line * 100).collect(),
            levels: range
                .clone()
                .map(|line| Level::ALL[line as usize % 5])
                .collect(),
            times: range
                .map(|line| if line == 0 { f64::NAN } else { line as f64 })
                .collect(),
        }
    }

    #[test]
    fn blocks_hold_across_slices() {
        let mut logs = Logs::default();
        logs.add(&lines(0..100));
        logs.add(&lines(100..101));
        logs.add(&lines(101..300));
        assert_eq!((logs.lines, logs.levels), (300, [60; 5]));
        assert_eq!((logs.first_time, logs.last_time), (Some(1.0), Some(299.0)));
        assert_eq!(logs.block_count(), 3);
        let block = logs.block(1).unwrap();
        assert_eq!((block.offset, block.time), (12_800, 128.0));
        let total: u32 = block.levels.iter().map(|&count| u32::from(count)).sum();
        assert_eq!(total, 128);
        assert!(logs.block(0).unwrap().time.is_nan());
        let part = logs.part(1, 200).unwrap();
        assert_eq!((part.first, part.lines, part.offset), (128, 72, 12_800));
        assert_eq!(part.levels, 0b1_1111);
        assert_eq!((logs.part(2, 256), logs.part(3, 1_000)), (None, None));
    }

    #[test]
    fn warnings_and_errors_have_their_place_in_time() {
        let mut logs = Logs::default();
        logs.add(&lines(0..1));
        assert_eq!((logs.span(), logs.marks().marked().count()), (None, 0));
        logs.add(&lines(1..5));
        assert_eq!(logs.span(), Some((1.0, 4.0)));
        let levels = [Level::Warn, Level::Error, Level::Fatal].map(LogMarks::bit);
        let places = [2.0, 3.0, 4.0].map(|at| logs.marks().bin(at));
        let expected = places.into_iter().zip(levels);
        assert!(logs.marks().marked().eq(expected));
        let mut untimed = Logs::default();
        untimed.add(&LogLines {
            times: vec![],
            ..lines(0..5)
        });
        let places: Vec<usize> = untimed.marks().marked().map(|(bin, _)| bin).collect();
        assert_eq!(places, [2, 3, 4]);
    }

    #[test]
    fn short_lists_of_times_or_levels_do_no_harm() {
        let mut logs = Logs::default();
        logs.add(&LogLines {
            offsets: vec![0, 5, 9],
            levels: vec![Level::Info; 2],
            times: vec![],
        });
        assert_eq!((logs.lines, logs.first_time), (2, None));
    }

    #[test]
    fn a_line_takes_a_fifth_of_a_byte() {
        let mut logs = Logs::default();
        for at in 0..100 {
            logs.add(&lines(at * 10_000..(at + 1) * 10_000));
        }
        assert!(logs.heap_bytes() < 300_000, "{}", logs.heap_bytes());
    }
}
