//! `export`: tables that others read, with the digits of the files, and pictures.

mod cli_support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use cli_support::{Ran, Tree};
use serde_json::{Value, json};

/// The fields of CSV, by the rules of RFC 4180 and nothing else.
fn fields(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
            }
            c => field.push(c),
        }
    }
    assert!(
        !quoted && row.is_empty() && field.is_empty(),
        "it ends with a line"
    );
    rows
}

fn ok(ran: &Ran) -> &str {
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    &ran.out
}

#[test]
fn tables_have_a_row_for_each_point() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit");
    let ran = tree.run(["export", "vit", "--metric", "loss"]);
    let expected = "\
run,metric,index,step,epoch,time,value,superseded
vit,eval/loss,0,,,1795159560.5,2.0,false
vit,eval/loss,1,,,1795159570.5,1.25,false
vit,eval/loss,2,,,1795159580.5,0.75,false
vit,eval/loss,3,,,1795159590.5,0.8,false
vit,train/loss,0,,,1795159560.5,1.50,false
vit,train/loss,1,,,1795159570.5,1.0,false
vit,train/loss,2,,,1795159580.5,0.5,false
vit,train/loss,3,,,1795159590.5,NaN,false
";
    assert_eq!(ok(&ran), expected);
    let ran = tree.run(["export", "vit", "--metric", "train/*", "--format", "jsonl"]);
    let last = r#"{"run":"vit","metric":"train/loss","index":3,"step":null,"epoch":null,"time":1795159590.5,"value":"NaN","superseded":false}"#;
    assert_eq!(ok(&ran).lines().next_back(), Some(last));
    // Epochs of a document, which is written anew as a whole.
    tree.epochs_run("work/exp-1");
    let ran = tree.run(["export", "exp-1", "--in", "work", "--metric", "val_loss"]);
    let expected = "\
run,metric,index,step,epoch,time,value,superseded
Baseline 7,val_loss,0,1,1,,1.9,false
Baseline 7,val_loss,1,2,2,,1.2,false
Baseline 7,val_loss,2,3,3,,1.3,false
";
    assert_eq!(ok(&ran), expected);
}

/// What the second reader of the fixtures found under a key.
fn expected_of(column: &Value) -> (u64, u64, Option<f64>, Option<f64>) {
    let number = |name: &str| column[name].as_f64();
    let count = |name: &str| column[name].as_u64().expect("a count");
    (
        count("count"),
        count("finite"),
        number("min"),
        number("max"),
    )
}

#[test]
fn tables_have_the_points_that_a_second_reader_found() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let here = |arguments: &[&str]| {
        let mut command = Tree::new().command();
        Ran::of(
            command
                .current_dir(root)
                .args(arguments)
                .output()
                .expect("the binary"),
        )
    };
    let (mut compared, mut runs) = (0, 0);
    for case in [
        "ml-logger",
        "ml-dash-0.11",
        "download",
        "flat",
        "per-epoch",
        "restarted",
        "broken",
    ] {
        let path = root.join(format!("tests/fixtures/expected/{case}.json"));
        let text = fs::read_to_string(path).expect("a case");
        let expected: Value = serde_json::from_str(&text).expect("JSON");
        for (path, run) in expected["runs"].as_object().expect("runs") {
            let shown = here(&["show", path, "--json"]).any_json();
            let ran = here(&["export", path, "--format", "jsonl"]);
            let mut points: BTreeMap<String, Vec<Value>> = BTreeMap::new();
            for line in ran.out.lines() {
                let point: Value = serde_json::from_str(line).expect("JSON");
                let metric = point["metric"].as_str().expect("a name").to_owned();
                points.entry(metric).or_default().push(point);
            }
            runs += 1;
            for stream in shown["run"]["streams"].as_array().expect("streams") {
                let name = stream["name"].as_str().expect("a name");
                for column in stream["columns"].as_array().expect("columns") {
                    if column["role"] != "measure" || stream["kind"] != "metric" {
                        continue;
                    }
                    let key = column["key"].as_str().expect("a key");
                    let metric = column["metric"].as_str().expect("a name");
                    // Two series may have the same name, in streams of different names.
                    let in_full = format!("{name}:{key}");
                    let found = points.remove(&in_full).or_else(|| points.remove(metric));
                    let found = found.unwrap_or_default();
                    // Of a restarted run it has seen all rows.
                    let column = &run["streams"][name]["columns"][key];
                    let wanted = expected_of(column);
                    let restarted = column["restarts"] == true;
                    let live = |point: &&Value| restarted || point["superseded"] == false;
                    let values: Vec<f64> = found
                        .iter()
                        .filter(live)
                        .filter_map(|p| p["value"].as_f64())
                        .collect();
                    let finite = found.iter().filter(|point| point["value"].is_number());
                    let counted = (found.len() as u64, finite.count() as u64);
                    assert_eq!(counted, (wanted.0, wanted.1), "{path} {metric}");
                    let least = values.iter().copied().reduce(f64::min);
                    let most = values.iter().copied().reduce(f64::max);
                    assert_eq!((least, most), (wanted.2, wanted.3), "{path} {metric}");
                    compared += 1;
                }
            }
            assert!(points.is_empty(), "{path}: {:?}", points.keys());
        }
    }
    assert!(
        compared > 60 && runs > 20,
        "{compared} series of {runs} runs"
    );
}

