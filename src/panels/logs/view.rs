//! Drawing the panel: its frame with the counts of all levels and the timeline, its lines, or why
//! there are none.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::look::{title, whole_percent};
use super::super::{Context, Pane};
use super::Logs;
use super::line::{Look, message_role};
use super::rows::Rows;
use super::search::Search;
use super::wanted::Wanted;
use crate::commands::PanelId;
use crate::insight::number::grouped;
use crate::insight::overview::Overview;
use crate::record::Level;
use crate::widgets::Safe;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, put_spans, restyle, width};
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// The lines within the frame, with a blank at both sides where there is room.
pub(super) fn text_area(pane: Pane) -> Rect {
    let inside = frame::inside(pane.area);
    let margin = u16::from(inside.width >= 20);
    Rect {
        x: inside.x.saturating_add(margin),
        width: inside.width - 2 * margin,
        ..inside
    }
}

impl Logs {
    pub(super) fn draw_all(&self, context: &Context<'_>, pane: Pane, buf: &mut Buffer) {
        let rows = self.rows(context);
        let frame = self.frame(context, rows.as_ref(), pane);
        frame::draw(&frame, context.theme, pane.area, buf);
        let area = text_area(pane).intersection(buf.area);
        if area.is_empty() {
            return;
        }
        if self.draw_preview(context, pane, buf) {
            return;
        }
        match rows {
            Some(rows) if rows.total > 0 && self.view.open.is_some() => {
                self.draw_record(context, &rows, pane, buf);
                self.draw_timeline(context, &rows, &[], pane, buf);
            }
            Some(rows) if rows.total > 0 => {
                let visible = self.draw_lines(context, &rows, pane, buf);
                self.draw_timeline(context, &rows, &visible, pane, buf);
            }
            _ => {
                let role = if self.error().is_some() {
                    Role::Bad
                } else {
                    Role::Quiet
                };
                let words = self.why_empty(context);
                let words = words.iter().flat_map(|line| line.wrap(area.width.into()));
                let style = context.theme.style(role);
                for (y, line) in (area.top()..area.bottom()).zip(words) {
                    put_spans(buf, area.x, y, area.width, &[Span::new(line, style)]);
                }
            }
        }
    }

    /// Draws the rows that are visible; returns the lines of the first and the last of them.
    fn draw_lines(
        &self,
        context: &Context<'_>,
        rows: &Rows<'_>,
        pane: Pane,
        buf: &mut Buffer,
    ) -> Vec<u64> {
        let area = text_area(pane).intersection(buf.area);
        let look = self.look(context, pane);
        let height = |row| rows.read(row).map_or(1, |(_, record)| look.height(record));
        let window = &self.view.window;
        let visible = window.visible(self.shown(rows), area.height.into(), &height);
        let mut failed = None;
        for (row, at) in &visible {
            let lines = if let Some((_, record)) = rows.read(*row) {
                look.lines(record)
            } else {
                // An error is said once, however many lines there are for which it holds.
                let error = self.error_at(rows, *row);
                let news = error != std::mem::replace(&mut failed, error);
                vec![look.unread(error.filter(|_| news))]
            };
            for (offset, line) in (*at..).zip(lines) {
                let Some(y) = u16::try_from(offset).ok().filter(|y| *y < area.height) else {
                    continue;
                };
                let y = area.y + y;
                put_spans(buf, area.x, y, area.width, &line);
                if *row == window.cursor && (pane.focused || !window.follow) {
                    mark_line(&look, y, pane, buf);
                }
            }
        }
        let ends = [visible.first(), visible.last()].into_iter().flatten();
        ends.filter_map(|(row, _)| rows.line(*row)).collect()
    }

    fn draw_record(&self, context: &Context<'_>, rows: &Rows<'_>, pane: Pane, buf: &mut Buffer) {
        let area = text_area(pane).intersection(buf.area);
        let look = self.look(context, pane);
        let Some(lines) = self.record_lines(context, pane) else {
            let words = look.unread(self.error_at(rows, self.view.window.cursor));
            put_spans(buf, area.x, area.y, area.width, &words);
            return;
        };
        let mut scroll = self
            .view
            .open
            .as_ref()
            .map_or_else(Default::default, |open| open.scroll);
        scroll.show(lines.len(), area.height.into());
        let visible = lines.iter().enumerate().skip(scroll.top);
        for (y, (at, line)) in (area.top()..area.bottom()).zip(visible) {
            put_spans(buf, area.x, y, area.width, &line.spans);
            if at == scroll.cursor {
                mark_line(&look, y, pane, buf);
            }
        }
    }

    fn frame(&self, context: &Context<'_>, rows: Option<&Rows<'_>>, pane: Pane) -> Frame {
        let mut title = title(context.theme, PanelId::Logs, pane.focused);
        let mut right = Vec::new();
        let some = |rows: &&Rows<'_>| rows.lines > 0;
        if let Some((left, end)) = self.preview_title(context) {
            title.extend(left);
            right = end;
        } else if let (Some(rows), Some((_, overview))) = (rows.filter(some), context.current()) {
            right = linked(context);
            right.extend(self.right(context, rows));
            let room = usize::from(pane.area.width).saturating_sub(9);
            let room = room.saturating_sub(width(&right)).max(room / 2);
            title.extend(self.counts(context, overview, room.saturating_sub(width(&title))));
        }
        Frame {
            title,
            right,
            bottom: Vec::new(),
            focused: pane.focused,
        }
    }

