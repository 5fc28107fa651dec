//! One chart: title, notes, legend, axes, and the lines between them.

use super::Sheet;
use super::legend;
use super::lines::{self, Plot};
use super::marks;
use super::pen::{Anchor, BAD, Color, GRID, Pen, QUIET, Stroke, WARNING, Words};
use crate::figure::{Changed, Figure, Gravity};
use crate::insight::axis::XAxis;
use crate::widgets::Safe;
use crate::widgets::axis::Axis;
use crate::widgets::text::safe;

/// Lines of text are so far apart.
const LINE: f64 = 16.0;
/// Below the plot: labels, and what the axis counts.
const BELOW: f64 = 36.0;
/// A plot is at least so high and wide, whatever stands around it.
const LEAST: f64 = 60.0;
/// The names at the ends of lines take at most this share of a chart.
const NAMES: f64 = 0.22;
/// Between two notes.
const NOTES_APART: f64 = 14.0;
/// Changes of parameters that are told.
const CHANGES: usize = 6;
/// Lines may reach so far over the frame.
const EDGE: f64 = 2.0;
/// Lines and cells of axes in pixels.
const CELL: f64 = 6.2;
const ROW: f64 = 13.0;

pub(super) fn draw(
    pen: &mut Pen,
    figure: &Figure,
    at: usize,
    corner: (f64, f64),
    sheet: &Sheet<'_>,
) {
    let (width, height) = (f64::from(sheet.width), f64::from(sheet.height));
    pen.begin();
    let title = Safe::new(&figure.title);
    pen.name(&title);
    let head = head(pen, figure, &title, corner, width);
    let high = (height - head - BELOW).max(LEAST);
    let y = figure.y_axis((high / ROW) as u16);
    let labels = y
        .ticks
        .iter()
        .map(|tick| Words::default().width(&tick.label));
    let left = labels.fold(0.0, f64::max).max(24.0) + 8.0;
    let right = marks::room(figure, width - left, width * NAMES).max(8.0);
    let wide = (width - left - right).max(LEAST);
    let plot = Plot::new(
        (corner.0 + left, corner.1 + head),
        (wide, high),
        figure.columns,
        &y,
    );
    let x = figure.x_axis((wide / CELL) as u16, sheet.zone);
    axes(pen, &plot, &x, &y, unit(figure.axis));
    // A line along the edge is as thick as any other.
    let corner = (plot.left - EDGE, plot.top - EDGE);
    pen.begin_clipped(
        at,
        corner,
        (plot.width + 2.0 * EDGE, plot.height + 2.0 * EDGE),
    );
    for curve in &figure.curves {
        lines::behind(pen, &plot, curve);
    }
    for curve in &figure.curves {
        lines::line(pen, &plot, curve);
    }
    pen.end();
    if let Some(flag) = &figure.best {
        marks::best(pen, &plot, flag);
    }
    pen.frame((plot.left, plot.top), (plot.width, plot.height));
    marks::at_edges(pen, &plot, figure);
    marks::names(pen, &plot, figure, corner.0 + width);
    if let Some(words) = &figure.nothing {
        let middle = (plot.left + plot.width / 2.0, plot.top + plot.height / 2.0);
        let words = (
            Safe::new(words),
            Words {
                color: BAD,
                size: 13.0,
                ..Words::default()
            },
        );
        pen.text(middle, &words.0, &words.1, Anchor::Middle);
    }
    pen.end();
}

