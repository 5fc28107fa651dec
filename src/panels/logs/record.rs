//! A whole log record: its exact time, its message with all its lines, its fields as a tree.

use std::collections::BTreeSet;

use ratatui::layout::Position;

use super::super::{Context, Pane};
use super::fields::{Content, Field, tree};
use super::line::{Look, level_role, level_word, message_role};
use super::{Logs, view};
use crate::commands::Motion;
use crate::insight::log_words::starts_traceback;
use crate::insight::{number, value};
use crate::record::{Level, LogRecord, Value};
use crate::widgets::Safe;
use crate::widgets::paint::{Span, width};
use crate::widgets::scroll::Go;
use crate::widgets::text::{last_state, safe};
use crate::widgets::theme::Role;

/// Nobody scrolls further than this through one record.
const MOST_LINES: usize = 20_000;
/// Names of fields take at most so many cells.
const WIDEST_KEY: usize = 32;

/// A line of a record.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) spans: Vec<Span>,
    /// The group of fields that begins here, or that this line is a member of.
    group: Option<String>,
    begins_group: bool,
    is_open: bool,
}

impl From<Vec<Span>> for Line {
    fn from(spans: Vec<Span>) -> Self {
        Self {
            spans,
            ..Self::default()
        }
    }
}

/// The lines of a record of which the number among all lines is known.
pub(super) fn lines(
    record: &LogRecord,
    line: u64,
    all: u64,
    look: &Look<'_>,
    closed: &BTreeSet<String>,
) -> Vec<Line> {
    let style = |role| look.theme.style(role);
    let mut lines = vec![head(record, line, all, look).into(), Line::default()];
    lines.extend(told(&record.message, record.level, 0, look));
    if !record.fields.is_empty() {
        lines.push(Line::default());
        lines.extend(fields(record, look, closed));
    }
    if record.omitted > 0 {
        lines.push(Line::default());
        let words = format!("{} more are in the file", number::size(record.omitted));
        lines.push(vec![Span::new(Safe::new(&words), style(Role::Warning))].into());
    }
    lines.truncate(MOST_LINES);
    lines
}

/// `2026-11-20 14:05:13.123  error  line 213 of 254`
fn head(record: &LogRecord, line: u64, all: u64, look: &Look<'_>) -> Vec<Span> {
    let style = |role| look.theme.style(role);
    let time = record.time.filter(|time| time.is_finite());
    let time = time.map_or_else(|| "no time".to_owned(), |time| look.zone.exact(time));
    let place = format!(
        "  line {} of {}",
        number::grouped(line + 1),
        number::grouped(all)
    );
    let word = record.word.trim();
    let mut spans = vec![
        Span::new(Safe::new(&time), style(Role::Quiet)),
        Span::new("  ", style(Role::Quiet)),
        Span::new(level_word(record), style(level_role(record.level))),
    ];
    if !word.is_empty() && !word.eq_ignore_ascii_case(level_word(record).as_str()) {
        let exact = format!("  {word}");
        spans.push(Span::new(Safe::new(&exact), style(Role::Faint)));
    }
    spans.push(Span::new(Safe::new(&place), style(Role::Faint)));
    spans
}

/// A text with its line breaks. In a traceback the places are quiet, and what was raised stands out.
fn told(text: &str, level: Level, indent: usize, look: &Look<'_>) -> Vec<Line> {
    let usual = match message_role(level) {
        Role::Quiet => Role::Text,
        role => role,
    };
    let trace = text.lines().any(starts_traceback);
    let mut in_trace = false;
    let mut lines = Vec::new();
    for text in text.lines() {
        let shown = last_state(text);
        let role = match (trace, starts_traceback(shown)) {
            (false, _) => usual,
            (true, true) => {
                in_trace = true;
                Role::Quiet
            }
            (true, false) if !in_trace => usual,
            (true, false) if shown.trim_start().starts_with("File \"") => Role::Quiet,
            (true, false) if shown.starts_with(char::is_whitespace) => Role::Text,
            (true, false) => Role::Bad,
        };
        let spans = look.text(shown, usize::MAX, role);
        let blank = Span::new(Safe::default().pad_end(indent), look.theme.style(role));
        for line in wrapped(&spans, indent, look.cells) {
            let start = (indent > 0).then(|| blank.clone());
            lines.push(start.into_iter().chain(line).collect::<Vec<_>>().into());
        }
        if lines.len() > MOST_LINES {
            break;
        }
    }
    lines
}

