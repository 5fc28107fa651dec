//! The dots of a plot and whose they are.

use super::dots::Dots;
use super::{Look, Span};
use crate::widgets::axis::row_of;

/// Cells of dots; each has the colour of the most important layer in it.
#[derive(Debug)]
pub(super) struct Canvas {
    dots: Dots,
    width: u16,
    height: u16,
    cells: Vec<Cell>,
    dashes: Dashes,
    /// Lines that meet in a cell are all drawn there, in the colour of the last.
    shared: bool,
}

/// How far along a dotted line its dots are counted.
#[derive(Clone, Copy, Debug, Default)]
struct Dashes {
    counted: u32,
    /// The dots of the newest column that are counted.
    column: u32,
    rows: Option<(u32, u32)>,
}

#[derive(Clone, Copy, Debug)]
struct Cell {
    bits: u8,
    layer: u16,
    look: Look,
}

/// A span on the canvas, in rows of dots from the top; they may lie outside of it.
#[derive(Clone, Copy, Debug)]
struct Stroke {
    column: u32,
    top: i32,
    bottom: i32,
}

/// Points that stand alone are small crosses while there are no more of them than this.
const FEW: usize = 8;

/// A line that stops where another one is near looks like a gap in the data. Only of many lines would
/// those that share cells be a blot.
const SHARED_MOST: usize = 3;

const EMPTY: Cell = Cell {
    bits: 0,
    layer: 0,
    look: Look::Band,
};

impl Canvas {
    pub(super) fn new(dots: Dots, width: u16, height: u16, lines: usize) -> Self {
        let cells = usize::from(width) * usize::from(height);
        Self {
            dots,
            width,
            height,
            cells: vec![EMPTY; cells],
            dashes: Dashes::default(),
            shared: lines <= SHARED_MOST,
        }
    }

    /// Draws a layer; `share` says where between the bounds a value is.
    pub(super) fn layer(
        &mut self,
        layer: usize,
        look: Look,
        spans: &[Span],
        share: impl Fn(f64) -> Option<f64>,
    ) {
        let rows = self.rows();
        let row = |value: f64| share(value).map(|share| row_of(share, rows));
        let pen = Pen { layer, look };
        self.dashes = Dashes::default();
        let mut before: Option<Stroke> = None;
        for (at, span) in spans.iter().enumerate() {
            // On a logarithmic axis the lower end of a span may have no place.
            let Some(top) = row(span.high) else {
                before = None;
                continue;
            };
            let same = span.low.to_bits() == span.high.to_bits();
            let stroke = Stroke {
                column: span.column,
                top,
                bottom: if same {
                    top
                } else {
                    row(span.low).unwrap_or(rows.cast_signed())
                },
            };
            let before_it = before.filter(|_| span.joined);
            if let Some(before) = before_it {
                if look == Look::Band {
                    self.fill_between(pen, before, stroke);
                } else {
                    self.connect(pen, before, stroke);
                }
            }
            let leads_on = spans.get(at + 1).is_some_and(|next| next.joined);
            if before_it.is_some() || leads_on {
                self.vertical(pen, stroke.column, stroke.top, stroke.bottom);
            } else {
                self.alone(pen, stroke, spans.len() <= FEW);
            }
            before = Some(stroke);
        }
    }

    /// What no stroke leads to or from: larger than a dot where there is little else to see.
    fn alone(&mut self, pen: Pen, stroke: Stroke, large: bool) {
        let pen = Pen {
            look: if pen.look == Look::Dotted {
                Look::Line
            } else {
                pen.look
            },
            ..pen
        };
        let is_dot = stroke.top == stroke.bottom;
        let wider = i32::from(large && is_dot && pen.look == Look::Line);
        let (top, bottom) = (stroke.top - wider, stroke.bottom + wider);
        self.vertical(pen, stroke.column, top, bottom);
        if wider > 0 {
            let beside = [stroke.column.checked_sub(1), Some(stroke.column + 1)];
            for column in beside.into_iter().flatten() {
                self.vertical(pen, column, stroke.top, stroke.bottom);
            }
        }
    }

