//! Trees and file systems as they should not be: one bad place never spoils the others.

#![allow(clippy::unwrap_used)]

#[path = "support/memory.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod memory;
#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use memory::{Fault, MemoryDisk};
use ml_dash_top::ingest::{Kind, LocalDisk, Options};
use ml_dash_top::record::Layout;
use replay::{Replay, options};

const ROW: &[u8] = b"{\"index\": 0, \"data\": {\"loss\": 1.5}}\n";

fn disk() -> Arc<LocalDisk> {
    Arc::new(LocalDisk)
}

fn make_run(dir: &Path) {
    fs::create_dir_all(dir.join("metrics/train")).unwrap();
    fs::write(
        dir.join("experiment.json"),
        "{\"name\": \"x\", \"prefix\": \"x\"}",
    )
    .unwrap();
    fs::write(dir.join("metrics/train/data.jsonl"), ROW).unwrap();
}

fn make_memory_run(disk: &MemoryDisk, dir: &str) {
    disk.write(
        format!("{dir}/experiment.json"),
        b"{\"name\": \"x\", \"prefix\": \"x\"}",
    );
    disk.write(format!("{dir}/metrics/train/data.jsonl"), ROW);
}

/// F43: links in circles, links to links, and one run under many names.
#[test]
fn circles_of_links_end() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    make_run(&root.join("real/run"));
    symlink(root, root.join("real/up")).unwrap();
    symlink(root.join("real"), root.join("also")).unwrap();
    symlink(root.join("self"), root.join("self")).unwrap();
    symlink(
        root.join("real/run/metrics"),
        root.join("real/run/metrics/again"),
    )
    .unwrap();
    for n in 0..20 {
        symlink(root.join("real/run"), root.join(format!("a-{n}"))).unwrap();
    }
    let replay = Replay::once(disk(), &[root, &root.join("real"), &root.join("also/run")]);
    assert_eq!(replay.names(), ["real/run"]);
    assert_eq!(replay.run("real/run").streams.len(), 1);
}

/// A chain of links out of the tree is followed, but not for ever.
#[test]
fn links_out_of_the_tree_are_followed() {
    let dir = tempfile::tempdir().unwrap();
    for n in 0..12 {
        fs::create_dir_all(dir.path().join(format!("place-{n}"))).unwrap();
        make_run(&dir.path().join(format!("place-{n}/run")));
        let next = dir.path().join(format!("place-{}", n + 1));
        symlink(next, dir.path().join(format!("place-{n}/next"))).unwrap();
    }
    let replay = Replay::once(disk(), &[&dir.path().join("place-0")]);
    assert_eq!(
        replay.runs.len(),
        9,
        "one real place and eight links: {:?}",
        replay.names()
    );
}

/// F45: pipes, sockets, devices and folders in place of files.
#[test]
fn what_is_no_file_is_never_opened() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    make_run(&run);
    for (name, kind) in [("pipe", 0), ("socket", 1), ("zero", 2), ("folder", 3)] {
        let stream = run.join("metrics").join(name);
        fs::create_dir_all(&stream).unwrap();
        let path = stream.join("data.jsonl");
        match kind {
            0 => {
                let made = std::process::Command::new("mkfifo").arg(&path).status();
                assert!(made.unwrap().success());
            }
            1 => drop(UnixListener::bind(&path).unwrap()),
            2 => symlink("/dev/zero", &path).unwrap(),
            _ => fs::create_dir(&path).unwrap(),
        }
    }
    let replay = Replay::once(disk(), &[dir.path()]);
    let run = replay.run("run");
    assert_eq!(run.rows("train"), 1);
    assert_eq!(run.problems.len(), 4, "{:?}", run.problems);
    assert!(
        run.problems
            .iter()
            .all(|p| p.reason.contains("not a regular file"))
    );
    let pipe = dir.path().join("run/metrics/pipe/data.jsonl");
    let replay = Replay::once(disk(), &[&pipe]);
    assert_eq!((replay.runs.len(), replay.unreadable.len()), (0, 1));
}

/// F44: folders and files that may not be read are named; everything else is read.
#[test]
fn no_access() {
    let disk = MemoryDisk::default();
    for name in ["one", "two", "three"] {
        make_memory_run(&disk, &format!("root/{name}"));
    }
    disk.fault("root/one", Fault::Refuse(13));
    disk.fault("root/two/metrics/train/data.jsonl", Fault::Refuse(13));
    let replay = Replay::once(Arc::new(disk), &[Path::new("root")]);
    assert_eq!(replay.names(), ["three", "two"]);
    assert_eq!(replay.run("three").rows("train"), 1);
    assert!(replay.run("two").problems[0].reason.contains("no access"));
    let mut named: Vec<_> = replay
        .unreadable
        .iter()
        .map(|(path, _)| path.clone())
        .collect();
    named.sort();
    assert_eq!(
        named,
        [
            Path::new("root/one"),
            Path::new("root/two/metrics/train/data.jsonl")
        ]
    );
}

