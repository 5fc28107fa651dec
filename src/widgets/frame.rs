//! The frame around a panel: titles on its upper and lower edge, focus visible without colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::paint::{Span, put_char, put_spans, width};
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
    let used = edge(buf, left + 2, top, room, &frame.title);
    let rest = room.saturating_sub(used + 1);
    from_right(buf, right - 1, top, rest, &frame.right);
    from_right(buf, right - 1, bottom, room, &frame.bottom);
    inside(area)
}

/// A title with a blank on each side.
fn edge(buf: &mut Buffer, x: u16, y: u16, room: u16, spans: &[Span]) -> u16 {
    if spans.is_empty() || room < 3 {
        return 0;
    }
    put_char(buf, x, y, ' ', ratatui::style::Style::new());
    let used = put_spans(buf, x + 1, y, room - 2, spans);
    put_char(buf, x + 1 + used, y, ' ', ratatui::style::Style::new());
    used + 2
}

fn from_right(buf: &mut Buffer, right: u16, y: u16, room: u16, spans: &[Span]) {
    let wanted = width(spans) + 2;
    if !spans.is_empty() && wanted <= usize::from(room) {
        edge(buf, right - wanted as u16, y, wanted as u16, spans);
    }
}
