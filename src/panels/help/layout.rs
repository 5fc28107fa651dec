//! Where the lines of the help stand.

use ratatui::layout::Rect;

use super::Line;
use crate::widgets::frame;

/// Blank cells between two columns.
const GAP: u16 = 3;
/// Less than this of what is below is no margin but torn words.
const MARGIN: u16 = 8;
/// The most that a line takes.
const COLUMN: u16 = 72;

/// Where the lines stand: one column or two, in the middle of the screen or on all of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub(super) outside: Rect,
    pub(super) columns: u16,
}

impl Layout {
    pub(super) fn of(screen: Rect) -> Self {
        let columns = if screen.width >= 2 * COLUMN { 2 } else { 1 };
        if screen.width < 80 || screen.height < 20 {
            return Self {
                outside: screen,
                columns: 1,
            };
        }
        let width = COLUMN * columns + GAP * (columns - 1) + 4;
        let width = if screen.width < width + 2 * MARGIN {
            screen.width
        } else {
            width
        };
        Self {
            outside: Rect {
                x: screen.x + (screen.width - width) / 2,
                y: screen.y + 1,
                width,
                height: screen.height - 2,
            },
            columns,
        }
    }

    /// No higher than the lines need, unless what is above and below were torn words.
    pub(super) fn shrunk_to(self, lines: &[Line]) -> Self {
        if self.outside.y == 0 {
            return self;
        }
        let of_height = |height| {
            let free = self.outside.height - height;
            let outside = Rect {
                y: self.outside.y + free / 2,
                height,
                ..self.outside
            };
            Self { outside, ..self }
        };
        let least = (lines.len() / usize::from(self.columns)).max(1) + 2;
        let heights = least.min(usize::from(self.outside.height)) as u16..self.outside.height;
        let mut layouts = heights.map(of_height);
        let enough = layouts.find(|layout| layout.arranged(lines, 0).1 == lines.len());
        let leaves_room = |layout: &Self| layout.outside.height + MARGIN <= self.outside.height;
        enough.filter(leaves_room).unwrap_or(self)
    }

    /// What stands in the columns, one after the other, and how many of the lines from `top` on that is. A title
    /// stays with its rows, and a section that goes on in the next column says so.
    pub(super) fn arranged(self, lines: &[Line], top: usize) -> (Vec<Line>, usize) {
        let rows = self.rows();
        let mut shown = Vec::with_capacity(self.capacity());
        let mut at = top;
        for column in 0..usize::from(self.columns) {
            let end = (column + 1) * rows;
            if column > 0 {
                at += usize::from(matches!(lines.get(at), Some(Line::Blank)));
                let title = lines[..at].iter().rev().find_map(|line| match line {
                    Line::Title(title) => Some(*title),
                    _ => None,
                });
                let goes_on = lines.get(at).is_some_and(Line::is_row);
                shown.extend(title.filter(|_| goes_on && rows > 2).map(Line::Again));
            }
            while let Some(line) = lines.get(at).filter(|_| shown.len() < end) {
                if matches!(line, Line::Title(_))
                    && shown.len() + 3 > end
                    && rows > 2
                    && self.columns > 1
                {
                    break;
                }
                shown.push(line.clone());
                at += 1;
            }
            if at < lines.len() {
                shown.resize(end, Line::Blank);
            }
        }
        (shown, at - top)
    }

    /// The first line when the last one is visible.
    pub(super) fn last_top(self, lines: &[Line]) -> usize {
        let first = lines.len().saturating_sub(self.capacity());
        let mut tops = first..lines.len();
        tops.find(|top| top + self.arranged(lines, *top).1 == lines.len())
            .unwrap_or(first)
    }

    pub(super) fn rows(self) -> usize {
        usize::from(self.outside.height.saturating_sub(2))
    }

    pub(super) fn capacity(self) -> usize {
        self.rows() * usize::from(self.columns)
    }

    pub(super) fn place(self, at: usize) -> Rect {
        let inside = frame::inside(self.outside);
        let margin = u16::from(inside.width >= 20);
        let room = inside.width - 2 * margin;
        let width = if self.columns == 1 {
            room
        } else {
            ((room + GAP) / self.columns).saturating_sub(GAP)
        };
        let (column, row) = (at / self.rows().max(1), at % self.rows().max(1));
        Rect {
            x: inside.x + margin + column as u16 * (width + GAP),
            y: inside.y + row as u16,
            width,
            height: 1,
        }
    }
}
