//! The parameters that tell the runs of a sweep apart.

use std::collections::{BTreeMap, BTreeSet};

use super::super::value;
use crate::store::Run;

/// So many runs tell what a sweep is about.
const RUNS: usize = 256;
/// Texts that are longer than this are notes and paths, nothing that is varied.
const LONG: usize = 24;

/// A parameter as it is seen in the runs of one project.
#[derive(Debug, Default)]
struct Seen {
    /// Which value each run has.
    values: Vec<usize>,
    distinct: Vec<String>,
    long: bool,
}

/// The parameters that differ among runs of one project, the most telling first, at most `most`.
/// `runs` come with the number of their project.
pub fn differing<'a>(runs: &[(usize, &'a Run)], most: usize) -> Vec<String> {
    let step = runs.len().div_ceil(RUNS).max(1);
    let mut projects: BTreeMap<usize, Vec<&'a Run>> = BTreeMap::new();
    for (project, run) in runs.iter().step_by(step) {
        projects.entry(*project).or_default().push(run);
    }
    let mut found: BTreeMap<&str, f64> = BTreeMap::new();
    for runs in projects.values().filter(|runs| runs.len() > 1) {
        for key in of_project(runs) {
            *found.entry(key).or_default() += runs.len() as f64;
        }
    }
    let looked_at = runs.len().div_ceil(step);
    // What only a few of many runs were varied by says little about the others.
    let mut keys: Vec<(&str, f64)> = found.into_iter().collect();
    keys.retain(|(_, count)| count * 3.0 >= looked_at as f64);
    // The names of the alphabet are no order of importance: what more runs are varied by is, and
    // what is nested less.
    let depth = |key: &str| key.matches(['.', '/']).count();
    keys.sort_by(|(a, many), (b, few)| {
        few.total_cmp(many)
            .then_with(|| rank(a).cmp(&rank(b)))
            .then_with(|| depth(a).cmp(&depth(b)))
            .then_with(|| a.cmp(b))
    });
    let keys = keys.into_iter().map(|(key, _)| key.to_owned());
    keys.take(most).collect()
}

/// The parameters in which runs differ. Of several that differ in the same way, one.
fn of_project<'a>(runs: &[&'a Run]) -> Vec<&'a str> {
    let mut seen: BTreeMap<&'a str, Seen> = BTreeMap::new();
    for (at, run) in runs.iter().enumerate() {
        for (key, param) in &run.params.values {
            seen.entry(key)
                .or_default()
                .add(at, value::text(&param.value));
        }
    }
    let telling = |(key, seen): (&'a str, Seen)| {
        let common = seen.present() * 2 > runs.len();
        (common && seen.differs()).then_some((key, seen))
    };
    let mut telling: Vec<(&str, Seen)> = seen.into_iter().filter_map(telling).collect();
    telling.sort_by_key(|(key, _)| (rank(key), key.len()));
    let mut ways = BTreeSet::new();
    telling.retain_mut(|(_, seen)| {
        seen.values.resize(runs.len(), 0);
        ways.insert(std::mem::take(&mut seen.values))
    });
    telling.into_iter().map(|(key, _)| key).collect()
}

/// What is varied most often comes first.
fn rank(key: &str) -> usize {
    const FIRST: [&str; 8] = [
        "lr",
        "learning_rate",
        "batch_size",
        "optimizer",
        "model",
        "weight_decay",
        "dropout",
        "seed",
    ];
    let last = key.rsplit(['.', '/']).next().unwrap_or(key);
    let last = if last == "name" || last == "type" {
        let group = key.rsplit(['.', '/']).nth(1);
        group.unwrap_or(last)
    } else {
        last
    };
    let place = FIRST.iter().position(|name| *name == last);
    place.unwrap_or(FIRST.len())
}

impl Seen {
    /// Notes the value of a run; those of the runs before it that have none are 0.
    fn add(&mut self, run: usize, text: String) {
        self.long |= text.chars().count() > LONG;
        let known = self.distinct.iter().position(|other| *other == text);
        let at = known.unwrap_or_else(|| {
            self.distinct.push(text);
            self.distinct.len() - 1
        });
        self.values.resize(run, 0);
        self.values.push(at + 1);
    }

    fn present(&self) -> usize {
        self.values.iter().filter(|value| **value > 0).count()
    }

    fn differs(&self) -> bool {
        !self.long && self.distinct.len() > 1
    }
}
