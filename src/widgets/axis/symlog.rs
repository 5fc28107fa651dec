//! Vertical axes with decades on both sides of zero, and a linear part between them.

use super::labels::{self, Labels};
use super::rows::{Rows, Wanted, raised};
use super::ticks::{self, Tick};
use super::{Bounds, LARGEST, linear, logarithmic};
use crate::widgets::Safe;

/// Decades that are told apart below the largest value.
const DEEPEST: i32 = 4;
/// With so many lines for a decade there is room for labels within it.
const DIGITS_WELL: u16 = 6;
/// What bounds may be off by, in decades, because of rounding errors.
const ROUNDING: f64 = 1e-9;
/// Distances of ticks, in decades.
const EVERY: [f64; 9] = [1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];

/// The exponent of the power of ten up to which the scale is linear.
pub(super) fn exponent_for(smallest: f64, largest: f64) -> i8 {
    let exponent = |value: f64| {
        let size = value.abs().clamp(f64::MIN_POSITIVE, LARGEST);
        ticks::exponent(if value.is_nan() { 1.0 } else { size })
    };
    let (least, most) = (exponent(smallest), exponent(largest));
    let linear = least.max(most - DEEPEST).min(most);
    linear.clamp(i32::from(i8::MIN), i32::from(i8::MAX)) as i8
}

/// How far from zero a finite value is, in lengths of a decade.
pub(super) fn measured(value: f64, exponent: i8) -> f64 {
    let size = value.abs().min(LARGEST);
    let unit = ticks::power(i32::from(exponent));
    let far = if size <= unit {
        size / unit
    } else {
        1.0 + size.log10() - f64::from(exponent)
    };
    far.copysign(value)
}

/// Whether bounds lie in the linear part.
pub(super) fn is_linear(bounds: Bounds, exponent: i8) -> bool {
    let unit = ticks::power(i32::from(exponent));
    bounds.lo >= -unit && bounds.hi <= unit
}

/// The value that is so far from zero.
fn value_at(far: f64, exponent: i8) -> f64 {
    let size = if far.abs() <= 1.0 {
        far.abs() * ticks::power(i32::from(exponent))
    } else {
        raised(far.abs() - 1.0 + f64::from(exponent)).min(LARGEST)
    };
    size.copysign(far) + 0.0
}

/// Bounds and ticks for values between two numbers; nothing when there is no such axis.
pub(super) fn axis(tight: Bounds, exponent: i8, lines: u16) -> Option<(Bounds, Vec<Tick>)> {
    if is_linear(tight, exponent) {
        return linear(tight.with_zero(), lines);
    }
    let (lo, hi) = (measured(tight.lo, exponent), measured(tight.hi, exponent));
    let alone = if lo >= 1.0 {
        logarithmic::axis(tight, lines)
    } else if hi <= -1.0 {
        let (lo, hi) = (-tight.hi, -tight.lo);
        logarithmic::axis(Bounds { lo, hi }, lines).map(mirrored)
    } else {
        None
    };
    let beyond = |bounds: Bounds| {
        let ends = [bounds.lo, bounds.hi].map(|end| measured(end, exponent));
        ends[0] >= 1.0 - ROUNDING || ends[1] <= ROUNDING - 1.0
    };
    alone
        .filter(|(bounds, _)| beyond(*bounds))
        .or_else(|| around(lo, hi, exponent, lines))
}

/// The axis around values that lie so far from zero.
fn around(lo: f64, hi: f64, exponent: i8, lines: u16) -> Option<(Bounds, Vec<Tick>)> {
    let near = Rows::within_decades(lo, hi, lines).filter(|rows| rows.apart() >= DIGITS_WELL);
    let rows = near.or_else(|| Rows::decades(lo, hi, lines))?;
    let ends = rows.ends();
    let bounds = Bounds::exact(value_at(ends.0, exponent), value_at(ends.1, exponent));
    let found = if near.is_some() {
        values(bounds, exponent, usize::from(lines / 2))
    } else {
        let ticks = rows.multiples().map(|tick| tick * rows.step());
        let values = ticks.map(|far| value_at(far, exponent));
        values.filter(|value| bounds.contains(*value)).collect()
    };
    let wanted = Wanted::of(lines);
    if found.len() >= wanted.least {
        return Some((bounds, labels::of_decades(&found)));
    }
    let step = ticks::nice_step(bounds, wanted.least as f64);
    let even = ticks::multiples(bounds, step);
    if even.len() > found.len() {
        return Some((bounds, labels::of(&even, step, Labels::Numbers)));
    }
    Some((bounds, labels::of_decades(&found)))
}

/// The same axis for the same values below zero.
fn mirrored((bounds, ticks): (Bounds, Vec<Tick>)) -> (Bounds, Vec<Tick>) {
    let below = |tick: Tick| Tick {
        value: -tick.value,
        label: Safe::fixed("-").then(&tick.label),
    };
    let (lo, hi) = (-bounds.hi, -bounds.lo);
    (
        Bounds { lo, hi },
        ticks.into_iter().rev().map(below).collect(),
    )
}

/// Zero, and 1, 2 and 5 times powers of ten of both signs when there is room for them, else powers
/// only, or some of them.
pub(super) fn values(bounds: Bounds, exponent: i8, most: usize) -> Vec<f64> {
    let (lo, hi) = (measured(bounds.lo, exponent), measured(bounds.hi, exponent));
    let every = |n: f64| {
        let (from, to) = ((lo / n - ROUNDING).ceil(), (hi / n + ROUNDING).floor());
        let count = (to - from + 1.0).max(0.0) as u32;
        (0..count).map(move |at| (from + f64::from(at)) * n)
    };
    let within = |value: &f64| bounds.contains(*value);
    if hi - lo <= most as f64 {
        let digits = |far: f64| {
            let power = value_at(far, exponent);
            // What follows a power lies farther from zero.
            let factors: &[f64] = match far {
                0.0 => &[0.0],
                _ if far > 0.0 => &[1.0, 2.0, 5.0],
                _ => &[5.0, 2.0, 1.0],
            };
            factors.iter().map(move |factor| factor * power)
        };
        let whole = (lo + ROUNDING).floor() as i32..=(hi - ROUNDING).ceil() as i32;
        let fine = whole.flat_map(|far| digits(f64::from(far)));
        let fine: Vec<f64> = fine.filter(within).collect();
        if fine.len() <= most + 1 {
            return fine;
        }
    }
    let some = |n| {
        let values = every(n).map(|far| value_at(far, exponent));
        values.filter(within).collect::<Vec<_>>()
    };
    let found = EVERY.into_iter().map(some);
    found
        .into_iter()
        .find(|values| values.len() <= most + 1)
        .unwrap_or_default()
}
