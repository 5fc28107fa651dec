//! The records of an appended file: one JSON object after the other.
//!
//! Usually that is one object a line. Objects spread over several lines, several objects on one
//! line and an array of objects are read as well. A record counts only when something stands
//! behind it, so that any cut of the bytes gives the same records.

use crate::formats::Flaw;
use crate::formats::json::{Tape, Walk};

/// A longer record is no row and no log line; nothing that long is kept waiting for its end.
pub(crate) const MAX_RECORD: usize = 8 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What stands next in the bytes.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    /// The object at `start` is on the tape; reading goes on at `end`.
    Record { start: usize, end: usize },
    /// The bytes from the flaw to `resume` cannot be used.
    Flaw { flaw: Flaw, resume: usize },
    /// Everything before `consumed` is done with; the rest is not complete yet.
    Done { consumed: usize },
}

/// The records in a slice of a file.
#[derive(Debug)]
pub(crate) struct Records<'b> {
    pub(crate) bytes: &'b [u8],
    /// The place of the slice in its file.
    pub(crate) base: u64,
    /// Whether nothing will ever follow.
    pub(crate) last: bool,
}

impl Records<'_> {
    /// Finds the record at or behind `from` and leaves it on the tape.
    pub(crate) fn next(&self, tape: &mut Tape, from: usize) -> Next {
        let mut at = from;
        loop {
            let Some(&byte) = self.bytes.get(at) else {
                return Next::Done { consumed: at };
            };
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' | b']' => at += 1,
                b'{' => return self.object(tape, at),
                0 => return self.zeros(at),
                b'[' | b',' => match self.first_behind(at) {
                    Some(b'{' | b']') => at += 1,
                    None if !self.last => return Next::Done { consumed: at },
                    _ => return self.unusable(at, "a list that holds no objects"),
                },
                0xef if self.base == 0 && at == 0 => match self.byte_order_mark() {
                    Some(true) => at = BYTE_ORDER_MARK.len(),
                    Some(false) => return self.unusable(at, "not JSON"),
                    None => return Next::Done { consumed: at },
                },
                b'"' | b'-' | b'0'..=b'9' => {
                    return self.unusable(at, "a bare value, not an object");
                }
                _ => return self.unusable(at, "not JSON"),
            }
        }
    }

    fn object(&self, tape: &mut Tape, start: usize) -> Next {
        match tape.walk(self.bytes, start) {
            Walk::Complete { end } => self.confirmed(start, end),
            Walk::Bad { at, why } => self.unusable(
                start,
                &format!("{why}, at byte {} of the record", at - start),
            ),
            Walk::Incomplete if self.last => self.unusable(start, "the record is cut off"),
            Walk::Incomplete if self.bytes.len() - start > MAX_RECORD => {
                self.unusable(start, "the record does not end within 8 MiB")
            }
            Walk::Incomplete => Next::Done { consumed: start },
        }
    }

    /// A record counts once it is known what stands behind it.
    fn confirmed(&self, start: usize, end: usize) -> Next {
        let behind = self.bytes[end..]
            .iter()
            .position(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        match behind {
            Some(length) if self.bytes[end + length] == b'\n' => Next::Record {
                start,
                end: end + length + 1,
            },
            Some(length) => Next::Record {
                start,
                end: end + length,
            },
            None if self.last => Next::Record {
                start,
                end: self.bytes.len(),
            },
            None => Next::Done { consumed: start },
        }
    }

    /// Bytes that a crash or a network file system left unwritten.
    fn zeros(&self, at: usize) -> Next {
        let length = self.bytes[at..].iter().take_while(|b| **b == 0).count();
        if at + length == self.bytes.len() && !self.last {
            return Next::Done { consumed: at };
        }
        self.flaw(at, at + length, format!("{length} zero bytes"))
    }

    /// Gives up on the rest of the line.
    fn unusable(&self, at: usize, reason: &str) -> Next {
        let resume = match memchr::memchr(b'\n', &self.bytes[at..]) {
            Some(length) => at + length + 1,
            None if self.last => self.bytes.len(),
            None => return Next::Done { consumed: at },
        };
        self.flaw(at, resume, reason.to_owned())
    }

    fn flaw(&self, at: usize, resume: usize, reason: String) -> Next {
        let offset = self.base + at as u64;
        Next::Flaw {
            flaw: Flaw { offset, reason },
            resume,
        }
    }

    fn first_behind(&self, at: usize) -> Option<u8> {
        let mut behind = self.bytes[at + 1..].iter().copied();
        behind.find(|b| !matches!(b, b' ' | b'\n' | b'\r' | b'\t'))
    }

    /// Whether the file starts with a byte order mark; `None` when that is not known yet.
    fn byte_order_mark(&self) -> Option<bool> {
        if self.bytes.starts_with(BYTE_ORDER_MARK) {
            return Some(true);
        }
        if BYTE_ORDER_MARK.starts_with(self.bytes) && !self.last {
            None
        } else {
            Some(false)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records and flaws of `text` in order, read in one piece.
    fn read(text: &str) -> Vec<String> {
        let records = Records {
            bytes: text.as_bytes(),
            base: 0,
            last: true,
        };
        let mut tape = Tape::default();
        let mut at = 0;
        let mut found = Vec::new();
        loop {
            match records.next(&mut tape, at) {
                Next::Record { start, end } => {
                    found.push(text[start..end].trim().to_owned());
                    at = end;
                }
                Next::Flaw { flaw, resume } => {
                    found.push(format!("! {}", flaw.reason));
                    at = resume;
                }
                Next::Done { consumed } => {
                    assert_eq!(consumed, text.len());
                    return found;
                }
            }
        }
    }

    #[test]
    fn one_object_a_line() {
        assert_eq!(
            read("{\"a\":1}\n\n{\"b\":2}\r\n"),
            ["{\"a\":1}", "{\"b\":2}"]
        );
        assert_eq!(read("\u{feff}{\"a\":1}\n"), ["{\"a\":1}"]);
    }

    #[test]
    fn other_arrangements_of_objects() {
        assert_eq!(read("{\"a\":1}{\"b\":2}\n"), ["{\"a\":1}", "{\"b\":2}"]);
        assert_eq!(read("{\n \"a\": 1\n}\n{\n \"b\": 2\n}\n").len(), 2);
        assert_eq!(
            read("[{\"a\":1},\n {\"b\":2}]\n"),
            ["{\"a\":1}", "{\"b\":2}"]
        );
    }

    #[test]
    fn a_torn_line_costs_only_itself() {
        assert_eq!(read("{\"a\": {\"lo\n{\"b\":2}\n")[1], "{\"b\":2}");
        assert_eq!(read("{\"a\":\n{\"b\":2}\n{\"c\":3}\n").len(), 3);
        assert_eq!(read("{\"a\":\n{\"b\":2}\n")[1], "{\"b\":2}");
        assert_eq!(
            read("{\"a\":1}\n{\"b\":"),
            ["{\"a\":1}", "! the record is cut off"]
        );
    }

    #[test]
    fn what_is_no_object_is_named() {
        assert_eq!(read("17\n"), ["! a bare value, not an object"]);
        assert_eq!(read("[1, 2]\n"), ["! a list that holds no objects"]);
        assert_eq!(read("hello\n{\"a\":1}\n"), ["! not JSON", "{\"a\":1}"]);
        assert_eq!(read("\0\0\0{\"a\":1}\n"), ["! 3 zero bytes", "{\"a\":1}"]);
        assert!(read(&"[".repeat(1_000_000))[0].starts_with("! a list"));
        assert!(read("{'a': 1}\n")[0].contains("Python"));
    }
}
