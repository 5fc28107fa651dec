//! Whether a run is alive, and what about it should worry its owner.

mod findings;

use super::progress::is_duration;
use super::series::Series;
use crate::record::Status;
use crate::store::{Gaps, Run};

pub use findings::{Finding, FindingKind, findings};

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
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Running,
        Self::Stalled,
        Self::Silent,
        Self::Finished,
        Self::Failed,
        Self::Cancelled,
    ];

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

/// Silence of this many seconds is never a stall: trackers hold rows back, and disks are slow.
const STALLED_FLOOR: f64 = 60.0;
/// Nor is this much where nothing tells how often rows come.
const STALLED_UNKNOWN: f64 = 600.0;
const SILENT_FLOOR: f64 = 600.0;
const SILENT_UNKNOWN: f64 = 3600.0;

pub fn state(run: &Run, all: &[Series<'_>], now: f64) -> State {
    match run.facts.status {
        Some(Status::Failed) if !reopened(run) => return State::Failed,
        Some(Status::Cancelled) if !reopened(run) => return State::Cancelled,
        Some(Status::Completed) if !reopened(run) => return State::Finished,
        Some(Status::Pending) if run.rows() == 0 => return State::Waiting,
        _ => {}
    }
    let Some(quiet) = silence(run, now) else {
        // Rows from standard input: nothing tells when they came, but the end of it is seen.
        return match (run.rows(), run.reading.caught_up) {
            (0, _) => State::Waiting,
            (_, false) => State::Running,
            (_, true) => State::Silent,
        };
    };
    let limits = Limits::of(run, all);
    if quiet >= limits.silent {
        return State::Silent;
    }
    if run.rows() == 0 && run.logs.lines == 0 {
        return State::Waiting;
    }
    if quiet >= limits.stalled && run.reading.caught_up {
        State::Stalled
    } else {
        State::Running
    }
}

/// For how many seconds nothing has happened. As long as files are still being read, their newest
/// rows are not known: then it is their last change that tells.
fn silence(run: &Run, now: f64) -> Option<f64> {
    let mut last = last_sign(run, now)?;
    if !run.reading.caught_up {
        last = run.reading.modified.map_or(last, |time| time.max(last));
    }
    // A clock that runs ahead of ours has its newest row in the future.
    Some((now - last).max(0.0))
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

/// How many seconds of silence mean what.
struct Limits {
    stalled: f64,
    silent: f64,
}

impl Limits {
    fn of(run: &Run, all: &[Series<'_>]) -> Self {
        let gaps = busiest_gaps(run).filter(|gaps| gaps.count() >= FEW_GAPS);
        let usual = gaps.and_then(|gaps| gaps.typical_gap(0.95));
        let Some(usual) = usual.or_else(|| mean_duration(all)) else {
            return Self {
                stalled: STALLED_UNKNOWN,
                silent: SILENT_UNKNOWN,
            };
        };
        // Between bursts lie pauses, for validation or saving, that few gaps are as long as.
        let pause = gaps.and_then(|gaps| gaps.typical_gap(1.0 - 2.0 / gaps.count() as f64));
        let pause = pause.unwrap_or(0.0).min(LONGEST_PAUSE);
        let stalled = STALLED_FLOOR.max(5.0 * usual).max(2.0 * pause);
        Self {
            stalled,
            silent: SILENT_FLOOR.max(60.0 * usual).max(2.0 * stalled),
        }
    }
}

/// Fewer gaps than this are no rhythm.
const FEW_GAPS: u64 = 3;
/// Longer pauses are no part of a rhythm, unless most are as long: somebody stopped the run.
const LONGEST_PAUSE: f64 = 600.0;

/// The gaps of the metric stream with the most rows.
fn busiest_gaps(run: &Run) -> Option<&Gaps> {
    let with_gaps = run.metrics().filter(|stream| stream.gaps.count() > 0);
    with_gaps
        .max_by_key(|stream| stream.rows())
        .map(|stream| &stream.gaps)
}

/// What the rows themselves say that each of them took.
fn mean_duration(all: &[Series<'_>]) -> Option<f64> {
    let durations = all.iter().find(|s| is_duration(s))?;
    let mean = durations.live().mean();
    mean.filter(|mean| *mean > 0.0)
}

/// How many seconds usually pass between two rows: their mean, unless long pauses make it say
/// little.
pub fn usual_gap(run: &Run, all: &[Series<'_>]) -> Option<f64> {
    let usual = busiest_gaps(run).and_then(|gaps| gaps.typical_gap(0.9));
    let usual = usual.or_else(|| mean_duration(all))?;
    let busiest = run.metrics().max_by_key(|stream| stream.rows());
    let mean = busiest.and_then(|stream| {
        let seconds = stream.times.newest? - stream.times.first?;
        Some(seconds / stream.rows().checked_sub(1).filter(|gaps| *gaps > 0)? as f64)
    });
    let gap = mean.filter(|mean| *mean <= usual).unwrap_or(usual);
    (gap.is_finite() && gap > 0.0).then_some(gap)
}

#[cfg(test)]
mod tests;
