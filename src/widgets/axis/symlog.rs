//! Vertical axes with decades on both sides of zero, and a linear part between them.

use super::rows::{Rows, Wanted, raised};
use super::ticks::{self, Tick};
use super::{Bounds, LARGEST, labels, linear};

/// Decades that are told apart below the largest value.
const DEEPEST: i32 = 5;

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
pub(super) fn measured(value: f64, linear: i8) -> f64 {
    let size = value.abs().min(LARGEST);
    let unit = ticks::power(i32::from(linear));
    let far = if size <= unit {
        size / unit
    } else {
        1.0 + size.log10() - f64::from(linear)
    };
    far.copysign(value)
}

/// The value that is so far from zero.
fn value_at(far: f64, linear: i8) -> f64 {
    let unit = ticks::power(i32::from(linear));
    let size = if far.abs() <= 1.0 {
        far.abs() * unit
    } else {
        raised(far.abs() - 1.0 + f64::from(linear)).min(LARGEST)
    };
    size.copysign(far) + 0.0
}

/// Bounds and ticks for values between two numbers; nothing when there is no such axis.
pub(super) fn axis(tight: Bounds, exponent: i8, lines: u16) -> Option<(Bounds, Vec<Tick>)> {
    let (lo, hi) = (measured(tight.lo, exponent), measured(tight.hi, exponent));
    if lo >= -1.0 && hi <= 1.0 {
        return linear(tight.with_zero(), lines);
    }
    let rows = Rows::decades(lo, hi, lines)?;
    let ends = rows.ends();
    let bounds = Bounds::new(value_at(ends.0, exponent), value_at(ends.1, exponent));
    let values = rows
        .multiples()
        .map(|tick| value_at(tick * rows.step(), exponent));
    let values: Vec<f64> = values.filter(|value| bounds.contains(*value)).collect();
    if values.len() < 2 {
        let found = ticks::ticks(
            bounds,
            super::Scale::SymLog(exponent),
            labels::Labels::Numbers,
            Wanted::of(lines).to,
        );
        return Some((bounds, found));
    }
    Some((bounds, labels::of_decades(&values)))
}

/// Zero and powers of ten of both signs, or some of them.
pub(super) fn values(bounds: Bounds, exponent: i8, most: usize) -> Vec<f64> {
    let (lo, hi) = (measured(bounds.lo, exponent), measured(bounds.hi, exponent));
    let every = |n: f64| {
        let (from, to) = ((lo / n).ceil(), (hi / n).floor());
        let count = (to - from + 1.0).max(0.0) as u32;
        let values = (0..count).map(move |at| value_at((from + f64::from(at)) * n, exponent));
        values
            .filter(|value| bounds.contains(*value))
            .collect::<Vec<_>>()
    };
    let steps = [1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];
    let found = steps
        .into_iter()
        .map(every)
        .find(|values| values.len() <= most + 1);
    found.unwrap_or_default()
}
