//! Statistics over values: what is known of a set of rows without holding them.

/// What is known of a column's values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stats {
    /// Values, NaN and infinities included.
    pub count: u64,
    pub finite: u64,
    /// May be NaN or infinite.
    pub first: Option<f64>,
    /// May be NaN or infinite.
    pub last: Option<f64>,
    pub last_finite: Option<f64>,
    /// Of the finite values; of equal ones the first.
    pub min: Option<Extreme>,
    /// Of the finite values; of equal ones the first.
    pub max: Option<Extreme>,
    /// Of the finite values.
    pub sum: f64,
}

/// A minimum or maximum and where it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extreme {
    pub value: f64,
    pub row: u64,
    /// The step that the row names itself.
    pub step: Option<f64>,
}

/// One value with its place; the step is NaN where the row names none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sample {
    pub(super) row: u64,
    pub(super) step: f64,
    pub(super) value: f64,
}

/// Statistics in the making. `first` and `last` mean something only when `count` is not 0, the
/// other samples only when `finite` is not 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) finite: u64,
    sum: f64,
    first: (u64, f64),
    last: (u64, f64),
    last_finite: (u64, f64),
    min: Sample,
    max: Sample,
}

/// Consecutive values summed up: the unit in which values are appended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Summary {
    pub(super) finite: u64,
    pub(super) sum: f64,
    /// Infinite when nothing is finite.
    pub(super) min: f64,
    /// Negatively infinite when nothing is finite.
    pub(super) max: f64,
    /// Finite even where the sum is not.
    pub(super) mean: f64,
    /// How many of the finite values are 0 or less.
    pub(super) not_positive: u64,
}

impl Stats {
    /// The mean of the finite values.
    pub fn mean(&self) -> Option<f64> {
        let mean = self.sum / self.finite as f64;
        (self.finite > 0 && mean.is_finite()).then_some(mean)
    }
}

impl Summary {
    /// One pass that the compiler turns into vector instructions. Whether all values are finite
    /// shows in their sum; when it is not finite, they are looked at one by one.
    pub(super) fn of(values: &[f64]) -> Self {
        const LANES: usize = 8;
        let mut min = [f64::INFINITY; LANES];
        let mut max = [f64::NEG_INFINITY; LANES];
        let mut sum = [0.0; LANES];
        let mut add = |lane: usize, value: f64| {
            min[lane] = if value < min[lane] { value } else { min[lane] };
            max[lane] = if value > max[lane] { value } else { max[lane] };
            sum[lane] += value;
        };
        let chunks = values.chunks_exact(LANES);
        let rest = chunks.remainder();
        for chunk in chunks {
            for (lane, &value) in chunk.iter().enumerate() {
                add(lane, value);
            }
        }
        for (lane, &value) in rest.iter().enumerate() {
            add(lane, value);
        }
        let sum: f64 = sum.iter().sum();
        if !sum.is_finite() {
            return Self::one_by_one(values);
        }
        Self {
            finite: values.len() as u64,
            sum,
            min: min.iter().fold(f64::INFINITY, |low, &value| low.min(value)),
            max: max
                .iter()
                .fold(f64::NEG_INFINITY, |high, &value| high.max(value)),
            mean: sum / values.len() as f64,
            not_positive: 0,
        }
        .finished(values)
    }

    fn one_by_one(values: &[f64]) -> Self {
        let start = Self {
            finite: 0,
            sum: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            mean: 0.0,
            not_positive: 0,
        };
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let seen = finite().fold(start, |so_far, value| Self {
            finite: so_far.finite + 1,
            sum: so_far.sum + value,
            min: so_far.min.min(value),
            max: so_far.max.max(value),
            mean: 0.0,
            not_positive: 0,
        });
        let count = seen.finite as f64;
        let mean = if seen.sum.is_finite() {
            seen.sum / count
        } else {
            finite().map(|value| value / count).sum()
        };
        Self { mean, ..seen }.finished(values)
    }

    /// Rounding must not carry the mean beyond the extremes. Values are counted only where some are
    /// positive and others are not.
    fn finished(self, values: &[f64]) -> Self {
        let not_positive = if self.min > 0.0 {
            0
        } else if self.max <= 0.0 {
            self.finite
        } else {
            let is_counted = |value: &&f64| **value <= 0.0 && value.is_finite();
            values.iter().filter(is_counted).count() as u64
        };
        Self {
            mean: self.mean.max(self.min).min(self.max),
            not_positive,
            ..self
        }
    }
}

impl Tally {
    /// Adds a value that lies behind all that were added before.
    pub(super) fn add(&mut self, sample: Sample) {
        let place = (sample.row, sample.value);
        if self.count == 0 {
            self.first = place;
        }
        self.last = place;
        self.count += 1;
        if !sample.value.is_finite() {
            return;
        }
        if self.finite == 0 || sample.value < self.min.value {
            self.min = sample;
        }
        if self.finite == 0 || sample.value > self.max.value {
            self.max = sample;
        }
        self.last_finite = place;
        self.finite += 1;
        self.sum += sample.value;
    }

