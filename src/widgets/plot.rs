//! Lines of dots in cells: several layers, one vertical span for each column of dots.
//!
//! A line of any length is reduced to its spans before it comes here, so that a plot costs as much
//! as it has cells. Ours instead of a library's, because a value that is no number must not become a
//! spike, and a faint line must not take the colour of a strong one.

mod canvas;
mod dots;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::Safe;
use super::axis::{Bounds, Places, Scale};
use super::paint::{put, put_char};
use canvas::Canvas;
pub use dots::Dots;

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
    /// A line that never takes a cell from a strong one.
    Faint,
    /// The area between low and high, lightly filled; it gives way to every line.
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

/// A dashed vertical line with words beside its top.
#[derive(Clone, Debug)]
pub struct Marker {
    pub column: u32,
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

/// A plot of what has been reduced to the columns of its area.
#[derive(Clone, Debug)]
pub struct Plot {
    pub dots: Dots,
    pub bounds: Bounds,
    pub scale: Scale,
    pub layers: Vec<Layer>,
    pub markers: Vec<Marker>,
    pub marks: Vec<Mark>,
}

/// Lines tried above and below the end of a line to find room for its name.
const AROUND: u16 = 4;

impl Plot {
    /// Draws into `area`. Marks at the lower edge stand in the line below it when `frame` is set.
    pub fn draw(&self, area: Rect, frame: bool, buf: &mut Buffer) {
        let area = area.intersection(buf.area);
        if area.is_empty() {
            return;
        }
        let mut canvas = Canvas::new(self.dots, area.width, area.height);
        let places = Places::new(self.scale, self.bounds);
        for (at, layer) in self.layers.iter().enumerate() {
            canvas.layer(at, layer.look, &layer.spans, |value| places.share(value));
        }
        let mut taken = Vec::new();
        canvas.each(|x, y, symbol, layer| {
            let style = self
                .layers
                .get(layer)
                .map_or(Style::new(), |layer| layer.style);
            put_char(buf, area.x + x, area.y + y, symbol, style);
        });
        self.marks(area, frame, &mut taken, buf);
        for marker in &self.markers {
            self.marker(marker, &canvas, area, &mut taken, buf);
        }
        for layer in self.layers.iter().rev() {
            self.name(layer, &canvas, area, &mut taken, buf);
        }
    }

    fn marks(&self, area: Rect, frame: bool, taken: &mut Vec<Rect>, buf: &mut Buffer) {
        for mark in &self.marks {
            let x = self.cell(mark.column).min(area.width - 1);
            let y = match (mark.top, frame) {
                (true, _) => 0,
                (false, true) => area.height,
                (false, false) => area.height - 1,
            };
            if area.y + y < buf.area.bottom() {
                put_char(buf, area.x + x, area.y + y, mark.symbol, mark.style);
                taken.push(Rect::new(x, y, 1, 1));
            }
        }
    }

    fn cell(&self, column: u32) -> u16 {
        u16::try_from(column / u32::from(self.dots.across())).unwrap_or(u16::MAX)
    }

    fn marker(
        &self,
        marker: &Marker,
        canvas: &Canvas,
        area: Rect,
        taken: &mut Vec<Rect>,
        buf: &mut Buffer,
    ) {
        let x = self.cell(marker.column);
        if x >= area.width {
            return;
        }
        let free = |y: &u16| canvas.is_free(x, *y, 1) && !is_taken(taken, Rect::new(x, *y, 1, 1));
        for y in (0..area.height).filter(free) {
            put_char(buf, area.x + x, area.y + y, '┊', marker.line);
        }
        let width = marker.label.width() as u16;
        let beside = [Some(x + 2), x.checked_sub(width + 1)];
        let rows = 0..area.height.min(2);
        let places = rows
            .clone()
            .chain(rows.rev().map(|row| area.height - 1 - row));
        let places = places.flat_map(|y| beside.map(|x| x.map(|x| (x, y))));
        for (x, y) in places.flatten() {
            if place(
                &marker.label,
                marker.words,
                (x, y),
                canvas,
                area,
                taken,
                buf,
            ) {
                return;
            }
        }
    }

    /// Writes the name of a line behind its end, else above or below it.
    fn name(
        &self,
        layer: &Layer,
        canvas: &Canvas,
        area: Rect,
        taken: &mut Vec<Rect>,
        buf: &mut Buffer,
    ) {
        let (Some(name), Some(last)) = (&layer.name, layer.spans.last()) else {
            return;
        };
        let share = |value| self.scale.share(value, self.bounds);
        let Some(share) = share(last.high).or_else(|| share(last.low)) else {
            return;
        };
        let row = (1.0 - share.clamp(0.0, 1.0)) * f64::from(area.height - 1);
        let (row, width) = (row.round() as u16, name.width() as u16);
        let behind = self.cell(last.column) + 2;
        let column = behind.min(area.width.saturating_sub(width));
        let near = |away: u16| [row.checked_sub(away), row.checked_add(away)];
        let rows = (0..=AROUND).flat_map(near).flatten();
        for y in rows.filter(|y| *y < area.height) {
            if place(name, layer.style, (column, y), canvas, area, taken, buf) {
                return;
            }
        }
    }
}

/// Writes words where nothing is drawn; false when there is something.
fn place(
    words: &Safe,
    style: Style,
    (x, y): (u16, u16),
    canvas: &Canvas,
    area: Rect,
    taken: &mut Vec<Rect>,
    buf: &mut Buffer,
) -> bool {
    let width = words.width() as u16;
    let spot = Rect::new(x, y, width, 1);
    let fits = width > 0 && x.saturating_add(width) <= area.width && y < area.height;
    // Words that touch a line are hard to tell from it.
    let from = x.saturating_sub(1);
    let until = (x.saturating_add(width) + 1).min(area.width);
    if !fits || !canvas.is_free(from, y, until - from) || is_taken(taken, spot) {
        return false;
    }
    put(buf, area.x + x, area.y + y, width, words, style);
    // A blank on each side keeps names apart.
    taken.push(Rect::new(x.saturating_sub(1), y, width + 2, 1));
    true
}

fn is_taken(taken: &[Rect], spot: Rect) -> bool {
    taken.iter().any(|held| held.intersects(spot))
}

#[cfg(test)]
mod tests;
