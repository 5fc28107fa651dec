//! Axes: bounds that move in steps, so that one more point rarely changes them, and where ticks are.

mod clock;
mod draw;
mod labels;
mod logarithmic;
mod rows;
mod symlog;
mod ticks;

pub use draw::{draw_below, draw_left};
pub use labels::Labels;
use rows::{Rows, Wanted};
pub use ticks::{Tick, ticks};

/// Two finite numbers, the first one less than the second by enough to be told apart in a label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    lo: f64,
    hi: f64,
}

/// How values become places along an axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scale {
    #[default]
    Linear,
    /// Decades are equally long; what is not positive has no place.
    Log,
    /// Linear from minus to plus this power of ten, and decades beyond it on both sides: each as long
    /// as the way from zero to the first.
    SymLog(i8),
}

/// Bounds, a scale and ticks that fit to them.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub bounds: Bounds,
    pub scale: Scale,
    pub ticks: Vec<Tick>,
}

/// The largest number on an axis.
const LARGEST: f64 = 1e308;
/// Bounds are at least this far apart.
const NEAREST: f64 = 1e-290;
/// And at least this share of the larger one: labels stay short.
const NARROWEST: f64 = 1e-6;
/// The same for bounds that somebody chose.
const NARROWEST_EXACT: f64 = 1e-12;
/// What is nearer to zero than this share of its distance to the other end starts at zero.
const NEAR_ZERO: f64 = 0.2;
/// What the lower end of a logarithmic axis is of the upper one where nothing else says it.
const DECADES_SHOWN: f64 = 1e-4;
/// The smallest number on a logarithmic axis.
const SMALLEST: f64 = 1e-300;

impl Bounds {
    /// Bounds around two numbers in any order; around one number when they are equal.
    pub fn new(one: f64, two: f64) -> Self {
        let finite = |value: f64| {
            if value.is_nan() {
                0.0
            } else {
                value.clamp(-LARGEST, LARGEST)
            }
        };
        let (one, two) = (finite(one), finite(two));
        let (lo, hi) = (one.min(two), one.max(two));
        let size = lo.abs().max(hi.abs());
        if size < NEAREST {
            return Self { lo: 0.0, hi: 1.0 };
        }
        let least = (size * NARROWEST).max(NEAREST);
        if hi / 2.0 - lo / 2.0 >= least / 2.0 {
            return Self { lo, hi };
        }
        // What hardly changes is drawn as what does not change at all.
        let around = if hi > lo { least } else { size * 0.1 };
        Self {
            lo: (lo - around).max(-LARGEST),
            hi: (hi + around).min(LARGEST),
        }
    }

    /// Bounds that are exactly these two numbers where that is possible: of a window that somebody
    /// chose, or of moments, which lie near to each other and far from zero.
    pub fn exact(lo: f64, hi: f64) -> Self {
        let apart = hi.min(LARGEST) / 2.0 - lo.max(-LARGEST) / 2.0;
        let least = (lo.abs().max(hi.abs()) * NARROWEST_EXACT).max(NEAREST);
        if apart.is_finite() && apart >= least / 2.0 {
            let (lo, hi) = (lo.max(-LARGEST), hi.min(LARGEST));
            return Self { lo, hi };
        }
        Self::new(lo, hi)
    }

    pub const fn lo(self) -> f64 {
        self.lo
    }

    pub const fn hi(self) -> f64 {
        self.hi
    }

    pub fn contains(self, value: f64) -> bool {
        (self.lo..=self.hi).contains(&value)
    }

    /// Bounds that start at zero when that is near.
    fn with_zero(self) -> Self {
        if self.lo > 0.0 && self.lo <= self.hi * NEAR_ZERO {
            return Self { lo: 0.0, ..self };
        }
        if self.hi < 0.0 && self.hi >= self.lo * NEAR_ZERO {
            return Self { hi: 0.0, ..self };
        }
        self
    }

