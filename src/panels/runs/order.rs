//! Which runs there are, in which order, under which names: worked out once and kept until a run
//! appears or says something new about itself.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::Path;

use super::super::Context;
use crate::insight::query::{self, Asked, Query};
use crate::insight::{overview, value};
use crate::record::RunId;
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// A run in the list.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) id: RunId,
    /// Unlike that of every other run of its project.
    pub(super) name: Safe,
    /// Which of the groups it belongs to.
    pub(super) group: usize,
    /// What a filter looks at, but for the state.
    text: String,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// The title of a group, and how many runs stand for it when it is closed.
    Group(usize, usize),
    /// A run, by its place in the order.
    Run(usize),
}

/// All runs, by project and then by path.
#[derive(Debug, Default)]
pub(super) struct Order {
    revision: Option<(u64, usize)>,
    pub(super) entries: Vec<Entry>,
    pub(super) groups: Vec<Safe>,
    /// The place of each run in the order, by its number.
    ranks: Vec<usize>,
    /// The places of the runs that the filter lets through, ascending, each with its line: that of
    /// the title where the group is closed.
    shown: Vec<(usize, usize)>,
    pub(super) items: Vec<Item>,
}

impl Order {
    /// Brings the order up to date; whether anything about it is new.
    pub(super) fn refresh(&mut self, context: &Context<'_>) -> bool {
        // Runs that came while the view is paused have no place among the overviews.
        let known = context.store.runs().len().min(context.overviews.len());
        let revision = Some((context.store.revision(), known));
        if self.revision == revision {
            return false;
        }
        self.revision = revision;
        self.sort(&context.store.runs()[..known]);
        true
    }

