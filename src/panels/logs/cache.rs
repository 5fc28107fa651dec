//! Lines that were read lately, block by block, and what is on its way.

use std::collections::BTreeMap;

use crate::record::{LogQuestion, LogRecord, RunId, Value};
use crate::store::Logs;
use crate::widgets::Safe;

/// About 8,000 lines.
const MOST_BLOCKS: usize = 64;
/// Bytes of text that are kept, roughly.
const MOST_BYTES: usize = 16 << 20;
/// Questions about blocks that may wait for an answer: who scrolls on does not wait for what is out
/// of sight by then.
const MOST_WAITING: usize = 8;

/// The blocks that were read lately.
#[derive(Debug, Default)]
pub(super) struct Cache {
    blocks: BTreeMap<(RunId, u64), Block>,
    bytes: usize,
    /// Counts the times at which somebody looked.
    looks: u64,
    waiting: Vec<Waiting>,
    tickets: u32,
}

#[derive(Debug)]
struct Block {
    records: Vec<LogRecord>,
    /// So many lines were asked for; there may be fewer records.
    lines: u64,
    bytes: usize,
    used: u64,
    /// Why lines of it could not be read.
    error: Option<Safe>,
}

/// A block that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Waiting {
    ticket: u32,
    pub(super) run: RunId,
    pub(super) block: u64,
    pub(super) lines: u64,
}

impl Cache {
    pub(super) fn records(&self, run: RunId, block: u64) -> Option<&[LogRecord]> {
        let block = self.blocks.get(&(run, block))?;
        Some(&block.records)
    }

    /// Whether so many lines of a block were read, or at least asked for and answered.
    pub(super) fn covers(&self, run: RunId, block: u64, lines: u64) -> bool {
        let known = self.blocks.get(&(run, block));
        known.is_some_and(|block| block.lines >= lines)
    }

    /// A number for a question that no other one has.
    pub(super) fn ticket(&mut self) -> u32 {
        self.tickets = self.tickets.wrapping_add(1);
        self.tickets
    }

    /// Somebody looks at these blocks now: they stay. Returns the questions about those that are
    /// not there, each only once.
    pub(super) fn look(
        &mut self,
        run: RunId,
        blocks: &[u64],
        logs: &Logs,
        all: u64,
    ) -> Vec<LogQuestion> {
        self.looks += 1;
        let mut questions = Vec::new();
        for block in blocks {
            if let Some(known) = self.blocks.get_mut(&(run, *block)) {
                known.used = self.looks;
            }
            let Some(part) = logs.part(*block, all) else {
                continue;
            };
            let asked = self
                .waiting
                .iter()
                .any(|waiting| (waiting.run, waiting.block) == (run, *block));
            let room = self.waiting.len() < MOST_WAITING;
            if asked || !room || self.covers(run, *block, part.lines) {
                continue;
            }
            let ticket = self.ticket();
            self.waiting.push(Waiting {
                ticket,
                run,
                block: *block,
                lines: part.lines,
            });
            questions.push(LogQuestion::Read { ticket, part });
        }
        questions
    }

    /// An answer came; what it was about, unless nobody wants to know any more.
    pub(super) fn take_waiting(&mut self, ticket: u32) -> Option<Waiting> {
        let place = self.waiting.iter().position(|w| w.ticket == ticket)?;
        Some(self.waiting.swap_remove(place))
    }

    pub(super) fn put(&mut self, waiting: Waiting, records: Vec<LogRecord>) {
        let bytes = records.iter().map(size).sum();
        let block = Block {
            records,
            lines: waiting.lines,
            bytes,
            used: self.looks,
            error: None,
        };
        self.bytes += bytes;
        let former = self.blocks.insert((waiting.run, waiting.block), block);
        self.bytes -= former.map_or(0, |block| block.bytes);
        self.shed();
    }

    /// Nothing came of a question: it is not asked again until the log has more lines or
    /// [`Self::retry`] is called.
    pub(super) fn put_nothing(&mut self, waiting: Waiting, error: Safe) {
        let key = (waiting.run, waiting.block);
        if !self.blocks.contains_key(&key) {
            self.put(waiting, Vec::new());
        }
        if let Some(block) = self.blocks.get_mut(&key) {
            block.lines = block.lines.max(waiting.lines);
            block.error = Some(error);
        }
    }

    /// Why lines of a block could not be read.
    pub(super) fn error(&self, run: RunId, block: u64) -> Option<&Safe> {
        self.blocks.get(&(run, block))?.error.as_ref()
    }

    /// What could not be read of a run may be asked for again.
    pub(super) fn retry(&mut self, run: RunId) {
        let of_run = self.blocks.range_mut((run, 0)..=(run, u64::MAX));
        for (_, block) in of_run.filter(|(_, block)| block.error.is_some()) {
            block.lines = block.records.len() as u64;
            block.error = None;
        }
    }

    /// The log of a run is another one now.
    pub(super) fn forget(&mut self, run: RunId) {
        self.waiting.retain(|waiting| waiting.run != run);
        self.blocks.retain(|(of, _), _| *of != run);
        self.bytes = self.blocks.values().map(|block| block.bytes).sum();
    }

