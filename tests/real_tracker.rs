//! A training script with the real ml-dash runs while the program follows its folder; then
//! everything that was logged must have arrived, bit by bit, and nothing twice.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/numbers.rs"]
mod numbers;
#[path = "support/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use numbers::{bits, number};
use program::{document, program};
use serde_json::Value;

/// A release of the tracker, and where the script's run lies then.
struct Tracker {
    /// As it is asked for in the package registry.
    package: &'static str,
    root: &'static str,
    below: &'static str,
    layout: &'static str,
}

const CURRENT: Tracker = Tracker {
    package: "ml-dash",
    root: ".dash",
    below: "alice/vision/real/resnet",
    layout: "C",
};

const OLD: Tracker = Tracker {
    package: "ml-dash==0.5.4",
    root: ".ml-dash",
    below: "vision/resnet",
    layout: "B",
};

/// Says something past the test runner, which would swallow it.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "real_tracker: {text}");
}

/// A Python that can import the tracker, made once; or why there is none.
fn python_with(package: &str) -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("python-with-{package}"));
    let python = folder.join("bin").join("python");
    let works = |python: &Path| {
        let mut command = Command::new(python);
        command
            .args(["-c", "import ml_dash"])
            .env("ML_DASH_NO_VERSION_CHECK", "1");
        command.output().is_ok_and(|output| output.status.success())
    };
    if works(&python) {
        return Ok(python);
    }
    let run = |what: &str, command: &mut Command| match command.stdin(Stdio::null()).output() {
        Err(error) => Err(format!("{what}: {error}")),
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr);
            Err(format!(
                "{what}: {}",
                text.lines().last().unwrap_or("no reason given")
            ))
        }
    };
    let mut environment = Command::new("python3");
    run(
        "python3 -m venv",
        environment.args(["-m", "venv", "--clear"]).arg(&folder),
    )?;
    let mut install = Command::new(&python);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
    ]);
    run(&format!("pip install {package}"), install.arg(package))?;
    if works(&python) {
        Ok(python)
    } else {
        Err("ml_dash cannot be imported".to_owned())
    }
}

/// The program as it follows a folder; ends with the value.
struct Follower {
    process: Child,
    /// Rows of the run, each time that they are reported.
    rows: Receiver<u64>,
}

impl Follower {
    fn start(root: &Path) -> Self {
        let mut command = program();
        command.args(["list", "--follow", "--json"]).arg(root);
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, rows) = channel();
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let Ok(line) = serde_json::from_str::<Value>(&line) else {
                    continue;
                };
                if let Some(rows) = line["run"]["rows"].as_u64() {
                    let _ = sender.send(rows);
                }
            }
        });
        Self { process, rows }
    }

    /// Everything that was reported until now.
    fn reported(&self) -> Vec<u64> {
        self.rows.try_iter().collect()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the script noted.
#[derive(Default)]
struct Notes {
    rows: BTreeMap<String, Vec<Value>>,
    levels: BTreeMap<String, u64>,
    params: BTreeMap<String, Value>,
}

impl Notes {
    fn read(path: &Path) -> Self {
        let mut notes = Self::default();
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let note: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| note[key].as_str().unwrap().to_owned();
            match note["kind"].as_str().unwrap() {
                "row" => notes.rows.entry(text("stream")).or_default().push(note),
                "log" => *notes.levels.entry(text("level")).or_default() += 1,
                _ => {
                    let data = note["data"].as_object().unwrap().clone();
                    notes.params.extend(data);
                }
            }
        }
        notes
    }

    fn metric_rows(&self) -> u64 {
        let metrics = self
            .rows
            .iter()
            .filter(|(name, _)| !name.starts_with("tracks/"));
        metrics.map(|(_, rows)| rows.len() as u64).sum()
    }
}

/// Whether a value arrived as it was noted.
fn same(noted: &Value, arrived: &Value) -> bool {
    if let Some(hex) = noted["f64"].as_str() {
        let wanted = f64::from_bits(u64::from_str_radix(hex, 16).unwrap());
        return number(arrived).is_some_and(|value| bits(value) == bits(wanted));
    }
    if let Some(list) = noted["list"].as_array() {
        let arrived = arrived.as_array().map_or(&[][..], Vec::as_slice);
        return list.len() == arrived.len() && list.iter().zip(arrived).all(|(a, b)| same(a, b));
    }
    &noted["value"] == arrived
}

/// What differs between noted and arrived values.
fn differences(noted: &Value, arrived: &Value) -> Vec<String> {
    let (noted, arrived) = (noted.as_object().unwrap(), arrived.as_object().unwrap());
    let mut found = Vec::new();
    for (key, value) in noted {
        match arrived.get(key) {
            None => found.push(format!("{key} is missing")),
            Some(other) if !same(value, other) => found.push(format!("{key}: {value} as {other}")),
            Some(_) => {}
        }
    }
    found.extend(
        arrived
            .keys()
            .filter(|k| !noted.contains_key(*k))
            .map(|k| format!("{k} is new")),
    );
    found
}

