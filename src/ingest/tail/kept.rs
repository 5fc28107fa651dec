//! Open files of live streams: what is written between a look and a deletion can still be read.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::ingest::files::{OpenFile, Stat};

/// How many files are kept open. With what is open for a moment this stays far below any limit.
const MOST: usize = 128;

/// Files that were read lately and may be written to any moment, the most recently read ones.
#[derive(Default)]
pub struct Kept {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    files: HashMap<(u64, u64), Held>,
    count: u64,
}

struct Held {
    file: Box<dyn OpenFile>,
    stat: Stat,
    /// When it was last used, in uses.
    used: u64,
}

impl Kept {
    /// Keeps a file open, instead of the one that was used least recently when there are too many.
    pub fn keep(&self, stat: Stat, file: Box<dyn OpenFile>) {
        let mut inner = self.lock();
        inner.count += 1;
        let used = inner.count;
        let key = (stat.dev, stat.ino);
        inner.files.insert(key, Held { file, stat, used });
        if inner.files.len() > MOST {
            let oldest = inner.files.iter().min_by_key(|(_, held)| held.used);
            if let Some(key) = oldest.map(|(key, _)| *key) {
                inner.files.remove(&key);
            }
        }
    }

    /// Hands the file out; it is kept no longer.
    pub fn take(&self, stat: &Stat) -> Option<Box<dyn OpenFile>> {
        let held = self.lock().files.remove(&(stat.dev, stat.ino))?;
        held.stat.is_same_file(stat).then_some(held.file)
    }

    /// How many files are kept open now.
    pub fn len(&self) -> usize {
        self.lock().files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept").field("files", &self.len()).finish()
    }
}
