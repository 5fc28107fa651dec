//! Several threads on one big file bring exactly what one thread brings.

#![allow(clippy::unwrap_used)]

#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use ml_dash_top::ingest::{LocalDisk, Options};
use replay::{Replay, Run, options};

/// Long lines, so that few rows make a big file.
fn line(text: &mut String, n: usize) {
    let pad = "x".repeat(400 + n % 97);
    match n {
        // Keys that come late, in another order in each segment.
        _ if n.is_multiple_of(7_001) => {
            writeln!(
                text,
                "{{\"loss\": {n}.25, \"late{}\": {n}, \"pad\": \"{pad}\"}}",
                n % 11
            )
        }
        _ if n.is_multiple_of(5_003) => writeln!(text, "{{\"loss\": NaN, \"pad\": \"{pad}\"}}"),
        _ => writeln!(
            text,
            "{{\"step\": {n}, \"loss\": {n}.5, \"pad\": \"{pad}\"}}"
        ),
    }
    .unwrap();
}

fn read(path: &Path, threads: usize) -> Run {
    let options = Options {
        threads,
        ..options(&[path], false)
    };
    let mut replay = Replay::start(Arc::new(LocalDisk), options);
    replay.wait("completion", |r| r.complete);
    replay.runs.remove(0)
}

fn compare(text: &str, problems: usize) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rows.jsonl");
    fs::write(&path, text).unwrap();
    let one = read(&path, 1);
    let many = read(&path, 3);
    assert_eq!(one.problems.len(), problems, "{:?}", one.problems);
    assert_eq!(many.problems, one.problems);
    assert_eq!(many.streams[0].keys, one.streams[0].keys);
    assert!(
        many.streams[0].rows == one.streams[0].rows,
        "the rows are the same"
    );
}

#[test]
fn late_keys_keep_their_numbers() {
    let mut text = String::new();
    (0..120_000).for_each(|n| line(&mut text, n));
    assert!(text.len() > 50 << 20);
    text.push_str("{\"loss\": 1, \"to");
    compare(&text, 0);
}

#[test]
fn odd_places_are_read_the_ordinary_way() {
    let mut text = String::new();
    for n in 0..120_000 {
        match n {
            40_000 => text.push_str("no row at all\n"),
            60_000 => text.push_str("{\n  \"loss\": 7,\n  \"lr\": 8\n}\n"),
            80_000 => text.push_str("{'loss': 1}\n"),
            _ => line(&mut text, n),
        }
    }
    compare(&text, 2);
}
