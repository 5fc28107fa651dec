//! Which lines are rows of the panel: those from a level up, or those that a search found.
//!
//! Levels are counted for each block of lines, so a row is found without reading what lies between:
//! only the block that holds it must be read to know which line it is.

use super::cache::Cache;
use super::levels::Levels;
use super::search::Search;
use crate::record::{LogRecord, RunId};
use crate::store::Logs;

/// The number of rows before each block of a log.
#[derive(Debug, Default)]
pub(super) struct Sums {
    of: Option<(RunId, Levels)>,
    before: Vec<u64>,
}

/// The rows at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'a> {
    pub(super) run: RunId,
    pub(super) levels: Levels,
    /// The lines of the log.
    pub(super) lines: u64,
    pub(super) total: u64,
    pub(super) kind: Kind<'a>,
    /// What is searched among the rows.
    pub(super) search: Option<&'a Search>,
    pub(super) cache: &'a Cache,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'a> {
    /// Every line is a row.
    All,
    /// Those of some levels are; how many there are before each block.
    Some(&'a [u64]),
    /// Those that a filter lets through.
    Found(&'a Search),
}

/// Where the line of a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Line(u64),
    /// The block's line with this number among those that are shown.
    Nth {
        block: u64,
        nth: u64,
    },
}

impl Place {
    pub(super) const fn block(self) -> u64 {
        match self {
            Self::Line(line) => line / Logs::BLOCK,
            Self::Nth { block, .. } => block,
        }
    }
}

impl Sums {
    /// Adds what is missing for a log of so many lines.
    pub(super) fn update(&mut self, run: RunId, levels: Levels, logs: &Logs, lines: u64) {
        if self.of != Some((run, levels)) {
            self.of = Some((run, levels));
            self.before.clear();
        }
        let blocks = lines.div_ceil(Logs::BLOCK).min(logs.block_count() as u64) as usize;
        self.before.truncate(blocks);
        if levels.shows_all() {
            return;
        }
        while self.before.len() < blocks {
            let next = match self.before.last() {
                None => 0,
                Some(sum) => sum + count(logs, self.before.len() - 1, levels),
            };
            self.before.push(next);
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(super) fn before(&self) -> &[u64] {
        &self.before
    }
}

/// The lines of a block that have these levels.
pub(super) fn count(logs: &Logs, block: usize, levels: Levels) -> u64 {
    let block = logs.block(block);
    block.map_or(0, |block| levels.count(&block.levels))
}

impl<'a> Rows<'a> {
    /// Where the line of a row is; nothing for a row that is not there.
    pub(super) fn place(&self, row: u64) -> Option<Place> {
        if row >= self.total {
            return None;
        }
        match self.kind {
            Kind::All => Some(Place::Line(row)),
            Kind::Found(search) => Some(Place::Line(search.shown(row)?.line)),
            Kind::Some(before) => {
                let block = before.partition_point(|sum| *sum <= row).checked_sub(1)?;
                let nth = row - before[block];
                let block = block as u64;
                Some(Place::Nth { block, nth })
            }
        }
    }

    /// The line of a row and what it says, when it was read.
    pub(super) fn read(&self, row: u64) -> Option<(u64, &'a LogRecord)> {
        let place = self.place(row)?;
        let block = place.block();
        let first = block * Logs::BLOCK;
        let records = self.cache.records(self.run, block)?;
        match place {
            Place::Line(line) => Some((line, records.get((line - first) as usize)?)),
            Place::Nth { nth, .. } => {
                let mut lines = (first..self.lines).zip(records);
                let is_row = |(_, record): &(u64, &LogRecord)| self.levels.shows(record.level);
                lines.by_ref().filter(is_row).nth(nth as usize)
            }
        }
    }

    /// The line of a row, or the first line of its block while that was not read.
    pub(super) fn line(&self, row: u64) -> Option<u64> {
        match self.place(row)? {
            Place::Line(line) => Some(line),
            Place::Nth { block, .. } => {
                let read = self.read(row).map(|(line, _)| line);
                Some(read.unwrap_or(block * Logs::BLOCK))
            }
        }
    }

    /// The row of a line, or the one behind it when it is none; and whether that is certain.
    pub(super) fn row_at(&self, line: u64) -> (u64, bool) {
        let last = self.total.saturating_sub(1);
        let (row, certain) = match self.kind {
            Kind::All => (line, true),
            Kind::Found(search) => (search.shown_before(line), search.searched() > line),
            Kind::Some(before) => {
                let block = line / Logs::BLOCK;
                let Some(sum) = before.get(block as usize) else {
                    return (last, true);
                };
                let inside = line - block * Logs::BLOCK;
                let records = self.cache.records(self.run, block);
                let known = records.filter(|records| records.len() as u64 >= inside);
                let passed = known.map_or(0, |records| {
                    let before = records[..inside as usize].iter();
                    before
                        .filter(|record| self.levels.shows(record.level))
                        .count()
                });
                (sum + passed as u64, known.is_some() || inside == 0)
            }
        };
        (row.min(last), certain)
    }
}
