//! Places that are hard to read: odd names, loops, files that are no files, hostile bytes, lines
//! and nestings without end. What the tests cannot keep in the repository they make here.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "support/program.rs"]
mod program;

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use program::{document, program};
use serde_json::Value;

const ROWS: &str = "{\"step\": 0, \"loss\": 1.0}\n{\"step\": 1, \"loss\": 0.5}\n";

/// Makes a run of flat rows.
fn make_run(folder: &Path) -> PathBuf {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("metrics.jsonl"), ROWS).unwrap();
    folder.to_owned()
}

/// Runs the program to its end, but not for ever.
fn output<A: AsRef<OsStr>>(arguments: &[A]) -> Output {
    let mut command = program();
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(30);
    while process.try_wait().unwrap().is_none() {
        if Instant::now() > patience {
            process.kill().unwrap();
            panic!("the program hangs");
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    process.wait_with_output().unwrap()
}

fn listed(root: &Path) -> Vec<Value> {
    let arguments = [OsStr::new("list"), OsStr::new("--json"), root.as_os_str()];
    document(&arguments)["runs"].as_array().unwrap().clone()
}

#[test]
fn a_name_that_is_no_text_is_listed_and_can_be_opened() {
    let root = tempfile::tempdir().unwrap();
    let run = make_run(&root.path().join(OsStr::from_bytes(b"caf\xe9 \xff")));
    let runs = listed(root.path());
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0]["rows"], 2);
    let arguments = [OsStr::new("show"), OsStr::new("--json"), run.as_os_str()];
    assert_eq!(document(&arguments)["run"]["rows"], 2);
}

#[test]
fn links_that_lead_in_circles_add_no_runs() {
    let root = tempfile::tempdir().unwrap();
    let run = make_run(&root.path().join("a/run"));
    symlink(root.path(), root.path().join("a/up")).unwrap();
    symlink(&run, run.join("self")).unwrap();
    symlink("nowhere", root.path().join("dangling")).unwrap();
    assert_eq!(listed(root.path()).len(), 1);
}

#[test]
fn equal_names_in_different_folders_are_different_runs_and_ambiguous() {
    let root = tempfile::tempdir().unwrap();
    make_run(&root.path().join("first/same"));
    make_run(&root.path().join("second/same"));
    assert_eq!(listed(root.path()).len(), 2);
    let mut command = program();
    let output = command
        .args(["show", "same"])
        .arg(root.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.contains("first/same") && text.contains("second/same"),
        "{text}"
    );
}

#[test]
fn what_is_no_regular_file_is_never_opened() {
    let root = tempfile::tempdir().unwrap();
    make_run(&root.path().join("good"));
    for name in ["pipe", "folder", "device"] {
        let place = root.path().join(name).join("metrics.jsonl");
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        match name {
            "pipe" => {
                let made = std::process::Command::new("mkfifo")
                    .arg(&place)
                    .status()
                    .unwrap();
                assert!(made.success());
            }
            "folder" => std::fs::create_dir(&place).unwrap(),
            _ => symlink("/dev/zero", &place).unwrap(),
        }
    }
    let found = output(&[
        OsStr::new("list"),
        OsStr::new("--json"),
        root.path().as_os_str(),
    ]);
    let found: Value = serde_json::from_slice(&found.stdout).unwrap();
    let rows: u64 = found["runs"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|r| r["rows"].as_u64())
        .sum();
    assert_eq!(rows, 2);
}

