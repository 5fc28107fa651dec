//! Names, keys, values and messages that would take over the terminal, through the real binary.

mod cli_support;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use cli_support::{Ran, Tree};

const PAYLOADS: [&str; 27] = [
    "\x1b]0;x\x07",
    "\x1b]2;title\x1b\\",
    "\x1b]8;;file:///etc\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]9;4;1;50\x07",
    "\x1b]777;notify;a;b\x07",
    "\u{9d}52;c;aGk=\u{9c}",
    "\x1b^p\x1b\\\x1bXs\x1b\\",
    "\x1b[?1049l\x1b[2J\x1b[H",
    "torn \x1b[38;5",
    "\ta\tb\n\x0bc",
    "👩\u{200d}🚀 ❤\u{fe0f} 🇩🇪 👍\u{1f3fd}",
    "v\u{e0101}\u{fe00}w",
    "\u{180e}\u{115f}\u{3164}\u{2060}x",
    "\u{378}\u{fdd0}\u{10ffff}",
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
    if text.starts_with("{\"schema\"") {
        // Documents give everything back that only looks strange.
        return;
    }
    assert!(
        !text.contains(&"\u{301}".repeat(5)),
        "marks pile up: {text:?}"
    );
    for c in text.chars() {
        let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}'
            | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}');
        assert!(
            !joins,
            "the width of {c:?} depends on the terminal: {text:?}"
        );
    }
}

fn check(ran: &Ran) {
    assert_harmless(&ran.out);
    assert_harmless(&ran.err);
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

/// What the other trackers write, with a payload in every field.
fn other_trackers() -> Tree {
    let tree = Tree::new();
    for (at, payload) in PAYLOADS.iter().enumerate() {
        let text = serde_json::Value::from(*payload);
        let run = format!("runs/logger-{at}-");
        tree.write(
            format!("{run}/.ml-logger.meta.json"),
            format!(
                r#"{{"namespace": {text}, "workspace": {text}, "prefix": "logger-{at}-", "readme": {text},
                    "hostname": {text}, "status": "failed", "charts": {{{text}: [{text}]}}, {text}: {text}}}"#
            ),
        );
        let set = |value: &str| {
            format!(
                "{{\"timestamp\": 1795159366.5, \"operation\": \"set\", \"data\": {{{text}: {value}}}}}\n"
            )
        };
        let mut params = set(&text.to_string());
        params.push_str(&set("1"));
        params.push_str(&set(&format!("[{text}, {{{text}: {text}}}]")));
        tree.write(format!("{run}/parameters.jsonl"), params);
        tree.write(
            format!("{run}/metrics.jsonl"),
            format!(
                "{{\"timestamp\": 1795159366.5, \"metrics\": {{{text}: 1, \"t\": {text}}}, \"step\": {text}}}\n{payload}\n"
            ),
        );
        let log = format!(
            "{{\"level\": {text}, \"message\": {text}, \"context\": {{{text}: {text}}}}}\n"
        );
        tree.write(format!("{run}/logs.jsonl"), log);
        let run = format!("runs/epochs-{at}-");
        tree.write(
            format!("{run}/experiment.json"),
            format!(
                r#"{{"id": {text}, "name": "epochs-{at}-", "status": "failed", "description": {text}, "created_at": {text},
                    "hyperparameters": {{{text}: {text}}}, "best_checkpoint_path": {text},
                    "error": {{"type": {text}, "message": {text}, "traceback": {text}}}}}"#
            ),
        );
        tree.write(
            format!("{run}/metrics.json"),
            format!(r#"{{"epochs": [{{"epoch": 1, {text}: 1.0, "val_loss": 2, "note": {text}}}, {text}]}}"#),
        );
    }
    tree
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
