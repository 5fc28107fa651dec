//! Who is looked at closely: hands every stream what is wanted of it, and keeps that in bounds.

use std::collections::{BTreeMap, BTreeSet};

use super::closely::Aim;
use super::stream::Stream;
use super::{Look, Store};
use crate::record::{RunId, StreamId};

/// Rows that were read again take at most so many bytes in all.
pub(super) const HELD: usize = 32 << 20;
/// The newest smoothed values take at most so many bytes in all, and of one column so many.
const RECENT: usize = 32 << 20;
const RECENT_EACH: usize = 640 << 10;

/// What is looked at closely.
#[derive(Debug, Default)]
pub(super) struct Looks {
    list: Vec<Look>,
    streams: BTreeSet<(u32, u32)>,
    /// Something that is looked at was not there.
    unmet: bool,
    /// What all streams hold for it, in bytes.
    pub(super) held: usize,
}

impl Store {
    /// Sees to it that everything that is looked at closely is worked out and in memory, and forgets
    /// what no longer is. What must be read again is told by [`Self::wants`].
    pub fn look(&mut self, looks: &[Look]) {
        if self.looks.list != looks || self.looks.unmet {
            self.looks.list = looks.to_vec();
            self.aim();
        }
        // The cache may have let go of rows since.
        for (run, stream) in self.looks.streams.clone() {
            self.attend_to(RunId(run), StreamId(stream), Stream::attend);
        }
    }

    fn aim(&mut self) {
        let mut aims: BTreeMap<(u32, u32), Vec<Aim>> = BTreeMap::new();
        self.looks.unmet = false;
        for look in &self.looks.list {
            let run = self.runs.get(look.run.0 as usize);
            let stream = run.and_then(|run| run.stream(look.stream));
            if stream
                .and_then(|stream| stream.column_at(look.column))
                .is_none()
            {
                self.looks.unmet = true;
                continue;
            }
            let wanted = aims.entry((look.run.0, look.stream.0)).or_default();
            wanted.push(Aim {
                column: look.column,
                weight: look.smoothing,
                rows: look.rows.clone(),
            });
        }
        let smooths = aims.values().flatten().filter(|aim| aim.weight.is_some());
        let recent = (RECENT / smooths.count().max(1)).min(RECENT_EACH);
        let before = std::mem::replace(&mut self.looks.streams, aims.keys().copied().collect());
        for (run, stream) in before {
            let wanted = aims.remove(&(run, stream)).unwrap_or_default();
            self.attend_to(RunId(run), StreamId(stream), |s| s.aim(wanted, recent));
        }
        for ((run, stream), wanted) in aims {
            self.attend_to(RunId(run), StreamId(stream), |s| s.aim(wanted, recent));
        }
    }
}
