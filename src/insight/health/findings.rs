//! What about a run should worry its owner.

use crate::insight::metric::Split;
use crate::insight::number;
use crate::insight::series::{self, Series};
use crate::record::StreamKind;
use crate::store::{Bucket, Extreme, NonFinite, NonFiniteKind, Run};

use super::last_time;

/// Something that the owner of a run should know.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub kind: FindingKind,
    /// The name of the series that it is about, if it is about one.
    pub metric: Option<String>,
    /// For people: `Val Loss rising since epoch 31: 0.112 then, 0.118 now`.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    NonFinite,
    /// Infinite at its very beginning only.
    BeganInfinite,
    Rising,
    Spike,
    Restarted,
    Ahead,
}

impl FindingKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::NonFinite => "non-finite",
            Self::BeganInfinite => "began-infinite",
            Self::Rising => "rising",
            Self::Spike => "spike",
            Self::Restarted => "restarted",
            Self::Ahead => "ahead",
        }
    }
}

/// How bad a finding is; the worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A loss is no number any more.
    LossLost,
    /// A loss was no number for a while.
    LossBroken,
    Broken,
    Rising,
    Spike,
    /// Infinite now and then, and no loss: mixed precision skips such steps.
    Overflow,
    Restarted,
    Ahead,
    Began,
}

/// What should worry the owner, the worst first.
pub fn findings(run: &Run, all: &[Series<'_>], now: f64) -> Vec<Finding> {
    let measures = || {
        all.iter()
            .filter(|s| s.metric.is_measure() && s.stream.kind == StreamKind::Metric)
    };
    let mut found: Vec<(Rank, Finding)> = measures().filter_map(|s| non_finite(run, s)).collect();
    let val_loss = series::loss_of(all, Some(Split::Val));
    found.extend(val_loss.and_then(|s| Some((Rank::Rising, rising(run, s)?))));
    let losses = measures().filter(|s| s.metric.is_some_loss());
    found.extend(losses.filter_map(|s| Some((Rank::Spike, spike(run, s)?))));
    found.extend(restarted(run, all).map(|finding| (Rank::Restarted, finding)));
    found.extend(ahead(run, now).map(|finding| (Rank::Ahead, finding)));
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, finding)| finding).collect()
}

/// A finding about a series; `what` follows its name.
fn about(series: &Series<'_>, kind: FindingKind, what: &str) -> Finding {
    let label = series.metric.label();
    let label = if label.is_empty() {
        &series.name
    } else {
        &label
    };
    Finding {
        kind,
        metric: Some(series.name.clone()),
        text: format!("{label} {what}"),
    }
}

/// `NaN ×4 from step 1203`, `Inf once at step 17`
fn non_finite(run: &Run, series: &Series<'_>) -> Option<(Rank, Finding)> {
    let column = series.column;
    if series.begins_infinite() {
        let count = column.pos_inf() + column.neg_inf();
        let what = format!("began with Inf ×{count}");
        return Some((
            Rank::Began,
            about(series, FindingKind::BeganInfinite, &what),
        ));
    }
    let nan = series.nan();
    let infinite = column.pos_inf() + column.neg_inf();
    if nan + infinite == 0 {
        return None;
    }
    let is_counted = |bad: &NonFinite| nan > 0 || bad.kind != NonFiniteKind::NaN;
    let first = column.non_finite().find(is_counted);
    let place = first.map(|first| place(run, series, &first));
    let at_the_end = series.last().is_some_and(|last| !last.is_finite());
    let counts = [
        ("NaN", nan),
        ("Inf", column.pos_inf()),
        ("-Inf", column.neg_inf()),
    ];
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let what = if nan + infinite == 1 && !at_the_end {
        let names: Vec<&str> = counts.map(|(name, _)| name).collect();
        let place = place.map(|place| format!(" at {place}"));
        format!("{} once{}", names.concat(), place.unwrap_or_default())
    } else {
        let words: Vec<String> = counts
            .map(|(name, count)| format!("{name} ×{}", number::grouped(count)))
            .collect();
        let place = place.map(|place| format!(" from {place}"));
        format!("{}{}", words.join(", "), place.unwrap_or_default())
    };
    let rank = match (series.metric.is_some_loss(), at_the_end) {
        (true, true) => Rank::LossLost,
        (true, false) => Rank::LossBroken,
        (false, false) if nan == 0 => Rank::Overflow,
        (false, _) => Rank::Broken,
    };
    Some((rank, about(series, FindingKind::NonFinite, &what)))
}

fn place(run: &Run, series: &Series<'_>, at: &NonFinite) -> String {
    let at = Extreme {
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
    let end = series.column.last_row()? + 1;
    let since = end.saturating_sub(best.row + 1);
    if since.saturating_mul(10) < series.stream.rows() || best.value <= 0.0 {
        return None;
    }
    let worse = |value: f64| value.is_finite() && value >= best.value * WORSE;
    if !worse(last) || !rises(series, best.row + 1, end, worse) {
        return None;
    }
    let place = series.epoch(run, best).text();
    let (then, now) = (number::human(best.value), number::human(last));
    let what = format!("rising since {place}: {then} then, {now} now");
    Some(about(series, FindingKind::Rising, &what))
}

/// Whether values rise from one row to another by more than their noise can. Noise comes back now
/// and then, and one lucky value is no trend: the later half must lie above the earlier one, both
/// its lowest value and its middle one, and its lowest must be as bad as `worse` says.
fn rises(series: &Series<'_>, from: u64, end: u64, worse: impl Fn(f64) -> bool) -> bool {
    const FEWEST: usize = 8;
    const PIECES: usize = 64;
    /// With less, every twentieth noisy loss that has settled would be told to rise at some time.
    const CLEARLY: f64 = 7.0;
    let window = series.stream.window(series.id, from..end, PIECES);
    if window.len() < FEWEST {
        return false;
    }
    let (before, lately) = window.split_at(window.len() / 2);
    let lowest = |of: &[Bucket]| {
        of.iter()
            .map(|piece| piece.min)
            .fold(f64::INFINITY, f64::min)
    };
    if !worse(lowest(lately)) || lowest(lately) <= lowest(before) {
        return false;
    }
    let middles = |of: &[Bucket]| -> Vec<f64> {
        of.iter()
            .map(|piece| piece.min.midpoint(piece.max))
            .collect()
    };
    let steps: Vec<f64> = middles(&window)
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .collect();
    let slope = median(steps.clone());
    let noise = median(steps.into_iter().map(|step| (step - slope).abs()).collect());
    // The middle of many noisy values is less noisy than each of them.
    let noise = noise / (lately.len() as f64).sqrt();
    median(middles(lately)) - median(middles(before)) > CLEARLY * noise
}

/// The middle one of some values.
fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return f64::NAN;
    }
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
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
    let what = format!("spiked to {} at {place}", number::human(max.value));
    Some(about(series, FindingKind::Spike, &what))
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
fn restarted(run: &Run, all: &[Series<'_>]) -> Option<Finding> {
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
    let at = Extreme {
        value: f64::NAN,
        row: last.row,
        step: Some(last.step),
    };
    let place = most.position(run, at).text();
    Some(about(
        most,
        FindingKind::Restarted,
        &format!("restarted{times} at {place}"),
    ))
}
