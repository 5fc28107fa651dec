//! Safe text → cells. Nothing is ever written outside of the buffer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Style};

use super::text::{self, Safe};
use super::theme::Theme;

/// A piece of text with one look.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    pub text: Safe,
    pub style: Style,
}

impl Span {
    pub fn new(text: impl Into<Safe>, style: Style) -> Self {
        Self {
            text: text.into(),
            style,
        }
    }

    pub fn width(&self) -> usize {
        self.text.width()
    }
}

/// A message with the colours that it brought along, as far as this theme has them.
pub fn colored_spans(message: &str, style: Style, theme: &Theme) -> Vec<Span> {
    let pieces = text::colored(message).into_iter();
    pieces
        .map(|(text, wanted)| Span::new(text, style.patch(theme.tamed(wanted))))
        .collect()
}

/// How many cells pieces take side by side.
pub fn width(spans: &[Span]) -> usize {
    spans.iter().map(Span::width).sum()
}

/// Puts text from `x` on into at most `cells` cells of line `y`; returns how many it took. A
/// character that does not fit is left out, with all that follows.
pub fn put(buf: &mut Buffer, x: u16, y: u16, cells: u16, text: &Safe, style: Style) -> u16 {
    let area = buf.area;
    if y < area.top() || y >= area.bottom() || x < area.left() {
        return 0;
    }
    let end = area.right().min(x.saturating_add(cells));
    let mut at = x;
    for (symbol, wide) in text.atoms() {
        if at.saturating_add(wide) > end {
            break;
        }
        set(buf, at, y, symbol, style);
        for covered in at + 1..at + wide {
            set(buf, covered, y, " ", style);
        }
        at += wide;
    }
    at - x
}

/// Puts pieces side by side into at most `cells` cells; returns how many they took.
pub fn put_spans(buf: &mut Buffer, x: u16, y: u16, cells: u16, spans: &[Span]) -> u16 {
    let mut used = 0;
    for span in spans {
        used += put(buf, x + used, y, cells - used, &span.text, span.style);
    }
    used
}

/// Puts pieces so that they end where `area` does, on its line `y`; nothing when they do not fit.
pub fn put_spans_right(buf: &mut Buffer, area: Rect, y: u16, spans: &[Span]) -> u16 {
    let wanted = width(spans);
    if wanted > usize::from(area.width) {
        return 0;
    }
    put_spans(buf, area.right() - wanted as u16, y, wanted as u16, spans)
}

/// Gives cells another look and leaves what stands in them, also the colours that say something: a
/// colour for text is for what has the terminal's own.
pub fn restyle(buf: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buf.area);
    let plain = style.fg.is_some_and(|color| color != Color::Reset);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                let kept = cell.fg;
                cell.set_style(style);
                if plain && kept != Color::Reset {
                    cell.fg = kept;
                }
            }
        }
    }
}

/// Puts one character of our own into a cell.
pub fn put_char(buf: &mut Buffer, x: u16, y: u16, symbol: char, style: Style) {
    let mut bytes = [0; 4];
    set(buf, x, y, symbol.encode_utf8(&mut bytes), style);
}

/// Puts one character of our own into a cell that keeps its look.
pub(super) fn put_symbol(buf: &mut Buffer, x: u16, y: u16, symbol: char) {
    put_char(buf, x, y, symbol, Style::new());
}

/// Empties cells.
pub fn clear(buf: &mut Buffer, area: Rect) {
    let area = area.intersection(buf.area);
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where symbols enter cells"
)]
fn set(buf: &mut Buffer, x: u16, y: u16, symbol: &str, style: Style) {
    if let Some(cell) = buf.cell_mut((x, y)) {
        cell.set_symbol(symbol).set_style(style);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Modifier;

    use super::super::theme::{Depth, Palette, Role};
    use super::*;

    fn line(width: u16, text: &str, cells: u16) -> (Buffer, u16) {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 1));
        let used = put(&mut buf, 0, 0, cells, &Safe::new(text), Style::new());
        (buf, used)
    }

    #[test]
    fn text_stays_in_its_cells() {
        let (buf, used) = line(8, "resnet50", 4);
        assert_eq!((buf, used), (Buffer::with_lines(["resn    "]), 4));
        let (_, used) = line(3, "損失損失", 3);
        assert_eq!(used, 2, "half a character is none");
    }

    #[test]
    fn marks_stand_with_their_letter_and_wide_characters_cover_two_cells() {
        let (buf, used) = line(6, "e\u{301}損x", 6);
        let symbols: Vec<&str> = buf
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert_eq!(
            (symbols, used),
            (vec!["e\u{301}", "損", " ", "x", " ", " "], 4)
        );
    }

    #[test]
    fn a_message_keeps_its_colors_and_the_line_its_own() {
        let style = Style::new().add_modifier(Modifier::BOLD);
        let (plain, mono) = (
            Theme::default(),
            Theme::new(Palette::Mono, Depth::True, false),
        );
        let spans = colored_spans("a \x1b[31mb\x1b[0m", style, &plain);
        let bad = style.patch(plain.style(Role::Bad));
        assert_eq!(spans, [Span::new("a ", style), Span::new("b", bad)]);
        let spans = colored_spans("\x1b[41;31mb", style, &mono);
        assert_eq!(spans, [Span::new("b", style)]);
    }

    #[test]
    fn another_look_keeps_colours_that_say_something() {
        let (mut buf, _) = line(3, "abc", 3);
        let text = Style::new().fg(Color::Red);
        put(&mut buf, 1, 0, 1, &Safe::fixed("b"), text);
        let cursor = Style::new().fg(Color::White).bg(Color::Blue);
        restyle(&mut buf, Rect::new(0, 0, 2, 9), cursor);
        let looks: Vec<_> = buf.content.iter().map(|cell| (cell.fg, cell.bg)).collect();
        let plain = (Color::Reset, Color::Reset);
        let expected = [
            (Color::White, Color::Blue),
            (Color::Red, Color::Blue),
            plain,
        ];
        assert_eq!(looks, expected);
        // On a reversed line all colours go.
        restyle(
            &mut buf,
            Rect::new(0, 0, 2, 1),
            Style::new().fg(Color::Reset),
        );
        assert_eq!([buf[(0, 0)].fg, buf[(1, 0)].fg], [Color::Reset; 2]);
    }

    #[test]
    fn nothing_is_written_outside() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 4, 1));
        let before = buf.clone();
        put(&mut buf, 0, 7, 4, &Safe::fixed("x"), Style::new());
        put(&mut buf, 9, 0, 4, &Safe::fixed("x"), Style::new());
        put(&mut buf, 0, 0, 0, &Safe::fixed("x"), Style::new());
        clear(&mut buf, Rect::new(2, 0, 90, 90));
        assert_eq!(buf, before);
    }
}
