//! Where the cursor wants to go when the lines on the way were not read yet.

use super::moments;
use super::rows::{Kind, Rows, count};
use crate::record::Level;
use crate::store::Logs;

/// Where the cursor wants to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aim {
    /// At this line, or at the next one that is a row.
    Line(u64),
    /// At the next warning or error behind a line, or the one before it.
    Problem { line: u64, forward: bool },
    /// At the line that is nearest to a moment, in seconds since 1970.
    Moment(f64),
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Row(u64),
    /// About here: more must be read to know.
    Near(u64),
    /// This block must be read.
    Awaits(u64),
    Nothing,
}

impl Aim {
    pub(super) fn find(self, rows: &Rows<'_>, logs: &Logs) -> Found {
        match self {
            Self::Line(line) => match rows.row_at(line) {
                (row, true) => Found::Row(row),
                (row, false) => Found::Near(row),
            },
            Self::Problem { line, forward } => problem(line, forward, rows, logs),
            Self::Moment(moment) => moments::nearest(moment, rows, logs),
        }
    }
}

/// The mildest level that is a problem.
pub(super) fn problem_level(floor: Level) -> Level {
    floor.max(Level::Warn)
}

fn problem(line: u64, forward: bool, rows: &Rows<'_>, logs: &Logs) -> Found {
    let level = problem_level(rows.floor);
    if let Kind::Found(search) = rows.kind {
        let is_problem = |row: &u64| search.shown(*row).is_some_and(|hit| hit.level >= level);
        let found = if forward {
            (search.shown_before(line + 1)..rows.total).find(is_problem)
        } else {
            (0..search.shown_before(line)).rev().find(is_problem)
        };
        return found.map_or(Found::Nothing, Found::Row);
    }
    let blocks = rows.lines.div_ceil(Logs::BLOCK);
    let here = line / Logs::BLOCK;
    if forward {
        in_blocks(here..blocks, line, forward, level, rows, logs)
    } else {
        in_blocks((0..=here).rev(), line, forward, level, rows, logs)
    }
}

fn in_blocks(
    blocks: impl Iterator<Item = u64>,
    line: u64,
    forward: bool,
    level: Level,
    rows: &Rows<'_>,
    logs: &Logs,
) -> Found {
    let behind = |other: u64| {
        if forward { other > line } else { other < line }
    };
    for block in blocks.filter(|block| count(logs, *block as usize, level) > 0) {
        let first = block * Logs::BLOCK;
        let wanted = rows.lines.saturating_sub(first).min(Logs::BLOCK);
        let Some(records) = rows.cache.records(rows.run, block) else {
            return Found::Awaits(block);
        };
        let lines = (first..rows.lines).zip(records);
        let mut problems = lines
            .filter(|(other, record)| behind(*other) && record.level >= level)
            .map(|(other, _)| other);
        let found = if forward {
            problems.next()
        } else {
            problems.last()
        };
        if let Some(found) = found {
            return Found::Row(rows.row_at(found).0);
        }
        if !rows.cache.covers(rows.run, block, wanted) {
            return Found::Awaits(block);
        }
    }
    Found::Nothing
}
