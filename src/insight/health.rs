//! Whether a run is alive, and what about it should worry its owner.

use super::number;
use super::progress::is_duration;
use super::series::{self, Series};
use crate::record::{Status, StreamKind};
use crate::store::{NonFinite, NonFiniteKind, Run, Stream};

/// What a run is doing, said honestly: never running for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Announced or just begun; no rows yet.
    Waiting,
    /// Rows arrive in the run's own rhythm.
    Running,
    /// No rows for much longer than its rhythm.
    Stalled,
    /// No rows for so long that it has surely ended; the tracker does not say how.
    Silent,
    Finished,
    Failed,
    Cancelled,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Stalled => "stalled",
            Self::Silent => "silent",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub const fn glyph(self) -> char {
        match self {
            Self::Waiting => '◌',
            Self::Running => '●',
            Self::Stalled => '◐',
            Self::Silent => '○',
            Self::Finished => '✓',
            Self::Failed => '✗',
            Self::Cancelled => '⊘',
        }
    }
}

/// Something that the owner of a run should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub kind: FindingKind,
    /// The name of the series.
    /// The series that it is about, if it is about one.
    pub metric: Option<String>,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    NonFinite,
    Rising,
    Spike,
    Restarted,
    Ahead,
}

impl FindingKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::NonFinite => "non-finite",
            Self::Rising => "rising",
            Self::Spike => "spike",
            Self::Restarted => "restarted",
            Self::Ahead => "ahead",
        }
    }
}

/// Silence of this many seconds is never a stall: trackers hold rows back for five seconds.
const STALLED_FLOOR: f64 = 30.0;
const SILENT_FLOOR: f64 = 600.0;

