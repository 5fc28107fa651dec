//! Moments along a horizontal axis: ticks at round times of the clock on the wall.

use jiff::civil::{Date, Weekday};

use super::labels::Labels;
use super::ticks::{self, Tick};
use super::{Bounds, Scale};
use crate::widgets::Safe;

/// Seconds that the clock on the wall is ahead of UTC, at a moment.
type Offset<'a> = &'a dyn Fn(f64) -> f64;

/// Distances of ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    /// Less than a day.
    Seconds(f64),
    Days(i32),
    Months(i32),
}

/// Distances within a day, in seconds.
const SPANS: [f64; 17] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0,
    10_800.0, 21_600.0, 43_200.0,
];
const DAYS: [i32; 4] = [1, 2, 5, 10];
const MONTHS: [i32; 3] = [1, 3, 6];
const DAY: f64 = 86_400.0;
/// Months and years in days, as long as they may be.
const MONTH: f64 = 31.0;
const YEAR: f64 = 366.0;
/// The clock is not read more exactly.
const FINEST: f64 = 1e-6;
/// From the year 100 to the year 9800.
const DATES: std::ops::Range<f64> = -5.9e10..2.47e11;

/// Ticks with labels that differ, ascending, all within the bounds; hardly more than `most`.
pub(super) fn ticks(bounds: Bounds, most: usize, offset: Offset<'_>) -> Vec<Tick> {
    if !DATES.contains(&bounds.lo()) || !DATES.contains(&bounds.hi()) {
        return ticks::ticks(bounds, Scale::Linear, Labels::Numbers, most);
    }
    let step = Step::at_least((bounds.hi() - bounds.lo()) / most.max(1) as f64);
    let mut moments = match step {
        Step::Seconds(step) => within_days(bounds, step, offset),
        Step::Days(_) | Step::Months(_) => midnights(bounds, step, offset),
    };
    moments.retain(|moment| bounds.contains(*moment));
    moments.sort_by(f64::total_cmp);
    let local: Vec<Local> = moments
        .iter()
        .map(|moment| Local::of(moment + offset(*moment)))
        .collect();
    let alike = |a: &Local, b: &Local| a.micros == b.micros && a.day != b.day;
    let mut times = local.iter().filter(|local| !local.is_midnight());
    let days = times.any(|a| local.iter().any(|b| alike(a, b)));
    let mut found: Vec<Tick> = Vec::with_capacity(moments.len());
    for (value, local) in moments.into_iter().zip(&local) {
        let label = Safe::new(&local.label(step, days));
        // When the clock is set back, an hour is there twice.
        if found.iter().all(|tick| tick.label != label) {
            found.push(Tick { value, label });
        }
    }
    found
}

/// Moments at which the clock shows multiples of a step of less than a day.
fn within_days(bounds: Bounds, step: f64, offset: Offset<'_>) -> Vec<f64> {
    let (before, after) = (offset(bounds.lo()), offset(bounds.hi()));
    let shown_with = |ahead: f64| {
        let local = Bounds::exact(bounds.lo() + ahead, bounds.hi() + ahead);
        let moments = ticks::multiples(local, step).into_iter();
        moments
            .map(move |local| local - ahead)
            .filter(move |moment| offset(*moment) == ahead)
    };
    let mut moments: Vec<f64> = shown_with(before).collect();
    if after != before {
        moments.extend(shown_with(after));
    }
    moments
}