    /// `≥ info   D 41  I 213  W 4  E 1  F 0`, with fewer levels where there is less room.
    fn counts(&self, context: &Context<'_>, overview: &Overview, room: usize) -> Vec<Span> {
        let style = |role| context.theme.style(role);
        let shown = safe!("  ≥ {}", self.levels.words());
        let start = vec![Span::new(shown, style(Role::Text))];
        let some = |is_shown: &dyn Fn(Level, u64) -> bool| {
            let mut spans = start.clone();
            for (level, count) in Level::ALL.into_iter().zip(overview.levels) {
                if is_shown(level, count) {
                    let role = if count == 0 || !self.levels.shows(level) {
                        Role::Faint
                    } else {
                        message_role(level)
                    };
                    let letter = level.name()[..1].to_uppercase();
                    let text = format!("{letter} {}", grouped(count));
                    let gap = if spans.len() == 1 { "   " } else { "  " };
                    spans.push(Span::new(gap, style(Role::Text)));
                    spans.push(Span::new(Safe::new(&text), style(role)));
                }
            }
            spans
        };
        let candidates = [
            some(&|_, _| true),
            some(&|_, count| count > 0),
            some(&|level, count| count > 0 && self.levels.shows(level)),
            some(&|level, count| count > 0 && level >= Level::Warn),
            some(&|level, count| count > 0 && level >= Level::Error),
            start.clone(),
        ];
        let fits = |spans: &Vec<Span>| width(spans) <= room;
        candidates.into_iter().find(fits).unwrap_or_default()
    }

    /// Where one is, and what was found: `&epoch  /loss 3/41  ↓ 87 new`.
    fn right(&self, context: &Context<'_>, rows: &Rows<'_>) -> Vec<Span> {
        let style = |role| context.theme.style(role);
        let window = &self.view.window;
        let mut spans = Vec::new();
        if let Some(filter) = &self.view.filter {
            spans.extend(self.found(context, '&', &self.filter, filter, rows));
        }
        if let Some(search) = &self.view.search {
            spans.extend(self.found(context, '/', &self.search, search, rows));
        }
        let new = self.view.new_rows(rows);
        if self.view.filter.as_ref().is_some_and(Search::is_full) {
            // What comes behind is hidden, and the last row is not the end.
            let words = format!("the first {} only", grouped(rows.total));
            spans.push(Span::new(Safe::new(&words), style(Role::Warning)));
        } else if window.follow {
            spans.push(Span::new("follow", style(Role::Quiet)));
        } else if new > 0 {
            let words = format!("↓ {} new", grouped(new));
            spans.push(Span::new(Safe::new(&words), style(Role::Accent)));
        } else if rows.total > 0 {
            let row = (window.cursor + 1).min(rows.total);
            let words = format!("{} of {}", grouped(row), grouped(rows.total));
            spans.push(Span::new(Safe::new(&words), style(Role::Quiet)));
        } else {
            // The blanks behind what was found have nothing to part it from.
            spans.pop();
        }
        spans
    }

    /// `/loss 3/41  `, `&epoch 120  `, or how far that search is.
    fn found(
        &self,
        context: &Context<'_>,
        sign: char,
        wanted: &Wanted,
        found: &Search,
        rows: &Rows<'_>,
    ) -> Vec<Span> {
        let style = |role| context.theme.style(role);
        let more = if found.is_full() { "+" } else { "" };
        let count = grouped(found.count());
        let progress = found.progress(rows.lines);
        // Which of how many is known when all were found.
        let count = match sign {
            '/' if progress.is_none() => {
                safe!(" {}/{count}{more}", grouped(self.match_number(found)))
            }
            _ => safe!(" {count}{more}"),
        };
        let nothing = found.count() == 0 && progress.is_none();
        let role = if nothing { Role::Warning } else { Role::Text };
        let mut spans = vec![
            Span::new(safe!("{sign}"), style(Role::Accent)),
            Span::new(Safe::new(wanted.text()).elide_end(16), style(Role::Quiet)),
            Span::new(count, style(role)),
        ];
        if let Some(share) = progress {
            let words = safe!(" in {}", whole_percent(share).trim());
            spans.push(Span::new(words, style(Role::Quiet)));
        }
        if found.error().is_some() {
            spans.push(Span::new(" search failed", style(Role::Bad)));
        }
        spans.push(Span::new("  ", style(Role::Text)));
        spans
    }

    /// Why the line of a row could not be read.
    pub(super) fn error_at(&self, rows: &Rows<'_>, row: u64) -> Option<&Safe> {
        let block = rows.place(row)?.block();
        self.cache.error(rows.run, block)
    }
}

/// The line with the cursor.
pub(super) fn mark_line(look: &Look<'_>, y: u16, pane: Pane, buf: &mut Buffer) {
    let role = if pane.focused {
        Role::Cursor
    } else {
        Role::CursorElsewhere
    };
    let inside = frame::inside(pane.area);
    let whole = Rect {
        y,
        height: 1,
        ..inside
    };
    restyle(buf, whole, look.theme.style(role));
}

/// `linked`, while the charts and the log follow each other; why they cannot.
fn linked(context: &Context<'_>) -> Vec<Span> {
    let log = context.current().map(|(run, _)| &run.logs);
    let Some(log) = log.filter(|_| context.linked) else {
        return Vec::new();
    };
    let (words, role) = if log.first_time.is_some() {
        ("linked  ", Role::Accent)
    } else {
        ("linked: no times  ", Role::Warning)
    };
    vec![Span::new(words, context.theme.style(role))]
}
