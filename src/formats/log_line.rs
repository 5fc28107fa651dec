//! One log line with its text: as a record, or as the words that a search looks through.

use std::borrow::Cow;

use crate::formats::json::{Kind, Tape};
use crate::formats::logs::{level_of, time_of};
use crate::formats::number;
use crate::formats::records::{Next, Records};
use crate::formats::rows::flatten;
use crate::record::{Level, LogRecord, Value};

pub(super) const LEVEL_KEYS: [&str; 4] = ["level", "levelname", "severity", "lvl"];
pub(super) const TIME_KEYS: [&str; 6] = [
    "timestamp",
    "time",
    "ts",
    "createdAt",
    "@timestamp",
    "asctime",
];
pub(super) const MESSAGE_KEYS: [&str; 4] = ["message", "msg", "event", "text"];
/// Keys whose members are the structured fields of a line.
const FIELD_KEYS: [&str; 3] = ["metadata", "context", "extra"];
/// Keys that number the lines and mean nothing else.
const NUMBER_KEYS: [&str; 1] = ["sequenceNumber"];

/// A log line in its bytes.
#[derive(Debug)]
pub struct LogLine<'a> {
    tape: &'a Tape,
    slice: &'a [u8],
    start: usize,
    end: usize,
}

/// A value of a field, as it stands in the file, and as a number when it is one.
#[derive(Debug)]
pub struct FieldValue<'a> {
    pub text: Cow<'a, str>,
    pub number: Option<f64>,
}

impl<'a> FieldValue<'a> {
    /// What is written somewhere as text.
    pub fn of(text: &'a str) -> Self {
        let number = text.trim().parse::<f64>();
        Self {
            text: Cow::Borrowed(text),
            number: number.ok().filter(|number| !number.is_nan()),
        }
    }
}

/// Whether a key may mean something else in a line than a field of it.
pub fn is_part_of_line(key: &str) -> bool {
    let own = LEVEL_KEYS.iter().chain(&TIME_KEYS).chain(&MESSAGE_KEYS);
    let mut own = own.chain(&FIELD_KEYS).chain(&NUMBER_KEYS);
    own.any(|own| own.eq_ignore_ascii_case(key))
}

/// The number that stands at a place of a line, as the walk reads it, and where it ends.
pub fn number_in(line: &[u8], at: usize) -> Option<(f64, usize)> {
    let (value, end) = number::parse(line, at)?;
    number::ends_token(*line.get(end)?).then_some((value, end))
}

/// The log records in `bytes`, read in full: exactly those that [`super::LogDecoder`] counts.
pub fn full_log_lines(bytes: &[u8]) -> Vec<LogRecord> {
    let mut found = Vec::new();
    // Whatever slice of a log this is, a byte order mark can only be its first bytes.
    read_log_lines(bytes, 0, true, &mut |line| {
        found.push(line.record());
        true
    });
    found
}

