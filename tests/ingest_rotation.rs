//! Files that leave their name: rotated, moved away, deleted. What was written to them is read.

#![allow(clippy::unwrap_used)]

#[path = "support/memory.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod memory;
#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;
#[path = "support/tailing.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod tailing;

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use memory::MemoryDisk;
use ml_dash_top::ingest::tail::Kept;
use ml_dash_top::ingest::{LocalDisk, Options};
use ml_dash_top::record::{RunId, StreamId};
use proptest::prelude::*;
use replay::{Replay, options};
use tailing::Tailing;

const PATH: &str = "run/metrics.jsonl";

fn rows(from: usize, to: usize) -> String {
    let mut text = String::new();
    for n in from..to {
        writeln!(text, "{{\"step\": {n}, \"loss\": {n}}}").unwrap();
    }
    text
}

fn upto(count: usize) -> Vec<f64> {
    (0..count).map(|n| n as f64).collect()
}

fn append(path: &Path, text: &str) {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.unwrap().write_all(text.as_bytes()).unwrap();
}

fn tailing(disk: &MemoryDisk, kept: bool) -> Tailing {
    let mut tailing = Tailing::new(disk, PATH, true);
    tailing.kept = kept.then(Kept::default);
    tailing
}

fn losses(tailing: &Tailing) -> Vec<f64> {
    tailing.stream.values("loss")
}

/// Every file that exists gets the next number.
fn rotate(disk: &MemoryDisk) {
    for turn in (1..9).rev() {
        disk.rename(format!("{PATH}.{turn}"), format!("{PATH}.{}", turn + 1));
    }
    disk.rename(PATH, format!("{PATH}.1"));
}

/// F36: one rotation, with rows that were written just before it.
#[test]
fn a_rotation_loses_and_doubles_nothing() {
    for kept in [false, true] {
        let disk = MemoryDisk::default();
        disk.write(PATH, rows(0, 3).as_bytes());
        let mut tailing = tailing(&disk, kept);
        tailing.drain();
        disk.tick(1_000_000);
        disk.append(PATH, rows(3, 5).as_bytes());
        rotate(&disk);
        disk.write(PATH, rows(5, 6).as_bytes());
        tailing.drain();
        assert_eq!(losses(&tailing), upto(6));
        assert_eq!((tailing.rotations, tailing.stream.resets), (1, 0));
        assert_eq!((tailing.notes.len(), tailing.flaws.len()), (0, 0));
    }
}

/// F36: several rotations between two looks, and a line that nobody finished.
#[test]
fn many_rotations_at_once() {
    let disk = MemoryDisk::default();
    disk.write(PATH, rows(0, 1).as_bytes());
    let mut tailing = tailing(&disk, false);
    tailing.drain();
    for n in 1..6 {
        disk.tick(1_000_000);
        rotate(&disk);
        disk.write(PATH, rows(n, n + 1).as_bytes());
    }
    disk.edit(format!("{PATH}.2"), |data| {
        data.pop();
    });
    disk.append(format!("{PATH}.1"), b"{\"loss\": ");
    tailing.drain();
    assert_eq!(losses(&tailing), upto(6));
    assert_eq!(tailing.rotations, 5);
    let torn = rows(4, 5).len() as u64;
    assert_eq!(tailing.flaws.len(), 1, "{:?}", tailing.flaws);
    assert_eq!(tailing.flaws[0].0, torn, "where it lies in its own file");
}

/// Numbers that count upwards name older files, which were read.
#[test]
fn rotation_that_counts_upwards() {
    let disk = MemoryDisk::default();
    disk.write(PATH, rows(0, 1).as_bytes());
    let mut tailing = tailing(&disk, true);
    for n in 1..5 {
        tailing.drain();
        disk.tick(1_000_000);
        disk.rename(PATH, format!("{PATH}.{n}"));
        disk.write(PATH, rows(n, n + 1).as_bytes());
    }
    tailing.drain();
    assert_eq!(losses(&tailing), upto(5));
}

