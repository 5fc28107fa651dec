//! How far something has come, as a line that fills.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::paint::put_char;

/// Fills the first line of an area up to a ratio in 0..=1. Full means done: as long as anything is
/// missing, the last cell is not filled, and anything at all fills the first.
pub fn draw(ratio: f64, done: Style, rest: Style, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let filled = filled(ratio, area.width);
    for (at, x) in (area.left()..area.right()).enumerate() {
        let (symbol, style) = if at < usize::from(filled) {
            ('━', done)
        } else {
            ('─', rest)
        };
        put_char(buf, x, area.top(), symbol, style);
    }
}

fn filled(ratio: f64, cells: u16) -> u16 {
    let filled = (ratio * f64::from(cells)).round() as u16;
    if ratio >= 1.0 {
        cells
    } else if ratio > 0.0 {
        filled.max(1).min(cells.saturating_sub(1))
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::style::Color;

    use super::*;

    #[test]
    fn the_line_fills() {
        let drawn = |ratio| {
            let mut buf = Buffer::empty(Rect::new(0, 0, 8, 1));
            let (done, rest) = (Style::new(), Style::new());
            draw(ratio, done, rest, Rect::new(1, 0, 6, 1), &mut buf);
            buf
        };
        assert_eq!(drawn(0.0), Buffer::with_lines([" ────── "]));
        assert_eq!(drawn(0.001), Buffer::with_lines([" ━───── "]));
        assert_eq!(drawn(0.5), Buffer::with_lines([" ━━━─── "]));
        assert_eq!(drawn(0.999), Buffer::with_lines([" ━━━━━─ "]));
        assert_eq!(drawn(1.0), Buffer::with_lines([" ━━━━━━ "]));
    }

    #[test]
    fn both_parts_have_their_look() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 2, 1));
        let (done, rest) = (Style::new().fg(Color::Green), Style::new().fg(Color::Red));
        draw(0.5, done, rest, Rect::new(0, 0, 9, 9), &mut buf);
        let colors: Vec<Color> = buf.content.iter().map(|cell| cell.fg).collect();
        assert_eq!(colors, [Color::Green, Color::Red]);
    }

    proptest! {
        #[test]
        fn more_is_never_shorter(a in 0.0..=1.0_f64, b in 0.0..=1.0_f64, cells in 0..300_u16) {
            let (less, more) = (filled(a.min(b), cells), filled(a.max(b), cells));
            prop_assert!(less <= more && more <= cells);
            prop_assert_eq!(filled(a, cells) == cells, a == 1.0 || cells == 0);
        }
    }
}