    /// Calls back for every cell with dots.
    pub(super) fn each(&self, mut put: impl FnMut(u16, u16, char, usize)) {
        let rows = self.cells.chunks(usize::from(self.width).max(1));
        for (y, row) in (0..).zip(rows) {
            for (x, cell) in (0..).zip(row).filter(|(_, cell)| cell.bits != 0) {
                let symbol = if cell.look == Look::Band {
                    self.dots.light(cell.bits)
                } else {
                    self.dots.symbol(cell.bits)
                };
                put(x, y, symbol, usize::from(cell.layer));
            }
        }
    }

    /// Whether nothing but a band or a faint line is in a cell.
    pub(super) fn has_no_line(&self, x: u16, y: u16) -> bool {
        let cell = self.cell(x, y).map(|at| self.cells[at]);
        cell.is_some_and(|cell| cell.bits == 0 || !cell.look.is_strong())
    }

    /// Whether nothing at all is in some cells side by side.
    pub(super) fn is_empty(&self, x: u16, y: u16, width: u16) -> bool {
        let empty = |x: u16| self.cell(x, y).is_some_and(|at| self.cells[at].bits == 0);
        (x..x.saturating_add(width)).all(empty)
    }

    fn rows(&self) -> u32 {
        u32::from(self.height) * u32::from(self.dots.down())
    }

    fn columns(&self) -> u32 {
        u32::from(self.width) * u32::from(self.dots.across())
    }

    fn cell(&self, x: u16, y: u16) -> Option<usize> {
        let inside = x < self.width && y < self.height;
        inside.then(|| usize::from(y) * usize::from(self.width) + usize::from(x))
    }

    /// Leads a stroke from one span to the next: straight, from the nearer ends.
    fn connect(&mut self, pen: Pen, from: Stroke, to: Stroke) {
        let (start, end) = if to.top > from.bottom {
            (from.bottom, to.top)
        } else if to.bottom < from.top {
            (from.top, to.bottom)
        } else if to.column <= from.column + 1 {
            return;
        } else {
            let middle = i32::midpoint(from.top.max(to.top), from.bottom.min(to.bottom));
            (middle, middle)
        };
        if to.column <= from.column {
            self.vertical(pen, to.column, start.min(end), start.max(end));
            return;
        }
        if to.column == from.column + 1 {
            // Neighbours share the way, as almost all spans are neighbours.
            let middle = i32::midpoint(start, end);
            let (upper, lower) = if start < end { (from, to) } else { (to, from) };
            self.vertical(pen, upper.column, start.min(end), middle);
            self.vertical(pen, lower.column, middle + 1, start.max(end));
            return;
        }
        let (start, end) = (f64::from(start), f64::from(end));
        let columns = f64::from(to.column - from.column);
        let slope = (end - start) / columns;
        let last = to.column.min(self.columns().saturating_sub(1));
        for column in from.column..=last {
            let at = f64::from(column - from.column);
            let one = start + slope * (at - 0.5).max(0.0);
            let two = start + slope * (at + 0.5).min(columns);
            // The two halves of a step meet without drawing a row twice.
            let (top, bottom) = (one.min(two), one.max(two));
            if bottom - top > 1.0 {
                let top = rounded(top);
                self.vertical(pen, column, top, rounded(bottom - 1.0).max(top));
            } else {
                let middle = rounded(f64::midpoint(top, bottom));
                self.vertical(pen, column, middle, middle);
            }
        }
    }

    fn fill_between(&mut self, pen: Pen, from: Stroke, to: Stroke) {
        let last = to.column.min(self.columns());
        let columns = f64::from(to.column.saturating_sub(from.column).max(1));
        for column in from.column.saturating_add(1)..last {
            let part = f64::from(column - from.column) / columns;
            let between = |from: i32, to: i32| {
                rounded(f64::from(from) + (f64::from(to) - f64::from(from)) * part)
            };
            let (top, bottom) = (between(from.top, to.top), between(from.bottom, to.bottom));
            self.vertical(pen, column, top, bottom);
        }
    }

