//! Moving: the cursor, the level floor, from one problem to the next, and from run to run.

use super::super::{Context, Pane, Request};
use super::aim::problem_level;
use super::rows::{Place, from_floor};
use super::tail::Tail;
use super::view::text_area;
use super::window::Window;
use super::{Aim, Found, Kind, Left, Logs, Open, Rows, View, record};
use crate::commands::Motion;
use crate::record::Level;
use crate::widgets::Safe;

impl View {
    /// Rows that came since one stopped to follow and were not seen.
    pub(super) fn new_rows(&self, rows: &Rows<'_>) -> u64 {
        if self.window.follow || matches!(rows.kind, Kind::Found(_)) {
            return 0;
        }
        let known = from_floor(&self.known_levels, rows.floor).max(self.seen);
        rows.total.saturating_sub(known)
    }
}

impl Logs {
    pub(super) fn go(&mut self, motion: Motion, context: &Context<'_>, pane: Pane) {
        let lines = usize::from(text_area(pane).height);
        if self.view.open.is_some() {
            self.scroll_record(motion, context, pane);
            return;
        }
        if matches!(motion, Motion::Left | Motion::Right) {
            return;
        }
        self.stop_following(context);
        self.view.aim = None;
        self.view.leads = context.linked;
        let total = self.rows(context).map_or(0, |rows| rows.total);
        self.view.window.go(motion, total, lines);
    }

    fn scroll_record(&mut self, motion: Motion, context: &Context<'_>, pane: Pane) {
        let height = usize::from(text_area(pane).height);
        let look = self.look(context, pane);
        let count = self.rows(context).and_then(|rows| {
            let (line, record) = rows.read(self.view.window.cursor)?;
            Some(record::lines(record, line, rows.lines, &look).len())
        });
        let most = count.unwrap_or(0).saturating_sub(height);
        let Some(open) = &mut self.view.open else {
            return;
        };
        let (some, many) = (height / 2, height.saturating_sub(1));
        let at = open.scroll;
        open.scroll = match motion {
            Motion::Up => at.saturating_sub(1),
            Motion::Down => at + 1,
            Motion::HalfUp => at.saturating_sub(some),
            Motion::HalfDown => at + some,
            Motion::PageUp => at.saturating_sub(many),
            Motion::PageDown => at + many,
            Motion::Top => 0,
            Motion::Bottom => most,
            Motion::Left | Motion::Right => at,
        }
        .min(most);
    }

    /// The whole record at the cursor fills the panel, and stays although others come.
    pub(super) fn open(&mut self, context: &Context<'_>) {
        if self.view.open.is_some() || self.rows(context).is_none_or(|rows| rows.total == 0) {
            return;
        }
        let followed = self.view.window.follow;
        self.stop_following(context);
        self.view.open = Some(Open {
            scroll: 0,
            followed,
        });
    }

    pub(super) fn stop_following(&mut self, context: &Context<'_>) {
        if !std::mem::take(&mut self.view.window.follow) {
            return;
        }
        if let Some((_, overview)) = context.current() {
            self.view.known_levels = overview.levels;
            self.view.seen = 0;
        }
    }

    pub(super) fn toggle_follow(&mut self, context: &Context<'_>) {
        if self.view.window.follow {
            self.stop_following(context);
        } else {
            self.view.window.follow = true;
            self.view.aim = None;
            self.view.open = None;
        }
    }

    pub(super) fn shift_floor(&mut self, by: isize, context: &Context<'_>) {
        let at = (self.floor as usize).saturating_add_signed(by);
        if let Some(level) = Level::ALL.get(at) {
            self.set_floor(*level, context);
        }
    }

    /// The cursor stays at its line, or goes to the next one that is still there.
    pub(super) fn set_floor(&mut self, floor: Level, context: &Context<'_>) {
        if floor == self.floor {
            return;
        }
        self.view.aim = self.cursor_line(context).map(Aim::Line);
        self.view.seen = 0;
        self.view.open = None;
        self.view.tail = Tail::default();
        self.floor = floor;
        if let Some(search) = &mut self.view.search {
            search.show_from(floor);
        }
    }

    pub(super) fn aim_at_problem(&mut self, forward: bool, context: &Context<'_>) {
        let Some(line) = self.cursor_line(context) else {
            return;
        };
        self.view.aim = Some(Aim::Problem { line, forward });
        self.view.leads = context.linked;
    }

    pub(super) fn next_match(&mut self, forward: bool, context: &Context<'_>) -> Option<Request> {
        if self.view.search.is_none() {
            return Some(Request::Say(Safe::fixed("nothing is searched: / searches")));
        }
        self.stop_following(context);
        self.view.aim = None;
        self.view.leads = context.linked;
        let last = self.rows(context)?.total.saturating_sub(1);
        let cursor = self.view.window.cursor;
        let next = if forward {
            (cursor + 1).min(last)
        } else {
            cursor.saturating_sub(1)
        };
        self.view.window.cursor = next;
        if let Some(open) = &mut self.view.open {
            *open = Open::default();
        }
        (next == cursor).then(|| {
            Request::Say(Safe::fixed(if forward {
                "no further match"
            } else {
                "no match before this one"
            }))
        })
    }

