//! The real program in a terminal of its own: how soon it shows something, how soon what was
//! appended is seen, how many bytes that takes, how keys feel under load, and what idling costs.
//!
//! `cargo bench --bench terminal [start] [log] [append] [bytes] [keys] [idle] [many]`: all of it takes minutes.

#[path = "support/pty.rs"]
mod pty;
mod support;

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use pty::Terminal;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ml-dash-top");

fn main() {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let benches: [(&str, fn()); 7] = [
        ("start", start),
        ("log", log),
        ("append", append),
        ("bytes", bytes),
        ("keys", keys),
        ("idle", idle),
        ("many", many),
    ];
    for (name, bench) in benches {
        if wanted.is_empty() || wanted.iter().any(|w| w == name) {
            bench();
        }
    }
}

/// The first frame with 500 runs on disk, beside a program that does nothing.
fn start() {
    let folder = many_runs(500, 20);
    let (mut first, mut nothing) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        let begun = Instant::now();
        let mut terminal = Terminal::start("/bin/true", &[], 160, 45);
        terminal.until_closed();
        nothing.push(begun.elapsed());
        let mut terminal = Terminal::start(PROGRAM, &[&path_of(folder.path())], 160, 45);
        first.push(
            terminal
                .until(Terminal::has_frame)
                .duration_since(terminal.begun),
        );
        terminal.quit();
    }
    let ratio = median(&first).as_secs_f64() / median(&nothing).as_secs_f64();
    say("first frame, 500 runs", &first);
    say("/bin/true", &nothing);
    println!("  ratio {ratio:.1}");
}

/// The last line of a log of 1M lines, beside a program that does nothing.
fn log() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(
        folder.path().join(".ml-logger.meta.json"),
        "{\"prefix\": \"a\"}",
    )
    .expect("room");
    let text = support::logs(1_000_000) + "{\"level\": \"INFO\", \"message\": \"farewell\"}\n";
    fs::write(folder.path().join("logs.jsonl"), text).expect("room for the sample");
    let (mut last, mut nothing) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        let begun = Instant::now();
        let mut terminal = Terminal::start("/bin/true", &[], 160, 45);
        terminal.until_closed();
        nothing.push(begun.elapsed());
        let mut terminal = Terminal::start(PROGRAM, &[&path_of(folder.path())], 160, 45);
        let shown = terminal.until(|terminal| terminal.has_text("farewell"));
        last.push(shown.duration_since(terminal.begun));
        terminal.quit();
    }
    say("last line of a log of 1M lines", &last);
    say("/bin/true", &nothing);
}

/// A row that is appended after a second of quiet, until the first byte of it is at the terminal,
/// beside `tail -F`.
fn append() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("metrics.jsonl");
    fs::write(&path, support::indexed(1_000)).expect("room for the sample");
    let mut ours = Terminal::start(PROGRAM, &[&path_of(folder.path())], 160, 45);
    let mut tail = Terminal::start("tail", &["-F", &path_of(&path)], 160, 45);
    ours.until(Terminal::has_frame);
    ours.until_quiet(Duration::from_secs(2));
    tail.until_quiet(Duration::from_secs(2));
    let mut file = OpenOptions::new()
        .append(true)
        .open(&path)
        .expect("the sample");
    let (mut shown, mut told) = (Vec::new(), Vec::new());
    for row in 0..60_u32 {
        ours.until_quiet(Duration::from_millis(600));
        ours.mark();
        tail.mark();
        let begun = Instant::now();
        // The value changes, so something on the screen does.
        append_row(&mut file, 1_000 + row, 0.5 + f64::from(row) / 7.0);
        told.push(tail.until(Terminal::has_more).duration_since(begun));
        shown.push(ours.until(Terminal::has_more).duration_since(begun));
    }
    ours.quit();
    tail.kill();
    say("append to bytes", &shown);
    say("tail -F", &told);
    let ratio = median(&shown).as_secs_f64() / median(&told).as_secs_f64();
    println!("  ratio {ratio:.1}");
}

/// One row as the sample goes on, in one piece: a torn one would be waited for.
fn append_row(file: &mut File, index: u32, value: f64) {
    let epoch = index / 10;
    let row =
        format!("{{\"index\": {index}, \"data\": {{\"value\": {value:?}, \"epoch\": {epoch}}}}}\n");
    file.write_all(row.as_bytes()).expect("room for a row");
}

/// Bytes for a whole frame, and for each row that is appended.
fn bytes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("metrics.jsonl");
    fs::write(&path, support::indexed(1_000)).expect("room for the sample");
    let mut terminal = Terminal::start(PROGRAM, &[&path_of(folder.path())], 200, 50);
    terminal.until(Terminal::has_frame);
    terminal.until_quiet(Duration::from_secs(2));
    terminal.mark();
    terminal.type_in("\x0c");
    terminal.until_quiet(Duration::from_secs(1));
    println!(
        "whole frame at 200x50: {} bytes",
        terminal.bytes_since_mark()
    );
    let mut file = OpenOptions::new()
        .append(true)
        .open(&path)
        .expect("the sample");
    let (rows, mut before) = (100_u32, 0);
    let mut counts = Vec::new();
    terminal.mark();
    for row in 0..rows {
        let loss = 0.3 + 0.1 * f64::from(row * 37 % 100) / 100.0;
        append_row(&mut file, 1_000 + row, loss);
        terminal.until_quiet(Duration::from_millis(150));
        counts.push(terminal.bytes_since_mark() - before);
        before = terminal.bytes_since_mark();
    }
    counts.sort_unstable();
    println!(
        "bytes for an appended row: mean {}, median {}, most {}",
        before / rows as usize,
        counts[counts.len() / 2],
        counts[counts.len() - 1]
    );
    terminal.quit();
}

