//! Where ticks are: at multiples of 1, 2 or 5 times a power of ten.

use super::labels::{self, Labels};
use super::{Bounds, Scale, symlog};
use crate::widgets::Safe;

/// A value with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub value: f64,
    pub label: Safe,
}

/// Lengths of an axis that grows: each at most half as long again as the one before.
const ROOMY: [f64; 11] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];

/// Distances in time that people count in, in seconds; more than a day goes by 1, 2 and 5 again.
const SPANS: [f64; 18] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0,
    10_800.0, 21_600.0, 43_200.0, 86_400.0,
];

/// Ticks with labels that differ, ascending, all within the bounds: at most one more than `most`,
/// and so that less than one distance remains at both ends.
pub fn ticks(bounds: Bounds, scale: Scale, kind: Labels, most: usize) -> Vec<Tick> {
    let most = most.max(1);
    let decades = match scale {
        Scale::Linear => Vec::new(),
        Scale::Log => log_values(bounds, most),
        Scale::SymLog(linear) => symlog::values(bounds, linear, most),
    };
    if decades.len() > 1 {
        return labels::of_decades(&decades);
    }
    let step = match kind {
        Labels::Numbers => nice_step(bounds, most as f64),
        Labels::Whole => whole_step(bounds, most as f64),
        Labels::Spans => span_step(bounds, most),
    };
    let mut values = multiples(bounds, step);
    if scale == Scale::Log {
        values.retain(|value| *value > 0.0);
    }
    labels::of(&values, step, kind)
}

/// The smallest of 1, 2, 5 times a power of ten that divides the bounds into at most `most` parts.
pub(super) fn nice_step(bounds: Bounds, most: f64) -> f64 {
    let most = most.max(2.0);
    at_least(
        bounds.hi() / most - bounds.lo() / most,
        &[1.0, 2.0, 5.0, 10.0],
    )
}

/// The smallest of 1, 2, 5 times a power of ten that is not below a positive number.
pub(super) fn above(value: f64) -> f64 {
    at_least(value, &[1.0, 2.0, 5.0, 10.0])
}

/// A round number that is not below a positive one and not much above it.
pub(super) fn roomy(length: f64) -> f64 {
    at_least(length, &ROOMY)
}

/// The exponent of the power of ten at or below a positive number.
pub(super) fn exponent(value: f64) -> i32 {
    let guess = value.log10().floor() as i32;
    // The logarithm may be off by a little at the powers themselves.
    if power(guess + 1) <= value {
        guess + 1
    } else if power(guess) > value {
        guess - 1
    } else {
        guess
    }
}

pub(super) fn power(exponent: i32) -> f64 {
    if (-300..0).contains(&exponent) {
        // Exact up to one rounding, which powers of a tenth are not.
        1.0 / 10_f64.powi(-exponent)
    } else {
        10_f64.powi(exponent)
    }
}

fn at_least(value: f64, factors: &[f64]) -> f64 {
    let unit = power(exponent(value));
    // A step that falls short by a rounding error is none: 0.30000000000000004 is 0.3.
    let enough = |factor: &&f64| **factor * unit >= value * (1.0 - 1e-12);
    let factor = factors.iter().find(enough).copied().unwrap_or(10.0);
    (factor * unit).min(1e308)
}

/// A step from one whole number to another, if there are two of them at all.
fn whole_step(bounds: Bounds, most: f64) -> f64 {
    let step = nice_step(bounds, most);
    let from = bounds.lo().ceil();
    if step < 1.0 && from + 1.0 <= bounds.hi() {
        return 1.0;
    }
    step
}

fn span_step(bounds: Bounds, most: usize) -> f64 {
    // The distance of the bounds may be no finite number.
    let least = bounds.hi() / most as f64 - bounds.lo() / most as f64;
    let least = least.min(1e308);
    let day = SPANS[SPANS.len() - 1];
    if least <= SPANS[0] {
        return nice_step(bounds, most as f64);
    }
    let span = SPANS.into_iter().find(|span| *span >= least);
    span.unwrap_or_else(|| day * above(least / day))
}

pub(super) fn multiples(bounds: Bounds, step: f64) -> Vec<f64> {
    let (from, to) = (
        (bounds.lo() / step - 1e-9).ceil(),
        (bounds.hi() / step + 1e-9).floor(),
    );
    let count = (to - from + 1.0).clamp(0.0, 64.0) as u32;
    let value = |at: u32| ((from + f64::from(at)) * step).clamp(bounds.lo(), bounds.hi());
    // Minus zero is zero.
    (0..count).map(|at| value(at) + 0.0).collect()
}

/// 1, 2 and 5 times powers of ten when there is room for them, else powers only, or some of them.
pub(super) fn log_values(bounds: Bounds, most: usize) -> Vec<f64> {
    if bounds.lo() <= 0.0 {
        return Vec::new();
    }
    let (from, to) = (exponent(bounds.lo()), exponent(bounds.hi()));
    let within = |value: &f64| bounds.contains(*value);
    let every = |n: i32| {
        let first = from.div_euclid(n) * n;
        (first..=to).step_by(n as usize).map(power).filter(within)
    };
    if ((to - from + 1) * 3) as usize <= 3 * (most + 4) {
        let digits = every(1).map(exponent).chain([from]);
        let mut fine: Vec<f64> = digits
            .flat_map(|e| [1.0, 2.0, 5.0].map(|digit| digit * power(e)))
            .filter(within)
            .collect();
        fine.sort_by(f64::total_cmp);
        fine.dedup();
        if fine.len() <= most + 1 {
            return fine;
        }
    }
    [1, 2, 3, 5, 10, 20, 50, 100, 200]
        .into_iter()
        .map(|n| every(n).collect::<Vec<_>>())
        .find(|values| values.len() <= most + 1)
        .unwrap_or_default()
}
