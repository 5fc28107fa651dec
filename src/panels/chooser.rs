//! A list to choose from, which can be filtered: columns, what to copy, what to group by.

mod view;

use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::line_edit::{Edit, LineEdit};

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
#[derive(Clone, Debug)]
pub struct Chooser {
    pub title: Safe,
    pub purpose: Purpose,
    items: Vec<Choosable>,
    /// Any number can be chosen; otherwise one.
    many: bool,
    edit: LineEdit,
    filter: Filter,
    /// Why what is typed is no filter.
    wrong: Option<String>,
    /// The numbers of what the filter lets through, and which of them the cursor is on.
    shown: Vec<usize>,
    cursor: usize,
}

/// What is typed says what the filter is.
impl PartialEq for Chooser {
    fn eq(&self, other: &Self) -> bool {
        (&self.title, self.purpose, self.many) == (&other.title, other.purpose, other.many)
            && (&self.items, &self.edit) == (&other.items, &other.edit)
            && (&self.shown, self.cursor) == (&other.shown, other.cursor)
    }
}

/// How far the cursor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    By(isize),
    Pages(isize),
    First,
    Last,
}

/// Items of a page, whatever the screen shows of it.
const PAGE: isize = 10;

impl Chooser {
    /// One of these is chosen.
    pub fn one(title: Safe, purpose: Purpose, items: Vec<Choosable>) -> Self {
        let cursor = items.iter().position(|item| item.chosen).unwrap_or(0);
        Self {
            title,
            purpose,
            many: false,
            edit: LineEdit::default(),
            filter: Filter::default(),
            wrong: None,
            shown: (0..items.len()).collect(),
            cursor,
            items,
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
        self.shown.get(self.cursor).copied().into_iter().collect()
    }

    pub const fn takes_many(&self) -> bool {
        self.many
    }

    /// Whether something is typed.
    pub fn is_filtered(&self) -> bool {
        !self.edit.text().is_empty()
    }

    pub fn go(&mut self, step: Step) {
        let last = self.shown.len().saturating_sub(1);
        let by = |step: isize| self.cursor.saturating_add_signed(step);
        self.cursor = match step {
            Step::By(step) => by(step),
            Step::Pages(pages) => by(pages * PAGE),
            Step::First => 0,
            Step::Last => last,
        }
        .min(last);
    }

    /// Chooses what the cursor is on, or no longer.
    pub fn toggle(&mut self) {
        if let Some(at) = self.shown.get(self.cursor).copied().filter(|_| self.many) {
            self.items[at].chosen = !self.items[at].chosen;
        }
    }

    /// Types into the filter. The cursor stays on its item as long as that is shown.
    pub fn edit(&mut self, edit: Edit<'_>) {
        let before = self.edit.text().to_owned();
        self.edit.apply(edit);
        if self.edit.text() == before {
            return;
        }
        match Filter::parse(self.edit.text()) {
            Ok(filter) => (self.filter, self.wrong) = (filter, None),
            Err(wrong) => {
                self.wrong = Some(wrong);
                return;
            }
        }
        let on = self.shown.get(self.cursor).copied();
        let items = self.items.iter().enumerate();
        let shown = items.filter(|(_, item)| self.lets_through(item));
        self.shown = shown.map(|(at, _)| at).collect();
        let still = self.shown.iter().position(|at| Some(*at) == on);
        self.cursor = still.filter(|_| !self.is_filtered()).unwrap_or(0);
    }

    fn lets_through(&self, item: &Choosable) -> bool {
        let words = Safe::join([&item.name, &item.words], " ");
        self.filter.is_empty() || self.filter.matches(words.as_str())
    }
}

#[cfg(test)]
mod tests;
