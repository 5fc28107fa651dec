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
    /// One column after the other, from its top: what is drawn is mostly upright.
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

/// A stroke that is drawn as soon as it is known where the line goes on.
#[derive(Clone, Copy, Debug)]
struct Held {
    stroke: Stroke,
    /// The same, and what of the ways to its neighbours is in its column.
    drawn: Stroke,
    alone: bool,
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
        let few = spans.len() <= FEW;
        let mut before: Option<Held> = None;
        for (at, span) in spans.iter().enumerate() {
            // On a logarithmic axis the lower end of a span may have no place.
            let Some(top) = row(span.high) else {
                if let Some(former) = before.take() {
                    self.let_go(pen, former, few);
                }
                continue;
            };
            let same = span.low.to_bits() == span.high.to_bits();
            let bottom = if same { Some(top) } else { row(span.low) };
            let stroke = Stroke {
                column: span.column,
                top,
                bottom: bottom.unwrap_or(rows.cast_signed()),
            };
            let leads_on = spans.get(at + 1).is_some_and(|next| next.joined);
            let former = before.take();
            let joined = former.is_some() && span.joined;
            let mut next = Held {
                stroke,
                drawn: stroke,
                alone: !joined && !leads_on,
            };
            if let Some(mut former) = former {
                let shared = joined && look.is_whole() && former.shares_way(&mut next);
                self.let_go(pen, former, few);
                if joined && !shared {
                    self.lead(pen, former.stroke, stroke);
                }
            }
            before = Some(next);
        }
        if let Some(last) = before {
            self.let_go(pen, last, few);
        }
    }

    /// Draws a stroke of which it is known where the line goes on.
    fn let_go(&mut self, pen: Pen, held: Held, few: bool) {
        let Stroke {
            column,
            top,
            bottom,
        } = held.drawn;
        if held.alone {
            self.alone(pen, held.stroke, few);
        } else {
            self.vertical(pen, column, top, bottom);
        }
    }

    /// Draws what is between two strokes.
    fn lead(&mut self, pen: Pen, from: Stroke, to: Stroke) {
        if pen.look == Look::Band {
            self.fill_between(pen, from, to);
        } else {
            self.connect(pen, from, to);
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
        let columns = self.cells.chunks(usize::from(self.height).max(1));
        for (x, column) in (0..).zip(columns) {
            for (y, cell) in (0..).zip(column).filter(|(_, cell)| cell.bits != 0) {
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
        inside.then(|| usize::from(x) * usize::from(self.height) + usize::from(y))
    }

    /// Leads a stroke from one span to the next: straight, from the nearer ends.
    fn connect(&mut self, pen: Pen, from: Stroke, to: Stroke) {
        let Some((start, end)) = way(from, to) else {
            return;
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
        let seen = [top, bottom].map(|end| (0..rows).contains(&end));
        let (top, bottom) = (top.max(0) as u32, bottom.min(rows - 1) as u32);
        match pen.look {
            Look::Dotted => self.dotted(pen, column, top, bottom),
            Look::Line | Look::Faint => self.run(pen, column, (top, bottom), u8::MAX, [false; 2]),
            // What one column alone reaches must be seen.
            Look::Band => {
                let sparse = self.dots.sparse();
                self.run(pen, column, (top, bottom), sparse, seen);
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
                self.run(pen, column, (row, row), u8::MAX, [false; 2]);
            }
            self.dashes.counted += 1;
        }
        self.dashes.column = column;
        self.dashes.rows = Some((first.min(top), last.max(bottom)));
    }

    /// Sets those of the dots between two rows on the canvas that are in the mask of a cell; the first
    /// and the last of them whatever the mask says, where that is wanted.
    fn run(&mut self, pen: Pen, column: u32, (top, bottom): (u32, u32), mask: u8, ends: [bool; 2]) {
        let across = u32::from(self.dots.across());
        let above = self.dots.above(column % across);
        let ((upper, from), (lower, to)) = (self.dots.cell_of(top), self.dots.cell_of(bottom));
        let dot = |row: usize, wanted: bool| {
            if wanted {
                above[row + 1] & !above[row]
            } else {
                0
            }
        };
        let whole = above[4] & mask;
        let (first, last) = (whole & !above[from], whole & above[to + 1]);
        let (first_dot, last_dot) = (dot(from, ends[0]), dot(to, ends[1]));
        let start = (column / across) as usize * usize::from(self.height);
        let touched = start + upper..=start + lower;
        let Some(cells) = self.cells.get_mut(touched) else {
            return;
        };
        let shared = self.shared;
        match cells {
            [] => {}
            [cell] => cell.set(pen, first & last | first_dot | last_dot, shared),
            [upper, between @ .., lower] => {
                upper.set(pen, first | first_dot, shared);
                for cell in between {
                    cell.set(pen, whole, shared);
                }
                lower.set(pen, last | last_dot, shared);
            }
        }
    }
}

impl Cell {
    #[inline]
    fn set(&mut self, pen: Pen, bits: u8, shared: bool) {
        if bits == 0 {
            return;
        }
        let (held, strength) = (self.look.strength(), pen.look.strength());
        if self.bits != 0 && strength < held {
            return;
        }
        let other = usize::from(self.layer) != pen.layer && pen.look != Look::Band;
        let shared = shared && pen.look.is_strong();
        if strength > held || (other && !shared) {
            self.bits = 0;
        }
        self.bits |= bits;
        (self.layer, self.look) = (pen.layer as u16, pen.look);
    }
}

impl Held {
    /// Neighbours, as almost all strokes are, share the way and are drawn with their parts of it at
    /// once; false for others.
    fn shares_way(&mut self, next: &mut Self) -> bool {
        if next.stroke.column != self.stroke.column + 1 {
            return false;
        }
        if let Some((start, end)) = way(self.stroke, next.stroke) {
            let middle = i32::midpoint(start, end);
            let (upper, lower) = if start < end {
                (self, next)
            } else {
                (next, self)
            };
            upper.drawn.reach(start.min(end), middle);
            lower.drawn.reach(middle + 1, start.max(end));
        }
        true
    }
}

impl Stroke {
    fn reach(&mut self, top: i32, bottom: i32) {
        if top <= bottom {
            self.top = self.top.min(top);
            self.bottom = self.bottom.max(bottom);
        }
    }
}

/// From which row to which one a line leads from one stroke to another: between their nearer ends.
/// Neighbours that are beside each other need no way.
fn way(from: Stroke, to: Stroke) -> Option<(i32, i32)> {
    if to.top > from.bottom {
        return Some((from.bottom, to.top));
    }
    if to.bottom < from.top {
        return Some((from.top, to.bottom));
    }
    if to.column <= from.column + 1 {
        return None;
    }
    let middle = i32::midpoint(from.top.max(to.top), from.bottom.min(to.bottom));
    Some((middle, middle))
}

impl Look {
    pub(super) const fn is_strong(self) -> bool {
        matches!(self, Self::Line | Self::Dotted)
    }

    /// Whether every dot of a line is drawn: those of a dotted one are counted along it.
    const fn is_whole(self) -> bool {
        matches!(self, Self::Line | Self::Faint)
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
