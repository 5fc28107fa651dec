//! What was said about files and how they are watched, for whoever missed it in the footer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Context;
use crate::commands::Motion;
use crate::widgets::Safe;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, clear, put, put_spans};
use crate::widgets::text::safe;
use crate::widgets::theme::Role;

/// So many are kept.
pub const MOST: usize = 200;

/// Something that was said, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Seconds since 1970.
    pub time: f64,
    pub words: Safe,
}

/// The state of the list of messages: the newest stand at its end, where it begins.
#[derive(Clone, Copy, Debug, Default)]
pub struct Messages {
    /// How many lines it was scrolled back.
    back: usize,
}

/// `14:05:19` and two blanks.
const TIME: u16 = 10;

impl Messages {
    pub fn go(&mut self, motion: Motion, context: &Context<'_>, screen: Rect) {
        let area = frame::inside(outside(screen));
        let page = usize::from(area.height).max(1);
        let last = lines(context, area.width).len().saturating_sub(page);
        self.back = match motion {
            Motion::Up | Motion::Left => self.back + 1,
            Motion::Down | Motion::Right => self.back.saturating_sub(1),
            Motion::HalfUp => self.back + page.div_ceil(2),
            Motion::HalfDown => self.back.saturating_sub(page.div_ceil(2)),
            Motion::PageUp => self.back + page,
            Motion::PageDown => self.back.saturating_sub(page),
            Motion::Top => last,
            Motion::Bottom => 0,
        }
        .min(last);
    }

    pub fn draw(self, context: &Context<'_>, screen: Rect, buf: &mut Buffer) {
        let theme = context.theme;
        let quiet = theme.style(Role::Quiet);
        let area = outside(screen);
        clear(buf, area);
        let frame = Frame {
            title: vec![Span::new("Messages", theme.style(Role::Strong))],
            right: vec![Span::new(
                Safe::new(&context.messages.len().to_string()),
                quiet,
            )],
            bottom: vec![
                Span::new("Esc", theme.style(Role::Strong)),
                Span::new(" close", quiet),
            ],
            focused: true,
        };
        let inside = frame::draw(&frame, theme, area, buf);
        if context.messages.is_empty() {
            put(
                buf,
                inside.x + 1,
                inside.y,
                inside.width.saturating_sub(1),
                &NOTHING,
                quiet,
            );
            return;
        }
        let lines = lines(context, inside.width);
        let end = lines.len() - self.back.min(lines.len());
        let from = end.saturating_sub(usize::from(inside.height));
        for (line, y) in lines[from..end].iter().zip(inside.top()..inside.bottom()) {
            put_spans(buf, inside.x, y, inside.width, line);
        }
    }
}

const NOTHING: Safe = Safe::fixed("nothing was said about files so far");

/// Most of the screen, or all of a small one.
fn outside(screen: Rect) -> Rect {
    if screen.width < 100 || screen.height < 20 {
        return screen;
    }
    Rect::new(
        screen.x + 8,
        screen.y + 4,
        screen.width - 16,
        screen.height - 8,
    )
}

/// The messages with their times, long ones wrapped.
fn lines(context: &Context<'_>, width: u16) -> Vec<Vec<Span>> {
    let room = usize::from(width.saturating_sub(TIME + 2)).max(1);
    let quiet = context.theme.style(Role::Quiet);
    let mut lines = Vec::new();
    for message in context.messages {
        for (at, words) in message.words.wrap(room).into_iter().enumerate() {
            let time = if at == 0 {
                context.zone.time_of_day(message.time)
            } else {
                String::new()
            };
            let time = safe!(" {time:8}  ");
            lines.push(vec![
                Span::new(time, quiet),
                Span::new(words, context.theme.style(Role::Text)),
            ]);
        }
    }
    lines
}
