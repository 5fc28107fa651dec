//! Moments along a horizontal axis: ticks at round times of the clock on the wall.

use jiff::civil::Date;

use super::Bounds;
use super::labels::Labels;
use super::ticks::{self, Tick};
use crate::widgets::Safe;

/// Distances of ticks within a day, in seconds.
const SPANS: [f64; 18] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0,
    10_800.0, 21_600.0, 43_200.0, 86_400.0,
];
const DAY: f64 = 86_400.0;

/// At most one tick more than `most`.
pub(super) fn ticks(bounds: Bounds, most: usize, offset: &dyn Fn(f64) -> f64) -> Vec<Tick> {
    let least = bounds.hi() / most as f64 - bounds.lo() / most as f64;
    let step = SPANS.into_iter().find(|span| *span >= least);
    let step = step.unwrap_or_else(|| DAY * ticks::above(least / DAY));
    let ahead = offset(bounds.lo());
    let local = Bounds::exact(bounds.lo() + ahead, bounds.hi() + ahead);
    let tick = |local: f64| {
        let label = label(local, step)?;
        Some(Tick {
            value: local - ahead,
            label: Safe::new(&label),
        })
    };
    let found: Option<Vec<Tick>> = ticks::multiples(local, step)
        .into_iter()
        .map(tick)
        .collect();
    found.unwrap_or_else(|| ticks::ticks(bounds, super::Scale::Linear, Labels::Numbers, most))
}

fn label(local: f64, step: f64) -> Option<String> {
    let (days, seconds) = ((local / DAY).floor(), local.rem_euclid(DAY) as u32);
    if seconds == 0 || step >= DAY {
        let epoch = Date::constant(1970, 1, 1);
        let span = jiff::Span::new().try_days(days as i64).ok()?;
        return Some(epoch.checked_add(span).ok()?.strftime("%b %-d").to_string());
    }
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(if step < 60.0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}")
    })
}
