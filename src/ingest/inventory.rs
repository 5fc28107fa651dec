//! What belongs to one run: the files in its folder that say something about it.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::files::{Entry, Files, Kind};
use super::folders::Folders;
use crate::formats::{self, Document, Role};
use crate::record::Layout;

/// How deep streams may nest in `metrics` and `tracks`.
const DEEPEST_STREAM: usize = 8;
/// Enough of a file to recognise it.
const PEEK: usize = 64 * 1024;
/// Folders that belong to a run. Other runs do not live there unless they say so themselves.
pub(crate) const RESERVED: [&str; 5] = ["files", "logs", "metrics", "parameters", "tracks"];
const MARKERS: [&str; 2] = ["experiment.json", ".ml-logger.meta.json"];

/// The files of a run, with paths below its folder, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Inventory {
    pub(crate) files: Vec<(PathBuf, Role)>,
    /// Files were saved, and no index document tells which.
    pub(crate) unlisted: bool,
    /// The folder itself, as device and inode.
    pub(crate) identity: (u64, u64),
    /// When the folder was made, where the file system tells.
    pub(crate) born: Option<i64>,
}

/// Looks through one folder for the files of a run.
pub(crate) struct Collector<'a> {
    files: &'a dyn Files,
    folders: &'a mut Folders,
    wall: i64,
    found: Vec<(PathBuf, Role)>,
    nested: Vec<PathBuf>,
    entered: HashSet<(u64, u64)>,
    errors: Vec<(PathBuf, io::Error)>,
    saved: bool,
}

/// What a folder holds.
#[derive(Debug)]
pub(crate) struct Collected {
    pub(crate) inventory: Inventory,
    /// Runs among the streams, as paths below the folder.
    pub(crate) nested: Vec<PathBuf>,
    pub(crate) errors: Vec<(PathBuf, io::Error)>,
}

impl<'a> Collector<'a> {
    pub(crate) fn new(files: &'a dyn Files, folders: &'a mut Folders, wall: i64) -> Self {
        Self {
            files,
            folders,
            wall,
            found: Vec::new(),
            nested: Vec::new(),
            entered: HashSet::new(),
            errors: Vec::new(),
            saved: false,
        }
    }

    pub(crate) fn collect(
        mut self,
        dir: &Path,
        names: &[Entry],
        identity: (u64, u64),
    ) -> Collected {
        self.entered.insert(identity);
        for entry in names {
            let name = Path::new(&entry.name);
            let reserved = RESERVED.iter().any(|reserved| name == Path::new(reserved));
            if entry.kind == Kind::Dir || (entry.kind == Kind::Link && reserved) {
                if reserved {
                    self.enter(dir, name, usize::from(!nests(name)) * DEEPEST_STREAM);
                } else if formats::role(name).is_some() {
                    self.keep(name);
                }
            } else {
                self.keep(name);
            }
        }
        self.found.sort_by(|a, b| a.0.cmp(&b.0));
        let indexed = self
            .found
            .iter()
            .any(|(_, r)| *r == Role::Document(Document::FilesIndex));
        let unlisted = self.saved && !indexed;
        Collected {
            inventory: Inventory {
                files: self.found,
                unlisted,
                identity,
                born: None,
            },
            nested: self.nested,
            errors: self.errors,
        }
    }

    /// Keeps a file that says something. What is in its place may turn out to be no file at all:
    /// the reader will say so.
    fn keep(&mut self, below: &Path) {
        if let Some(role) = formats::role(below) {
            self.found.push((below.to_owned(), role));
        }
    }

