//! The language in which runs are asked for: `loss lr>=1e-3 state=stalled -old`.

use super::overview::Overview;
use crate::store::Run;

use std::ops::Range;

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
    /// Name, project, path and tags.
    pub words: &'a str,
}

/// A question that runs can answer with yes or no.
#[derive(Clone, Debug, Default)]
pub struct Query {
    text: String,
    words: Vec<(String, bool)>,
}

impl Query {
    /// Reads a question, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Mistake> {
        let word = |word: &str| match word.strip_prefix('-') {
            Some(word) if !word.is_empty() => (word.to_lowercase(), false),
            _ => (word.to_lowercase(), true),
        };
        Ok(Self {
            text: text.to_owned(),
            words: text.split_whitespace().map(word).collect(),
        })
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every run answers it.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub fn matches(&self, asked: &Asked<'_>) -> bool {
        let mut text = asked.words.to_lowercase();
        if let Some(overview) = asked.overview {
            text.push(' ');
            text.push_str(overview.state.name());
        }
        let holds = |(word, wanted): &(String, bool)| text.contains(word.as_str()) == *wanted;
        self.words.iter().all(holds)
    }
}
