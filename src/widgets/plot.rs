//! Lines of dots in cells: several layers, one vertical span for each column of dots.
//!
//! A line of any length is reduced to its spans before it comes here, so that a plot costs as much
//! as it has cells. Ours instead of a library's, because a value that is no number must not become a
//! spike, and a faint line must not take the colour of a strong one.

mod canvas;
mod dots;
mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use self::canvas::Canvas;
pub use self::dots::Dots;
use self::words::Spots;
use super::Safe;
use super::axis::{Bounds, Places, Scale, row_of};
use super::paint::put_char;

/// What a line has in one column of dots.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Column of dots, from the left.
    pub column: u32,
    pub low: f64,
    pub high: f64,
    /// Whether a stroke leads here from the span before.
    pub joined: bool,
}

/// How a layer is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Line,
    /// A line with gaps, where colours do not tell lines apart.
    Dotted,
    /// A line that never takes a cell from a strong one.
    Faint,
    /// The area between low and high, lightly filled; what one column alone reaches is seen too. It
    /// gives way to every line.
    Band,
}

/// One line. Later layers are more important.
#[derive(Clone, Debug)]
pub struct Layer {
    pub spans: Vec<Span>,
    pub look: Look,
    pub style: Style,
    /// Stands where the line ends, if there is room.
    pub name: Option<Safe>,
}

/// A dashed vertical line with words beside its top, and a sign where its point is.
#[derive(Clone, Debug)]
pub struct Marker {
    pub column: u32,
    /// The value of the point.
    pub value: f64,
    pub label: Safe,
    pub line: Style,
    pub words: Style,
}

/// A sign at the edge of the plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    pub column: u32,
    pub symbol: char,
    pub top: bool,
    pub style: Style,
}

/// A thin vertical line: where somebody looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cursor {
    /// Column of dots, from the left.
    pub column: u32,
    pub style: Style,
}

/// A sign at the upper or lower edge: in this column there are values beyond it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outside {
    pub column: u32,
    pub above: bool,
    pub style: Style,
}

/// A plot of what has been reduced to the columns of its area.
#[derive(Clone, Debug)]
pub struct Plot {
    pub dots: Dots,
    pub bounds: Bounds,
    pub scale: Scale,
    pub layers: Vec<Layer>,
    pub markers: Vec<Marker>,
    pub marks: Vec<Mark>,
    pub outside: Vec<Outside>,
    pub cursor: Option<Cursor>,
}

impl Plot {
    /// Draws into `area`. Marks at the lower edge stand in the line below it where there is a frame;
    /// `frame` says in which cells of that its ticks are.
    pub fn draw(&self, area: Rect, frame: Option<&[u16]>, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let lines = self.layers.iter().filter(|layer| layer.look.is_strong());
        let mut canvas = Canvas::new(self.dots, area.width, area.height, lines.count());
        let places = Places::new(self.scale, self.bounds);
        for (at, layer) in self.layers.iter().enumerate() {
            canvas.layer(at, layer.look, &layer.spans, |value| places.share(value));
        }
        canvas.each(|x, y, symbol, layer| {
            let style = self
                .layers
                .get(layer)
                .map_or(Style::new(), |layer| layer.style);
            put_char(buf, area.x + x, area.y + y, symbol, style);
        });
        let mut spots = Spots::new(&canvas, area);
        self.lines_across(&spots, buf);
        self.edges(&mut spots, buf);
        self.points(places, &mut spots, buf);
        self.marks(frame, &mut spots, buf);
        for marker in &self.markers {
            self.label(marker, &mut spots, buf);
        }
        self.names(&mut spots, buf);
    }

    fn marks(&self, frame: Option<&[u16]>, spots: &mut Spots<'_>, buf: &mut Buffer) {
        let area = spots.area;
        let cell = |mark: &Mark| self.cell(mark.column).min(area.width - 1);
        for mark in &self.marks {
            let x = cell(mark);
            let (x, y) = match frame.filter(|_| !mark.top) {
                None if mark.top => (Some(x), 0),
                None => (Some(x), area.height - 1),
                Some(ticks) => {
                    let beside = |x: u16| {
                        let mut others = self.marks.iter().filter(|other| !other.top);
                        others.any(|other| cell(other).abs_diff(x) == 1)
                    };
                    (off_tick(x, ticks, area.width, beside), area.height)
                }
            };
            if let Some(x) = x.filter(|_| area.y + y < buf.area.bottom()) {
                put_char(buf, area.x + x, area.y + y, mark.symbol, mark.style);
                spots.take(Rect::new(x, y, 1, 1));
            }
        }
    }

