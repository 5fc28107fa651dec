//! `list --follow`: a line whenever a run changes.

mod cli_support;

use std::fs::OpenOptions;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use cli_support::Tree;
use serde_json::Value;

const LONG: &str = "60";

fn follow(tree: &Tree, arguments: &[&str]) -> (Child, BufReader<ChildStdout>) {
    let mut command = tree.command();
    command
        .args(["list", "--follow", "--for", LONG])
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("the binary");
    let out = child.stdout.take().expect("a pipe");
    (child, BufReader::new(out))
}

/// The next line for which this holds.
fn wait_for(out: &mut BufReader<ChildStdout>, holds: impl Fn(&Value) -> bool) -> Value {
    let mut line = String::new();
    loop {
        line.clear();
        assert_ne!(
            out.read_line(&mut line).expect("a line"),
            0,
            "it ended too early"
        );
        let document: Value = serde_json::from_str(&line).expect("a document");
        assert_eq!(document["schema"], 1);
        if holds(&document["run"]) {
            return document["run"].clone();
        }
    }
}

fn append(tree: &Tree, path: &str, text: &str) {
    let file = OpenOptions::new().append(true).open(tree.path().join(path));
    file.expect("the file")
        .write_all(text.as_bytes())
        .expect("writing");
}

#[test]
fn changes_are_told_as_they_come() {
    let tree = Tree::new();
    tree.prefix_run("runs/a");
    let (mut child, mut out) = follow(&tree, &["runs", "--json"]);
    let first = wait_for(&mut out, |_| true);
    assert_eq!(
        (first["name"].as_str(), first["rows"].as_u64()),
        (Some("a"), Some(12))
    );
    append(
        &tree,
        "runs/a/metrics/eval/data.jsonl",
        "{\"index\": 4, \"data\": {\"loss\": 0.5}}\n",
    );
    let better = wait_for(&mut out, |run| run["rows"] == 13);
    assert_eq!(better["best"]["value"], 0.5);
    tree.write("runs/new/metrics.jsonl", "{\"step\": 1, \"val_loss\": 2}\n");
    let new = wait_for(&mut out, |run| run["name"] == "new" && run["rows"] == 1);
    assert_eq!(new["best"]["value"], 2.0);
    child.kill().expect("still running");
    child.wait().expect("an end");
}

#[test]
fn it_waits_for_a_root_that_does_not_exist_yet() {
    let tree = Tree::new();
    let (mut child, mut out) = follow(&tree, &["later", "--json"]);
    tree.write("later/a/metrics.jsonl", "{\"step\": 1, \"val_loss\": 2}\n");
    assert_eq!(wait_for(&mut out, |_| true)["path"], "later/a");
    child.kill().expect("still running");
    child.wait().expect("an end");
}

#[test]
fn it_ends_when_nobody_reads_even_if_nothing_happens() {
    let tree = Tree::new();
    tree.prefix_run("runs/a");
    let (mut child, mut out) = follow(&tree, &["runs", "--json"]);
    wait_for(&mut out, |_| true);
    drop(out);
    let begun = Instant::now();
    while child.try_wait().expect("a state").is_none() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "it goes on for nobody"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

#[test]
fn sentences_for_people() {
    let tree = Tree::new();
    tree.prefix_run("runs/a");
    let ran = tree.run([
        "list",
        "runs",
        "--follow",
        "--for",
        "1",
        "--now",
        cli_support::NOW,
    ]);
    assert_eq!(
        ran.out,
        "○ silent  a  epoch 4/8  eval/loss 0.8  best 0.75 @ 2\n"
    );
    assert_eq!(ran.code, Some(0));
}

#[test]
fn rows_of_a_pipe_are_told_before_it_ends() {
    let tree = Tree::new();
    let mut command = tree.command();
    command
        .args(["list", "--follow", "--json", "--for", LONG, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = command.spawn().expect("the binary");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut rows = child.stdin.take().expect("a pipe");
    for count in 1..=3 {
        rows.write_all(b"{\"loss\": 1}\n").expect("writing");
        let told = wait_for(&mut out, |run| run["rows"] == count);
        assert_eq!(told["state"], "running");
    }
    drop(rows);
    // Nothing more can come.
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

/// How often the threads of a process went to sleep by themselves.
#[cfg(target_os = "linux")]
fn sleeps(process: u32) -> u64 {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).expect("threads");
    let texts =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("status")).ok());
    let count = |text: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        line.and_then(|count| count.trim().parse::<u64>().ok())
    };
    texts.filter_map(|text| count(&text)).sum()
}

/// F54: while nothing happens, all threads together wake twice a second at most.
#[cfg(target_os = "linux")]
#[test]
fn idle_following_wakes_nobody() {
    let tree = Tree::new();
    for name in ["a", "b", "c"] {
        tree.prefix_run(format!("runs/{name}"));
    }
    let (mut child, mut out) = follow(&tree, &["runs", "--json"]);
    for _ in 0..3 {
        wait_for(&mut out, |_| true);
    }
    let window = Duration::from_secs(4);
    let mut seen = Vec::new();
    loop {
        let before = sleeps(child.id());
        std::thread::sleep(window);
        seen.push(sleeps(child.id()) - before);
        // What was just written is looked at a little more often at first.
        if seen
            .last()
            .is_some_and(|count| *count <= 2 * window.as_secs())
        {
            break;
        }
        assert!(
            seen.len() < 8,
            "wake-ups in windows of four seconds: {seen:?}"
        );
    }
    append(
        &tree,
        "runs/a/metrics/eval/data.jsonl",
        "{\"index\": 4, \"data\": {\"loss\": 0.5}}\n",
    );
    let begun = Instant::now();
    wait_for(&mut out, |run| run["rows"] == 13);
    assert!(
        begun.elapsed() < Duration::from_secs(2),
        "sleeping is not being deaf"
    );
    child.kill().expect("still running");
    child.wait().expect("an end");
}
