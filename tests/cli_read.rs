//! `read`: points by their index, with every digit that the file has.

mod cli_support;

use cli_support::Tree;
use serde_json::{Value, json};

#[test]
fn points_keep_their_digits() {
    let tree = Tree::new();
    tree.write(
        "runs/a/metrics.jsonl",
        concat!(
            "{\"step\": 5, \"loss\": 0.10, \"note\": \"é\", \"vec\": [1, 2.50], \"in\": {\"a\": 1E-3}}\n",
            "{\"loss\": NaN, \"big\": 123456789012345678901234567890, \"huge\": 1e400}\n",
            "{\"step\": 7.5, \"loss\": -Infinity, \"ok\": true, \"none\": null}\n",
        ),
    );
    let ran = tree.run(["read", "runs/a", "metrics.jsonl", "--json"]);
    let expected = concat!(
        r#"{"schema":1,"stream":"metrics.jsonl","total":3,"points":["#,
        r#"{"index":0,"step":5,"time":null,"data":{"step":5,"loss":0.10,"note":"é","vec":[1,2.50],"in.a":1E-3}},"#,
        r#"{"index":1,"step":1,"time":null,"data":{"loss":"NaN","big":123456789012345678901234567890,"huge":"Infinity"}},"#,
        r#"{"index":2,"step":7.5,"time":null,"data":{"step":7.5,"loss":"-Infinity","ok":true,"none":null}}]}"#,
        "\n"
    );
    assert_eq!(ran.out, expected);
    let out = tree.run(["read", "runs/a", "metrics"]).out;
    let lines: Vec<Vec<&str>> = out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines[0],
        [
            "index", "step", "time", "step", "loss", "note", "vec", "in.a", "big", "huge", "ok",
            "none"
        ]
    );
    assert_eq!(
        lines[1],
        ["0", "5", "5", "0.10", "é", "[1,", "2.50]", "1E-3"]
    );
    assert_eq!(
        lines[2],
        ["1", "1", "NaN", "123456789012345678901234567890", "1e400"]
    );
}

#[test]
fn ranges_across_pieces() {
    let tree = Tree::new();
    let rows: Vec<String> = (0..10_000)
        .map(|at| format!("{{\"step\": {at}, \"loss\": {at}.5}}\n"))
        .collect();
    tree.write("runs/a/metrics.jsonl", rows.concat());
    let indices = |extra: &[&str]| -> (u64, Vec<u64>) {
        let all = ["read", "runs/a", "metrics.jsonl", "--json"];
        let document = tree.run(all.iter().chain(extra)).json();
        let points = document["points"].as_array().cloned().unwrap_or_default();
        for point in &points {
            let (index, loss) = (point["index"].as_u64(), point["data"]["loss"].as_f64());
            assert_eq!(index.map(|i| i as f64 + 0.5), loss);
        }
        (
            document["total"].as_u64().unwrap_or(0),
            points.iter().filter_map(|p| p["index"].as_u64()).collect(),
        )
    };
    assert_eq!(indices(&[]), (10_000, (0..10_000).collect()));
    assert_eq!(indices(&["--start", "9998"]), (10_000, vec![9998, 9999]));
    assert_eq!(
        indices(&["--start", "4000", "--limit", "200"]),
        (10_000, (4000..4200).collect())
    );
    assert_eq!(indices(&["--start", "10000"]), (10_000, vec![]));
    assert_eq!(
        indices(&["--start", "99999", "--limit", "5"]),
        (10_000, vec![])
    );
    assert_eq!(indices(&["--limit", "0"]), (10_000, vec![]));
}

#[test]
fn times_and_steps_of_the_current_tracker() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit");
    let document = tree
        .run(["read", "vit", "eval", "--start", "3", "--json"])
        .json();
    assert_eq!(document["stream"], "eval");
    let point = json!({"index": 3, "step": 3, "time": 1_795_159_590.5, "data": {"loss": 0.8, "accuracy": 0.956}});
    assert_eq!(document["points"], json!([point]));
    for root in ["", "None", "root"] {
        let document = tree.run(["read", "vit", root, "--json"]).json();
        assert_eq!(
            (&document["stream"], &document["total"]),
            (&json!(""), &json!(4))
        );
    }
    let out = tree.run(["read", "vit", "eval", "--limit", "1"]).out;
    let expected = "\
index  step  time                     loss  accuracy
    0     0  2026-11-20 07:26:00.500   2.0       0.5
";
    assert_eq!(out, expected);
}

#[test]
fn epochs_of_a_document_are_rows() {
    let tree = Tree::new();
    tree.epochs_run("work/exp-1");
    let document = tree
        .run([
            "read",
            "exp-1",
            "metrics.json",
            "work",
            "--start",
            "1",
            "--limit",
            "1",
            "--json",
        ])
        .json();
    assert_eq!(
        (&document["total"], &document["points"][0]["step"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(document["points"][0]["data"]["val_loss"], 1.2);
    assert_eq!(document["points"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_file_given_by_name_can_be_read() {
    let tree = Tree::new();
    tree.write(
        "logs/my rows.jsonl",
        "{\"a\": {\"b\": 1}}\n{\"a\": {\"b\": 2}}\n",
    );
    let document = tree
        .run(["read", "logs/my rows.jsonl", "my rows.jsonl", "--json"])
        .json();
    assert_eq!(document["total"], 2);
    assert_eq!(document["points"][1]["data"], json!({"a.b": 2}));
}

#[test]
fn streams_are_found_by_a_part_of_their_name() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit");
    let stream = |name: &str| tree.run(["read", "vit", name, "--json"]);
    assert_eq!(stream("ev").json()["stream"], "eval");
    let ran = stream("a");
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("  eval\n  train"), "{}", ran.err);
    let ran = stream("test");
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.err.contains("no stream is called \"test\"") && ran.err.contains("\"\" (root)"),
        "{}",
        ran.err
    );
    let document: Value = stream("train").json();
    assert_eq!(document["points"][3]["data"]["loss"], "NaN");
}

#[test]
fn of_a_key_that_stands_there_twice_the_last_value_is_told() {
    let tree = Tree::new();
    tree.write("a.jsonl", "{\"loss\": 1, \"step\": 4, \"loss\": 2}\n");
    let ran = tree.run(["read", "a.jsonl", "a.jsonl", "--json"]);
    assert!(
        ran.out.contains(r#""data":{"step":4,"loss":2}"#),
        "{}",
        ran.out
    );
}
