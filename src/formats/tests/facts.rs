//! What formats mean, case by case: roles, layouts, steps, limits.

use std::path::Path;

use super::super::*;
use super::read;
use crate::record::{ParamOp, Value};

#[test]
fn regular_lines_take_the_fast_path() {
    let line = |i: u32| {
        format!(
            "{{\"index\": {i}, \"data\": {{\"value\": 0.{i}, \"epoch\": {}}}}}\n",
            i / 3
        )
    };
    let text: String = (0..100).map(line).collect();
    let mut decoder = RowDecoder::new(StreamKind::Metric);
    decoder.decode(text.as_bytes(), 0, true, &mut |_| {});
    assert_eq!(decoder.shapes_learned(), 1);
}

#[test]
fn roles_follow_from_paths() {
    let rows = |stream: &str, kind| {
        Some(Role::Rows {
            stream: stream.to_owned(),
            kind,
        })
    };
    let cases = [
        ("metrics/None/data.jsonl", rows("", StreamKind::Metric)),
        (
            "metrics/train/data.jsonl",
            rows("train", StreamKind::Metric),
        ),
        (
            "metrics/train/loss/data.jsonl",
            rows("train/loss", StreamKind::Metric),
        ),
        ("metrics/loss.jsonl", rows("loss", StreamKind::Metric)),
        (
            "tracks/robot/data.jsonl",
            rows("tracks/robot", StreamKind::Track),
        ),
        ("metrics.jsonl", rows("metrics.jsonl", StreamKind::Metric)),
        ("logs/logs.jsonl", Some(Role::Logs)),
        (
            "parameters/parameters.json",
            Some(Role::Document(Document::Parameters)),
        ),
        ("metrics/train/metadata.json", None),
        ("metrics/train/.metadata.lock", None),
        ("files/data.jsonl", None),
        ("../metrics.jsonl", None),
    ];
    for (path, expected) in cases {
        assert_eq!(role(Path::new(path)), expected, "{path}");
    }
}

#[test]
fn layouts_follow_from_shapes() {
    type Files = &'static [(&'static str, &'static str)];
    let cases: [(Files, Option<Layout>); 12] = [
        (
            &[(
                "experiment.json",
                "{\"name\": \"x\", \"prefix\": \"a/b/x\"}",
            )],
            Some(Layout::Prefix),
        ),
        (
            &[("experiment.json", "{\"name\": \"x\", \"folder\": null}")],
            Some(Layout::Folder),
        ),
        (
            &[(
                "experiment.json",
                "{\"id\": \"e\", \"status\": \"created\"}",
            )],
            Some(Layout::Epochs),
        ),
        (&[("experiment.json", "{\"other\": 1}")], None),
        (
            &[("metrics.json", "{\"epochs\": []}")],
            Some(Layout::Epochs),
        ),
        (&[("metrics.json", "{\"accuracy\": 1}")], None),
        (
            &[(
                "metrics.jsonl",
                "{\"timestamp\": 1, \"metrics\": {\"loss\": 1}}\n",
            )],
            Some(Layout::MlLogger),
        ),
        (
            &[("metrics.jsonl", "{\"train/loss\": 1}\n")],
            Some(Layout::Flat),
        ),
        (&[(".ml-logger.meta.json", "{}")], Some(Layout::MlLogger)),
        (
            &[(
                "metrics/train/data.jsonl",
                "{\"data\": {\"loss\": 1, \"_ts\": 1}}\n",
            )],
            Some(Layout::Prefix),
        ),
        (
            &[("metrics/train/data.jsonl", "{\"data\": {\"loss\": 1}}\n")],
            Some(Layout::Folder),
        ),
        (
            &[("parameters.json", "{\"version\": 1, \"data\": {}}")],
            Some(Layout::Folder),
        ),
    ];
    for (files, expected) in cases {
        let paths: Vec<&Path> = files.iter().map(|(path, _)| Path::new(*path)).collect();
        let content = |path: &Path| {
            files
                .iter()
                .find(|(name, _)| path == Path::new(name))
                .map(|(_, text)| text.as_bytes().to_vec())
        };
        let layout = recognise(&paths, &mut |path| content(path).unwrap_or_default());
        assert_eq!(layout, expected, "{files:?}");
    }
}

#[test]
fn a_cut_off_document_gives_what_lies_before_the_cut() {
    let (pieces, completeness) = read_document(
        Document::Parameters,
        b"{\"version\": 2, \"data\": {\"ok\": 1, \"bad\": ",
    );
    assert!(matches!(completeness, Completeness::Cut(_)));
    let Piece::Params(change) = &pieces[0] else {
        panic!("{pieces:?}")
    };
    let ParamOp::Set(Value::Map(all)) = &change.op else {
        panic!("{change:?}")
    };
    assert_eq!(all.len(), 1);
    assert_eq!(
        read_document(Document::Parameters, b" \n\0").1,
        Completeness::Empty
    );
    let (pieces, _) = read_document(
        Document::Epochs,
        b"{\"epochs\": [{\"epoch\": 1, \"val_loss\": 2.5}, {\"epoch\": 2",
    );
    let rows: u32 = pieces
        .iter()
        .map(|piece| {
            if let Piece::Rows(rows) = piece {
                rows.count
            } else {
                0
            }
        })
        .sum();
    assert_eq!(rows, 1);
}

#[test]
fn steps_come_from_the_best_key() {
    let text = "{\"epoch\": 1, \"step\": 30, \"loss\": 1}\n{\"step\": \"3\"}\n{\"epoch\": 0.5}\n{\"step\": 1e3}\n{\"loss\": 1}\n{\"step\": NaN}\n{\"step\": -1}\n";
    let said = read(RowDecoder::new(StreamKind::Metric), text.as_bytes(), &[]);
    let steps: Vec<Option<f64>> = said
        .steps
        .iter()
        .map(|step| step.map(f64::from_bits))
        .collect();
    assert_eq!(
        steps,
        [
            Some(30.0),
            Some(3.0),
            Some(0.5),
            Some(1000.0),
            None,
            None,
            Some(-1.0)
        ]
    );
}

#[test]
fn too_many_keys_are_capped_and_said() {
    let row: Vec<String> = (0..10_000).map(|i| format!("\"k{i}\": {i}")).collect();
    let text = format!("{{{}}}\n", row.join(", ")).repeat(3);
    let said = read(RowDecoder::new(StreamKind::Metric), text.as_bytes(), &[]);
    assert_eq!(
        (said.rows.len(), said.rows[2].len(), said.flaws.len()),
        (3, 2_000, 1)
    );
    assert!(
        said.flaws[0].reason.ends_with("this row has 8000 more"),
        "{:?}",
        said.flaws
    );
}

#[test]
fn a_download_shows_itself() {
    let mut layouts = Vec::new();
    let text =
        "{\"index\": 0, \"data\": {\"loss\": null}, \"createdAt\": \"2026-11-20T07:23:50.278Z\"}\n";
    RowDecoder::new(StreamKind::Metric).decode(text.as_bytes(), 0, true, &mut |piece| {
        if let Piece::Layout(layout) = piece {
            layouts.push(layout);
        }
    });
    assert_eq!(layouts, [Layout::Download]);
}
