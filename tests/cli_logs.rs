//! `logs`: the lines of a run's log, for people and for programs.

mod cli_support;

use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use cli_support::{NOW, Ran, Tree};
use serde_json::{Value, json};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
const RESNET: &str = "ml-dash-0.11/.dash/alice/vision/resnet50-baseline";
const LOGGER: &str = "ml-logger/.ml-logger/alice/vision/resnet50-run-001";

/// The log of a fixture's run, as it is printed for these options.
fn logs(run: &str, options: &[&str]) -> Ran {
    let tree = Tree::new();
    let path = Path::new(FIXTURES).join(run);
    let path = path.to_str().expect("text");
    let ran = tree.run(["logs", path].iter().chain(options));
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    ran
}

fn count(run: &str, options: &[&str]) -> usize {
    let all: Vec<&str> = options.iter().copied().chain(["--json"]).collect();
    logs(run, &all).out.lines().count()
}

fn documents(ran: &Ran) -> Vec<Value> {
    let document = |line: &str| serde_json::from_str(line).expect("a document");
    ran.out.lines().map(document).collect()
}

#[test]
fn lines_of_real_logs_are_counted_exactly() {
    let table: &[(&str, &[&str], usize)] = &[
        (RESNET, &[], 19),
        (RESNET, &["--level", "debug"], 19),
        (RESNET, &["--level", "info"], 18),
        (RESNET, &["--level", "WARNING"], 5),
        (RESNET, &["--level", "error"], 3),
        (RESNET, &["--level", "fatal"], 1),
        (RESNET, &["--filter", "level=warn"], 2),
        (RESNET, &["--filter", "-level>info"], 14),
        (RESNET, &["--filter", "complete"], 11),
        (RESNET, &["--grep", "^epoch [0-9]+/200 complete"], 10),
        (RESNET, &["--grep", "epoch", "--grep", "val_loss="], 10),
        (RESNET, &["--filter", "complete -epoch"], 1),
        (RESNET, &["--filter", "train_loss<1"], 7),
        (RESNET, &["--filter", "train_loss!=0"], 10),
        (RESNET, &["--filter", "lr=1e-3"], 1),
        (RESNET, &["--tail", "4"], 4),
        (RESNET, &["--tail", "100"], 19),
        (RESNET, &["--tail", "2", "--filter", "epoch"], 2),
        (RESNET, &["--tail", "2", "--level", "error"], 2),
        (LOGGER, &[], 16),
        (LOGGER, &["--level", "warn"], 3),
        (LOGGER, &["--filter", "level=critical"], 1),
        ("ml-dash-0.5/.ml-dash/edge/two-writers", &[], 217),
        (
            "ml-dash-0.5/.ml-dash/edge/two-writers",
            &["--filter", "\"rank 0 \""],
            194,
        ),
    ];
    for (run, options, expected) in table {
        assert_eq!(count(run, options), *expected, "{run} {options:?}");
    }
}

#[test]
fn json_has_every_field_with_its_digits() {
    let ran = logs(RESNET, &["--json", "--tail", "19"]);
    let first = ran.out.lines().next().expect("a line");
    let expected = concat!(
        r#"{"schema":1,"line":0,"time":1795159577.78876,"level":"info","word":"info","#,
        r#""message":"Training started","fields":{"lr":0.001}}"#
    );
    assert_eq!(first, expected);
    let documents = documents(&ran);
    let numbers: Vec<u64> = documents
        .iter()
        .filter_map(|d| d["line"].as_u64())
        .collect();
    assert_eq!(numbers, (0..19).collect::<Vec<_>>());
    let edge = logs(
        "ml-dash-0.6/.dash/alice/edge/nan-inf",
        &["--json", "--tail", "3"],
    );
    let lines = self::documents(&edge);
    assert_eq!(lines[0]["fields"], json!({"v": "NaN", "日本": "語"}));
    let message = lines[0]["message"].as_str().expect("text");
    assert!(message.starts_with("multi\nline \u{1b}[31mred"));
    assert!(edge.out.is_ascii() || !edge.out.contains('\u{1b}'));
}

