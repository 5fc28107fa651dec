//! The language in which log lines are asked for: `level>=warn loss<0.2 -eval /cuda.*memory/`.

use std::ops::Range;

use regex::Regex;

use super::query::Mistake;
use crate::record::{Comparison, Level, Pattern, PatternTerm, Sought, expression};

/// Words for levels that nobody uses for a finer difference: they mean the place on the scale. Any
/// other word is looked for as it is.
const PLAIN_LEVELS: [&str; 9] = [
    "debug",
    "info",
    "information",
    "warn",
    "warning",
    "error",
    "err",
    "fatal",
    "critical",
];

/// Comparisons, the longer ones first.
const COMPARISONS: [(&str, Comparison); 7] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("!=", Comparison::Different),
    ("==", Comparison::Equal),
    ("=", Comparison::Equal),
    (">", Comparison::More),
    ("<", Comparison::Less),
];

/// What stands out in the text of lines that a pattern found.
#[derive(Clone, Debug, Default)]
pub struct Marker {
    expressions: Vec<Regex>,
}

/// Reads what was typed, or says what is wrong with it.
///
/// Words must all occur, in any order and case; `!` or `-` before a term: it must not be so; quotes
/// keep a text together; `/…/` is a regular expression, which may lack its last slash at the end; a
/// star in a word stands for anything in one word of the text.
pub fn parse(text: &str) -> Result<Pattern, Mistake> {
    let mut reader = Reader { text, at: 0 };
    let mut terms = Vec::new();
    while let Some(term) = reader.term()? {
        terms.push(term);
    }
    Ok(Pattern { terms })
}

impl Marker {
    pub fn new(pattern: &Pattern) -> Self {
        let wanted = pattern.terms.iter().filter(|term| term.wanted);
        let expressions = wanted.filter_map(|term| match &term.sought {
            Sought::Word(word) => expression(&regex::escape(word)).ok(),
            Sought::Expression(text) => expression(text).ok(),
            Sought::Field { key, is, value } => marked_field(key, *is, value),
            Sought::Level { .. } | Sought::LevelWord(_) => None,
        });
        Self {
            expressions: expressions.collect(),
        }
    }

    /// Where in a text is what must occur, as byte ranges in order, none of which overlap.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        let found = self.expressions.iter().flat_map(|e| e.captures_iter(text));
        let mut places: Vec<Range<usize>> = found
            .filter_map(|captures| captures.name("it").or_else(|| captures.get(0)))
            .map(|found| found.range())
            .filter(|range| !range.is_empty())
            .collect();
        places.sort_by_key(|range| range.start);
        places.dedup_by(|next, former| {
            let overlaps = next.start < former.end;
            if overlaps {
                former.end = former.end.max(next.end);
            }
            overlaps
        });
        places
    }
}

/// `key=value`, where a field is shown so. Of a number that is compared any value stands out.
fn marked_field(key: &str, is: Comparison, value: &str) -> Option<Regex> {
    let inner = ["metadata.", "context.", "extra."];
    let key = inner
        .iter()
        .find_map(|outer| key.strip_prefix(outer))
        .unwrap_or(key);
    let is_word = is == Comparison::Equal && value.parse::<f64>().is_err();
    let value = if is_word {
        let parts: Vec<String> = value.split('*').map(regex::escape).collect();
        parts.join(r"\S*?")
    } else {
        r#"[^\s,;|)\]}"]*"#.to_owned()
    };
    let key = regex::escape(key);
    expression(&format!(
        r#"(?:^|[\s,;|(\[{{./])(?<it>{key}\s?[=:]\s?"?{value})"#
    ))
    .ok()
}