/// F44: access that is granted later.
#[test]
fn access_that_comes_later() {
    let disk = MemoryDisk::default();
    make_memory_run(&disk, "root/run");
    disk.fault("root/run/metrics/train/data.jsonl", Fault::Refuse(13));
    let polling = Options {
        poll_only: true,
        ..options(&[Path::new("root")], true)
    };
    let mut replay = Replay::start(Arc::new(disk.clone()), polling);
    replay.wait("the problem", |r| {
        r.find("run").is_some_and(|run| run.problems.len() == 1)
    });
    disk.heal("root/run/metrics/train/data.jsonl");
    replay.wait("the row", |r| r.run("run").rows("train") == 1);
    assert!(replay.run("run").problems.is_empty());
}

/// F48: a call that never returns holds up one run; the others go on, and reading once ends.
#[test]
fn a_call_that_never_returns() {
    let disk = MemoryDisk::default();
    for n in 0..40 {
        make_memory_run(&disk, &format!("root/{n:02}"));
    }
    for n in [0, 1, 2] {
        disk.fault(format!("root/{n:02}/metrics"), Fault::Hang);
    }
    let begun = Instant::now();
    let replay = Replay::once(Arc::new(disk.clone()), &[Path::new("root")]);
    assert!(begun.elapsed() < Duration::from_secs(16));
    let read = replay.runs.iter().filter(|run| run.caught_up == 1).count();
    assert_eq!(read, 37);
    assert_eq!(replay.unreadable.len(), 3, "{:?}", replay.unreadable);
    assert!(replay.run("00").notes[0].contains("does not answer"));
    drop(replay);
    disk.heal("root/00/metrics");
}

/// F48: when the call comes back after all, the run goes on.
#[test]
fn a_call_that_returns_late() {
    let disk = MemoryDisk::default();
    make_memory_run(&disk, "root/a");
    make_memory_run(&disk, "root/b");
    disk.fault("root/a/metrics", Fault::Hang);
    let polling = Options {
        poll_only: true,
        ..options(&[Path::new("root")], true)
    };
    let mut replay = Replay::start(Arc::new(disk.clone()), polling);
    replay.wait("the other run", |r| {
        r.find("b").is_some_and(|run| run.rows("train") == 1)
    });
    replay.wait("word of it", |r| !r.run("a").notes.is_empty());
    disk.heal("root/a/metrics");
    replay.wait("the late run", |r| r.run("a").rows("train") == 1);
}

/// A receiver that is gone, or a stop, ends the threads: nothing reads on in secret.
#[test]
fn nobody_listens() {
    let disk = MemoryDisk::default();
    make_memory_run(&disk, "root/run");
    let polling = Options {
        poll_only: true,
        ..options(&[Path::new("root")], true)
    };
    let mut replay = Replay::start(Arc::new(disk.clone()), polling);
    replay.wait("the run", |r| {
        r.find("run").is_some_and(|run| run.caught_up == 1)
    });
    drop(replay);
    let settled = Instant::now() + replay::PATIENCE;
    loop {
        let before = disk.calls("stat");
        std::thread::sleep(Duration::from_millis(1_500));
        if disk.calls("stat") == before {
            break;
        }
        assert!(Instant::now() < settled, "somebody still looks");
    }
}

/// Slow and short answers change nothing but the time.
#[test]
fn slow_and_short_answers() {
    let disk = MemoryDisk::default();
    for n in 0..5 {
        make_memory_run(&disk, &format!("root/{n}"));
        disk.write(
            format!("root/{n}/metrics/train/data.jsonl"),
            &ROW.repeat(200),
        );
    }
    disk.fault("root/1", Fault::Slow(Duration::from_millis(2)));
    disk.fault("root/2", Fault::Short(5));
    let replay = Replay::once(Arc::new(disk), &[Path::new("root")]);
    assert!(replay.runs.iter().all(|run| run.rows("train") == 200));
}