/// Another file, and the old one is nowhere: a new generation, as ever.
#[test]
fn a_replacement_is_no_rotation() {
    for kept in [false, true] {
        let disk = MemoryDisk::default();
        disk.write(PATH, rows(0, 3).as_bytes());
        disk.write(format!("{PATH}.1"), b"{\"loss\": 77}\n");
        let mut tailing = tailing(&disk, kept);
        tailing.drain();
        disk.tick(1_000_000);
        disk.replace(PATH, b"{\"loss\": 9}\n");
        tailing.drain();
        assert_eq!(losses(&tailing), [9.0]);
        assert_eq!((tailing.rotations, tailing.stream.resets), (0, 1));
        assert_eq!(tailing.kept.map_or(0, |kept| kept.len()), usize::from(kept));
    }
}

/// F34: what was written between the last look and the deletion is read; then the file is closed.
#[test]
fn a_deleted_file_is_read_to_its_end() {
    let disk = MemoryDisk::default();
    disk.write(PATH, rows(0, 3).as_bytes());
    let mut tailing = tailing(&disk, true);
    tailing.drain();
    assert_eq!(tailing.kept.as_ref().unwrap().len(), 1);
    disk.tick(1_000_000);
    disk.append(PATH, rows(3, 5).trim_end().as_bytes());
    disk.remove(PATH);
    tailing.look(40);
    tailing.drain();
    assert_eq!(losses(&tailing), upto(5));
    assert_eq!(tailing.notes, ["was deleted; what was read is kept"]);
    assert!(tailing.kept.as_ref().unwrap().is_empty());
    let before = disk.calls("read");
    tailing.pass(Duration::from_secs(60));
    assert!(!tailing.drain().changed);
    assert_eq!(disk.calls("read"), before);
}

/// Moved away for good: what its writer still writes is read, and looking at it costs no reading.
#[test]
fn a_file_that_was_moved_away() {
    let disk = MemoryDisk::default();
    disk.write(PATH, rows(0, 2).as_bytes());
    let mut tailing = tailing(&disk, true);
    tailing.drain();
    disk.rename(PATH, "elsewhere");
    disk.append("elsewhere", b"{\"loss\": ");
    tailing.drain();
    let before = disk.calls("read");
    assert!(!tailing.drain().changed);
    assert_eq!(disk.calls("read"), before);
    disk.tick(1_000_000);
    disk.append("elsewhere", b"2}\n");
    tailing.drain();
    assert_eq!(losses(&tailing), upto(3));
    assert_eq!(tailing.notes, ["was moved away; what was read is kept"]);
}

/// Who watches a folder is told whenever a file in it is opened: that would be us, for every row.
#[test]
fn a_file_that_is_kept_open_is_not_opened_for_its_next_rows() {
    let disk = MemoryDisk::default();
    disk.write(PATH, rows(0, 1).as_bytes());
    let mut tailing = tailing(&disk, true);
    tailing.drain();
    let opened = disk.calls("open");
    for row in 1..20 {
        disk.tick(1_000_000);
        disk.append(PATH, rows(row, row + 1).as_bytes());
        tailing.drain();
    }
    assert_eq!(losses(&tailing), upto(20));
    assert_eq!(disk.calls("open"), opened);
    // Another file of the same name is.
    disk.tick(1_000_000);
    disk.replace(PATH, rows(0, 2).as_bytes());
    tailing.drain();
    assert_eq!(losses(&tailing), upto(2));
    assert!(disk.calls("open") > opened);
}

/// F38: so many files are kept open, and no more.
#[test]
fn few_files_are_kept_open() {
    let disk = MemoryDisk::default();
    let kept = Kept::default();
    let mut stats = Vec::new();
    for n in 0..300 {
        let path = format!("run/{n}.jsonl");
        disk.write(&path, b"{}\n");
        let file = ml_dash_top::ingest::Files::open(&disk, Path::new(&path)).unwrap();
        stats.push(file.stat().unwrap());
        kept.keep(stats[n], file);
    }
    assert_eq!(kept.len(), 128);
    assert!(kept.take(&stats[171]).is_none(), "the oldest went first");
    assert!(kept.take(&stats[172]).is_some());
    assert!(kept.take(&stats[172]).is_none(), "it was handed out");
}