/// Reads a text term by term.
struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn mistake(at: Range<usize>, words: impl Into<String>) -> Mistake {
        let words = words.into();
        Mistake { at, words }
    }

    fn term(&mut self) -> Result<Option<PatternTerm>, Mistake> {
        let rest = self.rest().trim_start();
        self.at = self.text.len() - rest.len();
        if rest.is_empty() {
            return Ok(None);
        }
        let wanted = !is_turned(rest);
        self.at += usize::from(!wanted);
        let sought = match self.rest().chars().next() {
            Some('/') => self.expression()?,
            Some('"') => Sought::Word(self.quoted()?),
            _ => match self.comparison() {
                Some((key, is)) => self.compared(key, is)?,
                None => self.word()?,
            },
        };
        Ok(Some(PatternTerm { sought, wanted }))
    }

    /// Up to the next blank.
    fn until_blank(&mut self) -> &'t str {
        let rest = self.rest();
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn word(&mut self) -> Result<Sought, Mistake> {
        let start = self.at;
        let word = self.until_blank();
        let place = start..self.at;
        if !word.contains('*') {
            return Ok(Sought::Word(word.to_owned()));
        }
        let parts: Vec<String> = word.split('*').map(regex::escape).collect();
        let text = format!(r"(?:^|\s)(?<it>{})(?:\s|$)", parts.join(r"\S*"));
        expression(&text).map_err(|words| Self::mistake(place, words))?;
        Ok(Sought::Expression(text))
    }

    /// `/…/` up to a slash with nothing behind it, or to the end.
    fn expression(&mut self) -> Result<Sought, Mistake> {
        let start = self.at + 1;
        let inner = &self.text[start..];
        let mut escaped = false;
        let mut end = None;
        for (at, c) in inner.char_indices() {
            let is_last = || {
                inner[at + 1..]
                    .chars()
                    .next()
                    .is_none_or(char::is_whitespace)
            };
            if c == '/' && !escaped && at > 0 && is_last() {
                end = Some(at);
                break;
            }
            escaped = c == '\\' && !escaped;
        }
        let text = &inner[..end.unwrap_or(inner.len())];
        self.at = start + text.len() + usize::from(end.is_some());
        let place = start..start + text.len();
        expression(text).map_err(|words| Self::mistake(place, words))?;
        Ok(Sought::Expression(text.to_owned()))
    }

    fn quoted(&mut self) -> Result<String, Mistake> {
        let start = self.at;
        let inner = &self.text[start + 1..];
        let Some(length) = inner.find('"') else {
            return Err(Self::mistake(
                start..self.text.len(),
                "the quote is not closed",
            ));
        };
        self.at = start + length + 2;
        Ok(inner[..length].to_owned())
    }

    /// The key and the comparison that a term begins with.
    fn comparison(&mut self) -> Option<(&'t str, Comparison)> {
        let rest = self.rest();
        let ends = |c: char| c.is_whitespace() || "=<>!\"".contains(c);
        let length = rest.find(ends)?;
        let key = &rest[..length];
        let first = key.chars().next()?;
        if !(first.is_alphabetic() || "_@$".contains(first)) {
            return None;
        }
        let behind = &rest[length..];
        let (sign, is) = COMPARISONS
            .iter()
            .find(|(sign, _)| behind.starts_with(sign))?;
        self.at += length + sign.len();
        Some((key, *is))
    }

    fn compared(&mut self, key: &str, is: Comparison) -> Result<Sought, Mistake> {
        let start = self.at;
        let value = if self.rest().starts_with('"') {
            self.quoted()?
        } else {
            self.until_blank().to_owned()
        };
        let place = start..self.at;
        if place.is_empty() {
            return Err(Self::mistake(
                place,
                format!("{key} is compared with nothing"),
            ));
        }
        if key.eq_ignore_ascii_case("level") {
            return level(is, &value).map_err(|words| Self::mistake(place, words));
        }
        let ordered = !matches!(is, Comparison::Equal | Comparison::Different);
        if ordered && value.parse::<f64>().map_or(true, f64::is_nan) {
            return Err(Self::mistake(place, format!("\"{value}\" is no number")));
        }
        let key = key.to_owned();
        Ok(Sought::Field { key, is, value })
    }
}

/// Whether a term begins with the sign that turns it around. A number below zero and an option of a
/// command line do not.
fn is_turned(rest: &str) -> bool {
    let mut chars = rest.chars();
    let (first, second) = (chars.next(), chars.next());
    let Some(second) = second.filter(|c| !c.is_whitespace()) else {
        return false;
    };
    match first {
        Some('!') => true,
        Some('-') => !(second.is_ascii_digit() || ".->".contains(second)),
        _ => false,
    }
}

