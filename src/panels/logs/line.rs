//! One log line as it stands in the panel: time, level, message, fields.

use super::wanted::Wanted;
use crate::insight::clock::Zone;
use crate::insight::log_words::{self, LEVEL_CELLS, LONGEST_LEVEL, starts_traceback};
use crate::insight::number;
use crate::record::{Level, LogRecord, Value};
use crate::widgets::Safe;
use crate::widgets::paint::{Span, colored_spans, width};
use crate::widgets::text::{last_state, safe};
use crate::widgets::theme::{Role, Theme};

/// A record takes no more lines of the panel than this, however long its message is.
const MOST_LINES: usize = 100;
/// A panel with fewer cells than this shows no times.
const TIMES_FROM: usize = 44;
/// Of a text so many bytes are looked at for each cell that it may take: marks over letters and
/// escape sequences take bytes but no cells.
const BYTES_PER_CELL: usize = 32;

/// How the time of a line is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum TimeShown {
    #[default]
    Clock,
    SinceStart,
    Nothing,
}

/// How lines are shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'a> {
    pub(super) theme: &'a Theme,
    pub(super) zone: &'a Zone,
    /// What stands out.
    pub(super) marked: &'a Wanted,
    pub(super) wrap: bool,
    pub(super) time: TimeShown,
    /// When the run started, if anything is known of times.
    pub(super) start: Option<f64>,
    pub(super) cells: usize,
}

impl TimeShown {
    pub(super) const fn next(self) -> Self {
        match self {
            Self::Clock => Self::SinceStart,
            Self::SinceStart => Self::Nothing,
            Self::Nothing => Self::Clock,
        }
    }
}

pub(super) const fn level_role(level: Level) -> Role {
    match level {
        Level::Debug => Role::Debug,
        Level::Info => Role::Info,
        Level::Warn => Role::Warn,
        Level::Error => Role::Error,
        Level::Fatal => Role::Fatal,
    }
}

/// A level in its usual word, unless the file has one of its own.
pub(super) fn level_word(record: &LogRecord) -> Safe {
    Safe::new(log_words::level_word(record)).elide_end(LONGEST_LEVEL)
}

