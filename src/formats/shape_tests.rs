//! What files and folders are recognised by.

use super::*;

pub(super) fn role_of(path: &str) -> Role {
    role(Path::new(path)).unwrap_or_else(|| panic!("{path} has no role"))
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
