//! JSON as Python writes it: NaN and Infinity, lone surrogates, numbers of any length.
//!
//! One record is walked once into a [`Tape`]: a flat list of tokens that point into the bytes.
//! The tape is reused, so that a walk allocates nothing. Nesting is limited; nothing recurses.

pub(crate) use crate::formats::walker::Walk;

use crate::formats::escapes::unescape;
use crate::formats::walker::Walker;
use crate::record::{Number, Value};

/// Deeper nesting than this is no metric, no parameter and no log record.
const MAX_DEPTH: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    /// The key of an object's member; its value follows.
    Key,
    Text,
    Number,
    True,
    False,
    Null,
}

/// One token. `start..end` are the bytes of its content (without quotes for keys and text). The
/// end of a container that was cut off is one byte behind its start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// Whether a key or text holds escapes.
    pub(crate) escaped: bool,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The index of the first token behind this one and all that it contains.
    pub(crate) next: u32,
    /// What a number token is worth.
    pub(crate) number: f64,
}

#[derive(Debug, Default)]
pub(crate) struct Tape {
    nodes: Vec<Node>,
    /// The open containers: their tokens and kinds.
    stack: Vec<(u32, Kind)>,
}

impl Tape {
    /// Walks the one value that starts at `at`.
    pub(crate) fn walk(&mut self, bytes: &[u8], at: usize) -> Walk {
        self.nodes.clear();
        self.stack.clear();
        let outcome = Walker {
            tape: self,
            bytes,
            at,
        }
        .run();
        // A cut-off record leaves containers open: close them, so that what was read can be used.
        while self.close(None) {}
        outcome
    }

    pub(crate) fn node(&self, index: usize) -> Option<&Node> {
        self.nodes.get(index)
    }

    /// The members of the object at `index`: pairs of the key's and the value's index. A key whose
    /// value is missing, in a cut-off record, is left out.
    pub(crate) fn members(&self, index: usize) -> Members<'_> {
        let end = self.nodes.get(index).map_or(0, |node| node.next as usize);
        Members {
            tape: self,
            at: index + 1,
            end,
        }
    }

    /// The elements of the array at `index`.
    pub(crate) fn elements(&self, index: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes.get(index).map_or(0, |node| node.next as usize);
        let mut at = index + 1;
        std::iter::from_fn(move || {
            let current = at;
            at = self.nodes.get(current).filter(|_| current < end)?.next as usize;
            Some(current)
        })
    }

    /// The value of the last member called `key`.
    pub(crate) fn get(&self, bytes: &[u8], object: usize, key: &str) -> Option<usize> {
        let found = self
            .members(object)
            .filter(|(k, _)| self.raw(bytes, *k) == key.as_bytes());
        found.last().map(|(_, value)| value)
    }

    pub(crate) fn raw<'b>(&self, bytes: &'b [u8], index: usize) -> &'b [u8] {
        let range = self
            .nodes
            .get(index)
            .map(|node| node.start as usize..node.end as usize);
        range.and_then(|range| bytes.get(range)).unwrap_or_default()
    }

    /// The content of a key or text, unescaped. Invalid bytes become replacement characters.
    pub(crate) fn text(&self, bytes: &[u8], index: usize) -> String {
        let raw = self.raw(bytes, index);
        if self.nodes.get(index).is_some_and(|node| node.escaped) {
            return unescape(raw);
        }
        String::from_utf8_lossy(raw).into_owned()
    }

    /// The value at `index`, with all that it contains, as an owned tree.
    pub(crate) fn value(&self, bytes: &[u8], index: usize) -> Value {
        let Some(node) = self.nodes.get(index) else {
            return Value::Null;
        };
        match node.kind {
            Kind::Object => Value::Map(
                self.members(index)
                    .map(|(key, value)| (self.text(bytes, key), self.value(bytes, value)))
                    .collect(),
            ),
            Kind::Array => {
                Value::List(self.elements(index).map(|e| self.value(bytes, e)).collect())
            }
            Kind::Key | Kind::Text => Value::Text(self.text(bytes, index)),
            Kind::Number => Value::Number(Number {
                text: String::from_utf8_lossy(self.raw(bytes, index)).into(),
                value: node.number,
            }),
            Kind::True => Value::Bool(true),
            Kind::False => Value::Bool(false),
            Kind::Null => Value::Null,
        }
    }

    /// The kind of the container that is open, if any is.
    #[inline]
    pub(crate) fn innermost(&self) -> Option<Kind> {
        self.stack.last().map(|(_, kind)| *kind)
    }

    /// Opens a container; false when it would lie too deep.
    pub(crate) fn open(&mut self, kind: Kind, at: usize) -> bool {
        if self.stack.len() >= MAX_DEPTH {
            return false;
        }
        self.stack.push((self.nodes.len() as u32, kind));
        self.push(kind, at, at + 1, 0.0);
        true
    }

    /// Closes the innermost container, which ends before `end` unless it was cut off. False when
    /// none is open.
    pub(crate) fn close(&mut self, end: Option<usize>) -> bool {
        let Some((open, _)) = self.stack.pop() else {
            return false;
        };
        let next = self.nodes.len() as u32;
        if let Some(node) = self.nodes.get_mut(open as usize) {
            node.next = next;
            node.end = end.map_or(node.end, |end| end as u32);
        }
        true
    }

    #[inline]
    pub(crate) fn push(&mut self, kind: Kind, start: usize, end: usize, number: f64) {
        self.push_node(kind, start, end, number, false);
    }

    #[inline]
    pub(crate) fn push_text(&mut self, kind: Kind, start: usize, end: usize, escaped: bool) {
        self.push_node(kind, start, end, 0.0, escaped);
    }

    #[inline]
    fn push_node(&mut self, kind: Kind, start: usize, end: usize, number: f64, escaped: bool) {
        let next = self.nodes.len() as u32 + 1;
        let (start, end) = (start as u32, end as u32);
        self.nodes.push(Node {
            kind,
            escaped,
            start,
            end,
            next,
            number,
        });
    }
}

