//! Finding runs below a root, in the order of their paths.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use super::files::{Entry, Files, Kind, not_regular};
use super::folders::Folders;
use super::inventory::{Collector, Inventory, RESERVED, is_marked, peek, recognise};
use crate::formats::{self, Document, Role};
use crate::record::{Layout, Place};

/// How deep a tree is followed.
const DEEPEST: usize = 24;
/// How many links are followed on the way to a run.
const MOST_HOPS: usize = 8;
/// The names of roots that trackers make, in the order in which they are searched.
pub const SEARCHED: [&str; 6] = [
    ".dash",
    ".ml-dash",
    ".ml-logger",
    "experiments",
    "runs",
    "outputs",
];

/// A run that was found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) place: Place,
    pub(crate) layout: Layout,
    pub(crate) inventory: Inventory,
    /// The run is one file that was given by name.
    pub(crate) single: bool,
}

/// What a walk comes by.
#[derive(Debug)]
pub(crate) enum Finding {
    Run(Box<Found>),
    Unreadable(PathBuf, io::Error),
}

/// One root and what is remembered of it between scans.
#[derive(Debug)]
pub(crate) struct Tree {
    /// The argument as it was given.
    arg: PathBuf,
    /// The folder counts only when it is a run itself.
    only_itself: bool,
    remote: bool,
    folders: Folders,
    /// Layouts of folders whose files are still the same, by a hash of the files' names.
    layouts: HashMap<PathBuf, (u64, Layout)>,
    /// Files of rows that belong to no run.
    loose: u64,
}

struct Walk<'a> {
    tree: &'a mut Tree,
    files: &'a dyn Files,
    wall: i64,
    out: &'a mut dyn FnMut(Finding) -> bool,
    visited: HashSet<(u64, u64)>,
    /// Links to folders: followed last, so that a run is known by its real name when it has one.
    links: Vec<Step>,
    layouts: HashMap<PathBuf, (u64, Layout)>,
    open: bool,
}

#[derive(Clone, Debug)]
struct Step {
    path: PathBuf,
    below: PathBuf,
    depth: usize,
    hops: usize,
}

impl Tree {
    pub(crate) fn new(arg: PathBuf, only_itself: bool, remote: bool) -> Self {
        Self {
            arg,
            only_itself,
            remote,
            folders: Folders::new(remote),
            layouts: HashMap::new(),
            loose: 0,
        }
    }

    pub(crate) fn is_remote(&self) -> bool {
        self.remote
    }

    /// How many files of rows the last walk saw in folders that are no runs.
    pub(crate) fn loose(&self) -> u64 {
        self.loose
    }

    pub(crate) fn folders(&self) -> &Folders {
        &self.folders
    }

    /// Walks the tree. `out` returns false when nobody wants to hear more.
    pub(crate) fn walk(
        &mut self,
        files: &dyn Files,
        wall: i64,
        out: &mut dyn FnMut(Finding) -> bool,
    ) -> io::Result<()> {
        let stat = files.stat(&self.arg)?;
        match stat.kind {
            Kind::File => {
                if let Some(found) = single_file(files, &self.arg, (stat.dev, stat.ino)) {
                    out(Finding::Run(Box::new(found)));
                }
                return Ok(());
            }
            Kind::Dir => {}
            Kind::Link | Kind::Other => return Err(not_regular()),
        }
        self.folders.begin();
        self.loose = 0;
        let path = self.arg.clone();
        let mut walker = Walk {
            tree: self,
            files,
            wall,
            out,
            visited: HashSet::new(),
            links: Vec::new(),
            layouts: HashMap::new(),
            open: true,
        };
        let first = Step {
            path,
            below: PathBuf::new(),
            depth: 0,
            hops: 0,
        };
        walker.enter(&first)?;
        while let Some(step) = take_first(&mut walker.links) {
            if walker.open {
                walker.visit(&step);
            }
        }
        let layouts = std::mem::take(&mut walker.layouts);
        self.layouts = layouts;
        self.folders.finish();
        Ok(())
    }
}

