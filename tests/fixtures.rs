//! Every fixture tree, read by the program and by a second reader (`tests/support/oracle.py`), with
//! the same result.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/numbers.rs"]
mod numbers;
#[path = "support/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use numbers::{bits, number};
use program::document;
use serde_json::{Map, Value};

/// The cases by name, each with what is expected of it.
fn cases() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/expected");
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        (
            name,
            serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap(),
        )
    };
    entries.map(read).collect()
}

fn entries(value: &Value) -> &Map<String, Value> {
    value
        .as_object()
        .unwrap_or_else(|| panic!("no map: {value}"))
}

fn list(value: &Value) -> &[Value] {
    value
        .as_array()
        .unwrap_or_else(|| panic!("no list: {value}"))
}

/// Collects what differs, so that one run of the test tells all of it.
struct Differences {
    found: Vec<String>,
    place: String,
}

impl Differences {
    fn same(&mut self, what: &str, expected: &Value, found: &Value) {
        let alike = match (number(expected), number(found)) {
            (Some(a), Some(b)) => bits(a) == bits(b),
            _ => expected == found,
        };
        if !alike {
            self.add(&format!("{what}: expected {expected}, found {found}"));
        }
    }

    fn add(&mut self, text: &str) {
        self.found.push(format!("{}: {text}", self.place));
    }

    /// Both have the same keys; `also` says which keys more may be found.
    fn same_keys(&mut self, what: &str, expected: &[&str], found: &[&str], also: &[&str]) {
        for key in expected.iter().filter(|key| !found.contains(key)) {
            self.add(&format!("{what} {key:?} is missing"));
        }
        for key in found
            .iter()
            .filter(|key| !expected.contains(key) && !also.contains(key))
        {
            self.add(&format!("{what} {key:?} is not expected"));
        }
    }
}

fn names<'a>(values: &'a [Value], key: &str) -> Vec<&'a str> {
    values
        .iter()
        .map(|value| value[key].as_str().unwrap())
        .collect()
}

fn by_name<'a>(values: &'a [Value], key: &str, name: &str) -> &'a Value {
    values
        .iter()
        .find(|value| value[key] == name)
        .unwrap_or(&Value::Null)
}

fn compare_summary(expected: &Value, run: &Value, differences: &mut Differences) {
    for key in ["layout", "name"]
        .into_iter()
        .filter(|key| !expected[key].is_null())
    {
        differences.same(key, &expected[key], &run[key]);
    }
    differences.same("rows", &expected["rows"], &run["rows"]);
}

fn compare_columns(name: &str, expected: &Value, stream: &Value, differences: &mut Differences) {
    let columns = list(&stream["columns"]);
    let wanted: Vec<&str> = entries(&expected["columns"])
        .keys()
        .map(String::as_str)
        .collect();
    // A key under which no number ever stood may be listed with a count of 0.
    let empty: Vec<&str> = columns
        .iter()
        .filter(|column| column["count"] == 0)
        .map(|column| column["key"].as_str().unwrap())
        .collect();
    let what = format!("stream {name:?}, column");
    differences.same_keys(&what, &wanted, &names(columns, "key"), &empty);
    for (key, expected) in entries(&expected["columns"]) {
        let column = by_name(columns, "key", key);
        // Statistics leave out what a restart superseded; the counts never do.
        let restarted = expected["restarts"] == true;
        let statistics: &[&str] = if restarted {
            &[]
        } else {
            &["first", "last", "min", "max"]
        };
        for field in ["count", "finite"].iter().chain(statistics) {
            let what = format!("stream {name:?}, {key:?}, {field}");
            differences.same(&what, &expected[field], &column[field]);
        }
    }
}

