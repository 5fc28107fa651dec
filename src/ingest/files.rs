//! The file system behind a small trait, so that tests can make it fail in every way it really does.

use std::ffi::OsString;
use std::io;
use std::path::Path;

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    File,
    Dir,
    /// A symbolic link that was not followed.
    Link,
    /// A pipe, a socket, a device: never opened.
    Other,
}

/// One name in a directory. Links are not followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: OsString,
    pub kind: Kind,
}

/// What the file system knows about a file. Times are nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    pub kind: Kind,
    pub size: u64,
    pub dev: u64,
    pub ino: u64,
    pub mtime: i64,
    pub ctime: i64,
    pub nlink: u64,
    /// When the inode was made, where the file system tells. It tells a reused inode number apart.
    pub btime: Option<i64>,
}

impl Stat {
    /// Whether `other` is the same file, not merely one with the same inode number.
    pub fn is_same_file(&self, other: &Self) -> bool {
        let born_together = match (self.btime, other.btime) {
            (Some(mine), Some(theirs)) => mine == theirs,
            _ => true,
        };
        self.dev == other.dev && self.ino == other.ino && born_together
    }
}

/// An open regular file. Reading needs no lock and moves no cursor.
pub trait OpenFile: Send + Sync {
    fn stat(&self) -> io::Result<Stat>;

    /// Reads some bytes at `offset`; 0 means that nothing is there. May read less than asked for.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<usize>;

    /// The first place at or after `offset` that is not a hole, or `None` when only a hole follows.
    /// A file system that knows no holes returns `offset`.
    fn next_data(&self, offset: u64) -> io::Result<Option<u64>>;
}

/// A file system, as far as reading runs needs one. Paths follow links.
pub trait Files: Send + Sync {
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>>;

    fn stat(&self, path: &Path) -> io::Result<Stat>;

    /// Opens a regular file without ever blocking on what else it may turn out to be.
    fn open(&self, path: &Path) -> io::Result<Box<dyn OpenFile>>;

    /// Whether the path lies on a file system that tells nobody about changes made elsewhere.
    fn is_remote(&self, path: &Path) -> bool;

    /// Whom a path belongs to, as far as that can be known: a name or a number.
    fn owner(&self, _path: &Path) -> Option<String> {
        None
    }
}

/// The error for something that is there but has no bytes to read.
pub fn not_regular() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")
}

/// Reads until the buffer is full or nothing more is there, going on after interruptions.
pub fn read_full(file: &dyn OpenFile, offset: u64, buf: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < buf.len() {
        match file.read_at(offset + done as u64, &mut buf[done..]) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
