//! Parameters as a tree of their dotted names.

use std::collections::BTreeMap;

use super::build::{Builder, Entry};
use super::line::Cut;
use crate::insight::value;
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

/// A parameter with what is left of its name below the groups that it is in.
type Leaf<'a> = (&'a str, &'a str, &'a Param);

pub(super) fn tree(builder: &mut Builder<'_>, params: &Params) {
    let leaves: Vec<Leaf<'_>> = params
        .values
        .iter()
        .map(|(key, param)| (key.as_str(), key.as_str(), param))
        .collect();
    let changed = changes(params);
    level(builder, &leaves, "Params", 1, &changed);
    if params.hidden > 0 {
        let words = format!("{} more are not kept", params.hidden);
        builder.words("", &words, Role::Quiet);
    }
}

/// The newest change of every parameter that has one.
fn changes(params: &Params) -> BTreeMap<&str, &ParamEvent> {
    let changed = params.history.iter().filter(|event| event.old.is_some());
    changed.map(|event| (event.key.as_str(), event)).collect()
}

fn level(
    builder: &mut Builder<'_>,
    leaves: &[Leaf<'_>],
    id: &str,
    depth: u16,
    changed: &BTreeMap<&str, &ParamEvent>,
) {
    let mut own = Vec::new();
    let mut rest = leaves;
    while let Some((name, _, _)) = rest.first() {
        let head = head(name).filter(|_| depth < DEEPEST);
        let same = |(other, _, _): &&Leaf<'_>| head.is_some() && self::head(other) == head;
        let length = rest.iter().take_while(same).count();
        match head {
            // A group of one is no group.
            Some(head) if length > 1 => {
                let below: Vec<Leaf<'_>> = rest[..length]
                    .iter()
                    .map(|(name, key, param)| (&name[head.len() + 1..], *key, *param))
                    .collect();
                let id = format!("{id}.{head}");
                builder.group(depth, head, &id, |builder| {
                    level(builder, &below, &id, depth + 2, changed);
                });
            }
            _ => own.push(&rest[0]),
        }
        rest = &rest[length.max(1)..];
    }
    for (name, key, param) in own {
        leaf(builder, name, key, param, depth, changed.get(key).copied());
    }
}

/// The first part of a dotted name, if there is something before the dot and behind it.
fn head(name: &str) -> Option<&str> {
    let (head, rest) = name.split_once('.')?;
    (!head.is_empty() && !rest.is_empty()).then_some(head)
}

fn leaf(
    builder: &mut Builder<'_>,
    name: &str,
    key: &str,
    param: &Param,
    depth: u16,
    changed: Option<&ParamEvent>,
) {
    let text = short(&param.value);
    let whole = Safe::new(key).then(&Safe::fixed(" = ")).then(&text);
    let before = builder.count();
    let role = if changed.is_some() {
        Role::Strong
    } else {
        Role::Text
    };
    let style = builder.context.theme.style(role);
    builder.entry(Entry {
        depth,
        key: Safe::new(name),
        known_as: Safe::new(key),
        value: Span::new(text, style),
        cut: cut(&param.value),
        copied: Some(whole),
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
    let end = text
        .char_indices()
        .nth(LONGEST)
        .map_or(text.len(), |(at, _)| at);
    Safe::new(&text[..end])
}

pub(super) const fn cut(value: &Value) -> Cut {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Cut::Never,
        Value::Text(_) => Cut::Middle,
        Value::List(_) | Value::Map(_) => Cut::End,
    }
}