/// The fields, their values under each other.
fn fields(record: &LogRecord, look: &Look<'_>, closed: &BTreeSet<String>) -> Vec<Line> {
    let tree = tree(&record.fields, closed);
    let has_groups = tree
        .iter()
        .any(|field| matches!(field.content, Content::Group { .. }));
    // Signs of groups stand before their names.
    let margin = 2 * usize::from(has_groups);
    let indent = |field: &Field<'_>| margin + 2 * field.depth;
    let values = tree
        .iter()
        .filter(|field| matches!(field.content, Content::Value(_)));
    let widest = values.map(|field| indent(field) + Safe::new(&field.name).width());
    let cells = widest.max().unwrap_or(0).min(WIDEST_KEY);
    let cells = cells.min(look.cells / 2).max(1);
    let mut lines = Vec::new();
    let mut above: Vec<String> = Vec::new();
    for field in &tree {
        above.truncate(field.depth);
        match &field.content {
            Content::Group { members, is_open } => {
                lines.push(Line {
                    spans: group(field, *members, *is_open, indent(field), look),
                    group: Some(field.id.clone()),
                    begins_group: true,
                    is_open: *is_open,
                });
                above.push(field.id.clone());
            }
            Content::Value(value) => {
                let blanks = indent(field);
                let spans = member(&field.name, value, blanks, cells, record.level, look);
                lines.extend(spans.into_iter().map(|line| Line {
                    group: above.last().cloned(),
                    is_open: true,
                    ..line
                }));
            }
        }
        if lines.len() > MOST_LINES {
            break;
        }
    }
    lines
}

/// `▾ gpu`, `▸ gpu  3 fields`
fn group(
    field: &Field<'_>,
    members: usize,
    is_open: bool,
    indent: usize,
    look: &Look<'_>,
) -> Vec<Span> {
    let style = |role| look.theme.style(role);
    let blanks = Safe::default().pad_end(indent.saturating_sub(2));
    let sign = if is_open { "▾ " } else { "▸ " };
    let mut spans = vec![
        Span::new(blanks, style(Role::Text)),
        Span::new(sign, style(Role::Accent)),
        Span::new(Safe::new(&field.name), style(Role::Strong)),
    ];
    if !is_open {
        let word = if members == 1 { "field" } else { "fields" };
        let words = safe!("  {} {word}", number::grouped(members as u64));
        spans.push(Span::new(words, style(Role::Faint)));
    }
    spans
}

/// A field with its value, which may take several lines.
fn member(
    name: &str,
    value: &Value,
    indent: usize,
    cells: usize,
    level: Level,
    look: &Look<'_>,
) -> Vec<Line> {
    let style = |role| look.theme.style(role);
    let blanks = indent.min(cells.saturating_sub(1));
    let label = Safe::default()
        .pad_end(blanks)
        .then(&Safe::new(name).elide_middle(cells - blanks));
    let label = Span::new(label.pad_end(cells + 2), style(Role::Quiet));
    let text = value::text(value);
    // A traceback is read as it was printed, from the left.
    if text.lines().any(starts_traceback) {
        let mut lines = vec![vec![label].into()];
        lines.extend(told(&text, level, (blanks + 2).min(look.cells / 4), look));
        return lines;
    }
    let role = match value {
        Value::Null => Role::Faint,
        _ => Role::Text,
    };
    let mut lines: Vec<Line> = Vec::new();
    for part in parts(&text) {
        let spans = look.text(last_state(part), usize::MAX, role);
        for line in wrapped(&spans, cells + 2, look.cells) {
            let start = if lines.is_empty() {
                label.clone()
            } else {
                Span::new(Safe::default().pad_end(cells + 2), style(Role::Text))
            };
            lines.push(
                std::iter::once(start)
                    .chain(line)
                    .collect::<Vec<_>>()
                    .into(),
            );
        }
        if lines.len() > MOST_LINES {
            break;
        }
    }
    lines
}

