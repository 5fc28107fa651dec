//! The newest lines of a log while it is being indexed: they are seen at once, before it is known
//! which lines they are and how many there are of each level.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;

use super::super::look::{reading, whole_percent};
use super::super::{Context, Pane, Request};
use super::view::{mark_line, text_area};
use super::window::Window;
use super::{Aim, Logs};
use crate::commands::{Command, Motion};
use crate::record::{LogRecord, RunId};
use crate::store;
use crate::widgets::Safe;
use crate::widgets::paint::{Span, put_spans};
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// Ends of so many logs are kept.
const MOST: usize = 8;

/// The ends of logs that are being indexed.
#[derive(Debug, Default)]
pub(super) struct Previews(BTreeMap<RunId, Preview>);

/// The end of a log.
#[derive(Debug)]
struct Preview {
    /// Ascending, each with the place where it starts.
    lines: Vec<(u64, LogRecord)>,
    /// Over those that are shown.
    window: Window,
}

impl Previews {
    /// Takes in the end of a log. One in which somebody scrolled stays.
    pub(super) fn put(&mut self, run: RunId, lines: Vec<(u64, LogRecord)>, shown: Option<RunId>) {
        if self.0.get(&run).is_some_and(|known| !known.window.follow) {
            return;
        }
        let window = Window::default();
        self.0.insert(run, Preview { lines, window });
        let idle = |other: &&RunId| **other != run && Some(**other) != shown;
        if self.0.len() > MOST
            && let Some(other) = self.0.keys().find(idle).copied()
        {
            self.forget(other);
        }
    }

    pub(super) fn forget(&mut self, run: RunId) {
        self.0.remove(&run);
    }
}

impl Preview {
    /// The number of its first line, once the index knows where one of its lines starts.
    fn first(&self, logs: &store::Logs) -> Option<u64> {
        let start = self.lines.first()?.0;
        let blocks = (0..logs.block_count()).rev();
        let blocks = blocks.map_while(|index| Some((index, logs.block(index)?.offset)));
        let mut blocks = blocks.take_while(|(_, offset)| *offset >= start);
        blocks.find_map(|(index, offset)| {
            let nth = self
                .lines
                .binary_search_by_key(&offset, |line| line.0)
                .ok()?;
            (index as u64 * store::Logs::BLOCK).checked_sub(nth as u64)
        })
    }
}

impl Logs {
    /// The lines to be shown of the end of a log that is being indexed, as long as somebody wants to
    /// see the end.
    pub(super) fn previewed(&self, context: &Context<'_>) -> Option<(Vec<&LogRecord>, Window)> {
        let view = &self.view;
        let at_end = view.window.follow && view.aim.is_none() && view.open.is_none();
        if !at_end || view.filter.is_some() || view.run != context.run {
            return None;
        }
        let (run, _) = context.current()?;
        let preview = self.previews.0.get(&run.id)?;
        let records = preview.lines.iter().map(|(_, record)| record);
        let shown = records.filter(|record| self.levels.shows(record.level));
        let shown: Vec<&LogRecord> = shown.collect();
        (!shown.is_empty()).then_some((shown, preview.window))
    }

    /// What a key means while lines are shown whose numbers are not known; nothing when that makes no
    /// difference.
    pub(super) fn take_in_preview(
        &mut self,
        command: Command,
        context: &Context<'_>,
        pane: Pane,
    ) -> Option<Vec<Request>> {
        let (shown, mut window) = self.previewed(context)?;
        match command {
            Command::Move(Motion::Top | Motion::Left | Motion::Right) => None,
            Command::Move(motion) => {
                let (total, lines) = (shown.len() as u64, usize::from(text_area(pane).height));
                let look = self.look(context, pane);
                let height = |row: u64| shown.get(row as usize).map_or(1, |r| look.height(r));
                window.settle(total, lines, &height);
                window.go(motion, total, lines);
                window.settle(total, lines, &height);
                let preview = context.run.and_then(|run| self.previews.0.get_mut(&run));
                preview?.window = window;
                Some(Vec::new())
            }
            Command::Enter if pane.zoomed => {
                let words = "the log is being indexed: its lines can be opened soon";
                Some(vec![Request::Say(Safe::fixed(words))])
            }
            _ => None,
        }
    }