/// Hands out the log lines in `bytes`, which start at byte `base` of the log, until `sink` returns
/// false. Returns how many bytes are done with, as [`super::Decoder::decode`] does.
pub fn read_log_lines(
    bytes: &[u8],
    base: u64,
    last: bool,
    sink: &mut dyn FnMut(&LogLine<'_>) -> bool,
) -> usize {
    let records = Records { bytes, base, last };
    let mut tape = Tape::default();
    let mut at = 0;
    loop {
        match records.next(&mut tape, at) {
            Next::Record { start, end } => {
                at = end;
                let line = LogLine {
                    tape: &tape,
                    slice: bytes,
                    start,
                    end,
                };
                if !sink(&line) {
                    return at;
                }
            }
            Next::Flaw { resume, .. } => at = resume,
            Next::Done { consumed } => return consumed,
        }
    }
}

impl LogLine<'_> {
    /// The line as it stands in the file.
    pub fn bytes(&self) -> &[u8] {
        &self.slice[self.start..self.end]
    }

    pub fn level(&self) -> Level {
        level_of(self.tape, self.slice).unwrap_or(Level::Info)
    }

    /// The word that the file uses for the level.
    pub fn word(&self) -> String {
        let (tape, bytes) = (self.tape, self.slice);
        let level_key = first_key(tape, bytes, &LEVEL_KEYS);
        level_key.map_or_else(String::new, |(_, node)| tape.text(bytes, node))
    }

    /// All that the line says.
    pub fn record(&self) -> LogRecord {
        let (tape, bytes) = (self.tape, self.slice);
        let message = first_key(tape, bytes, &MESSAGE_KEYS);
        let message = match message.map(|(_, node)| tape.value(bytes, node)) {
            Some(Value::Text(text)) => text,
            Some(Value::Number(number)) => number.text.into(),
            _ => String::new(),
        };
        let mut fields = Vec::new();
        self.each_field(&mut |key, node| {
            flatten(tape.text(bytes, key), tape.value(bytes, node), &mut fields);
        });
        LogRecord {
            time: time_of(tape, bytes),
            level: self.level(),
            word: self.word(),
            message,
            fields,
            omitted: 0,
        }
    }

    /// Appends the words that a search looks through: the message, and ` key=value` for each field.
    pub fn words(&self, out: &mut String) {
        self.message(out);
        let mut path = String::new();
        self.each_field(&mut |key, node| {
            path.clear();
            self.push_text(key, &mut path);
            self.push_field(&mut path, node, out);
        });
    }

    /// Appends the message.
    pub fn message(&self, out: &mut String) {
        let message = first_key(self.tape, self.slice, &MESSAGE_KEYS);
        if let Some((_, node)) = message
            && matches!(self.kind(node), Some(Kind::Text | Kind::Number))
        {
            self.push_text(node, out);
        }
    }

    /// Hands out every value whose dotted key is this one, in lower case, or ends with it. Of a list
    /// these are its elements.
    pub fn each_value(&self, wanted: &str, sink: &mut dyn FnMut(FieldValue<'_>)) {
        let mut fields = FIELD_KEYS.iter();
        let inner = fields.find_map(|key| wanted.strip_prefix(key)?.strip_prefix('.'));
        let wanted = inner.unwrap_or(wanted);
        let mut path = String::new();
        self.each_field(&mut |key, node| {
            path.clear();
            self.push_text(key, &mut path);
            self.values(&mut path, node, wanted, sink);
        });
    }

    fn values(
        &self,
        path: &mut String,
        node: usize,
        wanted: &str,
        sink: &mut dyn FnMut(FieldValue<'_>),
    ) {
        if self.kind(node) == Some(Kind::Object) {
            let length = path.len();
            for (key, node) in self.tape.members(node) {
                path.push('.');
                self.push_text(key, path);
                self.values(path, node, wanted, sink);
                path.truncate(length);
            }
            return;
        }
        if !ends_with_key(path, wanted) {
            return;
        }
        if self.kind(node) == Some(Kind::Array) {
            self.tape
                .elements(node)
                .for_each(|node| sink(self.value(node)));
        } else {
            sink(self.value(node));
        }
    }

    fn value(&self, node: usize) -> FieldValue<'_> {
        let token = self.tape.node(node);
        if let Some(token) = token.filter(|token| token.kind == Kind::Number) {
            return FieldValue {
                text: String::from_utf8_lossy(self.tape.raw(self.slice, node)),
                number: Some(token.number).filter(|number| !number.is_nan()),
            };
        }
        let mut text = String::new();
        self.push_value(node, &mut text);
        FieldValue {
            number: FieldValue::of(&text).number,
            text: Cow::Owned(text),
        }
    }

    /// Every key that is no part of the line itself, and the token of its value.
    fn each_field(&self, sink: &mut dyn FnMut(usize, usize)) {
        let (tape, bytes) = (self.tape, self.slice);
        let own = [
            first_key(tape, bytes, &LEVEL_KEYS),
            first_key(tape, bytes, &TIME_KEYS),
            first_key(tape, bytes, &MESSAGE_KEYS),
        ];
        let own = own.map(|found| found.map(|(key, _)| key.as_bytes()));
        for (key, node) in tape.members(0) {
            let name = tape.raw(bytes, key);
            let is = |keys: &[&str]| keys.iter().any(|key| key.as_bytes() == name);
            if own.contains(&Some(name)) || is(&NUMBER_KEYS) {
                continue;
            }
            if is(&FIELD_KEYS) && self.kind(node) == Some(Kind::Object) {
                for (key, node) in tape.members(node) {
                    sink(key, node);
                }
            } else {
                sink(key, node);
            }
        }
    }

    fn kind(&self, node: usize) -> Option<Kind> {
        self.tape.node(node).map(|node| node.kind)
    }

    fn push_text(&self, node: usize, out: &mut String) {
        let escaped = self.tape.node(node).is_some_and(|node| node.escaped);
        if escaped {
            out.push_str(&self.tape.text(self.slice, node));
        } else {
            out.push_str(&String::from_utf8_lossy(self.tape.raw(self.slice, node)));
        }
    }

    /// Maps become dotted keys, as in a record.
    fn push_field(&self, path: &mut String, node: usize, out: &mut String) {
        let mut inner = self.tape.members(node).peekable();
        if self.kind(node) == Some(Kind::Object) && inner.peek().is_some() {
            let length = path.len();
            for (key, node) in inner {
                path.push('.');
                self.push_text(key, path);
                self.push_field(path, node, out);
                path.truncate(length);
            }
            return;
        }
        out.push(' ');
        out.push_str(path);
        out.push('=');
        self.push_value(node, out);
    }

    fn push_value(&self, node: usize, out: &mut String) {
        match self.kind(node) {
            Some(Kind::Array) => {
                out.push('[');
                for (at, node) in self.tape.elements(node).enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    self.push_value(node, out);
                }
                out.push(']');
            }
            Some(Kind::Object) => {
                out.push('{');
                for (at, (key, node)) in self.tape.members(node).enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    self.push_text(key, out);
                    out.push('=');
                    self.push_value(node, out);
                }
                out.push('}');
            }
            Some(Kind::True) => out.push_str("true"),
            Some(Kind::False) => out.push_str("false"),
            Some(Kind::Null) | None => out.push_str("null"),
            Some(Kind::Key | Kind::Text | Kind::Number) => self.push_text(node, out),
        }
    }
}

