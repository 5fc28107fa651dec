//! The fields of a record as a tree that can be folded.

use std::collections::BTreeSet;

use crate::record::Value;

/// Deeper values are shown as one text: nothing may nest without end.
const DEEPEST: usize = 8;
/// Nobody reads more than so many.
const MOST: usize = 10_000;

/// A line of the tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field<'a> {
    pub(super) depth: usize,
    pub(super) name: String,
    /// Its whole name, dotted.
    pub(super) id: String,
    pub(super) content: Content<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content<'a> {
    Value(&'a Value),
    Group { members: usize, is_open: bool },
}

/// A name, whole and as far as it is left below the groups that it is in, and its value.
type Leaf<'a> = (String, &'a str, &'a Value);

/// The fields with those that belong together in groups: the members of a map, and names that begin
/// with the same word before a dot.
pub(super) fn tree<'a>(fields: &'a [(String, Value)], closed: &BTreeSet<String>) -> Vec<Field<'a>> {
    let leaves = fields.iter().take(MOST);
    let leaves: Vec<Leaf<'a>> = leaves
        .map(|(key, value)| (key.clone(), key.as_str(), value))
        .collect();
    let mut lines = Vec::new();
    level(&leaves, 0, closed, &mut lines);
    lines
}

fn level<'a>(
    leaves: &[Leaf<'a>],
    depth: usize,
    closed: &BTreeSet<String>,
    lines: &mut Vec<Field<'a>>,
) {
    let mut rest = leaves;
    while let Some((id, name, value)) = rest.first() {
        if lines.len() >= MOST {
            return;
        }
        let head = head(name).filter(|_| depth < DEEPEST);
        let same = |(_, other, _): &&Leaf<'_>| head.is_some() && self::head(other) == head;
        let length = rest.iter().take_while(same).count();
        if let Some(head) = head.filter(|_| length > 1) {
            let cut = head.len() + 1;
            let id = &id[..id.len() - (name.len() - head.len())];
            let below: Vec<Leaf<'a>> = rest[..length]
                .iter()
                .map(|(id, name, value)| (id.clone(), &name[cut..], *value))
                .collect();
            group(id, head, &below, depth, closed, lines);
        } else {
            match value {
                Value::Map(members) if !members.is_empty() && depth < DEEPEST => {
                    let below = members.iter().take(MOST);
                    let below: Vec<Leaf<'a>> = below
                        .map(|(key, value)| (format!("{id}.{key}"), key.as_str(), value))
                        .collect();
                    group(id, name, &below, depth, closed, lines);
                }
                _ => lines.push(Field {
                    depth,
                    name: (*name).to_owned(),
                    id: id.clone(),
                    content: Content::Value(value),
                }),
            }
        }
        rest = &rest[length.max(1)..];
    }
}

fn group<'a>(
    id: &str,
    name: &str,
    below: &[Leaf<'a>],
    depth: usize,
    closed: &BTreeSet<String>,
    lines: &mut Vec<Field<'a>>,
) {
    let is_open = !closed.contains(id);
    lines.push(Field {
        depth,
        name: name.to_owned(),
        id: id.to_owned(),
        content: Content::Group {
            members: below.len(),
            is_open,
        },
    });
    if is_open {
        level(below, depth + 1, closed, lines);
    }
}

/// The first part of a dotted name, if there is something before the dot and behind it.
fn head(name: &str) -> Option<&str> {
    let (head, rest) = name.split_once('.')?;
    (!head.is_empty() && !rest.is_empty()).then_some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(fields: &[(String, Value)], closed: &[&str]) -> Vec<String> {
        let closed = closed.iter().map(|id| (*id).to_owned()).collect();
        let line = |field: Field<'_>| {
            let indent = "  ".repeat(field.depth);
            match field.content {
                Content::Value(_) => format!("{indent}{} {}", field.name, field.id),
                Content::Group { members, is_open } => {
                    let sign = if is_open { '-' } else { '+' };
                    format!("{indent}{sign} {} {} {members}", field.name, field.id)
                }
            }
        };
        tree(fields, &closed).into_iter().map(line).collect()
    }

    fn nested() -> Vec<(String, Value)> {
        let field = |key: &str, value| (key.to_owned(), value);
        let inner = Value::Map(vec![field("a.b", Value::Null), field("a.c", Value::Null)]);
        vec![
            field("gpu.name", Value::Null),
            field("gpu.free", Value::Null),
            field("alone.x", Value::Null),
            field("extra", Value::Map(vec![field("deep", inner)])),
            field("empty", Value::Map(Vec::new())),
            field("", Value::Null),
        ]
    }

    #[test]
    fn what_belongs_together_is_in_a_group() {
        let expected = [
            "- gpu gpu 2",
            "  name gpu.name",
            "  free gpu.free",
            "alone.x alone.x",
            "- extra extra 1",
            "  - deep extra.deep 2",
        ];
        let all = outline(&nested(), &[]);
        assert_eq!(all[..6], expected);
        let rest = [
            "    - a extra.deep.a 2",
            "      b extra.deep.a.b",
            "      c extra.deep.a.c",
            "empty empty",
            " ",
        ];
        assert_eq!(all[6..], rest);
    }

    #[test]
    fn what_is_closed_shows_how_much_is_in_it() {
        let lines = outline(&nested(), &["gpu", "extra.deep"]);
        assert_eq!(lines[..2], ["+ gpu gpu 2", "alone.x alone.x"]);
        assert_eq!(lines[3], "  + deep extra.deep 2");
        assert_eq!(lines.len(), 6);
    }

    #[test]
    fn depth_and_number_have_an_end() {
        let mut value = Value::Null;
        for _ in 0..60 {
            value = Value::Map(vec![("k".to_owned(), value)]);
        }
        let deepest = |fields: &[(String, Value)]| {
            let lines = tree(fields, &BTreeSet::new());
            lines.iter().map(|line| line.depth).max()
        };
        assert_eq!(deepest(&[("k".to_owned(), value)]), Some(DEEPEST));
        let many: Vec<_> = (0..20_000)
            .map(|n| (format!("k{n}"), Value::Null))
            .collect();
        assert_eq!(tree(&many, &BTreeSet::new()).len(), MOST);
    }
}
