//! `show`: which run is meant, and what is said about it.

mod cli_support;

use cli_support::{NOW, Ran, Tree};
use serde_json::{Value, json};

#[test]
fn a_page_for_people() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit");
    let ran = tree.run(["show", "vit", "--now", NOW]);
    let expected = "\
vit   ○ silent
A run
  project   alice / vision
  tags      a
  path      .dash/alice/vision/vit
  tracker   ml-dash
  started   2026-11-20 07:26:00
  last row  1h ago, 2026-11-20 07:26:30

Summary
  Train Loss     NaN
  Val Loss       0.8
  Val Accuracy   95.6 %
  Best Val Loss  0.75
  Best Epoch     2
  Training Time  30 s
  Epochs         4 / 8

Health
  Train Loss NaN ×1 from epoch 3

Facts
  prefix  alice/vision/run

Parameters  5
  betas       [0.9, 0.999]
  lr          1e-05
  max_epochs  8
  seed        12345678901234567890123
  x           NaN

Logs  2 lines
  info 1 · error 1

Streams  3 · 12 rows
              values   last  min    max   best
  (root)  4 rows
    epoch          4      3    0      3               epoch
  eval  4 rows
    loss           4    0.8  0.75     2   0.75 @ 2
    accuracy       4  0.956   0.5  0.956  0.956 @ 3
  train  4 rows
    loss           4    NaN   0.5   1.5    0.5 @ 2  NaN ×1
";
    let words = |text: &str| -> Vec<Vec<String>> {
        text.lines()
            .map(|line| line.split_whitespace().map(str::to_owned).collect())
            .collect()
    };
    let shown = ran.out.replace("2h ago", "1h ago");
    assert_eq!(words(&shown), words(expected), "{}", ran.out);
}

#[test]
fn the_document_has_every_field() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit");
    tree.write(".dash/alice/vision/vit/files/checkpoints/best.pt", "12345");
    let ran = tree.run(["show", ".dash/alice/vision/vit", "--json", "--now", NOW]);
    assert!(
        ran.out.contains(r#""lr":1e-05"#) && ran.out.contains(r#""seed":12345678901234567890123,"#),
        "{}",
        ran.out
    );
    let document = ran.json();
    let run = &document["run"];
    assert_eq!(run["params"]["x"], "NaN");
    assert_eq!(run["params"]["betas"], json!([0.9, 0.999]));
    assert_eq!(run["facts"]["tags"], json!(["a"]));
    assert_eq!(
        run["logs"]["levels"],
        json!({"debug": 0, "info": 1, "warn": 0, "error": 1, "fatal": 0})
    );
    assert_eq!(run["logs"]["lines"], 2);
    assert_eq!(
        (&run["files"][0]["path"], &run["files"][0]["size"]),
        (&json!("checkpoints/best.pt"), &json!(5))
    );
    assert_eq!(run["problems"], json!([]));
    assert_eq!(
        run["summary"][2],
        json!({"label": "Val Accuracy", "metric": "eval/accuracy", "value": 0.956, "text": "95.6 %"})
    );
    let streams = run["streams"].as_array().expect("streams");
    let names: Vec<&Value> = streams.iter().map(|stream| &stream["name"]).collect();
    assert_eq!(names, ["", "eval", "train"]);
    assert_eq!(
        streams[2]["columns"][0],
        json!({
            "key": "loss", "metric": "train/loss", "label": "Train Loss", "role": "measure", "split": "train",
            "direction": "down", "count": 4, "finite": 3, "nan": 1, "pos_inf": 0, "neg_inf": 0, "others": 0,
            "live": 4, "first": 1.5, "last": "NaN", "min": 0.5, "max": 1.5, "mean": 1.0, "best": 0.5,
            "best_step": 2, "best_step_unit": "epoch", "restarts": 0
        })
    );
    assert_eq!(streams[0]["columns"][0]["best"], Value::Null);
}

