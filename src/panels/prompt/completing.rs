//! The small list above the line: what a text may go on as, and what each of that is.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::Completion;
use crate::widgets::Safe;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, clear, put_spans, restyle};
use crate::widgets::pieces::hints;
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// So many are shown at once.
const ROWS: usize = 8;
const WIDEST: usize = 64;
/// Cells for the keys in the lower edge.
const NARROWEST: usize = 34;
/// Words of fewer cells say nothing.
const WORDS: usize = 5;
/// A list of fewer cells says nothing.
const WORTH_IT: u16 = 12;

#[derive(Clone, Debug)]
pub(super) struct Completing {
    /// At least one.
    all: Vec<Completion>,
    chosen: usize,
}

impl Completing {
    /// A list of these, the first one chosen; nothing when there are none.
    pub(super) fn of(all: Vec<Completion>) -> Option<Self> {
        (!all.is_empty()).then_some(Self { all, chosen: 0 })
    }

    /// Another one is chosen; behind the last one comes the first.
    pub(super) fn step(&mut self, step: isize) {
        let count = self.all.len().cast_signed();
        let next = (self.chosen.cast_signed() + step).rem_euclid(count);
        self.chosen = next.cast_unsigned();
    }

    pub(super) fn chosen(mut self) -> Option<Completion> {
        (self.chosen < self.all.len()).then(|| self.all.swap_remove(self.chosen))
    }

    /// Draws the list above the line that the cursor is in, below what it replaces.
    pub(super) fn draw(
        &self,
        theme: &Theme,
        begun: &str,
        screen: Rect,
        cursor: Position,
        buf: &mut Buffer,
    ) {
        let names: Vec<Safe> = self.all.iter().map(|c| Safe::new(&c.text)).collect();
        let name = names.iter().map(Safe::width).max().unwrap_or_default();
        let words = self.all.iter().map(|c| c.words.chars().count()).max();
        let wide = (name + words.unwrap_or_default() + 6).clamp(NARROWEST, WIDEST);
        let above = cursor.y.saturating_sub(screen.y);
        let height = (self.all.len().min(ROWS) as u16 + 2).min(above);
        let width = (wide as u16).min(screen.width);
        if height < 3 || width < WORTH_IT {
            return;
        }
        // What is replaced begins so many cells before the cursor, and its frame one more.
        let from = self.all[self.chosen].from.min(begun.len());
        let replaced = begun.get(from..).map_or(0, |text| Safe::new(text).width());
        let x = cursor.x.saturating_sub(replaced as u16 + 2).max(screen.x);
        let outside = Rect {
            x: x.min(screen.right() - width),
            y: cursor.y - height,
            width,
            height,
        };
        clear(buf, outside);
        let inside = frame::draw(&self.frame(theme, width), theme, outside, buf);
        let rows = usize::from(inside.height);
        let top = (self.chosen + 1).saturating_sub(rows);
        let name = name.min(usize::from(inside.width).saturating_sub(2));
        let shown = self.all.iter().zip(&names).enumerate().skip(top);
        for ((at, (completion, text)), y) in shown.zip(inside.top()..inside.bottom()) {
            let row = Rect {
                y,
                height: 1,
                ..inside
            };
            let room = usize::from(row.width).saturating_sub(name + 4);
            let words = match room {
                0..WORDS => Safe::default(),
                room => Safe::new(&completion.words).elide_end(room),
            };
            let text = text.elide_middle(name).pad_end(name + 2);
            let blank = Span::new(" ", theme.style(Role::Text));
            let spans = [
                blank,
                Span::new(text, theme.style(Role::Text)),
                Span::new(words, theme.style(Role::Quiet)),
            ];
            put_spans(buf, row.x, y, row.width, &spans);
            if at == self.chosen {
                restyle(buf, row, theme.style(Role::Cursor));
            }
        }
    }

    fn frame(&self, theme: &Theme, width: u16) -> Frame {
        let count = safe!("{}/{}", self.chosen + 1, self.all.len());
        let keys = [("Tab", "next"), ("Enter", "take"), ("Esc", "close")];
        Frame {
            right: vec![Span::new(count, theme.style(Role::Quiet))],
            bottom: hints(theme, &keys, usize::from(width).saturating_sub(6)),
            focused: true,
            ..Frame::default()
        }
    }
}
