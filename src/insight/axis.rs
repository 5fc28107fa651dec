//! What the x axis of a run's charts counts, and where along it each row lies.
//!
//! Streams count differently: the training rows name steps, the validation rows epochs, others
//! nothing at all. What a stream does not name itself is taken from the row of another stream that
//! stands at the same step, epoch or time.

mod along;

use super::clock;
use super::metric::{Coordinate, Role};
use super::progress::Counted;
use super::series::Series;
use crate::record::{ColumnId, StreamId, StreamKind};
use crate::store::{Run, Stream};

pub use along::Along;

/// What an x axis counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum XAxis {
    Epoch,
    Step,
    /// Seconds since the first row.
    Time,
    /// Seconds since 1970.
    Clock,
    Row,
}

/// What the streams of a run name, as it was when this was worked out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axes {
    streams: Vec<Known>,
    /// The axes that the data have, the one to begin with first.
    kinds: Vec<XAxis>,
    /// From the first to the last place on each of [`XAxis::ALL`].
    ranges: [Option<(f64, f64)>; 5],
    planned: Option<(XAxis, f64)>,
    /// When the first row was written.
    start: f64,
}

/// What the rows of one stream name themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Known {
    /// Rows that existed.
    rows: u64,
    /// Rows have steps, and these count steps, or epochs.
    steps: Option<XAxis>,
    /// The column that holds the epoch.
    epoch: Option<ColumnId>,
    /// The lowest and highest epoch of that column.
    epochs: Option<(f64, f64)>,
    names_steps: bool,
    has_times: bool,
    is_root: bool,
    /// Values of the measured column that has most.
    values: u64,
}

/// Where the rows of a stream name their epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpochIn {
    /// What they call the step counts epochs.
    Step,
    Column(ColumnId),
}

impl XAxis {
    pub const ALL: [Self; 5] = [Self::Epoch, Self::Step, Self::Time, Self::Clock, Self::Row];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Epoch => "epoch",
            Self::Step => "step",
            Self::Time => "time",
            Self::Clock => "clock",
            Self::Row => "row",
        }
    }
}

impl Axes {
    /// The axes of a run; `counted` is what its progress is told in.
    pub fn of(run: &Run, all: &[Series<'_>], counted: Counted, planned: Option<f64>) -> Self {
        let mut axes = Self {
            streams: run.streams.iter().map(Known::of).collect(),
            ..Self::default()
        };
        let mut at = 0;
        for series in all {
            at = stream_from(run, series.stream, at);
            axes.streams[at].learn(series);
        }
        let times = |get: fn(&Stream) -> Option<f64>| run.metrics().filter_map(get);
        let start = times(|s| s.times.first).reduce(f64::min);
        let newest = times(|s| s.times.newest).reduce(f64::max);
        axes.start = start.unwrap_or(0.0);
        let named = axes.streams.iter().any(|known| known.epochs.is_some());
        let all_epochs = counted == Counted::Epochs && !named;
        for (known, stream) in axes.streams.iter_mut().zip(&run.streams) {
            known.judge_steps(stream, all_epochs);
        }
        axes.ranges = axes.measure(run);
        if let Some((start, newest)) = start.zip(newest).filter(|(start, newest)| newest > start) {
            axes.ranges[XAxis::Time as usize] = Some((0.0, newest - start));
            axes.ranges[XAxis::Clock as usize] =
                Some((start, newest)).filter(|_| clock::is_date(start) && clock::is_date(newest));
        }
        let kind = match counted {
            Counted::Epochs => XAxis::Epoch,
            Counted::Steps => XAxis::Step,
            Counted::Rows => XAxis::Row,
        };
        axes.planned = planned.map(|planned| (kind, planned));
        axes.kinds = axes.choose(counted);
        axes
    }

    /// The axes that the data have, the one to begin with first.
    pub fn kinds(&self) -> &[XAxis] {
        &self.kinds
    }

    /// From the first to the last place of all rows.
    pub fn range(&self, kind: XAxis) -> Option<(f64, f64)> {
        self.ranges[kind as usize]
    }

    /// Where the run is planned to end.
    pub fn planned(&self, kind: XAxis) -> Option<f64> {
        self.planned
            .filter(|(of, _)| *of == kind)
            .map(|(_, planned)| planned)
    }

    /// Where a moment in seconds since 1970 lies; nothing where the axis does not count time.
    pub fn of_moment(&self, kind: XAxis, moment: f64) -> Option<f64> {
        match kind {
            XAxis::Time => Some(moment - self.start),
            XAxis::Clock => Some(moment),
            XAxis::Epoch | XAxis::Step | XAxis::Row => None,
        }
    }

    /// Where the rows of a stream name their epoch, if they do.
    pub fn epoch_in(&self, stream: StreamId) -> Option<EpochIn> {
        let known = self.streams.get(stream.0 as usize)?;
        match known.steps {
            Some(XAxis::Epoch) => Some(EpochIn::Step),
            _ => known.epoch.map(EpochIn::Column),
        }
    }

    /// Looks up places of a stream's rows: those of all its columns are the same.
    pub fn along<'a>(&'a self, run: &'a Run, stream: StreamId, kind: XAxis) -> Option<Along<'a>> {
        Along::new(self, run, stream, kind)
    }

    /// In the order in which they are asked for one after the other.
    fn choose(&self, counted: Counted) -> Vec<XAxis> {
        let has = |kind: XAxis| self.range(kind).is_some();
        let mut kinds: Vec<XAxis> = XAxis::ALL.into_iter().filter(|kind| has(*kind)).collect();
        if has(XAxis::Epoch) || has(XAxis::Step) {
            kinds.retain(|kind| *kind != XAxis::Row);
        }
        // Many rows of one epoch would all stand at the same place.
        let spread = |(lo, hi): (f64, f64)| hi > lo;
        let epochs_tell = self.range(XAxis::Epoch).is_some_and(spread)
            || self.streams.iter().all(|known| known.rows < 3);
        let first = match counted {
            Counted::Epochs if has(XAxis::Epoch) && epochs_tell => XAxis::Epoch,
            _ if has(XAxis::Step) => XAxis::Step,
            _ if has(XAxis::Epoch) && epochs_tell => XAxis::Epoch,
            _ => XAxis::Row,
        };
        if !kinds.contains(&first) {
            kinds.push(first);
        }
        kinds.sort_by_key(|kind| *kind != first);
        kinds
    }

    fn measure(&self, run: &Run) -> [Option<(f64, f64)>; 5] {
        let mut ranges = [None; 5];
        let mut widen = |kind: XAxis, lo: f64, hi: f64| {
            let range: &mut Option<(f64, f64)> = &mut ranges[kind as usize];
            if lo.is_finite() && hi.is_finite() {
                *range = Some(range.map_or((lo, hi), |(a, b)| (a.min(lo), b.max(hi))));
            }
        };
        for (known, stream) in self.metrics(run).filter(|(known, _)| known.rows > 0) {
            widen(XAxis::Row, 0.0, known.rows as f64 - 1.0);
            if let Some((kind, max)) = known.steps.zip(stream.max_step()) {
                let first = stream.step_near(0).unwrap_or(max).min(max);
                let spread = kind == XAxis::Epoch && known.spreads(first, max);
                widen(kind, first, if spread { max + 1.0 } else { max });
            }
            if let Some((lo, hi)) = known.epochs {
                let spread = known.spreads(lo, hi);
                widen(XAxis::Epoch, lo, if spread { hi + 1.0 } else { hi });
            }
        }
        ranges
    }

    fn metrics<'a>(&'a self, run: &'a Run) -> impl Iterator<Item = (&'a Known, &'a Stream)> {
        self.streams
            .iter()
            .zip(&run.streams)
            .filter(|(_, stream)| stream.kind == StreamKind::Metric)
    }
}

