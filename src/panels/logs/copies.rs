//! What can be copied of a log: a message, a record, what is visible, the place in the source.

use super::super::{Context, Copied, Pane};
use super::line::Look;
use super::{Logs, view};
use crate::insight::value::{self, json_object, json_text};
use crate::record::{LogRecord, Value};
use crate::widgets::Safe;
use crate::widgets::paint::{Span, colored_spans};
use crate::widgets::text::{last_state, safe};
use crate::widgets::theme::Role;

/// Longer texts are not looked through for a place in a source.
const LONGEST: usize = 1 << 20;

impl Logs {
    /// Everything that can be copied, what is copied by one key first: the message, or the whole
    /// record when that is open.
    pub(super) fn all_copies(&self, context: &Context<'_>, pane: Pane) -> Vec<Copied> {
        let look = self.look(context, pane);
        let numbered = self.previewed(context).is_none();
        let Some(rows) = self.rows(context).filter(|_| numbered) else {
            return Vec::new();
        };
        let Some((line, record)) = rows.read(self.view.window.cursor) else {
            return Vec::new();
        };
        let named = |what, lines| Copied {
            what: Safe::fixed(what),
            lines,
        };
        let mut copies = vec![
            named("message", message(record, &look)),
            named("log record", whole(record, &look)),
        ];
        if self.view.open.is_some() {
            copies.swap(0, 1);
        }
        copies.push(named(
            "log record as JSON",
            vec![Safe::new(&json(line, record))],
        ));
        let height = |row| rows.read(row).map_or(1, |(_, record)| look.height(record));
        let lines = view::text_area(pane).height.into();
        let visible = self.view.window.visible(self.shown(&rows), lines, &height);
        let visible = visible.into_iter().filter_map(|(row, _)| rows.read(row));
        copies.push(named(
            "visible lines",
            visible
                .flat_map(|(_, record)| plain(record, &look))
                .collect(),
        ));
        if let Some(place) = place(record) {
            copies.push(named("place in the source", vec![Safe::new(&place)]));
        }
        copies
    }
}

/// A line as it is shown, but whole.
fn plain(record: &LogRecord, look: &Look<'_>) -> Vec<Safe> {
    let whole = Look {
        cells: usize::from(u16::MAX),
        wrap: true,
        ..*look
    };
    let text = |spans: &Vec<Span>| Safe::join(spans.iter().map(|span| &span.text), "");
    let lines = whole.lines(record);
    lines.iter().map(|line| text(line).trim_end()).collect()
}

/// Time, level, message and fields of a record.
fn whole(record: &LogRecord, look: &Look<'_>) -> Vec<Safe> {
    let time = record.time.filter(|time| time.is_finite());
    let time = time.map_or_else(|| "no time".to_owned(), |time| look.zone.exact(time));
    let mut lines = vec![safe!("{time}  {}", super::line::level_word(record))];
    lines.extend(message(record, look));
    for (key, value) in &record.fields {
        lines.push(safe!("{key}={}", value::text(value)));
    }
    lines
}

/// The message without its colours, line by line.
fn message(record: &LogRecord, look: &Look<'_>) -> Vec<Safe> {
    let style = look.theme.style(Role::Text);
    let line = |text| {
        let spans = colored_spans(last_state(text), style, look.theme);
        Safe::join(spans.iter().map(|span| &span.text), "")
    };
    record.message.lines().map(line).collect()
}

/// A record on one line of JSON, with the texts of the file.
fn json(line: u64, record: &LogRecord) -> String {
    let time = record.time.filter(|time| time.is_finite());
    let fields = record.fields.iter();
    let fields = fields.map(|(key, value)| (key.as_str(), value::json(value)));
    json_object([
        ("line", line.to_string()),
        (
            "time",
            time.map_or("null".to_owned(), |time| time.to_string()),
        ),
        ("level", json_text(record.level.name())),
        ("word", json_text(&record.word)),
        ("message", json_text(&record.message)),
        ("fields", json_object(fields)),
    ])
}

/// Where in a source something was logged or raised: `train.py:88`.
fn place(record: &LogRecord) -> Option<String> {
    let texts = record.fields.iter().rev();
    let texts = texts.filter_map(|(_, value)| value.as_text());
    let mut texts = std::iter::once(record.message.as_str()).chain(texts);
    texts.find_map(raised).or_else(|| logged(&record.fields))
}

/// The innermost place of a traceback.
fn raised(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    text.lines().rev().find_map(|line| {
        let (file, rest) = line
            .trim_start()
            .strip_prefix("File \"")?
            .split_once("\", line ")?;
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        (digits > 0).then(|| format!("{file}:{}", &rest[..digits]))
    })
}

/// The place that fields name, as loggers write it.
fn logged(fields: &[(String, Value)]) -> Option<String> {
    const FILES: [&str; 5] = ["pathname", "filepath", "filename", "file", "module_path"];
    const LINES: [&str; 4] = ["lineno", "line", "line_number", "linenumber"];
    let named = |names: &[&str]| {
        let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_lowercase();
        let place = |name: &&str| fields.iter().find(|(key, _)| last(key) == **name);
        names.iter().find_map(place).map(|(_, value)| value)
    };
    if let (Some(Value::Text(file)), Some(line)) = (named(&FILES), named(&LINES)) {
        return Some(format!("{file}:{}", value::text(line)));
    }
    fields.iter().find_map(|(_, value)| match value {
        Value::Map(members) => logged(members),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Level, Number};

    fn record(message: &str, fields: Vec<(&str, Value)>) -> LogRecord {
        let fields = fields.into_iter();
        LogRecord {
            time: Some(12.5),
            level: Level::Warn,
            word: String::new(),
            message: message.to_owned(),
            fields: fields.map(|(key, value)| (key.to_owned(), value)).collect(),
            omitted: 0,
        }
    }

    #[test]
    fn a_record_is_one_line_of_json() {
        let fields = vec![("a", Value::Text("\u{1b}[31m\n".to_owned()))];
        let expected = r#"{"line":7,"time":12.5,"level":"warn","word":"","message":"x \"y\"","fields":{"a":"\u001b[31m\n"}}"#;
        assert_eq!(json(7, &record("x \"y\"", fields)), expected);
        let read: serde_json::Value = serde_json::from_str(expected).expect("JSON");
        assert_eq!(read["fields"]["a"], "\u{1b}[31m\n");
    }

    #[test]
    fn the_place_is_the_innermost_of_a_traceback_or_what_fields_say() {
        let trace = "Traceback (most recent call last):\n  File \"train.py\", line 88, in step\n    x()\n  File \"lib/net.py\", line 7\nError: File \"no\"";
        let of = |message, fields| place(&record(message, fields));
        assert_eq!(of(trace, vec![]).as_deref(), Some("lib/net.py:7"));
        let stack = vec![("traceback", Value::Text(trace.to_owned()))];
        assert_eq!(of("failed", stack).as_deref(), Some("lib/net.py:7"));
        let line = Value::Number(Number {
            text: "12".into(),
            value: 12.0,
        });
        let source = vec![
            ("filename".to_owned(), Value::Text("a.py".to_owned())),
            ("lineno".to_owned(), line),
        ];
        let nested = vec![("source", Value::Map(source))];
        assert_eq!(of("x", nested).as_deref(), Some("a.py:12"));
        assert_eq!(of("File \"x\", line y", vec![("line", Value::Null)]), None);
    }
}
