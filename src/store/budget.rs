//! Which exact rows go first when all streams together hold too many.

use std::collections::VecDeque;

use super::run::Run;
use super::stream::Stream;
use crate::record::{RunId, StreamId};

/// Streams by the power of two of the exact rows that they hold. Who holds many gives first, and
/// among equals in turn. An entry is valid when its stream says that it stands in this queue; a
/// stream that grew is entered again, one that shrank is moved when its turn comes. So everything
/// here costs a constant time for each slice of rows.
#[derive(Debug, Default)]
pub(super) struct Budget {
    limit: usize,
    held: usize,
    queues: [VecDeque<(RunId, StreamId)>; QUEUES],
}

/// One for each power of two up to the rows that a stream may hold.
const QUEUES: usize = 17;

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// A stream's exact rows took `before` bytes and changed.
    pub(super) fn changed(&mut self, run: RunId, id: StreamId, stream: &mut Stream, before: usize) {
        self.held = self.held.saturating_sub(before) + stream.cache.bytes();
        let Some(queue) = queue_of(stream) else {
            return;
        };
        if stream.queued.is_none_or(|queued| queued < queue) {
            stream.queued = Some(queue);
            self.queues[usize::from(queue)].push_back((run, id));
        }
    }

    /// Drops exact rows until the rest fits.
    pub(super) fn enforce(&mut self, runs: &mut [Run]) {
        while self.held > self.limit {
            let Some((queue, run, id)) = self.next() else {
                return;
            };
            let streams = runs.get_mut(run.0 as usize).map(|run| &mut run.streams);
            let Some(stream) = streams.and_then(|streams| streams.get_mut(id.0 as usize)) else {
                continue;
            };
            if stream.queued != Some(queue) {
                continue;
            }
            stream.queued = None;
            let before = stream.cache.bytes();
            if queue_of(stream) == Some(queue) {
                stream.cache.drop_oldest();
                stream.touch();
            }
            self.changed(run, id, stream, before);
        }
    }

    pub(super) fn heap_bytes(&self) -> usize {
        let entries: usize = self.queues.iter().map(VecDeque::capacity).sum();
        entries * size_of::<(RunId, StreamId)>()
    }

    fn next(&mut self) -> Option<(u8, RunId, StreamId)> {
        self.queues
            .iter_mut()
            .enumerate()
            .rev()
            .find_map(|(queue, entries)| {
                let (run, id) = entries.pop_front()?;
                Some((queue as u8, run, id))
            })
    }
}

fn queue_of(stream: &Stream) -> Option<u8> {
    let power = stream.cache.rows().checked_ilog2()?;
    Some(power.min(QUEUES as u32 - 1) as u8)
}
