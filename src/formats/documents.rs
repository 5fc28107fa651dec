//! What documents of all trackers have in common: read whole, and used as far as they go.

use crate::formats::json::{Tape, Walk};
use crate::formats::rows::flatten;
use crate::formats::{Completeness, Flaw, time};
use crate::record::Value;

/// A document as a tree, as far as it could be read.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The object; `None` when there is none to speak of.
    pub(crate) root: Option<Value>,
    pub(crate) completeness: Completeness,
}

impl Parsed {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut tape = Tape::default();
        let (start, completeness) = walk(&mut tape, bytes);
        let has_root =
            start.is_some() && !matches!(completeness, Completeness::Empty | Completeness::Bad(_));
        Self {
            root: has_root.then(|| tape.value(bytes, 0)),
            completeness,
        }
    }
}

/// Walks the object that a document consists of. Returns where it starts.
pub(crate) fn walk(tape: &mut Tape, bytes: &[u8]) -> (Option<usize>, Completeness) {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").map_or(0, |_| 3);
    let is_blank = |b: &u8| b.is_ascii_whitespace() || *b == 0;
    let Some(first) = bytes[start..].iter().position(|b| !is_blank(b)) else {
        return (None, Completeness::Empty);
    };
    let start = start + first;
    let flaw = |at: usize, reason: String| Flaw {
        offset: at as u64,
        reason,
    };
    if bytes[start] != b'{' {
        return (
            None,
            Completeness::Bad(flaw(start, "not a JSON object".to_owned())),
        );
    }
    let completeness = match tape.walk(bytes, start) {
        Walk::Complete { .. } => Completeness::Whole,
        Walk::Incomplete => Completeness::Cut(flaw(
            bytes.len(),
            "the document is cut off; what lies before the cut was read".to_owned(),
        )),
        Walk::Bad { at, why } => Completeness::Bad(flaw(at, why.to_owned())),
    };
    (Some(start), completeness)
}

/// The moment under `key`, whatever its spelling.
pub(crate) fn moment_of(object: &Value, key: &str) -> Option<f64> {
    match object.get(key)? {
        Value::Number(number) => time::from_number(number.value),
        Value::Text(text) => time::from_text(text.as_bytes()),
        _ => None,
    }
}

/// The text under `key`, if there is one and it is not empty.
pub(crate) fn text_of(object: &Value, key: &str) -> Option<String> {
    object
        .get(key)
        .and_then(Value::as_text)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// What a document says beside the `known` keys, flat, without what says nothing.
pub(crate) fn remainder(root: Value, known: &[&str]) -> Vec<(String, Value)> {
    let mut rest = Vec::new();
    if let Value::Map(entries) = root {
        for (key, value) in entries {
            if !known.contains(&key.as_str()) && says_something(&value) {
                flatten(key, value, &mut rest);
            }
        }
    }
    rest
}

/// Whether a value says anything: not null, not an empty text, list or map.
pub(crate) fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Text(text) => !text.is_empty(),
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        _ => true,
    }
}
