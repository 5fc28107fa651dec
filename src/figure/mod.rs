//! What a chart shows, worked out before it is known what it is drawn with: cells or a picture.
//!
//! A figure is a chart of one run, or of several laid over each other, reduced to as many columns as
//! there are to draw in. It holds text from files as it is: who draws it makes it safe.

use crate::insight::axis::XAxis;
use crate::insight::metric::Split;
use crate::widgets::axis::{Bounds, Scale};
use crate::widgets::plot::Span;

/// A chart that is ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub title: String,
    pub axis: XAxis,
    /// In what `axis` counts; of the time of day in seconds since 1970.
    pub x: Bounds,
    /// The values that must be seen; who draws it makes an axis of them that suits its size.
    pub y: (f64, f64),
    /// Nothing beyond these values is drawn, and the axis ends there exactly.
    pub limited: bool,
    pub scale: Scale,
    /// How many columns there are: those of all spans count from 0 at the left.
    pub columns: u32,
    /// The least important first.
    pub curves: Vec<Curve>,
    pub best: Option<Flag>,
    /// Where values are that are no finite numbers.
    pub bad: Vec<Bad>,
    /// What is switched on, and what is not shown: `log`, `smooth 0.9`, `NaN ×4 from step 1203`.
    pub notes: Vec<Note>,
    /// There is no number at all: `only NaN`.
    pub nothing: Option<String>,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// `val`, `B val`: nothing when there is no other line.
    pub name: Option<String>,
    pub hue: Tone,
    pub split: Option<Split>,
    /// Dots instead of a line: it must be told from another one of the same colour.
    pub dotted: bool,
    /// The line: the mean, or the smoothed value, in every column.
    pub line: Vec<Point>,
    /// From the lowest to the highest value, where a column has several.
    pub band: Vec<Span>,
    /// The values behind a smoothed line.
    pub raw: Vec<Span>,
    /// What a restart superseded.
    pub superseded: Vec<Span>,
    /// The newest value as people read it.
    pub last: String,
}

/// Whose colour a line has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tone {
    Train,
    Val,
    Test,
    Named(String),
    /// A marked run's, by its number.
    Run(u8),
}

/// Where a line is in one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub column: u32,
    pub value: f64,
    /// Whether a stroke leads here from the point before.
    pub joined: bool,
}

/// A place along the x axis with words: `best 31`.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    pub column: u32,
    pub words: String,
    pub hue: Tone,
}

/// A value that is no finite number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bad {
    pub column: u32,
    /// `+1` for infinity, `-1` for minus infinity, 0 for NaN.
    pub sign: i8,
}

/// Something that must be said about a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub words: String,
    pub grave: Gravity,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gravity {
    /// What the user switched on.
    Setting,
    /// Something is not shown.
    Hidden,
    /// The data are broken here.
    Broken,
}
