//! Where along the x axis parameters changed, and where a restart went back to.

use super::build::Plan;
use super::names::place_text;
use super::reduce::Columns;
use super::trace::Trace;
use super::{Figure, Source};
use crate::insight::axis::XAxis;
use crate::insight::charts::{Chart, Line};

/// Something that changed while the run went on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub column: u32,
    pub what: Changed,
    /// `lr 0.1 → 0.01`, `restart at 1200`
    pub words: Vec<String>,
    /// How many more changed at once.
    pub others: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    Restart,
    Parameters,
}

/// The newest restarts that are marked.
const RESTARTS: usize = 64;

impl Plan<'_> {
    /// Those of the run that is shown, from left to right.
    pub(super) fn changes(&self, chart: &Chart, columns: Columns) -> Vec<Change> {
        let Some(source) = self.sources.first() else {
            return Vec::new();
        };
        let Some(line) = longest(source, chart) else {
            return Vec::new();
        };
        let mut found = self.parameters(source, line, columns);
        found.extend(self.restarts(source, line, columns));
        found.sort_by_key(|change| (change.column, change.what));
        found
    }

    fn parameters(&self, source: &Source<'_>, line: &Line, columns: Columns) -> Vec<Change> {
        let overview = source.overview;
        if overview.changes.is_empty() {
            return Vec::new();
        }
        let mut clock = Trace::of(source, line, XAxis::Clock);
        let mut along = Trace::of(source, line, self.axis);
        let mut place = |moment: f64| {
            let exact = overview.axes.of_moment(self.axis, moment);
            // The first row that was written with the new value.
            exact.or_else(|| along.as_mut()?.place(clock.as_mut()?.row_after(moment)?))
        };
        let change = |moment: &crate::insight::changes::Moment| {
            Some(Change {
                column: columns.of(place(moment.time)?)?,
                what: Changed::Parameters,
                words: moment.words.clone(),
                others: moment.others,
            })
        };
        overview.changes.iter().filter_map(change).collect()
    }

    fn restarts(&self, source: &Source<'_>, line: &Line, columns: Columns) -> Vec<Change> {
        let Some(mut trace) = Trace::of(source, line, self.axis) else {
            return Vec::new();
        };
        let restarts = trace.column.restarts();
        let shown = trace.rows();
        let newest = restarts[restarts.len().saturating_sub(RESTARTS)..].iter();
        let change = |restart: &crate::store::Restart| {
            let place = trace.place(restart.row)?;
            Some(Change {
                column: columns.of(place)?,
                what: Changed::Restart,
                words: vec![format!(
                    "restart at {}",
                    place_text(XAxis::Step, restart.step, &self.settings.zone)
                )],
                others: 0,
            })
        };
        newest
            .filter(|restart| shown.contains(&restart.row))
            .filter_map(change)
            .collect()
    }
}

impl Figure {
    /// What changed at the cursor, or in no more than so many columns beside it.
    pub fn changes_near(&self, beside: u32) -> impl Iterator<Item = &Change> {
        let near = move |change: &&Change| {
            let cursor = self.cursor?;
            Some(change.column.abs_diff(cursor) <= beside)
        };
        self.changes
            .iter()
            .filter(move |change| near(change) == Some(true))
    }
}

/// The line with most points: its rows tell best where along the axis a moment is.
fn longest<'a>(source: &Source<'_>, chart: &'a Chart) -> Option<&'a Line> {
    let lines = chart.lines.iter().filter(|line| !line.band);
    lines.max_by_key(|line| {
        let stream = source.run.stream(line.stream);
        let column = stream.and_then(|stream| stream.column_at(line.column));
        column.map_or(0, crate::store::Column::count)
    })
}
