//! What is known of all runs in brief, kept until they change.

use std::collections::BTreeSet;

use super::super::Context;
use crate::insight::compare::{Brief, Vocabulary};
use crate::insight::query::Glance;
use crate::record::RunId;

/// So many runs are looked at between two frames: those that are visible, then others.
const AT_ONCE: usize = 256;
/// After so many seconds those that are alive are looked at again: silence changes states, too.
const AGING: f64 = 5.0;

/// All runs in brief.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// By the number of the run.
    briefs: Vec<Option<Brief>>,
    /// By the number of the run; grows whenever a run was looked at again.
    stamps: Vec<u64>,
    /// The newest of the stamps.
    pub(super) newest: u64,
    /// Grows when the parameters of some run changed.
    pub(super) params: u64,
    pub(super) words: Vocabulary,
    aged: f64,
}

impl Known {
    /// Looks at runs that changed, the `first` ones before the others; those that are left stay among
    /// the `changed` ones.
    pub(super) fn learn(
        &mut self,
        context: &Context<'_>,
        changed: &mut BTreeSet<RunId>,
        first: &[RunId],
    ) {
        let runs = context.overviews.len();
        self.briefs.resize(runs, None);
        self.stamps.resize(runs, 0);
        if (context.now - self.aged).abs() >= AGING {
            self.aged = context.now;
            let alive = self.briefs.iter().flatten().filter(|run| run.is_alive());
            changed.extend(alive.map(|brief| brief.run));
        }
        for run in first {
            if changed.remove(run) {
                self.look(context, *run);
            }
        }
        for _ in 0..AT_ONCE {
            let Some(run) = changed.pop_first() else {
                return;
            };
            self.look(context, run);
        }
    }

    pub(super) fn brief(&self, run: RunId) -> Option<&Brief> {
        self.briefs.get(run.0 as usize)?.as_ref()
    }

    /// What answers for a run of which there is no overview.
    pub(super) fn glance(&self, run: RunId) -> Option<Glance<'_>> {
        let words = &self.words;
        self.brief(run).map(|brief| Glance { brief, words })
    }

    /// A number that changes with what is known of a run.
    pub(super) fn stamp(&self, run: RunId) -> u64 {
        self.stamps.get(run.0 as usize).copied().unwrap_or(0)
    }

    fn look(&mut self, context: &Context<'_>, id: RunId) {
        let at = id.0 as usize;
        let (Some(run), Some(brief)) = (context.store.run(id), self.briefs.get_mut(at)) else {
            return;
        };
        let fresh = Brief::of(run, context.now, &mut self.words);
        let old = brief.replace(fresh);
        let params = brief.as_ref().map(|brief| brief.params);
        if old.map(|old| old.params) != params {
            self.words.learn_params(run);
            self.params += 1;
        }
        self.newest += 1;
        self.stamps[at] = self.newest;
    }
}
