//! What is told at the edges of a plot and over its lines: values that are no numbers or lie outside,
//! the best point, and the names at the ends of lines.

use super::legend::{self, Entry};
use super::lines::Plot;
use super::pen::{Anchor, At, BAD, Color, Pen, QUIET, Stroke, WARNING, Words};
use crate::figure::{Changed, Figure, Flag};
use crate::widgets::Safe;

/// Marks nearer than this to each other are one, with a bar to the last of them.
const NEAR: f64 = 7.0;
/// Names at the ends of lines stay so far away from the frame.
const INSIDE: f64 = 5.0;
/// So far they are moved at once to find room.
const STEP: f64 = 2.0;
/// Lines of names at the ends of lines are so far apart.
const APART: f64 = 12.0;

/// Triangles and crosses on the frame.
pub(super) fn at_edges(pen: &mut Pen, plot: &Plot, figure: &Figure) {
    let bad = |sign: i8| {
        let of_sign = move |bad: &&crate::figure::Bad| bad.sign.signum() == sign;
        figure
            .bad
            .iter()
            .filter(of_sign)
            .map(|bad| plot.x(bad.column))
            .collect::<Vec<f64>>()
    };
    let (top, bottom) = (plot.top, plot.bottom());
    let changed = |what: Changed| {
        let there = figure
            .changes
            .iter()
            .filter(move |change| change.what == what);
        there
            .map(|change| plot.x(change.column))
            .collect::<Vec<f64>>()
    };
    row(pen, &changed(Changed::Restart), bottom, QUIET, back);
    row(pen, &changed(Changed::Parameters), bottom, QUIET, diamond);
    row(pen, &bad(0), bottom, BAD, cross);
    row(pen, &bad(1), top, BAD, up);
    row(pen, &bad(-1), bottom, BAD, down);
    let outside = |above: bool| {
        let there = figure
            .outside
            .iter()
            .filter(move |outside| outside.above == above);
        there
            .map(|outside| plot.x(outside.column))
            .collect::<Vec<f64>>()
    };
    row(pen, &outside(true), top, WARNING, up);
    row(pen, &outside(false), bottom, WARNING, down);
}

/// A mark on the edge, and a bar on it as far as others follow at once.
fn row(pen: &mut Pen, places: &[f64], y: f64, color: Color, mark: fn(f64, f64) -> String) {
    let mut rest = places;
    while let Some((first, behind)) = rest.split_first() {
        let mut last = *first;
        let near = behind.iter().take_while(|x| {
            let near = **x - last <= NEAR;
            last = if near { **x } else { last };
            near
        });
        let count = near.count();
        rest = &behind[count..];
        pen.path(&mark(*first, y), &Stroke::new(color, 1.6));
        if last > *first {
            pen.line((*first, y), (last, y), &Stroke::new(color, 2.5));
        }
    }
}

fn cross(x: f64, y: f64) -> String {
    let (left, right, up, down) = (At(x - 3.0), At(x + 3.0), At(y - 3.0), At(y + 3.0));
    format!("M{left} {up}L{right} {down}M{left} {down}L{right} {up}")
}

fn up(x: f64, y: f64) -> String {
    let (left, right, down) = (At(x - 3.5), At(x + 3.5), At(y + 6.0));
    format!("M{left} {down}L{} {}L{right} {down}Z", At(x), At(y))
}

fn down(x: f64, y: f64) -> String {
    let (left, right, up) = (At(x - 3.5), At(x + 3.5), At(y - 6.0));
    format!("M{left} {up}L{} {}L{right} {up}Z", At(x), At(y))
}

/// An arrow to where a restart went back to.
fn back(x: f64, y: f64) -> String {
    let (right, up, down) = (At(x + 4.0), At(y - 4.0), At(y + 4.0));
    format!("M{right} {up}L{} {}L{right} {down}", At(x - 2.0), At(y))
}

fn diamond(x: f64, y: f64) -> String {
    let (left, right, up, down) = (At(x - 4.0), At(x + 4.0), At(y - 4.0), At(y + 4.0));
    let (x, y) = (At(x), At(y));
    format!("M{left} {y}L{x} {up}L{right} {y}L{x} {down}Z")
}