    /// Lets only some of the runs through; those of closed groups stay behind their titles.
    pub(super) fn filter(
        &mut self,
        filter: &Query,
        closed: &BTreeSet<Safe>,
        context: &Context<'_>,
    ) {
        self.shown.clear();
        self.items.clear();
        let titled = self.groups.len() > 1;
        let mut last = None;
        for (place, entry) in self.entries.iter().enumerate() {
            if let Some(run) = context.store.run(entry.id).filter(|_| !filter.is_empty()) {
                let asked = Asked {
                    run,
                    overview: context.overview(entry.id),
                    words: &entry.text,
                    now: context.now,
                };
                if !filter.matches(&asked) {
                    continue;
                }
            }
            if titled && last != Some(entry.group) {
                self.items.push(Item::Group(entry.group, 0));
                last = Some(entry.group);
            }
            // What was looked for must be seen.
            let hidden = titled && filter.is_empty() && closed.contains(&self.groups[entry.group]);
            match self.items.last_mut() {
                Some(Item::Group(_, count)) if hidden => {
                    *count += 1;
                    self.shown.push((place, self.items.len() - 1));
                }
                _ => {
                    self.shown.push((place, self.items.len()));
                    self.items.push(Item::Run(place));
                }
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.shown.len()
    }

    /// Which of the runs that the filter lets through this one is.
    pub(super) fn index(&self, run: RunId) -> Option<usize> {
        let rank = self.ranks.get(run.0 as usize)?;
        self.shown
            .binary_search_by_key(rank, |(place, _)| *place)
            .ok()
    }

    /// The line that a run stands on.
    pub(super) fn line(&self, run: RunId) -> Option<usize> {
        self.index(run).map(|index| self.shown[index].1)
    }

    /// Which of the runs that the filter lets through stand on some lines, or behind the titles
    /// there.
    pub(super) fn indices(&self, lines: Range<usize>) -> Range<usize> {
        let first = |line| self.shown.partition_point(|(_, other)| *other < line);
        first(lines.start)..first(lines.end)
    }

    /// The place in the order of a run that the filter lets through.
    pub(super) fn place(&self, index: usize) -> Option<usize> {
        self.shown.get(index).map(|(place, _)| *place)
    }

    /// A run that the filter lets through, by its number among them.
    pub(super) fn at(&self, index: usize) -> Option<RunId> {
        let (place, _) = self.shown.get(index)?;
        Some(self.entries[*place].id)
    }

    /// The run so many steps away, as far as there are any; from a run that the filter hides, the
    /// next one in that direction is the first step.
    pub(super) fn neighbour(&self, from: Option<RunId>, step: isize) -> Option<RunId> {
        let last = self.shown.len().checked_sub(1)?;
        let rank = from.and_then(|run| self.ranks.get(run.0 as usize));
        let Some(rank) = rank else {
            return self.at(if step < 0 { last } else { 0 });
        };
        let index = match self.shown.binary_search_by_key(rank, |(place, _)| *place) {
            Ok(index) => index.saturating_add_signed(step),
            Err(next) if step > 0 => next.saturating_add_signed(step - 1),
            Err(next) => next.checked_add_signed(step).unwrap_or(0),
        };
        let run = self.at(index.min(last));
        run.filter(|run| Some(*run) != from)
    }

    /// As [`Self::neighbour`], by lines: a closed group is one step.
    pub(super) fn line_away(&self, from: Option<RunId>, step: isize) -> Option<RunId> {
        let Some(index) = from.and_then(|run| self.index(run)) else {
            return self.neighbour(from, step);
        };
        let mut at = index;
        for _ in 0..step.unsigned_abs() {
            let line = self.shown[at].1;
            let next = if step > 0 {
                let rest = self.shown[at..].iter();
                rest.take_while(|(_, other)| *other == line).count() + at
            } else {
                let before = self.shown[..at].iter().rev();
                let Some(before) =
                    at.checked_sub(before.take_while(|(_, other)| *other == line).count() + 1)
                else {
                    break;
                };
                before
            };
            if next >= self.shown.len() {
                break;
            }
            at = next;
        }
        self.at(at).filter(|run| Some(*run) != from)
    }

    /// The title of a run's group, if groups have titles.
    pub(super) fn group_of(&self, run: RunId) -> Option<&Safe> {
        let rank = self.ranks.get(run.0 as usize)?;
        let entry = self.entries.get(*rank).filter(|_| self.groups.len() > 1)?;
        self.groups.get(entry.group)
    }

    /// The name of a run.
    pub(super) fn name(&self, run: RunId) -> Option<&Safe> {
        let rank = self.ranks.get(run.0 as usize)?;
        self.entries.get(*rank).map(|entry| &entry.name)
    }

    fn sort(&mut self, runs: &[Run]) {
        let projects: Vec<String> = runs.iter().map(overview::project).collect();
        let paths: Vec<String> = runs
            .iter()
            .map(|run| value::path(&run.place.below))
            .collect();
        let mut order: Vec<usize> = (0..runs.len()).collect();
        order.sort_by(|&a, &b| {
            natural(&projects[a], &projects[b])
                .then_with(|| natural(&paths[a], &paths[b]))
                .then(a.cmp(&b))
        });
        let mut titles: Vec<&str> = Vec::new();
        self.entries.clear();
        for at in order {
            if titles.last() != Some(&projects[at].as_str()) {
                titles.push(&projects[at]);
            }
            let name = overview::name(&runs[at]);
            self.entries.push(Entry {
                id: runs[at].id,
                text: query::words(&runs[at]),
                name: Safe::new(&name),
                group: titles.len() - 1,
            });
        }
        self.groups = titles.into_iter().map(Safe::new).collect();
        self.tell_apart(runs);
        self.ranks = vec![0; runs.len()];
        for (place, entry) in self.entries.iter().enumerate() {
            self.ranks[entry.id.0 as usize] = place;
        }
    }

    /// Runs of one project with the same name are called by as much of their paths as it takes.
    fn tell_apart(&mut self, runs: &[Run]) {
        let mut same: BTreeMap<(usize, &Safe), Vec<usize>> = BTreeMap::new();
        for (place, entry) in self.entries.iter().enumerate() {
            same.entry((entry.group, &entry.name))
                .or_default()
                .push(place);
        }
        let same: Vec<Vec<usize>> = same
            .into_values()
            .filter(|places| places.len() > 1)
            .collect();
        for places in same {
            let run = |place: &usize| &runs[self.entries[*place].id.0 as usize];
            let below: Vec<&Path> = places
                .iter()
                .map(|place| &*run(place).place.below)
                .collect();
            let shown: Vec<&Path> = places
                .iter()
                .map(|place| &*run(place).place.shown)
                .collect();
            let names = shortest_ends(&below).or_else(|| shortest_ends(&shown));
            for (number, place) in places.iter().enumerate() {
                let entry = &mut self.entries[*place];
                entry.name = match &names {
                    Some(names) => names[number].clone(),
                    None => entry.name.then(&safe!(" #{}", entry.id.0)),
                };
            }
        }
    }
}

/// The shortest ends of paths that are all different.
fn shortest_ends(paths: &[&Path]) -> Option<Vec<Safe>> {
    let depth = |path: &&Path| path.components().count();
    let deepest = paths.iter().map(depth).max()?;
    (1..=deepest).find_map(|parts| {
        let end = |path: &&Path| {
            let skipped = depth(path).saturating_sub(parts);
            let mut components = path.components();
            components.by_ref().take(skipped).for_each(drop);
            Safe::path(components.as_path())
        };
        let ends: Vec<Safe> = paths.iter().map(end).collect();
        let mut sorted: Vec<&Safe> = ends.iter().collect();
        sorted.sort();
        sorted
            .windows(2)
            .all(|pair| pair[0] != pair[1])
            .then_some(ends)
    })
}

/// Compares as people count: `seed-2` comes before `seed-10`.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut rest_a, mut rest_b) = (a, b);
    loop {
        let (Some(first_a), Some(first_b)) = (rest_a.chars().next(), rest_b.chars().next()) else {
            return rest_a.len().cmp(&rest_b.len()).then_with(|| a.cmp(b));
        };
        let order = if first_a.is_ascii_digit() && first_b.is_ascii_digit() {
            let (number_a, number_b) = (digits(&mut rest_a), digits(&mut rest_b));
            number_a
                .len()
                .cmp(&number_b.len())
                .then(number_a.cmp(number_b))
        } else {
            rest_a = &rest_a[first_a.len_utf8()..];
            rest_b = &rest_b[first_b.len_utf8()..];
            first_a.cmp(&first_b)
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// Takes the digits off the start of a text; returns them without leading zeros.
fn digits<'a>(text: &mut &'a str) -> &'a str {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    *text = rest;
    digits.trim_start_matches('0')
}
