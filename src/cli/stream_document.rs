//! A stream in machine output: what each of its keys holds and means.

use serde::Serialize;

use super::documents::{Picture, step_unit};
use super::json::{Counted, Measured};
use crate::insight::metric::{Coordinate, Metric, Role, Split};
use crate::insight::series::Series;
use crate::insight::value;
use crate::record::StreamKind;
use crate::store::{Column, Stats, Stream};

#[derive(Debug, Serialize)]
pub(super) struct StreamDoc<'a> {
    name: &'a str,
    kind: &'static str,
    file: String,
    rows: u64,
    columns: Vec<ColumnDoc<'a>>,
    others: Vec<OtherDoc<'a>>,
}

#[derive(Debug, Serialize)]
struct ColumnDoc<'a> {
    key: &'a str,
    metric: String,
    label: String,
    role: &'static str,
    split: Option<&'static str>,
    direction: Option<&'static str>,
    count: u64,
    finite: u64,
    nan: u64,
    pos_inf: u64,
    neg_inf: u64,
    others: u64,
    live: u64,
    first: Option<Measured>,
    last: Option<Measured>,
    min: Option<Measured>,
    max: Option<Measured>,
    mean: Option<Measured>,
    best: Option<Measured>,
    best_step: Option<Counted>,
    best_step_unit: Option<&'static str>,
    restarts: u64,
}

/// A key under which no row has a number.
#[derive(Debug, Serialize)]
struct OtherDoc<'a> {
    key: &'a str,
    count: u64,
}

impl<'a> StreamDoc<'a> {
    pub(super) fn of(picture: &Picture<'a>, stream: &'a Stream) -> Self {
        let metric = stream.kind == StreamKind::Metric;
        let mut columns = Vec::new();
        if metric {
            let own = picture
                .all
                .iter()
                .filter(|s| std::ptr::eq(s.stream, stream) && s.column.count() > 0);
            columns.extend(own.map(|series| ColumnDoc::of(picture, series)));
        } else {
            columns.extend(
                stream
                    .columns()
                    .iter()
                    .filter(|c| c.count() > 0)
                    .map(ColumnDoc::of_track),
            );
        }
        let texts = stream.columns().iter().filter(|c| c.count() == 0);
        Self {
            name: &stream.name,
            kind: if metric { "metric" } else { "track" },
            file: value::path(&stream.file),
            rows: stream.rows(),
            columns,
            others: texts
                .map(|c| OtherDoc {
                    key: &c.key,
                    count: c.others,
                })
                .collect(),
        }
    }
}

impl<'a> ColumnDoc<'a> {
    fn of(picture: &Picture<'a>, series: &Series<'a>) -> Self {
        let mut document = Self::of_track(series.column);
        let metric = &series.metric;
        let best = series.best();
        let at = best.map(|best| series.position(picture.run, best));
        document.metric.clone_from(&series.name);
        document.label = label(metric);
        document.role = metric.role.name();
        document.split = metric.split.map(Split::name);
        document.direction = metric.direction().name();
        document.best = best.map(|best| Measured(best.value));
        document.best_step = at.map(|at| Counted(at.value));
        document.best_step_unit = at.map(step_unit);
        document
    }

    /// A column without a meaning: tracks are recordings, not metrics.
    fn of_track(column: &'a Column) -> Self {
        let live: Stats = column.live();
        Self {
            key: &column.key,
            metric: column.key.clone(),
            label: column.key.clone(),
            role: "measure",
            split: None,
            direction: None,
            count: column.count(),
            finite: column.finite(),
            nan: column.nan(),
            pos_inf: column.pos_inf(),
            neg_inf: column.neg_inf(),
            others: column.others,
            live: live.count,
            first: live.first.map(Measured),
            last: live.last.map(Measured),
            min: live.min.map(|e| Measured(e.value)),
            max: live.max.map(|e| Measured(e.value)),
            mean: live.mean().map(Measured),
            best: None,
            best_step: None,
            best_step_unit: None,
            restarts: column.restart_count(),
        }
    }
}

fn label(metric: &Metric) -> String {
    match metric.role {
        Role::Coordinate(Coordinate::Step) => "Step".to_owned(),
        Role::Coordinate(Coordinate::Epoch) => "Epoch".to_owned(),
        Role::Coordinate(Coordinate::Time) => "Time".to_owned(),
        Role::Index | Role::Copy | Role::Measure => metric.label(),
    }
}
