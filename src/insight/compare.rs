//! Runs beside each other: what stands in the columns of a table of runs, and which run is best.

use super::overview::Overview;
use crate::record::RunId;

/// The run with the best value of the loss by which runs are judged, of those whose loss has the
/// same name.
pub fn best<'a>(runs: impl Iterator<Item = &'a Overview>) -> Option<RunId> {
    let mut best: Option<(&Overview, f64)> = None;
    for run in runs {
        let Some(value) = run.primary.as_ref().and_then(|primary| primary.best) else {
            continue;
        };
        if best.is_none_or(|(_, other)| value < other) {
            best = Some((run, value));
        }
    }
    best.map(|(run, _)| run.run)
}
