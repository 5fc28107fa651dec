//! The line that is typed into: a filter after `/`, a command after `:` with what it may become.

mod fuzzy;
mod palette;
#[cfg(test)]
mod tests;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{Context, Seek};
use crate::insight::query::Mistake;
use crate::widgets::Safe;
use crate::widgets::line_edit::LineEdit;
use crate::widgets::paint::{Span, clear, put_spans, put_spans_right, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

pub use self::palette::{Answer, Palette};

/// A filter that is being typed.
#[derive(Clone, Debug)]
pub struct FilterPrompt {
    pub edit: LineEdit,
    /// Why the text is no filter.
    pub mistake: Option<Mistake>,
    pub matches: Option<(u64, u64)>,
    seek: Seek,
    hint: &'static str,
}

impl FilterPrompt {
    pub fn new(seek: Seek, hint: &'static str) -> Self {
        Self {
            edit: LineEdit::default(),
            mistake: None,
            matches: None,
            seek,
            hint,
        }
    }
}

/// Draws the line of a filter; returns where the cursor is.
pub fn draw_filter(
    context: &Context<'_>,
    prompt: &FilterPrompt,
    area: Rect,
    buf: &mut Buffer,
) -> Position {
    clear(
        buf,
        Rect {
            height: area.height.min(1),
            ..area
        },
    );
    let theme = context.theme;
    let line = Rect {
        x: area.x.saturating_add(1),
        width: area.width.saturating_sub(2),
        ..area
    };
    if line.is_empty() {
        return Position::new(area.x, area.y);
    }
    let typed = Safe::new(prompt.edit.text()).width() + 6;
    let room = usize::from(line.width).saturating_sub(typed);
    let told = told(theme, prompt, room.max(usize::from(line.width / 2)));
    let used = put_spans_right(buf, line, line.y, &told);
    let rest = Rect {
        width: line.width.saturating_sub(used + 2 * u16::from(used > 0)),
        ..line
    };
    let sign = match prompt.seek {
        Seek::Find => '/',
        Seek::Only => '&',
    };
    draw_edit(theme, sign, &prompt.edit, rest, buf)
}

/// How many match, or what is wrong.
fn told(theme: &Theme, prompt: &FilterPrompt, cells: usize) -> Vec<Span> {
    if let Some(mistake) = &prompt.mistake {
        return vec![Span::new(
            Safe::new(&mistake.words).elide_end(cells),
            theme.style(Role::Bad),
        )];
    }
    let Some((shown, all)) = prompt.matches else {
        return Vec::new();
    };
    if prompt.edit.text().is_empty() {
        let hint = Span::new(prompt.hint, theme.style(Role::Quiet));
        if hint.width() <= cells {
            return vec![hint];
        }
    }
    let role = if shown == 0 {
        Role::Warning
    } else {
        Role::Text
    };
    let count = Span::new(safe!("{shown}/{all}"), theme.style(role));
    let quiet = theme.style(Role::Quiet);
    let key = theme.style(Role::Strong);
    let full = vec![
        Span::new("Enter", key),
        Span::new(" keep  ", quiet),
        Span::new("Esc", key),
        Span::new(" clear   ", quiet),
        count.clone(),
    ];
    if width(&full) <= cells {
        full
    } else {
        vec![count]
    }
}

/// Draws a sign and the text behind it; of a long text the part around the cursor.
fn draw_edit(theme: &Theme, sign: char, edit: &LineEdit, line: Rect, buf: &mut Buffer) -> Position {
    let sign = Span::new(safe!("{sign} "), theme.style(Role::Accent));
    let text = theme.style(Role::Text);
    let (before, after) = edit.parts();
    let room = usize::from(line.width).saturating_sub(sign.width() + 1);
    let before = before.elide_start(room);
    let after = after.elide_end(room.saturating_sub(before.width()) + 1);
    let cursor = sign.width() + before.width();
    let spans = [sign, Span::new(before, text), Span::new(after, text)];
    put_spans(buf, line.x, line.y, line.width, &spans);
    let x = line.x.saturating_add(cursor as u16);
    Position::new(x.min(line.right().saturating_sub(1)), line.y)
}
