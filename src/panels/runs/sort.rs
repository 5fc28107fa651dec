//! By what runs are sorted, and the values by which they are.

use super::super::Context;
use super::known::Known;
use super::order::Entry;
use crate::insight::compare::{self, Column, Key};

/// The column by which runs are sorted, and whether the largest comes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sort {
    pub(super) column: Column,
    pub(super) falls: bool,
}

/// What runs are sorted by, as long as they do not change.
#[derive(Debug, Default)]
pub(super) struct Keys {
    column: Option<Column>,
    /// By the number of the run, with the stamp of what was known of it.
    keys: Vec<Option<(u64, Key)>>,
}

impl Sort {
    /// What is better first, or what is looked for.
    pub(super) fn by(column: Column) -> Self {
        let falls = column.falls();
        Self { column, falls }
    }

    /// What comes after `old` when the same column is asked for again: the other way round, then no
    /// order but that of the disk.
    pub(super) fn next(old: Option<&Self>, column: Column) -> Option<Self> {
        let first = Self::by(column);
        match old {
            Some(old) if *old == first => Some(Self {
                falls: !first.falls,
                ..first
            }),
            Some(old) if old.column == first.column => None,
            _ => Some(first),
        }
    }

    /// What comes first.
    pub(super) const fn words(&self) -> &'static str {
        use crate::insight::compare::Fact;
        match (&self.column, self.falls) {
            (Column::Fact(Fact::Name | Fact::Project | Fact::Host | Fact::Tags), false) => {
                "from A to Z"
            }
            (Column::Fact(Fact::Name | Fact::Project | Fact::Host | Fact::Tags), true) => {
                "from Z to A"
            }
            (Column::Fact(Fact::State), false) => "those that run first",
            (Column::Fact(Fact::State), true) => "those that run last",
            (_, false) => "the smallest first",
            (_, true) => "the largest first",
        }
    }

    /// `▴` when the smallest is on top, else `▾`.
    pub(super) const fn arrow(&self) -> &'static str {
        if self.falls { "▾" } else { "▴" }
    }
}

impl Keys {
    /// Looks at the runs that changed; whether any of them may have another place now.
    pub(super) fn refresh(
        &mut self,
        sort: Option<&Sort>,
        entries: &[Entry],
        known: &Known,
        context: &Context<'_>,
    ) -> bool {
        let column = sort.map(|sort| &sort.column);
        let mut changed = self.column.as_ref() != column;
        if changed {
            self.keys.clear();
            self.column = column.cloned();
        }
        let Some(column) = column else {
            return changed;
        };
        self.keys.resize(context.overviews.len(), None);
        for entry in entries {
            let stamp = known.stamp(entry.id);
            let Some(held) = self.keys.get_mut(entry.id.0 as usize) else {
                continue;
            };
            if held.as_ref().is_some_and(|(seen, _)| *seen == stamp) {
                continue;
            }
            let (Some(run), Some(brief)) = (context.store.run(entry.id), known.brief(entry.id))
            else {
                continue;
            };
            let key = compare::key(column, run, brief, entry.name.as_str());
            changed |= held.as_ref().is_none_or(|(_, old)| *old != key);
            *held = Some((stamp, key));
        }
        changed
    }

    pub(super) fn of(&self, entry: &Entry) -> &Key {
        let held = self.keys.get(entry.id.0 as usize).and_then(Option::as_ref);
        held.map_or(&Key::Missing, |(_, key)| key)
    }
}
