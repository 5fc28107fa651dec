//! Log lines, from any tracker on one scale of levels.

use crate::formats::json::{Kind, Tape};
use crate::formats::records::{Next, Records};
use crate::formats::rows::flatten;
use crate::formats::{Decoder, Piece, time};
use crate::record::{Level, LogLines, LogRecord, Value};

const LEVEL_KEYS: [&str; 4] = ["level", "levelname", "severity", "lvl"];
const TIME_KEYS: [&str; 6] = [
    "timestamp",
    "time",
    "ts",
    "createdAt",
    "@timestamp",
    "asctime",
];
const MESSAGE_KEYS: [&str; 4] = ["message", "msg", "event", "text"];
/// Keys whose members are the structured fields of a line.
const FIELD_KEYS: [&str; 3] = ["metadata", "context", "extra"];
/// Keys that number the lines and mean nothing else.
const NUMBER_KEYS: [&str; 1] = ["sequenceNumber"];
/// Lines in one piece.
const MAX_LINES: usize = 4_096;

/// Indexes the lines of a log: place, level, time.
#[derive(Debug, Default)]
pub struct LogDecoder {
    tape: Tape,
    lines: LogLines,
}

impl LogDecoder {
    pub fn new() -> Self {
        Self::default()
    }

    fn emit(&mut self, sink: &mut dyn FnMut(Piece)) {
        if !self.lines.offsets.is_empty() {
            sink(Piece::Logs(std::mem::take(&mut self.lines)));
        }
    }
}

impl Decoder for LogDecoder {
    fn decode(
        &mut self,
        bytes: &[u8],
        base: u64,
        last: bool,
        sink: &mut dyn FnMut(Piece),
    ) -> usize {
        let records = Records { bytes, base, last };
        let mut at = 0;
        loop {
            match records.next(&mut self.tape, at) {
                Next::Record { start, end } => {
                    self.lines.offsets.push(base + start as u64);
                    self.lines
                        .levels
                        .push(level_of(&self.tape, bytes).unwrap_or(Level::Info));
                    self.lines
                        .times
                        .push(time_of(&self.tape, bytes).unwrap_or(f64::NAN));
                    if self.lines.offsets.len() >= MAX_LINES {
                        self.emit(sink);
                    }
                    at = end;
                }
                Next::Flaw { flaw, resume } => {
                    sink(Piece::Flaw(flaw));
                    at = resume;
                }
                Next::Done { consumed } => {
                    self.emit(sink);
                    return consumed;
                }
            }
        }
    }
}

/// The log records in `bytes`, read in full: exactly those that [`LogDecoder`] counts.
pub fn full_log_lines(bytes: &[u8]) -> Vec<LogRecord> {
    let mut found = Vec::new();
    // Whatever slice of a log this is, a byte order mark can only be its first bytes.
    read_log_lines(bytes, 0, true, &mut |record| {
        found.push(record);
        true
    });
    found
}

/// Reads the log records in `bytes`, which start at byte `base` of the log, one by one in full, until
/// `sink` returns false. Returns how many bytes are done with, as [`Decoder::decode`] does.
pub fn read_log_lines(
    bytes: &[u8],
    base: u64,
    last: bool,
    sink: &mut dyn FnMut(LogRecord) -> bool,
) -> usize {
    let records = Records { bytes, base, last };
    let mut tape = Tape::default();
    let mut at = 0;
    loop {
        match records.next(&mut tape, at) {
            Next::Record { end, .. } => {
                at = end;
                if !sink(full_record(&tape, bytes)) {
                    return at;
                }
            }
            Next::Flaw { resume, .. } => at = resume,
            Next::Done { consumed } => return consumed,
        }
    }
}

fn full_record(tape: &Tape, bytes: &[u8]) -> LogRecord {
    let level_key = first_key(tape, bytes, &LEVEL_KEYS);
    let word = level_key.map_or_else(String::new, |(_, node)| tape.text(bytes, node));
    let message_key = first_key(tape, bytes, &MESSAGE_KEYS);
    let message = match message_key.map(|(_, node)| tape.value(bytes, node)) {
        Some(Value::Text(text)) => text,
        Some(Value::Number(number)) => number.text.into(),
        _ => String::new(),
    };
    let time_key = first_key(tape, bytes, &TIME_KEYS).map(|(key, _)| key);
    let known = [
        level_key.map(|(key, _)| key),
        time_key,
        message_key.map(|(key, _)| key),
    ];
    let mut fields = Vec::new();
    for (key, value) in tape.members(0) {
        let name = tape.text(bytes, key);
        if known.contains(&Some(name.as_str())) || NUMBER_KEYS.contains(&name.as_str()) {
            continue;
        }
        match tape.value(bytes, value) {
            Value::Map(members) if FIELD_KEYS.contains(&name.as_str()) => {
                for (key, value) in members {
                    flatten(key, value, &mut fields);
                }
            }
            value => flatten(name, value, &mut fields),
        }
    }
    LogRecord {
        time: time_of(tape, bytes),
        level: level_of(tape, bytes).unwrap_or(Level::Info),
        word,
        message,
        fields,
        omitted: 0,
    }
}

