//! Puts lines together: sections, groups and entries, as far as the filter lets them through.

use std::collections::BTreeSet;

use super::super::Context;
use super::line::{Cut, Fold, Line};
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
    lines: Vec<Line>,
    shown: u64,
    all: u64,
    section: Section,
}

#[derive(Clone, Debug, Default)]
struct Section {
    name: &'static str,
    /// Its first line.
    start: usize,
    open: bool,
}

/// One thing that can be found, read and copied.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) depth: u16,
    pub(super) key: Safe,
    /// What a filter sees besides: the whole key, where only its end is shown.
    pub(super) known_as: Safe,
    pub(super) value: Span,
    pub(super) cut: Cut,
    /// Instead of the value.
    pub(super) copied: Option<Safe>,
}

/// A value takes at most this many lines.
const MOST_LINES: usize = 8;

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

    pub(super) fn is_filtered(&self) -> bool {
        !self.filter.is_empty()
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
        let title = self.span(name, Role::Strong);
        self.lines.push(Line {
            left: vec![title],
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
        self.lines.push(Line::default());
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
            let count = self.span(&inside.to_string(), Role::Quiet);
            self.lines[start].right = vec![count];
        }
    }

    /// A key and its value.
    pub(super) fn pair(&mut self, key: &'static str, value: &str, cut: Cut) {
        let value = self.span(value, Role::Text);
        self.entry(Entry {
            depth: 1,
            key: Safe::fixed(key),
            known_as: Safe::default(),
            value,
            cut,
            copied: None,
        });
    }

    pub(super) fn entry(&mut self, entry: Entry) {
        let seen = [
            self.section.name,
            entry.known_as.as_str(),
            entry.key.as_str(),
            entry.value.text.as_str(),
        ];
        if !self.lets_through(&seen) {
            return;
        }
        let quiet = self.context.theme.style(Role::Quiet);
        let text = entry.copied.unwrap_or_else(|| entry.value.text.clone());
        let copy = Some((entry.key.clone(), text));
        let room = self.cells.saturating_sub(usize::from(entry.depth));
        let (key, value) = (entry.key.width(), entry.value.width());
        if self.wraps && entry.cut != Cut::Never && key + 1 + value > room {
            self.wrapped(entry.depth, entry.key, &entry.value, copy.as_ref());
            return;
        }
        self.lines.push(Line {
            depth: entry.depth,
            left: vec![Span::new(entry.key, quiet)],
            right: vec![entry.value],
            cut: entry.cut,
            copy,
            ..Line::default()
        });
    }

    /// Words on as many lines as they need, behind a sign on the first.
    pub(super) fn words(&mut self, sign: &'static str, words: &str, role: Role) {
        let text = Safe::new(words);
        if !self.lets_through(&[self.section.name, text.as_str()]) {
            return;
        }
        let style = self.context.theme.style(role);
        let sign_cells = Safe::fixed(sign).width();
        let room = self.cells.saturating_sub(1 + sign_cells);
        let copy = (Safe::fixed(self.section.name), text.clone());
        for (at, line) in wrap_words(words, room).into_iter().enumerate() {
            let sign = if at == 0 { sign } else { "" };
            let sign = Span::new(Safe::fixed(sign).pad_end(sign_cells), style);
            self.lines.push(Line {
                depth: 1,
                left: vec![sign, Span::new(line, style)],
                copy: Some(copy.clone()),
                ..Line::default()
            });
        }
    }

    /// A line whose blanks matter.
    pub(super) fn code(&mut self, line: &str) {
        let text = Safe::new(line);
        if !self.lets_through(&[self.section.name, text.as_str()]) {
            return;
        }
        let style = self.context.theme.style(Role::Quiet);
        let copy = Some((Safe::fixed(self.section.name), text.clone()));
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
                copy: copy.clone(),
                ..Line::default()
            });
        }
    }

    /// A remark on the entry above; it is there if that one is.
    pub(super) fn remark(&mut self, depth: u16, parts: &[Safe]) {
        if !self.section.open {
            return;
        }
        let Some(copy) = self.lines.last().map(|line| line.copy.clone()) else {
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
                copy: copy.clone(),
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
            .filter(|line| line.copy.is_some())
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

    fn wrapped(&mut self, depth: u16, key: Safe, value: &Span, copy: Option<&(Safe, Safe)>) {
        let quiet = self.context.theme.style(Role::Quiet);
        self.lines.push(Line {
            depth,
            left: vec![Span::new(key, quiet)],
            copy: copy.cloned(),
            ..Line::default()
        });
        let depth = depth + 2;
        let room = self.cells.saturating_sub(usize::from(depth)).max(1);
        let mut lines = value.text.wrap(room);
        if lines.len() > MOST_LINES {
            lines.truncate(MOST_LINES);
            if let Some(last) = lines.last_mut() {
                *last = last.then(&Safe::fixed(" …")).elide_end(room);
            }
        }
        for line in lines {
            self.lines.push(Line {
                depth,
                left: vec![Span::new(line, value.style)],
                copy: copy.cloned(),
                ..Line::default()
            });
        }
    }
}

/// `0.0421`, `-12.5`: no count, no unit and no exponent.
fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.trim_start_matches('-');
    unsigned
        .split_once('.')
        .is_some_and(|(before, after)| digits(before) && digits(after))
}

/// Words on lines of so many cells; a number stays with what it counts.
fn wrap_words(words: &str, cells: usize) -> Vec<Safe> {
    const BEFORE: [&str; 5] = ["epoch", "step", "row", "time", "byte"];
    const BEHIND: [&str; 13] = [
        "ms", "s", "min", "h", "d", "%", "B", "kB", "MB", "GB", "rows", "epochs", "steps",
    ];
    let bare =
        |word: &'static str, text: &str| text.trim_end_matches([',', '.', ':', ';', ')']) == word;
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let mut bound = String::with_capacity(words.len());
    for (at, word) in words.split(' ').enumerate() {
        let before = bound.rsplit([' ', BOUND]).next().unwrap_or_default();
        let together = is_number(word) && BEFORE.contains(&before)
            || is_number(before) && BEHIND.iter().any(|unit| bare(unit, word));
        if at > 0 {
            bound.push(if together { BOUND } else { ' ' });
        }
        bound.push_str(word);
    }
    let lines = Safe::new(&bound).wrap(cells.max(1)).into_iter();
    lines
        .map(|line| Safe::new(&line.as_str().replace(BOUND, " ")))
        .collect()
}

/// A blank at which no line ends.
const BOUND: char = '\u{a0}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_with_its_unit() {
        let wrapped = |words: &str, cells| {
            let lines = wrap_words(words, cells).into_iter();
            lines.map(|line| line.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(
            wrapped("running, a row every 116 ms", 24),
            ["running, a row every", "116 ms"]
        );
        assert_eq!(
            wrapped("Val Loss NaN from step 0", 23),
            ["Val Loss NaN from", "step 0"]
        );
        assert_eq!(
            wrapped("after 3 rows, a step", 8),
            ["after", "3 rows,", "a step"]
        );
        assert_eq!(wrapped("", 6), [""]);
    }

    #[test]
    fn only_measured_values_have_points() {
        let table = [
            "0.0421", "-12.5", "7", "1e-4", "3.6e-5", "95.6 %", "24 s", ".", "1.2.3",
        ];
        let found: Vec<&str> = table.into_iter().filter(|text| is_decimal(text)).collect();
        assert_eq!(found, ["0.0421", "-12.5"]);
    }
}
