//! Cells that were drawn once and are put where they were again: cheaper than drawing them.

use ratatui::buffer::{Buffer, Cell};

/// What of a buffer is not blank: pieces of its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    pieces: Vec<Piece>,
    cells: Vec<Cell>,
}

/// Cells that stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    x: u16,
    y: u16,
    count: u16,
}

impl Patch {
    pub fn of(buf: &Buffer) -> Self {
        let mut patch = Self::default();
        let width = usize::from(buf.area.width.max(1));
        for (y, row) in (buf.area.top()..).zip(buf.content.chunks(width)) {
            let mut before = false;
            for (x, cell) in (buf.area.left()..).zip(row) {
                let blank = *cell == Cell::EMPTY;
                if !blank {
                    patch.cells.push(cell.clone());
                    match patch.pieces.last_mut().filter(|_| before) {
                        Some(piece) => piece.count += 1,
                        None => patch.pieces.push(Piece { x, y, count: 1 }),
                    }
                }
                before = !blank;
            }
        }
        patch
    }

    /// Puts the cells where they were; what was blank stays as it is. What has no place is left out.
    pub fn put(&self, buf: &mut Buffer) {
        let area = buf.area;
        let mut from = 0;
        for piece in &self.pieces {
            let cells = &self.cells[from..from + usize::from(piece.count)];
            from += usize::from(piece.count);
            if piece.y < area.top() || piece.y >= area.bottom() {
                continue;
            }
            let start = piece.x.clamp(area.left(), area.right());
            let end = piece.x.saturating_add(piece.count);
            let end = end.clamp(start, area.right());
            let first = usize::from(start - piece.x.min(start)).min(cells.len());
            let count = usize::from(end - start).min(cells.len() - first);
            let row = usize::from(piece.y - area.top()) * usize::from(area.width);
            let to = row + usize::from(start - area.left());
            if let Some(held) = buf.content.get_mut(to..to + count) {
                held.clone_from_slice(&cells[first..first + count]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Style};

    use super::*;
    use crate::widgets::Safe;
    use crate::widgets::paint::put;

    fn buffer(area: Rect, words: &[(u16, u16, String)]) -> Buffer {
        let mut buf = Buffer::empty(area);
        for (x, y, text) in words {
            let style = Style::new().fg(Color::Indexed(*x as u8));
            put(&mut buf, *x, *y, 9, &Safe::new(text), style);
        }
        buf
    }

    fn area() -> impl Strategy<Value = Rect> {
        (0..9_u16, 0..5_u16, 0..20_u16, 0..6_u16)
            .prop_map(|(x, y, width, height)| Rect::new(x, y, width, height))
    }

    proptest! {
        #[test]
        fn what_is_put_is_what_was_drawn_as_far_as_it_has_a_place(
            drawn in area(), screen in area(),
            words in prop::collection::vec((0..30_u16, 0..9_u16, "[ a-c損]{0,6}"), 0..9),
        ) {
            let source = buffer(drawn, &words);
            let mut buf = Buffer::empty(screen);
            Patch::of(&source).put(&mut buf);
            for y in screen.top()..screen.bottom() {
                for x in screen.left()..screen.right() {
                    let expected = source.cell((x, y)).unwrap_or(&Cell::EMPTY);
                    prop_assert_eq!(&buf[(x, y)], expected, "{} {}", x, y);
                }
            }
        }
    }

    #[test]
    fn what_was_blank_stays_as_it_is() {
        let area = Rect::new(0, 0, 4, 1);
        let patch = Patch::of(&Buffer::with_lines(["a  b"]));
        let mut buf = Buffer::with_lines(["wxyz"]);
        patch.put(&mut buf);
        assert_eq!(buf, Buffer::with_lines(["axyb"]));
        assert_eq!(buf.area, area);
    }
}
