//! A list to choose from, which can be filtered: columns, what to copy, what to group by.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::Context;
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::frame::{self, Frame};
use crate::widgets::line_edit::{Edit, LineEdit};
use crate::widgets::paint::{Span, clear, put_spans, restyle};
use crate::widgets::theme::Role;

/// What is chosen for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// One of the things that can be copied.
    Copy,
    /// Runs: the columns of the table.
    Columns,
    /// Runs: what runs are grouped by.
    Group,
}

/// A thing that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    pub name: Safe,
    /// What it is, or what it holds.
    pub words: Safe,
    pub chosen: bool,
}

/// A list that somebody chooses from.
#[derive(Clone, Debug, PartialEq)]
pub struct Chooser {
    pub title: Safe,
    pub purpose: Purpose,
    items: Vec<Choosable>,
    /// Any number can be chosen; otherwise one.
    many: bool,
    edit: LineEdit,
    cursor: usize,
}

impl Chooser {
    /// One of these is chosen.
    pub fn one(title: Safe, purpose: Purpose, items: Vec<Choosable>) -> Self {
        let cursor = items.iter().position(|item| item.chosen).unwrap_or(0);
        Self {
            title,
            purpose,
            items,
            many: false,
            edit: LineEdit::default(),
            cursor,
        }
    }

    /// Any number of these are chosen.
    pub fn many(title: Safe, purpose: Purpose, items: Vec<Choosable>) -> Self {
        Self {
            many: true,
            cursor: 0,
            ..Self::one(title, purpose, items)
        }
    }

    /// The numbers of what is chosen.
    pub fn picked(&self) -> Vec<usize> {
        if self.many {
            let chosen = self.items.iter().enumerate();
            let chosen = chosen.filter(|(_, item)| item.chosen);
            return chosen.map(|(at, _)| at).collect();
        }
        self.shown().get(self.cursor).copied().into_iter().collect()
    }

    pub fn go(&mut self, step: isize) {
        let last = self.shown().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(step).min(last);
    }

    /// Chooses what the cursor is on, or no longer.
    pub fn toggle(&mut self) {
        if let Some(at) = self.shown().get(self.cursor).copied().filter(|_| self.many) {
            self.items[at].chosen = !self.items[at].chosen;
        }
    }

    pub fn edit(&mut self, edit: Edit<'_>) {
        self.edit.apply(edit);
        self.cursor = 0;
    }

    /// The numbers of what the filter lets through.
    fn shown(&self) -> Vec<usize> {
        let filter = Filter::parse(self.edit.text()).unwrap_or_default();
        let items = self.items.iter().enumerate();
        let shown = items.filter(|(_, item)| {
            let words = Safe::join(&[item.name.clone(), item.words.clone()], " ");
            filter.is_empty() || filter.matches(words.as_str())
        });
        shown.map(|(at, _)| at).collect()
    }

    /// Draws the list over the whole screen's `area`; returns where the cursor is.
    pub fn draw(&self, context: &Context<'_>, area: Rect, buf: &mut Buffer) -> Position {
        let theme = context.theme;
        clear(buf, area);
        let frame = Frame {
            title: vec![Span::new(self.title.clone(), theme.style(Role::Strong))],
            focused: true,
            ..Frame::default()
        };
        let inside = frame::draw(&frame, theme, area, buf);
        let rows = self.shown().into_iter().enumerate();
        for ((row, at), y) in rows.zip(inside.top()..inside.bottom()) {
            let item = &self.items[at];
            let spans = [Span::new(item.name.clone(), theme.style(Role::Text))];
            put_spans(buf, inside.x, y, inside.width, &spans);
            if row == self.cursor {
                let line = Rect {
                    y,
                    height: 1,
                    ..inside
                };
                restyle(buf, line, theme.style(Role::Cursor));
            }
        }
        Position::new(area.x, area.y)
    }
}
