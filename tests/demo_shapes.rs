//! The files of the simulated lab beside those that trackers wrote: the same names, the same keys in
//! the same order, the same white space.

#![allow(clippy::unwrap_used)]

#[path = "support/files.rs"]
mod files;

use std::fs;
use std::path::Path;

use files::{files_below, repository};
use ml_dash_top::demo::{self, Setup};
use serde_json::Value;
use tempfile::TempDir;

const NEW: &str = ".dash/alice/vision/resnet50-baseline";
const OLD: &str = "experiments/vision/vit-b16-flowers";
const LOGGER: &str = ".ml-logger/bob/nlp/bert-base-sst2";
const EPOCHS: &str = "workspace/projects/proj-7f3a9c21/experiments";

fn lab() -> TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    let setup = Setup {
        seed: 1,
        speed: 1.0,
        origin: 1_795_159_577.0,
    };
    demo::write_until(dir.path(), setup, 30.0).expect("it is written");
    dir
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The keys of a document, and how it is laid out.
fn shape(text: &str) -> (Vec<String>, usize, bool) {
    let first = text.lines().next().expect("a line");
    let is_line = first.ends_with('}');
    let document: Value = serde_json::from_str(if is_line { first } else { text }).expect("JSON");
    let keys = document.as_object().expect("an object").keys().cloned();
    let indent = text.lines().nth(1).unwrap_or_default();
    let indent = indent.len() - indent.trim_start().len();
    (keys.collect(), indent, text.ends_with('\n'))
}

#[test]
fn documents_and_rows_are_laid_out_as_trackers_do() {
    let dir = lab();
    let fixtures = repository().join("tests/fixtures");
    for (ours, theirs) in [
        (
            format!("{NEW}/experiment.json"),
            "ml-dash-0.11/.dash/alice/vision/resnet50-baseline/experiment.json",
        ),
        (
            format!("{NEW}/metrics/train/data.jsonl"),
            "ml-dash-0.11/.dash/alice/vision/resnet50-baseline/metrics/train/data.jsonl",
        ),
        (
            format!("{NEW}/metrics/train/metadata.json"),
            "ml-dash-0.11/.dash/alice/vision/resnet50-baseline/metrics/train/metadata.json",
        ),
        (
            format!("{NEW}/logs/logs.jsonl"),
            "ml-dash-0.11/.dash/alice/vision/resnet50-baseline/logs/logs.jsonl",
        ),
        (
            format!("{NEW}/files/.files_metadata.json"),
            "ml-dash-0.11/.dash/alice/vision/resnet50-baseline/files/.files_metadata.json",
        ),
        (
            format!("{OLD}/experiment.json"),
            "ml-dash-0.5/.ml-dash/vision/resnet50-baseline/experiment.json",
        ),
        (
            format!("{OLD}/metrics/train/data.jsonl"),
            "ml-dash-0.5/.ml-dash/vision/resnet50-baseline/metrics/train/data.jsonl",
        ),
        (
            format!("{OLD}/metrics/eval/metadata.json"),
            "ml-dash-0.5/.ml-dash/vision/resnet50-baseline/metrics/eval/metadata.json",
        ),
        (
            format!("{OLD}/logs/logs.jsonl"),
            "ml-dash-0.5/.ml-dash/vision/resnet50-baseline/logs/logs.jsonl",
        ),
        (
            format!("{LOGGER}/.ml-logger.meta.json"),
            "ml-logger/.ml-logger/alice/vision/resnet50-run-001/.ml-logger.meta.json",
        ),
        (
            format!("{LOGGER}/metrics.jsonl"),
            "ml-logger/.ml-logger/alice/vision/resnet50-run-001/metrics.jsonl",
        ),
        (
            format!("{LOGGER}/logs.jsonl"),
            "ml-logger/.ml-logger/alice/vision/resnet50-run-001/logs.jsonl",
        ),
        (
            format!("{LOGGER}/parameters.jsonl"),
            "ml-logger/.ml-logger/alice/vision/resnet50-run-001/parameters.jsonl",
        ),
        (
            format!("{EPOCHS}/exp-3ad81f55/experiment.json"),
            "per-epoch/projects/proj-1a2b3c4d/experiments/exp-0a1b2c3d/experiment.json",
        ),
        (
            format!("{EPOCHS}/exp-3ad81f55/metrics.json"),
            "per-epoch/projects/proj-1a2b3c4d/experiments/exp-0a1b2c3d/metrics.json",
        ),
    ] {
        let theirs = read(&fixtures.join(theirs));
        assert_eq!(
            shape(&read(&dir.path().join(&ours))),
            shape(&theirs),
            "{ours}"
        );
    }
}

