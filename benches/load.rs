//! Loading: files on disk → a store that is complete, through threads and channel, beside reading the
//! same bytes and doing nothing with them.

mod support;

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use ml_dash_top::ingest::{self, LocalDisk, Message, Options, Target};
use ml_dash_top::store::Store;
use tempfile::TempDir;

/// What `--max-mem` is when nobody says otherwise.
const BUDGET: usize = 256 << 20;
const MILLION: usize = 1_000_000;

fn main() {
    divan::main();
}

/// Reads everything below `path` into a store and returns how many rows there are.
fn load(path: &Path) -> u64 {
    let (sender, messages) = sync_channel(64);
    let options = Options {
        targets: vec![Target::Path(path.to_path_buf())],
        ..Options::default()
    };
    let _reading = ingest::start(Arc::new(LocalDisk), options, move |message| {
        sender.send(message).is_ok()
    });
    let mut store = Store::new(BUDGET);
    for message in messages {
        match message {
            Message::Batch(batch) => store.apply(batch),
            Message::Complete => break,
            _ => {}
        }
    }
    store.runs().iter().map(ml_dash_top::store::Run::rows).sum()
}

fn one_file(name: &str, text: &str) -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    fs::write(&path, text).expect("room for the sample");
    (folder, path)
}

#[divan::bench(args = [1, 10], sample_count = 10)]
fn million_rows_indexed(bencher: Bencher<'_, '_>, millions: usize) {
    let rows = millions * MILLION;
    let (_folder, path) = one_file("rows.jsonl", &support::indexed(rows));
    bencher
        .counter(ItemsCount::new(rows))
        .bench(|| assert_eq!(load(&path), rows as u64));
}

#[divan::bench(sample_count = 10)]
fn million_rows_stamped(bencher: Bencher<'_, '_>) {
    let (_folder, path) = one_file("rows.jsonl", &support::stamped(MILLION));
    bencher
        .counter(ItemsCount::new(MILLION))
        .bench(|| assert_eq!(load(&path), MILLION as u64));
}

#[divan::bench(sample_count = 10)]
fn million_rows_irregular(bencher: Bencher<'_, '_>) {
    let (_folder, path) = one_file("rows.jsonl", &support::irregular(MILLION));
    bencher
        .counter(ItemsCount::new(MILLION))
        .bench(|| assert_eq!(load(&path), MILLION as u64));
}

/// 500 runs of four streams with 500 rows each: many small files.
#[divan::bench(sample_count = 10)]
fn runs_500(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = support::indexed(500);
    for run in 0..500 {
        for stream in ["train.loss", "train.accuracy", "eval.loss", "lr"] {
            let path = folder.path().join(format!(
                "project-{:02}/exp-{run:04}/metrics/{stream}",
                run / 50
            ));
            fs::create_dir_all(&path).expect("a folder for the stream");
            fs::write(path.join("data.jsonl"), &text).expect("room for the sample");
        }
    }
    bencher
        .counter(ItemsCount::new(MILLION))
        .bench(|| assert_eq!(load(folder.path()), MILLION as u64));
}

/// The least that any reader must do: every byte through one buffer, counting lines.
#[divan::bench(args = [1, 10], sample_count = 10)]
fn million_lines_counted(bencher: Bencher<'_, '_>, millions: usize) {
    let rows = millions * MILLION;
    let (_folder, path) = one_file("rows.jsonl", &support::indexed(rows));
    let mut buffer = vec![0; 256 << 10];
    bencher.counter(ItemsCount::new(rows)).bench_local(|| {
        let mut file = File::open(&path).expect("the sample");
        let mut lines = 0;
        loop {
            let length = file.read(&mut buffer).expect("a readable sample");
            if length == 0 {
                break;
            }
            lines += memchr::memchr_iter(b'\n', black_box(&buffer[..length])).count();
        }
        assert_eq!(lines, rows);
    });
}
