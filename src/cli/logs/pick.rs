//! Which lines of a log are printed: the index says where to look, a search which of them match, and
//! the text is read in pieces.

use std::collections::VecDeque;
use std::ops::Range;

use super::record::Printer;
use crate::cli::Stop;
use crate::cli::load::Session;
use crate::record::{Level, LogAnswer, LogPart, LogQuestion, LogRecord, Pattern, RunId};
use crate::store::Logs;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// Text that is read at once.
const PIECE: u64 = 1 << 20;

/// What was asked for.
#[derive(Debug)]
pub(super) struct Want {
    pub(super) pattern: Pattern,
    pub(super) floor: Level,
    /// Seconds since 1970.
    pub(super) since: Option<f64>,
    pub(super) until: Option<f64>,
}

/// The log of a run, read for what was asked.
pub(super) struct Reading<'a> {
    session: &'a mut Session,
    id: RunId,
    want: &'a Want,
    ticket: u32,
}

/// Takes the numbers of lines as they are found.
type Sink<'a, 's> = dyn FnMut(&mut Reading<'a>, &[u64]) -> Result<(), Stop> + 's;

/// A line that is printed, and its number.
type Line = (u64, LogRecord);

impl<'a> Reading<'a> {
    pub(super) fn new(session: &'a mut Session, id: RunId, want: &'a Want) -> Self {
        Self {
            session,
            id,
            want,
            ticket: 0,
        }
    }

    /// Prints those of these lines that are wanted, or the last so many of them.
    pub(super) fn print(
        &mut self,
        lines: Range<u64>,
        tail: Option<usize>,
        printer: &mut Printer<'_>,
    ) -> Result<(), Stop> {
        let Some(logs) = self.logs() else {
            return Ok(());
        };
        let blocks = self.want.blocks(logs, &lines);
        if let Some(most) = tail {
            let found = self.last(lines, blocks, most)?;
            return found.iter().try_for_each(|line| printer.line(line));
        }
        if self.want.pattern.is_empty() {
            let pieces = self.pieces(blocks, None, lines.end);
            return self.print_pieces(&pieces, None, &lines, printer);
        }
        self.search(blocks, lines.clone(), &mut |reading, hits| {
            let pieces = reading.pieces_of(hits, lines.end);
            reading.print_pieces(&pieces, Some(hits), &lines, printer)
        })
    }

    fn logs(&self) -> Option<&Logs> {
        Some(&self.session.store().run(self.id)?.logs)
    }

    fn print_pieces(
        &mut self,
        pieces: &[LogPart],
        hits: Option<&[u64]>,
        lines: &Range<u64>,
        printer: &mut Printer<'_>,
    ) -> Result<(), Stop> {
        for piece in pieces {
            let found = self.piece(piece, hits, lines)?;
            found.iter().try_for_each(|line| printer.line(line))?;
        }
        Ok(())
    }

    /// The last lines that are wanted: nothing before them is read.
    fn last(
        &mut self,
        lines: Range<u64>,
        blocks: Range<u64>,
        most: usize,
    ) -> Result<VecDeque<Line>, Stop> {
        let (pieces, hits) = if self.want.pattern.is_empty() {
            (self.pieces(blocks, None, lines.end), None)
        } else {
            let mut all = Vec::new();
            self.search(blocks, lines.clone(), &mut |_, hits| {
                all.extend_from_slice(hits);
                Ok(())
            })?;
            (self.pieces_of(&all, lines.end), Some(all))
        };
        let mut found = VecDeque::new();
        for piece in pieces.iter().rev() {
            if found.len() >= most {
                break;
            }
            let more = self.piece(piece, hits.as_deref(), &lines)?;
            let room = most - found.len();
            more.into_iter()
                .rev()
                .take(room)
                .for_each(|line| found.push_front(line));
        }
        Ok(found)
    }

    /// Searches blocks, and hands out the numbers of lines that match, as they are found.
    fn search(
        &mut self,
        blocks: Range<u64>,
        lines: Range<u64>,
        sink: &mut Sink<'a, '_>,
    ) -> Result<(), Stop> {
        let mut next = blocks.start;
        while next < blocks.end {
            let Some(logs) = self.logs() else {
                return Ok(());
            };
            let parts = (next..blocks.end).map_while(|block| logs.part(block, lines.end));
            let parts: Vec<LogPart> = parts.collect();
            let ticket = self.ask(|ticket, want| LogQuestion::Search {
                ticket,
                slot: 0,
                pattern: want.pattern.clone(),
                parts,
            });
            loop {
                let (hits, searched, done) = match self.answer(ticket)? {
                    LogAnswer::Found {
                        hits,
                        searched,
                        done,
                        ..
                    } => (hits, searched, done),
                    other => return Err(unreadable(other)),
                };
                let is_wanted = |line: &u64| lines.contains(line);
                let hits = hits.iter().filter(|hit| hit.level >= self.want.floor);
                let hits: Vec<u64> = hits.map(|hit| hit.line).filter(is_wanted).collect();
                sink(self, &hits)?;
                if done {
                    if searched >= lines.end.min(blocks.end * Logs::BLOCK) {
                        return Ok(());
                    }
                    // There were too many to be told at once: it goes on behind them.
                    next = (searched / Logs::BLOCK).max(next + 1);
                    break;
                }
            }
        }
        Ok(())
    }

    /// Blocks in which a line may be wanted, those that follow each other together.
    fn pieces(&self, blocks: Range<u64>, only: Option<&[u64]>, end: u64) -> Vec<LogPart> {
        let Some(logs) = self.logs() else {
            return Vec::new();
        };
        let mut pieces: Vec<LogPart> = Vec::new();
        let blocks =
            blocks.filter(|block| only.is_none_or(|only| only.binary_search(block).is_ok()));
        for part in blocks.filter_map(|block| logs.part(block, end)) {
            let index = (part.first / Logs::BLOCK) as usize;
            let levels = logs.block(index).map_or([0; 5], |block| block.levels);
            if levels[self.want.floor as usize..]
                .iter()
                .all(|count| *count == 0)
            {
                continue;
            }
            match pieces.last_mut() {
                Some(last)
                    if last.first + last.lines == part.first
                        && part.offset - last.offset < PIECE =>
                {
                    last.lines += part.lines;
                    last.levels |= part.levels;
                }
                _ => pieces.push(part),
            }
        }
        pieces
    }

    /// The blocks that hold these lines.
    fn pieces_of(&self, hits: &[u64], end: u64) -> Vec<LogPart> {
        let mut blocks: Vec<u64> = hits.iter().map(|line| line / Logs::BLOCK).collect();
        blocks.dedup();
        let range = blocks.first().copied().unwrap_or(0)..blocks.last().map_or(0, |last| last + 1);
        self.pieces(range, Some(&blocks), end)
    }

    /// The lines of a piece that are wanted.
    fn piece(
        &mut self,
        piece: &LogPart,
        hits: Option<&[u64]>,
        lines: &Range<u64>,
    ) -> Result<Vec<Line>, Stop> {
        let ticket = self.ask(|ticket, _| LogQuestion::Read {
            ticket,
            part: *piece,
        });
        let records = match self.answer(ticket)? {
            LogAnswer::Lines { records, .. } => records,
            other => return Err(unreadable(other)),
        };
        let index = self
            .logs()
            .and_then(|logs| logs.block((piece.first / Logs::BLOCK) as usize));
        // A line without a time is as old as the one before it.
        let mut time = index.map_or(f64::NAN, |block| block.time);
        let mut found = Vec::new();
        for (number, record) in (piece.first..).zip(records) {
            time = record.time.filter(|time| time.is_finite()).unwrap_or(time);
            let is_hit = hits.is_none_or(|hits| hits.binary_search(&number).is_ok());
            if is_hit
                && lines.contains(&number)
                && record.level >= self.want.floor
                && self.want.holds(time)
            {
                found.push((number, record));
            }
        }
        Ok(found)
    }

    fn ask(&mut self, question: impl FnOnce(u32, &Want) -> LogQuestion) -> u32 {
        self.ticket += 1;
        let question = question(self.ticket, self.want);
        self.session.ask_log(self.id, question);
        self.ticket
    }

    fn answer(&mut self, ticket: u32) -> Result<LogAnswer, Stop> {
        let is_it = |answer: &LogAnswer| match answer {
            LogAnswer::Lines { ticket: of, .. }
            | LogAnswer::Found { ticket: of, .. }
            | LogAnswer::Failed { ticket: of, .. } => *of == ticket,
            LogAnswer::End { .. } => false,
        };
        let ended = || Stop::Unreadable(vec!["reading ended before the log was read".into()]);
        self.session.log_answer(is_it).ok_or_else(ended)
    }
}

impl Want {
    fn holds(&self, time: f64) -> bool {
        // Where no time is known, nothing is left out.
        let before = self.since.is_some_and(|since| time < since);
        let after = self.until.is_some_and(|until| time > until);
        !before && !after
    }

    /// The blocks that may hold what is wanted. Lines of several processes may be out of order a
    /// little: so a block more is looked at on both sides.
    fn blocks(&self, logs: &Logs, lines: &Range<u64>) -> Range<u64> {
        let mut blocks = lines.start / Logs::BLOCK..lines.end.div_ceil(Logs::BLOCK);
        let time = |block: u64| {
            logs.block(block as usize)
                .map_or(f64::NAN, |block| block.time)
        };
        if let Some(since) = self.since {
            let first = blocks.clone().find(|block| time(*block) >= since);
            let first = first.unwrap_or(blocks.end).saturating_sub(2);
            // Blocks without a time may hold anything.
            let unknown = blocks.clone().find(|block| time(*block).is_nan());
            blocks.start = blocks.start.max(first.min(unknown.unwrap_or(first)));
        }
        if let Some(until) = self.until {
            let late = |block: &u64| time(*block) > until;
            let last = blocks.clone().rev().find(|block| !late(block));
            blocks.end = last
                .map_or(blocks.start + 1, |last| last + 2)
                .min(blocks.end);
        }
        blocks
    }
}

fn unreadable(answer: LogAnswer) -> Stop {
    let error = match answer {
        LogAnswer::Failed { error, .. } => Safe::new(&error),
        _ => "an answer to another question".into(),
    };
    Stop::Unreadable(vec![safe!("the log cannot be read: {error}")])
}