    fn enter(&mut self, dir: &Path, below: &Path, depth: usize) {
        let path = dir.join(below);
        let names = match self.folders.list(self.files, &path, self.wall) {
            Ok((stat, names)) => {
                if !self.entered.insert((stat.dev, stat.ino)) {
                    return;
                }
                names
            }
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return,
            Err(error) => {
                self.errors.push((path, error));
                return;
            }
        };
        let own_run = self.is_own_run(&path, &names);
        if own_run {
            self.nested.push(below.to_owned());
            if !is_marked(&names) || below.components().count() > 1 {
                return;
            }
            // A run called `metrics` within this one: beside what is its own lie our streams.
        }
        self.saved |= below == Path::new("files");
        for entry in names.iter() {
            let child = below.join(&entry.name);
            if own_run && (entry.kind != Kind::Dir || RESERVED.iter().any(|r| entry.name == *r)) {
                continue;
            }
            if entry.kind == Kind::Dir || (entry.kind == Kind::Link && !has_ending(&entry.name)) {
                self.enter_stream(dir, &child, depth);
            } else {
                self.keep(&child);
            }
        }
    }

    fn enter_stream(&mut self, dir: &Path, child: &Path, depth: usize) {
        // A folder in the place of a stream's file is worth a word, unless it is a stream itself.
        if formats::role(child).is_some() {
            let inner = self.folders.list(self.files, &dir.join(child), self.wall);
            if !inner.is_ok_and(|(_, names)| has(&names, "data.jsonl")) {
                self.keep(child);
                return;
            }
        }
        if depth < DEEPEST_STREAM {
            self.enter(dir, child, depth + 1);
        }
    }

    /// Whether a folder among the streams is a run of its own rather than a stream: some people
    /// call a project `metrics`.
    fn is_own_run(&mut self, path: &Path, names: &[Entry]) -> bool {
        if is_marked(names) {
            return true;
        }
        if has(names, "data.jsonl") {
            return false;
        }
        if has(names, "metrics.jsonl")
            && (has(names, "logs.jsonl") || has(names, "parameters.jsonl"))
        {
            return true;
        }
        if !names
            .iter()
            .any(|entry| entry.name == "metrics" && entry.kind == Kind::Dir)
        {
            return false;
        }
        let streams = path.join("metrics");
        let Ok((_, inner)) = self.folders.list(self.files, &streams, self.wall) else {
            return false;
        };
        inner
            .iter()
            .filter(|entry| entry.kind == Kind::Dir)
            .any(|entry| {
                let stream = self
                    .folders
                    .list(self.files, &streams.join(&entry.name), self.wall);
                stream.is_ok_and(|(_, names)| has(&names, "data.jsonl"))
            })
    }
}

/// The layout of a folder with these files, or `None` when it is no run.
pub(crate) fn recognise(files: &dyn Files, dir: &Path, inventory: &Inventory) -> Option<Layout> {
    if inventory.files.is_empty() {
        return None;
    }
    let paths: Vec<&Path> = inventory
        .files
        .iter()
        .map(|(path, _)| path.as_path())
        .collect();
    formats::recognise(&paths, &mut |below| peek(files, &dir.join(below)))
}

/// The first bytes of a file; none when it cannot be read.
pub(crate) fn peek(files: &dyn Files, path: &Path) -> Vec<u8> {
    let read = || -> io::Result<Vec<u8>> {
        let stat = files.stat(path)?;
        if stat.kind != Kind::File {
            return Ok(Vec::new());
        }
        let mut bytes = vec![0; stat.size.min(PEEK as u64) as usize];
        let file = files.open(path)?;
        let got = super::files::read_full(file.as_ref(), 0, &mut bytes)?;
        bytes.truncate(got);
        Ok(bytes)
    };
    read().unwrap_or_default()
}

/// Whether a folder says itself that it is a run.
pub(crate) fn is_marked(names: &[Entry]) -> bool {
    MARKERS.iter().any(|marker| has(names, marker))
}

fn has(names: &[Entry], name: &str) -> bool {
    names
        .iter()
        .any(|entry| entry.name == name && entry.kind != Kind::Dir)
}

fn has_ending(name: &std::ffi::OsStr) -> bool {
    let ending = Path::new(name).extension();
    ending.is_some_and(|ending| ending == "json" || ending == "jsonl")
}

/// Streams nest; logs, parameters and saved files do not.
fn nests(name: &Path) -> bool {
    name == Path::new("metrics") || name == Path::new("tracks")
}
