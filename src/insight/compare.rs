//! Runs beside each other: what stands in the columns of a table of runs, how runs differ, and which
//! one is best.

mod brief;
mod column;
mod differing;
mod value;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::metric::{Direction, Metric};
use super::overview::Overview;
use crate::record::RunId;

pub use self::brief::{Brief, Vocabulary};
pub use self::column::{Column, Fact, Of};
pub use self::differing::differing;
pub use self::value::{Difference, Key, Measured, difference, difference_in, key, measured, param};

/// The run with the best value of the loss by which runs are judged. Only runs that are judged by the
/// same loss are compared: by that which most of them have. Runs that are gone do not
/// count, nor what was never a number; and one run alone is not better than any other.
pub fn best<'a>(runs: impl Iterator<Item = &'a Overview>) -> Option<RunId> {
    let briefs: Vec<Brief> = runs.map(Brief::of_overview).collect();
    best_of(briefs.iter())
}

/// As [`best`].
pub fn best_of<'a>(runs: impl Iterator<Item = &'a Brief>) -> Option<RunId> {
    let judged = judged(runs.filter(|run| !run.gone));
    let direction = judged.direction;
    let better = judged.values.iter().copied().reduce(|a, b| {
        // Of equals the first.
        if is_better(b.1, a.1, direction) { b } else { a }
    });
    better
        .filter(|_| judged.values.len() > 1)
        .map(|(run, _)| run)
}

/// The best values of runs that can be compared with each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    pub values: Vec<(RunId, f64)>,
    pub direction: Direction,
}

/// The best values of those runs that are judged by the loss that most of them have, however they
/// spell it.
pub fn judged<'a>(runs: impl Iterator<Item = &'a Brief>) -> Judged {
    let mut measures: Vec<(Metric, Judged)> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for run in runs {
        let Some(primary) = &run.primary else {
            continue;
        };
        let Some(best) = primary.best.filter(|best| best.is_finite()) else {
            continue;
        };
        let at = *known
            .entry(&primary.name)
            .or_insert_with(|| measure(&primary.name, &mut measures));
        measures[at].1.values.push((run.run, best));
    }
    let judged = measures.into_iter().map(|(_, judged)| judged);
    // Of equals the first.
    let most = judged.rev().max_by_key(|judged| judged.values.len());
    most.unwrap_or_default()
}

/// Where among the measures the one of this name is; a new one comes last.
fn measure(name: &str, measures: &mut Vec<(Metric, Judged)>) -> usize {
    let metric = Metric::parse("", name);
    let same = |(other, _): &(Metric, Judged)| is_same(&metric, other);
    measures.iter().position(same).unwrap_or_else(|| {
        let judged = Judged {
            direction: metric.direction(),
            ..Judged::default()
        };
        measures.push((metric, judged));
        measures.len() - 1
    })
}

/// Whether two names are spellings of one measure: `val_loss` and `eval/loss`.
pub fn is_same_measure(one: &str, other: &str) -> bool {
    one == other || is_same(&Metric::parse("", one), &Metric::parse("", other))
}

fn is_same(one: &Metric, other: &Metric) -> bool {
    one.is_same_quantity(other) && (one.split, one.part) == (other.split, other.part)
}

impl Judged {
    /// The best, the mean and the worst of the values.
    pub fn range(&self) -> Option<(f64, f64, f64)> {
        let values = || self.values.iter().map(|(_, value)| *value);
        let low = values().reduce(f64::min)?;
        let high = values().reduce(f64::max)?;
        let count = self.values.len() as f64;
        let mean = values().map(|value| value / count).sum();
        Some(match self.direction {
            Direction::Up => (high, mean, low),
            Direction::Down | Direction::Unknown => (low, mean, high),
        })
    }
}

/// Whether one value is better than another.
fn is_better(value: f64, other: f64, direction: Direction) -> bool {
    match direction {
        Direction::Up => value > other,
        Direction::Down | Direction::Unknown => value < other,
    }
}
