//! What is known of the runs, and the moment of it that is shown.

use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;

use super::marks::Marks;
use crate::insight::clock::Zone;
use crate::insight::health::State;
use crate::insight::overview::Overview;
use crate::panels::messages::{MOST, Message};
use crate::panels::watched::Watched;
use crate::panels::{Context, Group};
use crate::record::{Batch, Change, Holding, RunId};
use crate::store::{Look, Store, Want};
use crate::widgets::Safe;
use crate::widgets::theme::Theme;

/// How many overviews are made for one frame besides that of the run that is shown.
const AT_ONCE: usize = 64;

/// The store, and an overview of every run that is looked at.
#[derive(Debug)]
pub(super) struct Data {
    store: Store,
    overviews: Vec<Option<Rc<Overview>>>,
    /// By run: whether it changed since its overview was made.
    changed: Vec<bool>,
    /// The runs that changed since the list of runs learned of them.
    pub(super) news: BTreeSet<RunId>,
    pub(super) theme: Theme,
    pub(super) now: f64,
    zone: Zone,
    /// The run that is shown.
    pub(super) run: Option<RunId>,
    watched: Vec<Watched>,
    pub(super) scanned: bool,
    /// What was said about files, the newest last.
    messages: Vec<Message>,
    pub(super) marks: Marks,
    pub(super) baseline: Option<RunId>,
    pub(super) linked: bool,
    /// Rows that came since the view was paused.
    pub(super) paused: Option<u64>,
}

impl Data {
    pub(super) fn new(
        max_mem: usize,
        theme: Theme,
        zone: Zone,
        watched: Vec<Safe>,
        now: f64,
    ) -> Self {
        Self {
            store: Store::new(max_mem),
            overviews: Vec::new(),
            changed: Vec::new(),
            news: BTreeSet::new(),
            theme,
            now,
            zone,
            run: None,
            watched: watched.into_iter().map(Watched::from).collect(),
            scanned: false,
            messages: Vec::new(),
            marks: Marks::default(),
            baseline: None,
            linked: false,
            paused: None,
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context {
            store: &self.store,
            overviews: &self.overviews,
            theme: &self.theme,
            now: self.now,
            zone: &self.zone,
            run: self.run,
            watched: &self.watched,
            scanned: self.scanned,
            messages: &self.messages,
            marked: self.marks.all(),
            baseline: self.baseline,
            linked: self.linked,
        }
    }

    /// Takes in what changed about a run; returns the exact rows that must be read again.
    pub(super) fn apply(&mut self, run: RunId, changes: Vec<Change>) -> Vec<Want> {
        for change in changes {
            if let (Change::Rows { rows, .. }, Some(count)) = (&change, &mut self.paused) {
                *count += u64::from(rows.count);
            }
            self.store.apply(Batch { run, change });
        }
        self.mark_changed(run);
        self.store.wants()
    }

    /// Marks a run, or takes its mark away; false when no more can be marked.
    pub(super) fn mark(&mut self, run: RunId) -> bool {
        let run = self.store.run(run);
        run.is_none_or(|run| self.marks.toggle(run))
    }

    /// Marks a group of runs as one, or takes its mark away; false when no more can be marked.
    pub(super) fn mark_group(&mut self, group: Group) -> bool {
        let first = group.runs.first().and_then(|run| self.store.run(*run));
        first.is_none_or(|first| self.marks.toggle_group(first, group))
    }

    /// Measures all runs against this one, or no longer.
    pub(super) fn toggle_baseline(&mut self, run: RunId) {
        self.baseline = (self.baseline != Some(run)).then_some(run);
    }

    /// Works out what is looked at closely; returns the exact rows that must be read again.
    pub(super) fn look_closely(&mut self, looks: &[Look]) -> Vec<Want> {
        self.store.look(looks);
        self.store.wants()
    }

    /// Notes what a place holds. A place that was only searched is named when something lies there.
    pub(super) fn holds(&mut self, place: &Path, holding: Holding) {
        let place = Safe::path(place);
        let named = self.watched.iter_mut().find(|known| known.place == place);
        match named {
            Some(known) => known.holding = Some(holding),
            None if matches!(holding, Holding::NoRuns { loose: 1.. }) => {
                let holding = Some(holding);
                self.watched.insert(0, Watched { place, holding });
            }
            None => {}
        }
    }

    /// Keeps what was said about files. What is said again and again is kept once.
    pub(super) fn remember(&mut self, words: Safe) {
        self.messages.retain(|message| message.words != words);
        self.messages.push(Message {
            time: self.now,
            words,
        });
        if self.messages.len() > MOST {
            self.messages.remove(0);
        }
    }

    /// States and ages change by themselves: those of runs that may still go on.
    pub(super) fn pass_time(&mut self, now: f64) {
        self.now = now;
        for (overview, changed) in self.overviews.iter().zip(&mut self.changed) {
            *changed |= overview.as_ref().is_some_and(|overview| {
                matches!(
                    overview.state,
                    State::Running | State::Stalled | State::Waiting
                )
            });
        }
    }

    /// Lets runs that appeared be seen, unless the view is paused.
    pub(super) fn admit(&mut self) {
        if self.paused.is_none() {
            let known = self.store.runs().len();
            self.overviews.resize(known, None);
            self.changed.resize(known, true);
        }
    }

    /// Makes the overviews of these runs anew where they changed, first those of which charts are
    /// shown; false when some are left for the next frame. While the view is paused only those are made that were never made.
    pub(super) fn look_at(&mut self, runs: &[RunId]) -> bool {
        let mut left = AT_ONCE;
        let first = self.run.into_iter().chain(self.baseline);
        let first = first.chain(self.marks.runs());
        for id in first.chain(runs.iter().copied()) {
            let at = id.0 as usize;
            let (Some(run), Some(overview)) = (self.store.run(id), self.overviews.get_mut(at))
            else {
                continue;
            };
            let changed = self.changed[at] && self.paused.is_none();
            if !changed && overview.is_some() {
                continue;
            }
            if left == 0 {
                return false;
            }
            left -= 1;
            let fresh = match overview {
                Some(last) => last.again(run, self.now),
                None => Overview::of(run, self.now),
            };
            *overview = Some(Rc::new(fresh));
            self.changed[at] = false;
        }
        true
    }

    fn mark_changed(&mut self, run: RunId) {
        self.news.insert(run);
        if let Some(changed) = self.changed.get_mut(run.0 as usize) {
            *changed = true;
        }
    }
}
