//! The logs panel: the lines of one run, of the levels that are shown.
//!
//! The store knows where blocks of lines start and how many lines of which level they hold; the text
//! of the few lines that are visible is asked for. [`levels`] says which levels are shown, [`wanted`]
//! what is searched and filtered, [`mod@search`] what was found, [`rows`] which line is which row,
//! [`window`] which rows are visible, [`cache`] keeps what was read, [`aim`] finds the way to lines
//! that were not read yet, [`preview`] shows the end before the index is made, [`moments`] finds the
//! line of a moment, [`tail`] follows the end, [`timeline`] shows where warnings and errors are,
//! [`mod@line`] and [`record`] say what lines look like, and [`view`] draws, or [`empty`] why there is
//! nothing. [`moves`], [`seeking`] and [`copies`] are what somebody does.

mod aim;
mod cache;
mod copies;
mod empty;
mod fields;
mod levels;
mod line;
mod moments;
mod moves;
mod preview;
mod record;
mod rows;
mod search;
mod seeking;
mod tail;
#[cfg(test)]
mod tests;
mod timeline;
mod view;
mod wanted;
mod window;

use std::collections::{BTreeMap, BTreeSet};

use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use self::aim::{Aim, Found};
use self::cache::Cache;
use self::levels::Levels;
use self::line::{Look, TimeShown};
use self::preview::Previews;
use self::rows::{Kind, Rows, Sums};
use self::search::Search;
use self::seeking::Origin;
use self::tail::Tail;
use self::timeline::Timeline;
use self::wanted::Wanted;
use self::window::Window;
use super::{Context, Copied, Pane, Panel, Request, Seek};
use crate::commands::{Command, PanelId};
use crate::insight::query::Mistake;
use crate::record::{Level, LogAnswer, RunId};
use crate::widgets::scroll::Scroll;
use crate::widgets::text::safe;

/// The state of the panel.
#[derive(Debug)]
pub struct Logs {
    /// What was typed after `/`.
    search: Wanted,
    /// What was typed after `&`.
    filter: Wanted,
    /// The levels of a run for which none were chosen yet.
    usual: Levels,
    levels: Levels,
    /// The levels that were chosen for runs.
    chosen: BTreeMap<RunId, Levels>,
    wrap: bool,
    time: TimeShown,
    cache: Cache,
    previews: Previews,
    sums: Sums,
    timeline: Timeline,
    view: View,
    /// Where one was in the logs of other runs.
    left: BTreeMap<RunId, Left>,
}

/// What is seen of one log.
#[derive(Debug, Default)]
struct View {
    run: Option<RunId>,
    window: Window,
    /// While the end is followed.
    tail: Tail,
    aim: Option<Aim>,
    open: Option<Open>,
    /// The lines of each level when one stopped to follow.
    known_levels: [u64; 5],
    /// All lines at that time.
    known_lines: u64,
    /// Rows that were seen since.
    seen: u64,
    search: Option<Search>,
    filter: Option<Search>,
    /// Where one was before a search was typed, until one moves.
    origin: Option<Origin>,
    /// The line of the cursor, as far as it is known.
    line: Option<u64>,
    /// Somebody moved the cursor here: who follows the log in time is to know.
    leads: bool,
}

/// A whole record fills the panel.
#[derive(Clone, Debug, Default)]
struct Open {
    scroll: Scroll,
    /// The groups of fields that are closed, by their names.
    closed: BTreeSet<String>,
    /// The end was followed before, and will be again.
    followed: bool,
}

/// Where one was in a log.
#[derive(Clone, Copy, Debug)]
struct Left {
    line: u64,
    follow: bool,
    known_levels: [u64; 5],
    known_lines: u64,
}

impl Default for Logs {
    fn default() -> Self {
        Self::with_floor(Level::Info)
    }
}

impl Panel for Logs {
    fn draw(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        self.draw_all(context, pane, buf);
    }

