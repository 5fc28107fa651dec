//! Vertical axes on which decades are equally long.

use super::rows::{Rows, Wanted, raised};
use super::ticks::{self, Tick};
use super::{Bounds, SMALLEST, labels};

/// With so many lines for a decade there is room for labels within it.
const DIGITS_WELL: u16 = 6;
/// With fewer than these there is none.
const DIGITS_LEAST: u16 = 3;
/// What whole decades may leave empty, more than other ends would.
const MORE_EMPTY: f64 = 0.1;

/// Bounds and ticks for values between two numbers; nothing when there is no such axis.
pub(super) fn axis(tight: Bounds, lines: u16) -> Option<(Bounds, Vec<Tick>)> {
    let (lo, hi) = (tight.lo.max(SMALLEST), tight.hi.max(SMALLEST));
    let (lo, hi) = if lo < hi { (lo, hi) } else { (0.1, 1.0) };
    let (lo, hi) = (lo.log10(), hi.log10());
    let wanted = Wanted::of(lines);
    let near = Rows::within_decades(lo, hi, lines);
    let whole = Rows::decades(lo, hi, lines);
    let empty = near
        .zip(whole)
        .map(|(near, whole)| near.filled(lo, hi) - whole.filled(lo, hi));
    let least = if empty.is_some_and(|empty| empty > MORE_EMPTY) {
        DIGITS_LEAST
    } else {
        DIGITS_WELL
    };
    let near = near.filter(|rows| rows.apart() >= least);
    let rows = near.or(whole)?;
    let ends = rows.ends();
    let bounds = Bounds::new(raised(ends.0), raised(ends.1));
    let found = if near.is_some() {
        let values = Bounds::new(raised(lo), raised(hi));
        digits(values, bounds, rows.apart(), lines)
    } else {
        decades(bounds, rows, wanted)
    };
    Some((bounds, found))
}

fn decades(bounds: Bounds, rows: Rows, wanted: Wanted) -> Vec<Tick> {
    let values = rows.multiples().map(|tick| raised(tick * rows.step()));
    let values: Vec<f64> = values.filter(|value| bounds.contains(*value)).collect();
    let between = ticks::log_values(bounds, wanted.to);
    // Few lines may have room for one decade only.
    if values.len() < 2 && between.len() > values.len() {
        return labels::of_decades(&between);
    }
    labels::of_decades(&values)
}

/// 1, 2 and 5 times powers of ten, or what is round where that is too little.
fn digits(values: Bounds, bounds: Bounds, decade: u16, lines: u16) -> Vec<Tick> {
    let wanted = Wanted::of(lines);
    let most = [lines / 2, lines].map(usize::from);
    let digits = most.map(|most| around(values, ticks::log_values(bounds, most)));
    let found = digits.into_iter().find(|ticks| ticks.len() >= wanted.least);
    let digits = found.unwrap_or_default();
    if digits.len() >= wanted.from {
        return labels::of_decades(&digits);
    }
    for most in [wanted.to, wanted.least] {
        let step = ticks::nice_step(values, most as f64);
        let mut even = ticks::multiples(bounds, step);
        even.retain(|value| *value > 0.0);
        let even = around(values, even);
        let nearest = match even[..] {
            [.., below, last] => (last / below).log10() * f64::from(decade),
            _ => 0.0,
        };
        if even.len() > digits.len() && nearest >= 1.0 {
            return labels::of(&even, step, labels::Labels::Numbers);
        }
    }
    labels::of_decades(&digits)
}

/// The ticks that hold the values between them.
fn around(values: Bounds, mut ticks: Vec<f64>) -> Vec<f64> {
    let first = ticks.partition_point(|tick| *tick <= values.lo);
    let end = ticks.partition_point(|tick| *tick < values.hi);
    ticks.truncate(end + 1);
    ticks.drain(..first.saturating_sub(1));
    ticks
}
