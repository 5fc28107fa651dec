//! ML-Logger: one directory with `metrics.jsonl`, `logs.jsonl`, `parameters.jsonl` and a document
//! that knows the state of the run.

use crate::formats::documents::{Parsed, moment_of, remainder, text_of};
use crate::formats::{Completeness, Document, Evidence, Format, Piece, Role};
use crate::record::{Facts, Layout, Status, StreamKind, Value};

pub(crate) const FORMAT: Format = Format { role, claim };

fn role(path: &[&str]) -> Option<Role> {
    match path {
        ["metrics.jsonl"] => Some(Role::Rows {
            stream: "metrics.jsonl".to_owned(),
            kind: StreamKind::Metric,
        }),
        ["logs.jsonl"] => Some(Role::Logs),
        ["parameters.jsonl"] => Some(Role::ParamLog),
        [".ml-logger.meta.json"] => Some(Role::Document(Document::LoggerMeta)),
        _ => None,
    }
}

/// The document, or the operations, or rows in this tracker's envelope.
fn claim(evidence: &mut Evidence<'_>) -> Option<Layout> {
    let telling = [".ml-logger.meta.json", "parameters.jsonl", "logs.jsonl"];
    let enveloped = |evidence: &mut Evidence<'_>| {
        matches!(
            evidence.first_object("metrics.jsonl")?.get("metrics"),
            Some(Value::Map(_))
        )
        .then_some(())
    };
    if telling.iter().any(|name| evidence.has(name)) || enveloped(evidence).is_some() {
        return Some(Layout::MlLogger);
    }
    None
}

/// Reads `.ml-logger.meta.json`.
pub(crate) fn meta(bytes: &[u8]) -> (Vec<Piece>, Completeness) {
    const OWN: [&str; 9] = [
        "namespace",
        "workspace",
        "prefix",
        "readme",
        "status",
        "started_at",
        "completed_at",
        "hostname",
        "updated_at",
    ];
    let parsed = Parsed::of(bytes);
    let Some(root) = parsed.root else {
        return (Vec::new(), parsed.completeness);
    };
    let mut facts = Facts {
        name: text_of(&root, "prefix"),
        owner: text_of(&root, "namespace"),
        project: text_of(&root, "workspace"),
        readme: text_of(&root, "readme"),
        host: text_of(&root, "hostname"),
        status: root.get("status").and_then(Value::as_text).and_then(status),
        started: moment_of(&root, "started_at"),
        completed: moment_of(&root, "completed_at"),
        updated: moment_of(&root, "updated_at"),
        ..Facts::default()
    };
    facts.more = remainder(root, &OWN);
    (vec![Piece::Facts(facts)], parsed.completeness)
}

/// The states that trackers write, in all their words.
pub(crate) fn status(word: &str) -> Option<Status> {
    match word.to_ascii_lowercase().as_str() {
        "created" | "pending" | "queued" | "initialized" => Some(Status::Pending),
        "running" | "training" | "started" | "in_progress" | "resumed" => Some(Status::Running),
        "completed" | "finished" | "done" | "success" | "succeeded" => Some(Status::Completed),
        "failed" | "error" | "crashed" | "killed" => Some(Status::Failed),
        "cancelled" | "canceled" | "aborted" | "stopped" => Some(Status::Cancelled),
        _ => None,
    }
}
