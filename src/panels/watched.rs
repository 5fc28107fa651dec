//! The places in which runs are looked for, and what can be said of them while there are none.

use super::Context;
use crate::insight::number::grouped;
use crate::record::Holding;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// A place in which runs are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    pub place: Safe,
    /// Nothing before it was looked at.
    pub holding: Option<Holding>,
}

impl From<Safe> for Watched {
    fn from(place: Safe) -> Self {
        let holding = None;
        Self { place, holding }
    }
}

impl Watched {
    /// Why no run is seen here, and what to do.
    pub(super) fn remark(&self) -> Option<Safe> {
        let words = match self.holding? {
            Holding::Missing if is_pattern(&self.place) => "nothing matches yet: waiting",
            Holding::Missing => "does not exist: waiting for it",
            Holding::Unreadable => "cannot be read: ! tells why",
            Holding::NoRows => "is no file of rows",
            Holding::NoRuns { loose: 0 } | Holding::Runs => return None,
            Holding::NoRuns { loose: 1 } => "1 .jsonl file of no known tracker: name it to see it",
            Holding::NoRuns { loose } => {
                let count = grouped(loose);
                let words = "name them to see them, as in *.jsonl";
                return Some(safe!("{count} .jsonl files of no known tracker: {words}"));
            }
        };
        Some(Safe::fixed(words))
    }
}

fn is_pattern(place: &Safe) -> bool {
    place.as_str().contains(['*', '?', '['])
}

/// `no runs yet`
pub(super) fn no_runs(context: &Context<'_>) -> Safe {
    Safe::fixed(if context.scanned {
        "no runs yet"
    } else {
        "looking for runs …"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(place: &'static str, holding: Holding) -> String {
        let holding = Some(holding);
        let place = Safe::fixed(place);
        let remark = Watched { place, holding }.remark();
        remark.map_or_else(String::new, |words| words.as_str().to_owned())
    }

    #[test]
    fn places_say_why_no_run_is_seen() {
        assert!(remark("/no/such", Holding::Missing).contains("does not exist"));
        assert!(remark("runs/*", Holding::Missing).contains("nothing matches"));
        assert!(remark("x", Holding::NoRuns { loose: 1 }).starts_with("1 .jsonl file of"));
        assert!(remark("x", Holding::NoRuns { loose: 1234 }).starts_with("1,234 .jsonl files"));
        assert_eq!(remark("x", Holding::NoRuns { loose: 0 }), "");
        assert_eq!(Watched::from(Safe::fixed("x")).remark(), None);
    }
}