    /// Sets the dots of a column between two rows, cell by cell.
    fn vertical(&mut self, pen: Pen, column: u32, top: i32, bottom: i32) {
        let rows = self.rows().cast_signed();
        if column >= self.columns() || bottom < 0 || top >= rows {
            return;
        }
        let inside = |row: &i32| (0..rows).contains(row);
        let ends = [top, bottom];
        let (top, bottom) = (top.max(0) as u32, bottom.min(rows - 1) as u32);
        match pen.look {
            Look::Dotted => self.dotted(pen, column, top, bottom),
            Look::Line | Look::Faint => self.run(pen, column, top, bottom, u8::MAX),
            Look::Band => {
                self.run(pen, column, top, bottom, self.dots.sparse());
                // What one column alone reaches must be seen.
                for end in ends.iter().filter(|end| inside(end)) {
                    self.run(pen, column, *end as u32, *end as u32, u8::MAX);
                }
            }
        }
    }

    /// Sets the dots of a dotted line that are not in the gaps, counted along the line however steep
    /// it is. Each is counted once.
    fn dotted(&mut self, pen: Pen, column: u32, top: u32, bottom: u32) {
        let held = self.dashes.rows.filter(|_| self.dashes.column == column);
        let (first, last) = held.unwrap_or((top, bottom));
        for row in top..=bottom {
            if held.is_some() && (first..=last).contains(&row) {
                continue;
            }
            if self.dots.is_dot(self.dashes.counted) {
                self.run(pen, column, row, row, u8::MAX);
            }
            self.dashes.counted += 1;
        }
        self.dashes.column = column;
        self.dashes.rows = Some((first.min(top), last.max(bottom)));
    }

    /// Sets those of the dots between two rows on the canvas that are in the mask of a cell.
    fn run(&mut self, pen: Pen, column: u32, top: u32, bottom: u32, mask: u8) {
        let (across, down) = (u32::from(self.dots.across()), u32::from(self.dots.down()));
        let (x, within) = (column / across, column % across);
        let (first, last) = (top / down, bottom / down);
        let whole = self.dots.above(within, down) & mask;
        let above = !self.dots.above(within, top % down);
        let until = self.dots.above(within, bottom % down + 1);
        let width = usize::from(self.width);
        let [from, to] = [first, last].map(|y| y as usize * width + x as usize);
        if from == to {
            self.set(pen, from, whole & above & until);
            return;
        }
        self.set(pen, from, whole & above);
        for at in (from + width..to).step_by(width) {
            self.set(pen, at, whole);
        }
        self.set(pen, to, whole & until);
    }

    fn set(&mut self, pen: Pen, at: usize, bits: u8) {
        let Some(cell) = self.cells.get_mut(at).filter(|_| bits != 0) else {
            return;
        };
        let (held, strength) = (cell.look.strength(), pen.look.strength());
        if cell.bits != 0 && strength < held {
            return;
        }
        let other = usize::from(cell.layer) != pen.layer && pen.look != Look::Band;
        let shared = self.shared && pen.look.is_strong();
        if strength > held || (other && !shared) {
            cell.bits = 0;
        }
        cell.bits |= bits;
        (cell.layer, cell.look) = (pen.layer as u16, pen.look);
    }
}

impl Look {
    pub(super) const fn is_strong(self) -> bool {
        matches!(self, Self::Line | Self::Dotted)
    }

    /// Of two in one cell, only the stronger one is seen; of many lines that are equally strong only
    /// the later one.
    const fn strength(self) -> u8 {
        match self {
            Self::Band => 0,
            Self::Faint => 1,
            Self::Line | Self::Dotted => 2,
        }
    }
}

/// To the nearest row; ours, because the one of the library is a call.
fn rounded(row: f64) -> i32 {
    (row + 1e6 + 0.5) as i32 - 1_000_000
}

/// Whose dots are drawn, and how.
#[derive(Clone, Copy, Debug)]
struct Pen {
    layer: usize,
    look: Look,
}