/// The first of `keys` that the record has, and the token of its value.
fn first_key<'k>(tape: &Tape, bytes: &[u8], keys: &[&'k str]) -> Option<(&'k str, usize)> {
    keys.iter()
        .find_map(|key| Some((*key, tape.get(bytes, 0, key)?)))
}

fn time_of(tape: &Tape, bytes: &[u8]) -> Option<f64> {
    let (_, node) = first_key(tape, bytes, &TIME_KEYS)?;
    let token = tape.node(node)?;
    match token.kind {
        Kind::Number => time::from_number(token.number),
        Kind::Text => time::from_text(tape.raw(bytes, node)),
        _ => None,
    }
}

fn level_of(tape: &Tape, bytes: &[u8]) -> Option<Level> {
    let (_, node) = first_key(tape, bytes, &LEVEL_KEYS)?;
    let token = tape.node(node)?;
    Some(match token.kind {
        Kind::Number => level_of_number(token.number),
        _ if token.escaped => level_of_word(tape.text(bytes, node).as_bytes()),
        _ => level_of_word(tape.raw(bytes, node)),
    })
}

/// Levels as Python's `logging` numbers them.
fn level_of_number(number: f64) -> Level {
    match number {
        n if n >= 50.0 => Level::Fatal,
        n if n >= 40.0 => Level::Error,
        n if n >= 30.0 => Level::Warn,
        n if n >= 20.0 => Level::Info,
        _ => Level::Debug,
    }
}

/// Any word is a level; one that nobody knows says nothing about severity.
fn level_of_word(word: &[u8]) -> Level {
    const WORDS: [(Level, &[&str]); 5] = [
        (Level::Info, &["info", "information", "notice", "success"]),
        (
            Level::Debug,
            &["debug", "trace", "verbose", "fine", "notset"],
        ),
        (Level::Warn, &["warn", "warning"]),
        (Level::Error, &["error", "err", "exception", "severe"]),
        (
            Level::Fatal,
            &[
                "fatal",
                "critical",
                "crit",
                "alert",
                "emergency",
                "emerg",
                "panic",
            ],
        ),
    ];
    let means = |names: &[&str]| {
        names
            .iter()
            .any(|name| word.eq_ignore_ascii_case(name.as_bytes()))
    };
    WORDS
        .iter()
        .find(|(_, names)| means(names))
        .map_or(Level::Info, |(level, _)| *level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::Flaw;

    fn decode(text: &str) -> (LogLines, Vec<Flaw>) {
        let (mut lines, mut flaws) = (LogLines::default(), Vec::new());
        LogDecoder::new().decode(text.as_bytes(), 0, true, &mut |piece| match piece {
            Piece::Logs(found) => lines = found,
            Piece::Flaw(flaw) => flaws.push(flaw),
            other => panic!("{other:?}"),
        });
        (lines, flaws)
    }

    #[test]
    fn trackers_agree_on_levels() {
        let text = r#"{"timestamp": 1795159366.5, "level": "WARNING", "message": "m"}
{"sequenceNumber": 1, "timestamp": "2026-11-20T07:22:46.5Z", "level": "critical", "message": "m"}
{"level": 10, "msg": "m"}
{"level": "odd", "message": "m"}
{"message": "no level"}
"#;
        let (lines, flaws) = decode(text);
        assert_eq!(flaws, []);
        assert_eq!(
            lines.levels,
            [
                Level::Warn,
                Level::Fatal,
                Level::Debug,
                Level::Info,
                Level::Info
            ]
        );
        assert_eq!(lines.times[0], lines.times[1]);
        assert!(lines.times[2].is_nan());
        assert_eq!(lines.offsets[1] as usize, text.find('\n').unwrap() + 1);
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

    #[test]
    fn text_that_is_no_record_is_counted() {
        let (lines, flaws) = decode("Traceback (most recent call last):\n{\"message\": \"m\"}\n");
        assert_eq!((lines.offsets.len(), flaws.len()), (1, 1));
    }
}
