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
    pub(super) message: Option<(usize, usize)>,
}

/// A value that changes from line to line: a text without its quotes, or a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Slot {
    pub(super) value: Value,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a value is used for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    Text,
    Number,
    Level,
    /// A number.
    Time,
    /// A text.
    Moment,
    /// The only one.
    Message,
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
    read(Skimmer::new(bytes, at))
}

/// As [`skim`], and notes where values stand.
pub(super) fn trace(bytes: &[u8], at: usize, slots: &mut Vec<Slot>) -> Option<Skimmed> {
    let mut skimmer = Skimmer::new(bytes, at);
    skimmer.slots = Some(slots);
    read(skimmer)
}

fn read(mut skimmer: Skimmer<'_>) -> Option<Skimmed> {
    skimmer.object()?;
    skimmer.take(b'\n')?;
    let several = skimmer.messages != 1;
    for slot in skimmer.slots.iter_mut().flat_map(|slots| slots.iter_mut()) {
        if several && slot.value == Value::Message {
            slot.value = Value::Text;
        }
    }
    Some(Skimmed {
        message: skimmer.message.filter(|_| skimmer.messages == 1),
        end: skimmer.at,
        level: skimmer.level.unwrap_or(Level::Info),
        time: skimmer.time.filter(|time| !time.is_nan()),
    })
}

/// Where the text ends whose inside starts at `at`, and whether it holds escapes.
#[inline]
pub(super) fn text_end(bytes: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    loop {
        at = mark_of_text(bytes, at)?;
        match bytes[at] {
            b'"' => return Some((at, escaped)),
            b'\\' if *bytes.get(at + 1)? != b'\n' => at += 2,
            _ => return None,
        }
        escaped = true;
    }
}

/// Where the number ends that starts at `at`, as JSON defines numbers. What stands behind it is not
/// looked at, but for what would make it another number.
#[inline]
pub(super) fn number_end(bytes: &[u8], at: usize) -> Option<usize> {
    const ZEROS: u64 = u64::from_ne_bytes([b'0'; 8]);
    // Most are short and whole.
    if let Some(chunk) = bytes.get(at..)?.first_chunk::<8>() {
        let values = u64::from_le_bytes(*chunk) ^ ZEROS;
        let others = values.wrapping_add(u64::from_ne_bytes([0x76; 8])) | values;
        let others = others & u64::from_ne_bytes([0x80; 8]);
        let digits = others.trailing_zeros() as usize / 8;
        if digits > 0 && digits < 8 && (chunk[0] != b'0' || digits == 1) {
            let behind = chunk[digits];
            if !matches!(behind, b'.' | b'e' | b'E') {
                return Some(at + digits);
            }
        }
    }
    any_number_end(bytes, at)
}

fn any_number_end(bytes: &[u8], start: usize) -> Option<usize> {
    let digits_end = |at: usize| {
        let rest = bytes.get(at..)?;
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (count > 0).then_some(at + count)
    };
    let mut at = start + usize::from(*bytes.get(start)? == b'-');
    let first = *bytes.get(at)?;
    let whole = digits_end(at)?;
    (first != b'0' || whole == at + 1).then_some(())?;
    at = whole;
    if bytes.get(at) == Some(&b'.') {
        at = digits_end(at + 1)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        at = digits_end(at)?;
    }
    Some(at)
}

/// The time that a number says, and where the number ends.
#[inline]
pub(super) fn time_at(bytes: &[u8], at: usize) -> Option<(Option<f64>, usize)> {
    let parsed = time::scan_seconds(bytes, at);
    let (value, end) = parsed.or_else(|| number::parse(bytes, at))?;
    Some((time::from_number(value), end))
}

#[inline]
pub(super) fn level_of_text(word: &[u8]) -> Level {
    match word {
        b"INFO" | b"info" => Level::Info,
        b"DEBUG" | b"debug" => Level::Debug,
        b"WARNING" | b"warn" => Level::Warn,
        b"ERROR" | b"error" => Level::Error,
        word => level_of_word(word),
    }
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
    /// Where values stand, if somebody wants to know.
    slots: Option<&'b mut Vec<Slot>>,
}

impl<'b> Skimmer<'b> {
    fn new(bytes: &'b [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            level: None,
            time: None,
            message: None,
            messages: 0,
            slots: None,
        }
    }

    fn note(&mut self, value: Value, start: usize, end: usize) {
        if let Some(slots) = &mut self.slots {
            slots.push(Slot { value, start, end });
        }
    }

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
        let word = self.plain_text()?;
        self.note(Value::Level, self.at - 1 - word.len(), self.at - 1);
        Some(level_of_text(word))
    }

    fn message(&mut self) -> Option<()> {
        let start = self.at + 1;
        let escaped = self.text()?;
        let end = self.at - 1;
        self.message = (!escaped).then_some((start, end));
        self.messages += 1;
        self.note(Value::Message, start, end);
        Some(())
    }

    fn time(&mut self) -> Option<f64> {
        let start = self.at;
        if self.peek()? == b'"' {
            let text = self.plain_text()?;
            self.note(Value::Moment, start + 1, self.at - 1);
            return Some(time::from_text(text).unwrap_or(f64::NAN));
        }
        let (time, end) = time_at(self.bytes, self.at)?;
        number::ends_token(*self.bytes.get(end)?).then_some(())?;
        self.at = end;
        self.note(Value::Time, start, end);
        Some(time.unwrap_or(f64::NAN))
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
        let start = self.at;
        match self.peek()? {
            b'"' => {
                self.text()?;
                self.note(Value::Text, start + 1, self.at - 1);
            }
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => {
                self.at = number_end(self.bytes, start)?;
                number::ends_token(self.peek()?).then_some(())?;
                self.note(Value::Number, start, self.at);
            }
        }
        Some(())
    }

    /// A text with escapes or without; whether it has some.
    fn text(&mut self) -> Option<bool> {
        self.take(b'"')?;
        let (end, escaped) = text_end(self.bytes, self.at)?;
        self.at = end + 1;
        Some(escaped)
    }

    fn word(&mut self, word: &[u8]) -> Option<()> {
        let rest = self.bytes.get(self.at..)?;
        rest.starts_with(word).then_some(())?;
        self.at += word.len();
        number::ends_token(self.peek()?).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::LineSkimmer;
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
            let skimmed = LineSkimmer::default().skim(text.as_bytes());
            skimmed.map(|(level, m)| (level, m.map(str::to_owned)))
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
