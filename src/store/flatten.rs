//! Nested values as flat dotted keys.

use std::collections::BTreeSet;

use crate::record::{Number, Value};

/// Maps below this depth stay values.
const DEPTH: usize = 64;

/// The leaves of a value with their dotted keys, in the order of the document; of equal keys of a
/// map the last one counts. A map without entries is a leaf; a root that is no map has no leaves.
pub(super) fn flatten(prefix: &str, value: Value) -> Vec<(String, Value)> {
    let mut leaves = Vec::new();
    match value {
        Value::Map(entries) if prefix.is_empty() => below(prefix, entries, DEPTH, &mut leaves),
        value if prefix.is_empty() => drop(value),
        value => leaf_or_below(prefix.to_owned(), value, DEPTH, &mut leaves),
    }
    leaves
}

fn below(
    prefix: &str,
    entries: Vec<(String, Value)>,
    depth: usize,
    leaves: &mut Vec<(String, Value)>,
) {
    let mut last = vec![true; entries.len()];
    let mut seen = BTreeSet::new();
    for (at, (key, _)) in entries.iter().enumerate().rev() {
        last[at] = seen.insert(key.as_str());
    }
    drop(seen);
    for ((key, value), _) in entries.into_iter().zip(last).filter(|(_, last)| *last) {
        let key = if prefix.is_empty() {
            key
        } else {
            format!("{prefix}.{key}")
        };
        leaf_or_below(key, value, depth, leaves);
    }
}

fn leaf_or_below(key: String, value: Value, depth: usize, leaves: &mut Vec<(String, Value)>) {
    match value {
        Value::Map(entries) if !entries.is_empty() && depth > 0 => {
            below(&key, entries, depth - 1, leaves);
        }
        value => leaves.push((key, value)),
    }
}

/// Whether two values are written alike: unlike `==`, a NaN is the same as a NaN.
pub(super) fn same(one: &Value, two: &Value) -> bool {
    match (one, two) {
        (Value::Number(one), Value::Number(two)) => one.text == two.text,
        (Value::List(one), Value::List(two)) => {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| same(one, two))
        }
        (Value::Map(one), Value::Map(two)) => {
            let pairs = || one.iter().zip(two);
            one.len() == two.len()
                && pairs().all(|(one, two)| one.0 == two.0 && same(&one.1, &two.1))
        }
        _ => one == two,
    }
}

/// The memory of a value, roughly.
pub(super) fn weight(value: &Value) -> usize {
    let inside = match value {
        Value::Null | Value::Bool(_) => 0,
        Value::Number(Number { text, .. }) => text.len(),
        Value::Text(text) => text.len(),
        Value::List(items) => items.iter().map(weight).sum(),
        Value::Map(entries) => entries
            .iter()
            .map(|(key, value)| key.len() + 24 + weight(value))
            .sum(),
    };
    size_of::<Value>() + inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_equal_keys_counts() {
        let inner = Value::Map(vec![("b".into(), Value::Bool(true))]);
        let entries = vec![
            ("a".into(), Value::Null),
            ("c".into(), Value::Null),
            ("a".into(), inner),
        ];
        let leaves = flatten("", Value::Map(entries));
        assert_eq!(
            leaves,
            [("c".into(), Value::Null), ("a.b".into(), Value::Bool(true))]
        );
        assert!(flatten("", Value::Bool(true)).is_empty());
        assert_eq!(flatten("x.y", Value::Null), [("x.y".into(), Value::Null)]);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = (0..100).fold(Value::Null, |inner, _| {
            Value::Map(vec![("a".into(), inner)])
        });
        let leaves = flatten("", deep);
        assert_eq!(leaves.len(), 1);
        assert_eq!(leaves[0].0.len(), 2 * DEPTH + 1);
        assert!(matches!(leaves[0].1, Value::Map(_)));
    }

    #[test]
    fn a_nan_is_the_same_as_a_nan() {
        let nan = || {
            Value::List(vec![Value::Number(Number {
                text: "NaN".into(),
                value: f64::NAN,
            })])
        };
        assert!(same(&nan(), &nan()));
        assert!(!same(&nan(), &Value::List(vec![])));
    }
}
