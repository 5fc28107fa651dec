//! The dots of a plot and whose they are.

use super::dots::Dots;
use super::{Look, Span};
use crate::widgets::axis::row_of;

/// Cells of dots; each belongs to the most important layer in it.
#[derive(Debug)]
pub(super) struct Canvas {
    dots: Dots,
    width: u16,
    height: u16,
    cells: Vec<Cell>,
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

const EMPTY: Cell = Cell {
    bits: 0,
    layer: 0,
    look: Look::Band,
};

impl Canvas {
    pub(super) fn new(dots: Dots, width: u16, height: u16) -> Self {
        let cells = usize::from(width) * usize::from(height);
        Self {
            dots,
            width,
            height,
            cells: vec![EMPTY; cells],
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
        for (at, cell) in self.cells.iter().enumerate().filter(|(_, c)| c.bits != 0) {
            let (x, y) = (at % usize::from(self.width), at / usize::from(self.width));
            let symbol = self.dots.symbol(cell.bits);
            put(x as u16, y as u16, symbol, usize::from(cell.layer));
        }
    }

    /// Whether nothing but a band is in a cell.
    pub(super) fn has_no_line(&self, x: u16, y: u16) -> bool {
        let cell = self.cell(x, y).map(|at| self.cells[at]);
        cell.is_some_and(|cell| cell.bits == 0 || cell.look == Look::Band)
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
        let left_out = pen.look == Look::Dotted && column % 2 == 1;
        if left_out || column >= self.columns() || bottom < 0 || top >= rows {
            return;
        }
        let (top, bottom) = (top.max(0) as u32, bottom.min(rows - 1) as u32);
        let (across, down) = (u32::from(self.dots.across()), u32::from(self.dots.down()));
        let (x, within) = (column / across, column % across);
        for y in top / down..=bottom / down {
            let first = y * down;
            let run = top.saturating_sub(first)..=(bottom - first).min(down - 1);
            let at = (y * u32::from(self.width) + x) as usize;
            self.set(pen, at, self.dots.run(within, run));
        }
    }

    fn set(&mut self, pen: Pen, at: usize, bits: u8) {
        let sparse = self.dots.sparse();
        let Some(cell) = self.cells.get_mut(at) else {
            return;
        };
        let (held, empty) = (cell.look, cell.bits == 0);
        let bits = match pen.look {
            Look::Band if !empty && held != Look::Band => return,
            Look::Band => bits & sparse,
            Look::Line | Look::Dotted | Look::Faint => bits,
        };
        if bits == 0 {
            return;
        }
        if held == Look::Band && pen.look != Look::Band {
            cell.bits = 0;
        }
        cell.bits |= bits;
        if empty || pen.look.is_strong() || !held.is_strong() {
            (cell.layer, cell.look) = (pen.layer as u16, pen.look);
        }
    }
}

impl Look {
    const fn is_strong(self) -> bool {
        matches!(self, Self::Line | Self::Dotted)
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
