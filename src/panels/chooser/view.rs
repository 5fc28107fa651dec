//! How a list to choose from looks.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::Context;
use super::{Choosable, Chooser};
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, clear, put_spans, put_spans_right, restyle};
use crate::widgets::pieces::hints;
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

const NARROWEST: usize = 44;
const WIDEST: usize = 100;
/// Names get no more than this where there are words behind them.
const NAME: usize = 44;
/// Less than this above and below the list is left to the list.
const MARGIN: u16 = 3;

impl Chooser {
    /// Draws the list over the whole screen's `area`; returns where the cursor is.
    pub fn draw(&self, context: &Context<'_>, area: Rect, buf: &mut Buffer) -> Position {
        let theme = context.theme;
        let outside = self.outside(area);
        // A blank at both sides: the words behind it end visibly.
        let around = Rect {
            x: outside.x.saturating_sub(1),
            width: outside.width.saturating_add(2),
            ..outside
        };
        clear(buf, around.intersection(area));
        let inside = frame::draw(&self.frame(theme, outside.width), theme, outside, buf);
        if inside.is_empty() {
            return Position::new(area.x, area.y);
        }
        let margin = u16::from(inside.width > 10);
        let line = Rect {
            x: inside.x + margin,
            width: inside.width - 2 * margin,
            height: 1,
            ..inside
        };
        let cursor = self.draw_filter(theme, line, buf);
        let gap = u16::from(inside.height > 4);
        let list = Rect {
            y: inside.y + 1 + gap,
            height: inside.height - 1 - gap,
            ..inside
        };
        self.draw_items(theme, list, buf);
        cursor
    }

