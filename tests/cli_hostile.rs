//! Names, keys, values and messages that would take over the terminal, through the real binary.

mod cli_support;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use cli_support::{Ran, Tree};

const PAYLOADS: [&str; 14] = [
    "\x1b]0;x\x07",
    "\x1b[31mred\x1b[0m",
    "\x1b]52;c;aGk=\x07",
    "\x1bPq\x1b\\",
    "\x1b_G\x1b\\",
    "\u{9b}31m",
    "a\rb",
    "a\u{8}\u{7f}b",
    "loss\u{202e}53.0",
    "\u{2066}x\u{2069}\u{61c}\u{200f}",
    "z\u{200b}\u{feff}\u{ad}w",
    "t\u{e0041}\u{e007f}",
    "l\u{2028}m\u{2029}",
    "q\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
];

/// Nothing but line ends may steer the terminal.
fn assert_harmless(text: &str) {
    for c in text.chars() {
        let steers = c.is_control() && c != '\n';
        let hides = matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{ad}' | '\u{e0000}'..='\u{e007f}');
        assert!(!steers && !hides, "{c:?} in {text:?}");
    }
    // Documents give every mark back; what people read does not pile up.
    let piles = text.contains(&"\u{301}".repeat(5));
    assert!(text.starts_with("{\"schema\"") || !piles, "{text:?}");
}

fn tree() -> Tree {
    let tree = Tree::new();
    for (at, payload) in PAYLOADS.iter().enumerate() {
        let run = format!("runs/r{at}-{}", payload.replace('/', "_"));
        let text = serde_json::Value::from(*payload);
        tree.write(
            format!("{run}/experiment.json"),
            format!(
                r#"{{"name": {text}, "project": {text}, "description": {text}, "tags": [{text}], "prefix": {text},
                    "metadata": {{{text}: {text}}}, "created_at": {text}}}"#
            ),
        );
        let doc = format!(
            r#"{{"version": 1, "data": {{{text}: {text}, "l": [{text}], "m": {{{text}: {text}}}}}}}"#
        );
        tree.write(format!("{run}/parameters.json"), doc);
        let rows = format!(
            "{{\"index\": 0, \"data\": {{{text}: 1, \"note\": {text}, \"val_loss\": 1}}}}\n{payload}\n"
        );
        tree.write(
            format!("{run}/metrics/s{}/data.jsonl", payload.replace('/', "_")),
            rows,
        );
        let log = format!(
            "{{\"sequenceNumber\": 0, \"level\": {text}, \"message\": {text}}}\n{payload}\n"
        );
        tree.write(format!("{run}/logs/logs.jsonl"), log);
        tree.write(format!("{run}/files/f{}", payload.replace('/', "_")), "x");
    }
    tree
}

#[test]
fn nothing_from_a_file_steers_the_terminal() {
    let tree = tree();
    let check = |ran: &Ran| {
        assert_harmless(&ran.out);
        assert_harmless(&ran.err);
    };
    let list = tree.run(["list", "runs"]);
    assert_eq!(list.out.lines().count(), PAYLOADS.len() + 1, "{}", list.out);
    check(&list);
    check(&tree.run(["list", "runs", "--json"]));
    check(&tree.run(["list", "runs", "--follow", "--for", "0.5"]));
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
fn documents_give_the_text_back() {
    let tree = tree();
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
