//! Figures → one picture for a report: charts side by side, in SVG without scripts, fonts or links.
//!
//! The same figures give the same bytes, always. Colours are those of the light theme.

mod chart;
mod legend;
mod lines;
mod marks;
mod pen;
#[cfg(test)]
mod tests;

use self::pen::{Anchor, Pen, Words};
use crate::figure::Figure;
use crate::insight::clock::Zone;
use crate::widgets::Safe;

/// How charts lie on the picture.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// What all of them are of: the name of the run.
    pub title: Option<&'a str>,
    /// The size of one chart.
    pub width: u32,
    pub height: u32,
    /// How many stand side by side; as many as suit when nothing is said.
    pub abreast: Option<u32>,
    /// In which times of day are told.
    pub zone: &'a Zone,
}

/// Figures should have so many columns for a picture of the usual size.
pub const COLUMNS: u32 = 1000;

/// Around the picture, and between its charts.
const MARGIN: f64 = 16.0;
const GAP: f64 = 20.0;
/// The height of the title.
const TITLE: f64 = 26.0;

impl<'a> Sheet<'a> {
    /// The usual size.
    pub fn new(title: Option<&'a str>, zone: &'a Zone) -> Self {
        Self {
            title,
            width: 560,
            height: 320,
            abreast: None,
            zone,
        }
    }
}

/// Draws all figures on one picture.
pub fn svg(figures: &[Figure], sheet: &Sheet<'_>) -> String {
    let count = figures.len().max(1);
    let abreast = sheet
        .abreast
        .map_or_else(|| abreast(count), |n| n.max(1) as usize)
        .min(count);
    let down = count.div_ceil(abreast);
    let (wide, high) = (f64::from(sheet.width), f64::from(sheet.height));
    let top = if sheet.title.is_some() {
        MARGIN + TITLE
    } else {
        MARGIN
    };
    let size = |each: f64, count: usize| each * count as f64 + GAP * (count - 1) as f64 + MARGIN;
    let mut pen = Pen::new(MARGIN + size(wide, abreast), top + size(high, down));
    if let Some(title) = sheet.title {
        let title = Safe::new(title);
        pen.name(&title);
        let room = MARGIN + size(wide, abreast) - 2.0 * MARGIN;
        let words = Words {
            size: 16.0,
            bold: true,
            ..Words::default()
        };
        pen.text(
            (MARGIN, MARGIN + 14.0),
            &words.fit(&title, room),
            &words,
            Anchor::Start,
        );
    }
    for (at, figure) in figures.iter().enumerate() {
        let (row, column) = ((at / abreast) as f64, (at % abreast) as f64);
        let corner = (MARGIN + column * (wide + GAP), top + row * (high + GAP));
        chart::draw(&mut pen, figure, at, corner, sheet);
    }
    pen.finish()
}

/// As many side by side as suit a page.
fn abreast(count: usize) -> usize {
    match count {
        0..=1 => 1,
        2..=8 => 2,
        _ => 3,
    }
}
