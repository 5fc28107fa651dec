//! A whole log record: its exact time, its message with all its lines, its fields.

use super::line::{Look, last_state, level_role, level_word, message_role};
use crate::insight::{number, value};
use crate::record::{LogRecord, Value};
use crate::widgets::Safe;
use crate::widgets::paint::{Span, colored_spans, width};
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// Nobody scrolls further than this through one record.
const MOST_LINES: usize = 20_000;
/// Names of fields take at most so many cells.
const WIDEST_KEY: usize = 32;

/// The lines of a record of which the number among all lines is known.
pub(super) fn lines(record: &LogRecord, line: u64, all: u64, look: &Look<'_>) -> Vec<Vec<Span>> {
    let style = |role| look.theme.style(role);
    let mut lines = vec![head(record, line, all, look), Vec::new()];
    for text in record.message.lines() {
        let role = match message_role(record.level) {
            Role::Quiet => Role::Text,
            role => role,
        };
        let spans = colored_spans(last_state(text), style(role), look.theme);
        lines.extend(wrapped(&spans, 0, look.cells));
        if lines.len() > MOST_LINES {
            break;
        }
    }
    if !record.fields.is_empty() {
        lines.push(Vec::new());
        lines.extend(fields(record, look));
    }
    if record.omitted > 0 {
        lines.push(Vec::new());
        let words = format!("{} more are in the file", number::size(record.omitted));
        lines.push(vec![Span::new(Safe::new(&words), style(Role::Warning))]);
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
    if !word.is_empty() && word != level_word(record).as_str() {
        let exact = format!("  {word}");
        spans.push(Span::new(Safe::new(&exact), style(Role::Faint)));
    }
    spans.push(Span::new(Safe::new(&place), style(Role::Faint)));
    spans
}

/// The fields, their values under each other.
fn fields(record: &LogRecord, look: &Look<'_>) -> Vec<Vec<Span>> {
    let style = |role| look.theme.style(role);
    let keys: Vec<Safe> = record
        .fields
        .iter()
        .map(|(key, _)| Safe::new(key))
        .collect();
    let widest = keys.iter().map(Safe::width).max().unwrap_or(0);
    let cells = widest.min(WIDEST_KEY).min(look.cells / 2).max(1);
    let mut lines = Vec::new();
    for (key, (_, value)) in keys.iter().zip(&record.fields) {
        let label = Span::new(
            key.elide_middle(cells).pad_end(cells + 2),
            style(Role::Quiet),
        );
        let text = value::text(value);
        let role = match value {
            Value::Null => Role::Faint,
            _ => Role::Text,
        };
        let mut first = true;
        for part in parts(&text) {
            let spans = colored_spans(last_state(part), style(role), look.theme);
            for line in wrapped(&spans, cells + 2, look.cells) {
                let start = if std::mem::take(&mut first) {
                    label.clone()
                } else {
                    Span::new(Safe::default().pad_end(cells + 2), style(Role::Text))
                };
                lines.push(std::iter::once(start).chain(line).collect());
            }
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

/// What is copied of a whole record.
pub(super) fn copied(record: &LogRecord, look: &Look<'_>) -> Vec<Safe> {
    let mut lines = vec![Safe::join(
        head(record, 0, 0, look)
            .iter()
            .take(3)
            .map(|span| &span.text),
        "",
    )];
    lines.extend(copied_message(record, look));
    for (key, value) in &record.fields {
        lines.push(safe!("{key}={}", value::text(value)));
    }
    lines
}

/// The message of a record without its colours, line by line.
pub(super) fn copied_message(record: &LogRecord, look: &Look<'_>) -> Vec<Safe> {
    let style = look.theme.style(Role::Text);
    let line = |text| {
        let spans = colored_spans(last_state(text), style, look.theme);
        Safe::join(spans.iter().map(|span| &span.text), "")
    };
    record.message.lines().map(line).collect()
}
