//! Walking the roots again and again: new runs, vanished ones, and those that came back.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::discover::{Finding, Found, Tree};
use super::expand::{self, Root};
use super::files::{Files, Kind};
use super::inventory::Inventory;
use super::outlet::{Message, Sink, tell};
use super::plan::{Clock, Plan};
use super::run::RunReader;
use super::trouble::{is_absent, words_for};
use super::watch::Watch;
use crate::record::{Change, Holding, Layout, Place, RunId};

/// One root, with what is remembered between its scans.
pub(crate) struct RootScan {
    index: usize,
    root: Root,
    trees: HashMap<PathBuf, Tree>,
    /// What could not be read and was told.
    told: HashSet<PathBuf>,
    /// Folders in which a root would appear, or in which a single file lies.
    above: Vec<PathBuf>,
    round: u64,
    /// What it was told to hold.
    holding: Option<Holding>,
}

/// All runs that were ever found, from whichever root.
#[derive(Default)]
pub(crate) struct Registry {
    inner: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    by_path: HashMap<PathBuf, RunId>,
    by_identity: HashMap<(u64, u64), RunId>,
    runs: Vec<Registered>,
}

struct Registered {
    path: PathBuf,
    root: usize,
    round: u64,
    inventory: Inventory,
    gone: bool,
}

/// What a scan works with.
pub(crate) struct Ground<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) sink: &'a Sink,
    pub(crate) plan: &'a Plan,
    pub(crate) watch: &'a Watch,
    pub(crate) registry: &'a Registry,
    pub(crate) follow: bool,
}

impl RootScan {
    pub(crate) fn new(index: usize, root: Root) -> Self {
        Self {
            index,
            root,
            trees: HashMap::new(),
            told: HashSet::new(),
            above: Vec::new(),
            round: 0,
            holding: None,
        }
    }

    pub(crate) fn root(&self) -> &Root {
        &self.root
    }

    /// Whether any of it lies where changes by others are announced to nobody.
    pub(crate) fn is_remote(&self) -> bool {
        self.trees.values().any(Tree::is_remote)
    }

    /// The folders that the last scan came by, and those where what is waited for would appear.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> = Vec::new();
        for tree in self.trees.values() {
            folders.extend(tree.folders().paths().map(Path::to_path_buf));
        }
        folders.extend(self.above.iter().cloned());
        folders
    }

    /// Lets go of what only a further scan would need.
    pub(crate) fn forget(&mut self) {
        self.trees = HashMap::new();
        self.told = HashSet::new();
    }

    /// Walks everything once.
    pub(crate) fn scan(&mut self, ground: &Ground<'_>) {
        self.round += 1;
        let args = match &self.root {
            Root::Path(path) | Root::Maybe(path) | Root::Itself(path) => vec![path.clone()],
            Root::Pattern(pattern) => match expand::matches(pattern, ground.files) {
                Ok(paths) if paths.is_empty() => {
                    let nothing = io::Error::new(io::ErrorKind::NotFound, "nothing matches");
                    self.unreadable(Path::new(&pattern.clone()), &nothing, ground);
                    paths
                }
                Ok(paths) => paths,
                Err(error) => {
                    self.unreadable(Path::new(&pattern.clone()), &error, ground);
                    Vec::new()
                }
            },
            Root::Stdin => Vec::new(),
        };
        self.above.clear();
        self.trees.retain(|arg, _| args.contains(arg));
        let mut failed = Vec::new();
        let mut holding = None;
        for arg in args {
            let more = self.walk(arg, ground, &mut failed);
            holding = Some(holding.map_or(more, |holding: Holding| holding.and(more)));
        }
        self.tell_holding(holding.unwrap_or(Holding::Missing), ground);
        self.told.retain(|path| failed.contains(path));
        ground.registry.bury(self.index, self.round, ground);
    }

    fn walk(&mut self, arg: PathBuf, ground: &Ground<'_>, failed: &mut Vec<PathBuf>) -> Holding {
        let only_itself = matches!(self.root, Root::Itself(_));
        let tree = self
            .trees
            .entry(arg.clone())
            .or_insert_with(|| Tree::new(arg.clone(), only_itself, ground.files.is_remote(&arg)));
        let (index, round) = (self.index, self.round);
        let (mut errors, mut runs) = (Vec::new(), false);
        let result = tree.walk(ground.files, Clock::wall(), &mut |finding| match finding {
            Finding::Run(found) => {
                runs = true;
                ground.registry.register(&found, index, round, ground)
            }
            Finding::Unreadable(path, error) => {
                errors.push((path, error));
                true
            }
        });
        if ground.follow && tree.folders().len() == 0 {
            self.above.push(folder_above(ground.files, &arg));
        }
        let holding = match &result {
            _ if runs => Holding::Runs,
            Err(error) if is_absent(error) => Holding::Missing,
            Err(_) => Holding::Unreadable,
            Ok(()) if tree.folders().len() == 0 => Holding::NoRows,
            Ok(()) => Holding::NoRuns {
                loose: tree.loose(),
            },
        };
        if let Err(error) = result {
            let absent = is_absent(&error);
            let awaited = absent && (ground.follow || !self.root.must_exist());
            if !awaited {
                errors.push((arg, error));
            }
        }
        for (path, error) in errors {
            self.unreadable(&path, &error, ground);
            failed.push(path);
        }
        holding
    }

    /// Tells what the root holds, when that is news: not that something is missing of which nobody
    /// said that it is there.
    fn tell_holding(&mut self, holding: Holding, ground: &Ground<'_>) {
        let known = self.holding.replace(holding);
        let expected = known.is_some() || self.root.must_exist();
        if known != Some(holding) && (expected || holding != Holding::Missing) {
            let place = self.root.path();
            (ground.sink)(Message::Holds { place, holding });
        }
    }

    /// Tells once what cannot be read, and again when it could be read in between.
    fn unreadable(&mut self, path: &Path, error: &io::Error, ground: &Ground<'_>) {
        if self.told.insert(path.to_owned()) {
            let message = Message::Unreadable {
                path: path.to_owned(),
                error: words_for(error, path, ground.files),
            };
            (ground.sink)(message);
        }
    }
}

