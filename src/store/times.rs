//! When rows were written, and how far apart.

/// The finite times of a stream's rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// Of the first row that has one.
    pub first: Option<f64>,
    /// Of the last row that has one.
    pub last: Option<f64>,
    pub newest: Option<f64>,
}

/// How many gaps of which length lie between successive row times.
#[derive(Clone, Debug, Default)]
pub struct Gaps {}

impl Gaps {
    /// The gap that the share `quantile` (0 to 1) of all positive gaps does not exceed, within a
    /// factor of two.
    pub fn typical_gap(&self, _quantile: f64) -> Option<f64> {
        None
    }

    /// How many positive gaps there were.
    pub fn count(&self) -> u64 {
        0
    }
}
