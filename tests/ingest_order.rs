//! Messages of one run come in order, whatever thread sent them, and nothing comes after the end.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;

use ml_dash_top::ingest::{self, LocalDisk, Message, Options, Target};
use ml_dash_top::record::Change;

const RUNS: usize = 30;
const ROWS: u32 = 20;
const TIMES: usize = 60;

fn lay_out(root: &Path) {
    let row = |row| format!("{{\"index\": {row}, \"data\": {{\"loss\": 0.{row}}}}}\n");
    let rows = (0..ROWS).map(row).collect::<Vec<_>>().concat();
    for run in 0..RUNS {
        for stream in ["train", "eval"] {
            let folder = root.join(format!("run-{run:02}/metrics/{stream}"));
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("data.jsonl"), &rows).unwrap();
        }
    }
}

/// Several threads hand runs to each other; only many rounds show who forgot to finish first.
#[test]
fn the_last_word_on_a_run_is_the_last_one() {
    let root = tempfile::tempdir().unwrap();
    lay_out(root.path());
    for _ in 0..TIMES {
        let (sender, messages) = channel();
        let options = Options {
            targets: vec![Target::Path(root.path().to_path_buf())],
            threads: 4,
            ..Options::default()
        };
        let reading = ingest::start(Arc::new(LocalDisk), options, move |message| {
            sender.send(message).is_ok()
        });
        let (mut rows, mut ended) = (0, BTreeSet::new());
        for message in &messages {
            match message {
                Message::Changes { run, changes } => {
                    for change in changes {
                        assert!(
                            !ended.contains(&run),
                            "{run:?} was caught up before {change:?}"
                        );
                        match change {
                            Change::Rows { rows: found, .. } => rows += found.count,
                            Change::CaughtUp => assert!(ended.insert(run)),
                            _ => {}
                        }
                    }
                }
                Message::Complete => break,
                _ => {}
            }
        }
        assert_eq!(
            (ended.len(), rows),
            (RUNS, RUNS as u32 * 2 * ROWS),
            "all was said before the end"
        );
        drop(reading);
    }
}
