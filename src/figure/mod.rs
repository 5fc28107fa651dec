//! What a chart shows, worked out before it is known what it is drawn with: cells or a picture.
//!
//! A figure is a chart of one run, or of several laid over each other, reduced to as many columns as
//! there are to draw in. It holds text from files as it is: who draws it makes it safe.

mod axes;
mod build;
mod changes;
mod count;
mod crowd;
mod edges;
mod extent;
mod groups;
mod memory;
mod names;
mod notes;
mod plan;
mod reduce;
mod ruler;
mod settings;
mod smooth;
mod strokes;
mod trace;

use crate::insight::axis::XAxis;
use crate::insight::metric::Split;
use crate::insight::overview::Overview;
use crate::store::Run;
use crate::widgets::axis::{Bounds, Scale};
use crate::widgets::plot::Span;

pub use build::Plan;
pub use changes::{Change, Changed};
pub use groups::Crowd;
pub use memory::Memory;
pub use names::place_text;
pub use plan::{figures, x_axis, x_bounds, x_range};
pub use ruler::{InSight, Ruler, converted};
pub use settings::{Scaling, Settings};

/// A run whose charts are drawn. The first of several is the one that is shown, and says which
/// charts there are; the others are laid over it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub run: &'a Run,
    pub overview: &'a Overview,
    /// The letter and the colour of a run that is marked.
    pub letter: Option<char>,
    pub hue: u8,
    /// The group that the run is drawn with as one line. The runs of a group follow each other, and
    /// have one letter.
    pub group: Option<Grouped<'a>>,
}

/// A group of runs that are drawn as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grouped<'a> {
    pub title: &'a str,
    /// How many runs it has, those among them of which nothing is drawn.
    pub count: usize,
}

/// A chart that is ready to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub title: String,
    /// The spelling under which the same quantity is found in every run.
    pub quantity: String,
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
    /// Where values are that lie beyond `y`.
    pub outside: Vec<Outside>,
    /// Where parameters changed, and where a restart went back to: from left to right.
    pub changes: Vec<Change>,
    /// Of how many runs the lines of groups are.
    pub groups: Vec<Crowd>,
    /// Where the cursor is.
    pub cursor: Option<u32>,
    /// The weight of what was before in the lines; 0 where they are not smoothed.
    pub smoothing: f64,
    /// What is switched on, and what is not shown: `log`, `clipped`, `NaN ×4 from step 1203`.
    pub notes: Vec<Note>,
    /// There is no number in the window: `only NaN`.
    pub nothing: Option<String>,
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// `val`, `B val`: nothing when there is no other line.
    pub name: Option<String>,
    /// The run that it is of, where there are several; of a group its title and how many it has.
    pub run: Option<String>,
    pub hue: Tone,
    pub split: Option<Split>,
    /// Dots instead of a line: it must be told from another one of the same colour.
    pub dotted: bool,
    /// The line: the mean, or the smoothed value, in every column; of few values all of them.
    pub line: Vec<Point>,
    /// From the lowest to the highest value, where a column has several.
    pub band: Vec<Span>,
    /// The values behind a smoothed line.
    pub raw: Vec<Span>,
    /// What a restart superseded.
    pub superseded: Vec<Span>,
    /// The newest value as people read it; nothing when there is none.
    pub last: String,
    /// It is no finite number.
    pub last_is_bad: bool,
    /// What is at the cursor, while there is one.
    pub here: Option<Here>,
}

/// What a line has at the cursor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Here {
    NoPoint,
    /// Its row is not in memory yet.
    Awaited,
    /// Exactly the number of the file, and what smoothing makes of it.
    Value(f64, Option<f64>),
    /// What is drawn of a group in the column: its mean, and from the lowest to the highest run.
    Among {
        mean: f64,
        low: f64,
        high: f64,
    },
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
    /// That of the run that is shown, and not marked, among those that are.
    Shown,
}

/// Where a line is in one column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub column: u32,
    pub value: f64,
    /// Whether a stroke leads here from the point before.
    pub joined: bool,
}

/// The best point.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    /// Nothing when it is not in the window.
    pub column: Option<u32>,
    pub value: f64,
    /// What stands beside it: `best 31`.
    pub words: String,
    /// For a title: `best 0.112 @31`.
    pub told: String,
    pub hue: Tone,
}

/// A value that is no finite number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bad {
    pub column: u32,
    /// `+1` for infinity, `-1` for minus infinity, 0 for NaN.
    pub sign: i8,
}

/// Values that lie beyond the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outside {
    pub column: u32,
    pub above: bool,
}

/// Something that must be said about a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub words: String,
    /// The same where there is little room.
    pub short: String,
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
