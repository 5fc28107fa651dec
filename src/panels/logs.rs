//! The logs panel: the lines of one run from a level up, or those that a search finds.
//!
//! The store knows where blocks of lines start and how many lines of which level they hold; the text
//! of the few lines that are visible is asked for. [`rows`] says which line is which row, [`window`]
//! which rows are visible, [`cache`] keeps what was read, [`aim`] finds the way to lines that were
//! not read yet, [`moments`] the line of a moment, [`tail`] follows the end, [`mod@line`] and [`record`] say what lines look like, and [`view`] draws.

mod aim;
mod cache;
mod line;
mod moments;
mod moves;
mod record;
mod rows;
mod search;
mod tail;
#[cfg(test)]
mod tests;
mod view;
mod window;

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use self::aim::{Aim, Found};
use self::cache::Cache;
use self::line::{Look, TimeShown};
use self::rows::{Kind, Rows, Sums, from_floor};
use self::search::Search;
use self::tail::Tail;
use self::window::Window;
use super::{Context, Copied, Pane, Panel, Request, Seek, parsed};
use crate::commands::{Command, PanelId};
use crate::insight::query::Mistake;
use crate::record::{Level, LogAnswer, LogQuestion, RunId};
use crate::widgets::Safe;
use crate::widgets::filter::Filter;
use crate::widgets::text::safe;

/// The state of the panel.
#[derive(Debug)]
pub struct Logs {
    filter: Filter,
    floor: Level,
    wrap: bool,
    time: TimeShown,
    cache: Cache,
    sums: Sums,
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
    /// Rows that were seen since.
    seen: u64,
    search: Option<Search>,
    /// The line of the cursor, as far as it is known.
    line: Option<u64>,
    /// Somebody moved the cursor here: who follows the log in time is to know.
    leads: bool,
}

/// A whole record fills the panel.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    scroll: usize,
    /// The end was followed before, and will be again.
    followed: bool,
}

/// Where one was in a log.
#[derive(Clone, Copy, Debug)]
struct Left {
    line: u64,
    follow: bool,
    known_levels: [u64; 5],
}

impl Default for Logs {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            floor: Level::Info,
            wrap: false,
            time: TimeShown::default(),
            cache: Cache::default(),
            sums: Sums::default(),
            view: View::default(),
            left: BTreeMap::new(),
        }
    }
}

impl Panel for Logs {
    fn draw(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        self.draw_all(context, pane, buf);
    }