#[test]
fn values_are_spelled_as_the_file_spells_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo/runs");
    let mut checked = 0;
    for (run, file) in [
        ("ml-logger/alice/vision/resnet18-cifar10", "metrics.jsonl"),
        ("flat/gpt-small-resumed", "metrics.jsonl"),
        ("ml-dash/alice/nlp/summary-rows", "metrics/train/data.jsonl"),
    ] {
        let path = root.join(run);
        let text = fs::read_to_string(path.join(file)).expect("rows");
        let lines: Vec<&str> = text.lines().collect();
        let mut command = Tree::new().command();
        command.current_dir(&root);
        let ran = Ran::of(
            command
                .arg("export")
                .arg(&path)
                .output()
                .expect("the binary"),
        );
        for row in fields(&ran.out).iter().skip(1) {
            let index: usize = row[2].parse().expect("an index");
            let last = row[1].rsplit(['/', '.']).next().expect("a key");
            let spelled = [
                format!("{last}\": {}", row[6]),
                format!("{last}\":{}", row[6]),
            ];
            let line = lines[index];
            let there = spelled.iter().any(|words| {
                line.match_indices(words.as_str())
                    .any(|(at, words)| line[at + words.len()..].starts_with([',', '}']))
            });
            assert!(there || row[6] == "NaN", "{row:?} is not in {line}");
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn several_runs_are_told_apart() {
    let tree = Tree::new();
    tree.write("runs/x/seed/metrics.jsonl", "{\"loss\": 1}\n")
        .write("runs/y/seed/metrics.jsonl", "{\"loss\": 2}\n")
        .write("runs/z/metrics.jsonl", "{\"lr\": 3}\n");
    let export = |more: &[&str]| tree.run(["export"].iter().chain(more));
    let runs = |ran: &Ran| -> Vec<String> {
        fields(&ran.out)
            .into_iter()
            .skip(1)
            .map(|row| row[0].clone())
            .collect()
    };
    let all = ["runs/x/seed", "runs/y/seed", "runs/z", "runs/z"];
    let ran = export(&all);
    assert_eq!(runs(&ran), ["runs/x/seed", "runs/y/seed", "z"]);
    // A run that has nothing of it is named, and is no reason to leave out the others.
    let ran = export(&[&all[..], &["--metric", "loss"]].concat());
    assert_eq!((ran.code, runs(&ran).len()), (Some(0), 2));
    assert_eq!(ran.err, "ml-dash-top: z has none of these series\n");
    let ran = export(&["seed"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains("may be any of 2 runs"), "{}", ran.err);
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit");
    let export = |more: &[&str]| tree.run(["export", "vit"].iter().chain(more));
    let ran = export(&["--metric", "loss", "--metric", "accurracy"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""));
    let expected = "\
ml-dash-top: no series is called \"accurracy\"; there is
  epoch
  eval/accuracy
  eval/loss
  train/loss
";
    assert_eq!(ran.err, expected);
    assert_eq!(tree.run(["export", "resnet"]).code, Some(1));
    for (wrong, words) in [
        (["--metric", "a***"], "\"a***\" is no pattern"),
        (["--out", "loss.txt"], "\".txt\" is no format"),
        (["--smooth", "0.9"], "are for pictures"),
        (["--smooth", "1"], "expected a weight"),
        (["--window", "2:1"], "expected two numbers"),
        (["--format", "pdf"], "invalid value"),
    ] {
        let ran = export(&wrong);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(ran.err.contains(words), "{wrong:?}: {}", ran.err);
    }
    let ran = tree.run(["export", "vit", "--format", "svg", "--x", "step"]);
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("the rows have no step; --x can be epoch"),
        "{}",
        ran.err
    );
    assert_eq!(tree.run(["export"]).code, Some(2));
}

#[test]
fn a_file_is_never_written_over_unasked() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit")
        .write("there.csv", "mine");
    let export = |more: &[&str]| tree.run(["export", "vit", "--metric", "loss"].iter().chain(more));
    let read = |name: &str| fs::read_to_string(tree.path().join(name)).expect("a file");
    let ran = export(&["--out", "there.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert_eq!(
        ran.err,
        "ml-dash-top: there.csv is there already; --force replaces it\n"
    );
    assert_eq!(read("there.csv"), "mine");
    let ran = export(&["--out", "there.csv", "--force"]);
    assert_eq!(ok(&ran), "8 points of 2 series written to there.csv\n");
    assert_eq!(read("there.csv"), export(&[]).out);
    assert_eq!(export(&["--out", "-"]).out, export(&[]).out);
    let ran = export(&["--out", "new.jsonl"]);
    assert_eq!(ok(&ran), "8 points of 2 series written to new.jsonl\n");
    assert_eq!(read("new.jsonl").lines().count(), 8);
    let ran = export(&["--out", "no/such/folder.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""));
    assert!(
        ran.err
            .contains("no/such/folder.csv: there is no such file or folder"),
        "{}",
        ran.err
    );
    let names = fs::read_dir(tree.path()).expect("a folder").count();
    assert_eq!(names, 3, "nothing half written is left");
}

#[test]
fn hostile_names_do_no_harm() {
    let tree = Tree::new();
    let keys = [
        "\x1b]0;x\x07\x1b[31m",
        "=cmd|' /C calc'!A0",
        "a,\"b\"\r\nc,d",
        "\u{202e}gpj",
        "+1",
        "",
    ];
    let row: serde_json::Map<String, Value> = keys
        .iter()
        .map(|key| ((*key).to_owned(), json!(1)))
        .collect();
    tree.write(
        "a\u{9b}b/metrics.jsonl",
        format!("{}\n", Value::Object(row)),
    );
    for format in ["csv", "jsonl", "svg"] {
        let ran = tree.run(["export", "a\u{9b}b", "--format", format]);
        let out = ok(&ran);
        let harmless = |c: char| c == '\n' || !c.is_control() && c != '\u{202e}';
        assert!(out.chars().all(harmless), "{out:?}");
        if format == "csv" {
            let rows = fields(out);
            assert_eq!(rows.len(), keys.len() + 1);
            assert!(rows.iter().all(|row| row.len() == 8), "{rows:?}");
            assert!(
                rows.iter()
                    .flatten()
                    .all(|field| !field.starts_with(['=', '+', '@']))
            );
        }
        if format == "jsonl" {
            let names: Vec<Value> = out
                .lines()
                .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["metric"].clone())
                .collect();
            assert_eq!(names, keys);
        }
    }
}

#[test]
fn who_has_read_enough_is_no_error() {
    let tree = Tree::new();
    let rows = "{\"loss\": 0.5}
"
    .repeat(50_000);
    tree.write("a/metrics.jsonl", rows);
    let mut command = tree.command();
    command
        .args(["export", "a"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary");
    let out = child.stdout.take().expect("a pipe");
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).expect("a line");
    assert!(line.starts_with("run,metric,"));
    let ran = Ran::of(child.wait_with_output().expect("its end"));
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
}

#[test]
fn what_cannot_be_read_twice_is_no_table() {
    let tree = Tree::new();
    let mut command = tree.command();
    tree.write("rows", "{\"loss\": 1}\n");
    let rows = fs::File::open(tree.path().join("rows")).expect("rows");
    let ran = Ran::of(
        command
            .args(["export", "-"])
            .stdin(rows)
            .output()
            .expect("the binary"),
    );
    assert_eq!(ran.code, Some(2));
    assert!(
        ran.err.contains("standard input cannot be read twice"),
        "{}",
        ran.err
    );
}

#[test]
fn pictures_show_what_was_asked_for() {
    let tree = Tree::new();
    tree.prefix_run(".dash/alice/vision/vit")
        .epochs_run("runs/exp-1");
    let export = |more: &[&str]| tree.run(["export", "vit", "--format", "svg"].iter().chain(more));
    let ran = export(&[]);
    let svg = ok(&ran);
    assert!(
        svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.ends_with("</svg>\n")
    );
    for words in [
        ">vit<",
        ">loss<",
        ">accuracy<",
        ">eval<",
        ">train<",
        "best 0.75 @2",
        ">epoch<",
    ] {
        let words = words.replace("eval", "val");
        assert!(svg.contains(&words), "{words} in {svg}");
    }
    assert_eq!(svg, export(&[]).out, "it is the same every time");
    let both = tree.run([
        "export", "vit", "exp-1", "--metric", "loss", "--out", "loss.svg", "--smooth", "0.6",
    ]);
    assert_eq!(ok(&both), "1 chart written to loss.svg\n");
    let svg = fs::read_to_string(tree.path().join("loss.svg")).expect("the picture");
    for words in [">A vit train<", ">B Baseline 7 val<", "smooth 0.6"] {
        assert!(svg.contains(words), "{words} in {svg}");
    }
    let by_row = export(&["--x", "row", "--window", "1:2", "--log", "--metric", "loss"]);
    assert!(
        ok(&by_row).contains(">row<") && by_row.out.contains(">log<"),
        "{}",
        by_row.out
    );
}
