//! A writer that is faster than we are, and a receiver that is slower.

#![allow(clippy::unwrap_used)]

#[path = "support/memory.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod memory;
#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use memory::MemoryDisk;
use ml_dash_top::ingest::{self, LocalDisk, Message};
use ml_dash_top::record::Change;
use replay::{PATIENCE, options};

const ROW: &[u8] = b"{\"step\": 1, \"loss\": 0.5, \"note\": \"something that takes its room\"}\n";

fn rows_in(message: &Message) -> u64 {
    let Message::Changes { changes, .. } = message else {
        return 0;
    };
    let rows = changes.iter().map(|change| match change {
        Change::Rows { rows, .. } => u64::from(rows.count),
        _ => 0,
    });
    rows.sum()
}

/// The most memory that this process ever held, in bytes.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

/// F37: the file is the queue. Who does not take what was read holds up the reading, not memory.
#[test]
fn a_receiver_that_does_not_come() {
    let disk = MemoryDisk::default();
    disk.write("root/run/metrics.jsonl", &ROW.repeat(400_000));
    let (sender, receiver) = sync_channel(2);
    let sink = move |message| sender.send(message).is_ok();
    let options = options(&[Path::new("root")], false);
    let _ingest = ingest::start(Arc::new(disk.clone()), options, sink);
    let first = receiver.recv_timeout(PATIENCE).unwrap();
    // Nothing is read any more once the channel is full.
    let begun = Instant::now();
    let mut before = 0;
    loop {
        std::thread::sleep(Duration::from_millis(300));
        let calls = disk.calls("read");
        if calls == before && calls > 0 {
            break;
        }
        before = calls;
        assert!(begun.elapsed() < PATIENCE, "reading goes on for nobody");
    }
    assert!(before < 40, "{before} reads of at most 256 KiB");
    let mut rows = rows_in(&first);
    loop {
        let message = receiver.recv_timeout(PATIENCE).unwrap();
        rows += rows_in(&message);
        if message == Message::Complete {
            break;
        }
    }
    assert_eq!(rows, 400_000, "and nothing was lost for that");
}

/// F37: a writer at full speed is followed without a loss and without memory that grows.
#[test]
fn a_writer_at_full_speed() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("run")).unwrap();
    let path = dir.path().join("run/metrics.jsonl");
    fs::write(&path, ROW).unwrap();
    let arrived = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&arrived);
    let sink = move |message| {
        count.fetch_add(rows_in(&message), Ordering::Relaxed);
        true
    };
    let _ingest = ingest::start(Arc::new(LocalDisk), options(&[dir.path()], true), sink);
    let before = peak();
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    let chunk = ROW.repeat(2_000);
    let (mut written, begun) = (1, Instant::now());
    while begun.elapsed() < Duration::from_secs(2) && written < 4_000_000 {
        file.write_all(&chunk).unwrap();
        written += 2_000;
    }
    let deadline = Instant::now() + PATIENCE * 2;
    while arrived.load(Ordering::Relaxed) < written {
        assert!(Instant::now() < deadline, "{arrived:?} of {written}");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(arrived.load(Ordering::Relaxed), written);
    if let (Some(before), Some(after)) = (before, peak()) {
        // The other test of this process may hold some thirty MiB at the same time.
        assert!(after - before < 128 << 20, "{} MiB", (after - before) >> 20);
    }
}
