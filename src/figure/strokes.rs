//! Cells → the strokes of a line, and what stands behind it.

use super::Point;
use super::reduce::Cell;
use crate::widgets::axis::Scale;
use crate::widgets::plot::Span;

/// One point in each column: a mean, or a smoothed value. Where no stroke leads to or from, the
/// mean is nowhere near a value: the lowest and the highest are seen instead.
pub(super) fn means(cells: &[Cell]) -> Vec<Point> {
    let mut points = Vec::with_capacity(cells.len());
    for (at, cell) in cells.iter().enumerate() {
        if cell.low >= cell.high || !is_alone(cells, at) {
            points.push(cell.point());
            continue;
        }
        let ends = [cell.low, cell.high];
        points.extend(ends.map(|value| Point {
            value,
            ..cell.point()
        }));
    }
    points
}

/// Through the lowest and the highest value of each column, the nearer one first. Few values have
/// no mean: it would depend on which of them happen to share a column.
pub(super) fn through(cells: &[Cell], scale: Scale) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(cells.len() * 2);
    for (at, cell) in cells.iter().enumerate() {
        let before = points.last().map_or(cell.mean, |point| point.value);
        // Halves, because the distance of two numbers may be no finite one.
        let away = |value: f64| (value / 2.0 - before / 2.0).abs();
        let (first, second) = if away(cell.high) < away(cell.low) {
            (cell.high, cell.low)
        } else {
            (cell.low, cell.high)
        };
        let point = |value: f64, joined: bool| Point {
            column: cell.column,
            value,
            joined,
        };
        let placed = |value: f64| scale != Scale::Log || value > 0.0;
        match (placed(first), placed(second)) {
            (true, true) if first.to_bits() != second.to_bits() => {
                points.push(point(first, cell.joined));
                points.push(point(second, !is_alone(cells, at)));
            }
            (false, true) => points.push(point(second, cell.joined)),
            _ => points.push(point(first, cell.joined)),
        }
    }
    points
}

/// Whether no stroke leads to a cell or on from it.
fn is_alone(cells: &[Cell], at: usize) -> bool {
    let leads_on = cells.get(at + 1).is_some_and(|next| next.joined);
    !cells[at].joined && !leads_on
}

/// From the lowest to the highest value of each column; on a logarithmic axis nothing reaches down
/// to values that have no place there.
pub(super) fn spans(cells: &[Cell], scale: Scale) -> Vec<Span> {
    let span = |cell: &Cell| {
        let low = if scale == Scale::Log && cell.low <= 0.0 && cell.high > 0.0 {
            let mean = cell.mean;
            if mean > 0.0 { mean } else { cell.high }
        } else {
            cell.low
        };
        Span { low, ..cell.span() }
    };
    cells.iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(column: u32, low: f64, high: f64) -> Cell {
        Cell {
            column,
            low,
            high,
            mean: low / 2.0 + high / 2.0,
            rows: 2,
            joined: column > 0,
        }
    }

    fn told(points: &[Point]) -> Vec<(u32, f64, bool)> {
        let told = |point: &Point| (point.column, point.value, point.joined);
        points.iter().map(told).collect()
    }

    #[test]
    fn equal_dips_look_equal() {
        let cells = [cell(0, 1.0, 2.0), cell(1, 2.0, 2.0), cell(2, 1.0, 2.0)];
        let expected = [
            (0, 1.0, false),
            (0, 2.0, true),
            (1, 2.0, true),
            (2, 2.0, true),
            (2, 1.0, true),
        ];
        assert_eq!(told(&through(&cells, Scale::Linear)), expected);
    }

    #[test]
    fn nothing_reaches_down_to_what_has_no_place() {
        let cells = [cell(0, 0.0, 2.0), cell(1, -4.0, 2.0), cell(2, 1.0, 3.0)];
        let points = through(&cells, Scale::Log);
        let expected = [
            (0, 2.0, false),
            (1, 2.0, true),
            (2, 1.0, true),
            (2, 3.0, true),
        ];
        assert_eq!(told(&points), expected);
        let lows: Vec<f64> = spans(&cells, Scale::Log)
            .iter()
            .map(|span| span.low)
            .collect();
        assert_eq!(lows, [1.0, 2.0, 1.0]);
        let lows: Vec<f64> = spans(&cells, Scale::Linear)
            .iter()
            .map(|span| span.low)
            .collect();
        assert_eq!(lows, [0.0, -4.0, 1.0]);
    }

    #[test]
    fn what_stands_alone_is_seen_where_its_values_are() {
        let ends = [(0, 1.0, false), (0, 2.0, false)];
        assert_eq!(told(&means(&[cell(0, 1.0, 2.0)])), ends);
        assert_eq!(told(&through(&[cell(0, 1.0, 2.0)], Scale::Linear)), ends);
        let joined = [cell(0, 1.0, 2.0), cell(1, 1.0, 2.0)];
        assert_eq!(told(&means(&joined)), [(0, 1.5, false), (1, 1.5, true)]);
    }

    #[test]
    fn the_largest_numbers_are_joined_too() {
        let points = through(&[cell(0, -1.7e308, 1.7e308)], Scale::Linear);
        assert_eq!(points.len(), 2);
    }
}
