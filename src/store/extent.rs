//! The extent and the mean of some values, and how those of neighbours are joined.

use std::ops::Range;

use super::tally::Summary;

/// The extent of the finite values in some rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Bucket {
    pub rows: Range<u64>,
    pub min: f64,
    pub max: f64,
    /// The mean of the finite values.
    pub mean: f64,
}

/// What is kept of a block of values: of its finite ones. The extremes are the other way round when
/// there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Span {
    min: f64,
    max: f64,
    mean: f64,
}

/// A span, and how many finite values it stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    pub(super) finite: u64,
    pub(super) span: Span,
}

impl Extent {
    pub(super) const NONE: Self = Self {
        finite: 0,
        span: Span {
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            mean: 0.0,
        },
    };

    pub(super) fn of(seen: &Summary) -> Self {
        if seen.finite == 0 {
            return Self::NONE;
        }
        Self {
            finite: seen.finite,
            span: Span {
                min: seen.min,
                max: seen.max,
                mean: seen.mean,
            },
        }
    }

    /// Both together. Shares of means cannot overflow as sums do; what rounding leaves of them
    /// beyond the extremes is cut off.
    pub(super) fn and(self, other: Self) -> Self {
        if self.finite == 0 || other.finite == 0 {
            return if self.finite == 0 { other } else { self };
        }
        let finite = self.finite + other.finite;
        let share = other.finite as f64 / finite as f64;
        let (min, max) = (
            self.span.min.min(other.span.min),
            self.span.max.max(other.span.max),
        );
        let mean = self.span.mean * (1.0 - share) + other.span.mean * share;
        Self {
            finite,
            span: Span {
                min,
                max,
                mean: mean.max(min).min(max),
            },
        }
    }

    /// What is told of these rows; nothing when no value in them is finite.
    pub(super) fn bucket(self, rows: Range<u64>) -> Option<Bucket> {
        (self.finite > 0).then_some(Bucket {
            rows,
            min: self.span.min,
            max: self.span.max,
            mean: self.span.mean,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Extent {
        Extent::of(&Summary::of(values))
    }

    #[test]
    fn means_are_weighted_by_finite_values() {
        let both = of(&[1.0, f64::NAN, 2.0, 3.0]).and(of(&[10.0, f64::INFINITY]));
        assert_eq!(both.finite, 4);
        assert_eq!(
            both.bucket(0..6),
            Some(Bucket {
                rows: 0..6,
                min: 1.0,
                max: 10.0,
                mean: 4.0
            })
        );
        assert_eq!(of(&[f64::NAN]).and(Extent::NONE).bucket(0..1), None);
        assert_eq!(of(&[f64::NAN]).and(of(&[5.0])), of(&[5.0]));
    }

    #[test]
    fn no_mean_overflows_or_leaves_the_extremes() {
        let (most, least) = (f64::MAX, f64::MIN);
        let cases: [(&[f64], f64); 5] = [
            (&[most, most, most], most),
            (&[least, least], least),
            (&[most, least], 0.0),
            (&[0.1, 0.1, 0.1], 0.1),
            (&[f64::from_bits(1), f64::from_bits(3)], f64::from_bits(2)),
        ];
        for (values, mean) in cases {
            let at_once = of(values);
            let singly = values.iter().map(|value| of(&[*value]));
            let singly = singly.fold(Extent::NONE, Extent::and);
            for extent in [at_once, singly] {
                let span = extent.span;
                assert!(span.min <= span.mean && span.mean <= span.max, "{values:?}");
                let off = (span.mean - mean).abs();
                assert!(off <= mean.abs() * 1e-15, "{values:?} {}", span.mean);
            }
        }
    }
}
