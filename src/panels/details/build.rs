//! Puts lines together: sections, groups and entries, as far as the filter lets them through.

mod opened;

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::Context;
use super::entry::Entry;
use super::line::{Cut, Fold, Known, Line};
use super::table::{RowAt, Table};
use super::words::{is_decimal, wrap_words};
use crate::widgets::Safe;
use crate::widgets::decimal::Decimals;
use crate::widgets::filter::Filter;
use crate::widgets::paint::Span;
use crate::widgets::theme::Role;

/// Lines on their way.
pub(super) struct Builder<'a> {
    pub(super) context: &'a Context<'a>,
    filter: &'a Filter,
    turned: &'a BTreeSet<String>,
    cells: usize,
    /// Long values are shown whole, on several lines.
    pub(super) wraps: bool,
    /// Of runs beside each other only the rows in which they differ; nothing for one run alone.
    pub(super) beside: Option<OnlyDiffering>,
    lines: Vec<Line>,
    shown: u64,
    all: u64,
    section: Section,
}

/// Whether rows in which all runs are alike are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OnlyDiffering(pub(super) bool);

#[derive(Clone, Debug, Default)]
struct Section {
    name: &'static str,
    /// Its first line.
    start: usize,
    open: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        context: &'a Context<'a>,
        filter: &'a Filter,
        turned: &'a BTreeSet<String>,
        cells: usize,
    ) -> Self {
        Self {
            context,
            filter,
            turned,
            cells,
            wraps: false,
            beside: None,
            lines: Vec::new(),
            shown: 0,
            all: 0,
            section: Section::default(),
        }
    }

    /// The lines, and how many of how many entries they are.
    pub(super) fn finish(mut self) -> (Vec<Line>, (u64, u64)) {
        while self.lines.last().is_some_and(Line::is_blank) {
            self.lines.pop();
        }
        (self.lines, (self.shown, self.all))
    }

    /// Whether something may be left out.
    pub(super) fn is_filtered(&self) -> bool {
        !self.filter.is_empty() || self.beside == Some(OnlyDiffering(true))
    }

    pub(super) fn span(&self, text: &str, role: Role) -> Span {
        Span::new(Safe::new(text), self.context.theme.style(role))
    }

    /// Whether a group is open, which by itself is `open` or not. A filter opens all.
    pub(super) fn is_open(&self, id: &str, open: bool) -> bool {
        self.is_filtered() || self.turned.contains(id) != open
    }

    /// A section; one in which the filter finds nothing is not there.
    pub(super) fn section(
        &mut self,
        name: &'static str,
        right: &str,
        open: bool,
        fill: impl FnOnce(&mut Self),
    ) {
        let open = self.is_open(name, open);
        self.section = Section {
            name,
            start: self.lines.len(),
            open,
        };
        let mut right = vec![self.span(right, Role::Quiet)];
        if !open {
            right.push(self.span(" ▸", Role::Quiet));
        }
        right.retain(|span| !span.text.is_empty());
        let mut left = vec![self.span(name, Role::Strong)];
        if self.beside.is_some() {
            // At the end of a wide line nobody would look for it.
            left.push(self.span("  ", Role::Quiet));
            left.append(&mut right);
        }
        self.lines.push(Line {
            left,
            right,
            fold: Some(Fold {
                id: name.to_owned(),
                open,
            }),
            is_title: true,
            ..Line::default()
        });
        fill(self);
        if self.lines.len() == self.section.start + 1 && (self.is_filtered() || open) {
            self.lines.pop();
            return;
        }
        if !self.lines.last().is_some_and(Line::is_blank) {
            self.lines.push(Line::default());
        }
    }

    /// Whether every cell counts.
    pub(super) fn is_narrow(&self) -> bool {
        self.cells < 44
    }

    /// How many cells the name of a group has that stands in a section.
    pub(super) fn room_of_group(&self) -> usize {
        // Depth and sign.
        self.cells.saturating_sub(1 + 2)
    }

    /// A group within a section; nothing when the filter finds nothing in it.
    pub(super) fn group(&mut self, depth: u16, name: &str, id: &str, fill: impl FnOnce(&mut Self)) {
        self.group_if(true, depth, name, id, fill);
    }

    /// A group that is open by itself, or not.
    pub(super) fn group_if(
        &mut self,
        open: bool,
        depth: u16,
        name: &str,
        id: &str,
        fill: impl FnOnce(&mut Self),
    ) {
        if !self.section.open {
            fill(self);
            return;
        }
        let open = self.is_open(id, open);
        let start = self.lines.len();
        let arrow = if open { "▾ " } else { "▸ " };
        self.lines.push(Line {
            depth,
            left: vec![self.span(arrow, Role::Quiet), self.span(name, Role::Quiet)],
            fold: Some(Fold {
                id: id.to_owned(),
                open,
            }),
            ..Line::default()
        });
        let (shown, section) = (self.shown, self.section.clone());
        self.section.open = open;
        fill(self);
        self.section = section;
        let inside = self.shown - shown;
        if open && self.lines.len() == start + 1 {
            self.lines.pop();
        } else if !open {
            let blanks = if self.beside.is_some() { "  " } else { "" };
            let count = self.span(&format!("{blanks}{inside}"), Role::Quiet);
            let line = &mut self.lines[start];
            if self.beside.is_some() {
                line.left.push(count);
            } else {
                line.right.push(count);
            }
        }
    }

    /// A key and its value.
    pub(super) fn pair(&mut self, key: &'static str, value: &str, cut: Cut) {
        let value = self.span(value, Role::Text);
        self.entry(Entry {
            cut,
            ..Entry::of(Safe::fixed(key), value)
        });
    }

    pub(super) fn entry(&mut self, entry: Entry) {
        let seen = [
            self.section.name,
            entry.known_as.as_str(),
            entry.found_by.as_str(),
            entry.key.as_str(),
            entry.value.text.as_str(),
        ];
        if !self.lets_through(&seen) {
            return;
        }
        let known = entry.known();
        let room = self.cells.saturating_sub(usize::from(entry.depth));
        let cells = entry.cells();
        if cells <= room {
            self.lines.push(self.in_line(entry, known, None));
            return;
        }
        // What has no room is opened with a key.
        let fold = self.opens(&format!("{}.{}", entry.found_by, known.key));
        if fold.open || self.wraps && entry.cut != Cut::Never {
            self.below(&entry, &known, fold);
        } else {
            self.lines.push(self.in_line(entry, known, Some(fold)));
        }
    }

    /// A key with its value behind it.
    fn in_line(&self, entry: Entry, known: Rc<Known>, fold: Option<Fold>) -> Line {
        let quiet = self.context.theme.style(Role::Quiet);
        let right = [Some(entry.value), entry.aside];
        Line {
            depth: entry.depth,
            left: vec![Span::new(entry.key, quiet)],
            right: right.into_iter().flatten().collect(),
            cut: entry.cut,
            known: Some(known),
            fold,
            ..Line::default()
        }
    }

    /// A row of runs beside each other.
    pub(super) fn row(&mut self, depth: u16, label: &str, at: RowAt, table: &Table) {
        let Some((_, row)) = table.row(at) else {
            return;
        };
        if !row.differs && self.beside == Some(OnlyDiffering(true)) {
            self.all += u64::from(!row.is_own);
            return;
        }
        let cells = row.cells.iter().flatten();
        let mut seen = vec![self.section.name, row.key.as_str(), label];
        seen.extend(cells.map(|cell| cell.text.as_str()));
        if !self.lets_through(&seen) {
            return;
        }
        let label = self.span(label, Role::Quiet);
        let fold = self.opens(row.key.as_str());
        let open = fold.open;
        self.lines.push(Line {
            depth,
            left: vec![label],
            row: Some(at),
            fold: Some(fold),
            ..Line::default()
        });
        if open {
            self.runs_below(depth, row, &table.heads);
        }
    }

    /// Words on as many lines as they need, behind a sign on the first.
    pub(super) fn words(&mut self, sign: &'static str, words: &str, role: Role) {
        self.listed(1, &Safe::fixed(sign), words, role);
    }

    /// As [`Self::words`], farther in.
    pub(super) fn listed(&mut self, depth: u16, sign: &Safe, words: &str, role: Role) {
        let text = Safe::new(words);
        if !self.lets_through(&[self.section.name, text.as_str()]) {
            return;
        }
        let style = self.context.theme.style(role);
        let sign_cells = sign.width();
        let room = self.cells.saturating_sub(usize::from(depth) + sign_cells);
        let known = self.known_here(&text);
        for (at, line) in wrap_words(words, room).into_iter().enumerate() {
            let sign = if at == 0 { sign } else { &Safe::default() };
            let sign = Span::new(sign.pad_end(sign_cells), style);
            self.lines.push(Line {
                depth,
                left: vec![sign, Span::new(line, style)],
                known: Some(Rc::clone(&known)),
                ..Line::default()
            });
        }
    }

    /// An empty line between two paragraphs; never two of them, nor one below a title.
    pub(super) fn gap(&mut self) {
        let is_first = self.lines.len() <= self.section.start + 1;
        let after_gap = self.lines.last().is_some_and(Line::is_blank);
        if self.section.open && !self.is_filtered() && !is_first && !after_gap {
            self.lines.push(Line::default());
        }
    }

    fn known_here(&self, text: &Safe) -> Rc<Known> {
        Rc::new(Known {
            key: Safe::fixed(self.section.name),
            value: text.clone(),
            path: None,
        })
    }

    /// A line whose blanks matter.
    pub(super) fn code(&mut self, line: &str) {
        let text = Safe::new(line);
        if !self.lets_through(&[self.section.name, text.as_str()]) {
            return;
        }
        let style = self.context.theme.style(Role::Quiet);
        let known = self.known_here(&text);
        let room = self.cells.saturating_sub(3).max(1);
        let lines = if self.wraps {
            text.wrap(room)
        } else {
            vec![text]
        };
        for line in lines {
            self.lines.push(Line {
                depth: 3,
                left: vec![Span::new(line, style)],
                known: Some(Rc::clone(&known)),
                ..Line::default()
            });
        }
    }

    /// A remark on the entry above; it is there if that one is.
    pub(super) fn remark(&mut self, depth: u16, parts: &[Safe]) {
        if !self.section.open {
            return;
        }
        let Some(known) = self.lines.last().map(|line| line.known.clone()) else {
            return;
        };
        let room = self.cells.saturating_sub(usize::from(depth));
        let whole = Safe::join(parts, " ");
        // Torn between its parts, but not in them.
        let whole = (whole.width() <= room).then(|| vec![whole]);
        for part in whole.unwrap_or_else(|| parts.to_vec()) {
            self.lines.push(Line {
                depth,
                right: vec![Span::new(part, self.context.theme.style(Role::Quiet))],
                cut: Cut::Middle,
                known: known.clone(),
                ..Line::default()
            });
        }
    }

    /// Puts the points of the measured values of this section one below the other. Counts,
    /// percentages and times end where the column does, and so does the longest of the values.
    pub(super) fn align_points(&mut self) {
        let is_measured = |line: &&mut Line| match line.right.as_slice() {
            [value] => is_decimal(value.text.as_str()),
            _ => false,
        };
        let lines = self.lines.get_mut(self.section.start..).unwrap_or_default();
        let mut values: Vec<&mut Span> = lines
            .iter_mut()
            .filter(is_measured)
            .filter(|line| line.known.is_some())
            .filter_map(|line| line.right.first_mut())
            .collect();
        let decimals = Decimals::of(values.iter().map(|value| value.text.as_str()));
        for value in &mut values {
            let (_, behind) = decimals.blanks(value.text.as_str());
            value.text = value.text.pad_end(value.text.width() + behind);
        }
    }

    /// Whether the last entry was shown.
    pub(super) fn count(&self) -> u64 {
        self.shown
    }

    fn lets_through(&mut self, seen: &[&str]) -> bool {
        self.all += 1;
        if self.is_filtered() && !self.filter.matches(&seen.join(" ")) {
            return false;
        }
        self.shown += 1;
        self.section.open
    }
}
