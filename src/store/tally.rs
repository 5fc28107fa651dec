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

impl Stats {
    /// The mean of the finite values.
    pub fn mean(&self) -> Option<f64> {
        let mean = self.sum / self.finite as f64;
        (self.finite > 0 && mean.is_finite()).then_some(mean)
    }
}
