//! A look at the values of one column in a slice of rows, with their places.

use std::ops::Range;

use super::tally::Sample;

/// Some consecutive values of one column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part<'a> {
    /// The stream's row that row 0 of the slice is.
    pub(super) base: u64,
    /// The slice's rows of the values; when there are none, they follow `from` without a gap.
    pub(super) rows: Option<&'a [u32]>,
    pub(super) from: u32,
    pub(super) values: &'a [f64],
    /// The steps of all rows of the slice, or none.
    pub(super) steps: &'a [f64],
}

/// How the steps of a slice go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepOrder {
    /// No row names one.
    Absent,
    /// Every row names one, and none is smaller than the one before.
    Rising,
    Mixed,
}

/// A piece of a part whose values are all taken in alike.
#[derive(Clone, Copy, Debug)]
pub(super) enum Run<'a> {
    /// Rows that name no step.
    Loose(Part<'a>),
    /// Rows with steps that never go back.
    Stepped(Part<'a>),
}

impl StepOrder {
    pub(super) fn of(steps: &[f64]) -> Self {
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
            return Self::Absent;
        };
        // Counted without a way out, which makes vector instructions of it. NaN is in no order, so
        // only the ends can be infinite.
        let pairs = steps.iter().zip(&steps[1..]);
        let rising = pairs.filter(|(one, two)| one <= two).count() == steps.len() - 1;
        if rising && first.is_finite() && last.is_finite() {
            Self::Rising
        } else {
            Self::Mixed
        }
    }
}

impl<'a> Part<'a> {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn row(&self, index: usize) -> u64 {
        self.base + self.slice_row(index) as u64
    }

    /// The step of a value's row, NaN where it names none.
    pub(super) fn step(&self, index: usize) -> f64 {
        self.steps
            .get(self.slice_row(index))
            .copied()
            .unwrap_or(f64::NAN)
    }

    pub(super) fn sample(&self, index: usize) -> Sample {
        Sample {
            row: self.row(index),
            step: self.step(index),
            value: self.values[index],
        }
    }

    pub(super) fn cut(&self, range: Range<usize>) -> Self {
        Self {
            rows: self.rows.map(|rows| &rows[range.clone()]),
            from: self.from + range.start as u32,
            values: &self.values[range],
            ..*self
        }
    }

    /// The values whose rows lie in `rows`.
    pub(super) fn within(&self, rows: &Range<u64>) -> Self {
        let before = |row: u64| {
            let row = row.saturating_sub(self.base);
            match self.rows {
                Some(rows) => rows.partition_point(|held| u64::from(*held) < row),
                None => (row.saturating_sub(u64::from(self.from)) as usize).min(self.len()),
            }
        };
        let start = before(rows.start);
        self.cut(start..before(rows.end).max(start))
    }

    /// Splits off the first piece whose values are all taken in alike.
    pub(super) fn split_run(&self, order: StepOrder) -> (Run<'a>, Self) {
        let has_step = |index: usize| self.step(index).is_finite();
        let end = match order {
            StepOrder::Absent | StepOrder::Rising => self.len(),
            StepOrder::Mixed if has_step(0) => (1..self.len())
                .find(|&index| !has_step(index) || self.step(index) < self.step(index - 1))
                .unwrap_or(self.len()),
            StepOrder::Mixed => (1..self.len())
                .find(|&index| has_step(index))
                .unwrap_or(self.len()),
        };
        let run = self.cut(0..end);
        let rest = self.cut(end..self.len());
        let stepped = order == StepOrder::Rising || (order == StepOrder::Mixed && has_step(0));
        (
            if stepped {
                Run::Stepped(run)
            } else {
                Run::Loose(run)
            },
            rest,
        )
    }

    fn slice_row(&self, index: usize) -> usize {
        self.rows
            .map_or(self.from as usize + index, |rows| rows[index] as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders() {
        let nan = f64::NAN;
        let cases: [(&[f64], StepOrder); 8] = [
            (&[], StepOrder::Absent),
            (&[1.0], StepOrder::Rising),
            (&[1.0, 1.0, 2.0], StepOrder::Rising),
            (&[1.0, 2.0, 1.0], StepOrder::Mixed),
            (&[nan], StepOrder::Mixed),
            (&[1.0, nan, 2.0], StepOrder::Mixed),
            (&[1.0, f64::INFINITY], StepOrder::Mixed),
            (&[f64::NEG_INFINITY, 1.0], StepOrder::Mixed),
        ];
        for (steps, order) in cases {
            assert_eq!(StepOrder::of(steps), order, "{steps:?}");
        }
    }

    #[test]
    fn cuts_by_rows() {
        let values = [1.0, 2.0, 3.0, 4.0];
        let part = Part {
            base: 100,
            rows: None,
            from: 2,
            values: &values,
            steps: &[],
        };
        assert_eq!(part.row(0), 102);
        assert_eq!(part.within(&(103..105)).values, &values[1..3]);
        assert_eq!(part.within(&(103..105)).row(0), 103);
        assert_eq!(part.within(&(0..1000)).values, &values);
        assert!(part.within(&Range { start: 106, end: 9 }).values.is_empty());
        let sparse = Part {
            rows: Some(&[0, 5, 6, 9]),
            ..part
        };
        assert_eq!(sparse.within(&(105..107)).values, &values[1..3]);
        assert!(sparse.within(&(101..105)).values.is_empty());
    }

    #[test]
    fn splits_where_steps_go_back_or_end() {
        let steps = [1.0, 2.0, 2.0, 1.0, f64::NAN, f64::INFINITY, 4.0];
        let mut rest = Part {
            base: 0,
            rows: None,
            from: 0,
            values: &[0.0; 7],
            steps: &steps,
        };
        let mut lengths = Vec::new();
        while rest.len() > 0 {
            let (run, next) = rest.split_run(StepOrder::Mixed);
            lengths.push(match run {
                Run::Loose(part) => (false, part.len()),
                Run::Stepped(part) => (true, part.len()),
            });
            rest = next;
        }
        assert_eq!(lengths, [(true, 3), (true, 1), (false, 2), (true, 1)]);
    }
}