fn write_run(tree: &Tree, log: &str) {
    tree.write("run/.ml-logger.meta.json", "{\"prefix\": \"a/b/run\"}");
    tree.write("run/logs.jsonl", log);
}

#[test]
fn lines_without_a_time_stand_in_their_columns() {
    let tree = Tree::new();
    let timed = r#"{"timestamp": 1795159367, "level": "WARN", "message": "timed"}"#;
    let untimed = r#"{"level": "INFO", "message": "untimed"}"#;
    write_run(&tree, &format!("{untimed}\n{timed}\n"));
    let expected = "                     info  untimed\n2026-11-20 07:22:47  warn  timed\n";
    assert_eq!(tree.run(["logs", "run"]).out, expected);
    write_run(&tree, &format!("{untimed}\n"));
    assert_eq!(tree.run(["logs", "run"]).out, "info  untimed\n");
}

#[test]
fn a_traceback_in_a_field_has_its_lines() {
    let tree = Tree::new();
    write_run(
        &tree,
        concat!(
            r#"{"timestamp": 1795159367, "level": "ERROR", "message": "step failed", "context": {"#,
            r#""traceback": "Traceback (most recent call last):\n  File \"t.py\", line 3\nValueError: x\n", "step": 7}}"#,
            "\n",
        ),
    );
    let expected = "\
2026-11-20 07:22:47  error step failed  step=7
                           traceback=
                             Traceback (most recent call last):
                               File \"t.py\", line 3
                             ValueError: x
";
    assert_eq!(tree.run(["logs", "run"]).out, expected);
}

#[test]
fn people_see_whole_messages_in_their_columns() {
    let tree = Tree::new();
    write_run(
        &tree,
        concat!(
            r#"{"timestamp": 1795159366.5, "level": "INFO", "message": "start", "context": {"lr": 1e-3, "name": "a b"}}"#,
            "\n",
            r#"{"timestamp": 1795159367, "level": "ERROR", "message": "Traceback (most recent call last):\n  File \"t.py\", line 3\n\nValueError: x"}"#,
            "\n",
            r#"{"level": "NOTICE", "message": " 10%|#\r 50%|##\r100%|###\u001b[31m!\u001b[2J\u0007", "n": NaN}"#,
            "\n",
        ),
    );
    let ran = tree.run(["logs", "run"]);
    let expected = "\
2026-11-20 07:22:46  info  start  lr=1e-3  name=a b
2026-11-20 07:22:47  error Traceback (most recent call last):
                             File \"t.py\", line 3

                           ValueError: x
                     NOTICE 100%|###!␇  n=NaN
";
    assert_eq!(ran.out, expected);
    let colored = tree
        .run(["logs", "run", "--color", "always", "--level", "error"])
        .out;
    assert!(
        colored.contains("\u{1b}[31merror\u{1b}[0m Traceback"),
        "{colored}"
    );
    // The colours of a message are those of the terminal, and nothing else of it is obeyed.
    let colored = tree
        .run(["logs", "run", "--color", "always", "--tail", "1"])
        .out;
    assert!(
        colored.contains("100%|###\u{1b}[91m!␇\u{1b}[0m"),
        "{colored}"
    );
    assert!(!colored.contains("[2J"), "{colored}");
    let times = |options: &[&str]| {
        let all = ["logs", "run", "--now", NOW]
            .into_iter()
            .chain(options.iter().copied());
        tree.run(all).out.matches("2026-11-20").count()
    };
    // Two hours after the first line, the same line and half a second later.
    assert_eq!(times(&["--since", "3h"]), 2);
    assert_eq!(times(&["--since", "1h"]), 0);
    assert_eq!(times(&["--since", "07:22:47"]), 1);
    assert_eq!(times(&["--until", "2026-11-20 07:22:46.5"]), 1);
    assert_eq!(times(&["--since", "2026-11-20"]), 2);
}

