//! What runs are grouped by.

use std::collections::BTreeMap;

use super::super::Context;
use super::order::{Order, natural};
use crate::commands::GroupName;
use crate::insight::{compare, value};
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// The groups that runs are in.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// In their order.
    pub(super) titles: Vec<Safe>,
    /// The group of each run, by its place in the order.
    pub(super) of: Vec<usize>,
}

impl Groups {
    pub(super) fn by(grouping: &GroupName, order: &Order, context: &Context<'_>) -> Self {
        match grouping {
            GroupName::Off => Self::default(),
            GroupName::Project => Self {
                titles: order.projects.clone(),
                of: order.entries.iter().map(|entry| entry.project).collect(),
            },
            GroupName::Folder => Self::titled(order, |place| {
                let run = context.store.run(order.entries[place].id)?;
                let folder = run.place.below.parent()?;
                Some(value::path(folder)).filter(|folder| !folder.is_empty())
            }),
            GroupName::Param(key) => {
                let mut groups = Self::titled(order, |place| {
                    let run = context.store.run(order.entries[place].id)?;
                    compare::param(run, key)
                });
                let last = key.rsplit(['.', '/']).next().unwrap_or(key);
                for title in &mut groups.titles {
                    *title = if title.is_empty() {
                        safe!("no {last}")
                    } else {
                        safe!("{last}={title}")
                    };
                }
                groups
            }
        }
    }

    /// Groups by a title; runs without one are in the last group, which has none.
    fn titled(order: &Order, title: impl Fn(usize) -> Option<String>) -> Self {
        let titles: Vec<Option<String>> = (0..order.entries.len()).map(title).collect();
        let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
        for title in titles.iter().flatten() {
            groups.insert(title, 0);
        }
        let mut sorted: Vec<&str> = groups.keys().copied().collect();
        let number = |text: &str| text.parse::<f64>().ok();
        sorted.sort_by(|a, b| match (number(a), number(b)) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => natural(a, b),
        });
        for (at, title) in sorted.iter().enumerate() {
            groups.insert(title, at);
        }
        let none = sorted.len();
        let of = titles.iter().map(|title| {
            let title = title.as_deref();
            title
                .and_then(|title| groups.get(title).copied())
                .unwrap_or(none)
        });
        let of: Vec<usize> = of.collect();
        let mut titles: Vec<Safe> = sorted.into_iter().map(Safe::new).collect();
        if of.contains(&none) {
            titles.push(Safe::default());
        }
        Self { titles, of }
    }
}

/// `lr`, `folder`; nothing for the usual groups.
pub(super) fn words(grouping: &GroupName) -> Option<Safe> {
    match grouping {
        GroupName::Off | GroupName::Project => None,
        GroupName::Folder => Some(Safe::fixed("folder")),
        GroupName::Param(key) => Some(Safe::new(key)),
    }
}
