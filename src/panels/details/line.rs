//! A line of the details: a title, a group that opens, a key with its value, or words.

use std::rc::Rc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::table::RowAt;
use crate::widgets::Safe;
use crate::widgets::apart::path_end;
use crate::widgets::paint::{Span, put_spans, restyle, width};
use crate::widgets::theme::{Role, Theme};

/// What may be left out of a value that is too long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Cut {
    /// Nothing: it is a number.
    #[default]
    Never,
    /// It is a path.
    Start,
    Middle,
    End,
}

/// A group that can be opened and closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fold {
    pub(super) id: String,
    pub(super) open: bool,
}

/// What a line is about, to be copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// The whole key: `optimizer.lr`.
    pub(super) key: Safe,
    pub(super) value: Safe,
    /// Where it lies on disk.
    pub(super) path: Option<Safe>,
}

/// A line.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) depth: u16,
    pub(super) left: Vec<Span>,
    /// It ends where the column does.
    pub(super) right: Vec<Span>,
    pub(super) cut: Cut,
    pub(super) fold: Option<Fold>,
    /// It begins a section.
    pub(super) is_title: bool,
    /// What can be copied from here.
    pub(super) known: Option<Rc<Known>>,
    /// It shows this row of a table of runs behind the label.
    pub(super) row: Option<RowAt>,
}

impl Line {
    pub(super) fn is_blank(&self) -> bool {
        self.left.is_empty() && self.right.is_empty()
    }

    /// What it says, to be pasted elsewhere.
    pub(super) fn text(&self) -> Safe {
        let blanks = Safe::default().pad_end(usize::from(self.depth));
        let both = [&self.left, &self.right].map(|spans| {
            let texts: Vec<Safe> = spans.iter().map(|span| span.text.clone()).collect();
            Safe::join(&texts, "")
        });
        let between = if both[1].is_empty() { "" } else { "  " };
        blanks.then(&Safe::join(&both, between)).trim_end()
    }

    pub(super) fn draw(&self, theme: &Theme, under_cursor: bool, at: Rect, buf: &mut Buffer) {
        if at.is_empty() {
            return;
        }
        let indent = self.depth.min(at.width / 2);
        let (x, room) = (at.x + indent, usize::from(at.width - indent));
        let (left, right) = self.fitted(room);
        put_spans(buf, x, at.y, room as u16, &left);
        let cells = width(&right);
        if cells <= room {
            put_spans(buf, x + (room - cells) as u16, at.y, cells as u16, &right);
        }
        if under_cursor {
            restyle(buf, at, theme.style(Role::Cursor));
        }
    }

    /// Both sides, made to fit side by side.
    fn fitted(&self, room: usize) -> (Vec<Span>, Vec<Span>) {
        let (left, right) = (width(&self.left), width(&self.right));
        if right == 0 {
            return (cut(&self.left, Cut::End, room), Vec::new());
        }
        if left + 1 + right <= room {
            return (self.left.clone(), self.right.clone());
        }
        if self.cut == Cut::Never {
            // The number before its name; and rather the name than half of the number.
            let rest = room.saturating_sub(right + 1);
            return match (right <= room, rest >= 3) {
                (true, true) => (cut(&self.left, Cut::Middle, rest), self.right.clone()),
                (true, false) => (Vec::new(), self.right.clone()),
                (false, _) => (cut(&self.left, Cut::Middle, room), Vec::new()),
            };
        }
        let name = left.min((room / 2).max(room.saturating_sub(right + 1)));
        let value = room.saturating_sub(name + 1);
        let name = cut(&self.left, Cut::Middle, name);
        (name, cut(&self.right, self.cut, value))
    }
}

/// Pieces in at most so many cells: the last one is cut, and the others if they must be.
fn cut(spans: &[Span], how: Cut, cells: usize) -> Vec<Span> {
    let mut rest = cells;
    let mut out = Vec::with_capacity(spans.len());
    for span in spans {
        let text = match how {
            Cut::Start => path_end(&span.text, rest),
            Cut::Middle => span.text.elide_middle(rest),
            Cut::End | Cut::Never => span.text.elide_end(rest),
        };
        rest = rest.saturating_sub(text.width());
        out.push(Span::new(text, span.style));
    }
    out
}