    fn apply(&mut self, command: Command, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let mut requests = self.refresh(context, pane);
        self.retry();
        match command {
            Command::Move(motion) => self.go(motion, context, pane),
            Command::Enter if !pane.zoomed => requests.push(Request::Zoom(PanelId::Logs)),
            Command::Enter => self.open(context),
            Command::RaiseFloor => self.shift_floor(1, context),
            Command::LowerFloor => self.shift_floor(-1, context),
            Command::Floor(level) => self.set_floor(level, context),
            Command::NextProblem => self.aim_at_problem(true, context),
            Command::PreviousProblem => self.aim_at_problem(false, context),
            Command::NextMatch => requests.extend(self.next_match(true, context)),
            Command::PreviousMatch => requests.extend(self.next_match(false, context)),
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
        self.sums.update(run.id, self.floor, &run.logs, lines);
        let mut requests = Vec::new();
        if self.view.search.is_some() {
            let ticket = self.cache.ticket();
            let search = self.view.search.as_mut();
            let parts = search.and_then(|search| search.ask(ticket, &run.logs, lines));
            requests.extend(parts.map(|parts| {
                let pattern = search::pattern(&self.filter);
                let question = LogQuestion::Search {
                    ticket,
                    slot: 0,
                    pattern,
                    parts,
                };
                Request::AskLog(run.id, question)
            }));
        }
        let mut blocks = Vec::new();
        requests.extend(self.take_aim(context, pane, &mut blocks));
        self.settle(context, pane, &mut blocks);
        let questions = self.cache.look(run.id, &blocks, &run.logs, lines);
        requests.extend(questions.into_iter().map(|q| Request::AskLog(run.id, q)));
        requests.extend(self.lead(context));
        requests
    }

    fn sought(&self, seek: Seek) -> &str {
        match seek {
            Seek::Find => self.filter.text(),
            Seek::Only => "",
        }
    }

    fn seek(
        &mut self,
        seek: Seek,
        text: &str,
        context: &Context<'_>,
        pane: Pane,
    ) -> Result<Vec<Request>, Mistake> {
        match seek {
            Seek::Find => Ok(self.set_filter(parsed(text)?, context, pane)),
            Seek::Only => Ok(Vec::new()),
        }
    }

    fn matches(&self, _: Seek, context: &Context<'_>) -> Option<(u64, u64)> {
        let (_, overview) = context.current()?;
        let search = self.view.search.as_ref()?;
        let complete = search.progress(overview.log_lines).is_none();
        complete.then(|| (search.count(), from_floor(&overview.levels, self.floor)))
    }

    fn copy(&self, context: &Context<'_>, pane: Pane) -> Option<Copied> {
        let rows = self.rows(context)?;
        let (_, record) = rows.read(self.view.window.cursor)?;
        let look = self.look(context, pane);
        Some(if self.view.open.is_some() {
            Copied {
                what: Safe::fixed("log record"),
                lines: record::copied(record, &look),
            }
        } else {
            Copied {
                what: Safe::fixed("message"),
                lines: record::copied_message(record, &look),
            }
        })
    }

    fn click(&mut self, at: Position, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let area = view::text_area(pane);
        let inside = (area.top()..area.bottom()).contains(&at.y);
        if self.view.open.is_some() || !inside {
            return Vec::new();
        }
        let look = self.look(context, pane);
        let chosen = self.rows(context).and_then(|rows| {
            let line = isize::try_from(at.y - area.y).ok()?;
            let height = |row| rows.read(row).map_or(1, |(_, record)| look.height(record));
            let visible = self
                .view
                .window
                .visible(self.shown(&rows), area.height.into(), &height);
            let above = visible.into_iter().rev().find(|(_, start)| *start <= line);
            above.map(|(row, _)| row)
        });
        if let Some(row) = chosen {
            self.stop_following(context);
            self.view.aim = None;
            self.view.leads = context.linked;
            self.view.window.cursor = row;
        }
        self.refresh(context, pane)
    }
}

impl Logs {
    /// A panel that shows lines from a level on.
    pub fn with_floor(floor: Level) -> Self {
        Self {
            floor,
            ..Self::default()
        }
    }

    /// Log lines that were asked for have come.
    pub fn answer(
        &mut self,
        _: RunId,
        answer: LogAnswer,
        context: &Context<'_>,
        pane: Pane,
    ) -> Vec<Request> {
        let search = self.view.search.as_mut();
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
                if let Some(search) = search.filter(|search| search.is_awaiting(ticket)) {
                    search.found(hits, searched, done);
                }
            }
            LogAnswer::Failed { ticket, error } => {
                let error = safe!("the log cannot be read: {error}");
                if let Some(search) = search.filter(|search| search.is_awaiting(ticket)) {
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
        self.left.remove(&run);
        if self.view.run == Some(run) {
            self.sums.clear();
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
        let (kind, total) = match &self.view.search {
            Some(search) => (Kind::Found(search), search.count()),
            None if self.floor == Level::Debug => (Kind::All, lines),
            None => {
                let total = from_floor(&overview.levels, self.floor);
                (Kind::From(self.sums.before()), total)
            }
        };
        Some(Rows {
            run: run.id,
            floor: self.floor,
            lines,
            total,
            kind,
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
            filter: &self.filter,
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
        let left = context.run.and_then(|run| self.left.get(&run)).copied();
        self.view = View {
            run: context.run,
            search: (!self.filter.is_empty()).then(Search::default),
            ..View::default()
        };
        if let Some(search) = &mut self.view.search {
            search.show_from(self.floor);
        }
        if let Some(left) = left.filter(|left| !left.follow) {
            self.view.window.follow = false;
            self.view.aim = Some(Aim::Line(left.line));
            self.view.known_levels = left.known_levels;
        }
    }
}

impl Logs {
    fn set_filter(&mut self, filter: Filter, context: &Context<'_>, pane: Pane) -> Vec<Request> {
        let line = self.cursor_line(context);
        self.filter = filter;
        self.retry();
        self.view.search = (!self.filter.is_empty()).then(Search::default);
        if let Some(search) = &mut self.view.search {
            search.show_from(self.floor);
        }
        self.view.open = None;
        self.view.seen = 0;
        self.view.tail = Tail::default();
        self.view.aim = line.map(Aim::Line);
        self.refresh(context, pane)
    }
}
