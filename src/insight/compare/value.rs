//! What stands in a column for a run: to sort by, to read, and to measure against another run.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::metric::{Direction, Metric, Unit, meaningful};
use super::super::number;
use super::super::overview;
use super::super::series::{Position, Series};
use super::super::value;
use super::brief::Brief;
use super::column::{Column, Fact, Of};
use crate::record::{ColumnId, Value};
use crate::store::{Run, Stream};

/// What runs are sorted by.
#[derive(Clone, Debug, PartialEq)]
pub enum Key {
    Number(f64),
    Text(String),
    /// Nothing, or no number: comes last whatever comes first.
    Missing,
}

/// A value of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    pub value: f64,
    pub text: String,
    /// Where it is, of a best value.
    pub at: Option<Position>,
}

/// How a value differs from that of the run that others are measured against.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub text: String,
    /// Nothing where no way is the better one, or where nothing differs.
    pub better: Option<bool>,
}

impl Key {
    fn of(value: Option<f64>) -> Self {
        let value = value.filter(|value| !value.is_nan());
        value.map_or(Self::Missing, Self::Number)
    }

    fn text(text: String) -> Self {
        if text.is_empty() {
            Self::Missing
        } else {
            Self::Text(text)
        }
    }

    /// Numbers before texts, and what is missing last, also the other way round. `texts` compares
    /// texts.
    pub fn compare(
        &self,
        other: &Self,
        falls: bool,
        texts: fn(&str, &str) -> Ordering,
    ) -> Ordering {
        let turned = |order: Ordering| if falls { order.reverse() } else { order };
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => turned(a.total_cmp(b)),
            (Self::Text(a), Self::Text(b)) => turned(texts(a, b)),
            (Self::Missing, Self::Missing) => Ordering::Equal,
            (Self::Missing, _) | (Self::Text(_), Self::Number(_)) => Ordering::Greater,
            (_, Self::Missing) | (Self::Number(_), Self::Text(_)) => Ordering::Less,
        }
    }
}

/// What a run is sorted by in a column; `name` is that in the list.
pub fn key(column: &Column, run: &Run, brief: &Brief, name: &str) -> Key {
    match column {
        Column::Fact(fact) => fact_key(*fact, run, brief, name),
        Column::Metric(metric, Of::BestAt) => {
            let at = measured(run, metric, Of::BestAt).and_then(|found| found.at);
            Key::of(at.map(|at| at.value))
        }
        Column::Metric(metric, of) => {
            Key::of(found(run, metric).and_then(|found| found.value(*of)))
        }
        Column::Param(key) => run.params.get(key).map_or(Key::Missing, param_key),
    }
}

fn fact_key(fact: Fact, run: &Run, brief: &Brief, name: &str) -> Key {
    let primary = brief.primary.as_ref();
    let number = match fact {
        Fact::Name => return Key::text(name.to_owned()),
        Fact::Project => return Key::text(overview::project(run)),
        Fact::Host => return Key::text(run.facts.host.clone().unwrap_or_default()),
        Fact::Tags => return Key::text(run.facts.tags.join(" ")),
        // What is gone comes behind all that is there.
        Fact::State => Some(f64::from(brief.state as u8) + if brief.gone { 100.0 } else { 0.0 }),
        Fact::Done => Some(brief.progress.done).filter(|done| *done > 0.0),
        Fact::Last => primary.and_then(|primary| primary.last),
        Fact::Best | Fact::Course => primary.and_then(|primary| primary.best),
        Fact::BestAt => primary.and_then(|primary| Some(primary.best_at?.value)),
        // The later, the younger.
        Fact::Age => brief.last_moment().map(|at| -at),
        Fact::Started => brief.started,
        Fact::Duration => brief.duration(),
        Fact::Rows => Some(brief.rows as f64),
        Fact::NonFinite => Some(brief.non_finite() as f64).filter(|count| *count > 0.0),
    };
    Key::of(number)
}

fn param_key(value: &Value) -> Key {
    match value {
        Value::Number(number) => Key::of(Some(number.value)),
        Value::Null => Key::Missing,
        other => {
            let text = value::text(other);
            // Some trackers write numbers as texts.
            let number = text.trim().parse::<f64>().ok();
            number.map_or_else(|| Key::text(text), |number| Key::of(Some(number)))
        }
    }
}

