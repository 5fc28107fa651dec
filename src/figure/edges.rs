//! Where strokes cross the edges of a window: they lead to points beyond it.

use std::ops::Range;

use super::trace::{Stretch, Trace};
use crate::widgets::axis::Scale;

/// A point that strokes lead to.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) row: u64,
    place: f64,
    value: f64,
}

/// The outermost points in a window, and the nearest ones beyond it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ends {
    pub(super) before: Option<End>,
    pub(super) first: Option<End>,
    pub(super) last: Option<End>,
    pub(super) after: Option<End>,
}

impl Ends {
    /// With a weight those of the smoothed series.
    pub(super) fn of(
        trace: &mut Trace<'_>,
        stretch: &Stretch,
        rows: &Range<u64>,
        weight: Option<f64>,
    ) -> Self {
        let beyond = [
            stretch.rows.start..rows.start,
            rows.clone(),
            rows.clone(),
            rows.end..stretch.rows.end,
        ];
        let [before, first, last, after] = beyond;
        let found = [
            last_value(trace, &before),
            first_value(trace, &first),
            last_value(trace, &last),
            first_value(trace, &after),
        ];
        let mut end = |found: Option<(u64, f64)>| {
            let (row, value) = found?;
            let value = match weight {
                Some(weight) => trace.smoothed_at(weight, row)?,
                None => value,
            };
            let place = trace.place(row)?;
            value.is_finite().then_some(End { row, place, value })
        };
        let [before, first, last, after] = found.map(&mut end);
        Self {
            before,
            first,
            last,
            after,
        }
    }
}

/// The value where a stroke between two points crosses a place between them.
pub(super) fn between(scale: Scale, one: End, two: End, place: f64) -> Option<f64> {
    let share = (place - one.place) / (two.place - one.place);
    if !(0.0..=1.0).contains(&share) {
        return None;
    }
    let value = mixed(scale, one.value, two.value, share);
    value.is_finite().then_some(value)
}

/// The value on a straight stroke between two, a share of the way from the first to the second.
pub(super) fn mixed(scale: Scale, one: f64, two: f64, share: f64) -> f64 {
    let mixed = |a: f64, b: f64| a * (1.0 - share) + b * share;
    if scale == Scale::Log && one > 0.0 && two > 0.0 {
        mixed(one.ln(), two.ln()).exp()
    } else {
        mixed(one, two)
    }
}

/// The first value of some rows, if all rows up to it are known.
fn first_value(trace: &Trace<'_>, rows: &Range<u64>) -> Option<(u64, f64)> {
    let (stream, id) = (trace.stream, trace.id());
    let found = stream.values(id, rows.clone()).next()?;
    stream
        .has_exact(id, &(rows.start..found.0 + 1))
        .then_some(found)
}

/// The last value of some rows, if all rows behind it are known.
fn last_value(trace: &Trace<'_>, rows: &Range<u64>) -> Option<(u64, f64)> {
    let (stream, id) = (trace.stream, trace.id());
    let mut length = 1;
    loop {
        let start = rows.start.max(rows.end.saturating_sub(length));
        if let Some(found) = stream.values(id, start..rows.end).last() {
            return stream.has_exact(id, &(found.0..rows.end)).then_some(found);
        }
        if start == rows.start {
            return None;
        }
        length *= 8;
    }
}
