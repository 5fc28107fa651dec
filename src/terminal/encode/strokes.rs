//! What must be written of a picture, in pieces of one look, and an order in which that takes few
//! bytes.
//!
//! A change of the look takes up to twenty bytes and a move about five: where looks alternate it is
//! shorter to write all that has one look, and then all that has the next one. Where looks are short
//! it is not, so both orders are tried.

use ratatui::buffer::{Buffer, Cell};

use super::pen::{Look, PLAIN, Pen};
use super::{filled, is_blank, looks_same, width};

/// As many empty cells are cleared at once; fewer are written as spaces.
const WORTH_CLEARING: usize = 4;
/// The end of a stroke that is no stroke: the line is cleared from its beginning on.
const REST: usize = usize::MAX;

/// Cells side by side that are written at once.
#[derive(Clone, Copy, Debug)]
struct Stroke {
    y: u16,
    from: usize,
    /// Behind the last cell, or [`REST`].
    to: usize,
    look: Look,
    /// There are only blanks so far: other looks may show them as well.
    blank: bool,
}

/// All that differs between two pictures.
#[derive(Debug)]
pub(super) struct Strokes<'a> {
    next: &'a Buffer,
    /// From the upper left to the lower right.
    strokes: Vec<Stroke>,
}

impl<'a> Strokes<'a> {
    pub(super) fn between(next: &'a Buffer, old: &Buffer) -> Self {
        let mut strokes = Vec::new();
        let width = usize::from(next.area.width).max(1);
        let rows = next.content.chunks(width).zip(old.content.chunks(width));
        for (y, (next, old)) in (0..).zip(rows) {
            if next != old {
                add_row(y, next, old, &mut strokes);
            }
        }
        Self { next, strokes }
    }

    /// Appends what is to be written. The look is plain before and behind it.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        let mut pen = Pen::new(out);
        for stroke in &self.strokes {
            self.draw(stroke, &mut pen);
        }
        pen.plain();
        let looks = self.looks();
        // Where no look comes twice there is no better order.
        if looks.len() < self.strokes.len() {
            let mut other = Vec::with_capacity(out.len() - start);
            self.write_by_look(&looks, &mut Pen::new(&mut other));
            if other.len() < out.len() - start {
                out.truncate(start);
                out.append(&mut other);
            }
        }
    }

    /// All looks, in the order in which they come; the one that the pen begins with is first.
    fn looks(&self) -> Vec<Look> {
        let mut looks = vec![PLAIN];
        for stroke in &self.strokes {
            if !looks.contains(&stroke.look) {
                looks.push(stroke.look);
            }
        }
        looks
    }

    fn write_by_look(&self, looks: &[Look], pen: &mut Pen<'_>) {
        for look in looks {
            let alike = self.strokes.iter().filter(|stroke| stroke.look == *look);
            let alike: Vec<&Stroke> = alike.collect();
            let mut drawn = vec![false; alike.len()];
            for first in 0..alike.len() {
                let mut next = Some(first);
                // Upright lines are written downwards: one line down is the shortest of all moves.
                while let Some(at) = next.filter(|at| !drawn[*at]) {
                    drawn[at] = true;
                    self.draw(alike[at], pen);
                    next = below(alike[at], &alike);
                }
            }
        }
        pen.plain();
    }

    fn draw(&self, stroke: &Stroke, pen: &mut Pen<'_>) {
        let columns = usize::from(self.next.area.width);
        let line = &self.next.content[usize::from(stroke.y) * columns..][..columns];
        if stroke.to == REST {
            pen.go(stroke.from, stroke.y);
            return pen.clear_rest();
        }
        pen.travel(line, stroke.from, stroke.y);
        if !(stroke.blank && pen.shows_blanks_of(stroke.look.bg)) {
            pen.wear(stroke.look);
        }
        let mut x = stroke.from;
        while x < stroke.to {
            let cells = width_at(line, x);
            match cells {
                Some(cells) => pen.put(&line[x], cells),
                None => pen.blank(),
            }
            x += cells.unwrap_or(1);
        }
        if x == columns {
            pen.lose_column();
        }
    }
}

impl Stroke {
    /// Goes on with a cell, if that is to be written in the same look.
    fn take_in(&mut self, cell: &Stroke) -> bool {
        let fits = match (self.blank, cell.blank) {
            (_, true) => self.look.shows_blanks_of(cell.look.bg),
            (true, false) => cell.look.shows_blanks_of(self.look.bg),
            (false, false) => self.look == cell.look,
        };
        let taken = self.to == cell.from && fits;
        if taken {
            if self.blank {
                self.look = cell.look;
            }
            self.blank &= cell.blank;
            self.to = cell.to;
        }
        taken
    }
}

/// How many cells a character takes; nothing where it does not fit into the rest of its line.
fn width_at(line: &[Cell], x: usize) -> Option<usize> {
    Some(width(&line[x])).filter(|width| *width <= line.len() - x)
}

fn add_row(y: u16, next: &[Cell], old: &[Cell], strokes: &mut Vec<Stroke>) {
    let (filled, filled_before) = (filled(next), filled(old));
    let clear = filled_before.saturating_sub(filled) >= WORTH_CLEARING;
    let end = if clear { filled } else { next.len() };
    // What a wide character left behind when half of it was written over.
    let mut torn = REST;
    let mut x = 0;
    // Strokes do not go on from one line to the next.
    let first = strokes.len();
    while x < end {
        let cell = &next[x];
        let to = x + width_at(next, x).unwrap_or(1);
        if x == torn || !looks_same(cell, &old[x]) {
            let blank = is_blank(cell);
            let stroke = Stroke {
                y,
                from: x,
                to,
                look: if blank {
                    Look::blank(cell.bg)
                } else {
                    Look::of(cell)
                },
                blank,
            };
            let goes_on = strokes[first..]
                .last_mut()
                .is_some_and(|last| last.take_in(&stroke));
            if !goes_on {
                strokes.push(stroke);
            }
            if width(&old[to - 1]) > 1 {
                torn = to;
            }
        }
        x = to;
    }
    let changed = |x: &usize| *x == torn || !looks_same(&next[*x], &old[*x]);
    if clear && let Some(from) = (x..next.len()).find(changed) {
        strokes.push(Stroke {
            y,
            from,
            to: REST,
            look: PLAIN,
            blank: false,
        });
    }
}

/// The single cell right below a single cell, among strokes of its look.
fn below(stroke: &Stroke, alike: &[&Stroke]) -> Option<usize> {
    let is_cell = |stroke: &Stroke| stroke.to == stroke.from + 1;
    let place = (stroke.y.checked_add(1)?, stroke.from);
    let at = alike.binary_search_by_key(&place, |other| (other.y, other.from));
    at.ok().filter(|at| is_cell(stroke) && is_cell(alike[*at]))
}
