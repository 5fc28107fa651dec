//! `list --filter` and `list --sort`: some of the runs, the best first.

mod cli_support;

use cli_support::{NOW, Tree};
use serde_json::Value;

/// Four runs of a sweep, and one that was never measured.
fn sweep() -> Tree {
    let tree = Tree::new();
    for (name, lr, losses, acc) in [
        ("seed-1", "0.1", "0.5", "0.70"),
        ("seed-2", "0.01", "0.25", "0.90"),
        ("seed-3", "\"1e-3\"", "0.75", "0.60"),
        ("seed-10", "0.1", "NaN", "0.95"),
    ] {
        let run = format!("runs/sweep/{name}");
        let about =
            format!("{{\"name\": \"{name}\", \"tags\": [\"sweep\"], \"status\": \"completed\"}}");
        tree.write(format!("{run}/experiment.json"), about);
        let params = format!("{{\"data\": {{\"optimizer\": {{\"lr\": {lr}}}, \"epochs\": 9}}}}");
        tree.write(format!("{run}/parameters.json"), params);
        let row = format!(
            "{{\"index\": 0, \"data\": {{\"loss\": {losses}, \"accuracy\": {acc}, \"_ts\": 1795159560}}}}\n"
        );
        tree.write(format!("{run}/metrics/eval/data.jsonl"), row);
    }
    tree.write(
        "runs/sweep/announced/experiment.json",
        "{\"name\": \"announced\", \"tags\": [\"later\"]}",
    );
    tree
}

fn names(tree: &Tree, options: &[&str]) -> Vec<String> {
    let arguments = ["list", "runs", "--json", "--now", NOW];
    let ran = tree.run(arguments.iter().chain(options));
    assert_eq!(ran.code, Some(0), "{options:?}: {}", ran.err);
    let runs = ran.json()["runs"].as_array().cloned().unwrap_or_default();
    let name = |run: &Value| run["name"].as_str().unwrap_or_default().to_owned();
    runs.iter().map(name).collect()
}

#[test]
fn only_runs_that_match_are_listed() {
    let tree = sweep();
    for (filter, expected) in [
        ("tag:later", vec!["announced"]),
        ("lr>=0.01 -seed-10", vec!["seed-1", "seed-2"]),
        ("lr<0.05", vec!["seed-2", "seed-3"]),
        ("val.loss<0.6", vec!["seed-1", "seed-2"]),
        (
            "eval/loss=nan or best.val.accuracy=90%",
            vec!["seed-10", "seed-2"],
        ),
        (
            "state=finished (seed-3 or seed-1)",
            vec!["seed-1", "seed-10", "seed-3"],
        ),
        ("lr!=*", vec!["announced"]),
        ("-tag:sweep", vec!["announced"]),
    ] {
        let mut found = names(&tree, &["--filter", filter]);
        found.sort();
        assert_eq!(found, expected, "{filter}");
    }
}

#[test]
fn the_best_comes_first_and_what_has_no_value_last() {
    let tree = sweep();
    for (sort, expected) in [
        ("val.loss", "seed-2 seed-1 seed-3 seed-10 announced"),
        ("val.loss down", "seed-3 seed-1 seed-2 seed-10 announced"),
        ("val.accuracy", "seed-10 seed-2 seed-1 seed-3 announced"),
        ("optimizer.lr up", "seed-3 seed-2 seed-1 seed-10 announced"),
        ("name down", "seed-3 seed-2 seed-10 seed-1 announced"),
    ] {
        assert_eq!(
            names(&tree, &["--sort", sort]).join(" "),
            expected,
            "{sort}"
        );
    }
    let best = names(&tree, &["--sort", "val.loss", "--filter", "lr=0.1"]);
    assert_eq!(best, ["seed-1", "seed-10"]);
}

#[test]
fn the_table_shows_the_same() {
    let tree = sweep();
    let ran = tree.run([
        "list",
        "runs",
        "--filter",
        "tag:sweep",
        "--sort",
        "val.loss",
        "--now",
        NOW,
    ]);
    let names: Vec<&str> = ran
        .out
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().nth(2))
        .collect();
    assert_eq!(
        names,
        ["seed-2", "seed-1", "seed-3", "seed-10"],
        "{}",
        ran.out
    );
}

#[test]
fn what_is_wrong_is_pointed_at() {
    let tree = sweep();
    let ran = tree.run(["list", "runs", "--filter", "seed lr>fast"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert_eq!(
        ran.err,
        "ml-dash-top: --filter: expected a number after >, such as 1e-3\n  seed lr>fast\n          ^^^^\n"
    );
    let ran = tree.run(["list", "runs", "--filter", "損失 state=walking"]);
    assert!(
        ran.err
            .ends_with("\n  損失 state=walking\n             ^^^^^^^\n"),
        "{}",
        ran.err
    );
    let ran = tree.run(["list", "runs", "--sort", "best.width"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("max.width"), "{}", ran.err);
    let ran = tree.run(["list", "runs", "--filter", "\x1b]0;x\x07("]);
    assert!(
        ran.code == Some(2) && !ran.err.contains(['\x1b', '\x07']),
        "{}",
        ran.err
    );
}

#[test]
fn nothing_that_matches_is_told() {
    let tree = sweep();
    let ran = tree.run(["list", "runs", "--filter", "nowhere"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    assert_eq!(
        ran.err,
        "ml-dash-top: none of the 5 runs matches \"nowhere\"\n"
    );
    let ran = tree.run(["list", "runs", "--filter", "nowhere", "--json"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.any_json()["runs"], Value::Array(Vec::new()));
}

#[test]
fn only_runs_that_match_are_followed() {
    let tree = sweep();
    let ran = tree.run([
        "list",
        "runs",
        "--follow",
        "--for",
        "1",
        "--filter",
        "val.loss<0.3",
        "--now",
        NOW,
    ]);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert!(ran.out.contains("seed-2"), "{}", ran.out);
    let ran = tree.run(["list", "runs", "--follow", "--sort", "loss"]);
    assert_eq!(ran.code, Some(2));
}
