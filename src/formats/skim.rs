//! The fast path for log lines: a regular line is checked and its level and time are picked out, and
//! nothing else is kept.
//!
//! Only lines as programs write them are regular: one object, no blanks but one behind a comma or a
//! colon, no key twice that matters. Every other line is left to the ordinary walk; both agree.

use crate::formats::time;
use crate::formats::walker::mark_of_text;
use crate::formats::{logs::level_of_word, number};
use crate::record::Level;

/// What is known of a regular line. It ends behind its line break.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Skimmed {
    pub(super) end: usize,
    pub(super) level: Level,
    pub(super) time: Option<f64>,
    /// Where the message stands, if it is the only one and holds no escapes.
    message: Option<(usize, usize)>,
}

/// What a key of a record means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meaning {
    Level,
    Time,
    Message,
    Nothing,
}

/// Deeper nesting is left to the ordinary walk: a bit for each level says whether it is an object.
const MAX_DEPTH: u32 = 30;

/// Reads the line that starts at `at`; nothing when it is not regular or not complete.
pub(super) fn skim(bytes: &[u8], at: usize) -> Option<Skimmed> {
    let mut skimmer = Skimmer {
        bytes,
        at,
        level: None,
        time: None,
        message: None,
        messages: 0,
    };
    skimmer.object()?;
    skimmer.take(b'\n')?;
    Some(Skimmed {
        message: skimmer.message.filter(|_| skimmer.messages == 1),
        end: skimmer.at,
        level: skimmer.level.unwrap_or(Level::Info),
        time: skimmer.time.filter(|time| !time.is_nan()),
    })
}

/// The level and the message of a line, if it is a regular one and nothing stands behind it.
pub fn skim_line(line: &[u8]) -> Option<(Level, Option<&str>)> {
    let skimmed = skim(line, 0).filter(|skimmed| skimmed.end == line.len())?;
    let message = skimmed.message.map(|(start, end)| &line[start..end]);
    let message = message.and_then(|message| std::str::from_utf8(message).ok());
    Some((skimmed.level, message))
}

/// As the lists of keys say; a match is faster.
fn meaning(key: &[u8]) -> Meaning {
    match key {
        b"level" | b"levelname" | b"severity" | b"lvl" => Meaning::Level,
        b"timestamp" | b"time" | b"ts" | b"createdAt" | b"@timestamp" | b"asctime" => Meaning::Time,
        b"message" | b"msg" | b"event" | b"text" => Meaning::Message,
        _ => Meaning::Nothing,
    }
}

struct Skimmer<'b> {
    bytes: &'b [u8],
    at: usize,
    level: Option<Level>,
    /// NaN for one that says nothing.
    time: Option<f64>,
    message: Option<(usize, usize)>,
    messages: usize,
}