#[test]
fn long_logs_are_read_by_their_index() {
    let tree = Tree::new();
    let line = |n: u32| {
        let level = if n % 1000 == 999 { "ERROR" } else { "INFO" };
        let time = 1_795_100_000 + n;
        format!(
            "{{\"timestamp\": {time}, \"level\": \"{level}\", \"message\": \"line {n}\", \"context\": {{\"n\": {n}}}}}\n"
        )
    };
    write_run(&tree, &(0..20_000).map(line).collect::<String>());
    let numbers = |options: &[&str]| -> Vec<u64> {
        let all = ["logs", "run", "--json"].iter().chain(options);
        let found = documents(&tree.run(all));
        found
            .iter()
            .filter_map(|d| d["fields"]["n"].as_u64())
            .collect()
    };
    let errors: Vec<u64> = (0..20).map(|n| n * 1000 + 999).collect();
    assert_eq!(numbers(&["--level", "error"]), errors);
    assert_eq!(numbers(&["--level", "error", "--tail", "3"]), errors[17..]);
    assert_eq!(numbers(&["--filter", "n>=19998"]), [19_998, 19_999]);
    assert_eq!(numbers(&["--filter", "line n<3"]), [0, 1, 2]);
    assert_eq!(
        numbers(&["--tail", "300"]),
        (19_700..20_000).collect::<Vec<_>>()
    );
    assert_eq!(
        numbers(&["--since", "1795119990"]),
        (19_990..20_000).collect::<Vec<_>>()
    );
    assert_eq!(numbers(&["--until", "1795100003"]), [0, 1, 2, 3]);
    let both = [
        "--since",
        "1795105000",
        "--until",
        "1795107000",
        "--level",
        "error",
    ];
    assert_eq!(numbers(&both), [5999, 6999]);
    assert_eq!(numbers(&[]).len(), 20_000);
}

#[test]
fn what_is_wrong_is_said() {
    let tree = Tree::new();
    tree.epochs_run("runs/e");
    write_run(&tree, "");
    let ran = tree.run(["logs", "runs/e"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert!(
        ran.err.contains("Baseline 7: the run has no log"),
        "{}",
        ran.err
    );
    assert_eq!(tree.run(["logs", "nothing"]).code, Some(1));
    for (options, words) in [
        (["--grep", "(a"], "--grep '(a': "),
        (
            ["--filter", "x n>abc"],
            "\"abc\" is no number\n  x n>abc\n      ^^^",
        ),
        (
            ["--level", "odd"],
            "expected debug, info, warn, error or fatal",
        ),
        (["--since", "soon"], "expected a time such as 10m"),
    ] {
        let ran = tree.run(["logs", "run"].into_iter().chain(options));
        assert_eq!(ran.code, Some(2), "{options:?}");
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}

#[test]
fn nobody_who_listens_is_no_error() {
    let tree = Tree::new();
    let line =
        "{\"level\": \"INFO\", \"message\": \"a line that is long enough to fill a pipe\"}\n";
    write_run(&tree, &line.repeat(20_000));
    let mut command = tree.command();
    command
        .args(["logs", "run"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary");
    let mut first = [0; 64];
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut first).expect("some bytes");
    drop(out);
    let ended = child.wait_with_output().expect("an end");
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0));
}

#[test]
fn what_is_written_is_followed_through_a_rotation() {
    let tree = Tree::new();
    let line = |n: usize| format!("{{\"level\": \"INFO\", \"message\": \"line {n}\"}}\n");
    write_run(&tree, &(0..5).map(line).collect::<String>());
    let mut command = tree.command();
    command.args(["logs", "run", "--follow", "--tail", "2", "--for", "60"]);
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the binary");
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut next = || {
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        line.trim_end().to_owned()
    };
    assert_eq!([next(), next()], ["info  line 3", "info  line 4"]);
    let path = tree.path().join("run/logs.jsonl");
    let append = |text: &str| {
        let file = OpenOptions::new().append(true).create(true).open(&path);
        file.expect("the log")
            .write_all(text.as_bytes())
            .expect("writing");
    };
    append(&line(5));
    assert_eq!(next(), "info  line 5");
    append(&line(6));
    fs::rename(&path, path.with_extension("jsonl.1")).expect("a rotation");
    append(&line(7));
    assert_eq!([next(), next()], ["info  line 6", "info  line 7"]);
    child.kill().expect("it runs");
    child.wait().expect("an end");
}
