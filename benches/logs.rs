//! Logs: an index of a file with a level for every line, and searches in it, beside `grep -c` and
//! counting lines.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use ml_dash_top::ingest::{self, Ingest, LocalDisk, Message, Options, Target};
use ml_dash_top::insight::log_filter;
use ml_dash_top::record::{Batch, LogAnswer, LogPart, LogQuestion, RunId};
use ml_dash_top::store::Store;
use tempfile::TempDir;

const LINES: usize = 1_000_000;
/// No line has it, some have it, and what only levels say.
const ASKED: [&str; 4] = ["zebra", "checkpoint", "level>=error", "loss<0.001"];

fn main() {
    divan::main();
}

/// A run with a log of so many lines.
fn run() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(
        folder.path().join(".ml-logger.meta.json"),
        "{\"prefix\": \"a\"}",
    )
    .expect("room");
    let path = folder.path().join("logs.jsonl");
    fs::write(&path, support::logs(LINES)).expect("room for the sample");
    (folder, path)
}

/// Reads a run, and goes on answering questions.
fn load(path: &Path) -> (Ingest, Receiver<Message>, Store) {
    let (sender, messages) = sync_channel(64);
    let options = Options {
        targets: vec![Target::Path(path.to_path_buf())],
        ..Options::default()
    };
    let ingest = ingest::start(Arc::new(LocalDisk), options, move |message| {
        sender.send(message).is_ok()
    });
    let mut store = Store::new(1 << 20);
    loop {
        match messages.recv().expect("messages until all is read") {
            Message::Changes { run, changes } => {
                for change in changes {
                    store.apply(Batch { run, change });
                }
            }
            Message::Complete => return (ingest, messages, store),
            _ => {}
        }
    }
}

/// The number of lines that are found.
fn search(ingest: &Ingest, messages: &Receiver<Message>, parts: &[LogPart], text: &str) -> usize {
    let pattern = log_filter::parse(text).expect("a pattern");
    let question = LogQuestion::Search {
        ticket: 1,
        slot: 0,
        pattern,
        parts: parts.to_vec(),
    };
    ingest.ask_log(RunId(0), question);
    let mut found = 0;
    loop {
        if let Message::LogAnswer { answer, .. } = messages.recv().expect("an answer") {
            let LogAnswer::Found { hits, done, .. } = answer else {
                panic!("{answer:?}");
            };
            found += hits.len();
            if done {
                return found;
            }
        }
    }
}

#[divan::bench(sample_count = 10)]
fn index(bencher: Bencher<'_, '_>) {
    let (folder, path) = run();
    let size = fs::metadata(path).expect("the sample").len();
    bencher
        .counter(ItemsCount::new(LINES))
        .counter(BytesCount::new(size))
        .bench(|| {
            let (_, _, store) = load(folder.path());
            assert_eq!(store.runs()[0].logs.lines, LINES as u64);
        });
}

#[divan::bench(args = ASKED, sample_count = 10)]
fn searched(bencher: Bencher<'_, '_>, text: &str) {
    let (folder, path) = run();
    let (ingest, messages, store) = load(folder.path());
    let logs = &store.runs()[0].logs;
    let parts: Vec<LogPart> = (0..)
        .map_while(|block| logs.part(block, logs.lines))
        .collect();
    let size = fs::metadata(path).expect("the sample").len();
    bencher
        .counter(BytesCount::new(size))
        .bench_local(|| search(&ingest, &messages, &parts, text));
}

/// The peer, with its own start: a millisecond.
#[divan::bench(args = &ASKED[..2], sample_count = 10)]
fn grep(bencher: Bencher<'_, '_>, text: &str) {
    let (_folder, path) = run();
    let size = fs::metadata(&path).expect("the sample").len();
    bencher.counter(BytesCount::new(size)).bench_local(|| {
        let mut command = Command::new("grep");
        command
            .arg("-c")
            .arg(text)
            .arg(&path)
            .output()
            .expect("grep")
    });
}