    /// Adds consecutive values that lie behind all that were added before. `sample` tells where
    /// the n-th of them is; it is asked only for the few that matter.
    pub(super) fn add_all(
        &mut self,
        values: &[f64],
        summary: &Summary,
        sample: impl Fn(usize) -> Sample,
    ) {
        let Some(end) = values.len().checked_sub(1) else {
            return;
        };
        let place = |index: usize| (sample(index).row, values[index]);
        if self.count == 0 {
            self.first = place(0);
        }
        self.last = place(end);
        self.count += values.len() as u64;
        if summary.finite == 0 {
            return;
        }
        let find = |extreme: f64| first_equal(values, extreme).map(&sample);
        if self.finite == 0 || summary.min < self.min.value {
            self.min = find(summary.min).unwrap_or(self.min);
        }
        if self.finite == 0 || summary.max > self.max.value {
            self.max = find(summary.max).unwrap_or(self.max);
        }
        if let Some(index) = values.iter().rposition(|value| value.is_finite()) {
            self.last_finite = place(index);
        }
        self.finite += summary.finite;
        self.sum += summary.sum;
    }

    /// Both together, whichever way their rows lie.
    pub(super) fn and(&self, other: &Self) -> Self {
        if self.count == 0 || other.count == 0 {
            return if self.count == 0 { *other } else { *self };
        }
        let (one, two) = if self.first.0 <= other.first.0 {
            (self, other)
        } else {
            (other, self)
        };
        let mut both = *one;
        both.count += two.count;
        both.last = if two.last.0 > one.last.0 {
            two.last
        } else {
            one.last
        };
        if two.finite == 0 {
            return both;
        }
        let fresh = one.finite == 0;
        if fresh || two.last_finite.0 > one.last_finite.0 {
            both.last_finite = two.last_finite;
        }
        if fresh || better(two.min, one.min, two.min.value < one.min.value) {
            both.min = two.min;
        }
        if fresh || better(two.max, one.max, two.max.value > one.max.value) {
            both.max = two.max;
        }
        both.finite += two.finite;
        both.sum += two.sum;
        both
    }

    pub(super) fn stats(&self) -> Stats {
        let any = |value: (u64, f64)| (self.count > 0).then_some(value.1);
        let finite = self.finite > 0;
        Stats {
            count: self.count,
            finite: self.finite,
            first: any(self.first),
            last: any(self.last),
            last_finite: finite.then_some(self.last_finite.1),
            min: finite.then(|| self.min.into()),
            max: finite.then(|| self.max.into()),
            sum: self.sum,
        }
    }
}

/// The first value that equals a minimum or maximum; 0 and -0 are equal.
#[expect(clippy::float_cmp, reason = "the value was taken from among them")]
fn first_equal(values: &[f64], extreme: f64) -> Option<usize> {
    values.iter().position(|&value| value == extreme)
}

/// Of equal values the earlier one is better.
#[expect(clippy::float_cmp, reason = "a tie is exact equality")]
fn better(one: Sample, two: Sample, beyond: bool) -> bool {
    beyond || (one.value == two.value && one.row < two.row)
}

impl From<Sample> for Extreme {
    fn from(sample: Sample) -> Self {
        let step = sample.step.is_finite().then_some(sample.step);
        Self {
            value: sample.value,
            row: sample.row,
            step,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(row: usize, value: f64) -> Sample {
        Sample {
            row: row as u64,
            step: f64::NAN,
            value,
        }
    }

    fn singly(values: &[f64]) -> Tally {
        let mut tally = Tally::default();
        values
            .iter()
            .enumerate()
            .for_each(|(row, &value)| tally.add(sample(row, value)));
        tally
    }

    fn at_once(values: &[f64], from: usize) -> Tally {
        let mut tally = Tally::default();
        let summary = Summary::of(values);
        tally.add_all(values, &summary, |index| {
            sample(from + index, values[index])
        });
        tally
    }

    #[test]
    fn singly_and_at_once_agree() {
        let nan = f64::NAN;
        let cases: [&[f64]; 8] = [
            &[],
            &[1.0],
            &[0.0, -0.0, 0.0],
            &[-0.0, 0.0],
            &[3.0, 1.0, 2.0, 1.0, 3.0, 5.0, 5.0, -1.0, -1.0, 4.0],
            &[nan, f64::INFINITY, nan],
            &[f64::INFINITY, f64::NEG_INFINITY, 7.0, nan, 8.0, nan],
            &[f64::MAX, f64::MAX, f64::MIN],
        ];
        for values in cases {
            let (one, all) = (singly(values), at_once(values, 0));
            assert_eq!(format!("{one:?}"), format!("{all:?}"));
        }
    }

    #[test]
    fn joins_in_any_order() {
        let values = [4.0, f64::NAN, 1.0, 1.0, 9.0, 9.0, f64::INFINITY, 2.0];
        let whole = format!("{:?}", singly(&values).stats());
        for cut in 0..=values.len() {
            let (front, back) = (at_once(&values[..cut], 0), at_once(&values[cut..], cut));
            assert_eq!(format!("{:?}", front.and(&back).stats()), whole);
            assert_eq!(format!("{:?}", back.and(&front).stats()), whole);
        }
    }

    #[test]
    fn a_mean_that_is_no_number_is_none() {
        assert_eq!(singly(&[f64::NAN]).stats().mean(), None);
        assert_eq!(singly(&[f64::MAX, f64::MAX]).stats().mean(), None);
        assert_eq!(singly(&[1.0, 2.0, f64::INFINITY]).stats().mean(), Some(1.5));
    }
}