impl<'b> Skimmer<'b> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn blank(&mut self) {
        self.at += usize::from(self.peek() == Some(b' '));
    }

    /// The object that is the record.
    fn object(&mut self) -> Option<()> {
        self.take(b'{')?;
        loop {
            let key = self.plain_text()?;
            self.take(b':')?;
            self.blank();
            match meaning(key) {
                Meaning::Level => {
                    let level = self.level()?;
                    self.level.replace(level).is_none().then_some(())?;
                }
                Meaning::Time => {
                    let time = self.time()?;
                    self.time.replace(time).is_none().then_some(())?;
                }
                Meaning::Message if self.peek()? == b'"' => self.message()?,
                // What is no text may be a message as well.
                Meaning::Message => {
                    self.messages += 2;
                    self.value()?;
                }
                Meaning::Nothing => self.value()?,
            }
            if self.take(b'}').is_some() {
                return Some(());
            }
            self.take(b',')?;
            self.blank();
        }
    }

    /// A text without escapes.
    fn plain_text(&mut self) -> Option<&'b [u8]> {
        self.take(b'"')?;
        let start = self.at;
        let end = mark_of_text(self.bytes, start)?;
        self.at = end;
        self.take(b'"')?;
        Some(&self.bytes[start..end])
    }

    fn level(&mut self) -> Option<Level> {
        Some(match self.plain_text()? {
            b"INFO" | b"info" => Level::Info,
            b"DEBUG" | b"debug" => Level::Debug,
            b"WARNING" | b"warn" => Level::Warn,
            word => level_of_word(word),
        })
    }

    fn message(&mut self) -> Option<()> {
        let start = self.at + 1;
        self.text()?;
        let end = self.at - 1;
        let escaped = memchr::memchr(b'\\', &self.bytes[start..end]).is_some();
        self.message = (!escaped).then_some((start, end));
        self.messages += 1;
        Some(())
    }

    fn time(&mut self) -> Option<f64> {
        if self.peek()? == b'"' {
            return Some(time::from_text(self.plain_text()?).unwrap_or(f64::NAN));
        }
        let parsed = time::scan_seconds(self.bytes, self.at);
        let (value, end) = parsed.or_else(|| number::parse(self.bytes, self.at))?;
        number::ends_token(*self.bytes.get(end)?).then_some(())?;
        self.at = end;
        Some(time::from_number(value).unwrap_or(f64::NAN))
    }

    /// Any value, with all that is in it.
    fn value(&mut self) -> Option<()> {
        let (mut open, mut depth) = (0_u32, 0);
        loop {
            let is_container = match self.peek()? {
                b'{' => Some(1),
                b'[' => Some(0),
                _ => None,
            };
            match is_container {
                Some(kind) if depth < MAX_DEPTH => {
                    self.at += 1;
                    (open, depth) = (open << 1 | kind, depth + 1);
                    let empty = self.take(if kind == 1 { b'}' } else { b']' }).is_some();
                    if !empty {
                        self.key_in(open)?;
                        continue;
                    }
                    (open, depth) = (open >> 1, depth - 1);
                }
                Some(_) => return None,
                None => self.scalar()?,
            }
            // What ends behind a value, until another one follows.
            loop {
                if depth == 0 {
                    return Some(());
                }
                if self.take(b',').is_some() {
                    self.blank();
                    self.key_in(open)?;
                    break;
                }
                self.take(if open & 1 == 1 { b'}' } else { b']' })?;
                (open, depth) = (open >> 1, depth - 1);
            }
        }
    }

    /// The key that stands before a value in an object.
    fn key_in(&mut self, open: u32) -> Option<()> {
        if open & 1 == 1 {
            self.text()?;
            self.take(b':')?;
            self.blank();
        }
        Some(())
    }

    fn scalar(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.text(),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number(),
        }
    }

    /// A text with escapes or without.
    fn text(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            self.at = mark_of_text(self.bytes, self.at)?;
            match self.bytes[self.at] {
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                b'\\' if *self.bytes.get(self.at + 1)? != b'\n' => self.at += 2,
                _ => return None,
            }
        }
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let rest = self.bytes.get(self.at..)?;
        rest.starts_with(word).then_some(())?;
        self.at += word.len();
        number::ends_token(self.peek()?).then_some(())
    }

    /// A number as JSON defines it.
    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.peek()? == b'-');
        let first = self.peek()?;
        let whole = self.digits()?;
        (first != b'0' || whole == 1).then_some(())?;
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        number::ends_token(self.peek()?).then_some(())
    }

    /// At least one digit; how many.
    fn digits(&mut self) -> Option<usize> {
        let rest = self.bytes.get(self.at..)?;
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::log_line::{LEVEL_KEYS, MESSAGE_KEYS, TIME_KEYS};

    #[test]
    fn keys_mean_what_the_walk_takes_them_for() {
        let lists: [(&[&str], Meaning); 4] = [
            (&LEVEL_KEYS, Meaning::Level),
            (&TIME_KEYS, Meaning::Time),
            (&MESSAGE_KEYS, Meaning::Message),
            (&["", "Level", "step"], Meaning::Nothing),
        ];
        for (keys, expected) in lists {
            for key in keys {
                assert_eq!(meaning(key.as_bytes()), expected, "{key}");
            }
        }
    }

    #[test]
    fn a_message_is_told_when_it_is_the_only_one() {
        let line = |text: &str| {
            let text = format!("{text}\n");
            skim_line(text.as_bytes()).map(|(level, m)| (level, m.map(str::to_owned)))
        };
        let message = |level, text: &str| Some((level, Some(text.to_owned())));
        let info = Level::Info;
        assert_eq!(line(r#"{"message": "a é"}"#), message(info, "a é"));
        let table = [
            (r#"{"message": "a\n"}"#, Some((info, None))),
            (
                r#"{"message": 5, "level": "WARNING"}"#,
                Some((Level::Warn, None)),
            ),
            (r#"{"message": "a", "msg": "b"}"#, Some((info, None))),
            (r#"{"message": "a", "event": {"x": 1}}"#, Some((info, None))),
            (r#"{"message": "a"} "#, None),
            (r#"{"message": "a"}{}"#, None),
            (r#"{"level": "info", "lvl": "error"}"#, None),
        ];
        for (text, expected) in table {
            assert_eq!(line(text), expected, "{text}");
        }
    }
}
