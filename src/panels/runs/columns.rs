//! The columns of the table: those that somebody chose, else those that say most; and which of them
//! the cursor is on.

use crate::insight::compare::{Column, Fact};

/// Parameters that stand in the table by themselves.
pub(super) const TELLING: usize = 4;

/// The columns of the table.
#[derive(Debug)]
pub(super) struct Columns {
    /// Behind the name.
    chosen: Option<Vec<Column>>,
    /// The parameters that differ among the listed runs.
    pub(super) telling: Vec<String>,
    /// That by which runs are sorted: it is there, whatever was chosen.
    pub(super) sorted: Option<Column>,
    pub(super) cursor: Column,
    /// The first column that is visible behind the name.
    pub(super) first: usize,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            chosen: None,
            telling: Vec::new(),
            sorted: None,
            cursor: Column::Fact(Fact::Best),
            first: 0,
        }
    }
}

impl Columns {
    /// The columns behind the name.
    pub(super) fn all(&self) -> Vec<Column> {
        let mut all = self.usual();
        let sorted = self.sorted.iter();
        let mut missing = sorted.filter(|column| !is_name(column) && !all.contains(column));
        if let Some(column) = missing.next().cloned() {
            all.insert(0, column);
        }
        all
    }

    fn usual(&self) -> Vec<Column> {
        if let Some(chosen) = &self.chosen {
            return chosen.clone();
        }
        let facts =
            |facts: &[Fact]| -> Vec<Column> { facts.iter().copied().map(Column::Fact).collect() };
        let mut all = facts(&[Fact::State, Fact::Done, Fact::Best, Fact::BestAt]);
        all.extend(self.telling.iter().cloned().map(Column::Param));
        all.extend(facts(&[
            Fact::Last,
            Fact::Course,
            Fact::Age,
            Fact::Duration,
            Fact::Started,
            Fact::NonFinite,
            Fact::Rows,
            Fact::Project,
            Fact::Host,
            Fact::Tags,
        ]));
        all
    }

    pub(super) const fn are_chosen(&self) -> bool {
        self.chosen.is_some()
    }

    /// Takes these, or the usual ones.
    pub(super) fn choose(&mut self, columns: Option<Vec<Column>>) {
        self.chosen = columns.map(|columns| {
            let mut kept: Vec<Column> = Vec::with_capacity(columns.len());
            for column in columns {
                // The name is always there.
                if !is_name(&column) && !kept.contains(&column) {
                    kept.push(column);
                }
            }
            kept
        });
        self.first = 0;
    }
}

fn is_name(column: &Column) -> bool {
    *column == Column::Fact(Fact::Name)
}