    /// In the middle of the screen, as large as all items need, whatever is filtered: nothing moves
    /// while somebody types.
    fn outside(&self, area: Rect) -> Rect {
        let name = self.widest(|item| &item.name);
        let words = self.widest(|item| &item.words);
        let behind = if words > 0 { words + 2 } else { 0 };
        let title = self.title.width() + 24;
        let wide = (name + behind + 8).clamp(NARROWEST, WIDEST).max(title);
        let width = (wide as u16).min(area.width);
        let most = if area.height > 4 * MARGIN {
            area.height - 2 * MARGIN
        } else {
            area.height
        };
        let rows = u16::try_from(self.items.len().max(1)).unwrap_or(u16::MAX);
        let height = rows.saturating_add(4).min(most);
        Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        }
    }

    fn widest(&self, text: impl Fn(&Choosable) -> &Safe) -> usize {
        let widths = self.items.iter().map(|item| text(item).width());
        widths.max().unwrap_or_default().min(WIDEST)
    }

    fn draw_filter(&self, theme: &Theme, line: Rect, buf: &mut Buffer) -> Position {
        let quiet = theme.style(Role::Quiet);
        let told = match &self.wrong {
            Some(wrong) => Span::new(Safe::new(wrong), theme.style(Role::Bad)),
            None if self.is_filtered() => Span::new("", quiet),
            None => Span::new("type to filter", quiet),
        };
        let used = put_spans_right(buf, line, line.y, &[told]);
        let room = usize::from(line.width.saturating_sub(used + 4));
        let text = Safe::new(&self.edit.text()[..self.edit.cursor()]).elide_start(room);
        let after = Safe::new(&self.edit.text()[self.edit.cursor()..]);
        let after = after.elide_end(room.saturating_sub(text.width()));
        let at = 2 + text.width() as u16;
        let spans = [
            Span::new("/ ", theme.style(Role::Accent)),
            Span::new(text, theme.style(Role::Text)),
            Span::new(after, theme.style(Role::Text)),
        ];
        put_spans(buf, line.x, line.y, line.width, &spans);
        let last = line.right().saturating_sub(1);
        Position::new(line.x.saturating_add(at).min(last), line.y)
    }

    fn draw_items(&self, theme: &Theme, list: Rect, buf: &mut Buffer) {
        if list.is_empty() {
            return;
        }
        if self.shown.is_empty() {
            let words = Span::new("  nothing matches", theme.style(Role::Warning));
            put_spans(buf, list.x, list.y, list.width, &[words]);
            return;
        }
        let rows = usize::from(list.height);
        let most = self.shown.len().saturating_sub(rows);
        // The cursor is in the middle, as long as there are items above and below.
        let top = self.cursor.saturating_sub(rows / 2).min(most);
        let behind = self.items.iter().any(|item| !item.words.is_empty());
        let name = self.widest(|item| &item.name);
        let room = usize::from(list.width).saturating_sub(8);
        let name = if behind {
            name.min(NAME).min(room * 2 / 3)
        } else {
            name.min(room)
        };
        let shown = self.shown.iter().enumerate().skip(top);
        for ((row, at), y) in shown.zip(list.top()..list.bottom()) {
            let line = Rect {
                y,
                height: 1,
                ..list
            };
            let mut spans = self.mark(theme, &self.items[*at]);
            spans.extend(named(theme, &self.filter, &self.items[*at].name, name));
            let left = room.saturating_sub(name);
            let words = self.items[*at].words.elide_end(left);
            spans.push(Span::new("  ", theme.style(Role::Quiet)));
            spans.push(Span::new(words, theme.style(Role::Quiet)));
            put_spans(buf, line.x, y, line.width, &spans);
            if row == self.cursor {
                restyle(buf, line, theme.style(Role::Cursor));
            }
        }
    }

    /// Whether it is chosen: a box where many can be.
    fn mark(&self, theme: &Theme, item: &Choosable) -> Vec<Span> {
        let quiet = theme.style(Role::Quiet);
        let good = theme.style(Role::Good);
        match (self.many, item.chosen) {
            (true, true) => vec![
                Span::new(" [", quiet),
                Span::new("✓", good),
                Span::new("] ", quiet),
            ],
            (true, false) => vec![Span::new(" [ ] ", quiet)],
            (false, true) => vec![Span::new("   ✓ ", good)],
            (false, false) if self.items.iter().any(|item| item.chosen) => {
                vec![Span::new("     ", quiet)]
            }
            (false, false) => vec![Span::new(" ", quiet)],
        }
    }

    fn frame(&self, theme: &Theme, width: u16) -> Frame {
        let quiet = theme.style(Role::Quiet);
        let all = self.items.len();
        let chosen = self.items.iter().filter(|item| item.chosen).count();
        let count = if self.many {
            safe!("{chosen} of {all} chosen")
        } else if self.is_filtered() {
            safe!("{} of {all}", self.shown.len())
        } else {
            safe!("{all}")
        };
        let close = if self.is_filtered() { "clear" } else { "close" };
        let mut keys = match (self.many, self.is_filtered()) {
            (true, true) => vec![("Tab", "choose"), ("Enter", "done")],
            (true, false) => vec![("Space", "choose"), ("Enter", "done")],
            (false, _) => vec![("Enter", "choose")],
        };
        keys.push(("Esc", close));
        let bottom = hints(theme, &keys, usize::from(width).saturating_sub(6));
        Frame {
            title: vec![Span::new(self.title.clone(), theme.style(Role::Strong))],
            right: vec![Span::new(count, quiet)],
            bottom,
            focused: true,
        }
    }
}

/// A name in so many cells, what the filter found in it marked.
fn named(theme: &Theme, filter: &Filter, name: &Safe, cells: usize) -> Vec<Span> {
    let name = name.elide_middle(cells);
    let text = name.as_str();
    let style = |role| theme.style(role);
    let mut spans = Vec::new();
    let mut at = 0;
    for place in filter.places(text) {
        spans.push(Span::new(
            Safe::new(&text[at..place.start]),
            style(Role::Text),
        ));
        spans.push(Span::new(
            Safe::new(&text[place.clone()]),
            style(Role::Match),
        ));
        at = place.end;
    }
    let rest = Safe::new(&text[at..]);
    let blanks = Safe::default().pad_end(cells.saturating_sub(name.width()));
    spans.push(Span::new(rest, style(Role::Text)));
    spans.push(Span::new(blanks, style(Role::Text)));
    spans
}
