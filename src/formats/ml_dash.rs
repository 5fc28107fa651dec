//! ml-dash: a directory for each stream below `metrics/`, logs, tracks and parameters beside it.

use crate::formats::documents::{Parsed, moment_of, remainder, says_something, text_of};
use crate::formats::{Completeness, Document, Evidence, Format, Piece, Role, epochs};
use crate::record::{Facts, Layout, SavedFile, StreamKind, Value};

pub(crate) const FORMAT: Format = Format { role, claim };

fn role(path: &[&str]) -> Option<Role> {
    match path {
        ["experiment.json"] => Some(Role::Document(Document::Experiment)),
        ["parameters.json"] | ["parameters", "parameters.json"] => {
            Some(Role::Document(Document::Parameters))
        }
        ["files", ".files_metadata.json"] => Some(Role::Document(Document::FilesIndex)),
        ["logs", "logs.jsonl"] => Some(Role::Logs),
        ["metrics", inner @ ..] => Some(Role::Rows {
            stream: stream_name(inner)?,
            kind: StreamKind::Metric,
        }),
        ["tracks", inner @ ..] => {
            let stream = format!("tracks/{}", stream_name(inner)?);
            Some(Role::Rows {
                stream,
                kind: StreamKind::Track,
            })
        }
        _ => None,
    }
}

/// `train/loss/data.jsonl` is the stream `train/loss`, `loss.jsonl` is `loss`. The directory `None`
/// holds the stream that has no name.
fn stream_name(path: &[&str]) -> Option<String> {
    let (file, directories) = path.split_last()?;
    match (*file, directories) {
        ("data.jsonl", [] | ["None"]) => Some(String::new()),
        ("data.jsonl", directories) => Some(directories.join("/")),
        (file, directories) => {
            let name = file
                .strip_suffix(".jsonl")
                .filter(|name| !name.is_empty())?;
            let names: Vec<&str> = directories.iter().copied().chain([name]).collect();
            Some(names.join("/"))
        }
    }
}

/// The document tells which release wrote it. Without it, rows below `metrics/` are enough: a
/// program that changed its directory leaves such orphans.
fn claim(evidence: &mut Evidence<'_>) -> Option<Layout> {
    if let Some(document) = evidence.first_object("experiment.json") {
        if document.get("prefix").is_some() {
            return Some(Layout::Prefix);
        }
        if document.get("folder").is_some() || document.get("name").is_some() {
            return Some(Layout::Folder);
        }
    }
    if let Some(rows) = evidence.first_in(&["metrics", "tracks"]) {
        let has_own_time = |row: &Value| {
            row.get("data")
                .is_some_and(|data| data.get("_ts").is_some())
        };
        let current = evidence
            .first_object(&rows)
            .as_ref()
            .is_some_and(has_own_time);
        return Some(if current {
            Layout::Prefix
        } else {
            Layout::Folder
        });
    }
    let parameters = ["parameters.json", "parameters/parameters.json"];
    let has_parameters = |evidence: &mut Evidence<'_>| {
        parameters.iter().any(|name| {
            evidence
                .first_object(name)
                .is_some_and(|document| document.get("data").is_some())
        })
    };
    (evidence.has("logs/logs.jsonl") || has_parameters(evidence)).then_some(Layout::Folder)
}

/// Reads `experiment.json`, of this tracker or of the per-epoch writer, which uses the same name.
pub(crate) fn experiment(bytes: &[u8]) -> (Vec<Piece>, Completeness) {
    let parsed = Parsed::of(bytes);
    let Some(root) = parsed.root else {
        return (Vec::new(), parsed.completeness);
    };
    if epochs::is_experiment(&root) {
        return (epochs::experiment(root), parsed.completeness);
    }
    let layout = match (root.get("prefix"), root.get("folder")) {
        (Some(_), _) => Some(Layout::Prefix),
        (None, Some(_)) => Some(Layout::Folder),
        (None, None) => None,
    };
    let mut pieces = vec![Piece::Facts(facts(root))];
    pieces.extend(layout.map(Piece::Layout));
    (pieces, parsed.completeness)
}

fn facts(root: Value) -> Facts {
    const OWN: [&str; 6] = [
        "name",
        "project",
        "description",
        "tags",
        "created_at",
        "updated_at",
    ];
    let tags = match root.get("tags") {
        Some(Value::List(tags)) => tags
            .iter()
            .filter_map(Value::as_text)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    };
    // A prefix of three and more parts starts with the owner.
    let prefix = root
        .get("prefix")
        .and_then(Value::as_text)
        .unwrap_or_default();
    let owner = prefix
        .split('/')
        .next()
        .filter(|_| prefix.matches('/').count() >= 2);
    let mut facts = Facts {
        name: text_of(&root, "name"),
        owner: owner.map(str::to_owned),
        project: text_of(&root, "project"),
        description: text_of(&root, "description"),
        tags,
        created: moment_of(&root, "created_at"),
        updated: moment_of(&root, "updated_at"),
        ..Facts::default()
    };
    facts.more = remainder(root, &OWN);
    facts
}

/// Reads `files/.files_metadata.json`. Files that were deleted are left out.
pub(crate) fn files(bytes: &[u8]) -> (Vec<Piece>, Completeness) {
    let parsed = Parsed::of(bytes);
    let Some(root) = parsed.root else {
        return (Vec::new(), parsed.completeness);
    };
    let entries = match root.get("files") {
        Some(Value::List(entries)) => entries.as_slice(),
        _ => &[],
    };
    let kept = entries
        .iter()
        .filter(|entry| !entry.get("deletedAt").is_some_and(says_something));
    (
        vec![Piece::Files(kept.filter_map(saved_file).collect())],
        parsed.completeness,
    )
}

fn saved_file(entry: &Value) -> Option<SavedFile> {
    let name = entry.get("filename").and_then(Value::as_text)?;
    let folder = entry
        .get("path")
        .and_then(Value::as_text)
        .unwrap_or_default()
        .trim_matches('/');
    let path = if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    };
    let size = entry
        .get("sizeBytes")
        .and_then(Value::as_f64)
        .filter(|size| *size >= 0.0)
        .unwrap_or(0.0) as u64;
    Some(SavedFile {
        path,
        size,
        time: moment_of(entry, "uploadedAt"),
    })
}
