//! Runs that change their place while they are followed.

#![allow(clippy::unwrap_used)]

#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ml_dash_top::ingest::{LocalDisk, Options};
use replay::{Replay, options};

const DATA: &str = "metrics/train/data.jsonl";

fn rows(values: std::ops::Range<usize>) -> String {
    let mut text = String::new();
    for n in values {
        writeln!(text, "{{\"index\": {n}, \"data\": {{\"loss\": {n}}}}}").unwrap();
    }
    text
}

fn make_run(dir: &Path, values: std::ops::Range<usize>) {
    fs::create_dir_all(dir.join("metrics/train")).unwrap();
    let about = "{\"name\": \"x\", \"prefix\": \"a/b/x\"}";
    fs::write(dir.join("experiment.json"), about).unwrap();
    fs::write(dir.join("parameters.json"), "{\"data\": {\"lr\": 1}}").unwrap();
    fs::write(dir.join(DATA), rows(values)).unwrap();
}

fn append(run: &Path, values: std::ops::Range<usize>) {
    let mut file = OpenOptions::new()
        .append(true)
        .open(run.join(DATA))
        .unwrap();
    file.write_all(rows(values).as_bytes()).unwrap();
}

fn losses(replay: &Replay, run: &str) -> Vec<f64> {
    let stream = replay.find(run).and_then(|run| run.streams.first());
    stream.map(|s| s.values("loss")).unwrap_or_default()
}

fn values(values: std::ops::Range<usize>) -> Vec<f64> {
    values.map(|n| n as f64).collect()
}

/// Whether the file system tells when a folder was made; without it a moved folder is a new run.
fn births_are_known(dir: &Path) -> bool {
    let known = fs::metadata(dir).unwrap().created().is_ok();
    if !known {
        println!("skipped: this file system does not tell when a folder was made");
    }
    known
}

/// F40: a run keeps its identity and its rows, wherever it goes.
#[test]
fn a_run_that_is_moved_stays_the_same() {
    for poll_only in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        if !births_are_known(dir.path()) {
            return;
        }
        let (from, to) = (dir.path().join("run"), dir.path().join("deep/other"));
        fs::create_dir(dir.path().join("deep")).unwrap();
        make_run(&from, 0..3);
        let following = Options {
            poll_only,
            ..options(&[dir.path()], true)
        };
        let mut replay = Replay::start(Arc::new(LocalDisk), following);
        replay.wait("the rows", |r| losses(r, "run") == values(0..3));
        append(&from, 3..5);
        fs::rename(&from, &to).unwrap();
        append(&to, 5..7);
        let begun = Instant::now();
        replay.wait("the rows at the new place", |r| {
            losses(r, "deep/other") == values(0..7)
        });
        assert!(begun.elapsed() < Duration::from_secs(4));
        append(&to, 7..8);
        replay.wait("a row more", |r| losses(r, "deep/other") == values(0..8));
        assert_eq!((replay.runs.len(), replay.runs[0].moves), (1, 1));
        let run = replay.run("deep/other");
        assert_eq!(run.place.as_ref().unwrap().path, to);
        assert_eq!((run.streams[0].resets, run.streams.len()), (0, 1));
        assert_eq!((run.params.len(), run.problems.len()), (1, 0));
        assert!(!run.gone);
    }
}

/// A project is renamed, with all its runs.
#[test]
fn a_project_that_is_renamed() {
    let dir = tempfile::tempdir().unwrap();
    if !births_are_known(dir.path()) {
        return;
    }
    for n in 0..5 {
        make_run(&dir.path().join(format!("project/{n}")), 0..n + 1);
    }
    let mut replay = Replay::follow(Arc::new(LocalDisk), &[dir.path()]);
    replay.wait("all runs", |r| {
        r.runs.len() == 5 && r.runs.iter().all(|run| run.caught_up == 1)
    });
    fs::rename(dir.path().join("project"), dir.path().join("renamed")).unwrap();
    replay.wait("the new names", |r| {
        (0..5).all(|n| losses(r, &format!("renamed/{n}")) == values(0..n + 1))
    });
    assert_eq!(replay.runs.len(), 5);
    assert!(replay.runs.iter().all(|run| run.moves == 1 && !run.gone));
}

/// A run is moved out of the way of the next one, which takes its name at once.
#[test]
fn a_run_that_makes_way() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    make_run(&run, 0..3);
    let mut replay = Replay::follow(Arc::new(LocalDisk), &[dir.path()]);
    replay.wait("the rows", |r| losses(r, "run") == values(0..3));
    fs::rename(&run, dir.path().join("run.old")).unwrap();
    make_run(&run, 50..60);
    replay.wait("both", |r| {
        losses(r, "run") == values(50..60) && losses(r, "run.old") == values(0..3)
    });
    assert_eq!(replay.runs.len(), 2);
}

/// Another folder with the same inode number is another run.
#[test]
fn a_run_that_takes_a_dead_ones_number() {
    let dir = tempfile::tempdir().unwrap();
    let mut replay = Replay::follow(Arc::new(LocalDisk), &[dir.path()]);
    for n in 0..20 {
        let run = dir.path().join(format!("run-{n}"));
        make_run(&run, n..n + 2);
        let name = format!("run-{n}");
        replay.wait("the rows", |r| losses(r, &name) == values(n..n + 2));
        fs::remove_dir_all(&run).unwrap();
    }
    assert_eq!(replay.runs.len(), 20);
    assert!(replay.runs.iter().all(|run| run.moves == 0));
}