/// A hash over every number of a stream, made as `oracle.py` makes it: in a track, the elements of
/// lists are numbers too.
fn hash(points: &[Value], track: bool) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for point in points {
        let mut numbers = BTreeMap::new();
        for (key, value) in entries(&point["data"]) {
            let elements = value
                .as_array()
                .filter(|_| track)
                .into_iter()
                .flatten()
                .enumerate();
            numbers.extend(elements.map(|(place, value)| (format!("{key}[{place}]"), value)));
            numbers.insert(key.clone(), value);
        }
        let mut text = point["index"].to_string();
        for (key, value) in numbers {
            if let Some(value) = number_of_data(value) {
                let _ = write!(text, "\x1f{key}={:016x}", bits(value));
            }
        }
        text.push('\n');
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// A number in a row: null and the words for non-finite numbers count as such.
fn number_of_data(value: &Value) -> Option<f64> {
    match value {
        Value::Null => Some(f64::NAN),
        Value::String(text) if text == "nan" => Some(f64::NAN),
        Value::String(text) if text == "inf" => Some(f64::INFINITY),
        Value::String(text) if text == "-inf" => Some(f64::NEG_INFINITY),
        _ => number(value),
    }
}

fn compare_streams(path: &str, expected: &Value, run: &Value, differences: &mut Differences) {
    let streams = list(&run["streams"]);
    let wanted: Vec<&str> = entries(&expected["streams"])
        .keys()
        .map(String::as_str)
        .collect();
    // A stream whose file holds nothing may be listed or not.
    let empty: Vec<&str> = streams
        .iter()
        .filter(|stream| stream["rows"] == 0)
        .map(|stream| stream["name"].as_str().unwrap())
        .collect();
    differences.same_keys("stream", &wanted, &names(streams, "name"), &empty);
    for (name, expected) in entries(&expected["streams"]) {
        let stream = by_name(streams, "name", name);
        if stream.is_null() {
            continue;
        }
        differences.same(
            &format!("stream {name:?}, rows"),
            &expected["rows"],
            &stream["rows"],
        );
        compare_columns(name, expected, stream, differences);
        let read = document(&["read", "--json", "--limit", "1000000", path, name]);
        differences.same(
            &format!("read {name:?}, total"),
            &expected["rows"],
            &read["total"],
        );
        let hash = Value::String(hash(list(&read["points"]), name.starts_with("tracks/")));
        differences.same(
            &format!("read {name:?}, every value"),
            &expected["hash"],
            &hash,
        );
    }
}

fn compare_params(expected: &Value, run: &Value, differences: &mut Differences) {
    let wanted: Vec<&str> = entries(&expected["params"])
        .keys()
        .map(String::as_str)
        .collect();
    let found: Vec<&str> = entries(&run["params"]).keys().map(String::as_str).collect();
    // The document of layout E says more about a run than its model and its hyperparameters.
    let also = if expected["layout"] == "E" {
        found.clone()
    } else {
        Vec::new()
    };
    differences.same_keys("parameter", &wanted, &found, &also);
    for (key, value) in entries(&expected["params"])
        .iter()
        .filter(|(k, _)| found.contains(&k.as_str()))
    {
        differences.same(&format!("parameter {key:?}"), value, &run["params"][key]);
    }
}

fn compare_run(path: &str, expected: &Value, differences: &mut Differences) {
    let shown = document(&["show", "--json", path]);
    let run = &shown["run"];
    differences.same("path", &path.into(), &run["path"]);
    compare_summary(expected, run, differences);
    compare_streams(path, expected, run, differences);
    compare_params(expected, run, differences);
    differences.same(
        "log lines",
        &expected["logs"]["lines"],
        &run["logs"]["lines"],
    );
    for (level, count) in entries(&expected["logs"]["levels"]) {
        differences.same(
            &format!("log level {level}"),
            count,
            &run["logs"]["levels"][level],
        );
    }
    if run["layout"] != "A" {
        let files = list(&run["files"]);
        let wanted: Vec<&str> = entries(&expected["files"])
            .keys()
            .map(String::as_str)
            .collect();
        differences.same_keys("file", &wanted, &names(files, "path"), &[]);
        for (name, size) in entries(&expected["files"]) {
            let found = &by_name(files, "path", name)["size"];
            differences.same(&format!("size of {name}"), size, found);
        }
    }
    let problems = list(&run["problems"]);
    match expected["problems"].as_str().unwrap() {
        "none" if !problems.is_empty() => differences.add(&format!("has problems: {problems:?}")),
        "some" if problems.is_empty() => differences.add("has no problems"),
        _ => {}
    }
}

fn compare_case(expected: &Value) -> Vec<String> {
    let arguments = list(&expected["arguments"])
        .iter()
        .map(|a| a.as_str().unwrap());
    let command: Vec<&str> = ["list", "--json"].into_iter().chain(arguments).collect();
    let listed = document(&command);
    let runs = list(&listed["runs"]);
    let mut differences = Differences {
        found: Vec::new(),
        place: "list".to_owned(),
    };
    let wanted: Vec<&str> = entries(&expected["runs"])
        .keys()
        .map(String::as_str)
        .collect();
    let found = names(runs, "path");
    differences.same_keys("run", &wanted, &found, &[]);
    if found.len() > wanted.len() {
        differences.add(&format!("{} runs, not {}", found.len(), wanted.len()));
    }
    for (path, expected) in entries(&expected["runs"]) {
        let run = by_name(runs, "path", path);
        if !run.is_null() {
            differences.place = format!("list {path}");
            compare_summary(expected, run, &mut differences);
            let lines = &expected["logs"]["lines"];
            differences.same("log_lines", lines, &run["log_lines"]);
            differences.place = format!("show {path}");
            compare_run(path, expected, &mut differences);
        }
    }
    differences.found
}

#[test]
fn every_tree_is_read_as_a_second_reader_reads_it() {
    let cases = cases();
    assert!(cases.len() >= 14, "cases are missing");
    let mut found = Vec::new();
    for (name, expected) in &cases {
        found.extend(
            compare_case(expected)
                .into_iter()
                .map(|text| format!("{name}: {text}")),
        );
    }
    assert!(
        found.is_empty(),
        "{} differences\n{}\n",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn the_comparison_can_fail() {
    let mut expected = cases().remove("flat").unwrap();
    let path = "tests/fixtures/flat";
    let run = &mut expected["runs"][path];
    run["rows"] = 49.into();
    run["streams"]["metrics.jsonl"]["hash"] = "0".into();
    run["streams"]["metrics.jsonl"]["columns"]["epoch"]["max"] = 1.into();
    run["params"]["lr"] = 0.1.into();
    run["problems"] = "some".into();
    run["logs"]["levels"]["info"] = 1.into();
    let found = compare_case(&expected);
    assert_eq!(found.len(), 7, "{found:#?}");
}

#[test]
fn times_of_every_unit_name_the_same_moment() {
    let cases = cases();
    let paths: Vec<&str> = entries(&cases["times"]["runs"])
        .keys()
        .map(String::as_str)
        .collect();
    for path in paths {
        let stream = path.rsplit('/').next().unwrap();
        let read = document(&["read", "--json", path, stream]);
        let times: Vec<_> = list(&read["points"])
            .iter()
            .map(|p| p["time"].as_f64())
            .collect();
        let wanted = [0.0, 1.0, 2.0, 3.0].map(|second| Some(1_772_618_400.0 + second));
        assert_eq!(times, wanted, "{path}");
    }
}

#[test]
fn a_restart_keeps_every_row_and_statistics_leave_out_what_it_superseded() {
    let shown = document(&["show", "--json", "tests/fixtures/restarted"]);
    let stream = &shown["run"]["streams"][0];
    assert_eq!(stream["rows"], 220);
    let loss = by_name(list(&stream["columns"]), "key", "loss");
    assert_eq!(loss["count"], 220);
    // Steps 0 to 49 of the first part, 50 to 129 of the last; loss falls by 0.01 a step.
    assert_eq!(loss["first"], 2.0);
    assert_eq!(loss["last"].as_f64(), Some(2.0 - 129.0 * 0.01));
    assert_eq!(loss["min"].as_f64(), Some(2.0 - 129.0 * 0.01));
    assert_eq!(loss["best_step"], 129);
}

#[test]
fn the_demo_runs_show_every_layout_without_a_problem() {
    let found = document(&[
        "list",
        "--json",
        "demo/runs",
        "demo/runs/jsonl/cartpole.jsonl",
    ]);
    let runs = list(&found["runs"]);
    let mut layouts = names(runs, "layout");
    layouts.sort_unstable();
    assert_eq!(layouts, ["A", "B", "C", "C", "D", "E", "E", "J", "L"]);
    for run in runs {
        assert_ne!(run["rows"], 0, "{run}");
        assert_eq!(run["problems"], 0, "{run}");
    }
}
