//! Which runs there are, in which order, under which names: worked out once and kept until a run
//! appears or says something new about itself.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::Path;

use super::super::Context;
use crate::insight::query;
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
    /// Which of the projects it belongs to.
    pub(super) project: usize,
    /// What a filter looks at, but for the state.
    pub(super) text: String,
}

/// All runs, by project and then by path.
#[derive(Debug, Default)]
pub(super) struct Order {
    revision: Option<(u64, usize)>,
    pub(super) entries: Vec<Entry>,
    pub(super) projects: Vec<Safe>,
    /// The place of each run in the order, by its number.
    ranks: Vec<usize>,
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

    /// The place of a run in the order.
    pub(super) fn place(&self, run: RunId) -> Option<usize> {
        self.ranks.get(run.0 as usize).copied()
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
                project: titles.len() - 1,
            });
        }
        self.projects = titles.into_iter().map(Safe::new).collect();
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
            same.entry((entry.project, &entry.name))
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

/// Compares as people count: `seed-2` comes before `seed-10`, and `lr0.003` before `lr0.01`.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut rest_a, mut rest_b) = (a, b);
    let (mut last, mut fraction) = (' ', false);
    loop {
        let (Some(first_a), Some(first_b)) = (rest_a.chars().next(), rest_b.chars().next()) else {
            return rest_a.len().cmp(&rest_b.len()).then_with(|| a.cmp(b));
        };
        let both_digits = first_a.is_ascii_digit() && first_b.is_ascii_digit();
        // Behind a point zeros count; without any it may be a version.
        let begins = last == '.' && (first_a == '0' || first_b == '0');
        fraction = both_digits && (fraction || begins);
        last = first_a;
        let order = if both_digits && !fraction {
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
