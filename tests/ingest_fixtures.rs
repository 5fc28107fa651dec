//! Reads real trees in which every line is known, and compares what arrived with the bytes on disk.

#[path = "support/replay.rs"]
#[allow(dead_code, unreachable_pub, reason = "each test file uses its part")]
mod replay;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use ml_dash_top::ingest::LocalDisk;
use ml_dash_top::record::Layout;
use replay::Replay;

/// Trees as the trackers themselves wrote them: every line is a row.
const WRITTEN: [&str; 4] = ["ml-dash-0.5", "ml-dash-0.6", "ml-dash-0.11", "ml-logger"];

fn lines(path: &Path) -> usize {
    fs::read(path).map_or(0, |bytes| bytes.split(|b| *b == b'\n').count() - 1)
}

#[test]
fn every_line_of_every_recorded_tree_arrives() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let roots = WRITTEN.map(|name| fixtures.join(name));
    let replay = Replay::once(
        Arc::new(LocalDisk),
        &roots.each_ref().map(std::path::PathBuf::as_path),
    );
    assert!(replay.runs.len() > 8, "{:?}", replay.names());
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
    let places: BTreeSet<_> = replay
        .runs
        .iter()
        .map(|run| run.place.as_ref().map(|p| &p.path))
        .collect();
    assert_eq!(places.len(), replay.runs.len(), "each run is listed once");
    assert!(replay.unreadable.is_empty());
}
