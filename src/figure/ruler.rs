//! Where the points of a chart are, for a cursor that goes from one to the next.

use std::ops::Range;

use super::Source;
use super::build::{Plan, charts_of};
use super::names::Named;
use super::trace::Trace;
use crate::insight::axis::XAxis;
use crate::insight::charts::{Chart, Line};
use crate::record::RunId;
use crate::widgets::axis::Bounds;

/// The points of all lines of a chart.
#[derive(Debug)]
pub struct Ruler<'a> {
    traces: Vec<(RunId, Trace<'a>)>,
    /// Whether a line is drawn together with those of other runs.
    grouped: Vec<bool>,
    names: Vec<Option<String>>,
    x: Bounds,
    /// How wide a column is.
    width: f64,
}

/// The rows of one line that are in sight.
#[derive(Clone, Debug, PartialEq)]
pub struct InSight<'a> {
    pub run: RunId,
    pub line: &'a Line,
    /// It is not drawn itself, but with others.
    pub grouped: bool,
    pub rows: Range<u64>,
    /// The row at the cursor, or before it.
    pub at: Option<u64>,
    /// All of them are in memory, even if nobody looks.
    pub resident: bool,
    /// From this row on all are.
    pub first_resident: u64,
}

/// Points at one place that are read one after the other.
const STACKED: usize = 8;

impl<'a> Ruler<'a> {
    pub fn new(plan: &Plan<'a>, chart: &'a Chart, at: usize) -> Self {
        let (mut traces, mut names, mut grouped) = (Vec::new(), Vec::new(), Vec::new());
        for (source, chart) in charts_of(plan.sources, chart, at) {
            let source: &Source<'a> = &plan.sources[source];
            let naming = Named::of(chart, source, plan.sources.len() > 1);
            let lines = chart.lines.iter().enumerate();
            for (at, line) in lines.filter(|(_, line)| !line.band) {
                if let Some(trace) = Trace::of(source, line, plan.axis) {
                    traces.push((source.run.id, trace));
                    grouped.push(source.group.is_some());
                    let name = naming.name(at);
                    // Points are those of single runs: a letter alone does not tell them apart.
                    names.push(match source.group {
                        Some(_) => Some(format!(
                            "{} {}",
                            name.unwrap_or_default(),
                            source.overview.name
                        )),
                        None => name,
                    });
                }
            }
        }
        let (lo, hi) = (plan.x.lo(), plan.x.hi());
        Self {
            traces,
            grouped,
            names,
            x: plan.x,
            width: (hi / 2.0 - lo / 2.0) / f64::from(plan.columns.max(1)) * 2.0,
        }
    }

    /// What the lines are called.
    pub fn names(&self) -> &[Option<String>] {
        &self.names
    }

    /// The next point that is at least one column to the right.
    pub fn right(&mut self, from: f64) -> Option<f64> {
        let next = self.start(self.column(from) + 1.0);
        let next = next.max(from.next_up());
        let places = self.traces.iter_mut();
        let places = places.filter_map(|(_, trace)| trace.first_from(next, f64::INFINITY));
        let place = places.map(|found| found.place).reduce(f64::min)?;
        Some(self.snapped(place, next))
    }

    /// The point before that is at least one column to the left.
    pub fn left(&mut self, from: f64) -> Option<f64> {
        let before = self.start(self.column(from)).min(from);
        let places = self.traces.iter_mut();
        let places = places.filter_map(|(_, trace)| trace.last_before(before));
        let place = places.map(|found| found.place).reduce(f64::max)?;
        Some(self.snapped(place, f64::NEG_INFINITY))
    }

    /// How many points of one line stand exactly at a place, to be read one after the other; 1 where
    /// they are so many that nobody would.
    pub fn stacked(&mut self, place: f64) -> u32 {
        let counts = self.traces.iter_mut().filter_map(|(_, trace)| {
            let found = trace.first_from(place, place.next_up())?;
            Some(trace.stacked(found, STACKED + 1).len())
        });
        let few = counts.filter(|count| *count <= STACKED).max();
        few.unwrap_or(1).max(1) as u32
    }

    /// The first point in the window.
    pub fn first(&mut self) -> Option<f64> {
        let (lo, hi) = (self.x.lo(), self.x.hi().next_up());
        let places = self.traces.iter_mut();
        let places = places.filter_map(|(_, trace)| trace.first_from(lo, hi));
        places.map(|found| found.place).reduce(f64::min)
    }

