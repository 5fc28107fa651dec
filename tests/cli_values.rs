//! What was written is what is shown: values, repeated steps, mixed types, odd clocks.

mod cli_support;

use std::fmt::Write as _;
use std::fs::File;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cli_support::Tree;
use proptest::prelude::*;
use serde_json::Value;

/// The numbers that stand behind a key in machine output, as they are spelled there.
fn numbers(text: &str, key: &str) -> Vec<f64> {
    let start = format!("\"{key}\":");
    let ends = |c: char| matches!(c, ',' | '}' | ']');
    let spelled = text.match_indices(&start).map(|(at, _)| {
        let rest = &text[at + start.len()..];
        &rest[..rest.find(ends).unwrap_or(rest.len())]
    });
    spelled.filter_map(|number| number.parse().ok()).collect()
}

/// Each of them as some tracker would spell it.
fn spelled(value: f64, way: usize) -> String {
    match way % 3 {
        0 => format!("{value:?}"),
        1 => format!("{value:e}"),
        _ => serde_json::to_string(&value).expect("finite"),
    }
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// F10: every finite number comes back bit by bit, from `read`, `show` and `list`.
    #[test]
    fn numbers_come_back_bit_by_bit(raw in prop::collection::vec(any::<u64>(), 1..400)) {
        let written: Vec<f64> = raw.iter().map(|raw| f64::from_bits(*raw)).collect();
        let written: Vec<f64> = written.into_iter().filter(|v| v.is_finite()).collect();
        prop_assume!(!written.is_empty());
        let mut text = String::new();
        for (way, value) in written.iter().enumerate() {
            let _ = writeln!(text, "{{\"step\": {way}, \"val_loss\": {}}}", spelled(*value, way));
        }
        let tree = Tree::new();
        tree.write("runs/a/metrics.jsonl", text);
        let read = tree.run(["read", "runs/a", "metrics.jsonl", "--json"]).out;
        prop_assert_eq!(bits(&numbers(&read, "val_loss")), bits(&written));
        // Of equal extremes the first counts; -0 and 0 are equal.
        let least = written.iter().copied().reduce(|a, b| if b < a { b } else { a });
        let most = written.iter().copied().reduce(|a, b| if b > a { b } else { a });
        let show = tree.run(["show", "runs/a", "--json"]).out;
        let column = &show[show.find("\"key\":\"val_loss\"").expect("the column")..];
        let ends = [written.first().copied(), written.last().copied(), least, most];
        for (field, value) in ["first", "last", "min", "max"].into_iter().zip(ends) {
            let shown = numbers(column, field).first().copied();
            prop_assert_eq!(shown.map(f64::to_bits), value.map(f64::to_bits), "{}", field);
        }
        let list = tree.run(["list", "runs", "--json"]).out;
        let best = &list[list.find("\"best\":{").expect("the best value")..];
        let shown = numbers(best, "value").first().copied();
        prop_assert_eq!(shown.map(f64::to_bits), least.map(f64::to_bits));
    }
}

fn column<'a>(show: &'a Value, key: &str) -> &'a Value {
    let columns = show["run"]["streams"][0]["columns"].as_array();
    let found = columns
        .into_iter()
        .flatten()
        .find(|column| column["key"] == key);
    found.unwrap_or_else(|| panic!("no column {key} in {show}"))
}

/// F23: two writers, or an accumulated gradient, repeat steps; no row is taken for another.
#[test]
fn repeated_steps_are_all_kept() {
    let tree = Tree::new();
    let rows = [(1, 0.5), (1, 0.25), (1, 0.75), (2, 0.125), (2, 0.375)];
    let text: Vec<String> = rows
        .iter()
        .map(|(step, loss)| format!("{{\"step\": {step}, \"val_loss\": {loss}}}\n"))
        .collect();
    tree.write("runs/a/metrics.jsonl", text.concat());
    let read = tree.run(["read", "runs/a", "metrics.jsonl", "--json"]).out;
    assert_eq!(numbers(&read, "val_loss"), [0.5, 0.25, 0.75, 0.125, 0.375]);
    let show = tree.run(["show", "runs/a", "--json"]).json();
    assert_eq!(show["run"]["rows"], 5);
    let loss = column(&show, "val_loss");
    assert_eq!((&loss["count"], &loss["finite"]), (&5.into(), &5.into()));
    assert_eq!(
        (&loss["best"], &loss["last"]),
        (&0.125.into(), &0.375.into())
    );
}

