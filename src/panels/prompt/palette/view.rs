//! How the palette looks: the line, what it expects, and what it may become.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::super::super::Context;
use super::super::draw_edit;
use super::super::fuzzy::Hit;
use super::{Candidate, Palette};
use crate::commands::{Scope, Typing, typing_for};
use crate::widgets::Safe;
use crate::widgets::frame::{self, Frame};
use crate::widgets::paint::{Span, clear, put_spans, restyle, width};
use crate::widgets::text::safe;
use crate::widgets::theme::{Role, Theme};

/// So many candidates are shown at once.
const MOST: u16 = 12;
const WIDEST: u16 = 90;
/// Cells of a name, and of the keys or arguments behind it.
const NAME: usize = 18;
const KEY: usize = 12;

impl Palette {
    /// Draws the palette over the whole screen's `area`; returns where the cursor is.
    pub fn draw(&self, context: &Context<'_>, area: Rect, buf: &mut Buffer) -> Position {
        let theme = context.theme;
        let hits = self.hits();
        let typing = typing_for(self.text());
        // A typed command has a line for what it expects, and one for what is wrong.
        let told = if typing.is_some() { 2 } else { 0 };
        let outside = bounds(area, hits.len() as u16, told);
        // A blank at both sides: the words behind it end visibly.
        let around = Rect {
            x: outside.x.saturating_sub(1),
            width: outside.width.saturating_add(2),
            ..outside
        };
        clear(buf, around.intersection(area));
        let inside = frame::draw(&self.frame(theme), theme, outside, buf);
        if inside.is_empty() {
            return Position::new(area.x, area.y);
        }
        let inside = Rect {
            x: inside.x + u16::from(inside.width > 10),
            width: inside.width - 2 * u16::from(inside.width > 10),
            ..inside
        };
        let told = told.min(inside.height - 1);
        if let Some((typing, rest)) = typing {
            let lines = [usage(theme, typing), vec![self.wrong(theme, typing, rest)]];
            let rows = (inside.y + 1..=inside.y + told).zip(lines);
            for (y, line) in rows {
                put_elided(buf, Rect { y, ..inside }, line);
            }
        }
        let list = Rect {
            y: inside.y + 1 + told,
            height: inside.height - 1 - told,
            ..inside
        };
        if hits.is_empty() && typing.is_none() && list.height > 0 {
            let words = Span::new("there is no such command", theme.style(Role::Quiet));
            put_spans(buf, list.x, list.y, list.width, &[words]);
        }
        let chosen = typing.is_none_or(|(typing, rest)| self.is_chosen(typing, rest));
        self.draw_hits(theme, &hits, chosen, list, buf);
        draw_edit(theme, ':', &self.edit, None, inside, buf)
    }

    fn draw_hits(
        &self,
        theme: &Theme,
        hits: &[(Candidate, Hit)],
        chosen: bool,
        list: Rect,
        buf: &mut Buffer,
    ) {
        let rows = usize::from(list.height);
        let top = (self.chosen + 1).saturating_sub(rows);
        for (at, (candidate, hit)) in hits.iter().enumerate().skip(top).take(rows) {
            let row = Rect {
                y: list.y + (at - top) as u16,
                height: 1,
                ..list
            };
            put_elided(buf, row, spans(theme, candidate, hit));
            if at == self.chosen && chosen {
                restyle(buf, row, theme.style(Role::Cursor));
            }
        }
    }

    fn frame(&self, theme: &Theme) -> Frame {
        let (key, quiet) = (theme.style(Role::Strong), theme.style(Role::Quiet));
        let mut bottom = Vec::new();
        if self.text().is_empty() && !self.past.is_empty() {
            bottom.extend([Span::new("↑", key), Span::new(" again  ", quiet)]);
        }
        bottom.extend([
            Span::new("Tab", key),
            Span::new(" complete  ", quiet),
            Span::new("Enter", key),
            Span::new(" do it", quiet),
        ]);
        Frame {
            title: vec![Span::new("Command", theme.style(Role::Strong))],
            bottom,
            focused: true,
            ..Frame::default()
        }
    }

