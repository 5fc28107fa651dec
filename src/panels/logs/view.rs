//! Drawing the panel: its frame with the counts of all levels, its lines, or why there are none.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::look::{title, whole_percent};
use super::super::{Context, Pane};
use super::line::{Look, message_role};
use super::rows::{Kind, Rows};
use super::{Logs, record};
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
        let look = self.look(context, pane);
        match rows {
            Some(rows) if rows.total > 0 && self.view.open.is_some() => {
                self.draw_record(&rows, &look, area, buf);
            }
            Some(rows) if rows.total > 0 => self.draw_lines(&rows, &look, pane, area, buf),
            _ => {
                let role = if self.error().is_some() {
                    Role::Bad
                } else {
                    Role::Quiet
                };
                let words = self.why_empty(context);
                let style = context.theme.style(role);
                for (y, line) in (area.top()..area.bottom()).zip(words.wrap(area.width.into())) {
                    put_spans(buf, area.x, y, area.width, &[Span::new(line, style)]);
                }
            }
        }
    }

    fn draw_lines(
        &self,
        rows: &Rows<'_>,
        look: &Look<'_>,
        pane: Pane,
        area: Rect,
        buf: &mut Buffer,
    ) {
        let height = |row| rows.read(row).map_or(1, |(_, record)| look.height(record));
        let window = &self.view.window;
        let mut failed = None;
        for (row, at) in window.visible(self.shown(rows), area.height.into(), &height) {
            let lines = if let Some((_, record)) = rows.read(row) {
                look.lines(record)
            } else {
                // An error is said once, however many lines there are for which it holds.
                let error = self.error_at(rows, row);
                let news = error != std::mem::replace(&mut failed, error);
                vec![look.unread(error.filter(|_| news))]
            };
            for (offset, line) in (at..).zip(lines) {
                let Some(y) = u16::try_from(offset).ok().filter(|y| *y < area.height) else {
                    continue;
                };
                let y = area.y + y;
                put_spans(buf, area.x, y, area.width, &line);
                if row == window.cursor && (pane.focused || !window.follow) {
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
            }
        }
    }

    fn draw_record(&self, rows: &Rows<'_>, look: &Look<'_>, area: Rect, buf: &mut Buffer) {
        let cursor = self.view.window.cursor;
        let lines = if let Some((line, record)) = rows.read(cursor) {
            record::lines(record, line, rows.lines, look)
        } else {
            vec![look.unread(self.error_at(rows, cursor))]
        };
        let scroll = self.view.open.unwrap_or_default().scroll;
        let most = lines.len().saturating_sub(area.height.into());
        for (y, line) in (area.top()..area.bottom()).zip(lines.iter().skip(scroll.min(most))) {
            put_spans(buf, area.x, y, area.width, line);
        }
    }

    fn frame(&self, context: &Context<'_>, rows: Option<&Rows<'_>>, pane: Pane) -> Frame {
        let mut title = title(context.theme, PanelId::Logs, pane.focused);
        let mut right = Vec::new();
        let some = |rows: &&Rows<'_>| rows.lines > 0;
        if let (Some(rows), Some((_, overview))) = (rows.filter(some), context.current()) {
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
        let floor = format!("  ≥ {}", self.floor.name());
        let start = vec![Span::new(Safe::new(&floor), style(Role::Text))];
        let some = |is_shown: &dyn Fn(Level, u64) -> bool| {
            let mut spans = start.clone();
            for (level, count) in Level::ALL.into_iter().zip(overview.levels) {
                if is_shown(level, count) {
                    let role = count_role(level, count, self.floor);
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
            some(&|level, count| count > 0 && level >= self.floor),
            some(&|level, count| count > 0 && level >= Level::Warn),
            some(&|level, count| count > 0 && level >= Level::Error),
            start.clone(),
        ];
        let fits = |spans: &Vec<Span>| width(spans) <= room;
        candidates.into_iter().find(fits).unwrap_or_default()
    }

    /// Where one is: `follow`, `↓ 87 new`, `12/340`.
    fn right(&self, context: &Context<'_>, rows: &Rows<'_>) -> Vec<Span> {
        let style = |role| context.theme.style(role);
        let window = &self.view.window;
        let mut spans = Vec::new();
        if let Kind::Found(search) = rows.kind {
            let text = Safe::new(self.filter.text()).elide_end(16);
            spans.push(Span::new("/", style(Role::Accent)));
            spans.push(Span::new(text, style(Role::Quiet)));
            let more = if search.is_full() { "+" } else { "" };
            let row = if window.follow {
                rows.total
            } else {
                (window.cursor + 1).min(rows.total)
            };
            let count = format!("  {}/{}{more}", grouped(row), grouped(rows.total));
            spans.push(Span::new(Safe::new(&count), style(Role::Text)));
            if let Some(share) = search.progress(rows.lines) {
                let words = format!("  searched {}", whole_percent(share));
                spans.push(Span::new(Safe::new(&words), style(Role::Quiet)));
            }
            if search.error().is_some() {
                spans.push(Span::new("  search failed", style(Role::Bad)));
            } else if window.follow {
                spans.push(Span::new("  follow", style(Role::Quiet)));
            }
            return spans;
        }
        let new = self.view.new_rows(rows);
        if window.follow {
            spans.push(Span::new("follow", style(Role::Quiet)));
        } else if new > 0 {
            let words = format!("↓ {} new", grouped(new));
            spans.push(Span::new(Safe::new(&words), style(Role::Accent)));
        } else if rows.total > 0 {
            let row = (window.cursor + 1).min(rows.total);
            let words = format!("{} of {}", grouped(row), grouped(rows.total));
            spans.push(Span::new(Safe::new(&words), style(Role::Quiet)));
        }
        spans
    }

    /// Why the line of a row could not be read.
    pub(super) fn error_at(&self, rows: &Rows<'_>, row: u64) -> Option<&Safe> {
        let block = rows.place(row)?.block();
        self.cache.error(rows.run, block)
    }

    fn error(&self) -> Option<&Safe> {
        let search = self.view.search.as_ref();
        search.and_then(|search| search.error())
    }

    /// Why there is nothing to be seen, and what to do about it.
    fn why_empty(&self, context: &Context<'_>) -> Safe {
        if let Some(error) = self.error() {
            return error.clone();
        }
        let Some(run) = context.run else {
            return Safe::fixed(if context.scanned {
                "no run"
            } else {
                "looking for runs …"
            });
        };
        let Some(overview) = context
            .overview(run)
            .filter(|_| self.view.run == context.run)
        else {
            return Safe::fixed("reading …");
        };
        if overview.log_lines == 0 {
            return Safe::fixed(if overview.reading.caught_up {
                "no log lines: this run writes no log"
            } else {
                "reading …"
            });
        }
        match &self.view.search {
            Some(search) => match search.progress(overview.log_lines) {
                Some(share) => safe!("searching …  {}", whole_percent(share)),
                None => safe!("no line from {} up matches", self.floor.name()),
            },
            None => safe!("no line is {} or worse", self.floor.name()),
        }
    }
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

const fn count_role(level: Level, count: u64, floor: Level) -> Role {
    if count == 0 || (level as u8) < floor as u8 {
        return Role::Faint;
    }
    message_role(level)
}
