//! When the system has no watches left, everything is found by looking, and one line says so.
//!
//! The limits are those of a user namespace, so the machine's own stay as they are: the test runs
//! itself again inside one.

#![allow(clippy::unwrap_used)]

#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::Command;
use std::sync::Arc;

use ml_dash_top::ingest::LocalDisk;
use replay::Replay;

const ROW: &str = "{\"data\": {\"loss\": 1}}\n";

/// Runs the ignored test below with a limit set; false where the system does not allow that.
fn with_limit(name: &str, value: u32) -> bool {
    let this = std::env::current_exe().unwrap();
    let script = format!("echo {value} > /proc/sys/user/{name} && exec \"$0\" \"$@\"");
    let possible = Command::new("unshare")
        .args(["-Ur", "sh", "-c", &script, "true"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !possible {
        println!("skipped: no user namespace in which {name} can be set");
        return false;
    }
    let status = Command::new("unshare")
        .args(["-Ur", "sh", "-c", &script])
        .arg(this)
        .args(["--exact", "inside_a_limit", "--ignored", "--nocapture"])
        .env("EXPECTED_NOTICE", name)
        .status();
    assert!(status.unwrap().success(), "with {name} = {value}");
    true
}

/// F51: no watch left.
#[test]
fn watches_run_out() {
    with_limit("max_inotify_watches", 10);
}

/// F52: no instance left.
#[test]
fn instances_run_out() {
    with_limit("max_inotify_instances", 0);
}

#[test]
#[ignore = "only makes sense inside the limits that the other tests set"]
fn inside_a_limit() {
    let expected = std::env::var("EXPECTED_NOTICE")
        .unwrap()
        .replace("inotify_", "user_");
    let dir = tempfile::tempdir().unwrap();
    for n in 0..30 {
        let stream = dir.path().join(format!("{n:02}/metrics/train"));
        fs::create_dir_all(&stream).unwrap();
        fs::write(stream.join("data.jsonl"), ROW).unwrap();
    }
    let mut replay = Replay::follow(Arc::new(LocalDisk), &[dir.path()]);
    replay.wait("all runs", |r| {
        r.runs.iter().filter(|run| run.caught_up > 0).count() == 30
    });
    replay.wait("the notice", |r| !r.notices.is_empty());
    assert_eq!(replay.notices.len(), 1);
    assert!(
        replay.notices[0].contains(&expected),
        "{:?}",
        replay.notices
    );
    let data = dir.path().join("29/metrics/train/data.jsonl");
    OpenOptions::new()
        .append(true)
        .open(data)
        .unwrap()
        .write_all(ROW.as_bytes())
        .unwrap();
    replay.wait("the new row", |r| r.run("29").rows("train") == 2);
}
