//! Which log lines are wanted: words, expressions, levels and fields.

use regex::{Regex, RegexBuilder};

use super::Level;

/// Which log lines are wanted: those of which every term says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pattern {
    pub terms: Vec<PatternTerm>,
}

/// A part of a [`Pattern`]. Case does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternTerm {
    pub sought: Sought,
    /// Whether it must be so; otherwise it must not.
    pub wanted: bool,
}

/// What a term says of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sought {
    /// The message and fields hold this as it is.
    Word(String),
    /// They match a regular expression.
    Expression(String),
    /// Where the level lies on the scale.
    Level { is: Comparison, level: Level },
    /// The word that the file uses for the level.
    LevelWord(String),
    /// What a field says, or `key=value` in the message. The key may be the end of a dotted one; values that are
    /// numbers are compared as numbers, and a star stands for anything.
    Field {
        key: String,
        is: Comparison,
        value: String,
    },
}

/// How something that is there compares to what is sought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    /// There is one, and it is another.
    Different,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// An expression may not grow beyond this when it is compiled.
const LARGEST: usize = 1 << 20;

impl Pattern {
    /// Every line matches.
    pub const fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

impl Comparison {
    /// Whether `left` compares so to `right`; NaN is only different.
    pub fn holds<T: PartialOrd>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Different => left != right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
        }
    }
}

/// A regular expression in which case does not matter, or why it is none.
pub fn expression(text: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(LARGEST)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
        error => {
            let words = error.to_string();
            let reason = words.lines().last().unwrap_or("not a pattern");
            reason.trim_start_matches("error: ").to_owned()
        }
    })
}
