//! A filter that is being typed: what it finds, where it is wrong, what it may go on as.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::{Completion, Context, Seek};
use super::completing::Completing;
use super::draw_edit;
use crate::insight::query::Mistake;
use crate::widgets::Safe;
use crate::widgets::line_edit::{Edit, LineEdit};
use crate::widgets::paint::{Span, clear, put_spans_right, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// A filter that is being typed.
#[derive(Clone, Debug)]
pub struct FilterPrompt {
    pub edit: LineEdit,
    /// Why the text is no filter.
    pub mistake: Option<Mistake>,
    pub matches: Option<(u64, u64)>,
    /// More may be found.
    pub searching: bool,
    /// What the text may go on as, once somebody asked.
    pub(super) completing: Option<Completing>,
    pub(super) seek: Seek,
    pub(super) hint: &'static str,
}

impl FilterPrompt {
    pub fn new(seek: Seek, hint: &'static str) -> Self {
        Self {
            edit: LineEdit::default(),
            mistake: None,
            matches: None,
            searching: false,
            completing: None,
            seek,
            hint,
        }
    }

    /// What was typed before the cursor: this is what goes on.
    pub fn begun(&self) -> &str {
        &self.edit.text()[..self.edit.cursor()]
    }

    /// Whether there is a list of what the text may go on as.
    pub const fn is_completing(&self) -> bool {
        self.completing.is_some()
    }

    /// Opens the list, or brings it up to date. What is the only one is taken at once, if `only`.
    pub fn offer(&mut self, all: Vec<Completion>, only: bool) {
        let one = all.len() == 1 && only;
        self.completing = Completing::of(all);
        if one {
            self.take();
        }
    }

    pub fn close_list(&mut self) {
        self.completing = None;
    }

    pub fn step(&mut self, step: isize) {
        if let Some(completing) = &mut self.completing {
            completing.step(step);
        }
    }

    /// Types what is chosen in the list, and closes it.
    pub fn take(&mut self) {
        if let Some(chosen) = self.completing.take().and_then(Completing::chosen) {
            self.edit.apply(Edit::Complete(chosen.from, &chosen.text));
        }
    }
}

/// Draws the line of a filter, and above it what it may go on as; returns where the cursor is.
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
    let wrong = prompt.mistake.as_ref().map(|mistake| &mistake.at);
    draw_edit(theme, sign, &prompt.edit, wrong, rest, buf)
}

/// Draws what the text may go on as, above its line; `cursor` is where [`draw_filter`] put it.
pub fn draw_list(
    context: &Context<'_>,
    prompt: &FilterPrompt,
    screen: Rect,
    cursor: Position,
    buf: &mut Buffer,
) {
    if let Some(completing) = &prompt.completing {
        completing.draw(context.theme, prompt.begun(), screen, cursor, buf);
    }
}

/// How many match, or what is wrong.
fn told(theme: &Theme, prompt: &FilterPrompt, cells: usize) -> Vec<Span> {
    if let Some(mistake) = &prompt.mistake {
        let words = Safe::new(&mistake.words).elide_end(cells);
        return vec![Span::new(words, theme.style(Role::Bad))];
    }
    if prompt.edit.text().is_empty() {
        let hint = Span::new(prompt.hint, theme.style(Role::Quiet));
        if hint.width() <= cells {
            return vec![hint];
        }
    }
    let Some((shown, all)) = prompt.matches else {
        return Vec::new();
    };
    let (words, found) = match (prompt.searching, prompt.seek) {
        (false, _) => (safe!("{shown}/{all}"), shown),
        // Which of how many is not known yet.
        (true, Seek::Find) => (safe!("{all} so far"), all),
        (true, Seek::Only) => (safe!("{shown} so far"), shown),
    };
    let role = match (found, prompt.searching) {
        (0, true) => Role::Quiet,
        (0, false) => Role::Warning,
        _ => Role::Text,
    };
    let count = Span::new(words, theme.style(role));
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