/// Moments at which a day begins that is so many days, months or years from the one before.
fn midnights(bounds: Bounds, step: Step, offset: Offset<'_>) -> Vec<f64> {
    let ahead = offset(bounds.lo());
    let first = Local::of(bounds.lo() + ahead).day;
    let last = Local::of(bounds.hi() + offset(bounds.hi())).day;
    let days: Vec<i32> = match step {
        Step::Seconds(_) => Vec::new(),
        Step::Days(step) => {
            let from = first.div_euclid(step) * step;
            (from..=last).step_by(step as usize).collect()
        }
        Step::Months(step) => {
            let months = |day: i32| {
                let date = date(day);
                i32::from(date.year()) * 12 + i32::from(date.month()) - 1
            };
            let from = months(first).div_euclid(step) * step;
            let months = (from..=months(last)).step_by(step as usize);
            months.filter_map(first_day).collect()
        }
    };
    let begins = |day: i32| {
        let local = f64::from(day) * DAY;
        local - offset(local - offset(local - ahead))
    };
    days.into_iter().map(begins).collect()
}

/// The first day of a month that is counted from the year 0 on.
fn first_day(month: i32) -> Option<i32> {
    let year = i16::try_from(month.div_euclid(12)).ok()?;
    let date = Date::new(year, month.rem_euclid(12) as i8 + 1, 1).ok()?;
    EPOCH.until(date).ok().map(|span| span.get_days())
}

const EPOCH: Date = Date::constant(1970, 1, 1);

fn date(day: i32) -> Date {
    EPOCH.saturating_add(jiff::Span::new().days(day))
}

impl Step {
    fn at_least(seconds: f64) -> Self {
        if seconds <= SPANS[0] {
            return Self::Seconds(ticks::above(seconds.max(FINEST)));
        }
        if let Some(span) = SPANS.into_iter().find(|span| *span >= seconds) {
            return Self::Seconds(span);
        }
        let days = seconds / DAY;
        if let Some(step) = DAYS.into_iter().find(|step| f64::from(*step) >= days) {
            return Self::Days(step);
        }
        let mut months = MONTHS.into_iter();
        if let Some(step) = months.find(|step| f64::from(*step) * MONTH >= days) {
            return Self::Months(step);
        }
        Self::Months(12 * ticks::above((days / YEAR).max(1.0)) as i32)
    }
}

/// What the clock and the calendar on the wall show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Local {
    /// Since 1970.
    day: i32,
    /// Of the day.
    micros: i64,
}

impl Local {
    fn of(seconds: f64) -> Self {
        const MICROS: i64 = 86_400_000_000;
        let micros = (seconds * 1e6).round() as i64;
        Self {
            day: micros.div_euclid(MICROS) as i32,
            micros: micros.rem_euclid(MICROS),
        }
    }

    fn is_midnight(self) -> bool {
        self.micros == 0
    }

    /// `14:05`, `Fri 14:05` where times of several days would look alike, `Nov 20`, `Nov 2026`.
    fn label(self, step: Step, weekday: bool) -> String {
        let date = date(self.day);
        let format = match step {
            Step::Seconds(step) if !self.is_midnight() => {
                let day = if weekday { name(date.weekday()) } else { "" };
                return format!("{day}{}", self.time(step));
            }
            Step::Seconds(_) | Step::Days(_) => "%b %-d",
            Step::Months(step) if step % 12 == 0 => "%Y",
            Step::Months(_) => "%b %Y",
        };
        date.strftime(format).to_string()
    }

    fn time(self, step: f64) -> String {
        let seconds = self.micros / 1_000_000;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        if step >= 60.0 {
            return format!("{hour:02}:{minute:02}");
        }
        let whole = format!("{hour:02}:{minute:02}:{second:02}");
        if step >= 1.0 {
            return whole;
        }
        let micros = format!("{:06}", self.micros % 1_000_000);
        let digits = usize::try_from(-ticks::exponent(step)).unwrap_or(0).min(6);
        format!("{whole}.{}", &micros[..digits])
    }
}

const fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Mon ",
        Weekday::Tuesday => "Tue ",
        Weekday::Wednesday => "Wed ",
        Weekday::Thursday => "Thu ",
        Weekday::Friday => "Fri ",
        Weekday::Saturday => "Sat ",
        Weekday::Sunday => "Sun ",
    }
}

#[cfg(test)]
mod tests;
