//! The series of a run with their meaning, and where along the training a row stands.

mod copies;
mod names;

use std::collections::BTreeMap;
use std::rc::Rc;

use self::copies::mark_copies;
use super::metric::{Coordinate, Direction, Metric, Role, Split, Unit, meaningful, series_name};
use super::number;
use crate::record::{ColumnId, Layout, StreamKind};
use crate::store::{Column, Extreme, Run, Stats, Stream};

pub use self::names::Names;

/// One column of a metric stream and what it means.
#[derive(Clone, Debug)]
pub struct Series<'a> {
    pub stream: &'a Stream,
    pub column: &'a Column,
    pub id: ColumnId,
    pub metric: Rc<Metric>,
    /// The name under which people know it: `eval/loss`, `train_loss`, `val.loss`.
    pub name: String,
}

/// A place along the training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    pub value: f64,
    /// `None` when it is only the number of the row.
    pub unit: Option<Coordinate>,
}

/// All series of a run's metric streams, in the order of streams and keys.
pub fn series(run: &Run) -> Vec<Series<'_>> {
    named_series(run, &mut Rc::default())
}

/// As [`series`], with names that are known from an earlier look at the same run; it adds new ones.
pub(super) fn named_series<'a>(run: &'a Run, names: &mut Rc<Names>) -> Vec<Series<'a>> {
    if !names.know_all(run) {
        Rc::make_mut(names).learn(run);
    }
    let mut all: Vec<Series<'_>> = Vec::with_capacity(names.metrics.iter().map(Vec::len).sum());
    for (stream, metrics) in run.streams.iter().zip(&names.metrics) {
        if stream.kind == StreamKind::Metric {
            all.extend(columns(run.layout, stream, metrics.iter().cloned()));
        }
    }
    mark_copies(&mut all, run.layout);
    all
}

/// As [`series`], with the meanings of names from elsewhere: those of a thousand runs of one sweep
/// are the same.
pub(super) fn series_meaning(
    run: &Run,
    mut meaning: impl FnMut(&str, &str) -> Rc<Metric>,
) -> Vec<Series<'_>> {
    let mut all = Vec::new();
    for stream in run.metrics() {
        let known = meaningful(run.layout, &stream.name);
        let keys = stream.columns().iter().map(|column| column.key.as_str());
        let metrics: Vec<Rc<Metric>> = keys.map(|key| meaning(known, key)).collect();
        all.extend(columns(run.layout, stream, metrics.into_iter()));
    }
    mark_copies(&mut all, run.layout);
    all
}

fn columns(
    layout: Layout,
    stream: &Stream,
    metrics: impl Iterator<Item = Rc<Metric>>,
) -> impl Iterator<Item = Series<'_>> {
    let known = meaningful(layout, &stream.name);
    let columns = stream.columns().iter().zip(metrics).enumerate();
    columns.map(move |(at, (column, metric))| Series {
        stream,
        column,
        id: ColumnId(at as u32),
        metric,
        name: series_name(known, &column.key),
    })
}

/// The loss by which a run is judged: on the validation data if there is one, else without a
/// split, on the test data, on the training data. A plain `loss` comes before other losses
/// (`ce_loss`), but any loss on the validation data comes before a plain one elsewhere.
pub fn primary<'s, 'a>(all: &'s [Series<'a>]) -> Option<&'s Series<'a>> {
    let others = [None, Some(Split::Test), Some(Split::Train)];
    loss_of(all, Some(Split::Val))
        .or_else(|| others.into_iter().find_map(|split| plain_loss(all, split)))
        .or_else(|| others.into_iter().find_map(|split| some_loss(all, split)))
}

/// The loss on one split.
pub fn loss_of<'s, 'a>(all: &'s [Series<'a>], split: Option<Split>) -> Option<&'s Series<'a>> {
    plain_loss(all, split).or_else(|| some_loss(all, split))
}

fn plain_loss<'s, 'a>(all: &'s [Series<'a>], split: Option<Split>) -> Option<&'s Series<'a>> {
    // Of equal names the one with more values: the other is most likely a sample of it.
    let longest = |a: &'s Series<'a>, b: &'s Series<'a>| {
        if b.column.count() > a.column.count() {
            b
        } else {
            a
        }
    };
    let on_split = all
        .iter()
        .filter(|s| s.metric.split == split && s.column.count() > 0);
    on_split.filter(|s| s.metric.is_loss()).reduce(longest)
}

fn some_loss<'s, 'a>(all: &'s [Series<'a>], split: Option<Split>) -> Option<&'s Series<'a>> {
    let mut on_split = all
        .iter()
        .filter(|s| s.metric.split == split && s.column.count() > 0);
    on_split.find(|s| s.metric.is_some_loss())
}