    /// What could not be read is tried again when somebody does something.
    pub(super) fn retry(&mut self) {
        if let Some(run) = self.view.run {
            self.cache.retry(run);
        }
        if let Some(search) = &mut self.view.search {
            search.retry();
        }
    }

    pub(super) fn cursor_line(&self, context: &Context<'_>) -> Option<u64> {
        if let Some(Aim::Line(line)) = self.view.aim {
            return Some(line);
        }
        let line = self.rows(context)?.line(self.view.window.cursor);
        line.or(self.view.line)
    }

    /// Brings the cursor nearer to where it wants to be, and says what must be read for that.
    pub(super) fn take_aim(
        &mut self,
        context: &Context<'_>,
        pane: Pane,
        blocks: &mut Vec<u64>,
    ) -> Option<Request> {
        let aim = self.view.aim?;
        if self.view.window.follow && matches!(aim, Aim::Line(_)) {
            self.view.aim = None;
            return None;
        }
        let (run, _) = context.current()?;
        let rows = self.rows(context)?;
        match aim.find(&rows, &run.logs) {
            Found::Row(row) => {
                self.view.aim = None;
                self.stop_following(context);
                if let Aim::Moment(_) = aim {
                    let lines = text_area(pane).height;
                    self.view.window.visit(row, lines.into());
                } else {
                    self.view.window.jump(row);
                }
                if let Some(open) = &mut self.view.open {
                    *open = Open::default();
                }
            }
            Found::Near(row) => self.view.window.jump(row),
            Found::Awaits(block) => blocks.push(block),
            Found::Nothing => {
                self.view.aim = None;
                if let Aim::Problem { forward, .. } = aim {
                    let level = problem_level(self.floor);
                    return Some(Request::Say(none_found(level, forward)));
                }
            }
        }
        None
    }

    /// Lets the window hold the cursor, and says which blocks are visible or nearly so.
    pub(super) fn settle(&mut self, context: &Context<'_>, pane: Pane, blocks: &mut Vec<u64>) {
        let lines = usize::from(text_area(pane).height);
        let look = self.look(context, pane);
        let Some(rows) = self.rows(context) else {
            return;
        };
        let (mut window, mut tail) = (self.view.window, Tail::default());
        let height = |row| rows.read(row).map_or(1, |(_, record)| look.height(record));
        let total = if window.follow {
            tail = self.view.tail;
            let window_at = |end| {
                let mut other = window;
                other.settle(end, lines, &height);
                other
            };
            let is_read = |window: &Window, end| {
                let visible = window.visible(end, lines, &height);
                let mut visible = visible.into_iter().map(|(row, _)| row);
                visible.all(|row| rows.read(row).is_some() || self.error_at(&rows, row).is_some())
            };
            let ends = tail.follow(rows.total, &window_at, &is_read);
            let visible = ends.awaited.visible(ends.awaited_rows, lines, &height);
            want(&rows, &visible, blocks);
            window = ends.shown;
            tail.rows(rows.total)
        } else {
            window.settle(rows.total, lines, &height);
            rows.total
        };
        let visible = window.visible(total, lines, &height);
        want(&rows, &visible, blocks);
        let end = visible.last().map_or(0, |(row, _)| row + 1);
        let line = rows.line(window.cursor);
        (self.view.window, self.view.tail) = (window, tail);
        self.view.line = line.or(self.view.line);
        if lines > 0 {
            self.view.seen = self.view.seen.max(end);
        }
    }

    /// Remembers where one was in the log of the run that was shown.
    pub(super) fn leave(&mut self) {
        let Some(run) = self.view.run else { return };
        let left = Left {
            line: self.view.line.unwrap_or(0),
            follow: self.view.window.follow,
            known_levels: self.view.known_levels,
        };
        self.left.insert(run, left);
    }
}

/// The blocks of visible rows, and one more at each side, so that scrolling finds it there.
fn want(rows: &Rows<'_>, visible: &[(u64, isize)], blocks: &mut Vec<u64>) {
    let mut add = |row: u64| {
        if let Some(block) = rows.place(row).map(Place::block)
            && !blocks.contains(&block)
        {
            blocks.push(block);
        }
    };
    for (row, _) in visible {
        add(*row);
    }
    if let (Some((first, _)), Some((last, _))) = (visible.first(), visible.last())
        && !matches!(rows.kind, Kind::Found(_))
    {
        add(last + 1);
        if let Some(above) = first.checked_sub(1) {
            add(above);
        }
    }
}

fn none_found(level: Level, forward: bool) -> Safe {
    Safe::fixed(match (level, forward) {
        (Level::Error, true) => "no further error",
        (Level::Error, false) => "no error before this line",
        (Level::Fatal, true) => "no further fatal line",
        (Level::Fatal, false) => "no fatal line before this one",
        (_, true) => "no further warning or error",
        (_, false) => "no warning or error before this line",
    })
}
