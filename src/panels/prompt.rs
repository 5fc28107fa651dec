//! The line that is typed into: a filter after `/` or `&`, a command after `:`, and what they may
//! become.

mod completing;
mod filter;
mod fuzzy;
mod palette;
#[cfg(test)]
mod tests;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::widgets::Safe;
use crate::widgets::line_edit::LineEdit;
use crate::widgets::paint::{Span, put_spans, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

pub use self::filter::{FilterPrompt, draw_filter, draw_list};
pub use self::palette::{Answer, Palette};

/// Draws a sign and the text behind it, what is wrong in it marked; of a long text the part around
/// the cursor.
fn draw_edit(
    theme: &Theme,
    sign: char,
    edit: &LineEdit,
    wrong: Option<&Range<usize>>,
    line: Rect,
    buf: &mut Buffer,
) -> Position {
    let sign = Span::new(safe!("{sign} "), theme.style(Role::Accent));
    let room = usize::from(line.width).saturating_sub(sign.width() + 1);
    let cursor = edit.cursor();
    let before = last_cells(pieces(theme, edit.text(), 0..cursor, wrong), room);
    let used = width(&before);
    let after = pieces(theme, edit.text(), cursor..edit.text().len(), wrong);
    let after = first_cells(after, room.saturating_sub(used) + 1);
    let at = sign.width() + used;
    let spans: Vec<Span> = [sign].into_iter().chain(before).chain(after).collect();
    put_spans(buf, line.x, line.y, line.width, &spans);
    let x = line.x.saturating_add(at as u16);
    Position::new(x.min(line.right().saturating_sub(1)), line.y)
}

/// A part of a text, in pieces of one look.
fn pieces(
    theme: &Theme,
    text: &str,
    part: Range<usize>,
    wrong: Option<&Range<usize>>,
) -> Vec<Span> {
    let plain = theme.style(Role::Text);
    let bad = theme.style(Role::Match).patch(theme.style(Role::Bad));
    let wrong = wrong.filter(|wrong| text.get((*wrong).clone()).is_some());
    let (start, end) = wrong.map_or((part.end, part.end), |wrong| (wrong.start, wrong.end));
    let within = |at: usize| at.clamp(part.start, part.end);
    let cuts = [part.start, within(start), within(end), part.end];
    let piece = |at: usize| Safe::new(&text[cuts[at]..cuts[at + 1]]);
    [(0, plain), (1, bad), (2, plain)]
        .into_iter()
        .map(|(at, style)| Span::new(piece(at), style))
        .filter(|span| !span.text.is_empty())
        .collect()
}

/// As much of the end of a line as there is room for.
fn last_cells(spans: Vec<Span>, cells: usize) -> Vec<Span> {
    let mut left = cells;
    let mut kept = Vec::new();
    for mut span in spans.into_iter().rev() {
        let whole = span.width() <= left;
        if !whole {
            span.text = span.text.elide_start(left);
        }
        left -= span.width().min(left);
        kept.push(span);
        if !whole {
            break;
        }
    }
    kept.reverse();
    kept
}

/// As much of the start of a line as there is room for.
fn first_cells(spans: Vec<Span>, cells: usize) -> Vec<Span> {
    let mut left = cells;
    let mut kept = Vec::new();
    for mut span in spans {
        let whole = span.width() <= left;
        if !whole {
            span.text = span.text.elide_end(left);
        }
        left -= span.width().min(left);
        kept.push(span);
        if !whole {
            break;
        }
    }
    kept
}
