//! The whole program in a terminal while somebody writes.

#![allow(clippy::unwrap_used)]

mod cli_support;
#[path = "support/pty.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod pty;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use cli_support::Tree;
use pty::{Pty, program};

fn append(tree: &Tree, path: &str, line: &str) {
    let path = tree.path().join(path);
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    writeln!(file, "{line}").unwrap();
}

fn row(epoch: u32, loss: f64) -> String {
    format!(r#"{{"index": {epoch}, "data": {{"epoch": {epoch}, "loss": {loss}}}}}"#)
}

/// A run of three epochs with a log of one line.
fn lab() -> Tree {
    let tree = Tree::new();
    let rows: String = (0..3).map(|epoch| row(epoch, 2.0) + "\n").collect();
    tree.write(
        "runs/first/experiment.json",
        r#"{"name": "first", "prefix": "a/b/first"}"#,
    );
    tree.write("runs/first/metrics/train/data.jsonl", &rows);
    tree.write("runs/first/metrics/eval/data.jsonl", &rows);
    tree.write(
        "runs/first/logs/logs.jsonl",
        "{\"level\": \"info\", \"message\": \"begun\"}\n",
    );
    tree
}

fn open(path: &Path) -> Pty {
    let pty = Pty::start_sized(program(&[path.to_str().unwrap()]), (160, 45));
    pty.wait_for_screen();
    pty
}

#[test]
fn what_is_written_is_seen() {
    let tree = lab();
    let mut pty = open(tree.path());
    pty.wait_text("begun");
    append(&tree, "runs/first/metrics/eval/data.jsonl", &row(3, 0.4321));
    pty.wait_text("val 0.4321");
    append(
        &tree,
        "runs/first/logs/logs.jsonl",
        r#"{"level": "error", "message": "out of memory", "metadata": {"gpu": 3}}"#,
    );
    pty.wait_text("out of memory");
    pty.wait_text("E 1");
    append(
        &tree,
        "runs/first/metrics/eval/data.jsonl",
        &row(4, f64::NAN),
    );
    pty.wait_text("NaN");
    pty.quit();
}

#[test]
fn runs_appear_and_vanish_while_the_cursor_stays() {
    let tree = lab();
    let mut pty = open(tree.path());
    pty.wait_text("begun");
    // Whoever presses a key looks at this run.
    pty.press("2");
    tree.write(
        "runs/a-later/experiment.json",
        r#"{"name": "a-later", "prefix": "a/b/a-later"}"#,
    );
    tree.write("runs/a-later/metrics/train/data.jsonl", row(0, 1.0) + "\n");
    pty.wait_text("a-later");
    let header = |pty: &Pty| pty.seen().text().lines().next().unwrap().to_owned();
    assert!(header(&pty).contains("first"), "{}", header(&pty));
    fs::remove_dir_all(tree.path().join("runs/first")).unwrap();
    pty.wait_text("gone");
    pty.wait_text("begun");
    pty.quit();
}

#[test]
fn an_empty_folder_is_watched() {
    let tree = Tree::new();
    fs::create_dir_all(tree.path().join("runs")).unwrap();
    let mut pty = open(tree.path());
    pty.wait_text("no runs yet");
    tree.write("runs/late/metrics/train/data.jsonl", row(0, 0.125) + "\n");
    tree.write(
        "runs/late/experiment.json",
        r#"{"name": "late", "prefix": "a/b/late"}"#,
    );
    pty.wait_text("0.125");
    pty.quit();
}

#[test]
fn a_paused_view_stands_still() {
    let tree = lab();
    let mut pty = open(tree.path());
    pty.wait_text("begun");
    pty.press("p");
    pty.wait_text("PAUSED");
    append(&tree, "runs/first/metrics/eval/data.jsonl", &row(3, 0.4321));
    pty.wait_text("PAUSED +1");
    assert!(!pty.seen().text().contains("0.4321"));
    pty.press("p");
    pty.wait_text("val 0.4321");
    pty.quit();
}

#[test]
fn the_demo_needs_nothing() {
    let mut pty = Pty::start_sized(program(&["demo", "--speed", "20"]), (160, 45));
    pty.wait_text("loss");
    pty.wait_text("resnet50-baseline");
    pty.wait_text("gpt2-small-owt");
    pty.press("q");
    assert_eq!(pty.wait_exit().exit_code(), 0);
    pty.check_restored();
}
