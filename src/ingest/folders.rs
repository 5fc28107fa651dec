//! Directory listings, kept from scan to scan: a directory that did not change is not listed again.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{Entry, Files, Kind, Stat};

/// A listing younger than this against the directory's own time may have missed a name: two
/// changes within one tick of the file system's clock leave the same time.
const SETTLED: i64 = 2_000_000_000;

/// The directories below one root.
#[derive(Debug, Default)]
pub(crate) struct Folders {
    cache: HashMap<PathBuf, Cached>,
    round: u64,
    /// Whether times of directories can be trusted to tell of changes.
    distrust: bool,
}

#[derive(Debug)]
struct Cached {
    stat: Stat,
    settled: bool,
    names: Arc<[Entry]>,
    round: u64,
}

impl Folders {
    pub(crate) fn new(remote: bool) -> Self {
        Self {
            distrust: remote,
            ..Self::default()
        }
    }

    pub(crate) fn begin(&mut self) {
        self.round += 1;
    }

    /// Forgets directories that this round did not come by.
    pub(crate) fn finish(&mut self) {
        let round = self.round;
        self.cache.retain(|_, cached| cached.round == round);
    }

    /// The directories that this round came by.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.cache.keys().map(PathBuf::as_path)
    }

    pub(crate) fn len(&self) -> usize {
        self.cache.len()
    }

    /// The names in a directory that can matter to anybody, sorted.
    pub(crate) fn list(
        &mut self,
        files: &dyn Files,
        path: &Path,
        wall: i64,
    ) -> io::Result<(Stat, Arc<[Entry]>)> {
        let stat = files.stat(path)?;
        if stat.kind != Kind::Dir {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        if let Some(cached) = self.cache.get_mut(path)
            && (cached.round == self.round || cached.settled)
            && same_listing(&cached.stat, &stat)
        {
            cached.round = self.round;
            return Ok((stat, Arc::clone(&cached.names)));
        }
        let mut names = files.list(path)?;
        names.retain(matters);
        names.sort_by(|a, b| a.name.cmp(&b.name));
        let names: Arc<[Entry]> = names.into();
        let settled = !self.distrust && wall.saturating_sub(stat.mtime) > SETTLED;
        let cached = Cached {
            stat,
            settled,
            names: Arc::clone(&names),
            round: self.round,
        };
        self.cache.insert(path.to_owned(), cached);
        Ok((stat, names))
    }
}

fn same_listing(old: &Stat, new: &Stat) -> bool {
    old.mtime == new.mtime && old.ctime == new.ctime && old.is_same_file(new)
}

/// Thousands of checkpoints in a folder must not be kept in memory: only directories, links and
/// names that a tracker could have given.
fn matters(entry: &Entry) -> bool {
    match entry.kind {
        Kind::Dir | Kind::Link => true,
        Kind::File | Kind::Other => {
            let ending = Path::new(&entry.name).extension();
            ending.is_some_and(|ending| ending == "json" || ending == "jsonl")
        }
    }
}
