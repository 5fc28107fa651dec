//! Log lines, from any tracker on one scale of levels.

use crate::formats::json::{Kind, Tape};
use crate::formats::log_line::{LEVEL_KEYS, TIME_KEYS, first_key};
use crate::formats::records::{Next, Records};
use crate::formats::{Decoder, Piece, time};
use crate::record::{Level, LogLines};

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

fn level_of_word(word: &[u8]) -> Level {
    Level::of_word(word).unwrap_or(Level::Info)
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
    fn text_that_is_no_record_is_counted() {
        let (lines, flaws) = decode("Traceback (most recent call last):\n{\"message\": \"m\"}\n");
        assert_eq!((lines.offsets.len(), flaws.len()), (1, 1));
    }
}
