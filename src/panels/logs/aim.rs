//! Where the cursor wants to go when the lines on the way were not read yet.

use super::levels::Levels;
use super::moments;
use super::rows::{Kind, Rows, count};
use crate::store::Logs;

/// Where the cursor wants to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Aim {
    /// At this line, or at the next one that is a row.
    Line(u64),
    /// At the next line of these levels from a line on, or the last one before it.
    Level {
        from: u64,
        forward: bool,
        levels: Levels,
    },
    /// At the first line of these levels that was written at a moment or later.
    Since { moment: f64, levels: Levels },
    /// At the next match from a line on, or the last one before it.
    Match { from: u64, forward: bool },
    /// At the next match from a line on, or the last one of all when there is none.
    Nearest(u64),
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
    /// What is searched may still be found.
    Later,
    Nothing,
}

impl Aim {
    pub(super) fn find(self, rows: &Rows<'_>, logs: &Logs) -> Found {
        match self {
            Self::Line(line) => at_line(line, rows),
            Self::Level {
                from,
                forward,
                levels,
            } => of_level(from, forward, levels, rows, logs),
            Self::Since { moment, levels } => match moments::first_since(moment, rows, logs) {
                Ok(line) => of_level(line, true, levels, rows, logs),
                Err(block) => Found::Awaits(block),
            },
            Self::Match { from, forward } => matching(from, forward, rows),
            Self::Nearest(line) => match matching(line, true, rows) {
                Found::Nothing => matching(u64::MAX, false, rows),
                found => found,
            },
            Self::Moment(moment) => moments::nearest(moment, rows, logs),
        }
    }
}

fn at_line(line: u64, rows: &Rows<'_>) -> Found {
    match rows.row_at(line) {
        (row, true) => Found::Row(row),
        (row, false) => Found::Near(row),
    }
}

/// The next match from a line on, or the last one before it.
fn matching(from: u64, forward: bool, rows: &Rows<'_>) -> Found {
    let Some(search) = rows.search else {
        return Found::Nothing;
    };
    let before = search.shown_before(from);
    let hit = if forward {
        Some(before)
    } else {
        before.checked_sub(1)
    };
    let goes_on = search.progress(rows.lines).is_some();
    match hit.and_then(|hit| search.shown(hit)) {
        Some(hit) if forward || !goes_on || search.searched() >= from => at_line(hit.line, rows),
        _ if goes_on => Found::Later,
        _ => Found::Nothing,
    }
}

fn of_level(from: u64, forward: bool, levels: Levels, rows: &Rows<'_>, logs: &Logs) -> Found {
    if let Kind::Found(filter) = rows.kind {
        let is_wanted = |row: &u64| {
            filter
                .shown(*row)
                .is_some_and(|hit| levels.shows(hit.level))
        };
        let before = filter.shown_before(from);
        let found = if forward {
            (before..rows.total).find(is_wanted)
        } else {
            (0..before).rev().find(is_wanted)
        };
        return match found {
            Some(row) => Found::Row(row),
            None if forward && filter.progress(rows.lines).is_some() => Found::Later,
            None => Found::Nothing,
        };
    }
    let blocks = rows.lines.div_ceil(Logs::BLOCK);
    let here = from / Logs::BLOCK;
    if forward {
        in_blocks(here..blocks, from, forward, levels, rows, logs)
    } else {
        let blocks = (0..blocks.min(here + 1)).rev();
        in_blocks(blocks, from, forward, levels, rows, logs)
    }
}

fn in_blocks(
    blocks: impl Iterator<Item = u64>,
    from: u64,
    forward: bool,
    levels: Levels,
    rows: &Rows<'_>,
    logs: &Logs,
) -> Found {
    let ahead = |line: u64| (line >= from) == forward;
    for block in blocks.filter(|block| count(logs, *block as usize, levels) > 0) {
        let first = block * Logs::BLOCK;
        let wanted = rows.lines.saturating_sub(first).min(Logs::BLOCK);
        let Some(records) = rows.cache.records(rows.run, block) else {
            return Found::Awaits(block);
        };
        // Of what lies before, the last one counts, and it may be among lines that came since.
        let before = wanted.min(from.saturating_sub(first));
        if !forward && !rows.cache.covers(rows.run, block, before) {
            return Found::Awaits(block);
        }
        let lines = (first..rows.lines).zip(records);
        let mut wanted_lines = lines
            .filter(|(line, record)| ahead(*line) && levels.shows(record.level))
            .map(|(line, _)| line);
        let found = if forward {
            wanted_lines.next()
        } else {
            wanted_lines.last()
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
