//! Following real folders on the local disk, whatever happens to them.

#![allow(clippy::unwrap_used)]

#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ml_dash_top::ingest::{LocalDisk, Options, Target};
use ml_dash_top::record::{Holding, StreamKind};
use replay::{Replay, options};
use tempfile::TempDir;

fn disk() -> Arc<LocalDisk> {
    Arc::new(LocalDisk)
}

fn rows(from: usize, to: usize) -> String {
    let mut text = String::new();
    for n in from..to {
        writeln!(text, "{{\"index\": {n}, \"data\": {{\"loss\": {n}}}}}").unwrap();
    }
    text
}

/// A run of the current tracker, with rows 0..count.
fn make_run(dir: &Path, count: usize) -> PathBuf {
    fs::create_dir_all(dir.join("metrics/train")).unwrap();
    fs::write(
        dir.join("experiment.json"),
        "{\"name\": \"x\", \"prefix\": \"a/b/x\"}",
    )
    .unwrap();
    let data = dir.join("metrics/train/data.jsonl");
    fs::write(&data, rows(0, count)).unwrap();
    data
}

fn append(path: &Path, text: &str) {
    OpenOptions::new()
        .append(true)
        .open(path)
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
}

fn losses(replay: &Replay, run: &str) -> Vec<f64> {
    let stream = replay
        .find(run)
        .and_then(|run| run.streams.iter().find(|s| s.name == "train"));
    stream
        .map(|stream| stream.values("loss"))
        .unwrap_or_default()
}

fn upto(count: usize) -> Vec<f64> {
    (0..count).map(|n| n as f64).collect()
}

fn rows_are(count: usize) -> impl FnMut(&Replay) -> bool {
    move |r| r.find("run").is_some_and(|run| run.rows("train") == count)
}

/// A followed root with one run of three rows that was read.
fn followed() -> (TempDir, PathBuf, Replay) {
    let dir = tempfile::tempdir().unwrap();
    let data = make_run(&dir.path().join("run"), 3);
    let mut replay = Replay::follow(disk(), &[dir.path()]);
    replay.wait("the first reading", |r| {
        r.find("run").is_some_and(|run| run.caught_up > 0)
    });
    assert_eq!(losses(&replay, "run"), upto(3));
    (dir, data, replay)
}

#[test]
fn appended_rows_arrive_at_once() {
    let (_dir, data, mut replay) = followed();
    for n in 3..30 {
        append(&data, &rows(n, n + 1));
        replay.wait("a row", rows_are(n + 1));
    }
    assert_eq!(losses(&replay, "run"), upto(30));
}

/// The stat schedule alone finds everything, without any event.
#[test]
fn appended_rows_arrive_without_events() {
    let dir = tempfile::tempdir().unwrap();
    let data = make_run(&dir.path().join("run"), 3);
    let polling = Options {
        poll_only: true,
        ..options(&[dir.path()], true)
    };
    let mut replay = Replay::start(disk(), polling);
    replay.wait("the first reading", rows_are(3));
    append(&data, &rows(3, 4));
    replay.wait("a row", rows_are(4));
    make_run(&dir.path().join("second"), 5);
    replay.wait("a run", |r| {
        r.find("second").is_some_and(|run| run.rows("train") == 5)
    });
}

/// F32: no row is lost or doubled while the file is replaced a thousand times.
#[test]
fn replaced_by_rename_a_thousand_times() {
    let (dir, data, mut replay) = followed();
    let other = dir.path().join("run/metrics/train/data.tmp");
    for n in 4..1_004 {
        fs::write(&other, rows(0, n)).unwrap();
        fs::rename(&other, &data).unwrap();
    }
    replay.wait("all rows", rows_are(1_003));
    assert_eq!(losses(&replay, "run"), upto(1_003));
    assert_eq!(replay.run("run").stream("train").resets, 0);
}