impl Registry {
    /// Takes note of a run that a scan came by; false when nobody listens any more.
    pub(crate) fn register(
        &self,
        found: &Found,
        root: usize,
        round: u64,
        ground: &Ground<'_>,
    ) -> bool {
        // The lock is held while the run is announced: runs are numbered in the order in which
        // they are announced.
        let mut known = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = known.by_path.get(&found.place.path).copied() {
            return known.seen_again(id, found, root, round, ground);
        }
        if let Some(id) = known.by_identity.get(&found.inventory.identity).copied() {
            let twin = &mut known.runs[id.0 as usize];
            let alive = ground.files.stat(&twin.path);
            if alive.is_ok_and(|stat| (stat.dev, stat.ino) == found.inventory.identity) {
                return true;
            }
            if twin.is_now(found) {
                return known.moved(id, found, root, round, ground);
            }
        }
        let id = RunId(known.runs.len() as u32);
        known.by_path.insert(found.place.path.clone(), id);
        known.by_identity.insert(found.inventory.identity, id);
        known.runs.push(Registered {
            path: found.place.path.clone(),
            root,
            round,
            inventory: found.inventory.clone(),
            gone: false,
        });
        let (place, layout) = (found.place.clone(), found.layout);
        let open = tell(id, ground.sink, Change::Found { place, layout });
        let remote = ground.follow && ground.files.is_remote(&found.place.path);
        ground.watch.add_run(&found.place.path, id);
        ground
            .plan
            .add(RunReader::new(found), found.inventory.clone(), remote);
        open
    }

    /// Runs of a root that this round did not come by: gone, when their folders are.
    fn bury(&self, root: usize, round: u64, ground: &Ground<'_>) {
        let mut known = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        for (id, run) in known.runs.iter_mut().enumerate() {
            if run.root != root || run.round == round || run.gone {
                continue;
            }
            let absent = ground
                .files
                .stat(&run.path)
                .is_err_and(|error| is_absent(&error));
            if absent {
                run.gone = true;
                let id = RunId(id as u32);
                ground.plan.gone(id);
                tell(id, ground.sink, Change::Gone);
            }
        }
    }

    /// Announces the run of standard input; `None` when there is one already.
    pub(crate) fn register_stdin(&self, root: usize, sink: &Sink, plan: &Plan) -> Option<RunId> {
        let mut known = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let path = PathBuf::from(super::stdin::NAME);
        if known.by_path.contains_key(&path) {
            return None;
        }
        let id = RunId(known.runs.len() as u32);
        known.by_path.insert(path.clone(), id);
        let place = Place {
            path: path.clone(),
            shown: path.clone(),
            below: path.clone(),
        };
        let inventory = Inventory::default();
        let found = Found {
            place,
            layout: Layout::Jsonl,
            inventory,
            single: true,
        };
        let inventory = Inventory::default();
        known.runs.push(Registered {
            path,
            root,
            round: u64::MAX,
            inventory,
            gone: true,
        });
        let (place, layout) = (found.place.clone(), found.layout);
        tell(id, sink, Change::Found { place, layout });
        plan.add_held(RunReader::held(&found));
        Some(id)
    }
}

impl Registered {
    /// Whether a folder is the one of this run, at another place.
    fn is_now(&self, found: &Found) -> bool {
        let (was, is) = (&self.inventory, &found.inventory);
        // Inode numbers are given again; without the time of birth nothing tells them apart.
        was.born.is_some() && was.born == is.born && was.identity == is.identity
    }
}

impl Known {
    /// The folder of a run has another name now, or lies elsewhere. It stays the same run.
    fn moved(
        &mut self,
        id: RunId,
        found: &Found,
        root: usize,
        round: u64,
        ground: &Ground<'_>,
    ) -> bool {
        let run = &mut self.runs[id.0 as usize];
        let path = found.place.path.clone();
        let former = std::mem::replace(&mut run.path, path.clone());
        (run.root, run.round, run.gone) = (root, round, false);
        run.inventory = found.inventory.clone();
        self.by_path.remove(&former);
        self.by_path.insert(path.clone(), id);
        let (place, layout) = (found.place.clone(), found.layout);
        let open = tell(id, ground.sink, Change::Found { place, layout });
        ground.watch.move_run(&former, &path, id);
        ground.plan.relocate(id, path, found.inventory.clone());
        open
    }

    fn seen_again(
        &mut self,
        id: RunId,
        found: &Found,
        root: usize,
        round: u64,
        ground: &Ground<'_>,
    ) -> bool {
        let run = &mut self.runs[id.0 as usize];
        if run.root == root {
            run.round = round;
        }
        let back = std::mem::take(&mut run.gone);
        let open = !back || tell(id, ground.sink, Change::Back);
        if back || run.inventory != found.inventory {
            run.inventory = found.inventory.clone();
            self.by_identity.insert(found.inventory.identity, id);
            ground.plan.update(id, found.inventory.clone());
        }
        open
    }
}

/// The nearest folder above a path that exists.
fn folder_above(files: &dyn Files, path: &Path) -> PathBuf {
    let mut above = path
        .ancestors()
        .skip(1)
        .filter(|above| !above.as_os_str().is_empty());
    let found = above.find(|above| files.stat(above).is_ok_and(|stat| stat.kind == Kind::Dir));
    found.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}
