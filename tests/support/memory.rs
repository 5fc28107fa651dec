//! A file system in memory whose clock stands still until told, and which fails when told.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use ml_dash_top::ingest::{Entry, Files, Kind, OpenFile, Stat};

/// What goes wrong when a path is used.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Opening, listing and asking fail with this error number.
    Refuse(i32),
    /// Reading fails with this error number.
    Read(i32),
    /// Reads return at most so many bytes, and every other one is interrupted.
    Short(usize),
    /// Every call takes this long.
    Slow(Duration),
    /// Reading never returns while this fault is set.
    Hang,
    /// Reading panics, as a bug of ours would.
    Panic,
}

#[derive(Clone, Debug)]
struct Node {
    /// Unlike the inode number never given twice.
    id: u64,
    stat: Stat,
    data: Arc<Vec<u8>>,
}

#[derive(Debug, Default)]
struct State {
    nodes: BTreeMap<PathBuf, Node>,
    /// Files without a name, for those who have them open.
    nameless: BTreeMap<u64, Node>,
    ids: u64,
    faults: BTreeMap<PathBuf, Fault>,
    free: Vec<u64>,
    inodes: u64,
    now: i64,
    calls: BTreeMap<&'static str, usize>,
    reads: usize,
    stats: BTreeMap<PathBuf, usize>,
    remote: bool,
}

#[derive(Clone, Debug, Default)]
pub struct MemoryDisk {
    state: Arc<(Mutex<State>, Condvar)>,
}

struct MemoryFile {
    disk: MemoryDisk,
    path: PathBuf,
    id: u64,
}

impl MemoryDisk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.0.lock().unwrap()
    }

    /// Moves the clock of the file system.
    pub fn tick(&self, nanos: i64) {
        self.lock().now += nanos;
    }

    pub fn now(&self) -> i64 {
        self.lock().now
    }

    pub fn fault(&self, path: impl AsRef<Path>, fault: Fault) {
        self.lock().faults.insert(path.as_ref().to_owned(), fault);
    }

    pub fn heal(&self, path: impl AsRef<Path>) {
        self.lock().faults.remove(path.as_ref());
        self.state.1.notify_all();
    }

    pub fn calls(&self, what: &'static str) -> usize {
        self.lock().calls.get(what).copied().unwrap_or(0)
    }

    /// Makes a file, or writes it anew in place.
    pub fn write(&self, path: impl AsRef<Path>, data: &[u8]) {
        self.put(path.as_ref(), Kind::File, |old| {
            old.clear();
            old.extend_from_slice(data);
        });
    }

    pub fn append(&self, path: impl AsRef<Path>, data: &[u8]) {
        self.put(path.as_ref(), Kind::File, |old| old.extend_from_slice(data));
    }

    pub fn edit(&self, path: impl AsRef<Path>, edit: impl FnOnce(&mut Vec<u8>)) {
        self.put(path.as_ref(), Kind::File, edit);
    }

    /// A change that leaves the times as they were.
    pub fn edit_silently(&self, path: impl AsRef<Path>, edit: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.lock();
        let node = state
            .nodes
            .get_mut(path.as_ref())
            .expect("the file is there");
        edit(Arc::make_mut(&mut node.data));
        node.stat.size = node.data.len() as u64;
    }

    pub fn special(&self, path: impl AsRef<Path>, kind: Kind) {
        self.put(path.as_ref(), kind, |_| {});
    }

    /// Writes another file and renames it over this one.
    pub fn replace(&self, path: impl AsRef<Path>, data: &[u8]) {
        let path = path.as_ref();
        let old = self.lock().nodes.remove(path);
        self.put(path, Kind::File, |new| new.extend_from_slice(data));
        // The old inode is freed only after the new one was taken.
        if let Some(old) = old {
            self.lock().unlink(old);
        }
    }

    /// Gives a file another name, over what may have it.
    pub fn rename(&self, from: impl AsRef<Path>, to: impl AsRef<Path>) {
        let mut state = self.lock();
        if let Some(mut node) = state.nodes.remove(from.as_ref()) {
            node.stat.ctime = state.now;
            if let Some(old) = state.nodes.insert(to.as_ref().to_owned(), node) {
                state.unlink(old);
            }
        }
    }

    /// All of it lies on another machine.
    pub fn make_remote(&self) {
        self.lock().remote = true;
    }

    /// How often a path was asked about.
    pub fn stats_of(&self, path: impl AsRef<Path>) -> usize {
        self.lock().stats.get(path.as_ref()).copied().unwrap_or(0)
    }

    pub fn remove(&self, path: impl AsRef<Path>) {
        let mut state = self.lock();
        let below: Vec<PathBuf> = state
            .nodes
            .keys()
            .filter(|p| p.starts_with(path.as_ref()))
            .cloned()
            .collect();
        for path in below {
            let node = state.nodes.remove(&path).expect("it was there");
            state.unlink(node);
            state.touch_above(&path);
        }
    }

    pub fn data(&self, path: impl AsRef<Path>) -> Option<Vec<u8>> {
        self.lock()
            .nodes
            .get(path.as_ref())
            .map(|node| node.data.to_vec())
    }

    fn put(&self, path: &Path, kind: Kind, edit: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.lock();
        for above in path
            .ancestors()
            .skip(1)
            .filter(|p| !p.as_os_str().is_empty())
        {
            if !state.nodes.contains_key(above) {
                let node = state.new_node(Kind::Dir);
                state.nodes.insert(above.to_owned(), node);
                state.touch_above(above);
            }
        }
        if !state.nodes.contains_key(path) {
            let node = state.new_node(kind);
            state.nodes.insert(path.to_owned(), node);
            state.touch_above(path);
        }
        let now = state.now;
        let node = state.nodes.get_mut(path).expect("it was just made");
        edit(Arc::make_mut(&mut node.data));
        node.stat.size = node.data.len() as u64;
        node.stat.mtime = now;
        node.stat.ctime = now;
    }

    /// Runs the fault of a path, and counts the call.
    fn meet(&self, what: &'static str, path: &Path, reading: bool) -> io::Result<Option<usize>> {
        let mut state = self.lock();
        *state.calls.entry(what).or_default() += 1;
        loop {
            let fault = path
                .ancestors()
                .find_map(|above| state.faults.get(above))
                .cloned();
            match fault {
                Some(Fault::Refuse(code)) if !reading => {
                    return Err(io::Error::from_raw_os_error(code));
                }
                Some(Fault::Read(code)) if reading => {
                    return Err(io::Error::from_raw_os_error(code));
                }
                Some(Fault::Short(most)) if reading => {
                    state.reads += 1;
                    if state.reads.is_multiple_of(2) {
                        return Err(io::ErrorKind::Interrupted.into());
                    }
                    return Ok(Some(most));
                }
                Some(Fault::Slow(pause)) => {
                    drop(state);
                    std::thread::sleep(pause);
                    return Ok(None);
                }
                Some(Fault::Panic) if reading => {
                    drop(state);
                    panic!("a bug, for a test");
                }
                Some(Fault::Hang) if reading => state = self.state.1.wait(state).unwrap(),
                _ => return Ok(None),
            }
        }
    }
}

