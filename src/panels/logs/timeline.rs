//! The timeline in the lower edge of the panel: where in the log its warnings and errors are, which
//! part of it is visible, and where the cursor is.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::look::start;
use super::super::{Context, Pane, Request};
use super::levels::Levels;
use super::line::level_role;
use super::moments::time_of;
use super::rows::Rows;
use super::{Aim, Logs};
use crate::insight::clock::is_date;
use crate::record::{Level, RunId};
use crate::store::{self, LogMarks};
use crate::widgets::Safe;
use crate::widgets::paint::{Span, put_char, put_spans, restyle};
use crate::widgets::theme::{Role, Theme};

/// A panel that is narrower or lower has no timeline.
const CELLS: u16 = 30;
const ROWS: u16 = 5;
/// From so many cells on it says when it begins and ends.
const LABELLED_FROM: u16 = 60;

/// What the timeline shows. It stands still as long as the lines do that are shown.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    of: Option<(RunId, u64)>,
    marks: LogMarks,
    /// When the first and the last line were written; otherwise lines are counted.
    span: Option<(f64, f64)>,
}

/// Where it is drawn.
struct Track {
    cells: Rect,
    labels: Option<[Safe; 2]>,
}

impl Timeline {
    /// Looks anew when the log has more lines.
    pub(super) fn update(&mut self, run: RunId, log: &store::Logs, lines: u64) {
        if self.of == Some((run, lines)) {
            return;
        }
        self.of = Some((run, lines));
        self.marks.clone_from(log.marks());
        self.span = log.span();
    }

    /// The first and the last place.
    fn ends(&self) -> Option<(f64, f64)> {
        let (_, lines) = self.of?;
        self.span
            .or_else(|| (lines > 1).then_some((0.0, lines as f64 - 1.0)))
    }

    fn track(&self, context: &Context<'_>, pane: Pane) -> Option<Track> {
        let area = pane.area;
        let (first, last) = self.ends()?;
        if area.width < CELLS || area.height < ROWS {
            return None;
        }
        let mut cells = Rect::new(area.x + 2, area.bottom() - 1, area.width - 4, 1);
        let mut labels = None;
        if self.span.is_some() && is_date(first) && is_date(last) && area.width >= LABELLED_FROM {
            let mut words = [first, last].map(|time| start(context, time));
            if words[0] == words[1] {
                words = [first, last].map(|time| context.zone.time_of_day(time));
            }
            let words = words.map(|words| Safe::new(&words));
            let [left, right] = [0, 1].map(|at: usize| words[at].width() as u16 + 3);
            if left + right < cells.width / 2 {
                (cells.x, cells.width) = (cells.x + left, cells.width - left - right);
                labels = Some(words);
            }
        }
        Some(Track { cells, labels })
    }

    /// The cell of a place, of so many.
    fn cell(&self, at: f64, cells: u16) -> Option<u16> {
        let (first, last) = self.ends()?;
        let share = ((at - first) / (last - first)).clamp(0.0, 1.0);
        let most = cells.saturating_sub(1);
        Some(((share * f64::from(cells)) as u16).min(most))
    }

    /// The cell of a place with the accuracy of the marks: that of a line is where its mark is.
    fn cell_of_mark(&self, at: f64, cells: u16) -> Option<u16> {
        self.cell(self.marks.start_of(self.marks.bin(at)), cells)
    }

    /// Each cell that has lines of some levels: the worst of them, and where the first of them is.
    fn marks(&self, levels: Levels, cells: u16) -> Vec<(u16, Level, f64)> {
        let mut marks: Vec<(u16, Level, f64)> = Vec::new();
        for (bin, bits) in self.marks.marked() {
            let here = |level: &Level| levels.shows(*level) && bits & LogMarks::bit(*level) != 0;
            let at = self.marks.start_of(bin);
            let worst = Level::ALL.into_iter().rev().find(here);
            let (Some(worst), Some(cell)) = (worst, self.cell(at, cells)) else {
                continue;
            };
            match marks.last_mut() {
                Some((last, level, _)) if *last == cell => *level = worst.max(*level),
                _ => marks.push((cell, worst, at)),
            }
        }
        marks
    }

    /// The way to the first line of some levels at a place or behind it.
    fn aim(&self, at: f64, levels: Levels) -> Aim {
        match self.span {
            Some(_) => Aim::Since { moment: at, levels },
            None => Aim::Level {
                from: at as u64,
                forward: true,
                levels,
            },
        }
    }
}

const fn mark(level: Level) -> char {
    match level {
        Level::Debug | Level::Info | Level::Warn => '•',
        Level::Error => '●',
        Level::Fatal => '✗',
    }
}

impl Logs {
    /// Where a line is in the timeline.
    fn place(&self, rows: &Rows<'_>, log: &store::Logs, line: u64) -> Option<f64> {
        if self.timeline.span.is_none() {
            return Some(line as f64);
        }
        let block = |line: u64| log.block((line / store::Logs::BLOCK) as usize);
        let of_block = || block(line).map(|block| block.time);
        let time = time_of(rows, line).or_else(of_block);
        time.filter(|time| time.is_finite())
    }

