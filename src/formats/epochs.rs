//! The per-epoch writer: `metrics.json` with a list of epochs, written anew after each of them, and
//! an `experiment.json` of its own kind that knows the state of the run.

use crate::formats::documents::{self, moment_of, says_something, text_of};
use crate::formats::json::{Kind, Tape};
use crate::formats::rows::{RowDecoder, flatten};
use crate::formats::{Completeness, Document, Evidence, Flaw, Format, Piece, Role, ml_logger};
use crate::record::{Facts, Layout, ParamChange, ParamOp, RunError, StreamKind, Value};

pub(crate) const FORMAT: Format = Format { role, claim };

/// The stream's name is that of its file.
pub const STREAM: &str = "metrics.json";

/// Facts of `experiment.json`; its objects are parameters, what else it says is kept beside them.
const FACTS: [&str; 7] = [
    "name",
    "description",
    "created_at",
    "status",
    "started_at",
    "completed_at",
    "error",
];
/// What the run found out, not what it was told.
const RESULTS: [&str; 5] = [
    "id",
    "best_epoch",
    "best_checkpoint_path",
    "best_metric",
    "final_metrics",
];

fn role(path: &[&str]) -> Option<Role> {
    match path {
        ["metrics.json"] => Some(Role::Document(Document::Epochs)),
        ["experiment.json"] => Some(Role::Document(Document::Experiment)),
        _ => None,
    }
}

fn claim(evidence: &mut Evidence<'_>) -> Option<Layout> {
    let of_this_kind = evidence
        .first_object("experiment.json")
        .is_some_and(|root| is_experiment(&root));
    let has_epochs = |evidence: &mut Evidence<'_>| {
        let root = evidence.first_object("metrics.json")?;
        matches!(root.get("epochs"), Some(Value::List(_))).then_some(())
    };
    (of_this_kind || has_epochs(evidence).is_some()).then_some(Layout::Epochs)
}

/// Whether an `experiment.json` is of this writer: ml-dash writes neither key.
pub(crate) fn is_experiment(root: &Value) -> bool {
    root.get("id").is_some() && root.get("status").is_some()
}

pub(crate) fn experiment(root: Value) -> Vec<Piece> {
    let error = root
        .get("error")
        .filter(|error| says_something(error))
        .map(|error| RunError {
            kind: text_of(error, "type"),
            message: text_of(error, "message").or_else(|| error.as_text().map(str::to_owned)),
            traceback: text_of(error, "traceback"),
        });
    let mut facts = Facts {
        name: text_of(&root, "name"),
        description: text_of(&root, "description"),
        status: root
            .get("status")
            .and_then(Value::as_text)
            .and_then(ml_logger::status),
        created: moment_of(&root, "created_at"),
        started: moment_of(&root, "started_at"),
        completed: moment_of(&root, "completed_at"),
        error,
        ..Facts::default()
    };
    let time = facts.created;
    let mut params = Vec::new();
    if let Value::Map(entries) = root {
        for (key, value) in entries {
            if RESULTS.contains(&key.as_str()) && says_something(&value) {
                flatten(key, value, &mut facts.more);
            } else if !RESULTS.contains(&key.as_str()) && !FACTS.contains(&key.as_str()) {
                params.push((key, value));
            }
        }
    }
    let change = ParamChange {
        time,
        op: ParamOp::Set(Value::Map(params)),
    };
    vec![
        Piece::Facts(facts),
        Piece::Params(change),
        Piece::Layout(Layout::Epochs),
    ]
}

/// Reads `metrics.json`: every epoch is a row.
pub(crate) fn metrics(bytes: &[u8]) -> (Vec<Piece>, Completeness) {
    let mut tape = Tape::default();
    let (start, completeness) = documents::walk(&mut tape, bytes);
    if start.is_none() || matches!(completeness, Completeness::Empty | Completeness::Bad(_)) {
        return (Vec::new(), completeness);
    }
    let list = tape.get(bytes, 0, "epochs");
    let list = list.filter(|node| {
        tape.node(*node)
            .is_some_and(|node| node.kind == Kind::Array)
    });
    let Some(list) = list else {
        let reason = "no list called \"epochs\": not metrics of epochs".to_owned();
        let bad = Completeness::Bad(Flaw { offset: 0, reason });
        return (
            Vec::new(),
            if completeness == Completeness::Whole {
                bad
            } else {
                completeness
            },
        );
    };
    let mut pieces = Vec::new();
    let mut places = Vec::new();
    for node in tape.elements(list).filter_map(|element| tape.node(element)) {
        let place = node.start as usize..node.end as usize;
        match node.kind {
            // An epoch that was cut off has no end; the document says so as a whole.
            Kind::Object if place.len() > 1 => places.push(place),
            Kind::Object => {}
            _ => pieces.push(Piece::Flaw(Flaw {
                offset: u64::from(node.start),
                reason: "an epoch that is no object".to_owned(),
            })),
        }
    }
    RowDecoder::new(StreamKind::Metric).objects(bytes, &places, &mut |piece| pieces.push(piece));
    (pieces, completeness)
}
