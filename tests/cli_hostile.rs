//! Names, keys, values and messages that would take over the terminal, through the real binary.

mod cli_support;
#[path = "support/hostile.rs"]
mod hostile;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use cli_support::{Ran, Tree};
use hostile::{PAYLOADS, assert_harmless, ml_dash, other_trackers};

fn check(ran: &Ran) {
    assert_harmless(&ran.out);
    assert_harmless(&ran.err);
}

#[test]
fn nothing_from_a_file_steers_the_terminal() {
    let tree = ml_dash();
    let list = tree.run(["list", "runs"]);
    assert_eq!(list.out.lines().count(), PAYLOADS.len() + 1, "{}", list.out);
    check(&list);
    check(&tree.run(["list", "runs", "--json"]));
    check(&tree.run(["list", "runs", "--follow", "--for", "0.5"]));
    check(&tree.run(["list", "runs", "--follow", "--json", "--for", "0.5"]));
    for (at, payload) in PAYLOADS.iter().enumerate() {
        let run = format!("r{at}-");
        for extra in [&[][..], &["--json"]] {
            let ran = tree.run(["show", run.as_str(), "runs"].iter().chain(extra));
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            check(&ran);
            let ran = tree.run(["read", run.as_str(), "s", "runs"].iter().chain(extra));
            assert_eq!(ran.code, Some(0), "{}", ran.err);
            check(&ran);
        }
        for arguments in [
            &["show", payload][..],
            &["show", "nothing", payload],
            &["read", run.as_str(), payload, "runs"],
            &["list", payload],
            &["list", &format!("--{payload}")],
            &["list", "--now", payload],
        ] {
            let ran = tree.run(arguments);
            assert_ne!(ran.code, None);
            check(&ran);
        }
    }
    let ambiguous = tree.run(["show", "r1", "runs"]);
    assert_eq!(ambiguous.code, Some(2));
    check(&ambiguous);
}

#[test]
fn nor_does_anything_of_other_trackers() {
    let tree = other_trackers();
    let list = tree.run(["list", "runs"]);
    assert_eq!(
        list.out.lines().count(),
        2 * PAYLOADS.len() + 1,
        "{}",
        list.out
    );
    check(&list);
    check(&tree.run(["list", "runs", "--json"]));
    for at in 0..PAYLOADS.len() {
        for (run, stream) in [("logger", "metrics.jsonl"), ("epochs", "metrics.json")] {
            let run = format!("{run}-{at}-");
            for extra in [&[][..], &["--json"]] {
                let shown = tree.run(["show", run.as_str(), "runs"].iter().chain(extra));
                assert_eq!(shown.code, Some(0), "{}", shown.err);
                check(&shown);
                let read = tree.run(["read", run.as_str(), stream, "runs"].iter().chain(extra));
                assert_eq!(read.code, Some(0), "{}", read.err);
                check(&read);
            }
        }
    }
}

#[test]
fn nor_does_anything_of_standard_input() {
    let tree = Tree::new();
    let mut rows = String::new();
    for payload in PAYLOADS {
        let text = serde_json::Value::from(payload);
        let _ = writeln!(
            rows,
            "{{\"step\": 1, {text}: 0.5, \"note\": {text}}}\n{payload}"
        );
    }
    tree.write("rows", rows);
    for arguments in [
        &["list", "-"][..],
        &["list", "-", "--follow"],
        &["show", "-"],
        &["show", "-", "--json"],
    ] {
        let rows = std::fs::File::open(tree.path().join("rows")).expect("the rows");
        let output = tree
            .command()
            .args(arguments)
            .stdin(rows)
            .output()
            .expect("the binary");
        let ran = Ran::of(output);
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}", ran.err);
        assert!(!ran.out.is_empty());
        check(&ran);
    }
}

/// Pictures and codes take the place of what would have steered: nothing is swallowed.
#[test]
fn what_was_there_is_still_seen() {
    let tree = Tree::new();
    let about = serde_json::json!({
        "name": "run\x1b]0;x\x07", "project": "a\u{202e}b", "description": "c\td\ne", "prefix": "", "tags": ["\u{9b}31m"],
    });
    tree.write("runs/r/experiment.json", about.to_string());
    tree.write(
        "runs/r/metrics/eval/data.jsonl",
        "{\"index\": 0, \"data\": {\"loss\": 1}}\n",
    );
    let page = tree.run(["show", "runs/r"]).out;
    for seen in ["run␛]0;x␇", "a‹U+202E›b", "c   d⏎e", "‹U+009B›31m"] {
        assert!(page.contains(seen), "{seen} in {page}");
    }
}

#[test]
fn documents_give_the_text_back() {
    let tree = ml_dash();
    let document = tree.run(["list", "runs", "--json"]).json();
    let runs = document["runs"].as_array().expect("runs");
    for (at, payload) in PAYLOADS.iter().enumerate() {
        let path = format!("runs/r{at}-{}", payload.replace('/', "_"));
        let run = runs
            .iter()
            .find(|run| run["path"] == path.as_str())
            .expect("the run");
        assert_eq!(run["name"], *payload);
        let shown = tree.run(["show", path.as_str(), "--json"]).json();
        assert_eq!(shown["run"]["params"][*payload], *payload);
    }
}

#[test]
fn names_that_are_no_text_are_listed_and_found() {
    let tree = Tree::new();
    let raw = Path::new(OsStr::from_bytes(b"\xff\xfe-run"));
    tree.write(
        Path::new("runs").join(raw).join("metrics.jsonl"),
        "{\"step\": 1, \"loss\": 1}\n",
    );
    let document = tree.run(["list", "runs", "--json"]).json();
    assert_eq!(document["runs"][0]["path"], r"runs/\xff\xfe-run");
    assert_eq!(document["runs"][0]["name"], r"\xff\xfe-run");
    assert!(tree.run(["list", "runs"]).out.contains(r"\xff\xfe-run"));
    let by_bytes = Path::new("runs").join(raw);
    for name in [
        by_bytes.as_os_str(),
        raw.as_os_str(),
        OsStr::new(r"\xff\xfe-run"),
        OsStr::new(r"runs/\xff\xfe-run"),
    ] {
        let ran = tree.run([OsStr::new("show"), name, OsStr::new("--json")]);
        assert_eq!(ran.json()["run"]["rows"], 1, "{name:?}");
    }
}