    /// Bounds of an axis along which the data grow: the end moves on in few, wide steps. What is
    /// planned is the end from half of the way on.
    pub fn growing(lo: f64, hi: f64, planned: Option<f64>) -> Self {
        let start = if lo >= 0.0 && lo <= hi * 0.2 { 0.0 } else { lo };
        let length = hi - start;
        if !length.is_finite() || length <= 0.0 {
            // A single place stands in the middle, unless it is the beginning.
            let before = if start > 0.0 {
                (start - 1.0).max(0.0)
            } else {
                start
            };
            return Self::new(before, hi.max(start + 1.0));
        }
        let ahead = planned.filter(|end| hi <= *end && hi - start >= (end - start) / 2.0);
        Self::exact(start, ahead.unwrap_or_else(|| start + ticks::roomy(length)))
    }
}

/// The row, of so many from the top, for a share of the way from the lower to the upper bound; the
/// bounds are the outer edges of the outermost rows. Rows outside of them are far away at most.
pub(super) fn row_of(share: f64, rows: u32) -> i32 {
    const FAR: f64 = 1e6;
    // On the edge of two rows a rounding error must not tell a tick from the value it stands for.
    const EDGE: f64 = 1e-6;
    let row = (1.0 - share) * f64::from(rows) - EDGE;
    if (-2.0 * EDGE..0.0).contains(&row) {
        return 0;
    }
    (row.clamp(-FAR, FAR) + FAR) as i32 - FAR as i32
}

impl Scale {
    /// A scale for values of both signs, of which the one nearest to zero and the one farthest from
    /// it are so large: what is much nearer to zero than the others lies in the linear part.
    pub fn symlog_for(smallest: f64, largest: f64) -> Self {
        Self::SymLog(symlog::exponent_for(smallest, largest))
    }

    /// Where a value lies between the bounds: 0 at the lower, 1 at the upper one. Nothing for what
    /// has no place on a logarithmic axis.
    pub fn share(self, value: f64, bounds: Bounds) -> Option<f64> {
        Places::new(self, bounds).share(value)
    }
}

/// Finds places between the same bounds again and again.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    scale: Scale,
    lo: f64,
    /// One over the distance of the bounds; not finite when there is none.
    factor: f64,
}

impl Places {
    pub fn new(scale: Scale, bounds: Bounds) -> Self {
        let scale = match scale {
            // The linear part alone, which may be far too long to be measured in its own length.
            Scale::SymLog(linear) if symlog::is_linear(bounds, linear) => Scale::Linear,
            other => other,
        };
        let end = |value| Self::measured(scale, value).unwrap_or(0.0);
        let (lo, hi) = (end(bounds.lo.max(Self::least(scale))), end(bounds.hi));
        Self {
            scale,
            lo,
            factor: if hi > lo { 1.0 / (hi - lo) } else { f64::NAN },
        }
    }

    /// See [`Scale::share`].
    pub fn share(&self, value: f64) -> Option<f64> {
        let share = (Self::measured(self.scale, value)? - self.lo) * self.factor;
        share.is_finite().then_some(share)
    }

    fn measured(scale: Scale, value: f64) -> Option<f64> {
        match scale {
            // Halves, because the distance of the bounds may be no finite number.
            Scale::Linear if value.is_finite() => Some(value.clamp(-LARGEST, LARGEST) / 2.0),
            Scale::Log if value > 0.0 && value.is_finite() => Some(value.max(SMALLEST).log10()),
            Scale::SymLog(linear) if value.is_finite() => Some(symlog::measured(value, linear)),
            Scale::Linear | Scale::Log | Scale::SymLog(_) => None,
        }
    }

    const fn least(scale: Scale) -> f64 {
        match scale {
            Scale::Linear | Scale::SymLog(_) => -LARGEST,
            Scale::Log => SMALLEST,
        }
    }
}