#[test]
fn a_failed_run_of_the_epoch_writer() {
    let tree = Tree::new();
    tree.epochs_run("work/projects/p/experiments/exp-1");
    let out = tree.run(["show", "exp-1", "work", "--now", NOW]).out;
    for line in [
        "Baseline 7   ✗ failed",
        "  Val Accuracy   50.0 %",
        "  Best Epoch     2 / 5",
        "  Training Time  40m 12s",
        "  Epochs         3 / 5",
        "Error  RuntimeError: out of memory",
    ] {
        assert!(out.contains(line), "{line} in {out}");
    }
}

#[test]
fn a_run_is_found_by_path_place_name_and_part() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit")
        .prefix_run(".dash/alice/vision/vit-large");
    tree.prefix_run(".dash/alice/nlp/bert")
        .epochs_run("runs/exp-1");
    let shown = |arguments: &[&str]| {
        let all = ["show"]
            .iter()
            .chain(arguments)
            .chain(&["--json", "--now", NOW]);
        tree.run(all).json()["run"]["path"]
            .as_str()
            .map(str::to_owned)
            .expect("a path")
    };
    let vit = ".dash/alice/vision/vit";
    assert_eq!(shown(&[vit]), vit);
    assert_eq!(shown(&["alice/vision/vit"]), vit);
    assert_eq!(shown(&["vision/vit"]), vit);
    assert_eq!(shown(&["vit"]), vit);
    assert_eq!(shown(&["large"]), ".dash/alice/vision/vit-large");
    assert_eq!(shown(&["bert", ".dash"]), ".dash/alice/nlp/bert");
    assert_eq!(
        shown(&["bert", "--in", ".dash/alice", "--in", "runs"]),
        ".dash/alice/nlp/bert"
    );
    assert_eq!(shown(&["baseline 7"]), "runs/exp-1");
    let absolute = tree.path().join(vit);
    assert_eq!(
        shown(&[&absolute.to_string_lossy()]),
        absolute.to_string_lossy()
    );
}

#[test]
fn a_run_that_holds_runs_is_itself() {
    let tree = Tree::new();
    tree.prefix_run("runs/outer").prefix_run("runs/outer/inner");
    let shown = tree
        .run(["show", "runs/outer", "--json", "--now", NOW])
        .json();
    assert_eq!(shown["run"]["path"], "runs/outer");
    let shown = tree
        .run(["show", "inner", "runs", "--json", "--now", NOW])
        .json();
    assert_eq!(shown["run"]["path"], "runs/outer/inner");
}

#[test]
fn thousands_of_keys_are_no_trouble() {
    let tree = Tree::new();
    let keys: Vec<String> = (0..1500)
        .map(|at| format!("\"layer.{at}/loss\": 0.5"))
        .collect();
    let row = format!("{{\"at\": 1, {}}}\n", keys.join(", "));
    tree.write("runs/a/metrics.jsonl", row.repeat(3));
    let begun = std::time::Instant::now();
    let run = tree.run(["show", "runs/a", "--json"]).json()["run"].clone();
    assert_eq!(
        run["streams"][0]["columns"].as_array().map(Vec::len),
        Some(1501)
    );
    assert!(begun.elapsed() < std::time::Duration::from_secs(10));
}