/// A dashed line through the best point, with words at its top.
pub(super) fn best(pen: &mut Pen, plot: &Plot, flag: &Flag) {
    let Some(column) = flag.column else { return };
    let (x, color) = (plot.x(column), Color::of(&flag.hue));
    let stroke = Stroke {
        dashes: Some("4 4"),
        opacity: 0.7,
        ..Stroke::new(color, 1.0)
    };
    pen.line((x, plot.top), (x, plot.bottom()), &stroke);
    let inside = |y: &f64| (plot.top..=plot.bottom()).contains(y);
    if let Some(y) = plot.y(flag.value).filter(inside) {
        pen.path(&diamond(x, y), &Stroke::new(color, 1.6));
    }
    let words = Words {
        color,
        halo: true,
        ..Words::default()
    };
    let text = Safe::new(&flag.words);
    let fits = x + 5.0 + words.width(&text) <= plot.right();
    let (x, anchor) = if fits {
        (x + 5.0, Anchor::Start)
    } else {
        (x - 5.0, Anchor::End)
    };
    pen.text((x, plot.top + 13.0), &text, &words, anchor);
}

/// The name of each line where it ends, none over another or beyond the edge of the chart.
pub(super) fn names(pen: &mut Pen, plot: &Plot, figure: &Figure, edge: f64) {
    let ends = figure.curves.iter().rev().filter_map(|curve| {
        let last = curve
            .line
            .iter()
            .rev()
            .find_map(|point| Some((point.column, plot.y(point.value)?)));
        let (column, y) = last?;
        let words = Words {
            color: Color::of(&curve.hue),
            halo: true,
            ..Words::default()
        };
        let y = y.clamp(plot.top + INSIDE, plot.bottom() - INSIDE);
        let name = legend::end(curve)?;
        let own = plot.x(column) + 6.0;
        let x = if is_crossed(plot, figure, (own, own + words.width(&name)), y) {
            plot.right() + 6.0
        } else {
            own
        };
        Some((x, y, words.fit(&name, edge - x), words))
    });
    // From the lowest up, so that names have the order of their lines.
    let mut ends: Vec<(f64, f64, Safe, Words)> = ends.collect();
    ends.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut placed: Vec<(f64, f64, f64)> = Vec::new();
    for (x, y, text, words) in ends {
        let right = x + words.width(&text);
        let free = |y: &f64| {
            let mut others = placed.iter();
            (plot.top + INSIDE..=plot.bottom() - INSIDE).contains(y)
                && !others
                    .any(|(from, to, other)| *from < right && x < *to && (other - y).abs() < APART)
        };
        let away = (0..64_u32).flat_map(|step| {
            let away = f64::from(step) * STEP;
            [y - away, y + away]
        });
        if let Some(y) = away.into_iter().find(free) {
            placed.push((x, right, y));
            pen.text((x, y + 4.0), &text, &words, Anchor::Start);
        }
    }
}

/// Whether a line passes where a name would stand.
fn is_crossed(plot: &Plot, figure: &Figure, (left, right): (f64, f64), y: f64) -> bool {
    let mut points = figure.curves.iter().flat_map(|curve| &curve.line);
    points.any(|point| {
        let within = (left..=right).contains(&plot.x(point.column));
        within && plot.y(point.value).is_some_and(|at| (at - y).abs() < APART)
    })
}

/// How much room the names at the ends of lines need beside a plot of about this width, at most so
/// much: lines that end early have room for theirs within it, unless another one goes on there.
pub(super) fn room(figure: &Figure, plot: f64, most: f64) -> f64 {
    let ends = || figure.curves.iter().filter_map(|curve| curve.line.last());
    let last = ends().map(|point| point.column).max().unwrap_or(0);
    let needed = figure.curves.iter().filter_map(|curve| {
        let end = curve.line.last()?.column;
        // The name of a line that others pass may have to stand beside the plot.
        let end = if end == last { end } else { figure.columns };
        let end = f64::from(end) / f64::from(figure.columns.max(1));
        let width = Words::default().width(&legend::end(curve)?) + 10.0;
        Some(width - (1.0 - end).max(0.0) * plot)
    });
    needed.fold(0.0, f64::max).min(most)
}

/// Dots of a legend are drawn as its lines are.
pub(super) fn sample(pen: &mut Pen, at: (f64, f64), entry: &Entry) {
    let stroke = Stroke {
        dashes: entry.dotted.then_some("1.5 4"),
        ..Stroke::new(entry.color, 2.2)
    };
    pen.line(at, (at.0 + legend::SAMPLE, at.1), &stroke);
}
