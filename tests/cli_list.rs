//! `list`: the table, its documents, and what it says when there is nothing.

mod cli_support;

use std::io::Write as _;
use std::process::Stdio;

use cli_support::{NOW, Ran, Tree};
use serde_json::json;

#[test]
fn a_table_for_people() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit")
        .epochs_run(".dash/alice/exp-1");
    tree.write(
        ".dash/alice/flat/metrics.jsonl",
        "{\"loss\": 0.5, \"step\": 7}\n{\"loss\": 0.25, \"step\": 8}\nbroken\n",
    );
    let ran = tree.run(["list", "--now", NOW]);
    let expected = "   state      run         progress  loss   best      last  age
 ✗ failed    Baseline 7  epoch  3/5  val     1.2 @ 2   1.3  2h
 ○ silent    flat        step     8         0.25 @ 8  0.25   0s  1 problem
 ○ silent    vit         epoch  4/8  val    0.75 @ 2   0.8   2h  NaN ×1
";
    // The ages of rows without a time are those of this test's files.
    let steady = |text: &str| -> Vec<String> {
        let words = |line: &str| {
            line.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let is_age = |word: &String| {
            word.ends_with(['s', 'm', 'h', 'd']) && word.starts_with(|c: char| c.is_ascii_digit())
        };
        text.lines()
            .map(|line| {
                words(line)
                    .into_iter()
                    .filter(|w| !is_age(w))
                    .collect::<Vec<_>>()
                    .join(" ")
            })
            .collect()
    };
    let silent = ran.out.replace("● running", "○ silent");
    assert_eq!(steady(&silent), steady(expected), "{}", ran.out);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    assert!(ran.out.lines().all(|line| line.chars().count() <= 100));
}

#[test]
fn the_document_has_every_field() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit");
    let document = tree.run(["list", ".dash", "--json", "--now", NOW]).json();
    let mut run = document["runs"][0].clone();
    assert!(run["modified"].is_f64());
    run["modified"] = json!(0);
    assert_eq!(document["schema"], 1);
    assert_eq!(
        run,
        json!({
            "path": ".dash/alice/vision/vit", "name": "vit", "layout": "C", "state": "silent",
            "started": 1_795_159_560.0, "last_row": 1_795_159_590.5,
            "progress": {"done": 4, "planned": 8, "unit": "epoch", "eta": null},
            "best": {"metric": "eval/loss", "value": 0.75, "step": 2, "step_unit": "epoch"},
            "last": {"metric": "eval/loss", "value": 0.8},
            "rows": 12, "log_lines": 2, "non_finite": 1, "modified": 0, "gone": false, "problems": 0
        })
    );
    let live = tree
        .run(["list", ".dash", "--json", "--now", "1795159595"])
        .json();
    assert_eq!(live["runs"][0]["state"], "running");
    assert_eq!(live["runs"][0]["progress"]["eta"], 40.0);
}

#[test]
fn nan_on_epochs_without_validation_is_no_news() {
    let tree = Tree::new();
    let row = |epoch: u32| {
        let val = if epoch.is_multiple_of(5) { "0.5" } else { "NaN" };
        format!("{{\"epoch\": {epoch}, \"val_loss\": {val}}}\n")
    };
    tree.write(
        "runs/seldom/metrics.jsonl",
        (0..13).map(row).collect::<String>(),
    );
    let diverged = "{\"epoch\": 0, \"val_loss\": 0.5}\n{\"epoch\": 1, \"val_loss\": NaN}\n";
    tree.write("runs/diverged/metrics.jsonl", diverged);
    let table = tree.run(["list", "runs"]).out;
    let line = |name: &str| {
        table
            .lines()
            .find(|line| line.contains(name))
            .map(str::to_owned)
    };
    assert!(
        line("seldom").is_some_and(|line| !line.contains("NaN")),
        "{table}"
    );
    assert!(
        line("diverged").is_some_and(|line| line.contains("NaN ×1")),
        "{table}"
    );
    let runs = tree.run(["list", "runs", "--json"]).json()["runs"].clone();
    let told = |at: usize| {
        (
            runs[at]["last"]["value"].clone(),
            runs[at]["non_finite"].clone(),
        )
    };
    assert_eq!(told(0), (json!("NaN"), json!(1)));
    // All values are counted, whatever they mean.
    assert_eq!(told(1), (json!(0.5), json!(10)));
}

#[test]
fn names_that_clash_are_shown_with_their_path() {
    let tree = Tree::new();
    tree.prefix_run(".dash/a/seed")
        .prefix_run(".dash/b/seed")
        .prefix_run(".dash/b/other");
    let out = tree.run(["--now", NOW]).out;
    for name in [" a/seed ", " b/seed ", " other "] {
        assert!(out.contains(name), "{out}");
    }
}