fn level(is: Comparison, word: &str) -> Result<Sought, String> {
    let known = Level::of_word(word.as_bytes());
    let is_plain = PLAIN_LEVELS
        .iter()
        .any(|plain| plain.eq_ignore_ascii_case(word))
        || word.parse::<f64>().is_ok();
    match (is, known) {
        (Comparison::Equal, _) if !is_plain => Ok(Sought::LevelWord(word.to_owned())),
        (_, Some(level)) => Ok(Sought::Level { is, level }),
        _ => Err(format!(
            "\"{word}\" is no level: debug, info, warn, error, fatal"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Sought {
        Sought::Word(text.to_owned())
    }

    fn field(key: &str, is: Comparison, value: &str) -> Sought {
        let (key, value) = (key.to_owned(), value.to_owned());
        Sought::Field { key, is, value }
    }

    fn one(text: &str) -> (Sought, bool) {
        let mut terms = parse(text)
            .unwrap_or_else(|m| panic!("{text}: {m:?}"))
            .terms;
        assert_eq!(terms.len(), 1, "{text}");
        let term = terms.remove(0);
        (term.sought, term.wanted)
    }

    #[test]
    fn every_kind_of_term() {
        use Comparison::{AtLeast, AtMost, Different, Equal, Less, More};
        let expression = |text: &str| Sought::Expression(text.to_owned());
        let level = |is, level| Sought::Level { is, level };
        let table = [
            ("Cuda", word("Cuda"), true),
            ("!eval", word("eval"), false),
            ("-eval", word("eval"), false),
            ("-5", word("-5"), true),
            ("--lr", word("--lr"), true),
            ("->", word("->"), true),
            ("!", word("!"), true),
            ("=>", word("=>"), true),
            ("3>2", word("3>2"), true),
            ("\"out of memory\"", word("out of memory"), true),
            ("-\"a  b\"", word("a  b"), false),
            ("/a b", expression("a b"), true),
            ("/a b/", expression("a b"), true),
            (r"/^val\/", expression(r"^val\/"), true),
            ("!/x/y$/", expression("x/y$"), false),
            ("loss<0.2", field("loss", Less, "0.2"), true),
            ("opt.lr>=1e-3", field("opt.lr", AtLeast, "1e-3"), true),
            ("-phase=eval", field("phase", Equal, "eval"), false),
            ("phase!=eval", field("phase", Different, "eval"), true),
            ("a==b", field("a", Equal, "b"), true),
            ("name=\"a b\"", field("name", Equal, "a b"), true),
            ("n<=-inf", field("n", AtMost, "-inf"), true),
            ("level>=warn", level(AtLeast, Level::Warn), true),
            ("LEVEL=warning", level(Equal, Level::Warn), true),
            ("level=40", level(Equal, Level::Error), true),
            ("level>notice", level(More, Level::Info), true),
            ("level!=debug", level(Different, Level::Debug), true),
            ("level=notice", Sought::LevelWord("notice".to_owned()), true),
            ("level=odd", Sought::LevelWord("odd".to_owned()), true),
        ];
        for (text, sought, wanted) in table {
            assert_eq!(one(text), (sought, wanted), "{text}");
        }
        assert!(parse("  ").is_ok_and(|pattern| pattern.is_empty()));
        let several = parse(" /a b/ level>=warn  -x \"y z\"").map(|p| p.terms.len());
        assert_eq!(several, Ok(4));
    }

    #[test]
    fn a_mistake_says_where_it_is() {
        let table = [
            ("ok /(a/", 4..6, "unclosed group"),
            ("ok \"open", 3..8, "not closed"),
            ("é loss<abc", 8..11, "\"abc\" is no number"),
            ("loss>", 5..5, "compared with nothing"),
            ("level>=odd x", 7..10, "is no level"),
            ("k=\"a", 2..4, "not closed"),
        ];
        for (text, at, words) in table {
            let mistake = parse(text).expect_err(text);
            assert_eq!(mistake.at, at, "{text}");
            assert!(mistake.words.contains(words), "{text}: {}", mistake.words);
        }
        assert!(parse("/(((a{100}){100}){100})").is_err());
    }

    #[test]
    fn what_was_found_stands_out() {
        let found = |filter: &str, text: &str| {
            let pattern = parse(filter).expect(filter);
            let places = Marker::new(&pattern).places(text);
            places
                .into_iter()
                .map(|at| text[at].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(found("oss -val los", "Train LOSS, loss"), ["LOSS", "loss"]);
        assert_eq!(found("/a*", "aab损a"), ["aa", "a"]);
        assert_eq!(found("lr<1 level=info", "x opt.lr=0.5 flr=1"), ["lr=0.5"]);
        assert_eq!(found("phase=tr*", "phase=eval phase=train"), ["phase=tr"]);
        assert_eq!(found("a*e", "xae abe"), ["abe"]);
        assert!(found("!/x", "x").is_empty());
    }
}
