//! Where a vertical axis begins and ends: ticks stand in the middle of lines, always as many lines
//! apart, so that a value lies beside its label.

use super::LARGEST;
use super::ticks::{above, power};

/// Lines of an axis. They are counted from zero: line 0 has the value 0 in its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rows {
    /// From tick to tick, in value.
    step: f64,
    /// And in lines.
    apart: u16,
    /// The number of the lowest line.
    first: f64,
    count: u16,
    /// The lowest and the highest tick, as multiples of the step: those that hold the values
    /// between them, for one with a step of nothing before it says nothing.
    ticks: (f64, f64),
}

/// How many ticks there should be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) least: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Ticks are at most this many lines apart.
const FARTHEST: u16 = 16;
/// The part of a line that a rounding error may be.
const ROUNDING: f64 = 1e-9;
/// What one tick too few is worth, in shares of the plot left empty: of numbers, which may be read
/// between few ticks, and of decades.
const TOO_FEW: f64 = 0.1;
const TOO_FEW_DECADES: f64 = 0.2;
/// The same for one too many.
const TOO_MANY: f64 = 0.05;
/// What is left empty below this share of the plot counts so much more.
const FILLED: f64 = 0.8;
const EMPTIER: f64 = 2.0;
/// Distances of ticks on a logarithmic axis, in decades.
const DECADES: [f64; 9] = [1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];

impl Rows {
    /// The best division of so many lines for values between two numbers.
    pub(super) fn linear(lo: f64, hi: f64, lines: u16) -> Option<Self> {
        let each = hi / f64::from(lines) - lo / f64::from(lines);
        let fit = |apart: u16| {
            let mut step = above((each * f64::from(apart)).min(LARGEST));
            // Few values far from zero may take many tries.
            for _ in 0..32 {
                let rows = Self::fit(lo, hi, step, apart, lines, true);
                if rows.is_some() {
                    return rows;
                }
                step = above((step * 1.5).min(LARGEST));
            }
            None
        };
        best(
            (1..=farthest(lines)).filter_map(fit),
            each,
            lines,
            (TOO_FEW, EMPTIER),
        )
    }

    /// The same for exponents of ten: ticks are whole decades apart.
    pub(super) fn decades(lo: f64, hi: f64, lines: u16) -> Option<Self> {
        let each = (hi - lo) / f64::from(lines);
        let fit = |apart: u16| {
            let mut fitting = DECADES.into_iter();
            fitting.find_map(|step| Self::fit(lo, hi, step, apart, lines, false))
        };
        best(
            (1..=farthest(lines)).filter_map(fit),
            each,
            lines,
            (TOO_FEW_DECADES, 0.0),
        )
    }

    /// Exponents of ten that are less than a few decades apart: as many lines for each decade as
    /// can be, in numbers that stay the same for most further values.
    pub(super) fn within_decades(lo: f64, hi: f64, lines: u16) -> Option<Self> {
        let most = (f64::from(lines) - 1.0) / (hi - lo).max(1e-6);
        let mut apart = few_digits(most.min(6e4));
        while apart >= 1.0 {
            let rows = Self::fit(lo, hi, 1.0, apart as u16, lines, false);
            if rows.is_some() {
                return rows;
            }
            apart = few_digits(apart - 1.0);
        }
        None
    }

