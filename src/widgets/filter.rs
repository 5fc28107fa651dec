//! What a user types after `/`: which of many texts to show.

use std::ops::Range;

use regex::{Regex, RegexBuilder};

/// A filter that can be asked. Words must all occur, in any order and case; `!word` must not;
/// `val/*` is a whole word with anything in place of the star; `/pattern` is a regular expression.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Clone, Debug)]
struct Term {
    /// The word or the expression as it was typed.
    typed: String,
    is_regex: bool,
    pattern: Regex,
    wanted: bool,
}

/// What nobody can guess.
pub const HINT: &str = "/… is a regular expression, * a wildcard";

/// A pattern may not grow beyond this when it is compiled.
const LARGEST: usize = 1 << 20;

impl Filter {
    /// Reads a filter, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let terms = if let Some(pattern) = text.strip_prefix('/') {
            vec![Term::regex(unclosed(pattern), true)?]
        } else if let Some(pattern) = text.strip_prefix("!/") {
            vec![Term::regex(unclosed(pattern), false)?]
        } else {
            let word = |word: &str| {
                let (word, wanted) = match word.strip_prefix('!') {
                    Some(word) if !word.is_empty() => (word, false),
                    _ => (word, true),
                };
                if word.contains('*') {
                    return Term::regex(&starred(word), wanted);
                }
                Ok(Term {
                    typed: word.to_owned(),
                    is_regex: false,
                    pattern: compile(&regex::escape(word))?,
                    wanted,
                })
            };
            text.split_whitespace()
                .map(word)
                .collect::<Result<_, String>>()?
        };
        Ok(Self {
            text: text.to_owned(),
            terms,
        })
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub fn matches(&self, text: &str) -> bool {
        self.terms
            .iter()
            .all(|term| term.pattern.is_match(text) == term.wanted)
    }

    /// What was typed, term by term: the word or expression, whether it is an expression, and
    /// whether it must occur or must not.
    pub fn terms(&self) -> impl Iterator<Item = (&str, bool, bool)> {
        let terms = self.terms.iter();
        terms.map(|term| (term.typed.as_str(), term.is_regex, term.wanted))
    }

    /// Where in a text is what must occur, as byte ranges in order, none of which overlap.
    pub fn places(&self, text: &str) -> Vec<Range<usize>> {
        let wanted = self.terms.iter().filter(|term| term.wanted);
        let mut places: Vec<Range<usize>> = wanted
            .flat_map(|term| term.pattern.find_iter(text))
            .map(|found| found.range())
            .filter(|range| !range.is_empty())
            .collect();
        places.sort_by_key(|range| (range.start, usize::MAX - range.end));
        let mut end = 0;
        places.retain(|range| {
            let free = range.start >= end;
            end = if free { range.end } else { end };
            free
        });
        places
    }
}

impl Term {
    fn regex(typed: &str, wanted: bool) -> Result<Self, String> {
        Ok(Self {
            typed: typed.to_owned(),
            is_regex: true,
            pattern: compile(typed)?,
            wanted,
        })
    }
}

/// An expression without the slash that may close it.
fn unclosed(pattern: &str) -> &str {
    match pattern.strip_suffix('/') {
        Some(open) if !open.is_empty() && !open.ends_with('\\') => open,
        _ => pattern,
    }
}

/// A word with stars as an expression for a whole word of the text.
fn starred(word: &str) -> String {
    let parts: Vec<String> = word.split('*').map(regex::escape).collect();
    format!(r"(?:^|\s){}(?:\s|$)", parts.join(r"\S*"))
}

fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(LARGEST)
        .build()
        .map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
            error => {
                let words = error.to_string();
                let reason = words.lines().last().unwrap_or("not a pattern");
                reason.trim_start_matches("error: ").to_owned()
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(filter: &str, texts: &[&'static str]) -> Vec<&'static str> {
        let filter = Filter::parse(filter).expect(filter);
        texts
            .iter()
            .copied()
            .filter(|text| filter.matches(text))
            .collect()
    }

    #[test]
    fn words_patterns_and_their_opposite() {
        let texts = &["train/loss", "val/loss", "val/Accuracy", "a.b"];
        assert_eq!(hits("LOSS val", texts), ["val/loss"]);
        assert_eq!(hits("val !loss", texts), ["val/Accuracy"]);
        assert_eq!(
            hits("/^val.*(loss|acc)", texts),
            ["val/loss", "val/Accuracy"]
        );
        assert_eq!(hits("/^(a|train)/", texts), ["train/loss", "a.b"]);
        assert_eq!(hits(r"/^val\/", texts), ["val/loss", "val/Accuracy"]);
        assert_eq!(hits("!/loss$", texts), ["val/Accuracy", "a.b"]);
        assert_eq!(hits("!/loss$/", texts), ["val/Accuracy", "a.b"]);
        assert_eq!(hits(".", texts), ["a.b"]);
        assert_eq!(hits("", texts).len(), 4);
        assert_eq!(hits("val/*", texts), ["val/loss", "val/Accuracy"]);
        assert_eq!(hits("*/loss", texts), ["train/loss", "val/loss"]);
        assert_eq!(hits("t*/l*s !val*", texts), ["train/loss"]);
        assert_eq!(hits("a.*", texts), ["a.b"]);
        assert_eq!(hits("*loss", &["a loss b", "losses"]), ["a loss b"]);
    }

    #[test]
    fn what_was_found_and_what_was_typed() {
        let filter = Filter::parse("oss !val los").expect("words");
        assert_eq!(filter.places("Train LOSS, loss"), [6..9, 12..15]);
        let typed: Vec<_> = filter.terms().collect();
        assert_eq!(
            typed,
            [
                ("oss", false, true),
                ("val", false, false),
                ("los", false, true)
            ]
        );
        let filter = Filter::parse("/a*").expect("an expression");
        assert_eq!(filter.places("aab损a"), [0..2, 6..7]);
        assert_eq!(filter.terms().next(), Some(("a*", true, true)));
        assert!(Filter::parse("!/x").expect("a").places("x").is_empty());
    }

    #[test]
    fn a_wrong_pattern_is_told() {
        let error = Filter::parse("/(").expect_err("not closed");
        assert!(error.contains("unclosed group"), "{error}");
        assert!(Filter::parse("/(((a{100}){100}){100})").is_err());
    }
}
