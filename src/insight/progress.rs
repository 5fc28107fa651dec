//! How far a run is, how fast it goes and how long it still takes.

use super::metric::{Coordinate, Role};
use super::series::{self, Series};
use crate::record::Value;
use crate::store::{Run, Stream};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    Epochs,
    Steps,
    /// Rows of the longest stream, when nothing else is known.
    Rows,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    pub done: f64,
    pub planned: Option<f64>,
    pub unit: Counted,
    /// Units a second.
    pub rate: Option<f64>,
    /// Seconds to the end at this rate.
    pub eta: Option<f64>,
}

impl Counted {
    /// One of them, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Epochs => "epoch",
            Self::Steps => "step",
            Self::Rows => "row",
        }
    }
}

/// What the rows say, in one unit.
#[derive(Clone, Copy, Debug)]
struct Seen {
    done: f64,
    rate: Option<f64>,
}

pub fn progress(run: &Run, all: &[Series<'_>]) -> Progress {
    let (epochs, steps) = (epochs_seen(all), steps_seen(run));
    let planned_epochs = planned(run, EPOCHS);
    let planned_steps = planned(run, STEPS);
    let (seen, planned, unit) = match (epochs, steps) {
        (Some(epochs), _) if planned_epochs.is_some() => (epochs, planned_epochs, Counted::Epochs),
        (_, Some(steps)) if planned_steps.is_some() => (steps, planned_steps, Counted::Steps),
        (Some(epochs), _) => (epochs, None, Counted::Epochs),
        // Trackers without epochs count them as steps: no more steps than planned epochs.
        (None, Some(steps)) => match (planned_epochs, counted_from_zero(run, steps)) {
            (Some(planned), epochs) if epochs.done <= planned => {
                (epochs, Some(planned), Counted::Epochs)
            }
            _ => (steps, None, Counted::Steps),
        },
        (None, None) => rows_seen(run, planned_epochs, planned_steps),
    };
    let rate = seen
        .rate
        .or_else(|| rate_by_duration(all, unit))
        .filter(|rate| rate.is_finite() && *rate > 0.0);
    let eta = planned
        .zip(rate)
        .map(|(planned, rate)| (planned - seen.done).max(0.0) / rate);
    Progress {
        done: seen.done,
        planned,
        unit,
        rate,
        eta,
    }
}

const EPOCHS: &[&str] = &[
    "max_epochs",
    "epochs",
    "num_epochs",
    "n_epochs",
    "total_epochs",
    "num_train_epochs",
    "train_epochs",
    "training_epochs",
    "nb_epochs",
    "epoch_count",
];

const STEPS: &[&str] = &[
    "max_steps",
    "total_steps",
    "num_steps",
    "n_steps",
    "steps",
    "train_steps",
    "training_steps",
    "num_train_steps",
    "num_training_steps",
    "max_train_steps",
    "total_training_steps",
    "max_iters",
    "num_iters",
    "n_iters",
    "total_iters",
    "max_iter",
    "max_iterations",
    "num_iterations",
    "total_iterations",
    "iterations",
];

/// Groups of parameters in which the same names mean something else.
const ELSEWHERE: &[&str] = &[
    "warmup",
    "scheduler",
    "lr_scheduler",
    "data",
    "dataset",
    "eval",
    "validation",
    "diffusion",
    "model",
    "env",
];

/// The planned number under one of these names: the least nested one, and of those the first in
/// the order of `names`.
fn planned(run: &Run, names: &[&str]) -> Option<f64> {
    let params = run
        .params
        .values
        .iter()
        .map(|(key, param)| (key.as_str(), &param.value));
    let facts = run
        .facts
        .more
        .iter()
        .map(|(key, value)| (key.as_str(), value));
    let mut best: Option<((usize, usize), f64)> = None;
    for (key, value) in params.chain(facts) {
        let key = key.to_lowercase().replace('-', "_");
        let mut parts = key.split(['.', '/']).rev();
        let Some(rank) = parts
            .next()
            .and_then(|name| names.iter().position(|n| *n == name))
        else {
            continue;
        };
        let (mut depth, mut elsewhere) = (0, false);
        for group in parts {
            depth += 1;
            elsewhere |= ELSEWHERE.contains(&group);
        }
        let Some(count) = positive(value).filter(|_| !elsewhere) else {
            continue;
        };
        if best.is_none_or(|(place, _)| (depth, rank) < place) {
            best = Some(((depth, rank), count));
        }
    }
    best.map(|(_, count)| count)
}

fn positive(value: &Value) -> Option<f64> {
    let count = match value {
        Value::Text(text) => text.trim().parse().ok()?,
        value => value.as_f64()?,
    };
    (count >= 1.0 && count.is_finite()).then_some(count)
}

fn epochs<'s, 'a>(all: &'s [Series<'a>]) -> impl Iterator<Item = &'s Series<'a>> {
    all.iter()
        .filter(|s| s.metric.role == Role::Coordinate(Coordinate::Epoch))
}

