//! How a stream gets back the statistics of segments that a restart cut: from the exact rows that
//! are resident, or by asking for them.

use std::ops::Range;

use super::Mark64;
use super::live::{Live, Segment};
use super::part::Part;
use super::stream::Stream;
use crate::record::ColumnId;

impl Stream {
    /// Replays the cut segments of a column whose rows are resident; the others have to wait.
    pub(super) fn settle(&mut self, id: ColumnId) {
        let resident = self.resident().start;
        let Some(column) = self.columns.get_mut(id.0 as usize) else {
            return;
        };
        for segment in column.live.waiting() {
            let rows = segment.rows();
            let Some(replay) = segment.replay.as_mut() else {
                continue;
            };
            if replay.asked || rows.start < resident {
                continue;
            }
            for chunk in self.cache.overlapping(rows.clone()) {
                let held = chunk.rows();
                replay.feed(chunk.part(id), held.start, held.end, rows.end);
            }
        }
        column.live.finish(Segment::fed);
        if column.live.waiting().next().is_some() {
            self.waiting.insert(id);
        } else {
            self.waiting.remove(&id);
        }
    }

    /// The next rows to be asked for, one question at a time: what statistics wait for goes before
    /// what somebody looks at.
    pub(super) fn next_question(&mut self) -> Option<(Range<u64>, Mark64)> {
        if self.asked.is_some() {
            return None;
        }
        let rows = self.next_to_settle().or_else(|| self.next_look())?;
        self.asked = Some(rows.clone());
        let from = self.mark_before(rows.start).unwrap_or_default();
        Some((rows, from))
    }

    /// The rows of the first segments that wait, and of all that overlap them.
    fn next_to_settle(&mut self) -> Option<Range<u64>> {
        if self.waiting.is_empty() {
            return None;
        }
        let waiting = |stream: &mut Self, act: &mut dyn FnMut(&mut Segment)| {
            for id in &stream.waiting {
                stream.columns[id.0 as usize]
                    .live
                    .waiting()
                    .for_each(&mut *act);
            }
        };
        let mut ranges = Vec::new();
        waiting(self, &mut |segment| {
            ranges.push((segment.rows().start, segment.rows().end));
        });
        ranges.sort_unstable();
        let (start, mut end) = *ranges.first()?;
        for (from, to) in ranges {
            if from < end {
                end = end.max(to);
            }
        }
        waiting(self, &mut |segment| segment.ask(&(start..end)));
        Some(start..end)
    }

    /// The answer is complete: what it did not bring will not come.
    pub(super) fn exact_end(&mut self) {
        if self.void_answers > 0 {
            self.void_answers -= 1;
            return;
        }
        if self.asked.take().is_none() {
            return;
        }
        for id in std::mem::take(&mut self.waiting) {
            self.columns[id.0 as usize].live.finish(Segment::asked);
            self.settle(id);
        }
        self.look_answered();
    }
}

impl Live {
    /// Hands rows that were asked for to the segments that wait for them.
    pub(super) fn feed_asked(&mut self, part: Option<Part>, from: u64, to: u64) {
        for segment in self.waiting() {
            let end = segment.rows().end;
            if let Some(replay) = segment.replay.as_mut().filter(|replay| replay.asked) {
                replay.feed(part, from, to, end);
            }
        }
    }
}

impl Segment {
    /// All its rows have been seen again.
    fn fed(&self) -> bool {
        self.replay
            .as_ref()
            .is_some_and(|replay| !replay.asked && replay.complete(self.end))
    }

    fn asked(&self) -> bool {
        self.replay.as_ref().is_some_and(|replay| replay.asked)
    }

    fn ask(&mut self, rows: &Range<u64>) {
        let inside = rows.contains(&self.start);
        if let Some(replay) = self.replay.as_mut().filter(|_| inside) {
            replay.asked = true;
        }
    }
}