impl State {
    fn unlink(&mut self, mut node: Node) {
        self.free.push(node.stat.ino);
        node.stat.nlink = 0;
        self.nameless.insert(node.id, node);
    }

    fn new_node(&mut self, kind: Kind) -> Node {
        let ino = self.free.pop().unwrap_or_else(|| {
            self.inodes += 1;
            self.inodes
        });
        let (mtime, ctime) = (self.now, self.now);
        let stat = Stat {
            kind,
            size: 0,
            dev: 1,
            ino,
            mtime,
            ctime,
            nlink: 1,
            btime: None,
        };
        self.ids += 1;
        Node {
            id: self.ids,
            stat,
            data: Arc::default(),
        }
    }

    fn touch_above(&mut self, path: &Path) {
        let now = self.now;
        if let Some(above) = path.parent().and_then(|above| self.nodes.get_mut(above)) {
            above.stat.mtime = now;
            above.stat.ctime = now;
        }
    }

    fn node(&self, path: &Path) -> io::Result<&Node> {
        self.nodes
            .get(path)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Files for MemoryDisk {
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        self.meet("list", dir, false)?;
        let state = self.lock();
        state.node(dir)?;
        let inside = state
            .nodes
            .iter()
            .filter(|(path, _)| path.parent() == Some(dir));
        let name = |path: &Path| path.file_name().map(OsString::from).unwrap_or_default();
        Ok(inside
            .map(|(path, node)| Entry {
                name: name(path),
                kind: node.stat.kind,
            })
            .collect())
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        self.meet("stat", path, false)?;
        *self.lock().stats.entry(path.to_owned()).or_default() += 1;
        Ok(self.lock().node(path)?.stat)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        self.meet("open", path, false)?;
        let node = self.lock().node(path)?.clone();
        if node.stat.kind != Kind::File {
            return Err(ml_dash_top::ingest::files::not_regular());
        }
        let (disk, path, id) = (self.clone(), path.to_owned(), node.id);
        Ok(Box::new(MemoryFile { disk, path, id }))
    }

    fn is_remote(&self, _path: &Path) -> bool {
        self.lock().remote
    }
}

impl MemoryFile {
    /// The file as it is now, whatever its name is.
    fn node(&self) -> Node {
        let state = self.disk.lock();
        let named = state.nodes.get(&self.path).filter(|n| n.id == self.id);
        let named = named.or_else(|| state.nodes.values().find(|node| node.id == self.id));
        let node = named.or_else(|| state.nameless.get(&self.id));
        node.expect("an open file does not vanish").clone()
    }
}

impl OpenFile for MemoryFile {
    fn stat(&self) -> io::Result<Stat> {
        Ok(self.node().stat)
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
        let most = self
            .disk
            .meet("read", &self.path, true)?
            .unwrap_or(usize::MAX);
        let node = self.node();
        let from = node.data.len().min(offset as usize);
        let count = buf.len().min(node.data.len() - from).min(most);
        buf[..count].copy_from_slice(&node.data[from..from + count]);
        Ok(count)
    }

    fn next_data(&self, offset: u64) -> io::Result<Option<u64>> {
        Ok(Some(offset))
    }
}
