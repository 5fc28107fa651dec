//! What is typed after `/` and `&`: matches that are gone to, and lines that are hidden.

use super::super::{Context, Request, Seek};
use super::search::Search;
use super::tail::Tail;
use super::wanted::Wanted;
use super::{Aim, Logs, View};
use crate::record::LogQuestion;
use crate::store::Run;
use crate::widgets::Safe;

/// The place of each of the two searches at whoever searches: a new one ends the former one there.
const SEARCH: u8 = 0;
const FILTER: u8 = 1;

/// Where one was before something was typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    line: u64,
    followed: bool,
}

impl View {
    /// The search that waits for an answer.
    pub(super) fn awaiting(&mut self, ticket: u32) -> Option<&mut Search> {
        let both = [&mut self.search, &mut self.filter].into_iter().flatten();
        both.into_iter().find(|search| search.is_awaiting(ticket))
    }
}

impl Logs {
    pub(super) const fn wanted(&self, seek: Seek) -> &Wanted {
        match seek {
            Seek::Find => &self.search,
            Seek::Only => &self.filter,
        }
    }

    /// Lines that match stand out, and the cursor goes to the next one of them from where it was
    /// when somebody began to type.
    pub(super) fn set_search(&mut self, wanted: Wanted, context: &Context<'_>) {
        let line = self.cursor_line(context);
        self.search = wanted;
        self.retry();
        self.view.open = None;
        self.view.search = self.begun(&self.search);
        if self.search.is_empty() {
            if let Some(origin) = self.view.origin.take() {
                self.view.window.follow = origin.followed;
                self.view.aim = Some(Aim::Line(origin.line));
            }
            return;
        }
        let followed = self.view.window.follow;
        if let Some(line) = line {
            let origin = self.view.origin.get_or_insert(Origin { line, followed });
            self.view.aim = Some(Aim::Nearest(origin.line));
            self.view.leads = context.linked;
        }
    }

    /// Only lines that match are shown. The cursor stays at its line, or at the next one that is
    /// still there.
    pub(super) fn set_filter(&mut self, wanted: Wanted, context: &Context<'_>) {
        let line = self.cursor_line(context);
        self.filter = wanted;
        self.retry();
        self.search_anew();
        self.view.open = None;
        self.view.origin = None;
        self.view.seen = 0;
        self.view.tail = Tail::default();
        self.view.aim = line.map(Aim::Line);
    }

    /// Nothing was found yet.
    pub(super) fn search_anew(&mut self) {
        self.view.filter = self.begun(&self.filter);
        self.view.search = self.begun(&self.search);
    }

    fn begun(&self, wanted: &Wanted) -> Option<Search> {
        let mut search = (!wanted.is_empty()).then(Search::default);
        if let Some(search) = &mut search {
            search.show(self.levels);
        }
        search
    }

    /// What must be searched next. A search is one among the lines that the filter lets through.
    pub(super) fn ask_for_matches(&mut self, run: &Run, lines: u64) -> Vec<Request> {
        let Self {
            search,
            filter,
            view,
            cache,
            ..
        } = self;
        let mut requests = Vec::new();
        for (slot, of) in [(SEARCH, &mut view.search), (FILTER, &mut view.filter)] {
            let Some(of) = of else { continue };
            let ticket = cache.ticket();
            if let Some(parts) = of.ask(ticket, &run.logs, lines) {
                let pattern = if slot == SEARCH {
                    filter.and(search)
                } else {
                    filter.pattern()
                };
                let question = LogQuestion::Search {
                    ticket,
                    slot,
                    pattern,
                    parts,
                };
                requests.push(Request::AskLog(run.id, question));
            }
        }
        requests
    }

    pub(super) fn next_match(&mut self, forward: bool, context: &Context<'_>) -> Option<Request> {
        if self.view.search.is_none() {
            return Some(Request::Say(Safe::fixed("nothing is searched: / searches")));
        }
        let line = self.cursor_line(context)?;
        let from = line + u64::from(forward);
        self.aim(Aim::Match { from, forward }, context);
        None
    }

    /// Of a search, which match the cursor is on or behind, and how many there are; of a filter, how
    /// many of how many lines are left: as far as that was found by now.
    pub(super) fn count_matches(&self, seek: Seek, context: &Context<'_>) -> Option<(u64, u64)> {
        let (_, overview) = context.current()?;
        let found = self.search_of(seek)?;
        Some(match seek {
            Seek::Find => (self.match_number(found), found.count()),
            Seek::Only => (found.count(), self.levels.count(&overview.levels)),
        })
    }

    /// Whether more may be found.
    pub(super) fn searches(&self, seek: Seek, context: &Context<'_>) -> bool {
        let current = context.current();
        let found = self.search_of(seek).zip(current);
        found.is_some_and(|(found, (_, overview))| found.progress(overview.log_lines).is_some())
    }

    const fn search_of(&self, seek: Seek) -> Option<&Search> {
        match seek {
            Seek::Find => self.view.search.as_ref(),
            Seek::Only => self.view.filter.as_ref(),
        }
    }

    /// Which match the cursor is on or behind, counted from one.
    pub(super) fn match_number(&self, found: &Search) -> u64 {
        let before = |line: u64| found.shown_before(line + 1);
        self.view.line.map_or(0, before).max(1).min(found.count())
    }
}