/// F29, F33: deleted and made anew, with whatever inode the file system gives.
#[test]
fn deleted_and_made_anew() {
    let (_dir, data, mut replay) = followed();
    for n in 0..50 {
        fs::remove_file(&data).unwrap();
        let text = format!("{{\"data\": {{\"loss\": {n}}}}}\n");
        fs::write(&data, text.repeat(2 + n % 3)).unwrap();
        let expected = vec![n as f64; 2 + n % 3];
        replay.wait("the new rows", |r| losses(r, "run") == expected);
    }
}

/// F39: two hundred runs in one burst, with all their files.
#[test]
fn a_burst_of_new_runs() {
    let (dir, _data, mut replay) = followed();
    for n in 0..200 {
        make_run(&dir.path().join(format!("burst/{n:03}")), 2);
    }
    let begun = Instant::now();
    replay.wait("all runs", |r| {
        r.runs.len() == 201
            && r.runs
                .iter()
                .all(|run| run.streams.first().is_some_and(|s| s.rows.len() >= 2))
    });
    assert!(
        begun.elapsed() < Duration::from_secs(4),
        "{:?}",
        begun.elapsed()
    );
}

/// A stream, a log and parameters that come after the run was found.
#[test]
fn files_that_come_later() {
    let (dir, _data, mut replay) = followed();
    let run = dir.path().join("run");
    fs::create_dir_all(run.join("metrics/eval/deep")).unwrap();
    fs::write(run.join("metrics/eval/deep/data.jsonl"), rows(0, 4)).unwrap();
    fs::create_dir_all(run.join("logs")).unwrap();
    let log =
        "{\"timestamp\": \"2026-11-20T07:23:50Z\", \"level\": \"info\", \"message\": \"m\"}\n";
    fs::write(run.join("logs/logs.jsonl"), log).unwrap();
    fs::write(run.join("parameters.json"), "{\"data\": {\"lr\": 0.1}}").unwrap();
    replay.wait("all of them", |r| {
        let run = r.run("run");
        run.streams.len() == 2
            && run.streams[1].rows.len() == 4
            && run.log_offsets.len() == 1
            && run.params.len() == 1
    });
}

/// F27: a document caught empty or cut off never wipes out the last good one.
#[test]
fn a_document_that_is_being_written() {
    let (dir, _data, mut replay) = followed();
    let path = dir.path().join("run/parameters.json");
    fs::write(&path, "{\"data\": {\"lr\": 1}}").unwrap();
    replay.wait("parameters", |r| r.run("run").params.len() == 1);
    for n in 2..20 {
        let whole = format!(
            "{{\"data\": {{\"lr\": {n}, \"pad\": \"{}\"}}}}",
            "x".repeat(9_000)
        );
        let mut file = fs::File::create(&path).unwrap();
        file.write_all(&whole.as_bytes()[..4_000]).unwrap();
        std::thread::sleep(Duration::from_millis(5));
        file.write_all(&whole.as_bytes()[4_000..]).unwrap();
        replay.wait("the new parameters", |r| r.run("run").params.len() == n);
    }
    assert!(
        replay.run("run").problems.is_empty(),
        "{:?}",
        replay.run("run").problems
    );
    fs::write(&path, "{\"data\": {\"lr\": 5, ").unwrap();
    replay.wait("word of the cut", |r| r.run("run").problems.len() == 1);
    assert_eq!(
        replay.run("run").params.len(),
        19,
        "the last good one stays"
    );
    fs::write(&path, "{\"data\": {\"lr\": 6}}").unwrap();
    replay.wait("it to be whole again", |r| {
        r.run("run").problems.is_empty() && r.run("run").params.len() == 20
    });
}