/// Title, best point, notes and legend; returns how high they are.
fn head(pen: &mut Pen, figure: &Figure, title: &Safe, corner: (f64, f64), width: f64) -> f64 {
    let (left, mut y) = (corner.0, corner.1 + 13.0);
    let bold = Words {
        size: 14.0,
        bold: true,
        ..Words::default()
    };
    let best = figure
        .best
        .as_ref()
        .map(|flag| (Safe::new(&flag.told), Color::of(&flag.hue)));
    let quiet = Words {
        color: QUIET,
        ..Words::default()
    };
    let best_width = best
        .as_ref()
        .map_or(0.0, |(told, _)| quiet.width(told) + 12.0);
    pen.text(
        (left, y),
        &bold.fit(title, width - best_width),
        &bold,
        Anchor::Start,
    );
    if let Some((told, color)) = best {
        let words = Words { color, ..quiet };
        pen.text(
            (left + width, y),
            &words.fit(&told, width / 2.0),
            &words,
            Anchor::End,
        );
    }
    y += LINE;
    let (rows, left_out) = legend::rows(figure, width);
    for row in &rows {
        for (x, entry) in row {
            let x = left + x;
            marks::sample(pen, (x, y - 4.0), entry);
            let name = Words {
                color: entry.color,
                ..Words::default()
            };
            pen.text((x + legend::TEXT_AT, y), &entry.text, &name, Anchor::Start);
            let value = Words {
                color: entry.value_color,
                bold: true,
                ..Words::default()
            };
            pen.text(
                (x + entry.value_at(), y),
                &entry.value,
                &value,
                Anchor::Start,
            );
        }
        y += LINE;
    }
    if left_out > 0 {
        pen.text(
            (left, y),
            &safe!("and {left_out} more lines"),
            &quiet,
            Anchor::Start,
        );
        y += LINE;
    }
    let mut x = 0.0;
    for (note, color) in notes(figure) {
        let words = Words {
            color,
            ..Words::default()
        };
        let text = words.fit(&note, width);
        let needed = words.width(&text);
        if x > 0.0 && x + needed > width {
            (x, y) = (0.0, y + LINE);
        }
        pen.text((left + x, y), &text, &words, Anchor::Start);
        x += needed + NOTES_APART;
    }
    if x > 0.0 {
        y += LINE;
    }
    y - corner.1 - 6.0
}

/// What must be said, the worst first, and in which colour.
fn notes(figure: &Figure) -> Vec<(Safe, Color)> {
    let kinds = [
        (Gravity::Broken, BAD),
        (Gravity::Hidden, WARNING),
        (Gravity::Setting, QUIET),
    ];
    let of_kind = |(gravity, color): (Gravity, Color)| {
        let notes = figure
            .notes
            .iter()
            .filter(move |note| note.grave == gravity);
        notes.map(move |note| (Safe::new(&note.words), color))
    };
    let mut all: Vec<(Safe, Color)> = kinds.into_iter().flat_map(of_kind).collect();
    all.extend(changes(figure).map(|words| (words, QUIET)));
    if figure.smoothing > 0.0 {
        all.push((safe!("smooth {}", figure.smoothing), QUIET));
    }
    all
}

/// What the marks on the x axis stand for, from left to right: the first ones, and how many more.
fn changes(figure: &Figure) -> impl Iterator<Item = Safe> {
    let parameters = figure
        .changes
        .iter()
        .filter(|change| change.what == Changed::Parameters);
    let words: Vec<&String> = parameters
        .clone()
        .flat_map(|change| &change.words)
        .collect();
    let others: u64 = parameters.map(|change| change.others).sum();
    let rest = others + words.len().saturating_sub(CHANGES) as u64;
    let told: Vec<Safe> = words
        .into_iter()
        .take(CHANGES)
        .map(|words| safe!("◆ {words}"))
        .collect();
    let more = (rest > 0).then(|| safe!("and {rest} more changes"));
    told.into_iter().chain(more)
}

/// What the x axis counts.
const fn unit(axis: XAxis) -> &'static str {
    match axis {
        XAxis::Epoch | XAxis::Step | XAxis::Row => axis.name(),
        XAxis::Time => "time since the first row",
        XAxis::Clock => "time of day",
    }
}

/// The grid with its labels.
fn axes(pen: &mut Pen, plot: &Plot, x: &Axis, y: &Axis, unit: &'static str) {
    let (grid, words) = (
        Stroke::new(GRID, 1.0),
        Words {
            color: QUIET,
            ..Words::default()
        },
    );
    for tick in &y.ticks {
        let Some(at) = plot.y(tick.value) else {
            continue;
        };
        pen.line((plot.left, at), (plot.right(), at), &grid);
        pen.text(
            (plot.left - 6.0, at + 4.0),
            &tick.label,
            &words,
            Anchor::End,
        );
    }
    for tick in &x.ticks {
        let Some(share) = x.scale.share(tick.value, x.bounds) else {
            continue;
        };
        let at = plot.left + share * plot.width;
        pen.line((at, plot.top), (at, plot.bottom()), &grid);
        pen.text(
            (at, plot.bottom() + 15.0),
            &tick.label,
            &words,
            Anchor::Middle,
        );
    }
    let middle = plot.left + plot.width / 2.0;
    pen.text(
        (middle, plot.bottom() + 30.0),
        &Safe::fixed(unit),
        &words,
        Anchor::Middle,
    );
}
