//! Which series of a run are meant: by name, by quantity, or by a pattern of either.

use glob::{MatchOptions, Pattern};

use crate::insight::series::Series;

/// What somebody asked for; nothing means all that was measured.
#[derive(Clone, Debug)]
pub struct Choice {
    terms: Vec<Term>,
}

#[derive(Clone, Debug)]
struct Term {
    text: String,
    pattern: Pattern,
}

const ANY_CASE: MatchOptions = MatchOptions {
    case_sensitive: false,
    require_literal_separator: false,
    require_literal_leading_dot: false,
};

impl Choice {
    /// Reads the patterns; the one that is none is returned with what is wrong with it.
    pub fn new(texts: &[String]) -> Result<Self, (String, &'static str)> {
        let term = |text: &String| {
            // A name may have brackets in it that make no pattern.
            let literal = || Pattern::new(&Pattern::escape(text));
            let pattern = match Pattern::new(text) {
                Err(_) if !text.contains(['*', '?']) => literal(),
                pattern => pattern,
            };
            Ok(Term {
                text: text.clone(),
                pattern: pattern.map_err(|error| (text.clone(), error.msg))?,
            })
        };
        let terms = texts.iter().map(term).collect::<Result<_, _>>()?;
        Ok(Self { terms })
    }

    /// The series that were asked for, in their own order. Coordinates and copies are among them only
    /// when they are named in full.
    pub fn of<'s, 'a>(&self, all: &'s [Series<'a>]) -> Vec<&'s Series<'a>> {
        let filled = all.iter().filter(|series| series.column.count() > 0);
        filled.filter(|series| self.has(series)).collect()
    }

    /// What was asked for and none of these series is.
    pub fn unmet(&self, all: &[Vec<Series<'_>>]) -> Option<&str> {
        let filled = || all.iter().flatten().filter(|s| s.column.count() > 0);
        let met = |term: &&Term| filled().any(|series| term.means(series));
        let unmet = self.terms.iter().find(|term| !met(term))?;
        Some(&unmet.text)
    }

    fn has(&self, series: &Series<'_>) -> bool {
        if self.terms.is_empty() {
            return series.metric.is_measure();
        }
        self.terms.iter().any(|term| term.means(series))
    }
}

impl Term {
    fn means(&self, series: &Series<'_>) -> bool {
        let Self { text, pattern } = self;
        let metric = &series.metric;
        let fits = |name: &String| pattern.matches_with(name, ANY_CASE);
        *text == series.name
            || metric.is_measure()
                && [&series.name, &metric.quantity, &series.column.key]
                    .into_iter()
                    .any(fits)
    }
}
