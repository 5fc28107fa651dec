//! Two pictures → the bytes that turn one into the other, as few as can be.

mod pen;
#[cfg(test)]
mod tests;

use crossterm::cursor::{Hide, Show};
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use crossterm::{Command, queue};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr as _;

use pen::Pen;

/// As many empty cells are cleared at once; fewer are written as spaces.
const WORTH_CLEARING: usize = 4;

/// What a blank shows besides its background.
const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::CROSSED_OUT)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK);

/// Knows what the terminal shows.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    shown: Option<Buffer>,
    cursor: Option<Position>,
}

impl Encoder {
    /// The terminal may show anything.
    pub(crate) fn forget(&mut self) {
        self.shown = None;
    }

    /// Appends what must be written, which is nothing when nothing changed. Returns a buffer that
    /// is not needed any more.
    pub(crate) fn encode(
        &mut self,
        next: Buffer,
        cursor: Option<Position>,
        out: &mut Vec<u8>,
    ) -> Option<Buffer> {
        let start = out.len();
        tell(out, BeginSynchronizedUpdate);
        if self.cursor.is_some() {
            tell(out, Hide);
        }
        let same_size = self.shown.as_ref().filter(|old| old.area == next.area);
        let untouched = out.len();
        let mut pen = Pen::new(out);
        if let Some(old) = same_size {
            draw(&next, old, &mut pen);
        } else {
            // The look is plain here: every picture ends so.
            pen.tell(Clear(ClearType::All));
            draw(&next, &Buffer::empty(next.area), &mut pen);
        }
        pen.plain();
        if out.len() == untouched && cursor == self.cursor {
            out.truncate(start);
        } else {
            if let Some(at) = cursor {
                Pen::new(out).go(usize::from(at.x), at.y);
                tell(out, Show);
            }
            tell(out, EndSynchronizedUpdate);
        }
        self.cursor = cursor;
        self.shown.replace(next)
    }
}

fn tell(out: &mut Vec<u8>, command: impl Command) {
    // Writing to memory cannot fail.
    let _ = queue!(out, command);
}

fn draw(next: &Buffer, old: &Buffer, pen: &mut Pen<'_>) {
    let width = usize::from(next.area.width);
    if width == 0 {
        return;
    }
    let rows = next.content.chunks(width).zip(old.content.chunks(width));
    for (y, (next, old)) in rows.enumerate() {
        if next != old {
            draw_row(y as u16, next, old, pen);
        }
    }
}

fn draw_row(y: u16, next: &[Cell], old: &[Cell], pen: &mut Pen<'_>) {
    let (filled, filled_before) = (filled(next), filled(old));
    let clear = filled_before.saturating_sub(filled) >= WORTH_CLEARING;
    let end = if clear { filled } else { next.len() };
    // What a wide character left behind when half of it was written over.
    let mut torn = usize::MAX;
    let mut x = 0;
    while x < end {
        let cell = &next[x];
        let fits = width(cell) <= next.len() - x;
        let after = x + if fits { width(cell) } else { 1 };
        if x == torn || !looks_same(cell, &old[x]) {
            pen.travel(next, x, y);
            if fits {
                pen.put(cell, after - x);
            } else {
                pen.blank(cell);
            }
            if after == next.len() {
                pen.lose_column();
            }
            if width(&old[after - 1]) > 1 {
                torn = after;
            }
        }
        x = after;
    }
    let changed = |x: &usize| *x == torn || !looks_same(&next[*x], &old[*x]);
    if clear && let Some(from) = (x..next.len()).find(changed) {
        pen.go(from, y);
        pen.plain();
        pen.tell(Clear(ClearType::UntilNewLine));
    }
}

/// Where the empty rest of a line begins.
fn filled(row: &[Cell]) -> usize {
    row.iter()
        .rposition(|cell| !is_empty(cell))
        .map_or(0, |at| at + 1)
}

/// Nothing is there, and an erased cell looks the same.
fn is_empty(cell: &Cell) -> bool {
    is_blank(cell) && cell.bg == Color::Reset
}

/// A space that shows nothing but its background.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && !cell.modifier.intersects(SEEN_ON_BLANKS)
}

fn looks_same(a: &Cell, b: &Cell) -> bool {
    a == b || is_blank(a) && is_blank(b) && a.bg == b.bg
}

/// How many cells are covered; never none.
fn width(cell: &Cell) -> usize {
    match cell.symbol() {
        text if text.len() == 1 => 1,
        text => text.width().clamp(1, 2),
    }
}
