//! Moving: the cursor, the levels that are shown, from one problem to the next, and from run to run.

use ratatui::layout::Position;

use super::super::{Context, Pane, Request};
use super::levels::Levels;
use super::rows::Place;
use super::search::Search;
use super::tail::Tail;
use super::view::text_area;
use super::window::Window;
use super::{Aim, Found, Kind, Left, Logs, Open, Rows, View};
use crate::commands::Motion;
use crate::record::Level;
use crate::widgets::Safe;
use crate::widgets::text::safe;

impl View {
    /// Rows that came since one stopped to follow and were not seen.
    pub(super) fn new_rows(&self, rows: &Rows<'_>) -> u64 {
        if self.window.follow {
            return 0;
        }
        let known = match rows.kind {
            Kind::Found(filter) => filter.shown_before(self.known_lines),
            _ => rows.levels.count(&self.known_levels),
        };
        rows.total.saturating_sub(known.max(self.seen))
    }
}

impl Logs {
    pub(super) fn go(&mut self, motion: Motion, context: &Context<'_>, pane: Pane) {
        let lines = usize::from(text_area(pane).height);
        if self.view.open.is_some() {
            self.go_in_record(motion, context, pane);
            return;
        }
        if matches!(motion, Motion::Left | Motion::Right) {
            return;
        }
        let total = self.rows(context).map_or(0, |rows| rows.total);
        if total == 0 && motion != Motion::Bottom {
            // Nothing was found yet: there is no place to go to, and the end is still wanted.
            return;
        }
        self.stop_following(context);
        self.moved(context);
        self.view.window.go(motion, total, lines);
    }

    /// The whole record at the cursor fills the panel, and stays although others come; within it a
    /// group of fields is opened or closed.
    pub(super) fn open(&mut self, context: &Context<'_>, pane: Pane) {
        if self.view.open.is_some() {
            return self.fold(None, context, pane);
        }
        if self.rows(context).is_none_or(|rows| rows.total == 0) {
            return;
        }
        let followed = self.view.window.follow;
        self.stop_following(context);
        self.view.open = Some(Open {
            followed,
            ..Open::default()
        });
    }

    pub(super) fn stop_following(&mut self, context: &Context<'_>) {
        if !std::mem::take(&mut self.view.window.follow) {
            return;
        }
        if let Some((_, overview)) = context.current() {
            self.view.known_levels = overview.levels;
            self.view.known_lines = overview.log_lines;
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

    /// Shows lines of other levels. The cursor stays at its line, or goes to the next one that is
    /// still there.
    pub(super) fn show(&mut self, levels: Option<Levels>, context: &Context<'_>) {
        let Some(levels) = levels.filter(|levels| *levels != self.levels) else {
            return;
        };
        self.view.aim = self.cursor_line(context).map(Aim::Line);
        self.view.seen = 0;
        self.view.open = None;
        self.view.tail = Tail::default();
        self.levels = levels;
        if let Some(run) = self.view.run {
            self.chosen.insert(run, levels);
        }
        let searches = [&mut self.view.search, &mut self.view.filter];
        for search in searches.into_iter().flatten() {
            search.show(levels);
        }
    }

    pub(super) fn toggle_level(&mut self, level: Level, context: &Context<'_>) -> Option<Request> {
        let levels = self.levels.toggled(level);
        if levels.is_none() {
            return Some(Request::Say(Safe::fixed("nothing else is shown")));
        }
        self.show(levels, context);
        None
    }

    /// Goes to the next line that is at least so bad, or to the one before.
    pub(super) fn aim_at(
        &mut self,
        least: Level,
        forward: bool,
        context: &Context<'_>,
    ) -> Option<Request> {
        let Some(levels) = self.levels.at_least(least) else {
            let words = safe!(
                "no {} or worse is shown: 5 to 9 switch levels",
                least.name()
            );
            return Some(Request::Say(words));
        };
        let from = self.cursor_line(context)? + u64::from(forward);
        let aim = Aim::Level {
            from,
            forward,
            levels,
        };
        self.aim(aim, context);
        None
    }

    /// Somebody wants the cursor to be elsewhere.
    pub(super) fn aim(&mut self, aim: Aim, context: &Context<'_>) {
        self.moved(context);
        self.view.aim = Some(aim);
    }

    /// Somebody moves the cursor.
    pub(super) fn moved(&mut self, context: &Context<'_>) {
        self.view.aim = None;
        self.view.origin = None;
        self.view.leads = context.linked;
    }

    pub(super) fn clicked_row(
        &self,
        at: Position,
        context: &Context<'_>,
        pane: Pane,
    ) -> Option<u64> {
        let area = text_area(pane);
        let line = isize::try_from(at.y.checked_sub(area.y)?).ok()?;
        let look = self.look(context, pane);
        let rows = self.rows(context)?;
        let height = |row| rows.read(row).map_or(1, |(_, record)| look.height(record));
        let shown = self.shown(&rows);
        let visible = self.view.window.visible(shown, area.height.into(), &height);
        let above = visible.into_iter().rev().find(|(_, start)| *start <= line);
        above.filter(|_| at.y < area.bottom()).map(|(row, _)| row)
    }

    /// What could not be read is tried again when somebody does something.
    pub(super) fn retry(&mut self) {
        if let Some(run) = self.view.run {
            self.cache.retry(run);
        }
        let searches = [&mut self.view.search, &mut self.view.filter];
        searches.into_iter().flatten().for_each(Search::retry);
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
                if let Aim::Line(_) = aim {
                    self.view.window.jump(row);
                } else {
                    let lines = text_area(pane).height;
                    self.view.window.visit(row, lines.into());
                }
                if let Some(open) = &mut self.view.open {
                    *open = Open::default();
                }
            }
            Found::Near(row) => self.view.window.jump(row),
            Found::Awaits(block) => blocks.push(block),
            Found::Later => {}
            Found::Nothing => {
                self.view.aim = None;
                return none_found(aim).map(Request::Say);
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
            known_lines: self.view.known_lines,
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

/// What is said when there is nothing to go to.
fn none_found(aim: Aim) -> Option<Safe> {
    Some(match aim {
        Aim::Level {
            forward, levels, ..
        } => match (levels.floor(), forward) {
            (Level::Error, true) => Safe::fixed("no further error"),
            (Level::Error, false) => Safe::fixed("no error before this line"),
            (Level::Fatal, true) => Safe::fixed("no further fatal line"),
            (Level::Fatal, false) => Safe::fixed("no fatal line before this one"),
            (_, true) => Safe::fixed("no further warning or error"),
            (_, false) => Safe::fixed("no warning or error before this line"),
        },
        Aim::Since { .. } => Safe::fixed("no warning or error from there on is shown"),
        Aim::Match { forward: true, .. } => Safe::fixed("no further match"),
        Aim::Match { forward: false, .. } => Safe::fixed("no match before this one"),
        Aim::Line(_) | Aim::Nearest(_) | Aim::Moment(_) => return None,
    })
}