/// Epochs are rows, and only new ones are told.
#[test]
fn a_document_of_epochs() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    fs::create_dir_all(&run).unwrap();
    let write = |count: usize, scale: f64| {
        let epochs: Vec<String> = (0..count)
            .map(|n| format!("{{\"epoch\": {n}, \"val_loss\": {}}}", n as f64 * scale))
            .collect();
        fs::write(
            run.join("tmp"),
            format!("{{\"epochs\": [{}]}}", epochs.join(", ")),
        )
        .unwrap();
        fs::rename(run.join("tmp"), run.join("metrics.json")).unwrap();
    };
    write(1, 1.0);
    let mut replay = Replay::follow(disk(), &[dir.path()]);
    for n in 1..40 {
        write(n, 1.0);
        replay.wait("an epoch", |r| {
            r.find("run").is_some_and(|r| r.rows("metrics.json") == n)
        });
    }
    assert_eq!(replay.run("run").streams[0].resets, 0);
    write(5, 2.0);
    replay.wait("the new training", |r| {
        r.run("run").streams[0].rows.len() == 5
    });
    assert_eq!(
        replay.run("run").streams[0].values("val_loss"),
        [0.0, 2.0, 4.0, 6.0, 8.0]
    );
    assert_eq!(replay.run("run").streams[0].resets, 1);
    let full = ml_dash_top::ingest::read_full_rows(
        &LocalDisk,
        &run.join("metrics.json"),
        StreamKind::Metric,
        1,
        2,
        10,
    );
    let full = full.unwrap();
    assert_eq!(full.len(), 2);
    assert_eq!(full[0].step, Some(3.0));
}

/// F41: the root goes and comes back.
#[test]
fn a_root_that_vanishes_and_returns() {
    let base = tempfile::tempdir().unwrap();
    let root = base.path().join("root");
    let mut replay = Replay::follow(disk(), &[&root]);
    replay.wait("the first scan", |r| r.scanned == Some(0));
    make_run(&root.join("run"), 3);
    replay.wait("the awaited root", rows_are(3));
    fs::remove_dir_all(&root).unwrap();
    replay.wait("it to be gone", |r| r.run("run").gone);
    assert_eq!(losses(&replay, "run"), upto(3), "what was read stays");
    make_run(&root.join("run"), 4);
    replay.wait("it to be back", |r| {
        !r.run("run").gone && r.run("run").rows("train") == 4
    });
    assert_eq!((replay.runs.len(), replay.run("run").gone_count), (1, 1));
    assert_eq!(losses(&replay, "run"), upto(4));
}

/// F42: `latest` leads elsewhere.
#[test]
fn a_link_that_is_retargeted() {
    let dir = tempfile::tempdir().unwrap();
    make_run(&dir.path().join("all/one"), 3);
    let second = make_run(&dir.path().join("all/two"), 1);
    fs::write(&second, "{\"data\": {\"loss\": 77}}\n").unwrap();
    fs::create_dir(dir.path().join("root")).unwrap();
    let link = dir.path().join("root/latest");
    symlink(dir.path().join("all/one"), &link).unwrap();
    let mut replay = Replay::follow(disk(), &[&dir.path().join("root")]);
    replay.wait("the run behind the link", |r| {
        losses(r, "latest") == upto(3)
    });
    let other = dir.path().join("root/.other");
    symlink(dir.path().join("all/two"), &other).unwrap();
    fs::rename(&other, &link).unwrap();
    replay.wait("the other run", |r| losses(r, "latest") == [77.0]);
}

