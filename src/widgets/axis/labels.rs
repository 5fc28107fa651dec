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

/// How numbers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `0.05`, `1200`
    Plain,
    /// `12.5k`: the unit is this power of a thousand.
    Grouped(u8),
    /// `1.5e-4`
    Scientific,
}

/// The units of powers of a thousand.
const UNITS: [&str; 5] = ["", "k", "M", "G", "T"];

/// Labels of the multiples of a step.
pub(super) fn of(values: &[f64], step: f64, kind: Labels) -> Vec<Tick> {
    let top = values
        .iter()
        .fold(0.0, |top: f64, value| top.max(value.abs()));
    let unit = match kind {
        Labels::Spans if step >= DAY => DAY,
        Labels::Numbers | Labels::Whole | Labels::Spans => 1.0,
    };
    let form = Form::of(values, unit, step);
    let label = |value: f64| match kind {
        Labels::Spans if (1.0..DAY).contains(&step) => span(value, step, top),
        Labels::Spans if value == 0.0 && step >= 1.0 => "0".to_owned(),
        Labels::Spans if step >= DAY => {
            format!("{}d", form.write((value / DAY).round(), step / DAY))
        }
        Labels::Spans => format!("{}s", form.write(value, step)),
        Labels::Numbers | Labels::Whole => form.write(value, step),
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

impl Form {
    /// The form that suits all of these numbers, in units; the shortest where several do.
    fn of(values: &[f64], unit: f64, step: f64) -> Self {
        let top = values.iter().fold(0.0, |top: f64, v| top.max(v.abs())) / unit;
        let (digit, size) = (
            exponent(step / unit),
            if top > 0.0 { exponent(top) } else { 0 },
        );
        if !(-4..15).contains(&size) {
            return Self::Scientific;
        }
        let other = match digit {
            0.. if size >= 4 => Self::Grouped((size / 3).min(4) as u8),
            ..-9 => Self::Scientific,
            _ => return Self::Plain,
        };
        let widest = |form: Self| {
            let widths = values
                .iter()
                .map(|value| form.write(value / unit, step / unit).len());
            widths.max().unwrap_or(0)
        };
        let shorter = widest(other) <= widest(Self::Plain);
        if shorter { other } else { Self::Plain }
    }

    /// A number in as many digits as the step has.
    fn write(self, value: f64, step: f64) -> String {
        let digit = exponent(step);
        match self {
            Self::Scientific => scientific(value, digit),
            Self::Grouped(_) if value == 0.0 => "0".to_owned(),
            Self::Grouped(group) => {
                let decimals = usize::try_from(3 * i32::from(group) - digit).unwrap_or(0);
                let scaled = value / power(3 * i32::from(group));
                let number = trimmed(format!("{scaled:.decimals$}"));
                format!("{number}{}", UNITS[usize::from(group)])
            }
            Self::Plain => {
                let decimals = usize::try_from(-digit).unwrap_or(0);
                let text = format!("{value:.decimals$}");
                let mut digits = text.trim_start_matches('-').bytes();
                if digits.all(|b| matches!(b, b'0' | b'.')) {
                    return format!("{:.decimals$}", 0.0);
                }
                text
            }
        }
    }
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

/// `30s`, `5m`, `1h30`, `2d06`: the two largest units, and no finer than the step. With seconds
/// beyond an hour `1:00:30`.
fn span(value: f64, step: f64, top: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let (sign, size) = (if value < 0.0 { "-" } else { "" }, value.abs().round());
    let text = if step >= HOUR {
        in_two(size / HOUR, 24.0, "d", "h")
    } else if step >= MINUTE {
        in_two(size / MINUTE, 60.0, "h", "m")
    } else if top > HOUR {
        let (hours, rest) = ((size / HOUR).floor(), size % HOUR);
        let (minutes, seconds) = ((rest / MINUTE).floor(), rest % MINUTE);
        format!("{hours:.0}:{minutes:02.0}:{seconds:02.0}")
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