    /// Lets go of what was not looked at for the longest time. What is visible stays.
    fn shed(&mut self) {
        while self.blocks.len() > MOST_BLOCKS || self.bytes > MOST_BYTES {
            let idle = self.blocks.iter().filter(|(_, b)| b.used < self.looks);
            let Some(key) = idle.min_by_key(|(_, b)| b.used).map(|(key, _)| *key) else {
                return;
            };
            let gone = self.blocks.remove(&key);
            self.bytes -= gone.map_or(0, |block| block.bytes);
        }
    }
}

fn size(record: &LogRecord) -> usize {
    let fields = record.fields.iter();
    let fields: usize = fields.map(|(key, value)| 48 + key.len() + of(value)).sum();
    size_of::<LogRecord>() + record.word.len() + record.message.len() + fields
}

fn of(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(number) => number.text.len(),
        Value::Text(text) => text.len(),
        Value::List(values) => values.iter().map(|value| 32 + of(value)).sum(),
        Value::Map(members) => members.iter().map(|(k, v)| 56 + k.len() + of(v)).sum(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Batch, Change, Layout, Level, LogLines, LogPart, Place};
    use crate::store::Store;

    const RUN: RunId = RunId(0);

    fn store(lines: u64) -> Store {
        let mut store = Store::new(0);
        let place = Place {
            path: "r".into(),
            shown: "r".into(),
            below: "r".into(),
        };
        let logs = LogLines {
            offsets: (0..lines).map(|n| n * 10).collect(),
            levels: vec![Level::Info; lines as usize],
            times: vec![],
        };
        for change in [
            Change::Found {
                place,
                layout: Layout::MlLogger,
            },
            Change::Logs(logs),
        ] {
            store.apply(Batch { run: RUN, change });
        }
        store
    }

    fn record(bytes: usize) -> LogRecord {
        LogRecord {
            time: None,
            level: Level::Info,
            word: String::new(),
            message: "x".repeat(bytes),
            fields: Vec::new(),
            omitted: 0,
        }
    }

    fn ticket(question: &LogQuestion) -> u32 {
        question.ticket()
    }

    #[test]
    fn nothing_is_asked_twice_and_a_block_that_grew_is_asked_again() {
        let store = store(200);
        let logs = &store.run(RUN).expect("a run").logs;
        let mut cache = Cache::default();
        let asked = cache.look(RUN, &[0, 1, 2], logs, 150);
        assert_eq!(asked.len(), 2, "there is no third block");
        let LogQuestion::Read { part, .. } = asked[1] else {
            panic!("{asked:?}");
        };
        let expected = LogPart {
            first: 128,
            lines: 22,
            offset: 1280,
            levels: Level::Info.bit(),
        };
        assert_eq!(part, expected);
        assert!(cache.look(RUN, &[0, 1], logs, 200).is_empty());
        let waiting = cache.take_waiting(ticket(&asked[1])).expect("awaited");
        cache.put(waiting, vec![record(1)]);
        assert_eq!(cache.records(RUN, 1).map(<[_]>::len), Some(1));
        assert!(cache.look(RUN, &[1], logs, 150).is_empty());
        assert_eq!(cache.look(RUN, &[1], logs, 151).len(), 1);
        assert_eq!(
            cache.records(RUN, 1).map(<[_]>::len),
            Some(1),
            "still there"
        );
        assert!(cache.take_waiting(ticket(&asked[1])).is_none());
        cache.forget(RUN);
        assert!(cache.take_waiting(ticket(&asked[0])).is_none());
    }

    #[test]
    fn what_failed_is_asked_again_only_when_told() {
        let store = store(10);
        let logs = &store.run(RUN).expect("a run").logs;
        let mut cache = Cache::default();
        let asked = cache.look(RUN, &[0], logs, 10);
        let waiting = cache.take_waiting(ticket(&asked[0])).expect("awaited");
        cache.put_nothing(waiting, Safe::fixed("gone"));
        assert_eq!(cache.error(RUN, 0), Some(&Safe::fixed("gone")));
        assert!(cache.look(RUN, &[0], logs, 10).is_empty());
        cache.retry(RUN);
        assert_eq!(cache.look(RUN, &[0], logs, 10).len(), 1);
    }

    #[test]
    fn memory_is_bounded() {
        let store = store(128 * 200);
        let logs = &store.run(RUN).expect("a run").logs;
        let mut cache = Cache::default();
        for block in 0..200 {
            let asked = cache.look(RUN, &[block], logs, 128 * 200);
            let waiting = cache.take_waiting(ticket(&asked[0])).expect("awaited");
            cache.put(waiting, vec![record(100)]);
        }
        assert_eq!(cache.blocks.len(), MOST_BLOCKS);
        assert!(cache.records(RUN, 199).is_some() && cache.records(RUN, 100).is_none());
        for block in 0..20 {
            let asked = cache.look(RUN, &[block], logs, 128 * 200);
            let waiting = cache.take_waiting(ticket(&asked[0])).expect("awaited");
            cache.put(waiting, vec![record(4 << 20)]);
            assert!(cache.bytes <= MOST_BYTES + (5 << 20), "{}", cache.bytes);
        }
        let sum: usize = cache.blocks.values().map(|block| block.bytes).sum();
        assert_eq!(sum, cache.bytes);
    }
}