    fn apply(&mut self, command: Command, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let mut requests = self.refresh(context, pane);
        self.retry();
        if let Some(taken) = self.take_in_preview(command, context, pane) {
            requests.extend(taken);
            return requests;
        }
        match command {
            Command::Move(motion) => self.go(motion, context, pane),
            Command::Enter if !pane.zoomed => requests.push(Request::Zoom(PanelId::Logs)),
            Command::Enter => self.open(context, pane),
            Command::RaiseFloor => self.show(self.levels.shifted(1), context),
            Command::LowerFloor => self.show(self.levels.shifted(-1), context),
            Command::Floor(level) => self.show(Some(Levels::from(level)), context),
            Command::ToggleLevel(level) => requests.extend(self.toggle_level(level, context)),
            Command::NextProblem => requests.extend(self.aim_at(Level::Warn, true, context)),
            Command::PreviousProblem => requests.extend(self.aim_at(Level::Warn, false, context)),
            Command::NextError => requests.extend(self.aim_at(Level::Error, true, context)),
            Command::PreviousError => requests.extend(self.aim_at(Level::Error, false, context)),
            Command::TimelineNext => requests.extend(self.along(true, context, pane)),
            Command::TimelinePrevious => requests.extend(self.along(false, context, pane)),
            Command::NextMatch => requests.extend(self.next_match(true, context)),
            Command::PreviousMatch => requests.extend(self.next_match(false, context)),
            Command::FoldFields => self.fold(None, context, pane),
            Command::Follow => self.toggle_follow(context),
            Command::Wrap => self.wrap = !self.wrap,
            Command::LogTime => self.time = self.time.next(),
            Command::Link => self.view.leads = true,
            _ => return requests,
        }
        requests.extend(self.refresh(context, pane));
        requests
    }

    fn follow(&mut self, moment: f64, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        self.enter(context);
        self.aim_at_moment(moment, context);
        self.refresh(context, pane)
    }

    fn back(&mut self) -> bool {
        let Some(open) = self.view.open.take() else {
            return false;
        };
        self.view.window.follow |= open.followed;
        true
    }

    fn refresh(&mut self, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        self.enter(context);
        let Some((run, overview)) = context.current() else {
            return Vec::new();
        };
        let lines = overview.log_lines.min(run.logs.lines);
        self.sums.update(run.id, self.levels, &run.logs, lines);
        self.timeline.update(run.id, &run.logs, lines);
        let mut requests = self.ask_for_matches(run, lines);
        let mut blocks = Vec::new();
        requests.extend(self.take_aim(context, pane, &mut blocks));
        self.settle(context, pane, &mut blocks);
        let questions = self.cache.look(run.id, &blocks, &run.logs, lines);
        requests.extend(questions.into_iter().map(|q| Request::AskLog(run.id, q)));
        requests.extend(self.lead(context));
        self.settle_preview(context, pane);
        requests
    }

    fn sought(&self, seek: Seek) -> &str {
        self.wanted(seek).text()
    }

    fn seek(
        &mut self,
        seek: Seek,
        text: &str,
        context: &Context<'_>,
        pane: Pane,
    ) -> Result<Vec<Request>, Mistake> {
        let wanted = Wanted::parse(text)?;
        self.enter(context);
        match seek {
            Seek::Find => self.set_search(wanted, context),
            Seek::Only => self.set_filter(wanted, context),
        }
        Ok(self.refresh(context, pane))
    }

    fn matches(&self, seek: Seek, context: &Context<'_>) -> Option<(u64, u64)> {
        self.count_matches(seek, context)
    }

    fn is_searching(&self, seek: Seek, context: &Context<'_>) -> bool {
        self.searches(seek, context)
    }

    fn hint(&self, seek: Seek) -> &'static str {
        match seek {
            Seek::Find => "words, /regex/, level>=warn, key=value; n and N go there",
            Seek::Only => "only such lines: words, /regex/, !word, level>=warn, key=value",
        }
    }

    fn copy(&self, context: &Context<'_>, pane: Pane) -> Option<Copied> {
        self.copies(context, pane).into_iter().next()
    }

    fn copies(&self, context: &Context<'_>, pane: Pane) -> Vec<Copied> {
        self.all_copies(context, pane)
    }

    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        if let Some(aim) = self.clicked_timeline(at, context, pane) {
            self.aim(aim, context);
        } else if self.view.open.is_some() {
            self.click_record(at, context, pane);
        } else if let Some(row) = self.clicked_row(at, context, pane) {
            self.stop_following(context);
            self.moved(context);
            self.view.window.cursor = row;
        }
        self.refresh(context, pane)
    }
}