    /// Draws the timeline over the lower edge.
    pub(super) fn draw_timeline(
        &self,
        context: &Context<'_>,
        rows: &Rows<'_>,
        visible: &[u64],
        pane: Pane,
        buf: &mut Buffer,
    ) {
        let Some(track) = self.timeline.track(context, pane) else {
            return;
        };
        let theme = context.theme;
        let Rect { x, y, width, .. } = track.cells;
        if let Some([left, right]) = track.labels {
            let style = theme.style(Role::Faint);
            let label = |text: Safe| {
                Span::new(
                    Safe::fixed(" ").then(&text).pad_end(text.width() + 2),
                    style,
                )
            };
            let (left, right) = (label(left), label(right));
            put_spans(buf, pane.area.x + 2, y, left.width() as u16, &[left]);
            let end = right.width() as u16;
            put_spans(buf, pane.area.right() - 2 - end, y, end, &[right]);
        }
        let log = context.current().map(|(run, _)| &run.logs);
        let cell = |line: u64| {
            let at = self.place(rows, log?, line)?;
            self.timeline.cell(at, width)
        };
        let seen = [visible.first(), visible.last()].map(|line| line.copied().and_then(cell));
        if let [Some(first), Some(last)] = seen {
            let line = window_line(theme, pane.focused);
            for at in first.min(last)..=last.max(first) {
                put_char(buf, x + at, y, line, theme.style(Role::Text));
            }
        }
        let marks = self.timeline.marks(self.levels, width);
        for (at, level, _) in &marks {
            put_char(
                buf,
                x + at,
                y,
                mark(*level),
                theme.style(level_role(*level)),
            );
        }
        let cursor = rows.line(self.view.window.cursor);
        let shows_cursor = pane.focused || !self.view.window.follow;
        let cursor = cursor
            .filter(|_| shows_cursor)
            .and_then(|line| self.cursor_cell(rows, log?, line, width));
        if let Some(at) = cursor {
            if marks.iter().all(|(cell, ..)| *cell != at) {
                put_char(buf, x + at, y, '╋', theme.style(Role::Accent));
            }
            restyle(buf, Rect::new(x + at, y, 1, 1), theme.style(Role::Cursor));
        }
    }

    fn cursor_cell(
        &self,
        rows: &Rows<'_>,
        log: &store::Logs,
        line: u64,
        width: u16,
    ) -> Option<u16> {
        let at = self.place(rows, log, line)?;
        self.timeline.cell_of_mark(at, width)
    }

    /// Goes to the next place of the timeline with warnings or errors, or to the one before.
    pub(super) fn along(
        &mut self,
        forward: bool,
        context: &Context<'_>,
        pane: Pane,
    ) -> Option<Request> {
        let none = Request::Say(Safe::fixed(if forward {
            "no warning or error behind this place"
        } else {
            "no warning or error before this place"
        }));
        let Some(levels) = self.levels.at_least(Level::Warn) else {
            return Some(none);
        };
        let line = self.cursor_line(context)?;
        let width = self
            .timeline
            .track(context, pane)
            .map_or(pane.area.width, |t| t.cells.width);
        let rows = self.rows(context)?;
        let (run, _) = context.current()?;
        let here = self.cursor_cell(&rows, &run.logs, line, width);
        let marks = self.timeline.marks(levels, width);
        let mut marks = marks.into_iter();
        let found = if forward {
            marks.find(|(cell, ..)| here.is_none_or(|here| *cell > here))
        } else {
            marks.rfind(|(cell, ..)| here.is_none_or(|here| *cell < here))
        };
        let Some((_, _, at)) = found else {
            return Some(none);
        };
        let aim = self.timeline.aim(at, levels);
        self.aim(aim, context);
        None
    }

    /// What a click on the timeline goes to: the first warning or error of the place, or a line of
    /// that time.
    pub(super) fn clicked_timeline(
        &self,
        at: Position,
        context: &Context<'_>,
        pane: Pane,
    ) -> Option<Aim> {
        let track = self.timeline.track(context, pane)?;
        let cell = at.x.checked_sub(track.cells.x)?;
        if !track.cells.contains(at) {
            return None;
        }
        let near = |other: u16| other.abs_diff(cell);
        let levels = self.levels.at_least(Level::Warn);
        let marks = levels.map(|levels| (levels, self.timeline.marks(levels, track.cells.width)));
        // Nobody hits one cell of many exactly.
        let nearest = marks.and_then(|(levels, marks)| {
            let mark = marks.into_iter().min_by_key(|(other, ..)| near(*other))?;
            Some((levels, mark))
        });
        if let Some((levels, (_, _, place))) = nearest.filter(|(_, (other, ..))| near(*other) <= 1)
        {
            return Some(self.timeline.aim(place, levels));
        }
        let (first, last) = self.timeline.ends()?;
        let share = f64::from(cell) / f64::from(track.cells.width.saturating_sub(1).max(1));
        let place = first + share * (last - first);
        Some(match self.timeline.span {
            Some(_) => Aim::Moment(place),
            None => Aim::Line(place as u64),
        })
    }
}

/// What the visible part is drawn with: the edge of a panel is heavy where colours cannot tell that
/// it has the focus.
fn window_line(theme: &Theme, focused: bool) -> char {
    if theme.is_mono() && focused {
        '═'
    } else {
        '━'
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_a_cell() {
        let mut timeline = Timeline {
            of: Some((RunId(0), 11)),
            ..Timeline::default()
        };
        let cells = [-5.0, 0.0, 4.9, 5.1, 10.0, 99.0].map(|at| timeline.cell(at, 10));
        assert_eq!(cells, [0, 0, 4, 5, 9, 9].map(Some));
        assert_eq!(timeline.cell(3.0, 0), Some(0));
        timeline.of = Some((RunId(0), 1));
        assert_eq!(timeline.cell(0.0, 10), None, "one line has no extent");
        timeline.span = Some((100.0, 200.0));
        assert_eq!(timeline.cell(150.0, 80), Some(40));
    }
}