/// A parameter in words.
pub fn param(run: &Run, key: &str) -> Option<String> {
    run.params.get(key).map(value::text)
}

/// A series that was found by its name.
struct Found<'a> {
    stream: &'a Stream,
    id: ColumnId,
    known: &'a str,
}

/// A value of a metric of a run, by the name of the metric.
pub fn measured(run: &Run, name: &str, of: Of) -> Option<Measured> {
    let found = found(run, name)?;
    let series = found.series(name)?;
    if of == Of::Last {
        let value = series.last()?;
        let text = series.text(value);
        return Some(Measured {
            value,
            text,
            at: None,
        });
    }
    let best = series.best()?;
    Some(Measured {
        value: best.value,
        text: series.text(best.value),
        at: Some(series.epoch(run, best)),
    })
}

/// Of several series of one name the longest.
fn found<'a>(run: &'a Run, name: &str) -> Option<Found<'a>> {
    let mut best: Option<(Found<'a>, u64)> = None;
    for stream in run.metrics() {
        let known = meaningful(run.layout, &stream.name);
        for (at, column) in stream.columns().iter().enumerate() {
            if is_called(known, &column.key, name)
                && best.as_ref().is_none_or(|(_, most)| column.count() > *most)
            {
                let id = ColumnId(at as u32);
                best = Some((Found { stream, id, known }, column.count()));
            }
        }
    }
    best.map(|(found, _)| found)
}

/// Whether [`super::super::metric::series_name`] is this name, without writing it down.
fn is_called(stream: &str, key: &str, name: &str) -> bool {
    match (stream, key) {
        ("", key) => key == name,
        (stream, "value") => stream == name,
        (stream, key) => {
            let rest = name.strip_prefix(stream);
            rest.and_then(|rest| rest.strip_prefix('/')) == Some(key)
        }
    }
}

impl<'a> Found<'a> {
    fn series(&self, name: &str) -> Option<Series<'a>> {
        let column = self.stream.column_at(self.id)?;
        Some(Series {
            stream: self.stream,
            column,
            id: self.id,
            metric: Rc::new(Metric::parse(self.known, &column.key)),
            name: name.to_owned(),
        })
    }

    fn value(&self, of: Of) -> Option<f64> {
        let series = self.series("")?;
        match of {
            Of::Last => series.last(),
            Of::Best | Of::BestAt => series.best().map(|best| best.value),
        }
    }
}

/// How a value of a column differs from another one; nothing where one of them is no number.
pub fn difference(column: &Column, value: f64, base: f64) -> Option<Difference> {
    difference_in(unit(column), column.direction(), value, base)
}

/// As [`difference`], where it is known what is compared.
pub fn difference_in(
    unit: Unit,
    direction: Direction,
    value: f64,
    base: f64,
) -> Option<Difference> {
    let difference = value - base;
    if !value.is_finite() || !base.is_finite() || !difference.is_finite() {
        return None;
    }
    if difference == 0.0 {
        let text = "0".to_owned();
        return Some(Difference { text, better: None });
    }
    let sign = if difference > 0.0 { '+' } else { '-' };
    let size = difference.abs();
    let text = match unit {
        Unit::Fraction if within(value) && within(base) => number::percent(size),
        Unit::Seconds => number::duration(size),
        Unit::Fraction | Unit::Plain => number::human(rounded(size, value, base)),
    };
    let better = match direction {
        Direction::Down => Some(difference < 0.0),
        Direction::Up => Some(difference > 0.0),
        Direction::Unknown => None,
    };
    let text = format!("{sign}{text}");
    Some(Difference { text, better })
}

/// A difference has no digits that the values were not shown with.
fn rounded(size: f64, value: f64, base: f64) -> f64 {
    let largest = value.abs().max(base.abs());
    let unit = 10_f64.powf(largest.log10().floor() - 3.0);
    let rounded = (size / unit).round() * unit;
    if rounded > 0.0 && rounded.is_finite() {
        rounded
    } else {
        size
    }
}

fn within(value: f64) -> bool {
    (0.0..=1.0).contains(&value)
}

fn unit(column: &Column) -> Unit {
    match column {
        Column::Metric(name, _) => Metric::parse("", name).unit(),
        Column::Fact(_) | Column::Param(_) => Unit::Plain,
    }
}
