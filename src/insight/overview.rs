//! Everything that is said about a run, worked out once and kept until the run changes.
//!
//! An overview is a moment: while the view is paused it stays, though the store goes on. Who draws
//! takes row and line counts from here.

use std::ffi::OsStr;
use std::path::Path;
use std::rc::Rc;

use super::axis::Axes;
use super::changes::{self, Moment};
use super::charts::{self, Chart};
use super::health::{self, Finding, State};
use super::progress::{self, Progress};
use super::series::{self, Names, Position, Series};
use super::summary::{self, Line};
use super::value;
use crate::record::{ColumnId, RunId, StreamId};
use crate::store::{Extreme, NonFiniteKind, Reading, Run};

/// What is known of a run at one moment.
#[derive(Clone, Debug)]
pub struct Overview {
    pub run: RunId,
    /// What its tracker calls it, else the last part of its path.
    pub name: String,
    /// `alice/vision`, or nothing.
    pub project: String,
    pub state: State,
    pub started: Option<f64>,
    pub ended: Option<f64>,
    /// When something last happened.
    pub last_sign: Option<f64>,
    /// How many seconds usually pass between two rows.
    pub usual_gap: Option<f64>,
    pub progress: Progress,
    pub primary: Option<Primary>,
    pub summary: Vec<Line>,
    pub findings: Vec<Finding>,
    /// How many measured values are NaN, and how many are infinite.
    pub nan: u64,
    pub infinite: u64,
    /// How many NaN stand for what was not measured.
    pub unmeasured: u64,
    pub charts: Vec<Chart>,
    /// What the x axes of the charts can count.
    pub axes: Axes,
    /// When parameters changed after the run had begun.
    pub changes: Vec<Moment>,
    pub rows: u64,
    pub log_lines: u64,
    /// By [`crate::record::Level`].
    pub levels: [u64; 5],
    pub reading: Reading,
    pub gone: bool,
    pub(super) names: Rc<Names>,
}

/// The loss by which the run is judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Primary {
    /// The name of the series.
    pub name: String,
    pub stream: StreamId,
    pub column: ColumnId,
    pub end: u64,
    pub last: Option<f64>,
    pub last_text: String,
    pub best: Option<f64>,
    pub best_text: String,
    pub best_at: Option<Position>,
    /// Where it was first NaN or infinite.
    pub broken_at: Option<Position>,
}

impl Overview {
    pub fn of(run: &Run, now: f64) -> Self {
        Self::with(run, now, Rc::default())
    }

    /// As [`Self::of`], quicker: what names mean is known from an earlier overview of the same run.
    #[must_use]
    pub fn again(&self, run: &Run, now: f64) -> Self {
        Self::with(run, now, Rc::clone(&self.names))
    }

    fn with(run: &Run, now: f64, mut names: Rc<Names>) -> Self {
        let all = series::named_series(run, &mut names);
        let state = health::state(run, &all, now);
        let mut progress = progress::progress(run, &all);
        if state != State::Running {
            // What does not run does not arrive.
            progress.eta = None;
        }
        let measures = || all.iter().filter(|s| s.metric.is_measure());
        Self {
            run: run.id,
            name: name(run),
            project: project(run),
            state,
            started: health::started(run),
            ended: health::ended(run),
            last_sign: health::last_sign(run, now),
            usual_gap: health::usual_gap(run, &all),
            summary: summary::summary(run, &all, &progress),
            findings: health::findings(run, &all, now),
            nan: measures().map(Series::nan).sum(),
            infinite: measures().flat_map(Series::infinite).sum(),
            unmeasured: measures().map(|s| s.column.nan() - s.nan()).sum(),
            charts: charts::charts(run, &all),
            axes: Axes::of(run, &all, progress.unit, progress.planned),
            changes: changes::moments(run),
            primary: primary(run, &all),
            progress,
            rows: run.rows(),
            log_lines: run.logs.lines,
            levels: run.logs.levels,
            reading: run.reading,
            gone: run.gone,
            names,
        }
    }
}

pub(super) fn primary(run: &Run, all: &[Series<'_>]) -> Option<Primary> {
    let series = series::primary(all)?;
    let stream = run
        .streams
        .iter()
        .position(|stream| std::ptr::eq(stream, series.stream))?;
    let (last, best) = (series.last(), series.best());
    Some(Primary {
        name: series.name.clone(),
        stream: StreamId(stream as u32),
        column: series.id,
        end: series.stream.rows(),
        last,
        last_text: last.map(|value| series.text(value)).unwrap_or_default(),
        best: best.map(|best| best.value),
        best_text: best.map(|best| series.text(best.value)).unwrap_or_default(),
        best_at: best.map(|best| series.epoch(run, best)),
        broken_at: broken_at(run, series),
    })
}

fn broken_at(run: &Run, series: &Series<'_>) -> Option<Position> {
    let seldom = series.measured_seldom();
    let first = series
        .column
        .non_finite()
        .find(|bad| !(seldom && bad.kind == NonFiniteKind::NaN))?;
    let at = Extreme {
        value: f64::NAN,
        row: first.row,
        step: first.step,
    };
    Some(series.epoch(run, at))
}

/// The name of a run: what its tracker calls it, else the last part of its path.
pub fn name(run: &Run) -> String {
    let told = run.facts.name.as_ref();
    if let Some(name) = told.filter(|name| !name.trim().is_empty()) {
        return name.clone();
    }
    let place = &run.place;
    let last = |path: &Path| path.file_name().map(|name| value::path(Path::new(name)));
    if place.path.as_os_str() == OsStr::new("-") {
        return "standard input".to_owned();
    }
    let absolute = || {
        std::path::absolute(&place.path)
            .ok()
            .and_then(|path| last(&path))
    };
    last(&place.path)
        .or_else(absolute)
        .unwrap_or_else(|| value::path(&place.shown))
}

/// Owner and project as the tracker tells them, else the folder below the root that the run is in.
pub fn project(run: &Run) -> String {
    let told = [run.facts.owner.as_deref(), run.facts.project.as_deref()];
    let told: Vec<&str> = told
        .into_iter()
        .flatten()
        .filter(|w| !w.is_empty())
        .collect();
    if !told.is_empty() {
        return told.join("/");
    }
    run.place
        .below
        .parent()
        .map(value::path)
        .unwrap_or_default()
}