    fn cell(&self, column: u32) -> u16 {
        u16::try_from(column / u32::from(self.dots.across())).unwrap_or(u16::MAX)
    }

    /// Draws the lines from the upper to the lower edge, behind everything that tells values: through
    /// a band the cursor is seen as its tint.
    fn lines_across(&self, spots: &Spots<'_>, buf: &mut Buffer) {
        let area = spots.area;
        let rows = |x: u16| (0..area.height).filter(move |y| spots.gives_way(x, *y));
        for marker in &self.markers {
            let x = self.cell(marker.column);
            for y in rows(x).filter(|y| spots.is_empty(x, *y)) {
                put_char(buf, area.x + x, area.y + y, '┊', marker.line);
            }
        }
        let Some(cursor) = self.cursor else { return };
        let x = self.cell(cursor.column);
        for y in rows(x) {
            let at = (area.x + x, area.y + y);
            if spots.is_empty(x, y) {
                put_char(buf, at.0, at.1, '│', cursor.style);
            } else if let Some(cell) = buf.cell_mut(at) {
                cell.set_style(cursor.style);
            }
        }
    }

    /// Draws the points that markers point at.
    fn points(&self, places: Places, spots: &mut Spots<'_>, buf: &mut Buffer) {
        let area = spots.area;
        for marker in &self.markers {
            let x = self.cell(marker.column);
            let share = places.share(marker.value);
            let share = share.filter(|share| (0.0..=1.0).contains(share) && x < area.width);
            let Some(share) = share else { continue };
            let y = row_of(share, u32::from(area.height)).clamp(0, i32::from(area.height) - 1);
            let y = y as u16;
            put_char(buf, area.x + x, area.y + y, '◆', marker.words);
            spots.take(Rect::new(x, y, 1, 1));
        }
    }

    /// Signs only where no line is; of a row of them one in a few cells is enough.
    fn edges(&self, spots: &mut Spots<'_>, buf: &mut Buffer) {
        let area = spots.area;
        for (above, symbol, y) in [(true, '▴', 0), (false, '▾', area.height - 1)] {
            let signs = self.outside.iter().filter(|sign| sign.above == above);
            let mut signs: Vec<(u16, Style)> = signs
                .map(|sign| (self.cell(sign.column), sign.style))
                .filter(|(x, _)| *x < area.width)
                .collect();
            signs.sort_by_key(|(x, _)| *x);
            // The cell of the sign before, and that of the newest one that was drawn.
            let (mut before, mut drawn) = (None::<u16>, None::<u16>);
            for (x, style) in signs {
                let follows = before.is_some_and(|before| x - before <= 1);
                let near = drawn.is_some_and(|drawn| x - drawn < SIGNS_APART);
                before = Some(x);
                if follows && near || !spots.gives_way(x, y) {
                    continue;
                }
                drawn = Some(x);
                put_char(buf, area.x + x, area.y + y, symbol, style);
                spots.take(Rect::new(x, y, 1, 1));
            }
        }
    }

    /// Writes what a marker stands for beside its top.
    fn label(&self, marker: &Marker, spots: &mut Spots<'_>, buf: &mut Buffer) {
        let (x, area) = (self.cell(marker.column), spots.area);
        if x >= area.width {
            return;
        }
        let width = marker.label.width() as u16;
        let beside = [Some(x + 2), x.checked_sub(width + 1)];
        let rows = 0..area.height.min(2);
        let places = rows
            .clone()
            .chain(rows.rev().map(|row| area.height - 1 - row));
        let places = places.flat_map(|y| beside.map(|x| x.map(|x| (x, y))));
        for at in places.flatten() {
            if spots.is_free(at, width) {
                spots.write(&marker.label, marker.words, at, buf);
                return;
            }
        }
    }
}

/// Signs that follow each other at an edge are so many cells apart.
const SIGNS_APART: u16 = 4;

/// Where a mark on a frame stands: ticks stay, and a mark that would be lost stands beside one.
fn off_tick(x: u16, ticks: &[u16], width: u16, beside: impl Fn(u16) -> bool) -> Option<u16> {
    if !ticks.contains(&x) {
        return Some(x);
    }
    if beside(x) {
        return None;
    }
    let right = Some(x + 1).filter(|x| *x < width);
    right.or_else(|| x.checked_sub(1))
}

#[cfg(test)]
mod tests;