/// See [`Series::measured_seldom`].
fn measured_seldom(column: &Column) -> bool {
    let (nan, finite) = (column.nan(), column.finite());
    let stretches = column.stretches();
    let alternate = match stretches.closed {
        0 => false,
        // One stretch may well be a mishap, unless there is hardly anything else.
        1 => nan > finite,
        closed => nan + 1 >= finite && (closed + 1) * 3 >= finite * 2,
    };
    alternate && stretches.trailing * 2 <= stretches.longest * 3
}

/// See [`Series::last`].
pub(super) fn last(column: &Column) -> Option<f64> {
    let live = column.live();
    match live.last {
        Some(last) if last.is_nan() && measured_seldom(column) => live.last_finite,
        last => last,
    }
}

impl Series<'_> {
    pub fn live(&self) -> Stats {
        self.column.live()
    }

    /// Whether NaN stands for "not measured in this row", as trackers write it that give every row
    /// all keys: values stand alone among NaN from the beginning on, and the newest value is not
    /// followed by more of them than is usual. A loss that diverged has no values behind its NaN.
    pub fn measured_seldom(&self) -> bool {
        measured_seldom(self.column)
    }

    /// How many values are NaN although something was measured.
    pub fn nan(&self) -> u64 {
        if self.measured_seldom() {
            0
        } else {
            self.column.nan()
        }
    }

    /// How many values are infinite, positive and negative, and mean something.
    pub fn infinite(&self) -> [u64; 2] {
        if self.begins_infinite() {
            [0, 0]
        } else {
            [self.column.pos_inf(), self.column.neg_inf()]
        }
    }

    /// Whether all that is wrong with it are a few infinities that it began with, and that it has
    /// long left behind: a best value before there was one, the norm of gradients while the scale
    /// of a loss was being found.
    pub fn begins_infinite(&self) -> bool {
        const MOST: u64 = 16;
        const FEWEST_BEHIND: u64 = 8;
        let column = self.column;
        let infinite = column.pos_inf() + column.neg_inf();
        (1..=MOST).contains(&infinite)
            && column.nan() == 0
            && column.stretches().leading == infinite
            && column.finite() >= FEWEST_BEHIND.max(4 * infinite)
    }

    /// The newest value; the newest that was measured, where NaN stands for none.
    pub fn last(&self) -> Option<f64> {
        last(self.column)
    }

    /// The best value by the direction of the metric; nothing when the direction is unknown.
    pub fn best(&self) -> Option<Extreme> {
        let live = self.column.live();
        match self.metric.direction() {
            Direction::Down => live.min,
            Direction::Up => live.max,
            Direction::Unknown => None,
        }
    }

    /// A value as people read it: a percentage when the metric is a fraction and all its values
    /// are.
    pub fn text(&self, value: f64) -> String {
        let live = self.column.live();
        let within = |e: Option<Extreme>| e.is_some_and(|e| (0.0..=1.0).contains(&e.value));
        match self.metric.unit() {
            Unit::Fraction if within(live.min) && within(live.max) => number::percent(value),
            Unit::Seconds if value >= 0.0 => number::duration(value),
            Unit::Fraction | Unit::Seconds | Unit::Plain => number::human(value),
        }
    }

    /// Where a row of this series stands: its own step, else that of the root stream's row of the
    /// same number or time, else the number of the row.
    pub fn position(&self, run: &Run, at: Extreme) -> Position {
        Places::of(run).position(self.stream, at)
    }

    /// As [`Self::position`], but the epoch where the row, or another of the same step, names it.
    pub fn epoch(&self, run: &Run, at: Extreme) -> Position {
        Places::of(run).epoch(self.stream, at)
    }
}

/// Where rows of a run stand. Asked for many of them, it looks only once through all keys of a
/// stream for those that tell.
#[derive(Debug)]
pub struct Places<'a> {
    run: &'a Run,
    streams: BTreeMap<usize, Telling>,
}

/// What tells where a stream's rows stand.
#[derive(Clone, Copy, Debug)]
struct Telling {
    unit: Coordinate,
    epoch: Option<ColumnId>,
}

impl<'a> Places<'a> {
    pub fn of(run: &'a Run) -> Self {
        Self {
            run,
            streams: BTreeMap::new(),
        }
    }

    /// See [`Series::position`].
    pub fn position(&mut self, stream: &Stream, at: Extreme) -> Position {
        if let Some(value) = at.step {
            return Position {
                value,
                unit: Some(self.telling(stream).unit),
            };
        }
        self.joined(stream, at.row).unwrap_or(Position {
            value: at.row as f64,
            unit: None,
        })
    }

