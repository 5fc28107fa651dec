//! Axes: bounds that move in steps, so that one more point rarely changes them, and where ticks are.

mod draw;
mod labels;
mod ticks;

pub use draw::{draw_below, draw_left};
pub use labels::Labels;
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
/// What is nearer to zero than this share of its distance to the other end starts at zero.
const NEAR_ZERO: f64 = 0.2;
/// The part of a step that a rounding error may be.
const ROUNDING: f64 = 1e-9;
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

    /// Bounds that hold these values and stay where they are for most further ones: whole parts of
    /// the distance between ticks.
    fn around_steps(self, step: f64) -> Self {
        // A fifth of 1 or 5, a quarter of 2.
        let part = if ticks::mantissa(step) == 2 {
            step / 4.0
        } else {
            step / 5.0
        };
        Self::new(
            (self.lo / part + ROUNDING).floor() * part,
            (self.hi / part - ROUNDING).ceil() * part,
        )
    }

    /// The same on a logarithmic axis: 1, 2 or 5 times powers of ten.
    fn around_digits(self) -> Self {
        let (lo, hi) = (self.lo.max(SMALLEST), self.hi.max(SMALLEST));
        if hi <= lo {
            return Self { lo: 0.1, hi: 1.0 };
        }
        Self::new(ticks::below(lo), ticks::above(hi))
    }

    /// Bounds of an axis along which the data grow: the end moves on in few, wide steps. What is
    /// planned is the end from half of the way on.
    pub fn growing(lo: f64, hi: f64, planned: Option<f64>) -> Self {
        let start = if lo >= 0.0 && lo <= hi * 0.2 { 0.0 } else { lo };
        let length = hi - start;
        if !length.is_finite() || length <= 0.0 {
            return Self::new(start, hi.max(start + 1.0));
        }
        let ahead = planned.filter(|end| hi <= *end && hi - start >= (end - start) / 2.0);
        Self::new(start, ahead.unwrap_or_else(|| start + ticks::roomy(length)))
    }
}

/// The row of dots, of so many from the top, for a share of the way from the lower to the upper
/// bound. Rows outside of them are far away at most.
pub(super) fn row_of(share: f64, rows: u32) -> i32 {
    const FAR: f64 = 1e6;
    // Half-way between two rows a rounding error must not tell a tick from the value it stands for.
    let row = (1.0 - share) * (f64::from(rows) - 1.0) - 1e-6;
    (row.clamp(-FAR, FAR) + FAR + 0.5) as i32 - FAR as i32
}

impl Scale {
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
            Scale::Linear | Scale::Log => None,
        }
    }

    const fn least(scale: Scale) -> f64 {
        match scale {
            Scale::Linear => -LARGEST,
            Scale::Log => SMALLEST,
        }
    }
}

impl Axis {
    /// A vertical axis of so many lines for values between two numbers.
    pub fn vertical(lo: f64, hi: f64, scale: Scale, lines: u16) -> Self {
        let most = usize::from(lines.saturating_sub(1) / 2).clamp(2, 10);
        let tight = Bounds::new(lo, hi);
        let (bounds, ticks) = match scale {
            Scale::Linear => {
                let tight = tight.with_zero();
                // A tick more is better than half as many.
                let step = ticks::nice_step(tight, most as f64 * 1.15);
                let bounds = tight.around_steps(step);
                (bounds, ticks::every(bounds, step))
            }
            Scale::Log => {
                let bounds = tight.around_digits();
                (bounds, ticks(bounds, scale, Labels::Numbers, most))
            }
        };
        Self {
            bounds,
            scale,
            ticks,
        }
    }

    /// A horizontal axis of so many cells. Its labels stand side by side with blanks between them.
    pub fn horizontal(bounds: Bounds, labels: Labels, cells: u16) -> Self {
        let scale = Scale::Linear;
        let mut most = usize::from(cells / 12).clamp(1, 12);
        loop {
            let ticks = ticks(bounds, scale, labels, most);
            if most == 1 || draw::have_room(&ticks, bounds, cells) {
                return Self {
                    bounds,
                    scale,
                    ticks,
                };
            }
            most -= 1;
        }
    }

    /// How many cells the widest label takes.
    pub fn label_width(&self) -> u16 {
        let widest = self.ticks.iter().map(|tick| tick.label.width()).max();
        widest.unwrap_or(0) as u16
    }
}

#[cfg(test)]
mod tests;
