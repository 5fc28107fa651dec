//! Which values the y axis of a figure has to hold, and which lie outside of it.

use super::reduce::{Cell, Reduced};
use super::{Outside, Scaling};
use crate::insight::charts::Line;
use crate::widgets::axis::Scale;

/// The y axis of a figure.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Extent {
    pub(super) y: (f64, f64),
    pub(super) scale: Scale,
    pub(super) limited: bool,
    pub(super) outside: Vec<Outside>,
    /// How many values lie beyond the limits.
    pub(super) beyond: Hidden,
    /// How many have no place on a logarithmic axis.
    pub(super) not_positive: Hidden,
}

/// Values that are not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden {
    pub(super) count: u64,
    /// There may be more: only pieces of them were looked at.
    pub(super) at_least: bool,
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

impl Extent {
    /// Of lines as they are drawn.
    pub(super) fn of<'l>(lines: &[(&Line, &'l Reduced)], asked: Asked) -> Self {
        let smooth = |reduced: &'l Reduced| reduced.smooth.as_deref().unwrap_or_default();
        let of = |(_, reduced): &(&Line, &'l Reduced)| reduced.live.iter().chain(smooth(reduced));
        let cells = || lines.iter().flat_map(of);
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
            extent.not_positive = not_positive(lines);
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
            extent.find_outside(lines);
        }
        extent
    }

    fn find_outside(&mut self, lines: &[(&Line, &Reduced)]) {
        let (lo, hi) = self.y;
        for (_, reduced) in lines {
            for cell in &reduced.live {
                for (is_out, above) in [(cell.high > hi, true), (cell.low < lo, false)] {
                    let visible = above || self.scale != Scale::Log || cell.low > 0.0;
                    if !is_out || !visible || cell.rows == 0 {
                        continue;
                    }
                    let column = cell.column;
                    self.outside.push(Outside { column, above });
                    let all = if above { cell.low > hi } else { cell.high < lo };
                    self.beyond.count += if all { cell.rows } else { 1 };
                    self.beyond.at_least |= !all && cell.rows > 1;
                }
            }
        }
        self.outside.sort_by_key(|at| (at.column, at.above));
        self.outside.dedup();
    }
}

/// From the lowest to the highest value that counts, of all rows.
fn whole(lines: &[(&Line, &Reduced)]) -> Option<(f64, f64)> {
    let ranges = lines.iter().filter_map(|(line, _)| line.range);
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

fn not_positive(lines: &[(&Line, &Reduced)]) -> Hidden {
    let mut hidden = Hidden::default();
    for cell in lines
        .iter()
        .filter(|(line, _)| !line.band)
        .flat_map(|(_, reduced)| &reduced.live)
    {
        if cell.low > 0.0 || cell.rows == 0 {
            continue;
        }
        let all = cell.high <= 0.0;
        hidden.count += if all { cell.rows } else { 1 };
        hidden.at_least |= !all && cell.rows > 2;
    }
    hidden
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
