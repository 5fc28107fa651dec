//! What the lines of a chart are called, and which colours they have.

use super::apart::shortened;
use crate::insight::axis::XAxis;
use crate::insight::charts::Chart;
use crate::insight::metric::Split;
use crate::insight::number;
use crate::widgets::Safe;
use crate::widgets::theme::Hue;

/// The lines of one chart, told apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    chart: &'a Chart,
    /// There is more than one line.
    several: bool,
}

/// Names are no longer than this: their middle is left out.
const LONGEST: usize = 18;

impl<'a> Named<'a> {
    pub(super) fn of(chart: &'a Chart) -> Self {
        let lines = chart.lines.iter().filter(|line| !line.band).count();
        Self {
            chart,
            several: lines > 1 || chart.lines.iter().any(|line| line.split.is_some()),
        }
    }

    /// The name of a line; nothing when it is the only one of its chart and has no split.
    pub(super) fn name(&self, line: usize) -> Option<Safe> {
        let line = self.several.then(|| self.chart.lines.get(line))??;
        if let Some(split) = line.split.filter(|split| self.is_alone(*split)) {
            return Some(Safe::fixed(split.name()));
        }
        let others = self.chart.lines.iter().filter(|line| !line.band);
        let others = others.map(|line| line.name.as_str());
        Some(shortened(&line.name, others, LONGEST))
    }

    /// The colour of a line, or of the line that a band belongs to.
    pub(super) fn hue(&self, line: usize) -> Hue<'a> {
        let Some(line) = self.chart.lines.get(line) else {
            return Hue::Named("");
        };
        match line.split.filter(|split| self.is_alone(*split)) {
            Some(Split::Train) => Hue::Train,
            Some(Split::Val) => Hue::Val,
            Some(Split::Test) => Hue::Test,
            None if line.split.is_none() && !self.several => Hue::Named(&self.chart.quantity),
            None => Hue::Named(&line.name),
        }
    }

    fn is_alone(&self, split: Split) -> bool {
        let on_split =
            |line: &&crate::insight::charts::Line| !line.band && line.split == Some(split);
        self.chart.lines.iter().filter(on_split).count() == 1
    }
}

/// A place along an axis in words: `31`, `1h 05m`.
pub(super) fn place_text(axis: XAxis, place: f64) -> String {
    match axis {
        XAxis::Time | XAxis::Clock => number::duration(place),
        XAxis::Epoch | XAxis::Step | XAxis::Row => number::human(place),
    }
}