/// The number of the stream of a series. Series come in the order of their streams: the search
/// starts where the last one ended.
pub(super) fn stream_from(run: &Run, stream: &Stream, from: usize) -> usize {
    let count = run.streams.len();
    (from..from + count)
        .map(|at| at % count)
        .find(|at| std::ptr::eq(&raw const run.streams[*at], stream))
        .unwrap_or(0)
}

impl Known {
    fn of(stream: &Stream) -> Self {
        Self {
            rows: stream.rows(),
            steps: stream.has_steps().then_some(XAxis::Step),
            has_times: stream.times.first.is_some(),
            is_root: stream.name.is_empty(),
            ..Self::default()
        }
    }

    fn learn(&mut self, series: &Series<'_>) {
        if series.metric.is_measure() {
            self.values = self.values.max(series.column.count());
        }
        if series.column.finite() == 0 {
            return;
        }
        match series.metric.role {
            Role::Coordinate(Coordinate::Step) => self.names_steps = true,
            Role::Coordinate(Coordinate::Epoch) if self.epoch.is_none() => {
                let live = series.live();
                self.epoch = Some(series.id);
                self.epochs = live.min.zip(live.max).map(|(lo, hi)| (lo.value, hi.value));
            }
            _ => {}
        }
    }

    /// A column of steps leaves no doubt about what the steps of its rows are. Those of an envelope
    /// are epochs if the epochs reach as far, or if the run counts epochs and never names one.
    fn judge_steps(&mut self, stream: &Stream, all_epochs: bool) {
        let last_epoch = self.epochs.map(|(_, last)| last);
        let epochs = match last_epoch {
            Some(last) => stream.max_step() == Some(last),
            None => all_epochs,
        };
        if self.steps.is_some() && epochs && !self.names_steps {
            self.steps = Some(XAxis::Epoch);
        }
    }

    /// Whether many rows name the same epoch: they are spread over it.
    fn spreads(&self, lo: f64, hi: f64) -> bool {
        hi > lo && self.values as f64 > 1.5 * (hi - lo + 1.0)
    }
}

#[cfg(test)]
mod tests;
