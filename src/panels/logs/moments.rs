//! The line that is nearest to a moment, found without reading what lies before it.
//!
//! Times ascend in a log that one process writes. In one where they go back, a line that is near in
//! time is found, if not the nearest.

use super::super::{Context, Request};
use super::aim::Found;
use super::rows::{Place, Rows};
use super::{Aim, Logs};
use crate::store;

impl Logs {
    /// The cursor goes to the line of a moment.
    pub(super) fn aim_at_moment(&mut self, moment: f64, context: &Context<'_>) {
        let has_times = |log: &store::Logs| log.first_time.is_some();
        if context
            .current()
            .is_some_and(|(run, _)| has_times(&run.logs))
        {
            self.view.aim = Some(Aim::Moment(moment));
            // Who follows does not lead.
            self.view.leads = false;
        }
    }

    /// When the line of the cursor was written, for others to follow: once for every time that
    /// somebody moves the cursor, as soon as the line was read.
    pub(super) fn lead(&mut self, context: &Context<'_>) -> Option<Request> {
        if !context.linked || !self.view.leads || self.view.aim.is_some() {
            return None;
        }
        let rows = self.rows(context)?;
        let (line, _) = rows.read(self.view.window.cursor)?;
        let moment = time_of(&rows, line);
        self.view.leads = false;
        moment.map(Request::Moment)
    }
}

/// Blocks of which no first line has a time are read one after the other, but no more of them.
const UNTIMED: u64 = 16;

/// The row that is nearest to a moment.
pub(super) fn nearest(moment: f64, rows: &Rows<'_>, log: &store::Logs) -> Found {
    let line = match first_later(moment, rows, log) {
        Ok(line) => line,
        Err(block) => return Found::Awaits(block),
    };
    let (row, certain) = rows.row_at(line);
    if !certain {
        return Found::Near(row);
    }
    let mut nearest: Option<(f64, u64)> = None;
    for row in row.saturating_sub(1)..=row {
        let Some((line, _)) = rows.read(row) else {
            match rows.place(row).map(Place::block) {
                Some(block) if !is_read(rows, block) => return Found::Awaits(block),
                _ => continue,
            }
        };
        let away = time_of(rows, line).map_or(f64::INFINITY, |time| (time - moment).abs());
        if nearest.is_none_or(|(least, _)| away < least) {
            nearest = Some((away, row));
        }
    }
    nearest.map_or(Found::Nothing, |(_, row)| Found::Row(row))
}

/// The first line that was written at a moment or later, or the block that must be read to know.
pub(super) fn first_since(moment: f64, rows: &Rows<'_>, log: &store::Logs) -> Result<u64, u64> {
    first_later(moment.next_down(), rows, log)
}

/// The first line that was written after a moment, or the block that must be read to know.
fn first_later(moment: f64, rows: &Rows<'_>, log: &store::Logs) -> Result<u64, u64> {
    let from = block_of(moment, rows, log);
    let blocks = from..rows.lines.div_ceil(store::Logs::BLOCK);
    for block in blocks.take(UNTIMED as usize) {
        let begins_later = log.block(block as usize).is_some_and(|b| b.time > moment);
        if begins_later && block > from {
            return Ok(block * store::Logs::BLOCK);
        }
        if !is_read(rows, block) {
            return Err(block);
        }
        let first = block * store::Logs::BLOCK;
        let records = rows.cache.records(rows.run, block).unwrap_or_default();
        let is_later = |time: Option<f64>| time.is_some_and(|time| time > moment);
        let mut lines = (first..rows.lines).zip(records);
        if let Some((line, _)) = lines.find(|(_, record)| is_later(record.time)) {
            return Ok(line);
        }
    }
    Ok(((from + UNTIMED) * store::Logs::BLOCK).min(rows.lines))
}

/// When a line was written that was read: lines without a time belong to the one before them.
pub(super) fn time_of(rows: &Rows<'_>, line: u64) -> Option<f64> {
    let block = line / store::Logs::BLOCK;
    let inside = (line % store::Logs::BLOCK) as usize;
    let records = rows.cache.records(rows.run, block)?;
    let upto = records.get(..=inside)?.iter();
    upto.rev().find_map(|record| record.time)
}

/// Whether all lines of a block were read, as far as they can be.
fn is_read(rows: &Rows<'_>, block: u64) -> bool {
    let first = block * store::Logs::BLOCK;
    let wanted = rows.lines.saturating_sub(first).min(store::Logs::BLOCK);
    rows.cache.covers(rows.run, block, wanted)
}

/// The last block that is known to begin no later than a moment.
fn block_of(moment: f64, rows: &Rows<'_>, log: &store::Logs) -> u64 {
    let time = |block: &u64| {
        log.block(*block as usize)
            .map_or(f64::NAN, |block| block.time)
    };
    let (mut low, mut high) = (0, rows.lines.div_ceil(store::Logs::BLOCK));
    let mut found = 0;
    while low < high {
        let middle = low + (high - low) / 2;
        // A block whose first line has no time says nothing.
        match (low..=middle).rev().find(|block| time(block).is_finite()) {
            Some(block) if time(&block) > moment => high = block,
            known => {
                found = known.unwrap_or(found);
                low = middle + 1;
            }
        }
    }
    found
}
