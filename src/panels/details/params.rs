//! Parameters as a tree of their dotted names.

use std::collections::BTreeMap;

use super::build::Builder;
use super::entry::Entry;
use super::line::Cut;
use crate::insight::{number, value};
use crate::record::Value;
use crate::store::{Param, ParamEvent, Params};
use crate::widgets::Safe;
use crate::widgets::paint::Span;
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// Deeper names are shown with their dots: no name may nest without end.
const DEEPEST: u16 = 6;
/// Of a longer value only the start is looked at.
const LONGEST: usize = 4096;

/// A name of no characters is seen, too.
const NAMELESS: &str = "\"\"";

/// Something with what is left of its name below the groups that it is in, and its whole name.
pub(super) type Leaf<'a, T> = (&'a str, &'a str, T);

pub(super) fn tree(builder: &mut Builder<'_>, params: &Params) {
    let leaves: Vec<Leaf<'_, &Param>> = params
        .values
        .iter()
        .map(|(key, param)| (key.as_str(), key.as_str(), param))
        .collect();
    let changed = changes(params);
    level(builder, &leaves, "Params", 1, &|builder, name, depth| {
        leaf(builder, name, depth, changed.get(name.1).copied());
    });
    if params.hidden > 0 {
        let words = format!("{} more are not kept", number::grouped(params.hidden));
        builder.words("", &words, Role::Quiet);
    }
}

/// The newest change of every parameter that has one.
fn changes(params: &Params) -> BTreeMap<&str, &ParamEvent> {
    let changed = params.history.iter().filter(|event| event.old.is_some());
    changed.map(|event| (event.key.as_str(), event)).collect()
}

/// Names that ascend, as a tree: `put` puts one of them, so far in.
pub(super) fn level<T: Copy>(
    builder: &mut Builder<'_>,
    leaves: &[Leaf<'_, T>],
    id: &str,
    depth: u16,
    put: &impl Fn(&mut Builder<'_>, Leaf<'_, T>, u16),
) {
    let mut own = Vec::new();
    let mut rest = leaves;
    while let Some((name, _, _)) = rest.first() {
        let head = head(name).filter(|_| depth < DEEPEST);
        let same = |(other, _, _): &&Leaf<'_, T>| head.is_some() && self::head(other) == head;
        let length = rest.iter().take_while(same).count();
        match head {
            // A group of one is no group.
            Some(head) if length > 1 => {
                let below: Vec<Leaf<'_, T>> = rest[..length]
                    .iter()
                    .map(|(name, key, what)| (&name[head.len() + 1..], *key, *what))
                    .collect();
                let id = format!("{id}.{head}");
                builder.group(depth, head, &id, |builder| {
                    level(builder, &below, &id, depth + 2, put);
                });
            }
            _ => own.push(rest[0]),
        }
        rest = &rest[length.max(1)..];
    }
    for (name, key, what) in own {
        let name = if name.is_empty() { NAMELESS } else { name };
        put(builder, (name, key, what), depth);
    }
}

/// The first part of a dotted name, if there is something before the dot and behind it.
fn head(name: &str) -> Option<&str> {
    let (head, rest) = name.split_once('.')?;
    (!head.is_empty() && !rest.is_empty()).then_some(head)
}

fn leaf(
    builder: &mut Builder<'_>,
    (name, key, param): Leaf<'_, &Param>,
    depth: u16,
    changed: Option<&ParamEvent>,
) {
    let before = builder.count();
    let role = if changed.is_some() {
        Role::Strong
    } else {
        Role::Text
    };
    let style = builder.context.theme.style(role);
    builder.entry(Entry {
        depth,
        known_as: Safe::new(key),
        cut: cut(&param.value),
        copied: whole(&param.value),
        ..Entry::of(Safe::new(name), Span::new(short(&param.value), style))
    });
    if builder.count() == before {
        return;
    }
    if let Some(event) = changed {
        let old = event.old.as_ref().map(short).unwrap_or_default();
        let (zone, now) = (builder.context.zone, builder.context.now);
        let until = |time| safe!("until {}", zone.near(time, now));
        let mut parts = vec![Safe::fixed("was ").then(&old)];
        parts.extend(event.time.map(until));
        builder.remark(depth, &parts);
    }
}

/// A value in words, as much of it as anybody reads.
pub(super) fn short(value: &Value) -> Safe {
    let text = value::text(value);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Safe::new(&text[..end]).then(&Safe::fixed("…")),
        None => Safe::new(&text),
    }
}

/// A value that is too long to be shown, as it is copied.
pub(super) fn whole(value: &Value) -> Option<Safe> {
    let text = value::text(value);
    (text.chars().nth(LONGEST).is_some()).then(|| Safe::new(&text))
}

pub(super) const fn cut(value: &Value) -> Cut {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Cut::Never,
        Value::Text(_) => Cut::Middle,
        Value::List(_) | Value::Map(_) => Cut::End,
    }
}