    /// See [`Series::epoch`].
    pub fn epoch(&mut self, stream: &Stream, at: Extreme) -> Position {
        let epoch = self.telling(stream).epoch;
        let exact = epoch.and_then(|id| value_at_step(stream, id, at.row));
        match exact {
            Some(value) => Position {
                value,
                unit: Some(Coordinate::Epoch),
            },
            None => self.position(stream, at),
        }
    }

    fn telling(&mut self, stream: &Stream) -> Telling {
        let key = std::ptr::from_ref(stream) as usize;
        let look = || Telling {
            unit: step_unit(stream),
            epoch: coordinate(stream, Coordinate::Epoch),
        };
        *self.streams.entry(key).or_insert_with(look)
    }

    /// `log(epoch=3, train=dict(…))` and `metrics("train").log(…)` leave the epoch in the root stream,
    /// joined by nothing but the order and the time of the rows.
    fn joined(&mut self, stream: &Stream, row: u64) -> Option<Position> {
        let root = self
            .run
            .metrics()
            .find(|s| s.name.is_empty() && s.file != stream.file)?;
        if !root.has_steps() || root.rows() == 0 {
            return None;
        }
        let at = if root.rows().abs_diff(stream.rows()) <= 1 {
            row.min(root.rows() - 1)
        } else {
            nearest(root, stream.time_near(row)?)?
        };
        let value = root
            .step(at)
            .or_else(|| root.step_near(at))
            .filter(|v| v.is_finite())?;
        Some(Position {
            value,
            unit: Some(self.telling(root).unit),
        })
    }
}

/// The column of a stream that holds a coordinate.
pub fn coordinate(stream: &Stream, wanted: Coordinate) -> Option<ColumnId> {
    let is = |c: &Column| {
        may_be_coordinate(&c.key)
            && Metric::parse("", &c.key).role == Role::Coordinate(wanted)
            && c.finite() > 0
    };
    stream
        .columns()
        .iter()
        .position(is)
        .map(|at| ColumnId(at as u32))
}

/// A quick look that spares the careful one: streams may have thousands of keys, and each of them
/// asks for the coordinates of its stream.
fn may_be_coordinate(key: &str) -> bool {
    let ends = |end: &str| {
        let start = key.len().checked_sub(end.len());
        start.is_some_and(|start| key.as_bytes()[start..].eq_ignore_ascii_case(end.as_bytes()))
    };
    [
        "step",
        "steps",
        "epoch",
        "epochs",
        "iter",
        "iteration",
        "iterations",
    ]
    .into_iter()
    .any(ends)
}

/// The value of a key in a row, else in the nearest row of the same step: trackers that log one
/// moment in several calls name the epoch in one of them only.
fn value_at_step(stream: &Stream, id: ColumnId, row: u64) -> Option<f64> {
    const AROUND: u64 = 32;
    let step = stream.step(row);
    let around = (1..=AROUND).flat_map(|away| [row.checked_sub(away), row.checked_add(away)]);
    let same_step = around
        .flatten()
        .filter(|near| step.is_some() && stream.step(*near) == step);
    let mut rows = std::iter::once(row).chain(same_step);
    rows.find_map(|row| stream.value(id, row).filter(|value| value.is_finite()))
}

/// What the steps of a stream's rows count. Rows of an envelope have steps without a column: they
/// are epochs only if the epochs reach as far.
pub fn step_unit(stream: &Stream) -> Coordinate {
    if coordinate(stream, Coordinate::Step).is_some() {
        return Coordinate::Step;
    }
    let epochs = coordinate(stream, Coordinate::Epoch).and_then(|id| stream.column_at(id));
    let last_epoch = epochs
        .and_then(|column| column.live().max)
        .map(|epoch| epoch.value);
    match stream.max_step() {
        Some(step) if last_epoch == Some(step) => Coordinate::Epoch,
        _ => Coordinate::Step,
    }
}

/// The row whose time is nearest, in a stream whose times ascend.
fn nearest(stream: &Stream, time: f64) -> Option<u64> {
    let (mut low, mut high) = (0, stream.rows());
    while low < high {
        let middle = low + (high - low) / 2;
        if stream.time_near(middle)? < time {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    let distance = |row: u64| stream.time_near(row).map(|t| (t - time).abs());
    let before = low.saturating_sub(1);
    let after = low.min(stream.rows().checked_sub(1)?);
    Some(if distance(before)? <= distance(after)? {
        before
    } else {
        after
    })
}
