//! What somebody typed to find lines: what it asks for, and where that stands in a line.

use std::ops::Range;

use crate::insight::log_filter::{self, Marker};
use crate::insight::query::Mistake;
use crate::record::Pattern;

/// A text that was typed after `/` or `&`.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    text: String,
    pattern: Pattern,
    marker: Marker,
}

impl Wanted {
    pub(super) fn parse(text: &str) -> Result<Self, Mistake> {
        let pattern = log_filter::parse(text)?;
        Ok(Self {
            text: text.to_owned(),
            marker: Marker::new(&pattern),
            pattern,
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.pattern.is_empty()
    }

    pub(super) fn places(&self, text: &str) -> Vec<Range<usize>> {
        self.marker.places(text)
    }

    pub(super) fn pattern(&self) -> Pattern {
        self.pattern.clone()
    }

    /// What both ask for.
    pub(super) fn and(&self, other: &Self) -> Pattern {
        let terms = self.pattern.terms.iter().chain(&other.pattern.terms);
        Pattern {
            terms: terms.cloned().collect(),
        }
    }
}
