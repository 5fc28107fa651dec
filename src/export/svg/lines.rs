//! Curves → paths: where columns and values lie on the picture.

use std::fmt::Write as _;

use super::pen::{At, Color, Pen, Stroke};
use crate::figure::{Curve, Point};
use crate::widgets::axis::{Axis, Places};
use crate::widgets::plot::Span;

/// The area that lines are drawn in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plot {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    columns: u32,
    places: Places,
}

/// How strong is what stands behind lines.
const BAND: f64 = 0.16;
const RAW: f64 = 0.35;
const SUPERSEDED: f64 = 0.45;
/// A line of up to so many points has a dot on each.
const FEW: usize = 40;

impl Plot {
    pub(super) fn new(corner: (f64, f64), size: (f64, f64), columns: u32, y: &Axis) -> Self {
        Self {
            left: corner.0,
            top: corner.1,
            width: size.0,
            height: size.1,
            columns: columns.max(1),
            places: Places::new(y.scale, y.bounds),
        }
    }

    pub(super) fn right(&self) -> f64 {
        self.left + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// The middle of a column.
    pub(super) fn x(&self, column: u32) -> f64 {
        let share = (f64::from(column) + 0.5) / f64::from(self.columns);
        self.left + share.min(1.0) * self.width
    }

    /// Where a value is, not far outside; nothing for one that has no place.
    pub(super) fn y(&self, value: f64) -> Option<f64> {
        let share = self.places.share(value)?.clamp(-1.0, 2.0);
        Some(self.bottom() - share * self.height)
    }
}

/// What stands behind all lines.
pub(super) fn behind(pen: &mut Pen, plot: &Plot, curve: &Curve) {
    let color = Color::of(&curve.hue);
    pen.area(&area(plot, &curve.band), color, BAND);
    let faint = |opacity: f64| Stroke {
        opacity,
        ..Stroke::new(color, 1.0)
    };
    let superseded = Stroke {
        dashes: Some("2 3"),
        ..faint(SUPERSEDED)
    };
    pen.path(&through(plot, &curve.superseded), &superseded);
    pen.path(&through(plot, &curve.raw), &faint(RAW));
}

pub(super) fn line(pen: &mut Pen, plot: &Plot, curve: &Curve) {
    let color = Color::of(&curve.hue);
    let dashes = curve.dotted.then_some("1.5 4");
    let stroke = Stroke {
        dashes,
        ..Stroke::new(color, 1.8)
    };
    pen.path(&strokes(plot, &curve.line), &stroke);
    pen.path(&dots(plot, &curve.line), &Stroke::new(color, 4.0));
}

fn strokes(plot: &Plot, points: &[Point]) -> String {
    let mut path = String::new();
    let mut open = false;
    for point in points {
        let Some(y) = plot.y(point.value) else {
            open = false;
            continue;
        };
        push(&mut path, open && point.joined, plot.x(point.column), y);
        open = true;
    }
    path
}

/// Points that no stroke leads to or from; all of them when they are few.
fn dots(plot: &Plot, points: &[Point]) -> String {
    let mut path = String::new();
    for (at, point) in points.iter().enumerate() {
        let follows = points.get(at + 1).is_some_and(|next| next.joined);
        if points.len() > FEW && (point.joined || follows) {
            continue;
        }
        if let Some(y) = plot.y(point.value) {
            let x = plot.x(point.column);
            push(&mut path, false, x, y);
            // A stroke of no length is a dot, because its ends are round.
            push(&mut path, true, x, y);
        }
    }
    path
}

/// A line from the lowest to the highest value of each column.
fn through(plot: &Plot, spans: &[Span]) -> String {
    let mut path = String::new();
    let mut last = None;
    for span in spans {
        let Some((low, high)) = ends(plot, span) else {
            last = None;
            continue;
        };
        let x = plot.x(span.column);
        // The nearer end first: strokes do not cross.
        let falls = last.is_some_and(|last: f64| (last - high).abs() < (last - low).abs());
        let (first, second) = if falls { (high, low) } else { (low, high) };
        push(&mut path, last.is_some() && span.joined, x, first);
        let dot = !span.joined && low == high;
        if dot || low != high {
            push(&mut path, true, x, second);
        }
        last = Some(second);
    }
    path
}

/// The area between the lowest and the highest values, one for each stretch without a gap.
fn area(plot: &Plot, spans: &[Span]) -> String {
    let mut path = String::new();
    let mut rest = spans;
    while let Some((_, behind)) = rest.split_first() {
        let joined = behind.iter().take_while(|span| span.joined).count();
        let (stretch, further) = rest.split_at(joined + 1);
        rest = further;
        let edges = stretch.iter().filter_map(|span| {
            let (low, high) = ends(plot, span)?;
            Some((plot.x(span.column), low, high))
        });
        let edges: Vec<(f64, f64, f64)> = edges.collect();
        if let [(x, low, high)] = edges[..] {
            let half = (plot.width / f64::from(plot.columns) / 2.0).max(0.5);
            let corners = [
                (x - half, high),
                (x + half, high),
                (x + half, low),
                (x - half, low),
            ];
            close(&mut path, corners.into_iter());
            continue;
        }
        let upper = edges.iter().map(|(x, _, high)| (*x, *high));
        let lower = edges.iter().rev().map(|(x, low, _)| (*x, *low));
        close(&mut path, upper.chain(lower));
    }
    path
}

fn close(path: &mut String, corners: impl Iterator<Item = (f64, f64)>) {
    let before = path.len();
    for (x, y) in corners {
        let open = path.len() > before;
        push(path, open, x, y);
    }
    if path.len() > before {
        path.push('Z');
    }
}

/// Where the lowest and the highest value are; what has no place is at the lower edge.
fn ends(plot: &Plot, span: &Span) -> Option<(f64, f64)> {
    let high = plot.y(span.high)?;
    Some((plot.y(span.low).unwrap_or(plot.bottom()), high))
}

fn push(path: &mut String, joined: bool, x: f64, y: f64) {
    let command = if joined { 'L' } else { 'M' };
    // Writing to memory cannot fail.
    let _ = write!(path, "{command}{} {}", At(x), At(y));
}
