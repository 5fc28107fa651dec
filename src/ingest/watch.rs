//! Hints that something changed, from the operating system.
//!
//! A hint only makes a look come sooner. What is true is found by looking: events are lost when
//! queues overflow, and network file systems send none.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use notify::event::{CreateKind, EventKind, ModifyKind, RemoveKind};
use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::plan::Plan;
use crate::formats;
use crate::record::RunId;

/// More folders than this are not watched: the system's limit is shared with everybody else.
const MOST_FOLDERS: usize = 16_384;

/// Watches folders for changes.
pub(crate) struct Watch {
    watcher: Mutex<Option<RecommendedWatcher>>,
    places: Arc<Places>,
}

/// What the folders that are watched belong to. Its locks are never held while the watcher is
/// called: the watcher waits for the very thread that asks here.
#[derive(Default)]
struct Places {
    base: PathBuf,
    trusted: AtomicBool,
    maps: Mutex<Maps>,
}

#[derive(Default)]
struct Maps {
    /// Watched folders, absolute, with the root that they belong to.
    folders: HashMap<PathBuf, usize>,
    /// The folders of runs, or their files.
    runs: HashMap<PathBuf, RunId>,
}

/// Why nothing is watched any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Limit {
    Watches,
    Instances,
    Other,
}

impl Limit {
    fn words(self) -> &'static str {
        match self {
            Self::Watches => {
                "too many folders for fs.inotify.max_user_watches: looking for changes every second instead"
            }
            Self::Instances => {
                "no instance left of fs.inotify.max_user_instances: looking for changes every second instead"
            }
            Self::Other => "changes are not announced here: looking for them every second instead",
        }
    }
}

impl Watch {
    /// A watch that announces nothing.
    pub(crate) fn none() -> Self {
        Self {
            watcher: Mutex::new(None),
            places: Arc::default(),
        }
    }

    /// Starts to listen. Without success everything is found by looking; the text says why.
    pub(crate) fn start(plan: &Arc<Plan>) -> (Self, Option<&'static str>) {
        let places = Arc::new(Places {
            base: std::env::current_dir().unwrap_or_default(),
            trusted: AtomicBool::new(true),
            maps: Mutex::default(),
        });
        let (heard, told) = (Arc::clone(&places), Arc::clone(plan));
        let watcher =
            notify::recommended_watcher(move |event: notify::Result<Event>| match event {
                Ok(event) => heard.hear(&event, &told),
                Err(_) => told.hint_all(),
            });
        match watcher {
            Ok(watcher) => (
                Self {
                    watcher: Mutex::new(Some(watcher)),
                    places,
                },
                None,
            ),
            Err(error) => (Self::none(), Some(limit_of(&error).words())),
        }
    }

    /// Whether changes on local file systems are announced.
    pub(crate) fn is_trusted(&self) -> bool {
        self.places.trusted.load(Ordering::Relaxed)
    }

    pub(crate) fn add_run(&self, path: &Path, run: RunId) {
        if self.is_trusted() {
            self.places
                .lock()
                .runs
                .insert(self.places.absolute(path), run);
        }
    }

    /// A run lies elsewhere now.
    pub(crate) fn move_run(&self, from: &Path, to: &Path, run: RunId) {
        self.places.lock().runs.remove(&self.places.absolute(from));
        self.add_run(to, run);
    }

    /// Watches the folders of a root, and no others of it. True when some of them are new: what
    /// happened there before they were watched must be looked for.
    pub(crate) fn cover<'a>(
        &self,
        root: usize,
        folders: impl Iterator<Item = &'a Path>,
    ) -> Result<bool, &'static str> {
        if !self.is_trusted() {
            return Ok(false);
        }
        let wanted: HashSet<PathBuf> = folders.map(|path| self.places.absolute(path)).collect();
        let (fresh, stale) = self.places.difference(root, &wanted);
        let mut guard = self.watcher.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(watcher) = guard.as_mut() else {
            return Ok(false);
        };
        for path in stale {
            // It is gone, or another folder by now; either way there is nothing to end.
            let _ = watcher.unwatch(&path);
            self.places.lock().folders.remove(&path);
        }
        for path in &fresh {
            let count = self.places.lock().folders.len();
            let result = if count < MOST_FOLDERS {
                watcher
                    .watch(path, RecursiveMode::NonRecursive)
                    .map_err(|error| limit_of(&error))
            } else {
                Err(Limit::Watches)
            };
            match result {
                Ok(()) => {
                    self.places.lock().folders.insert(path.clone(), root);
                }
                // A folder that vanished meanwhile is no reason to distrust the others.
                Err(Limit::Other) => {}
                Err(limit) => {
                    // Half a watch would be trusted where it does not reach.
                    self.places.trusted.store(false, Ordering::Relaxed);
                    *guard = None;
                    *self.places.lock() = Maps::default();
                    return Err(limit.words());
                }
            }
        }
        Ok(!fresh.is_empty())
    }
}

impl Places {
    /// The watcher reports absolute paths.
    fn absolute(&self, path: &Path) -> PathBuf {
        self.base.join(path)
    }

    fn lock(&self) -> MutexGuard<'_, Maps> {
        self.maps.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn difference(&self, root: usize, wanted: &HashSet<PathBuf>) -> (Vec<PathBuf>, Vec<PathBuf>) {
        let maps = self.lock();
        let mut fresh: Vec<PathBuf> = wanted
            .iter()
            .filter(|path| !maps.folders.contains_key(*path))
            .cloned()
            .collect();
        fresh.sort();
        let mine = maps.folders.iter().filter(|(_, owner)| **owner == root);
        let stale = mine
            .map(|(path, _)| path)
            .filter(|path| !wanted.contains(*path));
        (fresh, stale.cloned().collect())
    }

