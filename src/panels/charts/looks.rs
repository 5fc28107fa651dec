//! What the panel looks at closely: it must be smoothed, or read again.

use super::Charts;
use super::seen::Seen;
use crate::figure::{InSight, Ruler};
use crate::panels::Request;
use crate::store::Look;

/// More rows than this are not read again for a chart: their columns hold many of them.
const ROWS_MOST: u64 = 65_536;
/// Rows that are read around the cursor, so that few of its steps need others.
const AROUND: u64 = 1024;

impl Charts {
    /// Asks for what is on the page, if that is not what was asked for last.
    pub(super) fn look(&mut self, seen: Option<&Seen<'_>>) -> Vec<Request> {
        let looks = seen.map(|seen| self.looks(seen)).unwrap_or_default();
        if looks == self.looked {
            return Vec::new();
        }
        self.looked.clone_from(&looks);
        vec![Request::Look(looks)]
    }

    fn looks(&self, seen: &Seen<'_>) -> Vec<Look> {
        let smoothing = Some(self.chosen.smoothing).filter(|weight| *weight > 0.0);
        let cursor = self.chosen.cursor;
        let mut looks = Vec::new();
        // The selected one first, should there be too many.
        let others = seen.page.clone().filter(|at| *at != seen.selected);
        for at in std::iter::once(seen.selected).chain(others) {
            let (number, chart) = seen.charts[at];
            let plan = seen.plan(at);
            let windowed = seen.settings.window.is_some() || self.chosen.has_own_window(chart);
            if smoothing.is_none() && cursor.is_none() && !windowed {
                continue;
            }
            for sight in Ruler::new(&plan, chart, number).in_sight(cursor) {
                let rows = wanted_rows(&sight, windowed);
                if smoothing.is_some() || rows.is_some() {
                    looks.push(Look {
                        run: sight.run,
                        stream: sight.line.stream,
                        column: sight.line.column,
                        smoothing,
                        rows,
                    });
                }
            }
        }
        looks
    }
}

/// The rows that must be read again, where they are few.
fn wanted_rows(sight: &InSight<'_>, windowed: bool) -> Option<std::ops::Range<u64>> {
    if sight.grouped {
        // The mean of many runs needs no exact values: what is known of their columns will do.
        return None;
    }
    if windowed && !sight.resident && sight.rows.end - sight.rows.start <= ROWS_MOST {
        return Some(sight.rows.clone());
    }
    let at = sight.at?;
    if sight.first_resident <= at {
        return None;
    }
    let start = at / AROUND * AROUND;
    Some(start..(start + AROUND).min(sight.line.end))
}
