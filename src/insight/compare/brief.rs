//! What a table says of a run before anybody looks at it closely: worked out in microseconds, so that
//! thousands of runs can be put in order.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::super::health::{self, State};
use super::super::metric::{Metric, series_name};
use super::super::overview::{Overview, Primary, primary};
use super::super::progress::{self, Progress};
use super::super::series::{Series, series_meaning};
use crate::record::RunId;
use crate::store::Run;

/// A run in brief.
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    pub run: RunId,
    pub state: State,
    pub gone: bool,
    pub started: Option<f64>,
    pub ended: Option<f64>,
    /// When something last happened.
    pub last_sign: Option<f64>,
    pub progress: Progress,
    pub primary: Option<Primary>,
    /// How many measured values are NaN, and how many infinite.
    pub nan: u64,
    pub infinite: u64,
    pub rows: u64,
    /// How many parameters there are, and how many of their changes are known: tells whether they
    /// changed.
    pub params: (usize, usize, u64),
}

/// The names that runs use, each read once.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    /// By stream, as far as its name has a meaning, and by key.
    metrics: BTreeMap<String, BTreeMap<String, Rc<Metric>>>,
    params: BTreeSet<String>,
}

/// More names than these nobody chooses from; what they mean is still worked out.
const NAMES: usize = 10_000;

impl Brief {
    pub fn of(run: &Run, now: f64, words: &mut Vocabulary) -> Self {
        let all = series_meaning(run, |stream, key| words.meaning(stream, key));
        let measures = || all.iter().filter(|s| s.metric.is_measure());
        let state = health::state(run, &all, now);
        Self {
            run: run.id,
            state,
            gone: run.gone,
            started: health::started(run),
            ended: health::ended(run),
            last_sign: health::last_sign(run, now),
            progress: progress::progress(run, &all),
            primary: primary(run, &all),
            nan: measures().map(Series::nan).sum(),
            infinite: measures().flat_map(Series::infinite).sum(),
            rows: run.rows(),
            params: params(run),
        }
    }

    /// The same from what is known already; whether parameters changed it does not tell.
    pub fn of_overview(overview: &Overview) -> Self {
        Self {
            run: overview.run,
            state: overview.state,
            gone: overview.gone,
            started: overview.started,
            ended: overview.ended,
            last_sign: overview.last_sign,
            progress: overview.progress,
            primary: overview.primary.clone(),
            nan: overview.nan,
            infinite: overview.infinite,
            rows: overview.rows,
            params: (0, 0, 0),
        }
    }

    /// The moment from which a run's age counts: its end, or when something last happened.
    pub fn last_moment(&self) -> Option<f64> {
        self.ended.or(self.last_sign).filter(|at| at.is_finite())
    }

    /// How many seconds it took, or has taken so far.
    pub fn duration(&self) -> Option<f64> {
        let seconds = self.last_moment()? - self.started?;
        (seconds.is_finite() && seconds >= 0.0).then_some(seconds)
    }

    /// How many measured values are NaN or infinite.
    pub const fn non_finite(&self) -> u64 {
        self.nan + self.infinite
    }

    /// Whether the state changes by itself as time passes.
    pub const fn is_alive(&self) -> bool {
        matches!(self.state, State::Running | State::Stalled | State::Waiting)
    }
}

/// See [`Brief::params`].
pub(super) fn params(run: &Run) -> (usize, usize, u64) {
    let params = &run.params;
    (params.values.len(), params.history.len(), params.dropped)
}

impl Vocabulary {
    /// Learns the names of a run's parameters.
    pub fn learn_params(&mut self, run: &Run) {
        for key in run.params.values.keys() {
            if self.params.len() >= NAMES {
                return;
            }
            if !self.params.contains(key) {
                self.params.insert(key.clone());
            }
        }
    }

    pub fn params(&self) -> impl Iterator<Item = &str> {
        self.params.iter().map(String::as_str)
    }

    /// The names of what is measured, with their meaning.
    pub fn metrics(&self) -> impl Iterator<Item = (String, &Rc<Metric>)> {
        let streams = self.metrics.iter();
        let all = streams.flat_map(|(stream, keys)| {
            let keys = keys.iter();
            keys.map(move |(key, metric)| (series_name(stream, key), metric))
        });
        all.filter(|(_, metric): &(String, &Rc<Metric>)| metric.is_measure())
    }

    /// What a name means, quickly where some run uses it.
    pub fn known(&self, stream: &str, key: &str) -> Cow<'_, Metric> {
        let known = self.metrics.get(stream).and_then(|keys| keys.get(key));
        known.map_or_else(
            || Cow::Owned(Metric::parse(stream, key)),
            |metric| Cow::Borrowed(&**metric),
        )
    }

    fn meaning(&mut self, stream: &str, key: &str) -> Rc<Metric> {
        if let Some(metric) = self.metrics.get(stream).and_then(|keys| keys.get(key)) {
            return Rc::clone(metric);
        }
        let metric = Rc::new(Metric::parse(stream, key));
        let held: usize = self.metrics.values().map(BTreeMap::len).sum();
        if held < NAMES {
            let keys = self.metrics.entry(stream.to_owned()).or_default();
            keys.insert(key.to_owned(), Rc::clone(&metric));
        }
        metric
    }
}