#[test]
fn a_run_has_the_files_that_its_tracker_leaves() {
    let dir = lab();
    let names = |run: &str| -> Vec<String> {
        let folder = dir.path().join(run);
        let name = |path: &std::path::PathBuf| {
            let below = path.strip_prefix(&folder).expect("below").to_string_lossy();
            below.into_owned()
        };
        let all: Vec<String> = files_below(&folder).iter().map(name).collect();
        all.into_iter()
            .filter(|name| !name.starts_with("files/checkpoints"))
            .collect()
    };
    assert_eq!(
        names(NEW),
        [
            ".experiment.lock",
            ".parameters.lock",
            "experiment.json",
            "files/.files_metadata.json",
            "files/.files_metadata.lock",
            "logs/.log_sequence",
            "logs/.log_sequence.lock",
            "logs/logs.jsonl",
            "metrics/None/.metadata.lock",
            "metrics/None/data.jsonl",
            "metrics/None/metadata.json",
            "metrics/eval/.metadata.lock",
            "metrics/eval/data.jsonl",
            "metrics/eval/metadata.json",
            "metrics/train/.metadata.lock",
            "metrics/train/data.jsonl",
            "metrics/train/metadata.json",
            "parameters.json",
        ]
    );
    assert!(!names(OLD).concat().contains(".lock"));
    assert_eq!(
        names(LOGGER),
        [
            ".ml-logger.meta.json",
            "logs.jsonl",
            "metrics.jsonl",
            "parameters.jsonl"
        ]
    );
    assert_eq!(
        names(&format!("{EPOCHS}/exp-3ad81f55")),
        [
            "experiment.json",
            "experiment.json.lock",
            "metrics.json",
            "metrics.json.lock"
        ]
    );
    assert_eq!(names("runs/llama-160m"), ["metrics.jsonl", "outputs.log"]);
    assert!(
        dir.path()
            .join(EPOCHS)
            .join("experiments_index.json")
            .exists()
    );
}

#[test]
fn the_current_release_holds_rows_back_and_tells_when_they_came() {
    let dir = lab();
    let rows = read(&dir.path().join(NEW).join("metrics/train/data.jsonl"));
    let rows: Vec<Value> = rows
        .lines()
        .map(|row| serde_json::from_str(row).expect("a row"))
        .collect();
    let written: Vec<&str> = rows
        .iter()
        .filter_map(|row| row["createdAt"].as_str())
        .collect();
    let mut bursts = written.clone();
    bursts.dedup();
    assert!(
        bursts.len() * 5 < written.len(),
        "{} bursts for {} rows",
        bursts.len(),
        written.len()
    );
    let told = |row: &Value| row["data"]["_ts"].as_f64().expect("a time");
    assert!(
        rows.windows(2)
            .all(|pair| told(&pair[1]) - told(&pair[0]) < 2.0)
    );
    let numbers: Vec<u64> = rows
        .iter()
        .filter_map(|row| row["index"].as_u64())
        .collect();
    assert!(numbers.iter().copied().eq(0..rows.len() as u64));
}

#[test]
fn logs_have_colours_and_progress_bars() {
    let dir = lab();
    let logs = read(&dir.path().join(NEW).join("logs/logs.jsonl"));
    assert!(logs.contains("\\u001b[36m"), "{logs}");
    assert!(logs.contains("\"\\rEpoch "), "{logs}");
    let printed = read(&dir.path().join("runs/llama-160m/outputs.log"));
    assert!(printed.contains('\r'));
}
