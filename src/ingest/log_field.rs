//! A field that is compared, asked of a line as a whole or of its bytes alone.

use memchr::{memchr, memchr2, memmem};
use regex::Regex;

use crate::formats::{self, FieldValue, LogLine};
use crate::record::{Comparison, expression};

/// A field, and what it is compared with.
pub(crate) struct Field {
    key: String,
    is: Comparison,
    value: Value,
    /// `key=value` in the message.
    spelled: Regex,
    /// The end of every key of this name in the bytes of a line, when the name is a plain word that
    /// is no part of a line itself.
    ends: Option<regex::bytes::Regex>,
}

struct Value {
    text: String,
    number: Option<f64>,
    /// When a star stands for anything.
    shape: Option<Regex>,
}

/// What the values under a key say.
#[derive(Default)]
struct Seen {
    found: bool,
    holds: bool,
}

impl Field {
    pub(crate) fn new(key: &str, is: Comparison, value: &str) -> Result<Self, String> {
        let escaped = regex::escape(key);
        let spelled = format!(
            r#"(?:^|[\s,;|(\[{{])(?:[\w/.-]*[./])?{escaped}\s?[=:]\s?(?:"([^"]*)"|([^\s,;|)\]}}"]+))"#
        );
        let shape = value.contains('*').then(|| {
            let parts: Vec<String> = value.split('*').map(regex::escape).collect();
            expression(&format!("(?s)^{}$", parts.join(".*")))
        });
        Ok(Self {
            key: key.to_lowercase(),
            is,
            value: Value {
                text: value.to_lowercase(),
                number: number(value),
                shape: shape.transpose()?,
            },
            spelled: expression(&spelled)?,
            ends: ends(key),
        })
    }

    /// Whether one of the values under the key says so; for [`Comparison::Different`] whether there
    /// are some, none of which is equal.
    pub(crate) fn holds(&self, line: &LogLine<'_>) -> bool {
        let mut seen = Seen::default();
        line.each_value(&self.key, &mut |value| self.take(&value, &mut seen));
        if !seen.found {
            let mut message = String::new();
            line.message(&mut message);
            self.take_spelled(&message, &mut seen);
        }
        self.verdict(&seen)
    }

    /// The same for the bytes of a regular line that has this message, as far as they tell.
    pub(crate) fn holds_at_once(&self, line: &[u8], message: &str) -> Option<bool> {
        let ends = self.ends.as_ref()?;
        // A key may be spelled in escapes, and within a list there are no keys.
        if memchr(b'[', line).is_some() || memmem::find(line, b"\\u").is_some() {
            return None;
        }
        let mut seen = Seen::default();
        for end in ends.find_iter(line) {
            let name = line.get(..end.start())?;
            // Another key may end with the same word; letters of other alphabets may mean it.
            if name.last() != Some(&b'"') || !end.as_bytes().is_ascii() {
                return None;
            }
            self.take(&plain_value(line, end.end())?, &mut seen);
        }
        if !seen.found {
            self.take_spelled(message, &mut seen);
        }
        Some(self.verdict(&seen))
    }

    fn take(&self, value: &FieldValue<'_>, seen: &mut Seen) {
        let is = match self.is {
            Comparison::Different => Comparison::Equal,
            is => is,
        };
        seen.found = true;
        seen.holds |= self.value.compares(is, value);
    }

    fn take_spelled(&self, message: &str, seen: &mut Seen) {
        for captures in self.spelled.captures_iter(message) {
            let text = captures.get(1).or_else(|| captures.get(2));
            let text = text.map_or("", |text| text.as_str().trim_end_matches('.'));
            self.take(&FieldValue::of(text), seen);
        }
    }

    fn verdict(&self, seen: &Seen) -> bool {
        match self.is {
            Comparison::Different => seen.found && !seen.holds,
            _ => seen.holds,
        }
    }
}

impl Value {
    fn compares(&self, is: Comparison, found: &FieldValue<'_>) -> bool {
        if let (Some(left), Some(right)) = (found.number, self.number) {
            return is.holds(&left, &right);
        }
        match (&self.shape, is) {
            (Some(shape), Comparison::Equal) => shape.is_match(&found.text),
            (None, Comparison::Equal) => {
                found.text.eq_ignore_ascii_case(&self.text)
                    || found.text.to_lowercase() == self.text
            }
            _ => false,
        }
    }
}

/// A number that can be compared.
fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|number| !number.is_nan())
}

fn ends(key: &str) -> Option<regex::bytes::Regex> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if key.is_empty() || !key.bytes().all(is_plain) || formats::is_part_of_line(key) {
        return None;
    }
    regex::bytes::RegexBuilder::new(&format!("{key}\"\\s*:"))
        .case_insensitive(true)
        .build()
        .ok()
}

/// The value behind a key, if it is a number or a text without escapes.
fn plain_value(line: &[u8], behind_key: usize) -> Option<FieldValue<'_>> {
    let blanks = line.get(behind_key..)?;
    let start = behind_key + blanks.iter().position(|byte| *byte != b' ')?;
    let value = line.get(start..)?;
    if let Some(text) = value.strip_prefix(b"\"") {
        let end = memchr2(b'"', b'\\', text)?;
        let text = text.get(..end).filter(|_| text[end] == b'"')?;
        return std::str::from_utf8(text).ok().map(FieldValue::of);
    }
    let (number, end) = formats::number_in(line, start)?;
    Some(FieldValue {
        text: String::from_utf8_lossy(&line[start..end]),
        number: Some(number).filter(|number| !number.is_nan()),
    })
}
