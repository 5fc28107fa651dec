//! The frame around a panel: titles on its upper and lower edge, focus visible without colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint::{Span, clear, put_char, put_spans, width};
use super::theme::{Role, Theme};

/// What stands on the edges.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Upper edge, from the left.
    pub title: Vec<Span>,
    /// Upper edge, at the right; left out when there is no room.
    pub right: Vec<Span>,
    /// Lower edge, at the right.
    pub bottom: Vec<Span>,
    pub focused: bool,
}

/// The characters of an edge: horizontal, vertical, four corners.
const LINES: [char; 6] = ['─', '│', '┌', '┐', '└', '┘'];
const HEAVY: [char; 6] = ['━', '┃', '┏', '┓', '┗', '┛'];

/// The area within a frame.
pub fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x.saturating_add(1),
        y: area.y.saturating_add(1),
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(2),
    }
}

/// Draws a frame and returns the area within it.
pub fn draw(frame: &Frame, theme: &Theme, area: Rect, buf: &mut Buffer) -> Rect {
    let area = area.intersection(buf.area);
    if area.width < 2 || area.height < 2 {
        return Rect::ZERO;
    }
    let (role, [flat, tall, a, b, c, d]) = if frame.focused {
        (
            Role::FocusedBorder,
            if theme.is_mono() { HEAVY } else { LINES },
        )
    } else {
        (Role::Border, LINES)
    };
    let style = theme.style(role);
    let (left, right) = (area.left(), area.right() - 1);
    let (top, bottom) = (area.top(), area.bottom() - 1);
    for x in left + 1..right {
        put_char(buf, x, top, flat, style);
        put_char(buf, x, bottom, flat, style);
    }
    for y in top + 1..bottom {
        put_char(buf, left, y, tall, style);
        put_char(buf, right, y, tall, style);
    }
    for (x, y, corner) in [
        (left, top, a),
        (right, top, b),
        (left, bottom, c),
        (right, bottom, d),
    ] {
        put_char(buf, x, y, corner, style);
    }
    let room = area.width.saturating_sub(4);
    let title = whole_pieces(&frame.title, usize::from(room.saturating_sub(2)));
    let used = edge(buf, left + 2, top, room, &title);
    let rest = room.saturating_sub(used + 1);
    from_right(buf, right - 1, top, rest, &frame.right);
    from_right(buf, right - 1, bottom, room, &frame.bottom);
    inside(area)
}

/// The pieces that fit. Of the first that does not, its start is left, unless it is a number.
fn whole_pieces(spans: &[Span], cells: usize) -> Vec<Span> {
    const WORTH_IT: usize = 2;
    let (mut kept, mut used) = (Vec::new(), 0);
    for span in spans {
        let wide = span.width();
        if used + wide <= cells {
            used += wide;
            kept.push(span.clone());
            continue;
        }
        let has_number = span.text.as_str().contains(|c: char| c.is_ascii_digit());
        if kept.is_empty() || !has_number && cells - used >= WORTH_IT {
            kept.push(Span::new(span.text.elide_end(cells - used), span.style));
        }
        break;
    }
    while kept
        .last()
        .is_some_and(|span| span.text.as_str().trim().is_empty())
    {
        kept.pop();
    }
    kept
}

/// A title with a blank on each side.
fn edge(buf: &mut Buffer, x: u16, y: u16, room: u16, spans: &[Span]) -> u16 {
    if spans.is_empty() || room < 3 {
        return 0;
    }
    let used = (width(spans) as u16).min(room - 2);
    // The words have their own look, nothing of that of the edge.
    clear(buf, Rect::new(x, y, used + 2, 1));
    put_spans(buf, x + 1, y, used, spans) + 2
}

fn from_right(buf: &mut Buffer, right: u16, y: u16, room: u16, spans: &[Span]) {
    let wanted = width(spans) + 2;
    if !spans.is_empty() && wanted <= usize::from(room) {
        edge(buf, right - wanted as u16, y, wanted as u16, spans);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::Cell;
    use ratatui::style::{Color, Style};

    use super::super::text::Safe;
    use super::super::theme::{Depth, Palette};
    use super::*;

    fn span(text: &str) -> Span {
        Span::new(Safe::new(text), Style::new())
    }

    fn logs(focused: bool) -> Frame {
        Frame {
            title: ["3 ", "Logs", "  ", "W 4", "  ", "E 1"].map(span).to_vec(),
            right: vec![span("follow")],
            bottom: vec![span("1–4 of 9")],
            focused,
        }
    }

    fn drawn(frame: &Frame, theme: &Theme, area: Rect) -> Buffer {
        let mut buf = Buffer::empty(Rect::new(0, 0, area.right(), area.bottom()));
        draw(frame, theme, area, &mut buf);
        buf
    }

    fn symbols(buf: &Buffer) -> Vec<String> {
        let lines = buf.content.chunks(usize::from(buf.area.width));
        lines
            .map(|line| line.iter().map(Cell::symbol).collect())
            .collect()
    }

    #[test]
    fn titles_sit_in_the_edges() {
        let theme = Theme::default();
        let lines = |width| symbols(&drawn(&logs(false), &theme, Rect::new(0, 0, width, 3)));
        assert_eq!(
            lines(36),
            [
                "┌─ 3 Logs  W 4  E 1 ────── follow ─┐",
                "│                                  │",
                "└─────────────────────── 1–4 of 9 ─┘",
            ]
        );
        assert_eq!(lines(28)[0], "┌─ 3 Logs  W 4  E 1 ───────┐");
        assert_eq!(lines(18)[0], "┌─ 3 Logs  W 4 ──┐");
        assert_eq!(lines(11)[0], "┌─ 3 Lo… ─┐");
        assert_eq!(lines(2), ["┌┐", "││", "└┘"]);
    }

    #[test]
    fn focus_is_seen_with_and_without_colors() {
        let area = Rect::new(0, 0, 24, 3);
        let color = |focused| drawn(&logs(focused), &Theme::default(), area)[(0, 1)].fg;
        assert_ne!(color(true), color(false));
        for mono in [
            Theme::new(Palette::Mono, Depth::True, false),
            Theme::new(Palette::Dark, Depth::None, false),
        ] {
            let [focused, other] = [true, false].map(|focused| drawn(&logs(focused), &mono, area));
            assert_eq!(symbols(&focused)[0], "┏━ 3 Logs  W 4  E 1 ━━━┓");
            assert_eq!(symbols(&other)[0], "┌─ 3 Logs  W 4  E 1 ───┐");
            assert!(focused.content.iter().all(|cell| cell.fg == Color::Reset));
        }
    }

    proptest! {
        #[test]
        fn nothing_is_drawn_outside(
            x in 0..60_u16, y in 0..8_u16, width in 0..80_u16, height in 0..8_u16, focused: bool,
        ) {
            let screen = Rect::new(0, 0, 50, 5);
            let mut buf = Buffer::empty(screen);
            let area = Rect::new(x, y, width, height);
            let within = draw(&logs(focused), &Theme::default(), area, &mut buf);
            prop_assert!(within.is_empty() || within.intersection(area) == within);
            for at in screen.positions() {
                prop_assert!(area.contains(at) || buf[at] == Cell::EMPTY);
                prop_assert!(!within.contains(at) || buf[at] == Cell::EMPTY);
            }
        }
    }
}
