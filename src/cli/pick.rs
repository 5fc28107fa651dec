//! Which runs are listed, and in which order: `--filter` and `--sort`.

use super::Stop;
use super::options::PickOptions;
use crate::insight::overview::Overview;
use crate::insight::query::{self, Asked, Mistake, Order, Query};
use crate::store::Run;
use crate::widgets::Safe;
use crate::widgets::text::safe;

/// What was asked for.
#[derive(Debug)]
pub(super) struct Pick {
    filter: Query,
    sort: Option<Order>,
}

impl Pick {
    /// Reads the options; what is wrong with them is shown below them.
    pub(super) fn of(options: &PickOptions) -> Result<Self, Stop> {
        let filter = options.filter.as_deref().unwrap_or_default();
        let sort = options.sort.as_deref();
        let order = |text: &str| Order::parse(text).map_err(|m| wrong("--sort", text, &m));
        Ok(Self {
            filter: Query::parse(filter).map_err(|m| wrong("--filter", filter, &m))?,
            sort: sort.map(order).transpose()?,
        })
    }

    /// All runs are wanted, in their own order.
    pub(super) fn is_all(&self) -> bool {
        self.filter.is_empty() && self.sort.is_none()
    }

    pub(super) fn wants(&self, run: &Run, now: f64) -> bool {
        self.filter.is_empty() || asking(run, now, |asked| self.filter.matches(asked))
    }

    /// The runs that are wanted, in order.
    pub(super) fn picked<'a>(&self, runs: &'a [Run], now: f64) -> Vec<&'a Run> {
        let wanted = runs.iter().filter(|run| self.wants(run, now));
        let Some(order) = &self.sort else {
            return wanted.collect();
        };
        let keyed = wanted.map(|run| (asking(run, now, |asked| order.key(asked)), run));
        let mut keyed: Vec<_> = keyed.collect();
        keyed.sort_by(|(a, _), (b, _)| order.compare(a, b));
        keyed.into_iter().map(|(_, run)| run).collect()
    }

    /// What is said when there are runs, but none of them is wanted.
    pub(super) fn found_none(&self, runs: &[Run], now: f64) -> Option<Stop> {
        let none = !runs.is_empty() && !runs.iter().any(|run| self.wants(run, now));
        let text = Safe::new(self.filter.text());
        none.then(|| {
            Stop::NotFound(vec![match runs.len() {
                1 => safe!("the one run does not match \"{text}\""),
                count => safe!("none of the {count} runs matches \"{text}\""),
            }])
        })
    }
}

/// Asks a run with everything that can be said about it.
fn asking<T>(run: &Run, now: f64, ask: impl Fn(&Asked<'_>) -> T) -> T {
    let overview = Overview::of(run, now);
    ask(&Asked {
        run,
        overview: Some(&overview),
        glance: None,
        words: &query::words(run),
        now,
    })
}

/// What is wrong, and a line below the text that points at it.
fn wrong(option: &'static str, text: &str, mistake: &Mistake) -> Stop {
    let cells = |to: usize| text.get(..to).map_or(0, |start| Safe::new(start).width());
    let (start, end) = (cells(mistake.at.start), cells(mistake.at.end));
    let carets = "^".repeat(end.saturating_sub(start).max(1));
    Stop::Usage(vec![
        safe!("{option}: {}", Safe::new(&mistake.words)),
        safe!("  {}", Safe::new(text)),
        safe!("  {:start$}{carets}", ""),
    ])
}
