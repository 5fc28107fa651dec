//! Which values the y axis of a figure has to hold, and which lie outside of it.

use super::count;
use super::reduce::{Cell, Reduced};
use super::{Outside, Scaling};
use crate::insight::charts::Line;
use crate::store::{Count, Stream};
use crate::widgets::axis::{Bounds, Places, Scale};

/// The y axis of a figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Extent {
    pub(super) y: (f64, f64),
    pub(super) scale: Scale,
    pub(super) limited: bool,
    pub(super) outside: Vec<Outside>,
    /// At which ends what a restart superseded does not fit: below, above.
    pub(super) left_out: [bool; 2],
    /// How many values lie beyond the limits.
    pub(super) beyond: Count,
    /// How many have no place on a logarithmic axis.
    pub(super) not_positive: Count,
}

/// A line as it is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    pub(super) line: &'a Line,
    pub(super) stream: Option<&'a Stream>,
    pub(super) reduced: &'a Reduced,
}

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) scaling: Scaling,
    pub(super) limits: Option<(f64, f64)>,
    pub(super) clipped: bool,
    /// Only a part of the rows is in sight.
    pub(super) windowed: bool,
}

/// With fewer pieces than this none of them is an outlier.
const FEW: usize = 16;
/// The share of all pieces that is left outside at each end.
const LEFT_OUT: f64 = 0.01;
/// The share of the height that what counts has at least, beside what a restart superseded.
const LEAST_HEIGHT: f64 = 1.0 / 3.0;

impl Extent {
    /// Of lines as they are drawn.
    pub(super) fn of(lines: &[Shown<'_>], asked: Asked) -> Self {
        let cells = || lines.iter().flat_map(Shown::cells);
        let whole = (!asked.windowed).then(|| whole(lines)).flatten();
        let seen = whole.or_else(|| seen(cells())).unwrap_or((0.0, 1.0));
        let scale = scale(asked.scaling, seen, cells());
        let mut extent = Self {
            y: seen,
            scale,
            ..Self::default()
        };
        if scale == Scale::Log {
            extent.y.0 = smallest_positive(seen, cells());
            extent.not_positive = count::not_positive(lines);
        }
        if asked.clipped
            && let Some(y) = percentiles(scale, &cells())
        {
            (extent.y, extent.limited) = (y, true);
        }
        if let Some(limits) = asked.limits {
            (extent.y, extent.limited) = (limits, true);
        }
        if extent.limited {
            let live = lines.iter().flat_map(|shown| &shown.reduced.live);
            extent.find_outside(live);
            extent.beyond = count::beyond(lines, extent.y, scale);
        } else {
            extent.hold_superseded(lines);
        }
        extent
    }

    /// Makes room for what a restart superseded, unless that leaves too little for what counts.
    fn hold_superseded(&mut self, lines: &[Shown<'_>]) {
        let has_place = |value: f64| self.scale != Scale::Log || value > 0.0;
        let cells = || lines.iter().flat_map(|shown| &shown.reduced.superseded);
        let ends = cells().flat_map(|cell| [cell.low, cell.mean, cell.high]);
        let ends = ends.filter(|value| has_place(*value));
        let (lo, hi) = ends.fold(self.y, |(lo, hi), end| (lo.min(end), hi.max(end)));
        let live = self.y;
        let ways = [(lo, hi), (live.0, hi), (lo, live.1)];
        let held = ways
            .into_iter()
            .find(|way| is_clear(self.scale, live, *way));
        self.y = held.unwrap_or(live);
        self.left_out = [lo < self.y.0, hi > self.y.1];
        self.find_outside(cells());
    }

    /// Marks where cells reach beyond what is shown.
    fn find_outside<'a>(&mut self, cells: impl Iterator<Item = &'a Cell>) {
        let (lo, hi) = self.y;
        for cell in cells.filter(|cell| cell.rows > 0) {
            let has_place = self.scale != Scale::Log || cell.low > 0.0;
            for (is_out, above) in [(cell.high > hi, true), (cell.low < lo && has_place, false)] {
                if is_out {
                    let column = cell.column;
                    self.outside.push(Outside { column, above });
                }
            }
        }
        self.outside.sort_by_key(|at| (at.column, at.above));
        self.outside.dedup();
    }
}

impl<'a> Shown<'a> {
    /// What counts, and what smoothing makes of it.
    fn cells(&self) -> impl Iterator<Item = &'a Cell> + Clone + use<'a> {
        let smooth = self.reduced.smooth.as_deref().unwrap_or_default();
        self.reduced.live.iter().chain(smooth)
    }
}

/// Whether values still have enough of the height of wider bounds.
fn is_clear(scale: Scale, live: (f64, f64), wide: (f64, f64)) -> bool {
    let places = Places::new(scale, Bounds::exact(wide.0, wide.1));
    let height = places.share(live.1).zip(places.share(live.0));
    // Values that are all equal cannot be squeezed.
    live.0 >= live.1 || height.is_some_and(|(hi, lo)| hi - lo >= LEAST_HEIGHT)
}

/// From the lowest to the highest value that counts, of all rows.
fn whole(lines: &[Shown<'_>]) -> Option<(f64, f64)> {
    let ranges = lines.iter().filter_map(|shown| shown.line.range);
    ranges.reduce(|(lo, hi), (a, b)| (lo.min(a), hi.max(b)))
}

fn seen<'a>(cells: impl Iterator<Item = &'a Cell>) -> Option<(f64, f64)> {
    let ends = cells.map(|cell| (cell.low, cell.high));
    ends.reduce(|(lo, hi), (a, b)| (lo.min(a), hi.max(b)))
}

fn scale<'a>(scaling: Scaling, seen: (f64, f64), cells: impl Iterator<Item = &'a Cell>) -> Scale {
    match scaling {
        Scaling::Linear => Scale::Linear,
        Scaling::Log => Scale::Log,
        Scaling::SymLog => {
            let sizes = cells.flat_map(|cell| [cell.low, cell.mean, cell.high]);
            let sizes = sizes.chain([seen.0, seen.1]).map(f64::abs);
            let least = sizes.filter(|size| *size > 0.0).reduce(f64::min);
            let largest = seen.0.abs().max(seen.1.abs());
            Scale::symlog_for(
                least.unwrap_or(1.0),
                if largest > 0.0 { largest } else { 1.0 },
            )
        }
    }
}