/// See [`Tape::members`].
#[derive(Debug)]
pub(crate) struct Members<'t> {
    tape: &'t Tape,
    at: usize,
    end: usize,
}

impl Iterator for Members<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let (key, value) = (self.at, self.at + 1);
        if value >= self.end {
            return None;
        }
        self.at = self.tape.nodes.get(value)?.next as usize;
        Some((key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Value {
        let mut tape = Tape::default();
        assert_eq!(
            tape.walk(text.as_bytes(), 0),
            Walk::Complete { end: text.len() },
            "{text}"
        );
        tape.value(text.as_bytes(), 0)
    }

    fn outcome(text: &str) -> Walk {
        Tape::default().walk(text.as_bytes(), 0)
    }

    /// Our tree and that of `serde_json`, compared.
    fn agrees(ours: &Value, theirs: &serde_json::Value) -> bool {
        match (ours, theirs) {
            (Value::Null, serde_json::Value::Null) => true,
            (Value::Bool(a), serde_json::Value::Bool(b)) => a == b,
            (Value::Text(a), serde_json::Value::String(b)) => a == b,
            (Value::Number(a), serde_json::Value::Number(b)) => {
                b.as_f64().is_some_and(|b| a.value.to_bits() == b.to_bits())
                    || (a.value == 0.0 && b.as_f64() == Some(0.0))
            }
            (Value::List(a), serde_json::Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b))
            }
            (Value::Map(a), serde_json::Value::Object(b)) => {
                b.iter()
                    .all(|(key, b)| ours.get(key).is_some_and(|a| agrees(a, b)))
                    && a.iter().all(|(key, _)| b.contains_key(key))
            }
            _ => false,
        }
    }

    #[test]
    fn reads_what_python_writes() {
        let value = parse(r#"{"a": NaN, "b": [-Infinity, 1e-320], "c": {"d": null, "e": true}}"#);
        assert!(
            value
                .get("a")
                .and_then(Value::as_f64)
                .is_some_and(f64::is_nan)
        );
        let Some(Value::List(list)) = value.get("b") else {
            panic!("b is a list")
        };
        assert_eq!(list[0].as_f64(), Some(f64::NEG_INFINITY));
        assert_eq!(list[1].as_f64(), Some(1e-320));
        assert_eq!(
            value.get("c").and_then(|c| c.get("e")),
            Some(&Value::Bool(true))
        );
    }

    #[test]
    fn lone_surrogates_are_replaced_and_pairs_joined() {
        assert_eq!(
            parse(r#"{"a":"caf\udce9.png"}"#)
                .get("a")
                .and_then(Value::as_text),
            Some("caf\u{fffd}.png")
        );
        assert_eq!(
            parse(r#"{"a":"\ud83d\ude80"}"#)
                .get("a")
                .and_then(Value::as_text),
            Some("🚀")
        );
        assert_eq!(
            parse(r#"{"a":"\ud83d\u0041"}"#)
                .get("a")
                .and_then(Value::as_text),
            Some("\u{fffd}A")
        );
    }

    #[test]
    fn numbers_keep_their_digits() {
        let Value::Map(entries) = parse(r#"{"big": 1180591620717411303424}"#) else {
            panic!()
        };
        let Value::Number(number) = &entries[0].1 else {
            panic!()
        };
        assert_eq!(&*number.text, "1180591620717411303424");
    }

    #[test]
    fn deep_nesting_is_refused_without_overflow() {
        let deep = "[".repeat(1_000_000);
        assert!(matches!(
            outcome(&deep),
            Walk::Bad {
                why: "nested deeper than 128 levels",
                ..
            }
        ));
    }

    #[test]
    fn python_repr_is_named() {
        for text in ["{'a': 1}", "{\"a\": True}", "{\"a\": 'x'}"] {
            let Walk::Bad { why, .. } = outcome(text) else {
                panic!("{text}")
            };
            assert!(why.contains("Python"), "{text}: {why}");
        }
    }

    #[test]
    fn a_raw_line_break_ends_a_text() {
        assert!(matches!(outcome("{\"a\": \"x\ny\"}"), Walk::Bad { .. }));
        assert!(matches!(outcome("{\"a\": \"x\\\ny\"}"), Walk::Bad { .. }));
    }

    #[test]
    fn what_lies_before_a_cut_can_be_used() {
        let text = r#"{"version": 2, "data": {"ok": 1, "bad": "#;
        let mut tape = Tape::default();
        assert_eq!(tape.walk(text.as_bytes(), 0), Walk::Incomplete);
        let value = tape.value(text.as_bytes(), 0);
        let ok = value
            .get("data")
            .and_then(|data| data.get("ok"))
            .and_then(Value::as_f64);
        assert_eq!(ok, Some(1.0));
        assert_eq!(value.get("data").and_then(|data| data.get("bad")), None);
    }

    fn any_json() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Into::into),
                prop::collection::hash_map(any::<String>(), inner, 0..8)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn agrees_with_serde_json_on_valid_json(value in any_json()) {
            for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
                // A bare scalar at the end of the bytes could go on; a space ends it.
                let text = text + " ";
                let mut tape = Tape::default();
                let complete = matches!(tape.walk(text.as_bytes(), 0), Walk::Complete { .. });
                prop_assert!(complete, "{}", text);
                prop_assert!(agrees(&tape.value(text.as_bytes(), 0), &value), "{}", text);
            }
        }

        #[test]
        fn every_cut_is_incomplete(value in any_json()) {
            let text = serde_json::json!({ "k": value }).to_string();
            for cut in 1..text.len() {
                let walk = Tape::default().walk(&text.as_bytes()[..cut], 0);
                prop_assert_eq!(walk, Walk::Incomplete, "cut at {} of {}", cut, text);
            }
        }

        #[test]
        fn no_bytes_panic(bytes: Vec<u8>) {
            let mut tape = Tape::default();
            tape.walk(&bytes, 0);
            tape.value(&bytes, 0);
        }
    }
}