/// Whether a dotted key is this one, which is in lower case, or ends with it.
fn ends_with_key(path: &str, wanted: &str) -> bool {
    if path.is_ascii() {
        let Some(start) = path.len().checked_sub(wanted.len()) else {
            return false;
        };
        let bytes = path.as_bytes();
        let stands_alone = start == 0 || b"./".contains(&bytes[start - 1]);
        return stands_alone && bytes[start..].eq_ignore_ascii_case(wanted.as_bytes());
    }
    let path = path.to_lowercase();
    let before = path.strip_suffix(wanted);
    before.is_some_and(|before| before.is_empty() || before.ends_with(['.', '/']))
}

/// The first of `keys` that the record has, and the token of its value.
pub(super) fn first_key<'k>(
    tape: &Tape,
    bytes: &[u8],
    keys: &[&'k str],
) -> Option<(&'k str, usize)> {
    keys.iter()
        .find_map(|key| Some((*key, tape.get(bytes, 0, key)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> String {
        let mut out = String::new();
        read_log_lines(line.as_bytes(), 0, true, &mut |line| {
            line.words(&mut out);
            true
        });
        out
    }

    #[test]
    fn records_are_read_in_full() {
        let text = r#"{"timestamp": 1795159366.5, "level": "INFO", "message": "a\nb", "context": {"v": NaN, "n": {"x": 1}}, "rank": 3}"#;
        let record = full_log_lines(text.as_bytes()).remove(0);
        assert_eq!(
            (record.level, record.word.as_str(), record.message.as_str()),
            (Level::Info, "INFO", "a\nb")
        );
        let keys: Vec<&str> = record.fields.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, ["v", "n.x", "rank"]);
    }

    /// What is searched is what is shown, with all digits.
    #[test]
    fn words_are_those_of_the_record() {
        let lines = [
            r#"{"level": "INFO", "message": "a\nb é", "context": {"v": NaN, "n": {"x": 1, "y": {}}}, "rank": 3.50}"#,
            r#"{"msg": 17, "extra": [1, {"a": "b", "c": null}], "k\u0065y": true, "sequenceNumber": 4}"#,
            r#"{"event": {"no": "text"}, "metadata": {}, "ts": 5, "time": 6}"#,
            r#"{"message": "twice", "message": "last", "text": "other", "context": "words"}"#,
        ];
        let expected = [
            "a\nb é v=NaN n.x=1 n.y={} rank=3.50",
            "17 extra=[1, {a=b, c=null}] key=true",
            " ts=5",
            "last text=other context=words",
        ];
        for (line, expected) in lines.iter().zip(expected) {
            assert_eq!(words(line), expected);
            let record = full_log_lines(line.as_bytes()).remove(0);
            assert!(expected.starts_with(&record.message));
            let keys: Vec<String> = record
                .fields
                .iter()
                .map(|(k, _)| format!(" {k}="))
                .collect();
            assert!(
                keys.iter().all(|key| expected.contains(key.as_str())),
                "{keys:?}"
            );
            let fields = expected.matches('=').count() - expected.matches("a=b, c=").count() * 2;
            assert_eq!(keys.len(), fields, "{line}");
        }
    }

    #[test]
    fn a_line_knows_its_bytes_and_its_level() {
        let text = "  {\"level\": \"warn\"}\n{\"level\": 50}";
        let mut found = Vec::new();
        let done = read_log_lines(text.as_bytes(), 0, true, &mut |line| {
            found.push((line.bytes().len(), line.level()));
            true
        });
        assert_eq!(found, [(18, Level::Warn), (13, Level::Fatal)]);
        assert_eq!(done, text.len());
        assert_eq!(read_log_lines(text.as_bytes(), 0, true, &mut |_| false), 20);
    }
}
