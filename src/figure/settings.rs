//! What a person chose about charts: for all of them, and for single quantities.

use std::collections::{BTreeMap, BTreeSet};

use crate::insight::axis::XAxis;
use crate::insight::clock::Zone;

/// How charts are to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// What the x axes count; nothing means what suits the run.
    pub axis: Option<XAxis>,
    /// Only what is between two places along that axis.
    pub window: Option<(f64, f64)>,
    /// The windows of single quantities.
    pub windows: BTreeMap<String, (f64, f64)>,
    /// The weight of what was before, below 1; 0 smooths nothing.
    pub smoothing: f64,
    /// The scales of single quantities; the others have what suits them.
    pub scales: BTreeMap<String, Scaling>,
    /// The limits of the y axes of single quantities.
    pub limits: BTreeMap<String, (f64, f64)>,
    /// The quantities of which the outliers are left outside.
    pub clipped: BTreeSet<String>,
    /// Only these quantities, in this order; nothing means all of the run.
    pub only: Option<Vec<String>>,
    /// Where along the axis the cursor is.
    pub cursor: Option<f64>,
    /// Of several points of a line that stand exactly there, how many are before the one that is read.
    pub nth: u32,
    /// In which times of day are told.
    pub zone: Zone,
}

impl Settings {
    /// Whether the charts of a quantity are drawn the same with both, of the same runs.
    pub fn same_for(&self, other: &Self, quantity: &str) -> bool {
        // All fields by name: one that is added is not to be forgotten here.
        let Self {
            axis,
            window,
            windows,
            smoothing,
            scales,
            limits,
            clipped,
            only: _,
            cursor,
            nth,
            zone,
        } = self;
        (*axis, *window, *smoothing) == (other.axis, other.window, other.smoothing)
            && (*cursor, *nth) == (other.cursor, other.nth)
            && windows.get(quantity) == other.windows.get(quantity)
            && scales.get(quantity) == other.scales.get(quantity)
            && limits.get(quantity) == other.limits.get(quantity)
            && clipped.contains(quantity) == other.clipped.contains(quantity)
            && *zone == other.zone
    }
}

/// How values become places on the y axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scaling {
    #[default]
    Linear,
    Log,
    /// Linear around zero, and logarithmic beyond.
    SymLog,
}
