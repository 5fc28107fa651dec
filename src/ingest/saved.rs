//! The files that a run saved, where no index document lists them.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::files::{Files, Kind, Stat};
use crate::record::SavedFile;

const MOST: usize = 1_000;
const DEEPEST: usize = 8;
/// Folders deep below change without the outer one changing, so look again now and then.
const AGAIN: Duration = Duration::from_secs(30);

/// Lists the files below `files/` of a run.
#[derive(Debug, Default)]
pub(crate) struct Saved {
    seen: Option<Stat>,
    next: Duration,
    told: Vec<SavedFile>,
}

impl Saved {
    /// The files, when the list is not what it was.
    pub(crate) fn look(
        &mut self,
        files: &dyn Files,
        run: &Path,
        now: Duration,
    ) -> Option<Vec<SavedFile>> {
        let root = run.join("files");
        let stat = files.stat(&root).ok()?;
        if self.seen == Some(stat) && now < self.next {
            return None;
        }
        self.seen = Some(stat);
        self.next = now + AGAIN;
        let mut found = Vec::new();
        list(files, &root, &PathBuf::new(), 0, &mut found);
        found.sort_by(|a, b| a.path.cmp(&b.path));
        if found == self.told {
            return None;
        }
        self.told.clone_from(&found);
        Some(found)
    }
}

fn list(files: &dyn Files, root: &Path, below: &Path, depth: usize, found: &mut Vec<SavedFile>) {
    let Ok(mut entries) = files.list(&root.join(below)) else {
        return;
    };
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    for entry in entries {
        if found.len() >= MOST {
            return;
        }
        let child = below.join(&entry.name);
        match entry.kind {
            Kind::Dir if depth < DEEPEST => list(files, root, &child, depth + 1, found),
            Kind::File if !entry.name.as_encoded_bytes().starts_with(b".") => {
                let Ok(stat) = files.stat(&root.join(&child)) else {
                    continue;
                };
                let path = child.to_string_lossy().into_owned();
                let time = Some(stat.mtime as f64 / 1e9);
                found.push(SavedFile {
                    path,
                    size: stat.size,
                    time,
                });
            }
            _ => {}
        }
    }
}
