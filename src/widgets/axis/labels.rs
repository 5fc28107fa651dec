//! Ticks in words: as short as they can be and still differ.

use super::ticks::{Tick, exponent, power};
use crate::widgets::Safe;

/// What the numbers on an axis are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Labels {
    #[default]
    Numbers,
    /// Whole numbers: steps, epochs.
    Whole,
    /// Seconds since something.
    Spans,
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;
const DAY: f64 = 86_400.0;

/// Labels of the multiples of a step.
pub(super) fn of(values: &[f64], step: f64, kind: Labels) -> Vec<Tick> {
    let top = values
        .iter()
        .fold(0.0, |top: f64, value| top.max(value.abs()));
    let label = |value: f64| match kind {
        Labels::Spans if step >= 1.0 => span(value, step, top),
        Labels::Spans => format!("{}s", number(value, step, top)),
        Labels::Numbers | Labels::Whole => number(value, step, top),
    };
    let tick = |value: &f64| Tick {
        value: *value,
        label: Safe::new(&label(*value)),
    };
    values.iter().map(tick).collect()
}

/// Labels of 1, 2 and 5 times powers of ten, of either sign, and of zero.
pub(super) fn of_decades(values: &[f64]) -> Vec<Tick> {
    let far = |value: &f64| *value != 0.0 && !(0.9e-3..1e5).contains(&value.abs());
    let scientific = values.iter().any(far);
    let label = |value: f64| {
        if value == 0.0 {
            return "0".to_owned();
        }
        let exponent = exponent(value.abs());
        let digit = (value / power(exponent)).round();
        match exponent {
            0 | 1 => format!("{value:.0}"),
            _ if scientific => format!("{digit}e{exponent}"),
            _ => format!("{value:.*}", usize::try_from(-exponent).unwrap_or(0)),
        }
    };
    let tick = |value: &f64| Tick {
        value: *value,
        label: Safe::new(&label(*value)),
    };
    values.iter().map(tick).collect()
}

fn number(value: f64, step: f64, top: f64) -> String {
    let (digit, size) = (exponent(step), if top > 0.0 { exponent(top) } else { 0 });
    if !(-4..15).contains(&size) || digit < -9 {
        return scientific(value, digit);
    }
    if digit >= 0 && size >= 4 {
        let group = (size / 3).min(4);
        let unit = ["", "k", "M", "G", "T"][group as usize];
        let decimals = usize::try_from(3 * group - digit).unwrap_or(0);
        let scaled = value / power(3 * group);
        return match value {
            0.0 => "0".to_owned(),
            _ => format!("{}{unit}", trimmed(format!("{scaled:.decimals$}"))),
        };
    }
    let decimals = usize::try_from(-digit).unwrap_or(0);
    let text = format!("{value:.decimals$}");
    if text
        .trim_start_matches('-')
        .bytes()
        .all(|b| matches!(b, b'0' | b'.'))
    {
        return format!("{:.decimals$}", 0.0);
    }
    text
}

/// `5e-5`, `1.5e-4`: as many digits as the step has.
fn scientific(value: f64, digit: i32) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let decimals = usize::try_from(exponent(value.abs()) - digit).unwrap_or(0);
    let text = format!("{value:.decimals$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => format!("{}e{exponent}", trimmed(mantissa.to_owned())),
        None => text,
    }
}

fn trimmed(text: String) -> String {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// `30s`, `5m`, `1h30`, `2d06`: the two largest units, and no finer than the step.
fn span(value: f64, step: f64, top: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let (sign, size) = (if value < 0.0 { "-" } else { "" }, value.abs().round());
    let text = if step >= DAY {
        let days = number((size / DAY).round(), (step / DAY).round(), top / DAY);
        format!("{days}d")
    } else if step >= HOUR {
        in_two(size / HOUR, 24.0, "d", "h")
    } else if step >= MINUTE {
        in_two(size / MINUTE, 60.0, "h", "m")
    } else {
        in_two(size, 60.0, "m", "s")
    };
    format!("{sign}{text}")
}

/// So many small units in large ones and the rest: `30m`, `1h`, `1h30`.
fn in_two(count: f64, per_large: f64, large: &str, small: &str) -> String {
    let count = count.round();
    let (whole, rest) = ((count / per_large).floor(), count % per_large);
    match (whole, rest) {
        (0.0, rest) => format!("{rest:.0}{small}"),
        (whole, 0.0) => format!("{whole:.0}{large}"),
        (whole, rest) => format!("{whole:.0}{large}{rest:02.0}"),
    }
}