impl Walk<'_> {
    fn visit(&mut self, step: &Step) {
        if let Err(error) = self.enter(step) {
            // A folder that vanished meanwhile is no news; one that may not be read is.
            if !matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) {
                self.open &= (self.out)(Finding::Unreadable(step.path.clone(), error));
            }
        }
    }

    fn enter(&mut self, step: &Step) -> io::Result<()> {
        let (stat, names) = self.tree.folders.list(self.files, &step.path, self.wall)?;
        let identity = (stat.dev, stat.ino);
        if !self.visited.insert(identity) {
            return Ok(());
        }
        let collector = Collector::new(self.files, &mut self.tree.folders, self.wall);
        let collected = collector.collect(&step.path, &names, identity);
        let layout = self.layout(&step.path, &collected.inventory);
        for (path, error) in collected.errors {
            self.open &= (self.out)(Finding::Unreadable(path, error));
        }
        if let Some(layout) = layout {
            let place = self.place(step);
            let found = Found {
                place,
                layout,
                inventory: Inventory {
                    born: stat.btime,
                    ..collected.inventory
                },
                single: false,
            };
            self.open &= (self.out)(Finding::Run(Box::new(found)));
        }
        if layout.is_none() {
            let is_loose =
                |entry: &&Entry| entry.kind == Kind::File && is_called_rows(Path::new(&entry.name));
            self.tree.loose += names.iter().filter(is_loose).count() as u64;
            if self.tree.only_itself {
                return Ok(());
            }
        }
        let mut nested = collected.nested.into_iter().peekable();
        for entry in names.iter() {
            if !self.open {
                return Ok(());
            }
            let reserved = RESERVED.iter().any(|name| entry.name == *name);
            if layout.is_some() && reserved {
                while let Some(inner) = nested.next_if(|inner| inner.starts_with(&entry.name)) {
                    self.descend(step, &inner);
                }
                if entry.name == "files" {
                    self.if_marked(step, entry);
                }
            } else {
                self.child(step, entry);
            }
        }
        Ok(())
    }

    fn child(&mut self, step: &Step, entry: &Entry) {
        match entry.kind {
            Kind::Dir if is_hidden(&entry.name) => self.if_marked(step, entry),
            Kind::Dir if is_tool(&entry.name) => {}
            Kind::Dir => self.descend(step, Path::new(&entry.name)),
            Kind::Link if step.hops < MOST_HOPS && !is_tool(&entry.name) => {
                let path = step.path.join(&entry.name);
                let leads_to_dir = self.files.stat(&path).is_ok_and(|s| s.kind == Kind::Dir);
                if leads_to_dir && step.depth < DEEPEST {
                    let below = step.below.join(&entry.name);
                    let (depth, hops) = (step.depth + 1, step.hops + 1);
                    self.links.push(Step {
                        path,
                        below,
                        depth,
                        hops,
                    });
                }
            }
            Kind::Link | Kind::File | Kind::Other => {}
        }
    }

    /// Folders that are nobody's business are entered only when they say that they are runs.
    fn if_marked(&mut self, step: &Step, entry: &Entry) {
        let path = step.path.join(&entry.name);
        let marked = self.tree.folders.list(self.files, &path, self.wall);
        if marked.is_ok_and(|(_, names)| is_marked(&names)) {
            self.descend(step, Path::new(&entry.name));
        }
    }

    fn descend(&mut self, step: &Step, name: &Path) {
        let depth = step.depth + name.components().count();
        if depth > DEEPEST {
            return;
        }
        let (path, below) = (step.path.join(name), step.below.join(name));
        self.visit(&Step {
            path,
            below,
            depth,
            hops: step.hops,
        });
    }

    /// Recognising may need a look into files, so it is done once for the same set of files.
    fn layout(&mut self, dir: &Path, inventory: &Inventory) -> Option<Layout> {
        let mut hasher = DefaultHasher::new();
        for (path, _) in &inventory.files {
            path.hash(&mut hasher);
        }
        let hash = hasher.finish();
        let known = self
            .tree
            .layouts
            .get(dir)
            .filter(|(former, _)| *former == hash);
        let layout = match known {
            Some((_, layout)) => *layout,
            None => recognise(self.files, dir, inventory)?,
        };
        self.layouts.insert(dir.to_owned(), (hash, layout));
        Some(layout)
    }

    fn place(&self, step: &Step) -> Place {
        let arg = &self.tree.arg;
        if step.below.as_os_str().is_empty() {
            return Place {
                path: arg.clone(),
                shown: arg.clone(),
                below: own_name(arg),
            };
        }
        Place {
            path: step.path.clone(),
            shown: arg.join(&step.below),
            below: step.below.clone(),
        }
    }
}

/// A run that is a single file.
fn single_file(files: &dyn Files, path: &Path, identity: (u64, u64)) -> Option<Found> {
    let name = PathBuf::from(path.file_name()?);
    let (layout, role) = if name.extension().is_some_and(|ending| ending == "json") {
        (Layout::Epochs, Role::Document(Document::Epochs))
    } else {
        if !is_called_rows(&name) && !may_hold_rows(&peek(files, path)) {
            return None;
        }
        let layout = formats::recognise(&[&name], &mut |_| peek(files, path));
        let role = formats::role(&name).filter(|role| !matches!(role, Role::Document(_)));
        let role = role.unwrap_or_else(|| rows_of(&name.to_string_lossy()));
        (layout.unwrap_or(Layout::Jsonl), role)
    };
    let inventory = Inventory {
        files: vec![(name.clone(), role)],
        unlisted: false,
        identity,
        // A single file that was renamed is another run: its stream is named after it.
        born: None,
    };
    let place = Place {
        path: path.to_owned(),
        shown: path.to_owned(),
        below: name,
    };
    Some(Found {
        place,
        layout,
        inventory,
        single: true,
    })
}

fn is_called_rows(name: &Path) -> bool {
    let ending = name.extension().and_then(OsStr::to_str);
    matches!(ending, Some("jsonl" | "ndjson"))
}

/// Whether a file of any name may be one of rows: it is empty yet, or begins like one.
fn may_hold_rows(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let first = head.iter().find(|b| !b.is_ascii_whitespace() && **b != 0);
    first.is_none_or(|b| matches!(b, b'{' | b'['))
}

/// The role of a file of rows that was given by name.
pub(crate) fn rows_of(name: &str) -> Role {
    Role::Rows {
        stream: name.to_owned(),
        kind: crate::record::StreamKind::Metric,
    }
}

/// The name of a run that was given as an argument itself.
fn own_name(arg: &Path) -> PathBuf {
    if let Some(name) = arg.file_name() {
        return PathBuf::from(name);
    }
    // `.` and `..` have a name only where they lie.
    let real = std::fs::canonicalize(arg).unwrap_or_default();
    real.file_name()
        .map_or_else(|| arg.to_owned(), PathBuf::from)
}

fn take_first(links: &mut Vec<Step>) -> Option<Step> {
    if links.is_empty() {
        None
    } else {
        Some(links.remove(0))
    }
}

fn is_hidden(name: &OsStr) -> bool {
    let hidden = name.as_encoded_bytes().starts_with(b".");
    hidden && !SEARCHED.iter().any(|root| name == *root)
}

fn is_tool(name: &OsStr) -> bool {
    is_hidden(name) || name == "node_modules" || name == "__pycache__"
}