#[derive(Clone, Debug)]
enum Op {
    Append(usize),
    Tear(usize),
    /// The name is free for a while; the writer may still write to the old file.
    MoveAway,
    Append1(usize),
    Rotate,
    Look,
    LookAtPart,
    Idle,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => (1..6_usize).prop_map(Op::Append),
        2 => (1..23_usize).prop_map(Op::Tear),
        1 => Just(Op::MoveAway),
        1 => (1..4_usize).prop_map(Op::Append1),
        2 => Just(Op::Rotate),
        4 => Just(Op::Look),
        2 => Just(Op::LookAtPart),
        1 => Just(Op::Idle),
    ]
}

/// A writer of numbered rows that finishes its line before it turns to another file.
#[derive(Default)]
struct Writer {
    count: usize,
    pending: String,
}

impl Writer {
    fn finish(&mut self, disk: &MemoryDisk, path: &str) {
        let pending = std::mem::take(&mut self.pending);
        if !pending.is_empty() {
            disk.append(path, pending.as_bytes());
        }
    }

    fn append(&mut self, disk: &MemoryDisk, path: &str, count: usize) {
        self.finish(disk, path);
        disk.append(path, rows(self.count, self.count + count).as_bytes());
        self.count += count;
    }

    fn tear(&mut self, disk: &MemoryDisk, at: usize) {
        self.finish(disk, PATH);
        let line = rows(self.count, self.count + 1);
        self.count += 1;
        disk.append(PATH, &line.as_bytes()[..at]);
        line[at..].clone_into(&mut self.pending);
    }
}

fn apply(op: &Op, disk: &MemoryDisk, writer: &mut Writer, tailing: &mut Tailing) {
    let away = disk.data(PATH).is_none();
    let old = format!("{PATH}.1");
    match op {
        Op::Append(count) => writer.append(disk, PATH, *count),
        Op::Tear(at) => writer.tear(disk, *at),
        Op::MoveAway | Op::Rotate if away => {}
        Op::MoveAway => {
            writer.finish(disk, PATH);
            rotate(disk);
        }
        Op::Append1(count) => {
            if away {
                writer.append(disk, &old, *count);
            }
        }
        Op::Rotate => {
            writer.finish(disk, PATH);
            rotate(disk);
            writer.append(disk, PATH, 1);
        }
        Op::Look => {
            tailing.drain();
        }
        Op::LookAtPart => {
            tailing.look(30);
        }
        Op::Idle => tailing.pass(Duration::from_secs(3)),
    }
    disk.tick(1_000_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// F36: whatever the writer rotates and whenever we look, every row arrives once and in order.
    #[test]
    fn every_row_of_every_turn_arrives(ops in prop::collection::vec(op(), 1..25), kept in any::<bool>()) {
        let disk = MemoryDisk::default();
        let mut writer = Writer::default();
        writer.append(&disk, PATH, 1);
        let mut tailing = tailing(&disk, kept);
        tailing.drain();
        let mut turns = 0;
        for op in &ops {
            // Numbers end somewhere; a file that left the last one is gone.
            turns += usize::from(matches!(op, Op::MoveAway | Op::Rotate));
            if turns < 9 {
                apply(op, &disk, &mut writer, &mut tailing);
            }
        }
        if disk.data(PATH).is_none() {
            apply(&Op::Append(1), &disk, &mut writer, &mut tailing);
        }
        writer.finish(&disk, PATH);
        tailing.drain();
        tailing.pass(Duration::from_secs(3));
        tailing.drain();
        prop_assert_eq!(losses(&tailing), upto(writer.count));
        prop_assert_eq!(tailing.flaws, []);
        prop_assert_eq!(tailing.stream.resets, 0);
    }
}

/// A followed run of one file; looking is the only way in which changes are found.
fn followed(dir: &Path) -> Replay {
    append(&dir.join("run/metrics.jsonl"), &rows(0, 3));
    let polling = Options {
        poll_only: true,
        ..options(&[dir], true)
    };
    let mut replay = Replay::start(Arc::new(LocalDisk), polling);
    replay.wait("the first rows", rows_are(3));
    replay
}

fn rows_are(count: usize) -> impl FnMut(&Replay) -> bool {
    move |r| {
        r.find("run")
            .is_some_and(|run| run.rows("metrics.jsonl") == count)
    }
}

/// The names of the files below a folder that this process has open.
fn open_below(folder: &Path) -> Vec<String> {
    let links = fs::read_dir("/proc/self/fd").into_iter().flatten();
    let targets = links.filter_map(|link| fs::read_link(link.ok()?.path()).ok());
    targets
        .filter(|target| target.starts_with(folder))
        .map(|target| target.to_string_lossy().into_owned())
        .collect()
}

fn open_and_deleted(below: &Path) -> usize {
    let open = open_below(below);
    open.iter()
        .filter(|name| name.ends_with("(deleted)"))
        .count()
}

/// F38: however many runs are live, few of their files are open.
#[test]
fn many_live_runs_take_few_descriptors() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..400 {
        let run = dir.path().join(format!("{n}"));
        fs::create_dir(&run).unwrap();
        append(&run.join("metrics.jsonl"), &rows(0, 2));
    }
    let mut replay = Replay::follow(Arc::new(LocalDisk), &[dir.path()]);
    replay.wait("all rows", |r| {
        r.runs.len() == 400 && r.runs.iter().all(|run| run.rows("metrics.jsonl") == 2)
    });
    // Two workers may each have one open for a moment.
    assert!(open_below(dir.path()).len() <= 130);
}