impl Look<'_> {
    /// The cells of the time with the blank behind it.
    fn time_cells(&self) -> usize {
        match self.time {
            _ if self.start.is_none() || self.cells < TIMES_FROM => 0,
            TimeShown::Clock => 9,
            TimeShown::SinceStart => 10,
            TimeShown::Nothing => 0,
        }
    }

    /// Where messages begin.
    pub(super) fn indent(&self) -> usize {
        let indent = self.time_cells() + LEVEL_CELLS + 1;
        if indent * 2 > self.cells { 0 } else { indent }
    }

    /// The lines of the panel that a record takes.
    pub(super) fn lines(&self, record: &LogRecord) -> Vec<Vec<Span>> {
        let mut first = self.head(record);
        let indent = self.indent();
        if !self.wrap {
            let used = width(&first);
            first.extend(self.message(record, self.cells.saturating_sub(used)));
            return vec![first];
        }
        let mut lines = Flow::new(first, indent, self.cells);
        let role = message_role(record.level);
        let mut more = false;
        for text in record.message.lines() {
            if more {
                lines.break_line();
            }
            more = true;
            let room = BYTES_PER_CELL * self.cells * MOST_LINES;
            lines.extend(self.text(last_state(text), room, role));
            if lines.count() > MOST_LINES {
                break;
            }
        }
        let room = self.cells * MOST_LINES.saturating_sub(lines.count());
        lines.extend(self.fields(record, room));
        lines.done()
    }

    /// How many lines of the panel a record takes.
    pub(super) fn height(&self, record: &LogRecord) -> usize {
        if self.wrap {
            self.lines(record).len()
        } else {
            1
        }
    }

    /// A line that was not read yet.
    pub(super) fn unread(&self, words: Option<&Safe>) -> Vec<Span> {
        let blanks = Safe::default().pad_end(self.indent());
        let words = words.map_or_else(
            || Span::new("…", self.theme.style(Role::Faint)),
            |words| Span::new(words.clone(), self.theme.style(Role::Bad)),
        );
        vec![Span::new(blanks, self.theme.style(Role::Text)), words]
    }

    /// Time and level.
    fn head(&self, record: &LogRecord) -> Vec<Span> {
        let mut spans = Vec::new();
        let cells = self.time_cells();
        if cells > 0 {
            let time = record.time.filter(|time| time.is_finite());
            let text = time.map_or_else(String::new, |time| self.time_text(time));
            let text = Safe::new(&text).elide_end(cells - 1);
            spans.push(Span::new(
                if self.time == TimeShown::SinceStart {
                    text.pad_start(cells - 1)
                } else {
                    text.pad_end(cells - 1)
                },
                self.theme.style(Role::Faint),
            ));
            spans.push(Span::new(" ", self.theme.style(Role::Faint)));
        }
        let style = self.theme.style(level_role(record.level));
        spans.push(Span::new(level_word(record).pad_end(LEVEL_CELLS), style));
        spans.push(Span::new(" ", self.theme.style(Role::Text)));
        spans
    }

    fn time_text(&self, time: f64) -> String {
        match (self.time, self.start) {
            (TimeShown::SinceStart, Some(start)) => since(time - start),
            _ => self.zone.time_of_day(time),
        }
    }

    /// Message and fields on one line of at most so many cells.
    fn message(&self, record: &LogRecord, cells: usize) -> Vec<Span> {
        let texts = record.message.lines();
        let mut texts = texts.filter(|line| !line.trim().is_empty());
        let mut first = texts.next().unwrap_or_default();
        if starts_traceback(first) {
            // What was raised says more than that something was.
            first = record
                .message
                .trim_end()
                .lines()
                .next_back()
                .unwrap_or(first);
        }
        let more = texts.count();
        let role = message_role(record.level);
        let mut spans = self.text(last_state(first), BYTES_PER_CELL * (cells + 8), role);
        if more > 0 {
            // That there is more must be seen even when the first line is too long.
            let hint = format!("  ⏎ +{}", number::grouped(more as u64));
            let hint = Span::new(Safe::new(&hint), self.theme.style(Role::Faint));
            spans = cut(spans, cells.saturating_sub(hint.width()));
            spans.push(hint);
        }
        let room = cells.saturating_sub(width(&spans));
        spans.extend(self.fields(record, room));
        cut(spans, cells)
    }

    /// The fields, as far as there is room.
    fn fields(&self, record: &LogRecord, cells: usize) -> Vec<Span> {
        let style = self.theme.style(Role::Quiet);
        let mut spans = Vec::new();
        let mut used = 0;
        for (key, value) in &record.fields {
            if used > cells {
                break;
            }
            let text = format!("{}={}", start_of(key, cells), brief(value, cells));
            let found = self.with_marks(Safe::new(&text), style);
            used += 2 + width(&found);
            spans.push(Span::new("  ", style));
            spans.extend(found);
        }
        spans
    }

    /// One line of a message in its own colours, what is searched marked.
    pub(super) fn text(&self, text: &str, bytes: usize, role: Role) -> Vec<Span> {
        let spans = colored_spans(start_of(text, bytes), self.theme.style(role), self.theme);
        if self.marked.is_empty() {
            return spans;
        }
        let marked = spans.into_iter();
        marked
            .flat_map(|span| self.with_marks(span.text, span.style))
            .collect()
    }

    fn with_marks(&self, text: Safe, style: ratatui::style::Style) -> Vec<Span> {
        let places = self.marked.places(text.as_str());
        if places.is_empty() {
            return vec![Span::new(text, style)];
        }
        let mark = style.patch(self.theme.style(Role::Match));
        let whole = text.as_str();
        let (mut spans, mut at) = (Vec::new(), 0);
        for place in places {
            spans.push(Span::new(Safe::new(&whole[at..place.start]), style));
            spans.push(Span::new(Safe::new(&whole[place.clone()]), mark));
            at = place.end;
        }
        spans.push(Span::new(Safe::new(&whole[at..]), style));
        spans
    }
}

pub(super) const fn message_role(level: Level) -> Role {
    match level {
        Level::Debug => Role::Quiet,
        Level::Info => Role::Text,
        Level::Warn => Role::Warning,
        Level::Error | Level::Fatal => Role::Bad,
    }
}

/// Pieces one after the other, on as many lines as they need.
struct Flow {
    lines: Vec<Vec<Span>>,
    indent: usize,
    cells: usize,
    used: usize,
}

impl Flow {
    fn new(first: Vec<Span>, indent: usize, cells: usize) -> Self {
        let used = width(&first);
        Self {
            lines: vec![first],
            indent,
            cells: cells.max(indent + 1),
            used,
        }
    }

    fn count(&self) -> usize {
        self.lines.len()
    }

