//! Which run is shown before somebody chooses one: the one that was written to last.

use super::data::Data;
use crate::record::RunId;
use crate::store::Run;

/// The program's own choice, until it is final.
#[derive(Debug, Default)]
pub(super) struct Choice {
    settled: bool,
}

impl Choice {
    /// Somebody chose: nothing is chosen any more.
    pub(super) fn settle(&mut self) {
        self.settled = true;
    }

    /// The run to show now, if that may be another one than is shown.
    pub(super) fn choose(&mut self, data: &Data) -> Option<RunId> {
        if self.settled {
            return None;
        }
        let runs = data.store().runs();
        // When a run was written to is known before it is read.
        let all_known = runs.iter().all(|run| run.reading.modified.is_some());
        self.settled = data.scanned && all_known && !runs.is_empty();
        // Of equal ones the first: a copied folder has one time for all.
        let newest = runs.iter().rev();
        let newest = newest.max_by(|a, b| modified(a).total_cmp(&modified(b)));
        newest.map(|run| run.id)
    }
}

fn modified(run: &Run) -> f64 {
    run.reading.modified.unwrap_or(f64::NEG_INFINITY)
}
