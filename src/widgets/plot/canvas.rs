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
    top: f64,
    bottom: f64,
}

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
        for span in spans {
            // On a logarithmic axis the lower end of a span may have no place.
            let Some(top) = row(span.high) else {
                before = None;
                continue;
            };
            let bottom = row(span.low).unwrap_or(f64::from(rows));
            let stroke = Stroke {
                column: span.column,
                top,
                bottom,
            };
            if look == Look::Band {
                if let Some(before) = before.filter(|_| span.joined) {
                    self.fill_between(pen, before, stroke);
                }
                self.vertical(pen, stroke.column, stroke.top, stroke.bottom);
            } else {
                if let Some(before) = before.filter(|_| span.joined) {
                    self.connect(pen, before, stroke);
                }
                self.vertical(pen, stroke.column, stroke.top, stroke.bottom);
            }
            before = Some(stroke);
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

    /// Whether nothing but bands is in some cells side by side.
    pub(super) fn is_free(&self, x: u16, y: u16, width: u16) -> bool {
        let free = |x: u16| {
            let cell = self.cell(x, y);
            cell.is_some_and(|at| self.cells[at].bits == 0 || self.cells[at].look == Look::Band)
        };
        (x..x.saturating_add(width)).all(free)
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
        } else {
            let middle = f64::midpoint(from.top.max(to.top), from.bottom.min(to.bottom));
            (middle, middle)
        };
        if to.column <= from.column {
            self.vertical(pen, to.column, start.min(end), start.max(end));
            return;
        }
        let columns = f64::from(to.column - from.column);
        let slope = (end - start) / columns;
        let last = to.column.min(self.columns().saturating_sub(1));
        for column in from.column..=last {
            let at = f64::from(column - from.column);
            let one = start + slope * (at - 0.5).max(0.0);
            let two = start + slope * (at + 0.5).min(columns);
            // The two halves of a step meet without drawing a row twice.
            let (top, bottom) = (one.min(two), one.max(two));
            let (top, bottom) = if bottom - top > 1.0 {
                (top.round(), (bottom - 1.0).round().max(top.round()))
            } else {
                let middle = f64::midpoint(top, bottom).round();
                (middle, middle)
            };
            self.vertical(pen, column, top, bottom);
        }
    }

    fn fill_between(&mut self, pen: Pen, from: Stroke, to: Stroke) {
        let last = to.column.min(self.columns().saturating_sub(1));
        let columns = f64::from(to.column.saturating_sub(from.column).max(1));
        for column in from.column.saturating_add(1)..last {
            let part = f64::from(column - from.column) / columns;
            let top = from.top + (to.top - from.top) * part;
            let bottom = from.bottom + (to.bottom - from.bottom) * part;
            self.vertical(pen, column, top.round(), bottom.round());
        }
    }

    fn vertical(&mut self, pen: Pen, column: u32, top: f64, bottom: f64) {
        let rows = f64::from(self.rows());
        if column >= self.columns() || bottom < 0.0 || top >= rows {
            return;
        }
        let (top, bottom) = (top.max(0.0) as u32, bottom.min(rows - 1.0) as u32);
        for row in top..=bottom {
            self.dot(pen, column, row);
        }
    }

    fn dot(&mut self, pen: Pen, column: u32, row: u32) {
        // A quarter of the dots: an area is not to outshine the line in it.
        let sparse = row.is_multiple_of(2) && (column + row / 2).is_multiple_of(2);
        if pen.look == Look::Band && !sparse {
            return;
        }
        let (across, down) = (u32::from(self.dots.across()), u32::from(self.dots.down()));
        let Some(at) = self.cell((column / across) as u16, (row / down) as u16) else {
            return;
        };
        let bit = self.dots.bit((column % across) as u16, (row % down) as u16);
        let cell = &mut self.cells[at];
        let (held, empty) = (cell.look, cell.bits == 0);
        if !empty && pen.look == Look::Band && held != Look::Band {
            return;
        }
        if !empty && held == Look::Band && pen.look != Look::Band {
            cell.bits = 0;
        }
        cell.bits |= bit;
        if empty || pen.look == Look::Line || held != Look::Line {
            (cell.layer, cell.look) = (pen.layer as u16, pen.look);
        }
    }
}

/// Whose dots are drawn, and how.
#[derive(Clone, Copy, Debug)]
struct Pen {
    layer: usize,
    look: Look,
}