/// Exact rows are read again from the file, with the same numbers of columns.
#[test]
fn exact_rows_on_demand() {
    use ml_dash_top::record::{RunId, StreamId};
    let (_dir, data, mut replay) = followed();
    append(&data, &rows(3, 5_000));
    replay.wait("all rows", rows_are(5_000));
    replay.ingest.fetch(RunId(0), StreamId(0), 10..4_321, 0, 0);
    replay.wait("the end of the answer", |r| {
        r.run("run").streams[0].exact_ends == 1
    });
    let exact = &replay.run("run").streams[0].exact;
    assert_eq!(exact.first().map(|(first, _)| *first), Some(10));
    assert_eq!(
        exact
            .iter()
            .map(|(_, count)| u64::from(*count))
            .sum::<u64>(),
        4_311
    );
    replay.ingest.fetch(RunId(0), StreamId(0), 0..1, 0, 0);
    replay.wait("the next answer", |r| {
        r.run("run").streams[0].exact_ends == 2
    });
    let full =
        ml_dash_top::ingest::read_full_rows(&LocalDisk, &data, StreamKind::Metric, 0, 4_000, 5)
            .unwrap();
    assert_eq!(full.len(), 5);
}

/// F54: looking is not a reason to look.
#[test]
fn idle_is_silent() {
    let (_dir, data, mut replay) = followed();
    append(&data, &rows(3, 4));
    replay.wait("a row", rows_are(4));
    // What the quiet of two seconds brings is nothing.
    while !replay.is_silent_for(Duration::from_secs(3)) {}
}

/// What is missing and what is no run is told, so that nobody waits in vain.
#[test]
fn places_tell_what_they_hold() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("logs");
    let mut replay = Replay::start(disk(), options(&[&root], true));
    let holds = |holding| {
        let root = root.clone();
        move |r: &Replay| r.holdings.get(&root) == Some(&holding)
    };
    replay.wait("nothing", holds(Holding::Missing));
    fs::create_dir_all(root.join("deep")).unwrap();
    replay.wait("a folder", holds(Holding::NoRuns { loose: 0 }));
    for name in ["train.jsonl", "deep/eval.jsonl", "deep/notes.txt"] {
        fs::write(root.join(name), "{\"loss\": 1}\n").unwrap();
    }
    replay.wait("files of rows", holds(Holding::NoRuns { loose: 2 }));
    assert!(replay.names().is_empty(), "nobody named them");
    make_run(&root.join("run"), 2);
    replay.wait("a run", holds(Holding::Runs));
    let named = root.join("train.jsonl");
    let replay = Replay::once(disk(), &[&named, &root.join("deep/notes.txt")]);
    assert_eq!(replay.names(), ["train.jsonl", "notes.txt"]);
    assert_eq!(replay.holdings[&named], Holding::Runs);
    // Nobody said that the usual places are there, but what lies here is told.
    let base = root.join("deep");
    let targets = Vec::new();
    let searched = Options {
        targets,
        base: base.clone(),
        extra: None,
        ..options(&[], false)
    };
    let mut replay = Replay::start(disk(), searched);
    replay.wait("the end", |r| r.complete);
    assert_eq!(replay.holdings.len(), 1, "{:?}", replay.holdings);
    assert_eq!(replay.holdings[&base], Holding::NoRuns { loose: 1 });
}

/// Names that are no text.
#[test]
fn a_name_that_is_not_utf8() {
    let dir = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"run \xff\x1b[31m");
    make_run(&dir.path().join(name), 2);
    let mut replay = Replay::once(disk(), &[dir.path()]);
    let place = replay.runs.remove(0).place.unwrap();
    assert_eq!(place.below.as_os_str(), name);
    assert_eq!(place.shown, dir.path().join(name));
}

/// Standard input and paths can be named together; here only that a pattern follows what it matches.
#[test]
fn a_pattern_is_matched_again() {
    let dir = tempfile::tempdir().unwrap();
    make_run(&dir.path().join("seed-1"), 2);
    make_run(&dir.path().join("other"), 2);
    let pattern = dir.path().join("seed-*");
    let targets = vec![Target::Path(pattern)];
    let mut replay = Replay::start(
        disk(),
        Options {
            targets,
            ..options(&[], true)
        },
    );
    replay.wait("the first", |r| r.names() == ["seed-1"]);
    make_run(&dir.path().join("seed-2"), 2);
    replay.wait("the second", |r| r.names() == ["seed-1", "seed-2"]);
}
