//! Where the terminal's cursor is and which look it has: every move and every change of the look is
//! written in the shortest form that all terminals know.

use std::io::Write as _;

use crossterm::Command;
use crossterm::cursor::MoveTo;
use crossterm::terminal::{Clear, ClearType};
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::{SEEN_ON_BLANKS, is_blank};

/// Moving over more cells than this is always shorter than writing them again.
const MOST_REPEATED: usize = 4;
/// One line down and further to the left than this, a place is shorter than steps.
const MOST_STEPS_BACK: usize = 4;

/// Writes cells.
#[derive(Debug)]
pub(super) struct Pen<'a> {
    out: &'a mut Vec<u8>,
    row: Option<u16>,
    /// Unknown at the end of a line, and behind characters whose width terminals disagree about.
    column: Option<usize>,
    look: Look,
}

/// How characters look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    fg: Color,
    pub(super) bg: Color,
    modifier: Modifier,
}

pub(super) const PLAIN: Look = Look {
    fg: Color::Reset,
    bg: Color::Reset,
    modifier: Modifier::empty(),
};

/// What switches each modifier on and off. Bold and dim share the way out.
const MODIFIERS: [(Modifier, &str, &str); 9] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::SLOW_BLINK, "5", "25"),
    (Modifier::RAPID_BLINK, "6", "25"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::HIDDEN, "8", "28"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

impl<'a> Pen<'a> {
    /// A pen whose place is unknown and whose look is plain.
    pub(super) fn new(out: &'a mut Vec<u8>) -> Self {
        Self {
            out,
            row: None,
            column: None,
            look: PLAIN,
        }
    }

    /// Writes what moves nothing and changes no look.
    fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Goes to a cell of a line. Over a few cells in between it may be shorter to write them again.
    pub(super) fn travel(&mut self, line: &[Cell], x: usize, y: u16) {
        if self.row == Some(y)
            && let Some(column) = self.column.filter(|column| *column < x)
        {
            let between = &line[column..x];
            let plain = |cell: &Cell| cell.symbol().len() == 1 && self.has_look_of(cell);
            if between.len() <= MOST_REPEATED && between.iter().all(plain) {
                for cell in between {
                    self.out.extend_from_slice(cell.symbol().as_bytes());
                }
                self.column = Some(x);
            }
        }
        self.go(x, y);
    }

    pub(super) fn go(&mut self, x: usize, y: u16) {
        let (row, column) = (self.row.replace(y), self.column.replace(x));
        let below = row.is_some_and(|row| row.checked_add(1) == Some(y));
        match column {
            Some(column) if row == Some(y) && column == x => {}
            _ if row == Some(y) && x == 0 => self.raw(b"\r"),
            _ if below && x == 0 => self.raw(b"\r\n"),
            Some(column) if row == Some(y) && column < x => self.sequence(x - column, 'C'),
            _ if row == Some(y) => self.sequence(x + 1, 'G'),
            Some(column) if below && (x..x + MOST_STEPS_BACK).contains(&column) => {
                self.out.extend((x..column).map(|_| 0x08));
                self.raw(b"\n");
            }
            _ if x == 0 => self.sequence(usize::from(y) + 1, 'H'),
            _ => {
                self.tell(MoveTo(x as u16, y));
            }
        }
    }

    /// Nobody knows where a terminal stays after the last cell of a line.
    pub(super) fn lose_column(&mut self) {
        self.column = None;
    }

    /// Writes a cell that takes `cells`, in the look of the pen.
    pub(super) fn put(&mut self, cell: &Cell, cells: usize) {
        let symbol = cell.symbol();
        if symbol.is_empty() || symbol.chars().any(char::is_control) {
            return self.blank();
        }
        self.out.extend_from_slice(symbol.as_bytes());
        self.column = self
            .column
            .filter(|_| is_certain(symbol))
            .map(|column| column + cells);
    }

    /// Writes a space.
    pub(super) fn blank(&mut self) {
        self.out.push(b' ');
        self.column = self.column.map(|column| column + 1);
    }

    /// Clears the line from here on.
    pub(super) fn clear_rest(&mut self) {
        self.plain();
        self.tell(Clear(ClearType::UntilNewLine));
    }

    /// Whether blanks before such a background look right as the pen looks now.
    pub(super) fn shows_blanks_of(&self, bg: Color) -> bool {
        self.look.shows_blanks_of(bg)
    }

    fn tell(&mut self, command: impl Command) {
        super::tell(self.out, command);
    }

    /// Ends all styles.
    pub(super) fn plain(&mut self) {
        self.wear(PLAIN);
    }

    fn has_look_of(&self, cell: &Cell) -> bool {
        self.look == Look::of(cell) || is_blank(cell) && self.shows_blanks_of(cell.bg)
    }

    /// Takes on a look.
    pub(super) fn wear(&mut self, next: Look) {
        let now = std::mem::replace(&mut self.look, next);
        if now == next {
            return;
        }
        if next == PLAIN {
            return self.raw(b"\x1b[m");
        }
        let mut changed = Parameters::default();
        changed.change(now, next);
        // An empty parameter stands for 0: everything off.
        let mut anew = Parameters::default();
        anew.0.push(';');
        anew.change(PLAIN, next);
        let shorter = if anew.0.len() < changed.0.len() {
            anew
        } else {
            changed
        };
        let _ = write!(self.out, "\x1b[{}m", shorter.0);
    }

    /// The number 1 needs not be said.
    fn sequence(&mut self, number: usize, last: char) {
        let _ = match number {
            1 => write!(self.out, "\x1b[{last}"),
            _ => write!(self.out, "\x1b[{number}{last}"),
        };
    }
}

impl Look {
    pub(super) fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }

    /// The look of a blank, of which nothing is seen but its background.
    pub(super) fn blank(bg: Color) -> Self {
        Self { bg, ..PLAIN }
    }

    /// Whether a blank before such a background looks right in this look.
    pub(super) fn shows_blanks_of(self, bg: Color) -> bool {
        self.bg == bg && !self.modifier.intersects(SEEN_ON_BLANKS)
    }
}