    /// Lets go of the end of a log once the index holds it and the same lines were read from there.
    /// Who scrolled in it goes on at the same line.
    pub(super) fn settle_preview(&mut self, context: &Context<'_>, pane: Pane) {
        let Some((run, overview)) = context.current() else {
            return;
        };
        let Some(preview) = self.previews.0.get(&run.id) else {
            return;
        };
        let lines = overview.log_lines.min(run.logs.lines);
        let first = preview.first(&run.logs);
        let end = first.map(|first| first + preview.lines.len() as u64);
        if !overview.reading.caught_up && end.is_none_or(|end| lines < end) {
            return;
        }
        let left = self.previewed(context).filter(|(_, window)| !window.follow);
        if let Some((shown, window)) = left {
            let wanted = shown.get(window.cursor as usize).copied();
            let is_wanted = |(_, record): &(u64, LogRecord)| {
                wanted.is_some_and(|wanted| std::ptr::eq(wanted, record))
            };
            let nth = preview.lines.iter().position(is_wanted);
            let line = first.zip(nth).map(|(first, nth)| first + nth as u64);
            self.previews.forget(run.id);
            if let Some(line) = line {
                self.stop_following(context);
                self.view.aim = Some(Aim::Line(line));
                // It stays where it stands on the screen.
                let above = window.cursor.saturating_sub(window.top);
                self.view.window.cursor = self.view.window.top + above;
            }
        } else if !self.view.window.follow || self.is_end_read(context, pane) {
            self.previews.forget(run.id);
        }
    }

    /// Whether all rows at the end were read, so that they can be shown.
    fn is_end_read(&self, context: &Context<'_>, pane: Pane) -> bool {
        let Some(rows) = self.rows(context) else {
            return false;
        };
        let look = self.look(context, pane);
        let height = |row| rows.read(row).map_or(1, |(_, record)| look.height(record));
        let (end, lines) = (self.shown(&rows), usize::from(text_area(pane).height));
        let visible = self.view.window.visible(end, lines, &height);
        let mut visible = visible.into_iter().map(|(row, _)| row);
        end == rows.total
            && visible.all(|row| rows.read(row).is_some() || self.error_at(&rows, row).is_some())
    }

    /// Draws the last lines; false when there is no need.
    pub(super) fn draw_preview(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) -> bool {
        let Some((shown, mut window)) = self.previewed(context) else {
            return false;
        };
        let area = text_area(pane).intersection(buf.area);
        let look = self.look(context, pane);
        let height = |row: u64| shown.get(row as usize).map_or(1, |r| look.height(r));
        let (total, lines) = (shown.len() as u64, usize::from(area.height));
        window.settle(total, lines, &height);
        let visible = window.visible(total, lines, &height);
        // The last line is where it will be when there are others above it.
        let used: usize = visible.iter().map(|(row, _)| height(*row)).sum();
        let below = lines.saturating_sub(used.saturating_sub(window.skip));
        for (row, at) in visible {
            let Some(record) = shown.get(row as usize) else {
                continue;
            };
            for (offset, line) in (at..).zip(look.lines(record)) {
                let y = offset.checked_add_unsigned(below).map(u16::try_from);
                let Some(y) = y.and_then(Result::ok).filter(|y| *y < area.height) else {
                    continue;
                };
                put_spans(buf, area.x, area.y + y, area.width, &line);
                if row == window.cursor && (pane.focused || !window.follow) {
                    mark_line(&look, area.y + y, pane, buf);
                }
            }
        }
        true
    }

    /// How far the index is, instead of counts that are not known yet.
    pub(super) fn preview_title(&self, context: &Context<'_>) -> Option<(Vec<Span>, Vec<Span>)> {
        let (_, window) = self.previewed(context)?;
        let (_, overview) = context.current()?;
        let style = |role| context.theme.style(role);
        let levels = safe!("  ≥ {}   ", self.levels.words());
        let left = vec![
            Span::new(levels, style(Role::Text)),
            Span::new("counting …", style(Role::Quiet)),
        ];
        let share = reading(overview).map(whole_percent);
        let share = share.unwrap_or_else(|| "…".to_owned());
        let words = safe!("the end, {} indexed  ", share.trim());
        let follow = if window.follow { "follow" } else { "" };
        let right = vec![
            Span::new(words, style(Role::Accent)),
            Span::new(follow, style(Role::Quiet)),
        ];
        Some((left, right))
    }
}
