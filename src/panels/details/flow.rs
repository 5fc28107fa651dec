//! Where the lines stand: one below the other, and in several columns where there is room.

use ratatui::layout::Rect;

use super::super::Pane;
use super::line::Line;
use crate::widgets::frame;

/// The columns within the frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    inside: Rect,
    columns: u16,
    zoomed: bool,
}

/// Blank cells between two columns.
const GAP: u16 = 4;
/// A column is at least this wide before there is another one.
const WIDE: u16 = 48;
/// On a wide screen keys and values must not be far from each other.
const WIDEST: u16 = 64;

impl Flow {
    pub(super) fn of(pane: Pane) -> Self {
        let inside = frame::inside(pane.area);
        let margin = u16::from(inside.width >= 20);
        let inside = Rect {
            x: inside.x + margin,
            width: inside.width - 2 * margin,
            ..inside
        };
        let columns = if pane.zoomed {
            ((inside.width + GAP) / (WIDE + GAP)).clamp(1, 4)
        } else {
            1
        };
        Self {
            inside,
            columns,
            zoomed: pane.zoomed,
        }
    }

    /// One column, below the names of runs that stand beside each other.
    pub(super) fn beside(pane: Pane) -> Self {
        let flow = Self::of(pane);
        let heads = u16::from(flow.inside.height > 1);
        let inside = Rect {
            y: flow.inside.y + heads,
            height: flow.inside.height - heads,
            ..flow.inside
        };
        Self {
            inside,
            columns: 1,
            zoomed: false,
        }
    }

    /// Where the names of runs stand that are beside each other.
    pub(super) fn heads(pane: Pane) -> Rect {
        let inside = Self::of(pane).inside;
        Rect {
            height: u16::from(inside.height > 1),
            ..inside
        }
    }

    /// How wide a column is.
    pub(super) fn cells(self) -> usize {
        let cells = ((self.inside.width + GAP) / self.columns).saturating_sub(GAP);
        usize::from(if self.zoomed {
            cells.min(WIDEST)
        } else {
            cells
        })
    }

    pub(super) fn columns(self) -> usize {
        usize::from(self.columns)
    }

    pub(super) fn rows(self) -> usize {
        usize::from(self.inside.height)
    }

    /// How many lines are visible.
    pub(super) fn capacity(self) -> usize {
        self.rows() * self.columns()
    }

    /// The lines that are visible from `top` on, and where.
    pub(super) fn places(self, lines: &[Line], top: usize) -> Vec<(usize, Rect)> {
        if self.rows() == 0 {
            return Vec::new();
        }
        let slots = self
            .by_section(lines)
            .filter(|_| top == 0)
            .unwrap_or_else(|| {
                let rest = lines.len().saturating_sub(top);
                (0..rest.min(self.capacity())).collect()
            });
        let place = |(at, slot): (usize, usize)| {
            let (column, row) = (slot / self.rows(), slot % self.rows());
            let x = self.inside.x + (column * (self.cells() + usize::from(GAP))) as u16;
            let place = Rect {
                x,
                y: self.inside.y + row as u16,
                width: self.cells() as u16,
                height: 1,
            };
            (at, place)
        };
        // A blank line may lie between two columns.
        let visible = slots.into_iter().enumerate();
        let visible = visible.filter(|(_, slot)| *slot < self.capacity());
        visible.map(|(at, slot)| place((top + at, slot))).collect()
    }

    /// Slots such that no section is torn and the columns are about equally long, if all lines find
    /// room that way.
    fn by_section(self, lines: &[Line]) -> Option<Vec<usize>> {
        if self.columns < 2 || lines.len() > self.capacity() {
            return None;
        }
        let least = lines.len().div_ceil(self.columns()).max(1);
        (least..=self.rows()).find_map(|rows| self.within(lines, rows))
    }

    /// As [`Self::by_section`], with so many lines in a column at most.
    fn within(self, lines: &[Line], rows: usize) -> Option<Vec<usize>> {
        let mut slots = Vec::with_capacity(lines.len());
        let (mut column, mut row, mut at) = (0, 0, 0);
        while at < lines.len() {
            let rest = lines[at + 1..].iter();
            let length = 1 + rest.take_while(|line| !line.is_title).count();
            // A blank line at the end of a column is none.
            let needed = length - usize::from(lines[at + length - 1].is_blank());
            if needed > rows {
                return None;
            }
            if row + needed > rows {
                (column, row) = (column + 1, 0);
            }
            slots.extend((0..length).map(|more| column * self.rows() + row + more));
            row += length;
            at += length;
        }
        (column < self.columns()).then_some(slots)
    }
}
