//! Texts of a question: words that occur, words with wildcards, regular expressions.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use memchr::{memchr_iter, memchr2_iter};
use regex::Regex;

use super::amount;
use crate::record::expression;

/// A regular expression, or a word with wildcards.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// As it was typed, without what encloses it.
    typed: String,
    is_regex: bool,
    regex: Regex,
}

impl Pattern {
    pub(super) fn regex(typed: &str) -> Result<Self, String> {
        Ok(Self {
            typed: typed.to_owned(),
            is_regex: true,
            regex: expression(typed)?,
        })
    }

    /// A word whose stars stand for anything, to be found between blanks.
    pub(super) fn starred(typed: &str) -> Result<Self, String> {
        Self::wild(typed, r"(?:^|\s)", r"\S*", r"(?:\s|$)")
    }

    /// A whole value whose stars stand for anything.
    pub(super) fn whole(typed: &str) -> Result<Self, String> {
        Self::wild(typed, "^", ".*", "$")
    }

    fn wild(typed: &str, start: &str, star: &str, end: &str) -> Result<Self, String> {
        let parts: Vec<String> = typed.split('*').map(regex::escape).collect();
        Ok(Self {
            typed: typed.to_owned(),
            is_regex: false,
            regex: expression(&format!("(?s){start}{}{end}", parts.join(star)))?,
        })
    }

    pub(super) fn begins_with_sign(&self) -> bool {
        let is_sign = |c: char| matches!(c, '=' | '<' | '>' | '~' | '!' | ':');
        !self.is_regex && self.typed.starts_with(is_sign)
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_regex {
            return f.write_str(&self.typed);
        }
        f.write_str("/")?;
        let mut escaped = false;
        for c in self.typed.chars() {
            // One that is not escaped would end the expression.
            f.write_str(if c == '/' && !escaped { "\\" } else { "" })?;
            f.write_char(c)?;
            escaped = c == '\\' && !escaped;
        }
        f.write_str("/")
    }
}

/// Whether a word, in lower case, occurs in a text, in any case.
pub(super) fn occurs(word: &str, text: &str) -> bool {
    if !word.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    let (word, text) = (word.as_bytes(), text.as_bytes());
    let Some(first) = word.first().copied() else {
        return true;
    };
    let is_here = |at: usize| {
        let here = text.get(at..at + word.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(word))
    };
    let upper = first.to_ascii_uppercase();
    if upper == first {
        memchr_iter(first, text).any(is_here)
    } else {
        memchr2_iter(first, upper, text).any(is_here)
    }
}

/// Whether two texts are one, in any case; the first is in lower case.
pub(super) fn same(lower: &str, text: &str) -> bool {
    if lower.is_ascii() || text.is_ascii() {
        lower.eq_ignore_ascii_case(text)
    } else {
        text.to_lowercase() == lower
    }
}

/// A text as it must be typed to be taken as it is: with quotes where it needs them.
pub(super) fn quoted(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
    let is_plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(plain)
        && !is_keyword(text)
        && amount::number(text).is_none();
    if is_plain {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    Cow::Owned(out)
}

pub(super) fn is_keyword(word: &str) -> bool {
    matches!(word, "or" | "OR" | "and" | "AND")
}