/// Places in which runs are, and are not, looked for.
#[test]
fn where_runs_are() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    for run in [
        "project/run",
        "project/run/nested/inner",
        "metrics/run1",
        "metrics/run2",
        "files/run",
        "tracks/logs",
        "project/run/metrics/not-a-stream",
        ".hidden",
        ".dash/owner/run",
    ] {
        make_run(&root.join(run));
    }
    make_run(&root.join("project/run/files/copied"));
    make_run(&root.join("node_modules/pkg/run"));
    make_run(&root.join(".git/objects/run"));
    // An orphan: rows, and nothing that says whose.
    fs::create_dir_all(root.join("orphan/metrics/a/b")).unwrap();
    fs::write(root.join("orphan/metrics/a/b/data.jsonl"), ROW).unwrap();
    let mut found = Replay::once(disk(), &[root]).names();
    found.sort();
    let expected = [
        ".dash/owner/run",
        ".hidden",
        "files/run",
        "metrics/run1",
        "metrics/run2",
        "orphan",
        "project/run",
        "project/run/metrics/not-a-stream",
        "project/run/nested/inner",
        "tracks/logs",
    ];
    assert_eq!(found, expected);
}

#[test]
fn single_files_and_runs_as_arguments() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    fs::write(root.join("rows.jsonl"), "{\"a\": 1}\n{\"a\": 2}").unwrap();
    fs::write(root.join("metrics.jsonl"), "{\"train/loss\": 1}\n").unwrap();
    fs::write(root.join("metrics.json"), "{\"epochs\": [{\"epoch\": 1}]}").unwrap();
    make_run(&root.join("run"));
    let names = [
        "rows.jsonl",
        "metrics.jsonl",
        "metrics.json",
        "run",
        "run/.",
        "rows.jsonl",
        "none",
        "no-*",
    ];
    let paths: Vec<PathBuf> = names.iter().map(|name| root.join(name)).collect();
    let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
    let replay = Replay::once(disk(), &paths);
    let layouts: Vec<_> = replay.runs.iter().map(|run| run.layout.unwrap()).collect();
    assert_eq!(
        layouts,
        [Layout::Jsonl, Layout::Flat, Layout::Epochs, Layout::Prefix]
    );
    assert_eq!(
        replay.names(),
        ["rows.jsonl", "metrics.jsonl", "metrics.json", "run"]
    );
    for (run, path) in replay.runs.iter().zip(&paths) {
        assert_eq!(run.place.as_ref().unwrap().shown, *path);
        assert_eq!(run.streams.len(), 1);
    }
    assert_eq!(replay.runs[0].streams[0].rows.len(), 2);
    assert_eq!(replay.unreadable.len(), 2, "{:?}", replay.unreadable);
}

#[test]
fn without_arguments_the_usual_places_are_searched() {
    let dir = tempfile::tempdir().unwrap();
    for run in [
        ".dash/me/run",
        "runs/a",
        "experiments/b",
        "elsewhere/c",
        "extra/d",
    ] {
        make_run(&dir.path().join(run));
    }
    let extra = Some(dir.path().join("extra"));
    let base = dir.path().to_owned();
    let mut replay = Replay::start(
        disk(),
        Options {
            base,
            extra,
            ..options(&[], false)
        },
    );
    replay.wait("completion", |r| r.complete);
    assert_eq!(replay.names(), ["me/run", "b", "a", "d"]);
    assert!(replay.unreadable.is_empty());
    let base = dir.path().join("elsewhere/c");
    let mut replay = Replay::start(
        disk(),
        Options {
            base,
            ..options(&[], false)
        },
    );
    replay.wait("completion", |r| r.complete);
    assert_eq!(replay.names(), ["c"]);
}

/// F28: what is too large for a document is not read.
#[test]
fn a_document_that_is_too_large() {
    let dir = tempfile::tempdir().unwrap();
    make_run(dir.path());
    let params = fs::File::create(dir.path().join("parameters.json")).unwrap();
    params.set_len(70 << 20).unwrap();
    let replay = Replay::once(disk(), &[dir.path()]);
    assert_eq!(replay.runs[0].problems.len(), 1);
    assert!(replay.runs[0].problems[0].reason.contains("70 MiB"));
}

/// Saved files without an index.
#[test]
fn saved_files_are_listed() {
    let dir = tempfile::tempdir().unwrap();
    make_run(dir.path());
    fs::create_dir_all(dir.path().join("files/deep/er")).unwrap();
    fs::write(dir.path().join("files/deep/er/model.pt"), [0; 10]).unwrap();
    fs::write(dir.path().join("files/notes.txt"), "x").unwrap();
    let replay = Replay::once(disk(), &[dir.path()]);
    assert_eq!(replay.runs[0].files, ["deep/er/model.pt", "notes.txt"]);
}

/// A device at the place of a folder.
#[test]
fn a_device_as_an_argument() {
    let disk = MemoryDisk::default();
    disk.special("dev", Kind::Other);
    let replay = Replay::once(Arc::new(disk), &[Path::new("dev")]);
    assert_eq!(
        replay.unreadable,
        [(PathBuf::from("dev"), "not a regular file".to_owned())]
    );
}
