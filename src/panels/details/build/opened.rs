//! What has no room on one line, on lines of its own: by itself where a run has the whole screen, else
//! when somebody opens it.

use std::rc::Rc;

use ratatui::style::Style;

use super::super::cells::letter_span;
use super::super::entry::Entry;
use super::super::line::{Cut, Fold, Known, Line};
use super::super::table::{Cell, Head, Row};
use super::super::words::wrap_path;
use super::Builder;
use crate::widgets::Safe;
use crate::widgets::paint::{Span, width};
use crate::widgets::theme::Role;

/// A value takes at most this many lines by itself, and that many when it is opened.
const MOST_BY_ITSELF: usize = 8;
const MOST: usize = 500;

impl Builder<'_> {
    /// Whether something of the section is open that is closed at first; `name` tells it from the
    /// others.
    pub(super) fn opens(&self, name: &str) -> Fold {
        let id = format!("≡{}.{name}", self.section.name);
        let open = self.turned.contains(&id);
        Fold { id, open }
    }

    /// A key, and its value on lines of its own.
    pub(super) fn below(&mut self, entry: &Entry, known: &Rc<Known>, fold: Fold) {
        let quiet = self.context.theme.style(Role::Quiet);
        let most = if fold.open { MOST } else { MOST_BY_ITSELF };
        let start = self.lines.len();
        let depth = entry.depth;
        self.wrapped((depth, Cut::End), &entry.key, quiet, known, most);
        let (value, style) = (entry.whole(), entry.value.style);
        let lines = self.wrapped((depth + 2, entry.cut), value, style, known, most);
        if let Some(aside) = &entry.aside {
            self.wrapped((depth + 2, Cut::End), &aside.text, aside.style, known, 1);
        }
        // What is whole by itself has nothing to open.
        let opens = !self.wraps || entry.cut == Cut::Never || lines > MOST_BY_ITSELF;
        if let Some(line) = self.lines.get_mut(start) {
            line.fold = Some(fold).filter(|_| opens);
        }
    }

    /// What each run has, below a row of runs beside each other.
    pub(super) fn runs_below(&mut self, depth: u16, row: &Row, heads: &[Head]) {
        let theme = self.context.theme;
        for (head, cell) in heads.iter().zip(&row.cells) {
            let whole = cell.as_ref().map(Cell::whole);
            let known = Rc::new(Known {
                key: row.key.clone(),
                value: whole.cloned().unwrap_or_default(),
                path: None,
            });
            let mut left = vec![letter_span(theme, head)];
            left.push(Span::new(head.name.clone(), theme.style(Role::Quiet)));
            let value = whole.cloned().unwrap_or(Safe::fixed("–"));
            let style = theme.style(Role::Text);
            let depth = depth + 2;
            let room = self.cells.saturating_sub(usize::from(depth));
            let beside = width(&left) + 2 + value.width() <= room;
            if beside {
                left.push(Span::new(Safe::fixed("  ").then(&value), style));
            }
            self.lines.push(Line {
                depth,
                left,
                known: Some(Rc::clone(&known)),
                ..Line::default()
            });
            if !beside {
                let cut = cell.as_ref().map_or(Cut::End, |cell| cell.cut);
                self.wrapped((depth + 2, cut), &value, style, &known, MOST);
            }
        }
    }

    /// A text on as many lines as it needs, but no more than so many; how many it needs.
    fn wrapped(
        &mut self,
        (depth, cut): (u16, Cut),
        text: &Safe,
        style: Style,
        known: &Rc<Known>,
        most: usize,
    ) -> usize {
        let room = self.cells.saturating_sub(usize::from(depth)).max(1);
        let is_path = || text.as_str().contains('/') && !text.as_str().contains(' ');
        let mut lines = match cut {
            Cut::Start => wrap_path(text, room),
            Cut::Middle if is_path() => wrap_path(text, room),
            Cut::Middle | Cut::End | Cut::Never => text.wrap(room),
        };
        let all = lines.len();
        if all > most {
            lines.truncate(most);
            if let Some(last) = lines.last_mut() {
                *last = last.then(&Safe::fixed(" …")).elide_end(room);
            }
        }
        self.lines.extend(lines.into_iter().map(|line| Line {
            depth,
            left: vec![Span::new(line, style)],
            known: Some(Rc::clone(known)),
            ..Line::default()
        }));
        all
    }
}
