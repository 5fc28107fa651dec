//! File systems of other machines announce nothing, and looking at them costs others.

#![allow(clippy::unwrap_used)]

#[path = "support/memory.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod memory;
#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use memory::MemoryDisk;
use ml_dash_top::ingest::{Entry, Files, LocalDisk, OpenFile, Stat};
use replay::Replay;

const ROW: &str = "{\"index\": 0, \"data\": {\"loss\": 1.5}}\n";

/// The local disk, taken for one of another machine.
struct Remote;

impl Files for Remote {
    fn list(&self, dir: &Path) -> io::Result<Vec<Entry>> {
        LocalDisk.list(dir)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        LocalDisk.stat(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        LocalDisk.open(path)
    }

    fn is_remote(&self, _path: &Path) -> bool {
        true
    }
}

fn make_run(dir: &Path) {
    fs::create_dir_all(dir.join("metrics/train")).unwrap();
    let about = "{\"name\": \"x\", \"prefix\": \"x\"}";
    fs::write(dir.join("experiment.json"), about).unwrap();
    fs::write(dir.join("metrics/train/data.jsonl"), ROW).unwrap();
}

/// How many folders this process has asked the system to watch.
fn watches() -> usize {
    let Ok(files) = fs::read_dir("/proc/self/fdinfo") else {
        return 0;
    };
    let texts = files.filter_map(|file| fs::read_to_string(file.ok()?.path()).ok());
    texts.map(|text| text.matches("inotify wd:").count()).sum()
}

/// F77: who slept looks at everything at once, and does not wait for the next look of the schedule.
#[test]
fn after_sleeping_everything_is_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    make_run(&dir.path().join("run"));
    let mut replay = Replay::follow(Arc::new(Remote), &[dir.path()]);
    replay.wait("the run", |r| {
        r.find("run").is_some_and(|run| run.rows("train") == 1)
    });
    make_run(&dir.path().join("second"));
    let begun = Instant::now();
    replay.ingest.look_again();
    replay.wait("the run that was made meanwhile", |r| {
        r.find("second").is_some_and(|run| run.rows("train") == 1)
    });
    // The schedule would look after ten seconds.
    assert!(begun.elapsed() < Duration::from_secs(6));
}

/// F47: nothing is watched there, and everything is found by looking. A file that was deleted on
/// a server is not kept open.
#[test]
fn everything_is_found_by_looking() {
    let dir = tempfile::tempdir().unwrap();
    make_run(&dir.path().join("run"));
    let mut replay = Replay::follow(Arc::new(Remote), &[dir.path()]);
    replay.wait("the run", |r| {
        r.find("run").is_some_and(|run| run.rows("train") == 1)
    });
    let data = dir.path().join("run/metrics/train/data.jsonl");
    let mut file = OpenOptions::new().append(true).open(&data).unwrap();
    for n in 2..5 {
        file.write_all(ROW.as_bytes()).unwrap();
        let begun = Instant::now();
        replay.wait("a row", |r| r.run("run").rows("train") == n);
        assert!(begun.elapsed() < Duration::from_secs(4));
    }
    assert_eq!(watches(), 0);
    make_run(&dir.path().join("second"));
    replay.wait("a run", |r| {
        r.find("second").is_some_and(|run| run.rows("train") == 1)
    });
    assert_eq!(watches(), 0);
    let held = || {
        let open = fs::read_dir("/proc/self/fd").into_iter().flatten();
        let open = open.filter_map(|link| fs::read_link(link.ok()?.path()).ok());
        open.filter(|target| *target == data).count()
    };
    // A look may have it open for a moment; only the writer of this test keeps it so.
    let begun = Instant::now();
    while held() > 1 {
        assert!(begun.elapsed() < replay::PATIENCE, "it is kept open");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// F58: at most one question a second for a live file, and no folder is listed all the time.
#[test]
fn looking_is_rare() {
    let disk = MemoryDisk::default();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    disk.tick(now.as_nanos() as i64);
    disk.make_remote();
    for n in 0..20 {
        disk.write(format!("root/{n}/experiment.json"), b"{\"prefix\": \"x\"}");
        disk.write(format!("root/{n}/metrics/train/data.jsonl"), ROW.as_bytes());
    }
    let path = |n: usize| format!("root/{n}/metrics/train/data.jsonl");
    let mut replay = Replay::follow(Arc::new(disk.clone()), &[Path::new("root")]);
    replay.wait("all runs", |r| {
        r.runs.len() == 20 && r.runs.iter().all(|run| run.rows("train") == 1)
    });
    let before: Vec<usize> = (0..20).map(|n| disk.stats_of(path(n))).collect();
    let lists = disk.calls("list");
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(6) {
        disk.tick(50_000_000);
        // Half of them grow all the time.
        for n in 0..10 {
            disk.append(path(n), ROW.as_bytes());
        }
        replay.is_silent_for(Duration::from_millis(50));
    }
    let seconds = begun.elapsed().as_secs() as usize + 1;
    for (n, before) in before.into_iter().enumerate() {
        let asked = disk.stats_of(path(n)) - before;
        assert!(asked <= seconds, "{asked} in {seconds} s");
    }
    let listed = disk.calls("list") - lists;
    // One scan lists the root, and three folders of each run.
    assert!(listed <= 61 * (seconds / 10 + 1), "{listed} in {seconds} s");
    assert!(replay.runs[0].rows("train") > 1);
}