fn lowest_epoch(all: &[Series<'_>]) -> Option<f64> {
    let lowest = epochs(all).filter_map(|s| s.live().min);
    lowest.map(|e| e.value).reduce(f64::min)
}

fn first_step(run: &Run) -> Option<f64> {
    let stepped = run.metrics().filter(|s| s.has_steps());
    stepped.filter_map(|s| s.step_near(0)).reduce(f64::min)
}

/// Whether the first epoch of a run is called 1, and so the last of 50 is called 50.
pub(super) fn counts_from_one(run: &Run, all: &[Series<'_>]) -> bool {
    lowest_epoch(all)
        .or_else(|| first_step(run))
        .is_some_and(|first| first > 0.0)
}

/// Epochs that count from 0 are one more than the last number tells, unless they are fractions.
fn epochs_seen(all: &[Series<'_>]) -> Option<Seen> {
    let lowest = lowest_epoch(all)?;
    let furthest = epochs(all).max_by(|a, b| max_of(a).total_cmp(&max_of(b)))?;
    let last = max_of(furthest);
    let done = match (fractions(furthest), lowest == 0.0) {
        (true, _) => whole(last),
        (false, true) => last + 1.0,
        (false, false) => last,
    };
    let span = last - furthest.live().min?.value;
    Some(Seen {
        done,
        rate: rate(furthest.stream, span),
    })
}

/// Whether the newest epochs are fractions: a whole one among them was reached, not begun.
fn fractions(epochs: &Series<'_>) -> bool {
    const NEWEST: u64 = 64;
    let end = epochs.column.last_row().map_or(0, |row| row + 1);
    let newest = end.saturating_sub(NEWEST)..end;
    let mut values = epochs.stream.values(epochs.id, newest);
    values.any(|(_, epoch)| epoch.is_finite() && epoch.fract() != 0.0)
}

/// Of many epochs or steps only those that are through; of a few, hundredths too.
fn whole(done: f64) -> f64 {
    if done < 10.0 {
        (done * 100.0).floor() / 100.0
    } else {
        done.floor()
    }
}

fn max_of(series: &Series<'_>) -> f64 {
    series.live().max.map_or(f64::NEG_INFINITY, |e| e.value)
}

/// The furthest of the newest steps: a run that was restarted is where its newest rows are.
fn steps_seen(run: &Run) -> Option<Seen> {
    let streams = run
        .metrics()
        .filter(|s| s.has_steps() && series::step_unit(s) == Coordinate::Step);
    let newest = |s: &Stream| s.last_step().filter(|v| v.is_finite());
    let (stream, last) = streams
        .filter_map(|s| newest(s).map(|step| (s, step)))
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    let first = stream.step_near(0).filter(|v| v.is_finite()).unwrap_or(0.0);
    // Steps 0, 1, 2, … are counted like epochs; 0, 100, 200, … are marks that were reached.
    let dense = first == 0.0 && stream.rows() as f64 >= last + 1.0;
    let done = if dense { last + 1.0 } else { last };
    Some(Seen {
        done: whole(done.max(0.0)),
        rate: rate(stream, last - first),
    })
}

fn counted_from_zero(run: &Run, steps: Seen) -> Seen {
    let newest = run.metrics().filter_map(Stream::last_step).reduce(f64::max);
    match (first_step(run), newest) {
        (Some(0.0), Some(newest)) if newest.is_finite() => Seen {
            done: newest + 1.0,
            ..steps
        },
        _ => steps,
    }
}

fn rows_seen(run: &Run, epochs: Option<f64>, steps: Option<f64>) -> (Seen, Option<f64>, Counted) {
    let longest = run.metrics().max_by_key(|s| s.rows());
    let rows = longest.map_or(0.0, |s| s.rows() as f64);
    let seen = Seen {
        done: rows,
        rate: longest.and_then(|s| rate(s, rows - 1.0)),
    };
    match (rows > 0.0, epochs, steps) {
        (false, Some(_), _) => (seen, epochs, Counted::Epochs),
        (false, None, Some(_)) => (seen, steps, Counted::Steps),
        _ => (seen, None, Counted::Rows),
    }
}

/// Units a second over the times of a stream's rows.
fn rate(stream: &Stream, units: f64) -> Option<f64> {
    let seconds = stream.times.last? - stream.times.first?;
    (seconds > 0.0 && units > 0.0).then(|| units / seconds)
}

/// Rows without times may still say how long an epoch took.
fn rate_by_duration(all: &[Series<'_>], unit: Counted) -> Option<f64> {
    if unit != Counted::Epochs {
        return None;
    }
    let durations = all.iter().find(|s| is_duration(s))?;
    durations.live().mean().map(|seconds| 1.0 / seconds)
}

/// Whether a series says how many seconds each of its rows took.
pub(super) fn is_duration(series: &Series<'_>) -> bool {
    let name = series.metric.canonical();
    series.metric.is_measure()
        && matches!(
            name.as_str(),
            "duration" | "duration s" | "epoch duration" | "epoch time s"
        )
}
