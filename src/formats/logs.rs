//! Log lines, from any tracker on one scale of levels.

use crate::formats::json::{Kind, Tape};
use crate::formats::log_line::{LEVEL_KEYS, TIME_KEYS, first_key};
use crate::formats::log_shape::LogShapes;
use crate::formats::records::{Next, Records};
use crate::formats::{Decoder, Piece, time};
use crate::record::{Level, LogLines};

/// Shorter lines are rare.
const SHORT_LINE: usize = 64;
/// Lines in one piece.
const MAX_LINES: usize = 4_096;

/// Indexes the lines of a log: place, level, time.
#[derive(Debug, Default)]
pub struct LogDecoder {
    tape: Tape,
    shapes: LogShapes,
    lines: LogLines,
    /// So many lines are expected at most in the next piece.
    room: usize,
}

impl LogDecoder {
    pub fn new() -> Self {
        Self::default()
    }

    fn add(&mut self, offset: u64, level: Level, time: Option<f64>, sink: &mut dyn FnMut(Piece)) {
        if self.lines.offsets.is_empty() {
            self.lines.offsets.reserve(self.room);
            self.lines.levels.reserve(self.room);
            self.lines.times.reserve(self.room);
        }
        self.lines.offsets.push(offset);
        self.lines.levels.push(level);
        self.lines.times.push(time.unwrap_or(f64::NAN));
        if self.lines.offsets.len() >= MAX_LINES {
            self.emit(sink);
        }
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
        self.room = (bytes.len() / SHORT_LINE).clamp(1, MAX_LINES);
        let mut at = 0;
        loop {
            if let Some(line) = self.shapes.skim(bytes, at) {
                self.add(base + at as u64, line.level, line.time, sink);
                at = line.end;
                continue;
            }
            match records.next(&mut self.tape, at) {
                Next::Record { start, end } => {
                    let level = level_of(&self.tape, bytes).unwrap_or(Level::Info);
                    let time = time_of(&self.tape, bytes);
                    self.add(base + start as u64, level, time, sink);
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

pub(super) fn time_of(tape: &Tape, bytes: &[u8]) -> Option<f64> {
    let (_, node) = first_key(tape, bytes, &TIME_KEYS)?;
    let token = tape.node(node)?;
    match token.kind {
        Kind::Number => time::from_number(token.number),
        Kind::Text => time::from_text(tape.raw(bytes, node)),
        _ => None,
    }
}

pub(super) fn level_of(tape: &Tape, bytes: &[u8]) -> Option<Level> {
    let (_, node) = first_key(tape, bytes, &LEVEL_KEYS)?;
    let token = tape.node(node)?;
    Some(match token.kind {
        Kind::Number => Level::of_number(token.number),
        _ if token.escaped => level_of_word(tape.text(bytes, node).as_bytes()),
        _ => level_of_word(tape.raw(bytes, node)),
    })
}

pub(super) fn level_of_word(word: &[u8]) -> Level {
    Level::of_word(word).unwrap_or(Level::Info)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::TestCaseError;

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
    fn text_that_is_no_record_is_counted() {
        let (lines, flaws) = decode("Traceback (most recent call last):\n{\"message\": \"m\"}\n");
        assert_eq!((lines.offsets.len(), flaws.len()), (1, 1));
    }

    /// What the ordinary walk finds, line by line.
    fn walked(text: &[u8], base: u64, last: bool) -> (LogLines, Vec<Flaw>, usize) {
        let records = Records {
            bytes: text,
            base,
            last,
        };
        let (mut lines, mut flaws) = (LogLines::default(), Vec::new());
        let (mut tape, mut at) = (Tape::default(), 0);
        loop {
            match records.next(&mut tape, at) {
                Next::Record { start, end } => {
                    lines.offsets.push(base + start as u64);
                    let level = level_of(&tape, text).unwrap_or(Level::Info);
                    lines.levels.push(level);
                    lines.times.push(time_of(&tape, text).unwrap_or(f64::NAN));
                    at = end;
                }
                Next::Flaw { flaw, resume } => {
                    flaws.push(flaw);
                    at = resume;
                }
                Next::Done { consumed } => return (lines, flaws, consumed),
            }
        }
    }

    fn agrees(text: &[u8], base: u64, last: bool) -> Result<(), TestCaseError> {
        let (mut lines, mut flaws) = (LogLines::default(), Vec::new());
        let mut decoder = LogDecoder::new();
        let done = decoder.decode(text, base, last, &mut |piece| match piece {
            Piece::Logs(found) => lines = found,
            Piece::Flaw(flaw) => flaws.push(flaw),
            other => panic!("{other:?}"),
        });
        let (expected, theirs, consumed) = walked(text, base, last);
        prop_assert_eq!(&lines.offsets, &expected.offsets);
        prop_assert_eq!(&lines.levels, &expected.levels);
        let bits = |lines: &LogLines| lines.times.iter().map(|t| t.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&lines), bits(&expected));
        prop_assert_eq!((flaws, done), (theirs, consumed));
        Ok(())
    }

    /// Values as they are in lines, and nearly so.
    fn any_value() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "1",
            "-0.50",
            "1e-3",
            "01",
            "1.",
            "NaN",
            "-Infinity",
            "true",
            "truely",
            "null",
            "\"INFO\"",
            "\"WARNING\"",
            "\"Critical\"",
            "\"er\\u0072or\"",
            "\"a\\\"b\"",
            "\"a\\\\\"",
            "\"open",
            "\"a\\\n\"",
            "30",
            "1795159366.4924145",
            "1795159366",
            "\"2026-11-20T07:26:17.788760Z\"",
            "\"2026-13-20\"",
            "{}",
            "[]",
            "{\"x\": [1, {\"y\": \"z\"}], \"w\":{}}",
            "[[[]], 1]",
            "[1,]",
            "{1}",
            "{\"a\": 1",
            "'x'",
            "\u{e9}",
            "0",
            "00",
            "-",
            "12345678",
            "123456789.5E+10",
            "\"\"",
            "\"a longer text, with more than three words\"",
            "\"\\u00e9\\\\\"",
        ])
    }

    /// Pieces of lines, from which nearly regular ones are made.
    fn any_line() -> impl Strategy<Value = String> {
        let value = any_value();
        let key = prop::sample::select(vec![
            "level",
            "levelname",
            "timestamp",
            "time",
            "@timestamp",
            "message",
            "k",
            "l\\u0065vel",
            "context",
        ]);
        let separator = prop::sample::select(vec![", ", ",", ", ", ", ", " ,", ",  ", ""]);
        let colon = prop::sample::select(vec![": ", ":", ": ", ": ", " :", ":  "]);
        let end = prop::sample::select(vec![
            "}\n", "}\n", "}\n", "}\r\n", "} \n", "}", "\n", "},\n", "}{",
        ]);
        let members = prop::collection::vec((key, colon, value, separator), 0..5);
        (members, end).prop_map(|(members, end)| {
            let mut line = String::from("{");
            for (at, (key, colon, value, separator)) in members.iter().enumerate() {
                let separator = if at == 0 { "" } else { separator };
                line.extend([separator, "\"", *key, "\"", *colon, *value]);
            }
            line + end
        })
    }

    /// Lines that have the same keys, with values of their own: what shapes are learned from.
    fn alike() -> impl Strategy<Value = String> {
        const KEYS: [&str; 6] = ["ts", "level", "message", "msg", "k", "time"];
        let values = || prop::collection::vec(any_value(), 3);
        let start = prop::sample::subsequence(KEYS.to_vec(), 1..4);
        let usual = prop::collection::vec((values(), 0..8_usize), 1..6);
        (start, usual).prop_map(|(keys, lines)| {
            let mut text = String::new();
            for (values, odd) in lines {
                for (at, (key, value)) in keys.iter().zip(values).enumerate() {
                    let before = if at == 0 { "{" } else { ", " };
                    // Most values are of one kind, some are not.
                    let value = match (*key, odd) {
                        ("ts", 1..) => "1795159366.25",
                        ("level", 1..) => "\"ERROR\"",
                        ("message" | "msg", 2..) => "\"a \\\"b\\\" c\"",
                        ("k", 3..) => "17",
                        _ => value,
                    };
                    text.extend([before, "\"", key, "\": ", value]);
                }
                text.push_str(if odd == 4 { "} \n" } else { "}\n" });
            }
            text
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn lines_of_a_learned_shape_are_what_the_walk_finds(lines in prop::collection::vec(alike(), 1..4), last: bool, cut: prop::sample::Index) {
            let text = lines.concat();
            agrees(text.as_bytes(), 0, last)?;
            let cut = cut.index(text.len() + 1);
            agrees(&text.as_bytes()[..cut], 0, last)?;
        }

        #[test]
        fn regular_lines_are_what_the_walk_finds(lines in prop::collection::vec(any_line(), 0..4), last: bool, base in 0_u64..2) {
            agrees(lines.concat().as_bytes(), base, last)?;
        }

        #[test]
        fn no_bytes_are_taken_for_a_regular_line(bytes: Vec<u8>, line in any_line()) {
            let mut text = line.into_bytes();
            text.extend(bytes);
            agrees(&text, 0, true)?;
        }
    }
}
