//! Memory stays small whatever a file holds. Alone in its process, because the peak is counted.

#![allow(clippy::unwrap_used)]

#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::sync::Arc;

use ml_dash_top::ingest::LocalDisk;
use replay::Replay;

/// The most memory that this process ever held, in KiB; `None` where the system does not tell.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// F13, F14: a line of one GiB, and a hole of one TiB, are passed over.
#[test]
fn endless_lines_and_holes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("long.jsonl");
    let mut file = File::create(&path).unwrap();
    file.write_all(b"{\"a\": 1}\n{\"a\": \"").unwrap();
    for _ in 0..40 {
        file.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    file.seek(SeekFrom::Start(1 << 30)).unwrap();
    file.write_all(b"\"}\n{\"a\": 2}\n").unwrap();
    let sparse = dir.path().join("sparse.jsonl");
    let mut file = File::create(&sparse).unwrap();
    file.write_all(b"{\"a\": 1}\n").unwrap();
    if file.set_len(1 << 40).is_ok() {
        file.seek(SeekFrom::End(0)).unwrap();
        file.write_all(b"{\"a\": 2}\n").unwrap();
    } else {
        file.write_all(b"\0{\"a\": 2}\n").unwrap();
    }
    let before = peak();
    let replay = Replay::once(Arc::new(LocalDisk), &[&path, &sparse]);
    for run in &replay.runs {
        assert_eq!(run.streams[0].values("a"), [1.0, 2.0], "{:?}", run.place);
        assert_eq!(run.problems.len(), 1, "{:?}", run.problems);
    }
    assert!(replay.runs[0].problems[0].reason.contains("over-long"));
    if let (Some(before), Some(after)) = (before, peak()) {
        assert!(after - before < 64 * 1024, "{} KiB more", after - before);
    }
}
