//! Minimum and maximum of blocks of values, of blocks of blocks and so on: any window of a column
//! at any width in a few steps, without the values.

use std::ops::Range;

/// Minima and maxima of a column at every scale.
#[derive(Debug, Default)]
pub struct Pyramid {}

/// The extent of the finite values in some rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Bucket {
    pub rows: Range<u64>,
    pub min: f64,
    pub max: f64,
}

impl Pyramid {
    /// At most `buckets` pieces of the window, in order; whole blocks of 128 values, so the outer
    /// ones may reach beyond it. Pieces without a finite value are left out.
    pub fn window(&self, _rows: Range<u64>, _buckets: usize) -> Vec<Bucket> {
        Vec::new()
    }
}