/// Follows a training until it has ended and everything has been reported.
fn follow_training(python: &Path, folder: &Path, root: &str) -> Notes {
    let notes = folder.join("notes.jsonl");
    let project = folder.join("project");
    std::fs::create_dir(&project).unwrap();
    let follower = Follower::start(&project);
    let mut script = Command::new(python);
    script
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/train_with_ml_dash.py"))
        .args([&project.join(root), &notes])
        .current_dir(folder)
        .env("HOME", folder)
        .env("ML_DASH_NO_VERSION_CHECK", "1")
        .env("ML_DASH_FLUSH_INTERVAL", "0.5");
    let ended = script.stdin(Stdio::null()).output().unwrap();
    let during = follower.reported();
    let stderr = String::from_utf8_lossy(&ended.stderr);
    assert!(
        stderr.contains("RuntimeError: CUDA out of memory"),
        "the script failed: {stderr}"
    );

    let notes = Notes::read(&notes);
    let wanted = notes.metric_rows();
    let mut counts = during.clone();
    let patience = Instant::now() + Duration::from_secs(20);
    while counts.last() != Some(&wanted) && Instant::now() < patience {
        counts.extend(follower.rows.recv_timeout(Duration::from_millis(100)));
    }
    assert_eq!(
        counts.last(),
        Some(&wanted),
        "the follower never saw all rows: {counts:?}"
    );
    assert!(
        counts.is_sorted(),
        "rows were lost or counted twice on the way: {counts:?}"
    );
    let mut distinct: Vec<_> = during.into_iter().filter(|rows| *rows > 0).collect();
    distinct.dedup();
    assert!(
        distinct.len() >= 3,
        "the follower did not see the training grow: {distinct:?}"
    );
    notes
}

fn check_streams(run: &str, show: &Value, notes: &Notes) {
    let streams = show["run"]["streams"].as_array().unwrap();
    let named = |name: &str| streams.iter().find(|stream| stream["name"] == name);
    assert_eq!(streams.len(), notes.rows.len(), "{streams:?}");
    for (name, rows) in &notes.rows {
        let stream = named(name).unwrap_or_else(|| panic!("there is no stream {name:?}"));
        assert_eq!(stream["rows"], rows.len(), "rows of {name:?}");
        let read = document(&["read", "--json", "--limit", "100000", run, name.as_str()]);
        assert_eq!(read["total"], rows.len(), "total of {name:?}");
        let points = read["points"].as_array().unwrap();
        assert_eq!(points.len(), rows.len(), "points of {name:?}");
        for (index, (row, point)) in rows.iter().zip(points).enumerate() {
            assert_eq!(point["index"], index);
            let found = differences(&row["data"], &point["data"]);
            assert!(found.is_empty(), "row {index} of {name:?}: {found:?}");
            if let Some(time) = row["time"].as_f64() {
                let arrived = point["time"].as_f64().map(f64::to_bits);
                assert_eq!(
                    arrived,
                    Some(time.to_bits()),
                    "time of row {index} of {name:?}"
                );
            }
        }
    }
}

fn everything_arrives_from(tracker: &Tracker) {
    let python = match python_with(tracker.package) {
        Ok(python) => python,
        Err(reason) => {
            let has_python = Command::new("python3").arg("--version").output().is_ok();
            let must_run = std::env::var_os("CI").is_some() && has_python;
            assert!(
                !must_run,
                "{} could not be installed: {reason}",
                tracker.package
            );
            say(&format!(
                "skipped: {} cannot be had here: {reason}",
                tracker.package
            ));
            return;
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let notes = follow_training(&python, folder.path(), tracker.root);

    let run = folder
        .path()
        .join("project")
        .join(tracker.root)
        .join(tracker.below);
    let run = run.to_str().unwrap();
    let show = document(&["show", "--json", run]);
    assert_eq!(show["run"]["layout"], tracker.layout);
    assert_eq!(show["run"]["rows"], notes.metric_rows());
    assert_eq!(show["run"]["problems"], Value::Array(Vec::new()));
    check_streams(run, &show, &notes);

    let params = Value::Object(notes.params.into_iter().collect());
    assert_eq!(
        differences(&params, &show["run"]["params"]),
        Vec::<String>::new()
    );

    let logs = &show["run"]["logs"];
    assert_eq!(logs["lines"], notes.levels.values().sum::<u64>());
    for (level, count) in &notes.levels {
        assert_eq!(logs["levels"][level], *count, "log lines of level {level}");
    }
}

#[test]
fn everything_that_the_current_ml_dash_logs_arrives() {
    everything_arrives_from(&CURRENT);
}

#[test]
fn everything_that_an_old_ml_dash_logs_arrives() {
    everything_arrives_from(&OLD);
}
