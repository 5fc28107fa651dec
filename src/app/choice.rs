//! Which run is shown before somebody chooses one: of those that may still go on, the one in which
//! something happened last.

use super::data::Data;
use crate::insight::health;
use crate::record::RunId;
use crate::store::Run;

/// So many seconds after the start the choice is final when all that was found is read by then: a
/// screen must not change under the eyes.
const PATIENCE: f64 = 1.5;
/// After so many it is final all the same.
const LONGEST: f64 = 5.0;

/// The program's own choice, until it is final.
#[derive(Debug)]
pub(super) struct Choice {
    settled: bool,
    begun: f64,
}

impl Choice {
    pub(super) const fn new(now: f64) -> Self {
        Self {
            settled: false,
            begun: now,
        }
    }

    /// Somebody chose: nothing is chosen any more.
    pub(super) fn settle(&mut self) {
        self.settled = true;
    }

    /// The run to show now, if that may be another one than is shown.
    pub(super) fn choose(&mut self, data: &Data) -> Option<RunId> {
        let runs = data.store().runs();
        if self.settled || runs.is_empty() {
            return None;
        }
        let all_read = data.scanned && runs.iter().all(|run| run.reading.caught_up);
        let waited = data.now - self.begun;
        self.settled = waited >= PATIENCE && all_read || waited >= LONGEST;
        // Of equal ones the first: a copied folder has one time for all.
        let newest = runs.iter().rev().max_by(|a, b| {
            let key = |run| (health::ended(run).is_none(), last_sign(run, data.now));
            let ((open_a, last_a), (open_b, last_b)) = (key(a), key(b));
            open_a.cmp(&open_b).then(last_a.total_cmp(&last_b))
        });
        newest.map(|run| run.id)
    }
}

/// When something last happened, as far as it is known yet.
fn last_sign(run: &Run, now: f64) -> f64 {
    health::last_sign(run, now).unwrap_or(f64::NEG_INFINITY)
}
