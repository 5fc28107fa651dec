//! Which part of the x axis is seen: zoomed, panned, or the newest part and on with it.

use crate::insight::axis::XAxis;
use crate::widgets::axis::Bounds;

/// A part of the x axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Window {
    #[default]
    Whole,
    Between(f64, f64),
    /// So much of the newest, and on as more comes.
    Tail(f64),
}

/// What is needed to move a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) axis: XAxis,
    /// From the first to the last place of the data.
    pub(super) data: (f64, f64),
    /// What is seen when everything is.
    pub(super) whole: Bounds,
}

/// A tail moves on by this share of its length: most points that come move nothing.
const TAIL_STEPS: f64 = 16.0;
/// The first tail is this share of everything.
const TAIL_FIRST: f64 = 0.25;

impl Window {
    /// From where to where; nothing when it is everything.
    pub(super) fn between(self, place: Place) -> Option<(f64, f64)> {
        match self {
            Self::Whole => None,
            Self::Between(lo, hi) => Some((lo, hi)),
            Self::Tail(length) => {
                let (start, end) = place.data;
                let step = length / TAIL_STEPS;
                let end = start + ((end - start) / step).ceil() * step;
                Some((end - length, end))
            }
        }
    }

    fn bounds(self, place: Place) -> (f64, f64) {
        let whole = (place.whole.lo(), place.whole.hi());
        self.between(place).unwrap_or(whole)
    }

    /// Closer or farther away, around a place.
    #[must_use]
    pub(super) fn zoomed(self, factor: f64, cursor: Option<f64>, place: Place) -> Self {
        let (lo, hi) = self.bounds(place);
        let length = place.length_within(((hi - lo) * factor, lo, hi));
        if let (Self::Tail(_), None) = (self, cursor) {
            return place.settled_tail(length);
        }
        let within = |at: &f64| (lo..=hi).contains(at);
        let end = Some(place.data.1).filter(within);
        let around = cursor.filter(within).or(end);
        let around = around.unwrap_or(f64::midpoint(lo, hi));
        let share = (around - lo) / (hi - lo);
        place.settled(around - share * length, length)
    }

    /// To the left or right by a share of its length.
    #[must_use]
    pub(super) fn panned(self, share: f64, place: Place) -> Self {
        if self == Self::Whole {
            return self;
        }
        let (lo, hi) = self.bounds(place);
        place.settled(lo + (hi - lo) * share, hi - lo)
    }

    /// The newest part, and half of it when that is what is seen.
    #[must_use]
    pub(super) fn tail(self, place: Place) -> Self {
        let (lo, hi) = place.data;
        match self {
            Self::Tail(length) if length / 2.0 >= place.least() => Self::Tail(length / 2.0),
            Self::Tail(_) => Self::Whole,
            _ => place.settled_tail(((hi - lo) * TAIL_FIRST).max(place.least())),
        }
    }

    /// The same length, moved so far that a place is in it.
    #[must_use]
    pub(super) fn with(self, at: f64, place: Place) -> Self {
        let (lo, hi) = self.bounds(place);
        if self == Self::Whole || (lo..=hi).contains(&at) {
            return self;
        }
        place.settled(at - (hi - lo) / 2.0, hi - lo)
    }
}

impl Place {
    /// The shortest part that there is.
    fn least(self) -> f64 {
        match self.axis {
            XAxis::Epoch => 0.02,
            XAxis::Step | XAxis::Row => 2.0,
            XAxis::Time | XAxis::Clock => 0.1,
        }
    }

    fn length_within(self, (length, lo, hi): (f64, f64, f64)) -> f64 {
        // What is wider already stays as it is.
        length.max(self.least().min(hi - lo))
    }

    fn settled_tail(self, length: f64) -> Window {
        if length.is_finite() && length > 0.0 && length < self.data.1 - self.data.0 {
            Window::Tail(length)
        } else {
            Window::Whole
        }
    }

    /// A window of this length within everything.
    fn settled(self, lo: f64, length: f64) -> Window {
        let (first, last) = (self.whole.lo(), self.whole.hi());
        if !(lo.is_finite() && length.is_finite()) || length >= (last - first) * (1.0 - 1e-9) {
            return Window::Whole;
        }
        let lo = lo.min(last - length).max(first);
        Window::Between(lo, lo + length)
    }
}