    fn hear(&self, event: &Event, plan: &Plan) {
        if event.need_rescan() {
            // A folder that was replaced meanwhile took its watch with it: all are asked for anew.
            self.lock().folders.clear();
            return plan.hint_all();
        }
        // Reading must not be the reason to read again.
        if matches!(event.kind, EventKind::Access(_)) && !is_end_of_writing(event.kind) {
            return;
        }
        let structure = !matches!(
            event.kind,
            EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Metadata(_)) | EventKind::Access(_)
        );
        let mut roots = HashSet::new();
        let mut runs = HashSet::new();
        {
            let mut maps = self.lock();
            for path in &event.paths {
                let run = path
                    .ancestors()
                    .find(|above| maps.runs.contains_key(*above));
                if is_noise(event.kind, path, run) {
                    continue;
                }
                runs.extend(run.and_then(|run| maps.runs.get(run)));
                if !structure {
                    continue;
                }
                let folder = path.parent().and_then(|folder| maps.folders.get(folder));
                roots.extend(folder.or_else(|| maps.folders.get(path)));
                if !matches!(event.kind, EventKind::Create(_)) {
                    // A folder that went away takes its watch with it: one that comes in its
                    // place must be watched anew.
                    maps.folders.remove(path);
                }
            }
        }
        if !runs.is_empty() {
            plan.hint(runs.into_iter());
        }
        for root in roots {
            plan.hint_scan(root);
        }
    }
}

fn is_end_of_writing(kind: EventKind) -> bool {
    use notify::event::{AccessKind, AccessMode};
    kind == EventKind::Access(AccessKind::Close(AccessMode::Write))
}

/// Whether an event is about a file that says nothing: some trackers make and remove a handful of
/// lock files for every row.
fn is_noise(kind: EventKind, path: &Path, run: Option<&Path>) -> bool {
    let ending = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let about_file = match kind {
        EventKind::Create(kind) => kind == CreateKind::File,
        EventKind::Remove(kind) => kind == RemoveKind::File,
        EventKind::Modify(ModifyKind::Data(_)) | EventKind::Access(_) => true,
        _ => false,
    };
    if !about_file && !matches!(ending, "json" | "jsonl" | "lock" | "tmp") {
        return false;
    }
    match run.map(|run| path.strip_prefix(run)) {
        Some(Ok(below)) => !below.as_os_str().is_empty() && formats::role(below).is_none(),
        _ => !matches!(ending, "json" | "jsonl"),
    }
}

fn limit_of(error: &notify::Error) -> Limit {
    const EMFILE: i32 = 24;
    const ENFILE: i32 = 23;
    const ENOSPC: i32 = 28;
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => Limit::Watches,
        notify::ErrorKind::Io(error) => match error.raw_os_error() {
            Some(ENOSPC) => Limit::Watches,
            Some(EMFILE | ENFILE) => Limit::Instances,
            _ => Limit::Other,
        },
        _ => Limit::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_told_apart() {
        let io = |code| notify::Error::io(std::io::Error::from_raw_os_error(code));
        assert_eq!(limit_of(&io(28)), Limit::Watches);
        assert_eq!(
            limit_of(&notify::Error::new(notify::ErrorKind::MaxFilesWatch)),
            Limit::Watches
        );
        assert_eq!(limit_of(&io(24)), Limit::Instances);
        assert_eq!(limit_of(&io(2)), Limit::Other);
        assert!(Limit::Watches.words().contains("max_user_watches"));
        assert!(Limit::Instances.words().contains("max_user_instances"));
    }

    #[test]
    fn locks_are_noise_and_rows_are_not() {
        let created = EventKind::Create(CreateKind::File);
        let folder = EventKind::Create(CreateKind::Folder);
        let run = Some(Path::new("/r/run"));
        let noise = |kind, path: &str, run| is_noise(kind, Path::new(path), run);
        assert!(noise(created, "/r/run/metrics/train/.metadata.lock", run));
        assert!(noise(created, "/r/run/metrics/train/metadata.json", run));
        assert!(!noise(created, "/r/run/metrics/train/data.jsonl", run));
        assert!(!noise(folder, "/r/run/metrics/np.float64", run));
        assert!(!noise(created, "/r/new/experiment.json", None));
        assert!(noise(created, "/r/new/model.pt", None));
        assert!(!noise(
            EventKind::Modify(ModifyKind::Any),
            "/r/rows.jsonl",
            Some(Path::new("/r/rows.jsonl"))
        ));
    }

    /// F53: when the queue overflowed, everything is looked at, and every watch is asked for anew.
    #[test]
    fn lost_hints_are_hints_about_everything() {
        use crate::ingest::expand::Root;
        use crate::ingest::plan::{Clock, Job, Reach};
        use crate::ingest::scan::RootScan;
        use std::time::{Duration, Instant};

        let root = RootScan::new(0, Root::Path(PathBuf::from("root")));
        let plan = Plan::new(Clock::new(), true, vec![root]);
        let Some(Job::Scan(0, scan)) = plan.next() else {
            panic!("a root is scanned first");
        };
        // The next look would come after ten seconds.
        let cost = Duration::from_millis(10);
        plan.scanned(0, scan, cost, Reach::Remote);
        let places = Places::default();
        let folder = PathBuf::from("/r/run");
        places.lock().folders.insert(folder, 0);
        let overflow = Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        let begun = Instant::now();
        places.hear(&overflow, &plan);
        assert!(places.lock().folders.is_empty());
        assert!(matches!(plan.next(), Some(Job::Scan(0, _))));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
