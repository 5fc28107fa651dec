//! Reads real trees in which every line is known, and compares what arrived with the bytes on disk.

#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ml_dash_top::ingest::LocalDisk;
use ml_dash_top::record::Layout;
use replay::Replay;

/// The folder of recorded trees; it lies beside the repository where there is one.
fn fixtures() -> Option<std::path::PathBuf> {
    let roots = [
        "tests/fixtures",
        "../shared/fixtures",
        "../../shared/fixtures",
    ];
    roots
        .iter()
        .map(|root| Path::new(env!("CARGO_MANIFEST_DIR")).join(root))
        .find(|p| p.is_dir())
}

fn lines(path: &Path) -> usize {
    fs::read(path).map_or(0, |bytes| bytes.iter().filter(|b| **b == b'\n').count())
}

#[test]
fn every_line_of_every_recorded_tree_arrives() {
    let Some(root) = fixtures() else {
        println!("skipped: no recorded trees beside the repository");
        return;
    };
    let replay = Replay::once(Arc::new(LocalDisk), &[&root]);
    assert!(replay.runs.len() > 50, "{:?}", replay.names());
    for run in &replay.runs {
        let place = run.place.as_ref().unwrap();
        assert_eq!(run.caught_up, 1, "{place:?}");
        // There a row is no line.
        let spread = place.path.iter().any(|part| part == "pretty-printed");
        if run.layout == Some(Layout::Epochs) || spread {
            continue;
        }
        for stream in &run.streams {
            let path = place.path.join(&stream.file);
            assert_eq!(stream.rows.len(), lines(&path), "{path:?}");
        }
        let logs = ["logs.jsonl", "logs/logs.jsonl"].map(|name| lines(&place.path.join(name)));
        assert_eq!(
            run.log_offsets.len(),
            logs.iter().sum::<usize>(),
            "{place:?}"
        );
    }
    let mut names = replay.names();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), replay.runs.len(), "each run is listed once");
    assert!(replay.unreadable.is_empty());
}
