//! Which charts a run has: one for each quantity, with its splits in it.

use std::collections::BTreeMap;

use super::axis::stream_from;
use super::metric::{Direction, Part, Split};
use super::series::{Places, Position, Series, primary};
use super::words::{self, Topic};
use crate::record::{ColumnId, StreamId};
use crate::store::{Extreme, NonFiniteKind, Run};

/// One quantity and the series that show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The quantity as people know it: `loss`, `grad_norm`.
    pub title: String,
    /// The spelling under which the same quantity is found in every run.
    pub quantity: String,
    /// Training data first, those without a split last, and bands behind all of them.
    pub lines: Vec<Line>,
    pub direction: Direction,
    /// The y axis is logarithmic unless somebody asks for another.
    pub logarithmic: bool,
    /// The best point: on the validation data if there is one.
    pub best: Option<BestPoint>,
}

/// One series in a chart, as it was when the overview was made: rows that came later are not shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub stream: StreamId,
    pub column: ColumnId,
    /// The name of the series: `eval/loss`.
    pub name: String,
    pub split: Option<Split>,
    pub part: Option<Part>,
    /// The minimum or maximum of a summary whose mean is another line of the chart.
    pub band: bool,
    /// One more than the last row that is shown.
    pub end: u64,
    pub last: Option<f64>,
    /// The last value as people read it.
    pub last_text: String,
    /// The lowest and highest value that counts.
    pub range: Option<(f64, f64)>,
    /// NaN in it only means that nothing was measured in that row; it is not counted below.
    pub measured_seldom: bool,
    pub nan: u64,
    /// How often it is infinite: positive and negative.
    pub infinite: [u64; 2],
    /// Where the first value is that is no finite number.
    pub first_non_finite: Option<Position>,
}

/// Where a series was best.
#[derive(Clone, Debug, PartialEq)]
pub struct BestPoint {
    /// Which of the chart's lines.
    pub line: usize,
    pub row: u64,
    pub value: f64,
    pub text: String,
    pub at: Position,
}

/// A series and the number of its stream.
type Member<'s, 'a> = (StreamId, &'s Series<'a>);

/// Two orders of magnitude.
const SPANS_MUCH: f64 = 100.0;

/// What stands for a summary without a mean, the best first.
const STAND_INS: [Part; 12] = [
    Part::Median,
    Part::P50,
    Part::Last,
    Part::First,
    Part::Max,
    Part::Min,
    Part::P90,
    Part::P95,
    Part::P99,
    Part::Sum,
    Part::Std,
    Part::Count,
];

