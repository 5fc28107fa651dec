//! What is said about a run: one picture for the tables and for machine output.

use serde::Serialize;

use super::json::{Counted, Measured};
use crate::insight::health::{self, State};
pub(super) use crate::insight::overview::name;
use crate::insight::progress::{self, Progress};
use crate::insight::series::{self, Series};
use crate::insight::{summary, value};
use crate::store::Run;

/// The version of the documents; it changes when a field changes its meaning or goes away.
pub(super) const SCHEMA: u32 = 1;

/// Everything about a run that comes from its numbers, worked out once.
#[derive(Debug)]
pub(super) struct Picture<'a> {
    pub(super) run: &'a Run,
    pub(super) all: Vec<Series<'a>>,
    pub(super) state: State,
    pub(super) progress: Progress,
    /// The time at which this is so.
    pub(super) now: f64,
}

/// What `list` says about a run. `show` says the same and more.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    path: String,
    name: String,
    layout: char,
    state: &'static str,
    started: Option<Measured>,
    last_row: Option<Measured>,
    progress: ProgressDoc,
    best: Option<BestDoc>,
    last: Option<LastDoc>,
    rows: u64,
    log_lines: u64,
    non_finite: u64,
    modified: Option<Measured>,
    gone: bool,
}

#[derive(Debug, Serialize)]
struct ProgressDoc {
    done: Counted,
    planned: Option<Counted>,
    unit: &'static str,
    eta: Option<Measured>,
}

#[derive(Debug, Serialize)]
struct BestDoc {
    metric: String,
    value: Measured,
    step: Counted,
    step_unit: &'static str,
}

#[derive(Debug, Serialize)]
struct LastDoc {
    metric: String,
    value: Measured,
}

impl<'a> Picture<'a> {
    pub(super) fn of(run: &'a Run, now: f64) -> Self {
        let all = series::series(run);
        let state = health::state(run, &all, now);
        let mut progress = progress::progress(run, &all);
        if state != State::Running {
            // What does not run does not arrive.
            progress.eta = None;
        }
        Self {
            run,
            all,
            state,
            progress,
            now,
        }
    }

    pub(super) fn head(&self) -> Head {
        let run = self.run;
        let best = summary::best(run, &self.all);
        let last = series::primary(&self.all).and_then(|s| {
            let value = s.last()?;
            Some(LastDoc {
                metric: s.name.clone(),
                value: Measured(value),
            })
        });
        Head {
            path: value::path(&run.place.shown),
            name: name(run),
            layout: run.layout.letter(),
            state: self.state.name(),
            started: health::started(run).map(Measured),
            last_row: health::last_time(run).map(Measured),
            progress: ProgressDoc {
                done: Counted(self.progress.done),
                planned: self.progress.planned.map(Counted),
                unit: self.progress.unit.name(),
                eta: self.progress.eta.map(Measured),
            },
            best: best.map(|best| BestDoc {
                metric: best.metric,
                value: Measured(best.value),
                step: Counted(best.at.value),
                step_unit: step_unit(best.at),
            }),
            last,
            rows: run.rows(),
            log_lines: run.logs.lines,
            non_finite: self
                .measures()
                .map(|s| s.column.count() - s.column.finite())
                .sum(),
            modified: run.reading.modified.map(Measured),
            gone: run.gone,
        }
    }

    /// How many measured values are NaN, and how many are infinite. NaN that stand for what was not
    /// measured are none.
    pub(super) fn non_finite(&self) -> (u64, u64) {
        (
            self.measures().map(Series::nan).sum(),
            self.measures().flat_map(Series::infinite).sum(),
        )
    }

    fn measures(&self) -> impl Iterator<Item = &Series<'a>> {
        self.all.iter().filter(|s| s.metric.is_measure())
    }
}

/// The word for what a step counts.
pub(super) fn step_unit(at: series::Position) -> &'static str {
    use crate::insight::metric::Coordinate;
    match at.unit {
        Some(Coordinate::Epoch) => "epoch",
        Some(Coordinate::Step | Coordinate::Time) => "step",
        None => "row",
    }
}
