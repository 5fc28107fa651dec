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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::series;
    use crate::record::{Batch, Change, ColumnId, ColumnRows, Layout, Place, Rows, RunId};
    use crate::record::{StreamId, StreamKind};
    use crate::store::Store;

    const KEYS: [&str; 6] = [
        "train/loss",
        "val/loss",
        "val/acc[0]",
        "LR",
        "epoch",
        "empty",
    ];

    fn store() -> Store {
        let mut store = Store::new(1 << 16);
        let mut tell = |change| {
            let run = RunId(0);
            store.apply(Batch { run, change });
        };
        let place = Place {
            path: "a".into(),
            shown: "a".into(),
            below: "a".into(),
        };
        tell(Change::Found {
            place,
            layout: Layout::Flat,
        });
        let stream = StreamId(0);
        tell(Change::Stream {
            stream,
            name: "metrics.jsonl".to_owned(),
            kind: StreamKind::Metric,
            file: "metrics.jsonl".into(),
        });
        tell(Change::Columns {
            stream,
            keys: KEYS.map(str::to_owned).to_vec(),
        });
        let column = |at: usize| ColumnRows {
            id: ColumnId(at as u32),
            rows: None,
            values: vec![1.0, 2.0],
            others: 0,
        };
        let rows = Rows {
            count: 2,
            columns: (0..5).map(column).collect(),
            ..Rows::default()
        };
        tell(Change::Rows { stream, rows });
        store
    }

    fn chosen(patterns: &[&str]) -> Vec<String> {
        let store = store();
        let all = series::series(&store.runs()[0]);
        let patterns: Vec<String> = patterns.iter().map(|text| (*text).to_owned()).collect();
        let choice = Choice::new(&patterns).expect("patterns");
        choice
            .of(&all)
            .into_iter()
            .map(|series| series.name.clone())
            .collect()
    }

    #[test]
    fn names_quantities_and_patterns() {
        let all = ["train/loss", "val/loss", "val/acc[0]", "LR"];
        assert_eq!(chosen(&[]), all);
        assert_eq!(chosen(&["*"]), all);
        assert_eq!(chosen(&["val/loss"]), ["val/loss"]);
        assert_eq!(chosen(&["loss"]), ["train/loss", "val/loss"]);
        assert_eq!(chosen(&["VAL*"]), ["val/loss", "val/acc[0]"]);
        assert_eq!(chosen(&["lr", "train/*"]), ["train/loss", "LR"]);
        assert_eq!(chosen(&["val/acc[0]"]), ["val/acc[0]"]);
        // A coordinate is a series only for who names it.
        assert_eq!(chosen(&["epoch"]), ["epoch"]);
        assert_eq!(chosen(&["epoc?", "empty"]), [""; 0]);
    }

    #[test]
    fn what_nothing_is_called_and_what_is_no_pattern() {
        let store = store();
        let all = [series::series(&store.runs()[0])];
        let choice = |text: &str| Choice::new(&["loss".to_owned(), text.to_owned()]);
        let unmet = |text: &str| {
            choice(text)
                .expect("a pattern")
                .unmet(&all)
                .map(str::to_owned)
        };
        assert_eq!(unmet("val/*"), None);
        assert_eq!(unmet("losss"), Some("losss".to_owned()));
        assert_eq!(unmet("empty"), Some("empty".to_owned()));
        assert_eq!(unmet("[bracket"), Some("[bracket".to_owned()));
        assert_eq!(choice("a***").expect_err("three stars").0, "a***");
    }
}