#[test]
fn narrow_terminals_cut_names_and_no_numbers() {
    let tree = Tree::new();
    tree.prefix_run(".dash/a/a-very-long-name-that-ends-with-seed-1");
    tree.prefix_run(".dash/a/a-very-long-name-that-ends-with-seed-2");
    for columns in ["40", "60", "80"] {
        let output = tree
            .command()
            .args(["list", "--now", NOW])
            .env("COLUMNS", columns)
            .output();
        let ran = Ran::of(output.expect("the binary"));
        assert!(
            ran.out.contains("seed-1 ") && ran.out.contains("seed-2 "),
            "{}",
            ran.out
        );
        let wide = columns == "80";
        assert!(
            ran.out.contains(if wide { "0.75 @ 2" } else { "0.75" }) && ran.out.contains("4/8"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn nothing_found_is_said_in_one_line() {
    let tree = Tree::new();
    for arguments in [&["list"][..], &[], &["list", "--json"]] {
        let ran = tree.run(arguments);
        assert_eq!(ran.code, Some(1));
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        assert!(
            ran.err
                .contains(".dash, .ml-dash, .ml-logger, experiments, runs, outputs"),
            "{}",
            ran.err
        );
    }
    assert_eq!(
        tree.run(["list", "--json"]).any_json(),
        json!({"schema": 1, "runs": []})
    );
    let ran = tree.run(["list", "nowhere"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("nowhere"), "{}", ran.err);
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_listed() {
    let tree = Tree::new();
    tree.prefix_run("runs/a");
    let ran = tree.run(["list", "runs", "nowhere", "--json"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.err.contains("nowhere"), "{}", ran.err);
    assert_eq!(ran.any_json()["runs"][0]["name"], "a");
}

#[test]
fn wrong_usage() {
    let tree = Tree::new();
    for arguments in [
        &["show"][..],
        &["list", "--nonsense"],
        &["read", "x"],
        &["list", "--max-mem", "lots"],
    ] {
        let ran = tree.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}");
        assert!(!ran.err.is_empty());
    }
    let help = tree.run(["-h"]);
    assert_eq!(help.code, Some(0));
    assert!(help.out.lines().count() <= 40);
    assert!(tree.run(["--help"]).out.starts_with("Examples:"));
    assert!(tree.run(["--version"]).out.starts_with("ml-dash-top "));
}

#[test]
fn standard_input_is_a_run() {
    let tree = Tree::new();
    let mut command = tree.command();
    let child = command
        .args(["list", "-", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = child.spawn().expect("the binary");
    let mut input = child.stdin.take().expect("a pipe");
    input
        .write_all(b"{\"step\": 1, \"val_loss\": 0.5}\n{\"step\": 2, \"val_loss\": NaN}\n")
        .expect("writing");
    drop(input);
    let run = Ran::of(child.wait_with_output().expect("the binary")).json()["runs"][0].clone();
    assert_eq!(
        (&run["layout"], &run["rows"], &run["non_finite"]),
        (&json!("J"), &json!(2), &json!(1))
    );
    assert_eq!(
        (&run["path"], &run["best"]["value"]),
        (&json!("-"), &json!(0.5))
    );
}

#[test]
fn many_runs_are_listed_in_order() {
    let tree = Tree::new();
    for at in 0..60 {
        tree.write(
            format!("runs/r{at:02}/metrics.jsonl"),
            format!("{{\"step\": {at}, \"val_loss\": 0.{at:02}1}}\n"),
        );
    }
    let out = tree.run(["list", "runs"]).out;
    let names: Vec<&str> = out
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().nth(2))
        .collect();
    let expected: Vec<String> = (0..60).map(|at| format!("r{at:02}")).collect();
    assert_eq!(names, expected);
}

#[test]
fn columns_stand_below_each_other_however_late_a_wide_row_comes() {
    let tree = Tree::new();
    for at in 0..40 {
        tree.write(
            format!("runs/r{at:02}/metrics.jsonl"),
            "{\"val_loss\": 0.5, \"step\": 7}\n",
        );
    }
    tree.epochs_run("runs/z");
    let about =
        r#"{"id": "x", "name": "z", "status": "cancelled", "hyperparameters": {"epochs": 5}}"#;
    tree.write("runs/z/experiment.json", about);
    let ran = tree.run(["list", "runs"]);
    let place = |line: &str| {
        line.find("epoch")
            .or(line.find("step"))
            .map(|at| line[..at].chars().count())
    };
    let places: Vec<_> = ran.out.lines().skip(1).map(place).collect();
    assert!(ran.out.contains("cancelled"), "{}", ran.out);
    assert!(
        places.windows(2).all(|pair| pair[0] == pair[1]),
        "{}",
        ran.out
    );
}