/// The charts of a run, the loss first.
pub fn charts(run: &Run, all: &[Series<'_>]) -> Vec<Chart> {
    let mut quantities: BTreeMap<String, Vec<Member<'_, '_>>> = BTreeMap::new();
    let mut stream = 0;
    for series in all {
        stream = stream_from(run, series.stream, stream);
        if series.metric.is_measure() && series.column.count() > 0 {
            let member = (StreamId(stream as u32), series);
            quantities
                .entry(series.metric.canonical())
                .or_default()
                .push(member);
        }
    }
    let judged_by = primary(all).map(|series| series.metric.canonical());
    let mut places = Places::of(run);
    let mut charts: Vec<(u8, Chart)> = quantities
        .into_iter()
        .map(|(quantity, members)| {
            let is_first = judged_by.as_ref() == Some(&quantity);
            let chart = chart(&mut places, quantity, &members);
            (if is_first { 0 } else { rank(&chart) }, chart)
        })
        .collect();
    // Quantities come in the order of their names, and stay in it within a rank.
    charts.sort_by_key(|(rank, _)| *rank);
    charts.into_iter().map(|(_, chart)| chart).collect()
}

/// Where a chart stands when it is not the loss by which the run is judged.
fn rank(chart: &Chart) -> u8 {
    let on = |split: Option<Split>| chart.lines.iter().any(|line| line.split == split);
    match words::topic(&chart.quantity) {
        Topic::LearningRate => return 3,
        Topic::Gradient => return 4,
        Topic::Throughput => return 5,
        Topic::System => return 6,
        Topic::Other => {}
    }
    let a_loss = chart.quantity.split(' ').any(|word| word == "loss");
    match chart.direction {
        Direction::Unknown => 7,
        _ if on(Some(Split::Val)) => 1,
        // The terms of a training loss explain it; they do not say how good the model is.
        _ if a_loss => 7,
        _ => 2,
    }
}

fn chart(places: &mut Places<'_>, quantity: String, members: &[Member<'_, '_>]) -> Chart {
    let lines = lines(members);
    let first = lines[0].1;
    let direction = first.metric.direction();
    let names = [&first.metric.quantity, &first.name];
    let title = names.into_iter().find(|name| !name.trim().is_empty());
    let title = title.map_or_else(|| "(no name)".to_owned(), Clone::clone);
    let logarithmic = words::topic(&quantity) == Topic::LearningRate && spans_much(&lines);
    let best = best(places, &lines, direction);
    Chart {
        title,
        quantity,
        direction,
        logarithmic,
        best,
        lines: lines
            .into_iter()
            .map(|(stream, series, band)| line(places, stream, series, band))
            .collect(),
    }
}

/// The lines of a chart and whether each is a band of another.
fn lines<'s, 'a>(members: &[Member<'s, 'a>]) -> Vec<(StreamId, &'s Series<'a>, bool)> {
    let family = |(stream, series): &Member<'_, '_>| (*stream, series.metric.split);
    let mut found: Vec<(StreamId, &'s Series<'a>, bool)> = Vec::new();
    for member @ (stream, series) in members {
        let here = || {
            members
                .iter()
                .filter(|other| family(other) == family(member))
        };
        let part = series.metric.part;
        let stands = |wanted: Part| here().any(|(_, s)| s.metric.part == Some(wanted));
        if series.metric.is_line() {
            found.push((*stream, series, false));
        } else if stands(Part::Mean) {
            if matches!(part, Some(Part::Min | Part::Max)) {
                found.push((*stream, series, true));
            }
        } else if !here().any(|(_, s)| s.metric.is_line())
            && STAND_INS.into_iter().find(|part| stands(*part)) == part
        {
            found.push((*stream, series, false));
        }
    }
    let order = |split: Option<Split>| match split {
        Some(Split::Train) => 0,
        Some(Split::Val) => 1,
        Some(Split::Test) => 2,
        None => 3,
    };
    found.sort_by_key(|(_, series, band)| (*band, order(series.metric.split)));
    found
}

fn line(places: &mut Places<'_>, stream: StreamId, series: &Series<'_>, band: bool) -> Line {
    let column = series.column;
    let live = series.live();
    let last = series.last();
    let nan = series.nan();
    let infinite = series.infinite();
    let first = if nan + infinite[0] + infinite[1] > 0 {
        column.non_finite().next()
    } else {
        None
    };
    Line {
        stream,
        column: series.id,
        name: series.name.clone(),
        split: series.metric.split,
        part: series.metric.part,
        band,
        end: series.stream.rows(),
        last,
        last_text: last.map(|value| series.text(value)).unwrap_or_default(),
        range: live.min.zip(live.max).map(|(lo, hi)| (lo.value, hi.value)),
        measured_seldom: series.measured_seldom(),
        nan,
        infinite,
        first_non_finite: first.map(|first| {
            let value = match first.kind {
                NonFiniteKind::NaN => f64::NAN,
                NonFiniteKind::PosInf => f64::INFINITY,
                NonFiniteKind::NegInf => f64::NEG_INFINITY,
            };
            let at = Extreme {
                value,
                row: first.row,
                step: first.step,
            };
            places.epoch(series.stream, at)
        }),
    }
}

fn best(
    places: &mut Places<'_>,
    lines: &[(StreamId, &Series<'_>, bool)],
    direction: Direction,
) -> Option<BestPoint> {
    if direction == Direction::Unknown {
        return None;
    }
    let splits = [
        Some(Split::Val),
        None,
        Some(Split::Test),
        Some(Split::Train),
    ];
    splits.into_iter().find_map(|split| {
        let on_split = |(_, series, band): &(StreamId, &Series<'_>, bool)| {
            !band && series.metric.split == split && series.column.finite() > 0
        };
        let line = lines.iter().position(on_split)?;
        let series = lines[line].1;
        let extreme = series.best()?;
        Some(BestPoint {
            line,
            row: extreme.row,
            value: extreme.value,
            text: series.text(extreme.value),
            at: places.epoch(series.stream, extreme),
        })
    })
}

/// Whether all values are positive and some are a hundred times others.
fn spans_much(lines: &[(StreamId, &Series<'_>, bool)]) -> bool {
    let live = || lines.iter().map(|(_, series, _)| series.live());
    let lowest = live().filter_map(|live| live.min).map(|e| e.value);
    let highest = live().filter_map(|live| live.max).map(|e| e.value);
    match (lowest.reduce(f64::min), highest.reduce(f64::max)) {
        (Some(low), Some(high)) => low > 0.0 && high / low >= SPANS_MUCH,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