/// F20: a key that is now a number and now a text stays one series of its numbers.
#[test]
fn late_keys_and_changing_types() {
    let tree = Tree::new();
    tree.write(
        "runs/a/metrics.jsonl",
        concat!(
            "{\"step\": 0, \"val_loss\": 1}\n",
            "{\"step\": 1, \"val_loss\": \"n/a\", \"late\": 1}\n",
            "{\"step\": 2, \"val_loss\": [1, 2], \"late\": true}\n",
            "{\"step\": 3, \"val_loss\": 0.5, \"late\": {\"er\": 2}}\n",
        ),
    );
    let show = tree.run(["show", "runs/a", "--json"]).json();
    assert_eq!(show["run"]["rows"], 4);
    let loss = column(&show, "val_loss");
    assert_eq!(loss["count"], 2);
    assert_eq!((&loss["first"], &loss["last"]), (&1.0.into(), &0.5.into()));
    assert_eq!(column(&show, "late")["count"], 1);
    assert_eq!(column(&show, "late.er")["count"], 1);
    let read = tree
        .run(["read", "runs/a", "metrics.jsonl", "--json"])
        .json();
    assert_eq!(read["points"][1]["data"]["val_loss"], "n/a");
}

/// F24: a file from the future is read like any other, and its rows say when they were written.
#[test]
fn a_file_from_the_future() {
    let tree = Tree::new();
    let now = SystemTime::now();
    let seconds = now
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    for (name, age) in [("old", 90_000), ("new", 5)] {
        let time = seconds - age;
        let row = format!("{{\"step\": 1, \"timestamp\": {time}, \"val_loss\": 0.5}}\n");
        let path = format!("runs/{name}/metrics.jsonl");
        tree.write(&path, row);
        let file = File::options().append(true).open(tree.path().join(path));
        let later = now + Duration::from_secs(3_600);
        file.expect("the file").set_modified(later).expect("a time");
    }
    let list = tree.run(["list", "runs", "--json"]).json();
    let states: Vec<_> = list["runs"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|run| {
            (
                run["name"].as_str(),
                run["state"].as_str(),
                run["rows"].as_u64(),
            )
        })
        .collect();
    let expected = [
        (Some("new"), Some("running"), Some(1)),
        (Some("old"), Some("silent"), Some(1)),
    ];
    assert_eq!(states, expected);
}

/// A run that goes back long after its rows have left the cache: they are read again, and the
/// statistics are those of the rows that count.
#[test]
fn a_restart_far_behind_what_is_remembered() {
    const ROWS: u32 = 200_000;
    const AGAIN: u32 = 70_000;
    let tree = Tree::new();
    let mut text = String::new();
    // The least value lies right before the cut, a lesser one right behind it.
    let loss = |step: u32| match step {
        step if step == AGAIN - 1 => -1.0,
        AGAIN => -2.0,
        step => 1.0 + f64::from(step % 977) / 1e3,
    };
    for step in 0..ROWS {
        let _ = writeln!(text, "{{\"step\": {step}, \"val_loss\": {}}}", loss(step));
    }
    for step in AGAIN..ROWS + 10 {
        let _ = writeln!(text, "{{\"step\": {step}, \"val_loss\": 3.5}}");
    }
    tree.write("runs/a/metrics.jsonl", text);
    let show: Value =
        serde_json::from_str(&tree.run(["show", "runs/a", "--json"]).out).expect("JSON");
    let column = column(&show, "val_loss");
    assert_eq!(column["count"], ROWS + (ROWS + 10 - AGAIN));
    assert_eq!(column["live"], ROWS + 10);
    assert_eq!(
        (&column["best"], &column["best_step"]),
        (&(-1.0).into(), &(AGAIN - 1).into())
    );
    assert_eq!(
        (&column["max"], &column["last"]),
        (&3.5.into(), &3.5.into())
    );
}
