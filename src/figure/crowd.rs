//! The lines of several runs as one: their mean, and from the lowest to the highest of them.
//!
//! In each column every run counts once, with the value that its own line has there: the mean of its
//! rows in the column, smoothed where lines are smoothed, and between two points of its own the place
//! where their stroke passes. So a run whose points are farther apart than columns does not come and
//! go, and runs that are written more often count no more than others. A run counts only from its
//! first to its last point in sight, and not where it has a gap: nothing is made up beyond its data,
//! and the line steps where a run ends, because it is the mean of fewer then.

use super::edges::mixed;
use super::reduce::{Cell, Reduced};
use crate::widgets::axis::Scale;

/// The line of one run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'a> {
    cells: &'a [Cell],
    /// All values of a column are drawn, and not their mean.
    every: bool,
}

/// What one run has in a column, and then what all have.
#[derive(Clone, Copy, Debug)]
struct Sum {
    low: f64,
    high: f64,
    mean: f64,
    /// How many rows, or runs, the mean is of.
    weight: u64,
    /// A stroke leads here from the column before.
    joined: bool,
}

const NOTHING: Sum = Sum {
    low: f64::INFINITY,
    high: f64::NEG_INFINITY,
    mean: 0.0,
    weight: 0,
    joined: false,
};

impl<'a> Member<'a> {
    /// The line as it is drawn.
    pub(super) fn of(reduced: &'a Reduced) -> Self {
        match &reduced.smooth {
            Some(smooth) => Self {
                cells: smooth,
                every: false,
            },
            None => Self {
                cells: &reduced.live,
                every: reduced.few,
            },
        }
    }

    /// Puts down what the line has in each column.
    fn spread(&self, scale: Scale, own: &mut [Sum]) {
        own.fill(NOTHING);
        let mut before: Option<&Cell> = None;
        for cell in self.cells {
            if let Some(from) = before.filter(|from| cell.joined && from.column < cell.column) {
                let length = f64::from(cell.column - from.column);
                for column in from.column + 1..cell.column {
                    let share = f64::from(column - from.column) / length;
                    let value = mixed(scale, from.mean, cell.mean, share);
                    if let Some(sum) = own.get_mut(column as usize).filter(|sum| sum.weight == 0) {
                        sum.add(&Sum::at(value, 1));
                        sum.joined = true;
                    }
                }
                if let Some(sum) = own.get_mut(cell.column as usize) {
                    sum.joined = true;
                }
            }
            if let Some(sum) = own.get_mut(cell.column as usize) {
                let mut here = Sum::at(cell.mean, cell.rows.max(1));
                if self.every {
                    (here.low, here.high) = (cell.low, cell.high);
                }
                sum.add(&here);
            }
            before = Some(cell);
        }
        if !self.every {
            for sum in own.iter_mut().filter(|sum| sum.weight > 0) {
                (sum.low, sum.high) = (sum.mean, sum.mean);
            }
        }
    }
}

impl Sum {
    const fn at(value: f64, weight: u64) -> Self {
        Self {
            low: value,
            high: value,
            mean: value,
            weight,
            joined: false,
        }
    }

    fn add(&mut self, other: &Self) {
        let weight = self.weight + other.weight;
        let share = other.weight as f64 / weight.max(1) as f64;
        // Shares, because the sum of two large numbers may be no finite one.
        let mean = self.mean * (1.0 - share) + other.mean * share;
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.mean = mean.clamp(self.low, self.high);
        self.weight = weight;
        self.joined |= other.joined;
    }
}

/// The mean of all lines in each of so many columns, and from the lowest to the highest of them;
/// `rows` says how many runs these are.
pub(super) fn merged(members: &[Member<'_>], columns: u32, scale: Scale) -> Vec<Cell> {
    let mut own = vec![NOTHING; columns as usize];
    let mut all = own.clone();
    for member in members {
        member.spread(scale, &mut own);
        for (sum, own) in all.iter_mut().zip(&own).filter(|(_, own)| own.weight > 0) {
            sum.add(&Sum { weight: 1, ..*own });
        }
    }
    let held = all.iter().enumerate().filter(|(_, sum)| sum.weight > 0);
    let cell = |(column, sum): (usize, &Sum)| Cell {
        column: column as u32,
        low: sum.low,
        high: sum.high,
        mean: sum.mean,
        rows: sum.weight,
        joined: sum.joined,
    };
    held.map(cell).collect()
}

#[cfg(test)]
mod tests;
