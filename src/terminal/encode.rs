//! Two pictures → the bytes that turn one into the other, as few as can be.

mod pen;
mod strokes;
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
use strokes::Strokes;

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
        if let Some(old) = same_size {
            Strokes::between(&next, old).write(out);
        } else {
            // The look is plain here: every picture ends so.
            tell(out, Clear(ClearType::All));
            Strokes::between(&next, &Buffer::empty(next.area)).write(out);
        }
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
