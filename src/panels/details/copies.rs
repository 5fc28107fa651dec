//! What can be copied: the value under the cursor first, then its key, the run's path, and whole
//! sections as text.

use super::super::{Context, Copied};
use super::Details;
use super::line::{Known, Line};
use super::table::Cell;
use crate::record::RunId;
use crate::widgets::Safe;
use crate::widgets::text::safe;

impl Details {
    /// Everything that can be copied at the cursor, the value first.
    pub(super) fn all_copies(&self, context: &Context<'_>) -> Vec<Copied> {
        let mut found = Vec::new();
        let known = self.known(context);
        if let Some(known) = &known {
            let Known { key, value, path } = known;
            found.push(one(safe!("value of {key}"), value));
            found.push(one(safe!("key {key}"), key));
            found.push(one(Safe::fixed("key=value"), &safe!("{key}={value}")));
            found.extend(path.iter().map(|path| one(safe!("path of {key}"), path)));
        }
        let lines = self.section();
        let section: Vec<Safe> = lines.iter().map(|line| self.text_of(line)).collect();
        if let Some(title) = lines.first().and_then(|line| line.left.first()) {
            let what = safe!("section {}", title.text);
            let section = Copied {
                what,
                lines: section,
            };
            // On its title the section itself is meant.
            found.insert(if known.is_some() { found.len() } else { 0 }, section);
        }
        let run = self
            .run_here(context)
            .and_then(|run| context.store.run(run));
        if let Some(run) = run {
            let path = Safe::path(&run.place.path);
            found.push(one(Safe::fixed("path of the run"), &path));
        }
        if !self.lines.is_empty() {
            let lines = self.lines.iter().map(|line| self.text_of(line));
            found.push(Copied {
                what: Safe::fixed("all details"),
                lines: self.heads_text().into_iter().chain(lines).collect(),
            });
        }
        found
    }

    /// What the line under the cursor is about.
    fn known(&self, context: &Context<'_>) -> Option<Known> {
        let line = self.lines.get(self.scroll.cursor)?;
        let Some((beside, row)) = self.beside.as_ref().zip(line.row) else {
            return line.known.as_deref().cloned();
        };
        let (_, row) = beside.table.row(row)?;
        let cell = row.cells.get(beside.column)?.as_ref();
        let run = self
            .run_here(context)
            .and_then(|run| context.store.run(run));
        let is_path = row.key.as_str() == "path";
        Some(Known {
            key: row.key.clone(),
            value: cell.map(Cell::whole).cloned().unwrap_or_default(),
            path: run
                .filter(|_| is_path)
                .map(|run| Safe::path(&run.place.path)),
        })
    }

    /// The run in whose column the cursor is, else the one that is shown.
    fn run_here(&self, context: &Context<'_>) -> Option<RunId> {
        let beside = self.beside.as_ref();
        let head = beside.and_then(|beside| beside.table.heads.get(beside.column));
        head.map(|head| head.run).or(context.run)
    }

    /// The lines of the section with the cursor.
    fn section(&self) -> &[Line] {
        let cursor = self.scroll.cursor.min(self.lines.len());
        let is_title = |line: &Line| line.is_title;
        let below = self.lines.get(..=cursor).unwrap_or_default();
        let start = below.iter().rposition(is_title).unwrap_or(0);
        let rest = self.lines.get(start + 1..).unwrap_or_default();
        let length = rest.iter().position(is_title).unwrap_or(rest.len());
        let section = self.lines.get(start..=start + length).unwrap_or_default();
        match section {
            [section @ .., last] if last.is_blank() => section,
            section => section,
        }
    }

    fn text_of(&self, line: &Line) -> Safe {
        match &self.beside {
            Some(beside) => beside.text(line),
            None => line.text(),
        }
    }

    /// The runs beside each other, in the order of their columns.
    fn heads_text(&self) -> Option<Safe> {
        let beside = self.beside.as_ref()?;
        let heads = beside.table.heads.iter();
        let names: Vec<Safe> = heads
            .map(|head| match head.mark {
                Some((letter, _)) => safe!("{letter} {}", head.name),
                None => head.name.clone(),
            })
            .collect();
        Some(Safe::join(&names, " · "))
    }
}

fn one(what: Safe, text: &Safe) -> Copied {
    Copied {
        what,
        lines: vec![text.clone()],
    }
}
