//! Which runs the filter lets through, asked again only of those that changed.

use std::rc::Rc;

use super::super::Context;
use super::known::Known;
use super::order::Entry;
use crate::insight::query::{Asked, Query};

/// What a run was when it was asked: the stamp of what is known of it, where its overview lies, and
/// roughly when that was.
type State = (u64, usize, u64);

/// Answers about ages are asked for again after so many seconds.
const AGES: f64 = 15.0;

/// The answers of the runs.
#[derive(Debug, Default)]
pub(super) struct Sieve {
    filter: Query,
    /// By the number of the run.
    answers: Vec<Option<(State, bool)>>,
}

impl Sieve {
    pub(super) const fn filter(&self) -> &Query {
        &self.filter
    }

    pub(super) fn set(&mut self, filter: Query) {
        self.filter = filter;
        self.forget();
    }

    /// Asks all runs again: they may be called by other names.
    pub(super) fn forget(&mut self) {
        self.answers.clear();
    }

    /// Asks the runs that changed; whether any answer is another one.
    pub(super) fn refresh(
        &mut self,
        entries: &[Entry],
        known: &Known,
        context: &Context<'_>,
    ) -> bool {
        if self.filter.is_empty() {
            return false;
        }
        self.answers.resize(context.overviews.len(), None);
        let mut changed = false;
        for entry in entries {
            let at = entry.id.0 as usize;
            let overview = context.overviews.get(at).and_then(Option::as_ref);
            let state = (
                known.stamp(entry.id),
                overview.map_or(0, |overview| Rc::as_ptr(overview) as usize),
                (context.now / AGES) as u64,
            );
            let (Some(run), Some(answer)) = (context.store.run(entry.id), self.answers.get_mut(at))
            else {
                continue;
            };
            if answer.is_some_and(|(asked, _)| asked == state) {
                continue;
            }
            let passes = self.filter.matches(&Asked {
                run,
                overview: overview.map(|overview| &**overview),
                glance: known.glance(entry.id),
                words: &entry.text,
                now: context.now,
            });
            changed |= answer.map(|(_, passed)| passed) != Some(passes);
            *answer = Some((state, passes));
        }
        changed
    }

    pub(super) fn passes(&self, entry: &Entry) -> bool {
        let answer = self.answers.get(entry.id.0 as usize).copied().flatten();
        self.filter.is_empty() || answer.is_some_and(|(_, passes)| passes)
    }
}
