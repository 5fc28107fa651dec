//! Whose lines these are, with their newest values.

use super::pen::{BAD, Color, Words};
use crate::figure::{Curve, Figure};
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// One line of a legend.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) text: Safe,
    pub(super) value: Safe,
    pub(super) color: Color,
    pub(super) value_color: Color,
    pub(super) dotted: bool,
}

/// How long the piece of line beside a name is.
pub(super) const SAMPLE: f64 = 18.0;
/// Names are no wider than this.
const WIDEST: f64 = 220.0;
/// Between two entries, and between a sample, a name and a value.
const BETWEEN: f64 = 16.0;
const BESIDE: f64 = 6.0;
/// Where the name stands, from the left of the entry.
pub(super) const TEXT_AT: f64 = SAMPLE + BESIDE;
/// Legends have at most so many rows.
const ROWS: usize = 5;

/// What a line is called at its end: short, for the legend says the rest.
pub(super) fn end(curve: &Curve) -> Option<Safe> {
    let name = curve.name.as_deref().filter(|name| !name.is_empty())?;
    Some(Safe::new(name))
}

/// The entries of a figure in rows of a width, the most important first; how many are left out.
pub(super) fn rows(figure: &Figure, width: f64) -> (Vec<Vec<(f64, Entry)>>, usize) {
    let mut rows: Vec<Vec<(f64, Entry)>> = vec![Vec::new()];
    let (mut x, mut left_out) = (0.0, 0);
    for curve in ordered(figure) {
        let entry = Entry::of(curve);
        if entry.text.is_empty() && entry.value.is_empty() {
            continue;
        }
        let needed = entry.width();
        if x > 0.0 && x + needed > width {
            if rows.len() == ROWS {
                left_out += 1;
                continue;
            }
            rows.push(Vec::new());
            x = 0.0;
        }
        if left_out > 0 {
            left_out += 1;
            continue;
        }
        if let Some(row) = rows.last_mut() {
            row.push((x, entry));
        }
        x += needed + BETWEEN;
    }
    rows.retain(|row| !row.is_empty());
    (rows, left_out)
}

/// Runs by their letters; the training data before the others.
fn ordered(figure: &Figure) -> Vec<&Curve> {
    let mut curves: Vec<&Curve> = figure.curves.iter().collect();
    if curves.iter().any(|curve| curve.run.is_some()) {
        curves.sort_by(|a, b| a.name.cmp(&b.name));
    }
    curves
}

impl Entry {
    fn of(curve: &Curve) -> Self {
        let name = curve.name.as_deref().unwrap_or_default();
        let text = match (&curve.run, name.split_once(' ')) {
            (None, _) => Safe::new(name),
            (Some(run), _) if name.is_empty() => Safe::new(run),
            (Some(run), Some((letter, rest))) if letter.chars().count() == 1 => {
                safe!("{letter} {run} {rest}")
            }
            (Some(run), _) if name.chars().count() == 1 => safe!("{name} {run}"),
            (Some(run), _) => safe!("{run} {name}"),
        };
        let color = Color::of(&curve.hue);
        Self {
            text: Words::default().fit(&text, WIDEST),
            value: Safe::new(&curve.last),
            color,
            value_color: if curve.last_is_bad { BAD } else { color },
            dotted: curve.dotted,
        }
    }

    /// Where the value stands, from the left of the entry.
    pub(super) fn value_at(&self) -> f64 {
        let name = Words::default().width(&self.text);
        let gap = if self.text.is_empty() { 0.0 } else { BESIDE };
        TEXT_AT + name + gap
    }

    fn width(&self) -> f64 {
        let bold = Words {
            bold: true,
            ..Words::default()
        };
        self.value_at() + bold.width(&self.value)
    }
}
