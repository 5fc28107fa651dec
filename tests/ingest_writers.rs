//! Writers that lock, map or swap the file that is read.

#![allow(clippy::unwrap_used)]

#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ml_dash_top::ingest::{Entry, Files, Kind, LocalDisk, OpenFile, Stat};
use replay::Replay;

const ROW: &str = "{\"loss\": 1}\n";

fn rows_are(count: usize) -> impl FnMut(&Replay) -> bool {
    move |r| {
        r.find("run")
            .is_some_and(|run| run.rows("metrics.jsonl") == count)
    }
}

fn make_run(dir: &Path) -> PathBuf {
    fs::create_dir(dir.join("run")).unwrap();
    let path = dir.join("run/metrics.jsonl");
    fs::write(&path, ROW).unwrap();
    path
}

fn make_pipe(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.unwrap().success());
}

/// F57: a lock is between writers; reading takes none and waits for none.
#[test]
fn a_lock_holds_nobody_up() {
    let dir = tempfile::tempdir().unwrap();
    let path = make_run(dir.path());
    let mut writer = OpenOptions::new().append(true).open(&path).unwrap();
    writer.lock().unwrap();
    rustix::fs::fcntl_lock(&writer, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let mut replay = Replay::follow(Arc::new(LocalDisk), &[dir.path()]);
    replay.wait("the first row", rows_are(1));
    writer.write_all(ROW.as_bytes()).unwrap();
    replay.wait("a row under the lock", rows_are(2));
    // Nor does reading lock anybody out.
    let other = File::open(&path).unwrap();
    assert!(other.try_lock().is_err(), "the writer still has its lock");
    writer.unlock().unwrap();
    other.try_lock().unwrap();
}

const MAPPER: &str = "
import mmap, sys
file = open(sys.argv[1], 'r+b')
file.seek(0, 2)
end = file.tell()
file.truncate(end + 4096)
view = mmap.mmap(file.fileno(), 0)
for line in sys.stdin:
    view[end:end + len(line)] = line.encode()
    end += len(line)
";

struct Mapper(Child);

impl Drop for Mapper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// F55: nothing announces what is written to mapped memory.
#[test]
fn rows_of_a_mapped_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = make_run(dir.path());
    let child = Command::new("python3")
        .args(["-c", MAPPER])
        .arg(&path)
        .stdin(Stdio::piped())
        .spawn();
    let Ok(child) = child else {
        println!("skipped: no python3 to map a file with");
        return;
    };
    let mut mapper = Mapper(child);
    let mut rows = mapper.0.stdin.take().unwrap();
    let mut replay = Replay::follow(Arc::new(LocalDisk), &[dir.path()]);
    replay.wait("the first row", rows_are(1));
    for n in 2..5 {
        rows.write_all(ROW.as_bytes()).unwrap();
        rows.flush().unwrap();
        let begun = Instant::now();
        replay.wait("a mapped row", rows_are(n));
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
    assert!(replay.run("run").problems.is_empty());
}

/// A disk on which a pipe takes a file's place between the question and the opening.
struct Swapped(PathBuf);

impl Files for Swapped {
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        LocalDisk.list(dir)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        LocalDisk.stat(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        if *path == self.0 && LocalDisk.stat(path)?.kind == Kind::File {
            fs::remove_file(path)?;
            make_pipe(path);
        }
        LocalDisk.open(path)
    }

    fn is_remote(&self, _path: &Path) -> bool {
        false
    }
}

/// F46: a pipe in the place of what was a file a moment ago is neither waited for nor read.
#[test]
fn a_pipe_takes_the_place_of_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = make_run(dir.path());
    fs::write(dir.path().join("run/logs.jsonl"), "").unwrap();
    let replay = Replay::once(Arc::new(Swapped(path)), &[dir.path()]);
    let run = replay.run("run");
    assert_eq!(run.rows("metrics.jsonl"), 0);
    assert_eq!(run.problems.len(), 1, "{:?}", run.problems);
    assert!(run.problems[0].reason.contains("not a regular file"));
}

/// F46: the same with a writer that swaps all the time, and with one at the pipe's other end.
#[test]
fn a_file_and_a_pipe_that_swap_all_the_time() {
    let dir = tempfile::tempdir().unwrap();
    let [path, file, pipe] = ["path", "file", "pipe"].map(|name| dir.path().join(name));
    let over = AtomicBool::new(false);
    fs::write(&path, ROW).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                make_pipe(&pipe);
                fs::rename(&pipe, &path).unwrap();
                fs::write(&file, ROW).unwrap();
                fs::rename(&file, &path).unwrap();
            }
        });
        let (mut opened, mut refused) = (0, 0);
        while opened < 200 || refused < 20 {
            match LocalDisk.open(&path) {
                Ok(open) => {
                    assert_eq!(open.stat().unwrap().kind, Kind::File);
                    opened += 1;
                }
                Err(error) => {
                    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
                    refused += 1;
                }
            }
        }
        over.store(true, Ordering::Relaxed);
    });
    // What was refused took nothing out of the pipe.
    make_pipe(&pipe);
    let writer = OpenOptions::new().read(true).write(true).open(&pipe);
    writer.as_ref().unwrap().write_all(b"kept\n").unwrap();
    assert!(LocalDisk.open(&pipe).is_err());
    let mut line = String::new();
    BufReader::new(writer.unwrap())
        .read_line(&mut line)
        .unwrap();
    assert_eq!(line, "kept\n");
}