    /// The lines that hold these values. `around_zero`: an axis for values of one sign ends at zero.
    fn fit(lo: f64, hi: f64, step: f64, apart: u16, lines: u16, around_zero: bool) -> Option<Self> {
        let line = step / f64::from(apart);
        let low = (lo / line + 0.5 + ROUNDING).floor();
        let high = (hi / line - 0.5 - ROUNDING).ceil().max(low);
        let count = f64::from(lines);
        if !line.is_normal() || high - low + 1.0 > count {
            return None;
        }
        let (mut from, mut to) = (high - count + 1.0, low);
        if around_zero && low >= 0.0 {
            from = from.max(0.0);
        }
        if around_zero && high <= 0.0 {
            to = to.min(1.0 - count);
        }
        // A tick in the lowest line, else one in the highest.
        let apart_by = f64::from(apart);
        let multiple = |line: f64| (line / apart_by).floor() * apart_by;
        let (lowest, highest) = (multiple(to), multiple(to + count - 1.0) - count + 1.0);
        let first = [lowest, highest].into_iter().find(|line| *line >= from);
        let first = first.unwrap_or(to) + 0.0;
        let (bottom, top) = ((first / apart_by).ceil(), (first + count - 1.0) / apart_by);
        Some(Self {
            step,
            apart,
            first,
            count: lines,
            ticks: (
                (lo / step + ROUNDING).floor().max(bottom),
                (hi / step - ROUNDING).ceil().min(top.floor()),
            ),
        })
    }

    /// The part of the lines that values between two numbers take.
    pub(super) fn filled(self, lo: f64, hi: f64) -> f64 {
        (hi - lo) / self.line() / f64::from(self.count)
    }

    /// Lines from tick to tick.
    pub(super) fn apart(self) -> u16 {
        self.apart
    }

    /// The lower end of the lowest line and the upper end of the highest.
    pub(super) fn ends(self) -> (f64, f64) {
        let line = self.line();
        let last = self.first + f64::from(self.count);
        ((self.first - 0.5) * line, (last - 0.5) * line)
    }

    pub(super) fn step(self) -> f64 {
        self.step
    }

    /// The ticks, as multiples of the step.
    pub(super) fn multiples(self) -> impl Iterator<Item = f64> {
        let (from, to) = self.ticks;
        (0..(to - from + 1.0).max(0.0) as u32).map(move |at| from + f64::from(at) + 0.0)
    }

    fn line(self) -> f64 {
        self.step / f64::from(self.apart)
    }
}

impl Wanted {
    pub(super) fn of(lines: u16) -> Self {
        let (least, from, to) = match lines {
            0..7 => (2, 2, 4),
            7..10 => (3, 3, 5),
            10..13 => (3, 4, 6),
            _ => (3, 5, usize::from(lines / 4).max(6)),
        };
        Self { least, from, to }
    }
}

fn farthest(lines: u16) -> u16 {
    lines.saturating_sub(1).clamp(1, FARTHEST)
}

/// The division that leaves least empty and has about as many ticks as there should be.
fn best(
    fitting: impl Iterator<Item = Rows>,
    each: f64,
    lines: u16,
    (too_few, emptier): (f64, f64),
) -> Option<Rows> {
    let wanted = Wanted::of(lines);
    let worth = |rows: &Rows| {
        let ticks = rows.multiples().count();
        let few = wanted.from.saturating_sub(ticks) as f64 * too_few;
        let many = ticks.saturating_sub(wanted.to) as f64 * TOO_MANY;
        let hardly = if ticks < wanted.least { 10.0 } else { 0.0 };
        let filled = each / rows.line();
        filled - (FILLED - filled).max(0.0) * emptier - few - many - hardly
    };
    // Of equals the first: its ticks are nearer to each other.
    fitting
        .map(|rows| (worth(&rows), rows))
        .reduce(|best, next| if next.0 > best.0 + 1e-9 { next } else { best })
        .map(|(_, rows)| rows)
}

/// The largest whole number with three binary digits behind the first that is not above this one.
fn few_digits(number: f64) -> f64 {
    if number < 1.0 {
        return 0.0;
    }
    let unit = (number.log2().floor().exp2() / 8.0).max(1.0);
    (number / unit).floor() * unit
}

/// Exponents of ten → numbers.
pub(super) fn raised(exponent: f64) -> f64 {
    if exponent.fract() == 0.0 {
        power(exponent as i32)
    } else {
        10_f64.powf(exponent)
    }
}