/// The numbers of a change of the look, with `;` in between.
#[derive(Debug, Default)]
struct Parameters(String);

impl Parameters {
    fn add(&mut self, number: &str) {
        if !self.0.is_empty() && !self.0.ends_with(';') {
            self.0.push(';');
        }
        self.0.push_str(number);
    }

    fn change(&mut self, now: Look, next: Look) {
        let mut kept = now.modifier;
        for (modifier, _, off) in MODIFIERS {
            if kept.contains(modifier) && !next.modifier.contains(modifier) {
                self.add(off);
                // Others may have the same way out.
                for (other, _, _) in MODIFIERS.iter().filter(|(_, _, same)| *same == off) {
                    kept.remove(*other);
                }
            }
        }
        for (modifier, on, _) in MODIFIERS {
            if next.modifier.contains(modifier) && !kept.contains(modifier) {
                self.add(on);
            }
        }
        if now.fg != next.fg {
            self.colour(next.fg, 30);
        }
        if now.bg != next.bg {
            self.colour(next.bg, 40);
        }
    }

    /// `base` is 30 for the text and 40 for what is behind it.
    fn colour(&mut self, colour: Color, base: u8) {
        let number = match colour {
            Color::Reset => return self.add(&(base + 9).to_string()),
            Color::Rgb(red, green, blue) => {
                return self.add(&format!("{};2;{red};{green};{blue}", base + 8));
            }
            Color::Black => 0,
            Color::Red => 1,
            Color::Green => 2,
            Color::Yellow => 3,
            Color::Blue => 4,
            Color::Magenta => 5,
            Color::Cyan => 6,
            Color::Gray => 7,
            Color::DarkGray => 8,
            Color::LightRed => 9,
            Color::LightGreen => 10,
            Color::LightYellow => 11,
            Color::LightBlue => 12,
            Color::LightMagenta => 13,
            Color::LightCyan => 14,
            Color::White => 15,
            Color::Indexed(number) => number,
        };
        match number {
            0..=7 => self.add(&(base + number).to_string()),
            8..=15 => self.add(&(base + 52 + number).to_string()),
            _ => self.add(&format!("{};5;{number}", base + 8)),
        }
    }
}

/// Whether all terminals agree how wide this is: then the cursor is where we think.
fn is_certain(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    match (chars.next(), chars.next()) {
        // Latin; punctuation, arrows, frames, blocks and Braille.
        (Some(c), None) => {
            matches!(c, ' '..'\u{300}' | '\u{2010}'..'\u{2600}' | '\u{2800}'..'\u{2900}')
        }
        _ => false,
    }
}
