//! A bug of ours costs one run, or one search, and is told. Everything else goes on.

#![allow(clippy::unwrap_used)]

#[path = "support/memory.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod memory;
#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::io;
use std::path::Path;
use std::sync::Arc;

use memory::{Fault, MemoryDisk};
use ml_dash_top::ingest::{Entry, Files, OpenFile, Options, Stat};
use replay::{Replay, options};

const ROW: &[u8] = b"{\"index\": 0, \"data\": {\"loss\": 1.5}}\n";

fn make_run(disk: &MemoryDisk, dir: &str) {
    let about = b"{\"name\": \"x\", \"prefix\": \"x\"}";
    disk.write(format!("{dir}/experiment.json"), about);
    disk.write(format!("{dir}/metrics/train/data.jsonl"), ROW);
}

fn root_with_bad_runs() -> MemoryDisk {
    let disk = MemoryDisk::default();
    for n in 0..12 {
        make_run(&disk, &format!("root/{n:02}"));
    }
    // More of them than there are workers.
    for n in 0..6 {
        disk.fault(format!("root/{n:02}/metrics"), Fault::Panic);
    }
    disk
}

fn check(replay: &Replay) {
    for (n, run) in replay.runs.iter().enumerate() {
        assert_eq!(run.caught_up, 1, "every run comes to an end");
        assert_eq!(run.rows("train"), usize::from(n >= 6));
        let problems: Vec<_> = run
            .problems
            .iter()
            .map(|p| (&*p.file, &*p.reason))
            .collect();
        let told = (
            "metrics/train/data.jsonl",
            "internal error while reading; please report",
        );
        assert_eq!(problems, if n < 6 { vec![told] } else { vec![] });
    }
}

#[test]
fn runs_that_make_their_reader_panic() {
    let replay = Replay::once(Arc::new(root_with_bad_runs()), &[Path::new("root")]);
    assert_eq!(replay.runs.len(), 12);
    check(&replay);
}

#[test]
fn the_others_are_followed_on() {
    let disk = root_with_bad_runs();
    let polling = Options {
        poll_only: true,
        ..options(&[Path::new("root")], true)
    };
    let mut replay = Replay::start(Arc::new(disk.clone()), polling);
    replay.wait("all runs", |r| {
        r.runs.len() == 12 && r.runs.iter().all(|run| run.caught_up == 1)
    });
    check(&replay);
    for n in 0..12 {
        // Nobody knows how far the bad ones were read: reading them on could double rows.
        disk.heal(format!("root/{n:02}/metrics"));
        disk.append(format!("root/{n:02}/metrics/train/data.jsonl"), ROW);
    }
    replay.wait("the new rows", |r| {
        r.runs[6..].iter().all(|run| run.rows("train") == 2)
    });
    replay.ingest.fetch(
        ml_dash_top::record::RunId(7),
        ml_dash_top::record::StreamId(0),
        0..1,
        0,
        0,
    );
    replay.wait("an answer", |r| r.runs[7].streams[0].exact_ends == 1);
    assert!(replay.runs[..6].iter().all(|run| run.rows("train") == 0));
}

/// A disk one folder of which we cannot bear.
struct Unbearable(MemoryDisk);

impl Files for Unbearable {
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        assert_ne!(dir, Path::new("bad/b"), "a bug, for a test");
        self.0.list(dir)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        self.0.stat(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        self.0.open(path)
    }

    fn is_remote(&self, path: &Path) -> bool {
        self.0.is_remote(path)
    }
}

#[test]
fn a_search_that_panics() {
    let disk = MemoryDisk::default();
    for run in ["bad/a", "bad/b", "good/c"] {
        make_run(&disk, run);
    }
    let roots = [Path::new("bad"), Path::new("good")];
    let replay = Replay::once(Arc::new(Unbearable(disk)), &roots);
    assert_eq!(replay.names(), ["a", "c"]);
    assert!(replay.runs.iter().all(|run| run.rows("train") == 1));
    assert_eq!(replay.unreadable.len(), 1, "{:?}", replay.unreadable);
    assert!(replay.unreadable[0].1.contains("internal error"));
}
