//! What a user types after `/`: which of many texts to show.

use regex::{Regex, RegexBuilder};

/// A filter that can be asked. Words must all occur, in any order and case; `!word` must not;
/// `/pattern` is a regular expression.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

#[derive(Clone, Debug)]
struct Term {
    pattern: Regex,
    wanted: bool,
}

/// A pattern may not grow beyond this when it is compiled.
const LARGEST: usize = 1 << 20;

impl Filter {
    /// Reads a filter, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let terms = if let Some(pattern) = text.strip_prefix('/') {
            vec![Term {
                pattern: compile(pattern)?,
                wanted: true,
            }]
        } else if let Some(pattern) = text.strip_prefix("!/") {
            vec![Term {
                pattern: compile(pattern)?,
                wanted: false,
            }]
        } else {
            let word = |word: &str| {
                let (word, wanted) = match word.strip_prefix('!') {
                    Some(word) if !word.is_empty() => (word, false),
                    _ => (word, true),
                };
                Ok(Term {
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
        assert_eq!(hits("!/loss$", texts), ["val/Accuracy", "a.b"]);
        assert_eq!(hits(".", texts), ["a.b"]);
        assert_eq!(hits("", texts).len(), 4);
    }

    #[test]
    fn a_wrong_pattern_is_told() {
        let error = Filter::parse("/(").expect_err("not closed");
        assert!(error.contains("unclosed group"), "{error}");
        assert!(Filter::parse("/(((a{100}){100}){100})").is_err());
    }
}