impl Axis {
    /// A vertical axis of so many lines for values between two numbers.
    pub fn vertical(lo: f64, hi: f64, scale: Scale, lines: u16) -> Self {
        let (tight, lines) = (Bounds::new(lo, hi), lines.max(1));
        let found = match scale {
            Scale::Linear => linear(tight.with_zero(), lines),
            Scale::Log => logarithmic::axis(tight, lines),
            Scale::SymLog(linear) => symlog::axis(tight, linear, lines),
        };
        let (bounds, ticks) =
            found.unwrap_or_else(|| (tight, ticks(tight, scale, Labels::Numbers, 2)));
        Self {
            bounds,
            scale,
            ticks,
        }
    }

    /// A vertical axis that ends exactly at two numbers that somebody chose. A lower end that has no
    /// place on a logarithmic axis is some decades below the upper one.
    pub fn vertical_exact(lo: f64, hi: f64, scale: Scale, lines: u16) -> Self {
        let bounds = match scale {
            Scale::Log if hi > 0.0 && lo <= 0.0 => Bounds::exact(hi * DECADES_SHOWN, hi),
            Scale::Log if hi <= 0.0 => Bounds::new(0.1, 1.0),
            Scale::Linear | Scale::Log | Scale::SymLog(_) => Bounds::exact(lo, hi),
        };
        let wanted = Wanted::of(lines);
        let most = usize::from(lines / 2).clamp(1, wanted.to);
        let found = |most| ticks(bounds, scale, Labels::Numbers, most);
        let enough = (most..=wanted.to + 2).map(found);
        let enough = enough.into_iter().find(|ticks| ticks.len() >= wanted.least);
        Self {
            bounds,
            scale,
            ticks: enough.unwrap_or_else(|| found(most)),
        }
    }

    /// An axis for no values at all.
    pub fn without_ticks() -> Self {
        Self {
            bounds: Bounds::new(0.0, 1.0),
            scale: Scale::Linear,
            ticks: Vec::new(),
        }
    }

    /// A horizontal axis of so many cells. Its labels stand side by side with blanks between them.
    pub fn horizontal(bounds: Bounds, labels: Labels, cells: u16) -> Self {
        Self::with_room(bounds, cells, |most| {
            ticks(bounds, Scale::Linear, labels, most)
        })
    }

    /// A horizontal axis with as many ticks as have room for their labels.
    fn with_room(bounds: Bounds, cells: u16, ticks: impl Fn(usize) -> Vec<Tick>) -> Self {
        let mut most = usize::from(cells / 12).clamp(1, 12);
        loop {
            let ticks = ticks(most);
            if most == 1 || draw::have_room(&ticks, bounds, cells) {
                return Self {
                    bounds,
                    scale: Scale::Linear,
                    ticks,
                };
            }
            most -= 1;
        }
    }

    /// A horizontal axis of moments in seconds since 1970, with ticks at round times of the clock on
    /// the wall; `offset` says how many seconds that is ahead of UTC at a moment.
    pub fn clock(bounds: Bounds, cells: u16, offset: &dyn Fn(f64) -> f64) -> Self {
        Self::with_room(bounds, cells, |most| clock::ticks(bounds, most, offset))
    }

    /// In which of so many cells the ticks of a horizontal axis are.
    pub fn tick_cells(&self, cells: u16) -> Vec<u16> {
        let ticks = self.ticks.iter();
        ticks
            .map(|tick| draw::cell(tick, self.bounds, cells))
            .collect()
    }

    /// How many cells the widest label takes.
    pub fn label_width(&self) -> u16 {
        let widest = self.ticks.iter().map(|tick| tick.label.width()).max();
        widest.unwrap_or(0) as u16
    }
}

fn linear(tight: Bounds, lines: u16) -> Option<(Bounds, Vec<Tick>)> {
    let rows = Rows::linear(tight.lo, tight.hi, lines)?;
    let (lo, hi) = rows.ends();
    let bounds = Bounds::new(lo, hi);
    let values = rows.multiples().map(|tick| tick * rows.step());
    let values: Vec<f64> = values.filter(|value| bounds.contains(*value)).collect();
    Some((bounds, labels::of(&values, rows.step(), Labels::Numbers)))
}

#[cfg(test)]
mod tests;