    fn break_line(&mut self) {
        let blanks = Safe::default().pad_end(self.indent);
        self.lines
            .push(vec![Span::new(blanks, ratatui::style::Style::new())]);
        self.used = self.indent;
    }

    fn extend(&mut self, spans: Vec<Span>) {
        for span in spans {
            if self.count() > MOST_LINES {
                return;
            }
            self.add(&span);
        }
    }

    fn add(&mut self, span: &Span) {
        let wide = span.width();
        let whole = self.cells - self.indent;
        if self.used + wide <= self.cells {
            self.push(span.clone());
            return;
        }
        if span.text.as_str().trim().is_empty() {
            return;
        }
        if wide <= whole && self.used > self.indent {
            self.break_line();
            self.push(span.clone());
            return;
        }
        if self.used > self.indent && self.used + 8 > self.cells {
            self.break_line();
        }
        let (head, rest) = if self.used > self.indent {
            let room = self.cells - self.used;
            let pieces = span.text.wrap(room);
            let head = pieces.into_iter().next().unwrap_or_default();
            let rest = Safe::new(span.text.as_str()[head.as_str().len()..].trim_start());
            (head, rest)
        } else {
            (Safe::default(), span.text.clone())
        };
        self.push(Span::new(head, span.style));
        for piece in rest.wrap(whole) {
            if self.used > self.indent {
                self.break_line();
            }
            self.push(Span::new(piece, span.style));
            if self.count() > MOST_LINES {
                return;
            }
        }
    }

    fn push(&mut self, span: Span) {
        self.used += span.width();
        if let Some(line) = self.lines.last_mut() {
            line.push(span);
        }
    }

    fn done(mut self) -> Vec<Vec<Span>> {
        self.lines.truncate(MOST_LINES);
        self.lines
    }
}

/// The pieces that fit into so many cells; the last one ends with `…` when it does not fit.
fn cut(spans: Vec<Span>, cells: usize) -> Vec<Span> {
    let (mut kept, mut used) = (Vec::new(), 0);
    for span in spans {
        let wide = span.width();
        if used + wide > cells {
            kept.push(Span::new(elide(&span.text, cells - used), span.style));
            break;
        }
        used += wide;
        kept.push(span);
    }
    kept
}

/// The start of a text in at most so many cells, ended by `…`. No number is cut: it would be
/// another one.
fn elide(text: &Safe, cells: usize) -> Safe {
    let short = text.elide_end(cells);
    let Some(start) = short.as_str().strip_suffix('…') else {
        return short;
    };
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let is_cut = text.as_str()[start.len()..].starts_with(is_part);
    if !is_cut || !start.ends_with(is_part) {
        return short;
    }
    let whole = start.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || ".+-=_".contains(c));
    safe!("{whole}…")
}

/// At most so many bytes of a text.
fn start_of(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev();
    let mut end = end.filter(|end| text.is_char_boundary(*end));
    &text[..end.next().unwrap_or(0)]
}

/// `+0:05:09`
fn since(seconds: f64) -> String {
    let sign = if seconds < 0.0 { '-' } else { '+' };
    let whole = seconds.abs().floor();
    if !(0.0..36e5).contains(&whole) {
        return format!("{sign}{}", number::age(seconds.abs()));
    }
    let whole = whole as u64;
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    format!("{sign}{hours}:{minutes:02}:{rest:02}")
}

/// A value as people read it: floats with four digits, long texts cut.
fn brief(value: &Value, cells: usize) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) if is_count(&number.text) => number.text.to_string(),
        Value::Number(number) => number::human(number.value),
        Value::Text(text) if text.contains(' ') => {
            format!("\"{}\"", start_of(text, BYTES_PER_CELL * cells))
        }
        Value::Text(text) => start_of(text, BYTES_PER_CELL * cells).to_owned(),
        Value::List(values) => {
            let shown = values.iter().take(cells / 2 + 1);
            let shown: Vec<String> = shown.map(|value| brief(value, cells)).collect();
            format!("[{}]", shown.join(", "))
        }
        Value::Map(members) => {
            let shown = members.iter().take(cells / 4 + 1);
            let shown: Vec<String> = shown
                .map(|(key, value)| format!("{key}={}", brief(value, cells)))
                .collect();
            format!("{{{}}}", shown.join(" "))
        }
    }
}

/// A whole number with all its digits: a count or a name, and not to be rounded.
fn is_count(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.len() <= 20 && digits.bytes().all(|byte| byte.is_ascii_digit())
}