/// Keys while 100M points are being read.
fn keys() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    hundred_million_points(&folder.path().join("metrics.jsonl"));
    let mut terminal = Terminal::start(PROGRAM, &[&path_of(folder.path())], 160, 45);
    terminal.until(Terminal::has_frame);
    let mut taken = Vec::new();
    for _ in 0..100 {
        // Frames of data come at most ten times a second; a key draws at once, unless it is held.
        thread::sleep(Duration::from_millis(50));
        terminal.mark();
        let begun = Instant::now();
        terminal.type_in("\t");
        taken.push(terminal.until(Terminal::has_more).duration_since(begun));
    }
    terminal.quit();
    say("key to bytes while 100M points load", &taken);
}

/// A minute of nothing with 100 live runs.
fn idle() {
    let folder = many_runs(100, 50);
    let mut terminal = Terminal::start(PROGRAM, &[&path_of(folder.path())], 160, 45);
    terminal.until(Terminal::has_frame);
    thread::sleep(Duration::from_secs(75));
    terminal.mark();
    let (before, begun) = (terminal.processor_time(), Instant::now());
    thread::sleep(Duration::from_secs(60));
    let share = terminal
        .processor_time()
        .saturating_sub(before)
        .as_secs_f64()
        / begun.elapsed().as_secs_f64();
    println!(
        "idle with 100 live runs: {:.3} % of a core, {} bytes in a minute",
        share * 100.0,
        terminal.bytes_since_mark()
    );
    terminal.quit();
}

/// Five thousand runs, beside a program that only looks for their files: how soon there is a frame, how
/// keys feel until all is read, and what it takes.
fn many() {
    let folder = many_runs(5_000, 60);
    let path = path_of(folder.path());
    let found: Vec<Duration> = (0..5).map(|_| all_found(&path)).collect();
    let (mut first, mut complete, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    let (mut files, mut memory) = (0, 0);
    for _ in 0..5 {
        let mut terminal = Terminal::start(PROGRAM, &[&path], 160, 45);
        let shown = terminal.until(Terminal::has_frame);
        first.push(shown.duration_since(terminal.begun));
        while terminal.begun.elapsed() < Duration::from_secs(1) {
            terminal.mark();
            let begun = Instant::now();
            terminal.type_in("\t");
            keys.push(terminal.until(Terminal::has_more).duration_since(begun));
            files = files.max(terminal.open_files());
            thread::sleep(Duration::from_millis(40));
        }
        terminal.until_quiet(Duration::from_secs(2));
        complete.push(terminal.last_byte().duration_since(terminal.begun));
        files = files.max(terminal.open_files());
        memory = memory.max(terminal.peak_memory());
        terminal.quit();
    }
    say("first frame, 5,000 runs", &first);
    say("all of them read", &complete);
    say("find -type f", &found);
    say("key to bytes in the first second", &keys);
    let ratio = median(&complete).as_secs_f64() / median(&found).as_secs_f64();
    println!("  ratio {ratio:.1}; {files} files open at most, {memory} KiB of memory at most");
}

fn all_found(path: &str) -> Duration {
    let begun = Instant::now();
    let mut find = Terminal::start(
        "find",
        &[path, "-type", "f", "-newermt", "2000-01-01"],
        160,
        45,
    );
    find.until_closed();
    begun.elapsed()
}

fn many_runs(count: usize, rows: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for run in 0..count {
        let home = folder.path().join(format!("run-{run}"));
        for stream in ["train", "eval"] {
            let stream = home.join("metrics").join(stream);
            fs::create_dir_all(&stream).expect("room for the sample");
            fs::write(stream.join("data.jsonl"), support::indexed(rows)).expect("room");
        }
        let facts = format!("{{\"name\": \"run-{run}\", \"prefix\": \"a/b/run-{run}\"}}");
        fs::write(home.join("experiment.json"), facts).expect("room for the sample");
    }
    folder
}

/// Ten million rows of ten values each.
fn hundred_million_points(path: &Path) {
    let mut line = String::from("{\"step\": 123456");
    for metric in 0..10 {
        let _ = write!(line, ", \"m{metric}/loss\": 0.{metric}2345");
    }
    line.push_str("}\n");
    let block = line.repeat(10_000);
    let mut file = File::create(path).expect("room for the sample");
    for _ in 0..1_000 {
        file.write_all(block.as_bytes())
            .expect("room for the sample");
    }
}

fn path_of(path: &Path) -> String {
    path.to_str().expect("a path of our own").to_owned()
}

fn sorted(times: &[Duration]) -> Vec<Duration> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times
}

fn median(times: &[Duration]) -> Duration {
    sorted(times)[times.len() / 2]
}

fn say(what: &str, times: &[Duration]) {
    let times = sorted(times);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    println!(
        "{what}: median {:.2?}, p99 {:.2?}, least {:.2?}",
        at(50),
        at(99),
        at(0)
    );
}
