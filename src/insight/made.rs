//! A run made of rows that a test names, for the tests of what runs mean.

use std::path::PathBuf;

use super::health::{self, FindingKind, State};
use super::progress::{self, Counted};
use super::series::{self, Series};
use super::summary;
use crate::record::{
    Batch, Change, ColumnId, ColumnRows, Facts, Layout, Mark, Number, ParamChange, ParamOp, Place,
    Rows, RunId, StreamId, StreamKind, Value,
};
use crate::store::{Run, Store};

pub(super) const NONE: f64 = f64::NAN;
/// A time in the range that is a date.
pub(super) const T: f64 = 1.7e9;

pub(super) struct Made {
    store: Store,
    streams: u32,
}

impl Made {
    /// A run of which all that lies on disk has been read.
    pub(super) fn new(layout: Layout) -> Self {
        let mut made = Self::unread(layout);
        made.tell(Change::CaughtUp);
        made
    }

    pub(super) fn unread(layout: Layout) -> Self {
        let path = PathBuf::from("runs/a");
        let place = Place {
            path: path.clone(),
            shown: path,
            below: PathBuf::from("a"),
        };
        let mut made = Self {
            store: Store::new(1 << 24),
            streams: 0,
        };
        made.tell(Change::Found { place, layout });
        made
    }

    fn tell(&mut self, change: Change) {
        self.store.apply(Batch {
            run: RunId(0),
            change,
        });
    }

    /// A stream of rows: step, time and one value for each key; NAN for no step, time or value.
    pub(super) fn stream(mut self, name: &str, keys: &[&str], rows: &[(f64, f64, &[f64])]) -> Self {
        let stream = StreamId(self.streams);
        self.streams += 1;
        let file = PathBuf::from(format!("metrics/{name}/data.jsonl"));
        self.tell(Change::Stream {
            stream,
            name: name.to_owned(),
            kind: StreamKind::Metric,
            file,
        });
        let owned = keys.iter().map(|&key| key.to_owned()).collect();
        self.tell(Change::Columns {
            stream,
            keys: owned,
        });
        let column = |at: usize| {
            let has = |row: &&(f64, f64, &[f64])| row.2[at].to_bits() != NONE.to_bits();
            let held = rows
                .iter()
                .enumerate()
                .filter(|(_, row)| has(row))
                .map(|(at, _)| at as u32);
            ColumnRows {
                id: ColumnId(at as u32),
                rows: Some(held.collect()),
                values: rows.iter().filter(has).map(|row| row.2[at]).collect(),
                others: 0,
            }
        };
        let rows = Rows {
            count: rows.len() as u32,
            steps: rows.iter().map(|row| row.0).collect(),
            times: rows.iter().map(|row| row.1).collect(),
            columns: (0..keys.len()).map(column).collect(),
            marks: vec![Mark { row: 0, offset: 0 }],
        };
        self.tell(Change::Rows { stream, rows });
        self
    }

    pub(super) fn layout(mut self, layout: Layout) -> Self {
        self.tell(Change::Layout(layout));
        self
    }

    pub(super) fn facts(mut self, facts: Facts) -> Self {
        self.tell(Change::Facts(facts));
        self
    }

    pub(super) fn param(self, key: &str, value: f64) -> Self {
        let number = Number {
            text: value.to_string().into(),
            value,
        };
        let op = ParamOp::Update {
            key: key.to_owned(),
            value: Value::Number(number),
        };
        self.op(op)
    }

    pub(super) fn op(mut self, op: ParamOp) -> Self {
        self.tell(Change::Params(ParamChange { time: None, op }));
        self
    }

    pub(super) fn modified(mut self, modified: f64) -> Self {
        self.tell(Change::Progress {
            read: 1,
            size: 1,
            modified: Some(modified),
        });
        self
    }

    pub(super) fn run(&self) -> &Run {
        &self.store.runs()[0]
    }

    pub(super) fn all(&self) -> Vec<Series<'_>> {
        series::series(self.run())
    }

    pub(super) fn state(&self, now: f64) -> State {
        health::state(self.run(), &self.all(), now)
    }

    pub(super) fn progress(&self) -> (f64, Option<f64>, Counted) {
        let progress = progress::progress(self.run(), &self.all());
        (progress.done, progress.planned, progress.unit)
    }

    pub(super) fn summary(&self) -> Vec<String> {
        let all = self.all();
        let progress = progress::progress(self.run(), &all);
        let lines = summary::summary(self.run(), &all, &progress);
        lines
            .into_iter()
            .map(|line| format!("{}: {}", line.label, line.text))
            .collect()
    }

    pub(super) fn findings(&self) -> Vec<(FindingKind, String)> {
        self.findings_at(f64::INFINITY)
    }

    pub(super) fn findings_at(&self, now: f64) -> Vec<(FindingKind, String)> {
        let found = health::findings(self.run(), &self.all(), now);
        found
            .into_iter()
            .map(|finding| (finding.kind, finding.text))
            .collect()
    }
}
