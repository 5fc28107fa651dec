//! A search that goes on: what was found so far, and what is still to be asked.

use super::levels::Levels;
use crate::record::{LogHit, LogPart};
use crate::store::Logs;
use crate::widgets::Safe;

/// More than this is not kept: nobody reads so many lines.
const MOST_HITS: usize = 1 << 20;

/// A search in one log.
#[derive(Debug, Default)]
pub(super) struct Search {
    hits: Vec<LogHit>,
    /// Which of the hits are shown, when not all are.
    chosen: Option<Vec<u32>>,
    levels: Option<Levels>,
    /// All lines before this one were looked at.
    searched: u64,
    waiting: Option<Waiting>,
    error: Option<Safe>,
    full: bool,
}

#[derive(Clone, Copy, Debug)]
struct Waiting {
    ticket: u32,
    end: u64,
}

impl Search {
    /// The lines that must be searched next in a log of so many lines; nothing while an answer is
    /// awaited.
    pub(super) fn ask(&mut self, ticket: u32, logs: &Logs, lines: u64) -> Option<Vec<LogPart>> {
        let idle = self.waiting.is_none() && self.error.is_none() && !self.full;
        if !idle || self.searched >= lines {
            return None;
        }
        let blocks = self.searched / Logs::BLOCK..lines.div_ceil(Logs::BLOCK);
        let parts: Vec<LogPart> = blocks.map_while(|block| logs.part(block, lines)).collect();
        let end = parts.last().map(|part| part.first + part.lines)?;
        self.waiting = Some(Waiting { ticket, end });
        Some(parts)
    }

    pub(super) fn is_awaiting(&self, ticket: u32) -> bool {
        self.waiting.is_some_and(|waiting| waiting.ticket == ticket)
    }

    /// Takes in what was found.
    pub(super) fn found(&mut self, hits: Vec<LogHit>, searched: u64, done: bool) {
        let mut next = self.hits.last().map_or(0, |hit| hit.line + 1);
        // The block in which the last search ended was searched again.
        next = next.max(self.searched);
        for hit in hits.into_iter().filter(|hit| hit.line >= next) {
            if self.hits.len() >= MOST_HITS {
                self.full = true;
                break;
            }
            self.add(hit);
        }
        self.searched = self.searched.max(searched);
        if done {
            let end = self.waiting.take().map_or(0, |waiting| waiting.end);
            self.full |= searched < end;
        }
    }

    fn add(&mut self, hit: LogHit) {
        if let (Some(chosen), Some(levels)) = (&mut self.chosen, self.levels)
            && levels.shows(hit.level)
        {
            chosen.push(self.hits.len() as u32);
        }
        self.hits.push(hit);
    }

    pub(super) fn failed(&mut self, error: Safe) {
        self.waiting = None;
        self.error = Some(error);
    }

    /// What failed may be tried again.
    pub(super) fn retry(&mut self) {
        self.error = None;
    }

    /// Shows hits of these levels.
    pub(super) fn show(&mut self, levels: Levels) {
        if self.levels == Some(levels) {
            return;
        }
        self.levels = Some(levels);
        self.chosen = (!levels.shows_all()).then(|| {
            let hits = self.hits.iter().enumerate();
            let chosen = hits.filter(|(_, hit)| levels.shows(hit.level));
            chosen.map(|(at, _)| at as u32).collect()
        });
    }

    pub(super) fn count(&self) -> u64 {
        let count = self.chosen.as_ref().map_or(self.hits.len(), Vec::len);
        count as u64
    }

    /// How many were found, of whatever level.
    pub(super) fn all(&self) -> u64 {
        self.hits.len() as u64
    }

    /// A hit by its number among those that are shown.
    pub(super) fn shown(&self, row: u64) -> Option<LogHit> {
        let row = usize::try_from(row).ok()?;
        let at = match &self.chosen {
            Some(chosen) => *chosen.get(row)? as usize,
            None => row,
        };
        self.hits.get(at).copied()
    }

    /// How many of the hits that are shown lie before a line.
    pub(super) fn shown_before(&self, line: u64) -> u64 {
        let before = match &self.chosen {
            Some(chosen) => chosen.partition_point(|at| self.hits[*at as usize].line < line),
            None => self.hits.partition_point(|hit| hit.line < line),
        };
        before as u64
    }

    pub(super) fn searched(&self) -> u64 {
        if self.full { u64::MAX } else { self.searched }
    }

    /// Which share of so many lines was searched; nothing when all of them were.
    pub(super) fn progress(&self, lines: u64) -> Option<f64> {
        let more = self.searched < lines && !self.full && self.error.is_none();
        more.then(|| (self.searched as f64 / lines as f64).clamp(0.0, 1.0))
    }

    /// There are more matches than are kept.
    pub(super) const fn is_full(&self) -> bool {
        self.full
    }

    pub(super) const fn error(&self) -> Option<&Safe> {
        self.error.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Level;

    fn hit(line: u64, level: Level) -> LogHit {
        LogHit { line, level }
    }

    fn waiting(end: u64) -> Search {
        Search {
            waiting: Some(Waiting { ticket: 1, end }),
            ..Search::default()
        }
    }

    #[test]
    fn hits_are_taken_once_and_shown_by_level() {
        let mut search = waiting(300);
        assert!(search.is_awaiting(1) && !search.is_awaiting(2));
        search.show(Levels::from(Level::Warn));
        search.found(vec![hit(3, Level::Info), hit(9, Level::Error)], 100, false);
        assert_eq!(search.progress(300), Some(1.0 / 3.0));
        search.found(vec![hit(9, Level::Error), hit(200, Level::Warn)], 300, true);
        assert!(!search.is_awaiting(1));
        assert_eq!(search.progress(300), None);
        assert_eq!(search.count(), 2);
        assert_eq!(search.shown(1), Some(hit(200, Level::Warn)));
        assert_eq!(search.shown_before(200), 1);
        search.show(Levels::from(Level::Debug));
        assert_eq!((search.count(), search.shown_before(9)), (3, 1));
        assert_eq!(search.shown(3), None);
    }

    #[test]
    fn too_many_hits_end_it() {
        let mut search = waiting(4 << 20);
        let all = (0..2 << 20).map(|line| hit(line, Level::Info)).collect();
        search.found(all, 2 << 20, false);
        assert_eq!(search.count(), MOST_HITS as u64);
        assert!(search.is_full());
        assert_eq!(search.progress(4 << 20), None);
        let mut search = waiting(100);
        search.found(Vec::new(), 50, true);
        assert!(search.is_full(), "whoever searched said that it is enough");
    }
}