#[test]
fn what_cannot_be_read_elsewhere_does_not_matter() {
    let tree = Tree::new();
    tree.prefix_run("runs/a");
    let ran = tree.run(["show", "a", "runs", "nowhere", "--json"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn an_ambiguous_name_lists_the_candidates() {
    let tree = Tree::new();
    tree.prefix_run(".dash/a/seed-1")
        .prefix_run(".dash/a/seed-2");
    for wanted in ["seed", ".dash"] {
        let ran = tree.run(["show", wanted]);
        assert_eq!(ran.code, Some(2));
        assert_eq!(ran.err.lines().count(), 3, "{}", ran.err);
        assert!(
            ran.err.contains("  .dash/a/seed-1\n  .dash/a/seed-2"),
            "{}",
            ran.err
        );
    }
    let ran = tree.run(["show", "nothing-like-it"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err
            .contains("no run \"nothing-like-it\" among the 2 runs"),
        "{}",
        ran.err
    );
}

#[test]
fn problems_are_told_with_file_offset_and_reason() {
    let tree = Tree::new();
    tree.write(
        "runs/a/metrics.jsonl",
        "{\"step\": 1, \"loss\": 1}\nnot json\n{\"step\": 2, \"loss\": 2}\n",
    );
    let run = tree.run(["show", "runs/a", "--json"]).json()["run"].clone();
    assert_eq!(
        (&run["rows"], &run["problem_count"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        (&run["problems"][0]["file"], &run["problems"][0]["offset"]),
        (&json!("metrics.jsonl"), &json!(23))
    );
    let out = tree.run(["show", "runs/a"]).out;
    assert!(
        out.contains("Data  1 problem\n  metrics.jsonl at byte 23: "),
        "{out}"
    );
}

#[test]
fn changed_parameters_say_what_they_were() {
    let tree = Tree::new();
    tree.write(
        "r/a/.ml-logger.meta.json",
        r#"{"namespace": "n", "workspace": "w", "prefix": "a", "status": "completed"}"#,
    );
    tree.write(
        "r/a/parameters.jsonl",
        concat!(
            r#"{"timestamp": 1795159366.5, "operation": "set", "data": {"lr": 0.001, "model": {"depth": 50}}}"#,
            "\n",
            r#"{"timestamp": 1795159367.5, "operation": "update", "key": "lr", "value": 1e-4}"#,
            "\n"
        ),
    );
    let out = tree.run(["show", "r/a"]).out;
    assert!(
        out.contains("  lr           1e-4  was 0.001 until 2026-11-20 07:22:47"),
        "{out}"
    );
    let run = tree.run(["show", "r/a", "--json"]).json()["run"].clone();
    assert_eq!(run["params"], json!({"lr": 1e-4, "model.depth": 50}));
    let last = run["param_changes"]
        .as_array()
        .and_then(|changes| changes.last())
        .cloned();
    assert_eq!(
        last,
        Some(json!({"time": 1_795_159_367.5, "key": "lr", "old": 0.001, "new": 1e-4}))
    );
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::io::Read as _;
    use std::process::Stdio;
    let tree = Tree::new();
    let rows: Vec<String> = (0..50_000)
        .map(|at| format!("{{\"step\": {at}, \"loss\": 0.5}}\n"))
        .collect();
    tree.write("runs/a/metrics.jsonl", rows.concat());
    for extra in [&["--json"][..], &[]] {
        let mut command = tree.command();
        command
            .args(["read", "runs/a", "metrics"])
            .args(extra)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary");
        let mut few = [0; 100];
        let mut out = child.stdout.take().expect("a pipe");
        out.read_exact(&mut few).expect("some output");
        drop(out);
        let ran = Ran::of(child.wait_with_output().expect("the binary"));
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    }
}

#[test]
fn the_time_of_every_change_of_a_parameter_is_kept() {
    let tree = Tree::new();
    tree.write(
        "a/metrics.jsonl",
        "{\"timestamp\": 5.0, \"metrics\": {\"loss\": 1}}\n",
    );
    tree.write(
        "a/parameters.jsonl",
        concat!(
            r#"{"timestamp": 1.5, "operation": "set", "data": {"lr": 0.1}}"#,
            "\n",
            r#"{"timestamp": 1795159366.5, "operation": "update", "key": "lr", "value": 0.2}"#,
            "\n",
        ),
    );
    let changes = tree.run(["show", "a", "--json"]).json()["run"]["param_changes"].clone();
    assert_eq!(
        (&changes[0]["time"], &changes[1]["time"]),
        (&1.5.into(), &1_795_159_366.5.into())
    );
}