/// F34, on the real disk, and the descriptor is closed.
#[test]
fn rows_of_the_last_moment() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run/metrics.jsonl");
    fs::create_dir(dir.path().join("run")).unwrap();
    let mut replay = followed(dir.path());
    append(&path, &rows(3, 1_000));
    fs::remove_file(&path).unwrap();
    replay.wait("all rows", rows_are(1_000));
    replay.wait("word of it", |r| !r.run("run").notes.is_empty());
    let mut patience = 200;
    while cfg!(target_os = "linux") && open_and_deleted(dir.path()) > 0 {
        patience -= 1;
        assert!(patience > 0, "a deleted file is still open");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// F36, on the real disk; exact rows of all parts can be had again.
#[test]
fn rotation_of_a_real_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run/metrics.jsonl");
    let turn = |n: u32| dir.path().join(format!("run/metrics.jsonl.{n}"));
    fs::create_dir(dir.path().join("run")).unwrap();
    let mut replay = followed(dir.path());
    append(&path, &rows(3, 1_000));
    fs::rename(&path, turn(1)).unwrap();
    append(&path, &rows(1_000, 2_000));
    replay.wait("both files", rows_are(2_000));
    append(&path, &rows(2_000, 2_100));
    fs::rename(turn(1), turn(2)).unwrap();
    fs::rename(&path, turn(1)).unwrap();
    append(&path, &rows(2_100, 2_200));
    replay.wait("all three files", rows_are(2_200));
    let stream = replay.run("run").stream("metrics.jsonl");
    assert_eq!(stream.values("loss"), upto(2_200));
    assert_eq!((stream.resets, replay.run("run").problems.len()), (0, 0));
    replay.ingest.fetch(RunId(0), StreamId(0), 900..2_150, 0, 0);
    replay.wait("the end of the answer", |r| {
        r.run("run").streams[0].exact_ends == 1
    });
    let stream = &replay.run("run").streams[0];
    assert_eq!(stream.exact.first().map(|(first, _)| *first), Some(900));
    assert_eq!(stream.exact_values("loss"), upto(2_150)[900..]);
}
