//! Which charts a run has: one for each quantity, with its splits in it.

use super::metric::{Direction, Part, Split};
use super::series::{Position, Series};
use crate::record::{ColumnId, StreamId};
use crate::store::Run;

/// One quantity and the series that show it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The quantity as people know it: `loss`, `grad_norm`.
    pub title: String,
    pub lines: Vec<Line>,
    pub direction: Direction,
    /// The y axis is logarithmic unless somebody asks for another.
    pub logarithmic: bool,
    /// The best point: on the validation data if there is one.
    pub best: Option<BestPoint>,
}

/// One series in a chart, as it was when the overview was made: rows that came later are not shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub stream: StreamId,
    pub column: ColumnId,
    /// The name of the series: `eval/loss`.
    pub name: String,
    pub split: Option<Split>,
    pub part: Option<Part>,
    /// One more than the last row that is shown.
    pub end: u64,
    pub last: Option<f64>,
    /// The last value as people read it.
    pub last_text: String,
    pub non_finite: u64,
}

/// Where a series was best.
#[derive(Clone, Debug, PartialEq)]
pub struct BestPoint {
    /// Which of the chart's lines.
    pub line: usize,
    pub row: u64,
    pub value: f64,
    pub text: String,
    pub at: Position,
}

/// The charts of a run, the loss first.
pub fn charts(run: &Run, all: &[Series<'_>]) -> Vec<Chart> {
    let _ = (run, all);
    Vec::new()
}