/// The lines of a text, at least one.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let empty = text.lines().next().is_none().then_some("");
    text.lines().chain(empty)
}

/// Pieces on as many lines as they need beside `indent` cells. Each piece is cut at its blanks.
fn wrapped(spans: &[Span], indent: usize, cells: usize) -> Vec<Vec<Span>> {
    let room = cells.saturating_sub(indent).max(1);
    let mut lines: Vec<Vec<Span>> = vec![Vec::new()];
    for span in spans {
        let used = lines.last().map_or(0, |line| width(line));
        if used + span.width() <= room {
            if let Some(line) = lines.last_mut() {
                line.push(span.clone());
            }
            continue;
        }
        if used > 0 {
            lines.push(Vec::new());
        }
        for (at, piece) in span.text.wrap(room).into_iter().enumerate() {
            if at > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push(Span::new(piece, span.style));
            }
        }
    }
    lines
}

impl Logs {
    /// The lines of the record that is open, if it was read.
    pub(super) fn record_lines(&self, context: &Context<'_>, pane: Pane) -> Option<Vec<Line>> {
        let open = self.view.open.as_ref()?;
        let look = self.look(context, pane);
        let rows = self.rows(context)?;
        let (line, record) = rows.read(self.view.window.cursor)?;
        Some(lines(record, line, rows.lines, &look, &open.closed))
    }

    /// Moves through the record that is open; to the left and right groups of fields are closed and
    /// opened.
    pub(super) fn go_in_record(&mut self, motion: Motion, context: &Context<'_>, pane: Pane) {
        let height = usize::from(view::text_area(pane).height);
        let count = self.record_lines(context, pane).map_or(0, |l| l.len());
        let screenful = height.saturating_sub(1).cast_signed();
        let go = match motion {
            Motion::Up => Go::By(-1),
            Motion::Down => Go::By(1),
            Motion::HalfUp => Go::Halves(-1),
            Motion::HalfDown => Go::Halves(1),
            Motion::PageUp => Go::By(-screenful),
            Motion::PageDown => Go::By(screenful),
            Motion::Top => Go::First,
            Motion::Bottom => Go::Last,
            Motion::Left => return self.fold(Some(false), context, pane),
            Motion::Right => return self.fold(Some(true), context, pane),
        };
        if let Some(open) = &mut self.view.open {
            open.scroll.go(go, count, height);
        }
    }

    /// Opens or closes the group of fields at the cursor, or the one that the field is in.
    pub(super) fn fold(&mut self, to: Option<bool>, context: &Context<'_>, pane: Pane) {
        let height = usize::from(view::text_area(pane).height);
        let all = self.record_lines(context, pane).unwrap_or_default();
        let Some(open) = &mut self.view.open else {
            return;
        };
        let at = open.scroll.cursor.min(all.len().saturating_sub(1));
        let here = all
            .get(at)
            .and_then(|line| Some((line, line.group.clone()?)));
        let Some((line, group)) = here else {
            return;
        };
        // Within a group only closing is meant: it is open already.
        let is_change = to.unwrap_or(!line.is_open) != line.is_open;
        if !is_change || !line.begins_group && to.is_none() {
            return;
        }
        let begins = |line: &Line| line.begins_group && line.group.as_ref() == Some(&group);
        open.scroll.cursor = all.iter().position(begins).unwrap_or(at);
        if line.is_open {
            open.closed.insert(group);
        } else {
            open.closed.remove(&group);
        }
        let count = self.record_lines(context, pane).map_or(0, |l| l.len());
        if let Some(open) = &mut self.view.open {
            open.scroll.show(count, height);
        }
    }

    /// A click puts the cursor there; on a group it opens or closes it.
    pub(super) fn click_record(&mut self, at: Position, context: &Context<'_>, pane: Pane) {
        let area = view::text_area(pane);
        let count = self.record_lines(context, pane).map_or(0, |l| l.len());
        let Some(open) = &mut self.view.open else {
            return;
        };
        let inside = (area.top()..area.bottom()).contains(&at.y);
        let line = open.scroll.top + usize::from(at.y.saturating_sub(area.y));
        if inside && line < count {
            open.scroll.cursor = line;
            self.fold(None, context, pane);
        }
    }
}
