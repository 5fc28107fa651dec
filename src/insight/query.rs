//! The language in which runs are asked for: `loss lr>=1e-3 state=stalled -old`.
//!
//! - Words must all occur in the name, project, path, tags or state, in any order and case; `*` in
//!   a word stands for anything, quotes keep blanks, `/pattern/` is a regular expression.
//! - `-word` or `!word` must not occur; `a or b`, and parentheses around them.
//! - `lr>=1e-3 val.loss<0.2 state=stalled tag:x age>10m`: what a name stands for is said in
//!   [`subject`]. A parameter comes before a metric of the same name, also one that only ends with it
//!   (`optimizer.lr`); `last.lr` is the metric.
//!
//! A run that has no such thing answers no to every comparison but `!=`: it does not have that
//! value. `lr=*` asks whether there is one. What nobody knows yet, because nobody looked at the run
//! so far, is neither yes nor no, and such a run is not among the answers.

mod amount;
mod answer;
mod completion;
mod meaning;
mod order;
mod read;
mod subject;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;
use std::ops::Range;

use self::subject::Subject;
use self::text::{Pattern, quoted};
use super::compare::{Brief, Vocabulary};
use super::overview::{self, Overview};
use super::value;
use crate::store::Run;

pub use self::completion::{Completion, completions};
pub use self::order::{Key, Order};

/// What nobody can guess.
pub const HINT: &str = "lr>=1e-3  val.loss<0.2  state=stalled  -word  a or b  Tab completes";

/// What is wrong with a text that was typed, and which bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    pub at: Range<usize>,
    pub words: String,
}

/// A run that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub run: &'a Run,
    /// Nothing while nobody looked at it yet.
    pub overview: Option<&'a Overview>,
    /// What answers as long as there is no overview.
    pub glance: Option<Glance<'a>>,
    /// Name, project, path and tags: see [`words`].
    pub words: &'a str,
    /// Seconds since 1970.
    pub now: f64,
}

/// What is known of a run in brief, and the meanings of the names that runs use.
#[derive(Clone, Copy, Debug)]
pub struct Glance<'a> {
    pub brief: &'a Brief,
    pub words: &'a Vocabulary,
}

/// A question that runs can answer with yes or no.
#[derive(Clone, Debug, Default)]
pub struct Query {
    text: String,
    root: Option<Node>,
}

impl Query {
    /// Reads a question, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        Ok(Self {
            text: text.to_owned(),
            root: read::read(text)?,
        })
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every run answers it.
    pub fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    pub fn matches(&self, asked: &Asked<'_>) -> bool {
        self.root
            .as_ref()
            .is_none_or(|root| answer::answer(root, asked) == Some(true))
    }
}

/// What words are looked for in: name, project, path and tags of a run.
pub fn words(run: &Run) -> String {
    let (name, project) = (overview::name(run), overview::project(run));
    let path = value::path(&run.place.shown);
    let tags = run.facts.tags.iter().map(String::as_str);
    let all: Vec<&str> = [name.as_str(), &project, &path]
        .into_iter()
        .chain(tags)
        .collect();
    all.join(" ")
}

/// A part of a question.
#[derive(Clone, Debug)]
enum Node {
    All(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
    /// It occurs in the words of the run. In lower case.
    Word(String),
    Pattern(Pattern),
    Compare(Compare),
}

/// `lr>=1e-3`
#[derive(Clone, Debug)]
struct Compare {
    /// As it was typed.
    key: String,
    subject: Subject,
    sign: Sign,
    wanted: Wanted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Is,
    IsNot,
    Below,
    AtMost,
    Above,
    AtLeast,
    /// A regular expression finds something in it.
    Like,
    /// It occurs in it.
    Has,
}

/// What a value is compared with.
#[derive(Clone, Debug)]
enum Wanted {
    /// Any value at all.
    Anything,
    /// A number, and how it was typed.
    Number(f64, String),
    /// In lower case.
    Text(String),
    Pattern(Pattern),
}

impl Sign {
    const ALL: [Self; 8] = [
        Self::AtLeast,
        Self::AtMost,
        Self::IsNot,
        Self::Is,
        Self::Below,
        Self::Above,
        Self::Like,
        Self::Has,
    ];

    const fn text(self) -> &'static str {
        match self {
            Self::Is => "=",
            Self::IsNot => "!=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Like => "~",
            Self::Has => ":",
        }
    }

    /// Whether it asks for more or less, which only numbers are.
    const fn is_order(self) -> bool {
        matches!(
            self,
            Self::Below | Self::AtMost | Self::Above | Self::AtLeast
        )
    }
}

/// The question in one spelling, which is read as the same question.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.as_ref().map_or(Ok(()), |root| root.write(f, 0))
    }
}

impl Node {
    /// `tight`: 0 at the top, 1 within words that stand side by side, 2 behind a sign.
    fn write(&self, f: &mut fmt::Formatter<'_>, tight: u8) -> fmt::Result {
        match self {
            Self::All(parts) => group(f, parts, " ", 1, tight > 1),
            Self::Any(parts) => group(f, parts, " or ", 1, tight > 0),
            Self::Not(part) => {
                f.write_str("-")?;
                part.write(f, 2)
            }
            Self::Word(word) => f.write_str(&quoted(word)),
            Self::Pattern(pattern) => write!(f, "{pattern}"),
            Self::Compare(compare) => write!(f, "{compare}"),
        }
    }
}

fn group(
    f: &mut fmt::Formatter<'_>,
    parts: &[Node],
    between: &str,
    tight: u8,
    closed: bool,
) -> fmt::Result {
    f.write_str(if closed { "(" } else { "" })?;
    for (at, part) in parts.iter().enumerate() {
        f.write_str(if at > 0 { between } else { "" })?;
        // `or` binds loosest: what stands side by side needs no parentheses in it.
        let side_by_side = between == " or " && matches!(part, Node::All(_));
        part.write(f, if side_by_side { 0 } else { tight.max(1) })?;
    }
    f.write_str(if closed { ")" } else { "" })
}

impl fmt::Display for Compare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = quoted(&self.key);
        write!(f, "{key}{}", self.sign.text())?;
        match &self.wanted {
            Wanted::Anything => f.write_str("*"),
            Wanted::Number(_, text) => f.write_str(text),
            Wanted::Text(text) => f.write_str(&quoted(text)),
            // What begins like a sign would be read as one.
            Wanted::Pattern(pattern) if pattern.begins_with_sign() => write!(f, " {pattern}"),
            Wanted::Pattern(pattern) => write!(f, "{pattern}"),
        }
    }
}
