//! Watches over calls into the file system: on a dead server a call may never return.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::files::{Entry, Files, OpenFile, Stat};

/// What one worker is doing in the file system right now.
#[derive(Debug)]
pub(crate) struct Activity {
    begun: Instant,
    inside: AtomicU32,
    /// When a call last began or ended, in milliseconds.
    last: AtomicU64,
}

/// A file system whose calls are noted in an [`Activity`].
pub(crate) struct Guarded {
    files: Arc<dyn Files>,
    activity: Arc<Activity>,
}

struct GuardedFile {
    file: Box<dyn OpenFile>,
    activity: Arc<Activity>,
}

struct Inside<'a>(&'a Activity);

impl Activity {
    pub(crate) fn new(begun: Instant) -> Self {
        Self {
            begun,
            inside: AtomicU32::new(0),
            last: AtomicU64::new(0),
        }
    }

    /// For how long a call has been going on; `None` outside of calls.
    pub(crate) fn stalled_for(&self) -> Option<Duration> {
        if self.inside.load(Ordering::Acquire) == 0 {
            return None;
        }
        let last = Duration::from_millis(self.last.load(Ordering::Acquire));
        Some(self.begun.elapsed().saturating_sub(last))
    }

    fn enter(&self) -> Inside<'_> {
        self.touch();
        self.inside.fetch_add(1, Ordering::AcqRel);
        Inside(self)
    }

    fn touch(&self) {
        self.last
            .store(self.begun.elapsed().as_millis() as u64, Ordering::Release);
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.inside.fetch_sub(1, Ordering::AcqRel);
        self.0.touch();
    }
}

impl Guarded {
    pub(crate) fn new(files: Arc<dyn Files>, activity: Arc<Activity>) -> Self {
        Self { files, activity }
    }
}

impl Files for Guarded {
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        let _inside = self.activity.enter();
        self.files.list(dir)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let _inside = self.activity.enter();
        self.files.stat(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        let _inside = self.activity.enter();
        let file = self.files.open(path)?;
        Ok(Box::new(GuardedFile {
            file,
            activity: Arc::clone(&self.activity),
        }))
    }

    fn is_remote(&self, path: &Path) -> bool {
        let _inside = self.activity.enter();
        self.files.is_remote(path)
    }

    fn owner(&self, path: &Path) -> Option<String> {
        let _inside = self.activity.enter();
        self.files.owner(path)
    }
}

impl OpenFile for GuardedFile {
    fn stat(&self) -> io::Result<Stat> {
        let _inside = self.activity.enter();
        self.file.stat()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let _inside = self.activity.enter();
        self.file.read_at(offset, buf)
    }

    fn next_data(&self, offset: u64) -> io::Result<Option<u64>> {
        let _inside = self.activity.enter();
        self.file.next_data(offset)
    }
}