#[test]
fn nothing_found_is_said_in_one_line() {
    let root = tempfile::tempdir().unwrap();
    let mut command = program();
    let output = command
        .arg("list")
        .current_dir(root.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(
        text.contains(".dash"),
        "it does not say what was looked for: {text}"
    );
}

#[test]
fn the_current_folder_is_searched_for_what_trackers_use() {
    for folder in [
        ".dash",
        ".ml-dash",
        ".ml-logger",
        "experiments",
        "runs",
        "outputs",
    ] {
        let root = tempfile::tempdir().unwrap();
        make_run(&root.path().join(folder).join("project/run"));
        let mut command = program();
        let output = command
            .args(["list", "--json"])
            .current_dir(root.path())
            .output()
            .unwrap();
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(found["runs"][0]["rows"], 2, "below {folder}");
    }
}

#[test]
fn rows_on_standard_input_are_a_run() {
    let mut command = program();
    command
        .args(["list", "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut process = command.spawn().unwrap();
    process
        .stdin
        .take()
        .unwrap()
        .write_all(ROWS.as_bytes())
        .unwrap();
    let output = process.wait_with_output().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["runs"][0]["rows"], 2);
}

#[test]
fn patterns_are_expanded() {
    let root = tempfile::tempdir().unwrap();
    for name in ["seed-0", "seed-1", "other"] {
        make_run(&root.path().join(name));
    }
    assert_eq!(listed(&root.path().join("seed-*")).len(), 2);
    assert_eq!(listed(&root.path().join("*/metrics.jsonl")).len(), 3);
}

#[test]
fn hostile_names_and_values_leave_no_control_character_in_the_output() {
    let hostile = "\u{1b}]0;title\u{7}\u{1b}[31m\u{9b}2J\u{202e}\r\u{200b}";
    let root = tempfile::tempdir().unwrap();
    let run = make_run(&root.path().join(format!("run {hostile}")));
    let text = serde_json::to_string(hostile).unwrap();
    let experiment = format!(
        "{{\"name\": {text}, \"project\": {text}, \"description\": {text}, \"tags\": [{text}], \
         \"prefix\": {text}, \"created_at\": {text}}}"
    );
    std::fs::write(run.join("experiment.json"), experiment).unwrap();
    std::fs::write(
        run.join("parameters.json"),
        format!("{{\"data\": {{{text}: {text}}}}}"),
    )
    .unwrap();
    let row = format!("{{{text}: 1.5, \"loss\": {text}}}\n}}{text}\n");
    std::fs::write(run.join("metrics.jsonl"), row).unwrap();
    let stream = run.join("metrics").join(hostile);
    std::fs::create_dir_all(&stream).unwrap();
    std::fs::write(stream.join("data.jsonl"), ROWS).unwrap();

    let run = run.as_os_str();
    let (list, show, read) = (OsStr::new("list"), OsStr::new("show"), OsStr::new("read"));
    let (json, missing) = (
        OsStr::new("--json"),
        OsStr::new("no \u{1b}[31m such stream"),
    );
    let commands: [&[&OsStr]; 7] = [
        &[list, run],
        &[list, json, run],
        &[show, run],
        &[show, json, run],
        &[read, run, missing],
        &[read, run, OsStr::new(hostile)],
        &[read, json, run, OsStr::new(hostile)],
    ];
    for arguments in commands {
        let found = output(arguments);
        for bytes in [found.stdout, found.stderr] {
            let text = String::from_utf8(bytes).unwrap();
            let bad = |c: char| {
                (c.is_control() && c != '\n')
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
            };
            // In JSON the text is escaped, and a reader gets what the file holds.
            let raw = arguments.contains(&json) && !text.contains(char::is_control);
            let found: Vec<char> = text.chars().filter(|c| bad(*c)).collect();
            assert!(
                raw || found.is_empty(),
                "{arguments:?} prints {found:?}: {text}"
            );
        }
    }
}

#[test]
fn nesting_without_end_is_a_problem_and_nothing_more() {
    let root = tempfile::tempdir().unwrap();
    let run = root.path().join("run");
    let stream = run.join("metrics/train");
    std::fs::create_dir_all(&stream).unwrap();
    std::fs::create_dir_all(run.join("logs")).unwrap();
    let deep = "[".repeat(1_000_000);
    let maps = "{\"a\":".repeat(200_000);
    std::fs::write(run.join("experiment.json"), format!("{{\"prefix\": {deep}")).unwrap();
    std::fs::write(run.join("parameters.json"), format!("{{\"data\": {maps}")).unwrap();
    std::fs::write(
        run.join("logs/logs.jsonl"),
        format!("{{\"level\": {deep}\n"),
    )
    .unwrap();
    let rows = format!("{{\"loss\": {deep}\n{{\"loss\": {maps}\n{ROWS}");
    std::fs::write(stream.join("data.jsonl"), rows).unwrap();
    let runs = listed(root.path());
    assert_eq!(runs[0]["rows"], 2);
    assert!(runs[0]["problems"].as_u64().unwrap() >= 3, "{}", runs[0]);
}

/// The most memory that a process has held so far, in KiB.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn a_line_without_end_takes_no_memory_and_hides_nothing_behind_it() {
    const MEGABYTES: usize = 192;
    let root = tempfile::tempdir().unwrap();
    let run = make_run(&root.path().join("run"));
    let mut file = std::fs::File::create(run.join("metrics.jsonl")).unwrap();
    file.write_all(ROWS.as_bytes()).unwrap();
    file.write_all(b"{\"step\": 2, \"text\": \"").unwrap();
    let piece = vec![b'x'; 1 << 20];
    for _ in 0..MEGABYTES {
        file.write_all(&piece).unwrap();
    }
    file.write_all(b"\"}\n{\"step\": 3, \"loss\": 0.25}\n")
        .unwrap();
    drop(file);

    let mut command = program();
    command
        .args(["list", "--json"])
        .arg(&run)
        .stdout(Stdio::piped());
    let process = command.spawn().unwrap();
    let (id, mut most) = (process.id(), 0);
    let waiting = std::thread::spawn(move || process.wait_with_output().unwrap());
    while !waiting.is_finished() {
        most = most.max(peak(id).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    }
    let output = waiting.join().unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["runs"][0]["rows"], 3, "{found}");
    assert_eq!(found["runs"][0]["problems"], 1, "{found}");
    assert!(most < 72 * 1024, "{most} KiB for a line of {MEGABYTES} MiB");
}

/// A run `a/metrics` within the run `a`: the folder is that of a run and that of our streams.
#[test]
fn a_run_called_metrics_takes_no_streams_from_the_run_around_it() {
    let root = tempfile::tempdir().unwrap();
    for (run, rows) in [("a", 1), ("a/metrics", 2)] {
        let run = root.path().join(run);
        let stream = run.join("metrics/train");
        std::fs::create_dir_all(&stream).unwrap();
        std::fs::write(run.join("experiment.json"), "{\"prefix\": \"x\"}").unwrap();
        let row = "{\"index\": 0, \"data\": {\"loss\": 1}}\n";
        std::fs::write(stream.join("data.jsonl"), row.repeat(rows)).unwrap();
    }
    let rows: Vec<_> = listed(root.path())
        .iter()
        .map(|run| run["rows"].as_u64().unwrap())
        .collect();
    assert_eq!(rows, [1, 2]);
}

/// Whether this test may read everything, whatever the permissions say.
fn is_almighty() -> bool {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("closed");
    std::fs::write(&path, "").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    std::fs::File::open(&path).is_ok()
}

/// F44: what may not be read is named together with whom to ask; the rest is listed.
#[test]
fn what_may_not_be_read_is_named_with_its_owner() {
    let root = tempfile::tempdir().unwrap();
    std::fs::set_permissions(root.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    for name in ["folder", "file", "open"] {
        make_run(&root.path().join(name));
    }
    let closed = std::fs::Permissions::from_mode(0o000);
    std::fs::set_permissions(root.path().join("folder"), closed.clone()).unwrap();
    let file = root.path().join("file/metrics.jsonl");
    std::fs::set_permissions(&file, closed).unwrap();
    let list = [
        OsStr::new("list"),
        root.path().as_os_str(),
        OsStr::new("--json"),
    ];
    let output = if is_almighty() {
        // The one who may read everything becomes one who may not.
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        let mut command = std::process::Command::new("setpriv");
        command
            .args(nobody)
            .arg(env!("CARGO_BIN_EXE_ml-dash-top"))
            .args(list);
        match command.output() {
            Ok(output) if matches!(output.status.code(), Some(0..=3)) => output,
            _ => {
                println!("skipped: all may be read, and nobody else can be asked to read");
                return;
            }
        }
    } else {
        output(&list)
    };
    std::fs::set_permissions(
        root.path().join("folder"),
        std::fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{errors}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<_> = document["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["name"].clone())
        .collect();
    assert!(names.contains(&"open".into()), "{names:?}");
    assert_eq!(errors.matches("no access (owner ").count(), 2, "{errors}");
}