    /// What is wrong with what follows the name, as far as that can be known yet.
    fn wrong(&self, theme: &Theme, typing: &Typing, rest: &str) -> Span {
        let error = (typing.parse)(rest).err();
        let error = error.filter(|_| self.refused || !rest.is_empty() && self.hits().is_empty());
        let words = match error {
            Some(_) if rest.is_empty() => safe!("{} needs to know more", typing.name),
            Some(error) => Safe::new(&error),
            None => Safe::default(),
        };
        let role = if self.refused {
            Role::Bad
        } else {
            Role::Warning
        };
        Span::new(words, theme.style(role))
    }
}

fn bounds(area: Rect, hits: u16, told: u16) -> Rect {
    // There is always a line to say that nothing was found.
    let rows = hits.clamp(u16::from(told == 0), MOST) + told;
    let (width, height) = (area.width.min(WIDEST), area.height.min(rows + 3));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 4,
        width,
        height,
    }
}

/// Draws a line; of its last piece as much as there is room for.
fn put_elided(buf: &mut Buffer, row: Rect, mut line: Vec<Span>) {
    if let Some(mut last) = line.pop() {
        let room = usize::from(row.width).saturating_sub(width(&line));
        last.text = last.text.elide_end(room);
        line.push(last);
    }
    put_spans(buf, row.x, row.y, row.width, &line);
}

fn usage(theme: &Theme, typing: &Typing) -> Vec<Span> {
    let quiet = theme.style(Role::Quiet);
    vec![
        Span::new(typing.name, theme.style(Role::Strong)),
        Span::new(" ", quiet),
        Span::new(typing.usage, theme.style(Role::Text)),
        Span::new("  ", quiet),
        Span::new(typing.words, quiet),
    ]
}

fn spans(theme: &Theme, candidate: &Candidate, hit: &Hit) -> Vec<Span> {
    let quiet = theme.style(Role::Quiet);
    let strong = theme.style(Role::Strong);
    match candidate {
        Candidate::Binding(binding) => {
            let mut spans = named(theme, binding.name, &hit.places);
            pad(theme, &mut spans, NAME);
            let key = Safe::fixed(binding.keys.first().copied().unwrap_or_default());
            spans.push(Span::new(key.pad_end(KEY), strong));
            let where_to = match binding.scope {
                Scope::Anywhere => Safe::fixed(binding.words),
                Scope::Panel(panel) => safe!("{}: {}", panel.name(), binding.words),
            };
            spans.push(Span::new(where_to, quiet));
            spans
        }
        Candidate::Typing(typing) => {
            let mut spans = named(theme, typing.name, &hit.places);
            spans.push(Span::new(" ", quiet));
            spans.push(Span::new(typing.usage, theme.style(Role::Text)));
            pad(theme, &mut spans, NAME + KEY);
            let words = safe!("{}: {}", typing.panel.name(), typing.words);
            spans.push(Span::new(words, quiet));
            spans
        }
        Candidate::Word(_, _, words) => {
            let mut spans = named(theme, &candidate.text(), &hit.places);
            if !words.is_empty() {
                pad(theme, &mut spans, NAME + KEY);
                spans.push(Span::new(Safe::new(words), quiet));
            }
            spans
        }
    }
}

/// Blanks up to a column; at least one.
fn pad(theme: &Theme, spans: &mut Vec<Span>, cells: usize) {
    let blanks = cells.saturating_sub(width(spans)).max(1);
    let blanks = Safe::default().pad_end(blanks);
    spans.push(Span::new(blanks, theme.style(Role::Quiet)));
}

/// A name with the letters that were typed marked in it.
fn named(theme: &Theme, name: &str, places: &[usize]) -> Vec<Span> {
    let style = |marked| theme.style(if marked { Role::Match } else { Role::Text });
    let mut spans: Vec<(String, bool)> = Vec::new();
    for (at, c) in name.char_indices() {
        let marked = places.contains(&at);
        match spans.last_mut() {
            Some((text, same)) if *same == marked => text.push(c),
            _ => spans.push((c.to_string(), marked)),
        }
    }
    let span = |(text, marked): (String, bool)| Span::new(Safe::new(&text), style(marked));
    spans.into_iter().map(span).collect()
}