/// About the smallest value that has a place on a logarithmic axis.
fn smallest_positive<'a>(seen: (f64, f64), cells: impl Iterator<Item = &'a Cell>) -> f64 {
    if seen.0 > 0.0 {
        return seen.0;
    }
    let ends = cells.flat_map(|cell| [cell.low, cell.mean, cell.high]);
    let least = ends.filter(|value| *value > 0.0).reduce(f64::min);
    least.unwrap_or(seen.1.max(1.0) / 10.0)
}

/// Bounds that leave the outermost pieces outside, at round numbers; nothing when there are too few.
fn percentiles<'a>(
    scale: Scale,
    cells: &(impl Iterator<Item = &'a Cell> + Clone),
) -> Option<(f64, f64)> {
    let placed = |value: &f64| scale != Scale::Log || *value > 0.0;
    let sorted = |get: fn(&Cell) -> f64| {
        let mut values: Vec<f64> = cells.clone().map(get).filter(placed).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let (lows, highs) = (sorted(|cell| cell.low), sorted(|cell| cell.high));
    if lows.len() < FEW || highs.len() < FEW {
        return None;
    }
    let left_out = |count: usize| (count as f64 * LEFT_OUT).ceil() as usize;
    let lo = lows[left_out(lows.len())];
    let hi = highs[highs.len() - 1 - left_out(highs.len())];
    if scale != Scale::Linear || hi <= lo {
        return (lo < hi).then_some((lo, hi));
    }
    let unit = 10_f64.powf((hi / 2.0 - lo / 2.0).log10().floor() - 1.0) * 2.0;
    let (low, high) = ((lo / unit).floor() * unit, (hi / unit).ceil() * unit);
    let round = low.is_finite() && high.is_finite() && low < high;
    Some(if round { (low, high) } else { (lo, hi) })
}

#[cfg(test)]
mod tests;