pub fn state(run: &Run, all: &[Series<'_>], now: f64) -> State {
    match run.facts.status {
        Some(Status::Failed) if !reopened(run) => return State::Failed,
        Some(Status::Cancelled) if !reopened(run) => return State::Cancelled,
        Some(Status::Completed) if !reopened(run) => return State::Finished,
        Some(Status::Pending) if run.rows() == 0 => return State::Waiting,
        _ => {}
    }
    let Some(last) = last_sign(run, now) else {
        // Rows from standard input: nothing tells when they came, but the end of it is seen.
        return match (run.rows(), run.reading.caught_up) {
            (0, _) => State::Waiting,
            (_, false) => State::Running,
            (_, true) => State::Silent,
        };
    };
    // A clock that runs ahead of ours has its newest row in the future.
    let quiet = (now - last).max(0.0);
    let gap = rhythm(run, all);
    if quiet >= SILENT_FLOOR.max(60.0 * gap.usual) {
        return State::Silent;
    }
    if run.rows() == 0 && run.logs.lines == 0 {
        return State::Waiting;
    }
    if quiet >= STALLED_FLOOR.max(8.0 * gap.usual).max(1.5 * gap.longest) {
        State::Stalled
    } else {
        State::Running
    }
}

/// The oldest time of a row of a metric or of a log line. Tracks count their own time.
pub fn first_time(run: &Run) -> Option<f64> {
    run.metrics()
        .filter_map(|s| s.times.first)
        .chain(run.logs.first_time)
        .reduce(f64::min)
}

/// The newest time of a row of a metric or of a log line.
pub fn last_time(run: &Run) -> Option<f64> {
    run.metrics()
        .filter_map(|s| s.times.newest)
        .chain(run.logs.last_time)
        .reduce(f64::max)
}

/// When something last happened: the newest row, or, where rows carry no usable time, the end that
/// the tracker tells, else the last change of a file (which a copied folder has lost).
pub fn last_sign(run: &Run, now: f64) -> Option<f64> {
    const SKEW: f64 = 60.0;
    if run.rows() == 0 && run.logs.lines == 0 {
        // Copying a folder makes its files new; its documents keep their times.
        let told = [
            run.facts.created,
            run.facts.started,
            run.facts.updated,
            ended(run),
        ];
        let told = told.into_iter().flatten().reduce(f64::max);
        return told
            .filter(|time| *time <= now + SKEW)
            .or(run.reading.modified);
    }
    let rows = last_time(run).filter(|time| *time <= now + SKEW);
    rows.or_else(|| ended(run).filter(|time| *time <= now + SKEW))
        .or(run.reading.modified)
        .or_else(|| last_time(run))
        .or(run.facts.updated)
        .or(run.facts.created)
}

/// When the run began, as far as anything tells.
pub fn started(run: &Run) -> Option<f64> {
    run.facts
        .started
        .or(run.facts.created)
        .or_else(|| first_time(run))
}

/// When the run ended, if its tracker says that it did and when.
pub fn ended(run: &Run) -> Option<f64> {
    let over = matches!(
        run.facts.status,
        Some(Status::Completed | Status::Failed | Status::Cancelled)
    );
    run.facts.completed.filter(|_| over && !reopened(run))
}

/// A run that was opened again keeps its old end: then the status counts for nothing.
fn reopened(run: &Run) -> bool {
    run.facts
        .started
        .zip(run.facts.completed)
        .is_some_and(|(started, completed)| started > completed)
}

struct Rhythm {
    usual: f64,
    /// A pause that the run makes now and then: validation, saving.
    longest: f64,
}

fn rhythm(run: &Run, all: &[Series<'_>]) -> Rhythm {
    let busiest = run
        .metrics()
        .filter(|s| s.gaps.count() > 0)
        .max_by_key(|s| s.rows());
    let gaps = busiest.map(|s: &Stream| &s.gaps);
    if let Some(usual) = gaps.and_then(|g| g.typical_gap(0.9)) {
        let longest = gaps.and_then(|g| g.typical_gap(0.99)).unwrap_or(usual);
        return Rhythm { usual, longest };
    }
    let by_duration = all
        .iter()
        .find(|s| is_duration(s))
        .and_then(|s| s.live().mean());
    let to_first_row = || {
        let began = run.facts.started.or(run.facts.created)?;
        run.metrics()
            .filter_map(|s| s.times.first)
            .reduce(f64::min)
            .map(|first| first - began)
    };
    let usual = by_duration.or_else(to_first_row).unwrap_or(0.0).max(0.0);
    Rhythm {
        usual,
        longest: usual,
    }
}

/// How many seconds usually pass between two rows: their mean, unless long pauses make it say
/// little.
pub fn usual_gap(run: &Run, all: &[Series<'_>]) -> Option<f64> {
    let usual = rhythm(run, all).usual;
    let busiest = run.metrics().max_by_key(|stream| stream.rows());
    let mean = busiest.and_then(|stream| {
        let seconds = stream.times.newest? - stream.times.first?;
        Some(seconds / stream.rows().checked_sub(1).filter(|gaps| *gaps > 0)? as f64)
    });
    let gap = mean.filter(|mean| *mean <= usual).unwrap_or(usual);
    (gap.is_finite() && gap > 0.0).then_some(gap)
}

/// What should worry the owner, the worst first.
pub fn findings(run: &Run, all: &[Series<'_>], now: f64) -> Vec<Finding> {
    let measures = || {
        all.iter()
            .filter(|s| s.metric.is_measure() && s.stream.kind == StreamKind::Metric)
    };
    let mut found: Vec<Finding> = measures().filter_map(|s| non_finite(run, s)).collect();
    found
        .extend(series::loss_of(all, Some(super::metric::Split::Val)).and_then(|s| rising(run, s)));
    found.extend(
        measures()
            .filter(|s| s.metric.is_some_loss())
            .filter_map(|s| spike(run, s)),
    );
    found.extend(restarted(all));
    found.extend(ahead(run, now));
    found
}

/// `NaN ×4 from step 1203`
fn non_finite(run: &Run, series: &Series<'_>) -> Option<Finding> {
    let column = series.column;
    let counts = [
        (NonFiniteKind::NaN, "NaN", column.nan()),
        (NonFiniteKind::PosInf, "Inf", column.pos_inf()),
        (NonFiniteKind::NegInf, "-Inf", column.neg_inf()),
    ];
    let mut words: Vec<String> = Vec::new();
    for (_, name, count) in counts.iter().filter(|(_, _, count)| *count > 0) {
        words.push(format!("{name} ×{count}"));
    }
    if words.is_empty() {
        return None;
    }
    let mut text = format!("{} {}", series.name, words.join(", "));
    if let Some(first) = column.non_finite().next() {
        text.push_str(" from ");
        text.push_str(&place(run, series, &first));
    }
    Some(Finding {
        kind: FindingKind::NonFinite,
        metric: Some(series.name.clone()),
        text,
    })
}

fn place(run: &Run, series: &Series<'_>, at: &NonFinite) -> String {
    let at = crate::store::Extreme {
        value: f64::NAN,
        row: at.row,
        step: at.step,
    };
    series.position(run, at).text()
}

/// The validation loss has been well above its best for a good while: overfitting.
fn rising(run: &Run, series: &Series<'_>) -> Option<Finding> {
    const WORSE: f64 = 1.05;
    let live = series.live();
    let (best, last) = (live.min?, live.last_finite?);
    let end = series.column.last_row()?;
    let since = end.saturating_sub(best.row);
    let long = since >= 4 && since.saturating_mul(10) >= series.stream.rows();
    if !long || best.value <= 0.0 {
        return None;
    }
    // Noise comes back now and then, and one lucky value is no trend: the later half must lie above
    // the earlier one, and that above the best.
    let middle = best.row + since / 2;
    let lowest = |rows| {
        let window = series.stream.window(series.id, rows, 1);
        window.iter().map(|bucket| bucket.min).reduce(f64::min)
    };
    let (before, lately) = (lowest(best.row + 1..middle)?, lowest(middle..end + 1)?);
    let worse = lately.is_finite() && lately >= best.value * WORSE && last >= best.value * WORSE;
    if !worse || lately <= before {
        return None;
    }
    let place = series.epoch(run, best).text();
    let (then, now) = (number::human(best.value), number::human(last));
    let text = format!(
        "{} rising since {place}: {then} then, {now} now",
        series.name
    );
    Some(Finding {
        kind: FindingKind::Rising,
        metric: Some(series.name.clone()),
        text,
    })
}

/// One value far above all others, after the start, where a loss is high by nature.
fn spike(run: &Run, series: &Series<'_>) -> Option<Finding> {
    const FAR: f64 = 20.0;
    let live = series.live();
    let (max, first) = (live.max?, live.first.filter(|v| v.is_finite())?);
    let others = (live.sum - max.value) / (live.finite.checked_sub(1)? as f64);
    let usual = others.abs().max(first.abs());
    let settled = live.finite >= 10 && max.row >= 5;
    if !settled || usual <= 0.0 || max.value < FAR * usual {
        return None;
    }
    let place = series.position(run, max).text();
    let text = format!(
        "{} spiked to {} at {place}",
        series.name,
        number::human(max.value)
    );
    Some(Finding {
        kind: FindingKind::Spike,
        metric: Some(series.name.clone()),
        text,
    })
}

/// Times from the future: the clock of the machine that trains goes wrong, or that of this one. Ages
/// and states are then off by as much.
fn ahead(run: &Run, now: f64) -> Option<Finding> {
    const SKEW: f64 = 5.0;
    let lead = last_time(run)? - now;
    (lead > SKEW).then(|| Finding {
        kind: FindingKind::Ahead,
        metric: None,
        text: format!("times are {} ahead of this clock", number::duration(lead)),
    })
}

/// Said once for the run: all series of a stream restart together.
fn restarted(all: &[Series<'_>]) -> Option<Finding> {
    let most = all
        .iter()
        .filter(|s| s.metric.is_measure())
        .max_by_key(|s| s.column.restart_count())?;
    let count = most.column.restart_count();
    let last = most.column.restarts().last()?;
    let times = if count == 1 {
        String::new()
    } else {
        format!(" {} times, last", number::grouped(count))
    };
    let text = format!(
        "{} restarted{times} at {}",
        most.name,
        number::human(last.step)
    );
    Some(Finding {
        kind: FindingKind::Restarted,
        metric: Some(most.name.clone()),
        text,
    })
}