impl Logs {
    /// A panel that shows the lines of every run from this level up, until another one is chosen.
    pub fn with_floor(floor: Level) -> Self {
        Self {
            search: Wanted::default(),
            filter: Wanted::default(),
            usual: Levels::from(floor),
            levels: Levels::from(floor),
            chosen: BTreeMap::new(),
            wrap: false,
            time: TimeShown::default(),
            cache: Cache::default(),
            previews: Previews::default(),
            sums: Sums::default(),
            timeline: Timeline::default(),
            view: View::default(),
            left: BTreeMap::new(),
        }
    }

    /// Log lines that were asked for have come.
    pub fn answer(
        &mut self,
        run: RunId,
        answer: LogAnswer,
        context: &Context<'_>,
        pane: Pane,
    ) -> Vec<Request> {
        match answer {
            LogAnswer::Lines {
                ticket, records, ..
            } => {
                if let Some(waiting) = self.cache.take_waiting(ticket) {
                    self.cache.put(waiting, records);
                }
            }
            LogAnswer::Found {
                ticket,
                hits,
                searched,
                done,
            } => {
                if let Some(search) = self.view.awaiting(ticket) {
                    search.found(hits, searched, done);
                }
            }
            LogAnswer::End { lines } => self.previews.put(run, lines, self.view.run),
            LogAnswer::Failed { ticket, error } => {
                let error = safe!("the log cannot be read: {error}");
                if let Some(search) = self.view.awaiting(ticket) {
                    search.failed(error);
                } else if let Some(waiting) = self.cache.take_waiting(ticket) {
                    self.cache.put_nothing(waiting, error);
                }
            }
        }
        self.refresh(context, pane)
    }

    /// The log of a run began anew: what was read of it is void.
    pub fn forget(&mut self, run: RunId) {
        self.cache.forget(run);
        self.previews.forget(run);
        self.left.remove(&run);
        if self.view.run == Some(run) {
            self.sums.clear();
            self.timeline = Timeline::default();
            self.view = View::default();
        }
    }

    /// The rows at the moment that the overview stands for.
    fn rows<'a>(&'a self, context: &Context<'a>) -> Option<Rows<'a>> {
        let (run, overview) = context.current()?;
        if self.view.run != Some(run.id) {
            return None;
        }
        let lines = overview.log_lines.min(run.logs.lines);
        let (kind, total) = match &self.view.filter {
            Some(filter) => (Kind::Found(filter), filter.count()),
            None if self.levels.shows_all() => (Kind::All, lines),
            None => {
                let total = self.levels.count(&overview.levels);
                (Kind::Some(self.sums.before()), total)
            }
        };
        Some(Rows {
            run: run.id,
            levels: self.levels,
            lines,
            total,
            kind,
            search: self.view.search.as_ref(),
            cache: &self.cache,
        })
    }

    /// How many rows are shown: all, or as far as the end that is followed was read.
    fn shown(&self, rows: &Rows<'_>) -> u64 {
        if self.view.window.follow {
            self.view.tail.rows(rows.total)
        } else {
            rows.total
        }
    }

    fn look<'a>(&'a self, context: &Context<'a>, pane: Pane) -> Look<'a> {
        let current = context.current();
        let first = current.and_then(|(run, _)| run.logs.first_time);
        let started = current.and_then(|(_, overview)| overview.started);
        Look {
            theme: context.theme,
            zone: context.zone,
            marked: if self.search.is_empty() {
                &self.filter
            } else {
                &self.search
            },
            wrap: self.wrap,
            time: self.time,
            start: first.map(|first| started.unwrap_or(first)),
            cells: view::text_area(pane).width.into(),
        }
    }

    /// Changes to the log of the run that is shown now.
    fn enter(&mut self, context: &Context<'_>) {
        if self.view.run == context.run && context.run.is_some() {
            return;
        }
        self.leave();
        let of_run = |run: RunId| self.chosen.get(&run).copied();
        self.levels = context.run.and_then(of_run).unwrap_or(self.usual);
        let left = context.run.and_then(|run| self.left.get(&run)).copied();
        self.view = View {
            run: context.run,
            ..View::default()
        };
        self.search_anew();
        if let Some(left) = left.filter(|left| !left.follow) {
            self.view.window.follow = false;
            self.view.aim = Some(Aim::Line(left.line));
            self.view.known_levels = left.known_levels;
            self.view.known_lines = left.known_lines;
        }
    }
}