    /// The last point in the window.
    pub fn last(&mut self) -> Option<f64> {
        let (lo, hi) = (self.x.lo(), self.x.hi().next_up());
        let places = self.traces.iter_mut();
        let places = places.filter_map(|(_, trace)| trace.last_before(hi));
        let places = places.map(|found| found.place);
        places.filter(|place| *place >= lo).reduce(f64::max)
    }

    /// The place of a value that is no finite number, behind or before a place.
    pub fn broken(&mut self, from: Option<f64>, right: bool) -> Option<f64> {
        let from = from.unwrap_or(if right {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        });
        let (behind, before) = (
            self.start(self.column(from) + 1.0),
            self.start(self.column(from)),
        );
        let mut best: Option<f64> = None;
        for (_, trace) in self
            .traces
            .iter_mut()
            .filter(|(_, t)| !t.line.measured_seldom)
        {
            let (column, rows) = (trace.column, trace.rows());
            for bad in column.non_finite().filter(|bad| rows.contains(&bad.row)) {
                let Some(place) = trace.place(bad.row) else {
                    continue;
                };
                let beyond = if right {
                    place >= behind || from.is_infinite()
                } else {
                    place < before || from.is_infinite()
                };
                let nearer =
                    best.is_none_or(|best| if right { place < best } else { place > best });
                if beyond && nearer {
                    best = Some(place);
                }
            }
        }
        best
    }

    /// Which rows of each line are in sight, and which one is at the cursor.
    pub fn in_sight(&mut self, cursor: Option<f64>) -> Vec<InSight<'a>> {
        let x = self.x;
        let of = |((run, trace), grouped): (&mut (RunId, Trace<'a>), &bool)| {
            let rows = trace.span_within(x);
            let first_resident = trace.stream.resident().start;
            let resident = first_resident <= rows.start || rows.is_empty();
            InSight {
                run: *run,
                line: trace.line,
                grouped: *grouped,
                at: cursor.and_then(|place| trace.row_near(place)),
                resident,
                first_resident,
                rows,
            }
        };
        self.traces.iter_mut().zip(&self.grouped).map(of).collect()
    }

    /// The points of each line in the window, of the newest rows that are in memory: at most so many
    /// of a line. False when there are more.
    pub fn points(&mut self, most: usize) -> (Vec<Vec<(f64, f64)>>, bool) {
        let mut complete = true;
        let mut all = Vec::with_capacity(self.traces.len());
        for (_, trace) in &mut self.traces {
            let mut points = Vec::new();
            for stretch in trace.stretches().to_vec().into_iter().filter(|s| s.live) {
                let rows = trace.within(&stretch.rows, self.x);
                let from = rows.start.max(rows.end.saturating_sub(most as u64));
                let known = from.max(trace.stream.resident().start.min(rows.end));
                complete &= known == rows.start;
                let (stream, id) = (trace.stream, trace.id());
                trace.along.begin();
                for (row, value) in stream.values(id, known..rows.end) {
                    points.extend(trace.along.place(row).map(|place| (place, value)));
                }
            }
            if points.len() > most {
                points.drain(..points.len() - most);
                complete = false;
            }
            all.push(points);
        }
        (all, complete)
    }

    /// Of several points in a column the one of the rarest line: the others have one there, too.
    fn snapped(&mut self, place: f64, from: f64) -> f64 {
        let column = self.column(place);
        let (start, end) = (self.start(column).max(from), self.start(column + 1.0));
        let rarest = self.traces.iter_mut().filter_map(|(_, trace)| {
            let found = trace.first_from(start, end)?;
            Some((trace.column.count(), found.place))
        });
        let rarest = rarest.min_by_key(|(count, _)| *count);
        rarest.map_or(place, |(_, place)| place)
    }

    /// The number of a column, also of one beyond the edges.
    fn column(&self, place: f64) -> f64 {
        ((place / 2.0 - self.x.lo() / 2.0) / self.width * 2.0 + 1e-6).floor()
    }

    fn start(&self, column: f64) -> f64 {
        self.x.lo() + (column - 1e-6) * self.width
    }
}

/// The same place along another axis, by the rows of the longest line of a chart.
pub fn converted(
    source: &Source<'_>,
    chart: &Chart,
    place: f64,
    from: XAxis,
    to: XAxis,
) -> Option<f64> {
    if from == to {
        return Some(place);
    }
    let lines = chart.lines.iter().filter(|line| !line.band);
    let traces = lines.filter_map(|line| Trace::of(source, line, from));
    let mut trace = traces.max_by_key(|trace| trace.column.count())?;
    let row = trace.row_near(place)?;
    let line = trace.line;
    let axes = &source.overview.axes;
    axes.along(source.run, line.stream, to)?.place(row)
}
